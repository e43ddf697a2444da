/* `baton policy shadow`: a policy that decides beside the one in force, and changes nothing. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "tool/ask.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { ARENA_LIMIT = 1 << 20 };

static void print_report(struct tool *t, const Baton__ShadowReport *r, struct arena *a)
{
    struct grid g;
    if (r == NULL || !r->has_policy_version) {
        fprintf(t->out, "No policy stands in the shadow.\n");
        return;
    }
    fprintf(t->out, "Version %" PRIu64 " stands in the shadow since %s: %s decisions, %s of them the same.\n",
            r->policy_version, output_time(a, r->started_at), output_number(a, r->decisions),
            output_number(a, r->same));
    grid_init(&g, a, "person|>had|>would have had|>the same");
    for (size_t i = 0; i < r->n_counts; i++) {
        const Baton__ShadowCount *c = r->counts[i];
        grid_add(&g, (const char *[]){c->name, output_number(a, c->had), output_number(a, c->would),
                                      output_number(a, c->same)});
    }
    if (r->n_counts > 0)
        grid_print(&g, t);
}

static void print_status(struct tool *t, const void *answer, struct arena *a)
{
    print_report(t, ((const Baton__GetShadowResponse *)answer)->report, a);
}

static void print_end(struct tool *t, const void *answer, struct arena *a)
{
    print_report(t, ((const Baton__EndShadowResponse *)answer)->report, a);
    fprintf(t->out, "It stands there no longer.\n");
}

static void print_begin(struct tool *t, const void *answer, struct arena *a)
{
    fprintf(t->out, "From now on it decides as well, and changes nothing; `baton policy shadow status` says "
                    "what it would have done.\n");
}

static int begin(struct tool *t, const char *word, struct arena *a)
{
    Baton__ShadowPolicyRequest q = BATON__SHADOW_POLICY_REQUEST__INIT;
    char *end;
    q.request_id = request_id_new(a);
    q.has_version = true;
    q.version = strtoull(word, &end, 10);
    if (*end != '\0' || q.version == 0) {
        fprintf(stderr, "error: a version's number is wanted, or status, or end\n");
        return TOOL_USAGE;
    }
    return tool_ask(t, "LeadService/ShadowPolicy", &q, print_begin);
}

static int end(struct tool *t, struct arena *a)
{
    Baton__EndShadowRequest q = BATON__END_SHADOW_REQUEST__INIT;
    q.request_id = request_id_new(a);
    return tool_ask(t, "LeadService/EndShadow", &q, print_end);
}

static int status(struct tool *t)
{
    Baton__GetShadowRequest q = BATON__GET_SHADOW_REQUEST__INIT;
    return tool_ask(t, "LeadService/GetShadow", &q, print_status);
}

int tool_policy_shadow(struct tool *t, int argc, char **argv)
{
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (strcmp(argv[first], "status") == 0)
        return status(t);
    struct arena *a = arena_new(ARENA_LIMIT);
    int code = strcmp(argv[first], "end") == 0 ? end(t, a) : begin(t, argv[first], a);
    arena_free(a);
    return code;
}
