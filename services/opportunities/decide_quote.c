/* A quote is made, gets its lines, and becomes a new version. */
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/opportunities/opportunities.h"
#include "services/opportunities/quote.h"

static const char *const state_names[] = {
    [BATON__QUOTE_STATUS__QUOTE_STATUS_UNSPECIFIED] = "nothing",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT] = "a draft",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_IN_APPROVAL] = "waiting for approval",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_APPROVED] = "approved",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_SENT] = "with the customer",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED] = "accepted, which is final",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_DECLINED] = "declined, which is final",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_EXPIRED] = "expired, which is final",
    [BATON__QUOTE_STATUS__QUOTE_STATUS_SUPERSEDED] = "superseded by a newer version",
};

bool quote_is_final(const Baton__Quote *q)
{
    return q->status >= BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED;
}

bool quote_stays(const ProtobufCMessage *quote)
{
    return quote_is_final((const Baton__Quote *)quote);
}

bool quote_check(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after, struct stamp *s,
                 struct outcome *out)
{
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "quotes are made and changed by QuoteService alone");
}

Baton__Quote *quote_to_change(const struct quote_facts *f, unsigned states, const char *what, struct stamp *s,
                              struct refusal *no)
{
    /* 1: it is there, and may still change */
    if (!f->quote)
        return refuse(no, REFUSAL_NOT_FOUND, "quote_id", "there is no such quote"), NULL;
    if (!(states >> f->quote->status & 1))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "quote_id", "it is %s and cannot %s",
                      state_names[f->quote->status], what),
               NULL;
    return (Baton__Quote *)schema_copy(&f->quote->base, s->arena);
}

Baton__Quote *quote_to_write(const struct quote_facts *f, unsigned states, const char *what, struct stamp *s,
                             struct refusal *no)
{
    if (f->quote && !f->may_write)
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "you may read this quote, but not change it"),
               NULL;
    return quote_to_change(f, states, what, s, no);
}

bool quote_changed(const struct quote_facts *f, Baton__Quote *after, const ProtobufCMessageDescriptor *answer,
                   struct stamp *s, struct outcome *out)
{
    record_updated(&f->quote->base, f->quote_seq, &after->base, s, out);
    opportunities_answer(after, answer, out);
    return true;
}

/* --- what is said of it --- */

static bool check_head(const struct quote_facts *f, Baton__QuoteHead *h, struct arena *a, struct refusal *no)
{
    if (!h)
        return true;
    /* 2: what is said of the customer can be */
    h->email = text_trim(a, h->email);
    if (h->email && !text_is_email(h->email))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "head.email", "\"%.100s\" is no e-mail address",
                      h->email);
    if (h->country && *h->country &&
        (strlen(h->country) != 2 || strspn(h->country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "head.country", "a country is written like DE");
    if (!h->valid_until || !*h->valid_until)
        return true;
    if (!rfc3339_is_date(h->valid_until))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "head.valid_until",
                      "\"%s\" is not a date (they are written like 2026-12-31)", h->valid_until);
    return strcmp(h->valid_until, f->today) >= 0 ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "head.valid_until", "%s is over", h->valid_until);
}

static bool check_book(const struct quote_facts *f, struct refusal *no)
{
    /* 3: there is a book to quote from, and a currency to quote in */
    if (!f->prices || !f->prices->book) {
        *no = f->no_book;
        return no->code != REFUSAL_NONE
                   ? false
                   : refuse(no, REFUSAL_NOT_FOUND, "price_book_id", "there is no such price book");
    }
    if (f->prices->currency && money_digits(f->prices->currency) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "currency_code", "\"%s\" is no currency",
                      f->prices->currency);
    return true;
}

static void begin(Baton__Quote *q, const struct quote_facts *f, struct stamp *s)
{
    q->has_status = q->has_version = true;
    q->status = BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT;
    q->author_id = arena_strdup(s->arena, s->actor->user_id);
    q->price_book_id = f->prices->book->id;
    q->priced_on = arena_strdup(s->arena, f->prices->day);
    q->n_approvals = q->n_approvers = 0;
    q->problem = NULL;
}

