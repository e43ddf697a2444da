/* Pipelines: what can be one, what becomes of what is in it, and the one that there is from the beginning. */
#include <string.h>

#include "base/text.h"
#include "services/opportunities/adoption.h"
#include "services/opportunities/dashboard.h"
#include "services/opportunities/opportunities.h"
#include "services/opportunities/plan.h"

#define KIND(NAME)     BATON__STAGE_KIND__STAGE_KIND_##NAME
#define CATEGORY(NAME) BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_##NAME

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* --- the first one --- */

static const struct {
    const char *key, *name;
    uint32_t probability;
    Baton__StageKind kind;
    Baton__ForecastCategory category;
} firsts[] = {
    {"prospecting", "Prospecting", 10, KIND(OPEN), CATEGORY(PIPELINE)},
    {"qualification", "Qualification", 20, KIND(OPEN), CATEGORY(PIPELINE)},
    {"needs_analysis", "Needs Analysis", 25, KIND(OPEN), CATEGORY(PIPELINE)},
    {"value_proposition", "Value Proposition", 30, KIND(OPEN), CATEGORY(PIPELINE)},
    {"decision_makers", "Decision Makers", 40, KIND(OPEN), CATEGORY(PIPELINE)},
    {"perception_analysis", "Perception Analysis", 50, KIND(OPEN), CATEGORY(BEST_CASE)},
    {"proposal", "Proposal", 65, KIND(OPEN), CATEGORY(BEST_CASE)},
    {"negotiation", "Negotiation", 80, KIND(OPEN), CATEGORY(COMMIT)},
    {"closed_won", "Closed Won", 100, KIND(WON), CATEGORY(CLOSED)},
    {"closed_lost", "Closed Lost", 0, KIND(LOST), CATEGORY(OMITTED)},
};
enum { FIRSTS = sizeof firsts / sizeof *firsts };

static Baton__PipelineStage *first_stage(size_t i, struct arena *a)
{
    Baton__PipelineStage *stage = ARENA_NEW(a, Baton__PipelineStage);
    baton__pipeline_stage__init(stage);
    stage->key = arena_strdup(a, firsts[i].key);
    stage->name = arena_strdup(a, firsts[i].name);
    stage->has_probability = stage->has_kind = stage->has_forecast_category = true;
    stage->probability = firsts[i].probability;
    stage->kind = firsts[i].kind;
    stage->forecast_category = firsts[i].category;
    return stage;
}

bool opportunities_decide_boot(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct opportunities_boot_facts *f = facts;
    if (!f->has_zoned_weeks)
        adoption_zoned(s, out);
    if (!f->has_dashboards)
        dashboard_firsts(s, out);
    if (f->has_pipelines)
        return true;
    Baton__Pipeline *p = ARENA_NEW(s->arena, Baton__Pipeline);
    baton__pipeline__init(p);
    p->name = "Sales";
    p->has_is_default = p->is_default = true;
    p->stages = ARENA_ARRAY(s->arena, Baton__PipelineStage *, FIRSTS);
    for (size_t i = 0; i < FIRSTS; i++)
        p->stages[p->n_stages++] = first_stage(i, s->arena);
    (void)record_created(&p->base, s, out);
    plan_firsts(s, out);
    if (!f->has_opportunities)
        return true;
    Baton__StageRetirementAdvanced *e = ARENA_NEW(s->arena, Baton__StageRetirementAdvanced);
    baton__stage_retirement_advanced__init(e);
    e->to_pipeline_id = p->id;
    outcome_event(out, e);
    return true;
}

/* --- what can be one --- */

