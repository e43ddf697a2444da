/* Where an opportunity is, and what it takes to get there. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "services/opportunities/pipeline.h"

#define KIND(NAME)  BATON__STAGE_KIND__STAGE_KIND_##NAME
#define STAGE(NAME) BATON__STAGE__STAGE_##NAME

enum { MISSING_MAX = 64, DOCUMENTS_MAX = 16 };

/* The stages of before there were pipelines, by the keys that mean the same. */
static const struct {
    Baton__Stage stage;
    const char *key;
} olds[] = {
    {STAGE(PROSPECTING), "prospecting"},
    {STAGE(QUALIFICATION), "qualification"},
    {STAGE(NEEDS_ANALYSIS), "needs_analysis"},
    {STAGE(VALUE_PROPOSITION), "value_proposition"},
    {STAGE(DECISION_MAKERS), "decision_makers"},
    {STAGE(PERCEPTION_ANALYSIS), "perception_analysis"},
    {STAGE(PROPOSAL), "proposal"},
    {STAGE(NEGOTIATION), "negotiation"},
    {STAGE(CLOSED_WON), "closed_won"},
    {STAGE(CLOSED_LOST), "closed_lost"},
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

const char *opportunities_stage_key(Baton__Stage stage)
{
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++)
        if (olds[i].stage == stage)
            return olds[i].key;
    return NULL;
}

Baton__StageKind opportunities_kind(const Baton__PipelineStage *stage)
{
    return stage->has_kind && stage->kind != KIND(UNSPECIFIED) ? stage->kind : KIND(OPEN);
}

const Baton__PipelineStage *opportunities_stage(const Baton__Pipeline *p, const char *key)
{
    for (size_t i = 0; p && key && i < p->n_stages; i++)
        if (strcmp(p->stages[i]->key, key) == 0)
            return p->stages[i];
    return NULL;
}

/* What the stage is to programs that know the ten of before alone. */
static Baton__Stage old_stage(const Baton__PipelineStage *stage)
{
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++)
        if (strcmp(olds[i].key, stage->key) == 0)
            return olds[i].stage;
    return opportunities_kind(stage) == KIND(WON)    ? STAGE(CLOSED_WON)
           : opportunities_kind(stage) == KIND(LOST) ? STAGE(CLOSED_LOST)
                                                     : STAGE(UNSPECIFIED);
}

static Baton__ForecastCategory category_of(const Baton__PipelineStage *stage)
{
    if (stage->forecast_category)
        return stage->forecast_category;
    return opportunities_kind(stage) == KIND(WON)    ? BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_CLOSED
           : opportunities_kind(stage) == KIND(LOST) ? BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_OMITTED
                                                     : BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_PIPELINE;
}

/* 3: the stage that is named anew; by its key, or as programs of before do. Nobody names one: where it is,
   and a new one at the beginning */
static const char *wanted_key(const Baton__Pipeline *p, const Baton__Opportunity *before,
                              const Baton__Opportunity *o)
{
    static const Baton__Opportunity none = BATON__OPPORTUNITY__INIT;
    const Baton__Opportunity *was = before ? before : &none;
    if (o->stage_key && !same(o->stage_key, was->stage_key))
        return o->stage_key;
    if (o->has_stage && o->stage != STAGE(UNSPECIFIED) && (!was->has_stage || was->stage != o->stage))
        return opportunities_stage_key(o->stage);
    if (was->stage_key || was->stage)
        return was->stage_key ? was->stage_key : opportunities_stage_key(was->stage);
    return p->n_stages ? p->stages[0]->key : NULL;
}

bool opportunities_is_closed(const Baton__Opportunity *o)
{
    return o->stage_kind == KIND(WON) || o->stage_kind == KIND(LOST);
}

/* 4: probability and category are the stage's until somebody says others; a new stage brings its own again,
   and what is closed has no others */
static void set_chances(const Baton__Opportunity *before, Baton__Opportunity *o,
                        const Baton__PipelineStage *stage, bool stays)
{
    const bool moved = before && !stays;
    if (!o->has_probability || opportunities_is_closed(o) ||
        (moved && before->has_probability && before->probability == o->probability))
        o->probability = stage->probability;
    if (!o->forecast_category || opportunities_is_closed(o) ||
        (moved && before->forecast_category == o->forecast_category))
        o->forecast_category = category_of(stage);
    o->has_probability = o->has_forecast_category = true;
}

static void set_stage(Baton__Opportunity *o, const Baton__Pipeline *p, const Baton__PipelineStage *stage,
                      struct arena *a)
{
    o->pipeline_id = arena_strdup(a, p->id);
    o->stage_key = arena_strdup(a, stage->key);
    o->has_stage_kind = true;
    o->stage_kind = opportunities_kind(stage);
    o->stage = old_stage(stage);
    o->has_stage = o->stage != STAGE(UNSPECIFIED);
}

