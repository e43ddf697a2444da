/* How opportunities end, and who hears of what becomes of them; the numbers are those of decide_close.c,
   decide_move.c, and of decide.c where it says so. */
#include "tests/unit/pipeline_bench.h"

#define KIND(NAME) BATON__STAGE_KIND__STAGE_KIND_##NAME
#define NEWS(NAME) BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME

struct scene {
    struct pipeline_bench bench;
    Baton__Opportunity o;
    struct opportunities_move_facts f;
};

/* One that stands in the stage, of ID(1), changed by ID(2). */
static void stand(struct bench *b, struct scene *x, const char *key)
{
    memset(x, 0, sizeof *x);
    baton__opportunity__init(&x->o);
    x->f.where.pipeline = x->f.where.left = pipeline_bench(&x->bench);
    x->o.id = ID(5);
    x->o.name = "Big deal";
    x->o.owner_id = ID(1);
    x->o.stage_key = (char *)(uintptr_t)key;
    begin(b);
    assert_true(opportunities_enter(&x->f.where, NULL, &x->o, &b->stamp, &b->out));
    x->f.record.before = &x->o.base;
    x->f.record.reach = RECORD_OWN;
    x->f.where.people.user_id = ID(2);
    x->f.where.people.who = "Ann";
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_REP;
    b->actor.user_id = ID(2);
}

static const Baton__Opportunity *changed(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
            return b->out.events[i]->record_changed->record->opportunity;
    return NULL;
}

static const Baton__OpportunityNews *told(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_OPPORTUNITY_NEWS)
            return b->out.events[i]->opportunity_news;
    return NULL;
}

