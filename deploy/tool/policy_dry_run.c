/* `baton policy dry-run`: who would get a lead now, and why. */
#include "tool/ask.h"
#include "tool/lead_explain.h"
#include "tool/lead_fields.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/policy_file.h"

enum { ARENA_LIMIT = 256 << 20, OWN_OPTIONS = 2 };

struct wanted {
    struct lead_fields fields;
    const char *values[LEAD_FIELDS_MAX];
    const char *lead; /* the id of one that is there; NULL: what the fields say */
    long version;
};

static bool read_options(struct wanted *w, int argc, char **argv, int *first)
{
    struct option_row rows[LEAD_FIELDS_MAX + OWN_OPTIONS] = {{"version", OPTION_NUMBER, &w->version},
                                                             {"lead", OPTION_TEXT, &w->lead}};
    *w = (struct wanted){0};
    lead_fields_load(&w->fields);
    for (size_t i = 0; i < w->fields.n; i++)
        rows[OWN_OPTIONS + i] = (struct option_row){w->fields.all[i].option, OPTION_TEXT, &w->values[i]};
    return options_read(rows, OWN_OPTIONS + w->fields.n, argc, argv, 0, 1, first);
}

static void print(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__DryRunPolicyResponse *r = answer;
    fprintf(t->out, "%s would get it: %s\n",
            output_text(a, r->decision != NULL ? r->decision->owner_name : r->owner_id),
            output_text(a, r->reason));
    if (r->response_due_at != NULL)
        fprintf(t->out, "To be answered until %s\n", output_time(a, r->response_due_at));
    if (r->decision != NULL)
        lead_explain_decision(t, r->decision, a);
}

static int dry_run(struct tool *t, const struct wanted *w, const char *file, struct arena *a)
{
    Baton__DryRunPolicyRequest q = BATON__DRY_RUN_POLICY_REQUEST__INIT;
    Baton__Lead lead = BATON__LEAD__INIT;
    struct refusal no;
    for (size_t i = 0; i < w->fields.n; i++) {
        if (w->values[i] == NULL)
            continue;
        if (!lead_field_set(&lead, &w->fields.all[i], w->values[i], 1, a, &no)) {
            (void)tool_refused(&no); /* a wrong option, not Baton's no */
            return TOOL_USAGE;
        }
        q.lead = &lead;
    }
    q.lead_id = arena_strdup(a, w->lead);
    q.lead = q.lead_id == NULL ? &lead : q.lead;
    q.has_version = w->version > 0;
    q.version = (uint64_t)w->version;
    if (file != NULL && (q.policy = policy_file_read(file, a)) == NULL)
        return TOOL_FAILED;
    return tool_ask(t, "LeadService/DryRunPolicy", &q, print);
}

int tool_policy_dry_run(struct tool *t, int argc, char **argv)
{
    struct wanted w;
    int first;
    if (!read_options(&w, argc, argv, &first))
        return TOOL_USAGE;
    struct arena *a = arena_new(ARENA_LIMIT);
    int status = dry_run(t, &w, first < argc ? argv[first] : NULL, a);
    arena_free(a);
    return status;
}
