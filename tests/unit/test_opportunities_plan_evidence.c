/* What closes steps of plans by itself, what opens them again, and who hears when they are late; the numbers
   are those of decide_plan_evidence.c, decide_plan_late.c, and where it says so of decide_plan.c. */
#include "baton/v1/contacts.pb-c.h"
#include "services/opportunities/opportunities.h"
#include "services/opportunities/plan.h"
#include "tests/unit/decide_bench.h"

#define STATE(NAME)    BATON__PLAN_STATE__PLAN_STATE_##NAME
#define EVIDENCE(NAME) BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_##NAME
#define QUOTE(NAME)    BATON__QUOTE_STATUS__QUOTE_STATUS_##NAME
#define NEWS(NAME)     BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME
#define CHANGE(NAME)   BATON__CHANGE_KIND__CHANGE_KIND_##NAME

enum { STEPS = 6 };

/* A plan with a step for each kind of evidence, and two that wait for activities. */
struct scene {
    Baton__PlanStep steps[STEPS], *list[STEPS];
    Baton__Plan plan;
    Baton__Opportunity o;
    struct plan_sign_facts f;
};

static void stand(struct bench *b, struct scene *x)
{
    static const Baton__PlanEvidence kinds[STEPS] = {EVIDENCE(STAGE),      EVIDENCE(FIELD),
                                                     EVIDENCE(QUOTE_SENT), EVIDENCE(QUOTE_ACCEPTED),
                                                     EVIDENCE(ACTIVITY),   EVIDENCE(ACTIVITY)};
    static char *keys[STEPS] = {"stage", "field", "sent", "accepted", "meet", "again"};
    memset(x, 0, sizeof *x);
    baton__plan__init(&x->plan);
    baton__opportunity__init(&x->o);
    x->o.id = x->plan.opportunity_id = ID(5);
    x->o.owner_id = x->plan.owner_id = ID(1);
    x->plan.id = ID(6);
    x->plan.has_state = true;
    x->plan.state = STATE(ACTIVE);
    x->plan.steps = x->list;
    x->plan.n_steps = STEPS;
    for (size_t i = 0; i < STEPS; i++) {
        x->list[i] = &x->steps[i];
        baton__plan_step__init(x->list[i]);
        x->steps[i].key = x->steps[i].title = keys[i];
        x->steps[i].has_evidence = x->steps[i].has_state = true;
        x->steps[i].state = BATON__PLAN_STEP_STATE__PLAN_STEP_STATE_OPEN;
        x->steps[i].evidence = kinds[i];
    }
    x->steps[0].stage_key = "proposal";
    x->steps[1].opportunity_field = "next_step";
    x->steps[4].has_activity_kind = true;
    x->steps[4].activity_kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_MEETING;
    x->f.opportunity = &x->o;
    x->f.opportunity_seq = 9;
    x->f.plans[0] = &x->plan;
    x->f.n = 1;
}

static const Baton__Plan *planned(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
            return b->out.events[i]->record_changed->record->plan;
    return NULL;
}

static const Baton__OpportunityNews *told(const struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_OPPORTUNITY_NEWS)
            return b->out.events[i]->opportunity_news;
    return NULL;
}

/* The closed steps, a bit each. */
static unsigned closed(const Baton__Plan *p)
{
    unsigned bits = 0;
    for (size_t i = 0; p && i < p->n_steps; i++)
        bits |= plan_step_is_open(p->steps[i]) ? 0 : 1u << i;
    return bits;
}

static Baton__PlanLook look_at(char *stage_key, Baton__QuoteStatus status)
{
    Baton__PlanLook look = BATON__PLAN_LOOK__INIT;
    look.opportunity_id = ID(5);
    look.has_seq = look.has_quote_status = true;
    look.seq = 8;
    look.stage_key = stage_key;
    look.quote_id = status ? ID(7) : NULL;
    look.quote_status = status;
    return look;
}