static void rules_1_to_3(void **state)
{
    struct bench *b = *state;
    static char *losses[] = {"price", "time"};
    const struct {
        int rule;
        char *before, *key, *reason, *lost_to;
        bool has_reasons;
        const char *field; /* NULL: fine */
        const char *after;
    } rows[] = {
        {1, "proposal", "proposal", "price", NULL, false, "outcome_reason", NULL},
        {1, "proposal", "haggling", NULL, "Acme", false, "lost_to", NULL},
        {1, "gone", "proposal", "price", "Acme", false, NULL, NULL},
        {2, "proposal", "closed_won", NULL, "Acme", false, "lost_to", NULL},
        {2, "proposal", "gone", NULL, " Acme ", false, NULL, NULL},
        {3, "proposal", "gone", " any ", NULL, false, NULL, "any"},
        {3, "proposal", "gone", NULL, NULL, true, "outcome_reason", NULL},
        {3, "proposal", "gone", "colour", NULL, true, "outcome_reason", NULL},
        {3, "proposal", "gone", "time", NULL, true, NULL, "time"},
        {3, "proposal", "closed_won", NULL, NULL, true, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene x;
        stand(b, &x, rows[i].before);
        x.bench.pipeline.loss_reasons = losses;
        x.bench.pipeline.n_loss_reasons = rows[i].has_reasons ? 2 : 0;
        Baton__Opportunity o = x.o;
        o.stage_key = rows[i].key;
        o.outcome_reason = rows[i].reason;
        o.lost_to = rows[i].lost_to;
        bool ok = check(b, opportunities_check_opportunity, &x.f.where, &x.o, &o);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        if (ok && rows[i].after)
            assert_string_equal(o.outcome_reason, rows[i].after);
        else if (ok)
            assert_null(o.outcome_reason);
    }
    /* what was said before stays said, although it is no choice any more */
    struct scene x;
    stand(b, &x, "gone");
    x.o.outcome_reason = "colour";
    x.bench.pipeline.loss_reasons = losses;
    x.bench.pipeline.n_loss_reasons = 2;
    Baton__Opportunity o = x.o;
    o.name = "Renamed";
    assert_true(check(b, opportunities_check_opportunity, &x.f.where, &x.o, &o));
}

static void rules_4_5_close(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__CloseOpportunityRequest q = BATON__CLOSE_OPPORTUNITY_REQUEST__INIT;
    q.id = ID(5);
    stand(b, &x, "proposal");
    q.outcome = KIND(OPEN);
    assert_refused(run(b, opportunities_decide_close, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "outcome");
    q.outcome = KIND(LOST);
    q.stage_key = "closed_won";
    assert_refused(run(b, opportunities_decide_close, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "stage_key");
    q.stage_key = NULL;
    q.reason = "price";
    q.lost_to = "Acme";
    assert_true(run(b, opportunities_decide_close, &x.f, &q));
    assert_string_equal(changed(b)->stage_key, "gone");
    assert_string_equal(changed(b)->outcome_reason, "price");
    assert_int_equal(told(b)->kind, NEWS(LOST));
    assert_string_equal(told(b)->reason, "price");
    /* 5: the other way after all */
    stand(b, &x, "gone");
    x.o.outcome_reason = "price";
    q = (Baton__CloseOpportunityRequest)BATON__CLOSE_OPPORTUNITY_REQUEST__INIT;
    q.id = ID(5);
    q.outcome = KIND(WON);
    assert_true(run(b, opportunities_decide_close, &x.f, &q));
    assert_string_equal(changed(b)->stage_key, "closed_won");
    assert_null(changed(b)->outcome_reason);
    assert_int_equal(told(b)->kind, NEWS(WON));
}

static void rules_6_7_reopen(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__ReopenOpportunityRequest q = BATON__REOPEN_OPPORTUNITY_REQUEST__INIT;
    q.id = ID(5);
    stand(b, &x, "proposal");
    assert_refused(run(b, opportunities_decide_reopen, &x.f, &q), b, REFUSAL_FAILED_PRECONDITION, "id");
    const struct {
        char *asked;
        const char *last, *after; /* after NULL: refused */
    } rows[] = {
        {NULL, "haggling", "haggling"},       {NULL, NULL, "prospecting"},
        {NULL, "nowhere", "prospecting"},     {NULL, "gone", "prospecting"},
        {"proposal", "haggling", "proposal"}, {"closed_won", NULL, NULL},
        {"nowhere", "haggling", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        stand(b, &x, "gone");
        x.o.outcome_reason = "price";
        x.f.open_key = rows[i].last;
        q.stage_key = rows[i].asked;
        assert_int_equal(run(b, opportunities_decide_reopen, &x.f, &q), rows[i].after != NULL);
        if (!rows[i].after)
            continue;
        assert_string_equal(changed(b)->stage_key, rows[i].after);
        assert_null(changed(b)->outcome_reason);
        assert_null(changed(b)->closed_at);
        assert_int_equal(told(b)->kind, NEWS(REOPENED));
    }
}

/* decide.c, 10 and 11 */
static void heard(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Google__Protobuf__Timestamp then = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    stand(b, &x, "proposal");
    const char *const followers[] = {ID(1), ID(2), ID(3)};
    memcpy(x.f.where.people.followers, followers, sizeof followers);
    x.f.where.people.n = 3;
    x.o.stalled_at = &then;
    Baton__Opportunity o = x.o;
    assert_true(check(b, opportunities_check_opportunity, &x.f.where, &x.o, &o));
    assert_ptr_equal(o.stalled_at, &then);
    o.name = "Renamed";
    assert_true(check(b, opportunities_check_opportunity, &x.f.where, &x.o, &o));
    assert_null(o.stalled_at);
    assert_null(told(b));
    o.stage_key = "haggling";
    assert_true(check(b, opportunities_check_opportunity, &x.f.where, &x.o, &o));
    const Baton__OpportunityNews *e = told(b);
    assert_int_equal(e->kind, NEWS(MOVED));
    assert_string_equal(e->stage_name, "haggling");
    assert_string_equal(e->who, "Ann");
    /* the owner once, the others, and not who did it */
    assert_int_equal(e->n_user_ids, 2);
    assert_string_equal(e->user_ids[0], ID(1));
    assert_string_equal(e->user_ids[1], ID(3));
}

static void rule_3_follow(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__FollowOpportunityRequest q = BATON__FOLLOW_OPPORTUNITY_REQUEST__INIT;
    stand(b, &x, "proposal");
    struct opportunities_follow_facts f = {.record = x.f.record, .n = DEAL_FOLLOWERS_MAX};
    q.id = ID(5);
    assert_refused(run(b, opportunities_decide_follow, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "");
    f.n = 0;
    f.record.reach = RECORD_HIDDEN;
    assert_refused(run(b, opportunities_decide_follow, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.record.reach = RECORD_READ;
    assert_true(run(b, opportunities_decide_follow, &f, &q));
    assert_string_equal(b->out.events[0]->opportunity_followed->user_id, ID(2));
    f.is_following = true;
    assert_true(run(b, opportunities_decide_follow, &f, &q));
    assert_int_equal(b->out.n_events, 0);
    q.has_end = q.end = true;
    assert_true(run(b, opportunities_decide_follow, &f, &q));
    assert_false(b->out.events[0]->opportunity_followed->following);
}

#define T(f) cmocka_unit_test(f)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(rules_1_to_3), T(rules_4_5_close), T(rules_6_7_reopen), T(heard), T(rule_3_follow),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