bool quote_decide_create(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    const Baton__CreateQuoteRequest *r = (const Baton__CreateQuoteRequest *)c->request;
    Baton__Quote *q = ARENA_NEW(s->arena, Baton__Quote);
    /* 4: it is for an opportunity that is there, and not decided by another quote */
    if (!f->opportunity)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "opportunity_id", "there is no such opportunity");
    if (!f->may_write)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "you may read this opportunity, but not change it");
    if (f->opportunity->quote_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "opportunity_id",
                      "a quote for this opportunity was accepted already");
    /* 5: only administrators choose the day */
    if (r->priced_on && *r->priced_on && !actor_is(c->actor, BATON__ROLE__ROLE_ADMIN))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, "priced_on", "quotes are priced as of today");
    if (r->priced_on && *r->priced_on && !rfc3339_is_date(r->priced_on))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "priced_on", "\"%s\" is not a date", r->priced_on);
    if (!check_book(f, &out->no) || !check_head(f, r->head, s->arena, &out->no))
        return false;
    baton__quote__init(q);
    begin(q, f, s);
    q->has_number = q->has_numbered = true;
    q->number = q->numbered = f->numbered + 1;
    q->version = 1;
    q->has_is_dated = q->is_dated = r->priced_on && *r->priced_on;
    q->opportunity_id = r->opportunity_id;
    q->account_id = f->opportunity->account_id;
    q->contact_id = f->opportunity->contact_id;
    q->owner_id = f->opportunity->owner_id;
    q->market = r->market;
    q->currency_code =
        f->prices->currency ? (char *)(uintptr_t)f->prices->currency : f->prices->book->currency_code;
    q->head = r->head;
    if (!quote_total(q, s->arena, &out->no))
        return false;
    (void)record_created(&q->base, s, out); /* the same */
    opportunities_answer(q, &baton__create_quote_response__descriptor, out);
    return true;
}

bool quote_decide_lines(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    const Baton__SetQuoteLinesRequest *r = (const Baton__SetQuoteLinesRequest *)c->request;
    Baton__Quote *q = quote_to_write(f, QUOTE_STATE(DRAFT) | QUOTE_STATE(IN_APPROVAL) | QUOTE_STATE(APPROVED),
                                     "get other lines; revise it", s, &out->no);
    if (!q)
        return false;
    /* 6: nobody was faster */
    if (r->has_revision && r->revision != q->revision)
        return refuse(&out->no, REFUSAL_ABORTED, "revision",
                      "it was changed meanwhile and is at revision %llu now",
                      (unsigned long long)q->revision);
    if (!check_book(f, &out->no) || !check_head(f, r->head, s->arena, &out->no))
        return false;
    if (r->head)
        q->head = r->head;
    begin(q, f, s);
    if (!quote_price(f, q, r->discount, s->arena, &out->no) ||
        !quote_approvers(f, q, s->actor->role, s->arena, &out->no))
        return false;
    return quote_changed(f, q, &baton__set_quote_lines_response__descriptor, s, out);
}

/* The version before stays as it was, but that there is a newer one. */
static void supersede(const struct quote_facts *f, char *by_id, struct stamp *s, struct outcome *out)
{
    Baton__Quote *old = (Baton__Quote *)schema_copy(&f->quote->base, s->arena);
    old->status = BATON__QUOTE_STATUS__QUOTE_STATUS_SUPERSEDED;
    old->superseded_by_id = by_id;
    old->has_expires_us = false;
    old->expires_us = 0;
    record_updated(&f->quote->base, f->quote_seq, &old->base, s, out);
}

bool quote_decide_revise(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct quote_facts *f = facts;
    /* 7: all but what was accepted or revised before has a next version */
    Baton__Quote *q =
        quote_to_write(f, ~(QUOTE_STATE(ACCEPTED) | QUOTE_STATE(SUPERSEDED)), "be revised", s, &out->no);
    if (!q || !check_book(f, &out->no))
        return false;
    if (f->opportunity && f->opportunity->quote_id)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "quote_id",
                      "a quote for this opportunity was accepted already");
    q->id = stamp_id(s);
    q->supersedes_id = f->quote->id;
    begin(q, f, s);
    q->version = f->quote->version + 1;
    q->has_numbered = true;
    q->numbered = f->numbered;
    q->sent_at = q->decided_at = NULL;
    q->decided_by = q->decline_reason = NULL;
    q->has_expires_us = false;
    q->expires_us = 0;
    /* 8: a day that is over is nothing to be accepted until */
    if (q->head && q->head->valid_until && strcmp(q->head->valid_until, f->today) < 0)
        q->head->valid_until = NULL;
    if (!quote_price(f, q, q->discount, s->arena, &out->no) ||
        !quote_approvers(f, q, s->actor->role, s->arena, &out->no))
        return false;
    supersede(f, q->id, s, out);
    (void)record_created(&q->base, s, out); /* the same */
    opportunities_answer(q, &baton__revise_quote_response__descriptor, out);
    return true;
}