/* 1: of an account's plan what happens to any opportunity of it counts, and its own documents */
static void rule_1_accounts(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__PlanLook look = look_at("closed_won", QUOTE(ACCEPTED));
    stand(b, &x);
    account.id = x.plan.account_id = ID(8);
    x.plan.opportunity_id = NULL;
    x.plan.name = "Their year";
    x.o.account_id = ID(8);
    x.f.account = &account;
    account.owner_id = ID(1);
    x.steps[0].evidence = EVIDENCE(DEAL_WON);
    x.steps[1].evidence = EVIDENCE(DOCUMENT);
    x.steps[1].has_document_type = true;
    x.steps[1].document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(closed(planned(b)), 12);
    look.has_won = look.won = true;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(closed(planned(b)), 13);
    assert_string_equal(planned(b)->steps[0]->evidence_id, ID(5));
    assert_string_equal(told(b)->account_id, ID(8));
    assert_string_equal(told(b)->name, "Their year");
    assert_null(told(b)->opportunity_id);
    assert_string_equal(told(b)->user_ids[0], ID(1));
    assert_string_equal(planned(b)->awaits[0], "deal/" ID(8));
    /* the plan goes on though the opportunity is lost */
    x.o.has_stage_kind = true;
    x.o.stage_kind = BATON__STAGE_KIND__STAGE_KIND_LOST;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(planned(b)->state, STATE(ACTIVE));
}

/* 2, 3: and it goes with the account, also into another one, whose documents count from then on */
static void rules_2_3_account(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__PlanLook look = BATON__PLAN_LOOK__INIT;
    stand(b, &x);
    look.opportunity_id = look.account_id = x.plan.account_id = ID(8);
    x.plan.opportunity_id = NULL;
    x.f.opportunity = NULL;
    x.f.account = &account;
    account.id = ID(8);
    account.owner_id = ID(1);
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_null(planned(b));
    account.owner_id = ID(2);
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_string_equal(planned(b)->owner_id, ID(2));
    account.id = ID(9);
    x.steps[1].evidence = EVIDENCE(DOCUMENT);
    x.steps[1].has_document_type = true;
    x.steps[1].document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    x.f.papers[x.f.n_papers++] = (struct plan_paper){ID(3), BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA, 4};
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_string_equal(planned(b)->account_id, ID(9));
    assert_int_equal(closed(planned(b)), 2);
    x.f.account = NULL;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(planned(b)->state, STATE(ABANDONED));
}

static void rule_1_signs(void **state)
{
    struct bench *b = *state;
    const struct {
        char *stage_key, *next_step;
        Baton__QuoteStatus status;
        bool by_hand;
        unsigned closed;
    } rows[] = {
        {"proposal", NULL, 0, false, 1},
        {"haggling", NULL, 0, false, 0},
        {"proposal", NULL, 0, true, 0},
        {NULL, " ", 0, false, 0},
        {NULL, "Call", 0, false, 2},
        {NULL, NULL, QUOTE(DRAFT), false, 0},
        {NULL, NULL, QUOTE(SENT), false, 4},
        {NULL, NULL, QUOTE(ACCEPTED), false, 12},
        {"proposal", "Call", QUOTE(ACCEPTED), false, 15},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene x;
        Baton__PlanLook look = look_at(rows[i].stage_key, rows[i].status);
        stand(b, &x);
        x.o.next_step = rows[i].next_step;
        x.steps[0].has_by_hand = true;
        x.steps[0].by_hand = rows[i].by_hand;
        assert_true(run(b, plan_decide_look, &x.f, &look));
        assert_int_equal(closed(planned(b)), rows[i].closed);
        assert_int_equal(b->out.events[b->out.n_events - 1]->event_case, BATON__EVENT__EVENT_PLAN_LOOKED);
        for (size_t k = 0; k < 4; k++)
            if (rows[i].closed >> k & 1) {
                assert_int_equal(planned(b)->steps[k]->evidence_seq, k == 1 ? 9 : 8);
                assert_string_equal(planned(b)->steps[k]->evidence_id, k < 2 ? ID(5) : ID(7));
            }
        if (rows[i].closed)
            assert_int_equal(told(b)->kind, NEWS(STEP_CLOSED));
    }
}

