/* Takes the next lead of a queue; closes a lead for a reason, and opens it again. */
#include "baton/v1/leads.pb-c.h"
#include "tool/ask.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"

enum { TAKE_MEMORY = 16 << 20 };

static void print_lead(struct tool *t, const Baton__Lead *lead, const char *what, struct arena *a)
{
    fprintf(t->out, "Lead %s is %s.\n", output_text(a, lead->id), what);
}

static void print_closed(struct tool *t, const void *answer, struct arena *a)
{
    print_lead(t, ((const Baton__CloseLeadResponse *)answer)->lead, "closed", a);
}

static void print_reopened(struct tool *t, const void *answer, struct arena *a)
{
    print_lead(t, ((const Baton__ReopenLeadResponse *)answer)->lead, "worked on again", a);
}

static void print_taken(struct tool *t, const void *answer, struct arena *a)
{
    print_lead(t, ((const Baton__TakeNextLeadResponse *)answer)->lead, "yours", a);
}

int tool_lead_close(struct tool *t, int argc, char **argv)
{
    Baton__CloseLeadRequest request = BATON__CLOSE_LEAD_REQUEST__INIT;
    const char *reason = NULL, *text = NULL;
    const struct option_row rows[] = {{"reason", OPTION_TEXT, &reason}, {"text", OPTION_TEXT, &text}};
    int first;
    if (!options_read(rows, 2, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    request.has_reason = reason != NULL;
    if (reason != NULL)
        request.reason =
            (Baton__CloseReason)option_word(&baton__close_reason__descriptor, "CLOSE_REASON_", reason);
    if (reason != NULL && request.reason == BATON__CLOSE_REASON__CLOSE_REASON_UNSPECIFIED) {
        fprintf(stderr,
                "error: there is no reason \"%s\"; reasons are not-interested, no-answer, no-budget, "
                "bought-elsewhere, does-not-fit, other\n",
                reason);
        return TOOL_USAGE;
    }
    request.text = (char *)(uintptr_t)text;
    request.id = argv[first];
    return tool_ask(t, "LeadService/CloseLead", &request, print_closed);
}

int tool_lead_reopen(struct tool *t, int argc, char **argv)
{
    Baton__ReopenLeadRequest request = BATON__REOPEN_LEAD_REQUEST__INIT;
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    request.id = argv[first];
    return tool_ask(t, "LeadService/ReopenLead", &request, print_reopened);
}

/* Goes on until there is one, or none is left to look at. */
static bool take(struct session *s)
{
    Baton__TakeNextLeadRequest request = BATON__TAKE_NEXT_LEAD_REQUEST__INIT;
    const Baton__TakeNextLeadResponse *answer;
    request.pool_id = s->words[0];
    request.page_token = "";
    while ((answer = session_call(s, "LeadService/TakeNextLead", &request)) != NULL && answer->lead == NULL)
        request.page_token = answer->next_page_token;
    if (answer != NULL && s->tool->json)
        tool_print_json(s->tool, answer);
    else if (answer != NULL)
        print_taken(s->tool, answer, s->arena);
    return answer != NULL;
}

int tool_lead_take(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, TAKE_MEMORY, take);
}
