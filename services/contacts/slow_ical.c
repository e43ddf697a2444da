/* What libical makes of an activity. In the library that is loaded with the first rule or the first calendar.
 */
#include "services/contacts/ical.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/civil.h"
#include "base/text.h"
#include "services/contacts/ical_commas.h"

enum { MAILTO = 7 };
static const char UTC[] = "UTC";

#define IS(NAME)     BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_##NAME
#define ANSWER(NAME) BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_##NAME

static bool is_given(const char *text)
{
    return text && *text;
}

/* --- one property --- */

static void drop_all(icalcomponent *c, icalproperty_kind kind)
{
    icalproperty *p;
    while ((p = icalcomponent_get_first_property(c, kind))) {
        icalcomponent_remove_property(c, p);
        icalproperty_free(p);
    }
}

static void drop(icalcomponent *c, icalproperty *p)
{
    icalcomponent_remove_property(c, p);
    icalproperty_free(p);
}

/* What stands there already stays, with its parameters, if it says the same as far as a field can. */
static void put_text(icalcomponent *c, icalproperty_kind kind, const char *text, size_t max)
{
    icalproperty *p = icalcomponent_get_first_property(c, kind);
    const char *value = p ? icalvalue_get_text(icalproperty_get_value(p)) : NULL;
    char *there = value && is_given(text) ? strdup(value) : NULL;
    ical_plain_commas(there);
    const bool is_same =
        there && strlen(text) == text_clip(there, max) && strncmp(there, text, strlen(text)) == 0;
    free(there);
    if (is_same)
        return;
    drop_all(c, kind);
    if (!is_given(text))
        return;
    p = icalproperty_new(kind);
    icalproperty_set_value(p, icalvalue_new_text(text));
    icalcomponent_add_property(c, p);
}

static void put_own(icalcomponent *c, const char *name, const char *value)
{
    icalproperty *p = icalproperty_new(ICAL_X_PROPERTY);
    icalproperty_set_x_name(p, name);
    icalproperty_set_value(p, icalvalue_new_text(value));
    icalcomponent_add_property(c, p);
}

/* "2026-12-24", "2026-12-24T09:00:00", or the latter with a Z; at the clocks of `zone` (NULL: nobody's). */
static void add_time(icalcomponent *c, icalproperty_kind kind, const char *text, const char *zone)
{
    struct icaltimetype t = icaltime_null_time();
    struct civil at;
    bool is_date;
    char plain[CIVIL_SIZE] = "";
    const size_t n = strcspn(text, "Z");
    if (n >= sizeof plain)
        return;
    memcpy(plain, text, n);
    if (!civil_parse(plain, &at, &is_date))
        return;
    t.year = at.year;
    t.month = at.month;
    t.day = at.day;
    t.hour = at.hour;
    t.minute = at.minute;
    t.second = at.second;
    t.is_date = is_date;
    if (text[n] == 'Z')
        t.zone = icaltimezone_get_utc_timezone();
    icalproperty *p = icalproperty_new(kind);
    icalproperty_set_value(p, is_date ? icalvalue_new_date(t) : icalvalue_new_datetime(t));
    if (is_date)
        icalproperty_add_parameter(p, icalparameter_new_value(ICAL_VALUE_DATE));
    else if (is_given(zone) && text[n] != 'Z' && strcmp(zone, UTC) != 0)
        icalproperty_add_parameter(p, icalparameter_new_tzid(zone));
    icalcomponent_add_property(c, p);
}

static void add_moment(icalcomponent *c, icalproperty_kind kind, const Google__Protobuf__Timestamp *at)
{
    char text[CIVIL_SIZE + 1];
    if (!at)
        return;
    const struct civil local = civil_of_seconds(at->seconds);
    civil_format(text, &local, false);
    text[CIVIL_SIZE - 1] = 'Z';
    text[CIVIL_SIZE] = '\0';
    add_time(c, kind, text, NULL);
}

/* --- when --- */

static bool is_replaced(const struct ical_event *e, const char *date)
{
    for (size_t i = 0; i < e->n_replaced; i++)
        if (strcmp(e->replaced[i], date) == 0)
            return true;
    return false;
}

/* A time of UTC by name is one with a Z: it needs no definition of its zone. */
static void add_local(icalcomponent *c, icalproperty_kind kind, const char *text, const char *zone)
{
    char zulu[CIVIL_SIZE + 1];
    const size_t n = strlen(text);
    if (is_given(zone) && strcmp(zone, UTC) == 0 && n == CIVIL_SIZE - 1) {
        memcpy(zulu, text, n);
        memcpy(zulu + n, "Z", 2);
        text = zulu;
    }
    add_time(c, kind, text, zone);
}

