/* Moves that somebody has to approve: asked for, approved, rejected, and what an approval is good for. */
#include <string.h>

#include "base/text.h"
#include "services/opportunities/opportunities.h"

#define STATUS(NAME) BATON__STAGE_APPROVAL_STATUS__STAGE_APPROVAL_STATUS_##NAME
#define NEWS(NAME)   BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool opportunities_needs_approval(const Baton__PipelineStage *stage)
{
    return stage->n_approval_roles || stage->approval_by_managers;
}

bool opportunities_same_amount(const Baton__Opportunity *a, const Baton__Opportunity *b)
{
    const struct schema_field *amount = schema_field(schema_message(a->base.descriptor), "amount");
    return schema_field_equal(&a->base, &b->base, amount);
}

/* 1: for this stage, and of what it is worth */
bool opportunities_has_approval(const Baton__Opportunity *before, const Baton__Opportunity *o,
                                const Baton__Pipeline *p, const Baton__PipelineStage *stage)
{
    const Baton__StageApproval *a = before ? before->approval : NULL;
    return a && a->status == STATUS(APPROVED) && same(a->pipeline_id, p->id) &&
           same(a->stage_key, stage->key) && opportunities_same_amount(before, o);
}

static bool changed(const struct opportunities_approval_facts *f, Baton__Opportunity *o,
                    const ProtobufCMessageDescriptor *answer, struct stamp *s, struct outcome *out)
{
    record_updated(f->record.before, f->record.before_seq, &o->base, s, out);
    out->reply = arena_alloc(s->arena, answer->sizeof_message);
    protobuf_c_message_init(answer, out->reply);
    memcpy((uint8_t *)out->reply + answer->fields[0].offset, &o, sizeof o);
    return true;
}

/* --- asking --- */

static const Baton__PipelineStage *stage_to_ask_for(const struct opportunities_approval_facts *f,
                                                    const Baton__RequestStageApprovalRequest *q,
                                                    const Baton__Opportunity *o, struct refusal *no)
{
    const Baton__PipelineStage *stage = opportunities_stage(f->pipeline, q->stage_key);
    /* 2: to a stage that there is, and where it is not yet */
    if (!stage || stage->retired)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "stage_key", "the pipeline has no such stage"), NULL;
    if (same(o->pipeline_id, f->pipeline->id) && same(o->stage_key, stage->key))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "stage_key", "it is in \"%s\" already", stage->name),
               NULL;
    /* 3: and that needs it */
    if (!opportunities_needs_approval(stage))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "stage_key", "\"%s\" needs no approval", stage->name),
               NULL;
    /* 4: once; a no can be asked again */
    const Baton__StageApproval *a = o->approval;
    if (a && a->status != STATUS(REJECTED) && same(a->pipeline_id, f->pipeline->id) &&
        same(a->stage_key, stage->key))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "stage_key",
                      a->status == STATUS(WAITING) ? "it waits for approval already"
                                                   : "it is approved already"),
               NULL;
    return stage;
}

static Baton__StageApproval *waiting(const struct opportunities_approval_facts *f,
                                     const Baton__PipelineStage *stage, struct stamp *s)
{
    Baton__StageApproval *a = ARENA_NEW(s->arena, Baton__StageApproval);
    baton__stage_approval__init(a);
    a->pipeline_id = f->pipeline->id;
    a->stage_key = stage->key;
    a->has_status = true;
    a->status = STATUS(WAITING);
    a->requested_by_id = arena_strdup(s->arena, s->actor->user_id);
    a->requested_at = timestamp_of(s->arena, s->now_us);
    a->roles = stage->approval_roles;
    a->n_roles = stage->n_approval_roles;
    a->manager_ids = ARENA_ARRAY(s->arena, char *, f->n_managers);
    for (size_t i = 0; stage->approval_by_managers && i < f->n_managers; i++)
        a->manager_ids[a->n_manager_ids++] = arena_strdup(s->arena, f->manager_ids[i]);
    return a;
}

bool opportunities_decide_request_approval(const void *facts, const struct command *c, struct stamp *s,
                                           struct outcome *out)
{
    const struct opportunities_approval_facts *f = facts;
    const Baton__RequestStageApprovalRequest *q = (const Baton__RequestStageApprovalRequest *)c->request;
    if (!record_may_change(&f->record, "id", q->has_revision ? &q->revision : NULL, c, s, out))
        return false;
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(f->record.before, s->arena);
    const Baton__PipelineStage *stage = stage_to_ask_for(f, q, o, &out->no);
    if (!stage)
        return false;
    o->approval = waiting(f, stage, s);
    opportunities_ask_them(f->approver_ids, f->n_approvers, f->people.who, o, stage, out);
    return changed(f, o, &baton__request_stage_approval_response__descriptor, s, out);
}

