/* Who follows a lead, rule by rule; the numbers are those of the comments in decide_follow.c. */
#include "leads_facts.h"

static struct leads_lead_facts facts_of(struct leads_test *t, size_t followers)
{
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing};
    l->company = (char *)"Acme";
    l->follower_ids = ARENA_ARRAY(t->arena, char *, LEADS_FOLLOWERS_MAX);
    for (; l->n_follower_ids < followers; l->n_follower_ids++)
        l->follower_ids[l->n_follower_ids] = arena_printf(t->arena, "somebody %zu", l->n_follower_ids);
    return f;
}

static bool run(struct leads_test *t, decide_fn *decide, const struct leads_lead_facts *f)
{
    static Baton__FollowLeadRequest q = BATON__FOLLOW_LEAD_REQUEST__INIT;
    struct command c = command_of(t, &q);
    fresh(t);
    return decide(f, &c, &t->stamp, &t->out);
}

static void test_follow(void **state)
{
    struct leads_test *t = *state;
    struct leads_lead_facts f = facts_of(t, 1);
    /* 1 */
    act_as(t, BATON__ROLE__ROLE_REP, BOB);
    assert_false(run(t, leads_decide_follow, &f));
    assert_int_equal(t->out.no.code, REFUSAL_NOT_FOUND);
    act_as(t, BATON__ROLE__ROLE_INSIDE, BOB);
    assert_true(run(t, leads_decide_follow, &f));
    const Baton__LeadFollowed *e = event_at(t, 0, &baton__lead_followed__descriptor);
    const Baton__Lead *l = ((const Baton__FollowLeadResponse *)t->out.reply)->lead;
    assert_true(e->following);
    assert_string_equal(e->user_id, user_id(BOB));
    assert_string_equal(e->company, "Acme");
    assert_int_equal(l->n_follower_ids, 2);
    assert_string_equal(l->follower_ids[1], user_id(BOB));
    /* 3 */
    f.lead = l;
    assert_true(run(t, leads_decide_follow, &f));
    assert_int_equal(t->out.n_events, 0);
    /* 4 */
    assert_true(run(t, leads_decide_unfollow, &f));
    assert_false(((const Baton__LeadFollowed *)event_at(t, 0, &baton__lead_followed__descriptor))->following);
    f.lead = ((const Baton__UnfollowLeadResponse *)t->out.reply)->lead;
    assert_int_equal(f.lead->n_follower_ids, 1);
    assert_true(run(t, leads_decide_unfollow, &f));
    assert_int_equal(t->out.n_events, 0);
    /* 2 */
    f = facts_of(t, LEADS_FOLLOWERS_MAX);
    assert_false(run(t, leads_decide_follow, &f));
    assert_int_equal(t->out.no.code, REFUSAL_RESOURCE_EXHAUSTED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_follow, leads_test_setup, leads_test_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
