/* When an activity is: what it says in local time or as moments, and what that comes to. The numbers are
   those of the rules in decide_activity.c. */
#include <string.h>

#include "base/worktime.h"
#include "services/contacts/activity.h"

enum { DAY_S = 86400 };
static const int64_t SECOND_US = 1000000;

bool activity_is_open(const Baton__Activity *a)
{
    return a->status != BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE &&
           a->status != BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED;
}

static bool is_given(const char *text)
{
    return text && *text;
}

static bool local_when(const Baton__Activity *a, struct activity_when *w, struct refusal *no)
{
    struct civil end;
    bool end_is_date;
    /* 5: local times are written as they are read from a clock or a calendar */
    if (!civil_parse(a->start_local, &w->start, &w->is_date))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "start_local",
                      "\"%s\" is neither a date nor a time (2026-12-24 or 2026-12-24T09:00:00)",
                      a->start_local);
    w->is_set = true;
    if (!is_given(a->end_local))
        return true;
    if (!civil_parse(a->end_local, &end, &end_is_date))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "end_local",
                      "\"%s\" is neither a date nor a time (2026-12-24 or 2026-12-24T09:00:00)",
                      a->end_local);
    /* 6: both are of days, or both have a time */
    if (end_is_date != w->is_date)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "end_local",
                      "start and end are both dates or both times");
    w->span_s = civil_seconds(&end) - civil_seconds(&w->start);
    return true;
}

/* As time passes, which on the day of a change of the clocks is not what they show. */
static void set_real_span(const Baton__Activity *a, struct activity_when *w)
{
    struct civil end;
    bool end_is_date;
    struct civil_zone *z = civil_zone_new(w->zone);
    if (z && is_given(a->end_local) && civil_parse(a->end_local, &end, &end_is_date))
        w->span_s = (civil_to_us(z, &end) - civil_to_us(z, &w->start)) / SECOND_US;
    civil_zone_free(z);
}

static bool check_span(const struct activity_when *w, const char *field, struct refusal *no)
{
    /* 3: it does not end before it begins */
    if (w->span_s < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "it ends before it begins");
    /* 8: nothing takes for ever */
    if (w->span_s > (int64_t)ACTIVITY_DAYS_MAX * DAY_S)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, field, "it takes at most %d days", ACTIVITY_DAYS_MAX);
    return true;
}

bool activity_when(const Baton__Activity *a, const char *own_zone, struct activity_when *w,
                   struct refusal *no)
{
    *w = (struct activity_when){.zone = "UTC"};
    /* 7: a zone is one that there is, and says by which clocks a time is meant */
    if (is_given(a->time_zone) && !worktime_zone_valid(a->time_zone))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "time_zone", "there is no time zone \"%s\"",
                      a->time_zone);
    if (!is_given(a->start_local)) {
        w->is_set = a->start_at != NULL;
        if (is_given(a->end_local))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "end_local",
                          "it says when it ends, but not when it begins");
        if (!a->start_at)
            return true;
        w->start = civil_of_seconds(a->start_at->seconds);
        w->span_s = a->end_at ? a->end_at->seconds - a->start_at->seconds : 0;
        return check_span(w, "end_at", no);
    }
    if (!local_when(a, w, no))
        return false;
    if (w->is_date && is_given(a->time_zone))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "time_zone", "whole days have no time zone");
    w->zone = is_given(a->time_zone) ? a->time_zone : own_zone;
    /* 9: days end on a later one; without an end it is one */
    if (w->is_date && !is_given(a->end_local))
        w->span_s = DAY_S;
    if (!w->is_date)
        set_real_span(a, w);
    return check_span(w, "end_local", no);
}

int64_t activity_end_us(const struct activity_when *w, const struct civil_zone *z, const struct civil *start,
                        int64_t start_us)
{
    if (!w->is_date)
        return start_us + w->span_s * SECOND_US;
    const struct civil end = civil_of_seconds(civil_seconds(start) + w->span_s);
    return civil_to_us(z, &end);
}

void activity_set_moments(Baton__Activity *a, const struct activity_when *w, struct arena *arena)
{
    struct civil_zone *z = w->is_set && is_given(a->start_local) ? civil_zone_new(w->zone) : NULL;
    if (!z)
        return;
    const int64_t start_us = civil_to_us(z, &w->start);
    a->start_at = timestamp_of(arena, start_us);
    a->end_at = is_given(a->end_local) || w->is_date
                    ? timestamp_of(arena, activity_end_us(w, z, &w->start, start_us))
                    : NULL;
    civil_zone_free(z);
}
