/* `baton opportunity`: moved, ended, opened again, followed; and moves that somebody has to approve. */
#include "baton/v1/opportunities.pb-c.h"
#include "tool/ask.h"
#include "tool/opportunity.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 64 << 20 };

/* All of them have it as their first field. */
void opportunity_print_moved(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Opportunity *o = ((const Baton__MoveOpportunityResponse *)answer)->opportunity;
    const Baton__StageApproval *p = o != NULL ? o->approval : NULL;
    if (o == NULL)
        return;
    fprintf(t->out, "%s: %s", output_text(a, o->name), output_text(a, o->stage_key));
    if (p != NULL)
        fprintf(t->out, "; the move to %s is %s", output_text(a, p->stage_key),
                output_word(a, &baton__stage_approval_status__descriptor, (int)p->status,
                            "STAGE_APPROVAL_STATUS_"));
    fprintf(t->out, "\n");
}

struct moving {
    Baton__MoveOpportunityRequest request;
    const char *pipeline; /* its name; NULL: the one it is in */
};

static bool move(struct session *s)
{
    struct moving *m = s->arg;
    struct record_list pipelines;
    if (m->pipeline != NULL) {
        if (!records_load(s->api, "pipeline", s->arena, &pipelines, &s->no))
            return false;
        const Baton__Pipeline *p = (const Baton__Pipeline *)records_find(&pipelines, "name", m->pipeline);
        if (p == NULL)
            return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no pipeline \"%s\"", m->pipeline);
        m->request.pipeline_id = p->id;
    }
    return session_ask(s, "OpportunityService/MoveOpportunity", &m->request, opportunity_print_moved);
}

int tool_opportunity_move(struct tool *t, int argc, char **argv)
{
    struct moving m = {.request = BATON__MOVE_OPPORTUNITY_REQUEST__INIT};
    const struct option_row rows[] = {{"pipeline", OPTION_TEXT, &m.pipeline},
                                      {"override", OPTION_TEXT, &m.request.override_reason}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 2, 2, &first))
        return TOOL_USAGE;
    m.request.id = argv[first];
    m.request.stage_key = argv[first + 1];
    return session_run(t, MEMORY, move, &m);
}

int tool_opportunity_close(struct tool *t, int argc, char **argv)
{
    Baton__CloseOpportunityRequest q = BATON__CLOSE_OPPORTUNITY_REQUEST__INIT;
    const struct option_row rows[] = {{"stage", OPTION_TEXT, &q.stage_key},
                                      {"reason", OPTION_TEXT, &q.reason},
                                      {"lost-to", OPTION_TEXT, &q.lost_to},
                                      {"override", OPTION_TEXT, &q.override_reason}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 2, 2, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    q.has_outcome = true;
    q.outcome = (Baton__StageKind)option_word(&baton__stage_kind__descriptor, "STAGE_KIND_", argv[first + 1]);
    if (q.outcome != BATON__STAGE_KIND__STAGE_KIND_WON && q.outcome != BATON__STAGE_KIND__STAGE_KIND_LOST) {
        fprintf(stderr, "error: it is won or lost, not \"%s\"\n", argv[first + 1]);
        return TOOL_USAGE;
    }
    return tool_ask(t, "OpportunityService/CloseOpportunity", &q, opportunity_print_moved);
}

int tool_opportunity_reopen(struct tool *t, int argc, char **argv)
{
    Baton__ReopenOpportunityRequest q = BATON__REOPEN_OPPORTUNITY_REQUEST__INIT;
    const struct option_row rows[] = {{"stage", OPTION_TEXT, &q.stage_key},
                                      {"override", OPTION_TEXT, &q.override_reason}};
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    return tool_ask(t, "OpportunityService/ReopenOpportunity", &q, opportunity_print_moved);
}

static void print_following(struct tool *t, const void *answer, struct arena *a)
{
    fprintf(t->out, "%s\n",
            ((const Baton__FollowOpportunityResponse *)answer)->following ? "followed" : "not followed");
}

int tool_opportunity_follow(struct tool *t, int argc, char **argv)
{
    Baton__FollowOpportunityRequest q = BATON__FOLLOW_OPPORTUNITY_REQUEST__INIT;
    bool end = false;
    const struct option_row rows[] = {{"end", OPTION_FLAG, &end}};
    int first;
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    q.has_end = q.end = end;
    return tool_ask(t, "OpportunityService/FollowOpportunity", &q, print_following);
}

/* --- approvals --- */

int tool_opportunity_request(struct tool *t, int argc, char **argv)
{
    Baton__RequestStageApprovalRequest q = BATON__REQUEST_STAGE_APPROVAL_REQUEST__INIT;
    int first;
    if (!options_read(NULL, 0, argc, argv, 2, 2, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    q.stage_key = argv[first + 1];
    return tool_ask(t, "OpportunityService/RequestStageApproval", &q, opportunity_print_moved);
}

int tool_opportunity_approve(struct tool *t, int argc, char **argv)
{
    Baton__ApproveStageRequest q = BATON__APPROVE_STAGE_REQUEST__INIT;
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    return tool_ask(t, "OpportunityService/ApproveStage", &q, opportunity_print_moved);
}

int tool_opportunity_reject(struct tool *t, int argc, char **argv)
{
    Baton__RejectStageRequest q = BATON__REJECT_STAGE_REQUEST__INIT;
    const struct option_row rows[] = {{"reason", OPTION_TEXT, &q.reason}};
    int first;
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    return tool_ask(t, "OpportunityService/RejectStage", &q, opportunity_print_moved);
}
