/* Decisions about activities and calendars: their own rules. When an activity is, decide_when.c knows. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "services/contacts/activity.h"

static bool is_given(const char *text)
{
    return text && *text;
}

/* Of the two, what it is about. */
/* --- repeating --- */

/* 12: dates besides and without are written like the start */
static bool check_dates(char *const *dates, size_t n, bool in_utc, bool is_date, const char *field,
                        struct refusal *no)
{
    struct civil c;
    bool other_is_date;
    for (size_t i = 0; i < n; i++) {
        const size_t size = strlen(dates[i]);
        char plain[CIVIL_SIZE];
        const bool has_z = size == CIVIL_SIZE && dates[i][size - 1] == 'Z';
        if (size >= sizeof plain + has_z)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "\"%s\" is no time", dates[i]);
        memcpy(plain, dates[i], size - has_z);
        plain[size - has_z] = '\0';
        if (!civil_parse(plain, &c, &other_is_date) || other_is_date != is_date || has_z != in_utc)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "\"%s\" is not written like the start",
                          dates[i]);
    }
    return true;
}

static bool check_repeating(const struct contacts_activity_facts *f, const Baton__Activity *a,
                            const struct activity_when *w, struct refusal *no)
{
    const bool in_utc = !is_given(a->start_local);
    /* 10: only what begins can begin again */
    if ((activity_repeats(a) || a->n_excluded_dates) && !w->is_set)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "recurrence", "what repeats has a start");
    /* 11: its rule can be followed, to an end or for ever */
    if (is_given(a->recurrence) && f->wrong_rule)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "recurrence", "%s", f->wrong_rule);
    return check_dates(a->recurrence_dates, a->n_recurrence_dates, in_utc, w->is_date, "recurrence_dates",
                       no) &&
           check_dates(a->excluded_dates, a->n_excluded_dates, in_utc, w->is_date, "excluded_dates", no);
}

/* --- who and where --- */

/* 13: an attendee is one of a user, a contact and an address, and is there */
static bool check_attendees(const struct contacts_activity_facts *f, const Baton__Activity *a,
                            struct arena *arena, struct refusal *no)
{
    for (size_t i = 0; i < a->n_attendees; i++) {
        const Baton__Attendee *x = a->attendees[i];
        const char *field = arena_printf(arena, "attendees[%zu]", i);
        if (is_given(x->user_id) + is_given(x->contact_id) + is_given(x->email) != 1)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, field,
                          "an attendee is a user, a contact or an e-mail address");
        if (is_given(x->email) && !text_is_email(x->email))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "\"%s\" is no e-mail address", x->email);
        if (f->missing_attendee == i + 1)
            return refuse(no, REFUSAL_NOT_FOUND, field, "there is no such user or contact");
    }
    return true;
}

/* 14: reminders are before a start, each once */
static bool check_reminders(const Baton__Activity *a, const struct activity_when *w, struct refusal *no)
{
    if (a->n_reminder_minutes && !w->is_set)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "reminder_minutes", "what is reminded of has a start");
    for (size_t i = 0; i < a->n_reminder_minutes; i++)
        for (size_t k = 0; k < i; k++)
            if (a->reminder_minutes[i] == a->reminder_minutes[k])
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "reminder_minutes",
                              "two reminders at the same time");
    return true;
}

/* 15: a calendar that is there, and the owner's */
static bool check_place(const struct contacts_activity_facts *f, const Baton__Activity *a, struct refusal *no)
{
    if (!is_given(a->calendar_id))
        return true;
    if (!f->calendar)
        return refuse(no, REFUSAL_NOT_FOUND, "calendar_id", "there is no such calendar");
    if (!a->owner_id || strcmp(f->calendar->owner_id, a->owner_id) != 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "calendar_id", "it is another user's calendar");
    return true;
}

