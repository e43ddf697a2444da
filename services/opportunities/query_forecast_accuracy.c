/* What was said of a period, beside what it came to: by person, and by who is below whom. */
#include <string.h>

#include "services/opportunities/rows.h"

enum { PERMILLE = 1000, PERMILLE_MAX = 1000000 };

static const Baton__ForecastSums *sums_in(Baton__ForecastSums *const *sums, size_t n, const char *currency)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(sums[i]->currency_code, currency) == 0)
            return sums[i];
    return NULL;
}

/* --- how far off --- */

/* 1: of what came; of nothing, nobody is off by a share */
static bool off(int64_t said, int64_t came, int64_t *out)
{
    const double share = came > 0 ? ((double)said - (double)came) / (double)came * PERMILLE : 0;
    *out = (int64_t)(share < PERMILLE_MAX ? share : PERMILLE_MAX);
    return came > 0;
}

static Baton__ForecastAccuracy *compare(const Baton__ForecastSums *said, const Baton__ForecastSums *came,
                                        struct arena *a)
{
    static const Baton__ForecastSums nothing = BATON__FORECAST_SUMS__INIT;
    Baton__ForecastAccuracy *x = ARENA_NEW(a, Baton__ForecastAccuracy);
    baton__forecast_accuracy__init(x);
    x->currency_code = said ? said->currency_code : came->currency_code;
    said = said ? said : &nothing;
    x->has_came = x->has_commit = x->has_weighted = true;
    x->came = came ? came->closed : 0;
    x->commit = said->closed + said->commit;
    x->weighted = said->closed + said->weighted;
    x->has_own = said->has_own;
    x->own = said->own;
    x->has_adjusted = said->has_adjusted;
    x->adjusted = said->adjusted;
    x->has_commit_permille = off(x->commit, x->came, &x->commit_permille);
    x->has_weighted_permille = off(x->weighted, x->came, &x->weighted_permille);
    x->has_own_permille = x->has_own && off(x->own, x->came, &x->own_permille);
    x->has_adjusted_permille = x->has_adjusted && off(x->adjusted, x->came, &x->adjusted_permille);
    return x;
}

/* 2: in the currencies in which anything was said, then in those in which only something came */
static Baton__ForecastAccuracy **compare_all(Baton__ForecastSums *const *said, size_t n_said,
                                             Baton__ForecastSums *const *came, size_t n_came, size_t *n,
                                             struct arena *a)
{
    const size_t most = n_said + n_came;
    Baton__ForecastAccuracy **out = ARENA_ARRAY(a, Baton__ForecastAccuracy *, most);
    *n = 0;
    for (size_t i = 0; i < n_said; i++)
        out[(*n)++] = compare(said[i], sums_in(came, n_came, said[i]->currency_code), a);
    for (size_t i = 0; i < n_came; i++)
        if (!sums_in(said, n_said, came[i]->currency_code))
            out[(*n)++] = compare(NULL, came[i], a);
    return out;
}

/* --- rows --- */

static bool same_person(const char *x, const char *y)
{
    return x && y ? strcmp(x, y) == 0 : !x && !y;
}

static const Baton__ForecastRow *row_of(const Baton__GetForecastResponse *r, const Baton__ForecastRow *of)
{
    for (size_t i = 0; i < r->n_rows; i++)
        if (same_person(r->rows[i]->user_id, of->user_id) && r->rows[i]->with_below == of->with_below)
            return r->rows[i];
    return NULL;
}

static void add_row(Baton__GetForecastAccuracyResponse *out, const Baton__ForecastRow *said,
                    const Baton__ForecastRow *came, struct arena *a)
{
    static const Baton__ForecastRow none = BATON__FORECAST_ROW__INIT;
    const Baton__ForecastRow *who = said ? said : came;
    Baton__ForecastAccuracyRow *row = out->rows[out->n_rows++] = ARENA_NEW(a, Baton__ForecastAccuracyRow);
    baton__forecast_accuracy_row__init(row);
    row->user_id = who->user_id;
    row->name = who->name;
    row->has_with_below = who->has_with_below;
    row->with_below = who->with_below;
    row->has_people = true;
    row->people = who->people;
    said = said ? said : &none;
    came = came ? came : &none;
    row->sums = compare_all(said->sums, said->n_sums, came->sums, came->n_sums, &row->n_sums, a);
}

