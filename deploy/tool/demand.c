/* `baton demand`: plans of what is to be made, stocked and delivered. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "baton/v1/demand.pb-c.h"
#include "tool/list_map.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 512 << 20, PAGE_ROWS = 500, YEAR = 12, ROW_MAX = 1 << 16 };

static const char no_plan[] = "there is no plan yet; `baton demand make` makes one";
static const char unassigned[] = "(unassigned)";

static const char *units(struct arena *a, int64_t quantity_e4)
{
    char text[DECIMAL_SIZE];
    decimal_format_short(text, quantity_e4, QUANTITY_DIGITS);
    return arena_strdup(a, text);
}

static const char *or_id(const char *code, const char *id, const char *none)
{
    return code != NULL ? code : id != NULL ? id : none;
}

static void print_plan(struct tool *t, const Baton__DemandPlan *p, struct arena *a)
{
    fprintf(t->out, "plan %s of %s: %u months from %04u-%02u on, %u deals (seed %" PRIu64 ", %u draws)\n",
            p->id, output_time(a, p->made_at), p->months, p->first_month / YEAR, p->first_month % YEAR + 1,
            p->deals, p->seed, p->runs);
    if (p->unquoted + p->undated + p->later > 0)
        fprintf(
            t->out,
            "not in it: %u open deals without a quote, %u without a day of closing, %u that close later\n",
            p->unquoted, p->undated, p->later);
    if (p->unlearned)
        fprintf(t->out, "Nothing has closed yet: the chances are no more than a beginning.\n");
}

/* --- make --- */

struct making {
    long months;
    const char *seed;
    bool monthly;
};

static void print_made(struct tool *t, const void *answer, struct arena *a)
{
    print_plan(t, ((const Baton__MakeDemandPlanResponse *)answer)->plan, a);
}

static bool make(struct session *s)
{
    const struct making *m = s->arg;
    Baton__MakeDemandPlanRequest q = BATON__MAKE_DEMAND_PLAN_REQUEST__INIT;
    char *end = NULL;
    q.request_id = request_id_new(s->arena);
    q.has_months = m->months > 0;
    q.months = (uint32_t)m->months;
    q.has_monthly = q.monthly = m->monthly;
    q.has_seed = m->seed != NULL;
    q.seed = m->seed != NULL ? strtoull(m->seed, &end, 10) : 0;
    if (end != NULL && *end != '\0')
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "a seed is a whole number");
    return session_ask(s, "DemandService/MakeDemandPlan", &q, print_made);
}

int tool_demand_make(struct tool *t, int argc, char **argv)
{
    struct making m = {0};
    int first;
    const struct option_row rows[] = {{"months", OPTION_NUMBER, &m.months},
                                      {"seed", OPTION_TEXT, &m.seed},
                                      {"monthly", OPTION_FLAG, &m.monthly}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, make, &m);
}

/* --- show, csv --- */

typedef void rows_fn(void *arg, const Baton__GetDemandPlanResponse *r);

/* Page by page. */
static bool each_page(struct session *s, char *plan_id, rows_fn *take, void *arg)
{
    Baton__GetDemandPlanRequest q = BATON__GET_DEMAND_PLAN_REQUEST__INIT;
    q.plan_id = plan_id;
    q.has_page_size = true;
    q.page_size = PAGE_ROWS;
    do {
        const Baton__GetDemandPlanResponse *r = session_call(s, "DemandService/GetDemandPlan", &q);
        if (r == NULL)
            return false;
        if (r->plan == NULL)
            return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "%s", no_plan);
        take(arg, r);
        q.plan_id = r->plan->id; /* a newer one may come in between */
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    return true;
}

struct showing {
    struct session *s;
    struct grid grid;
    bool begun;
};

static void show_page(void *arg, const Baton__GetDemandPlanResponse *r)
{
    struct showing *x = arg;
    struct arena *a = x->s->arena;
    if (x->s->tool->json) {
        tool_print_json(x->s->tool, r);
        return;
    }
    if (!x->begun)
        print_plan(x->s->tool, r->plan, a);
    x->begun = true;
    for (size_t i = 0; i < r->n_rows; i++) {
        const Baton__DemandUnits *u = r->rows[i];
        grid_add(&x->grid,
                 (const char *[]){or_id(u->product_code, u->product_id, ""), u->month,
                                  or_id(u->warehouse_code, u->warehouse_id, unassigned),
                                  units(a, u->expected_e4), units(a, u->p10_e4), units(a, u->p50_e4),
                                  units(a, u->p90_e4), output_number(a, u->deals)});
    }
}

static void print_plans(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ListDemandPlansResponse *r = answer;
    for (size_t i = 0; i < r->n_plans; i++)
        print_plan(t, r->plans[i], a);
}

static bool show(struct session *s)
{
    char *plan_id = s->n_words > 0 ? s->words[0] : NULL;
    Baton__ListDemandPlansRequest q = BATON__LIST_DEMAND_PLANS_REQUEST__INIT;
    struct showing x = {.s = s};
    if (plan_id != NULL && strcmp(plan_id, "all") == 0)
        return session_ask(s, "DemandService/ListDemandPlans", &q, print_plans);
    grid_init(&x.grid, s->arena, "product|month|warehouse|>expected|>P10|>P50|>P90|>deals");
    if (!each_page(s, plan_id, show_page, &x))
        return false;
    if (!s->tool->json)
        grid_print(&x.grid, s->tool);
    return true;
}

