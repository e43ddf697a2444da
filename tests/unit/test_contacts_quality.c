/* How good a record is and when that is worked out: the numbers are those of decide_quality.c and
 * decide_upkeep.c. */
#include "services/contacts/contacts.h"
#include "tests/unit/decide_bench.h"

enum { HALF_LIFE_OF_PHONE = 365 };
static const int64_t DAY = INT64_C(86400000000);

static const struct contacts_rules none;

/* Typed `days` before now. */
static Baton__Account *account(struct bench *b, int64_t days)
{
    Baton__Account *a = ARENA_NEW(b->arena, Baton__Account);
    baton__account__init(a);
    a->id = ID(1);
    a->name = "Acme";
    a->updated_at = timestamp_of(b->arena, NOW - days * DAY);
    return a;
}

static Baton__Quality *judged(struct bench *b, const Baton__Account *a, const Baton__Quality *kept)
{
    const struct contacts_judge_facts f = {
        .type = "account", .record = &a->base, .kept = kept, .rules = &none};
    return contacts_judge(&f, &a->base, NOW, b->arena);
}

static const Baton__KeptField *field(const Baton__Quality *q, const char *name)
{
    for (size_t i = 0; i < q->n_fields; i++)
        if (strcmp(q->fields[i]->field, name) == 0)
            return q->fields[i];
    return NULL;
}

static size_t problems(const Baton__Quality *q, Baton__ProblemKind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n_problems; i++)
        n += q->problems[i]->kind == kind;
    return n;
}

/* The weights of each type are a hundred. */
static void test_weights(void **state)
{
    static const struct {
        const char *type;
        const ProtobufCMessageDescriptor *message;
    } types[] = {{"account", &baton__account__descriptor}, {"contact", &baton__contact__descriptor}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t n, sum = 0;
        const struct contacts_weight *w = contacts_weights(types[i].type, &n);
        assert_in_range(n, 1, CONTACTS_FIELDS_MAX);
        for (size_t k = 0; k < n; k++) {
            sum += w[k].weight;
            assert_non_null(schema_field(schema_message(types[i].message), w[k].field));
        }
        assert_int_equal(sum, 100);
    }
    size_t n;
    (void)contacts_weights("lead", &n);
    assert_int_equal(n, 0);
}

/* 1 */
static void test_confirmed(void **state)
{
    struct bench *b = *state;
    Baton__Account *a = account(b, 100);
    a->phone = "1";
    a->website = "w";
    Baton__Quality *first = judged(b, a, NULL);
    assert_int_equal(field(first, "phone")->confirmed_us, NOW - 100 * DAY);
    /* one changes, the other does not */
    a->updated_at = timestamp_of(b->arena, NOW - 10 * DAY);
    a->phone = "2";
    Baton__Quality *second = judged(b, a, first);
    assert_int_equal(field(second, "phone")->confirmed_us, NOW - 10 * DAY);
    assert_int_equal(field(second, "website")->confirmed_us, NOW - 100 * DAY);
    /* somebody has looked */
    second->fields[0]->confirmed_us = NOW;
    assert_int_equal(judged(b, a, second)->fields[0]->confirmed_us, NOW);
    /* empty and filled in again */
    a->website = NULL;
    Baton__Quality *third = judged(b, a, second);
    assert_null(field(third, "website"));
    a->website = "w";
    assert_int_equal(field(judged(b, a, third), "website")->confirmed_us, NOW - 10 * DAY);
}

