/* One lead from the command line: an option for each field. */
#include <string.h>

#include "tool/lead_fields.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { ARENA_LIMIT = 64 << 20 };

/* Every field's option, filled in by options_read. */
struct capture_options {
    struct lead_fields fields;
    const char *values[LEAD_FIELDS_MAX];
    const char *source;
    bool list;
    struct option_row rows[LEAD_FIELDS_MAX + 2];
    size_t n;
};

static void prepare(struct capture_options *o)
{
    *o = (struct capture_options){.source = "console"};
    lead_fields_load(&o->fields);
    for (size_t i = 0; i < o->fields.n; i++)
        o->rows[o->n++] = (struct option_row){o->fields.all[i].option, OPTION_TEXT, &o->values[i]};
    o->rows[o->n++] = (struct option_row){"source", OPTION_TEXT, &o->source};
    o->rows[o->n++] = (struct option_row){"fields", OPTION_FLAG, &o->list};
}

static bool fill(Baton__Lead *lead, const struct capture_options *o, struct arena *a, struct refusal *no)
{
    lead->lead_source = (char *)o->source;
    for (size_t i = 0; i < o->fields.n; i++)
        if (o->values[i] != NULL && !lead_field_set(lead, &o->fields.all[i], o->values[i], 1, a, no))
            return false;
    return true;
}

/* Why its holder has it: the newest decision's own sentence. */
static void print_reason(struct tool *t, struct api *api, char *id, struct arena *a)
{
    Baton__ExplainLeadRequest request;
    struct refusal no;
    void *answer;
    baton__explain_lead_request__init(&request);
    request.id = id;
    if (!api_call(api, "LeadService/ExplainLead", &request, a, &answer, &no)) {
        (void)tool_refused(&no); /* the lead itself is safe */
        return;
    }
    const Baton__ExplainLeadResponse *r = answer;
    if (r->n_decisions == 0)
        return;
    const Baton__DecisionExplanation *last = r->decisions[r->n_decisions - 1];
    fprintf(t->out, "  holder: %s\n  reason: %s\n", output_text(a, last->owner_name),
            output_text(a, last->summary));
}

static int capture(struct tool *t, struct api *api, Baton__Lead *lead, struct arena *a)
{
    Baton__CaptureLeadRequest request;
    struct refusal no;
    void *answer;
    baton__capture_lead_request__init(&request);
    request.request_id = request_id_new(a);
    request.lead = lead;
    if (!api_call(api, "LeadService/CaptureLead", &request, a, &answer, &no))
        return tool_refused(&no);
    const Baton__CaptureLeadResponse *r = answer;
    bool rejected = r->lead != NULL && r->lead->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED;
    if (t->json)
        tool_print_json(t, r);
    else if (r->lead != NULL) {
        fprintf(t->out, "%s%s\n", r->lead->id, r->repeated_lead ? " (it was there already)" : "");
        if (rejected)
            fprintf(t->out, "  rejected: %s\n", output_text(a, r->lead->status_reason));
        else
            print_reason(t, api, r->lead->id, a);
        for (size_t i = 0; i < r->lead->n_flags; i++)
            fprintf(t->out, "  odd: %s\n", output_text(a, r->lead->flags[i]));
    }
    return rejected ? TOOL_REFUSED : TOOL_OK;
}

int tool_lead_capture(struct tool *t, int argc, char **argv)
{
    struct capture_options o;
    struct refusal no;
    Baton__Lead lead;
    int first, status = TOOL_UNREACHABLE;
    prepare(&o);
    if (!options_read(o.rows, o.n, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    for (size_t i = 0; o.list && i < o.fields.n; i++)
        fprintf(t->out, "--%s\n", o.fields.all[i].option);
    if (o.list)
        return TOOL_OK;
    struct arena *a = arena_new(ARENA_LIMIT);
    baton__lead__init(&lead);
    if (!fill(&lead, &o, a, &no)) {
        (void)tool_refused(&no); /* a wrong option, not Baton's no */
        status = TOOL_USAGE;
    } else {
        struct api *api = api_open(t->data_dir);
        if (api != NULL)
            status = capture(t, api, &lead, a);
        api_close(api);
    }
    arena_free(a);
    return status;
}