static void add_repeating(icalcomponent *c, const struct ical_event *e)
{
    const Baton__Activity *a = e->activity;
    const char *zone = is_given(a->start_local) ? a->time_zone : NULL;
    if (is_given(a->recurrence)) {
        struct icalrecurrencetype rule = icalrecurrencetype_from_string(a->recurrence);
        if (rule.freq != ICAL_NO_RECURRENCE)
            icalcomponent_add_property(c, icalproperty_new_rrule(rule));
        free(rule.rscale); /* the property has its own */
    }
    for (size_t i = 0; i < a->n_recurrence_dates; i++)
        add_local(c, ICAL_RDATE_PROPERTY, a->recurrence_dates[i], zone);
    for (size_t i = 0; i < a->n_excluded_dates; i++)
        if (!is_replaced(e, a->excluded_dates[i]))
            add_local(c, ICAL_EXDATE_PROPERTY, a->excluded_dates[i], zone);
    if (is_given(a->recurrence_id))
        add_local(c, ICAL_RECURRENCEID_PROPERTY, a->recurrence_id, zone);
}

/* A task has the time that it is due at; where it begins, if that was said, is not ours. */
static void add_times(icalcomponent *c, const Baton__Activity *a, bool is_task)
{
    const icalproperty_kind start = is_task ? ICAL_DUE_PROPERTY : ICAL_DTSTART_PROPERTY;
    if (is_given(a->start_local))
        add_local(c, start, a->start_local, a->time_zone);
    else
        add_moment(c, start, a->start_at);
    if (is_task)
        return;
    if (is_given(a->end_local))
        add_local(c, ICAL_DTEND_PROPERTY, a->end_local, a->time_zone);
    else if (!is_given(a->start_local))
        add_moment(c, ICAL_DTEND_PROPERTY, a->end_at);
}

/* --- who --- */

static const char *address_of(const icalproperty *p)
{
    const char *value = icalproperty_get_attendee(p);
    return value && strncasecmp(value, "mailto:", MAILTO) == 0 ? value + MAILTO : NULL;
}

static bool is_attendee(const struct ical_event *e, const char *address)
{
    for (size_t i = 0; i < e->activity->n_attendees; i++)
        if (e->addresses[i] && strcasecmp(e->addresses[i], address) == 0)
            return true;
    return false;
}

static icalproperty *attendee_there(icalcomponent *c, const char *address)
{
    for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_ATTENDEE_PROPERTY); p;
         p = icalcomponent_get_next_property(c, ICAL_ATTENDEE_PROPERTY))
        if (address_of(p) && strcasecmp(address_of(p), address) == 0)
            return p;
    return NULL;
}

static void set_answer(icalproperty *p, Baton__AttendeeAnswer answer)
{
    static const icalparameter_partstat words[] = {[ANSWER(ACCEPTED)] = ICAL_PARTSTAT_ACCEPTED,
                                                   [ANSWER(DECLINED)] = ICAL_PARTSTAT_DECLINED,
                                                   [ANSWER(TENTATIVE)] = ICAL_PARTSTAT_TENTATIVE};
    icalparameter *there = icalproperty_get_first_parameter(p, ICAL_PARTSTAT_PARAMETER);
    if (!answer && (!there || icalparameter_get_partstat(there) > ICAL_PARTSTAT_TENTATIVE ||
                    icalparameter_get_partstat(there) == ICAL_PARTSTAT_NEEDSACTION))
        return;
    icalproperty_remove_parameter_by_kind(p, ICAL_PARTSTAT_PARAMETER);
    if (answer)
        icalproperty_add_parameter(p, icalparameter_new_partstat(words[answer]));
}

static void add_attendee(icalcomponent *c, const Baton__Attendee *x, const char *address)
{
    icalproperty *p = attendee_there(c, address);
    char *value = p ? NULL : malloc(MAILTO + strlen(address) + 1);
    if (!p && value) {
        memcpy(value, "mailto:", MAILTO);
        memcpy(value + MAILTO, address, strlen(address) + 1);
        p = icalproperty_new_attendee(value);
        if (is_given(x->name))
            icalproperty_add_parameter(p, icalparameter_new_cn(x->name));
        if (x->is_optional)
            icalproperty_add_parameter(p, icalparameter_new_role(ICAL_ROLE_OPTPARTICIPANT));
        icalcomponent_add_property(c, p);
    }
    free(value);
    if (p)
        set_answer(p, x->answer);
}

