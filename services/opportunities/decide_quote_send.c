/* A quote goes to the customer, if it still holds, and ends by itself. */
#include <string.h>

#include "base/civil.h"
#include "services/opportunities/quote.h"

/* When the day is over, UTC. */
static int64_t end_of(const char *day)
{
    struct civil c;
    bool is_date;
    return civil_parse(day, &c, &is_date) ? (civil_seconds(&c) + 86400) * 1000000 : 0;
}

/* 2: what is superseded is refused, which is written down, and is a draft again */
static bool refuse_stale(const struct quote_facts *f, Baton__Quote *q, uint32_t line,
                         const struct refusal *why, struct stamp *s, struct outcome *out)
{
    Baton__QuoteRefused *e = ARENA_NEW(s->arena, Baton__QuoteRefused);
    baton__quote_refused__init(e);
    e->quote_id = q->id;
    e->opportunity_id = q->opportunity_id;
    e->has_line = true;
    e->line = line;
    e->reason = arena_strdup(s->arena, why->message);
    outcome_event(out, e);
    q->has_status = true;
    q->status = BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT;
    q->n_approvals = 0;
    q->problem = line ? arena_printf(s->arena, "line %u: %s", (unsigned)line, why->message) : e->reason;
    (void)quote_changed(f, q, &baton__send_quote_response__descriptor, s, out); /* always true */
    Baton__SendQuoteResponse *reply = (Baton__SendQuoteResponse *)out->reply;
    reply->has_refused = reply->refused = reply->has_line = true;
    reply->line = line;
    reply->reason = e->reason;
    return true;
}

static void say_sent(const Baton__Quote *q, const char *token, struct stamp *s, struct outcome *out)
{
    Baton__QuoteSent *e = ARENA_NEW(s->arena, Baton__QuoteSent);
    baton__quote_sent__init(e);
    e->quote_id = q->id;
    e->contact_id = q->contact_id;
    e->opportunity_id = q->opportunity_id;
    e->has_number = e->has_version = true;
    e->number = q->number;
    e->version = q->version;
    e->token = arena_strdup(s->arena, token);
    e->to_email = q->head->email;
    e->to_name = q->head->recipient ? q->head->recipient : q->head->customer_name;
    e->language = q->head->language;
    e->owner_id = q->owner_id;
    e->valid_until = q->head->valid_until;
    outcome_event(out, e);
}

static void set_validity(const struct quote_facts *f, Baton__Quote *q, struct stamp *s)
{
    if (!q->head) {
        q->head = ARENA_NEW(s->arena, Baton__QuoteHead);
        baton__quote_head__init(q->head);
    }
    if (!q->head->valid_until || !*q->head->valid_until)
        q->head->valid_until = arena_strdup(s->arena, f->lasts_until);
    q->has_expires_us = true;
    q->expires_us = end_of(q->head->valid_until);
}

static bool send_it(const struct quote_facts *f, Baton__Quote *q, struct stamp *s, struct outcome *out)
{
    const char *token = stamp_secret(s);
    q->has_status = true;
    q->status = BATON__QUOTE_STATUS__QUOTE_STATUS_SENT;
    q->problem = NULL;
    q->sent_at = timestamp_of(s->arena, s->now_us);
    set_validity(f, q, s);
    (void)quote_changed(f, q, &baton__send_quote_response__descriptor, s, out); /* always true */
    say_sent(q, token, s, out);
    ((Baton__SendQuoteResponse *)out->reply)->token = arena_strdup(s->arena, token);
    return true;
}

bool quote_decide_send(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    struct refusal why = {0};
    uint32_t line;
    Baton__Quote *q = quote_to_write(f, QUOTE_STATE(DRAFT) | QUOTE_STATE(APPROVED) | QUOTE_STATE(SENT),
                                     "be sent", s, &out->no);
    if (!q)
        return false;
    /* 1: it says something, and whoever has to has approved it */
    if (!q->n_lines)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "quote_id", "it has no lines");
    if (q->n_approvals < q->n_approvers)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "quote_id",
                      "its discounts have to be approved first");
    if (f->opportunity && f->opportunity->quote_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "quote_id",
                      "a quote for this opportunity was accepted already");
    if (q->status != BATON__QUOTE_STATUS__QUOTE_STATUS_SENT && quote_is_stale(f, q, &line, s->arena, &why))
        return refuse_stale(f, q, line, &why, s, out);
    if (q->head && q->head->valid_until && *q->head->valid_until &&
        strcmp(q->head->valid_until, f->today) < 0)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "head.valid_until",
                      "it is valid until %s, which is over; say until when it is", q->head->valid_until);
    /* 3: sent again it has one more link */
    return send_it(f, q, s, out);
}

bool quote_decide_expired(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    Baton__Quote *q = (Baton__Quote *)schema_copy(&f->quote->base, s->arena);
    /* 4: nobody said yes or no in time */
    q->has_expires_us = false;
    q->expires_us = 0;
    if (q->status == BATON__QUOTE_STATUS__QUOTE_STATUS_SENT)
        q->status = BATON__QUOTE_STATUS__QUOTE_STATUS_EXPIRED;
    record_updated(&f->quote->base, f->quote_seq, &q->base, s, out);
    return true;
}
