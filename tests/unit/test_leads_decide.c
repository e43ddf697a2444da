/* Working on a lead: numbers are those of decide_work.c. */
#include "unit/leads_facts.h"

#define STATUS(x) BATON__LEAD_STATUS__LEAD_STATUS_##x

/* Who tries what with Anna's lead; Carl manages her team. */
struct attempt {
    int rule;
    Baton__Role role;
    int person;
    Baton__LeadStatus status;
    enum refusal_code refused;
    size_t events;
};

static struct leads_lead_facts facts_of(struct leads_test *t, Baton__LeadStatus status)
{
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    l->status = status;
    l->captured_by = user_id(BOB);
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing, .target = BOB};
    f.scope.managers[f.scope.n_managers++] = user_id(CARL);
    return f;
}

static void attempts(struct leads_test *t, const struct attempt *rows, size_t n, decide_fn *decide,
                     void *request)
{
    for (size_t i = 0; i < n; i++) {
        struct leads_lead_facts f = facts_of(t, rows[i].status);
        act_as(t, rows[i].role, rows[i].person);
        struct command c = command_of(t, request);
        fresh(t);
        bool ok = decide(&f, &c, &t->stamp, &t->out);
        if (ok != !rows[i].refused || (!ok && t->out.no.code != rows[i].refused) ||
            (ok && t->out.n_events != rows[i].events))
            fail_msg("row %zu of rule %d: %d %s", i, rows[i].rule, t->out.no.code, t->out.no.message);
    }
}

#define ROWS(r)   r, sizeof(r) / sizeof *(r)
#define ROLE(x)   BATON__ROLE__ROLE_##x
#define NOT_FOUND REFUSAL_NOT_FOUND
#define DENIED    REFUSAL_PERMISSION_DENIED
#define NOT_NOW   REFUSAL_FAILED_PRECONDITION

static void test_accept(void **state)
{
    static const struct attempt rows[] = {
        {1, ROLE(REP), BOB, STATUS(ASSIGNED), NOT_FOUND, 0},
        {1, ROLE(MANAGER), BOB, STATUS(ASSIGNED), NOT_FOUND, 0},
        {1, ROLE(SERVICE), BOB, STATUS(ASSIGNED), NOT_FOUND, 0},
        {2, ROLE(PARTNER), BOB, STATUS(ASSIGNED), DENIED, 0},
        {2, ROLE(MANAGER), CARL, STATUS(ASSIGNED), DENIED, 0},
        {2, ROLE(INSIDE), BOB, STATUS(ASSIGNED), DENIED, 0},
        {2, ROLE(REP), ANNA, STATUS(ASSIGNED), 0, 1},
        {2, ROLE(PARTNER), ANNA, STATUS(ASSIGNED), 0, 1},
        {2, ROLE(ADMIN), BOB, STATUS(ASSIGNED), 0, 1},
        {3, ROLE(REP), ANNA, STATUS(WORKING), 0, 0},
        {4, ROLE(REP), ANNA, STATUS(CONVERTED), NOT_NOW, 0},
        {4, ROLE(REP), ANNA, STATUS(DEAD), NOT_NOW, 0},
    };
    struct leads_test *t = *state;
    Baton__AcceptLeadRequest q = BATON__ACCEPT_LEAD_REQUEST__INIT;
    attempts(t, ROWS(rows), leads_decide_accept, &q);
    struct leads_lead_facts f = facts_of(t, STATUS(ASSIGNED));
    act_as(t, ROLE(REP), ANNA);
    struct command c = command_of(t, &q);
    assert_true(leads_decide_accept(&f, &c, &t->stamp, &t->out));
    const Baton__Lead *l = ((const Baton__AcceptLeadResponse *)t->out.reply)->lead;
    assert_int_equal(l->status, STATUS(WORKING));
    assert_int_equal(timestamp_us(l->first_responded_at), NOW);
    assert_false(l->has_next_due_us);
    assert_int_equal(l->revision, 3);
    assert_true(l->open);
    /* no such lead at all */
    f.lead = NULL;
    assert_false(leads_decide_accept(&f, &c, &t->stamp, &t->out));
    assert_int_equal(t->out.no.code, NOT_FOUND);
}

