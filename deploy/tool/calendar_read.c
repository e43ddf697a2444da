/* Components of iCalendar as activities. What a field says as well as the line it came from is the field's;
   every other line goes into `foreign` as it is. */
#include "tool/calendar_read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "services/contacts/ical.h"
#include "services/contacts/ical_commas.h"
#include "tool/calendar_reading.h"

enum { MAILTO = 7, FOREIGN_MAX = 16384, UID_MAX = 255, ATTENDEES_MAX = 100, EXCLUDED_MAX = 1000 };
#define UNTITLED "Untitled"

/* --- lines that stay as they are --- */

void reading_refuse(struct reading *r, const char *why)
{
    if (!r->refused)
        r->refused = why;
}

void reading_keep(struct reading *r, icalproperty *p)
{
    char *line = ical_show_commas(icalproperty_as_ical_string_r(p));
    if (!line || !buffer_text(&r->foreign, line))
        reading_refuse(r, "it says more that is not known here than can be kept");
    free(line);
}

void reading_keep_component(struct reading *r, icalcomponent *c)
{
    char *text = ical_show_commas(icalcomponent_as_ical_string_r(c));
    if (!text || !buffer_text(&r->foreign, text))
        reading_refuse(r, "it says more that is not known here than can be kept");
    free(text);
}

void reading_each(struct reading *r, icalproperty_kind kind, void (*read)(struct reading *, icalproperty *))
{
    for (icalproperty *p = icalcomponent_get_first_property(r->component, kind); p;
         p = icalcomponent_get_next_property(r->component, kind))
        read(r, p);
}

static bool has_parameters(icalproperty *p)
{
    return icalproperty_get_first_parameter(p, ICAL_ANY_PARAMETER) != NULL;
}

/* Clipped where it is long; then, and where its line says more, the line stays, too. */
static char *text_of(struct reading *r, icalproperty *p, size_t max)
{
    const char *value = icalvalue_get_text(icalproperty_get_value(p));
    char *text = arena_strdup(r->arena, value ? value : "");
    ical_plain_commas(text);
    if (has_parameters(p) || strlen(text) > max)
        reading_keep(r, p);
    text[text_clip(text, max)] = '\0';
    return text;
}

/* --- who --- */

static void read_answer(Baton__Attendee *x, icalproperty *p)
{
    icalparameter *partstat = icalproperty_get_first_parameter(p, ICAL_PARTSTAT_PARAMETER);
    const icalparameter_partstat said = partstat ? icalparameter_get_partstat(partstat) : ICAL_PARTSTAT_NONE;
    x->answer = said == ICAL_PARTSTAT_ACCEPTED    ? BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_ACCEPTED
                : said == ICAL_PARTSTAT_DECLINED  ? BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_DECLINED
                : said == ICAL_PARTSTAT_TENTATIVE ? BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_TENTATIVE
                                                  : BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_UNSPECIFIED;
    x->has_answer = x->answer != BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_UNSPECIFIED;
}

/* Whoever has an address; their line stays, for it may say more. */
static void read_attendee(struct reading *r, icalproperty *p)
{
    enum { NAME_BYTES_MAX = 200 };
    const char *value = icalproperty_get_attendee(p);
    const char *address = value && strncasecmp(value, "mailto:", MAILTO) == 0 ? value + MAILTO : NULL;
    icalparameter *cn = icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER),
                  *role = icalproperty_get_first_parameter(p, ICAL_ROLE_PARAMETER);
    reading_keep(r, p);
    if (!address || !text_is_email(address) || r->a->n_attendees == ATTENDEES_MAX)
        return;
    for (size_t i = 0; i < r->a->n_attendees; i++)
        if (strcasecmp(r->a->attendees[i]->email, address) == 0)
            return;
    Baton__Attendee *x = ARENA_NEW(r->arena, Baton__Attendee);
    baton__attendee__init(x);
    x->email = arena_strdup(r->arena, address);
    const char *name = cn ? icalparameter_get_cn(cn) : NULL;
    x->name = name ? arena_strndup(r->arena, name, text_clip(name, NAME_BYTES_MAX)) : NULL;
    x->is_optional = x->has_is_optional = role && icalparameter_get_role(role) == ICAL_ROLE_OPTPARTICIPANT;
    read_answer(x, p);
    if (!r->a->attendees)
        r->a->attendees = ARENA_ARRAY(r->arena, Baton__Attendee *, ATTENDEES_MAX);
    r->a->attendees[r->a->n_attendees++] = x;
}

