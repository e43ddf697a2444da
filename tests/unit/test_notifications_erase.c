/* What was told of whoever was erased, rule by rule; the numbers are those of decide_erase.c. */
#include "services/notifications/erase.h"
#include "tests/unit/decide_bench.h"

#define DROPPED BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED

static void rule_1_goes_at_once(void **state)
{
    struct bench *b = *state;
    char *contacts[] = {ID(1), ID(2)}, *leads[] = {ID(3)}, *accounts[] = {ID(4)};
    Baton__PersonErased was = BATON__PERSON_ERASED__INIT;
    was.contact_ids = contacts;
    was.n_contact_ids = 2;
    was.lead_ids = leads;
    was.n_lead_ids = 1;
    was.account_ids = accounts;
    was.n_account_ids = 1;
    was.reason = "they asked for it";
    assert_true(run(b, notifications_decide_erased, NULL, &was));
    assert_int_equal(b->out.n_events, 1);
    const Baton__PersonErased *e = b->out.events[0]->person_erased;
    assert_int_equal(b->out.events[0]->event_case, BATON__EVENT__EVENT_PERSON_ERASED);
    assert_int_equal(e->n_contact_ids, 2);
    assert_string_equal(e->contact_ids[0], ID(1));
    assert_string_equal(e->contact_ids[1], ID(2));
    assert_int_equal(e->n_lead_ids, 1);
    assert_string_equal(e->lead_ids[0], ID(3));
    assert_int_equal(e->n_account_ids, 1);
    assert_string_equal(e->account_ids[0], ID(4));
    assert_int_equal(e->extent, 1);
    assert_string_equal(e->reason, "they asked for it");
}

static void rule_2_does_not_leave(void **state)
{
    struct bench *b = *state;
    Baton__ChannelDelivery first = BATON__CHANNEL_DELIVERY__INIT, second = BATON__CHANNEL_DELIVERY__INIT;
    const Baton__ChannelDelivery *deliveries[] = {&first, &second};
    char *ids[] = {ID(5), ID(6)};
    Baton__Erasure row = BATON__ERASURE__INIT;
    const struct erase_facts f = {.notification_ids = ids,
                                  .n_notifications = 2,
                                  .deliveries = deliveries,
                                  .n_deliveries = 2,
                                  .after_id = ID(6)};
    row.id = "7";
    first.id = ID(3);
    second.id = ID(4);
    assert_true(run(b, notifications_decide_erasure, &f, &row));
    assert_int_equal(b->out.n_events, 3);
    for (size_t i = 0; i < 2; i++) {
        const Baton__DeliveryEnded *ended = b->out.events[i]->delivery_ended;
        assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_DELIVERY_ENDED);
        assert_string_equal(ended->delivery_id, deliveries[i]->id);
        assert_int_equal(ended->state, DROPPED);
        assert_string_equal(ended->reason, "whom it is about has been erased");
    }
    const Baton__MessagesErased *e = b->out.events[2]->messages_erased;
    assert_int_equal(b->out.events[2]->event_case, BATON__EVENT__EVENT_MESSAGES_ERASED);
    assert_string_equal(e->erasure_id, "7");
    assert_int_equal(e->n_notification_ids, 2);
    assert_string_equal(e->notification_ids[0], ID(5));
    assert_string_equal(e->notification_ids[1], ID(6));
}

/* Notifications first, then deliveries; it is over with the last of these, unless it goes out just now. */
static void rule_3_goes_on(void **state)
{
    enum { AT_ONCE = 1, LATER = 60000000 };
    static const struct {
        bool done, is_last, under_way; /* of notifications; of the step's rows */
        bool done_then;
        int64_t in_us; /* 0: it is over */
    } rows[] = {
        {false, false, false, false, AT_ONCE}, {false, true, false, true, AT_ONCE},
        {true, false, false, true, AT_ONCE},   {true, false, true, true, LATER},
        {true, true, true, true, LATER},       {true, true, false, true, 0},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct erase_facts f = {
            .is_last = rows[i].is_last, .under_way = rows[i].under_way, .after_id = ID(6)};
        Baton__Erasure row = BATON__ERASURE__INIT;
        row.id = "7";
        row.has_notifications_done = true;
        row.notifications_done = rows[i].done;
        assert_true(run(b, notifications_decide_erasure, &f, &row));
        assert_int_equal(b->out.n_events, 1);
        const Baton__MessagesErased *e = b->out.events[0]->messages_erased;
        assert_int_equal(e->notifications_done, rows[i].done_then);
        assert_int_equal(e->has_next_due_us, rows[i].in_us != 0);
        assert_int_equal(e->next_due_us, rows[i].in_us ? NOW + rows[i].in_us : 0);
        assert_string_equal(rows[i].done ? e->after_delivery_id : e->after_notification_id, ID(6));
        assert_null(rows[i].done ? e->after_notification_id : e->after_delivery_id);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(rule_1_goes_at_once), TEST(rule_2_does_not_leave),
                                       TEST(rule_3_goes_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
