/* Deliveries to the outside as decisions see them: what is on its way, through which lane, and what is to
   become of it. Nothing here knows how a channel speaks. */
#ifndef BATON_NOTIFICATIONS_DELIVERY_H
#define BATON_NOTIFICATIONS_DELIVERY_H

#include "services/notifications/notifications.h"

#define WEBHOOK_SECRET_PREFIX "whsec_"

enum {
    DELIVERY_TURN_MAX = 16,   /* begun or ended for a lane by one command */
    ENDPOINTS_MAX = 50,       /* told of one event */
    DELIVERY_LOST_S = 120,    /* an attempt whose end has not been told by then has none any more */
    DELIVERY_REPLAY_MAX = 100 /* at once */
};

/* How an exchange with the outside ended. */
enum delivery_end {
    DELIVERY_ANSWERED, /* with `status` */
    DELIVERY_UNREACHED,
    DELIVERY_NOT_BEGUN, /* too much is under way */
    DELIVERY_FORBIDDEN  /* asking again does not help */
};
struct delivery_result {
    enum delivery_end end;
    unsigned status;
    uint32_t retry_after_s; /* 0: it said nothing */
    const char *reason;     /* "" where the status says it all */
};

/* A lane with who waits in it. */
struct delivery_lane_facts {
    const Baton__DeliveryLane *lane;                  /* NULL: nothing has gone through it yet */
    const char *shut;                                 /* why nothing can go through it; NULL: it can */
    Baton__ChannelDelivery *ready[DELIVERY_TURN_MAX]; /* the oldest that have not expired */
    const char *needless[DELIVERY_TURN_MAX];          /* why each of them is of no use; NULL: it is */
    int64_t held_until_us[DELIVERY_TURN_MAX]; /* of each: nobody is disturbed before; 0: now is fine */
    size_t n_ready;
};

struct delivery_facts {
    const Baton__ChannelDelivery *delivery; /* NULL: there is none (any more) */
    struct delivery_lane_facts lane;
    const Baton__WebhookEndpoint *endpoint; /* NULL: it goes to none */
    uint64_t endpoint_seq;                  /* log position of its last change */
    const char *needless;                   /* why it is of no use any more; NULL: it is */
    bool is_seen;                           /* the notification it carries was */
    const Baton__DevicePush *push;          /* of a push: where its device takes them; NULL: nowhere */
    struct recipients admins;               /* where the other side does not let us in: who hears of it */
    int64_t held_until_us;                  /* its user is not disturbed before; 0: now is fine */
    struct delivery_result result;
};

/* Who is to be told of an event: enabled, and asked for its type. */
struct delivery_endpoints {
    const Baton__WebhookEndpoint *all[ENDPOINTS_MAX];
    size_t n;
};
/* "lead.assigned"; NULL: nobody outside hears of such events. */
const char *webhook_type(const ProtobufCMessageDescriptor *event);

struct delivery_replay_facts {
    Baton__ChannelDelivery *dead[DELIVERY_REPLAY_MAX];
    size_t n;
    uint64_t n_dead; /* of all */
};

/* What a result means for the delivery. */
enum delivery_verdict {
    DELIVERY_GOOD,
    DELIVERY_AGAIN,      /* later; this one delivery is meant */
    DELIVERY_LANE_AGAIN, /* later; the whole lane is meant */
    DELIVERY_SHORTER,    /* at once, without its words */
    DELIVERY_NEVER,
    DELIVERY_REFUSED, /* never, and it is us who are not let in */
    DELIVERY_GONE     /* never, and nothing else goes there any more */
};
enum delivery_verdict delivery_verdict(Baton__Channel channel, const struct delivery_result *r);

/* Full jitter: anything up to a bound that doubles with each failure (the first is 1). */
int64_t delivery_backoff_us(unsigned failures, int64_t first_us, int64_t most_us, struct stamp *s);

/* The first way by this channel; NULL: there is none. */
const struct delivery_way *delivery_way_by(const struct delivery_ways *w, Baton__Channel channel);

/* What somebody is told. Texts are the caller's, and last as long as the outcome. */
struct told {
    Baton__NotificationClass class;
    Baton__NotificationImportance importance; /* 0: that of its class */
    char *user_id, *lead_id, *note_id, *activity_id, *opportunity_id, *document_id;
    char *collateral_item_id, *collateral_order_id;
    const char *account_id, *contact_id; /* what else it is about; NULL: nothing */
    char *person_id;                     /* the contact whose words it has; NULL: nobody's */
    const char *lead_name, *company;     /* what its title names */
    const char *who, *reason;            /* what its text says */
    bool otherwise;                      /* the text is the other one of its class */
    char *title, *text;                  /* in these words; NULL: in those of its class */
    Google__Protobuf__Timestamp *response_due_at;
    uint32_t lead_decision; /* 0: it tells of none */
};
/* Makes a notification of it, for each device and as they want it; its chain begins. */
void notifications_tell(const struct told *t, const struct recipient *r, struct stamp *s,
                        struct outcome *out);
/* How much such notifications matter; 0: there are none. */
Baton__NotificationImportance notification_importance(Baton__NotificationClass class);
/* By which channels, 1 << Channel each, they go to people of that role who say nothing else. */
unsigned notification_channels(Baton__NotificationClass class, Baton__Role role);
/* Whether somebody in person can be told by it. */
bool notification_is_way(Baton__Channel channel);

/* The device is told to take away what was seen elsewhere; at most NOTIFICATIONS_MARKS_MAX of them. */
void delivery_clear(const char *device_id, const char *user_id, const char *push_origin, char *const *ids,
                    size_t n, struct stamp *s, struct outcome *out);

/* What `e` says was seen of these rows is taken away where a push has brought it, but for where it was seen.
 */
void delivery_clear_seen(const struct notifications_devices *devices, Baton__Notification *const *rows,
                         size_t n, const Baton__NotificationsSeen *e, struct stamp *s, struct outcome *out);

/* A trial by this way. The id of the delivery. */
char *delivery_try(const struct delivery_way *w, const Baton__User *u, struct stamp *s, struct outcome *out);

/* So long the chain of a class waits before it goes by the channel, where no record says otherwise. */
int64_t delivery_delay_us(Baton__Channel channel);

/* A delivery that begins at once; the caller adds what it carries. */
Baton__ChannelDelivery *delivery_arm(Baton__DeliveryKind kind, Baton__Channel channel, const char *lane_id,
                                     struct stamp *s, struct outcome *out);

/* What other services say. */
decide_fn notifications_decide_acknowledged, notifications_decide_webhook;
/* Timers of deliveries and lanes; an attempt's end. */
decide_fn notifications_decide_delivery_due, notifications_decide_lane_due, notifications_decide_result;
/* Operators. */
decide_fn notifications_decide_replay, notifications_decide_test, notifications_decide_mail_password,
    notifications_decide_channel_secret;
/* Goes with its record; true. */
bool delivery_secret_forgotten(const ProtobufCMessage *before, struct stamp *s, struct outcome *out);
/* SCHEME:// or SCHEMEs:// and a host, and nothing that hides there: no name, no password, no path. */
bool delivery_is_server(const char *url, const char *scheme);
bool delivery_is_one_line(const char *text); /* NULL is, too */
/* decide_webhook.c */
decide_fn notifications_decide_secret;
record_check_fn notifications_check_mail_account, notifications_check_endpoint;

#endif
