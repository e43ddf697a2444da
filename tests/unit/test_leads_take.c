/* Queues: what waits, who keeps it, who takes the next. Numbers are those of decide_take.c, 13 that of
   decide_route.c. */
#include "unit/leads_facts.h"

#include "services/leads/filter.h"

/* The usual policy with a queue instead of the first pool, kept by Carl. */
static void queue(struct leads_test *t)
{
    usual_policy(t);
    t->pools[0].pull = true;
    t->pools[0].keeper = CARL;
}

static Baton__LeadAssigned *arrive(struct leads_test *t, Baton__Lead *l)
{
    return leads_route(&t->routing, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &t->stamp);
}

/* 13: a queue gets every lead that comes to it, and there is always a holder. */
static void test_keeper(void **state)
{
    struct leads_test *t = *state;
    queue(t);
    const Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_string_equal(e->queue_id, t->pools[0].id);
    assert_int_equal(e->decision->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_QUEUED);
    assert_string_equal(e->reason, "Rule 'Germany' matched (address.country is DE); it waits in queue 'DACH' "
                                   "until somebody takes it, and Carl keeps it.");
    assert_null(e->response_due_at);
    assert_int_equal(e->n_shares, 0);
    t->persons[CARL].active = false;
    assert_string_equal(arrive(t, lead_from(t, "DE", PERSONS))->owner_id, user_id(RESORT));
    t->pools[0].keeper = LEADS_NOBODY;
    assert_string_equal(arrive(t, lead_from(t, "DE", PERSONS))->owner_id, user_id(RESORT));
    assert_null(arrive(t, lead_from(t, "FR", PERSONS))->queue_id);
}

static Baton__Lead *waiting(struct leads_test *t, const char *id)
{
    Baton__Lead *l = lead_from(t, "DE", CARL);
    l->id = arena_strdup(t->arena, id);
    l->queue_id = t->pools[0].id;
    return l;
}

static bool ask(struct leads_test *t, Baton__Lead **leads, size_t n, bool pull, int member, char *more,
                char *page_token)
{
    Baton__Pool *pool = ARENA_NEW(t->arena, Baton__Pool);
    Baton__PoolMember *m = ARENA_NEW(t->arena, Baton__PoolMember);
    baton__pool__init(pool);
    baton__pool_member__init(m);
    m->user_id = user_id(member);
    pool->id = t->pools[0].id;
    pool->pull = pull;
    pool->members = arena_copy(t->arena, &m, sizeof m);
    pool->n_members = 1;
    struct leads_take_facts f = {&t->routing, pool, ANNA, leads, n, .more = more};
    Baton__TakeNextLeadRequest q = BATON__TAKE_NEXT_LEAD_REQUEST__INIT;
    q.page_token = page_token;
    struct command c = command_of(t, &q);
    act_as(t, BATON__ROLE__ROLE_REP, ANNA);
    fresh(t);
    return leads_decide_take(&f, &c, &t->stamp, &t->out);
}

/* As Anna, from a queue of which she is a member. */
static bool take(struct leads_test *t, Baton__Lead **leads, size_t n, bool pull, int member)
{
    return ask(t, leads, n, pull, member, NULL, NULL);
}

static bool take_from(struct leads_test *t, Baton__Lead **leads, size_t n, char *more, char *page_token)
{
    return ask(t, leads, n, true, ANNA, more, page_token);
}

/* The oldest is taken, with a deadline, and waits no longer. */
static void test_take(void **state)
{
    struct leads_test *t = *state;
    queue(t);
    Baton__Lead *two[] = {waiting(t, "first"), waiting(t, "second")};
    assert_true(take(t, two, 2, true, ANNA));
    const Baton__LeadAssigned *e = event_at(t, 0, &baton__lead_assigned__descriptor);
    assert_string_equal(e->lead_id, "first");
    assert_string_equal(e->owner_id, user_id(ANNA));
    assert_string_equal(e->previous_owner_id, user_id(CARL));
    assert_int_equal(e->decision->trigger, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TAKEN);
    assert_string_equal(e->reason, "Anna took it from the queue.");
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 60 * MINUTE);
    const Baton__Lead *now = ((const Baton__TakeNextLeadResponse *)t->out.reply)->lead;
    assert_null(now->queue_id);
    assert_string_equal(now->owner_id, user_id(ANNA));
    assert_int_equal(now->n_previous_owner_ids, 0); /* its keeper did not give it up */
    assert_string_equal(two[0]->queue_id, t->pools[0].id);
}

