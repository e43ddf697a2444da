/* `baton plan`: plans listed, shown and started, and their templates. */
#include <string.h>

#include "baton/v1/plans.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 256 << 20, PAGE = 200 };

static const Baton__PlanTemplate *template_of(struct session *s, const char *name)
{
    struct record_list all;
    if (!records_load(s->api, "plan_template", s->arena, &all, &s->no))
        return NULL;
    const Baton__PlanTemplate *t = (const Baton__PlanTemplate *)records_find(&all, "name", name);
    if (t == NULL)
        (void)refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no template \"%s\"", name);
    return t;
}

/* --- list --- */

struct listing {
    const char *opportunity, *account, *owner, *template, *state;
};

static void print_page(struct session *s, const Baton__ListPlansResponse *r, struct grid *g)
{
    struct arena *a = s->arena;
    for (size_t i = 0; i < r->n_plans; i++) {
        const Baton__PlanProgress *p = r->plans[i];
        grid_add(g,
                 (const char *[]){
                     p->name,
                     p->account_id != NULL ? records_name(s, "account", p->account_id) : p->opportunity_name,
                     output_word(a, &baton__plan_state__descriptor, (int)p->state, "PLAN_STATE_"),
                     arena_printf(a, "%u/%u", p->closed_steps, p->steps),
                     p->late_steps > 0 ? output_number(a, p->late_steps) : "", p->next_title,
                     output_time(a, p->next_due_at), p->plan_id});
    }
}

static void print_totals(struct session *s, const Baton__PlanTotals *t, bool cut)
{
    struct arena *a = s->arena;
    fprintf(s->tool->out, "%s plans: %s active, %s done; %s of %s steps are closed, %s late%s\n",
            output_number(a, t->plans), output_number(a, t->active_plans), output_number(a, t->done_plans),
            output_number(a, t->closed_steps), output_number(a, t->steps), output_number(a, t->late_steps),
            cut ? " (of the newest 2,000)" : "");
}

/* What is asked for; false: s->no says why not. */
static bool ask_for(struct session *s, Baton__ListPlansRequest *q)
{
    const struct listing *l = s->arg;
    const Baton__PlanTemplate *t = l->template != NULL ? template_of(s, l->template) : NULL;
    if ((l->template != NULL && t == NULL) ||
        !records_user_id(s->api, l->owner, s->arena, &q->owner_id, &s->no))
        return false;
    q->opportunity_id = (char *)(uintptr_t)l->opportunity;
    q->account_id = (char *)(uintptr_t)l->account;
    q->template_id = t != NULL ? t->id : NULL;
    q->has_state = l->state != NULL;
    q->state = q->has_state ? option_word(&baton__plan_state__descriptor, "PLAN_STATE_", l->state) : 0;
    q->has_page_size = true;
    q->page_size = PAGE;
    return true;
}

static bool list(struct session *s)
{
    Baton__ListPlansRequest q = BATON__LIST_PLANS_REQUEST__INIT;
    const Baton__PlanTotals *totals = NULL;
    struct grid g;
    bool cut = false;
    if (!ask_for(s, &q))
        return false;
    grid_init(&g, s->arena, "name|of|state|>done|>late|next|due|id");
    do {
        const Baton__ListPlansResponse *r = session_call(s, "PlanService/ListPlans", &q);
        if (r == NULL)
            return false;
        if (s->tool->json)
            tool_print_json(s->tool, r);
        print_page(s, r, &g);
        if (r->totals != NULL) {
            totals = r->totals;
            cut = r->cut;
        }
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (s->tool->json)
        return true;
    grid_print(&g, s->tool);
    print_totals(s, totals, cut);
    return true;
}

int tool_plan_list(struct tool *t, int argc, char **argv)
{
    struct listing l = {0};
    int first;
    const struct option_row rows[] = {{"opportunity", OPTION_TEXT, &l.opportunity},
                                      {"account", OPTION_TEXT, &l.account},
                                      {"owner", OPTION_TEXT, &l.owner},
                                      {"template", OPTION_TEXT, &l.template},
                                      {"state", OPTION_TEXT, &l.state}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    if (l.state != NULL && option_word(&baton__plan_state__descriptor, "PLAN_STATE_", l.state) == 0) {
        fprintf(stderr, "error: plans are active, done or abandoned, not \"%s\"\n", l.state);
        return TOOL_USAGE;
    }
    return session_run(t, MEMORY, list, &l);
}

/* --- one --- */

/* Who closed it and why, or what did. */
static const char *closed_by(struct session *s, const Baton__PlanStep *step)
{
    struct arena *a = s->arena;
    if (step->evidence_service != NULL)
        return arena_printf(a, "%s in %s", step->evidence_id, step->evidence_service);
    const char *who = records_name(s, "user", step->closed_by_id);
    return step->skip_reason != NULL ? arena_printf(a, "%s: %s", who, step->skip_reason) : who;
}

static void print_plan(struct session *s, const Baton__Plan *p)
{
    struct arena *a = s->arena;
    struct grid g;
    fprintf(s->tool->out, "%s of %s, %s: %s, %u of %zu steps closed%s%s\n", output_text(a, p->name),
            p->account_id != NULL ? records_name(s, "account", p->account_id)
                                  : records_name(s, "opportunity", p->opportunity_id),
            records_name(s, "user", p->owner_id),
            output_word(a, &baton__plan_state__descriptor, (int)p->state, "PLAN_STATE_"), p->closed_steps,
            p->n_steps, p->end_reason != NULL ? ": " : "", output_text(a, p->end_reason));
    grid_init(&g, a, "key|step|whose|state|due|closed|by");
    for (size_t i = 0; i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i];
        grid_add(&g, (const char *[]){step->key, step->title, records_name(s, "user", step->assignee_id),
                                      step->late_at != NULL && step->closed_at == NULL
                                          ? "late"
                                          : output_word(a, &baton__plan_step_state__descriptor,
                                                        (int)step->state, "PLAN_STEP_STATE_"),
                                      output_time(a, step->due_at), output_time(a, step->closed_at),
                                      closed_by(s, step)});
    }
    grid_print(&g, s->tool);
}

static bool show(struct session *s)
{
    Baton__GetPlanRequest q = BATON__GET_PLAN_REQUEST__INIT;
    q.plan_id = s->words[0];
    const Baton__GetPlanResponse *r = session_call(s, "PlanService/GetPlan", &q);
    if (r == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, r->plan);
    else
        print_plan(s, r->plan);
    return true;
}

int tool_plan_show(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, show);
}

