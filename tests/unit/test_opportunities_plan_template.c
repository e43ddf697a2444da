/* Templates of plans that start by themselves; the numbers are those of decide_plan_template.c. */
#include "services/opportunities/plan.h"

#include "tests/unit/decide_bench.h"

struct scene {
    Baton__PlanTemplateStep steps[1], *list[1];
    Baton__PlanTemplate named;
};

static void stand(struct scene *x)
{
    baton__plan_template__init(&x->named);
    baton__plan_template_step__init(&x->steps[0]);
    x->steps[0].key = x->steps[0].title = "a";
    x->list[0] = &x->steps[0];
    x->named.name = "Complex sale";
    x->named.steps = x->list;
    x->named.n_steps = 1;
}

static void template_starts(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__PlanTemplate was;
    Baton__Pipeline in = BATON__PIPELINE__INIT;
    Baton__PipelineStage offer = BATON__PIPELINE_STAGE__INIT, *stages[] = {&offer};
    offer.key = "offer";
    in.name = "Sales";
    in.stages = stages;
    in.n_stages = 1;
    stand(&x);
    /* 7 */
    x.named.start_stage_key = "Offer!";
    assert_refused(check(b, plan_check_template, NULL, NULL, &x.named), b, REFUSAL_INVALID_ARGUMENT,
                   "start_stage_key");
    x.named.start_stage_key = " gone ";
    assert_true(check(b, plan_check_template, NULL, NULL, &x.named));
    x.named.start_pipeline_id = ID(7);
    assert_refused(check(b, plan_check_template, NULL, NULL, &x.named), b, REFUSAL_NOT_FOUND,
                   "start_pipeline_id");
    assert_refused(check(b, plan_check_template, &in, NULL, &x.named), b, REFUSAL_INVALID_ARGUMENT,
                   "start_stage_key");
    was = x.named;
    assert_true(check(b, plan_check_template, NULL, &was, &x.named));
    x.named.start_stage_key = "offer";
    assert_refused(check(b, plan_check_template, NULL, &was, &x.named), b, REFUSAL_NOT_FOUND,
                   "start_pipeline_id");
    assert_true(check(b, plan_check_template, &in, &was, &x.named));
    x.named.start_stage_key = NULL;
    assert_refused(check(b, plan_check_template, &in, NULL, &x.named), b, REFUSAL_INVALID_ARGUMENT,
                   "start_stage_key");
    /* 6 */
    stand(&x);
    x.steps[0].has_evidence = true;
    x.steps[0].evidence = BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DOCUMENT;
    assert_refused(check(b, plan_check_template, NULL, NULL, &x.named), b, REFUSAL_INVALID_ARGUMENT, "steps");
    x.steps[0].document_type = BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA;
    assert_true(check(b, plan_check_template, NULL, NULL, &x.named));
}

/* 8 */
static void template_is_for(void **state)
{
    struct bench *b = *state;
    const struct {
        char *stage, *pipeline, *situation, *industry;
        bool retired, starts;
    } rows[] = {
        {"offer", NULL, NULL, NULL, false, true},       {"talk", NULL, NULL, NULL, false, false},
        {NULL, NULL, NULL, NULL, false, false},         {"offer", ID(7), NULL, NULL, false, true},
        {"offer", ID(8), NULL, NULL, false, false},     {"offer", NULL, "RENEWAL", NULL, false, true},
        {"offer", NULL, "complex", NULL, false, false}, {"offer", NULL, NULL, "mills", false, true},
        {"offer", NULL, NULL, "Ships", false, false},   {"offer", NULL, "renewal", "mills", false, true},
        {"offer", NULL, "renewal", "x", false, false},  {"offer", NULL, NULL, NULL, true, false},
    };
    begin(b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__PlanTemplate t = BATON__PLAN_TEMPLATE__INIT;
        Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
        t.start_stage_key = rows[i].stage;
        t.start_pipeline_id = rows[i].pipeline;
        t.situation = rows[i].situation;
        t.industry = rows[i].industry;
        t.retired = rows[i].retired;
        o.stage_key = "offer";
        o.pipeline_id = ID(7);
        o.type = "Renewal";
        assert_int_equal(plan_starts_for(&t, &o, "Mills", b->arena), rows[i].starts);
    }
    /* of no type, and of an account that is not known */
    Baton__PlanTemplate t = BATON__PLAN_TEMPLATE__INIT;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    o.stage_key = t.start_stage_key = "offer";
    assert_true(plan_starts_for(&t, &o, NULL, b->arena));
    t.industry = "Mills";
    assert_false(plan_starts_for(&t, &o, NULL, b->arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(template_starts, setup, teardown),
        cmocka_unit_test_setup_teardown(template_is_for, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
