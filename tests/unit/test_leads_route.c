/* Who gets a lead, and what happens by itself: numbers are those of decide_route.c and decide_time.c. */
#include "unit/leads_facts.h"

#define REASON(x)  BATON__REASON__REASON_##x
#define TRIGGER(x) BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_##x

static Baton__LeadAssigned *route(struct leads_test *t, Baton__Lead *l)
{
    return leads_route(&t->routing, l, l->owner_id ? TRIGGER(DECLINED) : TRIGGER(ARRIVED), &t->stamp);
}

static bool bit(const Baton__PoolTrial *trial, Baton__Reason reason, size_t member)
{
    for (size_t i = 0; i < trial->n_reasons; i++)
        if (trial->reasons[i]->reason == reason)
            return member / 8 < trial->reasons[i]->members.len &&
                   (trial->reasons[i]->members.data[member / 8] >> member % 8 & 1);
    return false;
}

/* Anna is excluded for one reason after another, so Bob gets it and the bitmap says why. */
static void test_reasons(void **state)
{
    static const struct {
        int rule;
        struct leads_person anna;
        bool had_it;
        Baton__Reason reason;
    } rows[] = {
        {1, {.known = false, .active = true}, false, REASON(NOT_ACTIVE)},
        {1, {.known = true, .active = false, .state = WORKTIME_ABSENT}, true, REASON(NOT_ACTIVE)},
        {2, {.known = true, .active = true, .state = WORKTIME_ABSENT}, true, REASON(HAD_IT_BEFORE)},
        {3,
         {.known = true, .active = true, .state = WORKTIME_ABSENT, .capacity = 1, .open = 1},
         false,
         REASON(ABSENT)},
        {4,
         {.known = true, .active = true, .state = WORKTIME_OUTSIDE_HOURS, .capacity = 1, .open = 1},
         false,
         REASON(AT_CAPACITY)},
        {5,
         {.known = true, .active = true, .state = WORKTIME_OUTSIDE_HOURS, .capacity = 2, .open = 1},
         false,
         REASON(OUTSIDE_HOURS)},
        {5, {.known = true, .active = true, .state = WORKTIME_HOLIDAY}, false, REASON(OUTSIDE_HOURS)},
        {0, {.known = true, .active = true, .open = 1000}, false, REASON(UNSPECIFIED)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_test *t;
        (void)leads_test_setup((void **)&t);
        usual_policy(t);
        t->persons[ANNA].known = rows[i].anna.known;
        t->persons[ANNA].active = rows[i].anna.active;
        t->persons[ANNA].state = rows[i].anna.state;
        t->persons[ANNA].capacity = rows[i].anna.capacity;
        t->persons[ANNA].open = rows[i].anna.open;
        Baton__Lead *l = lead_from(t, "DE", PERSONS);
        char *before[] = {user_id(ANNA)};
        l->previous_owner_ids = before;
        l->n_previous_owner_ids = rows[i].had_it;
        Baton__LeadAssigned *e = route(t, l);
        assert_string_equal(e->owner_id, user_id(rows[i].reason ? BOB : ANNA));
        if (rows[i].reason && !bit(e->decision->trials[0], rows[i].reason, 0))
            fail_msg("row %zu of rule %d", i, rows[i].rule);
        (void)leads_test_teardown((void **)&t);
    }
}

/* 6: at night the pool shares as by day; who is absent or full stays out of it */
static void test_hours_are_waived(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    pool_has(t, 0, CARL);
    for (int i = ANNA; i <= CARL; i++)
        t->persons[i].state = WORKTIME_OUTSIDE_HOURS;
    t->persons[ANNA].state = WORKTIME_ABSENT;
    Baton__LeadAssigned *e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(BOB));
    assert_string_equal(e->decision->runner_up_id, user_id(CARL));
    assert_true(e->decision->trials[0]->hours_waived);
    assert_true(bit(e->decision->trials[0], REASON(ABSENT), 0));
    assert_true(bit(e->decision->trials[0], REASON(OUTSIDE_HOURS), 1));
    assert_non_null(strstr(e->reason, "nobody there is at work"));
}

