/* Quotes: who approves, and what may be done when. The numbers are those of decide_quote*.c. */
#include "tests/unit/quote_desk.h"

/* --- approval --- */

static void test_approval(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    enum { REP, MANAGER, FAMILY, LIMITS };
    Baton__DiscountLimit limits[LIMITS];
    Baton__Role above[] = {BATON__ROLE__ROLE_MANAGER, BATON__ROLE__ROLE_ADMIN};
    static const Baton__Role roles[] = {BATON__ROLE__ROLE_REP, BATON__ROLE__ROLE_MANAGER,
                                        BATON__ROLE__ROLE_REP};
    desk_open(d);
    for (int i = 0; i < LIMITS; i++) {
        baton__discount_limit__init(&limits[i]);
        limits[i].role = roles[i];
        limits[i].percent_e4 = (i == MANAGER ? 20 : 10) * PERCENT_ONE;
        limits[i].approvers = above;
        limits[i].n_approvers = 2;
        d->facts.limits[i] = &limits[i];
    }
    limits[FAMILY].family = "Cables";
    limits[FAMILY].percent_e4 = 0;
    d->facts.n_limits = 2;
    /* 1, 2 */
    static const struct {
        int64_t percent;
        size_t approvers;
        Baton__Role author;
    } rows[] = {{0, 0, BATON__ROLE__ROLE_REP},      {10, 0, BATON__ROLE__ROLE_REP},
                {11, 1, BATON__ROLE__ROLE_REP},     {20, 1, BATON__ROLE__ROLE_REP},
                {21, 2, BATON__ROLE__ROLE_REP},     {21, 2, BATON__ROLE__ROLE_MANAGER},
                {20, 0, BATON__ROLE__ROLE_MANAGER}, {90, 0, BATON__ROLE__ROLE_ADMIN}};
    struct refusal no = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        d->wishes[0].n_discounts_e4 = 1;
        d->discounts[0][0] = rows[i].percent * PERCENT_ONE;
        assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
        assert_true(quote_approvers(&d->facts, &d->quote, rows[i].author, b->arena, &no));
        assert_int_equal(d->quote.n_approvers, rows[i].approvers);
    }
    /* what is off the whole counts, too, and a family's limit goes first */
    d->wishes[0].n_discounts_e4 = 0;
    assert_int_equal(priced(b, d, 101).code, REFUSAL_NONE);
    assert_true(quote_approvers(&d->facts, &d->quote, BATON__ROLE__ROLE_REP, b->arena, &no));
    assert_int_equal(d->quote.n_approvers, 1);
    d->products[0].family = "Cables";
    d->facts.n_limits = LIMITS;
    assert_int_equal(priced(b, d, 1).code, REFUSAL_NONE);
    assert_true(quote_approvers(&d->facts, &d->quote, BATON__ROLE__ROLE_REP, b->arena, &no));
    assert_int_equal(d->quote.n_approvers, 1);
    limits[FAMILY].n_approvers = 0;
    assert_false(quote_approvers(&d->facts, &d->quote, BATON__ROLE__ROLE_REP, b->arena, &no));
    assert_int_equal(no.code, REFUSAL_FAILED_PRECONDITION);
}

static void be(struct bench *b, Baton__Role role, char *id)
{
    b->actor.has_role = true;
    b->actor.role = role;
    b->actor.user_id = id;
}

static const Baton__Quote *said(const struct bench *b)
{
    return b->out.events[0]->record_changed->record->quote;
}

