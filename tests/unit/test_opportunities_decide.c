/* The decisions of opportunities, rule by rule; the numbers are those of the comments in decide.c. */
#include "baton/v1/leads.pb-c.h"
#include "services/opportunities/opportunities.h"
#include "tests/unit/decide_bench.h"
#include "tests/unit/pipeline_bench.h"

static void test_opportunity(void **state)
{
    struct bench *b = *state;
    Baton__Money money = BATON__MONEY__INIT;
    const struct {
        int rule;
        char *name, *close_date, *currency; /* currency NULL: no amount */
        int64_t amount;
        const char *field; /* NULL: fine */
    } rows[] = {
        {1, NULL, NULL, NULL, 0, "name"},
        {1, " ", NULL, NULL, 0, "name"},
        {1, " Big deal ", NULL, NULL, 0, NULL},
        {4, "Big deal", "2026-06-31", NULL, 0, "close_date"},
        {4, "Big deal", "tomorrow", NULL, 0, "close_date"},
        {4, "Big deal", "2026-06-30", NULL, 0, NULL},
        {5, "Big deal", NULL, "", 0, "amount"},
        {5, "Big deal", NULL, "eur", 0, "amount"},
        {5, "Big deal", NULL, "EURO", 0, "amount"},
        {5, "Big deal", NULL, "EUR", 0, NULL},
        {6, "Big deal", NULL, "EUR", -1, "amount"},
        {6, "Big deal", NULL, "EUR", INT64_MIN, "amount"},
        {6, "Big deal", NULL, "EUR", INT64_C(1000000000000001), "amount"},
        {6, "Big deal", NULL, "EUR", INT64_C(1000000000000000), NULL},
    };
    struct pipeline_bench p;
    const struct opportunities_facts where = {.pipeline = pipeline_bench(&p)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
        o.name = rows[i].name;
        o.close_date = rows[i].close_date;
        money.currency_code = rows[i].currency;
        money.has_minor_units = true;
        money.minor_units = rows[i].amount;
        o.amount = rows[i].currency ? &money : NULL;
        bool ok = check(b, opportunities_check_opportunity, &where, NULL, &o.base);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        if (ok)
            assert_string_equal(o.name, "Big deal");
    }
}

/* 12: the definitions decide what there is to say. */
static void test_custom(void **state)
{
    struct bench *b = *state;
    struct pipeline_bench p;
    Baton__CustomField d = BATON__CUSTOM_FIELD__INIT, *fields[] = {&d};
    Baton__CustomValue v = BATON__CUSTOM_VALUE__INIT, *values[] = {&v};
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    struct opportunities_facts f = {.pipeline = pipeline_bench(&p), .custom = {.fields = fields}};
    d.name = v.name = v.text = "budget";
    d.kind = BATON__CUSTOM_KIND__CUSTOM_KIND_TEXT;
    o.name = "Big deal";
    o.custom = values;
    o.n_custom = 1;
    assert_refused(check(b, opportunities_check_opportunity, &f, NULL, &o), b, REFUSAL_INVALID_ARGUMENT,
                   "custom.budget");
    f.custom.n = 1;
    assert_true(check(b, opportunities_check_opportunity, &f, NULL, &o));
    /* the field's log is another service's: nothing is written down here */
    assert_int_equal(b->out.n_events, 0);
}

static void test_converted(void **state)
{
    struct bench *b = *state;
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__LeadConverted e = BATON__LEAD_CONVERTED__INIT;
    struct pipeline_bench p;
    struct opportunities_converted_facts f = {.owner_id = ID(1), .pipeline = pipeline_bench(&p)};
    lead.company = "Acme";
    lead.owner_id = ID(1);
    e.lead = &lead;
    e.lead_id = ID(5);
    e.account_id = ID(6);
    e.contact_id = ID(7);
    /* 1: not asked for */
    assert_true(run(b, opportunities_decide_converted, &f, &e.base));
    assert_int_equal(b->out.n_events, 0);
    /* 1: asked for */
    e.opportunity_id = ID(8);
    assert_true(run(b, opportunities_decide_converted, &f, &e.base));
    assert_int_equal(b->out.n_events, 1);
    const Baton__Opportunity *o = b->out.events[0]->record_changed->record->opportunity;
    assert_string_equal(o->id, ID(8));
    assert_string_equal(o->name, "Acme");
    assert_string_equal(o->account_id, ID(6));
    assert_string_equal(o->contact_id, ID(7));
    assert_string_equal(o->owner_id, ID(1));
    assert_string_equal(o->lead_id, ID(5));
    /* 2 */
    assert_string_equal(o->pipeline_id, ID(9));
    assert_string_equal(o->stage_key, "prospecting");
    assert_int_equal(o->stage, BATON__STAGE__STAGE_PROSPECTING);
    assert_int_equal(o->probability, 10);
    /* 1: there is one already */
    f.exists = true;
    assert_true(run(b, opportunities_decide_converted, &f, &e.base));
    assert_int_equal(b->out.n_events, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opportunity),
        cmocka_unit_test(test_custom),
        cmocka_unit_test(test_converted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
