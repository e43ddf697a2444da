/* Leads at rest: numbers are those of decide_recycle.c. */
#include "unit/leads_facts.h"

#define ROLE(x)   BATON__ROLE__ROLE_##x
#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

#define DAY INT64_C(86400000000)

/* Anna holds it, Carl is her manager. */
static bool recycle(struct leads_test *t, Baton__LeadStatus status, uint32_t times, int64_t until_us)
{
    Baton__RecycleLeadRequest *q = ARENA_NEW(t->arena, Baton__RecycleLeadRequest);
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing, .target = LEADS_NOBODY};
    baton__recycle_lead_request__init(q);
    q->reason = " not before spring ";
    q->until = timestamp_of(t->arena, until_us);
    l->status = status;
    l->recycles = times;
    f.scope.managers[f.scope.n_managers++] = user_id(CARL);
    struct command c = command_of(t, q);
    fresh(t);
    return leads_decide_recycle(&f, &c, &t->stamp, &t->out);
}

static void test_who_and_when(void **state)
{
    static const struct {
        int rule;
        Baton__Role role;
        int person;
        Baton__LeadStatus status;
        uint32_t times;
        int64_t in_us;
        enum refusal_code code; /* 0: it is done */
    } rows[] = {
        {1, ROLE(REP), BOB, STATUS(WORKING), 0, DAY, REFUSAL_NOT_FOUND},
        {1, ROLE(INSIDE), BOB, STATUS(WORKING), 0, DAY, REFUSAL_PERMISSION_DENIED},
        {1, ROLE(MANAGER), CARL, STATUS(WORKING), 0, DAY, 0},
        {1, ROLE(ADMIN), RESORT, STATUS(ASSIGNED), 0, DAY, 0},
        {2, ROLE(REP), ANNA, STATUS(CONVERTED), 0, DAY, REFUSAL_FAILED_PRECONDITION},
        {2, ROLE(REP), ANNA, STATUS(RECYCLED), 0, DAY, REFUSAL_FAILED_PRECONDITION},
        {3, ROLE(REP), ANNA, STATUS(WORKING), LEADS_RECYCLES_MAX, DAY, REFUSAL_FAILED_PRECONDITION},
        {3, ROLE(REP), ANNA, STATUS(WORKING), LEADS_RECYCLES_MAX - 1, DAY, 0},
        {3, ROLE(REP), ANNA, STATUS(WORKING), 0, 0, REFUSAL_INVALID_ARGUMENT},
        {3, ROLE(REP), ANNA, STATUS(WORKING), 0, LEADS_RECYCLE_DAYS_MAX * DAY, 0},
        {3, ROLE(REP), ANNA, STATUS(WORKING), 0, LEADS_RECYCLE_DAYS_MAX * DAY + 1, REFUSAL_INVALID_ARGUMENT},
    };
    struct leads_test *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        act_as(t, rows[i].role, rows[i].person);
        assert_int_equal(recycle(t, rows[i].status, rows[i].times, NOW + rows[i].in_us), rows[i].code == 0);
        assert_int_equal(t->out.no.code, rows[i].code);
    }
}

static Baton__Lead *at_rest(struct leads_test *t)
{
    t->stamp.now_us = NOW;
    act_as(t, ROLE(REP), ANNA);
    assert_true(recycle(t, STATUS(ASSIGNED), 2, NOW + DAY));
    return ((Baton__RecycleLeadResponse *)t->out.reply)->lead;
}

static void test_rest(void **state)
{
    struct leads_test *t = *state;
    const Baton__Lead *l = at_rest(t);
    assert_int_equal(l->status, STATUS(RECYCLED));
    assert_string_equal(l->status_reason, "not before spring");
    assert_string_equal(l->owner_id, user_id(ANNA));
    assert_false(l->open);
    assert_int_equal(l->recycles, 3);
    assert_true(l->next_due_us == NOW + DAY);
    assert_non_null(l->first_responded_at);
}

static const Baton__LeadAssigned *comes_back(struct leads_test *t, Baton__Lead *l)
{
    struct leads_due_facts f = {.routing = &t->routing, .owner = &t->persons[ANNA], .from = "nowhere"};
    struct command c = command_of(t, l);
    t->stamp.now_us = NOW + DAY;
    fresh(t);
    assert_true(leads_decide_due(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.n_events, 1);
    const Baton__LeadAssigned *e = event_at(t, 0, &baton__lead_assigned__descriptor);
    assert_int_equal(e->decision->trigger, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK);
    leads_evolve(l, &e->base, t->stamp.now_us, t->arena);
    assert_int_equal(l->status, STATUS(ASSIGNED));
    assert_true(l->open && !l->recycled_until && !l->status_reason);
    assert_true(l->next_due_us > NOW + DAY);
    return e;
}

/* 5 */
static void test_return(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    const Baton__LeadAssigned *e = comes_back(t, at_rest(t));
    assert_string_equal(e->owner_id, user_id(ANNA));
    assert_int_equal(e->decision->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_HELD_BEFORE);
    assert_string_equal(e->reason, "It was to rest until today, and Anna had it before.");
    t->persons[ANNA].state = WORKTIME_ABSENT;
    e = comes_back(t, at_rest(t));
    assert_string_equal(e->owner_id, user_id(BOB));
    t->persons[ANNA].state = WORKTIME_WORKING;
    t->persons[ANNA].active = false;
    e = comes_back(t, at_rest(t));
    assert_string_equal(e->owner_id, user_id(BOB));
    assert_int_equal(strncmp(e->reason, "Anna is not there to go on with it; rule 'Germany' matched", 58), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_who_and_when), TEST(test_rest), TEST(test_return)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
