/* Who is told becomes a notification on each of their devices, and deliveries by the other ways. */
#include "base/bytes.h"
#include "baton/v1/leads.pb-c.h"
#include "services/notifications/chain.h"
#include "services/notifications/preferences.h"
#include "services/notifications/words.h"

#define BY(CHANNEL) (1U << BATON__CHANNEL__CHANNEL_##CHANNEL)
#define PROGRAMS    (BY(MQTT) | BY(TEMPLATE) | BY(PUSH))

enum { HOUR_S = 3600, CLEARED_MAX = NOTIFICATIONS_MARKS_MAX * 39 + 2 }; /* ids in quotes, and a NUL */

#define CLASS(NAME) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##NAME
#define IS(NAME)    BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_##NAME

/* How much each class matters, and by which channels it goes besides the streams; whether it asks for an
   answer about its lead, and after how many seconds of working time without a look somebody else is asked. */
static const struct class
{
    Baton__NotificationImportance importance;
    unsigned by;
    int64_t push_s; /* so long a push service keeps it for a device that is away */
    bool asks;
    uint32_t unseen_s; /* 0: nobody else is */
} classes[] = {
    [CLASS(LEAD_ASSIGNED)] = {IS(HIGH), BY(MAIL) | PROGRAMS, 4 * HOUR_S, true, 1800},
    [CLASS(LEAD_REASSIGNED)] = {IS(HIGH), BY(MAIL) | PROGRAMS, 4 * HOUR_S, true, 1800},
    [CLASS(DEADLINE_NEAR)] = {IS(HIGH), BY(MAIL) | PROGRAMS, HOUR_S, true, 0},
    [CLASS(DEADLINE_PASSED)] = {IS(NORMAL), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(LEAD_CONVERTED)] = {IS(LOW), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(DIGEST)] = {IS(NORMAL), BY(MAIL), 24 * HOUR_S, false, 0},
    [CLASS(HEADS_UP)] = {IS(NORMAL), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(LEAD_ESCALATED)] = {IS(HIGH), BY(MAIL) | PROGRAMS, 4 * HOUR_S, true, 0},
    [CLASS(LEAD_MERGED)] = {IS(NORMAL), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(MENTION)] = {IS(NORMAL), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(TASK_DUE)] = {IS(NORMAL), PROGRAMS, HOUR_S, false, 0},
    [CLASS(OPPORTUNITY_NEWS)] = {IS(NORMAL), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(OPPORTUNITY_STALLED)] = {IS(NORMAL), BY(MAIL) | PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(DOCUMENT_DATE)] = {IS(NORMAL), BY(MAIL) | PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(DOCUMENT_TO_READ)] = {IS(NORMAL), BY(MAIL) | PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(DOCUMENT_OPENED)] = {IS(NORMAL), PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(COLLATERAL)] = {IS(NORMAL), BY(MAIL) | PROGRAMS, 24 * HOUR_S, false, 0},
    [CLASS(SYSTEM_ALERT)] = {IS(HIGH), BY(MAIL) | PROGRAMS, 24 * HOUR_S, false, 0},
};

/* What goes besides by these to people of a role: partners seldom have Baton open. */
static const struct addition {
    Baton__NotificationClass class;
    Baton__Role role;
    unsigned by;
} additions[] = {
    {CLASS(DEADLINE_PASSED), BATON__ROLE__ROLE_PARTNER, BY(MAIL)},
    {CLASS(LEAD_MERGED), BATON__ROLE__ROLE_PARTNER, BY(MAIL)},
    {CLASS(HEADS_UP), BATON__ROLE__ROLE_PARTNER, BY(MAIL)},
};

Baton__NotificationImportance notification_importance(Baton__NotificationClass class)
{
    return (size_t) class < sizeof classes / sizeof *classes ? classes[class].importance : 0;
}

unsigned notification_channels(Baton__NotificationClass class, Baton__Role role)
{
    unsigned by = classes[class].by;
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++)
        if (additions[i].class == class && additions[i].role == role)
            by |= additions[i].by;
    return by;
}

bool notification_is_way(Baton__Channel channel)
{
    return channel != BATON__CHANNEL__CHANNEL_UNSPECIFIED && channel != BATON__CHANNEL__CHANNEL_WEBHOOK;
}

const struct delivery_way *delivery_way_by(const struct delivery_ways *w, Baton__Channel channel)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->ways[i].channel == channel)
            return &w->ways[i];
    return NULL;
}

/* The channels of the class that are waited for longer than that, and least long of all. */
static unsigned next_channels(unsigned by, int64_t after_us, int64_t *delay_us)
{
    unsigned next = 0;
    for (Baton__Channel channel = 1; by >> channel; channel++) {
        int64_t delay = delivery_delay_us(channel);
        if (!(by & 1U << channel) || delay <= after_us || (next && delay > *delay_us))
            continue;
        next = next && delay == *delay_us ? next | 1U << channel : 1U << channel;
        *delay_us = delay;
    }
    return next;
}