static void add_attendees(icalcomponent *c, const struct ical_event *e)
{
    icalproperty *next;
    for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_ATTENDEE_PROPERTY); p; p = next) {
        next = icalcomponent_get_next_property(c, ICAL_ATTENDEE_PROPERTY);
        const char *address = address_of(p);
        if (address && text_is_email(address) && !is_attendee(e, address))
            drop(c, p);
    }
    for (size_t i = 0; i < e->activity->n_attendees; i++)
        if (e->addresses[i])
            add_attendee(c, e->activity->attendees[i], e->addresses[i]);
}

/* --- reminders --- */

/* How many minutes before the start it rings; -1: at another time than one that is ours. */
static int minutes_of(icalcomponent *alarm)
{
    icalproperty *p = icalcomponent_get_first_property(alarm, ICAL_TRIGGER_PROPERTY);
    if (!p)
        return -1;
    const struct icaltriggertype t = icalproperty_get_trigger(p);
    icalparameter *related = icalproperty_get_first_parameter(p, ICAL_RELATED_PARAMETER);
    const int seconds = icaldurationtype_as_int(t.duration);
    const bool is_absolute = !icaltime_is_null_time(t.time);
    if (is_absolute || seconds > 0 || seconds % 60 || seconds < -60 * ICAL_REMINDER_MAX ||
        (related && icalparameter_get_related(related) != ICAL_RELATED_START))
        return -1;
    return -seconds / 60;
}

static bool has_reminder(const Baton__Activity *a, int minutes)
{
    for (size_t i = 0; i < a->n_reminder_minutes; i++)
        if ((int)a->reminder_minutes[i] == minutes)
            return true;
    return false;
}

static bool has_alarm(icalcomponent *c, int minutes)
{
    for (icalcomponent *x = icalcomponent_get_first_component(c, ICAL_VALARM_COMPONENT); x;
         x = icalcomponent_get_next_component(c, ICAL_VALARM_COMPONENT))
        if (minutes_of(x) == minutes)
            return true;
    return false;
}

static void add_alarm(icalcomponent *c, const Baton__Activity *a, int minutes)
{
    struct icaltriggertype t = {.time = icaltime_null_time(),
                                .duration = icaldurationtype_from_int(-minutes * 60)};
    icalcomponent *alarm = icalcomponent_new_valarm();
    icalcomponent_add_property(alarm, icalproperty_new_action(ICAL_ACTION_DISPLAY));
    icalcomponent_add_property(alarm, icalproperty_new_description(is_given(a->subject) ? a->subject : "-"));
    icalcomponent_add_property(alarm, icalproperty_new_trigger(t));
    icalcomponent_add_component(c, alarm);
}

/* What rings at a time that the activity does not have any more is gone; all others stay as they came. */
static void add_alarms(icalcomponent *c, const Baton__Activity *a)
{
    icalcomponent *next;
    for (icalcomponent *x = icalcomponent_get_first_component(c, ICAL_VALARM_COMPONENT); x; x = next) {
        next = icalcomponent_get_next_component(c, ICAL_VALARM_COMPONENT);
        if (minutes_of(x) >= 0 && !has_reminder(a, minutes_of(x))) {
            icalcomponent_remove_component(c, x);
            icalcomponent_free(x);
        }
    }
    for (size_t i = 0; i < a->n_reminder_minutes; i++)
        if (!has_alarm(c, (int)a->reminder_minutes[i]))
            add_alarm(c, a, (int)a->reminder_minutes[i]);
}

/* --- the rest --- */

static void put_status(icalcomponent *c, const Baton__Activity *a, bool is_task)
{
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_STATUS_PROPERTY);
    const icalproperty_status there = p ? icalproperty_get_status(p) : ICAL_STATUS_NONE;
    const bool is_over = there == ICAL_STATUS_CANCELLED || there == ICAL_STATUS_COMPLETED;
    const icalproperty_status wanted = a->status == IS(CANCELED)          ? ICAL_STATUS_CANCELLED
                                       : a->status == IS(DONE) && is_task ? ICAL_STATUS_COMPLETED
                                                                          : ICAL_STATUS_NONE;
    if (wanted == ICAL_STATUS_NONE ? is_over : there != wanted)
        drop_all(c, ICAL_STATUS_PROPERTY);
    if (wanted != ICAL_STATUS_NONE && there != wanted)
        icalcomponent_add_property(c, icalproperty_new_status(wanted));
    if (a->status == IS(DONE) && !is_task)
        put_own(c, "X-BATON-STATUS", "DONE");
    if (a->status == IS(DONE) && is_task && !icalcomponent_get_first_property(c, ICAL_COMPLETED_PROPERTY))
        add_moment(c, ICAL_COMPLETED_PROPERTY, a->done_at);
}

