/* Measures of a period, by whatever they can be told apart by, with where the records behind them are. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/catalogue_rules.h"
#include "services/opportunities/measured.h"

enum { GROUPS_SAID = 1000, YEAR = 12 };
static const int64_t DAY_S = 86400;

struct answer {
    struct load *l;
    const Baton__QueryMeasuresRequest *q;
    struct measured_ask ask;
    struct forecast_ask whom;
    struct measured now, before;
    struct measured_rates rates;
};

/* --- what is asked --- */

static bool ask_measures(struct answer *w, struct refusal *no)
{
    for (size_t i = 0; i < w->q->n_measures; i++) {
        const enum measure m = measure_find(w->q->measures[i]);
        if (m == MEASURES)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "measures",
                          "there is no measure \"%s\"; ListMeasures has those there are", w->q->measures[i]);
        for (size_t k = 0; k < w->q->n_by; k++)
            if (!measure_can(&measure_rows[m], w->q->by[k]))
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "by", "%s cannot be told apart by that",
                              measure_rows[m].name);
        w->ask.asked[w->ask.n_asked++] = m;
    }
    for (size_t k = 0; k < w->q->n_by; k++)
        w->ask.by[w->ask.n_by++] = w->q->by[k];
    return true;
}

/* Everybody's sums where all may be seen and nothing is told apart by owner; else of each below, and of
 * nobody. */
static void ask_owners(struct answer *w)
{
    const struct forecast_tree *t = w->whom.tree;
    bool by_owner = false;
    for (size_t k = 0; k < w->ask.n_by; k++)
        by_owner |= w->ask.by[k] == BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER;
    w->ask.owners = ARENA_ARRAY(w->l->arena, const char *, t->n_people + 1);
    if (w->whom.top == FORECAST_NOBODY && !by_owner) {
        w->ask.owners[w->ask.n_owners++] = ANALYSIS_ALL;
        return;
    }
    if (w->whom.top == FORECAST_NOBODY)
        w->ask.owners[w->ask.n_owners++] = "";
    for (size_t i = 0; i < t->n_people && w->ask.n_owners < MEASURED_OWNERS; i++)
        if (w->whom.top == FORECAST_NOBODY || forecast_tree_part(t, (int32_t)i, w->whom.top) >= 0)
            w->ask.owners[w->ask.n_owners++] = t->people[i].id;
}

/* What there was before and is not any more has its group, too. */
static void keep_earlier(struct answer *w)
{
    for (size_t i = 0; i < w->before.n && w->now.n < MEASURED_GROUPS; i++)
        if (!opportunities_measured_find(&w->now, &w->ask, w->before.groups[i].keys))
            memcpy(w->now.groups[w->now.n++].keys, w->before.groups[i].keys, sizeof w->before.groups[i].keys);
}

/* The period before is converted at the rates of this one, so that only what was sold makes a difference. */
static void convert(struct answer *w)
{
    const int32_t last = forecast_last_day(w->ask.months), today = opportunities_local_day(w->l);
    w->rates.to = w->q->currency_code;
    w->rates.until = forecast_day_text(last < today ? last : today, w->l->arena);
    opportunities_measured_convert(w->l, &w->now, &w->rates);
    if (w->q->compare)
        opportunities_measured_convert(w->l, &w->before, &w->rates);
}

static bool ask(struct answer *w, const struct command *c, struct refusal *no)
{
    const struct forecast_words words = {w->q->period, w->q->user_id, NULL, NULL, NULL};
    if (!ask_measures(w, no) || !opportunities_ask(w->l, c->actor, &words, &w->whom, no))
        return false;
    if (!w->q->period || !*w->q->period) {
        const struct civil today = civil_of_seconds((int64_t)opportunities_local_day(w->l) * DAY_S);
        w->whom.months =
            measure_period(w->q->relative, (uint32_t)(today.year * YEAR + today.month - 1), w->whom.begins);
    }
    w->ask.months = w->whom.months;
    w->ask.team_id = w->q->team_id;
    w->ask.territory_id = w->q->territory_id;
    w->ask.pipeline_id = w->q->pipeline_id;
    w->ask.detail = w->q->detail;
    ask_owners(w);
    if (!opportunities_measure(w->l, &w->ask, &w->now, no))
        return false;
    if (!w->q->compare)
        return true;
    struct measured_ask earlier = w->ask;
    earlier.months.first -= earlier.months.n;
    if (!opportunities_measure(w->l, &earlier, &w->before, no))
        return false;
    keep_earlier(w);
    return true;
}

