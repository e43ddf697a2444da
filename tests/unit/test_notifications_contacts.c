/* What is told of customers, rule by rule; the numbers are those of the comments in decide_contacts.c. */
#include "decide_bench.h"

#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

static void test_mentioned(void **state)
{
    struct bench *b = *state;
    Baton__User user = BATON__USER__INIT;
    Baton__NotificationPreferences wishes = BATON__NOTIFICATION_PREFERENCES__INIT;
    Baton__NoteMentioned e = BATON__NOTE_MENTIONED__INIT;
    struct recipient to = {.ways.user = &user, .zone = "UTC"};
    char *muted[] = {ID(5)};
    e.note_id = ID(3);
    e.user_id = ID(4);
    e.author_name = "Carl";
    e.account_id = ID(5);
    e.account_name = "Acme";
    e.excerpt = "call @Ann";
    /* 1: who, about whom, and what */
    assert_true(run(b, notifications_decide_mentioned, &to, &e));
    assert_int_equal(b->out.n_events, 1);
    const Baton__Notification *n = b->out.events[0]->notification_created->notification;
    assert_string_equal(n->user_id, ID(4));
    assert_string_equal(n->note_id, ID(3));
    assert_string_equal(n->title, "You are mentioned in a note: Acme");
    assert_string_equal(n->text, "Carl: call @Ann");
    assert_false(n->silent);
    assert_null(n->open_lead_id);
    to.voice.language = LANGUAGE_CHINESE;
    e.author_name = NULL;
    e.contact_name = "王小明";
    assert_true(run(b, notifications_decide_mentioned, &to, &e));
    n = b->out.events[0]->notification_created->notification;
    assert_string_equal(n->title, "有備註提到您：王小明，Acme");
    assert_string_equal(n->text, "有人：call @Ann");
    /* who has muted the account is told without a ring */
    wishes.muted_ids = muted;
    wishes.n_muted_ids = 1;
    to.preferences = &wishes;
    assert_true(run(b, notifications_decide_mentioned, &to, &e));
    assert_true(b->out.events[0]->notification_created->notification->silent);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_mentioned)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
