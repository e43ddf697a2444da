/* What a period comes to: levels of all owners asked for, added up by who is directly below. */
#include <stdlib.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/rows.h"

enum {
    CURRENCIES_MAX = FORECAST_CURRENCIES_MAX,
    ROWS_MAX = 1000,
    NOT_BELOW = -2,
    ALL_PERCENT = 100,
    PERCENT_MAX = 1000000
};

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
    struct row *rows;
    size_t n, *of_part; /* by person: where the row of their part stands, plus one */
    struct row total;
};

/* One currency too many is left out of its row and stays in none; thirty-two are more than anybody sells in.
 */
static Baton__ForecastSums *sums_of(struct rollup *r, struct row *row, const char *currency)
{
    for (size_t i = 0; i < row->n; i++)
        if (strcmp(row->sums[i]->currency_code, currency) == 0)
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

static void add_line(Baton__ForecastSums *s, const Baton__ForecastLine *line)
{
    int64_t *const places[] = {
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_OMITTED] = &s->omitted,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_PIPELINE] = &s->pipeline,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_BEST_CASE] = &s->best_case,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_COMMIT] = &s->commit,
        [BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_CLOSED] = &s->closed,
    };
    if (!line->category || line->category >= sizeof places / sizeof *places)
        return; /* a category of a later program */
    int64_t *place = places[line->category];
    *place = (int64_t)((uint64_t)*place + line->amount);
    s->deals += line->deals;
    if (place != &s->closed && place != &s->omitted)
        s->weighted = (int64_t)((uint64_t)s->weighted + line->weighted);
}

/* A quota, or what is said of a period, is shown in its currency although no deal is. */
static void add_currencies(struct rollup *r, struct row *row, const char *owner_id)
{
    const char *found[FORECAST_CURRENCIES_MAX];
    char *whom = quota_whom(owner_id, NULL, NULL, r->ask->product_id, r->l->arena);
    size_t n = opportunities_quota_currencies(r->l, r->ask, whom, found);
    struct table_scan scan;
    struct key prefix = key_of(owner_id);
    const Baton__ForecastAdjustment *a;
    key_u64(&prefix, r->ask->months.first);
    key_u64(&prefix, r->ask->months.n);
    if (table_scan_under(&scan, r->l->txn, OPPORTUNITIES_ADJUSTMENT, &prefix, NULL, NULL, false)) {
        while (n < FORECAST_CURRENCIES_MAX && (a = table_scan_next(&scan, r->l->arena)))
            if ((int64_t)a->at_us <= r->ask->at_us)
                found[n++] = a->currency_code;
        table_scan_close(&scan);
    }
    for (size_t i = 0; i < n; i++) {
        (void)sums_of(r, row, found[i]); /* made, so that it is there */
        (void)sums_of(r, &r->total, found[i]);
    }
}

static void add_owner(struct rollup *r, struct row *row, const char *owner_id)
{
    add_currencies(r, row, owner_id);
    for (uint32_t i = 0; i < r->ask->months.n; i++) {
        const Baton__ForecastLevel *level =
            opportunities_level(r->l, owner_id, r->ask->months.first + i, r->ask->before);
        for (size_t k = 0; level && k < level->n_lines; k++) {
            const Baton__ForecastLine *line = level->lines[k];
            if (!opportunities_line_asked(r->ask, line->product_id, line->pipeline_id))
                continue;
            const char *currency = line->currency_code ? line->currency_code : "";
            add_line(sums_of(r, row, currency), line);
            add_line(sums_of(r, &r->total, currency), line);
        }
    }
}

static struct row *row_for(struct rollup *r, int32_t part)
{
    if (!r->of_part[part]) {
        r->rows[r->n] = (struct row){.who = part, .with_below = part != r->ask->top};
        r->of_part[part] = ++r->n;
    }
    return &r->rows[r->of_part[part] - 1];
}

/* Whoever is asked for alone, whoever is below by whom they are below. */
static void add_tree(struct rollup *r)
{
    const struct forecast_tree *t = r->ask->tree;
    for (size_t i = 0; i < t->n_people; i++) {
        int32_t part = forecast_tree_part(t, (int32_t)i, r->ask->top);
        if (part == NOT_BELOW)
            continue;
        struct row *row = row_for(r, part);
        row->people++;
        add_owner(r, row, t->people[i].id);
    }
    if (r->ask->top == FORECAST_NOBODY) {
        r->rows[r->n] = (struct row){.who = FORECAST_NOBODY};
        add_owner(r, &r->rows[r->n++], "");
    }
}

/* Of a team or territory: everybody there, each alone. */
static void add_members(struct rollup *r, const char *team_id, const struct forecast_areas *areas)
{
    const struct forecast_tree *t = r->ask->tree;
    for (size_t i = 0; i < t->n_people; i++) {
        bool here = team_id ? forecast_team_below(t, t->people[i].team_id, team_id)
                            : opportunities_in_area(areas, t->people[i].id);
        if (!here)
            continue;
        r->rows[r->n] = (struct row){.who = (int32_t)i, .people = 1};
        add_owner(r, &r->rows[r->n++], t->people[i].id);
    }
}

