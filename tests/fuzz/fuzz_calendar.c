/* Calendars: files as they come in, and what an activity may say in the words of others when it goes out. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "contacts/ical.h"
#include "contacts/repeat.h"
#include "fuzz/fuzz.h"
#include "tool/calendar_read.h"

enum { MEMORY = 256 << 20, STARTS = 64 };

static void check_rule(const char *rule)
{
    char why[REPEAT_WHY];
    struct civil out[STARTS];
    const struct civil until = {2036, 1, 1, 0, 0, 0};
    const struct repeat r = {.start = {2026, 1, 5, 9, 0, 0}, .rule = rule, .zone = "Europe/Berlin"};
    bool cut = false;
    if (!contacts_repeat_check(&r, why)) {
        assert(why[0] != '\0' && strlen(why) < REPEAT_WHY);
        return;
    }
    const size_t n = contacts_repeat_list(&r, &r.start, &until, out, STARTS, &cut);
    assert(n > 0 && n <= STARTS);
    for (size_t i = 1; i < n; i++)
        assert(civil_seconds(&out[i - 1]) < civil_seconds(&out[i]));
}

static void check_written(const Baton__Activity *a, struct arena *arena)
{
    const char **addresses = ARENA_ARRAY(arena, const char *, a->n_attendees);
    for (size_t i = 0; i < a->n_attendees; i++)
        addresses[i] = a->attendees[i]->email;
    const struct ical_event e = {.activity = a, .addresses = addresses};
    char *text = contacts_ical_event(&e);
    assert(text != NULL && text_valid(text, strlen(text)));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = fuzz_arena(MEMORY);
    struct calendar_file file;
    calendar_read((const char *)data, size, arena, &file);
    for (size_t i = 0; file.refused == NULL && i < file.n; i++) {
        const Baton__Activity *a = file.items[i].activity;
        assert(file.items[i].what != NULL && (a == NULL) == (file.items[i].refused != NULL));
        if (a == NULL)
            continue;
        if (a->recurrence != NULL)
            check_rule(a->recurrence);
        check_written(a, arena);
    }
    /* the same as what a program might put there */
    Baton__Activity a = BATON__ACTIVITY__INIT;
    a.subject = (char *)"Visit";
    a.id = (char *)"0190a8e2-1111-7000-8000-000000000001";
    a.has_foreign = true;
    a.foreign = (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)data};
    if (text_valid((const char *)data, size))
        check_written(&a, arena);
    return 0;
}
