/* When a component of iCalendar is, and when again, as activities say it. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "tool/calendar_reading.h"
#include "tool/calendar_zone.h"

enum { DATES_MAX = 400, EXCLUDED_MAX = 1000 };

/* --- times --- */

/* One that calendars can show. */
static bool is_time(struct icaltimetype t)
{
    enum { YEAR_MAX = 9999 };
    return !icaltime_is_null_time(t) && icaltime_is_valid_time(t) && t.year >= 1 && t.year <= YEAR_MAX;
}

static struct civil civil_of(struct icaltimetype t)
{
    return (struct civil){
        t.year, t.month, t.day, t.is_date ? 0 : t.hour, t.is_date ? 0 : t.minute, t.is_date ? 0 : t.second};
}

static char *written(struct reading *r, struct icaltimetype t, bool with_z)
{
    char text[CIVIL_SIZE];
    const struct civil c = civil_of(t);
    civil_format(text, &c, t.is_date);
    return arena_printf(r->arena, "%s%s", text, with_z ? "Z" : "");
}

/* The zone that a time is said in; NULL: in UTC, in none, or in one that nobody knows, which refuses it. */
static const char *zone_of(struct reading *r, icalproperty *p)
{
    icalparameter *tzid = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);
    const char *name = tzid ? icalparameter_get_tzid(tzid) : NULL;
    const char *zone = name ? calendar_zone(r->file, name, r->arena) : NULL;
    if (name && !zone)
        reading_refuse(r, arena_printf(r->arena, "nobody knows the time zone \"%.64s\"", name));
    return zone;
}

static int64_t moment_of(struct icaltimetype t, const char *zone)
{
    const struct civil c = civil_of(t);
    struct civil_zone *z = icaltime_is_utc(t) || !zone ? NULL : civil_zone_new(zone);
    const int64_t us = z ? civil_to_us(z, &c) : civil_seconds(&c) * 1000000;
    civil_zone_free(z);
    return us;
}

/* At the clocks that the start is read from. */
static struct icaltimetype at_our_clocks(struct reading *r, struct icaltimetype t, const char *zone)
{
    const char *ours = r->is_utc ? NULL : r->a->time_zone;
    if (r->is_date || t.is_date || (!r->is_utc && !ours) || (!zone && !icaltime_is_utc(t)) ||
        (zone && ours && strcmp(zone, ours) == 0))
        return t;
    struct civil_zone *z = ours ? civil_zone_new(ours) : NULL;
    const int64_t us = moment_of(t, zone);
    const struct civil c = z ? civil_from_us(z, us) : civil_of_seconds(us / 1000000);
    civil_zone_free(z);
    t.year = c.year;
    t.month = c.month;
    t.day = c.day;
    t.hour = c.hour;
    t.minute = c.minute;
    t.second = c.second;
    t.zone = NULL;
    return t;
}

static Google__Protobuf__Timestamp *timestamp(struct reading *r, int64_t us)
{
    Google__Protobuf__Timestamp *t = ARENA_NEW(r->arena, Google__Protobuf__Timestamp);
    google__protobuf__timestamp__init(t);
    t->seconds = us / 1000000;
    return t;
}

static void read_start(struct reading *r, icalproperty *p)
{
    const struct icaltimetype t = icalvalue_get_datetime(icalproperty_get_value(p));
    if (!is_time(t)) {
        reading_refuse(r, "its start is no time");
        return;
    }
    const char *zone = t.is_date ? NULL : zone_of(r, p);
    r->is_date = t.is_date;
    r->is_utc = icaltime_is_utc(t);
    if (r->is_utc) {
        r->a->start_at = timestamp(r, moment_of(t, NULL));
        return;
    }
    r->a->start_local = written(r, t, false);
    r->a->time_zone = arena_strdup(r->arena, zone);
}

static void set_end(struct reading *r, struct icaltimetype t)
{
    if (r->is_utc)
        r->a->end_at = timestamp(r, moment_of(t, NULL));
    else
        r->a->end_local = written(r, t, false);
}

static void read_end(struct reading *r, icalproperty *p)
{
    const struct icaltimetype t = icalvalue_get_datetime(icalproperty_get_value(p));
    const char *zone = t.is_date ? NULL : zone_of(r, p);
    if (!is_time(t))
        reading_refuse(r, "its end is no time");
    else if (t.is_date != r->is_date)
        reading_refuse(r, "only one of start and end is a day");
    else
        set_end(r, at_our_clocks(r, t, zone));
}

static void read_duration(struct reading *r, icalproperty *start, icalproperty *p)
{
    const struct icaltimetype t = icalvalue_get_datetime(icalproperty_get_value(start));
    const struct icaldurationtype d = icalproperty_get_duration(p);
    const struct icaltimetype end = icaltime_add(t, d);
    if (icaldurationtype_is_bad_duration(d) || d.is_neg || !is_time(end))
        reading_refuse(r, "it takes no time that can be");
    else
        set_end(r, end);
}