static void test_judging(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    Baton__Role turns[] = {BATON__ROLE__ROLE_MANAGER, BATON__ROLE__ROLE_ADMIN};
    Baton__RequestApprovalRequest ask = BATON__REQUEST_APPROVAL_REQUEST__INIT;
    Baton__ApproveQuoteRequest yes = BATON__APPROVE_QUOTE_REQUEST__INIT;
    Baton__RejectQuoteRequest no = BATON__REJECT_QUOTE_REQUEST__INIT;
    desk_open(d);
    be(b, BATON__ROLE__ROLE_REP, ID(7));
    /* 3 */
    assert_refused(run(b, quote_decide_request, &d->facts, &ask), b, REFUSAL_FAILED_PRECONDITION, "quote_id");
    d->quote.approvers = turns;
    d->quote.n_approvers = 2;
    d->quote.author_id = ID(7);
    assert_true(run(b, quote_decide_request, &d->facts, &ask));
    d->quote.status = BATON__QUOTE_STATUS__QUOTE_STATUS_IN_APPROVAL;
    /* 4 */
    assert_refused(run(b, quote_decide_approve, &d->facts, &yes), b, REFUSAL_PERMISSION_DENIED, "");
    /* 5 */
    be(b, BATON__ROLE__ROLE_MANAGER, ID(7));
    assert_refused(run(b, quote_decide_approve, &d->facts, &yes), b, REFUSAL_PERMISSION_DENIED, "");
    be(b, BATON__ROLE__ROLE_MANAGER, ID(8));
    assert_true(run(b, quote_decide_approve, &d->facts, &yes));
    assert_int_equal(said(b)->n_approvals, 1);
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_IN_APPROVAL);
    /* 6 */
    yes.has_revision = true;
    yes.revision = 3;
    assert_refused(run(b, quote_decide_approve, &d->facts, &yes), b, REFUSAL_ABORTED, "revision");
    /* the last yes */
    yes.revision = 4;
    turns[1] = BATON__ROLE__ROLE_MANAGER;
    d->quote.n_approvers = 1;
    assert_true(run(b, quote_decide_approve, &d->facts, &yes));
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_APPROVED);
    /* 7 */
    no.reason = "too much";
    assert_true(run(b, quote_decide_reject, &d->facts, &no));
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_DRAFT);
    assert_string_equal(said(b)->problem, "too much");
}

/* --- sending and answering --- */

