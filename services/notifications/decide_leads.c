/* What a lead's events make known, and how it is said. */
#include <string.h>

#include "base/text.h"
#include "baton/v1/leads.pb-c.h"
#include "services/notifications/notifications.h"

enum { NAME_SHOWN_MAX = 120 };

/* The beginning of a notification's title. */
static const char *const titles[] = {
    [BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED] = "New lead",
    [BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_REASSIGNED] = "Lead handed on to you",
    [BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR] = "Answer soon",
};

static const char *shown(struct arena *a, const char *text)
{
    const char *trimmed = text_trim(a, text);
    if (!trimmed || strlen(trimmed) <= NAME_SHOWN_MAX)
        return trimmed;
    return arena_printf(a, "%.*s…", (int)text_clip(trimmed, NAME_SHOWN_MAX), trimmed);
}

/* "New lead: Anna Smith, Acme" */
static char *title_of(struct arena *a, Baton__NotificationClass class, const char *lead_name,
                      const char *company)
{
    const char *name = shown(a, lead_name), *firm = shown(a, company);
    if (name && firm && strcmp(name, firm) != 0)
        return arena_printf(a, "%s: %s, %s", titles[class], name, firm);
    if (name || firm)
        return arena_printf(a, "%s: %s", titles[class], name ? name : firm);
    return arena_strdup(a, titles[class]);
}

static void add_deliveries(Baton__Notification *n, const struct notifications_devices *f, struct arena *a)
{
    n->deliveries = ARENA_ARRAY(a, Baton__Delivery *, f->n);
    for (size_t i = 0; i < f->n; i++) {
        Baton__Delivery *d = ARENA_NEW(a, Baton__Delivery);
        baton__delivery__init(d);
        d->device_id = f->devices[i]->id;
        n->deliveries[n->n_deliveries++] = d;
    }
}

static Baton__Notification *notify(const struct notifications_devices *f, Baton__NotificationClass class,
                                   struct stamp *s, struct outcome *out)
{
    Baton__NotificationCreated *e = ARENA_NEW(s->arena, Baton__NotificationCreated);
    baton__notification_created__init(e);
    Baton__Notification *n = e->notification = ARENA_NEW(s->arena, Baton__Notification);
    baton__notification__init(n);
    n->id = stamp_id(s);
    n->has_class_ = true;
    n->class_ = class;
    n->created_at = timestamp_of(s->arena, s->now_us);
    add_deliveries(n, f, s->arena);
    outcome_event(out, &e->base);
    return n;
}

bool notifications_decide_assigned(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const Baton__LeadAssigned *e = (const Baton__LeadAssigned *)c->request;
    if (!e->owner_id)
        return true;
    /* 1: whoever has it now hears of it, on each device they have at this moment */
    /* 2: handed on is another class than new */
    Baton__NotificationClass class = e->previous_owner_id
                                         ? BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_REASSIGNED
                                         : BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED;
    Baton__Notification *n = notify(facts, class, s, out);
    n->user_id = e->owner_id;
    n->title = title_of(s->arena, class, e->lead_name, e->company);
    n->text = e->reason;
    n->lead_id = e->lead_id;
    n->response_due_at = e->response_due_at;
    return true;
}

bool notifications_decide_deadline_near(const void *facts, const struct command *c, struct stamp *s,
                                        struct outcome *out)
{
    const Baton__LeadDeadlineNear *e = (const Baton__LeadDeadlineNear *)c->request;
    if (!e->owner_id)
        return true;
    /* 1: whoever has it and has not answered is reminded once */
    Baton__NotificationClass class = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR;
    Baton__Notification *n = notify(facts, class, s, out);
    n->user_id = e->owner_id;
    n->title = title_of(s->arena, class, e->lead_name, e->company);
    n->text = "You have not accepted or declined it yet. At the deadline it goes to the next.";
    n->lead_id = e->lead_id;
    n->response_due_at = e->response_due_at;
    return true;
}
