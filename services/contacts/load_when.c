/* When activities are, one repetition after the other: rows and rules as moments. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/contacts/repeat.h"
#include "services/contacts/rows.h"

enum { ZONES_KEPT = 16, ZONE_NAME = 64, LIST_ROOM = 16, LIST_ROUNDS = 16, HORIZON_YEARS = 30, DAY_S = 86400 };
enum { MARGIN = 64 /* starts on the days before and after */ };
static const int64_t SECOND_US = 1000000, MINUTE_US = 60000000, CLOCKS_S = 3 * 3600;

/* Opening a zone takes longer than all that is asked of it. */
struct contacts_zones {
    struct {
        char name[ZONE_NAME];
        struct civil_zone *zone;
    } kept[ZONES_KEPT];
    size_t next;
};

struct contacts_zones *contacts_zones_new(void)
{
    struct contacts_zones *s = calloc(1, sizeof *s);
    assert(s);
    return s;
}

void contacts_zones_free(struct contacts_zones *s)
{
    for (size_t i = 0; i < ZONES_KEPT; i++)
        civil_zone_free(s->kept[i].zone);
    free(s);
}

static const struct civil_zone *zone_of(struct contacts_zones *s, const char *name)
{
    for (size_t i = 0; i < ZONES_KEPT; i++)
        if (s->kept[i].zone && strcmp(s->kept[i].name, name) == 0)
            return s->kept[i].zone;
    struct civil_zone *z = strlen(name) < ZONE_NAME ? civil_zone_new(name) : NULL;
    if (!z)
        return NULL;
    const size_t at = s->next++ % ZONES_KEPT;
    civil_zone_free(s->kept[at].zone);
    memcpy(s->kept[at].name, name, strlen(name) + 1);
    s->kept[at].zone = z;
    return z;
}

/* --- its words as what repeats --- */

static size_t dates_of(char *const *texts, size_t n, struct civil *out)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        char plain[CIVIL_SIZE] = "";
        bool is_date;
        const size_t size = strcspn(texts[i], "Z");
        if (size >= sizeof plain)
            continue;
        memcpy(plain, texts[i], size);
        used += civil_parse(plain, &out[used], &is_date);
    }
    return used;
}

static void repeat_of(const Baton__Activity *a, const struct activity_when *w, struct repeat *r,
                      struct arena *arena)
{
    struct civil *besides = ARENA_ARRAY(arena, struct civil, a->n_recurrence_dates + 1);
    struct civil *without = ARENA_ARRAY(arena, struct civil, a->n_excluded_dates);
    *r = (struct repeat){.start = w->start, .is_date = w->is_date, .zone = w->zone};
    r->rule = a->recurrence && *a->recurrence ? a->recurrence : NULL;
    r->n_besides = dates_of(a->recurrence_dates, a->n_recurrence_dates, besides);
    /* without a rule the start is the first of the dates */
    if (!r->rule)
        besides[r->n_besides++] = w->start;
    r->n_without = dates_of(a->excluded_dates, a->n_excluded_dates, without);
    r->besides = besides;
    r->without = without;
}

bool contacts_series_open(struct load *l, const Baton__Activity *a, struct contacts_series *s)
{
    struct refusal no;
    *s = (struct contacts_series){.activity = a};
    if (!activity_when(a, contacts_zone_of(l, a->owner_id), &s->when, &no) || !s->when.is_set)
        return false;
    s->zone = zone_of(((struct contacts_state *)l->state)->zones, s->when.zone);
    repeat_of(a, &s->when, &s->repeat, l->arena);
    return s->zone != NULL;
}

static struct contacts_occurrence occurrence_at(const struct contacts_series *s, const struct civil *start)
{
    const int64_t start_us = civil_to_us(s->zone, start);
    return (struct contacts_occurrence){
        .start_us = start_us, .end_us = activity_end_us(&s->when, s->zone, start, start_us), .local = *start};
}

size_t contacts_series_between(const struct contacts_series *s, int64_t from_us, int64_t until_us,
                               struct contacts_occurrence *out, size_t room, bool *cut)
{
    struct civil *starts = calloc(room + MARGIN, sizeof *starts);
    size_t n = 0;
    assert(starts);
    /* what began before may last until then; clocks differ by some hours */
    const struct civil from = civil_of_seconds(from_us / SECOND_US - s->when.span_s - DAY_S);
    const struct civil until = civil_of_seconds(until_us / SECOND_US + DAY_S);
    const size_t found = contacts_repeat_list(&s->repeat, &from, &until, starts, room + MARGIN, cut);
    for (size_t i = 0; i < found; i++) {
        const struct contacts_occurrence x = occurrence_at(s, &starts[i]);
        const bool is_within = x.start_us < until_us && (x.end_us > from_us || x.start_us >= from_us);
        if (is_within && n == room)
            *cut = true;
        else if (is_within)
            out[n++] = x;
    }
    *cut |= found == room + MARGIN;
    free(starts);
    return n;
}

