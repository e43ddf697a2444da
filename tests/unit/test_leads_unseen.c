/* What becomes of a lead whose holder did not look, rule by rule; the numbers are those of the comments in
   decide_deadline.c. */
#include "leads_facts.h"

static void test_unseen(void **state)
{
    struct leads_test *t = *state;
    Baton__NotificationUnseen e = BATON__NOTIFICATION_UNSEEN__INIT;
    const struct command c = {.request = &e.base, .actor = &t->actor};
    static const struct {
        int rule;
        uint32_t decision;
        Baton__LeadStatus status;
        bool has_deadline, is_paused, is_only_one, is_another;
        bool goes_on;
    } rows[] = {
        {7, 1, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, false, false, false, false},
        {7, 0, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, false, false, false, false},
        {7, 2, BATON__LEAD_STATUS__LEAD_STATUS_WORKING, true, false, false, false, false},
        {7, 2, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, false, false, false, false},
        {7, 2, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, true, false, false, false},
        {7, 2, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, false, false, true, false},
        {8, 2, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, false, false, false, true},
        {8, 2, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, false, true, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead l = BATON__LEAD__INIT;
        struct leads_lead_facts f = {.lead = &l, .routing = &t->routing};
        print_message("row %zu\n", i);
        fresh(t);
        l.id = (char *)"lead";
        l.owner_id = user_id(rows[i].is_only_one ? RESORT : ANNA);
        l.decision_count = 2;
        l.status = rows[i].status;
        l.next_due_us = rows[i].has_deadline ? NOW + MINUTE : 0;
        l.paused_until = rows[i].is_paused ? timestamp_of(t->arena, NOW + MINUTE) : NULL;
        e.lead_decision = rows[i].decision;
        e.user_id = rows[i].is_another ? user_id(BOB) : l.owner_id;
        assert_true(leads_decide_unseen(&f, &c, &t->stamp, &t->out));
        assert_int_equal(t->out.n_events, rows[i].goes_on);
        if (!rows[i].goes_on)
            continue;
        const Baton__LeadAssigned *next = t->out.events[0]->lead_assigned;
        assert_string_equal(next->owner_id, user_id(RESORT));
        assert_non_null(strstr(next->reason, "Anna did not look at it in time; "));
        leads_evolve(&l, &next->base, NOW, t->arena);
        assert_string_equal(l.previous_owner_ids[0], user_id(ANNA));
    }
    const struct leads_lead_facts none = {.lead = NULL};
    fresh(t);
    assert_true(leads_decide_unseen(&none, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unseen, leads_test_setup, leads_test_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
