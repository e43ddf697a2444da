/* What a lane is while a command is decided, and what is said of deliveries on their way through it: for
   decide_lane.c and decide_delivery.c alone. */
#ifndef BATON_NOTIFICATIONS_LANE_H
#define BATON_NOTIFICATIONS_LANE_H

#include "services/notifications/delivery.h"

#define SECONDS(n) ((int64_t)(n)*1000000)

/* Declares nothing by itself: TYPE *e = EVENT(TYPE, TYPE's init). Needs `out`. */
#define EVENT(Type, init)                                                                                    \
    ARENA_NEW(out->arena, Type);                                                                             \
    init(e);                                                                                                 \
    outcome_event(out, &e->base)

/* What each kind of delivery is given. */
struct delivery_kind {
    int64_t lasts_us;
    unsigned attempts;
    Baton__DeliveryState over; /* when its time is over */
};
extern const struct delivery_kind delivery_kinds[];

/* What each channel is given, and each of its lanes. */
struct delivery_channel {
    int64_t delay_us;  /* of a notification: so long it may be seen instead */
    unsigned places;   /* attempts at once */
    unsigned failures; /* in a row that close it */
    bool in_order;     /* what failed goes first again */
    bool is_record;    /* it goes on although a device has taken it */
};
extern const struct delivery_channel delivery_channels[];

/* A lane as it will be when this command is through. */
struct lane {
    const struct delivery_lane_facts *facts;
    const char *shut;
    const Baton__ChannelDelivery *past; /* the command is about it: it waits for nothing any more */
    const char *id;
    Baton__Channel channel;
    unsigned under_way, failures;
    int64_t closed_until_us;
};

struct lane lane_of(const struct delivery_lane_facts *f, const Baton__ChannelDelivery *d);
/* A lane that has just failed is tried with one. */
bool lane_has_place(const struct lane *l);
/* Whether others wait that may go now. */
bool lane_has_ready(const struct delivery_lane_facts *f);
void lane_move(struct lane *l, unsigned failures, int64_t closed_until_us, struct outcome *out);
/* Whose turn it is now. Where nothing can go through, nothing waits for it either; whoever is not to be
   disturbed lets others go first. */
void lane_go_on(struct lane *l, struct stamp *s, struct outcome *out);

/* The next attempt begins; it is over without another one; its time has come and its turn has not. */
void delivery_attempt(const Baton__ChannelDelivery *d, struct stamp *s, struct outcome *out);
void delivery_ended(const Baton__ChannelDelivery *d, Baton__DeliveryState state, const char *reason,
                    struct outcome *out);
void delivery_queued(const Baton__ChannelDelivery *d, struct outcome *out);
/* What would be over by itself before then is given as long as ever. */
void delivery_hold(const Baton__ChannelDelivery *d, int64_t until_us, struct outcome *out);

#endif
