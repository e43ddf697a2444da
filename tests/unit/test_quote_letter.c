/* The letter of a quote; the numbers are those of notifications' decide_quote.c. */
#include "baton/v1/quotes.pb-c.h"
#include "services/notifications/quote_letter.h"
#include "tests/unit/decide_bench.h"

static void test_letter(void **state)
{
    struct bench *b = *state;
    struct quote_letter_facts f = {.organisation = NULL};
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    Baton__User owner = BATON__USER__INIT;
    Baton__QuoteSent e = BATON__QUOTE_SENT__INIT;
    struct delivery_way mail = {.channel = BATON__CHANNEL__CHANNEL_MAIL, .lane_id = ID(1)};
    e.to_email = "ann@buyer.example";
    e.token = "00ff";
    e.contact_id = ID(2);
    e.number = 42;
    o.name = "House";
    f.organisation = &o;
    /* 1: by no way, without an address, or where links lead nowhere, nothing goes */
    assert_true(run(b, notifications_decide_quote_sent, &f, &e));
    assert_int_equal(b->out.n_events, 0);
    f.ways.n = 1;
    f.ways.ways = &mail;
    assert_true(run(b, notifications_decide_quote_sent, &f, &e));
    assert_int_equal(b->out.n_events, 0);
    o.public_url = "https://baton.example";
    owner.email = "rita@staff.example";
    f.owner = &owner;
    assert_true(run(b, notifications_decide_quote_sent, &f, &e));
    const Baton__Letter *l = b->out.events[0]->delivery_armed->delivery->letter;
    assert_string_equal(l->to_address, "ann@buyer.example");
    assert_string_equal(l->subject, "Quote Q-00042");
    assert_non_null(strstr(l->text, "https://baton.example/quotes/00ff"));
    /* 2 */
    assert_string_equal(l->reply_to, "rita@staff.example");
    /* 3 */
    assert_string_equal(b->out.events[0]->delivery_armed->delivery->contact_id, ID(2));
    e.language = "zh-Hant";
    assert_true(run(b, notifications_decide_quote_sent, &f, &e));
    assert_string_equal(b->out.events[0]->delivery_armed->delivery->letter->subject, "報價單 Q-00042");
    e.to_email = NULL;
    assert_true(run(b, notifications_decide_quote_sent, &f, &e));
    assert_int_equal(b->out.n_events, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_letter)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