bool contacts_series_after(const struct contacts_series *s, int64_t after_us, struct contacts_occurrence *out)
{
    struct civil starts[LIST_ROOM];
    bool cut = false;
    struct civil from = civil_from_us(s->zone, after_us);
    from = civil_of_seconds(civil_seconds(&from) - CLOCKS_S);
    struct civil until = from;
    until.year += HORIZON_YEARS;
    for (int round = 0; round < LIST_ROUNDS; round++) {
        const size_t n = contacts_repeat_list(&s->repeat, &from, &until, starts, LIST_ROOM, &cut);
        for (size_t i = 0; i < n; i++) {
            *out = occurrence_at(s, &starts[i]);
            if (out->start_us > after_us)
                return true;
        }
        if (n < LIST_ROOM)
            return false;
        from = civil_of_seconds(civil_seconds(&starts[n - 1]) + 1);
    }
    return false;
}

/* --- what comes next --- */

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us == 0 || (b_us != 0 && b_us < a_us) ? b_us : a_us;
}

struct activity_schedule contacts_schedule(struct load *l, const Baton__Activity *a, int64_t after_us)
{
    struct activity_schedule plan = {0};
    struct contacts_series s;
    struct contacts_occurrence x;
    if (!activity_is_open(a) || !contacts_series_open(l, a, &s))
        return plan;
    /* what is past and does not repeat stays open until somebody says that it was done */
    const int64_t over_us = l->now_us - s.when.span_s * SECOND_US;
    if (!activity_repeats(a)) {
        plan.next_us = civil_to_us(s.zone, &s.when.start);
    } else if (contacts_series_after(&s, over_us, &x)) {
        plan.next_us = x.start_us;
        plan.due_us = (x.end_us > x.start_us ? x.end_us : x.start_us + SECOND_US) + 1;
    }
    for (size_t i = 0; i < a->n_reminder_minutes; i++) {
        const int64_t before_us = a->reminder_minutes[i] * MINUTE_US;
        const int64_t late_us = l->now_us - ACTIVITY_LATE_MINUTES * MINUTE_US;
        const int64_t from_us = after_us + before_us > late_us ? after_us + before_us : late_us;
        if (contacts_series_after(&s, from_us, &x))
            plan.due_us = earlier(plan.due_us, x.start_us - before_us);
    }
    return plan;
}

/* --- the timer --- */

static void add_rings(const struct contacts_series *s, uint32_t minutes, int64_t due_us, int64_t late_us,
                      struct contacts_reminder_facts *f)
{
    struct contacts_occurrence x;
    const int64_t start_us = due_us + minutes * MINUTE_US;
    if (f->n_rings == ACTIVITY_RINGS_MAX || start_us < late_us ||
        !contacts_series_after(s, start_us - 1, &x) || x.start_us != start_us)
        return;
    struct activity_ring *r = &f->rings[f->n_rings++];
    r->start_us = start_us;
    r->minutes = minutes;
    if (s->when.is_date)
        civil_format(r->starts_on, &x.local, true);
}

void *contacts_load_due(struct load *l, const struct command *c)
{
    const Baton__Placing *row = (const Baton__Placing *)c->request;
    struct contacts_reminder_facts *f = ARENA_NEW(l->arena, struct contacts_reminder_facts);
    struct contacts_series s;
    const int64_t late_us = l->now_us - ACTIVITY_LATE_MINUTES * MINUTE_US;
    f->activity = table_get_id(l->txn, CONTACTS_ACTIVITY, row->record_id, l->arena);
    if (!f->activity)
        return f;
    if (activity_is_open(f->activity) && contacts_series_open(l, f->activity, &s))
        for (size_t i = 0; i < f->activity->n_reminder_minutes; i++)
            add_rings(&s, f->activity->reminder_minutes[i], row->due_us, late_us, f);
    f->schedule = contacts_schedule(l, f->activity, row->due_us);
    return f;
}
