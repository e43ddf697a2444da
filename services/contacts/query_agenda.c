/* What somebody has between two moments, and when they have no time. */
#include <stdlib.h>
#include <string.h>

#include "services/contacts/rows.h"

enum {
    OCCURRENCES_MAX = 1000,
    LOOK_MAX = 4000,       /* agenda entries looked at for one answer, of each class */
    WINDOW_DAYS_MAX = 400, /* asked for at once */
    STEPS_MAX = 30000,     /* of repeating, for one answer */
    REPLY_BYTES_MAX = 512 << 10,
    SPANS_MAX = 8000, /* of all users together */
    ROWS_MEMORY = 64 << 20,
    ROWS_BYTES_MAX = 16 << 20, /* of activities read for one answer */
};
static const int64_t DAY_US = INT64_C(86400000000);

/* One repetition, and whose it is. */
struct item {
    struct contacts_occurrence at;
    const Baton__Activity *activity;
    bool is_date, is_floating;
};

struct agenda {
    struct load *l; /* its arena is that of the rows */
    int64_t from_us, until_us;
    bool (*takes)(const Baton__Activity *a, const char *holder_id);
    const char *holder_id;
    struct item *items; /* OCCURRENCES_MAX + 1 */
    size_t n, steps_left;
    bool has_more;
};

static int by_start(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    if (a->at.start_us != b->at.start_us)
        return a->at.start_us < b->at.start_us ? -1 : 1;
    return strcmp(a->activity->id, b->activity->id);
}

static void add_one(struct agenda *g, const Baton__Activity *a, const struct contacts_occurrence *x)
{
    if (g->n == OCCURRENCES_MAX) {
        g->has_more = true;
        return;
    }
    const bool is_local = a->start_local && *a->start_local;
    g->items[g->n++] = (struct item){.at = *x,
                                     .activity = a,
                                     .is_date = is_local && strlen(a->start_local) < CIVIL_SIZE - 1,
                                     .is_floating = is_local && !(a->time_zone && *a->time_zone)};
}

static void add_series(struct agenda *g, const Baton__Activity *a)
{
    struct contacts_series s;
    const size_t room = OCCURRENCES_MAX - g->n;
    if (!contacts_series_open(g->l, a, &s))
        return;
    s.repeat.budget = &g->steps_left;
    struct contacts_occurrence *found = calloc(room + 1, sizeof *found);
    const size_t n =
        found ? contacts_series_between(&s, g->from_us, g->until_us, found, room, &g->has_more) : 0;
    for (size_t i = 0; i < n; i++)
        add_one(g, a, &found[i]);
    free(found);
}

/* What does not repeat stands in its row. */
static void add_activity(struct agenda *g, const Baton__Activity *a)
{
    const int64_t start_us = timestamp_us(a->start_at),
                  end_us = a->end_at ? timestamp_us(a->end_at) : start_us;
    bool is_date;
    if (!g->takes(a, g->holder_id))
        return;
    if (activity_repeats(a)) {
        add_series(g, a);
        return;
    }
    struct contacts_occurrence x = {.start_us = start_us, .end_us = end_us};
    if (a->start_local)
        (void)civil_parse(a->start_local, &x.local, &is_date); /* it could be when it was written */
    if (start_us < g->until_us && (end_us > g->from_us || start_us >= g->from_us))
        add_one(g, a, &x);
}

/* Those that happen once are found by their start: none of them began longer ago than that. */
static void add_class(struct agenda *g, Baton__AgendaClass class, int64_t from_us)
{
    struct table_scan scan;
    struct key prefix, from;
    size_t looked = 0;
    const Baton__AgendaEntry *e;
    key_init(&prefix);
    key_text(&prefix, g->holder_id);
    key_u64(&prefix, class);
    from = prefix;
    key_u64(&from, from_us > 0 ? (uint64_t)from_us : 0);
    if (!table_scan_under(&scan, g->l->txn, CONTACTS_AGENDA, &prefix, &from, NULL, false))
        return;
    while ((e = table_scan_next(&scan, g->l->arena)) && (int64_t)e->at_us < g->until_us &&
           g->n < OCCURRENCES_MAX) {
        if (looked++ == LOOK_MAX || arena_used(g->l->arena) > ROWS_BYTES_MAX) {
            g->has_more = true;
            break;
        }
        const Baton__Activity *a = table_get_id(g->l->txn, CONTACTS_ACTIVITY, e->activity_id, g->l->arena);
        if (a)
            add_activity(g, a);
    }
    g->has_more |= e && g->n == OCCURRENCES_MAX;
    table_scan_close(&scan);
}