/* --- repeating --- */

/* One more text in a list of at most `max`. */
static void add_date(struct reading *r, char ***list, size_t *n, size_t max, char *text)
{
    if (*n == max) {
        reading_refuse(r, "it has more dates than can be kept");
        return;
    }
    if (!*list)
        *list = ARENA_ARRAY(r->arena, char *, max);
    (*list)[(*n)++] = text;
}

/* A whole day of something that has a time means its start on that day. */
static void read_date(struct reading *r, icalproperty *p, bool is_excluded)
{
    const struct icaldatetimeperiodtype x = icalvalue_get_datetimeperiod(icalproperty_get_value(p));
    struct icaltimetype t = is_excluded ? icalproperty_get_exdate(p) : x.time;
    if (!is_time(t) || (t.is_date && !r->is_date && r->is_utc) || (!t.is_date && r->is_date)) {
        reading_keep(r, p);
        return;
    }
    const char *zone = t.is_date ? NULL : zone_of(r, p);
    t = at_our_clocks(r, t, zone);
    char *text = written(r, t, r->is_utc);
    if (t.is_date && !r->is_date)
        text = arena_printf(r->arena, "%s%s", text, strchr(r->a->start_local, 'T'));
    if (is_excluded)
        add_date(r, &r->a->excluded_dates, &r->a->n_excluded_dates, EXCLUDED_MAX, text);
    else
        add_date(r, &r->a->recurrence_dates, &r->a->n_recurrence_dates, DATES_MAX, text);
}

static void read_rule(struct reading *r, icalproperty *p)
{
    char *text = icalproperty_get_value_as_string_r(p);
    if (r->a->recurrence)
        reading_refuse(r, "it repeats by two rules");
    r->a->recurrence = arena_strdup(r->arena, text);
    free(text);
}

static void read_recurrence_id(struct reading *r, icalproperty *p)
{
    struct icaltimetype t = icalproperty_get_recurrenceid(p);
    if (icalproperty_get_first_parameter(p, ICAL_RANGE_PARAMETER))
        reading_refuse(r, "it stands for several starts of its series");
    if (!is_time(t)) {
        reading_refuse(r, "which start of its series it stands for is no time");
        return;
    }
    t = at_our_clocks(r, t, t.is_date ? NULL : zone_of(r, p));
    r->a->recurrence_id = written(r, t, r->is_utc && !t.is_date);
}

/* --- all of it --- */

static icalproperty *first(struct reading *r, icalproperty_kind kind)
{
    return icalcomponent_get_first_property(r->component, kind);
}

static void read_besides(struct reading *r, icalproperty *p)
{
    icalparameter *value = icalproperty_get_first_parameter(p, ICAL_VALUE_PARAMETER);
    if (value && icalparameter_get_value(value) == ICAL_VALUE_PERIOD)
        reading_keep(r, p);
    else
        read_date(r, p, false);
}

static void read_excluded(struct reading *r, icalproperty *p)
{
    read_date(r, p, true);
}

/* Of an event all times are ours. */
void reading_event_times(struct reading *r)
{
    icalproperty *start = first(r, ICAL_DTSTART_PROPERTY), *end = first(r, ICAL_DTEND_PROPERTY),
                 *duration = first(r, ICAL_DURATION_PROPERTY);
    if (!start) {
        if (end || first(r, ICAL_RRULE_PROPERTY))
            reading_refuse(r, "it has no start");
        return;
    }
    read_start(r, start);
    if (r->refused)
        return;
    if (end)
        read_end(r, end);
    else if (duration)
        read_duration(r, start, duration);
    reading_each(r, ICAL_RRULE_PROPERTY, read_rule);
    reading_each(r, ICAL_RDATE_PROPERTY, read_besides);
    reading_each(r, ICAL_EXDATE_PROPERTY, read_excluded);
    reading_each(r, ICAL_RECURRENCEID_PROPERTY, read_recurrence_id);
}

/* Of a task it is when it is due; what else it says of times, which count from its start, stays as it is. */
void reading_task_times(struct reading *r)
{
    static const icalproperty_kind others[] = {ICAL_DTSTART_PROPERTY, ICAL_DURATION_PROPERTY,
                                               ICAL_RRULE_PROPERTY,   ICAL_RDATE_PROPERTY,
                                               ICAL_EXDATE_PROPERTY,  ICAL_RECURRENCEID_PROPERTY};
    icalproperty *due = first(r, ICAL_DUE_PROPERTY);
    if (due)
        read_start(r, due);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        reading_each(r, others[i], reading_keep);
}