/* --- the answer --- */

static const char *key_of_dimension(const struct answer *w, const struct measured_group *g,
                                    Baton__MeasureDimension by)
{
    for (size_t k = 0; k < w->ask.n_by; k++)
        if (w->ask.by[k] == by)
            return g->keys[k];
    return NULL;
}

/* By the most telling of what is known. */
static void say_where(struct answer *w, const struct measured_group *g, Baton__MeasureRecords *r)
{
    const char *owner = key_of_dimension(w, g, BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER);
    const char *pipeline = key_of_dimension(w, g, BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_PIPELINE);
    pipeline = pipeline ? pipeline : w->q->pipeline_id;
    if (!owner && w->whom.top != FORECAST_NOBODY && w->ask.n_owners == 1)
        owner = w->ask.owners[0];
    /* activities and leads have an owner, and no pipeline */
    if (strcmp(r->type, "opportunity") != 0)
        pipeline = NULL;
    r->where_field = owner && *owner ? "owner_id" : pipeline && *pipeline ? "pipeline_id" : NULL;
    r->where_value = (char *)(uintptr_t)(owner && *owner ? owner : r->where_field ? pipeline : NULL);
}

static Baton__MeasureRecords *say_records(struct answer *w, const struct measured_group *g, enum measure m)
{
    Baton__MeasureRecords *r = ARENA_NEW(w->l->arena, Baton__MeasureRecords);
    const char *month = key_of_dimension(w, g, BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_MONTH);
    struct forecast_months days = w->ask.months;
    baton__measure_records__init(r);
    r->type = (char *)(uintptr_t)(measure_rows[m].type ? measure_rows[m].type : "opportunity");
    say_where(w, g, r);
    r->date_field = (char *)(uintptr_t)measure_rows[m].date_field;
    if (month)
        (void)forecast_months_parse(month, 1, &days); /* it is one */
    if (r->date_field) {
        r->first_day = forecast_day_text(forecast_first_day(days), w->l->arena);
        r->last_day = forecast_day_text(forecast_last_day(days), w->l->arena);
    }
    r->has_stage_kind = measure_rows[m].kind != 0;
    r->stage_kind = measure_rows[m].kind;
    return r;
}

static const char *name_of(struct answer *w, Baton__MeasureDimension by, const char *key)
{
    if (by == BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER) {
        const Baton__User *u = table_get_id(w->l->txn, OPPORTUNITIES_USER, key, w->l->arena);
        return u ? u->name : "";
    }
    if (by == BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_PIPELINE) {
        const Baton__Pipeline *p = table_get_id(w->l->txn, OPPORTUNITIES_PIPELINE, key, w->l->arena);
        return p ? p->name : "";
    }
    return "";
}

static void say_values(struct answer *w, const struct measured_group *g, Baton__MeasureValue ***out,
                       size_t *n)
{
    *out = ARENA_ARRAY(w->l->arena, Baton__MeasureValue *, w->ask.n_asked);
    for (size_t i = 0; i < w->ask.n_asked; i++)
        (*out)[(*n)++] = opportunities_measure_value(g, w->ask.asked[i], w->l->arena);
}

