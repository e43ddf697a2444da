/* Plans: they are started, their steps close and open again by hand, and they end. */
#include "services/opportunities/plan.h"

#include <string.h>

#include "base/text.h"
#include "services/opportunities/opportunities.h"

#define STATE(NAME) BATON__PLAN_STATE__PLAN_STATE_##NAME
#define STEP(NAME)  BATON__PLAN_STEP_STATE__PLAN_STEP_STATE_##NAME

bool plan_check(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after, struct stamp *s,
                struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "plans are made and changed by PlanService alone");
}

bool plan_stays(const ProtobufCMessage *plan)
{
    return ((const Baton__Plan *)plan)->state != STATE(ACTIVE);
}

char *plan_about(const Baton__Plan *p)
{
    return p->account_id ? p->account_id : p->opportunity_id;
}

/* --- what follows --- */

static Baton__PlanStep *step_of(const Baton__Plan *p, const char *key)
{
    for (size_t i = 0; i < p->n_steps; i++)
        if (strcmp(p->steps[i]->key, key) == 0)
            return p->steps[i];
    return NULL;
}

bool plan_step_is_open(const Baton__PlanStep *step)
{
    return step->state == STEP(OPEN);
}

bool plan_step_is_due(const Baton__Plan *p, const Baton__PlanStep *step)
{
    for (size_t i = 0; i < step->n_depends_on; i++) {
        const Baton__PlanStep *other = step_of(p, step->depends_on[i]);
        if (other && plan_step_is_open(other))
            return false;
    }
    return true;
}

void plan_settle(Baton__Plan *p, const struct plan_days *days, struct stamp *s)
{
    p->has_closed_steps = true;
    p->closed_steps = 0;
    for (size_t i = 0; i < p->n_steps; i++) {
        Baton__PlanStep *step = p->steps[i];
        p->closed_steps += !plan_step_is_open(step);
        if (!plan_step_is_open(step))
            continue;
        /* 1: a step's days begin when nothing keeps it any more, and begin anew when something does again */
        if (!plan_step_is_due(p, step))
            step->due_at = step->late_at = step->escalate_at = NULL;
        else if (!step->due_at && days->end_us[i])
            step->due_at = timestamp_of(s->arena, days->end_us[i]);
    }
    /* 2: with its last step it is done, and with one that is open again it is not */
    const bool is_done = p->closed_steps == p->n_steps;
    if (is_done != (p->state == STATE(DONE)))
        p->ended_at = is_done ? timestamp_of(s->arena, s->now_us) : NULL;
    p->has_state = true;
    p->state = is_done ? STATE(DONE) : STATE(ACTIVE);
    plan_set_awaits(p, s->arena);
    p->has_next_due_us = true;
    p->next_due_us = plan_next_due(p);
}

void plan_abandon(Baton__Plan *p, const char *reason, struct stamp *s)
{
    p->state = STATE(ABANDONED);
    p->end_reason = arena_strdup(s->arena, reason);
    p->ended_at = timestamp_of(s->arena, s->now_us);
    p->next_due_us = 0;
    plan_set_awaits(p, s->arena);
}

void plan_reopen(Baton__PlanStep *step)
{
    step->state = STEP(OPEN);
    step->due_at = step->closed_at = step->late_at = step->escalate_at = NULL;
    step->closed_by_id = step->skip_reason = step->evidence_service = step->evidence_id = NULL;
    step->has_evidence_seq = false;
    step->evidence_seq = 0;
}

/* --- it is started --- */

Baton__PlanTemplateStep **plan_wanted(const struct plan_start_facts *f, const Baton__StartPlanRequest *q,
                                      size_t *n)
{
    *n = f->named ? f->named->n_steps : q->n_steps;
    return f->named ? f->named->steps : q->steps;
}

static Baton__PlanStep *step_new(const Baton__PlanTemplateStep *from, const char *assignee_id,
                                 bool of_account, struct arena *a)
{
    /* 14: an account has no fields of an opportunity: a person says that such a step is done */
    const bool by_person = of_account && from->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_FIELD;
    Baton__PlanStep *step = ARENA_NEW(a, Baton__PlanStep);
    baton__plan_step__init(step);
    step->key = from->key;
    step->title = from->title;
    step->assignee_id = arena_strdup(a, assignee_id);
    step->has_due_days = from->has_due_days;
    step->due_days = from->due_days;
    step->depends_on = from->depends_on;
    step->n_depends_on = from->n_depends_on;
    step->has_evidence = from->has_evidence && !by_person;
    step->evidence = by_person ? 0 : from->evidence;
    step->has_activity_kind = from->has_activity_kind;
    step->activity_kind = from->activity_kind;
    step->stage_key = from->stage_key;
    step->opportunity_field = by_person ? NULL : from->opportunity_field;
    step->has_document_type = from->has_document_type;
    step->document_type = from->document_type;
    step->has_state = true;
    step->state = STEP(OPEN);
    return step;
}

