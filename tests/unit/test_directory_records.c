/* What the directory says about its plain records, rule by rule; the numbers are those of decide_records.c.
 */
#include "tests/unit/directory_bench.h"

static void test_organisation(void **state)
{
    struct bench *b = *state;
    Baton__User active = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE),
                gone = user(ID(1), BATON__ROLE__ROLE_REP, INACTIVE);
    Baton__WorkingInterval hours = BATON__WORKING_INTERVAL__INIT, *all_hours[] = {&hours};
    Baton__Holiday day = BATON__HOLIDAY__INIT, *days[] = {&day};
    const struct {
        int rule;
        const char *zone;
        uint32_t start, end;
        const char *date;
        bool wanted;
        const Baton__User *last_resort;
        const char *field; /* NULL: fine */
        const char *url;
    } rows[] = {
        {1, "Mars/Olympus", 1, 2, "2026-12-25", false, NULL, "time_zone", NULL},
        {1, "Asia/Taipei", 1, 2, "2026-12-25", false, NULL, NULL, NULL},
        {2, "UTC", 600, 600, "2026-12-25", false, NULL, "working_hours", NULL},
        {3, "UTC", 1, 2, "2026-02-29", false, NULL, "holidays", NULL},
        {3, "UTC", 1, 2, "2028-02-29", false, NULL, NULL, NULL},
        {3, "UTC", 1, 2, "25.12.2026", false, NULL, "holidays", NULL},
        {3, "UTC", 1, 2, NULL, false, NULL, "holidays", NULL},
        {4, "UTC", 1, 2, "2026-12-25", true, NULL, "last_resort_user_id", NULL},
        {4, "UTC", 1, 2, "2026-12-25", true, &gone, "last_resort_user_id", NULL},
        {4, "UTC", 1, 2, "2026-12-25", true, &active, NULL, NULL},
        {5, "UTC", 1, 2, "2026-12-25", true, &active, NULL, "https://Baton.example.com:8443"},
        {5, "UTC", 1, 2, "2026-12-25", true, &active, "public_url", "https://baton.example.com/"},
        {5, "UTC", 1, 2, "2026-12-25", true, &active, "public_url", "baton.example.com"},
        {5, "UTC", 1, 2, "2026-12-25", true, &active, "public_url", "https://a:b@baton.example.com"},
        {5, "UTC", 1, 2, "2026-12-25", true, &active, "public_url", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Organisation before = organisation(), o = organisation();
        struct directory_organisation_facts f = {rows[i].wanted, rows[i].last_resort};
        o.time_zone = (char *)rows[i].zone;
        o.public_url = (char *)rows[i].url;
        hours.start_minute = rows[i].start;
        hours.end_minute = rows[i].end;
        day.date = (char *)rows[i].date;
        o.working_hours = all_hours;
        o.holidays = days;
        o.n_working_hours = o.n_holidays = 1;
        bool ok = check(b, directory_check_organisation, &f, &before, &o);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
    }
}

