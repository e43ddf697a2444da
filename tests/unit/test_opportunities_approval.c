/* Moves that somebody has to approve; the numbers are those of decide_approval.c, and 9 and 10 of
 * decide_stage.c. */
#include "tests/unit/pipeline_bench.h"

#define STATUS(NAME) BATON__STAGE_APPROVAL_STATUS__STAGE_APPROVAL_STATUS_##NAME
#define ROLE(NAME)   BATON__ROLE__ROLE_##NAME

/* A deal of ID(1), whose manager is ID(2), in the first stage; the next one needs an approval. */
struct scene {
    struct pipeline_bench bench;
    Baton__Opportunity o;
    Baton__Money amount;
    Baton__Role roles[1];
    struct opportunities_approval_facts f;
};

static void actor(struct bench *b, char *id, Baton__Role role)
{
    b->actor.user_id = id;
    b->actor.has_role = true;
    b->actor.role = role;
}

static void scene(struct bench *b, struct scene *x)
{
    *x = (struct scene){.o = BATON__OPPORTUNITY__INIT, .amount = BATON__MONEY__INIT};
    x->roles[0] = ROLE(INSIDE);
    x->f.pipeline = pipeline_bench(&x->bench);
    x->bench.stages[1].approval_roles = x->roles;
    x->bench.stages[1].n_approval_roles = 1;
    x->bench.stages[1].has_approval_by_managers = x->bench.stages[1].approval_by_managers = true;
    x->amount.currency_code = "EUR";
    x->amount.has_minor_units = true;
    x->amount.minor_units = 100;
    x->o.id = ID(5);
    x->o.name = "Big deal";
    x->o.has_revision = true;
    x->o.revision = 3;
    x->o.owner_id = ID(1);
    x->o.pipeline_id = ID(9);
    x->o.stage_key = "prospecting";
    x->o.amount = &x->amount;
    x->f.record = (struct record_facts){.reach = RECORD_OWN, .before = &x->o.base, .before_seq = 7};
    x->f.manager_ids[0] = x->f.approver_ids[0] = ID(2);
    x->f.n_managers = x->f.n_approvers = 1;
    x->f.people.who = "Ann";
    actor(b, ID(1), ROLE(REP));
}

static bool ask(struct bench *b, struct scene *x, char *key)
{
    Baton__RequestStageApprovalRequest q = BATON__REQUEST_STAGE_APPROVAL_REQUEST__INIT;
    q.id = ID(5);
    q.stage_key = key;
    return run(b, opportunities_decide_request_approval, &x->f, &q);
}

/* What the last decision made of it, which is what it is now. */
static void take_over(struct bench *b, struct scene *x)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
            x->o = *b->out.events[i]->record_changed->record->opportunity;
}

static const Baton__OpportunityNews *news(struct bench *b)
{
    for (size_t i = 0; i < b->out.n_events; i++)
        if (b->out.events[i]->event_case == BATON__EVENT__EVENT_OPPORTUNITY_NEWS)
            return b->out.events[i]->opportunity_news;
    return NULL;
}

static bool judge(struct bench *b, struct scene *x, char *id, Baton__Role role, bool yes)
{
    Baton__ApproveStageRequest q = BATON__APPROVE_STAGE_REQUEST__INIT;
    Baton__RejectStageRequest no = BATON__REJECT_STAGE_REQUEST__INIT;
    q.id = no.id = ID(5);
    no.reason = " too cheap ";
    actor(b, id, role);
    return yes ? run(b, opportunities_decide_approve, &x->f, &q)
               : run(b, opportunities_decide_reject, &x->f, &no);
}

static void rules_2_to_4_asked(void **state)
{
    struct bench *b = *state;
    struct scene x;
    scene(b, &x);
    assert_refused(ask(b, &x, "nowhere"), b, REFUSAL_INVALID_ARGUMENT, "stage_key");
    assert_refused(ask(b, &x, "prospecting"), b, REFUSAL_FAILED_PRECONDITION, "stage_key");
    assert_refused(ask(b, &x, "haggling"), b, REFUSAL_FAILED_PRECONDITION, "stage_key"); /* 3 */
    assert_true(ask(b, &x, "proposal"));
    assert_string_equal(news(b)->user_ids[0], ID(2));
    assert_string_equal(news(b)->stage_name, "proposal");
    take_over(b, &x);
    assert_int_equal(x.o.approval->status, STATUS(WAITING));
    assert_string_equal(x.o.approval->requested_by_id, ID(1));
    assert_string_equal(x.o.approval->manager_ids[0], ID(2));
    assert_int_equal(x.o.approval->roles[0], ROLE(INSIDE));
    assert_int_equal(timestamp_us(x.o.approval->requested_at), NOW);
    assert_refused(ask(b, &x, "proposal"), b, REFUSAL_FAILED_PRECONDITION, "stage_key"); /* 4 */
    /* a no can be asked again */
    assert_true(judge(b, &x, ID(2), ROLE(REP), false));
    assert_string_equal(news(b)->reason, "too cheap");
    take_over(b, &x);
    assert_int_equal(x.o.approval->status, STATUS(REJECTED));
    assert_string_equal(x.o.approval->reason, "too cheap");
    actor(b, ID(1), ROLE(REP));
    assert_true(ask(b, &x, "proposal"));
}

