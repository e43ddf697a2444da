/* Why a lead went where it went, as text. */
#include "baton/v1/leads.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"

#include <inttypes.h>
#include <string.h>

enum { ARENA_LIMIT = 256 << 20, CANDIDATES_SHOWN = 40 };

/* "LEAD_STATUS_NEW" as "new"; in the arena. */
static const char *status_text(struct arena *a, Baton__LeadStatus status)
{
    const ProtobufCEnumValue *v =
        protobuf_c_enum_descriptor_get_value(&baton__lead_status__descriptor, (int)status);
    char *text = arena_strdup(a, v != NULL ? v->name + strlen("LEAD_STATUS_") : "");
    for (char *p = text; *p != '\0'; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
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
        {"status", status_text(a, lead->status)},
        {"because", output_text(a, lead->status_reason)},
        {"answer due", output_time(a, lead->response_due_at)},
    };
    fprintf(t->out, "Lead %s\n", output_text(a, lead->id));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strspn(lines[i].value, " ") != strlen(lines[i].value))
            fprintf(t->out, "  %-10s  %s\n", lines[i].label, lines[i].value);
    for (size_t i = 0; i < lead->n_flags; i++)
        fprintf(t->out, "  %-10s  %s\n", "odd", output_text(a, lead->flags[i]));
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

static void print_decision(struct tool *t, const Baton__DecisionExplanation *e, struct arena *a)
{
    const Baton__Decision *d = e->decision;
    if (d != NULL)
        fprintf(t->out, "\n  %s  decision %u, policy version %" PRIu64 "\n", output_time(a, d->decided_at),
                d->number, d->policy_version);
    fprintf(t->out, "  %s%s%s\n", t->colour ? "\033[1m" : "", output_text(a, e->summary),
            t->colour ? "\033[0m" : "");
    for (size_t i = 0; i < e->n_rules; i++)
        print_rule(t, e->rules[i], a);
}

int tool_lead_explain(struct tool *t, int argc, char **argv)
{
    Baton__ExplainLeadRequest request;
    struct refusal no;
    void *answer;
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    struct api *api = api_open(t->data_dir);
    if (api == NULL)
        return TOOL_UNREACHABLE;
    struct arena *a = arena_new(ARENA_LIMIT);
    baton__explain_lead_request__init(&request);
    request.id = argv[first];
    bool good = api_call(api, "LeadService/ExplainLead", &request, a, &answer, &no);
    if (good && t->json)
        tool_print_json(t, answer);
    else if (good) {
        const Baton__ExplainLeadResponse *r = answer;
        if (r->lead != NULL)
            print_lead(t, r->lead, a);
        for (size_t i = 0; i < r->n_decisions; i++)
            print_decision(t, r->decisions[i], a);
    }
    api_close(api);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}
