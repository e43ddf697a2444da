/* What is to be sold: what a period comes to, what changed of it, and one's own number for it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "baton/v1/record.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 256 << 20, ROW_CELLS = 10 };

struct asking {
    char *period, *as_of, *by, *user, *team, *product, *from, *to, *reason, *seed, *currency, *amount;
};

/* --- whom and what --- */

static bool find_team(struct session *s, const char *name, char **id)
{
    const Baton__Team *t = name != NULL ? records_team(s->api, name, s->arena, &s->no) : NULL;
    *id = t != NULL ? t->id : NULL;
    return name == NULL || t != NULL;
}

static bool find_product(struct session *s, const char *code, char **id)
{
    struct record_list products;
    *id = NULL;
    if (code == NULL)
        return true;
    if (!records_load(s->api, "product", s->arena, &products, &s->no))
        return false;
    const Baton__Product *p = (const Baton__Product *)records_find(&products, "code", code);
    *id = p != NULL ? p->id : NULL;
    return p != NULL || refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no product \"%s\"", code);
}

/* --- by people --- */

static void add_sums(struct grid *g, const char *name, const Baton__ForecastSums *x, struct arena *a)
{
    const int64_t parts[] = {x->closed, x->commit, x->best_case, x->pipeline, x->weighted};
    const char *cells[ROW_CELLS] = {name, x->currency_code, output_number(a, x->deals)};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cells[3 + i] = output_amount(a, parts[i], x->currency_code);
    cells[8] = x->has_quota ? output_amount(a, x->quota, x->currency_code) : "";
    cells[9] = x->has_adjusted ? output_amount(a, x->adjusted, x->currency_code)
               : x->has_own    ? output_amount(a, x->own, x->currency_code)
                               : "";
    grid_add(g, cells);
}

static void print_forecast(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetForecastResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "who||>deals|>closed|>commit|>best case|>pipeline|>weighted|>quota|>said");
    for (size_t i = 0; i < r->n_rows; i++) {
        const Baton__ForecastRow *row = r->rows[i];
        const char *name = row->user_id == NULL ? "(nobody)" : row->name != NULL ? row->name : row->user_id;
        for (size_t k = 0; k < row->n_sums; k++)
            add_sums(&g, row->with_below && row->people > 1 ? arena_printf(a, "%s and below", name) : name,
                     row->sums[k], a);
    }
    for (size_t i = 0; i < r->n_total; i++)
        add_sums(&g, "total", r->total[i], a);
    fprintf(t->out, "%s, %s to %s, as of %s\n", r->period, r->first_day, r->last_day,
            output_time(a, r->as_of));
    grid_print(&g, t);
    if (r->rows_left_out > 0)
        fprintf(t->out, "%u more people; the total is of all\n", r->rows_left_out);
    if (r->ring)
        fprintf(t->out, "managers are above one another in a ring; it was cut open\n");
}

/* --- by deals --- */

static void print_chances(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetCalibratedForecastResponse *r = answer;
    const char *c = r->currency_code;
    struct grid g;
    fprintf(t->out,
            "%s in %s: P10 %s, P50 %s, P90 %s; %s of it is won already (seed %" PRIu64 ", %u draws)\n",
            r->period, c, output_amount(a, r->p10, c), output_amount(a, r->p50, c),
            output_amount(a, r->p90, c), output_amount(a, r->closed, c), r->seed, r->runs);
    if (r->unlearned)
        fprintf(t->out, "Nothing has closed yet: these are no more than a beginning.\n");
    grid_init(&g, a, "deal|>won|>by stage|>owner|>product|>said||>amount|>expected|id");
    for (size_t i = 0; i < r->n_deals; i++) {
        const Baton__DealChance *d = r->deals[i];
        grid_add(&g,
                 (const char *[]){
                     d->name, output_permille(a, d->wins_permille), output_permille(a, d->stage_permille),
                     arena_printf(a, "%u %%", d->owner_percent), arena_printf(a, "%u %%", d->product_percent),
                     arena_printf(a, "%u %%", d->said_percent), d->said_above ? "too high" : "",
                     d->has_amount ? output_amount(a, d->amount, c) : "", output_amount(a, d->expected, c),
                     d->opportunity_id});
    }
    grid_print(&g, t);
}

