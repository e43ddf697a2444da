/* The customer says yes or no. */
#include <string.h>

#include "base/text.h"
#include "services/opportunities/opportunities.h"
#include "services/opportunities/quote.h"

/* What the customer sees of a line: nothing of where its price is from. */
static void strip_line(Baton__QuoteLine *line)
{
    line->entry_id = line->contract = line->offer_id = line->rate_day = NULL;
    line->has_entry_revision = line->has_rate_e9 = false;
    line->n_why = 0;
}

Baton__Quote *quote_for_customer(const Baton__Quote *q, struct arena *a)
{
    Baton__Quote *seen = (Baton__Quote *)schema_copy(&q->base, a);
    seen->account_id = seen->contact_id = seen->opportunity_id = seen->owner_id = seen->author_id = NULL;
    seen->price_book_id = seen->problem = seen->supersedes_id = seen->superseded_by_id = NULL;
    seen->n_approvers = seen->n_approvals = 0;
    seen->has_numbered = seen->has_is_dated = false;
    for (size_t i = 0; i < seen->n_lines; i++)
        strip_line(seen->lines[i]);
    return seen;
}

static Baton__Quote *to_decide(const struct quote_facts *f, struct stamp *s, struct refusal *no)
{
    /* 1: only while it is with the customer */
    Baton__Quote *q = quote_to_change(f, QUOTE_STATE(SENT), "be answered", s, no);
    if (!q)
        return NULL;
    /* 2: and until its day is over, whether or not that was noticed */
    if (q->head->valid_until && strcmp(f->today, q->head->valid_until) > 0)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "it was valid until %s", q->head->valid_until),
               NULL;
    q->has_expires_us = false;
    q->expires_us = 0;
    q->decided_at = timestamp_of(s->arena, s->now_us);
    return q;
}

static void say_decided(const struct quote_facts *f, Baton__Quote *q, bool accepted,
                        const ProtobufCMessageDescriptor *answer, struct stamp *s, struct outcome *out)
{
    Baton__QuoteDecided *e = ARENA_NEW(s->arena, Baton__QuoteDecided);
    baton__quote_decided__init(e);
    e->quote_id = q->id;
    e->opportunity_id = q->opportunity_id;
    e->has_accepted = true;
    e->accepted = accepted;
    (void)quote_changed(f, q, answer, s, out); /* always true */
    opportunities_answer(quote_for_customer(q, s->arena), answer, out);
    outcome_event(out, e);
}

/* 4: the opportunity is worth what was accepted, and says by which quote */
static void settle(const struct quote_facts *f, const Baton__Quote *q, struct stamp *s, struct outcome *out)
{
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(&f->opportunity->base, s->arena);
    o->quote_id = q->id;
    o->amount = ARENA_NEW(s->arena, Baton__Money);
    baton__money__init(o->amount);
    o->amount->currency_code = q->currency_code;
    o->amount->has_minor_units = true;
    o->amount->minor_units = q->total;
    /* 6: at another amount nothing is approved, and nothing waits */
    if (!opportunities_same_amount(f->opportunity, o))
        o->approval = NULL;
    record_updated(&f->opportunity->base, f->opportunity_seq, &o->base, s, out);
    /* 7: its owner and whoever follows it hear */
    struct opportunities_people people = f->people;
    people.who = q->decided_by;
    Baton__OpportunityNews *news = opportunities_tell(
        &people, BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_QUOTE_ACCEPTED, o, NULL, out);
    if (news)
        news->contact_id = q->contact_id;
}

bool quote_decide_accept(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    const Baton__AcceptQuoteRequest *r = (const Baton__AcceptQuoteRequest *)c->request;
    Baton__Quote *q = to_decide(f, s, &out->no);
    if (!q)
        return false;
    /* 3: an opportunity is decided by one quote, once */
    if (f->opportunity && f->opportunity->quote_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "another quote was accepted already");
    q->decided_by = text_tidy(s->arena, r->name);
    q->status = BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED;
    say_decided(f, q, true, &baton__accept_quote_response__descriptor, s, out);
    if (f->opportunity)
        settle(f, q, s, out);
    return true;
}

bool quote_decide_decline(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    const Baton__DeclineQuoteRequest *r = (const Baton__DeclineQuoteRequest *)c->request;
    Baton__Quote *q = to_decide(f, s, &out->no);
    if (!q)
        return false;
    q->decided_by = text_tidy(s->arena, r->name);
    q->decline_reason = text_trim(s->arena, r->reason);
    q->status = BATON__QUOTE_STATUS__QUOTE_STATUS_DECLINED;
    say_decided(f, q, false, &baton__decline_quote_response__descriptor, s, out);
    return true;
}

/* --- on paper --- */

static bool drawn(const struct command *c, ProtobufCBinaryData *pdf, const char *field, struct outcome *out)
{
    const struct quote_drawn *d = c->prepared;
    /* 5: it is there, and was drawn */
    if (!d)
        return refuse(&out->no, REFUSAL_NOT_FOUND, field, "there is no such quote");
    if (!d->size)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "this installation cannot draw quotes");
    pdf->data = arena_copy(out->arena, d->pdf, d->size);
    pdf->len = d->size;
    return true;
}

bool quote_decide_pdf(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    Baton__GetQuotePdfResponse *reply = ARENA_NEW(s->arena, Baton__GetQuotePdfResponse);
    baton__get_quote_pdf_response__init(reply);
    reply->has_pdf = true;
    out->reply = &reply->base;
    return drawn(c, &reply->pdf, "quote_id", out);
}

bool quote_decide_pdf_link(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    Baton__GetQuotePdfByLinkResponse *reply = ARENA_NEW(s->arena, Baton__GetQuotePdfByLinkResponse);
    baton__get_quote_pdf_by_link_response__init(reply);
    reply->has_pdf = true;
    out->reply = &reply->base;
    return drawn(c, &reply->pdf, "token", out);
}
