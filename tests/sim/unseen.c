/* Who looks and who does not: a chain stops when it is settled, comes no sooner than it says and ends;
   whoever did not look loses the lead once; whoever acted is not asked any more. By the events of two logs
   alone. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

enum { LATE_US = 30 * 1000000, MOMENT_US = 5 * 1000000, RINGS_MAX = 20 };

/* A notification as its events tell. */
struct told {
    const Baton__Notification *row; /* as it was made */
    int64_t made_us, due_us;        /* due 0: the chain has ended */
    int64_t unseen_us;              /* 0: it does not count as that */
    uint64_t source_seq;            /* in the log of leads */
    bool seen, acknowledged;
    unsigned rings;
};

/* A lead as its events tell, as far as it matters here. */
struct lead {
    const char *id, *owner_id;
    uint32_t decision;
    uint64_t assigned_seq, acted_seq; /* in the log of leads; acted 0: nobody has since it was assigned */
    bool has_deadline, answered;
    bool untouched; /* nothing has been said of it since */
};

struct unseen {
    struct sim *sim;
    struct told *told;
    struct lead *leads;
    size_t n_told, n_leads;
};

static void *room_for_one_more(void *items, size_t n, size_t size)
{
    if (n & (n - 1) && n)
        return items;
    items = realloc(items, (n ? n * 2 : 1) * size);
    assert(items);
    return items;
}

static struct told *told_of(struct unseen *u, const char *id)
{
    for (size_t i = u->n_told; i-- > 0;)
        if (strcmp(u->told[i].row->id, id) == 0)
            return &u->told[i];
    sim_wrong(u->sim, "unseen: an event speaks of a notification that was never made");
}

static bool is_settled(const struct told *t)
{
    return t->seen && (!t->row->must_acknowledge || t->acknowledged);
}

/* --- notifications --- */

static void made(struct unseen *u, const Baton__Notification *n, const Baton__LogRecord *r)
{
    u->told = room_for_one_more(u->told, u->n_told, sizeof *u->told);
    u->told[u->n_told++] = (struct told){.row = n,
                                         .made_us = (int64_t)r->time_us,
                                         .due_us = n->chain_due_us,
                                         .source_seq = r->source ? r->source->seq : 0};
}

static void moved(struct unseen *u, const Baton__NotificationChainMoved *e, int64_t time_us)
{
    struct told *t = told_of(u, e->notification_id);
    if (is_settled(t))
        sim_wrong(u->sim, "unseen: the chain of %s goes on although it is settled", t->row->id);
    if (!t->due_us || time_us < t->due_us)
        sim_wrong(u->sim, "unseen: the chain of %s moved %s", t->row->id,
                  t->due_us ? "before its time" : "although it had ended");
    t->due_us = e->due_us;
    t->rings += e->rings != NULL;
    if (t->rings > RINGS_MAX)
        sim_wrong(u->sim, "unseen: %s rings for ever", t->row->id);
}

static void not_seen(struct unseen *u, const Baton__NotificationUnseen *e, int64_t time_us)
{
    struct told *t = told_of(u, e->notification_id);
    if (t->seen || t->unseen_us || time_us < t->made_us + UNSEEN_LEAST_S * INT64_C(1000000))
        sim_wrong(u->sim, "unseen: %s counts as not seen although it was, twice or too soon", t->row->id);
    t->unseen_us = time_us;
}

static void event(struct unseen *u, const Baton__Event *e, const Baton__LogRecord *r)
{
    switch ((int)e->event_case) {
    case BATON__EVENT__EVENT_NOTIFICATION_CREATED:
        made(u, e->notification_created->notification, r);
        break;
    case BATON__EVENT__EVENT_NOTIFICATIONS_SEEN:
        for (size_t i = 0; i < e->notifications_seen->n_notification_ids; i++)
            told_of(u, e->notifications_seen->notification_ids[i])->seen = true;
        break;
    case BATON__EVENT__EVENT_NOTIFICATIONS_ACKNOWLEDGED:
        for (size_t i = 0; i < e->notifications_acknowledged->n_notification_ids; i++)
            told_of(u, e->notifications_acknowledged->notification_ids[i])->acknowledged = true;
        break;
    case BATON__EVENT__EVENT_NOTIFICATION_CHAIN_MOVED:
        moved(u, e->notification_chain_moved, (int64_t)r->time_us);
        break;
    case BATON__EVENT__EVENT_NOTIFICATION_UNSEEN:
        not_seen(u, e->notification_unseen, (int64_t)r->time_us);
        break;
    }
}

/* --- leads --- */

static struct lead *lead_of(struct unseen *u, const char *id)
{
    for (size_t i = u->n_leads; i-- > 0;)
        if (strcmp(u->leads[i].id, id) == 0)
            return &u->leads[i];
    u->leads = room_for_one_more(u->leads, u->n_leads, sizeof *u->leads);
    u->leads[u->n_leads] = (struct lead){.id = id};
    return &u->leads[u->n_leads++];
}

static bool says_unseen(const struct ledger *l, uint64_t seq, const Baton__LeadAssigned *a)
{
    const Baton__LogRecord *r = seq && seq <= l->n ? l->records[seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const Baton__NotificationUnseen *e =
            r->events[i]->event_case == BATON__EVENT__EVENT_NOTIFICATION_UNSEEN
                ? r->events[i]->notification_unseen
                : NULL;
        if (e && strcmp(e->lead_id, a->lead_id) == 0 && e->lead_decision + 1 == a->decision->number &&
            strcmp(e->user_id, a->previous_owner_id) == 0)
            return true;
    }
    return false;
}