/* --- start --- */

struct starting {
    char *opportunity, *account, *template;
    const char *name;
};

static void print_started(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Plan *p = ((const Baton__StartPlanResponse *)answer)->plan;
    fprintf(t->out, "%s: %zu steps, %u closed already (%s)\n", output_text(a, p->name), p->n_steps,
            p->closed_steps, p->id);
}

static bool start(struct session *s)
{
    const struct starting *x = s->arg;
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    const Baton__PlanTemplate *t = template_of(s, x->template);
    if (t == NULL)
        return false;
    q.request_id = request_id_new(s->arena);
    q.opportunity_id = x->opportunity;
    q.account_id = x->account;
    q.template_id = t->id;
    q.name = (char *)(uintptr_t)x->name;
    return session_ask(s, "PlanService/StartPlan", &q, print_started);
}

int tool_plan_start(struct tool *t, int argc, char **argv)
{
    struct starting x = {0};
    int first;
    bool of_account = false;
    const struct option_row rows[] = {{"name", OPTION_TEXT, &x.name}, {"account", OPTION_FLAG, &of_account}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 2, 2, &first))
        return TOOL_USAGE;
    *(of_account ? &x.account : &x.opportunity) = argv[first];
    x.template = argv[first + 1];
    return session_run(t, MEMORY, start, &x);
}

/* --- templates --- */

static bool list_templates(struct session *s)
{
    struct record_list all;
    struct grid g;
    if (!records_load(s->api, "plan_template", s->arena, &all, &s->no))
        return false;
    if (s->tool->json) {
        records_print_json(s->tool, &all);
        return true;
    }
    grid_init(&g, s->arena, "name|situation|industry|starts in|>steps|state|id");
    for (size_t i = 0; i < all.n; i++) {
        const Baton__PlanTemplate *t = (const Baton__PlanTemplate *)all.rows[i];
        grid_add(&g,
                 (const char *[]){t->name, t->situation, t->industry, t->start_stage_key,
                                  output_number(s->arena, t->n_steps), t->retired ? "retired" : "", t->id});
    }
    grid_print(&g, s->tool);
    return true;
}

static bool show_template(struct session *s)
{
    const Baton__PlanTemplate *t = template_of(s, s->words[1]);
    if (t != NULL)
        tool_print_json(s->tool, t);
    return t != NULL;
}

static bool set_template(struct session *s)
{
    return records_set(s, "plan_template", &baton__plan_template__descriptor, s->words[1]);
}

static const struct {
    const char *word;
    size_t n_words;
    session_fn *work;
} templates[] = {{"list", 1, list_templates}, {"show", 2, show_template}, {"set", 2, set_template}};

static bool template(struct session *s)
{
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
        if (strcmp(templates[i].word, s->words[0]) == 0 && templates[i].n_words == s->n_words)
            return templates[i].work(s);
    return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "templates: list, show NAME, or set FILE.json");
}

int tool_plan_template(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 2, MEMORY, template);
}