static void test_sending(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    Baton__SendQuoteRequest q = BATON__SEND_QUOTE_REQUEST__INIT;
    Baton__Role turn = BATON__ROLE__ROLE_MANAGER;
    desk_open(d);
    /* 1 */
    assert_refused(run(b, quote_decide_send, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION, "quote_id");
    assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
    d->quote.approvers = &turn;
    d->quote.n_approvers = 1;
    assert_refused(run(b, quote_decide_send, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION, "quote_id");
    d->quote.n_approvers = 0;
    assert_true(run(b, quote_decide_send, &d->facts, &q));
    const Baton__SendQuoteResponse *r = (const Baton__SendQuoteResponse *)b->out.reply;
    assert_int_equal(strlen(r->token), 64);
    assert_string_equal(r->quote->head->valid_until, "2026-07-15");
    assert_int_equal(r->quote->expires_us, INT64_C(1784160000000000)); /* the end of that day */
    /* 2: another revision of the price; another offer; another book; each is written down */
    for (int i = 0; i < 3; i++) {
        desk_open(d);
        assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
        d->entries[0].revision += i == 0;
        d->quote.lines[0]->offer_id = i == 1 ? ID(9) : NULL;
        d->book.superseded_by_id = i == 2 ? ID(9) : NULL;
        assert_true(run(b, quote_decide_send, &d->facts, &q));
        r = (const Baton__SendQuoteResponse *)b->out.reply;
        assert_true(r->refused && !r->token && r->reason);
        assert_int_equal(r->line, i < 2);
        assert_int_equal(b->out.events[0]->event_case, BATON__EVENT__EVENT_QUOTE_REFUSED);
    }
    desk_open(d);
    assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
    d->head.valid_until = "2026-06-14";
    assert_refused(run(b, quote_decide_send, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "head.valid_until");
    /* 4 */
    d->quote.status = BATON__QUOTE_STATUS__QUOTE_STATUS_SENT;
    d->quote.has_expires_us = true;
    d->quote.expires_us = 1;
    assert_true(run(b, quote_decide_expired, &d->facts, &d->quote));
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_EXPIRED);
    assert_int_equal(said(b)->expires_us, 0);
}

static void test_answer(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    Baton__AcceptQuoteRequest q = BATON__ACCEPT_QUOTE_REQUEST__INIT;
    Baton__DeclineQuoteRequest n = BATON__DECLINE_QUOTE_REQUEST__INIT;
    desk_open(d);
    q.name = " Ann ";
    assert_int_equal(priced(b, d, 0).code, REFUSAL_NONE);
    /* 1 */
    assert_refused(run(b, quote_decide_accept, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION, "quote_id");
    d->quote.status = BATON__QUOTE_STATUS__QUOTE_STATUS_SENT;
    /* 2 */
    d->head.valid_until = "2026-06-14";
    assert_refused(run(b, quote_decide_accept, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION, "");
    d->head.valid_until = "2026-06-15";
    /* 3 */
    d->opportunity.quote_id = ID(9);
    assert_refused(run(b, quote_decide_accept, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION, "");
    d->opportunity.quote_id = NULL;
    Baton__StageApproval approval = BATON__STAGE_APPROVAL__INIT;
    d->opportunity.approval = &approval;
    d->facts.people.followers[0] = ID(8);
    d->facts.people.n = 1;
    assert_true(run(b, quote_decide_accept, &d->facts, &q));
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED);
    assert_string_equal(said(b)->decided_by, "Ann");
    /* the customer is not told where prices come from */
    assert_null(((const Baton__AcceptQuoteResponse *)b->out.reply)->quote->lines[0]->entry_id);
    /* 4 */
    const Baton__Opportunity *o = b->out.events[2]->record_changed->record->opportunity;
    assert_int_equal(o->amount->minor_units, d->quote.total);
    assert_string_equal(o->quote_id, ID(5));
    assert_null(o->approval); /* 6 */
    /* 7 */
    const Baton__OpportunityNews *news = b->out.events[3]->opportunity_news;
    assert_int_equal(news->kind, BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_QUOTE_ACCEPTED);
    assert_string_equal(news->user_ids[news->n_user_ids - 1], ID(8));
    assert_string_equal(news->who, "Ann");
    assert_true(run(b, quote_decide_decline, &d->facts, &n));
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_DECLINED);
}

/* --- making and revising --- */

static void test_making(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    Baton__CreateQuoteRequest q = BATON__CREATE_QUOTE_REQUEST__INIT;
    Baton__QuoteHead head = BATON__QUOTE_HEAD__INIT;
    desk_open(d);
    be(b, BATON__ROLE__ROLE_REP, ID(7));
    /* 5 */
    q.priced_on = "2020-01-01";
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_PERMISSION_DENIED, "priced_on");
    q.priced_on = NULL;
    /* 2 */
    q.head = &head;
    head.email = "nobody";
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_INVALID_ARGUMENT, "head.email");
    head.email = "a@b.example";
    head.country = "Germany";
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_INVALID_ARGUMENT, "head.country");
    head.country = NULL;
    head.valid_until = "2026-06-14";
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_INVALID_ARGUMENT,
                   "head.valid_until");
    head.valid_until = NULL;
    d->facts.numbered = 41;
    assert_true(run(b, quote_decide_create, &d->facts, &q));
    assert_int_equal(said(b)->number, 42);
    /* 3 */
    d->prices.book = NULL;
    (void)refuse(&d->facts.no_book, REFUSAL_FAILED_PRECONDITION, "price_book_id", "two of them");
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "price_book_id");
    d->prices.book = &d->book;
    /* 4 */
    d->opportunity.quote_id = ID(9);
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_FAILED_PRECONDITION,
                   "opportunity_id");
    d->facts.opportunity = NULL;
    assert_refused(run(b, quote_decide_create, &d->facts, &q), b, REFUSAL_NOT_FOUND, "opportunity_id");
}