static void assigned(struct unseen *u, const Baton__LeadAssigned *e, const Baton__LogRecord *r)
{
    struct lead *l = lead_of(u, e->lead_id);
    const struct ledger *n = &u->sim->ledgers[NOTIFICATIONS];
    /* Behind where notifications were ever restored to, the log may have another record there. */
    if (e->decision->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_UNSEEN &&
        (!l->has_deadline || l->answered || !r->source ||
         (r->source->seq <= n->n && r->source->seq <= n->kept && !says_unseen(n, r->source->seq, e))))
        sim_wrong(u->sim, "unseen: lead %s was taken from somebody who was not waited for", l->id);
    *l = (struct lead){.id = l->id,
                       .owner_id = e->owner_id,
                       .decision = e->decision->number,
                       .assigned_seq = r->seq,
                       .has_deadline = e->response_due_at != NULL,
                       .untouched = true};
}

/* What else is said of a lead, and whether whoever holds it has thereby looked. */
static void touched(struct unseen *u, const Baton__Event *e, uint64_t seq)
{
    static const struct {
        Baton__Event__EventCase event;
        bool acts, answers;
    } events[] = {
        {BATON__EVENT__EVENT_LEAD_ACCEPTED, true, true},
        {BATON__EVENT__EVENT_LEAD_CONVERTED, true, true},
        {BATON__EVENT__EVENT_LEAD_CLOSED, true, true},
        {BATON__EVENT__EVENT_LEAD_RECYCLED, true, true},
        {BATON__EVENT__EVENT_LEAD_DECLINED, true, false},
        {BATON__EVENT__EVENT_LEAD_PAUSED, true, false},
        {BATON__EVENT__EVENT_LEAD_UNMERGED, false, false},
        {BATON__EVENT__EVENT_LEAD_DEADLINE_PASSED, false, false},
    };
    const struct schema_field *member;
    ProtobufCMessage *payload = schema_oneof(&e->base, &member);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (e->event_case == events[i].event) {
            struct lead *l = lead_of(u, schema_get_text(payload, "lead_id"));
            l->untouched = false;
            l->answered |= events[i].answers;
            l->acted_seq = events[i].acts ? seq : l->acted_seq;
        }
    const Baton__LeadsMerged *m = e->event_case == BATON__EVENT__EVENT_LEADS_MERGED ? e->leads_merged : NULL;
    for (size_t i = 0; m && i < m->n_loser_ids; i++)
        lead_of(u, m->loser_ids[i])->untouched = false;
}

static void walk_leads(struct unseen *u)
{
    const struct ledger *l = &u->sim->ledgers[LEADS];
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            touched(u, e, i + 1);
            if (e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED)
                assigned(u, e->lead_assigned, l->records[i]);
        }
}

/* --- once all is quiet --- */

/* Of the decision by which its holder has the lead now; restored logs speak of others. */
static const struct lead *newest_of(struct unseen *u, const struct told *t)
{
    for (size_t i = 0; t->row->lead_decision && i < u->n_leads; i++)
        if (strcmp(u->leads[i].id, t->row->lead_id) == 0)
            return u->leads[i].assigned_seq == t->source_seq &&
                           u->leads[i].decision == t->row->lead_decision &&
                           strcmp(u->leads[i].owner_id, t->row->user_id) == 0
                       ? &u->leads[i]
                       : NULL;
    return NULL;
}

/* Whoever keeps a queue keeps what comes to it again. */
static bool has_nobody_behind(const struct unseen *u, const char *owner_id)
{
    const struct ledger *l = &u->sim->ledgers[LEADS];
    const struct schema_field *member;
    bool keeps = strcmp(owner_id, u->sim->admin_id) == 0;
    for (size_t i = 0; !keeps && i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            const ProtobufCMessage *row = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                              ? schema_oneof(&e->record_changed->record->base, &member)
                                              : NULL;
            if (row && row->descriptor == &baton__pool__descriptor && ((const Baton__Pool *)row)->keeper_id)
                keeps |= strcmp(((const Baton__Pool *)row)->keeper_id, owner_id) == 0;
        }
    return keeps;
}

/* Everybody has had time to hear of it. */
static bool is_known(const struct unseen *u, enum service_number number, int64_t time_us)
{
    struct world *w = host_world(u->sim->processes[number].host);
    return time_us && time_us < w->ops->wall_us(w) - MOMENT_US;
}

static int64_t time_of(const struct unseen *u, uint64_t seq)
{
    return seq ? (int64_t)u->sim->ledgers[LEADS].records[seq - 1]->time_us : 0;
}

static void settled(struct unseen *u, const struct told *t, int64_t now_us)
{
    const struct lead *l = newest_of(u, t);
    if (t->due_us && !is_settled(t) && t->due_us < now_us - LATE_US)
        sim_wrong(u->sim, "unseen: a step of the chain of %s was due and has not been taken", t->row->id);
    if (l && is_known(u, NOTIFICATIONS, t->unseen_us) && l->has_deadline && l->untouched &&
        !has_nobody_behind(u, l->owner_id))
        sim_wrong(u->sim, "unseen: lead %s stays with who did not look", l->id);
    if (l && is_known(u, LEADS, time_of(u, l->acted_seq)) && !is_settled(t))
        sim_wrong(u->sim, "unseen: somebody acted on lead %s and is still asked to look", l->id);
}

void unseen_settled(struct sim *sim)
{
    struct unseen u = {.sim = sim};
    const struct ledger *n = &sim->ledgers[NOTIFICATIONS];
    struct world *w = host_world(n->process->host);
    for (size_t i = 0; i < n->n; i++)
        for (size_t k = 0; k < n->records[i]->n_events; k++)
            event(&u, n->records[i]->events[k], n->records[i]);
    walk_leads(&u);
    for (size_t i = 0; i < u.n_told; i++)
        settled(&u, &u.told[i], w->ops->wall_us(w));
    free(u.told);
    free(u.leads);
}