/* 3: whoever said something, and whoever brought something of which nobody had spoken */
static void add_rows(Baton__GetForecastAccuracyResponse *out, const Baton__GetForecastResponse *said,
                     const Baton__GetForecastResponse *came, struct arena *a)
{
    const size_t most = said->n_rows + came->n_rows;
    out->rows = ARENA_ARRAY(a, Baton__ForecastAccuracyRow *, most);
    for (size_t i = 0; i < said->n_rows; i++)
        add_row(out, said->rows[i], row_of(came, said->rows[i]), a);
    for (size_t i = 0; i < came->n_rows; i++)
        if (!row_of(said, came->rows[i]))
            add_row(out, NULL, came->rows[i], a);
    out->has_rows_left_out = true;
    out->rows_left_out = said->rows_left_out;
}

/* --- what is asked --- */

static void ask_of(const Baton__GetForecastAccuracyRequest *q, Baton__GetForecastRequest *out)
{
    baton__get_forecast_request__init(out);
    out->period = q->period;
    out->user_id = q->user_id;
    out->team_id = q->team_id;
    out->territory_id = q->territory_id;
    out->product_id = q->product_id;
    out->pipeline_id = q->pipeline_id;
}

/* 4: unless a period is named, of the last quarter that is over; unless a day is, as of its first day's end
 */
static bool ask_then(struct load *l, const struct command *c, Baton__GetForecastRequest *as,
                     struct forecast_ask *ask, struct refusal *no)
{
    const Baton__GetForecastAccuracyRequest *q = (const Baton__GetForecastAccuracyRequest *)c->request;
    const struct forecast_words words = {.period = q->period};
    Baton__Actor anybody = BATON__ACTOR__INIT;
    anybody.has_role = true;
    anybody.role = BATON__ROLE__ROLE_ADMIN; /* which period it is, anybody may know */
    if (!opportunities_ask(l, &anybody, &words, ask, no))
        return false;
    if (!q->period || !*q->period)
        as->period = forecast_months_name(forecast_quarter_of(ask->months.first - 1, ask->begins),
                                          ask->begins, l->arena);
    struct forecast_months months = ask->months;
    (void)forecast_months_parse(as->period, ask->begins, &months); /* it is one */
    as->as_of =
        q->said_on && *q->said_on ? q->said_on : forecast_day_text(forecast_first_day(months), l->arena);
    if (strcmp(as->as_of, forecast_day_text(forecast_last_day(months), l->arena)) > 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "said_on",
                      "what is said of a period when it is over is no forecast");
    return opportunities_forecast_ask(l, c->actor, as, ask, no);
}

bool opportunities_query_accuracy(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                  struct refusal *no)
{
    Baton__GetForecastAccuracyResponse *out = ARENA_NEW(l->arena, Baton__GetForecastAccuracyResponse);
    Baton__GetForecastRequest as;
    struct forecast_ask ask;
    baton__get_forecast_accuracy_response__init(out);
    ask_of((const Baton__GetForecastAccuracyRequest *)c->request, &as);
    if (!ask_then(l, c, &as, &ask, no))
        return false;
    const Baton__GetForecastResponse *said = opportunities_forecast_told(l, &as, &ask);
    const struct forecast_ask end = opportunities_ask_then(l, &ask, said->last_day);
    const Baton__GetForecastResponse *came = opportunities_forecast_told(l, &as, &end);
    out->period = said->period;
    out->first_day = said->first_day;
    out->last_day = said->last_day;
    out->said_at = said->as_of;
    out->came_at = came->as_of;
    out->total = compare_all(said->total, said->n_total, came->total, came->n_total, &out->n_total, l->arena);
    add_rows(out, said, came, l->arena);
    *reply = &out->base;
    return true;
}
