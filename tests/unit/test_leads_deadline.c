/* Deadlines: levels and pauses (decide_deadline.c, decide_pause.c). The numbers are the rules'. */
#include "leads_facts.h"

#define DAY       (INT64_C(1440) * MINUTE)
#define ACTION(a) BATON__DEADLINE_ACTION__DEADLINE_ACTION_##a

static Baton__DeadlineLevel *level(struct leads_test *t, uint32_t minutes, Baton__DeadlineAction action)
{
    Baton__DeadlineLevel *l = ARENA_NEW(t->arena, Baton__DeadlineLevel);
    baton__deadline_level__init(l);
    l->after_minutes = minutes;
    l->action = action;
    return l;
}

/* After 10 minutes a reminder, after 20 and 40 the manager, after 60 the next. */
static void usual_levels(struct leads_test *t)
{
    static const Baton__DeadlineAction actions[] = {ACTION(REMIND), ACTION(ESCALATE), ACTION(ESCALATE),
                                                    ACTION(PASS_ON)};
    static const uint32_t minutes[] = {10, 20, 40, 60};
    t->routing.n_levels = 4;
    for (size_t i = 0; i < 4; i++)
        t->routing.levels[i] = (struct leads_level){.after_minutes = minutes[i], .action = actions[i]};
}

static Baton__LeadAssigned *add(struct leads_test *t, const Baton__Rule *rule)
{
    Baton__LeadAssigned *e = ARENA_NEW(t->arena, Baton__LeadAssigned);
    baton__lead_assigned__init(e);
    e->owner_id = user_id(ANNA);
    Baton__Lead lead = BATON__LEAD__INIT;
    leads_add_deadline(e, &t->routing, &t->persons[ANNA], &lead, rule, &t->stamp);
    return e;
}

/* A lead that Anna holds since now. */
static Baton__Lead *held(struct leads_test *t)
{
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    leads_evolve(l, &add(t, NULL)->base, t->stamp.now_us, t->arena);
    return l;
}

static void test_which_levels(void **state)
{
    struct leads_test *t = *state;
    Baton__Rule rule = BATON__RULE__INIT;
    Baton__DeadlineLevel *levels[] = {level(t, 5, ACTION(ESCALATE)), level(t, 9, ACTION(PASS_ON))};
    /* 1: nobody says anything: reminded at three quarters */
    Baton__LeadAssigned *e = add(t, &rule);
    assert_int_equal(e->n_deadline_steps, 0);
    assert_int_equal(timestamp_us(e->remind_at), NOW + 45 * MINUTE);
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 60 * MINUTE);
    /* the organisation's, also by hand */
    usual_levels(t);
    assert_int_equal(add(t, NULL)->n_deadline_steps, 4);
    e = add(t, &rule);
    assert_null(e->remind_at);
    assert_int_equal(timestamp_us(e->deadline_steps[1]->at), NOW + 20 * MINUTE);
    assert_int_equal(e->deadline_steps[2]->escalation, 2);
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 60 * MINUTE);
    /* the rule's minutes */
    rule.has_response_minutes = true;
    rule.response_minutes = 4;
    e = add(t, &rule);
    assert_int_equal(e->n_deadline_steps, 0);
    assert_int_equal(timestamp_us(e->remind_at), NOW + 3 * MINUTE);
    /* the rule's levels */
    rule.levels = levels;
    rule.n_levels = 2;
    e = add(t, &rule);
    assert_int_equal(e->n_deadline_steps, 2);
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 9 * MINUTE);
}

static void due(struct leads_test *t, Baton__Lead *l, struct leads_due_facts *f)
{
    struct command c = command_of(t, l);
    fresh(t);
    t->stamp.now_us = l->next_due_us;
    f->routing = &t->routing;
    f->owner = &t->persons[ANNA];
    assert_true(leads_decide_due(f, &c, &t->stamp, &t->out));
}

static void happen(struct leads_test *t, Baton__Lead *l)
{
    for (size_t i = 0; i < t->out.n_events; i++) {
        const struct schema_field *member;
        leads_evolve(l, schema_oneof(&t->out.events[i]->base, &member), t->stamp.now_us, t->arena);
    }
}

