/* Histories: what became of leads of the past is taught in batches, and taken back. */
#include "base/text.h"
#include "services/leads/leads.h"

static bool good_outcomes(const Baton__TeachOutcomesRequest *q, const struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < q->n_outcomes; i++) {
        const Baton__Outcome *o = q->outcomes[i];
        const char *wrong = !o->lead ? "lead" : o->at && timestamp_us(o->at) > s->now_us ? "at" : NULL;
        if (wrong)
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT,
                          arena_printf(s->arena, "outcomes[%zu].%s", i, wrong), "%s",
                          o->lead ? "an outcome cannot lie in the future" : "is missing");
    }
    return true;
}

bool leads_decide_teach(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_teach_facts *f = facts;
    const Baton__TeachOutcomesRequest *q = (const Baton__TeachOutcomesRequest *)c->request;
    Baton__TeachOutcomesResponse *reply = ARENA_NEW(s->arena, Baton__TeachOutcomesResponse);
    baton__teach_outcomes_response__init(reply);
    out->reply = &reply->base;
    /* 1: the same batch again is once */
    reply->has_repeated_batch = reply->has_learned = true;
    reply->repeated_batch = f->known;
    if (f->known)
        return true;
    /* 2: what happened, to something */
    if (!good_outcomes(q, s, out))
        return false;
    Baton__OutcomesTaught *e = ARENA_NEW(s->arena, Baton__OutcomesTaught);
    baton__outcomes_taught__init(e);
    e->teaching = q->teaching;
    e->has_batch = true;
    e->batch = q->batch;
    e->counted = ARENA_ARRAY(s->arena, Baton__ScoreCount *, q->n_outcomes);
    for (size_t i = 0; i < q->n_outcomes; i++) {
        const Baton__Outcome *o = q->outcomes[i];
        int64_t at_us = o->at ? timestamp_us(o->at) : s->now_us;
        e->counted[e->n_counted++] =
            leads_score_count(f->score, o->lead, o->converted, at_us, (uint32_t)i, s->arena);
    }
    reply->learned = (uint32_t)q->n_outcomes;
    outcome_event(out, e);
    return true;
}

bool leads_decide_forget(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_teach_facts *f = facts;
    const Baton__ForgetOutcomesRequest *q = (const Baton__ForgetOutcomesRequest *)c->request;
    /* 3: only what was taught */
    if (!f->newest)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "teaching", "no outcomes were taught under this name");
    Baton__ForgetOutcomesResponse *reply = ARENA_NEW(s->arena, Baton__ForgetOutcomesResponse);
    baton__forget_outcomes_response__init(reply);
    /* 4: as it was counted then */
    Baton__OutcomesForgotten *e = ARENA_NEW(s->arena, Baton__OutcomesForgotten);
    baton__outcomes_forgotten__init(e);
    e->teaching = q->teaching;
    e->has_batch = true;
    e->batch = f->newest->batch;
    e->n_taken_back = f->newest->n_counted;
    e->taken_back = f->newest->counted;
    reply->has_forgotten = reply->has_more = true;
    reply->forgotten = (uint32_t)e->n_taken_back;
    reply->more = f->more;
    outcome_event(out, e);
    out->reply = &reply->base;
    return true;
}
