/* By which calendar a deadline is counted. The numbers are those of decide_territory_calendar.c. */
#include "unit/leads_facts.h"
#include "unit/taiwan_days.h"

#include "base/rfc3339.h"

enum { FRIDAY = 5, DAYS_MAX = 400 };

static int64_t at(const char *text)
{
    int64_t seconds;
    int32_t nanos;
    assert_true(rfc3339_parse(text, &seconds, &nanos));
    return seconds * 1000000;
}

static struct worktime *working(const char *zone, int from_hour, int to_hour)
{
    struct worktime_interval hours[FRIDAY];
    for (int i = 0; i < FRIDAY; i++)
        hours[i] = (struct worktime_interval){i + 1, from_hour * 60, to_hour * 60};
    return worktime_new(zone, hours, FRIDAY, NULL, 0, NULL, 0);
}

static Baton__Territory *territory(struct leads_test *t, char *id, char *parent, Baton__TerritoryKind kind)
{
    Baton__Territory *row = ARENA_NEW(t->arena, Baton__Territory);
    baton__territory__init(row);
    row->id = row->name = id;
    row->parent_id = parent;
    row->kind = kind;
    return row;
}

static void works(struct leads_test *t, Baton__Territory *row, uint32_t from_hour, uint32_t to_hour)
{
    row->working_hours = ARENA_ARRAY(t->arena, Baton__WorkingInterval *, FRIDAY);
    for (uint32_t i = 0; i < FRIDAY; i++) {
        Baton__WorkingInterval *w = ARENA_NEW(t->arena, Baton__WorkingInterval);
        baton__working_interval__init(w);
        w->weekday = i + 1;
        w->start_minute = from_hour * 60;
        w->end_minute = to_hour * 60;
        row->working_hours[row->n_working_hours++] = w;
    }
}

static void special(struct leads_test *t, Baton__Territory *row, char *date, bool working_day)
{
    Baton__Holiday *h = ARENA_NEW(t->arena, Baton__Holiday);
    baton__holiday__init(h);
    h->date = date;
    h->has_working_day = true;
    h->working_day = working_day;
    if (!row->holidays)
        row->holidays = ARENA_ARRAY(t->arena, Baton__Holiday *, DAYS_MAX);
    row->holidays[row->n_holidays++] = h;
}

#define KIND(k) BATON__TERRITORY_KIND__TERRITORY_KIND_##k

enum { TAIWAN, TAIPEI, INDUSTRY, BAVARIA, TERRITORIES };
static char *const ids[] = {"taiwan", "taipei", "industry", "bavaria"};

/* Taiwan keeps its New Year of 2022 and the make-up Saturday before; Taipei lies in it and says nothing. */
static void world(struct leads_test *t, Baton__Territory *rows[TERRITORIES])
{
    rows[TAIWAN] = territory(t, ids[TAIWAN], NULL, KIND(GEOGRAPHY));
    rows[TAIPEI] = territory(t, ids[TAIPEI], ids[TAIWAN], KIND(GEOGRAPHY));
    rows[INDUSTRY] = territory(t, ids[INDUSTRY], NULL, KIND(DEPARTMENT));
    rows[BAVARIA] = territory(t, ids[BAVARIA], NULL, KIND(GEOGRAPHY));
    static char *const year[] = {"2022-01-31", "2022-02-01", "2022-02-02", "2022-02-03", "2022-02-04"};
    for (size_t i = 0; i < sizeof year / sizeof *year; i++)
        special(t, rows[TAIWAN], year[i], false);
    special(t, rows[TAIWAN], "2022-01-22", true);
    rows[TAIWAN]->time_zone = "Asia/Taipei";
    works(t, rows[TAIWAN], 10, 16);
    rows[INDUSTRY]->time_zone = "America/New_York";
    special(t, rows[INDUSTRY], "2022-01-24", false);
    rows[BAVARIA]->time_zone = "Europe/Berlin";
    works(t, rows[BAVARIA], 8, 16);
    rows[BAVARIA]->origin_id = "bayern";
}