/* 8: turns are taken, and what the pool becomes stands in the event */
static void test_fair_share(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    static const int turns[] = {ANNA, BOB, ANNA, BOB};
    for (size_t i = 0; i < 4; i++) {
        Baton__LeadAssigned *e = route(t, lead_from(t, "de", PERSONS));
        assert_string_equal(e->owner_id, user_id(turns[i]));
        assert_int_equal(e->n_shares, i ? 1 : 2); /* at first Bob is placed as well */
        assert_int_equal(e->pool_clocks[0]->assigned, i + 1);
        leads_routing_note_shares(&t->routing, e);
    }
    assert_int_equal(t->members[0][0].received, 2);
}

/* 10: rules in order; what did not match and what had nobody is on record */
static void test_rules_in_order(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__LeadAssigned *e = route(t, lead_from(t, "FR", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_int_equal(e->decision->failed_conditions.len, 1);
    assert_int_equal(e->decision->failed_conditions.data[0], 1);
    assert_int_equal(e->decision->trials[0]->rule_index, 1);
    assert_int_equal(e->decision->trials[0]->pool_revision, 7);
    assert_int_equal(e->decision->policy_version, 3);
    assert_string_equal(e->reason,
                        "Rule 'Everything' matched (it has no conditions); Carl is the only one of pool "
                        "'Rest' who can take it now.");
    t->persons[ANNA].active = t->persons[BOB].active = false;
    e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_int_equal(e->decision->failed_conditions.data[0], 0);
    assert_int_equal(e->decision->n_trials, 2);
    /* the same pool behind a later rule is not asked again */
    ((struct leads_policy *)(uintptr_t)t->routing.policy)->rules[1].pool = 0;
    e = route(t, lead_from(t, "DE", PERSONS));
    assert_int_equal(e->decision->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_LAST_RESORT);
    assert_int_equal(e->decision->n_trials, 1);
    assert_int_equal(e->decision->failed_conditions.len, 2);
}

/* 9: a rule whose pool is gone or whose condition makes no sense is skipped; the lead goes on to the next */
static void test_never_stuck(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    t->pools[0].revision = 0;
    Baton__LeadAssigned *e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_int_equal(e->decision->failed_conditions.data[0],
                     LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_POOL_DELETED);
    e = route(t, lead_from(t, "FR", PERSONS));
    assert_int_equal(e->decision->failed_conditions.data[0], 1); /* did not match anyway */
    t->pools[0].revision = 7;
    ((struct leads_condition *)(uintptr_t)t->routing.policy->rules[0].conditions)
        ->
        operator= BATON__OPERATOR__OPERATOR_UNSPECIFIED;
    e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_int_equal(e->decision->failed_conditions.data[0],
                     LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_CONDITION);
    assert_non_null(strstr(leads_skip_text(BATON__RULE_SKIP__RULE_SKIP_POOL_DELETED), "deleted"));
}

/* 11: the last resort holds what nobody else can take, whatever else is to be said of them */
static void test_last_resort(void **state)
{
    struct leads_test *t = *state;
    Baton__LeadAssigned *e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(RESORT));
    assert_string_equal(e->reason, "There are no routing rules yet, so Resort holds it as the last resort.");
    usual_policy(t);
    for (int i = 0; i < PERSONS; i++)
        t->persons[i].state = WORKTIME_ABSENT;
    e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(RESORT));
    assert_null(e->response_due_at);
    assert_null(e->remind_at);
    assert_null(e->pool_id);
    assert_int_equal(e->n_shares, 0);
}

/* 12: a lead that so many have passed on goes round no longer */
static void test_enough_holders(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    l->n_previous_owner_ids = LEADS_HOLDERS_MAX;
    l->previous_owner_ids = ARENA_ARRAY(t->arena, char *, LEADS_HOLDERS_MAX);
    for (size_t i = 0; i < LEADS_HOLDERS_MAX; i++)
        l->previous_owner_ids[i] = "somebody";
    Baton__LeadAssigned *e = route(t, l);
    assert_string_equal(e->owner_id, user_id(RESORT));
    assert_non_null(strstr(e->reason, "200 people have had it"));
}

