/* Requests about quotes, by who works here and by customers who have a link. */
#include "baton/v1/quotes.pb-c.h"
#include "sim/fill.h"

enum { LINES = 4, PERCENT_SHARE = 10000, QUANTITY_SHARE = 5000 };

bool fill_quote(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CreateQuoteRequest q = BATON__CREATE_QUOTE_REQUEST__INIT;
    Baton__QuoteHead head = BATON__QUOTE_HEAD__INIT;
    q.request_id = a->id;
    q.opportunity_id = fill_drawn(sim, KNOWN_OPPORTUNITY, random);
    q.price_book_id = fill_drawn(sim, KNOWN_PRICE_BOOK, random);
    q.currency_code = sim_below(random, 6) ? NULL : "TWD";
    head.country = sim_below(random, 2) ? "DE" : "TW";
    head.email = sim_below(random, 2) ? fill_email(arena, "buyer", sim_random(random)) : NULL;
    q.head = &head;
    if (!q.opportunity_id || !q.price_book_id)
        return false;
    fill_command(a, "opportunities", "QuoteService/CreateQuote", &q, arena);
    return true;
}

bool fill_quote_lines(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SetQuoteLinesRequest q = BATON__SET_QUOTE_LINES_REQUEST__INIT;
    Baton__QuoteLineWish *lines[LINES];
    q.request_id = a->id;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    q.lines = lines;
    q.n_lines = 1 + sim_below(random, LINES);
    for (size_t i = 0; i < q.n_lines; i++) {
        Baton__QuoteLineWish *w = lines[i] = ARENA_NEW(arena, Baton__QuoteLineWish);
        baton__quote_line_wish__init(w);
        w->product_id = fill_drawn(sim, KNOWN_PRODUCT, random);
        w->has_quantity_e4 = true;
        w->quantity_e4 = (int64_t)(1 + sim_below(random, 40)) * QUANTITY_SHARE;
        w->discounts_e4 = ARENA_ARRAY(arena, int64_t, 1);
        w->discounts_e4[0] = (int64_t)sim_below(random, 25) * PERCENT_SHARE;
        w->n_discounts_e4 = sim_below(random, 2);
    }
    q.has_discount = true;
    q.discount = sim_below(random, 3) ? 0 : (int64_t)sim_below(random, 500);
    if (!q.quote_id || !lines[0]->product_id)
        return false;
    /* as different people, so that some need approval and others give it */
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    if (sim_below(random, 2))
        a->actor.role = BATON__ROLE__ROLE_REP;
    fill_command(a, "opportunities", "QuoteService/SetQuoteLines", &q, arena);
    return true;
}

bool fill_ask_approval(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RequestApprovalRequest q = BATON__REQUEST_APPROVAL_REQUEST__INIT;
    q.request_id = a->id;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    if (!q.quote_id)
        return false;
    fill_command(a, "opportunities", "QuoteService/RequestApproval", &q, arena);
    return true;
}

bool fill_approve(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ApproveQuoteRequest q = BATON__APPROVE_QUOTE_REQUEST__INIT;
    q.request_id = a->id;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    a->actor.user_id = fill_drawn(sim, KNOWN_USER, random);
    a->actor.role = BATON__ROLE__ROLE_MANAGER;
    if (!q.quote_id)
        return false;
    fill_command(a, "opportunities", "QuoteService/ApproveQuote", &q, arena);
    return true;
}

bool fill_reject(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__RejectQuoteRequest q = BATON__REJECT_QUOTE_REQUEST__INIT;
    q.request_id = a->id;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    q.reason = "too much";
    if (!q.quote_id)
        return false;
    fill_command(a, "opportunities", "QuoteService/RejectQuote", &q, arena);
    return true;
}

bool fill_send_quote(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SendQuoteRequest q = BATON__SEND_QUOTE_REQUEST__INIT;
    q.request_id = a->id;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    if (!q.quote_id)
        return false;
    fill_command(a, "opportunities", "QuoteService/SendQuote", &q, arena);
    return true;
}

bool fill_revise(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReviseQuoteRequest q = BATON__REVISE_QUOTE_REQUEST__INIT;
    q.request_id = a->id;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    if (!q.quote_id)
        return false;
    fill_command(a, "opportunities", "QuoteService/ReviseQuote", &q, arena);
    return true;
}

bool fill_accept_quote(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__AcceptQuoteRequest q = BATON__ACCEPT_QUOTE_REQUEST__INIT;
    q.request_id = a->id;
    q.token = fill_drawn(sim, KNOWN_QUOTE_LINK, random);
    q.name = "Buyer";
    if (!q.token)
        return false;
    fill_command(a, "opportunities", "QuoteService/AcceptQuote", &q, arena);
    return true;
}

bool fill_decline_quote(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__DeclineQuoteRequest q = BATON__DECLINE_QUOTE_REQUEST__INIT;
    q.request_id = a->id;
    q.token = fill_drawn(sim, KNOWN_QUOTE_LINK, random);
    q.reason = "another was faster";
    if (!q.token)
        return false;
    fill_command(a, "opportunities", "QuoteService/DeclineQuote", &q, arena);
    return true;
}

bool fill_read_quote(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetQuoteRequest q = BATON__GET_QUOTE_REQUEST__INIT;
    Baton__GetQuoteByLinkRequest link = BATON__GET_QUOTE_BY_LINK_REQUEST__INIT;
    q.quote_id = fill_drawn(sim, KNOWN_QUOTE, random);
    link.token = fill_drawn(sim, KNOWN_QUOTE_LINK, random);
    if (!q.quote_id)
        return false;
    if (link.token && sim_below(random, 2))
        fill_query(a, "opportunities", "QuoteService/GetQuoteByLink", &link, arena);
    else
        fill_query(a, "opportunities", "QuoteService/GetQuote", &q, arena);
    return true;
}
