/* What a lead's score is made of, as text. */
#include "baton/v1/leads.pb-c.h"
#include "tool/ask.h"
#include "tool/options.h"
#include "tool/output.h"

/* What moves nothing is left to --json. */
static void print_score(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__ExplainScoreResponse *r = answer;
    fprintf(t->out, "%s\n", output_text(a, r->summary));
    if (r->lead != NULL && r->lead->has_score)
        fprintf(t->out, "When it came in: %u.%u %%, learned from %u outcomes.\n", r->lead->score / 10,
                r->lead->score % 10, r->lead->score_version);
    for (size_t i = 0; i < r->n_contributions; i++)
        if (r->contributions[i]->points != 0)
            fprintf(t->out, "  %s\n", output_text(a, r->contributions[i]->text));
}

int tool_score_explain(struct tool *t, int argc, char **argv)
{
    Baton__ExplainScoreRequest q = BATON__EXPLAIN_SCORE_REQUEST__INIT;
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.id = argv[first];
    return tool_ask(t, "LeadService/ExplainScore", &q, print_score);
}
