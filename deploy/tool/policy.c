/* `baton policy show`, `check`, `draft`, `publish` and `rollback`: versions of the routing rules. */
#include <inttypes.h>
#include <string.h>

#include "services/leads/leads.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/policy_file.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 256 << 20, NUMBER_MAX = 1000000000 };

struct wanted {
    const char *file; /* NULL: none given */
    long version;     /* 0: none given */
};

static const char *status_text(const Baton__Policy *p)
{
    static const char *const texts[] = {
        [BATON__POLICY_STATUS__POLICY_STATUS_DRAFT] = "a draft",
        [BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE] = "in force",
        [BATON__POLICY_STATUS__POLICY_STATUS_SUPERSEDED] = "not in force any more",
    };
    size_t n = p->has_status ? (size_t)p->status : 0;
    return n < sizeof texts / sizeof *texts && texts[n] != NULL ? texts[n] : "";
}

static void print_head(struct tool *t, const Baton__Policy *p, struct arena *a)
{
    fprintf(t->out, "Version %" PRIu64 ", %s, of %s%s%s\n", p->version, status_text(p),
            output_time(a, p->published_at), p->comment != NULL ? ": " : "", output_text(a, p->comment));
}

static void print_rule(struct tool *t, const Baton__Policy *p, size_t i, struct arena *a)
{
    fprintf(t->out, "%4zu  %s: %s\n", i + 1, output_text(a, p->rules[i]->name),
            output_text(a, leads_rule_text(p->rules[i], a)));
}

/* Beside each rule how often it could not be asked. */
static void print_skipped(struct tool *t, const Baton__GetPolicyResponse *r, size_t rule, struct arena *a)
{
    for (size_t i = 0; i < r->n_skipped; i++)
        if (r->skipped[i]->rule_index == rule)
            fprintf(t->out, "      %s time%s it %s\n", output_number(a, r->skipped[i]->count),
                    r->skipped[i]->count == 1 ? "" : "s", leads_skip_text(r->skipped[i]->skip));
}

/* The answer of all methods here but one has the policy as its first field. */
static void print_policy(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Policy *p = ((const Baton__GetPolicyResponse *)answer)->policy;
    print_head(t, p, a);
    for (size_t i = 0; i < p->n_rules; i++)
        print_rule(t, p, i, a);
}

static void print_shown(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__GetPolicyResponse *r = answer;
    print_head(t, r->policy, a);
    for (size_t i = 0; i < r->policy->n_rules; i++) {
        print_rule(t, r->policy, i, a);
        print_skipped(t, r, i, a);
    }
}

static bool show(struct session *s)
{
    const struct wanted *w = s->arg;
    Baton__GetPolicyRequest q = BATON__GET_POLICY_REQUEST__INIT;
    q.has_version = w->version != 0;
    q.version = (uint64_t)w->version;
    return session_ask(s, "LeadService/GetPolicy", &q, print_shown);
}

static bool draft(struct session *s)
{
    const struct wanted *w = s->arg;
    Baton__DraftPolicyRequest q = BATON__DRAFT_POLICY_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.policy = policy_file_read(w->file, s->arena);
    q.has_version = w->version != 0;
    q.version = (uint64_t)w->version;
    return q.policy != NULL ? session_ask(s, "LeadService/DraftPolicy", &q, print_policy)
                            : session_end(s, TOOL_FAILED);
}

static bool publish(struct session *s)
{
    const struct wanted *w = s->arg;
    Baton__PublishPolicyRequest q = BATON__PUBLISH_POLICY_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.policy = w->file != NULL ? policy_file_read(w->file, s->arena) : NULL;
    q.has_version = w->version != 0;
    q.version = (uint64_t)w->version;
    return q.policy != NULL || w->file == NULL ? session_ask(s, "LeadService/PublishPolicy", &q, print_policy)
                                               : session_end(s, TOOL_FAILED);
}

static bool rollback(struct session *s)
{
    const struct wanted *w = s->arg;
    Baton__RollBackPolicyRequest q = BATON__ROLL_BACK_POLICY_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.has_version = w->version != 0;
    q.version = (uint64_t)w->version;
    return session_ask(s, "LeadService/RollBackPolicy", &q, print_policy);
}

static bool print_findings(struct session *s, const Baton__CheckPolicyResponse *r)
{
    bool good = true;
    for (size_t i = 0; i < r->n_findings; i++) {
        const Baton__PolicyFinding *f = r->findings[i];
        bool error = f->severity == BATON__FINDING_SEVERITY__FINDING_SEVERITY_ERROR;
        const char *rule =
            f->has_rule_index ? arena_printf(s->arena, "rule %u '%s' ", f->rule_index + 1, f->rule_name) : "";
        good = good && !error;
        if (!s->tool->json)
            fprintf(s->tool->out, "%s: %s%s\n", error ? "error" : "warning", output_text(s->arena, rule),
                    output_text(s->arena, f->text));
    }
    if (s->tool->json)
        tool_print_json(s->tool, r);
    else if (r->n_findings == 0)
        fprintf(s->tool->out, "Nothing is to be said against it.\n");
    return good;
}

static bool check(struct session *s)
{
    const struct wanted *w = s->arg;
    Baton__CheckPolicyRequest q = BATON__CHECK_POLICY_REQUEST__INIT;
    if (w->file != NULL && (q.policy = policy_file_read(w->file, s->arena)) == NULL)
        return session_end(s, TOOL_FAILED);
    q.has_version = w->version != 0;
    q.version = (uint64_t)w->version;
    const Baton__CheckPolicyResponse *answer = session_call(s, "LeadService/CheckPolicy", &q);
    return answer != NULL && session_end(s, print_findings(s, answer) ? TOOL_OK : TOOL_REFUSED);
}

/* `files`: how many may be given, `least`: how many must. */
static int run(struct tool *t, int argc, char **argv, int least, int files, session_fn *command)
{
    int first;
    struct wanted w = {0};
    const struct option_row rows[] = {{"version", OPTION_NUMBER, &w.version}};
    if (!options_read(rows, 1, argc, argv, least, files, &first))
        return TOOL_USAGE;
    if (w.version < 0 || w.version > NUMBER_MAX) {
        fprintf(stderr, "error: --version wants the number of a version\n");
        return TOOL_USAGE;
    }
    w.file = first < argc ? argv[first] : NULL;
    return session_run(t, ARENA_LIMIT, command, &w);
}

int tool_policy_show(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 0, 0, show);
}

int tool_policy_check(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 0, 1, check);
}

int tool_policy_draft(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 1, 1, draft);
}

int tool_policy_publish(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 0, 1, publish);
}

int tool_policy_rollback(struct tool *t, int argc, char **argv)
{
    return run(t, argc, argv, 0, 0, rollback);
}