/* --- quotas and what people say --- */

static bool quota_below(struct rollup *r, int32_t who, const char *currency, int depth, int64_t *out);

/* Their own; where there is none, what those directly below have. */
static bool quota_of(struct rollup *r, int32_t who, const char *currency, int depth, int64_t *out)
{
    const char *id = who == FORECAST_NOBODY ? NULL : r->ask->tree->people[who].id;
    char *whom = quota_whom(id, NULL, NULL, r->ask->product_id, r->l->arena);
    return opportunities_quota_of(r->l, r->ask, whom, currency, out) ||
           (depth < FORECAST_TREE_DEPTH && quota_below(r, who, currency, depth + 1, out));
}

static bool quota_below(struct rollup *r, int32_t who, const char *currency, int depth, int64_t *out)
{
    const struct forecast_tree *t = r->ask->tree;
    int64_t sum = 0, one;
    bool found = false;
    int32_t at = who == FORECAST_NOBODY ? t->first : t->people[who].below;
    for (; at != FORECAST_NOBODY; at = t->people[at].beside)
        if (quota_of(r, at, currency, depth, &one)) {
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

/* What was said last until then: by themselves, and by others. */
static void say_adjusted(struct rollup *r, const char *user_id, Baton__ForecastSums *s)
{
    struct table_scan scan;
    struct key prefix = key_of(user_id);
    const Baton__ForecastAdjustment *a;
    key_u64(&prefix, r->ask->months.first);
    key_u64(&prefix, r->ask->months.n);
    key_text(&prefix, s->currency_code);
    if (!table_scan_under(&scan, r->l->txn, OPPORTUNITIES_ADJUSTMENT, &prefix, NULL, NULL, false))
        return;
    while ((a = table_scan_next(&scan, r->l->arena)) && (int64_t)a->at_us <= r->ask->at_us) {
        const bool own = a->by_id && strcmp(a->by_id, user_id) == 0;
        if (own) {
            s->has_own = a->has_amount;
            s->own = a->amount;
            continue;
        }
        s->has_adjusted = a->has_amount;
        s->adjusted = a->amount;
        s->adjusted_by_id = a->has_amount ? a->by_id : NULL;
        s->adjusted_reason = a->has_amount ? a->reason : NULL;
        s->adjusted_at = a->has_amount ? timestamp_of(r->l->arena, (int64_t)a->at_us) : NULL;
    }
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
            if (row->with_below
                    ? quota_of(r, row->who, s->currency_code, 0, &quota)
                    : opportunities_quota_of(r->l, r->ask,
                                             quota_whom(id, NULL, NULL, r->ask->product_id, r->l->arena),
                                             s->currency_code, &quota))
                say_quota(s, quota);
            say_adjusted(r, id, s);
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
        bool found = q->team_id || q->territory_id
                         ? opportunities_quota_of(
                               r->l, r->ask,
                               quota_whom(NULL, q->team_id, q->territory_id, r->ask->product_id, r->l->arena),
                               s->currency_code, &quota)
                         : quota_of(r, r->ask->top, s->currency_code, 0, &quota);
        if (found)
            say_quota(s, quota);
        if (r->ask->top != FORECAST_NOBODY)
            say_adjusted(r, r->ask->tree->people[r->ask->top].id, s);
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
        Baton__ForecastRow *row = say_row(r, &r->rows[i]);
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

bool opportunities_query_forecast(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                  struct refusal *no)
{
    const Baton__GetForecastRequest *q = (const Baton__GetForecastRequest *)c->request;
    Baton__GetForecastResponse *out = ARENA_NEW(l->arena, Baton__GetForecastResponse);
    const struct forecast_words words = {q->period, q->user_id, q->product_id, q->pipeline_id, q->as_of};
    struct forecast_ask ask;
    struct rollup r = {.l = l, .ask = &ask};
    baton__get_forecast_response__init(out);
    if (!!q->user_id + !!q->team_id + !!q->territory_id > 1)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "user_id",
                      "ask for a person, a team or a territory, not for several");
    if (!opportunities_ask(l, c->actor, &words, &ask, no) || !may_ask(&ask, q, c->actor, no))
        return false;
    const size_t most = ask.tree->n_people + 1;
    r.rows = ARENA_ARRAY(l->arena, struct row, most);
    r.of_part = ARENA_ARRAY(l->arena, size_t, most);
    if (q->team_id)
        add_members(&r, q->team_id, NULL);
    else if (q->territory_id)
        add_members(&r, NULL, opportunities_areas(l, ask.at_us, q->territory_id));
    else
        add_tree(&r);
    say(&r, q, out);
    *reply = &out->base;
    return true;
}