bool opportunities_is_key(const char *key)
{
    const size_t letters = strspn(key, "abcdefghijklmnopqrstuvwxyz");
    return letters && !key[letters + strspn(key + letters, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

bool opportunities_can_ask(const char *name)
{
    static const char *const not_these[] = {"pipeline_id", "stage_key",         "stage",
                                            "probability", "forecast_category", "custom"};
    const struct schema_field *f = schema_field(schema_message(&baton__opportunity__descriptor), name);
    for (size_t i = 0; i < sizeof not_these / sizeof *not_these; i++)
        if (strcmp(not_these[i], name) == 0)
            return false;
    return f && !f->rules->output_only;
}

static bool is_among(const char *name, char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* 5: conditions are about fields that people fill in. 10: or could, when the stage began to ask for them */
static bool check_fields(const struct opportunities_pipeline_facts *f, const Baton__PipelineStage *was,
                         char *const *names, size_t n, const char *member, struct refusal *no)
{
    for (size_t i = 0; i < n; i++)
        if (!(opportunities_custom_name(names[i])
                  ? opportunities_custom_asked(&f->custom, names[i]) ||
                        (was && (is_among(names[i], was->entry_fields, was->n_entry_fields) ||
                                 is_among(names[i], was->exit_fields, was->n_exit_fields)))
                  : opportunities_can_ask(names[i])))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, member,
                          "\"%s\" is no field of an opportunity that people fill in", names[i]);
    return true;
}

/* 11: a document is of a type that there is */
static bool check_documents(const Baton__DocumentType *types, size_t n, const char *member,
                            struct refusal *no)
{
    for (size_t i = 0; i < n; i++)
        if (!opportunities_is_document(types[i]))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "there are no documents of this type");
    return true;
}

static bool check_roles(const Baton__Role *roles, size_t n, const char *member, const char *what,
                        struct refusal *no)
{
    for (size_t i = 0; i < n; i++)
        if (roles[i] < BATON__ROLE__ROLE_ADMIN || roles[i] > BATON__ROLE__ROLE_INSIDE)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "only roles that move opportunities may %s",
                          what);
    return true;
}

static bool check_stage(const struct opportunities_pipeline_facts *f, const Baton__PipelineStage *was,
                        Baton__PipelineStage *stage, struct arena *a, struct refusal *no)
{
    static const uint32_t sure[] = {[KIND(WON)] = 100, [KIND(LOST)] = 0};
    const Baton__StageKind kind = opportunities_kind(stage);
    /* 3: it has a key that programs can use, and a name */
    if (!opportunities_is_key(stage->key))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "stages.key",
                      "a key has small letters, digits and _, and begins with a letter");
    stage->name = text_trim(a, stage->name);
    if (!stage->name)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "stages.name", "the stage \"%s\" has no name",
                      stage->key);
    /* 4: what is closed is sure */
    if (kind != KIND(OPEN) && !stage->has_probability) {
        stage->has_probability = true;
        stage->probability = sure[kind];
    }
    if (kind != KIND(OPEN) && stage->probability != sure[kind])
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "stages.probability", "the probability of \"%s\" is %u",
                      stage->name, sure[kind]);
    return check_fields(f, was, stage->entry_fields, stage->n_entry_fields, "stages.entry_fields", no) &&
           check_fields(f, was, stage->exit_fields, stage->n_exit_fields, "stages.exit_fields", no) &&
           check_documents(stage->entry_documents, stage->n_entry_documents, "stages.entry_documents", no) &&
           check_documents(stage->exit_documents, stage->n_exit_documents, "stages.exit_documents", no) &&
           check_roles(stage->override_roles, stage->n_override_roles, "stages.override_roles", "override",
                       no) &&
           check_roles(stage->approval_roles, stage->n_approval_roles, "stages.approval_roles", "approve",
                       no);
}

/* 9: reasons once each, without white space around */
static void tidy_reasons(char **reasons, size_t *n, struct arena *a)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        char *reason = text_trim(a, reasons[i]);
        for (size_t k = 0; reason && k < kept; k++)
            if (strcmp(reasons[k], reason) == 0)
                reason = NULL;
        if (reason)
            reasons[kept++] = reason;
    }
    *n = kept;
}

static bool check_stages(const struct opportunities_pipeline_facts *f, const Baton__Pipeline *was,
                         Baton__Pipeline *p, struct arena *a, struct refusal *no)
{
    size_t n[KIND(LOST) + 1] = {0};
    for (size_t i = 0; i < p->n_stages; i++) {
        if (!check_stage(f, opportunities_stage(was, p->stages[i]->key), p->stages[i], a, no))
            return false;
        if (opportunities_stage(p, p->stages[i]->key) != p->stages[i])
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "stages.key", "there are two stages \"%s\"",
                          p->stages[i]->key);
        n[opportunities_kind(p->stages[i])] += !p->stages[i]->retired;
    }
    /* 2: something begins, and can end either way */
    if (!n[KIND(OPEN)] || !n[KIND(WON)] || !n[KIND(LOST)])
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "stages",
                      "a pipeline has at least one stage each that is open, won and lost");
    if (opportunities_kind(p->stages[0]) != KIND(OPEN) || p->stages[0]->retired)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "stages", "the first stage is an open one");
    return true;
}

