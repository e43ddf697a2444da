/* What users want of notifications, rule by rule; the numbers are those of the comments in
   decide_preferences.c and decide_tell.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "services/notifications/chain.h"
#include "services/notifications/preferences.h"

#define CLASS(name) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##name
#define IS(name)    BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_##name
#define MAIL        BATON__CHANNEL__CHANNEL_MAIL
#define MINUTE      INT64_C(60000000)
#define HOUR        (60 * MINUTE)
#define DAY         (24 * HOUR)
/* 2026-01-05, a Monday, 00:00 UTC; in Taipei it is 08:00. */
#define MONDAY INT64_C(1767571200000000)

struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
    Baton__User user;
    struct delivery_way way;
    struct recipient recipient;
    Baton__NotificationPreferences preferences;
    Baton__QuietHours hours, *hours_list[1];
};

static int setup(void **state)
{
    static struct bench bench;
    schema_load();
    bench.arena = arena_new(4 << 20);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static void fresh(struct bench *b, int64_t now_us)
{
    memset(&b->out, 0, sizeof b->out);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = now_us, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
}

/* A representative with an address, a mail account, and preferences that say nothing. */
static void begin(struct bench *b, int64_t now_us)
{
    fresh(b, now_us);
    baton__actor__init(&b->actor);
    b->actor.user_id = (char *)"user";
    baton__user__init(&b->user);
    b->user.email = (char *)"a@b.example";
    b->user.has_role = true;
    b->user.role = BATON__ROLE__ROLE_REP;
    b->way = (struct delivery_way){.channel = MAIL, .lane_id = "lane"};
    baton__notification_preferences__init(&b->preferences);
    b->preferences.user_id = (char *)"user";
    b->recipient = (struct recipient){
        .ways = {.user = &b->user, .ways = &b->way, .n = 1}, .preferences = &b->preferences, .zone = "UTC"};
    baton__quiet_hours__init(&b->hours);
    b->hours_list[0] = &b->hours;
}

static void quiet(struct bench *b, uint32_t start, uint32_t end)
{
    b->hours.start_minute = start;
    b->hours.end_minute = end;
    b->preferences.quiet_hours = b->hours_list;
    b->preferences.n_quiet_hours = 1;
}

static const Baton__Notification *tell(struct bench *b, Baton__NotificationClass class,
                                       Baton__NotificationImportance importance)
{
    const struct told t = {
        .class = class, .importance = importance, .user_id = (char *)"user", .lead_id = (char *)"lead"};
    notifications_tell(&t, &b->recipient, &b->stamp, &b->out);
    return b->out.events[0]->notification_created->notification;
}

/* Whether the last one goes by mail unless it is seen before. */
static size_t letters(const struct bench *b, const Baton__Notification *n)
{
    const struct chain c = chain_of(n, &b->recipient);
    size_t all = 0;
    for (size_t i = 0; n->has_chain_due_us && i < c.n; i++)
        all += (c.steps[i].by & 1U << MAIL) != 0;
    return all;
}

static void test_quiet_until(void **state)
{
    struct bench *b = *state;
    static uint32_t friday[] = {5};
    const struct {
        const char *zone;
        uint32_t start, end;
        bool friday, snoozes;
        int64_t at_us, until_us;
    } rows[] = {
        {"UTC", 22 * 60, 7 * 60, false, false, MONDAY + 21 * HOUR, MONDAY + 21 * HOUR},
        {"UTC", 22 * 60, 7 * 60, false, false, MONDAY + 22 * HOUR, MONDAY + 31 * HOUR},
        {"UTC", 22 * 60, 7 * 60, false, false, MONDAY + 6 * HOUR, MONDAY + 7 * HOUR},
        {"UTC", 22 * 60, 7 * 60, false, false, MONDAY + 7 * HOUR, MONDAY + 7 * HOUR},
        {"UTC", 12 * 60, 13 * 60, false, false, MONDAY + 12 * HOUR, MONDAY + 13 * HOUR},
        {"UTC", 22 * 60, 1440, false, false, MONDAY + 23 * HOUR, MONDAY + DAY},
        {"Asia/Taipei", 22 * 60, 7 * 60, false, false, MONDAY + 14 * HOUR, MONDAY + 23 * HOUR},
        {"Asia/Taipei", 22 * 60, 7 * 60, false, false, MONDAY, MONDAY},
        {"UTC", 22 * 60, 7 * 60, true, false, MONDAY + 23 * HOUR, MONDAY + 23 * HOUR},
        {"UTC", 22 * 60, 7 * 60, true, false, MONDAY + 5 * DAY + HOUR, MONDAY + 5 * DAY + 7 * HOUR},
        /* the end of what one wants lies in what one wants besides */
        {"UTC", 22 * 60, 7 * 60, false, true, MONDAY + 21 * HOUR, MONDAY + 31 * HOUR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, rows[i].at_us);
        quiet(b, rows[i].start, rows[i].end);
        b->hours.weekdays = friday;
        b->hours.n_weekdays = rows[i].friday;
        b->preferences.snooze_until =
            rows[i].snoozes ? timestamp_of(b->arena, MONDAY + 22 * HOUR + MINUTE) : NULL;
        assert_int_equal(preferences_quiet_until(&b->preferences, rows[i].zone, rows[i].at_us),
                         rows[i].until_us);
    }
    assert_int_equal(preferences_quiet_until(NULL, "UTC", MONDAY), MONDAY);
}

static void test_manner(void **state)
{
    struct bench *b = *state;
    Baton__Absence away = BATON__ABSENCE__INIT, *absences[] = {&away};
    static char *muted[] = {(char *)"another", (char *)"lead"};
    static Baton__NotificationClass gathered[] = {CLASS(LEAD_ASSIGNED)};
    away.start_at = timestamp_of(b->arena, MONDAY - HOUR);
    away.end_at = timestamp_of(b->arena, MONDAY + HOUR);
    const struct {
        int rule;
        Baton__NotificationClass class;
        Baton__NotificationImportance importance; /* 0: of its class */
        bool muted, away, gathers, quiet;
        size_t letters;
        bool silent, digest;
    } rows[] = {
        {1, CLASS(LEAD_ASSIGNED), 0, false, false, false, false, 1, false, false},
        {1, CLASS(HEADS_UP), 0, false, false, false, false, 0, false, false},
        {4, CLASS(LEAD_ASSIGNED), IS(CRITICAL), true, true, true, true, 1, false, false},
        {5, CLASS(LEAD_ASSIGNED), 0, true, false, false, false, 0, true, false},
        {5, CLASS(LEAD_ASSIGNED), 0, true, false, true, false, 0, true, false},
        {5, CLASS(LEAD_ASSIGNED), IS(NORMAL), false, true, false, false, 0, true, false},
        {5, CLASS(LEAD_ASSIGNED), IS(HIGH), false, true, false, false, 1, false, false},
        {6, CLASS(LEAD_ASSIGNED), 0, false, false, true, false, 0, true, true},
        {6, CLASS(LEAD_REASSIGNED), 0, false, false, true, false, 1, false, false},
        {7, CLASS(LEAD_ASSIGNED), 0, false, false, false, true, 1, true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, MONDAY);
        b->preferences.muted_ids = muted;
        b->preferences.n_muted_ids = rows[i].muted ? 2 : 1;
        b->user.absences = absences;
        b->user.n_absences = rows[i].away;
        b->preferences.digest_classes = gathered;
        b->preferences.n_digest_classes = rows[i].gathers;
        if (rows[i].quiet)
            quiet(b, 1380, 60);
        const Baton__Notification *n = tell(b, rows[i].class, rows[i].importance);
        assert_int_equal(letters(b, n), rows[i].letters);
        assert_int_equal(n->silent, rows[i].silent);
        assert_int_equal(b->out.events[0]->notification_created->has_digest_due_us, rows[i].digest);
        if (rows[i].digest)
            assert_int_equal(b->out.events[0]->notification_created->digest_due_us, MONDAY + 8 * HOUR);
    }
}

static void test_choices(void **state)
{
    struct bench *b = *state;
    Baton__NotificationChoice off = BATON__NOTIFICATION_CHOICE__INIT, on = off, *choices[] = {&off, &on};
    begin(b, MONDAY);
    off.class_ = CLASS(LEAD_ASSIGNED);
    on.class_ = CLASS(HEADS_UP);
    off.channel = on.channel = MAIL;
    on.on = true;
    b->preferences.choices = choices;
    b->preferences.n_choices = 2;
    /* 1 */
    assert_int_equal(letters(b, tell(b, CLASS(LEAD_ASSIGNED), 0)), 0);
    fresh(b, MONDAY);
    assert_int_equal(letters(b, tell(b, CLASS(HEADS_UP), 0)), 1);
    /* 1: by role */
    b->preferences.n_choices = 0;
    fresh(b, MONDAY);
    b->user.role = BATON__ROLE__ROLE_PARTNER;
    assert_int_equal(letters(b, tell(b, CLASS(DEADLINE_PASSED), 0)), 1);
}

static bool set(struct bench *b, int64_t now_us)
{
    Baton__SetPreferencesRequest r = BATON__SET_PREFERENCES_REQUEST__INIT;
    r.preferences = &b->preferences;
    fresh(b, now_us);
    return notifications_decide_preferences(NULL, &(struct command){.request = &r.base, .actor = &b->actor},
                                            &b->stamp, &b->out);
}

static void test_set(void **state)
{
    struct bench *b = *state;
    Baton__NotificationChoice choice = BATON__NOTIFICATION_CHOICE__INIT, *choices[] = {&choice};
    static Baton__NotificationClass digest[] = {CLASS(LEAD_MERGED), CLASS(DIGEST)};
    begin(b, MONDAY);
    assert_true(set(b, MONDAY));
    assert_string_equal(b->out.events[0]->preferences_set->preferences->user_id, "user");
    /* 1 */
    b->actor.user_id = NULL;
    assert_false(set(b, MONDAY));
    assert_int_equal(b->out.no.code, REFUSAL_PERMISSION_DENIED);
    b->actor.user_id = (char *)"user";
    /* 2 */
    b->preferences.choices = choices;
    b->preferences.n_choices = 1;
    assert_false(set(b, MONDAY));
    assert_string_equal(b->out.no.field, "preferences.choices[0].class");
    choice.class_ = CLASS(LEAD_MERGED);
    choice.channel = BATON__CHANNEL__CHANNEL_WEBHOOK;
    assert_false(set(b, MONDAY));
    assert_string_equal(b->out.no.field, "preferences.choices[0].channel");
    choice.channel = MAIL;
    b->preferences.digest_classes = digest;
    b->preferences.n_digest_classes = 2;
    assert_false(set(b, MONDAY));
    assert_string_equal(b->out.no.field, "preferences.digest_classes[1]");
    b->preferences.n_digest_classes = 1;
    assert_true(set(b, MONDAY));
    /* 3 */
    b->preferences.snooze_until = timestamp_of(b->arena, MONDAY + 400 * DAY);
    assert_false(set(b, MONDAY));
    assert_string_equal(b->out.no.field, "preferences.snooze_until");
}

static void test_digest(void **state)
{
    struct bench *b = *state;
    Baton__DigestCount one = BATON__DIGEST_COUNT__INIT, two = one, *counts[] = {&one, &two};
    Baton__Digest d = BATON__DIGEST__INIT;
    const struct command c = {.request = &d.base, .actor = &b->actor};
    begin(b, MONDAY);
    d.user_id = (char *)"user";
    d.counts = counts;
    d.n_counts = 2;
    one.class_ = CLASS(LEAD_MERGED);
    one.count = 3;
    two.class_ = CLASS(LEAD_CONVERTED);
    two.count = 1;
    /* 4 */
    assert_true(notifications_decide_digest(&b->recipient, &c, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(b->out.events[0]->digest_sent->user_id, "user");
    const Baton__Notification *n = b->out.events[1]->notification_created->notification;
    assert_string_equal(n->text, "3 × The same customer again\n1 × Lead converted\n");
    assert_int_equal(n->class_, CLASS(DIGEST));
    assert_int_equal(letters(b, n), 1);
    fresh(b, MONDAY);
    b->recipient.ways.user = NULL;
    assert_true(notifications_decide_digest(&b->recipient, &c, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 1);
    /* its next time, by the user's own clocks, also on the days on which they are changed */
    struct worktime *taipei = worktime_new("Asia/Taipei", NULL, 0, NULL, 0, NULL, 0);
    struct worktime *berlin = worktime_new("Europe/Berlin", NULL, 0, NULL, 0, NULL, 0);
    const int64_t changed = INT64_C(1774742400000000); /* 2026-03-29 00:00 UTC, an hour before it */
    assert_int_equal(preferences_digest_us(&b->preferences, taipei, MONDAY), MONDAY + DAY);
    assert_int_equal(preferences_digest_us(&b->preferences, taipei, MONDAY - 1), MONDAY);
    assert_int_equal(preferences_digest_us(&b->preferences, berlin, changed), changed + 6 * HOUR);
    worktime_free(taipei);
    worktime_free(berlin);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet_until), cmocka_unit_test(test_manner), cmocka_unit_test(test_choices),
        cmocka_unit_test(test_set),         cmocka_unit_test(test_digest),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