/* --- what else there is --- */

static void set_status(struct reading *r, Baton__ActivityStatus status)
{
    r->a->has_status = true;
    r->a->status = status;
}

static void read_status(struct reading *r, icalproperty *p)
{
    const icalproperty_status said = icalproperty_get_status(p);
    if (said == ICAL_STATUS_CANCELLED)
        set_status(r, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED);
    else if (said == ICAL_STATUS_COMPLETED)
        set_status(r, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE);
    reading_keep(r, p);
}

/* What was written here. */
static bool read_own(struct reading *r, icalproperty *p)
{
    const char *name = icalproperty_get_x_name(p), *value = icalproperty_get_value_as_string(p);
    if (strcmp(name, "X-BATON-STATUS") == 0)
        set_status(r, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE);
    else if (strcmp(name, "X-BATON-KIND") == 0)
        r->a->kind = value && strcmp(value, "CALL") == 0 ? BATON__ACTIVITY_KIND__ACTIVITY_KIND_CALL
                                                         : BATON__ACTIVITY_KIND__ACTIVITY_KIND_EMAIL;
    else
        return false;
    return true;
}

static void read_priority(struct reading *r, icalproperty *p)
{
    const int said = icalproperty_get_priority(p);
    r->a->has_priority = said > 0 && said <= 9;
    r->a->priority = r->a->has_priority ? (uint32_t)said : 0;
    reading_keep(r, p);
}

static const char *error_of(struct reading *r, icalproperty *p)
{
    char *text = arena_strdup(r->arena, icalproperty_get_value_as_string(p));
    ical_plain_commas(text);
    return text ? text : "a line of it cannot be read";
}

static void read_property(struct reading *r, icalproperty *p)
{
    switch ((int)icalproperty_isa(p)) {
    case ICAL_UID_PROPERTY:
        r->a->uid = text_of(r, p, SIZE_MAX);
        break;
    case ICAL_SUMMARY_PROPERTY:
        r->a->subject = text_of(r, p, ICAL_SUBJECT_MAX);
        break;
    case ICAL_DESCRIPTION_PROPERTY:
        r->a->description = text_of(r, p, ICAL_DESCRIPTION_MAX);
        break;
    case ICAL_LOCATION_PROPERTY:
        r->a->location = text_of(r, p, ICAL_LOCATION_MAX);
        break;
    case ICAL_STATUS_PROPERTY:
        read_status(r, p);
        break;
    case ICAL_TRANSP_PROPERTY:
        r->a->is_free = r->a->has_is_free = icalproperty_get_transp(p) == ICAL_TRANSP_TRANSPARENT;
        reading_keep(r, p);
        break;
    case ICAL_PRIORITY_PROPERTY:
        read_priority(r, p);
        break;
    case ICAL_ATTENDEE_PROPERTY:
        read_attendee(r, p);
        break;
    case ICAL_DTSTAMP_PROPERTY:
    case ICAL_LASTMODIFIED_PROPERTY:
    case ICAL_DTSTART_PROPERTY:
    case ICAL_DTEND_PROPERTY:
    case ICAL_DURATION_PROPERTY:
    case ICAL_DUE_PROPERTY:
    case ICAL_RRULE_PROPERTY:
    case ICAL_RDATE_PROPERTY:
    case ICAL_EXDATE_PROPERTY:
    case ICAL_RECURRENCEID_PROPERTY:
        break; /* read before, or made anew */
    case ICAL_XLICERROR_PROPERTY:
        reading_refuse(r, error_of(r, p));
        break;
    case ICAL_X_PROPERTY:
        if (!read_own(r, p))
            reading_keep(r, p);
        break;
    default:
        reading_keep(r, p);
    }
}