static Baton__MeasureGroup *say_group(struct answer *w, const struct measured_group *g,
                                      const struct measured_group *before, size_t n_keys)
{
    static const struct measured_group nothing;
    struct arena *a = w->l->arena;
    Baton__MeasureGroup *out = ARENA_NEW(a, Baton__MeasureGroup);
    baton__measure_group__init(out);
    out->keys = ARENA_ARRAY(a, char *, n_keys);
    out->names = ARENA_ARRAY(a, char *, n_keys);
    for (size_t k = 0; k < n_keys; k++) {
        out->keys[out->n_keys++] = (char *)(uintptr_t)g->keys[k];
        out->names[out->n_names++] = (char *)(uintptr_t)name_of(w, w->ask.by[k], g->keys[k]);
    }
    say_values(w, g, &out->values, &out->n_values);
    if (w->q->compare)
        say_values(w, before ? before : &nothing, &out->before, &out->n_before);
    out->records = ARENA_ARRAY(a, Baton__MeasureRecords *, w->ask.n_asked);
    for (size_t i = 0; i < w->ask.n_asked; i++)
        out->records[out->n_records++] = say_records(w, n_keys ? g : &nothing, w->ask.asked[i]);
    return out;
}

/* In minor units where there are any, else how many, else the share. */
static int64_t size_of(const Baton__MeasureGroup *g)
{
    const Baton__MeasureValue *v = g->values[0];
    return v->has_permille ? v->permille : v->n_amounts ? v->amounts[0]->minor_units : v->count;
}

static int by_keys(const void *x, const void *y)
{
    const Baton__MeasureGroup *a = *(Baton__MeasureGroup *const *)x, *b = *(Baton__MeasureGroup *const *)y;
    for (size_t i = 0; i < a->n_keys; i++) {
        const int order = strcmp(a->keys[i], b->keys[i]);
        if (order)
            return order;
    }
    return 0;
}

static int by_size(const void *x, const void *y)
{
    const int64_t a = size_of(*(Baton__MeasureGroup *const *)x),
                  b = size_of(*(Baton__MeasureGroup *const *)y);
    return a != b ? (a < b ? 1 : -1) : by_keys(x, y);
}

static void say_groups(struct answer *w, Baton__QueryMeasuresResponse *out)
{
    const size_t most = w->q->limit && w->q->limit < GROUPS_SAID ? w->q->limit : GROUPS_SAID;
    const size_t n = w->ask.n_by ? w->now.n : 0;
    out->groups = ARENA_ARRAY(w->l->arena, Baton__MeasureGroup *, n);
    for (size_t i = 0; i < n; i++)
        out->groups[i] =
            say_group(w, &w->now.groups[i],
                      opportunities_measured_find(&w->before, &w->ask, w->now.groups[i].keys), w->ask.n_by);
    qsort(out->groups, n, sizeof *out->groups, w->q->largest_first ? by_size : by_keys);
    out->n_groups = n < most ? n : most;
    out->has_groups_left_out = true;
    out->groups_left_out = (uint32_t)(n - out->n_groups);
}

bool opportunities_query_measures(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                  struct refusal *no)
{
    struct answer w = {.l = l, .q = (const Baton__QueryMeasuresRequest *)c->request};
    Baton__QueryMeasuresResponse *out = ARENA_NEW(l->arena, Baton__QueryMeasuresResponse);
    baton__query_measures_response__init(out);
    const bool converts = w.q->currency_code && *w.q->currency_code;
    if ((converts && !catalogue_currency(w.q->currency_code, "currency_code", no)) || !ask(&w, c, no))
        return false;
    if (converts)
        convert(&w);
    out->period = forecast_months_name(w.whom.months, w.whom.begins, l->arena);
    out->first_day = forecast_day_text(forecast_first_day(w.whom.months), l->arena);
    out->last_day = forecast_day_text(forecast_last_day(w.whom.months), l->arena);
    out->total = say_group(&w, &w.now.total, &w.before.total, 0);
    if (w.whom.top != FORECAST_NOBODY)
        out->user_id = (char *)(uintptr_t)w.whom.tree->people[w.whom.top].id;
    say_groups(&w, out);
    out->rates = w.rates.rows;
    out->n_rates = w.rates.n;
    *reply = &out->base;
    return true;
}