/* 1 */
static void rule_1_documents(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__PlanLook look = look_at(NULL, 0);
    stand(b, &x);
    x.steps[0].evidence = EVIDENCE(DOCUMENT);
    x.steps[0].has_document_type = true;
    x.steps[0].document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(closed(planned(b)), 0);
    look.document_id = ID(9);
    look.has_document_type = true;
    look.document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_CONTRACT;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(closed(planned(b)), 0);
    look.document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(closed(planned(b)), 1);
    assert_string_equal(planned(b)->steps[0]->evidence_id, ID(9));
    assert_int_equal(planned(b)->steps[0]->evidence_seq, 8);
}

static void rules_2_3_deal(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__PlanLook look = look_at("proposal", 0);
    stand(b, &x);
    x.o.has_stage_kind = true;
    x.o.stage_kind = BATON__STAGE_KIND__STAGE_KIND_LOST;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(planned(b)->state, STATE(ABANDONED));
    assert_int_equal(planned(b)->n_awaits, 0);
    x.o.stage_kind = BATON__STAGE_KIND__STAGE_KIND_WON;
    x.o.owner_id = ID(2);
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(planned(b)->state, STATE(ACTIVE));
    assert_string_equal(planned(b)->owner_id, ID(2));
    x.f.opportunity = NULL;
    assert_true(run(b, plan_decide_look, &x.f, &look));
    assert_int_equal(planned(b)->state, STATE(ABANDONED));
}

/* The plan as the activity leaves it; NULL: nothing happens. */
static const Baton__Plan *after(struct bench *b, struct scene *x, const Baton__Plan *p, Baton__Activity *a,
                                Baton__ChangeKind kind, char *field)
{
    Baton__RecordChanged change = BATON__RECORD_CHANGED__INIT;
    change.has_kind = true;
    change.kind = kind;
    change.fields = &field;
    change.n_fields = field != NULL;
    x->f.plans[0] = p;
    const struct command c = {.request = &a->base, .actor = &b->actor, .change = &change, .source_seq = 33};
    begin(b);
    assert_true(plan_decide_activity(&x->f, &c, &b->stamp, &b->out));
    return planned(b);
}

static Baton__Activity meeting(void)
{
    Baton__Activity a = BATON__ACTIVITY__INIT;
    a.id = ID(3);
    a.opportunity_id = ID(5);
    a.has_kind = a.has_status = true;
    a.kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_MEETING;
    a.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    return a;
}

static void rules_4_5_activities(void **state)
{
    struct bench *b = *state;
    struct scene x;
    stand(b, &x);
    Baton__Activity a = meeting();
    assert_null(after(b, &x, &x.plan, &a, CHANGE(UPDATED), "subject"));
    /* 6 */
    assert_null(after(b, &x, &x.plan, &a, CHANGE(UPDATED), "account_id"));
    a.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED;
    assert_null(after(b, &x, &x.plan, &a, CHANGE(CREATED), NULL));
    a = meeting();
    const Baton__Plan *p = after(b, &x, &x.plan, &a, CHANGE(UPDATED), "status");
    assert_int_equal(closed(p), 16);
    assert_int_equal(p->steps[4]->evidence_seq, 33);
    assert_string_equal(p->steps[4]->evidence_service, "contacts");
    assert_string_equal(told(b)->step_title, "meet");
    /* 5: the same one closes no second step; another one does */
    assert_null(after(b, &x, p, &a, CHANGE(UPDATED), "status"));
    a.id = ID(4);
    a.kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL;
    p = after(b, &x, p, &a, CHANGE(CREATED), NULL);
    assert_int_equal(closed(p), 48);
    /* 4 */
    a = meeting();
    assert_int_equal(closed(after(b, &x, p, &a, CHANGE(DELETED), NULL)), 32);
    a.opportunity_id = ID(8);
    assert_int_equal(closed(after(b, &x, p, &a, CHANGE(UPDATED), "opportunity_id")), 32);
    a = meeting();
    a.status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED;
    p = after(b, &x, p, &a, CHANGE(UPDATED), "status");
    assert_int_equal(closed(p), 32);
    assert_null(p->steps[4]->evidence_id);
    assert_false(p->steps[4]->by_hand);
    a = meeting();
    assert_int_equal(closed(after(b, &x, p, &a, CHANGE(UPDATED), "status")), 48);
}

