/* Deadlines over whole years, through the decisions, beside a count of working minutes that asks libc for the
   local time: changes of the clocks, holidays, make-up days, pauses. */
#include "leads_facts.h"
#include "unit/taiwan_days.h"

#include <time.h>

enum { DAYS_MAX = 400, LEADS_A_YEAR = 150, START = 9 * 60, END = 17 * 60 + 30 };
enum { REMIND_AFTER = 45, ESCALATE_AFTER = 500, PASS_ON_AFTER = 1100 };

struct year {
    const char *zone;
    int year;
    struct worktime_day days[DAYS_MAX];
    size_t n_days;
};

static const struct worktime_interval office[] = {
    {1, START, END}, {2, START, END}, {3, START, END}, {4, START, END}, {5, START, END},
};

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* 0 Sunday, as libc has it; the rest as written in the calendar. */
static bool works(const struct year *y, int64_t at_us)
{
    time_t seconds = at_us / 1000000;
    struct tm t;
    localtime_r(&seconds, &t);
    int minute = t.tm_hour * 60 + t.tm_min;
    bool weekday = t.tm_wday != 0 && t.tm_wday != 6;
    for (size_t i = 0; i < y->n_days; i++)
        if (y->days[i].year == t.tm_year + 1900 && y->days[i].month == t.tm_mon + 1 &&
            y->days[i].day == t.tm_mday)
            weekday = y->days[i].working;
    return weekday && minute >= START && minute < END;
}

static int64_t worked(const struct year *y, int64_t from_us, int64_t to_us)
{
    int64_t minutes = 0;
    for (int64_t at_us = from_us; at_us < to_us; at_us += MINUTE)
        minutes += works(y, at_us);
    return minutes;
}

static void happen(struct leads_test *t, Baton__Lead *l)
{
    for (size_t i = 0; i < t->out.n_events; i++) {
        const struct schema_field *member;
        leads_evolve(l, schema_oneof(&t->out.events[i]->base, &member), t->stamp.now_us, t->arena);
    }
}

static Baton__Lead *assign(struct leads_test *t)
{
    static const struct leads_level levels[] = {
        {REMIND_AFTER, BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND},
        {ESCALATE_AFTER, BATON__DEADLINE_ACTION__DEADLINE_ACTION_ESCALATE},
        {PASS_ON_AFTER, BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON},
    };
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    Baton__LeadAssigned e = BATON__LEAD_ASSIGNED__INIT;
    memcpy(t->routing.levels, levels, sizeof levels);
    t->routing.n_levels = 3;
    e.lead_id = l->id;
    e.owner_id = l->owner_id;
    t->persons[ANNA].state = worktime_at(t->persons[ANNA].hours, t->stamp.now_us, &t->persons[ANNA].until_us);
    leads_add_deadline(&e, &t->routing, &t->persons[ANNA], l, NULL, &t->stamp);
    leads_evolve(l, &e.base, t->stamp.now_us, t->arena);
    return l;
}

static void pause(struct leads_test *t, Baton__Lead *l, int64_t until_us)
{
    struct leads_lead_facts f = {.lead = l, .routing = &t->routing};
    Baton__PauseLeadRequest q = BATON__PAUSE_LEAD_REQUEST__INIT;
    q.until = timestamp_of(t->arena, until_us);
    q.reason = "on holiday";
    struct command c = command_of(t, &q);
    fresh(t);
    assert_true(leads_decide_pause(&f, &c, &t->stamp, &t->out));
    happen(t, l);
}

static void due(struct leads_test *t, Baton__Lead *l)
{
    struct leads_due_facts f = {.routing = &t->routing, .owner = &t->persons[ANNA]};
    struct command c = command_of(t, l);
    t->stamp.now_us = l->next_due_us;
    fresh(t);
    assert_true(leads_decide_due(&f, &c, &t->stamp, &t->out));
    happen(t, l);
}

