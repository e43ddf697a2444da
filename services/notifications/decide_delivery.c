/* The life of a delivery: it waits for its time and its turn, is attempted, and ends delivered, dead or
   dropped. Every attempt is an event before it is a call. */
#include <string.h>

#include "services/notifications/lane.h"

enum { LANE_FIRST_S = 30, LANE_MOST_S = 3600, FIRST_S = 30, MOST_S = 12 * 3600, BUSY_S = 5, ALARM_S = 86400 };

/* --- a delivery whose time has come --- */

bool notifications_decide_delivery_due(const void *facts, const struct command *c, struct stamp *s,
                                       struct outcome *out)
{
    const struct delivery_facts *f = facts;
    const Baton__ChannelDelivery *d = (const Baton__ChannelDelivery *)c->request;
    const struct delivery_kind *k = &delivery_kinds[d->kind];
    struct lane l = lane_of(&f->lane, d);
    bool was_under_way = d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY;
    bool is_over = timestamp_us(d->expires_at) <= s->now_us;
    if (d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING && f->needless &&
        !delivery_channels[d->channel].is_record) /* 2: needless */
        delivery_ended(d, BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED, f->needless, out);
    else if (f->lane.shut) /* 3: impossible */
        delivery_ended(d, BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD, f->lane.shut, out);
    else if (is_over || (was_under_way && d->attempts >= k->attempts)) /* 4: too late, or often enough */
        delivery_ended(d, k->over, was_under_way ? "its end was never told" : "its time is over", out);
    else if (f->held_until_us) /* 17: not its hour */
        delivery_hold(d, f->held_until_us, out);
    else if (!lane_has_place(&l) || (lane_has_ready(&f->lane) && !was_under_way)) /* 5: not its turn */
        delivery_queued(d, out);
    else { /* 6: its turn, or once more what was forgotten */
        delivery_attempt(d, s, out);
        l.under_way++;
    }
    lane_go_on(&l, s, out);
    return true;
}

/* --- how an attempt ended --- */

static void succeeded(const Baton__ChannelDelivery *d, const struct delivery_result *r, struct stamp *s,
                      struct outcome *out)
{
    Baton__DeliverySucceeded *e = EVENT(Baton__DeliverySucceeded, baton__delivery_succeeded__init);
    e->delivery_id = d->id;
    e->has_attempt = e->has_status = true;
    e->attempt = d->attempts;
    e->status = r->status;
    e->has_device_due_us = d->device_id != NULL;
    e->device_due_us = d->device_id ? device_due_us(s) : 0;
}

/* Of some statuses there is a word. */
static char *reason_of(const struct delivery_result *r, struct arena *a)
{
    if (r->end != DELIVERY_ANSWERED)
        return arena_strdup(a, r->reason);
    return arena_printf(a, "the other side said %u%s%s", r->status, *r->reason ? ": " : "", r->reason);
}

/* `over`: what becomes of it without `retry_us`. */
static Baton__DeliveryFailed *failed(const Baton__ChannelDelivery *d, const struct delivery_result *r,
                                     int64_t retry_us, Baton__DeliveryState over, struct outcome *out)
{
    Baton__DeliveryFailed *e = EVENT(Baton__DeliveryFailed, baton__delivery_failed__init);
    e->delivery_id = d->id;
    e->has_attempt = r->end != DELIVERY_NOT_BEGUN;
    e->attempt = d->attempts;
    e->has_status = r->end == DELIVERY_ANSWERED;
    e->status = r->status;
    e->reason = reason_of(r, out->arena);
    e->has_retry_after_s = r->retry_after_s != 0;
    e->retry_after_s = r->retry_after_s;
    e->has_state = true;
    e->state = !retry_us                                ? over
               : delivery_channels[d->channel].in_order ? BATON__DELIVERY_STATE__DELIVERY_STATE_READY
                                                        : BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING;
    e->has_retry_us = retry_us != 0;
    e->retry_us = retry_us;
    return e;
}

/* 0: never again. */
static int64_t retry_us(const Baton__ChannelDelivery *d, const struct delivery_result *r, struct stamp *s)
{
    /* 10: as the other side wishes, and not all at that moment */
    int64_t at = s->now_us + SECONDS(r->retry_after_s) +
                 delivery_backoff_us(d->attempts, SECONDS(FIRST_S), SECONDS(MOST_S), s);
    /* 11: there is an end to it */
    bool ends = d->attempts >= delivery_kinds[d->kind].attempts || at >= timestamp_us(d->expires_at);
    return ends ? 0 : at;
}

/* `retry_us`: of what failed; 0: never. */
static void lane_failed(struct lane *l, int64_t retry, struct stamp *s, struct outcome *out)
{
    unsigned most = delivery_channels[l->channel].failures, failures = l->failures + 1;
    /* 12: so many in a row close it for a while, longer each time */
    int64_t until = l->closed_until_us;
    if (delivery_channels[l->channel].in_order)
        until = retry;
    else if (failures >= most)
        until = s->now_us + SECONDS(1) +
                delivery_backoff_us(failures - most + 1, SECONDS(LANE_FIRST_S), SECONDS(LANE_MOST_S), s);
    lane_move(l, failures, until, out);
}

static void switch_off(const struct delivery_facts *f, struct lane *l, struct stamp *s, struct outcome *out)
{
    if (l->channel == BATON__CHANNEL__CHANNEL_PUSH) {
        /* A subscription that has come since then is another. */
        if (f->push && timestamp_us(f->push->since) <= timestamp_us(f->delivery->attempted_at))
            device_push_ended(f->delivery->device_id, "the push service does not know it any more", out);
        return;
    }
    l->shut = "the endpoint is gone";
    if (!f->endpoint)
        return;
    Baton__WebhookEndpoint *after = ARENA_NEW(s->arena, Baton__WebhookEndpoint);
    *after = *f->endpoint;
    after->has_enabled = true;
    after->enabled = false;
    record_updated(&f->endpoint->base, f->endpoint_seq, &after->base, s, out);
}

