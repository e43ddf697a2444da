/* Decisions about the days of documents: who is reminded of them, and when. */
#include <string.h>

#include "base/rfc3339.h"
#include "services/documents/documents.h"

static const int64_t DAY_S = 24 * 3600, RINGS_AT_S = 6 * 3600;

const struct documents_day documents_days[DOCUMENTS_DAYS] = {
    {"effective_on", BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_EFFECTIVE},
    {"expires_on", BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_EXPIRES},
    {"renewal_on", BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_RENEWAL},
    {"notice_on", BATON__DOCUMENT_NEWS_KIND__DOCUMENT_NEWS_KIND_NOTICE},
};

static int64_t seconds_of(const char *day)
{
    struct civil c = {1970, 1, 1, 0, 0, 0};
    bool is_date;
    (void)civil_parse(day, &c, &is_date); /* days that are none never get here */
    return civil_seconds(&c);
}

static void day_of(int64_t seconds, char out[CIVIL_SIZE])
{
    struct civil c = civil_of_seconds(seconds);
    civil_format(out, &c, true);
}

void documents_days_after(const char *day, uint32_t days, char out[CIVIL_SIZE])
{
    day_of(seconds_of(day) + days * DAY_S, out);
}

static void ring(const Baton__Document *d, const struct documents_day *day, struct outcome *out)
{
    /* 1: its owner hears of it, unless another document is in its place */
    if (!d->owner_id || d->superseded_by_id)
        return;
    Baton__DocumentNews *e = ARENA_NEW(out->arena, Baton__DocumentNews);
    baton__document_news__init(e);
    e->document_id = d->id;
    e->has_kind = true;
    e->kind = day->kind;
    e->title = d->title;
    e->on = arena_strdup(out->arena, schema_get_text(&d->base, day->field));
    e->user_ids = ARENA_ARRAY(out->arena, char *, 1);
    e->user_ids[e->n_user_ids++] = d->owner_id;
    outcome_event(out, e);
}

/* --- a document is changed --- */

static bool is_reminded(const Baton__DocumentSettings *s, const char *today, const char *day)
{
    char then[CIVIL_SIZE];
    for (size_t i = 0; s && i < s->n_reminder_days; i++) {
        documents_days_after(today, s->reminder_days[i], then);
        if (strcmp(then, day) == 0)
            return true;
    }
    return false;
}

void documents_ring_changed(const struct documents_calendar_facts *f, const Baton__Document *before,
                            const Baton__Document *after, struct stamp *s, struct outcome *out)
{
    char today[CIVIL_SIZE];
    day_of(s->now_us / 1000000, today);
    /* 2: today's reminders have rung; what would have rung with them is not late. Days compare as texts */
    if (!f->calendar || strcmp(f->calendar->day, today) <= 0)
        return;
    for (size_t i = 0; i < DOCUMENTS_DAYS; i++) {
        const char *field = documents_days[i].field, *is = schema_get_text(&after->base, field);
        const char *was = before ? schema_get_text(&before->base, field) : NULL;
        if (is && (!was || strcmp(was, is) != 0) && is_reminded(f->settings, today, is))
            ring(after, &documents_days[i], out);
    }
}

/* --- a day comes --- */

static Baton__DocumentCalendar *move_calendar(const char *day, struct outcome *out)
{
    Baton__DocumentCalendarMoved *e = ARENA_NEW(out->arena, Baton__DocumentCalendarMoved);
    Baton__DocumentCalendar *c = ARENA_NEW(out->arena, Baton__DocumentCalendar);
    baton__document_calendar_moved__init(e);
    baton__document_calendar__init(c);
    e->calendar = c;
    c->id = arena_strdup(out->arena, "calendar");
    c->day = arena_strdup(out->arena, day);
    c->has_due_us = true;
    c->due_us = (seconds_of(day) + RINGS_AT_S) * 1000000;
    outcome_event(out, e);
    return c;
}

void documents_begin_calendar(uint32_t ahead, struct stamp *s, struct outcome *out)
{
    char day[CIVIL_SIZE];
    day_of(s->now_us / 1000000 + ahead * DAY_S, day);
    (void)move_calendar(day, out); /* nothing more is to be said of it */
}

bool documents_decide_calendar(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct documents_calendar_facts *f = facts;
    char next[CIVIL_SIZE];
    /* 3: each of this step rings; days on which nothing ran are made up for, one after the other */
    for (size_t i = 0; i < f->n; i++)
        ring(f->reminders[i].document, f->reminders[i].day, out);
    documents_days_after(f->calendar->day, f->is_over, next);
    Baton__DocumentCalendar *calendar = move_calendar(next, out);
    if (f->is_over)
        return true;
    /* a timer that has run moves */
    calendar->due_us = f->calendar->due_us + 1;
    calendar->has_position = true;
    calendar->position = f->position;
    calendar->token = arena_strdup(s->arena, f->token);
    return true;
}
