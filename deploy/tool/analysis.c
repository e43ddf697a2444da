/* What was done and what came of it: measures as a table or as CSV, who enters what, and advice. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "tool/list_map.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 256 << 20, MEASURES_MOST = 8, BY_MOST = 2, COLUMNS = BY_MOST + 8 };

struct asking {
    char *period, *user, *by, *detail, *weeks, *currency;
    bool csv, compare, largest;
    char **measures;
    size_t n_measures;
    Baton__MeasureDimension dimensions[BY_MOST];
    size_t n_dimensions;
};

/* --- measures --- */

/* A line for each figure: what it is told apart by, the measure, how many, share, for how much, how long. One
   of several currencies has a line for each. */
typedef void line_fn(void *arg, const char *const *cells, size_t n);

static const char *key_shown(const Baton__MeasureGroup *g, size_t k, struct arena *a)
{
    const bool named = k < g->n_names && g->names[k] != NULL && g->names[k][0] != '\0';
    return named                                    ? g->names[k]
           : k < g->n_keys && g->keys[k][0] != '\0' ? g->keys[k]
                                                    : arena_strdup(a, "(none)");
}

static void say_value(const Baton__MeasureGroup *g, size_t n_by, const char *when,
                      const Baton__MeasureValue *v, line_fn *line, void *arg, struct arena *a)
{
    const char *cells[COLUMNS];
    size_t n = 0;
    for (size_t k = 0; k < n_by; k++)
        cells[n++] = g->n_keys > 0 ? key_shown(g, k, a) : "total";
    cells[n++] = when;
    cells[n++] = v->measure;
    cells[n++] = arena_printf(a, "%" PRId64, v->count);
    cells[n++] = v->has_permille ? output_permille(a, v->permille) : "";
    cells[n++] = v->has_mean_hours ? arena_printf(a, "%" PRIu64, v->mean_hours) : "";
    cells[n++] = v->has_median_hours ? arena_printf(a, "%" PRIu64, v->median_hours) : "";
    for (size_t i = 0; i < v->n_amounts; i++) {
        cells[n] = output_amount(a, v->amounts[i]->minor_units, v->amounts[i]->currency_code);
        cells[n + 1] = v->amounts[i]->currency_code;
        line(arg, cells, n + 2);
    }
    cells[n] = cells[n + 1] = "";
    if (v->n_amounts == 0)
        line(arg, cells, n + 2);
}

static void say_group(const Baton__MeasureGroup *g, size_t n_by, line_fn *line, void *arg, struct arena *a)
{
    for (size_t i = 0; i < g->n_values; i++)
        say_value(g, n_by, "now", g->values[i], line, arg, a);
    for (size_t i = 0; i < g->n_before; i++)
        say_value(g, n_by, "before", g->before[i], line, arg, a);
}

static const char *by_word(Baton__MeasureDimension d, struct arena *a)
{
    return output_word(a, &baton__measure_dimension__descriptor, (int)d, "MEASURE_DIMENSION_");
}

static void add_line(void *arg, const char *const *cells, size_t n)
{
    (void)n; /* as many as the grid has */
    grid_add(arg, cells);
}

struct csv_out {
    FILE *out;
    struct arena *arena;
};

static void write_line(void *arg, const char *const *cells, size_t n)
{
    const struct csv_out *w = arg;
    for (size_t i = 0; i < n; i++) {
        const char *cell = cell_guard(cells[i], w->arena);
        if (i > 0)
            fputc(',', w->out);
        csv_fwrite(w->out, cell, strlen(cell));
    }
    fputs("\r\n", w->out);
}