static void test_levels_in_turn(void **state)
{
    struct leads_test *t = *state;
    struct leads_due_facts f = {.scope = {.managers = {user_id(CARL), user_id(BOB)}, .n_managers = 2}};
    usual_policy(t);
    usual_levels(t);
    Baton__Lead *l = held(t);
    assert_int_equal(l->next_due_us, NOW + 10 * MINUTE);
    /* 3: the reminder, which arms the next */
    due(t, l, &f);
    (void)event_at(t, 0, &baton__lead_deadline_near__descriptor);
    happen(t, l);
    assert_int_equal(l->next_due_us, NOW + 20 * MINUTE);
    assert_true(l->reminded);
    /* 4: the manager, then the one above; the lead stays */
    static const int told[] = {CARL, BOB};
    for (int i = 0; i < 2; i++) {
        due(t, l, &f);
        assert_int_equal(t->out.n_events, 1);
        const Baton__LeadEscalated *e = event_at(t, 0, &baton__lead_escalated__descriptor);
        assert_int_equal(e->n_manager_ids, 1);
        assert_string_equal(e->manager_ids[0], user_id(told[i]));
        assert_string_equal(e->owner_name, "Anna");
        happen(t, l);
        assert_string_equal(l->owner_id, user_id(ANNA));
    }
    assert_int_equal(timestamp_us(l->escalated_at), NOW + 40 * MINUTE);
    assert_int_equal(l->next_due_us, NOW + 60 * MINUTE);
    /* 5: passed on, with all its levels anew */
    due(t, l, &f);
    assert_int_equal(t->out.n_events, 2);
    (void)event_at(t, 0, &baton__lead_deadline_passed__descriptor);
    happen(t, l);
    assert_string_equal(l->owner_id, user_id(BOB));
    assert_int_equal(l->n_deadline_steps, 4);
    assert_int_equal(l->next_due_us, NOW + 70 * MINUTE);
    assert_null(l->escalated_at);
}

static void test_last_level_need_not_pass_on(void **state)
{
    struct leads_test *t = *state;
    struct leads_due_facts f = {0};
    t->routing.levels[0] = (struct leads_level){.after_minutes = 5, .action = ACTION(REMIND)};
    t->routing.n_levels = 1;
    Baton__Lead *l = held(t);
    due(t, l, &f);
    happen(t, l);
    assert_false(l->has_next_due_us);
    assert_string_equal(l->owner_id, user_id(ANNA));
}

/* Who is told, of managers Bob and above him Carl, the last resort being there for all cases. */
static void test_who_is_told(void **state)
{
    enum { NOBODY = PERSONS };
    static const struct {
        int managers[2];
        bool bob_away, carl_away, bob_gone;
        int told[3];
    } rows[] = {
        {{BOB, CARL}, false, false, false, {BOB, NOBODY, NOBODY}},
        {{BOB, CARL}, true, false, false, {BOB, CARL, NOBODY}},
        {{BOB, CARL}, true, true, false, {BOB, CARL, RESORT}},
        {{BOB, CARL}, false, false, true, {CARL, NOBODY, NOBODY}},
        {{ANNA, CARL}, false, false, false, {CARL, NOBODY, NOBODY}}, /* never the holder */
        {{ANNA, ANNA}, false, false, false, {RESORT, NOBODY, NOBODY}},
        {{NOBODY, NOBODY}, false, false, false, {RESORT, NOBODY, NOBODY}},
    };
    struct leads_test *t = *state;
    t->routing.levels[0] = (struct leads_level){.after_minutes = 5, .action = ACTION(ESCALATE)};
    t->routing.n_levels = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_due_facts f = {0};
        for (size_t k = 0; k < 2 && rows[i].managers[k] != NOBODY; k++)
            f.scope.managers[f.scope.n_managers++] = user_id(rows[i].managers[k]);
        t->persons[BOB].state = rows[i].bob_away ? WORKTIME_ABSENT : WORKTIME_WORKING;
        t->persons[CARL].state = rows[i].carl_away ? WORKTIME_ABSENT : WORKTIME_WORKING;
        t->persons[BOB].active = !rows[i].bob_gone;
        due(t, held(t), &f);
        const Baton__LeadEscalated *e = event_at(t, 0, &baton__lead_escalated__descriptor);
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(k < e->n_manager_ids, rows[i].told[k] != NOBODY);
            if (k < e->n_manager_ids)
                assert_string_equal(e->manager_ids[k], user_id(rows[i].told[k]));
        }
    }
}

