/* A reminder rings once for each repetition: neither twice, nor never, nor of what is done. Made from the log
   of contacts alone, for what the clients here plan: moments, and more moments. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "contacts/activity.h"
#include "sim/sim.h"

enum { STARTS_MAX = 8, OVERDUE_US = 20 * 1000000 };
static const int64_t MINUTE_US = 60000000;

struct watch {
    struct sim *sim;
    const struct ledger *l;
    const Baton__LogRecord *record;
};

/* The activity as the newest record before this one, or this one, has it; NULL: not there. */
static const Baton__Activity *activity_at(const struct ledger *l, size_t seq, const char *id)
{
    for (size_t n = seq; n-- > 0;)
        for (size_t i = 0; i < l->records[n]->n_events; i++) {
            const Baton__Event *e = l->records[n]->events[i];
            const Baton__Activity *a = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                           ? e->record_changed->record->activity
                                           : NULL;
            if (a && e->record_changed->record->record_case == BATON__RECORD__RECORD_ACTIVITY &&
                strcmp(a->id, id) == 0)
                return e->record_changed->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED ? NULL : a;
        }
    return NULL;
}

static bool is_among(int64_t start, const int64_t starts[], size_t n)
{
    while (n-- > 0)
        if (starts[n] == start)
            return true;
    return false;
}

/* Each once: one that is moved may begin where it was repeated. */
static size_t starts_of(const Baton__Activity *a, int64_t out[STARTS_MAX])
{
    size_t n = 0;
    out[n++] = timestamp_us(a->start_at);
    for (size_t i = 0; i < a->n_recurrence_dates && n < STARTS_MAX; i++) {
        struct civil c;
        bool is_date;
        char plain[CIVIL_SIZE] = "";
        memcpy(plain, a->recurrence_dates[i], CIVIL_SIZE - 1);
        if (civil_parse(plain, &c, &is_date) && !is_among(civil_seconds(&c) * 1000000, out, n))
            out[n++] = civil_seconds(&c) * 1000000;
    }
    return n;
}

/* How many reminders of this activity are at that moment, and not too late. */
static size_t wanted_at(const Baton__Activity *a, int64_t due_us, int64_t now_us)
{
    int64_t starts[STARTS_MAX];
    size_t n = a && a->start_at ? starts_of(a, starts) : 0, wanted = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < a->n_reminder_minutes; k++)
            wanted += starts[i] - a->reminder_minutes[k] * MINUTE_US == due_us &&
                      starts[i] >= now_us - ACTIVITY_LATE_MINUTES * MINUTE_US && activity_is_open(a);
    return wanted;
}

/* The next reminder after that moment which will not be too late; 0: there is none. */
static int64_t next_after(const Baton__Activity *a, int64_t after_us, int64_t now_us)
{
    int64_t starts[STARTS_MAX], next_us = 0;
    size_t n = a && a->start_at && activity_is_open(a) ? starts_of(a, starts) : 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < a->n_reminder_minutes; k++) {
            const int64_t due_us = starts[i] - a->reminder_minutes[k] * MINUTE_US;
            if (due_us > after_us && starts[i] > now_us - ACTIVITY_LATE_MINUTES * MINUTE_US &&
                (!next_us || due_us < next_us))
                next_us = due_us;
        }
    return next_us;
}

/* When its timer was to fire, as the log said last before this record; 0: never. */
static int64_t due_before(const struct ledger *l, size_t seq, const char *id)
{
    for (size_t n = seq - 1; n-- > 0;)
        for (size_t i = 0; i < l->records[n]->n_events; i++) {
            const Baton__Event *e = l->records[n]->events[i];
            if (e->event_case == BATON__EVENT__EVENT_ACTIVITY_SCHEDULED &&
                strcmp(e->activity_scheduled->activity_id, id) == 0)
                return e->activity_scheduled->due_us;
        }
    return 0;
}

static size_t rings_in(const Baton__LogRecord *r, const char *id)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_events; i++)
        n += r->events[i]->event_case == BATON__EVENT__EVENT_ACTIVITY_REMINDER_DUE &&
             strcmp(r->events[i]->activity_reminder_due->activity_id, id) == 0;
    return n;
}

static void scheduled(const struct watch *w, const Baton__ActivityScheduled *e)
{
    const size_t seq = w->record->seq;
    const int64_t now_us = (int64_t)w->record->time_us;
    const Baton__Activity *a = activity_at(w->l, seq, e->activity_id);
    const int64_t due_us = e->by_timer ? due_before(w->l, seq, e->activity_id) : now_us;
    const size_t rung = rings_in(w->record, e->activity_id);
    const size_t wanted = e->by_timer ? wanted_at(a, due_us, now_us) : 0;
    const int64_t next_us = next_after(a, due_us, now_us);
    if (rung != wanted)
        sim_wrong(w->sim, "reminders: %zu of activity %s ring in record %zu, not %zu", rung, e->activity_id,
                  seq, wanted);
    if (next_us && (!e->due_us || e->due_us > next_us))
        sim_wrong(w->sim, "reminders: the next one of activity %s is forgotten in record %zu", e->activity_id,
                  seq);
}

static bool is_same(const Baton__ActivityReminderDue *a, const Baton__ActivityReminderDue *b)
{
    return a->minutes_before == b->minutes_before &&
           timestamp_us(a->starts_at) == timestamp_us(b->starts_at) &&
           strcmp(a->activity_id, b->activity_id) == 0;
}

/* No earlier record rang for the same. */
static void rang_before(const struct watch *w, const Baton__ActivityReminderDue *e)
{
    for (size_t n = 0; n < w->record->seq - 1; n++)
        for (size_t i = 0; i < w->l->records[n]->n_events; i++) {
            const Baton__Event *x = w->l->records[n]->events[i];
            if (x->event_case == BATON__EVENT__EVENT_ACTIVITY_REMINDER_DUE &&
                is_same(x->activity_reminder_due, e))
                sim_wrong(w->sim,
                          "reminders: activity %s rings twice for one repetition, in records %zu and %zu",
                          e->activity_id, n + 1, (size_t)w->record->seq);
        }
}

/* No timer stands still. */
static void overdue(struct sim *sim)
{
    struct table_scan scan;
    struct world *w = host_world(sim->processes[CONTACTS].host);
    struct arena *a = arena_new(64 << 20);
    const Baton__Placing *p;
    const bool opened =
        table_scan_open(&scan, sim->ledgers[CONTACTS].made, CONTACTS_PLACING, NULL, NULL, NULL, false);
    while (opened && (p = table_scan_next(&scan, a)))
        if (p->due_us && p->due_us < w->ops->wall_us(w) - OVERDUE_US)
            sim_wrong(sim, "reminders: the timer of activity %s does not fire", p->record_id);
    if (opened)
        table_scan_close(&scan);
    arena_free(a);
}

void reminders_settled(struct sim *sim)
{
    struct watch w = {.sim = sim, .l = &sim->ledgers[CONTACTS]};
    for (size_t n = 0; n < w.l->n; n++) {
        w.record = w.l->records[n];
        for (size_t i = 0; i < w.record->n_events; i++) {
            const Baton__Event *e = w.record->events[i];
            if (e->event_case == BATON__EVENT__EVENT_ACTIVITY_SCHEDULED)
                scheduled(&w, e->activity_scheduled);
            if (e->event_case == BATON__EVENT__EVENT_ACTIVITY_REMINDER_DUE)
                rang_before(&w, e->activity_reminder_due);
        }
    }
    overdue(sim);
}