/* In the order of time. The caller frees `items`. */
static void agenda_fill(struct agenda *g)
{
    g->items = calloc(OCCURRENCES_MAX + 1, sizeof *g->items);
    g->n = 0;
    g->steps_left = STEPS_MAX;
    g->has_more = g->items == NULL;
    if (!g->items)
        return;
    add_class(g, BATON__AGENDA_CLASS__AGENDA_CLASS_LONG, 0);
    add_class(g, BATON__AGENDA_CLASS__AGENDA_CLASS_ONCE, g->from_us - ACTIVITY_ONCE_DAYS * DAY_US);
    qsort(g->items, g->n, sizeof *g->items, by_start);
}

static bool window(const Google__Protobuf__Timestamp *from, const Google__Protobuf__Timestamp *until,
                   struct agenda *g, struct refusal *no)
{
    g->from_us = timestamp_us(from);
    g->until_us = timestamp_us(until);
    if (g->until_us <= g->from_us)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "until", "it is not later than from");
    if (g->until_us - g->from_us > WINDOW_DAYS_MAX * DAY_US)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "until", "at most %d days at once", WINDOW_DAYS_MAX);
    return true;
}

/* --- occurrences --- */

static bool takes_all(const Baton__Activity *a, const char *holder_id)
{
    return true;
}

static bool is_user(const char *id, const char *user_id)
{
    return id && user_id && strcmp(id, user_id) == 0;
}

/* Of a calendar that shows others busy times, whose it is, who attends and who administrates see everything.
 */
static bool is_open_to(struct load *l, const Baton__Activity *a, const Baton__Actor *actor)
{
    const Baton__Calendar *c = table_get_id(l->txn, CONTACTS_CALENDAR, a->calendar_id, l->arena);
    if (!c || c->shows != BATON__CALENDAR_SHOWS__CALENDAR_SHOWS_BUSY ||
        actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_SYSTEM) ||
        is_user(a->owner_id, actor->user_id))
        return true;
    for (size_t i = 0; i < a->n_attendees; i++)
        if (is_user(a->attendees[i]->user_id, actor->user_id))
            return true;
    return false;
}

enum record_reach contacts_row_activity_reach(struct load *l, const ProtobufCMessage *row,
                                              const Baton__Actor *actor)
{
    return is_open_to(l, (const Baton__Activity *)row, actor) ? contacts_row_about_reach(l, row, actor)
                                                              : RECORD_HIDDEN;
}

bool contacts_shows_details(struct load *l, const Baton__Activity *a, const Baton__Actor *actor)
{
    return contacts_row_activity_reach(l, &a->base, actor) >= RECORD_READ;
}

/* In the arena of the answer; what is read for it in that of the rows. */
static Baton__Occurrence *occurrence_of(struct load *l, struct load *rows, const struct item *x,
                                        const Baton__Actor *actor)
{
    Baton__Occurrence *o = ARENA_NEW(l->arena, Baton__Occurrence);
    const Baton__Activity *a = x->activity;
    char local[CIVIL_SIZE];
    baton__occurrence__init(o);
    o->activity_id = arena_strdup(l->arena, a->id);
    o->start_at = timestamp_of(l->arena, x->at.start_us);
    o->end_at = timestamp_of(l->arena, x->at.end_us);
    if (x->is_floating) {
        civil_format(local, &x->at.local, x->is_date);
        o->start_local = arena_strdup(l->arena, local);
    }
    if (!contacts_shows_details(rows, a, actor))
        return o;
    o->subject = arena_strdup(l->arena, a->subject);
    o->has_kind = o->has_status = o->has_repeats = true;
    o->kind = a->kind;
    o->status = a->status;
    o->location = arena_strdup(l->arena, a->location);
    o->calendar_id = arena_strdup(l->arena, a->calendar_id);
    o->repeats = activity_repeats(a);
    return o;
}

