/* Lanes: what goes through one mail account or to one endpoint, how much at once, and whose turn it is. */
#include "services/notifications/lane.h"

#include <string.h>

const struct delivery_kind delivery_kinds[] = {
    [BATON__DELIVERY_KIND__DELIVERY_KIND_NOTIFICATION] = {SECONDS(86400), 20,
                                                          BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED},
    [BATON__DELIVERY_KIND__DELIVERY_KIND_LETTER] = {SECONDS(3 * 86400), 20,
                                                    BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD},
    [BATON__DELIVERY_KIND__DELIVERY_KIND_EVENT] = {SECONDS(3 * 86400), 20,
                                                   BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD},
    [BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED] = {SECONDS(4 * 3600), 5,
                                                     BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED},
    [BATON__DELIVERY_KIND__DELIVERY_KIND_TEST] = {SECONDS(60), 1, BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD},
};

const struct delivery_channel delivery_channels[] = {
    /* Letters have two threads: a third would wait in front of them while its time runs. */
    [BATON__CHANNEL__CHANNEL_MAIL] = {SECONDS(120), 2, 5, false, false},
    [BATON__CHANNEL__CHANNEL_WEBHOOK] = {0, 1, 1, true, false},
    [BATON__CHANNEL__CHANNEL_PUSH] = {0, 4, 5, false, false},
    [BATON__CHANNEL__CHANNEL_MQTT] = {0, 4, 5, false, true},
    [BATON__CHANNEL__CHANNEL_TEMPLATE] = {0, 2, 5, false, false},
};

/* --- events --- */

void delivery_attempt(const Baton__ChannelDelivery *d, struct stamp *s, struct outcome *out)
{
    Baton__DeliveryAttempted *e = EVENT(Baton__DeliveryAttempted, baton__delivery_attempted__init);
    e->delivery_id = d->id;
    e->has_attempt = e->has_lost_us = true;
    e->attempt = d->attempts + 1;
    e->lost_us = s->now_us + SECONDS(DELIVERY_LOST_S);
}

void delivery_ended(const Baton__ChannelDelivery *d, Baton__DeliveryState state, const char *reason,
                    struct outcome *out)
{
    Baton__DeliveryEnded *e = EVENT(Baton__DeliveryEnded, baton__delivery_ended__init);
    e->delivery_id = d->id;
    e->has_state = true;
    e->state = state;
    e->reason = arena_strdup(out->arena, reason);
}

void delivery_queued(const Baton__ChannelDelivery *d, struct outcome *out)
{
    Baton__DeliveryQueued *e = EVENT(Baton__DeliveryQueued, baton__delivery_queued__init);
    e->delivery_id = d->id;
}

void delivery_hold(const Baton__ChannelDelivery *d, int64_t until_us, struct outcome *out)
{
    const int64_t lasts_us = delivery_kinds[d->kind].lasts_us;
    Baton__DeliveryHeld *e = EVENT(Baton__DeliveryHeld, baton__delivery_held__init);
    e->delivery_id = d->id;
    e->has_until_us = true;
    e->until_us = until_us;
    if (timestamp_us(d->expires_at) == timestamp_us(d->created_at) + lasts_us)
        e->expires_at = timestamp_of(out->arena, until_us + lasts_us);
}

/* --- lanes --- */

struct lane lane_of(const struct delivery_lane_facts *f, const Baton__ChannelDelivery *d)
{
    struct lane l = {.facts = f, .shut = f->shut, .past = d, .id = d->lane_id, .channel = d->channel};
    if (f->lane) {
        l.under_way = f->lane->under_way;
        l.failures = f->lane->failures;
        l.closed_until_us = f->lane->closed_until_us;
    }
    if (d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY && l.under_way)
        l.under_way--;
    return l;
}

bool lane_has_place(const struct lane *l)
{
    const struct delivery_channel *c = &delivery_channels[l->channel];
    unsigned places = l->failures >= c->failures ? 1 : c->places;
    return !l->closed_until_us && l->under_way < places;
}

void lane_move(struct lane *l, unsigned failures, int64_t closed_until_us, struct outcome *out)
{
    if (l->failures == failures && l->closed_until_us == closed_until_us)
        return;
    Baton__DeliveryLaneMoved *e = EVENT(Baton__DeliveryLaneMoved, baton__delivery_lane_moved__init);
    l->failures = failures;
    l->closed_until_us = closed_until_us;
    e->lane_id = arena_strdup(out->arena, l->id);
    e->has_failures = e->has_closed_until_us = true;
    e->failures = failures;
    e->closed_until_us = closed_until_us;
}

void lane_go_on(struct lane *l, struct stamp *s, struct outcome *out)
{
    size_t n = l->facts->n_ready;
    bool passed = l->shut != NULL;
    for (size_t i = 0; i < n; i++) {
        const Baton__ChannelDelivery *d = l->facts->ready[i];
        if (l->past && strcmp(d->id, l->past->id) == 0)
            continue;
        if (l->shut) {
            delivery_ended(d, BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD, l->shut, out);
        } else if (l->facts->needless[i] && !delivery_channels[l->channel].is_record) {
            delivery_ended(d, BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED, l->facts->needless[i], out);
            passed = true;
        } else if (l->facts->held_until_us[i]) {
            delivery_hold(d, l->facts->held_until_us[i], out);
            passed = true;
        } else if (lane_has_place(l)) {
            delivery_attempt(d, s, out);
            l->under_way++;
        }
    }
    /* There may be more of them than are looked at. */
    if (n == DELIVERY_TURN_MAX && (l->shut || (passed && !l->closed_until_us)))
        lane_move(l, l->failures, s->now_us + SECONDS(1), out);
}

bool lane_has_ready(const struct delivery_lane_facts *f)
{
    for (size_t i = 0; i < f->n_ready; i++)
        if (!f->held_until_us[i])
            return true;
    return false;
}

bool notifications_decide_lane_due(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct delivery_lane_facts *f = facts;
    const Baton__DeliveryLane *row = (const Baton__DeliveryLane *)c->request;
    struct lane l = {.facts = f,
                     .shut = f->shut,
                     .id = row->id,
                     .channel = row->channel,
                     .under_way = row->under_way,
                     .failures = row->failures,
                     .closed_until_us = row->closed_until_us};
    /* 1: it opens; after a failure for one alone */
    lane_move(&l, l.failures, 0, out);
    lane_go_on(&l, s, out);
    return true;
}