/* 4-6: of an account's plan also what is about an opportunity of it */
static void rules_4_5_6_accounts(void **state)
{
    struct bench *b = *state;
    struct scene x;
    stand(b, &x);
    x.plan.account_id = ID(8);
    x.plan.opportunity_id = NULL;
    Baton__Activity a = meeting();
    assert_null(after(b, &x, &x.plan, &a, CHANGE(CREATED), NULL));
    x.o.account_id = ID(8);
    assert_int_equal(closed(after(b, &x, &x.plan, &a, CHANGE(CREATED), NULL)), 16);
    x.f.opportunity = NULL;
    a.opportunity_id = NULL;
    a.account_id = ID(8);
    /* 6: one that became theirs closes a step if it was held since the plan was started */
    x.plan.created_at = timestamp_of(b->arena, NOW);
    a.done_at = timestamp_of(b->arena, NOW - 1);
    assert_null(after(b, &x, &x.plan, &a, CHANGE(UPDATED), "account_id"));
    assert_int_equal(closed(after(b, &x, &x.plan, &a, CHANGE(UPDATED), "status")), 16);
    a.done_at = timestamp_of(b->arena, NOW);
    const Baton__Plan *p = after(b, &x, &x.plan, &a, CHANGE(UPDATED), "account_id");
    assert_int_equal(closed(p), 16);
    /* 4: what is with another account now may be with what theirs became part of */
    a.account_id = ID(9);
    assert_null(after(b, &x, p, &a, CHANGE(UPDATED), "account_id"));
    assert_int_equal(closed(after(b, &x, p, &a, CHANGE(DELETED), NULL)), 0);
    a.kind = BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL;
    assert_int_equal(closed(after(b, &x, p, &a, CHANGE(UPDATED), "kind")), 0);
}

static void rules_late_1_2(void **state)
{
    struct bench *b = *state;
    struct scene x;
    stand(b, &x);
    struct plan_late_facts f = {.opportunity = &x.o, .manager_id = ID(4), .second_us = NOW + 50};
    f.assignees[1] = ID(3);
    begin(b);
    x.steps[1].due_at = timestamp_of(b->arena, NOW);
    x.steps[2].due_at = timestamp_of(b->arena, NOW + 10);
    assert_int_equal(plan_next_due(&x.plan), NOW);
    assert_true(run(b, plan_decide_late, &f, &x.plan));
    assert_int_equal(told(b)->kind, NEWS(STEP_LATE));
    assert_string_equal(told(b)->user_ids[0], ID(3));
    const Baton__Plan *p = planned(b);
    assert_int_equal(timestamp_us(p->steps[1]->escalate_at), NOW + 50);
    assert_null(p->steps[2]->late_at);
    assert_int_equal(p->next_due_us, NOW + 10);
    /* 1: once; and nobody hears anything before it is time again */
    assert_true(run(b, plan_decide_late, &f, p));
    assert_null(told(b));
    /* 2 */
    p->steps[1]->escalate_at->nanos = x.steps[1].due_at->nanos;
    p->steps[1]->escalate_at->seconds = x.steps[1].due_at->seconds;
    assert_true(run(b, plan_decide_late, &f, p));
    assert_int_equal(told(b)->kind, NEWS(STEP_ESCALATED));
    assert_string_equal(told(b)->user_ids[0], ID(4));
    assert_null(planned(b)->steps[1]->escalate_at);
    assert_true(run(b, plan_decide_late, &f, planned(b)));
    assert_null(told(b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rule_1_signs, setup, teardown),
        cmocka_unit_test_setup_teardown(rule_1_documents, setup, teardown),
        cmocka_unit_test_setup_teardown(rule_1_accounts, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_2_3_account, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_4_5_6_accounts, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_2_3_deal, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_4_5_activities, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_late_1_2, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