/* 1 to 3: refused with a reason. */
static void test_refused(void **state)
{
    static const struct {
        size_t waiting;
        bool pull;
        int member;
        uint32_t capacity;
        enum worktime_state state;
        const char *message; /* NULL: taken */
    } rows[] = {
        {1, true, ANNA, 0, WORKTIME_WORKING, NULL},
        {1, true, ANNA, 0, WORKTIME_OUTSIDE_HOURS, NULL}, /* who asks is at work */
        {1, true, BOB, 0, WORKTIME_WORKING, "you are in no such queue"},
        {1, false, ANNA, 0, WORKTIME_WORKING,
         "leads of this pool are handed out; it is no queue to take them from"},
        {0, true, ANNA, 0, WORKTIME_WORKING, "nothing waits in this queue now"},
        {1, true, ANNA, 2, WORKTIME_WORKING,
         "nothing in this queue can be yours now: whoever asks holds as many open leads as they may"},
        {1, true, ANNA, 0, WORKTIME_ABSENT, "nothing in this queue can be yours now: whoever asks is absent"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_test *t;
        (void)leads_test_setup((void **)&t);
        queue(t);
        t->persons[ANNA].open = 2;
        t->persons[ANNA].capacity = rows[i].capacity;
        t->persons[ANNA].state = rows[i].state;
        Baton__Lead *lead = waiting(t, "first");
        assert_int_equal(take(t, &lead, rows[i].waiting, rows[i].pull, rows[i].member), !rows[i].message);
        if (rows[i].message)
            assert_string_equal(t->out.no.message, rows[i].message);
        assert_int_equal(t->out.n_events, rows[i].message ? 0 : 1);
        (void)leads_test_teardown((void **)&t);
    }
}

/* 4: where not all were looked at it is said, and by pages it goes on. */
static void test_more(void **state)
{
    struct leads_test *t = *state;
    queue(t);
    t->persons[ANNA].state = WORKTIME_ABSENT;
    Baton__Lead *lead = waiting(t, "first");
    assert_false(take_from(t, &lead, 1, "more", NULL));
    assert_string_equal(t->out.no.message,
                        "none of the first 2000 in this queue can be yours now: whoever asks is absent; more "
                        "wait behind them, which page_token goes on to");
    assert_true(take_from(t, &lead, 1, "more", ""));
    const Baton__TakeNextLeadResponse *reply = (const Baton__TakeNextLeadResponse *)t->out.reply;
    assert_null(reply->lead);
    assert_string_equal(reply->next_page_token, "more");
    assert_int_equal(t->out.n_events, 0);
    assert_false(take_from(t, &lead, 1, NULL, "more"));
    t->persons[ANNA].state = WORKTIME_WORKING;
    assert_true(take_from(t, &lead, 1, NULL, "more"));
    assert_null(((const Baton__TakeNextLeadResponse *)t->out.reply)->next_page_token);
}

/* 3: one that is not for whoever asks is passed over: the rule that leads to the queue has its say. */
static void test_passed_over(void **state)
{
    struct leads_test *t = *state;
    queue(t);
    struct leads_rule *rule = (struct leads_rule *)(uintptr_t)&t->routing.policy->rules[0];
    Baton__Rule *source = (Baton__Rule *)(uintptr_t)rule->source;
    source->filters = &(Baton__Filter){BATON__FILTER__FILTER_LANGUAGE};
    source->n_filters = 1;
    leads_filter_compile(source, rule, t->arena);
    Baton__Lead *two[] = {waiting(t, "first"), waiting(t, "second")};
    two[0]->language = "fr";
    assert_true(take(t, two, 2, true, ANNA));
    const Baton__LeadAssigned *e = event_at(t, 0, &baton__lead_assigned__descriptor);
    assert_string_equal(e->lead_id, "second");
}

/* 16: the rule that leads to the queue says until when it is to be answered, from the taking on */
static void test_deadline(void **state)
{
    struct leads_test *t = *state;
    queue(t);
    Baton__Rule *source = (Baton__Rule *)(uintptr_t)t->routing.policy->rules[0].source;
    Baton__DeadlineLevel up = BATON__DEADLINE_LEVEL__INIT, on = BATON__DEADLINE_LEVEL__INIT,
                         *levels[] = {&up, &on};
    Baton__Lead *one[] = {waiting(t, "first")};
    source->has_response_minutes = true;
    source->response_minutes = 15;
    assert_true(take(t, one, 1, true, ANNA));
    const Baton__LeadAssigned *e = event_at(t, 0, &baton__lead_assigned__descriptor);
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 15 * MINUTE);
    up.after_minutes = 5;
    up.action = BATON__DEADLINE_ACTION__DEADLINE_ACTION_ESCALATE;
    on.after_minutes = 20;
    on.action = BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON;
    source->levels = levels;
    source->n_levels = 2;
    assert_true(take(t, one, 1, true, ANNA));
    e = event_at(t, 0, &baton__lead_assigned__descriptor);
    assert_int_equal(e->n_deadline_steps, 2);
    assert_int_equal(timestamp_us(e->response_due_at), NOW + 20 * MINUTE);
}

/* 15: the highest score comes first where the rule says so, what has none last; else they come as they came
 */
static void test_order(void **state)
{
    static const struct {
        bool ranks, has_score;
        uint32_t score, rank;
    } rows[] = {{false, true, 900, 0},
                {true, true, 1000, 0},
                {true, true, 900, 100},
                {true, true, 0, 1000},
                {true, false, 0, 1001}};
    struct leads_test *t = *state;
    queue(t);
    Baton__Rule *source = (Baton__Rule *)(uintptr_t)t->routing.policy->rules[0].source;
    source->ranks = &(Baton__Rank){BATON__RANK__RANK_SCORE};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Lead *l = lead_from(t, "DE", PERSONS);
        source->n_ranks = rows[i].ranks;
        l->has_score = rows[i].has_score;
        l->score = rows[i].score;
        const Baton__LeadAssigned *e = arrive(t, l);
        assert_int_equal(e->has_queue_rank, rows[i].ranks);
        assert_int_equal(e->queue_rank, rows[i].rank);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keeper), TEST(test_take),        cmocka_unit_test(test_refused),
        TEST(test_more),   TEST(test_passed_over), TEST(test_deadline),
        TEST(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