int tool_demand_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 1, ARENA_LIMIT, show);
}

struct writing {
    char *plan_id;
    const char *path;
    FILE *out;
    struct session *s;
    struct buffer line;
};

static void write_page(void *arg, const Baton__GetDemandPlanResponse *r)
{
    struct writing *w = arg;
    struct arena *a = w->s->arena;
    for (size_t i = 0; i < r->n_rows; i++) {
        const Baton__DemandUnits *u = r->rows[i];
        const char *const cells[] = {or_id(u->product_code, u->product_id, ""),
                                     u->month,
                                     or_id(u->warehouse_code, u->warehouse_id, ""),
                                     units(a, u->expected_e4),
                                     units(a, u->p10_e4),
                                     units(a, u->p50_e4),
                                     units(a, u->p90_e4),
                                     arena_printf(a, "%u", u->deals)};
        buffer_clear(&w->line);
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            cell_add(&w->line, cells[k], k == 0, a);
        (void)buffer_text(&w->line, "\r\n"); /* RFC 4180; codes are short, so a line fits */
        fwrite(w->line.data, 1, w->line.size, w->out);
    }
}

static bool write_csv(struct session *s)
{
    struct writing *w = s->arg;
    w->s = s;
    w->out = w->path != NULL ? fopen(w->path, "we") : s->tool->out;
    if (w->out == NULL) {
        fprintf(stderr, "error: %s: %s\n", w->path, strerror(errno));
        return session_end(s, TOOL_FAILED);
    }
    buffer_init(&w->line, ROW_MAX);
    fputs("product,month,warehouse,expected,p10,p50,p90,deals\r\n", w->out);
    const bool good = each_page(s, w->plan_id, write_page, w);
    const bool written = !ferror(w->out);
    buffer_release(&w->line);
    if ((w->path != NULL && fclose(w->out) != 0) || !written) {
        fprintf(stderr, "error: %s: %s\n", w->path != NULL ? w->path : "standard output", strerror(errno));
        return good ? session_end(s, TOOL_FAILED) : false;
    }
    return good;
}

int tool_demand_csv(struct tool *t, int argc, char **argv)
{
    struct writing w = {0};
    int first;
    const struct option_row rows[] = {{"out", OPTION_TEXT, &w.path}};
    if (!options_read(rows, 1, argc, argv, 0, 1, &first))
        return TOOL_USAGE;
    w.plan_id = first < argc ? argv[first] : NULL;
    return session_run(t, ARENA_LIMIT, write_csv, &w);
}

/* --- compare --- */

static const char *why_text(const Baton__DemandChange *c, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < c->n_why; i++) {
        const Baton__DemandDifference *d = c->why[i];
        text = arena_printf(
            a, "%s%s%s%s %s (%u)", text, *text ? ", " : "", d->units_e4 > 0 ? "+" : "", units(a, d->units_e4),
            output_word(a, &baton__demand_reason__descriptor, (int)d->reason, "DEMAND_REASON_"), d->deals);
    }
    return text;
}

static bool compare(struct session *s)
{
    Baton__CompareDemandPlansRequest q = BATON__COMPARE_DEMAND_PLANS_REQUEST__INIT;
    const Baton__CompareDemandPlansResponse *r;
    struct grid g;
    size_t n = 0;
    q.plan_id = s->n_words > 0 ? s->words[0] : NULL;
    q.with_plan_id = s->n_words > 1 ? s->words[1] : NULL;
    grid_init(&g, s->arena, "product|month|warehouse|>before|>now|why (deals)");
    do {
        if ((r = session_call(s, "DemandService/CompareDemandPlans", &q)) == NULL)
            return false;
        if (r->plan == NULL)
            return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "%s", no_plan);
        if (s->tool->json)
            tool_print_json(s->tool, r);
        for (size_t i = 0; i < r->n_changes; i++, n++) {
            const Baton__DemandChange *c = r->changes[i];
            grid_add(&g, (const char *[]){or_id(c->product_code, c->product_id, ""), c->month,
                                          or_id(c->warehouse_code, c->warehouse_id, unassigned),
                                          units(s->arena, c->before_e4), units(s->arena, c->after_e4),
                                          why_text(c, s->arena)});
        }
        q.plan_id = r->plan->id;
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (s->tool->json)
        return true;
    print_plan(s->tool, r->plan, s->arena);
    fprintf(s->tool->out, r->with_plan != NULL ? "beside plan %s of %s\n" : "there is no plan before it\n",
            r->with_plan != NULL ? r->with_plan->id : "",
            r->with_plan != NULL ? output_time(s->arena, r->with_plan->made_at) : "");
    if (n > 0)
        grid_print(&g, s->tool);
    else
        fprintf(s->tool->out, "nothing is other\n");
    return true;
}

int tool_demand_compare(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 0, 2, ARENA_LIMIT, compare);
}