static void test_reason_and_deadline(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__LeadAssigned *e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->reason,
                        "Rule 'Germany' matched (address.country is DE); it is Anna's turn in pool "
                        "'DACH', Bob is next.");
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 60 * MINUTE);
    assert_int_equal(timestamp_us(e->remind_at), NOW + 45 * MINUTE);
    assert_string_equal(e->lead_name, "B");
    e = route(t, lead_from(t, "DE", ANNA));
    assert_string_equal(e->reason,
                        "Anna declined it; rule 'Germany' matched (address.country is DE); Bob is the only "
                        "one of pool 'DACH' who can take it now.");
    assert_string_equal(e->previous_owner_id, user_id(ANNA));
    assert_int_equal(e->decision->number, 2);
    /* the rule's own minutes, in the owner's working time: Carl's day begins an hour from now */
    const struct worktime_interval monday = {1, 11 * 60, 17 * 60};
    t->persons[CARL].hours = worktime_new("UTC", &monday, 1, NULL, 0, NULL, 0);
    t->persons[CARL].state = worktime_at(t->persons[CARL].hours, NOW, &t->persons[CARL].until_us);
    e = route(t, lead_from(t, "FR", PERSONS));
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 90 * MINUTE);
    worktime_free(t->persons[CARL].hours);
}

/* A decision about 10,000 people costs a few kilobytes. */
static void test_large_decisions_are_small(void **state)
{
    enum { N = 10000 };
    struct leads_test *t = *state;
    usual_policy(t);
    t->persons[ANNA].state = WORKTIME_ABSENT;
    t->persons[BOB].state = WORKTIME_OUTSIDE_HOURS;
    t->pools[0].members = ARENA_ARRAY(t->arena, struct leads_member, N);
    t->pools[0].n_members = N;
    for (int i = 0; i < N; i++)
        t->pools[0].members[i] =
            (struct leads_member){.person = (uint32_t)i % 3, .weight = 1, .parked = true};
    Baton__LeadAssigned *e = route(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_true(baton__decision__get_packed_size(e->decision) < 4096);
}

/* --- decide_deadline.c, decide_time.c --- */

static void due(struct leads_test *t, Baton__Lead *l)
{
    fresh(t);
    struct command c = command_of(t, l);
    struct leads_due_facts f = {.routing = &t->routing, .owner = &t->persons[ANNA]};
    assert_true(leads_decide_due(&f, &c, &t->stamp, &t->out));
}

static void test_due(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    /* 1 */
    due(t, l);
    assert_int_equal(t->out.n_events, 1);
    const Baton__LeadDeadlineNear *near = event_at(t, 0, &baton__lead_deadline_near__descriptor);
    leads_evolve(l, &near->base, NOW, t->arena);
    assert_int_equal(l->next_due_us, NOW + 60 * MINUTE);
    assert_true(l->reminded);
    assert_int_equal(l->revision, 3);
    /* 2 */
    t->stamp.now_us = NOW + 60 * MINUTE;
    due(t, l);
    assert_int_equal(t->out.n_events, 2);
    const Baton__LeadDeadlinePassed *passed = event_at(t, 0, &baton__lead_deadline_passed__descriptor);
    const Baton__LeadAssigned *next = event_at(t, 1, &baton__lead_assigned__descriptor);
    assert_string_equal(next->owner_id, user_id(BOB));
    assert_string_equal(passed->next_owner_id, user_id(BOB));
    assert_string_equal(passed->next_owner_name, "Bob");
    leads_evolve(l, &passed->base, t->stamp.now_us, t->arena);
    assert_false(l->has_next_due_us);
    leads_evolve(l, &next->base, t->stamp.now_us, t->arena);
    assert_int_equal(l->next_due_us, NOW + 105 * MINUTE);
    assert_string_equal(l->previous_owner_ids[0], user_id(ANNA));
    assert_false(l->reminded);
    /* 3: Bob is the last resort and the last there is: it stays with him, and the timer is off */
    t->routing.last_resort = BOB;
    t->routing.policy = NULL;
    l->response_due_at = timestamp_of(t->arena, t->stamp.now_us);
    due(t, l);
    assert_int_equal(t->out.n_events, 1);
    passed = event_at(t, 0, &baton__lead_deadline_passed__descriptor);
    assert_null(passed->next_owner_id);
}

static void test_leaver(void **state)
{
    static const struct {
        Baton__UserStatus status;
        bool deleted, holds, under_way, begins;
    } rows[] = {
        {BATON__USER_STATUS__USER_STATUS_INACTIVE, false, true, false, true},
        {BATON__USER_STATUS__USER_STATUS_INACTIVE, false, false, false, false},
        {BATON__USER_STATUS__USER_STATUS_INACTIVE, false, true, true, false},
        {BATON__USER_STATUS__USER_STATUS_ACTIVE, false, true, false, false},
        {BATON__USER_STATUS__USER_STATUS_ACTIVE, true, true, false, true},
    };
    struct leads_test *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) { /* 4 */
        Baton__User u = BATON__USER__INIT;
        Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
        u.id = user_id(ANNA);
        u.has_status = true;
        u.status = rows[i].status;
        change.kind = rows[i].deleted ? BATON__CHANGE_KIND__CHANGE_KIND_DELETED
                                      : BATON__CHANGE_KIND__CHANGE_KIND_UPDATED;
        struct leads_leaver_facts f = {.holds_open = rows[i].holds, .under_way = rows[i].under_way};
        struct command c = command_of(t, &u);
        c.change = &change;
        fresh(t);
        assert_true(leads_decide_leaver(&f, &c, &t->stamp, &t->out));
        assert_int_equal(t->out.n_events, rows[i].begins);
    }
}

