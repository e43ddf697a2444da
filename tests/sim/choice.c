/* Who is chosen, and which lead is taken, held against the rows that the log alone makes: not who is full
   already, by rank where the rule says so, from a queue in its order. */
#include <string.h>

#include "leads/leads.h"
#include "sim/sim.h"

enum { SCRATCH = 64 << 20 };

struct choice {
    const struct ledger *l;
    const Baton__LeadAssigned *e;
    struct arena *a;
};

static void *row(const struct choice *c, unsigned table, const char *id)
{
    return table_get_id(c->l->made, table, id, c->a);
}

static void wrong(const struct choice *c, const char *what)
{
    sim_wrong(c->l->process->sim, "choice: lead %s went to %s: %s", c->e->lead_id, c->e->owner_id, what);
}

/* --- who is full gets nothing by a rule --- */

static void has_room(const struct choice *c)
{
    const Baton__User *u = row(c, LEADS_USER, c->e->owner_id);
    const Baton__Holding *h = row(c, LEADS_HOLDING, c->e->owner_id);
    if (u->capacity && h->open > u->capacity)
        wrong(c, "they hold more open leads than they may");
    if (u->max_per_day && h->counted_day == c->e->decision->owner_day &&
        h->received_that_day > u->max_per_day)
        wrong(c, "they have received more leads this day than they may");
}

/* --- the rank that comes first --- */

static const Baton__Rule *rule_of(const struct choice *c)
{
    struct key key;
    const Baton__Decision *d = c->e->decision;
    key_init(&key);
    key_u64(&key, d->policy_version);
    const Baton__Policy *p = table_get(c->l->made, LEADS_POLICY, &key, c->a);
    return p->rules[d->failed_conditions.len];
}

/* Whether a filter spoke against the member; bit n of a bitmap stands for member n. */
static bool is_out(const Baton__PoolTrial *t, size_t member)
{
    for (size_t i = 0; i < t->n_reasons; i++) {
        const Baton__ReasonBitmap *b = t->reasons[i];
        bool waived = t->hours_waived && b->reason == BATON__REASON__REASON_OUTSIDE_HOURS;
        if (!waived && b->reason != BATON__REASON__REASON_MORE_LOADED && member / 8 < b->members.len &&
            (b->members.data[member / 8] >> member % 8 & 1))
            return true;
    }
    return false;
}

static uint64_t holds(const struct choice *c, const char *user_id)
{
    const Baton__Holding *h = row(c, LEADS_HOLDING, user_id);
    return h ? h->open : 0;
}

/* By now the owner holds one more. */
static void is_least_loaded(const struct choice *c)
{
    const Baton__Decision *d = c->e->decision;
    const Baton__PoolTrial *t = d->trials[d->n_trials - 1];
    struct key key;
    key_init(&key);
    key_text(&key, t->pool_id);
    key_u64(&key, t->pool_revision);
    const Baton__PoolVersion *v = table_get(c->l->made, LEADS_POOL_VERSION, &key, c->a);
    for (size_t i = 0; i < v->n_members; i++)
        if (!is_out(t, i) && holds(c, v->members[i]->user_id) + 1 < holds(c, c->e->owner_id))
            wrong(c, "somebody else holds fewer open leads");
}

/* --- a queue's order --- */

static bool had_it(const Baton__Lead *l, const char *user_id)
{
    for (size_t i = 0; i < l->n_previous_owner_ids; i++)
        if (strcmp(l->previous_owner_ids[i], user_id) == 0)
            return true;
    return false;
}

static uint32_t rank_of(const Baton__Lead *l, bool by_score)
{
    return !by_score ? 0 : l->has_score ? 1000 - l->score : 1001;
}

/* Of what still waits there nothing came before it that the taker could have had. */
static void is_next(const struct choice *c)
{
    struct table_scan scan;
    const Baton__Lead *l, *taken = row(c, LEADS_LEAD, c->e->lead_id);
    if (!table_scan_open(&scan, c->l->made, LEADS_LEAD, "queue_id", c->e->pool_id, NULL, false))
        return;
    while ((l = table_scan_next(&scan, c->a))) {
        uint32_t rank = rank_of(l, l->has_queue_rank), taken_rank = rank_of(taken, taken->has_queue_rank);
        bool before = rank < taken_rank || (rank == taken_rank && strcmp(l->id, taken->id) < 0);
        if (l->open && before && !had_it(l, c->e->owner_id))
            wrong(c, "another one waits that comes first");
    }
    table_scan_close(&scan);
}

static void look(const struct choice *c, bool alone)
{
    const Baton__Decision *d = c->e->decision;
    if (d->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_TAKEN)
        is_next(c);
    if (d->cause != BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE)
        return;
    has_room(c);
    const Baton__Rule *rule = rule_of(c);
    if (alone && rule->n_ranks && rule->ranks[0] == BATON__RANK__RANK_LEAST_LOADED)
        is_least_loaded(c);
}

void choice_record(const struct ledger *l, const Baton__LogRecord *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_events; i++)
        n += r->events[i]->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED;
    struct arena *a = n ? arena_new(SCRATCH) : NULL;
    for (size_t i = 0; n && i < r->n_events; i++) {
        struct choice c = {l, r->events[i]->lead_assigned, a};
        if (r->events[i]->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED && c.e->decision)
            look(&c, n == 1);
    }
    arena_free(a);
}
