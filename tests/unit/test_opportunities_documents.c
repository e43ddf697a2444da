/* Documents that stages ask for, and what a stage was called; the numbers are those of decide_stage.c. */
#include "tests/unit/pipeline_bench.h"

#define DOCUMENT(NAME) BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_##NAME

/* From the second stage on with an NDA, to the third with a contract, too. */
struct scene {
    struct pipeline_bench bench;
    struct opportunities_facts f;
    Baton__DocumentType exit[1], entry[2];
    Baton__Opportunity before;
};

static void scene_init(struct bench *b, struct scene *x)
{
    x->f = (struct opportunities_facts){.pipeline = pipeline_bench(&x->bench), .left = &x->bench.pipeline};
    x->exit[0] = x->entry[1] = DOCUMENT(NDA);
    x->entry[0] = DOCUMENT(CONTRACT);
    x->before = standing(b, &x->bench.pipeline, "proposal");
    x->bench.stages[1].exit_documents = x->exit;
    x->bench.stages[1].n_exit_documents = 1;
    x->bench.stages[2].entry_documents = x->entry;
    x->bench.stages[2].n_entry_documents = 2;
}

static bool go(struct bench *b, const struct scene *x, char *key)
{
    Baton__Opportunity o = x->before;
    o.stage_key = key;
    return enter(b, &x->f, &x->before, &o);
}

/* 11: on exit and on entry, each type once */
static void rule_11_documents(void **state)
{
    struct bench *b = *state;
    struct scene x;
    const struct {
        uint32_t linked;
        char *key;
        const char *says; /* NULL: it goes there */
    } rows[] = {
        {0, "haggling", "before \"haggling\" these are to be linked to it and active: NDA, contract"},
        {1 << DOCUMENT(NDA), "haggling",
         "before \"haggling\" these are to be linked to it and active: contract"},
        {1 << DOCUMENT(CONTRACT), "haggling",
         "before \"haggling\" these are to be linked to it and active: NDA"},
        {1 << DOCUMENT(CONTRACT) | 1 << DOCUMENT(NDA), "haggling", NULL},
        {1 << DOCUMENT(CONTRACT), "closed_won",
         "before \"closed_won\" these are to be linked to it and active: NDA"},
        {1 << DOCUMENT(NDA), "closed_won", NULL},
        {0, "prospecting", NULL},
        {0, "gone", NULL},
    };
    scene_init(b, &x);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        x.f.documents = rows[i].linked;
        assert_int_equal(go(b, &x, rows[i].key), rows[i].says == NULL);
        if (rows[i].says)
            assert_string_equal(b->out.no.message, rows[i].says);
    }
}

/* Beside what is to be filled in, and in the detail. */
static void rule_11_said(void **state)
{
    struct bench *b = *state;
    struct scene x;
    char *fields[] = {"close_date"};
    scene_init(b, &x);
    x.bench.stages[2].entry_fields = fields;
    x.bench.stages[2].n_entry_fields = 1;
    x.f.documents = 1 << DOCUMENT(NDA);
    assert_refused(go(b, &x, "haggling"), b, REFUSAL_FAILED_PRECONDITION, "close_date");
    assert_non_null(strstr(b->out.no.message, "close_date; these are to be linked"));
    const Baton__StageConditions *c = (const Baton__StageConditions *)schema_unpack(
        schema_message(&baton__stage_conditions__descriptor), b->out.no.detail, b->arena);
    assert_int_equal(c->n_missing_documents, 1);
    assert_int_equal(c->missing_documents[0], DOCUMENT(CONTRACT));
}

/* 7: whom a stage lets go on without fields it lets go on without documents */
static void rule_7_override(void **state)
{
    struct bench *b = *state;
    struct scene x;
    Baton__Role managers[] = {BATON__ROLE__ROLE_MANAGER};
    scene_init(b, &x);
    x.bench.stages[2].override_roles = managers;
    x.bench.stages[2].n_override_roles = 1;
    x.f.override_reason = "It is urgent";
    x.f.documents = 1 << DOCUMENT(NDA);
    assert_false(go(b, &x, "haggling"));
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_MANAGER;
    assert_true(go(b, &x, "haggling"));
    x.f.documents = 0; /* the stage that it leaves lets nobody */
    assert_false(go(b, &x, "haggling"));
    baton__actor__init(&b->actor);
}

/* 13 of decide.c: one that was deleted returns to where it was without being asked again, and elsewhere as if
   it went there now */
static void rule_13_returns(void **state)
{
    struct bench *b = *state;
    struct scene x;
    scene_init(b, &x);
    x.f.override_reason = NULL;
    x.f.is_forced = false;
    x.before.stage_key = "haggling";
    x.before.stage_entered_at = timestamp_of(b->arena, NOW - 5);
    x.f.gone = &x.before;
    Baton__Opportunity o = x.before;
    assert_true(check(b, opportunities_check_opportunity, &x.f, NULL, &o));
    assert_int_equal(timestamp_us(o.stage_entered_at), NOW - 5);
    /* with what was decided of it then */
    Baton__StageApproval approval = BATON__STAGE_APPROVAL__INIT;
    x.before.approval = o.approval = &approval;
    assert_true(check(b, opportunities_check_opportunity, &x.f, NULL, &o));
    assert_ptr_equal(o.approval, &approval);
    /* 5 */
    x.bench.stages[2].has_retired = x.bench.stages[2].retired = true;
    assert_refused(check(b, opportunities_check_opportunity, &x.f, NULL, &o), b, REFUSAL_FAILED_PRECONDITION,
                   "stage_key");
    x.bench.stages[2].retired = false;
    x.before.stage_key = "proposal";
    o = x.before;
    o.stage_key = "haggling";
    assert_refused(check(b, opportunities_check_opportunity, &x.f, NULL, &o), b, REFUSAL_FAILED_PRECONDITION,
                   "stage_key");
    x.f.documents = 1 << DOCUMENT(CONTRACT) | 1 << DOCUMENT(NDA);
    assert_true(check(b, opportunities_check_opportunity, &x.f, NULL, &o));
    assert_int_equal(timestamp_us(o.stage_entered_at), NOW);
}

/* 12: of the moment it came there */
static void rule_12_name(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    const struct opportunities_facts f = {.pipeline = pipeline_bench(&bench), .left = &bench.pipeline};
    bench.stages[1].name = "Offer";
    Baton__Opportunity before = standing(b, &bench.pipeline, "proposal"), o = before;
    assert_string_equal(o.stage_name, "Offer");
    bench.stages[1].name = "Proposal";
    assert_true(enter(b, &f, &before, &o));
    assert_string_equal(o.stage_name, "Offer");
    o.stage_key = "haggling";
    assert_true(enter(b, &f, &before, &o));
    assert_string_equal(o.stage_name, "haggling");
    /* one of before there were names gets the one there is */
    before.stage_name = NULL;
    o = before;
    assert_true(enter(b, &f, &before, &o));
    assert_string_equal(o.stage_name, "Proposal");
}

#define T(f) cmocka_unit_test(f)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(rule_11_documents), T(rule_11_said), T(rule_7_override), T(rule_13_returns), T(rule_12_name),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
