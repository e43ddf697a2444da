/* What was said of a period and what came, and sums of several currencies as one: in an opportunities service
   whose world is calm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"
#include "calm/drill.h"
#include "services/opportunities/rows.h"

#define OWNER "0190a8e2-1111-7000-8000-000000000001"

/* 2026-03-02 06:00 UTC */
static const int64_t START = INT64_C(1772431200000000), DAY = INT64_C(86400000000);

static int set_up(void **state)
{
    *state = drill_new(&opportunities_service, START, OWNER);
    return 0;
}

static int tear_down(void **state)
{
    drill_free(*state);
    return 0;
}

static char *deal(struct drill *d, int64_t units, char *currency)
{
    Baton__Opportunity o = BATON__OPPORTUNITY__INIT;
    Baton__Money amount = BATON__MONEY__INIT;
    o.name = "Deal";
    o.close_date = "2026-04-20";
    o.has_forecast_category = true;
    o.forecast_category = BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_COMMIT;
    amount.currency_code = currency;
    amount.has_minor_units = true;
    amount.minor_units = units;
    o.amount = &amount;
    return ((Baton__Opportunity *)drill_record(d, true, &o))->id;
}

static void win(struct drill *d, char *id)
{
    Baton__CloseOpportunityRequest q = BATON__CLOSE_OPPORTUNITY_REQUEST__INIT;
    q.id = id;
    q.has_outcome = true;
    q.outcome = BATON__STAGE_KIND__STAGE_KIND_WON;
    (void)drill_ask(d, "OpportunityService/CloseOpportunity", &q); /* it is not refused */
}

static void pass(struct drill *d, int64_t us)
{
    calm_run(d->world, calm_now(d->world) + us);
}

static const Baton__GetForecastAccuracyResponse *accuracy(struct drill *d, char *period, char *said_on)
{
    Baton__GetForecastAccuracyRequest q = BATON__GET_FORECAST_ACCURACY_REQUEST__INIT;
    q.period = period;
    q.said_on = said_on;
    return drill_ask(d, "ForecastService/GetForecastAccuracy", &q);
}

/* 1, 2: of what was said on the first day, how much came: in one currency less, in another what nobody had
   spoken of. */
static void test_accuracy(void **state)
{
    struct drill *d = *state;
    char *won = deal(d, 60000, "EUR");
    (void)deal(d, 40000, "EUR"); /* it stays open */
    pass(d, 40 * DAY);           /* the eleventh of April */
    char *late = deal(d, 7000, "USD");
    win(d, won);
    win(d, late);
    pass(d, 100 * DAY); /* the third quarter */
    const Baton__GetForecastAccuracyResponse *r = accuracy(d, NULL, NULL);
    assert_string_equal(r->period, "2026-Q2");
    assert_int_equal(r->n_total, 2);
    const Baton__ForecastAccuracy *eur = r->total[0], *usd = r->total[1];
    assert_string_equal(eur->currency_code, "EUR");
    assert_int_equal(eur->commit, 100000);
    assert_int_equal(eur->came, 60000);
    assert_int_equal(eur->commit_permille, 666);
    assert_false(eur->has_own);
    assert_string_equal(usd->currency_code, "USD");
    assert_int_equal(usd->commit, 0);
    assert_int_equal(usd->came, 7000);
    assert_int_equal(usd->commit_permille, -1000);
}

/* 4: at the end of a day in between, the later one was spoken of. */
static void test_said_on(void **state)
{
    struct drill *d = *state;
    char *won = deal(d, 60000, "EUR");
    pass(d, 40 * DAY);
    win(d, won);
    pass(d, 100 * DAY);
    const Baton__GetForecastAccuracyResponse *r = accuracy(d, "2026-Q2", "2026-04-20");
    assert_int_equal(r->n_total, 1);
    assert_int_equal(r->total[0]->commit, 60000);
    assert_int_equal(r->total[0]->commit_permille, 0);
    assert_int_equal(r->total[0]->came, 60000);
}

/* --- currencies --- */

static void rate(struct drill *d, char *from, char *day, int64_t rate_e9)
{
    Baton__CurrencyRate r = BATON__CURRENCY_RATE__INIT;
    r.from_currency = from;
    r.to_currency = "EUR";
    r.day = day;
    r.has_rate_e9 = true;
    r.rate_e9 = rate_e9;
    (void)drill_record(d, true, &r); /* it is not refused */
}

static const Baton__QueryMeasuresResponse *created(struct drill *d, char *currency)
{
    static char *measures[] = {"created"};
    Baton__QueryMeasuresRequest q = BATON__QUERY_MEASURES_REQUEST__INIT;
    q.measures = measures;
    q.n_measures = 1;
    q.period = "2026-03";
    q.currency_code = currency;
    return drill_ask(d, "AnalysisService/QueryMeasures", &q);
}

/* What there is a rate for is one sum, said with the rate's day; what there is none for stands apart. */
static void test_converts(void **state)
{
    struct drill *d = *state;
    (void)deal(d, 10000, "EUR");
    (void)deal(d, 10000, "USD");
    (void)deal(d, 500, "JPY"); /* no digits behind the point */
    (void)deal(d, 70000, "CHF");
    rate(d, "USD", "2026-02-27", 900000000);
    rate(d, "USD", "2026-03-01", 800000000);
    rate(d, "JPY", "2026-03-02", 6000000);
    rate(d, "CHF", "2026-02-01", 1000000000); /* older than a week */
    const Baton__QueryMeasuresResponse *r = created(d, "EUR");
    const Baton__MeasureValue *v = r->total->values[0];
    assert_int_equal(v->count, 4);
    assert_int_equal(v->n_amounts, 2);
    assert_string_equal(v->amounts[0]->currency_code, "EUR");
    assert_int_equal(v->amounts[0]->minor_units, 10000 + 8000 + 300);
    assert_string_equal(v->amounts[1]->currency_code, "CHF");
    assert_int_equal(v->amounts[1]->minor_units, 70000);
    assert_int_equal(r->n_rates, 3);
    for (size_t i = 0; i < r->n_rates; i++)
        if (strcmp(r->rates[i]->from_currency, "CHF") == 0)
            assert_null(r->rates[i]->day);
        else if (strcmp(r->rates[i]->from_currency, "USD") == 0)
            assert_string_equal(r->rates[i]->day, "2026-03-01");
    r = created(d, NULL);
    assert_int_equal(r->total->values[0]->n_amounts, 4);
    assert_int_equal(r->n_rates, 0);
}

/* What is said is marked where such deals bear out less: by enough of them, and by more than chance. */
static void test_said_above(void **state)
{
    (void)state; /* needs none */
    struct forecast_chance c = {.closes = 0.5, .wins = 0.25, .alike = 400};
    assert_true(forecast_said_above(&c, 70));
    assert_true(forecast_said_above(&c, 61));
    assert_false(forecast_said_above(&c, 59)); /* less than ten of a hundred */
    assert_false(forecast_said_above(&c, 30));
    c.alike = 40; /* chance makes 16 of a hundred of so few */
    assert_false(forecast_said_above(&c, 61));
    assert_true(forecast_said_above(&c, 70));
    c.alike = 29;
    assert_false(forecast_said_above(&c, 100));
    c = (struct forecast_chance){.alike = 400}; /* none closes within the period: nothing is known of it */
    assert_false(forecast_said_above(&c, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_accuracy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_said_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_converts, set_up, tear_down),
        cmocka_unit_test(test_said_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