/* --- conditions --- */

struct missing {
    const char *fields[MISSING_MAX];
    size_t n;
    Baton__DocumentType documents[DOCUMENTS_MAX];
    size_t n_documents;
    bool approval;
};

static bool is_any(const struct missing *m)
{
    return m->n || m->n_documents || m->approval;
}

/* 8: a field that a deployment added is filled in where it has a value; one that is gone or retired holds
   nobody up */
static bool has_custom(const struct custom_facts *f, const Baton__Opportunity *o, const char *name)
{
    const Baton__CustomField *d = opportunities_custom_asked(f, name);
    for (size_t i = 0; d && i < o->n_custom; i++)
        if (strcmp(o->custom[i]->name, d->name) == 0)
            return true;
    return !d;
}

bool opportunities_is_filled(const struct custom_facts *custom, const Baton__Opportunity *o, const char *name,
                             struct arena *a)
{
    if (opportunities_custom_name(name))
        return has_custom(custom, o, name);
    const struct schema_field *f = schema_field(schema_message(o->base.descriptor), name);
    if (!f || !schema_present(&o->base, f))
        return false;
    const bool is_text = f->pb->type == PROTOBUF_C_TYPE_STRING && f->pb->label != PROTOBUF_C_LABEL_REPEATED;
    return !is_text || text_trim(a, schema_text_of(&o->base, f));
}

static void look_for(const struct custom_facts *custom, char *const *names, size_t n,
                     const Baton__Opportunity *o, struct missing *m, struct arena *a)
{
    for (size_t i = 0; i < n && m->n < MISSING_MAX; i++) {
        bool is_there = opportunities_is_filled(custom, o, names[i], a);
        for (size_t k = 0; k < m->n && !is_there; k++)
            is_there = strcmp(m->fields[k], names[i]) == 0;
        if (!is_there)
            m->fields[m->n++] = names[i];
    }
}

/* 11: one document of each type that is asked for is linked to it, and active */
static void look_for_documents(uint32_t linked, const Baton__DocumentType *types, size_t n, struct missing *m)
{
    for (size_t i = 0; i < n && m->n_documents < DOCUMENTS_MAX; i++) {
        bool is_there = linked >> types[i] & 1;
        for (size_t k = 0; k < m->n_documents; k++)
            is_there |= m->documents[k] == types[i];
        if (!is_there)
            m->documents[m->n_documents++] = types[i];
    }
}

static bool overrides(const Baton__PipelineStage *stage, const Baton__Actor *actor)
{
    for (size_t i = 0; i < stage->n_override_roles; i++)
        if (actor_is(actor, stage->override_roles[i]))
            return true;
    return false;
}

/* On from where it was, rather than back or out. */
static bool goes_on(const Baton__Pipeline *p, const Baton__PipelineStage *from,
                    const Baton__PipelineStage *to)
{
    if (opportunities_kind(from) != KIND(OPEN) || opportunities_kind(to) == KIND(LOST))
        return false;
    for (size_t i = 0; i < p->n_stages; i++)
        if (p->stages[i] == from || p->stages[i] == to)
            return p->stages[i] == from;
    return true;
}

/* As people know it. */
static const char *label_of(const struct custom_facts *custom, const char *name)
{
    const Baton__CustomField *d = opportunities_custom_asked(custom, name);
    return d ? d->label : name;
}

#define DOCUMENT(NAME) BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_##NAME
static const char *const document_names[] = {
    [DOCUMENT(CONTRACT)] = "contract",    [DOCUMENT(NDA)] = "NDA",
    [DOCUMENT(POLICY)] = "policy",        [DOCUMENT(PRICE_LIST)] = "price list",
    [DOCUMENT(BROCHURE)] = "brochure",    [DOCUMENT(PROPOSAL)] = "proposal",
    [DOCUMENT(OTHER)] = "other document",
};

bool opportunities_is_document(Baton__DocumentType type)
{
    return type > 0 && (size_t)type < sizeof document_names / sizeof *document_names;
}

