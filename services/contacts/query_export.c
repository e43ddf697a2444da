/* A calendar as iCalendar, in pages: the texts of all of them in a row are one object. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "services/contacts/ical.h"
#include "services/contacts/rows.h"

enum {
    EXPORTED_MAX = 10000, /* activities of one calendar */
    PAGE_ACTIVITIES = 200,
    PAGE_BYTES = 512 << 10, /* and what the last of them adds */
    TEXT_MAX = 896 << 10,   /* as the schema has it */
    ZONES_MAX = 64,
    REPLACED_MAX = 1000,
    SCRATCH = 128 << 20,
};

struct export
{
    struct load *l;
    const Baton__Actor *actor;
    const char *field, *id; /* the index that leads to them */
    struct buffer text;
    struct arena *scratch; /* of one activity */
    struct load rows;      /* the same */
    char *replaced[REPLACED_MAX];
};

/* --- zones, which stand before all that uses them --- */

static bool is_known(char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool write_zone(struct export *x, const char *name)
{
    char *text = strcmp(name, "UTC") == 0 ? NULL : contacts_ical_zone(name);
    const bool fits = !text || buffer_text(&x->text, text);
    free(text);
    return fits;
}

static bool write_zones(struct export *x, struct refusal *no)
{
    char *names[ZONES_MAX];
    size_t n = 0, looked = 0;
    struct table_scan scan;
    const Baton__Activity *a;
    bool opened = table_scan_open(&scan, x->l->txn, CONTACTS_ACTIVITY, x->field, x->id, NULL, false);
    while (opened && (a = table_scan_next(&scan, x->scratch)) && looked++ < EXPORTED_MAX) {
        if (a->start_local && a->time_zone && *a->time_zone && n < ZONES_MAX &&
            !is_known(names, n, a->time_zone)) {
            names[n] = arena_strdup(x->l->arena, a->time_zone);
            (void)write_zone(x, names[n++]); /* whether it fits is seen in the end */
        }
        arena_reset(x->scratch);
    }
    if (opened)
        table_scan_close(&scan);
    return looked <= EXPORTED_MAX || refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                                            "at most %d activities can be exported at once", EXPORTED_MAX);
}

/* --- activities --- */

static const char *address_of(struct export *x, const Baton__Attendee *who)
{
    const Baton__User *u = table_get_id(x->l->txn, CONTACTS_USER, who->user_id, x->scratch);
    const Baton__Contact *c = contacts_sees(&x->rows, CONTACTS_CONTACT, who->contact_id, x->actor)
                                  ? table_get_id(x->l->txn, CONTACTS_CONTACT, who->contact_id, x->scratch)
                                  : NULL;
    const char *address = u ? u->email : c ? c->email : who->email;
    return address && *address ? address : NULL;
}

/* Starts of the series that other activities of the same uid stand for. */
static size_t find_replaced(struct export *x, const Baton__Activity *a)
{
    struct table_scan scan;
    const Baton__Activity *other;
    size_t n = 0;
    if (!a->n_excluded_dates || !a->uid ||
        !table_scan_open(&scan, x->l->txn, CONTACTS_ACTIVITY, "uid", a->uid, NULL, false))
        return 0;
    while (n < REPLACED_MAX && (other = table_scan_next(&scan, x->scratch)))
        if (other->recurrence_id && other->owner_id && a->owner_id &&
            strcmp(other->owner_id, a->owner_id) == 0)
            x->replaced[n++] = other->recurrence_id;
    table_scan_close(&scan);
    return n;
}

/* What the caller does not reach takes time all the same. */
static void hide(Baton__Activity *a)
{
    a->subject = (char *)"Busy";
    a->description = a->location = NULL;
    a->n_attendees = a->n_reminder_minutes = 0;
    a->foreign.len = 0;
    a->has_priority = false;
    a->priority = 0;
}

