/* A person was erased: what notifications see and do about it. */
#ifndef BATON_NOTIFICATIONS_ERASE_H
#define BATON_NOTIFICATIONS_ERASE_H

#include "services/notifications/delivery.h"

enum { ERASED_STEP = 256 /* rows looked at in one step */ };

/* Some of what is looked through. */
struct erase_facts {
    char **notification_ids; /* that say something of them */
    size_t n_notifications;
    const Baton__ChannelDelivery **deliveries; /* that are to go out with what they say, or could */
    size_t n_deliveries;
    bool under_way;       /* one of them goes out just now: it is looked at again */
    const char *after_id; /* the last one looked at; NULL: none */
    bool is_last;         /* there are no more */
};
decide_fn notifications_decide_erased, notifications_decide_erasure;

#endif