/* 2, 5 */
static void test_freshness(void **state)
{
    static const struct {
        int64_t days;
        uint32_t percent;
        size_t stale;
        int64_t next_days; /* 0: nothing changes by itself any more */
    } rows[] = {
        {-1, 100, 0, HALF_LIFE_OF_PHONE + 1},
        {0, 100, 0, HALF_LIFE_OF_PHONE},
        {HALF_LIFE_OF_PHONE - 1, 100, 0, 1},
        {HALF_LIFE_OF_PHONE, 50, 1, HALF_LIFE_OF_PHONE},
        {2 * HALF_LIFE_OF_PHONE, 25, 1, HALF_LIFE_OF_PHONE},
        {4 * HALF_LIFE_OF_PHONE - 1, 12, 1, 1},
        {4 * HALF_LIFE_OF_PHONE, 0, 1, 0},
        {40 * HALF_LIFE_OF_PHONE, 0, 1, 0},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Account *a = account(b, rows[i].days);
        a->phone = "1";
        Baton__Quality *q = judged(b, a, NULL);
        assert_int_equal(q->freshness_percent, rows[i].percent);
        assert_int_equal(problems(q, BATON__PROBLEM_KIND__PROBLEM_KIND_STALE), rows[i].stale);
        assert_int_equal(q->due_us, rows[i].next_days ? NOW + rows[i].next_days * DAY : 0);
        assert_int_equal(q->has_due_us, rows[i].next_days != 0);
    }
}

/* 3, 4 */
static void test_completeness(void **state)
{
    struct bench *b = *state;
    Baton__Account *a = account(b, 0);
    Baton__Address at = BATON__ADDRESS__INIT;
    Baton__Quality *q = judged(b, a, NULL);
    assert_int_equal(q->completeness_percent, 0);
    assert_int_equal(q->freshness_percent, 0);
    assert_int_equal(problems(q, BATON__PROBLEM_KIND__PROBLEM_KIND_MISSING), 3);
    a->phone = "1";
    a->owner_id = ID(2);
    a->billing_address = &at;
    q = judged(b, a, NULL);
    assert_int_equal(q->completeness_percent, 50);
    assert_int_equal(q->freshness_percent, 100);
    assert_int_equal(q->n_problems, 0);
    assert_int_equal(q->rank, 0);
    assert_string_equal(q->owner_id, ID(2));
    a->updated_at = timestamp_of(b->arena, NOW - HALF_LIFE_OF_PHONE * DAY);
    assert_int_equal(judged(b, a, NULL)->freshness_percent, (15 * 50 + 15 * 100 + 20 * 100) / 50);
}

/* 6, 7, 8 */
static void test_problems(void **state)
{
    struct bench *b = *state;
    Baton__Account *a = account(b, 0);
    Baton__DataHint hint = BATON__DATA_HINT__INIT, *hints[] = {&hint};
    hint.field = "phone";
    hint.message = "odd";
    Baton__QualityCondition condition = BATON__QUALITY_CONDITION__INIT, *conditions[] = {&condition};
    condition.field = "website";
    condition.operator_ = BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_ABSENT;
    Baton__QualityRule rule = BATON__QUALITY_RULE__INIT;
    rule.id = ID(9);
    rule.record_type = "account";
    rule.conditions = conditions;
    rule.n_conditions = 1;
    rule.message = "Enter it.";
    struct contacts_rules rules = {.rules = {&rule}, .n = 1};
    struct contacts_judge_facts f = {.type = "account", .record = &a->base, .rules = &rules};
    uint32_t ranks[4];
    for (int severity = 0; severity < 4; severity++) {
        rule.severity = (Baton__Severity)severity;
        rule.paused = severity == 0;
        Baton__Quality *q = contacts_judge(&f, &a->base, NOW, b->arena);
        assert_int_equal(problems(q, BATON__PROBLEM_KIND__PROBLEM_KIND_RULE), severity > 0);
        ranks[severity] = q->rank;
        assert_true(severity == 0 || ranks[severity] > ranks[severity - 1]);
    }
    Baton__Quality *before = contacts_judge(&f, &a->base, NOW, b->arena);
    a->hints = hints;
    a->n_hints = 1;
    Baton__Quality *q = contacts_judge(&f, &a->base, NOW, b->arena);
    assert_int_equal(problems(q, BATON__PROBLEM_KIND__PROBLEM_KIND_HINT), 1);
    assert_true(q->rank > before->rank);
    rule.record_type = "contact";
    assert_int_equal(
        problems(contacts_judge(&f, &a->base, NOW, b->arena), BATON__PROBLEM_KIND__PROBLEM_KIND_RULE), 0);
}

