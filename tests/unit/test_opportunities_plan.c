/* Plans by hand; the numbers are those of decide_plan.c and decide_plan_template.c. */
#include "services/opportunities/plan.h"

#include "tests/unit/decide_bench.h"

#define STATE(NAME) BATON__PLAN_STATE__PLAN_STATE_##NAME
#define STEP(NAME)  BATON__PLAN_STEP_STATE__PLAN_STEP_STATE_##NAME

enum { STEPS = 3 };

struct scene {
    Baton__PlanTemplateStep steps[STEPS], *list[STEPS];
    Baton__PlanTemplate named;
    Baton__Opportunity o;
    struct plan_start_facts f;
};

/* Steps a, b after a, c after a and b; b and c have days. */
static void stand(struct bench *b, struct scene *x)
{
    static char *keys[STEPS] = {"a", "b", "c"};
    memset(x, 0, sizeof *x);
    baton__plan_template__init(&x->named);
    baton__opportunity__init(&x->o);
    x->o.id = ID(5);
    x->o.name = "Big deal";
    x->o.owner_id = ID(1);
    x->named.name = "Complex sale";
    x->named.steps = x->list;
    x->named.n_steps = STEPS;
    for (size_t i = 0; i < STEPS; i++) {
        x->list[i] = &x->steps[i];
        baton__plan_template_step__init(x->list[i]);
        x->steps[i].key = x->steps[i].title = keys[i];
        x->steps[i].depends_on = keys;
        x->steps[i].n_depends_on = i;
        x->steps[i].has_due_days = i > 0;
        x->steps[i].due_days = (uint32_t)i;
        x->f.days.end_us[i] = i ? NOW + (int64_t)i : 0;
    }
    x->f.named = &x->named;
    x->f.opportunity.before = &x->o.base;
    x->f.opportunity.reach = RECORD_OWN;
    x->f.assignees[1] = ID(3);
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_REP;
    b->actor.user_id = ID(2);
}

static Baton__Plan *planned(const struct bench *b)
{
    for (size_t i = b->out.n_events; i-- > 0;)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
            return b->out.events[i]->record_changed->record->plan;
    return NULL;
}

static Baton__Plan *started(struct bench *b, struct scene *x)
{
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    stand(b, x);
    q.opportunity_id = ID(5);
    q.template_id = ID(6);
    assert_true(run(b, plan_decide_start, &x->f, &q));
    return planned(b);
}

static struct plan_facts facts_of(const struct scene *x, Baton__Plan *p)
{
    return (struct plan_facts){.record = {.before = &p->base, .reach = RECORD_OWN}, .days = x->f.days};
}

static Baton__Plan *completed(struct bench *b, const struct scene *x, Baton__Plan *p, char *key)
{
    Baton__CompleteStepRequest q = BATON__COMPLETE_STEP_REQUEST__INIT;
    struct plan_facts f = facts_of(x, p);
    q.plan_id = p->id;
    q.step_key = key;
    assert_true(run(b, plan_decide_complete, &f, &q));
    return planned(b);
}

