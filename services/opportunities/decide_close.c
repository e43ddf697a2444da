/* How opportunities end, and begin again. */
#include <string.h>

#include "base/text.h"
#include "services/opportunities/opportunities.h"

#define KIND(NAME) BATON__STAGE_KIND__STAGE_KIND_##NAME

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* --- what is said of it --- */

static bool is_among(char *const *reasons, size_t n, const char *reason)
{
    for (size_t i = 0; reason && i < n; i++)
        if (strcmp(reasons[i], reason) == 0)
            return true;
    return false;
}

static bool refuse_reason(char *const *reasons, size_t n, struct stamp *s, struct refusal *no)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = arena_printf(s->arena, "%s%s%s", text, i ? ", " : "", reasons[i]);
    return refuse(no, REFUSAL_FAILED_PRECONDITION, "outcome_reason", "why is to be said, as one of: %s",
                  text);
}

bool opportunities_check_outcome(const struct opportunities_facts *f, const Baton__Opportunity *before,
                                 Baton__Opportunity *o, struct stamp *s, struct refusal *no)
{
    const bool is_lost = o->stage_kind == KIND(LOST);
    /* 1: nothing while it is open; what was said goes with the end */
    if (!opportunities_is_closed(o)) {
        const bool was_closed = before && opportunities_is_closed(before);
        if (!was_closed && (o->outcome_reason || o->lost_to))
            return refuse(no, REFUSAL_FAILED_PRECONDITION, o->outcome_reason ? "outcome_reason" : "lost_to",
                          "it has not ended");
        o->outcome_reason = o->lost_to = NULL;
        return true;
    }
    o->outcome_reason = text_trim(s->arena, o->outcome_reason);
    o->lost_to = text_trim(s->arena, o->lost_to);
    /* 2: what is won is lost to nobody */
    if (o->lost_to && !is_lost)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "lost_to", "it has not been lost");
    /* 3: one of the pipeline's reasons, where it has any; what was said before stays said */
    char *const *reasons = is_lost ? f->pipeline->loss_reasons : f->pipeline->win_reasons;
    const size_t n = is_lost ? f->pipeline->n_loss_reasons : f->pipeline->n_win_reasons;
    const bool stays =
        before && before->stage_kind == o->stage_kind && same(before->outcome_reason, o->outcome_reason);
    return f->is_forced || stays || !n || is_among(reasons, n, o->outcome_reason) ||
           refuse_reason(reasons, n, s, no);
}

/* --- ending, and beginning again --- */

static const Baton__PipelineStage *first_of(const Baton__Pipeline *p, Baton__StageKind kind)
{
    for (size_t i = 0; p && i < p->n_stages; i++)
        if (opportunities_kind(p->stages[i]) == kind && !p->stages[i]->retired)
            return p->stages[i];
    return NULL;
}

/* The stage that is asked for, which is of the kind; else the first of it. */
static const Baton__PipelineStage *stage_of(const Baton__Pipeline *p, const char *key, Baton__StageKind kind,
                                            struct refusal *no)
{
    const Baton__PipelineStage *stage = key ? opportunities_stage(p, key) : first_of(p, kind);
    if (!stage || opportunities_kind(stage) != kind) {
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, "stage_key", "the pipeline has no such stage");
        return NULL;
    }
    return stage;
}

static bool enter(const struct opportunities_move_facts *f, Baton__Opportunity *o,
                  const Baton__PipelineStage *stage, struct stamp *s, struct outcome *out)
{
    o->stage_key = stage->key;
    if (!opportunities_check_opportunity(&f->where, f->record.before, &o->base, s, out))
        return false;
    record_updated(f->record.before, f->record.before_seq, &o->base, s, out);
    return true;
}

bool opportunities_decide_close(const void *facts, const struct command *c, struct stamp *s,
                                struct outcome *out)
{
    const struct opportunities_move_facts *f = facts;
    const Baton__CloseOpportunityRequest *q = (const Baton__CloseOpportunityRequest *)c->request;
    if (!record_may_change(&f->record, "id", q->has_revision ? &q->revision : NULL, c, s, out))
        return false;
    /* 4: one way or the other */
    if (q->outcome != KIND(WON) && q->outcome != KIND(LOST))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "outcome", "it is won or lost");
    const Baton__PipelineStage *stage = stage_of(f->where.pipeline, q->stage_key, q->outcome, &out->no);
    if (!stage)
        return false;
    /* 5: once; another reason or outcome corrects what was said */
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(f->record.before, s->arena);
    o->outcome_reason = q->reason;
    o->lost_to = q->lost_to;
    if (!enter(f, o, stage, s, out))
        return false;
    Baton__CloseOpportunityResponse *reply = ARENA_NEW(s->arena, Baton__CloseOpportunityResponse);
    baton__close_opportunity_response__init(reply);
    reply->opportunity = o;
    out->reply = &reply->base;
    return true;
}

bool opportunities_decide_reopen(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct opportunities_move_facts *f = facts;
    const Baton__ReopenOpportunityRequest *q = (const Baton__ReopenOpportunityRequest *)c->request;
    if (!record_may_change(&f->record, "id", q->has_revision ? &q->revision : NULL, c, s, out))
        return false;
    /* 6: of what has ended */
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(f->record.before, s->arena);
    if (!opportunities_is_closed(o))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "id", "it is open");
    /* 7: where it was before, if that is still there */
    const Baton__PipelineStage *last = opportunities_stage(f->where.pipeline, f->open_key);
    const char *key = q->stage_key                                                       ? q->stage_key
                      : last && !last->retired && opportunities_kind(last) == KIND(OPEN) ? last->key
                                                                                         : NULL;
    const Baton__PipelineStage *stage = stage_of(f->where.pipeline, key, KIND(OPEN), &out->no);
    if (!stage || !enter(f, o, stage, s, out))
        return false;
    Baton__ReopenOpportunityResponse *reply = ARENA_NEW(s->arena, Baton__ReopenOpportunityResponse);
    baton__reopen_opportunity_response__init(reply);
    reply->opportunity = o;
    out->reply = &reply->base;
    return true;
}