static void rules_5_to_9_judged(void **state)
{
    struct bench *b = *state;
    struct scene x;
    const struct {
        char *id;
        Baton__Role role;
        enum refusal_code code;
    } rows[] = {
        {ID(1), ROLE(INSIDE), REFUSAL_PERMISSION_DENIED}, /* the owner, whatever their role */
        {ID(3), ROLE(INSIDE), REFUSAL_PERMISSION_DENIED}, /* who asked */
        {ID(4), ROLE(REP), REFUSAL_PERMISSION_DENIED},
        {ID(4), ROLE(MANAGER), REFUSAL_PERMISSION_DENIED},
        {ID(4), ROLE(INSIDE), REFUSAL_NONE},
        {ID(4), ROLE(ADMIN), REFUSAL_NONE},
        {ID(2), ROLE(REP), REFUSAL_NONE},
    };
    scene(b, &x);
    assert_refused(judge(b, &x, ID(2), ROLE(MANAGER), true), b, REFUSAL_FAILED_PRECONDITION, "id"); /* 5 */
    actor(b, ID(3), ROLE(REP));
    assert_true(ask(b, &x, "proposal"));
    take_over(b, &x);
    x.f.record.reach = RECORD_READ;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const bool ok = judge(b, &x, rows[i].id, rows[i].role, true);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
    }
    /* 8: the owner hears, and who asked */
    assert_int_equal(news(b)->n_user_ids, 2);
    x.f.record.reach = RECORD_HIDDEN;
    assert_refused(judge(b, &x, ID(2), ROLE(REP), true), b, REFUSAL_NOT_FOUND, "id");
    x.f.record.reach = RECORD_READ;
    Baton__ApproveStageRequest q = BATON__APPROVE_STAGE_REQUEST__INIT;
    q.has_revision = true;
    q.revision = 2;
    assert_refused(run(b, opportunities_decide_approve, &x.f, &q), b, REFUSAL_ABORTED, "revision"); /* 7 */
    Baton__RejectStageRequest no = BATON__REJECT_STAGE_REQUEST__INIT;
    no.reason = " ";
    assert_refused(run(b, opportunities_decide_reject, &x.f, &no), b, REFUSAL_INVALID_ARGUMENT,
                   "reason"); /* 9 */
}

/* 1, and 9 and 10 of decide_stage.c: what it is good for. */
static void good_for(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Money other = BATON__MONEY__INIT;
    scene(b, &x);
    const struct opportunities_facts f = {.pipeline = x.f.pipeline, .left = x.f.pipeline};
    other.currency_code = "EUR";
    other.has_minor_units = true;
    other.minor_units = 101;
    Baton__Opportunity o = x.o;
    o.stage_key = "proposal";
    begin(b);
    assert_refused(opportunities_enter(&f, &x.o, &o, &b->stamp, &b->out), b, REFUSAL_FAILED_PRECONDITION,
                   "stage_key");
    assert_string_equal(b->out.no.message, "before \"proposal\" it is to be approved");
    const Baton__StageConditions *c = (const Baton__StageConditions *)schema_unpack(
        schema_message(&baton__stage_conditions__descriptor), b->out.no.detail, b->arena);
    assert_true(c->missing_approval);
    assert_true(ask(b, &x, "proposal"));
    take_over(b, &x);
    assert_true(judge(b, &x, ID(2), ROLE(REP), true));
    take_over(b, &x);
    /* another amount, or a copy that says it is approved, is not what was approved */
    o = x.o;
    o.stage_key = "proposal";
    o.amount = &other;
    begin(b);
    assert_refused(opportunities_enter(&f, &x.o, &o, &b->stamp, &b->out), b, REFUSAL_FAILED_PRECONDITION,
                   "stage_key");
    o = x.o;
    o.amount = &other;
    begin(b);
    assert_true(opportunities_enter(&f, &x.o, &o, &b->stamp, &b->out));
    assert_null(o.approval);
    /* as it is: it goes there, and the approval is used up */
    o = x.o;
    o.stage_key = "proposal";
    begin(b);
    assert_true(opportunities_enter(&f, &x.o, &o, &b->stamp, &b->out));
    assert_null(o.approval);
    /* who may override still may */
    const struct opportunities_facts over = {
        .pipeline = x.f.pipeline, .left = x.f.pipeline, .override_reason = "urgent"};
    Baton__Role reps[] = {ROLE(REP)};
    x.bench.stages[1].override_roles = reps;
    x.bench.stages[1].n_override_roles = 1;
    x.o.approval = NULL;
    o = x.o;
    o.stage_key = "proposal";
    actor(b, ID(1), ROLE(REP));
    begin(b);
    assert_true(opportunities_enter(&over, &x.o, &o, &b->stamp, &b->out));
    assert_string_equal(o.override_reason, "urgent");
}

#define T(f) cmocka_unit_test(f)
int main(void)
{
    static const struct CMUnitTest tests[] = {T(rules_2_to_4_asked), T(rules_5_to_9_judged), T(good_for)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