static bool check_source(const struct plan_start_facts *f, const Baton__StartPlanRequest *q,
                         struct refusal *no)
{
    /* 4: from a template that is there and in use, or with steps, not both */
    if (!q->template_id)
        return q->n_steps ||
               refuse(no, REFUSAL_INVALID_ARGUMENT, "steps", "a plan has a template or steps of its own");
    if (q->n_steps)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "steps", "the steps are the template's");
    if (!f->named)
        return refuse(no, REFUSAL_NOT_FOUND, "template_id", "there is no such template");
    return !f->named->retired || refuse(no, REFUSAL_FAILED_PRECONDITION, "template_id",
                                        "nothing is started from \"%s\" any more", f->named->name);
}

/* 11: what is so already when it is started is evidence; activities of before are not */
static void take_what_is(Baton__Plan *p, const struct plan_start_facts *f, struct stamp *s)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->opportunity.before;
    const uint64_t seq = f->opportunity.before_seq;
    const struct plan_sign deal = {.seq = seq,
                                   .stage_key = o ? o->stage_key : NULL,
                                   .won = o && o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON,
                                   .opportunity = o,
                                   .opportunity_seq = seq};
    (void)plan_take_sign(p, &deal, s);                    /* nobody is told how many */
    (void)plan_take_papers(p, f->papers, f->n_papers, s); /* the same */
    if (!f->quote)
        return;
    const struct plan_sign quote = {
        .seq = f->quote_seq, .quote_id = f->quote->id, .quote_status = f->quote->status};
    (void)plan_take_sign(p, &quote, s); /* the same */
}

static bool is_lost(const struct plan_start_facts *f)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->opportunity.before;
    return o && o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST;
}

static Baton__Plan *plan_new(const struct plan_start_facts *f, const Baton__StartPlanRequest *q,
                             struct stamp *s)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->opportunity.before;
    const Baton__Account *account = (const Baton__Account *)f->account.before;
    Baton__Plan *p = ARENA_NEW(s->arena, Baton__Plan);
    size_t n;
    Baton__PlanTemplateStep **from = plan_wanted(f, q, &n);
    baton__plan__init(p);
    p->name = text_trim(s->arena, q->name);
    if (!p->name)
        p->name = f->named ? f->named->name : o->name;
    p->name = arena_strndup(s->arena, p->name, text_clip(p->name, 200));
    p->opportunity_id = o ? o->id : NULL;
    p->account_id = o ? NULL : account->id;
    p->owner_id = o ? o->owner_id : account->owner_id;
    p->template_id = q->template_id;
    p->steps = ARENA_ARRAY(s->arena, Baton__PlanStep *, n);
    for (; p->n_steps < n; p->n_steps++)
        p->steps[p->n_steps] = step_new(from[p->n_steps], f->assignees[p->n_steps], !o, s->arena);
    take_what_is(p, f, s);
    plan_settle(p, &f->days, s);
    return p;
}

/* 13: of an account it is still the same one, and what is made of its own steps has a name */
static bool check_account(const struct plan_start_facts *f, const Baton__StartPlanRequest *q,
                          const struct command *c, struct stamp *s, struct outcome *out)
{
    if (!record_may_change(&f->account, "account_id", NULL, c, s, out))
        return false;
    if (((const Baton__Account *)f->account.before)->merged_into_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "account_id", "it is the same as another one");
    return f->named || q->template_id || text_trim(s->arena, q->name) ||
           refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "a plan of an account has a name");
}

bool plan_decide_start(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_start_facts *f = facts;
    const Baton__StartPlanRequest *q = (const Baton__StartPlanRequest *)c->request;
    const char *field = q->account_id ? "account_id" : "opportunity_id";
    if (!q->account_id == !q->opportunity_id)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "opportunity_id",
                      "a plan is of an opportunity or of an account");
    /* 3: about something that is the caller's to change, and that has not too many already */
    if (q->account_id ? !check_account(f, q, c, s, out)
                      : !record_may_change(&f->opportunity, field, NULL, c, s, out))
        return false;
    if (is_lost(f))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, field, "it is lost");
    if (f->n_active >= PLAN_DEAL_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, field,
                      "at most %d plans are under way for one opportunity or account", PLAN_DEAL_MAX);
    if (!check_source(f, q, &out->no) ||
        (!f->named && !plan_check_steps(q->steps, q->n_steps, "steps", s->arena, &out->no)))
        return false;
    Baton__Plan *p = plan_new(f, q, s);
    (void)record_created(&p->base, s, out); /* the same */
    opportunities_answer(p, &baton__start_plan_response__descriptor, out);
    return true;
}

