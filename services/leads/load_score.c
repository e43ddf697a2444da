/* The counts behind the score, in memory: loaded from rows, kept in step by apply. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"
#include "services/leads/score.h"
#include "store/log.h"

enum { CELLS_LEAST = 256, PARTS = 256, ROW_SCRATCH = 1 << 20 };

struct score_model *score_model_new(void)
{
    struct score_model *m = calloc(1, sizeof *m);
    assert(m);
    m->stale = true;
    return m;
}

void score_model_free(struct score_model *m)
{
    free(m->cells);
    free(m);
}

void score_model_clear(struct score_model *m)
{
    free(m->cells);
    *m = (struct score_model){.unfitted = true};
}

static struct score_cell *place(struct score_cell *cells, size_t size, uint32_t key)
{
    size_t i = key * UINT32_C(2654435761) & (size - 1);
    while (cells[i].key && cells[i].key != key)
        i = (i + 1) & (size - 1);
    return &cells[i];
}

static void grow(struct score_model *m)
{
    size_t size = m->size ? m->size * 2 : CELLS_LEAST;
    struct score_cell *cells = calloc(size, sizeof *cells);
    assert(cells);
    for (size_t i = 0; i < m->size; i++)
        if (m->cells[i].key)
            *place(cells, size, m->cells[i].key) = m->cells[i];
    free(m->cells);
    m->cells = cells;
    m->size = size;
}

/* NULL: there are too many already. */
static struct score_cell *cell(struct score_model *m, uint32_t key)
{
    uint32_t field = key / SCORE_SLOTS;
    if (field == SCORE_FIELD_BASE)
        return &m->base;
    if (field == SCORE_FIELD_SUM)
        return &m->sums[key % SCORE_SLOTS];
    if (m->n_cells * 2 >= m->size)
        grow(m);
    struct score_cell *c = place(m->cells, m->size, key);
    if (!c->key && m->n_cells >= SCORE_CELLS_MAX)
        return NULL;
    m->n_cells += !c->key;
    c->key = key;
    return c;
}

static struct score_period *period_of(struct score_model *m, uint32_t id)
{
    for (size_t i = 0; i < m->n_periods; i++)
        if (m->periods[i].id == id)
            return &m->periods[i];
    return NULL;
}

/* Unsigned arithmetic: taking back is adding the negative. */
static void add(struct score_model *m, struct score_period *p, uint32_t key, uint32_t outcomes,
                uint32_t converted)
{
    struct score_cell *c = cell(m, key);
    uint64_t weight = score_weight(p, key / SCORE_SLOTS == SCORE_FIELD_SUM);
    m->unfitted = true;
    if (key / SCORE_SLOTS == SCORE_FIELD_BASE)
        p->outcomes += outcomes;
    if (!c)
        return;
    c->outcomes += outcomes;
    c->converted += converted;
    c->weight += weight * (uint64_t)(int64_t)(int32_t)outcomes;
    c->won += weight * (uint64_t)(int64_t)(int32_t)converted;
}

void score_model_count(struct score_model *m, const Baton__ScoreCount *c, bool back)
{
    struct score_period *p = period_of(m, c->period);
    if (!p) {
        m->stale = true;
        return;
    }
    uint32_t one = back ? UINT32_MAX : 1;
    for (size_t i = 0; i < c->n_cells; i++)
        add(m, p, c->cells[i], one, c->converted ? one : 0);
    m->stale |= back && p->outcomes == 0; /* an empty period makes nobody older */
}

bool score_model_period(struct score_model *m, uint32_t id)
{
    if (period_of(m, id))
        return true;
    if (m->n_periods == SCORE_PERIODS)
        return false;
    struct score_period *p = &m->periods[m->n_periods++];
    *p = (struct score_period){.id = id};
    if (p == m->periods)
        return true;
    p->age = p[-1].age + p[-1].id / PARTS - id / PARTS + (p[-1].id % PARTS != 0);
    return true;
}

void score_model_cell(struct score_model *m, uint32_t period, uint32_t key, uint32_t outcomes,
                      uint32_t converted)
{
    add(m, period_of(m, period), key, outcomes, converted);
}

static void row_load(struct score_model *m, const Baton__ScoreCells *row)
{
    for (size_t i = 0; i < row->n_slots && i < row->n_outcomes && i < row->n_converted; i++)
        score_model_cell(m, row->period, row->field * SCORE_SLOTS + row->slots[i], row->outcomes[i],
                         row->converted[i]);
}

void leads_score_load(struct load *l, struct score_model *m)
{
    struct table_scan scan;
    struct arena *scratch = arena_new(ROW_SCRATCH);
    const Baton__ScoreCells *row;
    score_model_clear(m);
    if (table_scan_open(&scan, l->txn, LEADS_SCORE_CELLS, NULL, NULL, NULL, true)) {
        while ((row = table_scan_next(&scan, scratch)) && score_model_period(m, row->period)) {
            row_load(m, row);
            arena_reset(scratch);
        }
        table_scan_close(&scan);
    }
    arena_free(scratch);
}

void *leads_load_teach(struct load *l, const struct command *c)
{
    const Baton__TeachOutcomesRequest *q = (const Baton__TeachOutcomesRequest *)c->request;
    struct leads_teach_facts *f = ARENA_NEW(l->arena, struct leads_teach_facts);
    struct key key = key_of(q->teaching);
    key_u64(&key, q->batch);
    f->score = leads_state_routing(l)->score;
    f->known = table_seq(l->txn, LEADS_TEACHING, &key) != 0;
    return f;
}

static const Baton__OutcomesTaught *taught_at(struct load *l, uint64_t seq, const Baton__TeachingPlace *place)
{
    const Baton__LogRecord *record = seq ? log_get(l->txn, seq, l->arena) : NULL;
    for (size_t i = 0; record && i < record->n_events; i++) {
        const Baton__Event *e = record->events[i];
        if (e->event_case == BATON__EVENT__EVENT_OUTCOMES_TAUGHT &&
            e->outcomes_taught->batch == place->batch &&
            strcmp(e->outcomes_taught->teaching, place->teaching) == 0)
            return e->outcomes_taught;
    }
    return NULL;
}

/* The newest batch; `more` if there is another before it. */
void *leads_load_forget(struct load *l, const struct command *c)
{
    const Baton__ForgetOutcomesRequest *q = (const Baton__ForgetOutcomesRequest *)c->request;
    struct leads_teach_facts *f = ARENA_NEW(l->arena, struct leads_teach_facts);
    struct key prefix = key_of(q->teaching), key = prefix;
    struct table_scan scan;
    const Baton__TeachingPlace *place = NULL;
    if (table_scan_under(&scan, l->txn, LEADS_TEACHING, &prefix, NULL, NULL, true)) {
        place = table_scan_next(&scan, l->arena);
        f->more = place && table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    if (!place)
        return f;
    key_u64(&key, place->batch);
    f->newest = taught_at(l, table_seq(l->txn, LEADS_TEACHING, &key), place);
    return f;
}
