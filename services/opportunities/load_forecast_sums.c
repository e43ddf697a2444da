/* What owners' months come to: from memory as it is, from the rows as it was. */
#include <string.h>

#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

enum { SCRATCH_MAX = 16 << 20 }; /* for a row */

/* --- from memory --- */

/* What is asked for, by number; HELD_NONE: nobody has any. */
struct wanted {
    bool any_product, any_pipeline;
    uint32_t product, pipeline;
};

static struct wanted wanted_of(const struct opportunities_state *s, const struct forecast_ask *ask)
{
    struct wanted w = {.any_product = !ask->product_id || !*ask->product_id,
                       .any_pipeline = !ask->pipeline_id || !*ask->pipeline_id};
    w.product = held_find(&s->texts, ask->product_id);
    w.pipeline = held_find(&s->texts, ask->pipeline_id);
    return w;
}

/* Where the owner's parts go. */
static size_t row_of(const struct opportunities_state *s, const size_t *rows, uint32_t owner)
{
    if (!*s->texts.texts[owner])
        return rows[0];
    return owner < s->n_who && s->who[owner] != FORECAST_NOBODY ? rows[s->who[owner] + 1] : 0;
}

static void held_parts(const struct opportunities_state *s, const struct forecast_ask *ask,
                       const size_t *rows, forecast_part_fn *fn, void *arg)
{
    const struct wanted w = wanted_of(s, ask);
    for (uint32_t i = 0; i < ask->months.n; i++) {
        const struct held_month *m = held_month_of(s, ask->months.first + i);
        for (size_t k = 0; m && k < m->n; k++) {
            const struct held_owner *o = &m->owners[k];
            const size_t row = o->n ? row_of(s, rows, o->owner) : 0;
            for (uint32_t n = 0; row && n < o->n; n++) {
                const struct held_line *line = &o->lines[n];
                if ((w.any_product || line->product == w.product) &&
                    (w.any_pipeline || line->pipeline == w.pipeline))
                    fn(arg, &(struct forecast_part){row, s->texts.texts[line->currency], line->category,
                                                    line->deals, line->amount, line->weighted});
            }
        }
    }
}

/* --- from the rows --- */

static void owner_parts(struct load *l, const struct forecast_ask *ask, const char *owner_id, size_t row,
                        forecast_part_fn *fn, void *arg)
{
    for (uint32_t i = 0; row && i < ask->months.n; i++) {
        const Baton__ForecastLevel *level =
            opportunities_level(l, owner_id, ask->months.first + i, ask->before);
        for (size_t k = 0; level && k < level->n_lines; k++) {
            const Baton__ForecastLine *line = level->lines[k];
            if (opportunities_line_asked(ask, line->product_id, line->pipeline_id))
                fn(arg, &(struct forecast_part){row, line->currency_code ? line->currency_code : "",
                                                line->category, line->deals, line->amount, line->weighted});
        }
    }
}

void opportunities_parts(struct load *l, const struct forecast_ask *ask, const size_t *rows,
                         forecast_part_fn *fn, void *arg)
{
    const struct opportunities_state *s = l->state;
    if (s && ask->tree == s->tree) {
        held_parts(s, ask, rows, fn, arg);
        return;
    }
    for (size_t i = 0; i < ask->tree->n_people; i++)
        owner_parts(l, ask, ask->tree->people[i].id, rows[i + 1], fn, arg);
    owner_parts(l, ask, "", rows[0], fn, arg);
}

/* --- at the start --- */

/* From the last of them backwards, so that the first of each owner and month is its newest. */
static const Baton__ForecastLevel *newest_before(struct load *l, const struct key *from, struct arena *a)
{
    struct table_scan scan;
    struct key all;
    const Baton__ForecastLevel *row = NULL;
    key_init(&all);
    if (table_scan_under(&scan, l->txn, OPPORTUNITIES_LEVEL, &all, from, NULL, true)) {
        row = table_scan_next(&scan, a);
        table_scan_close(&scan);
    }
    return row;
}

static void load_levels(struct load *l, struct arena *scratch)
{
    const Baton__ForecastLevel *row = newest_before(l, NULL, scratch);
    while (row) {
        held_put_level(l->state, row);
        struct key older = key_of(row->owner_id); /* the beginning of its rows' keys, so before all of them */
        key_u64(&older, row->month);
        arena_reset(scratch);
        row = newest_before(l, &older, scratch);
    }
}

static void load_quotas(struct load *l, struct arena *scratch)
{
    struct table_scan scan;
    const Baton__Quota *q;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTA, NULL, NULL, NULL, false))
        return;
    for (; (q = table_scan_next(&scan, scratch)); arena_reset(scratch))
        held_put_quota(l->state, quota_version(q, scratch));
    table_scan_close(&scan);
}

static void load_roles(struct load *l, struct arena *scratch)
{
    struct table_scan scan;
    const Baton__User *u;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_USER, NULL, NULL, NULL, false))
        return;
    for (; (u = table_scan_next(&scan, scratch)); arena_reset(scratch))
        held_put_role(l->state, u->id, u->role);
    table_scan_close(&scan);
}

void opportunities_state_load(struct load *l)
{
    struct arena *scratch = arena_new(SCRATCH_MAX);
    load_levels(l, scratch);
    load_quotas(l, scratch);
    load_roles(l, scratch);
    arena_free(scratch);
}
