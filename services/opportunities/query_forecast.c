/* What a period comes to: parts of all owners asked for, added up by who is directly below. */
#include <stdlib.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/rows.h"

enum { CURRENCIES_MAX = FORECAST_CURRENCIES_MAX, ROWS_MAX = 1000, NOT_BELOW = -2 };
enum { ALL_PERCENT = 100, PERCENT_MAX = 1000000 };

/* Whom a row is of. */
struct row {
    int32_t who; /* FORECAST_NOBODY: what is nobody's */
    bool with_below;
    uint32_t people;
    Baton__ForecastSums *sums[CURRENCIES_MAX];
    size_t n;
};

struct rollup {
    struct load *l;
    const struct forecast_ask *ask;
    struct row **rows;
    size_t n, *of_part; /* by person + 1 (0: nobody): the row of their part, plus one */
    size_t *of_person;  /* likewise: the row that they are added to */
    struct row total;
    const struct forecast_quota *quotas;
    size_t n_quotas;
    size_t *first_quota; /* by person + 1: plus one */
    size_t *next_quota;  /* by quota, of the same person's: plus one */
};

/* Its number, plus one. */
static size_t new_row(struct rollup *r, int32_t who)
{
    struct row *row = ARENA_NEW(r->l->arena, struct row);
    row->who = who;
    r->rows[r->n] = row;
    return ++r->n;
}

/* One currency too many is left out of its row and stays in none: nobody sells in as many. */
static Baton__ForecastSums *sums_of(struct rollup *r, struct row *row, const char *currency)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->sums[i]->currency_code == currency || strcmp(row->sums[i]->currency_code, currency) == 0)
            return row->sums[i];
    if (row->n == CURRENCIES_MAX)
        return row->sums[CURRENCIES_MAX - 1];
    Baton__ForecastSums *s = row->sums[row->n++] = ARENA_NEW(r->l->arena, Baton__ForecastSums);
    baton__forecast_sums__init(s);
    s->currency_code = (char *)(uintptr_t)currency;
    s->has_deals = s->has_closed = s->has_commit = s->has_best_case = s->has_pipeline = s->has_omitted =
        s->has_weighted = true;
    return s;
}

static void add_part(void *arg, const struct forecast_part *part)
{
    struct rollup *r = arg;
    Baton__ForecastSums *s = sums_of(r, r->rows[part->row - 1], part->currency);
    int64_t *const places[] = {
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_OMITTED] = &s->omitted,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_PIPELINE] = &s->pipeline,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_BEST_CASE] = &s->best_case,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_COMMIT] = &s->commit,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_CLOSED] = &s->closed,
    };
    if (!part->category || part->category >= sizeof places / sizeof *places)
        return; /* a category of a later program */
    int64_t *place = places[part->category];
    *place = (int64_t)((uint64_t)*place + part->amount);
    s->deals += part->deals;
    if (place != &s->closed && place != &s->omitted)
        s->weighted = (int64_t)((uint64_t)s->weighted + part->weighted);
}

/* The total is of all rows. */
static void add_total(struct rollup *r)
{
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < r->rows[i]->n; k++) {
            const Baton__ForecastSums *s = r->rows[i]->sums[k];
            Baton__ForecastSums *t = sums_of(r, &r->total, s->currency_code);
            t->deals += s->deals;
            t->closed += s->closed;
            t->commit += s->commit;
            t->best_case += s->best_case;
            t->pipeline += s->pipeline;
            t->omitted += s->omitted;
            t->weighted += s->weighted;
        }
}

/* Whoever is asked for alone, whoever is below by whom they are below. */
static void rows_of_tree(struct rollup *r)
{
    const struct forecast_tree *t = r->ask->tree;
    for (size_t i = 0; i < t->n_people; i++) {
        int32_t part = forecast_tree_part(t, (int32_t)i, r->ask->top);
        if (part == NOT_BELOW)
            continue;
        if (!r->of_part[part + 1]) {
            r->of_part[part + 1] = new_row(r, part);
            r->rows[r->n - 1]->with_below = part != r->ask->top;
        }
        r->rows[r->of_part[part + 1] - 1]->people++;
        r->of_person[i + 1] = r->of_part[part + 1];
    }
    if (r->ask->top == FORECAST_NOBODY)
        r->of_person[0] = new_row(r, FORECAST_NOBODY);
}