static bool by_deals(struct session *s, const struct asking *q)
{
    Baton__GetCalibratedForecastRequest r = BATON__GET_CALIBRATED_FORECAST_REQUEST__INIT;
    char *end = NULL;
    r.period = q->period;
    r.currency_code = q->currency;
    r.has_seed = q->seed != NULL;
    r.seed = q->seed != NULL ? strtoull(q->seed, &end, 10) : 0;
    if (q->as_of != NULL || q->team != NULL || q->product != NULL || (end != NULL && *end != '\0'))
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "--by deals is of now and of a person with all below; a seed is a whole number");
    return records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no) &&
           session_ask(s, "ForecastService/GetCalibratedForecast", &r, print_chances);
}

/* --- what was said, beside what came --- */

static const char *said(bool has, int64_t amount, bool has_permille, int64_t permille, const char *currency,
                        struct arena *a)
{
    if (!has)
        return "";
    const char *text = output_amount(a, amount, currency);
    return has_permille ? arena_printf(a, "%s (%+" PRId64 " %%)", text, permille / 10) : text;
}

static void add_accuracy(struct grid *g, const char *name, const Baton__ForecastAccuracy *x, struct arena *a)
{
    const char *c = x->currency_code;
    grid_add(g,
             (const char *[]){
                 name, c, output_amount(a, x->came, c),
                 said(true, x->commit, x->has_commit_permille, x->commit_permille, c, a),
                 said(true, x->weighted, x->has_weighted_permille, x->weighted_permille, c, a),
                 said(x->has_own, x->own, x->has_own_permille, x->own_permille, c, a),
                 said(x->has_adjusted, x->adjusted, x->has_adjusted_permille, x->adjusted_permille, c, a)});
}

static void print_accuracy(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetForecastAccuracyResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "who||>came|>closed and commit|>weighted|>own|>manager");
    for (size_t i = 0; i < r->n_rows; i++) {
        const Baton__ForecastAccuracyRow *row = r->rows[i];
        const char *name = row->user_id == NULL ? "(nobody)" : row->name != NULL ? row->name : row->user_id;
        for (size_t k = 0; k < row->n_sums; k++)
            add_accuracy(&g,
                         row->with_below && row->people > 1 ? arena_printf(a, "%s and below", name) : name,
                         row->sums[k], a);
    }
    for (size_t i = 0; i < r->n_total; i++)
        add_accuracy(&g, "total", r->total[i], a);
    fprintf(t->out, "%s, %s to %s, as said until %s\n", r->period, r->first_day, r->last_day,
            output_time(a, r->said_at));
    grid_print(&g, t);
    if (r->rows_left_out > 0)
        fprintf(t->out, "%u more people; the total is of all\n", r->rows_left_out);
}

static bool by_accuracy(struct session *s, const struct asking *q)
{
    Baton__GetForecastAccuracyRequest r = BATON__GET_FORECAST_ACCURACY_REQUEST__INIT;
    r.period = q->period;
    r.said_on = q->as_of;
    return records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no) &&
           find_team(s, q->team, &r.team_id) && find_product(s, q->product, &r.product_id) &&
           session_ask(s, "ForecastService/GetForecastAccuracy", &r, print_accuracy);
}

static bool ask(struct session *s)
{
    const struct asking *q = s->arg;
    Baton__GetForecastRequest r = BATON__GET_FORECAST_REQUEST__INIT;
    if (q->by != NULL && strcmp(q->by, "deals") == 0)
        return by_deals(s, q);
    if (q->by != NULL && strcmp(q->by, "accuracy") == 0)
        return by_accuracy(s, q);
    if (q->by != NULL && strcmp(q->by, "people") != 0)
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "--by is people, deals or accuracy");
    r.period = q->period;
    r.as_of = q->as_of;
    return records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no) &&
           find_team(s, q->team, &r.team_id) && find_product(s, q->product, &r.product_id) &&
           session_ask(s, "ForecastService/GetForecast", &r, print_forecast);
}

