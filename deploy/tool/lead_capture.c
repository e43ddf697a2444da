/* One lead from the command line: an option for each field. */
#include <string.h>

#include "tool/lead_fields.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20 };

/* Every field's option, filled in by options_read. */
struct capture_options {
    struct lead_fields fields;
    const char *values[LEAD_FIELDS_MAX];
    const char *source;
    bool list, acknowledge;
    struct option_row rows[LEAD_FIELDS_MAX + 3];
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
    o->rows[o->n++] = (struct option_row){"acknowledge", OPTION_FLAG, &o->acknowledge};
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
static void print_reason(struct session *s, char *id)
{
    Baton__ExplainLeadRequest request;
    baton__explain_lead_request__init(&request);
    request.id = id;
    const Baton__ExplainLeadResponse *r = session_call(s, "LeadService/ExplainLead", &request);
    if (r == NULL)
        (void)tool_refused(&s->no); /* the lead itself is safe */
    if (r == NULL || r->n_decisions == 0)
        return;
    const Baton__DecisionExplanation *last = r->decisions[r->n_decisions - 1];
    fprintf(s->tool->out, "  holder: %s\n  reason: %s\n", output_text(s->arena, last->owner_name),
            output_text(s->arena, last->summary));
}

static void print_captured(struct session *s, const Baton__CaptureLeadResponse *r, bool rejected)
{
    FILE *out = s->tool->out;
    fprintf(out, "%s%s\n", r->lead->id, r->repeated_lead ? " (it was there already)" : "");
    if (rejected)
        fprintf(out, "  rejected: %s\n", output_text(s->arena, r->lead->status_reason));
    else
        print_reason(s, r->lead->id);
    for (size_t i = 0; i < r->lead->n_flags; i++)
        fprintf(out, "  odd: %s\n", output_text(s->arena, r->lead->flags[i]));
}

static bool capture(struct session *s)
{
    Baton__CaptureLeadRequest *request = s->arg;
    request->request_id = request_id_new(s->arena);
    const Baton__CaptureLeadResponse *r = session_call(s, "LeadService/CaptureLead", request);
    if (r == NULL)
        return false;
    bool rejected = r->lead != NULL && r->lead->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED;
    if (s->tool->json)
        tool_print_json(s->tool, r);
    else if (r->lead != NULL)
        print_captured(s, r, rejected);
    return session_end(s, rejected ? TOOL_REFUSED : TOOL_OK);
}

int tool_lead_capture(struct tool *t, int argc, char **argv)
{
    struct capture_options o;
    struct refusal no;
    Baton__Lead lead;
    Baton__CaptureLeadRequest request;
    int first, status = TOOL_USAGE;
    prepare(&o);
    if (!options_read(o.rows, o.n, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    for (size_t i = 0; o.list && i < o.fields.n; i++)
        fprintf(t->out, "--%s\n", o.fields.all[i].option);
    if (o.list)
        return TOOL_OK;
    struct arena *a = arena_new(ARENA_LIMIT);
    baton__lead__init(&lead);
    baton__capture_lead_request__init(&request);
    request.lead = &lead;
    request.has_acknowledge = request.acknowledge = o.acknowledge;
    if (fill(&lead, &o, a, &no))
        status = session_run(t, ARENA_LIMIT, capture, &request);
    else
        (void)tool_refused(&no); /* a wrong option, not Baton's no */
    arena_free(a);
    return status;
}