struct chain chain_usual(Baton__NotificationClass class, unsigned by_all)
{
    const struct class *k = &classes[class];
    struct chain c = {0};
    int64_t after_us = -1;
    for (unsigned by; c.n + 1 < CHAIN_STEPS_MAX && (by = next_channels(by_all, after_us, &after_us)); c.n++)
        c.steps[c.n] = (struct chain_step){.after_us = after_us, .by = by};
    if (k->unseen_s)
        c.steps[c.n++] = (struct chain_step){
            .after_us = k->unseen_s * INT64_C(1000000), .in_working_hours = true, .unseen = true};
    return c;
}

static void add_devices(Baton__Notification *n, const struct notifications_devices *f, struct arena *a)
{
    n->deliveries = ARENA_ARRAY(a, Baton__Delivery *, f->n);
    for (size_t i = 0; i < f->n; i++) {
        Baton__Delivery *d = ARENA_NEW(a, Baton__Delivery);
        baton__delivery__init(d);
        d->device_id = f->devices[i]->id;
        n->deliveries[n->n_deliveries++] = d;
    }
}

static Baton__Letter *letter_to(const Baton__User *u, struct arena *a)
{
    Baton__Letter *l = ARENA_NEW(a, Baton__Letter);
    baton__letter__init(l);
    l->to_address = arena_strdup(a, u->email);
    l->to_name = arena_strdup(a, u->name);
    return l;
}

static void send_by(const struct delivery_way *w, const Baton__Notification *n, const Baton__User *u,
                    enum notifications_language language, struct stamp *s, struct outcome *out)
{
    bool is_mail = w->channel == BATON__CHANNEL__CHANNEL_MAIL;
    if (is_mail && !u->email)
        return;
    Baton__ChannelDelivery *d =
        delivery_arm(BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION, w->channel, w->lane_id, s, out);
    d->user_id = n->user_id;
    d->notification_id = n->id;
    d->lead_id = n->lead_id;
    d->contact_id = n->contact_id;
    d->device_id = w->device ? w->device->id : NULL;
    /* 4: a push that is late is none */
    if (w->channel == BATON__CHANNEL__CHANNEL_PUSH)
        d->expires_at = timestamp_of(s->arena, s->now_us + classes[n->class_].push_s * 1000000);
    /* 2: what it reminds of has its own end */
    if (n->response_due_at)
        d->expires_at = n->response_due_at;
    if (!is_mail)
        return;
    d->letter = letter_to(u, s->arena);
    d->letter->subject = n->title;
    d->letter->text = words_letter(language, n, s->arena);
}

/* What somebody's wishes make of a notification. */
struct manner {
    bool is_silent, is_listed; /* it does not ring; it is for the list alone */
    int64_t digest_us;         /* 0: it is told by itself */
};

static bool is_away(const Baton__User *u, int64_t now_us)
{
    for (size_t i = 0; u && i < u->n_absences; i++)
        if (timestamp_us(u->absences[i]->start_at) <= now_us && now_us < timestamp_us(u->absences[i]->end_at))
            return true;
    return false;
}

static struct manner manner_of(const struct told *t, Baton__NotificationImportance importance,
                               const struct recipient *r, int64_t now_us)
{
    const Baton__NotificationPreferences *p = r->preferences;
    struct manner m = {0};
    /* 4: what is critical heeds their choice of channels alone */
    if (importance == IS(CRITICAL))
        return m;
    /* 5: about what is muted, and, unless it matters, to who is away: for the list only */
    m.is_listed = preferences_mute(p, t->lead_id) || preferences_mute(p, t->account_id) ||
                  preferences_mute(p, t->contact_id) || preferences_mute(p, t->opportunity_id) ||
                  preferences_mute(p, t->document_id) || preferences_mute(p, t->collateral_item_id) ||
                  preferences_mute(p, t->collateral_order_id) ||
                  (importance <= IS(NORMAL) && is_away(r->ways.user, now_us));
    /* 6: what they want together waits for the digest */
    if (!m.is_listed && preferences_gather(p, t->class))
        m.digest_us = preferences_digest_us(p, r->voice.zone, now_us);
    m.is_silent = m.is_listed |= m.digest_us != 0;
    if (m.is_listed)
        return m;
    /* 7: it does not ring in quiet hours; what is sent waits for its hour by itself */
    m.is_silent = preferences_quiet_until(p, r->zone, now_us) > now_us;
    return m;
}