static bool write_activity(struct export *x, Baton__Activity *a)
{
    if (!contacts_shows_details(&x->rows, a, x->actor))
        hide(a);
    const char **addresses = ARENA_ARRAY(x->scratch, const char *, a->n_attendees);
    for (size_t i = 0; i < a->n_attendees; i++)
        addresses[i] = address_of(x, a->attendees[i]);
    struct ical_event e = {.activity = a, .addresses = addresses, .replaced = x->replaced};
    e.n_replaced = find_replaced(x, a);
    char *text = contacts_ical_event(&e);
    const bool is_written = text && buffer_text(&x->text, text);
    free(text);
    return is_written;
}

/* The token of the page that follows; NULL: this one is the last. */
static bool write_page(struct export *x, const char *token, char **next, struct refusal *no)
{
    struct table_scan scan;
    Baton__Activity *a = NULL;
    size_t n = 0;
    bool is_good = true;
    if (!table_scan_open(&scan, x->l->txn, CONTACTS_ACTIVITY, x->field, x->id, token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this calendar");
    while (is_good && n++ < PAGE_ACTIVITIES && x->text.size < PAGE_BYTES &&
           (a = table_scan_next(&scan, x->scratch))) {
        is_good = write_activity(x, a);
        arena_reset(x->scratch);
    }
    *next = a && is_good ? table_scan_token(&scan, x->l->arena) : NULL;
    table_scan_close(&scan);
    return is_good || refuse(no, REFUSAL_UNAVAILABLE, NULL, "this installation cannot write calendars");
}

/* As a text of RFC 5545, 3.3.11, on one line. */
static void write_name(struct export *x, const char *name)
{
    (void)buffer_text(&x->text, "X-WR-CALNAME:"); /* whether it fits is seen in the end */
    for (; *name; name++) {
        if (strchr("\\;,", *name))
            (void)buffer_char(&x->text, '\\');
        if ((unsigned char)*name >= ' ')
            (void)buffer_char(&x->text, *name);
    }
    (void)buffer_text(&x->text, "\r\n");
}

static bool write_all(struct export *x, const Baton__Calendar *calendar, const char *token, char **next,
                      struct refusal *no)
{
    const bool is_first = !token || !*token;
    if (is_first) {
        (void)buffer_text(&x->text, ICAL_BEGIN);
        if (calendar)
            write_name(x, calendar->name);
        if (!write_zones(x, no))
            return false;
    }
    if (!write_page(x, token, next, no))
        return false;
    if (!*next)
        (void)buffer_text(&x->text, ICAL_END);
    return !x->text.overflow ||
           refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "it is too large to be exported");
}

bool contacts_query_export(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__ExportCalendarRequest *q = (const Baton__ExportCalendarRequest *)c->request;
    const Baton__Calendar *calendar = table_get_id(l->txn, CONTACTS_CALENDAR, q->calendar_id, l->arena);
    if (!q->calendar_id == !q->owner_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "calendar_id", "a calendar or a user");
    if (q->calendar_id && !calendar)
        return refuse(no, REFUSAL_NOT_FOUND, "calendar_id", "there is no such calendar");
    struct export *x = calloc(1, sizeof *x);
    if (!x)
        return refuse(no, REFUSAL_UNAVAILABLE, NULL, "there is no memory");
    *x = (struct export){.l = l, .actor = c->actor, .scratch = arena_new(SCRATCH)};
    x->rows = *l;
    x->rows.arena = x->scratch;
    x->field = calendar ? "calendar_id" : "owner_id";
    x->id = calendar ? q->calendar_id : q->owner_id;
    buffer_init(&x->text, TEXT_MAX);
    Baton__ExportCalendarResponse *out = ARENA_NEW(l->arena, Baton__ExportCalendarResponse);
    baton__export_calendar_response__init(out);
    const bool is_good = write_all(x, calendar, q->page_token, &out->next_page_token, no);
    if (is_good) {
        out->has_text = true;
        out->calendar_id = arena_strdup(l->arena, q->calendar_id);
        out->text.len = x->text.size;
        out->text.data = arena_copy(l->arena, x->text.data, x->text.size);
    }
    buffer_release(&x->text);
    arena_free(x->scratch);
    free(x);
    *reply = &out->base;
    return is_good;
}