/* Of a team or territory: everybody there, each alone. */
static void rows_of_members(struct rollup *r, const char *team_id, const struct forecast_areas *areas)
{
    const struct forecast_tree *t = r->ask->tree;
    for (size_t i = 0; i < t->n_people; i++) {
        bool here = team_id ? forecast_team_below(t, t->people[i].team_id, team_id)
                            : opportunities_in_area(areas, t->people[i].id);
        if (!here)
            continue;
        r->of_person[i + 1] = new_row(r, (int32_t)i);
        r->rows[r->n - 1]->people = 1;
    }
}

/* --- quotas and what people say --- */

/* They are shown in their currency although no deal is. */
static void add_quotas(struct rollup *r, const Baton__GetForecastRequest *q)
{
    r->n_quotas = opportunities_quotas(r->l, r->ask, q->team_id, q->territory_id, &r->quotas);
    if (!r->n_quotas)
        return;
    r->first_quota = ARENA_ARRAY(r->l->arena, size_t, r->ask->tree->n_people + 1);
    r->next_quota = ARENA_ARRAY(r->l->arena, size_t, r->n_quotas);
    for (size_t i = 0; i < r->n_quotas; i++) {
        const struct forecast_quota *quota = &r->quotas[i];
        const size_t row = r->of_person[quota->who + 1];
        r->next_quota[i] = r->first_quota[quota->who + 1];
        r->first_quota[quota->who + 1] = i + 1;
        if (row)
            (void)sums_of(r, r->rows[row - 1], quota->currency); /* made, so that it is there */
        if (row || quota->who == FORECAST_NOBODY)
            (void)sums_of(r, &r->total, quota->currency); /* likewise */
    }
}

/* What is theirs alone. */
static bool own_quota(const struct rollup *r, int32_t who, const char *currency, int64_t *out)
{
    bool found = false;
    *out = 0;
    for (size_t i = r->n_quotas ? r->first_quota[who + 1] : 0; i; i = r->next_quota[i - 1])
        if (strcmp(r->quotas[i - 1].currency, currency) == 0) {
            *out += r->quotas[i - 1].units;
            found = true;
        }
    return found;
}

/* Their own; where there is none, what those directly below have. */
static bool quota_of(const struct rollup *r, int32_t who, const char *currency, int depth, int64_t *out)
{
    const struct forecast_tree *t = r->ask->tree;
    int64_t sum = 0, one;
    if (!r->n_quotas || depth > FORECAST_TREE_DEPTH)
        return false;
    bool found = own_quota(r, who, currency, out);
    if (found)
        return true;
    int32_t at = who == FORECAST_NOBODY ? t->first : t->people[who].below;
    for (; at != FORECAST_NOBODY; at = t->people[at].beside)
        if (quota_of(r, at, currency, depth + 1, &one)) {
            sum += one;
            found = true;
        }
    *out = sum;
    return found;
}

static void say_quota(Baton__ForecastSums *s, int64_t quota)
{
    int64_t open = s->commit + s->best_case + s->pipeline, lacks = quota - s->closed;
    s->has_quota = true;
    s->quota = quota;
    s->has_coverage_percent = lacks > 0;
    double cover = lacks > 0 ? (double)open / (double)lacks * ALL_PERCENT : 0;
    s->coverage_percent = cover < PERCENT_MAX ? (uint32_t)cover : PERCENT_MAX;
}

static void say_adjustment(struct rollup *r, const Baton__ForecastAdjustment *a, Baton__ForecastSums *s)
{
    if (a->by_id && strcmp(a->by_id, a->user_id) == 0) {
        s->has_own = a->has_amount;
        s->own = a->amount;
        return;
    }
    s->has_adjusted = a->has_amount;
    s->adjusted = a->amount;
    s->adjusted_by_id = a->has_amount ? a->by_id : NULL;
    s->adjusted_reason = a->has_amount ? a->reason : NULL;
    s->adjusted_at = a->has_amount ? timestamp_of(r->l->arena, (int64_t)a->at_us) : NULL;
}

/* What was said last until then of somebody's period: by themselves, and by others. In the order of time
   within each currency. */