static void template_rules(void **state)
{
    struct bench *b = *state;
    static char *unknown[] = {"later"};
    const struct {
        int rule, step;
        char *key, *title, *depends_on;
        Baton__PlanWho who;
        bool fine;
    } rows[] = {
        {1, 0, "Not a key", "t", NULL, 0, false},
        {1, 1, "a", "t", NULL, 0, false},
        {2, 0, "x", "  ", NULL, 0, false},
        {3, 2, "c", "t", "later", 0, false},
        {4, 1, "b", "t", NULL, BATON__PLAN_WHO__PLAN_WHO_MEMBER, false},
        {4, 1, "b", "t", NULL, BATON__PLAN_WHO__PLAN_WHO_USER, false},
        {4, 1, "b", "t", NULL, BATON__PLAN_WHO__PLAN_WHO_MANAGER, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene x;
        stand(b, &x);
        Baton__PlanTemplateStep *step = &x.steps[rows[i].step];
        step->key = rows[i].key;
        step->title = rows[i].title;
        step->has_who = true;
        step->who = rows[i].who;
        if (rows[i].depends_on) {
            step->depends_on = unknown;
            step->n_depends_on = 1;
        }
        assert_int_equal(check(b, plan_check_template, NULL, NULL, &x.named), rows[i].fine);
        if (!rows[i].fine)
            assert_string_equal(b->out.no.field, "steps");
    }
    /* 3: not on itself either */
    struct scene x;
    stand(b, &x);
    x.steps[0].n_depends_on = 1;
    assert_refused(check(b, plan_check_template, NULL, NULL, &x.named), b, REFUSAL_INVALID_ARGUMENT, "steps");
    /* 5 */
    stand(b, &x);
    x.named.name = "  ";
    assert_refused(check(b, plan_check_template, NULL, NULL, &x.named), b, REFUSAL_INVALID_ARGUMENT, "name");
    assert_true(check(b, plan_check_template, NULL, &x.named, NULL));
}

static void rule_12_itself(void **state)
{
    struct bench *b = *state;
    struct scene x;
    stand(b, &x);
    x.named.id = ID(6);
    begin(b);
    plan_start_itself(&x.f, &b->stamp, &b->out);
    assert_string_equal(planned(b)->template_id, ID(6));
    assert_string_equal(planned(b)->name, "Complex sale");
    assert_string_equal(planned(b)->steps[1]->assignee_id, ID(3));
    x.f.n_active = PLAN_DEAL_MAX;
    begin(b);
    plan_start_itself(&x.f, &b->stamp, &b->out);
    assert_null(planned(b));
    x.f.n_active = 0;
    x.o.stage_kind = BATON__STAGE_KIND__STAGE_KIND_LOST;
    plan_start_itself(&x.f, &b->stamp, &b->out);
    assert_null(planned(b));
}

/* 11 */
static void rule_11_papers(void **state)
{
    struct bench *b = *state;
    struct scene x;
    stand(b, &x);
    x.steps[0].evidence = x.steps[1].evidence = BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DOCUMENT;
    x.steps[0].document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    x.steps[1].document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_CONTRACT;
    x.f.papers[0] = (struct plan_paper){ID(9), BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA, 44};
    x.f.n_papers = 1;
    begin(b);
    plan_start_itself(&x.f, &b->stamp, &b->out);
    const Baton__Plan *p = planned(b);
    assert_int_equal(p->closed_steps, 1);
    assert_string_equal(p->steps[0]->evidence_id, ID(9));
    assert_string_equal(p->steps[0]->evidence_service, "opportunities");
    assert_int_equal(p->steps[0]->evidence_seq, 44);
}

static void rule_1_days(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Plan *p = started(b, &x);
    assert_int_equal(p->n_steps, STEPS);
    assert_string_equal(p->owner_id, ID(1));
    assert_null(p->steps[0]->assignee_id);
    assert_string_equal(p->steps[1]->assignee_id, ID(3));
    assert_null(p->steps[0]->due_at);
    assert_null(p->steps[1]->due_at);
    p = completed(b, &x, p, "a");
    assert_int_equal(timestamp_us(p->steps[1]->due_at), NOW + 1);
    assert_null(p->steps[2]->due_at);
    /* what it depends on is open again: it waits, and has its days again after that */
    Baton__ReopenStepRequest again = BATON__REOPEN_STEP_REQUEST__INIT;
    again.plan_id = p->id;
    again.step_key = "a";
    struct plan_facts f = facts_of(&x, p);
    assert_true(run(b, plan_decide_reopen, &f, &again));
    p = planned(b);
    assert_null(p->steps[1]->due_at);
    assert_true(p->steps[0]->by_hand);
    x.f.days.end_us[1] = NOW + 77;
    p = completed(b, &x, p, "a");
    assert_int_equal(timestamp_us(p->steps[1]->due_at), NOW + 77);
}

static void rule_2_done(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Plan *p = started(b, &x);
    p = completed(b, &x, completed(b, &x, p, "c"), "b");
    assert_int_equal(p->closed_steps, 2);
    assert_int_equal(p->state, STATE(ACTIVE));
    assert_null(p->ended_at);
    p = completed(b, &x, p, "a");
    assert_int_equal(p->state, STATE(DONE));
    assert_non_null(p->ended_at);
    assert_true(plan_stays(&p->base));
    Baton__ReopenStepRequest q = BATON__REOPEN_STEP_REQUEST__INIT;
    q.plan_id = p->id;
    q.step_key = "b";
    struct plan_facts f = facts_of(&x, p);
    assert_true(run(b, plan_decide_reopen, &f, &q));
    p = planned(b);
    assert_int_equal(p->state, STATE(ACTIVE));
    assert_null(p->ended_at);
    assert_null(p->steps[1]->closed_at);
}

static void rules_3_4_start(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    q.opportunity_id = ID(5);
    stand(b, &x);
    assert_true(x.f.named != NULL);
    x.f.opportunity.reach = RECORD_READ;
    q.template_id = ID(6);
    assert_false(run(b, plan_decide_start, &x.f, &q));
    assert_int_equal(b->out.no.code, REFUSAL_PERMISSION_DENIED);
    x.f.opportunity.reach = RECORD_HIDDEN;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_NOT_FOUND, "opportunity_id");
    x.f.opportunity.reach = RECORD_WRITE;
    x.f.n_active = PLAN_DEAL_MAX;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_FAILED_PRECONDITION, "opportunity_id");
    x.f.n_active--;
    x.named.has_retired = x.named.retired = true;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_FAILED_PRECONDITION, "template_id");
    x.f.named = NULL;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_NOT_FOUND, "template_id");
    q.steps = x.list;
    q.n_steps = STEPS;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "steps");
    q.template_id = NULL;
    assert_true(run(b, plan_decide_start, &x.f, &q));
    assert_string_equal(planned(b)->name, "Big deal");
    q.name = " Mine ";
    assert_true(run(b, plan_decide_start, &x.f, &q));
    assert_string_equal(planned(b)->name, "Mine");
    q.n_steps = 0;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "steps");
}