bool contacts_query_occurrences(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                struct refusal *no)
{
    const Baton__ListOccurrencesRequest *q = (const Baton__ListOccurrencesRequest *)c->request;
    struct load rows = *l;
    struct agenda g = {.l = &rows, .takes = takes_all};
    g.holder_id = q->calendar_id ? q->calendar_id : q->owner_id ? q->owner_id : c->actor->user_id;
    if (q->calendar_id && q->owner_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "calendar_id", "a user or a calendar, not both");
    if (!g.holder_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "owner_id", "say whose");
    if (!window(q->from, q->until, &g, no))
        return false;
    if (q->calendar_id && !table_get_id(l->txn, CONTACTS_CALENDAR, q->calendar_id, l->arena))
        return refuse(no, REFUSAL_NOT_FOUND, "calendar_id", "there is no such calendar");
    Baton__ListOccurrencesResponse *out = ARENA_NEW(l->arena, Baton__ListOccurrencesResponse);
    baton__list_occurrences_response__init(out);
    rows.arena = arena_new(ROWS_MEMORY);
    agenda_fill(&g);
    out->occurrences = ARENA_ARRAY(l->arena, Baton__Occurrence *, g.n);
    size_t bytes = 0;
    while (out->n_occurrences < g.n && bytes < REPLY_BYTES_MAX) {
        Baton__Occurrence *o = occurrence_of(l, &rows, &g.items[out->n_occurrences], c->actor);
        bytes += baton__occurrence__get_packed_size(o);
        out->occurrences[out->n_occurrences++] = o;
    }
    g.has_more |= out->n_occurrences < g.n;
    out->has_has_more = true;
    out->has_more = g.has_more;
    free(g.items);
    arena_free(rows.arena);
    *reply = &out->base;
    return true;
}

/* --- busy --- */

/* What takes time of this user: no task, nothing that is off or that they declined. */
static bool takes_busy(const Baton__Activity *a, const char *user_id)
{
    if (a->is_free || a->kind == BATON__ACTIVITY_KIND__ACTIVITY_KIND_TASK ||
        a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED)
        return false;
    for (size_t i = 0; i < a->n_attendees; i++)
        if (is_user(a->attendees[i]->user_id, user_id) &&
            a->attendees[i]->answer == BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_DECLINED)
            return false;
    return true;
}

static void add_span(Baton__UserBusy *u, int64_t start_us, int64_t end_us, struct arena *a)
{
    Baton__BusySpan *last = u->n_spans ? u->spans[u->n_spans - 1] : NULL;
    if (last && start_us <= timestamp_us(last->end_at)) {
        if (end_us > timestamp_us(last->end_at))
            last->end_at = timestamp_of(a, end_us);
        return;
    }
    Baton__BusySpan *x = u->spans[u->n_spans++] = ARENA_NEW(a, Baton__BusySpan);
    baton__busy_span__init(x);
    x->start_at = timestamp_of(a, start_us);
    x->end_at = timestamp_of(a, end_us);
}

static Baton__UserBusy *busy_of(struct agenda *g, char *user_id, size_t *spans_left, struct arena *a)
{
    Baton__UserBusy *u = ARENA_NEW(a, Baton__UserBusy);
    baton__user_busy__init(u);
    g->holder_id = u->user_id = user_id;
    agenda_fill(g);
    u->spans = ARENA_ARRAY(a, Baton__BusySpan *, g->n);
    for (size_t i = 0; i < g->n; i++) {
        if (u->n_spans == *spans_left) {
            g->has_more = true;
            break;
        }
        const struct contacts_occurrence *x = &g->items[i].at;
        const int64_t start_us = x->start_us > g->from_us ? x->start_us : g->from_us;
        const int64_t end_us = x->end_us < g->until_us ? x->end_us : g->until_us;
        if (end_us > start_us)
            add_span(u, start_us, end_us, a);
    }
    *spans_left -= u->n_spans;
    u->has_has_more = true;
    u->has_more = g->has_more;
    free(g->items);
    arena_reset(g->l->arena);
    return u;
}

bool contacts_query_busy(struct load *l, const struct command *c, ProtobufCMessage **reply,
                         struct refusal *no)
{
    const Baton__GetFreeBusyRequest *q = (const Baton__GetFreeBusyRequest *)c->request;
    struct load rows = *l;
    struct agenda g = {.l = &rows, .takes = takes_busy};
    if (!window(q->from, q->until, &g, no))
        return false;
    Baton__GetFreeBusyResponse *out = ARENA_NEW(l->arena, Baton__GetFreeBusyResponse);
    baton__get_free_busy_response__init(out);
    rows.arena = arena_new(ROWS_MEMORY);
    size_t spans_left = SPANS_MAX;
    out->users = ARENA_ARRAY(l->arena, Baton__UserBusy *, q->n_user_ids);
    for (; out->n_users < q->n_user_ids; out->n_users++)
        out->users[out->n_users] = busy_of(&g, q->user_ids[out->n_users], &spans_left, l->arena);
    arena_free(rows.arena);
    *reply = &out->base;
    return true;
}