static void test_decline(void **state)
{
    static const struct attempt rows[] = {
        {5, ROLE(REP), BOB, STATUS(ASSIGNED), NOT_FOUND, 0},
        {6, ROLE(MANAGER), CARL, STATUS(ASSIGNED), DENIED, 0},
        {6, ROLE(REP), ANNA, STATUS(ASSIGNED), 0, 2},
        {7, ROLE(REP), ANNA, STATUS(WORKING), 0, 2},
        {7, ROLE(REP), ANNA, STATUS(CONVERTED), NOT_NOW, 0},
        {9, ROLE(ADMIN), RESORT, STATUS(ASSIGNED), 0, 2},
    };
    struct leads_test *t = *state;
    Baton__DeclineLeadRequest q = BATON__DECLINE_LEAD_REQUEST__INIT;
    q.reason = " not my region ";
    usual_policy(t);
    attempts(t, ROWS(rows), leads_decide_decline, &q);
    const Baton__LeadDeclined *e = event_at(t, 0, &baton__lead_declined__descriptor);
    assert_string_equal(e->reason, "not my region");
    const Baton__Lead *l = ((const Baton__DeclineLeadResponse *)t->out.reply)->lead;
    assert_string_equal(l->owner_id, user_id(BOB));
    assert_string_equal(l->previous_owner_ids[0], user_id(ANNA));
    assert_int_equal(l->decision_count, 2);
    assert_int_equal(l->status, STATUS(ASSIGNED));
    /* 8 */
    t->routing.policy = NULL;
    t->routing.last_resort = ANNA;
    static const struct attempt last[] = {{8, ROLE(REP), ANNA, STATUS(ASSIGNED), NOT_NOW, 0}};
    attempts(t, ROWS(last), leads_decide_decline, &q);
}

static void test_assign(void **state)
{
    static const struct attempt rows[] = {
        {10, ROLE(MANAGER), BOB, STATUS(ASSIGNED), NOT_FOUND, 0},
        {10, ROLE(MANAGER), CARL, STATUS(ASSIGNED), 0, 1},
        {10, ROLE(MANAGER), ANNA, STATUS(ASSIGNED), 0, 1},
        {10, ROLE(ADMIN), RESORT, STATUS(WORKING), 0, 1},
        {10, ROLE(INSIDE), BOB, STATUS(WORKING), DENIED, 0},
        {11, ROLE(ADMIN), RESORT, STATUS(REJECTED), NOT_NOW, 0},
    };
    struct leads_test *t = *state;
    Baton__AssignLeadRequest q = BATON__ASSIGN_LEAD_REQUEST__INIT;
    attempts(t, ROWS(rows), leads_decide_assign, &q);
    static const struct {
        uint32_t target;
        bool active, ok;
        size_t events;
    } targets[] = {
        {LEADS_NOBODY, true, false, 0}, /* 12 */
        {BOB, false, false, 0},         /* 12 */
        {ANNA, true, true, 0},          /* 13 */
        {BOB, true, true, 1},
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct leads_lead_facts f = facts_of(t, STATUS(WORKING));
        f.target = targets[i].target;
        t->persons[BOB].active = targets[i].active;
        act_as(t, ROLE(MANAGER), CARL);
        struct command c = command_of(t, &q);
        fresh(t);
        assert_int_equal(leads_decide_assign(&f, &c, &t->stamp, &t->out), targets[i].ok);
        assert_int_equal(t->out.n_events, targets[i].events);
    }
    const Baton__LeadAssigned *e = event_at(t, 0, &baton__lead_assigned__descriptor);
    assert_int_equal(e->decision->cause, BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_BY_HAND);
    assert_string_equal(e->decision->decided_by, user_id(CARL));
    assert_string_equal(e->reason, "Given to Bob by hand by Carl.");
    const Baton__Lead *l = ((const Baton__AssignLeadResponse *)t->out.reply)->lead;
    assert_int_equal(l->status, STATUS(ASSIGNED));
    assert_int_equal(l->n_previous_owner_ids, 0); /* Anna did not give it up: she may get it again */
}