static void rules_13_14_account(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Account account = BATON__ACCOUNT__INIT;
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    stand(b, &x);
    q.template_id = ID(6);
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "opportunity_id");
    q.account_id = ID(8);
    q.opportunity_id = ID(5);
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "opportunity_id");
    q.opportunity_id = NULL;
    x.f.opportunity.before = NULL;
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_NOT_FOUND, "account_id");
    account.id = ID(8);
    account.owner_id = ID(4);
    x.f.account.before = &account.base;
    x.f.account.reach = RECORD_WRITE;
    x.steps[0].has_evidence = x.steps[1].has_evidence = true;
    x.steps[0].evidence = BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_FIELD;
    x.steps[0].opportunity_field = "next_step";
    x.steps[1].evidence = BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DEAL_WON;
    assert_true(run(b, plan_decide_start, &x.f, &q));
    const Baton__Plan *p = planned(b);
    assert_string_equal(p->account_id, ID(8));
    assert_string_equal(p->owner_id, ID(4));
    assert_string_equal(p->name, "Complex sale");
    assert_null(p->opportunity_id);
    assert_int_equal(p->steps[0]->evidence, 0);
    assert_null(p->steps[0]->opportunity_field);
    assert_int_equal(p->steps[1]->evidence, BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DEAL_WON);
    assert_int_equal(p->closed_steps, 0);
    q.template_id = NULL;
    q.steps = x.list;
    q.n_steps = STEPS;
    x.f.named = NULL;
    q.name = " ";
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_INVALID_ARGUMENT, "name");
    q.name = "Their year";
    assert_true(run(b, plan_decide_start, &x.f, &q));
    account.merged_into_id = ID(9);
    assert_refused(run(b, plan_decide_start, &x.f, &q), b, REFUSAL_FAILED_PRECONDITION, "account_id");
}

static void rules_5_to_9_steps(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Plan *p = started(b, &x);
    Baton__SkipStepRequest q = BATON__SKIP_STEP_REQUEST__INIT;
    struct plan_facts f = facts_of(&x, p);
    q.plan_id = p->id;
    q.step_key = "z";
    q.reason = " known ";
    assert_refused(run(b, plan_decide_skip, &f, &q), b, REFUSAL_NOT_FOUND, "step_key");
    q.step_key = "a";
    q.has_revision = true;
    q.revision = 7;
    assert_refused(run(b, plan_decide_skip, &f, &q), b, REFUSAL_ABORTED, "revision");
    q.revision = 1;
    assert_true(run(b, plan_decide_skip, &f, &q));
    p = planned(b);
    assert_int_equal(p->steps[0]->state, STEP(SKIPPED));
    assert_string_equal(p->steps[0]->skip_reason, "known");
    assert_string_equal(p->steps[0]->closed_by_id, ID(2));
    f = facts_of(&x, p);
    q.has_revision = false;
    assert_refused(run(b, plan_decide_skip, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "step_key");
    q.step_key = "b";
    q.reason = "  ";
    assert_refused(run(b, plan_decide_skip, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "reason");
    Baton__ReopenStepRequest again = BATON__REOPEN_STEP_REQUEST__INIT;
    again.plan_id = p->id;
    again.step_key = "b";
    assert_refused(run(b, plan_decide_reopen, &f, &again), b, REFUSAL_FAILED_PRECONDITION, "step_key");
    f.record.reach = RECORD_READ;
    assert_false(run(b, plan_decide_reopen, &f, &again));
    assert_int_equal(b->out.no.code, REFUSAL_PERMISSION_DENIED);
}

static void rules_6_10_abandon(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Plan *p = started(b, &x);
    Baton__AbandonPlanRequest q = BATON__ABANDON_PLAN_REQUEST__INIT;
    struct plan_facts f = facts_of(&x, p);
    q.plan_id = p->id;
    q.reason = " ";
    assert_refused(run(b, plan_decide_abandon, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "reason");
    q.reason = "lost interest";
    assert_true(run(b, plan_decide_abandon, &f, &q));
    Baton__Plan *gone = planned(b);
    assert_int_equal(gone->state, STATE(ABANDONED));
    assert_non_null(gone->ended_at);
    f = facts_of(&x, gone);
    assert_refused(run(b, plan_decide_abandon, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "plan_id");
    p = completed(b, &x, completed(b, &x, completed(b, &x, p, "a"), "b"), "c");
    f = facts_of(&x, p);
    assert_refused(run(b, plan_decide_abandon, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "plan_id");
    assert_refused(check(b, plan_check, NULL, NULL, p), b, REFUSAL_FAILED_PRECONDITION, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(template_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(rule_12_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(rule_11_papers, setup, teardown),
        cmocka_unit_test_setup_teardown(rule_1_days, setup, teardown),
        cmocka_unit_test_setup_teardown(rule_2_done, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_3_4_start, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_13_14_account, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_5_to_9_steps, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_6_10_abandon, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