/* 16: only calls have a direction, a number, an outcome and a duration */
static bool check_call(const Baton__Activity *a, struct refusal *no)
{
    if (a->kind == BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL)
        return true;
    if (a->call_direction || is_given(a->call_number) || a->call_outcome || a->call_seconds)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "kind",
                      "only a call has a direction, a number or an outcome");
    return true;
}

/* 22: what others say of it is text */
static bool check_foreign(const Baton__Activity *a, struct refusal *no)
{
    return !a->has_foreign || text_valid((const char *)a->foreign.data, a->foreign.len) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "foreign", "it is not UTF-8");
}

/* --- all of it --- */

static void set_done(const Baton__Activity *was, Baton__Activity *a, struct stamp *s)
{
    /* 2: it is planned unless it says otherwise */
    if (!a->status) {
        a->has_status = true;
        a->status = BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED;
    }
    /* 4: when it was done is when that was said first */
    bool is_done = a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE;
    a->done_at = !is_done ? NULL : was && was->done_at ? was->done_at : timestamp_of(s->arena, s->now_us);
}

static bool passes(const struct contacts_activity_facts *f, Baton__Activity *a, struct stamp *s,
                   struct refusal *no)
{
    struct activity_when w;
    /* 1: what it is about exists */
    if (!contacts_is_about(&f->about, &a->base, no) || !activity_when(a, f->own_zone, &w, no))
        return false;
    activity_set_moments(a, &w, s->arena);
    return check_repeating(f, a, &w, no) && check_attendees(f, a, s->arena, no) &&
           check_reminders(a, &w, no) && check_place(f, a, no) && check_call(a, no) && check_foreign(a, no);
}

bool contacts_check_activity(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                             struct stamp *s, struct outcome *out)
{
    const struct contacts_activity_facts *f = extra;
    Baton__Activity *a = (Baton__Activity *)after;
    if (!a)
        return true;
    if (!before)
        sharing_give_owner(f->about.access, a->created_at, &a->owner_id, s);
    if (!passes(f, a, s, &out->no))
        return false;
    set_done((const Baton__Activity *)before, a, s);
    /* 17: other calendars know it by its own id, unless it came from one */
    if (!a->id)
        a->id = stamp_id(s);
    if (!is_given(a->uid))
        a->uid = a->id;
    /* 18: what is open has its next time, and its timer */
    Baton__ActivityScheduled *e = ARENA_NEW(s->arena, Baton__ActivityScheduled);
    baton__activity_scheduled__init(e);
    e->activity_id = a->id;
    e->has_due_us = f->schedule.due_us != 0;
    e->due_us = f->schedule.due_us;
    e->has_next_us = f->schedule.next_us != 0;
    e->next_us = (uint64_t)f->schedule.next_us;
    outcome_event(out, e);
    return true;
}

static bool is_color(const char *s)
{
    enum { DIGITS = 6 };
    if (s[0] != '#' || strlen(s) != DIGITS + 1)
        return false;
    for (size_t i = 1; s[i]; i++)
        if (!isxdigit((unsigned char)s[i]))
            return false;
    return true;
}

bool contacts_check_calendar(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                             struct stamp *s, struct outcome *out)
{
    const struct contacts_calendar_facts *f = extra;
    Baton__Calendar *c = (Baton__Calendar *)after;
    const Baton__Calendar *was = (const Baton__Calendar *)before;
    /* 19: a calendar goes when it is empty */
    if (!c)
        return !f->has_activities || refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                                            "activities are in this calendar; move or delete them first");
    c->name = text_trim(s->arena, c->name);
    /* 20: it has a colour that browsers know, and somebody's it is */
    if (is_given(c->color) && !is_color(c->color))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "color", "a colour is written like #3366cc");
    if (!f->owner_is_known)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "owner_id", "there is no such user");
    /* 21: and stays so while something is in it */
    if (was && f->has_activities && strcmp(was->owner_id, c->owner_id) != 0)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "owner_id", "activities are in this calendar");
    return true;
}