/* However much is wrong: what is told of a record, and its rank, have an end. */
static void test_bounds(void **state)
{
    struct bench *b = *state;
    Baton__Account *a = account(b, 0);
    Baton__QualityCondition condition = BATON__QUALITY_CONDITION__INIT, *conditions[] = {&condition};
    condition.field = "website";
    condition.operator_ = BATON__QUALITY_OPERATOR__QUALITY_OPERATOR_ABSENT;
    Baton__QualityRule rule = BATON__QUALITY_RULE__INIT;
    rule.record_type = "account";
    rule.conditions = conditions;
    rule.n_conditions = 1;
    rule.message = "Enter it.";
    rule.severity = BATON__SEVERITY__SEVERITY_ERROR;
    struct contacts_rules rules = {.n = CONTACTS_RULES_MAX};
    for (size_t i = 0; i < CONTACTS_RULES_MAX; i++)
        rules.rules[i] = &rule;
    struct contacts_judge_facts f = {.type = "account", .record = &a->base, .rules = &rules};
    Baton__Quality *q = contacts_judge(&f, &a->base, NOW, b->arena);
    assert_int_equal(q->n_problems, CONTACTS_PROBLEMS_MAX);
    assert_in_range(q->rank, 1, CONTACTS_RANK_MAX);
}

/* 9, 10 */
static void test_judge(void **state)
{
    struct bench *b = *state;
    Baton__Quality row = BATON__QUALITY__INIT;
    Baton__Account *a = account(b, 7);
    a->phone = "02 2345 6789";
    a->has_revision = true;
    a->revision = 3;
    row.record_id = ID(1);
    row.type = "account";
    struct contacts_judge_facts f = {.type = "account",
                                     .record = &a->base,
                                     .seq = 5,
                                     .kept = &row,
                                     .rules = &none,
                                     .normal = {.country = "TW"}};
    assert_true(run(b, contacts_decide_judge, &f, &row));
    assert_int_equal(b->out.n_events, 2);
    const Baton__Account *now = b->out.events[0]->record_changed->record->account;
    assert_string_equal(now->normalized->phone_e164, "+886223456789");
    assert_int_equal(now->revision, 4);
    const Baton__Quality *q = b->out.events[1]->quality_judged->quality;
    assert_int_equal(field(q, "phone")->confirmed_us, NOW - 7 * DAY); /* Baton has looked, nobody has */
    /* what is normal already stays as it is */
    f.record = &now->base;
    assert_true(run(b, contacts_decide_judge, &f, &row));
    assert_int_equal(b->out.n_events, 1);
    f.record = NULL;
    assert_true(run(b, contacts_decide_judge, &f, &row));
    assert_int_equal(b->out.n_events, 1);
    assert_null(b->out.events[0]->quality_judged->quality->type);
}

/* 11, 12 */
static void test_sweep(void **state)
{
    struct bench *b = *state;
    Baton__QualitySweep row = BATON__QUALITY_SWEEP__INIT;
    Baton__Account *a = account(b, 0);
    contacts_normalize_account(&(struct contacts_normal_facts){0}, a, b->arena);
    struct contacts_judge_facts one = {.type = "account", .record = &a->base, .rules = &none};
    struct contacts_sweep_facts f = {.records = &one, .n = 1, .type = "contact", .finished = false};
    assert_true(run(b, contacts_decide_sweep, &f, &row));
    assert_int_equal(b->out.n_events, 2);
    const Baton__QualitySweepAdvanced *e = b->out.events[1]->quality_sweep_advanced;
    assert_string_equal(e->type, "contact");
    assert_int_equal(e->judged, 1);
    assert_false(e->finished);
    assert_int_equal(e->version, CONTACTS_QUALITY_VERSION);
    assert_true(run(b, contacts_decide_boot, &(struct contacts_boot_facts){.wanted = false}, &row));
    assert_int_equal(b->out.n_events, 0);
    assert_true(run(b, contacts_decide_boot, &(struct contacts_boot_facts){.wanted = true}, &row));
    assert_string_equal(b->out.events[0]->quality_sweep_advanced->type, "account");
}

