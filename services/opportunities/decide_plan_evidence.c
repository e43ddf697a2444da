/* Steps close by themselves on evidence, and open again where it is withdrawn. */
#include <string.h>

#include "services/opportunities/opportunities.h"
#include "services/opportunities/plan.h"

#define STATE(NAME)    BATON__PLAN_STATE__PLAN_STATE_##NAME
#define STEP(NAME)     BATON__PLAN_STEP_STATE__PLAN_STEP_STATE_##NAME
#define EVIDENCE(NAME) BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_##NAME
#define QUOTE(NAME)    BATON__QUOTE_STATUS__QUOTE_STATUS_##NAME

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* --- the opportunity or account, its quotes and documents --- */

typedef bool fits_fn(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a);

static bool is_in_stage(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a)
{
    return same(x->stage_key, step->stage_key);
}

static bool is_filled(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a)
{
    return x->opportunity && opportunities_is_filled(NULL, x->opportunity, step->opportunity_field, a);
}

static bool is_won(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a)
{
    return x->won;
}

static bool is_sent(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a)
{
    return x->quote_status == QUOTE(SENT) || x->quote_status == QUOTE(ACCEPTED);
}

static bool is_accepted(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a)
{
    return x->quote_status == QUOTE(ACCEPTED);
}

static bool is_active(const struct plan_sign *x, const Baton__PlanStep *step, struct arena *a)
{
    return x->document_id && x->document_type == step->document_type;
}

enum about { A_DEAL, A_QUOTE, A_DOCUMENT, ABOUT };

/* What a step may wait for, besides activities and people. */
static const struct {
    Baton__PlanEvidence evidence;
    fits_fn *fits;
    enum about about;
} kinds[] = {
    {EVIDENCE(STAGE), is_in_stage, A_DEAL},      {EVIDENCE(FIELD), is_filled, A_DEAL},
    {EVIDENCE(QUOTE_SENT), is_sent, A_QUOTE},    {EVIDENCE(QUOTE_ACCEPTED), is_accepted, A_QUOTE},
    {EVIDENCE(DOCUMENT), is_active, A_DOCUMENT}, {EVIDENCE(DEAL_WON), is_won, A_DEAL},
};

/* A person's word is not overruled. */
static bool waits(const Baton__PlanStep *step)
{
    return plan_step_is_open(step) && !step->by_hand;
}

static void close_by(Baton__PlanStep *step, const char *service, uint64_t seq, const char *id,
                     struct stamp *s)
{
    step->state = STEP(DONE);
    step->closed_at = timestamp_of(s->arena, s->now_us);
    step->evidence_service = arena_strdup(s->arena, service);
    step->has_evidence_seq = true;
    step->evidence_seq = seq;
    step->evidence_id = arena_strdup(s->arena, id);
}

size_t plan_take_sign(Baton__Plan *p, const struct plan_sign *x, struct stamp *s)
{
    const char *const ids[ABOUT] = {x->opportunity ? x->opportunity->id : NULL, x->quote_id, x->document_id};
    size_t n = 0;
    /* 1: every step that waits for what is so now, whatever comes before it; that it is not so any more later
       opens none again: the stage was reached, the document was in force, and a quote's acceptance is final
     */
    for (size_t i = 0; i < p->n_steps; i++)
        for (size_t k = 0; waits(p->steps[i]) && k < sizeof kinds / sizeof *kinds; k++)
            if (kinds[k].evidence == p->steps[i]->evidence && kinds[k].fits(x, p->steps[i], s->arena)) {
                close_by(p->steps[i], "opportunities",
                         kinds[k].evidence == EVIDENCE(FIELD) ? x->opportunity_seq : x->seq,
                         ids[kinds[k].about], s);
                n++;
            }
    return n;
}

size_t plan_take_papers(Baton__Plan *p, const struct plan_paper *papers, size_t n, struct stamp *s)
{
    size_t taken = 0;
    for (size_t i = 0; i < n; i++) {
        const struct plan_sign x = {
            .seq = papers[i].seq, .document_id = papers[i].id, .document_type = papers[i].type};
        taken += plan_take_sign(p, &x, s);
    }
    return taken;
}