static void add_adjusted(struct rollup *r, struct row *row, int32_t who)
{
    struct table_scan scan;
    const Baton__ForecastAdjustment *a;
    if (who == FORECAST_NOBODY)
        return;
    struct key prefix = key_of(r->ask->tree->people[who].id);
    key_u64(&prefix, r->ask->months.first);
    key_u64(&prefix, r->ask->months.n);
    if (!table_scan_under(&scan, r->l->txn, OPPORTUNITIES_ADJUSTMENT, &prefix, NULL, NULL, false))
        return;
    while ((a = table_scan_next(&scan, r->l->arena)))
        if ((int64_t)a->at_us <= r->ask->at_us)
            say_adjustment(r, a, sums_of(r, row, a->currency_code));
    table_scan_close(&scan);
}

/* --- the answer --- */

static int by_currency(const void *x, const void *y)
{
    return strcmp((*(Baton__ForecastSums *const *)x)->currency_code,
                  (*(Baton__ForecastSums *const *)y)->currency_code);
}

static Baton__ForecastSums **sums(struct rollup *r, struct row *row)
{
    Baton__ForecastSums **out = ARENA_ARRAY(r->l->arena, Baton__ForecastSums *, row->n);
    qsort(row->sums, row->n, sizeof *row->sums, by_currency);
    for (size_t i = 0; i < row->n; i++)
        out[i] = row->sums[i];
    return out;
}

/* Currencies in which there is a quota or a word and not a deal yet are those of the whole. */
static Baton__ForecastRow *say_row(struct rollup *r, struct row *row)
{
    Baton__ForecastRow *out = ARENA_NEW(r->l->arena, Baton__ForecastRow);
    baton__forecast_row__init(out);
    out->has_people = true;
    out->people = row->people;
    if (row->who != FORECAST_NOBODY) {
        const char *id = r->ask->tree->people[row->who].id;
        const Baton__User *u = table_get_id(r->l->txn, OPPORTUNITIES_USER, id, r->l->arena);
        out->user_id = (char *)(uintptr_t)id;
        out->name = u ? u->name : NULL;
        out->has_with_below = out->has_left = true;
        out->with_below = row->with_below;
        out->left = !u || u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE;
        for (size_t i = 0; i < r->total.n; i++) {
            Baton__ForecastSums *s = sums_of(r, row, r->total.sums[i]->currency_code);
            int64_t quota;
            if (row->with_below ? quota_of(r, row->who, s->currency_code, 0, &quota)
                                : own_quota(r, row->who, s->currency_code, &quota))
                say_quota(s, quota);
        }
    }
    out->sums = sums(r, row);
    out->n_sums = row->n;
    return out;
}

/* Of somebody who has left, or of nobody, only what there is. */
static bool is_shown(const Baton__ForecastRow *row)
{
    for (size_t i = 0; i < row->n_sums; i++)
        if (row->sums[i]->deals || row->sums[i]->has_quota || row->sums[i]->has_own ||
            row->sums[i]->has_adjusted)
            return true;
    return row->user_id && !row->left;
}

static void say_total(struct rollup *r, const Baton__GetForecastRequest *q, Baton__GetForecastResponse *out)
{
    for (size_t i = 0; i < r->total.n; i++) {
        Baton__ForecastSums *s = r->total.sums[i];
        int64_t quota;
        if (q->team_id || q->territory_id ? own_quota(r, FORECAST_NOBODY, s->currency_code, &quota)
                                          : quota_of(r, r->ask->top, s->currency_code, 0, &quota))
            say_quota(s, quota);
    }
    out->total = sums(r, &r->total);
    out->n_total = r->total.n;
}

static void say(struct rollup *r, const Baton__GetForecastRequest *q, Baton__GetForecastResponse *out)
{
    struct arena *a = r->l->arena;
    out->period = forecast_months_name(r->ask->months, r->ask->begins, a);
    out->first_day = forecast_day_text(forecast_first_day(r->ask->months), a);
    out->last_day = forecast_day_text(forecast_last_day(r->ask->months), a);
    out->as_of = timestamp_of(a, r->ask->at_us);
    out->has_ring = out->ring = r->ask->tree->ring;
    say_total(r, q, out);
    out->rows = ARENA_ARRAY(a, Baton__ForecastRow *, r->n);
    for (size_t i = 0; i < r->n && out->n_rows < ROWS_MAX; i++) {
        Baton__ForecastRow *row = say_row(r, r->rows[i]);
        if (is_shown(row))
            out->rows[out->n_rows++] = row;
    }
    out->has_rows_left_out = r->n > ROWS_MAX;
    out->rows_left_out = r->n > ROWS_MAX ? (uint32_t)(r->n - ROWS_MAX) : 0;
}