/* 13, 14, 16 */
static void test_confirm(void **state)
{
    struct bench *b = *state;
    Baton__ConfirmFieldsRequest q = BATON__CONFIRM_FIELDS_REQUEST__INIT;
    Baton__Account *a = account(b, 0);
    struct contacts_confirm_facts f = {.record = &a->base, .reach = RECORD_WRITE};
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_REP;
    char *phone[] = {"phone"}, *website[] = {"website"}, *name[] = {"name"};
    a->phone = "1";
    q.type = "lead";
    q.id = ID(1);
    assert_refused(run(b, contacts_decide_confirm, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "type");
    q.type = "account";
    f.record = NULL;
    assert_refused(run(b, contacts_decide_confirm, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.record = &a->base;
    f.reach = RECORD_HIDDEN;
    assert_refused(run(b, contacts_decide_confirm, &f, &q), b, REFUSAL_NOT_FOUND, "id");
    f.reach = RECORD_READ;
    assert_refused(run(b, contacts_decide_confirm, &f, &q), b, REFUSAL_PERMISSION_DENIED, "");
    f.reach = RECORD_WRITE;
    q.n_fields = 1;
    q.fields = website;
    assert_refused(run(b, contacts_decide_confirm, &f, &q), b, REFUSAL_FAILED_PRECONDITION, "fields");
    q.fields = name;
    assert_refused(run(b, contacts_decide_confirm, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "fields");
    q.fields = phone;
    assert_true(run(b, contacts_decide_confirm, &f, &q));
    assert_int_equal(b->out.events[0]->fields_confirmed->n_fields, 1);
    a->website = "w";
    q.n_fields = 0;
    assert_true(run(b, contacts_decide_confirm, &f, &q));
    assert_int_equal(b->out.events[0]->fields_confirmed->n_fields, 2);
}

/* 15 */
static void test_written(void **state)
{
    struct bench *b = *state;
    const struct contacts_written_facts f = {0};
    Baton__Account *before = account(b, 7), *after = ARENA_NEW(b->arena, Baton__Account);
    baton__account__init(after);
    after->name = "Acme";
    after->phone = "1";
    begin(b);
    contacts_judge_written(&f, "account", NULL, &after->base, &b->stamp, &b->out);
    const Baton__Quality *q = b->out.events[0]->quality_judged->quality;
    assert_string_equal(q->record_id, after->id);
    assert_int_equal(field(q, "phone")->confirmed_us, NOW);
    assert_int_equal(timestamp_us(after->created_at), NOW);
    after->created_at = timestamp_of(b->arena, NOW - DAY); /* one that comes back */
    contacts_judge_written(&f, "account", NULL, &after->base, &b->stamp, &b->out);
    assert_int_equal(timestamp_us(after->created_at), NOW - DAY);
    *after = *before;
    begin(b);
    contacts_judge_written(&f, "account", &before->base, &after->base, &b->stamp, &b->out);
    assert_int_equal(b->out.n_events, 0);
    after->website = "w";
    contacts_judge_written(&f, "account", &before->base, &after->base, &b->stamp, &b->out);
    assert_int_equal(b->out.n_events, 1);
    assert_int_equal(timestamp_us(after->updated_at), NOW);
    assert_null(after->created_at);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_weights),  TEST(test_confirmed), TEST(test_freshness), TEST(test_completeness),
        TEST(test_problems), TEST(test_bounds),    TEST(test_judge),     TEST(test_sweep),
        TEST(test_confirm),  TEST(test_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
