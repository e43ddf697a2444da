/* Stops a lead's deadlines while the customer is waited for, and lets them go on; puts it to rest until a
 * day. */
#include "baton/v1/leads.pb-c.h"
#include "tool/ask.h"
#include "tool/options.h"
#include "tool/output.h"

static void print_paused(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Lead *lead = ((const Baton__PauseLeadResponse *)answer)->lead;
    fprintf(t->out, "Lead %s is paused until %s.\n", output_text(a, lead->id),
            output_time(a, lead->paused_until));
}

static void print_resumed(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Lead *lead = ((const Baton__ResumeLeadResponse *)answer)->lead;
    fprintf(t->out, "Lead %s goes on; answer due %s.\n", output_text(a, lead->id),
            output_time(a, lead->response_due_at));
}

static void print_recycled(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Lead *lead = ((const Baton__RecycleLeadResponse *)answer)->lead;
    fprintf(t->out, "Lead %s is at rest and comes back %s.\n", output_text(a, lead->id),
            output_time(a, lead->recycled_until));
}

/* Which lead, why, and until when; what is left out is refused as missing. */
static bool read_rest(int argc, char **argv, char **id, char **reason, Google__Protobuf__Timestamp **until,
                      Google__Protobuf__Timestamp *at)
{
    const char *text = NULL;
    const struct option_row rows[] = {{"reason", OPTION_TEXT, reason}, {"until", OPTION_TEXT, &text}};
    int first;
    google__protobuf__timestamp__init(at);
    if (!options_read(rows, 2, argc, argv, 1, 1, &first) ||
        (text != NULL && !option_time("until", text, &at->seconds, &at->nanos)))
        return false;
    *id = argv[first];
    *until = text != NULL ? at : NULL;
    return true;
}

int tool_lead_pause(struct tool *t, int argc, char **argv)
{
    Baton__PauseLeadRequest request = BATON__PAUSE_LEAD_REQUEST__INIT;
    Google__Protobuf__Timestamp at;
    return read_rest(argc, argv, &request.id, &request.reason, &request.until, &at)
               ? tool_ask(t, "LeadService/PauseLead", &request, print_paused)
               : TOOL_USAGE;
}

int tool_lead_recycle(struct tool *t, int argc, char **argv)
{
    Baton__RecycleLeadRequest request = BATON__RECYCLE_LEAD_REQUEST__INIT;
    Google__Protobuf__Timestamp at;
    return read_rest(argc, argv, &request.id, &request.reason, &request.until, &at)
               ? tool_ask(t, "LeadService/RecycleLead", &request, print_recycled)
               : TOOL_USAGE;
}

int tool_lead_resume(struct tool *t, int argc, char **argv)
{
    Baton__ResumeLeadRequest request = BATON__RESUME_LEAD_REQUEST__INIT;
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    request.id = argv[first];
    return tool_ask(t, "LeadService/ResumeLead", &request, print_resumed);
}
