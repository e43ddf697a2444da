/* Templates of plans: steps that can be followed, each after those it depends on. */
#include <string.h>

#include "base/text.h"
#include "services/opportunities/pipeline.h"
#include "services/opportunities/plan.h"

#define WHO(NAME) BATON__PLAN_WHO__PLAN_WHO_##NAME

/* 3: it depends on steps before it, so that none waits for itself */
static bool check_before(Baton__PlanTemplateStep *const *steps, size_t i, const char *member,
                         struct refusal *no)
{
    for (size_t d = 0; d < steps[i]->n_depends_on; d++) {
        size_t k = 0;
        while (k < i && strcmp(steps[k]->key, steps[i]->depends_on[d]) != 0)
            k++;
        if (k == i)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, member,
                          "\"%s\" depends on \"%s\", which is no step before it", steps[i]->key,
                          steps[i]->depends_on[d]);
    }
    return true;
}

/* 4: whose it is can be told */
static bool check_who(Baton__PlanTemplateStep *step, const char *member, struct arena *a, struct refusal *no)
{
    step->member_role = text_trim(a, step->member_role);
    if (step->who == WHO(MEMBER) && !step->member_role)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "which role in the team has \"%s\"?", step->key);
    if (step->who == WHO(USER) && (!step->user_id || !*step->user_id))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "who has \"%s\"?", step->key);
    return true;
}

/* 6: what it waits for can come */
static bool check_evidence(const Baton__PlanTemplateStep *step, const char *member, struct refusal *no)
{
    if (step->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_STAGE &&
        (!step->stage_key || !opportunities_is_key(step->stage_key)))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "which stage does \"%s\" wait for?", step->key);
    if (step->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_FIELD &&
        (!step->opportunity_field || !opportunities_can_ask(step->opportunity_field)))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, member,
                      "\"%s\" waits for no field of an opportunity that people fill in", step->key);
    if (step->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DOCUMENT &&
        !opportunities_is_document(step->document_type))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "which documents does \"%s\" wait for?",
                      step->key);
    return true;
}

bool plan_check_steps(Baton__PlanTemplateStep **steps, size_t n, const char *member, struct arena *a,
                      struct refusal *no)
{
    for (size_t i = 0; i < n; i++) {
        Baton__PlanTemplateStep *step = steps[i];
        /* 1: each has a key of its own, which programs can use */
        if (!opportunities_is_key(step->key))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, member,
                          "a key has small letters, digits and _, and begins with a letter");
        for (size_t k = 0; k < i; k++)
            if (strcmp(steps[k]->key, step->key) == 0)
                return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "there are two steps \"%s\"", step->key);
        /* 2: and a title, without white space around */
        step->title = text_trim(a, step->title);
        if (!step->title)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, member, "the step \"%s\" has no title", step->key);
        if (!check_before(steps, i, member, no) || !check_who(step, member, a, no) ||
            !check_evidence(step, member, no))
            return false;
    }
    return true;
}

/* 7: opportunities can come to the stage in which it starts by itself */
static bool check_start(const Baton__PlanTemplate *was, const Baton__PlanTemplate *t,
                        const Baton__Pipeline *in, struct refusal *no)
{
    if (t->start_stage_key && !opportunities_is_key(t->start_stage_key))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "start_stage_key", "this is no stage's key");
    if (!t->start_pipeline_id)
        return true;
    if (!t->start_stage_key)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "start_stage_key", "in which stage of the pipeline?");
    /* what it was before may have gone since */
    if (was && was->start_pipeline_id && was->start_stage_key &&
        strcmp(was->start_pipeline_id, t->start_pipeline_id) == 0 &&
        strcmp(was->start_stage_key, t->start_stage_key) == 0)
        return true;
    if (!in)
        return refuse(no, REFUSAL_NOT_FOUND, "start_pipeline_id", "there is no such pipeline");
    return opportunities_stage(in, t->start_stage_key) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "start_stage_key", "\"%s\" has no such stage", in->name);
}

bool plan_check_template(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                         struct stamp *s, struct outcome *out)
{
    Baton__PlanTemplate *t = (Baton__PlanTemplate *)after;
    if (!t)
        return true;
    /* 5: it has a name; plans that were started from it stay as they are, whatever becomes of it */
    t->name = text_trim(s->arena, t->name);
    if (!t->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "a template has a name");
    t->situation = text_trim(s->arena, t->situation);
    t->industry = text_trim(s->arena, t->industry);
    t->start_stage_key = text_trim(s->arena, t->start_stage_key);
    if (!check_start((const Baton__PlanTemplate *)before, t, extra, &out->no))
        return false;
    return plan_check_steps(t->steps, t->n_steps, "steps", s->arena, &out->no);
}

/* What the template says, and nothing else if it says something. */
static bool is_such(const char *wanted, const char *is, struct arena *a)
{
    const char *left = text_fold(a, wanted), *right = text_fold(a, is);
    return !left || (right && strcmp(left, right) == 0);
}

bool plan_starts_for(const Baton__PlanTemplate *t, const Baton__Opportunity *o, const char *industry,
                     struct arena *a)
{
    /* 8: in its pipeline, of its situation and its industry, in whatever letters */
    return !t->retired && t->start_stage_key && o->stage_key &&
           strcmp(t->start_stage_key, o->stage_key) == 0 &&
           (!t->start_pipeline_id || (o->pipeline_id && strcmp(t->start_pipeline_id, o->pipeline_id) == 0)) &&
           is_such(t->situation, o->type, a) && is_such(t->industry, industry, a);
}