void plan_start_itself(const struct plan_start_facts *f, struct stamp *s, struct outcome *out)
{
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    /* 12: not of what is lost by now, nor where too many are under way */
    if (is_lost(f) || f->n_active >= PLAN_DEAL_MAX)
        return;
    q.template_id = f->named->id;
    (void)record_created(&plan_new(f, &q, s)->base, s, out); /* nobody waits for it */
}

/* --- by hand --- */

/* The plan to be changed, and its step; NULL: refused. */
static Baton__Plan *to_change(const struct plan_facts *f, const struct command *c, Baton__PlanStep **step,
                              struct stamp *s, struct outcome *out)
{
    const bool has_revision =
        schema_present(c->request, schema_field(schema_message(c->request->descriptor), "revision"));
    const uint64_t revision = has_revision ? (uint64_t)schema_get_int(c->request, "revision") : 0;
    /* 5: it is there, the caller's to change, and as they saw it */
    if (!record_may_change(&f->record, "plan_id", has_revision ? &revision : NULL, c, s, out))
        return NULL;
    Baton__Plan *p = (Baton__Plan *)schema_copy(f->record.before, s->arena);
    /* 6: what was abandoned stays as it was */
    if (p->state == STATE(ABANDONED))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "plan_id", "it was abandoned"), NULL;
    if (!step)
        return p;
    *step = step_of(p, schema_get_text(c->request, "step_key"));
    if (!*step)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "step_key", "the plan has no such step"), NULL;
    return p;
}

/* `closed`: the step that is news; NULL: none is. */
static bool changed(const struct plan_facts *f, Baton__Plan *p, const Baton__PlanStep *closed,
                    const ProtobufCMessageDescriptor *answer, struct stamp *s, struct outcome *out)
{
    plan_settle(p, &f->days, s);
    record_updated(f->record.before, f->record.before_seq, &p->base, s, out);
    if (closed)
        plan_tell_closed(&f->people, f->opportunity, p, closed, out);
    opportunities_answer(p, answer, out);
    return true;
}

static bool close_step(Baton__PlanStep *step, Baton__PlanStepState state, struct stamp *s, struct refusal *no)
{
    /* 7: once */
    if (!plan_step_is_open(step))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "step_key", "\"%s\" is %s already", step->title,
                      step->state == STEP(DONE) ? "done" : "skipped");
    step->state = state;
    step->closed_at = timestamp_of(s->arena, s->now_us);
    step->closed_by_id = arena_strdup(s->arena, s->actor->user_id);
    return true;
}

bool plan_decide_complete(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_facts *f = facts;
    Baton__PlanStep *step;
    Baton__Plan *p = to_change(f, c, &step, s, out);
    return p && close_step(step, STEP(DONE), s, &out->no) &&
           changed(f, p, step, &baton__complete_step_response__descriptor, s, out);
}

bool plan_decide_skip(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_facts *f = facts;
    Baton__PlanStep *step;
    Baton__Plan *p = to_change(f, c, &step, s, out);
    if (!p || !close_step(step, STEP(SKIPPED), s, &out->no))
        return false;
    /* 8: with a reason */
    step->skip_reason = text_trim(s->arena, ((const Baton__SkipStepRequest *)c->request)->reason);
    if (!step->skip_reason)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reason", "why it need not be done is to be said");
    return changed(f, p, step, &baton__skip_step_response__descriptor, s, out);
}

bool plan_decide_reopen(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_facts *f = facts;
    Baton__PlanStep *step;
    Baton__Plan *p = to_change(f, c, &step, s, out);
    if (!p)
        return false;
    /* 9: what is closed; its days begin anew, and it waits for a person */
    if (plan_step_is_open(step))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "step_key", "\"%s\" is open", step->title);
    plan_reopen(step);
    step->has_by_hand = step->by_hand = true;
    return changed(f, p, NULL, &baton__reopen_step_response__descriptor, s, out);
}

bool plan_decide_abandon(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_facts *f = facts;
    Baton__Plan *p = to_change(f, c, NULL, s, out);
    if (!p)
        return false;
    /* 10: what is not done yet, with a reason */
    if (p->state == STATE(DONE))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "plan_id", "it is done");
    p->end_reason = text_trim(s->arena, ((const Baton__AbandonPlanRequest *)c->request)->reason);
    if (!p->end_reason)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reason", "why it is abandoned is to be said");
    plan_abandon(p, p->end_reason, s);
    record_updated(f->record.before, f->record.before_seq, &p->base, s, out);
    opportunities_answer(p, &baton__abandon_plan_response__descriptor, out);
    return true;
}