/* Two hours of work from then on, of a lead that lies there. */
static int64_t due(struct leads_test *t, char *const *lies_in, size_t n, const char *from)
{
    Baton__Lead l = BATON__LEAD__INIT;
    struct leads_person *p = &t->persons[ANNA];
    l.territory_ids = (char **)(uintptr_t)lies_in;
    l.n_territory_ids = n;
    if (p->hours)
        p->state = worktime_at(p->hours, at(from), &p->until_us);
    const struct worktime *clock = leads_clock(&t->routing, p, &l, t->arena);
    return leads_due(clock, p, at(from), 120);
}

static void test_order(void **state)
{
    static const struct {
        int rule;
        bool own_hours, own_zone;
        size_t from_id, n_ids; /* of the territories it lies in */
        const char *from, *due;
    } cases[] = {
        /* Anna works 9 to 17 in Taipei; Saturday is made up for, New Year is free, both said above Taipei */
        {1, true, true, TAIPEI, 1, "2022-01-21T16:30:00+08:00", "2022-01-22T10:30:00+08:00"},
        {1, true, true, TAIPEI, 1, "2022-01-28T16:30:00+08:00", "2022-02-07T10:30:00+08:00"},
        /* geography before department, which has another holiday and zone */
        {2, true, true, TAIPEI, 2, "2022-01-21T16:30:00+08:00", "2022-01-22T10:30:00+08:00"},
        {2, true, true, INDUSTRY, 1, "2022-01-21T16:30:00+08:00", "2022-01-25T10:30:00+08:00"},
        /* without hours of her own those of the territory: 10 to 16 */
        {2, false, true, TAIPEI, 1, "2022-01-21T15:30:00+08:00", "2022-01-22T11:30:00+08:00"},
        /* and without a zone of her own; clocks go forward on the 27th */
        {2, false, false, BAVARIA, 1, "2022-03-25T15:00:00+01:00", "2022-03-28T09:00:00+02:00"},
        /* where it lies nowhere, what she works by anyway: 9 to 17 in Taipei, no holidays */
        {3, true, true, TAIPEI, 0, "2022-01-21T16:30:00+08:00", "2022-01-24T10:30:00+08:00"},
        {3, false, false, TAIPEI, 0, "2022-01-28T16:30:00+08:00", "2022-01-31T10:30:00+08:00"},
    };
    struct leads_test *t = *state;
    Baton__Territory *rows[TERRITORIES];
    world(t, rows);
    struct leads_territories *all = leads_territories_compile(rows, TERRITORIES, t->arena);
    leads_territories_make_calendars(all);
    t->routing.territories = all;
    t->persons[ANNA].hours = working("Asia/Taipei", 9, 17);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        t->persons[ANNA].own_hours = cases[i].own_hours;
        t->persons[ANNA].own_zone = cases[i].own_zone;
        assert_int_equal(due(t, ids + cases[i].from_id, cases[i].n_ids, cases[i].from), at(cases[i].due));
    }
    worktime_free(t->persons[ANNA].hours);
    leads_territories_release(all);
}

/* 1: absences are the holder's, whatever the calendar */
static void test_absence(void **state)
{
    struct leads_test *t = *state;
    Baton__Territory *rows[TERRITORIES];
    struct worktime_absence away = {at("2022-01-22T09:00:00+08:00"), at("2022-01-22T10:00:00+08:00")};
    static const struct worktime_interval hours[] = {{5, 540, 1020}, {1, 540, 1020}};
    world(t, rows);
    struct leads_territories *all = leads_territories_compile(rows, TERRITORIES, t->arena);
    leads_territories_make_calendars(all);
    t->routing.territories = all;
    struct leads_person *anna = &t->persons[ANNA];
    anna->hours = worktime_new("Asia/Taipei", hours, 2, NULL, 0, &away, 1);
    anna->own_hours = anna->own_zone = true;
    assert_int_equal(due(t, ids + TAIPEI, 1, "2022-01-21T16:30:00+08:00"), at("2022-01-22T11:30:00+08:00"));
    worktime_free(anna->hours);
    leads_territories_release(all);
}

