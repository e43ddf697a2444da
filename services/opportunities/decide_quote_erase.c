/* A person was erased: quotes to them say nothing of them any more. Lines, sums, and whose deal and account
   it was stay. Rules are numbered; tests/unit/test_quote_life.c has the same numbers. */
#include "services/opportunities/quote.h"

bool quote_decide_erased(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__PersonErased *was = (const Baton__PersonErased *)c->request;
    /* 12: what the log says of them goes at once; rows are looked through from now on */
    if (!was->n_contact_ids)
        return true;
    Baton__PersonErased *e = ARENA_NEW(s->arena, Baton__PersonErased);
    baton__person_erased__init(e);
    e->contact_ids = was->contact_ids;
    e->n_contact_ids = was->n_contact_ids;
    e->reason = was->reason;
    outcome_event(out, e);
    return true;
}

bool quote_decide_erasure(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__QuoteErasure *row = (const Baton__QuoteErasure *)c->request;
    const struct quote_erase_facts *f = facts;
    const bool is_over = row->quotes_done && f->is_last;
    /* 13: step by step all quotes, then the links to them, of which the log does not say any more where they
       lead */
    Baton__QuotesErased *e = ARENA_NEW(s->arena, Baton__QuotesErased);
    baton__quotes_erased__init(e);
    e->erasure_id = row->id;
    e->quote_ids = row->quotes_done ? NULL : f->found;
    e->n_quote_ids = row->quotes_done ? 0 : f->n;
    e->link_hashes = row->quotes_done ? f->found : NULL;
    e->n_link_hashes = row->quotes_done ? f->n : 0;
    e->has_quotes_done = true;
    e->quotes_done = row->quotes_done || f->is_last;
    e->after = f->is_last ? NULL : (char *)(uintptr_t)f->after;
    e->has_next_due_us = !is_over;
    e->next_due_us = is_over ? 0 : s->now_us + 1;
    outcome_event(out, e);
    return true;
}