/* --- pauses --- */

static bool pause(struct leads_test *t, const Baton__Lead *l, int64_t until_us)
{
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing, .target = LEADS_NOBODY};
    Baton__PauseLeadRequest q = BATON__PAUSE_LEAD_REQUEST__INIT;
    q.id = l->id;
    q.until = timestamp_of(t->arena, until_us);
    q.reason = " on holiday ";
    struct command c = command_of(t, &q);
    fresh(t);
    return leads_decide_pause(&f, &c, &t->stamp, &t->out);
}

static bool resume(struct leads_test *t, const Baton__Lead *l)
{
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing, .target = LEADS_NOBODY};
    Baton__ResumeLeadRequest q = BATON__RESUME_LEAD_REQUEST__INIT;
    q.id = l->id;
    struct command c = command_of(t, &q);
    fresh(t);
    return leads_decide_resume(&f, &c, &t->stamp, &t->out);
}

static void test_pause_checks(void **state)
{
    struct leads_test *t = *state;
    static const struct {
        int rule;
        Baton__Role role;
        int who, status;
        bool paused, timer;
        uint32_t pauses;
        int64_t days;
        const char *refused; /* NULL: fine */
    } rows[] = {
        {0, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 0, 1, NULL},
        {1, BATON__ROLE__ROLE_REP, BOB, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 0, 1, "id"},
        {2, BATON__ROLE__ROLE_INSIDE, BOB, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 0, 1, "id"},
        {3, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, true, true, 1, 1, "id"},
        {4, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_WORKING, false, true, 0, 1, "id"},
        {4, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, false, 0, 1, "id"},
        {5, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 10, 1, "id"},
        {5, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 9, 90, NULL},
        {5, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 0, 91,
         "until"},
        {5, BATON__ROLE__ROLE_REP, ANNA, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED, false, true, 0, 0,
         "until"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = lead_from(t, "DE", ANNA);
        l->status = (Baton__LeadStatus)rows[i].status;
        l->pauses = rows[i].pauses;
        l->has_next_due_us = rows[i].timer;
        l->paused_until = rows[i].paused ? timestamp_of(t->arena, NOW + DAY) : NULL;
        act_as(t, rows[i].role, rows[i].who);
        bool good = pause(t, l, NOW + rows[i].days * DAY);
        assert_int_equal(good, !rows[i].refused);
        if (rows[i].refused)
            assert_string_equal(t->out.no.field, rows[i].refused);
    }
}

static void test_pause_and_resume(void **state)
{
    struct leads_test *t = *state;
    struct leads_due_facts f = {0};
    usual_policy(t);
    usual_levels(t);
    Baton__Lead *l = held(t);
    due(t, l, &f);
    happen(t, l);
    t->stamp.now_us = NOW + 15 * MINUTE;
    assert_true(pause(t, l, NOW + 10 * DAY));
    happen(t, l);
    assert_string_equal(l->pause_reason, "on holiday");
    assert_int_equal(l->next_due_us, NOW + 10 * DAY);
    assert_int_equal(l->n_deadline_steps, 3);
    assert_int_equal(l->deadline_steps[0]->remaining_us, 5 * MINUTE);
    assert_null(l->response_due_at);
    /* 6: early, by hand; again changes nothing */
    t->stamp.now_us = NOW + 2 * DAY;
    assert_true(resume(t, l));
    happen(t, l);
    assert_null(l->paused_until);
    assert_int_equal(l->next_due_us, NOW + 2 * DAY + 5 * MINUTE);
    assert_int_equal(timestamp_us(l->response_due_at), NOW + 2 * DAY + 45 * MINUTE);
    assert_true(resume(t, l));
    assert_int_equal(t->out.n_events, 0);
    /* 2: and by itself, when the date comes */
    assert_true(pause(t, l, NOW + 5 * DAY));
    happen(t, l);
    due(t, l, &f);
    (void)event_at(t, 0, &baton__lead_resumed__descriptor);
    happen(t, l);
    assert_int_equal(l->next_due_us, NOW + 5 * DAY + 5 * MINUTE);
    assert_int_equal(l->pauses, 2);
    /* 7: not while it is merged into another */
    assert_true(pause(t, l, NOW + 6 * DAY));
    happen(t, l);
    l->status = BATON__LEAD_STATUS__LEAD_STATUS_MERGED;
    assert_false(resume(t, l));
    assert_string_equal(t->out.no.message, "the lead is merged into another");
}

/* A lead without levels keeps its reminder and its deadline through a pause. */
static void test_pause_without_levels(void **state)
{
    struct leads_test *t = *state;
    struct leads_due_facts f = {0};
    usual_policy(t);
    Baton__Lead *l = held(t);
    t->stamp.now_us = NOW + 5 * MINUTE;
    assert_true(pause(t, l, NOW + DAY));
    happen(t, l);
    due(t, l, &f);
    happen(t, l);
    assert_int_equal(l->next_due_us, NOW + DAY + 40 * MINUTE);
    due(t, l, &f);
    (void)event_at(t, 0, &baton__lead_deadline_near__descriptor);
    happen(t, l);
    assert_int_equal(l->next_due_us, NOW + DAY + 55 * MINUTE);
    due(t, l, &f);
    (void)event_at(t, 0, &baton__lead_deadline_passed__descriptor);
    happen(t, l);
    assert_string_equal(l->owner_id, user_id(BOB));
    assert_int_equal(l->n_deadline_steps, 0);
}

/* What was due when the pause began, and had not happened yet, comes after it: the timer moves. */
static void test_pause_when_due(void **state)
{
    struct leads_test *t = *state;
    struct leads_due_facts f = {0};
    usual_levels(t);
    Baton__Lead *l = held(t);
    t->stamp.now_us = NOW + 15 * MINUTE;
    assert_true(pause(t, l, NOW + DAY));
    happen(t, l);
    due(t, l, &f);
    happen(t, l);
    assert_int_equal(l->next_due_us, NOW + DAY + 1);
    due(t, l, &f);
    (void)event_at(t, 0, &baton__lead_deadline_near__descriptor);
    happen(t, l);
    assert_int_equal(l->next_due_us, NOW + DAY + 5 * MINUTE);
}

/* A new holder, or an answer, ends the pause. */
static void test_pause_ends(void **state)
{
    struct leads_test *t = *state;
    Baton__LeadAccepted accepted = BATON__LEAD_ACCEPTED__INIT;
    usual_levels(t);
    Baton__Lead *l = held(t);
    assert_true(pause(t, l, NOW + DAY));
    happen(t, l);
    leads_evolve(l, &leads_give(&t->routing, l, BOB, &t->stamp)->base, NOW, t->arena);
    assert_null(l->paused_until);
    assert_int_equal(l->next_due_us, NOW + 10 * MINUTE);
    act_as(t, BATON__ROLE__ROLE_REP, BOB);
    assert_true(pause(t, l, NOW + DAY));
    happen(t, l);
    leads_evolve(l, &accepted.base, NOW, t->arena);
    assert_null(l->paused_until);
    assert_int_equal(l->n_deadline_steps, 0);
    assert_false(l->has_next_due_us);
}

/* A lead that everybody let pass comes to rest with the last resort, who cannot pass it on. */
static void test_comes_to_rest(void **state)
{
    struct leads_test *t = *state;
    struct leads_due_facts f = {0};
    usual_policy(t);
    usual_levels(t);
    Baton__Lead *l = held(t);
    int holders = 0;
    for (; l->has_next_due_us && holders < PERSONS; holders++)
        while (l->has_next_due_us && t->stamp.now_us < NOW + (holders + 1) * 60 * MINUTE) {
            due(t, l, &f);
            happen(t, l);
        }
    assert_string_equal(l->owner_id, user_id(RESORT));
    assert_int_equal(holders, 3);
    assert_false(l->has_next_due_us);
    assert_null(l->response_due_at);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_which_levels),         TEST(test_levels_in_turn), TEST(test_last_level_need_not_pass_on),
        TEST(test_who_is_told),          TEST(test_pause_checks),   TEST(test_pause_and_resume),
        TEST(test_pause_without_levels), TEST(test_pause_ends),     TEST(test_pause_when_due),
        TEST(test_comes_to_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