/* Each step that is closed now and was open before is news. */
static void tell_closed(const struct plan_sign_facts *f, const Baton__Plan *was, const Baton__Plan *p,
                        struct outcome *out)
{
    for (size_t i = 0; i < p->n_steps; i++)
        if (plan_step_is_open(was->steps[i]) && !plan_step_is_open(p->steps[i]))
            plan_tell_closed(&f->people, f->opportunity, p, p->steps[i], out);
}

static void put(const struct plan_sign_facts *f, size_t i, Baton__Plan *p, struct stamp *s,
                struct outcome *out)
{
    const Baton__Plan *was = f->plans[i];
    plan_settle(p, &f->days[i], s);
    record_updated(&was->base, f->seqs[i], &p->base, s, out);
    tell_closed(f, was, p, out);
}

/* Why nothing is to be done about it any more; NULL: there is. */
static const char *end_of(const struct plan_sign_facts *f, const Baton__Plan *p)
{
    /* 2: what is lost or gone needs no plan any more; what is won may */
    if (p->account_id)
        return f->account ? NULL : "The account is gone.";
    if (!f->opportunity)
        return "The opportunity is gone.";
    return f->opportunity->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST ? "The opportunity is lost."
                                                                            : NULL;
}

/* 3: it is whoever's the opportunity or account is, and of what that became part of, with its documents */
static bool hand_on(const struct plan_sign_facts *f, Baton__Plan *p, struct stamp *s)
{
    char *owner_id = p->account_id ? f->account->owner_id : f->opportunity->owner_id;
    const bool is_handed_on = !same(p->owner_id, owner_id) && (p->owner_id || owner_id);
    p->owner_id = owner_id;
    if (!p->account_id || same(p->account_id, f->account->id))
        return is_handed_on;
    p->account_id = f->account->id;
    (void)plan_take_papers(p, f->papers, f->n_papers, s); /* it has changed anyway */
    return true;
}

static void look_at(const struct plan_sign_facts *f, size_t i, const struct plan_sign *x, struct stamp *s,
                    struct outcome *out)
{
    Baton__Plan *p = (Baton__Plan *)schema_copy(&f->plans[i]->base, s->arena);
    if (p->state != STATE(ACTIVE))
        return;
    const char *end = end_of(f, p);
    if (end) {
        plan_abandon(p, end, s);
        record_updated(&f->plans[i]->base, f->seqs[i], &p->base, s, out);
        return;
    }
    const bool is_closing = plan_take_sign(p, x, s) > 0;
    if (hand_on(f, p, s) || is_closing)
        put(f, i, p, s, out);
}

bool plan_decide_look(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_sign_facts *f = facts;
    const Baton__PlanLook *look = (const Baton__PlanLook *)c->request;
    const struct plan_sign x = {.seq = look->seq,
                                .stage_key = look->stage_key,
                                .won = look->won,
                                .opportunity = f->opportunity,
                                .opportunity_seq = f->opportunity_seq,
                                .quote_id = look->quote_id,
                                .quote_status = look->quote_status,
                                .document_id = look->document_id,
                                .document_type = look->document_type};
    Baton__PlanLooked *e = ARENA_NEW(s->arena, Baton__PlanLooked);
    for (size_t i = 0; i < f->n; i++)
        look_at(f, i, &x, s, out);
    for (size_t i = 0; i < f->n_starts; i++)
        plan_start_itself(f->starts[i], s, out);
    baton__plan_looked__init(e);
    e->opportunity_id = look->opportunity_id;
    e->has_seq = true;
    e->seq = look->seq;
    outcome_event(out, e);
    return true;
}

/* --- activities --- */

/* The step that this activity closed. */
static Baton__PlanStep *closed_by(const Baton__Plan *p, const char *activity_id)
{
    for (size_t i = 0; i < p->n_steps; i++)
        if (!plan_step_is_open(p->steps[i]) && same(p->steps[i]->evidence_service, "contacts") &&
            same(p->steps[i]->evidence_id, activity_id))
            return p->steps[i];
    return NULL;
}

/* About an account is also what is about an opportunity of it. */
static bool is_about(const struct plan_sign_facts *f, const Baton__Activity *a, const Baton__Plan *p)
{
    if (!p->account_id)
        return same(a->opportunity_id, p->opportunity_id);
    return same(a->account_id, p->account_id) ||
           (f->opportunity && same(f->opportunity->account_id, p->account_id));
}

