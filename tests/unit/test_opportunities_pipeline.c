/* Pipelines and stages that end; the numbers are those of decide_pipeline.c and decide_retire.c. */
#include "services/opportunities/plan.h"
#include "tests/unit/pipeline_bench.h"

enum { TEMPLATES = 3 }; /* of plans */

#define KIND(NAME) BATON__STAGE_KIND__STAGE_KIND_##NAME

static bool take(struct bench *b, const struct opportunities_pipeline_facts *f, const Baton__Pipeline *before,
                 struct pipeline_bench *after)
{
    return check(b, opportunities_check_pipeline, f, before, after ? &after->pipeline : NULL);
}

static void boot(void **state)
{
    struct bench *b = *state;
    struct opportunities_boot_facts f = {
        .has_pipelines = true, .has_dashboards = true, .has_zoned_weeks = true};
    assert_true(run(b, opportunities_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 0);
    f.has_zoned_weeks = false;
    assert_true(run(b, opportunities_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 1);
    assert_int_equal(b->out.events[0]->event_case, BATON__EVENT__EVENT_ADOPTION_ZONED);
    f.has_zoned_weeks = true;
    f.has_pipelines = false;
    assert_true(run(b, opportunities_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 1 + TEMPLATES);
    Baton__Pipeline *p = b->out.events[0]->record_changed->record->pipeline;
    /* templates of plans, which are some by the rules */
    for (size_t i = 1; i <= TEMPLATES; i++) {
        Baton__PlanTemplate *t = b->out.events[i]->record_changed->record->plan_template;
        struct outcome kept = b->out;
        assert_true(t->n_steps > 5);
        assert_true(check(b, plan_check_template, NULL, NULL, t));
        assert_null(t->start_stage_key);
        b->out = kept;
    }
    assert_true(p->is_default);
    assert_int_equal(p->n_stages, 10);
    /* it is one by the rules, and has all ten of before */
    const struct opportunities_pipeline_facts none = {.n_held = 0};
    assert_true(check(b, opportunities_check_pipeline, &none, NULL, &p->base));
    for (int stage = 1; stage <= 10; stage++)
        assert_non_null(opportunities_stage(p, opportunities_stage_key((Baton__Stage)stage)));
    /* what was there before gets it */
    f.has_opportunities = true;
    assert_true(run(b, opportunities_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 2 + TEMPLATES);
    assert_null(b->out.events[1 + TEMPLATES]->stage_retirement_advanced->stage_key);
    /* so do dashboards */
    f = (struct opportunities_boot_facts){.has_pipelines = true, .has_zoned_weeks = true};
    assert_true(run(b, opportunities_decide_boot, &f, NULL));
    assert_true(b->out.n_events > 1);
    for (size_t i = 0; i < b->out.n_events; i++)
        assert_non_null(b->out.events[i]->record_changed->record->dashboard->title);
}

/* The pipeline with one thing wrong, by the rule it breaks; 0: none. */
static void spoil(struct pipeline_bench *p, int row)
{
    static char *no_field[] = {"stage_entered_at"}, *no_such[] = {"colour"}, *own[] = {"stage_key"};
    static Baton__Role partner[] = {BATON__ROLE__ROLE_PARTNER};
    const struct {
        char **key, *value;
    } texts[] = {{&p->pipeline.name, " "},
                 {&p->stages[1].key, "Proposal"},
                 {&p->stages[1].name, " "},
                 {&p->stages[1].key, "prospecting"}};
    const struct {
        char **fields;
        bool at_exit;
    } conditions[] = {{no_field, false}, {no_such, false}, {own, true}};
    (void)pipeline_bench(p);
    if (row < 4)
        *texts[row].key = texts[row].value;
    else if (row < 7 && conditions[row - 4].at_exit)
        p->stages[1].exit_fields = conditions[row - 4].fields, p->stages[1].n_exit_fields = 1;
    else if (row < 7)
        p->stages[1].entry_fields = conditions[row - 4].fields, p->stages[1].n_entry_fields = 1;
    else if (row == 7)
        p->stages[1].override_roles = partner, p->stages[1].n_override_roles = 1;
    else if (row == 8)
        p->pipeline.n_stages = 4; /* nothing is lost */
    else if (row == 9)
        p->list[0] = &p->stages[3], p->list[3] = &p->stages[0];
    else if (row == 10)
        p->stages[3].kind = KIND(OPEN);
    else if (row == 11)
        p->stages[3].probability = 99;
    else if (row == 12)
        p->stages[4].probability = 1;
}

static void rules_1_to_5(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p;
    const struct opportunities_pipeline_facts f = {.n_held = 0};
    const struct {
        int rule;
        const char *field; /* NULL: fine */
    } rows[] = {
        {1, "name"},
        {3, "stages.key"},
        {3, "stages.name"},
        {3, "stages.key"},
        {5, "stages.entry_fields"},
        {5, "stages.entry_fields"},
        {5, "stages.exit_fields"},
        {5, "stages.override_roles"},
        {2, "stages"},
        {2, "stages"},
        {2, "stages"},
        {4, "stages.probability"},
        {4, "stages.probability"},
        {0, NULL},
    };
    for (int i = 0; i < (int)(sizeof rows / sizeof *rows); i++) {
        spoil(&p, i);
        bool ok = take(b, &f, NULL, &p);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
    }
    /* 11 */
    Baton__DocumentType types[] = {BATON__DOCUMENT_TYPE__DOCUMENT_TYPE_NDA, 99};
    (void)pipeline_bench(&p);
    p.stages[1].entry_documents = p.stages[1].exit_documents = types;
    p.stages[1].n_entry_documents = 1;
    assert_true(take(b, &f, NULL, &p));
    p.stages[1].n_exit_documents = 2;
    assert_refused(take(b, &f, NULL, &p), b, REFUSAL_INVALID_ARGUMENT, "stages.exit_documents");
    /* 4: where it says nothing, what is won is sure */
    (void)pipeline_bench(&p);
    p.stages[3].has_probability = false;
    p.stages[3].probability = 0;
    assert_true(take(b, &f, NULL, &p));
    assert_int_equal(p.stages[3].probability, 100);
}

/* 10, and 1 and 2 of decide_custom.c: what a stage may ask for of what the deployment added, and what becomes
 * of it. */
static void rule_10_custom(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p, before;
    Baton__CustomField budget = BATON__CUSTOM_FIELD__INIT, *fields[] = {&budget};
    struct opportunities_pipeline_facts f = {.custom = {.fields = fields}};
    char *asked[] = {"custom.budget"};
    budget.name = "budget";
    (void)pipeline_bench(&p);
    p.stages[1].entry_fields = p.stages[1].exit_fields = asked;
    p.stages[1].n_entry_fields = p.stages[1].n_exit_fields = 1;
    assert_refused(take(b, &f, NULL, &p), b, REFUSAL_INVALID_ARGUMENT, "stages.entry_fields");
    f.custom.n = 1;
    assert_true(take(b, &f, NULL, &p));
    assert_int_equal(p.stages[1].n_void_fields, 0);
    /* gone since: what asked for it before may go on saying so */
    before = p;
    before.pipeline.stages = before.list;
    for (size_t i = 0; i < BENCH_STAGES; i++)
        before.list[i] = &before.stages[i];
    struct opportunities_fields_facts now = {.pipelines = {&before.pipeline}, .seqs = {7}, .n = 1};
    assert_true(run(b, opportunities_decide_fields, &now, NULL));
    assert_int_equal(b->out.n_events, 1);
    const Baton__Pipeline *after = b->out.events[0]->record_changed->record->pipeline;
    assert_int_equal(after->stages[1]->n_void_fields, 1);
    assert_string_equal(after->stages[1]->void_fields[0], "custom.budget");
    f.custom.n = 0;
    assert_true(take(b, &f, &before.pipeline, &p));
    assert_int_equal(p.stages[1].n_void_fields, 1);
    /* there again: it counts again, and nothing is said twice */
    now.pipelines[0] = after;
    assert_true(run(b, opportunities_decide_fields, &now, NULL));
    assert_int_equal(b->out.n_events, 0);
    now.custom.fields = fields;
    now.custom.n = 1;
    assert_true(run(b, opportunities_decide_fields, &now, NULL));
    assert_int_equal(b->out.events[0]->record_changed->record->pipeline->stages[1]->n_void_fields, 0);
    /* another one does not begin to ask for what is retired */
    budget.retired = true;
    f.custom.n = 1;
    assert_refused(take(b, &f, NULL, &p), b, REFUSAL_INVALID_ARGUMENT, "stages.entry_fields");
}

static void rule_6_in_use(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench was, p;
    struct opportunities_pipeline_facts f = {.held = {{"proposal", 7}}, .n_held = 1};
    (void)pipeline_bench(&was);
    f.default_pipeline = pipeline_bench(&p);
    p.list[1] = &p.stages[2];
    p.list[2] = &p.stages[3];
    p.list[3] = &p.stages[4];
    p.pipeline.n_stages = 4;
    assert_refused(take(b, &f, &was.pipeline, &p), b, REFUSAL_FAILED_PRECONDITION, "stages");
    assert_non_null(strstr(b->out.no.message, "7 opportunities"));
    f.held[0].n = 0;
    assert_true(take(b, &f, &was.pipeline, &p));
    f.held[0].n = 1;
    (void)pipeline_bench(&p);
    p.stages[1].kind = KIND(WON);
    p.stages[1].probability = 100;
    assert_refused(take(b, &f, &was.pipeline, &p), b, REFUSAL_FAILED_PRECONDITION, "stages.kind");
    /* whether a stage is being emptied is not the caller's to say */
    (void)pipeline_bench(&p);
    was.stages[2].has_retired = was.stages[2].retired = true;
    p.stages[1].has_retired = p.stages[1].retired = true;
    assert_true(take(b, &f, &was.pipeline, &p));
    assert_true(p.stages[2].retired);
    assert_false(p.stages[1].retired);
}

static void rule_7_default(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench was, other, p;
    struct opportunities_pipeline_facts f = {.default_pipeline = pipeline_bench(&was), .default_seq = 3};
    (void)pipeline_bench(&p);
    p.pipeline.is_default = false;
    assert_refused(take(b, &f, &was.pipeline, &p), b, REFUSAL_FAILED_PRECONDITION, "is_default");
    (void)pipeline_bench(&other);
    other.pipeline.id = ID(8);
    assert_true(take(b, &f, NULL, &other));
    assert_int_equal(b->out.n_events, 1);
    const Baton__Pipeline *former = b->out.events[0]->record_changed->record->pipeline;
    assert_string_equal(former->id, ID(9));
    assert_false(former->is_default);
    assert_refused(take(b, &f, &was.pipeline, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
}

static void rule_8_deletion(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench was;
    struct opportunities_pipeline_facts f = {.held = {{"proposal", 2}, {"haggling", 1}}, .n_held = 2};
    (void)pipeline_bench(&was);
    was.pipeline.is_default = false;
    assert_refused(take(b, &f, &was.pipeline, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_non_null(strstr(b->out.no.message, "3 opportunities"));
    f.n_held = 0;
    f.is_target = true;
    assert_refused(take(b, &f, &was.pipeline, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f.is_target = false;
    assert_true(take(b, &f, &was.pipeline, NULL));
}

static void retire(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p;
    Baton__RetireStageRequest q = BATON__RETIRE_STAGE_REQUEST__INIT;
    struct opportunities_retire_facts f = {.to = pipeline_bench(&p), .n = 4};
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_ADMIN;
    q.pipeline_id = ID(9);
    assert_refused(run(b, opportunities_decide_retire, &f, &q), b, REFUSAL_NOT_FOUND, "pipeline_id");
    f.pipeline.before = &p.pipeline.base;
    const struct {
        int rule;
        char *key, *to;
        const char *field; /* NULL: fine */
    } rows[] = {
        {1, "nowhere", "proposal", "stage_key"},     {2, "closed_won", "gone", "stage_key"},
        {3, "proposal", "proposal", "to_stage_key"}, {3, "proposal", "nowhere", "to_stage_key"},
        {4, "proposal", "gone", "to_stage_key"},     {0, "proposal", "haggling", NULL},
        {0, "prospecting", "haggling", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        q.stage_key = rows[i].key;
        q.to_stage_key = rows[i].to;
        bool ok = run(b, opportunities_decide_retire, &f, &q);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
    }
    assert_int_equal(b->out.n_events, 2);
    assert_true(b->out.events[0]->record_changed->record->pipeline->stages[0]->retired);
    assert_int_equal(((Baton__RetireStageResponse *)b->out.reply)->moving, 4);
    /* 1: once */
    p.stages[1].retired = true;
    q.stage_key = "proposal";
    assert_refused(run(b, opportunities_decide_retire, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "stage_key");
    /* 2: what comes first is open */
    q.stage_key = "prospecting";
    assert_refused(run(b, opportunities_decide_retire, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "stage_key");
    baton__actor__init(&b->actor);
}

static void retiring(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p;
    Baton__StageRetirement r = BATON__STAGE_RETIREMENT__INIT;
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    char *entry[] = {"amount"};
    struct opportunities_retiring_facts f = {.to = pipeline_bench(&p), .rows = {&o}, .seqs = {4}, .n = 1};
    f.pipeline.before = &p.pipeline.base;
    p.stages[1].has_retired = p.stages[1].retired = true;
    p.stages[2].entry_fields = entry;
    p.stages[2].n_entry_fields = 1;
    r.pipeline_id = r.to_pipeline_id = o.pipeline_id = o.id = ID(9);
    r.stage_key = o.stage_key = "proposal";
    r.to_stage_key = "haggling";
    o.has_stage_kind = o.has_probability = true;
    o.stage_kind = KIND(OPEN);
    o.probability = 65;
    /* 6 */
    assert_true(run(b, opportunities_decide_retiring, &f, &r));
    assert_int_equal(b->out.n_events, 2);
    const Baton__Opportunity *after = b->out.events[0]->record_changed->record->opportunity;
    assert_string_equal(after->stage_key, "haggling");
    assert_int_equal(after->probability, 80);
    assert_false(b->out.events[1]->stage_retirement_advanced->finished);
    /* the stage it goes to is gone: the first one of the kind */
    r.to_stage_key = "nowhere";
    assert_true(run(b, opportunities_decide_retiring, &f, &r));
    assert_string_equal(b->out.events[0]->record_changed->record->opportunity->stage_key, "prospecting");
    /* 7 */
    f.n = 0;
    f.at_end = true;
    assert_true(run(b, opportunities_decide_retiring, &f, &r));
    assert_int_equal(b->out.n_events, 2);
    assert_null(opportunities_stage(b->out.events[0]->record_changed->record->pipeline, "proposal"));
    assert_true(b->out.events[1]->stage_retirement_advanced->finished);
}

/* Those of before there were pipelines keep what was said of them. */
static void adopting(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p;
    Baton__StageRetirement r = BATON__STAGE_RETIREMENT__INIT;
    Baton__Opportunity open = BATON__OPPORTUNITY__INIT, won = BATON__OPPORTUNITY__INIT;
    Google__Protobuf__Timestamp then = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    struct opportunities_retiring_facts f = {
        .to = pipeline_bench(&p), .rows = {&open, &won}, .n = 2, .at_end = true};
    open.id = ID(1);
    open.has_stage = open.has_probability = true;
    open.stage = BATON__STAGE__STAGE_PROPOSAL;
    open.probability = 70;
    won.id = ID(2);
    won.has_stage = true;
    won.stage = BATON__STAGE__STAGE_CLOSED_WON;
    won.updated_at = &then;
    then.seconds = 1000;
    assert_true(run(b, opportunities_decide_retiring, &f, &r));
    assert_int_equal(b->out.n_events, 3);
    const Baton__Opportunity *o = b->out.events[0]->record_changed->record->opportunity;
    assert_string_equal(o->stage_key, "proposal");
    assert_int_equal(o->probability, 70);
    o = b->out.events[1]->record_changed->record->opportunity;
    assert_string_equal(o->stage_key, "closed_won");
    assert_int_equal(o->closed_at->seconds, 1000);
    /* one of the ten that the pipeline has not */
    open.stage = BATON__STAGE__STAGE_NEGOTIATION;
    assert_true(run(b, opportunities_decide_retiring, &f, &r));
    assert_string_equal(b->out.events[0]->record_changed->record->opportunity->stage_key, "prospecting");
}

#define T(f) cmocka_unit_test(f)
int main(void)
{
    static const struct CMUnitTest tests[] = {
        T(boot),   T(rules_1_to_5), T(rule_6_in_use), T(rule_7_default), T(rule_8_deletion),
        T(retire), T(retiring),     T(adopting),      T(rule_10_custom),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