/* From the start to each step lie as many working minutes as the level says, none of them in the pause, and
   the last of them just before it. */
static void check_lead(struct leads_test *t, const struct year *y, uint64_t *seed, int64_t start_us)
{
    static const int after[] = {REMIND_AFTER, ESCALATE_AFTER, PASS_ON_AFTER};
    int64_t pause_us = start_us + (int64_t)(next_random(seed) % 4000) * MINUTE;
    int64_t until_us = pause_us + (int64_t)(1 + next_random(seed) % 20000) * MINUTE;
    bool paused = false, was_due = false; /* was_due: in the very minute of the pause; it comes right after */
    t->stamp.now_us = start_us;
    Baton__Lead *l = assign(t);
    for (int i = 0; i < 3; i++) {
        if (!paused && pause_us <= l->next_due_us) {
            t->stamp.now_us = pause_us;
            was_due = pause_us == l->next_due_us;
            pause(t, l, until_us);
            due(t, l); /* which resumes it */
            paused = true;
        }
        int64_t at_us = l->next_due_us / MINUTE * MINUTE; /* what was due already comes within the minute */
        int64_t minutes =
            paused ? worked(y, start_us, pause_us) + worked(y, until_us, at_us) : worked(y, start_us, at_us);
        assert_int_equal(minutes, after[i]);
        assert_true(works(y, at_us - MINUTE) || at_us == until_us || (was_due && works(y, at_us)));
        due(t, l);
    }
    assert_string_equal(l->owner_id, user_id(RESORT));
}

static int64_t first_of(int year)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mday = 1};
    return (int64_t)timegm(&tm) * 1000000;
}

static void check_year(struct leads_test *t, const struct year *y, uint64_t *seed)
{
    setenv("TZ", y->zone, 1);
    tzset();
    t->persons[ANNA].hours = worktime_new(y->zone, office, 5, y->days, y->n_days, NULL, 0);
    for (int i = 0; i < LEADS_A_YEAR; i++)
        check_lead(t, y, seed, first_of(y->year) + (int64_t)(next_random(seed) % (320 * 1440)) * MINUTE);
    worktime_free(t->persons[ANNA].hours);
    t->persons[ANNA].hours = NULL;
    setenv("TZ", "UTC", 1);
    tzset();
}

/* 1: changes of the clocks on both hemispheres, by an hour and by half an hour, holidays, a Saturday that is
 * worked */
static void test_clocks_and_holidays(void **state)
{
    static const struct year years[] = {
        {"Europe/Berlin",
         2024,
         {{2024, 4, 1, false}, {2024, 5, 1, false}, {2024, 12, 25, false}, {2024, 3, 30, true}},
         4},
        {"America/New_York", 2024, {{2024, 7, 4, false}, {2024, 11, 28, false}}, 2},
        {"Australia/Lord_Howe", 2024, {{2024, 4, 25, false}}, 1},
        {"Asia/Kolkata", 2024, {{2024, 8, 15, false}, {2024, 8, 17, true}}, 2},
    };
    struct leads_test *t = *state;
    uint64_t seed = 7;
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        check_year(t, &years[i], &seed);
}

/* 2: Taiwan's calendars, with make-up Saturdays and long New Year holidays */
static void test_taiwan(void **state)
{
    struct leads_test *t = *state;
    uint64_t seed = 8;
    int makeup = 0, years = 0;
    for (int year = 2017; year <= 2023; year++) {
        struct year y = {.zone = "Asia/Taipei", .year = year};
        if (!taiwan_days_read(year, y.days, &y.n_days, DAYS_MAX))
            continue;
        years++;
        for (size_t i = 0; i < y.n_days; i++)
            makeup += y.days[i].working;
        check_year(t, &y, &seed);
    }
    if (!years)
        skip();
    print_message("%d years, %d make-up days\n", years, makeup);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_clocks_and_holidays),
        TEST(test_taiwan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