/* --- all of a component --- */

static void read_alarm(struct reading *r, icalcomponent *c)
{
    icalproperty *p = icalcomponent_get_first_property(c, ICAL_TRIGGER_PROPERTY);
    icalparameter *related = p ? icalproperty_get_first_parameter(p, ICAL_RELATED_PARAMETER) : NULL;
    Baton__Activity *a = r->a;
    reading_keep_component(r, c);
    if (!p || (related && icalparameter_get_related(related) != ICAL_RELATED_START))
        return;
    const struct icaltriggertype t = icalproperty_get_trigger(p);
    const int seconds = icaldurationtype_as_int(t.duration);
    if (!icaltime_is_null_time(t.time) || seconds > 0 || seconds % 60 || seconds < -60 * ICAL_REMINDER_MAX)
        return;
    const uint32_t minutes = (uint32_t)(-seconds / 60);
    for (size_t i = 0; i < a->n_reminder_minutes; i++)
        if (a->reminder_minutes[i] == minutes)
            return;
    if (a->n_reminder_minutes == ICAL_REMINDERS_MAX)
        reading_refuse(r, "it has more reminders than can be kept");
    else
        a->reminder_minutes[a->n_reminder_minutes++] = minutes;
}

static void read_inner(struct reading *r)
{
    if (icalcomponent_count_errors(r->component) > 0)
        reading_refuse(r, "a line within its alarms cannot be read");
    r->a->reminder_minutes = ARENA_ARRAY(r->arena, uint32_t, ICAL_REMINDERS_MAX);
    for (icalcomponent *c = icalcomponent_get_first_component(r->component, ICAL_ANY_COMPONENT); c;
         c = icalcomponent_get_next_component(r->component, ICAL_ANY_COMPONENT))
        if (icalcomponent_isa(c) == ICAL_VALARM_COMPONENT)
            read_alarm(r, c);
        else
            reading_keep_component(r, c);
    /* what is without a time rings at none of ours */
    if (!r->a->start_at && !r->a->start_local)
        r->a->n_reminder_minutes = 0;
}

static void finish(struct reading *r)
{
    Baton__Activity *a = r->a;
    if (a->uid && strlen(a->uid) > UID_MAX)
        reading_refuse(r, "its uid is too long");
    if (!a->subject || !text_trim(r->arena, a->subject))
        a->subject = arena_strdup(r->arena, UNTITLED);
    if (!r->foreign.size)
        return;
    a->has_foreign = true;
    a->foreign.len = r->foreign.size;
    a->foreign.data = arena_copy(r->arena, r->foreign.data, r->foreign.size);
}

static struct calendar_item read_component(icalcomponent *file, icalcomponent *c, struct arena *a)
{
    struct reading r = {.file = file, .component = c, .arena = a, .a = ARENA_NEW(a, Baton__Activity)};
    baton__activity__init(r.a);
    buffer_init(&r.foreign, FOREIGN_MAX);
    r.is_task = icalcomponent_isa(c) == ICAL_VTODO_COMPONENT;
    r.a->has_kind = true;
    r.a->kind =
        r.is_task ? BATON__ACTIVITY_KIND__ACTIVITY_KIND_TASK : BATON__ACTIVITY_KIND__ACTIVITY_KIND_MEETING;
    if (r.is_task)
        reading_task_times(&r);
    else
        reading_event_times(&r);
    reading_each(&r, ICAL_ANY_PROPERTY, read_property);
    read_inner(&r);
    finish(&r);
    buffer_release(&r.foreign);
    return (struct calendar_item){.what = arena_printf(a, "%s %.80s", r.is_task ? "VTODO" : "VEVENT",
                                                       r.a->uid ? r.a->uid : r.a->subject),
                                  .activity = r.refused ? NULL : r.a,
                                  .refused = r.refused};
}

/* --- all of a file --- */

