/* Chains: what is done while somebody does not look at a notification. A chain is read from its record, or
   from the table of classes; the row keeps only which step comes next. */
#ifndef BATON_NOTIFICATIONS_CHAIN_H
#define BATON_NOTIFICATIONS_CHAIN_H

#include "services/notifications/delivery.h"

enum {
    CHAIN_STEPS_MAX = 8,
    CHAINS_MAX = 64, /* records that are looked at */
    CRITICAL_REPEAT_S = 300,
    CRITICAL_REPEATS = 12,
    OPEN_MAX = 64,          /* notifications that are settled at once */
    OPEN_DEVICES_MAX = 256, /* of all whose they are */
};

struct chain_step {
    int64_t after_us; /* since it was made */
    unsigned by;      /* a bit a channel */
    bool in_working_hours;
    bool unseen; /* it counts as not seen */
};
struct chain {
    struct chain_step steps[CHAIN_STEPS_MAX];
    size_t n;
    int64_t repeat_us;
    uint32_t repeats; /* after the last step; 0: to have seen it is enough */
};

/* The records there are, oldest first. */
struct notification_chains {
    const Baton__NotificationChain *all[CHAINS_MAX];
    size_t n;
};

/* A notification whose time has come. */
struct chain_facts {
    struct recipient to;
    int64_t working_due_us; /* when its step comes in its user's working hours; 0: these do not count */
};

/* What is still open about some leads. */
struct notifications_open {
    Baton__Notification *rows[OPEN_MAX];
    size_t n;
    struct notifications_devices devices; /* of all their users, where pushes have brought some of it */
};

/* By the record of its class, else by the table of classes; by no channel that its user does not want. */
struct chain chain_of(const Baton__Notification *n, const struct recipient *r);
/* How a class is without a record, to whom it goes by these channels. decide_tell.c. */
struct chain chain_usual(Baton__NotificationClass class, unsigned by_all);
/* Into a new notification: its first steps, which wait for nothing, have been taken. Returns by which
   channels they are. */
unsigned chain_begin(const struct recipient *r, Baton__Notification *n, int64_t now_us);

/* By these channels, to whoever works here. decide_tell.c. */
void notifications_send(const Baton__Notification *n, unsigned by, const struct recipient *r, struct stamp *s,
                        struct outcome *out);

decide_fn notifications_decide_chain_due, notifications_decide_acted;
record_check_fn notifications_check_chain;

#endif
