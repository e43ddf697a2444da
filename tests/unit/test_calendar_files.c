/* Files of iCalendar: each is read or refused with a reason, and what was read is the same once it has been
   written and read again. Those of others are there where BATON_TEST_DATA is. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/text.h"
#include "services/contacts/ical.h"
#include "tests/unit/decide_bench.h"
#include "tool/calendar_read.h"

enum { MEMORY = 256 << 20, PATH_SIZE = 1024, FILE_MAX = 1 << 20 };

static char *written(const Baton__Activity *a, struct arena *arena)
{
    const char **addresses = ARENA_ARRAY(arena, const char *, a->n_attendees);
    for (size_t i = 0; i < a->n_attendees; i++)
        addresses[i] = a->attendees[i]->email;
    const struct ical_event e = {.activity = a, .addresses = addresses};
    char *text = contacts_ical_event(&e);
    assert_non_null(text);
    char *whole = arena_printf(arena, ICAL_BEGIN "%s" ICAL_END, text);
    free(text);
    return whole;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Its lines in the order of their bytes: libical keeps them apart by what they are. */
static const char *sorted(const Baton__Activity *a, struct arena *arena)
{
    enum { LINES = 2000 };
    char *lines[LINES],
        *text = arena_strndup(arena, a->has_foreign ? (const char *)a->foreign.data : "", a->foreign.len);
    const char *whole = "";
    size_t n = 0;
    for (char *at = text; *at && n < LINES; n++) {
        lines[n] = at;
        at += strcspn(at, "\r\n");
        for (; *at == '\r' || *at == '\n'; at++)
            *at = '\0';
    }
    qsort(lines, n, sizeof *lines, by_text);
    for (size_t i = 0; i < n; i++)
        whole = arena_printf(arena, "%s%s\n", whole, lines[i]);
    return whole;
}

static void same_again(const char *path, const struct calendar_item *x, struct arena *arena)
{
    struct calendar_file again;
    char *text = written(x->activity, arena);
    calendar_read(text, strlen(text), arena, &again);
    assert_null(again.refused);
    assert_int_equal(again.n, 1);
    if (again.items[0].refused)
        fail_msg("%s: %s: written, it is refused: %s\n%s", path, x->what, again.items[0].refused, text);
    const Baton__Activity *before = x->activity, *after = again.items[0].activity;
    const struct schema_message *m = schema_message(&baton__activity__descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (strcmp(m->pb->fields[i].name, "foreign") != 0 &&
            !schema_field_equal(&before->base, &after->base, &m->fields[i]))
            fail_msg("%s: %s: %s is another one:\n%.*s\n---\n%s", path, x->what, m->pb->fields[i].name,
                     (int)before->foreign.len, (const char *)before->foreign.data, text);
    assert_string_equal(sorted(before, arena), sorted(after, arena));
}

static size_t n_read, n_refused;

static void one_file(const char *path)
{
    struct arena *arena = arena_new(MEMORY);
    char *text = arena_alloc(arena, FILE_MAX);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    const size_t size = fread(text, 1, FILE_MAX, f);
    fclose(f);
    struct calendar_file file;
    calendar_read(text, size, arena, &file);
    n_refused += file.refused != NULL;
    for (size_t i = 0; !file.refused && i < file.n; i++) {
        assert_int_equal(file.items[i].activity == NULL, file.items[i].refused != NULL);
        n_refused += file.items[i].refused != NULL;
        n_read += file.items[i].activity != NULL;
        if (getenv("BATON_TEST_SAY") && file.items[i].refused)
            print_message("%s: %s: %s\n", path, file.items[i].what, file.items[i].refused);
        if (file.items[i].activity)
            same_again(path, &file.items[i], arena);
    }
    if (getenv("BATON_TEST_SAY") && file.refused)
        print_message("%s: %s\n", path, file.refused);
    arena_free(arena);
}

static void walk(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *e;
    assert_non_null(d);
    while ((e = readdir(d))) {
        char path[PATH_SIZE];
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_type == DT_DIR)
            walk(path);
        else if (strstr(e->d_name, ".ics"))
            one_file(path);
    }
    closedir(d);
}

static void test_files_of_others(void **state)
{
    char folder[PATH_SIZE];
    const char *data = getenv("BATON_TEST_DATA");
    snprintf(folder, sizeof folder, "%s/icalendars", data ? data : "../shared/data");
    DIR *d = opendir(folder);
    if (!d)
        skip();
    closedir(d);
    walk(folder);
    print_message("%zu activities, %zu components or files refused\n", n_read, n_refused);
    assert_true(n_read > 100);
}

