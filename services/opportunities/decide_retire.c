/* Stages that end: what is in them moves to others, some at a time, so that no batch grows with it. */
#include <string.h>

#include "services/opportunities/opportunities.h"

static Baton__StageRetirementAdvanced *advance(struct outcome *out)
{
    Baton__StageRetirementAdvanced *e = ARENA_NEW(out->arena, Baton__StageRetirementAdvanced);
    baton__stage_retirement_advanced__init(e);
    outcome_event(out, e);
    return e;
}

/* Whether the pipeline would still have one of the kind that takes in more. */
static bool has_another(const Baton__Pipeline *p, const Baton__PipelineStage *than)
{
    for (size_t i = 0; i < p->n_stages; i++)
        if (p->stages[i] != than && !p->stages[i]->retired &&
            opportunities_kind(p->stages[i]) == opportunities_kind(than))
            return true;
    return false;
}

static bool check_target(const struct opportunities_retire_facts *f, const Baton__PipelineStage *from,
                         const char *to_key, struct refusal *no)
{
    const Baton__PipelineStage *to = opportunities_stage(f->to, to_key);
    /* 3: to a stage that there is and stays */
    if (!to || to->retired || to == from)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, f->to ? "to_stage_key" : "to_pipeline_id",
                      "there is no such stage to move to");
    /* 4: of the same kind, so that what is won stays won */
    return opportunities_kind(to) == opportunities_kind(from) ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "to_stage_key",
                  "what is open stays open, and what is won or lost stays that");
}

/* With one stage of it marked, or gone. */
static Baton__Pipeline *changed(const Baton__Pipeline *p, const char *key, bool is_gone, struct arena *a)
{
    Baton__Pipeline *after = (Baton__Pipeline *)schema_copy(&p->base, a);
    size_t n = 0;
    for (size_t i = 0; i < after->n_stages; i++) {
        const bool is_it = strcmp(after->stages[i]->key, key) == 0;
        if (is_it)
            after->stages[i]->has_retired = after->stages[i]->retired = true;
        if (!is_it || !is_gone)
            after->stages[n++] = after->stages[i];
    }
    after->n_stages = n;
    return after;
}

static bool is_first(const Baton__Pipeline *p, const Baton__PipelineStage *stage)
{
    return p->stages[0] == stage && (p->n_stages < 2 || p->stages[1]->retired ||
                                     opportunities_kind(p->stages[1]) != opportunities_kind(stage));
}

bool opportunities_decide_retire(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct opportunities_retire_facts *f = facts;
    const Baton__RetireStageRequest *q = (const Baton__RetireStageRequest *)c->request;
    const Baton__Pipeline *p = (const Baton__Pipeline *)f->pipeline.before;
    if (!record_may_change(&f->pipeline, "pipeline_id", NULL, c, s, out))
        return false;
    /* 1: of a stage that is there, once */
    const Baton__PipelineStage *stage = opportunities_stage(p, q->stage_key);
    if (!stage)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "stage_key", "the pipeline has no such stage");
    if (stage->retired)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "stage_key", "it is being emptied already");
    /* 2: the pipeline stays one */
    if (!has_another(p, stage) || is_first(p, stage))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "stage_key",
                      "the pipeline needs it; put another one in its place first");
    if (!check_target(f, stage, q->to_stage_key, &out->no))
        return false;
    Baton__Pipeline *after = changed(p, q->stage_key, false, s->arena);
    record_updated(&p->base, f->pipeline.before_seq, &after->base, s, out);
    Baton__StageRetirementAdvanced *e = advance(out);
    e->pipeline_id = p->id;
    e->stage_key = q->stage_key;
    e->to_pipeline_id = f->to->id;
    e->to_stage_key = q->to_stage_key;
    Baton__RetireStageResponse *reply = ARENA_NEW(s->arena, Baton__RetireStageResponse);
    baton__retire_stage_response__init(reply);
    reply->pipeline = after;
    reply->has_moving = true;
    reply->moving = f->n;
    out->reply = &reply->base;
    return true;
}

/* The stage it goes to. Where that has gone since: the pipeline's first of its kind that takes in more. */
static const Baton__PipelineStage *target(const Baton__Pipeline *p, const char *key, Baton__StageKind kind)
{
    const Baton__PipelineStage *to = opportunities_stage(p, key);
    for (size_t i = 0; i < p->n_stages && (!to || to->retired); i++)
        to = opportunities_kind(p->stages[i]) == kind ? p->stages[i] : NULL;
    return to;
}

/* 6: whatever the stages ask for otherwise */
static void move(const struct opportunities_retiring_facts *f, size_t i, const char *to_key, struct stamp *s,
                 struct outcome *out)
{
    const Baton__Opportunity *was = f->rows[i];
    const struct opportunities_facts where = {.pipeline = f->to, .is_forced = true};
    const char *key = to_key ? to_key : opportunities_stage_key(was->stage);
    const Baton__StageKind kind =
        was->has_stage_kind                             ? was->stage_kind
        : was->stage == BATON__STAGE__STAGE_CLOSED_WON  ? BATON__STAGE_KIND__STAGE_KIND_WON
        : was->stage == BATON__STAGE__STAGE_CLOSED_LOST ? BATON__STAGE_KIND__STAGE_KIND_LOST
                                                        : BATON__STAGE_KIND__STAGE_KIND_OPEN;
    const Baton__PipelineStage *to = target(f->to, key, kind);
    if (!to)
        return; /* a pipeline always has one of each kind */
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(&was->base, s->arena);
    o->pipeline_id = f->to->id;
    o->stage_key = to->key;
    /* of those of before, what was said stays said */
    const bool is_said = was->has_probability && !was->pipeline_id;
    const uint32_t probability = was->probability;
    const Google__Protobuf__Timestamp *closed = was->closed_at ? was->closed_at : was->updated_at;
    if (!opportunities_enter(&where, was, o, s, out))
        return; /* nothing is asked of it, and the stage is there */
    if (is_said && kind == BATON__STAGE_KIND__STAGE_KIND_OPEN)
        o->probability = probability;
    if (kind != BATON__STAGE_KIND__STAGE_KIND_OPEN && closed)
        o->closed_at = timestamp_of(s->arena, timestamp_us(closed));
    record_updated(&was->base, f->seqs[i], &o->base, s, out);
}

bool opportunities_decide_retiring(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct opportunities_retiring_facts *f = facts;
    const Baton__StageRetirement *r = (const Baton__StageRetirement *)c->request;
    const Baton__Pipeline *p = (const Baton__Pipeline *)f->pipeline.before;
    const bool has_stage = r->stage_key && *r->stage_key;
    for (size_t i = 0; i < f->n; i++)
        move(f, i, has_stage ? r->to_stage_key : NULL, s, out);
    /* 7: with the last of them goes the stage */
    if (f->at_end && p && opportunities_stage(p, r->stage_key)) {
        Baton__Pipeline *after = changed(p, r->stage_key, true, s->arena);
        record_updated(&p->base, f->pipeline.before_seq, &after->base, s, out);
    }
    Baton__StageRetirementAdvanced *e = advance(out);
    e->pipeline_id = arena_strdup(s->arena, r->pipeline_id);
    e->stage_key = arena_strdup(s->arena, r->stage_key);
    e->to_pipeline_id = arena_strdup(s->arena, r->to_pipeline_id);
    e->to_stage_key = arena_strdup(s->arena, r->to_stage_key);
    e->has_moved = e->has_finished = true;
    e->moved = (uint32_t)f->n;
    e->finished = f->at_end;
    e->token = arena_strdup(s->arena, f->token);
    return true;
}