/* Of CSV: no total, so that columns can be added up. */
static void write_csv(struct session *s, const struct asking *q, const Baton__QueryMeasuresResponse *r)
{
    static const char *const rest[] = {"when",       "measure",      "count",  "share",
                                       "mean_hours", "median_hours", "amount", "currency"};
    struct csv_out w = {s->tool->out, s->arena};
    const char *heads[COLUMNS];
    size_t n = 0;
    for (size_t k = 0; k < q->n_dimensions; k++)
        heads[n++] = by_word(q->dimensions[k], s->arena);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        heads[n++] = rest[i];
    write_line(&w, heads, n);
    for (size_t i = 0; i < r->n_groups; i++)
        say_group(r->groups[i], q->n_dimensions, write_line, &w, s->arena);
    if (q->n_dimensions == 0)
        say_group(r->total, 0, write_line, &w, s->arena);
}

static void print_measures(struct session *s, const struct asking *q, const Baton__QueryMeasuresResponse *r)
{
    struct grid g;
    const char *heads = "";
    for (size_t k = 0; k < q->n_dimensions; k++)
        heads = arena_printf(s->arena, "%s%s|", heads, by_word(q->dimensions[k], s->arena));
    grid_init(&g, s->arena,
              arena_printf(s->arena, "%swhen|measure|>count|>share|>mean h|>median h|>amount|", heads));
    for (size_t i = 0; i < r->n_groups; i++)
        say_group(r->groups[i], q->n_dimensions, add_line, &g, s->arena);
    say_group(r->total, q->n_dimensions, add_line, &g, s->arena);
    fprintf(s->tool->out, "%s, %s to %s\n", r->period, r->first_day, r->last_day);
    grid_print(&g, s->tool);
    for (size_t i = 0; i < r->n_rates; i++)
        fprintf(s->tool->out, "%s: %s\n", r->rates[i]->from_currency,
                r->rates[i]->day == NULL ? "there is no rate, so it stands apart"
                                         : arena_printf(s->arena, "at the rate to %s of %s",
                                                        r->rates[i]->to_currency, r->rates[i]->day));
    if (r->groups_left_out > 0)
        fprintf(s->tool->out, "%u more; the total is of all\n", r->groups_left_out);
}

static bool read_by(struct session *s, struct asking *q)
{
    for (char *word = q->by; word && *word;) {
        const size_t length = strcspn(word, ",");
        const int d = option_word(&baton__measure_dimension__descriptor, "MEASURE_DIMENSION_",
                                  arena_strndup(s->arena, word, length));
        if (d == 0 || q->n_dimensions == BY_MOST)
            return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL,
                          "--by is up to two of owner, team, territory, pipeline, month and detail");
        q->dimensions[q->n_dimensions++] = (Baton__MeasureDimension)d;
        word += length + (word[length] == ',');
    }
    return true;
}

static bool ask(struct session *s)
{
    struct asking *q = s->arg;
    Baton__QueryMeasuresRequest r = BATON__QUERY_MEASURES_REQUEST__INIT;
    if (!read_by(s, q) || !records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no))
        return false;
    r.measures = q->measures;
    r.n_measures = q->n_measures;
    r.by = q->dimensions;
    r.n_by = q->n_dimensions;
    r.period = q->period;
    r.detail = q->detail;
    r.currency_code = q->currency;
    r.has_compare = r.compare = q->compare;
    r.has_largest_first = r.largest_first = q->largest;
    const Baton__QueryMeasuresResponse *answer = session_call(s, "AnalysisService/QueryMeasures", &r);
    if (answer == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, answer);
    else if (q->csv)
        write_csv(s, q, answer);
    else
        print_measures(s, q, answer);
    return true;
}

static void print_list(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListMeasuresResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "measure|unit|detail|what it counts");
    for (size_t i = 0; i < r->n_measures; i++) {
        const Baton__Measure *m = r->measures[i];
        grid_add(&g, (const char *[]){m->name, m->unit, m->detail ? m->detail : "", m->counts});
    }
    grid_print(&g, t);
}

static bool ask_list(struct session *s)
{
    Baton__ListMeasuresRequest r = BATON__LIST_MEASURES_REQUEST__INIT;
    return session_ask(s, "AnalysisService/ListMeasures", &r, print_list);
}

