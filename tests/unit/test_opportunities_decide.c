/* The decisions of opportunities, rule by rule; the numbers are those of the comments in decide.c. */
#include "baton/v1/leads.pb-c.h"
#include "services/opportunities/opportunities.h"
#include "tests/unit/decide_bench.h"

static void test_opportunity(void **state)
{
    struct bench *b = *state;
    Baton__Money money = BATON__MONEY__INIT;
    const struct {
        int rule;
        char *name, *close_date, *currency; /* currency NULL: no amount */
        const char *field;                  /* NULL: fine */
    } rows[] = {
        {1, NULL, NULL, NULL, "name"},
        {1, " ", NULL, NULL, "name"},
        {1, " Big deal ", NULL, NULL, NULL},
        {4, "Big deal", "2026-06-31", NULL, "close_date"},
        {4, "Big deal", "tomorrow", NULL, "close_date"},
        {4, "Big deal", "2026-06-30", NULL, NULL},
        {5, "Big deal", NULL, "", "amount"},
        {5, "Big deal", NULL, "eur", "amount"},
        {5, "Big deal", NULL, "EURO", "amount"},
        {5, "Big deal", NULL, "EUR", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
        o.name = rows[i].name;
        o.close_date = rows[i].close_date;
        money.currency_code = rows[i].currency;
        o.amount = rows[i].currency ? &money : NULL;
        bool ok = check(b, opportunities_check_opportunity, NULL, NULL, &o.base);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        if (ok)
            assert_string_equal(o.name, "Big deal");
    }
}

static void test_stage(void **state)
{
    struct bench *b = *state;
    enum {
        NEW = BATON__STAGE__STAGE_PROSPECTING,
        PROPOSAL = BATON__STAGE__STAGE_PROPOSAL,
        WON = BATON__STAGE__STAGE_CLOSED_WON
    };
    const int NONE = -1;
    const struct {
        int rule;
        int stage_before, probability_before, stage, probability; /* NONE: absent */
        int stage_after, probability_after;
    } rows[] = {
        {2, NONE, NONE, NONE, NONE, NEW, 10},          {2, NONE, NONE, 0, NONE, NEW, 10},
        {3, NONE, NONE, PROPOSAL, NONE, PROPOSAL, 65}, {3, NONE, NONE, PROPOSAL, 0, PROPOSAL, 0},
        {3, NEW, 10, PROPOSAL, 10, PROPOSAL, 65},      {3, NEW, 10, PROPOSAL, 70, PROPOSAL, 70},
        {3, PROPOSAL, 70, PROPOSAL, 75, PROPOSAL, 75}, {3, PROPOSAL, 70, PROPOSAL, NONE, PROPOSAL, 65},
        {3, PROPOSAL, 70, WON, 70, WON, 100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Opportunity before = BATON__OPPORTUNITY__INIT, o = BATON__OPPORTUNITY__INIT;
        bool is_new = rows[i].stage_before == NONE;
        o.name = "Big deal";
        before.has_stage = before.has_probability = true;
        before.stage = is_new ? 0 : rows[i].stage_before;
        before.probability = is_new ? 0 : (uint32_t)rows[i].probability_before;
        o.has_stage = rows[i].stage != NONE;
        o.stage = o.has_stage ? rows[i].stage : 0;
        o.has_probability = rows[i].probability != NONE;
        o.probability = o.has_probability ? (uint32_t)rows[i].probability : 0;
        assert_true(check(b, opportunities_check_opportunity, NULL, is_new ? NULL : &before.base, &o.base));
        assert_int_equal(o.stage, rows[i].stage_after);
        assert_true(o.has_stage && o.has_probability);
        assert_int_equal(o.probability, rows[i].probability_after);
    }
}

static void test_converted(void **state)
{
    struct bench *b = *state;
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__LeadConverted e = BATON__LEAD_CONVERTED__INIT;
    struct opportunities_converted_facts f = {.owner_id = ID(1)};
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
        cmocka_unit_test(test_stage),
        cmocka_unit_test(test_converted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
