/* Outcomes to rows: what each counted, added or taken back. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

/* What an event changes in one cell. */
struct change {
    uint32_t period, key;
    int outcomes, converted;
};

struct changes {
    struct change *all;
    size_t n;
};

static int in_order(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void add_count(struct apply *ap, struct changes *c, const Baton__ScoreCount *count, bool back)
{
    int one = back ? -1 : 1;
    for (size_t i = 0; i < count->n_cells; i++)
        c->all[c->n++] = (struct change){count->period, count->cells[i], one, count->converted ? one : 0};
    leads_state_note_outcome(ap->state, count, back);
}

/* Cells of one field and period while they change; slots in order, none twice. */
struct merge {
    Baton__ScoreCells *row;
    const Baton__ScoreCells *before;
    size_t taken;
};

static void put_cell(Baton__ScoreCells *row, uint32_t slot, uint32_t outcomes, uint32_t converted)
{
    if (!outcomes)
        return;
    row->slots[row->n_slots++] = slot;
    row->outcomes[row->n_outcomes++] = outcomes;
    row->converted[row->n_converted++] = converted;
}

static void take_before(struct merge *m, uint32_t below)
{
    for (; m->taken < m->before->n_slots && m->before->slots[m->taken] < below; m->taken++)
        put_cell(m->row, m->before->slots[m->taken], m->before->outcomes[m->taken],
                 m->before->converted[m->taken]);
}

/* All changes of one slot; returns how many there were. */
static size_t merge_slot(struct merge *m, const struct change *c, const struct change *end)
{
    const struct change *first = c;
    uint32_t slot = c->key % SCORE_SLOTS, outcomes = 0, converted = 0;
    take_before(m, slot);
    if (m->taken < m->before->n_slots && m->before->slots[m->taken] == slot) {
        outcomes = m->before->outcomes[m->taken];
        converted = m->before->converted[m->taken++];
    }
    for (; c < end && c->key == first->key; c++) {
        outcomes += (uint32_t)c->outcomes;
        converted += (uint32_t)c->converted;
    }
    put_cell(m->row, slot, outcomes, converted);
    return (size_t)(c - first);
}

static void change_row(struct apply *ap, const struct change *c, size_t n)
{
    Baton__ScoreCells none = BATON__SCORE_CELLS__INIT, row = BATON__SCORE_CELLS__INIT;
    struct key key;
    key_init(&key);
    key_u64(&key, c->period);
    key_u64(&key, c->key / SCORE_SLOTS);
    const Baton__ScoreCells *before = table_get(ap->txn, LEADS_SCORE_CELLS, &key, ap->arena);
    struct merge m = {.row = &row, .before = before ? before : &none};
    row.has_period = row.has_field = true;
    row.period = c->period;
    row.field = c->key / SCORE_SLOTS;
    row.slots = ARENA_ARRAY(ap->arena, uint32_t, m.before->n_slots + n);
    row.outcomes = ARENA_ARRAY(ap->arena, uint32_t, m.before->n_slots + n);
    row.converted = ARENA_ARRAY(ap->arena, uint32_t, m.before->n_slots + n);
    for (size_t i = 0; i < n;)
        i += merge_slot(&m, c + i, c + n);
    take_before(&m, SCORE_SLOTS);
    if (row.n_slots)
        table_put(ap->txn, LEADS_SCORE_CELLS, &row, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, LEADS_SCORE_CELLS, &key, ap->arena); /* it may never have been there */
}

/* Each row is written once, however many outcomes count in it. */
static void change_rows(struct apply *ap, struct changes *c)
{
    qsort(c->all, c->n, sizeof *c->all, in_order);
    for (size_t i = 0, n; i < c->n; i += n) {
        n = 1;
        while (i + n < c->n && c->all[i + n].period == c->all[i].period &&
               c->all[i + n].key / SCORE_SLOTS == c->all[i].key / SCORE_SLOTS)
            n++;
        change_row(ap, &c->all[i], n);
    }
}

static void keep_count(struct apply *ap, const char *lead_id, const Baton__ScoreCount *counted)
{
    struct key key = key_of(lead_id);
    Baton__ScoreOutcome o = BATON__SCORE_OUTCOME__INIT;
    if (!counted) {
        (void)table_delete(ap->txn, LEADS_SCORE_OUTCOME, &key, ap->arena); /* gone is what is wanted */
        return;
    }
    o.lead_id = (char *)(uintptr_t)lead_id;
    o.count = (Baton__ScoreCount *)(uintptr_t)counted;
    table_put(ap->txn, LEADS_SCORE_OUTCOME, &o, ap->seq, ap->arena);
}

static void outcome(struct apply *ap, const char *lead_id, const Baton__ScoreCount *counted,
                    const Baton__ScoreCount *back)
{
    struct changes c = {0};
    c.all =
        ARENA_ARRAY(ap->arena, struct change, (counted ? counted->n_cells : 0) + (back ? back->n_cells : 0));
    if (back)
        add_count(ap, &c, back, true);
    if (counted)
        add_count(ap, &c, counted, false);
    change_rows(ap, &c);
    if (counted || back)
        keep_count(ap, lead_id, counted);
}

void leads_apply_converted(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)payload;
    leads_apply_lead(ap, payload);
    outcome(ap, e->lead_id, e->counted, NULL);
}

void leads_apply_closed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadClosed *e = (const Baton__LeadClosed *)payload;
    leads_apply_lead(ap, payload);
    outcome(ap, e->lead_id, e->counted, e->taken_back);
}

void leads_apply_reopened(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadReopened *e = (const Baton__LeadReopened *)payload;
    leads_apply_lead(ap, payload);
    outcome(ap, e->lead_id, NULL, e->taken_back);
}

static void count_all(struct apply *ap, Baton__ScoreCount *const *counts, size_t n, bool back)
{
    struct changes c = {0};
    size_t cells = 0;
    for (size_t i = 0; i < n; i++)
        cells += counts[i]->n_cells;
    c.all = ARENA_ARRAY(ap->arena, struct change, cells);
    for (size_t i = 0; i < n; i++)
        add_count(ap, &c, counts[i], back);
    change_rows(ap, &c);
}

void leads_apply_taught(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__OutcomesTaught *e = (const Baton__OutcomesTaught *)payload;
    Baton__TeachingPlace place = BATON__TEACHING_PLACE__INIT;
    place.teaching = e->teaching;
    place.has_batch = true;
    place.batch = e->batch;
    count_all(ap, e->counted, e->n_counted, false);
    table_put(ap->txn, LEADS_TEACHING, &place, ap->seq, ap->arena);
}

void leads_apply_forgotten(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__OutcomesForgotten *e = (const Baton__OutcomesForgotten *)payload;
    struct key key;
    key_init(&key);
    key_text(&key, e->teaching);
    key_u64(&key, e->batch);
    count_all(ap, e->taken_back, e->n_taken_back, true);
    (void)table_delete(ap->txn, LEADS_TEACHING, &key, ap->arena); /* a batch is forgotten once */
}
