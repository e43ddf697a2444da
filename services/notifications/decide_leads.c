/* What a lead's events make known, and how it is said. */
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/followers.h"
#include "services/notifications/words.h"

#define CLASS(NAME) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##NAME

bool notifications_decide_assigned(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const Baton__LeadAssigned *e = (const Baton__LeadAssigned *)c->request;
    if (!e->owner_id)
        return true;
    /* 1: whoever has it now hears of it, on each device they have at this moment */
    /* 2: handed on is another class than new */
    notifications_tell(
        &(struct told){.class = e->previous_owner_id ? CLASS(LEAD_REASSIGNED) : CLASS(LEAD_ASSIGNED),
                       .user_id = e->owner_id,
                       .lead_name = e->lead_name,
                       .company = e->company,
                       .reason = e->reason,
                       .lead_id = e->lead_id,
                       .response_due_at = e->response_due_at,
                       .lead_decision = e->decision ? e->decision->number : 0},
        facts, s, out);
    return true;
}

bool notifications_decide_deadline_near(const void *facts, const struct command *c, struct stamp *s,
                                        struct outcome *out)
{
    const Baton__LeadDeadlineNear *e = (const Baton__LeadDeadlineNear *)c->request;
    if (!e->owner_id)
        return true;
    /* 1: whoever has it and has not answered is reminded once */
    notifications_tell(&(struct told){.class = CLASS(DEADLINE_NEAR),
                                      .user_id = e->owner_id,
                                      .lead_name = e->lead_name,
                                      .company = e->company,
                                      .lead_id = e->lead_id,
                                      .response_due_at = e->response_due_at},
                       facts, s, out);
    return true;
}

bool notifications_decide_escalated(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const Baton__LeadEscalated *e = (const Baton__LeadEscalated *)c->request;
    const struct recipients *f = facts;
    /* 1: each who is named hears of it once */
    for (size_t i = 0; i < f->n; i++)
        notifications_tell(&(struct told){.class = CLASS(LEAD_ESCALATED),
                                          .user_id = e->manager_ids[i],
                                          .lead_name = e->lead_name,
                                          .company = e->company,
                                          .who = e->owner_name,
                                          .lead_id = e->lead_id,
                                          .response_due_at = e->response_due_at},
                           &f->all[i], s, out);
    return true;
}

bool notifications_decide_deadline_passed(const void *facts, const struct command *c, struct stamp *s,
                                          struct outcome *out)
{
    const Baton__LeadDeadlinePassed *e = (const Baton__LeadDeadlinePassed *)c->request;
    if (!e->owner_id)
        return true;
    /* 1: whoever did not answer hears what became of it */
    notifications_tell(&(struct told){.class = CLASS(DEADLINE_PASSED),
                                      .user_id = e->owner_id,
                                      .lead_name = e->lead_name,
                                      .company = e->company,
                                      .who = e->next_owner_name,
                                      .otherwise = !e->next_owner_id,
                                      .lead_id = e->lead_id},
                       facts, s, out);
    return true;
}

bool notifications_decide_converted(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
    const struct recipients *f = facts;
    /* 1: each who is named hears of it once */
    for (size_t i = 0; i < f->n; i++)
        notifications_tell(&(struct told){.class = CLASS(LEAD_CONVERTED),
                                          .user_id = e->manager_ids[i],
                                          .lead_name = e->lead_name,
                                          .company = e->company,
                                          .who = e->owner_name,
                                          .lead_id = e->lead_id},
                           &f->all[i], s, out);
    return true;
}

bool notifications_decide_merged(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const Baton__LeadsMerged *e = (const Baton__LeadsMerged *)c->request;
    if (!e->owner_id)
        return true;
    /* 1: whoever holds the survivor hears that more came in with it */
    notifications_tell(&(struct told){.class = CLASS(LEAD_MERGED),
                                      .user_id = e->owner_id,
                                      .lead_name = e->lead_name,
                                      .company = e->company,
                                      .reason = e->reason,
                                      .lead_id = e->survivor_id},
                       facts, s, out);
    return true;
}

bool notifications_decide_skipped(const void *facts, const struct command *c, struct stamp *s,
                                  struct outcome *out)
{
    const Baton__RuleSkipped *e = (const Baton__RuleSkipped *)c->request;
    const struct recipients *f = facts;
    /* 1: each who is named hears of it once */
    for (size_t i = 0; i < f->n; i++)
        notifications_tell(&(struct told){.class = CLASS(SYSTEM_ALERT),
                                          .user_id = e->admin_ids[i],
                                          .lead_name = e->rule_name,
                                          .reason = e->text,
                                          .lead_id = e->lead_id},
                           &f->all[i], s, out);
    return true;
}

/* --- whoever follows a lead --- */

bool notifications_decide_followed(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const Baton__LeadFollowed *e = (const Baton__LeadFollowed *)c->request;
    /* 1: whoever may see it has followed it there; here it is known whom to tell */
    Baton__LeadFollowerChanged *changed = ARENA_NEW(s->arena, Baton__LeadFollowerChanged);
    baton__lead_follower_changed__init(changed);
    Baton__LeadFollower *f = changed->follower = ARENA_NEW(s->arena, Baton__LeadFollower);
    baton__lead_follower__init(f);
    f->lead_id = e->lead_id;
    f->user_id = e->user_id;
    f->lead_name = e->lead_name;
    f->company = e->company;
    changed->has_following = true;
    changed->following = e->following;
    outcome_event(out, &changed->base);
    return true;
}

static const struct {
    const ProtobufCMessageDescriptor *event;
    enum words_news news;
    const char *reason; /* the field that says why */
} news[] = {
    {&baton__lead_assigned__descriptor, NEWS_ASSIGNED, NULL},
    {&baton__lead_accepted__descriptor, NEWS_ACCEPTED, NULL},
    {&baton__lead_converted__descriptor, NEWS_CONVERTED, NULL},
    {&baton__lead_closed__descriptor, NEWS_CLOSED, "text"},
    {&baton__lead_reopened__descriptor, NEWS_REOPENED, NULL},
};

static void tell_follower(const struct follower *to, size_t which, const struct followers *f,
                          const ProtobufCMessage *event, struct stamp *s, struct outcome *out)
{
    const char *reason = news[which].reason ? schema_get_text(event, news[which].reason) : NULL;
    const struct word words[] = {{"who", f->owner_name}, {"reason", reason}};
    notifications_tell(
        &(struct told){.class = CLASS(HEADS_UP),
                       .user_id = to->row->user_id,
                       .lead_name = to->row->lead_name,
                       .company = to->row->company,
                       .text = words_news(to->recipient.voice.language, news[which].news, words, 2, s->arena),
                       .lead_id = to->row->lead_id},
        &to->recipient, s, out);
}

static bool is_told(const struct followers *f, const char *user_id)
{
    return (f->owner_id && strcmp(user_id, f->owner_id) == 0) ||
           (f->manager_id && strcmp(user_id, f->manager_id) == 0);
}

bool notifications_decide_news(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct followers *f = facts;
    size_t which = 0;
    while (news[which].event != c->request->descriptor)
        which++;
    for (size_t i = 0; i < f->n; i++) {
        const char *user_id = f->all[i].row->user_id;
        /* 2: whom the event tells otherwise is not told twice */
        if (is_told(f, user_id))
            continue;
        /* 3: everybody else who follows it hears of it, as long as they work here */
        if (f->all[i].recipient.ways.user)
            tell_follower(&f->all[i], which, f, c->request, s, out);
    }
    return true;
}
