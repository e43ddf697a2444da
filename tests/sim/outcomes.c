/* Outcomes: the counts in the rows are those of the outcomes that stand, as the log's events say, and of
   nothing else. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "leads/leads.h"
#include "leads/score.h"
#include "sim/sim.h"

enum { MEMORY = 64 << 20, COUNTS_MAX = 1 << 17 };

/* What stands: a count each, as it was counted, under the name of what it is the outcome of. */
struct standing {
    const char *name;
    uint32_t batch; /* of a history; 0: a lead's own */
    const Baton__ScoreCount *count;
};

struct outcomes {
    struct sim *sim;
    struct standing *all;
    size_t n;
};

static void stand(struct outcomes *o, const char *name, uint32_t batch, const Baton__ScoreCount *count)
{
    assert(o->n < COUNTS_MAX);
    if (count)
        o->all[o->n++] = (struct standing){name, batch, count};
}

static void fall(struct outcomes *o, const char *name, uint32_t batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < o->n; i++)
        if (o->all[i].batch != batch || strcmp(o->all[i].name, name) != 0)
            o->all[kept++] = o->all[i];
    o->n = kept;
}

static void event(struct outcomes *o, const Baton__Event *e)
{
    switch ((int)e->event_case) {
    case BATON__EVENT__EVENT_LEAD_CONVERTED:
        stand(o, e->lead_converted->lead_id, 0, e->lead_converted->counted);
        break;
    case BATON__EVENT__EVENT_LEAD_CLOSED:
        fall(o, e->lead_closed->lead_id, 0);
        stand(o, e->lead_closed->lead_id, 0, e->lead_closed->counted);
        break;
    case BATON__EVENT__EVENT_LEAD_REOPENED:
        fall(o, e->lead_reopened->lead_id, 0);
        break;
    case BATON__EVENT__EVENT_OUTCOMES_TAUGHT:
        for (size_t i = 0; i < e->outcomes_taught->n_counted; i++)
            stand(o, e->outcomes_taught->teaching, e->outcomes_taught->batch, e->outcomes_taught->counted[i]);
        break;
    case BATON__EVENT__EVENT_OUTCOMES_FORGOTTEN:
        fall(o, e->outcomes_forgotten->teaching, e->outcomes_forgotten->batch);
        break;
    }
}

/* How often a cell is counted by what stands. */
static uint32_t standing_in(const struct outcomes *o, uint32_t period, uint32_t key, bool converted)
{
    uint32_t n = 0;
    for (size_t i = 0; i < o->n; i++)
        for (size_t k = 0; o->all[i].count->period == period && k < o->all[i].count->n_cells; k++)
            n += o->all[i].count->cells[k] == key && (!converted || o->all[i].count->converted);
    return n;
}

static uint64_t row_look(const struct outcomes *o, const Baton__ScoreCells *row)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < row->n_slots; i++) {
        uint32_t key = row->field * SCORE_SLOTS + row->slots[i];
        if (row->outcomes[i] != standing_in(o, row->period, key, false) ||
            row->converted[i] != standing_in(o, row->period, key, true))
            sim_wrong(o->sim, "outcomes: field %u counts %u of %u converted, but its events say otherwise",
                      row->field, row->converted[i], row->outcomes[i]);
        sum += row->outcomes[i];
    }
    return sum;
}

static void rows_look(const struct outcomes *o, struct txn *t, struct arena *a)
{
    struct table_scan scan;
    const Baton__ScoreCells *row;
    uint64_t counted = 0, standing = 0;
    for (size_t i = 0; i < o->n; i++)
        standing += o->all[i].count->n_cells;
    assert(table_scan_open(&scan, t, LEADS_SCORE_CELLS, NULL, NULL, NULL, false));
    for (; (row = table_scan_next(&scan, a)); arena_reset(a))
        counted += row_look(o, row);
    table_scan_close(&scan);
    if (counted != standing)
        sim_wrong(o->sim, "outcomes: %zu counts stand, but the rows have %zu", (size_t)standing,
                  (size_t)counted);
}

void outcomes_settled(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[LEADS];
    struct outcomes o = {.sim = sim, .all = calloc(COUNTS_MAX, sizeof *o.all)};
    struct arena *a = arena_new(MEMORY);
    assert(o.all);
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++)
            event(&o, l->records[i]->events[k]);
    sim->looking = true;
    struct txn *t = store_begin(sim->processes[LEADS].store, false);
    assert(t);
    rows_look(&o, t, a);
    store_abort(t);
    sim->looking = false;
    arena_free(a);
    free(o.all);
}