static void test_user(void **state)
{
    struct bench *b = *state;
    const int REP = BATON__ROLE__ROLE_REP, ADMIN = BATON__ROLE__ROLE_ADMIN;
    Baton__User admin = user(ID(1), ADMIN, ACTIVE), gone = user(ID(1), ADMIN, INACTIVE);
    const struct {
        int rule;
        const Baton__User *before;
        const char *email, *zone;
        uint32_t end_minute;
        int64_t absent_us;
        int role;
        struct directory_user_facts f;
        const char *field; /* NULL: fine */
    } rows[] = {
        {3, NULL, NULL, NULL, 2, 1, REP, {0}, "email"},
        {3, NULL, "anna", NULL, 2, 1, REP, {0}, "email"},
        {3, NULL, " Anna@ACME.example ", NULL, 2, 1, REP, {0}, NULL},
        {3, NULL, "a@b.example", NULL, 2, 1, REP, {.email_owner_id = ID(1)}, "email"},
        {3, &admin, "a@b.example", NULL, 2, 1, ADMIN, {.email_owner_id = ID(1)}, NULL},
        {3, &admin, "a@b.example", NULL, 2, 1, ADMIN, {.email_owner_id = ID(2)}, "email"},
        {4, NULL, "a@b.example", "Nowhere", 2, 1, REP, {0}, "time_zone"},
        {4, NULL, "a@b.example", "Europe/Paris", 2, 1, REP, {0}, NULL},
        {5, NULL, "a@b.example", NULL, 1, 1, REP, {0}, "working_hours"},
        {6, NULL, "a@b.example", NULL, 2, 0, REP, {0}, "absences"},
        {7, NULL, "a@b.example", NULL, 2, 1, BATON__ROLE__ROLE_SYSTEM, {0}, "role"},
        {7, NULL, "a@b.example", NULL, 2, 1, BATON__ROLE__ROLE_UNSPECIFIED, {0}, "role"},
        {8, &admin, "a@b.example", NULL, 2, 1, REP, {0}, "role"},
        {8, &admin, "a@b.example", NULL, 2, 1, ADMIN, {0}, NULL},
        {8, &admin, "a@b.example", NULL, 2, 1, REP, {.other_admin = true}, NULL},
        {8, &gone, "a@b.example", NULL, 2, 1, REP, {0}, NULL},
        {9, NULL, "a@b.example", NULL, 2, 1, REP, {.missing_team_id = ID(3)}, "team_id"},
        {9, NULL, "a@b.example", NULL, 2, 1, REP, {.missing_territory_id = ID(3)}, "territory_ids"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__User u = user(rows[i].before ? ID(1) : NULL, rows[i].role, INACTIVE);
        Baton__WorkingInterval hours = BATON__WORKING_INTERVAL__INIT, *all_hours[] = {&hours};
        Baton__Absence absence = BATON__ABSENCE__INIT, *absences[] = {&absence};
        hours.start_minute = 1;
        hours.end_minute = rows[i].end_minute;
        absence.start_at = timestamp_of(b->arena, NOW);
        absence.end_at = timestamp_of(b->arena, NOW + rows[i].absent_us);
        u.email = (char *)rows[i].email;
        u.time_zone = (char *)rows[i].zone;
        u.working_hours = all_hours;
        u.absences = absences;
        u.n_working_hours = u.n_absences = 1;
        bool ok = check(b, directory_check_user, &rows[i].f, rows[i].before, &u);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        /* 2: status is what it was, or active */
        assert_int_equal(u.status, rows[i].before ? rows[i].before->status : ACTIVE);
        if (rows[i].rule == 3 && ok && !rows[i].before)
            assert_string_equal(u.email, "anna@acme.example");
    }
    /* 1 */
    const struct directory_user_facts none = {0};
    assert_refused(check(b, directory_check_user, &none, &admin, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
}

static void test_team(void **state)
{
    struct bench *b = *state;
    Baton__Team team = BATON__TEAM__INIT;
    team.id = ID(1);
    struct directory_team_facts f = {.has_members = true};
    /* 1 */
    assert_refused(check(b, directory_check_team, &f, &team, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_team_facts){.has_children = true};
    assert_refused(check(b, directory_check_team, &f, &team, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_team_facts){0};
    assert_true(check(b, directory_check_team, &f, &team, NULL));
    /* 2 */
    f.missing_manager_id = ID(5);
    assert_refused(check(b, directory_check_team, &f, NULL, &team), b, REFUSAL_FAILED_PRECONDITION,
                   "manager_id");
    /* 3 */
    f = (struct directory_team_facts){.parents = {.wanted = true}};
    assert_refused(check(b, directory_check_team, &f, &team, &team), b, REFUSAL_NOT_FOUND, "parent_id");
    f.parents = (struct directory_chain){true, {ID(2), ID(3), ID(1)}, 3};
    assert_refused(check(b, directory_check_team, &f, &team, &team), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
    f.parents.n = 2;
    assert_true(check(b, directory_check_team, &f, &team, &team));
    for (f.parents.n = 0; f.parents.n < DIRECTORY_DEPTH_MAX; f.parents.n++)
        f.parents.ids[f.parents.n] = ID(2);
    assert_refused(check(b, directory_check_team, &f, NULL, &team), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
    f.parents.n--;
    assert_true(check(b, directory_check_team, &f, NULL, &team));
}

static void test_territory(void **state)
{
    struct bench *b = *state;
    Baton__Territory t = BATON__TERRITORY__INIT;
    t.id = ID(1);
    struct directory_territory_facts f = {.has_users = true};
    /* 1 */
    assert_refused(check(b, directory_check_territory, &f, &t, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_territory_facts){.has_children = true};
    assert_refused(check(b, directory_check_territory, &f, &t, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_territory_facts){0};
    assert_true(check(b, directory_check_territory, &f, &t, NULL));
    /* 2 */
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_INVALID_ARGUMENT, "kind");
    t.kind = BATON__TERRITORY_KIND__TERRITORY_KIND_REGION;
    assert_true(check(b, directory_check_territory, &f, NULL, &t));
    /* 3 */
    f.parents = (struct directory_chain){true, {ID(1)}, 1};
    assert_refused(check(b, directory_check_territory, &f, &t, &t), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
    f.parents = (struct directory_chain){.wanted = true};
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_NOT_FOUND, "parent_id");
    /* 4 */
    Baton__Territory above = BATON__TERRITORY__INIT;
    above.name = "Above";
    above.kind = BATON__TERRITORY_KIND__TERRITORY_KIND_INDUSTRY;
    f = (struct directory_territory_facts){.parents = {true, {ID(2)}, 1}, .parent = &above};
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
    above.kind = t.kind;
    assert_true(check(b, directory_check_territory, &f, NULL, &t));
}

static void test_territory_rules(void **state)
{
    static const struct {
        char *from, *to;
        bool good;
    } ranges[] = {
        {"100", "116", true},     {"100", NULL, true},   {"\xef\xbc\x91", "2", true},
        {"01000", "01999", true}, {"116", "100", false}, {"01000", "1999", false},
        {"100", "1160", false},   {"-", "1", false},
    };
    struct bench *b = *state;
    const struct directory_territory_facts f = {0};
    Baton__Territory t = BATON__TERRITORY__INIT;
    Baton__TerritoryRule rule = BATON__TERRITORY_RULE__INIT, *rules[] = {&rule};
    Baton__PostalRange range = BATON__POSTAL_RANGE__INIT, *postal_codes[] = {&range};
    t.kind = BATON__TERRITORY_KIND__TERRITORY_KIND_REGION;
    t.rules = rules;
    t.n_rules = 1;
    /* 5 */
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_INVALID_ARGUMENT, "rules");
    /* 6 */
    rule.postal_codes = postal_codes;
    rule.n_postal_codes = 1;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        range.from = ranges[i].from;
        range.to = ranges[i].to;
        assert_int_equal(check(b, directory_check_territory, &f, NULL, &t), ranges[i].good);
    }
    range = (Baton__PostalRange)BATON__POSTAL_RANGE__INIT;
    range.from = "1";
    rule.has_revenue_at_least = rule.has_revenue_at_most = true;
    rule.revenue_at_least = 2;
    rule.revenue_at_most = 1;
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_INVALID_ARGUMENT, "rules");
    /* 7 */
    t.n_rules = 0;
    t.time_zone = "Moon/Base";
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_INVALID_ARGUMENT,
                   "time_zone");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_organisation),
        cmocka_unit_test(test_user),
        cmocka_unit_test(test_team),
        cmocka_unit_test(test_territory),
        cmocka_unit_test(test_territory_rules),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