static void walk(icalcomponent *file, icalcomponent *c, struct arena *a, struct calendar_file *out)
{
    const icalcomponent_kind kind = icalcomponent_isa(c);
    const char *name = icalcomponent_kind_to_string(kind);
    if (out->n == CALENDAR_ITEMS_MAX)
        return;
    if (kind == ICAL_VEVENT_COMPONENT || kind == ICAL_VTODO_COMPONENT) {
        out->items[out->n++] = read_component(file, c, a);
        return;
    }
    if (kind != ICAL_XROOT_COMPONENT && kind != ICAL_VCALENDAR_COMPONENT && kind != ICAL_VTIMEZONE_COMPONENT)
        out->items[out->n++] = (struct calendar_item){.what = name ? arena_strdup(a, name) : "a component",
                                                      .refused = "neither an event nor a task"};
    if (kind != ICAL_XROOT_COMPONENT && kind != ICAL_VCALENDAR_COMPONENT)
        return;
    icalcompiter at = icalcomponent_begin_component(c, ICAL_ANY_COMPONENT);
    for (icalcomponent *x; (x = icalcompiter_deref(&at)); (void)icalcompiter_next(&at)) /* `at` knows it */
        walk(file, x, a, out);
}

static bool is_same(const char *a, const char *b)
{
    return (a ? a : "")[0] == (b ? b : "")[0] && strcmp(a ? a : "", b ? b : "") == 0;
}

/* A series does not have the start any more for which another item stands. */
static void exclude(struct calendar_file *f, const Baton__Activity *one, struct arena *arena)
{
    for (size_t i = 0; i < f->n; i++) {
        Baton__Activity *a = f->items[i].activity;
        if (!a || a->recurrence_id || !a->uid || !is_same(a->uid, one->uid) ||
            a->n_excluded_dates >= EXCLUDED_MAX)
            continue;
        char **dates = ARENA_ARRAY(arena, char *, a->n_excluded_dates + 1);
        if (a->n_excluded_dates)
            memcpy(dates, a->excluded_dates, a->n_excluded_dates * sizeof *dates);
        dates[a->n_excluded_dates++] = one->recurrence_id;
        a->excluded_dates = dates;
    }
}

/* A series before what stands for one of its starts. */
static void put_series_first(struct calendar_file *f, struct arena *a)
{
    struct calendar_item *items = ARENA_ARRAY(a, struct calendar_item, f->n);
    size_t n = 0;
    for (int later = 0; later <= 1; later++)
        for (size_t i = 0; i < f->n; i++)
            if ((f->items[i].activity && f->items[i].activity->recurrence_id) == later)
                items[n++] = f->items[i];
    f->items = items;
}

void calendar_read(const char *text, size_t size, struct arena *a, struct calendar_file *out)
{
    static const char MARK[] = "\xef\xbb\xbf";
    *out = (struct calendar_file){0};
    if (size >= strlen(MARK) && memcmp(text, MARK, strlen(MARK)) == 0) {
        text += strlen(MARK);
        size -= strlen(MARK);
    }
    if (!text_valid(text, size)) {
        out->refused = "it is not UTF-8";
        return;
    }
    icalerror_set_errors_are_fatal(0);
    ical_set_unknown_token_handling_setting(ICAL_ASSUME_IANA_TOKEN);
    char *hidden = arena_strndup(a, text, size);
    ical_hide_commas(hidden);
    icalcomponent *file = icalparser_parse_string(hidden);
    if (!file) {
        out->refused = "it is no iCalendar";
        return;
    }
    out->items = ARENA_ARRAY(a, struct calendar_item, CALENDAR_ITEMS_MAX);
    walk(file, file, a, out);
    for (size_t i = 0; i < out->n; i++)
        if (out->items[i].activity && out->items[i].activity->recurrence_id)
            exclude(out, out->items[i].activity, a);
    put_series_first(out, a);
    icalcomponent_free(file);
    if (out->n == 0)
        out->refused = "there is nothing in it";
    else if (out->n == CALENDAR_ITEMS_MAX)
        out->refused = "there is too much in it";
}