static void put_rest(icalcomponent *c, const Baton__Activity *a, bool is_task)
{
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_TRANSP_PROPERTY);
    const bool is_free = p && icalproperty_get_transp(p) == ICAL_TRANSP_TRANSPARENT;
    if (is_free != (a->is_free != 0))
        drop_all(c, ICAL_TRANSP_PROPERTY);
    if (a->is_free && !is_free && !is_task)
        icalcomponent_add_property(c, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    p = icalcomponent_get_first_property(c, ICAL_PRIORITY_PROPERTY);
    if (p && icalproperty_get_priority(p) != (int)a->priority)
        drop_all(c, ICAL_PRIORITY_PROPERTY);
    if (a->priority && !icalcomponent_get_first_property(c, ICAL_PRIORITY_PROPERTY))
        icalcomponent_add_property(c, icalproperty_new_priority((int)a->priority));
    if (a->kind == BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL)
        put_own(c, "X-BATON-KIND", "CALL");
    else if (a->kind == BATON__ACTIVITY_KIND__ACTIVITY_KIND_EMAIL)
        put_own(c, "X-BATON-KIND", "EMAIL");
}

/* With what is not ours in it. */
static icalcomponent *component_of(const Baton__Activity *a, const char *kind)
{
    enum { FRAME = 32 };
    const size_t n = a->foreign.len, room = n + 2 * FRAME;
    char *text = malloc(room);
    if (!text)
        return NULL;
    size_t at = (size_t)snprintf(text, room, "BEGIN:%s\r\n", kind);
    if (n)
        memcpy(text + at, a->foreign.data, n);
    at += n;
    (void)snprintf(text + at, room - at, "END:%s\r\n", kind); /* it fits */
    ical_hide_commas(text);
    icalcomponent *c = icalparser_parse_string(text);
    free(text);
    if (c && icalcomponent_isa(c) == icalcomponent_string_to_kind(kind))
        return c;
    /* it says more than one component can: nothing of it stays */
    if (c)
        icalcomponent_free(c);
    return icalcomponent_new(icalcomponent_string_to_kind(kind));
}

char *contacts_ical_event(const struct ical_event *e)
{
    const Baton__Activity *a = e->activity;
    const bool is_task = a->kind == BATON__ACTIVITY_KIND__ACTIVITY_KIND_TASK;
    icalerror_set_errors_are_fatal(0);
    ical_set_unknown_token_handling_setting(ICAL_ASSUME_IANA_TOKEN);
    icalcomponent *c = component_of(a, is_task ? "VTODO" : "VEVENT");
    if (!c)
        return NULL;
    put_text(c, ICAL_UID_PROPERTY, is_given(a->uid) ? a->uid : a->id, SIZE_MAX);
    add_moment(c, ICAL_DTSTAMP_PROPERTY, a->updated_at);
    add_moment(c, ICAL_LASTMODIFIED_PROPERTY, a->updated_at);
    if (!icalcomponent_get_first_property(c, ICAL_CREATED_PROPERTY))
        add_moment(c, ICAL_CREATED_PROPERTY, a->created_at);
    put_text(c, ICAL_SUMMARY_PROPERTY, a->subject, ICAL_SUBJECT_MAX);
    put_text(c, ICAL_DESCRIPTION_PROPERTY, a->description, ICAL_DESCRIPTION_MAX);
    put_text(c, ICAL_LOCATION_PROPERTY, a->location, ICAL_LOCATION_MAX);
    add_times(c, a, is_task);
    add_repeating(c, e);
    put_status(c, a, is_task);
    put_rest(c, a, is_task);
    add_attendees(c, e);
    add_alarms(c, a);
    icalcomponent_strip_errors(c);
    char *text = ical_show_commas(icalcomponent_as_ical_string_r(c));
    icalcomponent_free(c);
    return text;
}