static const char *say_documents(const struct missing *m, struct arena *a)
{
    const char *text = m->n_documents ? "these are to be linked to it and active: " : "";
    for (size_t i = 0; i < m->n_documents; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", document_names[m->documents[i]]);
    return text;
}

/* "amount, Approved budget", which documents, and that somebody has to approve. */
static const char *say_missing(const struct custom_facts *custom, const struct missing *m, struct arena *a)
{
    const char *text = m->n ? "this is to be filled in: " : "";
    for (size_t i = 0; i < m->n; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", label_of(custom, m->fields[i]));
    if (m->n_documents)
        text = arena_printf(a, "%s%s%s", text, *text ? "; " : "", say_documents(m, a));
    if (m->approval)
        text = arena_printf(a, "%s%s", text, *text ? "; and it is to be approved" : "it is to be approved");
    return text;
}

static bool refuse_missing(const struct custom_facts *custom, const Baton__PipelineStage *to,
                           const struct missing *m, bool may_override, struct stamp *s, struct outcome *out)
{
    Baton__StageConditions *c = ARENA_NEW(s->arena, Baton__StageConditions);
    baton__stage_conditions__init(c);
    c->stage_key = to->key;
    c->missing_fields = ARENA_ARRAY(s->arena, char *, m->n);
    for (size_t i = 0; i < m->n; i++)
        c->missing_fields[c->n_missing_fields++] = (char *)(uintptr_t)m->fields[i];
    c->missing_documents = arena_copy(s->arena, m->documents, sizeof m->documents);
    c->n_missing_documents = m->n_documents;
    c->has_may_override = true;
    c->may_override = may_override;
    c->has_missing_approval = c->missing_approval = m->approval;
    (void)refuse(&out->no, REFUSAL_FAILED_PRECONDITION, m->n ? m->fields[0] : "stage_key", "before \"%s\" %s",
                 to->name, say_missing(custom, m, s->arena));
    refuse_with(&out->no, c->base.descriptor->name, schema_pack(&c->base, s->arena));
    return false;
}

/* 6: what the stage that it leaves asks of what goes on, and the one that it enters; all that is missing at
   once. 7: whom the stages let may do without, by saying why. 9: an approval is one of the conditions */
static bool check_conditions(const struct opportunities_facts *f, const Baton__Opportunity *before,
                             Baton__Opportunity *o, const Baton__PipelineStage *to, struct stamp *s,
                             struct outcome *out)
{
    struct missing m = {.n = 0};
    const Baton__PipelineStage *from = before ? opportunities_stage(f->left, before->stage_key) : NULL;
    const bool is_within = f->left && same(f->left->id, f->pipeline->id);
    bool may_override = true;
    if (from && is_within)
        from = opportunities_stage(f->pipeline, from->key);
    if (from && (!is_within || goes_on(f->pipeline, from, to))) {
        look_for(&f->custom, from->exit_fields, from->n_exit_fields, o, &m, s->arena);
        look_for_documents(f->documents, from->exit_documents, from->n_exit_documents, &m);
    }
    const size_t at_exit = m.n + m.n_documents;
    if (at_exit)
        may_override = overrides(from, s->actor);
    look_for(&f->custom, to->entry_fields, to->n_entry_fields, o, &m, s->arena);
    look_for_documents(f->documents, to->entry_documents, to->n_entry_documents, &m);
    m.approval = opportunities_needs_approval(to) && !opportunities_has_approval(before, o, f->pipeline, to);
    if (m.n + m.n_documents > at_exit || m.approval)
        may_override &= overrides(to, s->actor);
    o->override_reason = NULL;
    if (!is_any(&m))
        return true;
    if (!may_override || !f->override_reason)
        return refuse_missing(&f->custom, to, &m, may_override, s, out);
    o->override_reason = text_trim(s->arena, f->override_reason);
    return o->override_reason || refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "override_reason",
                                        "why it goes on without is to be said");
}

static void set_moments(Baton__Opportunity *o, struct stamp *s)
{
    o->stage_entered_at = timestamp_of(s->arena, s->now_us);
    o->closed_at = opportunities_is_closed(o) ? timestamp_of(s->arena, s->now_us) : NULL;
}

bool opportunities_enter(const struct opportunities_facts *f, const Baton__Opportunity *before,
                         Baton__Opportunity *o, struct stamp *s, struct outcome *out)
{
    /* 1: in a pipeline that there is */
    if (!f->pipeline)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "pipeline_id", "there is no such pipeline");
    /* 2: in a stage of it */
    const char *key = wanted_key(f->pipeline, before, o);
    const Baton__PipelineStage *stage = opportunities_stage(f->pipeline, key);
    if (!stage)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "stage_key",
                      "the pipeline \"%s\" has no stage \"%s\"", f->pipeline->name, key ? key : "");
    const bool stays =
        before && same(before->pipeline_id, f->pipeline->id) && same(before->stage_key, stage->key);
    set_stage(o, f->pipeline, stage, s->arena);
    /* 12: what it was called when it came there, whatever it is called later */
    o->stage_name = stays && before->stage_name ? before->stage_name : stage->name;
    set_chances(before, o, stage, stays);
    /* 10: what was approved, or asked for, is this step at this amount */
    o->approval = stays && opportunities_same_amount(before, o) ? before->approval : NULL;
    /* 5: which takes in more */
    if (stage->retired && (!stays || f->gone))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "stage_key", "nothing enters \"%s\" any more",
                      stage->name);
    if (stays)
        return true;
    set_moments(o, s);
    /* one of before there were pipelines is where it was */
    return f->is_forced || (before && !before->pipeline_id) || check_conditions(f, before, o, stage, s, out);
}
