/* What is told of documents; the numbers are those of the comment in decide_documents.c. */
#include "decide_bench.h"

#include "baton/v1/collateral.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "services/notifications/delivery.h"

#define KIND(NAME) BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_##NAME

static void rule_1(void **state)
{
    struct bench *b = *state;
    Baton__DocumentNews e = BATON__DOCUMENT_NEWS__INIT;
    char *users[] = {ID(1), ID(2)};
    struct recipient to[2] = {{.zone = "UTC"}, {.zone = "UTC", .voice.language = LANGUAGE_CHINESE}};
    const struct recipients all = {to, 2};
    const struct {
        Baton__DocumentNewsKind kind;
        const char *title, *text;
    } rows[] = {
        {KIND(EFFECTIVE), "A date of a document is near: Lease", "It takes effect on 2026-12-31."},
        {KIND(EXPIRES), "A date of a document is near: Lease", "It expires on 2026-12-31."},
        {KIND(RENEWAL), "A date of a document is near: Lease", "It is renewed on 2026-12-31."},
        {KIND(NOTICE), "A date of a document is near: Lease", "Notice has to be given until 2026-12-31."},
        {KIND(TO_READ), "Please read a document: Lease", "Read it, and say that you have."},
        {KIND(OPENED), "A document was opened: Lease", "Your link was opened; you gave it to Ann Buyer."},
    };
    e.document_id = ID(5);
    e.title = "Lease";
    e.on = "2026-12-31";
    e.given_to = "Ann Buyer";
    e.user_ids = users;
    e.n_user_ids = 2;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        e.kind = rows[i].kind;
        assert_true(run(b, notifications_decide_document_news, &all, &e));
        assert_int_equal(b->out.n_events, 2);
        const Baton__Notification *n = b->out.events[0]->notification_created->notification;
        assert_string_equal(n->title, rows[i].title);
        assert_string_equal(n->text, rows[i].text);
        assert_string_equal(n->document_id, ID(5));
        n = b->out.events[1]->notification_created->notification;
        assert_string_equal(n->user_id, ID(2));
        assert_non_null(n->text);
        assert_string_not_equal(n->text, rows[i].text);
    }
    /* kinds that are newer than this program, and none */
    e.kind = (Baton__DocumentNewsKind)99;
    assert_true(run(b, notifications_decide_document_news, &all, &e));
    assert_int_equal(b->out.n_events, 0);
    e.kind = KIND(UNSPECIFIED);
    assert_true(run(b, notifications_decide_document_news, &all, &e));
    assert_int_equal(b->out.n_events, 0);
}

static void rule_2(void **state)
{
    struct bench *b = *state;
    Baton__CollateralNews e = BATON__COLLATERAL_NEWS__INIT;
    char *users[] = {ID(1)};
    struct recipient to[1] = {{.zone = "UTC"}};
    const struct recipients all = {to, 1};
    static const char *const texts[] = {NULL,
                                        "Little is left of it: 12.",
                                        "An order asks for your approval.",
                                        "Your order was rejected: too many.",
                                        "It is on its way to you.",
                                        "An order is to be picked."};
    e.title = "Brochure";
    e.order_id = ID(5);
    e.has_left = true;
    e.left = 12;
    e.reason = "too many";
    e.user_ids = users;
    e.n_user_ids = 1;
    for (size_t i = 1; i < sizeof texts / sizeof *texts; i++) {
        e.kind = (Baton__CollateralNewsKind)i;
        assert_true(run(b, notifications_decide_collateral_news, &all, &e));
        assert_int_equal(b->out.n_events, 1);
        const Baton__Notification *n = b->out.events[0]->notification_created->notification;
        assert_string_equal(n->title, "Printed material: Brochure");
        assert_string_equal(n->text, texts[i]);
        assert_string_equal(n->collateral_order_id, ID(5));
    }
    e.kind = (Baton__CollateralNewsKind)99;
    assert_true(run(b, notifications_decide_collateral_news, &all, &e));
    assert_int_equal(b->out.n_events, 0);
    e.kind = BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_UNSPECIFIED;
    assert_true(run(b, notifications_decide_collateral_news, &all, &e));
    assert_int_equal(b->out.n_events, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(rule_1), cmocka_unit_test(rule_2)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