/* --- what is in it --- */

static uint64_t held(const struct opportunities_pipeline_facts *f, const char *key)
{
    uint64_t n = 0;
    for (size_t i = 0; i < f->n_held; i++)
        n += !key || strcmp(f->held[i].stage_key, key) == 0 ? f->held[i].n : 0;
    return n;
}

/* 6: a stage with something in it stays, and what it is */
static bool check_kept(const struct opportunities_pipeline_facts *f, const Baton__Pipeline *was,
                       Baton__Pipeline *p, struct refusal *no)
{
    for (size_t i = 0; i < was->n_stages; i++) {
        const Baton__PipelineStage *old = was->stages[i];
        Baton__PipelineStage *now = (Baton__PipelineStage *)(uintptr_t)opportunities_stage(p, old->key);
        const unsigned long long n = held(f, old->key);
        if (!now && n)
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "stages",
                          "%llu opportunities are in \"%s\"; retire the stage, and they move to another", n,
                          old->name);
        if (now && n && opportunities_kind(now) != opportunities_kind(old))
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "stages.kind",
                          "%llu opportunities are in \"%s\"; whether it is won or lost stays", n, old->name);
    }
    return true;
}

/* What Baton says of a stage stays with its key. */
static void keep_retired(const Baton__Pipeline *was, Baton__Pipeline *p)
{
    for (size_t i = 0; i < p->n_stages; i++) {
        const Baton__PipelineStage *old = opportunities_stage(was, p->stages[i]->key);
        p->stages[i]->has_retired = p->stages[i]->retired = old && old->retired;
    }
}

/* 7: there is one default, and always one */
static bool check_default(const struct opportunities_pipeline_facts *f, const Baton__Pipeline *was,
                          const Baton__Pipeline *p, struct stamp *s, struct outcome *out)
{
    const Baton__Pipeline *other = f->default_pipeline;
    const bool is_it = was && other && same(was->id, other->id);
    if (is_it && !p->is_default)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "is_default",
                      "there is always a default pipeline; say so of another one");
    if (!p->is_default || is_it || !other)
        return true;
    Baton__Pipeline *former = (Baton__Pipeline *)schema_copy(&other->base, s->arena);
    former->has_is_default = former->is_default = false;
    record_updated(&other->base, f->default_seq, &former->base, s, out);
    return true;
}

static bool check_deletion(const struct opportunities_pipeline_facts *f, const Baton__Pipeline *was,
                           struct refusal *no)
{
    const unsigned long long n = held(f, NULL);
    if (was->is_default)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "it is the default pipeline; say so of another one first");
    /* 8: a pipeline with something in it, or on its way to it, stays */
    if (n)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "%llu opportunities are in \"%s\"; move them to another pipeline first", n, was->name);
    return !f->is_target || refuse(no, REFUSAL_FAILED_PRECONDITION, NULL,
                                   "opportunities are on their way to \"%s\"", was->name);
}

bool opportunities_check_pipeline(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                  struct stamp *s, struct outcome *out)
{
    const struct opportunities_pipeline_facts *f = extra;
    const Baton__Pipeline *was = (const Baton__Pipeline *)before;
    Baton__Pipeline *p = (Baton__Pipeline *)after;
    if (!p)
        return check_deletion(f, was, &out->no);
    /* 1: it has a name, without white space around */
    p->name = text_trim(s->arena, p->name);
    if (!p->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "a pipeline has a name");
    keep_retired(was, p);
    tidy_reasons(p->win_reasons, &p->n_win_reasons, s->arena);
    tidy_reasons(p->loss_reasons, &p->n_loss_reasons, s->arena);
    opportunities_set_void(&f->custom, p, s->arena);
    return check_stages(f, was, p, s->arena, &out->no) && (!was || check_kept(f, was, p, &out->no)) &&
           check_default(f, was, p, s, out);
}