int tool_analysis(struct tool *t, int argc, char **argv)
{
    struct asking q = {0};
    const struct option_row rows[] = {
        {"period", OPTION_TEXT, &q.period},   {"user", OPTION_TEXT, &q.user},
        {"by", OPTION_TEXT, &q.by},           {"detail", OPTION_TEXT, &q.detail},
        {"csv", OPTION_FLAG, &q.csv},         {"compare", OPTION_FLAG, &q.compare},
        {"largest", OPTION_FLAG, &q.largest}, {"currency", OPTION_TEXT, &q.currency}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, MEASURES_MOST, &first))
        return TOOL_USAGE;
    q.measures = argv + first;
    q.n_measures = (size_t)(argc - first);
    return session_run(t, ARENA_LIMIT, q.n_measures > 0 ? ask : ask_list, &q);
}

/* --- adoption --- */

static void print_adoption(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetAdoptionResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "who|>made|>changed|>entered after|>median h late|>complete|>days idle|last");
    for (size_t i = 0; i < r->n_users; i++) {
        const Baton__AdoptionUser *u = r->users[i];
        grid_add(&g,
                 (const char *[]){u->name ? u->name : u->user_id, output_number(a, u->created),
                                  output_number(a, u->changed), output_number(a, u->entered_after),
                                  u->has_median_late_hours ? output_number(a, u->median_late_hours) : "",
                                  u->has_complete_permille ? output_permille(a, u->complete_permille) : "",
                                  u->has_idle_days ? output_number(a, u->idle_days) : "never",
                                  output_time(a, u->last_at)});
    }
    fprintf(t->out, "%s to %s\n", r->first_day, r->last_day);
    grid_print(&g, t);
    if (r->users_left_out > 0)
        fprintf(t->out, "%u more people\n", r->users_left_out);
}

static bool ask_adoption(struct session *s)
{
    const struct asking *q = s->arg;
    Baton__GetAdoptionRequest r = BATON__GET_ADOPTION_REQUEST__INIT;
    char *end = NULL;
    r.has_weeks = q->weeks != NULL;
    r.weeks = q->weeks != NULL ? (uint32_t)strtoul(q->weeks, &end, 10) : 0;
    if (q->weeks != NULL && (*end != '\0' || r.weeks == 0))
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "--weeks is a whole number");
    return records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no) &&
           session_ask(s, "AnalysisService/GetAdoption", &r, print_adoption);
}

int tool_adoption(struct tool *t, int argc, char **argv)
{
    struct asking q = {0};
    const struct option_row rows[] = {{"weeks", OPTION_TEXT, &q.weeks}, {"user", OPTION_TEXT, &q.user}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, ask_adoption, &q);
}

/* --- advice --- */

static void print_advice(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetAdviceResponse *r = answer;
    struct grid g;
    grid_init(&g, a, "about|whom|why|id");
    for (size_t i = 0; i < r->n_advice; i++) {
        const Baton__Advice *v = r->advice[i];
        const char *id = v->user_id ? v->user_id : v->territory_id ? v->territory_id : v->opportunity_id;
        grid_add(&g, (const char *[]){
                         output_word(a, &baton__advice_kind__descriptor, (int)v->kind, "ADVICE_KIND_"),
                         v->name ? v->name : "", v->reason, id});
    }
    grid_print(&g, t);
    if (r->n_advice == 0)
        fprintf(t->out, "nothing stands out\n");
    if (r->cut)
        fprintf(t->out, "the first %u open deals were looked at\n", r->deals_looked_at);
}

static bool ask_advice(struct session *s)
{
    const struct asking *q = s->arg;
    Baton__GetAdviceRequest r = BATON__GET_ADVICE_REQUEST__INIT;
    return records_user_id(s->api, q->user, s->arena, &r.user_id, &s->no) &&
           session_ask(s, "AnalysisService/GetAdvice", &r, print_advice);
}

int tool_advice(struct tool *t, int argc, char **argv)
{
    struct asking q = {0};
    const struct option_row rows[] = {{"user", OPTION_TEXT, &q.user}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, ask_advice, &q);
}