/* --- yes and no --- */

static bool is_for(const struct opportunities_approval_facts *f, const Baton__PipelineStage *stage,
                   const Baton__Actor *actor)
{
    if (actor_is(actor, BATON__ROLE__ROLE_ADMIN))
        return true;
    for (size_t i = 0; stage && i < stage->n_approval_roles; i++)
        if (actor_is(actor, stage->approval_roles[i]))
            return true;
    for (size_t i = 0; stage && stage->approval_by_managers && i < f->n_managers; i++)
        if (same(f->manager_ids[i], actor->user_id))
            return true;
    return false;
}

/* A copy to be changed; NULL: refused. */
static Baton__Opportunity *to_judge(const struct opportunities_approval_facts *f, const uint64_t *revision,
                                    const struct command *c, struct stamp *s, struct refusal *no)
{
    const struct schema_message *type = schema_message(&baton__opportunity__descriptor);
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->record.before;
    /* 5: whoever may approve it need only see it */
    if (!o || !record_reached(type, f->record.before, f->record.reach, c->actor, false))
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such record"), NULL;
    if (!o->approval || o->approval->status != STATUS(WAITING))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "id", "nothing waits for approval"), NULL;
    /* 6: as the stage says now; nobody for themselves */
    if (!is_for(f, opportunities_stage(f->pipeline, o->approval->stage_key), c->actor))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "it is for others to approve this"), NULL;
    if (same(o->owner_id, c->actor->user_id) || same(o->approval->requested_by_id, c->actor->user_id))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "somebody else has to approve what is yours"),
               NULL;
    /* 7: as they saw it */
    if (revision && *revision != o->revision)
        return refuse(no, REFUSAL_ABORTED, "revision", "it was changed meanwhile"), NULL;
    return (Baton__Opportunity *)schema_copy(f->record.before, s->arena);
}

/* 8: whoever asked hears, and whoever follows it */
static void judge(const struct opportunities_approval_facts *f, Baton__Opportunity *o,
                  Baton__StageApprovalStatus status, Baton__OpportunityNewsKind news, struct stamp *s,
                  struct outcome *out)
{
    struct opportunities_people people = f->people;
    Baton__StageApproval *a = o->approval;
    bool is_there = false;
    a->status = status;
    a->decided_by_id = arena_strdup(s->arena, s->actor->user_id);
    a->decided_at = timestamp_of(s->arena, s->now_us);
    for (size_t i = 0; i < people.n; i++)
        is_there |= same(people.followers[i], a->requested_by_id);
    if (!is_there && a->requested_by_id && people.n < DEAL_FOLLOWERS_MAX)
        people.followers[people.n++] = a->requested_by_id;
    (void)opportunities_tell(&people, news, o, opportunities_stage(f->pipeline, a->stage_key), out);
}

bool opportunities_decide_approve(const void *facts, const struct command *c, struct stamp *s,
                                  struct outcome *out)
{
    const struct opportunities_approval_facts *f = facts;
    const Baton__ApproveStageRequest *q = (const Baton__ApproveStageRequest *)c->request;
    Baton__Opportunity *o = to_judge(f, q->has_revision ? &q->revision : NULL, c, s, &out->no);
    if (!o)
        return false;
    judge(f, o, STATUS(APPROVED), NEWS(APPROVED), s, out);
    return changed(f, o, &baton__approve_stage_response__descriptor, s, out);
}

bool opportunities_decide_reject(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct opportunities_approval_facts *f = facts;
    const Baton__RejectStageRequest *q = (const Baton__RejectStageRequest *)c->request;
    Baton__Opportunity *o = to_judge(f, q->has_revision ? &q->revision : NULL, c, s, &out->no);
    if (!o)
        return false;
    /* 9: a no says why */
    o->approval->reason = text_trim(s->arena, q->reason);
    if (!o->approval->reason)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reason", "why not is to be said");
    judge(f, o, STATUS(REJECTED), NEWS(REJECTED), s, out);
    return changed(f, o, &baton__reject_stage_response__descriptor, s, out);
}