/* Something is set up wrongly: by us, or at the push service. Told once a day, not for each. */
static void alarm(const struct delivery_facts *f, struct stamp *s, struct outcome *out)
{
    const Baton__ChannelDelivery *d = f->delivery;
    if (f->lane.lane && f->lane.lane->alarmed_until_us > s->now_us)
        return;
    struct told t = {.class = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_SYSTEM_ALERT,
                     .title = arena_printf(s->arena, "Pushes are refused by %s", d->lane_id)};
    t.text =
        arena_printf(s->arena, "It said %u. Those that were refused are listed by: baton notify list dead",
                     f->result.status);
    for (size_t i = 0; i < f->admins.n; i++) {
        t.user_id = f->admins.all[i].ways.user->id;
        notifications_tell(&t, &f->admins.all[i], s, out);
    }
    Baton__DeliveryLaneAlarmed *e = EVENT(Baton__DeliveryLaneAlarmed, baton__delivery_lane_alarmed__init);
    e->lane_id = d->lane_id;
    e->has_until_us = true;
    e->until_us = s->now_us + SECONDS(ALARM_S);
}

/* A push that came through although it was seen meanwhile is taken back. */
static void take_back(const struct delivery_facts *f, struct stamp *s, struct outcome *out)
{
    const Baton__ChannelDelivery *d = f->delivery;
    if (d->channel == BATON__CHANNEL__CHANNEL_PUSH && f->is_seen &&
        d->kind == BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION)
        delivery_clear(d->device_id, d->user_id, d->lane_id, &d->notification_id, 1, s, out);
}

/* What becomes of the delivery itself; returns when it is tried again, 0: never. */
static int64_t settle(const struct delivery_facts *f, enum delivery_verdict verdict, struct stamp *s,
                      struct outcome *out)
{
    const Baton__ChannelDelivery *d = f->delivery;
    const struct delivery_result *r = &f->result;
    int64_t retry = 0;
    if (verdict == DELIVERY_GOOD)
        succeeded(d, r, s, out);
    else if (verdict == DELIVERY_SHORTER && !d->is_short && d->attempts < delivery_kinds[d->kind].attempts) {
        /* 17: what is too long goes at once without its words */
        Baton__DeliveryFailed *e = failed(d, r, retry = s->now_us, delivery_kinds[d->kind].over, out);
        e->has_is_short = e->is_short = true;
    } else if (verdict == DELIVERY_GONE)
        failed(d, r, 0, delivery_kinds[d->kind].over, out);
    else if (verdict >= DELIVERY_SHORTER)
        failed(d, r, 0, BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD, out);
    else
        failed(d, r, retry = retry_us(d, r, s), delivery_kinds[d->kind].over, out);
    return retry;
}

bool notifications_decide_result(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct delivery_facts *f = facts;
    const Baton__DeliveryAttempted *e = (const Baton__DeliveryAttempted *)c->request;
    const Baton__ChannelDelivery *d = f->delivery;
    /* 7: of an attempt that was given up nothing is told any more */
    if (!d || d->state != BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY || d->attempts != e->attempt)
        return true;
    struct lane l = lane_of(&f->lane, d);
    if (f->result.end == DELIVERY_NOT_BEGUN) { /* 8: it was no attempt */
        failed(d, &f->result, s->now_us + SECONDS(BUSY_S), d->state, out);
        if (delivery_channels[d->channel].in_order)
            lane_move(&l, l.failures, s->now_us + SECONDS(BUSY_S), out);
        return true;
    }
    enum delivery_verdict verdict = delivery_verdict(d->channel, &f->result);
    int64_t retry = settle(f, verdict, s, out);
    if (verdict == DELIVERY_GONE) /* 16: who is gone is not asked again */
        switch_off(f, &l, s, out);
    if (verdict == DELIVERY_REFUSED) /* 18: whoever can mend it hears of it */
        alarm(f, s, out);
    if (verdict == DELIVERY_GOOD) /* 19: what came too late does not stay */
        take_back(f, s, out);
    /* 9: whoever answers is there */
    if (verdict == DELIVERY_LANE_AGAIN)
        lane_failed(&l, retry, s, out);
    else
        lane_move(&l, 0, 0, out);
    lane_go_on(&l, s, out);
    return true;
}

/* --- new ones --- */

int64_t delivery_delay_us(Baton__Channel channel)
{
    return delivery_channels[channel].delay_us;
}

Baton__ChannelDelivery *delivery_arm(Baton__DeliveryKind kind, Baton__Channel channel, const char *lane_id,
                                     struct stamp *s, struct outcome *out)
{
    Baton__DeliveryArmed *e = EVENT(Baton__DeliveryArmed, baton__delivery_armed__init);
    Baton__ChannelDelivery *d = e->delivery = ARENA_NEW(s->arena, Baton__ChannelDelivery);
    baton__channel_delivery__init(d);
    d->id = stamp_id(s);
    d->has_channel = d->has_kind = d->has_state = d->has_next_due_us = true;
    d->channel = channel;
    d->kind = kind;
    d->state = BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING;
    d->lane_id = arena_strdup(s->arena, lane_id);
    d->created_at = timestamp_of(s->arena, s->now_us);
    d->next_due_us = s->now_us;
    d->expires_at = timestamp_of(s->arena, s->now_us + delivery_kinds[kind].lasts_us);
    d->shelf = arena_strdup(s->arena, "open");
    return d;
}
