/* Every decision by rules is that of the policy which was published or put in force last; drafts decide
   nothing; rules that are skipped are told of once, and counted. */
#include <assert.h>

#include "services/leads/leads.h"
#include "sim/sim.h"
#include "store/table.h"

enum { VERSIONS_MAX = 4096, RULES_MAX = 2, SKIPPED = 224, SCRATCH = 1 << 20 };

struct policies {
    struct sim *sim;
    uint64_t in_force; /* 0: none */
    bool published[VERSIONS_MAX];
    uint32_t told[VERSIONS_MAX][RULES_MAX]; /* bit n: RuleSkip n */
    uint64_t skips;                         /* rules that decisions went past */
};

static void published(struct policies *p, const Baton__Policy *policy)
{
    if (policy->version >= VERSIONS_MAX || p->published[policy->version])
        sim_wrong(p->sim, "policy: version %zu was published twice", (size_t)policy->version);
    if (policy->parent_version != p->in_force)
        sim_wrong(p->sim, "policy: version %zu says that it followed %zu, but it was %zu",
                  (size_t)policy->version, (size_t)policy->parent_version, (size_t)p->in_force);
    p->published[policy->version] = true;
    p->in_force = policy->version;
}

static void activated(struct policies *p, const Baton__PolicyActivated *e)
{
    if (e->version >= VERSIONS_MAX || !p->published[e->version] || e->version == p->in_force)
        sim_wrong(p->sim, "policy: rolled back to version %zu from %zu", (size_t)e->version,
                  (size_t)p->in_force);
    p->in_force = e->version;
}

static void drafted(struct policies *p, const Baton__Policy *policy)
{
    if (policy->version >= VERSIONS_MAX || p->published[policy->version])
        sim_wrong(p->sim, "policy: version %zu was replaced by a draft", (size_t)policy->version);
}

static void decided(struct policies *p, const Baton__Decision *d)
{
    if (d && d->has_policy_version && d->policy_version != p->in_force)
        sim_wrong(p->sim, "policy: version %zu decided where %zu was in force", (size_t)d->policy_version,
                  (size_t)p->in_force);
}

static void skipped(struct policies *p, const Baton__RuleSkipped *e)
{
    if (e->policy_version != p->in_force || e->rule_index >= RULES_MAX || !e->n_admin_ids)
        sim_wrong(p->sim, "skipped: rule %zu of version %zu was told of to nobody, or out of place",
                  (size_t)e->rule_index, (size_t)e->policy_version);
    uint32_t *told = &p->told[e->policy_version][e->rule_index];
    if (*told >> e->skip & 1)
        sim_wrong(p->sim, "skipped: rule %zu of version %zu was told of twice", (size_t)e->rule_index,
                  (size_t)e->policy_version);
    *told |= UINT32_C(1) << e->skip;
}

/* At the end of a record nothing that it skipped is left untold. */
static void nothing_untold(const struct policies *p, const Baton__Decision *d)
{
    for (size_t i = 0; d && i < d->failed_conditions.len; i++) {
        unsigned failed = d->failed_conditions.data[i];
        if (failed > SKIPPED && !(p->told[d->policy_version][i] >> (failed - SKIPPED) & 1))
            sim_wrong(p->sim, "skipped: nobody was told that rule %zu of version %zu is", i,
                      (size_t)d->policy_version);
    }
}

static void take(struct policies *p, const Baton__Event *e)
{
    if (e->event_case == BATON__EVENT__EVENT_POLICY_PUBLISHED)
        published(p, e->policy_published->policy);
    else if (e->event_case == BATON__EVENT__EVENT_POLICY_ACTIVATED)
        activated(p, e->policy_activated);
    else if (e->event_case == BATON__EVENT__EVENT_POLICY_DRAFTED)
        drafted(p, e->policy_drafted->policy);
    else if (e->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED)
        decided(p, e->lead_assigned->decision);
    else if (e->event_case == BATON__EVENT__EVENT_RULE_SKIPPED)
        skipped(p, e->rule_skipped);
}

/* As often as the log's decisions went past a rule, so often its row says. */
static void count(struct policies *p, const Baton__Decision *d)
{
    for (size_t i = 0; d && i < d->failed_conditions.len; i++)
        if (d->failed_conditions.data[i] > SKIPPED)
            p->skips++;
}

static void counts_hold(const struct policies *p, struct txn *rows)
{
    struct table_scan scan;
    const Baton__SkippedRule *row;
    struct arena *a = arena_new(SCRATCH);
    uint64_t counted = 0;
    assert(table_scan_open(&scan, rows, LEADS_SKIPPED_RULE, NULL, NULL, NULL, false));
    while ((row = table_scan_next(&scan, a)))
        counted += row->count;
    table_scan_close(&scan);
    arena_free(a);
    if (counted != p->skips)
        sim_wrong(p->sim, "skipped: rules were passed over %zu times, but the rows say %zu", (size_t)p->skips,
                  (size_t)counted);
}

static void record(struct policies *p, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        take(p, r->events[i]);
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED)
            nothing_untold(p, r->events[i]->lead_assigned->decision);
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_LEAD_ASSIGNED)
            count(p, r->events[i]->lead_assigned->decision);
}

void policies_whole(const struct ledger *l)
{
    struct policies p = {.sim = l->process->sim};
    for (size_t i = 0; i < l->n; i++)
        record(&p, l->records[i]);
    counts_hold(&p, l->made);
}
