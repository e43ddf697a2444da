/* Nobody is disturbed who does not want to be: nothing that is not critical is attempted in quiet hours or
   while somebody snoozes, and what is muted neither rings nor is sent. Held against the rows that the log
   alone makes; the hours are counted here by the minute, not as a calendar. */
#include <string.h>

#include "base/worktime.h"
#include "notifications/notifications.h"
#include "sim/sim.h"

enum { OLD_US = 20 * 1000000, SCRATCH = 16 << 20, DAY_MINUTES = 1440, MINUTE_US = 60 * 1000000 };

struct quiet {
    struct ledger *l;
    struct arena *a;
    int64_t at_us;
};

static void *row(const struct quiet *q, unsigned table, const char *id)
{
    return table_get_id(q->l->made, table, id, q->a);
}

static const char *zone_of(const struct quiet *q, const char *user_id)
{
    const Baton__User *u = row(q, NOTIFICATIONS_USER, user_id);
    const Baton__Organisation *o = NULL;
    struct table_scan scan;
    if (u && u->time_zone)
        return u->time_zone;
    if (table_scan_open(&scan, q->l->made, NOTIFICATIONS_ORGANISATION, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, q->a);
        table_scan_close(&scan);
    }
    return o ? o->time_zone : "UTC";
}

/* Minutes since Monday, 1970-01-05, 00:00 by the user's clocks. */
static int64_t minute_of(const struct quiet *q, const char *user_id)
{
    struct worktime *w = worktime_new(zone_of(q, user_id), NULL, 0, NULL, 0, NULL, 0);
    int64_t minute = q->at_us / MINUTE_US - 4 * DAY_MINUTES + (w ? worktime_offset(w, q->at_us) : 0);
    worktime_free(w);
    return minute;
}

static bool begins(const Baton__QuietHours *h, int64_t day)
{
    for (size_t i = 0; i < h->n_weekdays; i++)
        if (h->weekdays[i] == (uint32_t)(day % 7) + 1)
            return true;
    return h->n_weekdays == 0;
}

static bool covers(const Baton__QuietHours *h, int64_t minute)
{
    const int64_t length = h->end_minute > h->start_minute ? h->end_minute - h->start_minute
                                                           : h->end_minute + DAY_MINUTES - h->start_minute;
    for (int64_t day = minute / DAY_MINUTES - 1; day <= minute / DAY_MINUTES; day++) {
        const int64_t start = day * DAY_MINUTES + h->start_minute;
        if (begins(h, day) && start <= minute && minute < start + length)
            return true;
    }
    return false;
}

static bool is_quiet(const struct quiet *q, const Baton__NotificationPreferences *p)
{
    const int64_t minute = minute_of(q, p->user_id);
    for (size_t i = 0; i < p->n_quiet_hours; i++)
        if (covers(p->quiet_hours[i], minute))
            return true;
    return timestamp_us(p->snooze_until) > q->at_us;
}

static bool is_critical(const Baton__Notification *n)
{
    return n->importance == BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_CRITICAL;
}

static void attempted(const struct quiet *q, const Baton__DeliveryAttempted *e)
{
    const Baton__ChannelDelivery *d = row(q, NOTIFICATIONS_DELIVERY, e->delivery_id);
    if (!d || d->kind != BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION)
        return;
    const Baton__Notification *n = row(q, NOTIFICATIONS_NOTIFICATION, d->notification_id);
    const Baton__NotificationPreferences *p = row(q, NOTIFICATIONS_PREFERENCES, d->user_id);
    if (p && n && !is_critical(n) && is_quiet(q, p))
        sim_wrong(q->l->process->sim, "quiet: delivery %s to %s is attempted while they want quiet", d->id,
                  d->user_id);
}

static bool mutes(const Baton__NotificationPreferences *p, const char *id)
{
    for (size_t i = 0; id && i < p->n_muted_ids; i++)
        if (strcmp(p->muted_ids[i], id) == 0)
            return true;
    return false;
}

static void created(const struct quiet *q, const Baton__LogRecord *r, const Baton__Notification *n)
{
    const Baton__NotificationPreferences *p = row(q, NOTIFICATIONS_PREFERENCES, n->user_id);
    const Baton__User *u = row(q, NOTIFICATIONS_USER, n->user_id);
    if (!p || is_critical(n) || !u || u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE)
        return;
    if (!n->silent && (mutes(p, n->lead_id) || is_quiet(q, p)))
        sim_wrong(q->l->process->sim, "quiet: notification %s rings with %s, who does not want it", n->id,
                  n->user_id);
    for (size_t i = 0; i < r->n_events && mutes(p, n->lead_id); i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_DELIVERY_ARMED &&
            r->events[i]->delivery_armed->delivery->notification_id &&
            strcmp(r->events[i]->delivery_armed->delivery->notification_id, n->id) == 0)
            sim_wrong(q->l->process->sim, "quiet: notification %s of what %s has muted is sent", n->id,
                      n->user_id);
}

void quiet_record(struct ledger *l, const Baton__LogRecord *r)
{
    const struct quiet q = {.l = l, .a = arena_new(SCRATCH), .at_us = (int64_t)r->time_us};
    for (size_t i = 0; i < r->n_events; i++) {
        if (r->events[i]->event_case == BATON__EVENT__EVENT_DELIVERY_ATTEMPTED)
            attempted(&q, r->events[i]->delivery_attempted);
        else if (r->events[i]->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
            created(&q, r, r->events[i]->notification_created->notification);
    }
    arena_free(q.a);
}

/* 0: never. */
static int64_t due_of(unsigned table, const void *row)
{
    return table == NOTIFICATIONS_DIGEST ? ((const Baton__Digest *)row)->next_due_us
                                         : ((const Baton__Announcement *)row)->next_due_us;
}

/* No row of the table waits for what should have come. */
static void none_overdue(struct sim *sim, unsigned table, bool can_end)
{
    struct ledger *l = &sim->ledgers[NOTIFICATIONS];
    struct world *w = host_world(l->process->host);
    struct arena *a = arena_new(SCRATCH);
    struct table_scan scan;
    const void *row;
    bool opened = table_scan_open(&scan, l->made, table, NULL, NULL, NULL, false);
    while (opened && (row = table_scan_next(&scan, a))) {
        const int64_t due_us = due_of(table, row);
        if (due_us ? due_us < w->ops->wall_us(w) - OLD_US : !can_end)
            sim_wrong(sim, "quiet: what waits in %s is told too late or never", table_name(l->shadow, table));
    }
    if (opened)
        table_scan_close(&scan);
    arena_free(a);
}

void quiet_settled(struct sim *sim)
{
    none_overdue(sim, NOTIFICATIONS_DIGEST, false);
    none_overdue(sim, NOTIFICATIONS_ANNOUNCEMENT, true);
}
