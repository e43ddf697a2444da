/* A person was erased: their leads stay, with who held them and what became of them, and say nothing of them.
   Rules are numbered; tests/unit/test_leads_erase.c has the same numbers. */
#include "services/leads/erase.h"

#include "schema/personal.h"

bool leads_decide_erased(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_erase_facts *f = facts;
    const Baton__PersonErased *was = (const Baton__PersonErased *)c->request;
    /* 1: nothing here is about them */
    if (!f->n && !was->n_contact_ids && !was->n_account_ids)
        return true;
    /* 2: their leads, and what the log says of their records that are copied here */
    Baton__PersonErased *e = ARENA_NEW(s->arena, Baton__PersonErased);
    *e = *was;
    e->lead_ids = f->lead_ids;
    e->n_lead_ids = f->n;
    outcome_event(out, e);
    return true;
}

Baton__Lead *leads_without_person(const Baton__Lead *lead, int64_t time_us, struct arena *a)
{
    Baton__Lead *left = arena_copy(a, personal_without(&lead->base, lead->id, a), sizeof *left);
    left->erased_at = timestamp_of(a, time_us);
    return left;
}

bool leads_is_somebodys(const Baton__Lead *lead, struct refusal *no)
{
    return !lead || !lead->erased_at ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "id", "the person has been erased");
}