static bool manages(const struct forecast_tree *t, const Baton__Actor *actor, const char *team_id)
{
    for (size_t i = 0; i < t->n_teams; i++)
        if (t->teams[i].manager_id && actor->user_id && strcmp(t->teams[i].manager_id, actor->user_id) == 0 &&
            forecast_team_below(t, team_id, t->teams[i].id))
            return true;
    return false;
}

/* Of a team: whoever manages it or one above. Of a territory: managers. */
static bool may_ask(const struct forecast_ask *ask, const Baton__GetForecastRequest *q,
                    const Baton__Actor *actor, struct refusal *no)
{
    if (actor_is(actor, BATON__ROLE__ROLE_ADMIN) || (!q->team_id && !q->territory_id))
        return true;
    if (q->team_id ? manages(ask->tree, actor, q->team_id) : actor_is(actor, BATON__ROLE__ROLE_MANAGER))
        return true;
    return refuse(no, REFUSAL_PERMISSION_DENIED, q->team_id ? "team_id" : "territory_id",
                  "only whoever manages it may ask what it comes to");
}

static void gather(struct rollup *r, const Baton__GetForecastRequest *q)
{
    struct arena *a = r->l->arena;
    const size_t most = r->ask->tree->n_people + 1;
    r->rows = ARENA_ARRAY(a, struct row *, most);
    r->of_part = ARENA_ARRAY(a, size_t, most);
    r->of_person = ARENA_ARRAY(a, size_t, most);
    if (q->team_id)
        rows_of_members(r, q->team_id, NULL);
    else if (q->territory_id)
        rows_of_members(r, NULL, opportunities_areas(r->l, r->ask->tree_us, q->territory_id));
    else
        rows_of_tree(r);
    opportunities_parts(r->l, r->ask, r->of_person, add_part, r);
    add_quotas(r, q);
    for (size_t i = 0; i < r->n; i++)
        add_adjusted(r, r->rows[i], r->rows[i]->who);
    add_total(r);
    if (!q->team_id && !q->territory_id)
        add_adjusted(r, &r->total, r->ask->top);
}

bool opportunities_forecast_ask(struct load *l, const Baton__Actor *actor, const Baton__GetForecastRequest *q,
                                struct forecast_ask *ask, struct refusal *no)
{
    const struct forecast_words words = {q->period, q->user_id, q->product_id, q->pipeline_id, q->as_of};
    if (!!q->user_id + !!q->team_id + !!q->territory_id > 1)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "user_id",
                      "ask for a person, a team or a territory, not for several");
    return opportunities_ask(l, actor, &words, ask, no) && may_ask(ask, q, actor, no);
}

Baton__GetForecastResponse *opportunities_forecast_told(struct load *l, const Baton__GetForecastRequest *q,
                                                        const struct forecast_ask *ask)
{
    struct rollup r = {.l = l, .ask = ask};
    Baton__GetForecastResponse *out = ARENA_NEW(l->arena, Baton__GetForecastResponse);
    baton__get_forecast_response__init(out);
    gather(&r, q);
    say(&r, q, out);
    return out;
}

bool opportunities_query_forecast(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                  struct refusal *no)
{
    const Baton__GetForecastRequest *q = (const Baton__GetForecastRequest *)c->request;
    struct forecast_ask ask;
    if (!opportunities_forecast_ask(l, c->actor, q, &ask, no))
        return false;
    *reply = &opportunities_forecast_told(l, q, &ask)->base;
    return true;
}

bool opportunities_aside_forecast(struct load *l, const struct command *c)
{
    const Baton__GetForecastRequest *q = (const Baton__GetForecastRequest *)c->request;
    return (q->as_of && *q->as_of) || q->territory_id;
}

bool opportunities_aside_always(struct load *l, const struct command *c)
{
    return true;
}