/* 24 */
static void test_convert_into(void **state)
{
    struct leads_test *t = *state;
    Baton__ConvertLeadRequest q = BATON__CONVERT_LEAD_REQUEST__INIT;
    Baton__Account account = BATON__ACCOUNT__INIT;
    struct leads_lead_facts f = facts_of(t, STATUS(WORKING));
    struct command c = command_of(t, &q);
    act_as(t, ROLE(REP), ANNA);
    account.id = q.account_id = user_id(BOB);
    q.has_without_opportunity = q.without_opportunity = true;
    fresh(t);
    assert_false(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "account_id");
    f.account = &account;
    q.has_new_account = q.new_account = true;
    fresh(t);
    assert_false(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "new_account");
    q.account_id = NULL; /* found at intake, and not wanted */
    fresh(t);
    assert_true(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    const Baton__LeadConverted *e = event_at(t, 0, &baton__lead_converted__descriptor);
    assert_true(e->account_is_new);
    q.has_new_account = q.new_account = false;
    fresh(t);
    assert_true(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    e = event_at(t, 0, &baton__lead_converted__descriptor);
    assert_false(e->account_is_new);
    assert_string_equal(e->account_id, user_id(BOB));
    assert_null(e->opportunity_id);
}

static void test_convert(void **state)
{
    static const struct attempt rows[] = {
        {14, ROLE(REP), BOB, STATUS(WORKING), NOT_FOUND, 0},
        {14, ROLE(INSIDE), BOB, STATUS(WORKING), DENIED, 0},
        {14, ROLE(REP), ANNA, STATUS(WORKING), 0, 1},
        {14, ROLE(MANAGER), CARL, STATUS(ASSIGNED), 0, 1},
        {14, ROLE(ADMIN), RESORT, STATUS(ASSIGNED), 0, 1},
        {15, ROLE(REP), ANNA, STATUS(CONVERTED), NOT_NOW, 0},
        {15, ROLE(ADMIN), RESORT, STATUS(REJECTED), NOT_NOW, 0},
    };
    struct leads_test *t = *state;
    Baton__ConvertLeadRequest q = BATON__CONVERT_LEAD_REQUEST__INIT;
    attempts(t, ROWS(rows), leads_decide_convert, &q);
    /* 16 */
    struct leads_lead_facts f = facts_of(t, STATUS(WORKING));
    struct command c = command_of(t, &q);
    fresh(t);
    assert_true(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    const Baton__LeadConverted *e = event_at(t, 0, &baton__lead_converted__descriptor);
    const Baton__Lead *l = ((const Baton__ConvertLeadResponse *)t->out.reply)->lead;
    assert_true(e->account_is_new && e->account_id && e->contact_id && e->opportunity_id);
    assert_string_equal(e->opportunity_name, "B");
    assert_string_equal(e->lead->converted_contact_id, e->contact_id);
    assert_int_equal(l->status, STATUS(CONVERTED));
    assert_string_equal(l->owner_id, user_id(ANNA));
    assert_false(l->open);
    /* 23 */
    assert_string_equal(e->owner_name, "Anna");
    assert_int_equal(e->n_manager_ids, 1);
    assert_string_equal(e->manager_ids[0], user_id(CARL));
    act_as(t, ROLE(MANAGER), CARL);
    fresh(t);
    assert_true(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    e = event_at(t, 0, &baton__lead_converted__descriptor);
    assert_int_equal(e->n_manager_ids, 0);
    /* 15: an amount that is none */
    Baton__Money money = BATON__MONEY__INIT;
    q.amount = &money;
    money.has_minor_units = true;
    money.currency_code = "euro";
    assert_false(leads_decide_convert(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "amount");
}

static void test_close(void **state)
{
    static const struct attempt rows[] = {
        {17, ROLE(REP), BOB, STATUS(WORKING), NOT_FOUND, 0},
        {17, ROLE(INSIDE), BOB, STATUS(WORKING), DENIED, 0},
        {17, ROLE(REP), ANNA, STATUS(ASSIGNED), 0, 1},
        {17, ROLE(MANAGER), CARL, STATUS(WORKING), 0, 1},
        {17, ROLE(ADMIN), RESORT, STATUS(WORKING), 0, 1},
        {19, ROLE(REP), ANNA, STATUS(CONVERTED), 0, 1},
        {19, ROLE(REP), ANNA, STATUS(DEAD), NOT_NOW, 0},
        {19, ROLE(ADMIN), RESORT, STATUS(REJECTED), NOT_NOW, 0},
    };
    struct leads_test *t = *state;
    Baton__CloseLeadRequest q = BATON__CLOSE_LEAD_REQUEST__INIT;
    q.has_reason = true;
    q.reason = BATON__CLOSE_REASON__CLOSE_REASON_NO_BUDGET;
    attempts(t, ROWS(rows), leads_decide_close, &q);
    struct leads_lead_facts f = facts_of(t, STATUS(ASSIGNED));
    act_as(t, ROLE(REP), ANNA);
    struct command c = command_of(t, &q);
    q.text = " next year, perhaps ";
    fresh(t);
    assert_true(leads_decide_close(&f, &c, &t->stamp, &t->out));
    const Baton__Lead *l = ((const Baton__CloseLeadResponse *)t->out.reply)->lead;
    assert_int_equal(l->status, STATUS(DEAD));
    assert_string_equal(l->status_reason, "no budget: next year, perhaps");
    assert_string_equal(l->owner_id, user_id(ANNA));
    assert_false(l->open);
    assert_false(l->has_next_due_us);
    assert_int_equal(timestamp_us(l->first_responded_at), NOW);
    /* 18 */
    q.reason = BATON__CLOSE_REASON__CLOSE_REASON_OTHER;
    q.text = "  ";
    assert_false(leads_decide_close(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "text");
    q.reason = (Baton__CloseReason)99;
    assert_false(leads_decide_close(&f, &c, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "reason");
}

static void test_reopen(void **state)
{
    static const struct attempt rows[] = {
        {17, ROLE(REP), BOB, STATUS(DEAD), NOT_FOUND, 0},
        {17, ROLE(INSIDE), BOB, STATUS(DEAD), DENIED, 0},
        {17, ROLE(MANAGER), CARL, STATUS(DEAD), 0, 1},
        {20, ROLE(REP), ANNA, STATUS(DEAD), 0, 1},
        {20, ROLE(REP), ANNA, STATUS(WORKING), NOT_NOW, 0},
        {20, ROLE(ADMIN), RESORT, STATUS(CONVERTED), NOT_NOW, 0},
    };
    struct leads_test *t = *state;
    Baton__ReopenLeadRequest q = BATON__REOPEN_LEAD_REQUEST__INIT;
    usual_policy(t);
    attempts(t, ROWS(rows), leads_decide_reopen, &q);
    static const struct {
        bool active;
        size_t events;
        int owner;
        Baton__LeadStatus status;
    } holders[] = {{true, 1, ANNA, STATUS(WORKING)}, {false, 2, BOB, STATUS(ASSIGNED)}}; /* 21 */
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++) {
        struct leads_lead_facts f = facts_of(t, STATUS(DEAD));
        struct command c = command_of(t, &q);
        ((Baton__Lead *)(uintptr_t)f.lead)->open = false;
        t->persons[ANNA].active = holders[i].active;
        act_as(t, ROLE(ADMIN), RESORT);
        fresh(t);
        assert_true(leads_decide_reopen(&f, &c, &t->stamp, &t->out));
        const Baton__Lead *l = ((const Baton__ReopenLeadResponse *)t->out.reply)->lead;
        assert_int_equal(t->out.n_events, holders[i].events);
        assert_string_equal(l->owner_id, user_id(holders[i].owner));
        assert_int_equal(l->status, holders[i].status);
        assert_null(l->status_reason);
        assert_true(l->open);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_accept),       TEST(test_decline), TEST(test_assign), TEST(test_convert),
        TEST(test_convert_into), TEST(test_close),   TEST(test_reopen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