static bool is_done(const struct command *c, const Baton__PlanStep *step)
{
    const Baton__Activity *a = (const Baton__Activity *)c->request;
    return c->change->kind != BATON__CHANGE_KIND__CHANGE_KIND_DELETED &&
           a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE &&
           (!step->activity_kind || step->activity_kind == a->kind);
}

static bool is_held(const struct plan_sign_facts *f, const struct command *c, const Baton__Plan *p,
                    const Baton__PlanStep *step)
{
    return is_done(c, step) && is_about(f, (const Baton__Activity *)c->request, p);
}

static bool says_anew(const Baton__RecordChanged *change, const char *field)
{
    for (size_t i = 0; i < change->n_fields; i++)
        if (same(change->fields[i], field))
            return true;
    return false;
}

/* It is done by this change, and was not before. */
static bool is_fresh(const struct command *c, const Baton__Plan *p)
{
    static const char *const telling[] = {"status", "opportunity_id", "kind"};
    const Baton__Activity *a = (const Baton__Activity *)c->request;
    if (c->change->kind == BATON__CHANGE_KIND__CHANGE_KIND_CREATED)
        return true;
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        if (says_anew(c->change, telling[i]))
            return true;
    /* 6: what an account gets of another one that it is merged with, or by a correction, is evidence for its
       own plans if it was done since they were started */
    return p->account_id && says_anew(c->change, "account_id") &&
           timestamp_us(a->done_at) >= timestamp_us(p->created_at);
}

static bool take_activity(const struct plan_sign_facts *f, Baton__Plan *p, const struct command *c,
                          struct stamp *s)
{
    const Baton__Activity *a = (const Baton__Activity *)c->request;
    Baton__PlanStep *step = closed_by(p, a->id);
    /* 4: the activity was deleted, or is not what it was: the step is to be done after all; but not where the
       account it is with is another one now: it may be what that became part of */
    if (step && !(p->account_id ? is_done(c, step) : is_held(f, c, p, step))) {
        plan_reopen(step);
        return true;
    }
    /* 5: one that becomes done closes the first step of a plan under way that waits for such a one, and no
       second one */
    if (step || p->state != STATE(ACTIVE) || !is_fresh(c, p))
        return false;
    for (size_t i = 0; i < p->n_steps; i++)
        if (waits(p->steps[i]) && p->steps[i]->evidence == EVIDENCE(ACTIVITY) &&
            is_held(f, c, p, p->steps[i])) {
            close_by(p->steps[i], "contacts", c->source_seq, a->id, s);
            return true;
        }
    return false;
}

bool plan_decide_activity(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct plan_sign_facts *f = facts;
    for (size_t i = 0; i < f->n; i++) {
        Baton__Plan *p = (Baton__Plan *)schema_copy(&f->plans[i]->base, s->arena);
        if (p->state != STATE(ABANDONED) && take_activity(f, p, c, s))
            put(f, i, p, s, out);
    }
    return true;
}

/* --- where they are found by events --- */

static void await(Baton__Plan *p, const char *what, const char *id, struct arena *a)
{
    char *text = arena_printf(a, "%s/%s", what, id);
    for (size_t i = 0; i < p->n_awaits; i++)
        if (strcmp(p->awaits[i], text) == 0)
            return;
    p->awaits[p->n_awaits++] = text;
}

void plan_set_awaits(Baton__Plan *p, struct arena *a)
{
    p->awaits = ARENA_ARRAY(a, char *, p->n_steps + 2);
    p->n_awaits = 0;
    if (p->state == STATE(ACTIVE))
        await(p, PLAN_AWAITS_DEAL, plan_about(p), a);
    for (size_t i = 0; p->state != STATE(ABANDONED) && i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i];
        if (waits(step) && step->evidence == EVIDENCE(ACTIVITY))
            await(p, PLAN_AWAITS_ACTIVITY, plan_about(p), a);
        else if (same(step->evidence_service, "contacts"))
            await(p, PLAN_AWAITS_NOT, step->evidence_id, a);
    }
}
