/* What an answer from outside means: one table of statuses; and how long to wait before asking again. */
#include "services/notifications/delivery.h"

#include <assert.h>
#include <string.h>

/* The first row that fits decides; what no row knows is tried again. */
static const struct {
    Baton__Channel channel;
    unsigned from, to;
    enum delivery_verdict verdict;
} statuses[] = {
    {BATON__CHANNEL__CHANNEL_MAIL, 200, 299, DELIVERY_GOOD},
    {BATON__CHANNEL__CHANNEL_MAIL, 421, 421, DELIVERY_LANE_AGAIN}, /* the server goes down */
    {BATON__CHANNEL__CHANNEL_MAIL, 530, 538, DELIVERY_LANE_AGAIN}, /* it does not know us */
    {BATON__CHANNEL__CHANNEL_MAIL, 500, 599, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_WEBHOOK, 200, 299, DELIVERY_GOOD},
    {BATON__CHANNEL__CHANNEL_WEBHOOK, 410, 410, DELIVERY_GONE},
    /* What it will never like must not stand before all that follows. */
    {BATON__CHANNEL__CHANNEL_WEBHOOK, 400, 400, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_WEBHOOK, 413, 413, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_WEBHOOK, 422, 422, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_WEBHOOK, 0, 999, DELIVERY_LANE_AGAIN},
    {BATON__CHANNEL__CHANNEL_PUSH, 200, 299, DELIVERY_GOOD},
    {BATON__CHANNEL__CHANNEL_PUSH, 404, 404, DELIVERY_GONE}, /* the subscription, not the service */
    {BATON__CHANNEL__CHANNEL_PUSH, 410, 410, DELIVERY_GONE},
    {BATON__CHANNEL__CHANNEL_PUSH, 413, 413, DELIVERY_SHORTER},
    {BATON__CHANNEL__CHANNEL_PUSH, 400, 401, DELIVERY_REFUSED},
    {BATON__CHANNEL__CHANNEL_PUSH, 403, 403, DELIVERY_REFUSED},
    {BATON__CHANNEL__CHANNEL_PUSH, 0, 999, DELIVERY_LANE_AGAIN},
    {BATON__CHANNEL__CHANNEL_MQTT, 0, 127, DELIVERY_GOOD},
    {BATON__CHANNEL__CHANNEL_MQTT, 144, 144, DELIVERY_NEVER}, /* not under this topic */
    {BATON__CHANNEL__CHANNEL_MQTT, 149, 149, DELIVERY_NEVER}, /* too long */
    {BATON__CHANNEL__CHANNEL_MQTT, 0, 999, DELIVERY_LANE_AGAIN},
    {BATON__CHANNEL__CHANNEL_TEMPLATE, 200, 299, DELIVERY_GOOD},
    /* About this one request or this one user; what is wrong with all of them can be mended. */
    {BATON__CHANNEL__CHANNEL_TEMPLATE, 400, 400, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_TEMPLATE, 410, 410, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_TEMPLATE, 413, 413, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_TEMPLATE, 422, 422, DELIVERY_NEVER},
    {BATON__CHANNEL__CHANNEL_TEMPLATE, 0, 999, DELIVERY_LANE_AGAIN},
};

enum delivery_verdict delivery_verdict(Baton__Channel channel, const struct delivery_result *r)
{
    if (r->end == DELIVERY_FORBIDDEN)
        return channel == BATON__CHANNEL__CHANNEL_PUSH ? DELIVERY_GONE : DELIVERY_NEVER;
    if (r->end != DELIVERY_ANSWERED)
        return DELIVERY_LANE_AGAIN;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].channel == channel && statuses[i].from <= r->status && r->status <= statuses[i].to)
            return statuses[i].verdict;
    return DELIVERY_AGAIN;
}

static uint64_t drawn(struct stamp *s)
{
    uint64_t n;
    assert(s->random_used + sizeof n <= STAMP_RANDOM_SIZE);
    memcpy(&n, s->random + s->random_used, sizeof n);
    s->random_used += sizeof n;
    return n;
}

int64_t delivery_backoff_us(unsigned failures, int64_t first_us, int64_t most_us, struct stamp *s)
{
    int64_t bound = first_us;
    for (unsigned i = 1; i < failures && bound < most_us; i++)
        bound *= 2;
    if (bound > most_us)
        bound = most_us;
    return (int64_t)(drawn(s) % (uint64_t)(bound + 1));
}