static Baton__Notification *notification_of(const struct told *t, const struct recipient *r, struct stamp *s)
{
    const struct notifications_voice *v = &r->voice;
    Baton__Notification *n = ARENA_NEW(s->arena, Baton__Notification);
    const struct word words[] = {
        {"who", t->who}, {"reason", t->reason}, {"due", words_time(v, t->response_due_at, s->arena)}};
    baton__notification__init(n);
    n->id = stamp_id(s);
    n->has_class_ = n->has_importance = true;
    n->class_ = t->class;
    n->importance = t->importance ? t->importance : classes[t->class].importance;
    n->created_at = timestamp_of(s->arena, s->now_us);
    n->user_id = t->user_id;
    n->title = t->title ? t->title : words_title(v->language, t->class, t->lead_name, t->company, s->arena);
    n->text = t->text ? t->text
                      : words_text(v->language, t->class, t->otherwise, words, sizeof words / sizeof *words,
                                   s->arena);
    n->lead_id = t->lead_id;
    n->note_id = t->note_id;
    n->activity_id = t->activity_id;
    n->opportunity_id = t->opportunity_id;
    n->account_id = (char *)(uintptr_t)t->account_id; /* as long as the others */
    n->document_id = t->document_id;
    n->collateral_item_id = t->collateral_item_id;
    n->collateral_order_id = t->collateral_order_id;
    n->contact_id = t->person_id;
    n->response_due_at = t->response_due_at;
    n->has_lead_decision = t->lead_decision != 0;
    n->lead_decision = t->lead_decision;
    n->open_lead_id = classes[t->class].asks ? t->lead_id : NULL;
    words_actions(v->language, n, s->arena);
    add_devices(n, &r->devices, s->arena);
    return n;
}

void delivery_clear(const char *device_id, const char *user_id, const char *push_origin, char *const *ids,
                    size_t n, struct stamp *s, struct outcome *out)
{
    Baton__ChannelDelivery *d = delivery_arm(BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED,
                                             BATON__CHANNEL__CHANNEL_PUSH, push_origin, s, out);
    struct buffer b;
    buffer_init(&b, CLEARED_MAX);
    buffer_text(&b, "[");
    for (size_t i = 0; i < n; i++)
        buffer_printf(&b, "%s\"%s\"", i ? "," : "", ids[i]);
    buffer_text(&b, "]");
    d->device_id = arena_strdup(s->arena, device_id);
    d->user_id = arena_strdup(s->arena, user_id);
    d->notification_id = n == 1 ? arena_strdup(s->arena, ids[0]) : NULL;
    d->body = arena_strdup(s->arena, buffer_cstr(&b));
    buffer_release(&b);
}

void notifications_send(const Baton__Notification *n, unsigned by, const struct recipient *r, struct stamp *s,
                        struct outcome *out)
{
    const struct delivery_ways *w = &r->ways;
    /* 1: by the ways named, to whoever works here */
    for (size_t i = 0; w->user && i < w->n; i++)
        if (by & 1U << w->ways[i].channel)
            send_by(&w->ways[i], n, w->user, r->voice.language, s, out);
}

void notifications_tell(const struct told *t, const struct recipient *r, struct stamp *s, struct outcome *out)
{
    Baton__NotificationCreated *e = ARENA_NEW(s->arena, Baton__NotificationCreated);
    baton__notification_created__init(e);
    Baton__Notification *n = e->notification = notification_of(t, r, s);
    const struct manner m = manner_of(t, n->importance, r, s->now_us);
    n->has_silent = n->silent = m.is_silent;
    e->has_digest_due_us = m.digest_us != 0;
    e->digest_due_us = m.digest_us;
    outcome_event(out, &e->base);
    /* 8: what waits for nothing goes at once; what is for the list alone is waited for by nobody */
    if (!m.is_listed)
        notifications_send(n, chain_begin(r, n, s->now_us), r, s, out);
}

bool notifications_decide_acknowledged(const void *facts, const struct command *c, struct stamp *s,
                                       struct outcome *out)
{
    const struct delivery_ways *w = facts;
    const Baton__LeadAcknowledged *e = (const Baton__LeadAcknowledged *)c->request;
    /* 3: the customer is written to as long as there is somebody who takes letters */
    const struct delivery_way *way = delivery_way_by(w, BATON__CHANNEL__CHANNEL_MAIL);
    if (!way || !e->to_email)
        return true;
    Baton__ChannelDelivery *d =
        delivery_arm(BATON__DELIVERY_KIND__DELIVERY_KIND_LETTER, way->channel, way->lane_id, s, out);
    Baton__Letter *l = d->letter = ARENA_NEW(s->arena, Baton__Letter);
    baton__letter__init(l);
    d->lead_id = e->lead_id;
    l->to_address = e->to_email;
    l->to_name = e->to_name;
    l->subject = e->subject;
    l->text = e->body;
    l->from_name = e->from_name;
    l->reply_to = e->reply_to;
    return true;
}
