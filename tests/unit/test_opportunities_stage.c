/* Where opportunities are and how they move; the numbers are those of decide_stage.c and decide_move.c. */
#include "tests/unit/pipeline_bench.h"

#define KIND(NAME)     BATON__STAGE_KIND__STAGE_KIND_##NAME
#define CATEGORY(NAME) BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_##NAME
#define OLD(NAME)      BATON__STAGE__STAGE_##NAME

static void rule_1_2_there(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    struct opportunities_facts f = {0};
    assert_refused(enter(b, &f, NULL, &o), b, REFUSAL_NOT_FOUND, "pipeline_id");
    f.pipeline = pipeline_bench(&bench);
    o.stage_key = "qualification";
    assert_refused(enter(b, &f, NULL, &o), b, REFUSAL_INVALID_ARGUMENT, "stage_key");
    /* programs of before: one of the ten that this pipeline has not */
    o.stage_key = NULL;
    o.has_stage = true;
    o.stage = OLD(NEGOTIATION);
    assert_refused(enter(b, &f, NULL, &o), b, REFUSAL_INVALID_ARGUMENT, "stage_key");
}

/* How `stage` and `stage_key` relate, as the .proto says it. */
static void rule_3_named(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    const struct opportunities_facts f = {.pipeline = pipeline_bench(&bench)};
    const struct {
        char *before, *key; /* before NULL: new */
        int stage;          /* 0: absent */
        const char *key_after;
        int stage_after;
    } rows[] = {
        {NULL, NULL, 0, "prospecting", OLD(PROSPECTING)},
        {NULL, "haggling", 0, "haggling", 0},
        {NULL, "gone", 0, "gone", OLD(CLOSED_LOST)},
        {NULL, NULL, OLD(PROPOSAL), "proposal", OLD(PROPOSAL)},
        {NULL, "haggling", OLD(PROPOSAL), "haggling", 0},
        {"proposal", "proposal", OLD(PROPOSAL), "proposal", OLD(PROPOSAL)},
        {"proposal", "haggling", OLD(PROPOSAL), "haggling", 0},
        {"proposal", "proposal", OLD(CLOSED_WON), "closed_won", OLD(CLOSED_WON)},
        {"proposal", "haggling", OLD(CLOSED_WON), "haggling", 0},
        {"haggling", "haggling", OLD(PROPOSAL), "proposal", OLD(PROPOSAL)},
        {"haggling", NULL, 0, "haggling", 0},
        {"proposal", NULL, OLD(PROPOSAL), "proposal", OLD(PROPOSAL)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity before = BATON__OPPORTUNITY__INIT, o = BATON__OPPORTUNITY__INIT;
        if (rows[i].before)
            o = before = standing(b, &bench.pipeline, rows[i].before);
        o.stage_key = rows[i].key;
        o.has_stage = rows[i].stage != 0;
        o.stage = rows[i].stage;
        assert_true(enter(b, &f, rows[i].before ? &before : NULL, &o));
        assert_string_equal(o.stage_key, rows[i].key_after);
        assert_int_equal(o.stage, rows[i].stage_after);
        assert_int_equal(o.has_stage, rows[i].stage_after != 0);
        assert_string_equal(o.pipeline_id, ID(9));
    }
}

static void rule_4_chances(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    const struct opportunities_facts f = {.pipeline = pipeline_bench(&bench)};
    const int NONE = -1;
    const struct {
        char *before;
        int probability_before, probability;
        char *key;
        int probability_after;
    } rows[] = {
        {NULL, NONE, NONE, "prospecting", 10},
        {NULL, NONE, NONE, "proposal", 65},
        {NULL, NONE, 0, "proposal", 0},
        {"prospecting", 10, 10, "proposal", 65},
        {"prospecting", 10, 70, "proposal", 70},
        {"proposal", 70, 75, "proposal", 75},
        {"proposal", 70, NONE, "proposal", 65},
        {"proposal", 70, 70, "closed_won", 100},
        {"proposal", 70, 40, "closed_won", 100},
        {"proposal", 70, 70, "gone", 0},
        {"closed_won", 100, 100, "prospecting", 10},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity before = BATON__OPPORTUNITY__INIT, o = BATON__OPPORTUNITY__INIT;
        if (rows[i].before) {
            before = standing(b, &bench.pipeline, rows[i].before);
            before.probability = (uint32_t)rows[i].probability_before;
            o = before;
        }
        o.stage_key = rows[i].key;
        o.has_probability = rows[i].probability != NONE;
        o.probability = o.has_probability ? (uint32_t)rows[i].probability : 0;
        assert_true(enter(b, &f, rows[i].before ? &before : NULL, &o));
        assert_true(o.has_probability);
        assert_int_equal(o.probability, rows[i].probability_after);
    }
}

static void rule_4_category(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    const struct opportunities_facts f = {.pipeline = pipeline_bench(&bench)};
    bench.stages[2].has_forecast_category = true;
    bench.stages[2].forecast_category = CATEGORY(COMMIT);
    Baton__Opportunity before = standing(b, &bench.pipeline, "prospecting"), o = before;
    assert_int_equal(o.forecast_category, CATEGORY(PIPELINE));
    o.stage_key = "haggling";
    assert_true(enter(b, &f, &before, &o));
    assert_int_equal(o.forecast_category, CATEGORY(COMMIT));
    before = o;
    o.forecast_category = CATEGORY(BEST_CASE);
    assert_true(enter(b, &f, &before, &o));
    assert_int_equal(o.forecast_category, CATEGORY(BEST_CASE));
    o.stage_key = "closed_won";
    assert_true(enter(b, &f, &before, &o));
    assert_int_equal(o.forecast_category, CATEGORY(CLOSED));
    assert_int_equal(o.stage_kind, KIND(WON));
    o.stage_key = "gone";
    assert_true(enter(b, &f, &before, &o));
    assert_int_equal(o.forecast_category, CATEGORY(OMITTED));
}

static void moments(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    const struct opportunities_facts f = {.pipeline = pipeline_bench(&bench)};
    Baton__Opportunity before = standing(b, &bench.pipeline, "prospecting"), o = before;
    Google__Protobuf__Timestamp then = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    before.stage_entered_at = o.stage_entered_at = &then;
    assert_true(enter(b, &f, &before, &o));
    assert_ptr_equal(o.stage_entered_at, &then);
    o.stage_key = "closed_won";
    assert_true(enter(b, &f, &before, &o));
    assert_int_equal(timestamp_us(o.stage_entered_at), NOW);
    assert_int_equal(timestamp_us(o.closed_at), NOW);
    before = o;
    o.stage_key = "proposal";
    assert_true(enter(b, &f, &before, &o));
    assert_null(o.closed_at);
}

static void rule_5_retired(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    const struct opportunities_facts f = {.pipeline = pipeline_bench(&bench)};
    Baton__Opportunity before = standing(b, &bench.pipeline, "proposal"), o = before;
    bench.stages[1].has_retired = bench.stages[1].retired = true;
    assert_true(enter(b, &f, &before, &o));
    before.stage_key = "prospecting";
    assert_refused(enter(b, &f, &before, &o), b, REFUSAL_FAILED_PRECONDITION, "stage_key");
}

static void rule_6_conditions(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    struct opportunities_facts f = {.pipeline = pipeline_bench(&bench), .left = &bench.pipeline};
    char *exit[] = {"close_date"}, *entry[] = {"amount", "next_step", "close_date"};
    bench.stages[1].exit_fields = exit;
    bench.stages[1].n_exit_fields = 1;
    bench.stages[2].entry_fields = entry;
    bench.stages[2].n_entry_fields = 3;
    Baton__Opportunity before = standing(b, &bench.pipeline, "proposal"), o = before;
    /* all that is missing, each once */
    o.stage_key = "haggling";
    assert_refused(enter(b, &f, &before, &o), b, REFUSAL_FAILED_PRECONDITION, "close_date");
    assert_string_equal(b->out.no.detail_type, "baton.v1.StageConditions");
    const Baton__StageConditions *c = (const Baton__StageConditions *)schema_unpack(
        schema_message(&baton__stage_conditions__descriptor), b->out.no.detail, b->arena);
    assert_int_equal(c->n_missing_fields, 3);
    assert_string_equal(c->missing_fields[1], "amount");
    assert_false(c->may_override);
    /* blank is missing */
    Baton__Money money = BATON__MONEY__INIT;
    o.amount = &money;
    o.close_date = "2026-12-31";
    o.next_step = " ";
    assert_refused(enter(b, &f, &before, &o), b, REFUSAL_FAILED_PRECONDITION, "next_step");
    o.next_step = "Call";
    assert_true(enter(b, &f, &before, &o));
    /* back and out it goes without what the stage asks on the way on */
    const struct {
        char *key;
        bool ok;
    } ways[] = {{"prospecting", true}, {"gone", true}, {"closed_won", false}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        o = before;
        o.stage_key = ways[i].key;
        assert_int_equal(enter(b, &f, &before, &o), ways[i].ok);
    }
    /* to another pipeline is a way on */
    struct pipeline_bench other;
    f.pipeline = pipeline_bench(&other);
    other.pipeline.id = ID(8);
    o = before;
    o.pipeline_id = ID(8);
    o.stage_key = "prospecting";
    assert_refused(enter(b, &f, &before, &o), b, REFUSAL_FAILED_PRECONDITION, "close_date");
    f.is_forced = true;
    assert_true(enter(b, &f, &before, &o));
}

/* 8: what the deployment added counts as the rest does, by its label; what nobody fills in any more does not.
 */
static void rule_8_custom(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    Baton__CustomField budget = BATON__CUSTOM_FIELD__INIT, *fields[] = {&budget};
    Baton__CustomValue value = BATON__CUSTOM_VALUE__INIT, *values[] = {&value};
    struct opportunities_facts f = {.pipeline = pipeline_bench(&bench), .left = &bench.pipeline};
    char *entry[] = {"custom.budget", "custom.gone"};
    bench.stages[1].entry_fields = entry;
    bench.stages[1].n_entry_fields = 2;
    budget.name = value.name = "budget";
    budget.label = "Approved budget";
    value.text = "yes";
    f.custom.fields = fields;
    f.custom.n = 1;
    const Baton__Opportunity before = standing(b, &bench.pipeline, "prospecting");
    const struct {
        bool retired, filled, ok;
    } rows[] = {{false, false, false}, {false, true, true}, {true, false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity o = before;
        o.stage_key = "proposal";
        o.custom = values;
        o.n_custom = rows[i].filled;
        budget.retired = rows[i].retired;
        assert_int_equal(enter(b, &f, &before, &o), rows[i].ok);
        assert_string_equal(b->out.no.field, rows[i].ok ? "" : "custom.budget");
        if (!rows[i].ok)
            assert_string_equal(b->out.no.message,
                                "before \"proposal\" this is to be filled in: Approved budget");
    }
}

static void rule_7_override(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    struct opportunities_facts f = {.pipeline = pipeline_bench(&bench), .left = &bench.pipeline};
    char *exit[] = {"close_date"}, *entry[] = {"amount"};
    Baton__Role managers[] = {BATON__ROLE__ROLE_MANAGER};
    bench.stages[1].exit_fields = exit;
    bench.stages[1].n_exit_fields = 1;
    bench.stages[2].entry_fields = entry;
    bench.stages[2].n_entry_fields = 1;
    bench.stages[2].override_roles = managers;
    bench.stages[2].n_override_roles = 1;
    const Baton__Opportunity before = standing(b, &bench.pipeline, "proposal");
    const struct {
        Baton__Role role;
        bool at_exit; /* they may override there, too */
        const char *reason;
        bool ok;
    } rows[] = {
        {BATON__ROLE__ROLE_MANAGER, true, "It is urgent", true},
        {BATON__ROLE__ROLE_MANAGER, true, NULL, false},
        {BATON__ROLE__ROLE_MANAGER, true, "  ", false},
        {BATON__ROLE__ROLE_MANAGER, false, "It is urgent", false},
        {BATON__ROLE__ROLE_REP, true, "It is urgent", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity o = before;
        o.stage_key = "haggling";
        b->actor.has_role = true;
        b->actor.role = rows[i].role;
        bench.stages[1].override_roles = managers;
        bench.stages[1].n_override_roles = rows[i].at_exit;
        f.override_reason = rows[i].reason;
        assert_int_equal(enter(b, &f, &before, &o), rows[i].ok);
        if (rows[i].ok)
            assert_string_equal(o.override_reason, "It is urgent");
    }
    /* with the next move it is past */
    Baton__Opportunity there = standing(b, &bench.pipeline, "haggling"), o = there;
    there.override_reason = o.override_reason = "It is urgent";
    o.stage_key = "closed_won";
    assert_true(enter(b, &f, &there, &o));
    assert_null(o.override_reason);
    baton__actor__init(&b->actor);
}

static void move(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench bench;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__MoveOpportunityRequest q = BATON__MOVE_OPPORTUNITY_REQUEST__INIT;
    struct opportunities_move_facts f = {.where = {.pipeline = pipeline_bench(&bench)}};
    o = standing(b, &bench.pipeline, "prospecting");
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_REP;
    q.id = ID(5);
    q.stage_key = "proposal";
    /* 1: not there, hidden, not the caller's to change, changed since */
    assert_refused(run(b, opportunities_decide_move, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.record.before = &o.base;
    f.record.reach = RECORD_HIDDEN;
    assert_refused(run(b, opportunities_decide_move, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.record.reach = RECORD_READ;
    assert_refused(run(b, opportunities_decide_move, &f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    f.record.reach = RECORD_WRITE;
    q.has_revision = true;
    q.revision = 2;
    assert_refused(run(b, opportunities_decide_move, &f, &q), b, REFUSAL_ABORTED, "revision");
    assert_string_equal(b->out.no.detail_type, "baton.v1.Record");
    /* 2 */
    q.revision = 3;
    assert_true(run(b, opportunities_decide_move, &f, &q));
    assert_int_equal(b->out.n_events, 1);
    const Baton__MoveOpportunityResponse *p = (const Baton__MoveOpportunityResponse *)b->out.reply;
    assert_string_equal(p->opportunity->stage_key, "proposal");
    assert_int_equal(p->opportunity->revision, 4);
    assert_string_equal(o.stage_key, "prospecting");
    /* to where it is: nothing happens */
    q.stage_key = "prospecting";
    assert_true(run(b, opportunities_decide_move, &f, &q));
    assert_int_equal(b->out.n_events, 0);
    baton__actor__init(&b->actor);
}

#define T(f) cmocka_unit_test(f)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(rule_1_2_there), T(rule_3_named),      T(rule_4_chances),  T(rule_4_category), T(moments),
        T(rule_5_retired), T(rule_6_conditions), T(rule_7_override), T(rule_8_custom),   T(move),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