/* 2: what is left of a paused lead is counted in the same time */
static void test_pause(void **state)
{
    struct leads_test *t = *state;
    Baton__Territory *rows[TERRITORIES];
    Baton__LeadPaused paused = BATON__LEAD_PAUSED__INIT;
    Baton__Lead *l = lead_from(t, "TW", ANNA);
    world(t, rows);
    struct leads_territories *all = leads_territories_compile(rows, TERRITORIES, t->arena);
    leads_territories_make_calendars(all);
    t->routing.territories = all;
    struct leads_person *anna = &t->persons[ANNA];
    anna->hours = working("Asia/Taipei", 9, 17);
    anna->own_hours = anna->own_zone = true;
    l->territory_ids = (char **)(uintptr_t)(ids + TAIPEI);
    l->n_territory_ids = 1;
    l->reminded = true;
    l->response_due_at = timestamp_of(t->arena, at("2022-01-22T10:30:00+08:00"));
    t->stamp.now_us = at("2022-01-21T16:30:00+08:00");
    leads_deadline_stop(&t->routing, l, anna, &paused, &t->stamp);
    assert_int_equal(paused.n_steps, 1);
    assert_int_equal(paused.steps[0]->remaining_us, 120 * MINUTE);
    l->deadline_steps = paused.steps;
    l->n_deadline_steps = 1;
    t->stamp.now_us = at("2022-01-28T16:00:00+08:00");
    const Baton__LeadResumed *on = leads_deadline_go_on(&t->routing, l, anna, &t->stamp);
    assert_int_equal(timestamp_us(on->response_due_at), at("2022-02-07T10:00:00+08:00"));
    worktime_free(anna->hours);
    leads_territories_release(all);
}

/* 3: who works in a territory, by its id or by that of what it is a copy of, works by its calendar */
static void test_says(void **state)
{
    struct leads_test *t = *state;
    Baton__Territory *rows[TERRITORIES];
    static char *const copied[] = {"bayern"}, *const gone[] = {"gone"};
    world(t, rows);
    struct leads_territories *all = leads_territories_compile(rows, TERRITORIES, t->arena);
    leads_territories_make_calendars(all);
    assert_true(leads_territories_have_calendars(all));
    assert_ptr_equal(leads_territories_say(all, copied, 1).hours, rows[BAVARIA]);
    assert_null(leads_territories_say(all, copied, 1).holidays);
    assert_ptr_equal(leads_territories_say(all, ids + TAIPEI, 1).holidays, rows[TAIWAN]);
    assert_null(leads_territories_say(all, gone, 1).zone);
    assert_null(leads_territories_say(NULL, copied, 1).zone);
    leads_territories_release(all);
}

/* 2: every make-up Saturday of Taiwan's calendars is worked, and every holiday is not */
static void test_taiwan(void **state)
{
    struct leads_test *t = *state;
    int years = 0, makeup = 0;
    t->persons[ANNA].hours = working("Asia/Taipei", 9, 17);
    t->persons[ANNA].own_hours = t->persons[ANNA].own_zone = true;
    for (int year = 2017; year <= 2023; year++) {
        struct worktime_day days[DAYS_MAX];
        size_t n = 0;
        if (!taiwan_days_read(year, days, &n, DAYS_MAX))
            continue;
        Baton__Territory *row = territory(t, ids[TAIWAN], NULL, KIND(GEOGRAPHY));
        for (size_t i = 0; i < n; i++)
            special(t, row,
                    arena_printf(t->arena, "%04d-%02d-%02d", days[i].year, days[i].month, days[i].day),
                    days[i].working);
        struct leads_territories *all = leads_territories_compile(&row, 1, t->arena);
        leads_territories_make_calendars(all);
        t->routing.territories = all;
        for (size_t i = 0; i < n; i++) {
            const char *ten = arena_printf(t->arena, "%04d-%02d-%02dT10:00:00+08:00", days[i].year,
                                           days[i].month, days[i].day);
            bool same_day = due(t, ids + TAIWAN, 1, ten) == at(ten) + 120 * MINUTE;
            assert_int_equal(same_day, days[i].working);
            makeup += days[i].working;
        }
        leads_territories_release(all);
        years++;
    }
    worktime_free(t->persons[ANNA].hours);
    if (!years)
        skip();
    print_message("%d years, %d make-up days\n", years, makeup);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_order), TEST(test_absence), TEST(test_pause),
                                       TEST(test_says), TEST(test_taiwan)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