static const Baton__HandoverAdvanced *hand_over(struct leads_test *t, struct leads_handover_facts *f)
{
    Baton__Handover h = BATON__HANDOVER__INIT;
    h.user_id = user_id(ANNA);
    struct command c = command_of(t, &h);
    fresh(t);
    assert_true(leads_decide_handover(f, &c, &t->stamp, &t->out));
    return event_at(t, t->out.n_events - 1, &baton__handover_advanced__descriptor);
}

static void test_handover(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    pool_has(t, 0, CARL);
    t->persons[ANNA].active = false;
    Baton__Lead *leads[] = {lead_from(t, "DE", ANNA), lead_from(t, "DE", ANNA), lead_from(t, "DE", ANNA)};
    struct leads_handover_facts f = {.leads = leads, .n_leads = 3};
    f.routing = leads_routing_copy(&t->routing, t->arena);
    f.routing->persons[BOB].capacity = 1;
    /* 6: Bob is full after the first, and the command knows it */
    const Baton__HandoverAdvanced *e = hand_over(t, &f);
    assert_int_equal(e->handed_on, 3);
    assert_false(e->finished);
    static const int owners[] = {BOB, CARL, CARL};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(
            ((const Baton__LeadAssigned *)event_at(t, i, &baton__lead_assigned__descriptor))->owner_id,
            user_id(owners[i]));
    assert_int_equal(t->persons[BOB].open, 0); /* only the copy moved on */
    /* 5 */
    f.returned = true;
    assert_true(hand_over(t, &f)->finished);
    assert_int_equal(t->out.n_events, 1);
    /* 7 */
    f = (struct leads_handover_facts){.routing = &t->routing};
    assert_true(hand_over(t, &f)->finished);
    /* the last resort itself has left: nothing moves, and it is not over */
    t->routing.policy = NULL;
    t->routing.last_resort = ANNA;
    f = (struct leads_handover_facts){.routing = &t->routing, .leads = leads, .n_leads = 3};
    e = hand_over(t, &f);
    assert_false(e->finished);
    assert_int_equal(e->handed_on, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        TEST(test_hours_are_waived),
        TEST(test_fair_share),
        TEST(test_rules_in_order),
        TEST(test_never_stuck),
        TEST(test_last_resort),
        TEST(test_enough_holders),
        TEST(test_reason_and_deadline),
        TEST(test_large_decisions_are_small),
        TEST(test_due),
        TEST(test_leaver),
        TEST(test_handover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