static void test_changing(void **state)
{
    struct bench *b = *state;
    struct desk *d = arena_alloc(b->arena, sizeof *d);
    Baton__SetQuoteLinesRequest set = BATON__SET_QUOTE_LINES_REQUEST__INIT;
    Baton__ReviseQuoteRequest revise = BATON__REVISE_QUOTE_REQUEST__INIT;
    desk_open(d);
    be(b, BATON__ROLE__ROLE_REP, ID(7));
    d->facts.may_write = false;
    assert_refused(run(b, quote_decide_lines, &d->facts, &set), b, REFUSAL_PERMISSION_DENIED, "");
    d->facts.may_write = true;
    /* 6 */
    set.has_revision = true;
    set.revision = 3;
    assert_refused(run(b, quote_decide_lines, &d->facts, &set), b, REFUSAL_ABORTED, "revision");
    set.revision = 4;
    assert_true(run(b, quote_decide_lines, &d->facts, &set));
    assert_int_equal(said(b)->n_lines, 1);
    /* 1: what is with the customer or final gets no other lines */
    for (int i = BATON__QUOTE_STATUS__QUOTE_STATUS_SENT; i <= BATON__QUOTE_STATUS__QUOTE_STATUS_SUPERSEDED;
         i++) {
        d->quote.status = i;
        assert_refused(run(b, quote_decide_lines, &d->facts, &set), b, REFUSAL_FAILED_PRECONDITION,
                       "quote_id");
    }
    /* 7 */
    d->quote.status = BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED;
    assert_refused(run(b, quote_decide_revise, &d->facts, &revise), b, REFUSAL_FAILED_PRECONDITION,
                   "quote_id");
    /* 8 */
    d->quote.status = BATON__QUOTE_STATUS__QUOTE_STATUS_EXPIRED;
    d->head.valid_until = "2026-06-14";
    d->quote.version = 1;
    assert_true(run(b, quote_decide_revise, &d->facts, &revise));
    assert_int_equal(said(b)->status, BATON__QUOTE_STATUS__QUOTE_STATUS_SUPERSEDED);
    const Baton__Quote *next = b->out.events[1]->record_changed->record->quote;
    assert_int_equal(next->version, 2);
    assert_null(next->head->valid_until);
    assert_string_equal(next->supersedes_id, ID(5));
    /* the record functions change none */
    assert_false(check(b, quote_check, NULL, NULL, &d->quote.base));
}

static void test_erased(void **state)
{
    struct bench *b = *state;
    char *contacts[] = {ID(1)}, *accounts[] = {ID(2)}, *found[] = {ID(3), ID(4)};
    Baton__PersonErased was = BATON__PERSON_ERASED__INIT;
    Baton__QuoteErasure row = BATON__QUOTE_ERASURE__INIT;
    /* 12 */
    was.contact_ids = contacts;
    was.n_contact_ids = 1;
    was.reason = "they asked for it";
    assert_true(run(b, quote_decide_erased, NULL, &was));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->person_erased->contact_ids[0], ID(1));
    was.n_contact_ids = 0;
    was.account_ids = accounts;
    was.n_account_ids = 1;
    assert_true(run(b, quote_decide_erased, NULL, &was));
    assert_int_equal(b->out.n_events, 0);
    /* 13 */
    static const struct {
        bool quotes_done, is_last, done_then, is_over;
    } rows[] = {
        {false, false, false, false},
        {false, true, true, false},
        {true, false, true, false},
        {true, true, true, true},
    };
    row.id = "7";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct quote_erase_facts f = {
            .found = found, .n = 2, .after = ID(4), .is_last = rows[i].is_last};
        row.quotes_done = rows[i].quotes_done;
        assert_true(run(b, quote_decide_erasure, &f, &row));
        const Baton__QuotesErased *e = b->out.events[0]->quotes_erased;
        assert_string_equal(e->erasure_id, "7");
        assert_int_equal(e->n_quote_ids, rows[i].quotes_done ? 0 : 2);
        assert_int_equal(e->n_link_hashes, rows[i].quotes_done ? 2 : 0);
        assert_int_equal(e->quotes_done, rows[i].done_then);
        assert_int_equal(e->has_next_due_us, !rows[i].is_over);
        if (rows[i].is_last)
            assert_null(e->after); /* what is next begins at its beginning */
        else
            assert_string_equal(e->after, ID(4));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_approval), cmocka_unit_test(test_judging), cmocka_unit_test(test_sending),
        cmocka_unit_test(test_answer),   cmocka_unit_test(test_making),  cmocka_unit_test(test_changing),
        cmocka_unit_test(test_erased),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
