/* Why a lead went where it went, as text. */
#include "tool/lead_explain.h"

#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"
#include "tool/written.h"

#include <inttypes.h>
#include <string.h>

enum { ARENA_LIMIT = 256 << 20, CANDIDATES_SHOWN = 40 };

/* ", missing: phone, title" */
static const char *missing_text(const Baton__Lead *lead, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < lead->n_missing; i++)
        text =
            arena_printf(a, "%s%s%s", text, i > 0 ? ", " : ", missing: ", output_text(a, lead->missing[i]));
    return text;
}

static void print_lead(struct tool *t, const Baton__Lead *lead, struct arena *a)
{
    const struct {
        const char *label, *value;
    } lines[] = {
        {"name", output_text(a, arena_printf(a, "%s %s", lead->first_name != NULL ? lead->first_name : "",
                                             lead->last_name != NULL ? lead->last_name : ""))},
        {"company", output_text(a, lead->company)},
        {"e-mail", output_text(a, lead->email)},
        {"source", output_text(a, lead->lead_source)},
        {"received", output_time(a, lead->received_at)},
        {"status", output_word(a, &baton__lead_status__descriptor, (int)lead->status, "LEAD_STATUS_")},
        {"because", output_text(a, lead->status_reason)},
        {"answer due", output_time(a, lead->response_due_at)},
        {"paused to", output_time(a, lead->paused_until)},
        {"rests until", output_time(a, lead->recycled_until)},
        {"waits for", lead->paused_until != NULL ? output_text(a, lead->pause_reason) : ""},
    };
    fprintf(t->out, "Lead %s\n", output_text(a, lead->id));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strspn(lines[i].value, " ") != strlen(lines[i].value))
            fprintf(t->out, "  %-10s  %s\n", lines[i].label, lines[i].value);
    if (lead->has_completeness)
        fprintf(t->out, "  %-10s  %u of 100%s\n", "complete", lead->completeness, missing_text(lead, a));
    for (size_t i = 0; i < lead->n_flags; i++)
        fprintf(t->out, "  %-10s  %s\n", "odd", output_text(a, lead->flags[i]));
}

static void print_written(struct tool *t, const Baton__ExplainLeadResponse *r, struct arena *a)
{
    if (r->acknowledgement == NULL)
        return;
    fprintf(t->out, "\n  The customer was written to on arrival, %s\n",
            output_time(a, r->lead->acknowledged_at));
    written_print(t, r->acknowledgement, a);
}

static void print_rule(struct tool *t, const Baton__RuleExplanation *r, struct arena *a)
{
    size_t shown = r->n_candidates < CANDIDATES_SHOWN ? r->n_candidates : CANDIDATES_SHOWN;
    fprintf(t->out, "    %s %s: %s\n", r->matched ? "[x]" : "[ ]", output_text(a, r->name),
            output_text(a, r->text));
    if (r->pool_name != NULL && r->matched)
        fprintf(t->out, "        pool %s%s\n", output_text(a, r->pool_name),
                r->hours_waived ? ", working hours left aside because nobody was at work" : "");
    for (size_t i = 0; i < shown; i++)
        fprintf(t->out, "        %s: %s\n", output_text(a, r->candidates[i]->name),
                output_text(a, r->candidates[i]->text));
    if (shown < r->n_candidates)
        fprintf(t->out, "        and %zu more (--json shows all)\n", r->n_candidates - shown);
}

void lead_explain_decision(struct tool *t, const Baton__DecisionExplanation *e, struct arena *a)
{
    fprintf(t->out, "  %s%s%s\n", t->colour ? "\033[1m" : "", output_text(a, e->summary),
            t->colour ? "\033[0m" : "");
    for (size_t i = 0; i < e->n_rules; i++)
        print_rule(t, e->rules[i], a);
}

void lead_explain_made(struct tool *t, const Baton__DecisionExplanation *e, struct arena *a)
{
    const Baton__Decision *d = e->decision;
    if (d != NULL)
        fprintf(t->out, "\n  %s  decision %u, policy version %" PRIu64 "\n", output_time(a, d->decided_at),
                d->number, d->policy_version);
    lead_explain_decision(t, e, a);
}

/* What stands in somebody's way, one thing a line where there are several. */
static void print_why_not(struct tool *t, const Baton__WhyNot *w, struct arena *a)
{
    fprintf(t->out, "\n  Why not %s?", output_text(a, w->name));
    if (w->then_text != NULL)
        fprintf(t->out, " When it was decided, %s %s.", output_text(a, w->name),
                output_text(a, w->then_text));
    fprintf(t->out, "\n  As things stand now: %s\n", output_text(a, w->text));
    for (size_t i = 0; w->n_obstacles > 1 && i < w->n_obstacles; i++)
        fprintf(t->out, "    %zu. %s\n", i + 1, output_text(a, w->obstacles[i]->text));
}

static void print_explanation(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ExplainLeadResponse *r = answer;
    if (r->lead != NULL)
        print_lead(t, r->lead, a);
    print_written(t, r, a);
    for (size_t i = 0; i < r->n_decisions; i++)
        lead_explain_made(t, r->decisions[i], a);
    if (r->why_not != NULL)
        print_why_not(t, r->why_not, a);
}

static bool explain(struct session *s)
{
    return session_ask(s, "LeadService/ExplainLead", s->arg, print_explanation);
}

int tool_lead_explain(struct tool *t, int argc, char **argv)
{
    Baton__ExplainLeadRequest request = BATON__EXPLAIN_LEAD_REQUEST__INIT;
    const struct option_row options[] = {{"for", OPTION_TEXT, &request.for_user_id}};
    int first;
    if (!options_read(options, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    request.id = argv[first];
    return session_run(t, ARENA_LIMIT, explain, &request);
}