static struct calendar_file read_text(const char *text, struct arena *a)
{
    struct calendar_file f;
    calendar_read(text, strlen(text), a, &f);
    return f;
}

/* Zones by any name; what stands for one start of a series; what is ours and what is not. */
static void test_meaning(void **state)
{
    struct bench *b = *state;
    const struct calendar_file f = read_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;TZID=/a.example/1/Europe/"
        "Berlin:20260112T090000\r\n"
        "DTSTART;TZID=W. Europe Standard Time:20260112T110000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY;LANGUAGE=en:Week\r\nDTSTART;TZID=Europe/Berlin:20260105T090000\r\n"
        "DTEND;TZID=Europe/Berlin:20260105T100000\r\nRRULE:FREQ=WEEKLY\r\nEXDATE:20260119T080000Z\r\n"
        "X-OTHER;A=b:c\r\nATTENDEE;CN=Ann;RSVP=TRUE;PARTSTAT=ACCEPTED:mailto:ann@staff.example\r\n"
        "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nDTSTART;TZID=Nowhere:20260105T090000\r\nEND:VEVENT\r\n"
        "BEGIN:VJOURNAL\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n",
        b->arena);
    assert_null(f.refused);
    assert_int_equal(f.n, 4);
    const Baton__Activity *week = f.items[0].activity, *one = f.items[3].activity;
    assert_string_equal(week->subject, "Week");
    assert_string_equal(week->time_zone, "Europe/Berlin");
    assert_string_equal(week->recurrence, "FREQ=WEEKLY");
    assert_int_equal(week->n_excluded_dates, 2);
    assert_string_equal(week->excluded_dates[0], "2026-01-19T09:00:00");
    assert_string_equal(week->excluded_dates[1], "2026-01-12T09:00:00");
    assert_int_equal(week->reminder_minutes[0], 15);
    assert_string_equal(week->attendees[0]->email, "ann@staff.example");
    assert_int_equal(week->attendees[0]->answer, BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_ACCEPTED);
    const char *foreign = arena_strndup(b->arena, (const char *)week->foreign.data, week->foreign.len);
    assert_non_null(strstr(foreign, "X-OTHER;A=b:c"));
    assert_non_null(strstr(foreign, "ACTION:AUDIO"));
    assert_string_equal(f.items[1].refused, "nobody knows the time zone \"Nowhere\"");
    assert_non_null(f.items[2].refused);
    assert_string_equal(one->recurrence_id, "2026-01-12T09:00:00");
    assert_string_equal(one->end_local, "2026-01-12T12:00:00");
    /* what was changed here is what leaves, and all else as it came */
    Baton__Activity changed = *week;
    changed.subject = "Month";
    changed.n_reminder_minutes = 0;
    changed.attendees[0]->answer = BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_DECLINED;
    const char *text = written(&changed, b->arena);
    assert_non_null(strstr(text, "SUMMARY:Month"));
    assert_null(strstr(text, "VALARM"));
    assert_non_null(strstr(text, "PARTSTAT=DECLINED"));
    assert_non_null(strstr(text, "RSVP=TRUE"));
    assert_non_null(strstr(text, "X-OTHER;A=b:c"));
}

/* A backslash that is no escape stays, and the character behind it whole. */
static void test_backslash(void **state)
{
    struct bench *b = *state;
    const struct calendar_file f = read_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:C:\\\u00e9t\u00e9\r\nX-A:d\\\ufeff, e\r\n"
        "DTSTART:20260105T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b->arena);
    assert_int_equal(f.n, 1);
    assert_string_equal(f.items[0].activity->subject, "C:\\\u00e9t\u00e9");
    const char *text = written(f.items[0].activity, b->arena);
    assert_non_null(strstr(text, "SUMMARY:C:\\\\\u00e9t\u00e9\r\n"));
    assert_true(text_valid(text, strlen(text)));
}

static void test_zone_written(void **state)
{
    char *text = contacts_ical_zone("Europe/Berlin");
    assert_non_null(text);
    assert_non_null(strstr(text, "TZID:Europe/Berlin\r\n"));
    assert_non_null(strstr(text, "BEGIN:DAYLIGHT"));
    free(text);
    assert_null(contacts_ical_zone("Europe/Nowhere"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_of_others),
        cmocka_unit_test(test_meaning),
        cmocka_unit_test(test_backslash),
        cmocka_unit_test(test_zone_written),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