int tool_forecast(struct tool *t, int argc, char **argv)
{
    struct asking q = {0};
    const struct option_row rows[] = {
        {"period", OPTION_TEXT, &q.period}, {"as-of", OPTION_TEXT, &q.as_of},
        {"by", OPTION_TEXT, &q.by},         {"user", OPTION_TEXT, &q.user},
        {"team", OPTION_TEXT, &q.team},     {"product", OPTION_TEXT, &q.product},
        {"seed", OPTION_TEXT, &q.seed},     {"currency", OPTION_TEXT, &q.currency},
    };
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, ask, &q);
}

/* --- changes --- */

static void print_flows(struct tool *t, const Baton__ForecastFlows *f, struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "|>deals|>amount");
    for (size_t i = 0; i < f->n_flows; i++)
        grid_add(&g, (const char *[]){output_word(a, &baton__forecast_change_kind__descriptor,
                                                  (int)f->flows[i]->kind, "FORECAST_CHANGE_KIND_"),
                                      output_number(a, f->flows[i]->deals),
                                      output_amount(a, f->flows[i]->amount, f->currency_code)});
    fprintf(t->out, "%s: from %s to %s\n", f->currency_code, output_amount(a, f->begin, f->currency_code),
            output_amount(a, f->end, f->currency_code));
    grid_print(&g, t);
}

static void print_changes(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetForecastChangesResponse *r = answer;
    fprintf(t->out, "%s, from %s to %s\n", r->period, output_time(a, r->from), output_time(a, r->to));
    for (size_t i = 0; i < r->n_flows; i++)
        print_flows(t, r->flows[i], a);
    if (r->n_flows == 0)
        fprintf(t->out, "nothing changed\n");
}

static bool ask_changes(struct session *s)
{
    const struct asking *q = s->arg;
    Baton__GetForecastChangesRequest r = BATON__GET_FORECAST_CHANGES_REQUEST__INIT;
    r.period = q->period;
    r.from = q->from;
    r.to = q->to;
    return records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no) &&
           find_product(s, q->product, &r.product_id) &&
           session_ask(s, "ForecastService/GetForecastChanges", &r, print_changes);
}

int tool_forecast_changes(struct tool *t, int argc, char **argv)
{
    struct asking q = {0};
    const struct option_row rows[] = {{"period", OPTION_TEXT, &q.period},
                                      {"to", OPTION_TEXT, &q.to},
                                      {"user", OPTION_TEXT, &q.user},
                                      {"product", OPTION_TEXT, &q.product}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.from = argv[first];
    return session_run(t, ARENA_LIMIT, ask_changes, &q);
}

/* --- adjust --- */

static bool adjust(struct session *s)
{
    const struct asking *q = s->arg;
    Baton__SetForecastAdjustmentRequest r = BATON__SET_FORECAST_ADJUSTMENT_REQUEST__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    const int digits = money_digits(q->currency);
    amount.currency_code = q->currency;
    amount.has_minor_units = strcmp(q->amount, "none") != 0;
    if (digits < 0 || (amount.has_minor_units && !decimal_parse(q->amount, digits, &amount.minor_units)))
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%s %s\" is no amount (like EUR 12500.00)",
                      q->currency, q->amount);
    r.request_id = request_id_new(s->arena);
    r.period = q->period;
    r.amount = &amount;
    r.reason = q->reason;
    if (!records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no))
        return false;
    const void *answer = session_call(s, "ForecastService/SetForecastAdjustment", &r);
    if (answer != NULL && s->tool->json)
        tool_print_json(s->tool, answer);
    else if (answer != NULL)
        fprintf(s->tool->out, amount.has_minor_units ? "%s is said to come to %s %s\n" : "%s: taken back\n",
                q->period, q->currency, q->amount);
    return answer != NULL;
}

int tool_forecast_adjust(struct tool *t, int argc, char **argv)
{
    struct asking q = {0};
    const struct option_row rows[] = {{"user", OPTION_TEXT, &q.user}, {"reason", OPTION_TEXT, &q.reason}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 3, 3, &first))
        return TOOL_USAGE;
    q.period = argv[first];
    q.currency = argv[first + 1];
    q.amount = argv[first + 2];
    return session_run(t, ARENA_LIMIT, adjust, &q);
}
