/* Who is told besides those whom an event names: followers of a lead, and everybody an announcement is for.
 */
#ifndef BATON_NOTIFICATIONS_FOLLOWERS_H
#define BATON_NOTIFICATIONS_FOLLOWERS_H

#include "services/notifications/notifications.h"

enum {
    FOLLOWERS_MAX = 12,  /* of a lead: what they are told stays within one log record */
    ANNOUNCED_STEP = 10, /* told at once */
    LOOKED_AT_STEP = 200 /* users looked at for that */
};

struct follower {
    const Baton__LeadFollower *row;
    struct recipient recipient;
};
/* Of the lead an event is about. */
struct followers {
    struct follower *all;
    size_t n;
    const char *owner_id, *owner_name; /* who has it now; NULL: nobody, or it is not known */
    const char *manager_id;            /* who is told besides; NULL: nobody */
};

/* What an announcement is decided on: its next step. */
struct announcement_facts {
    Baton__User **users; /* those it is for */
    struct recipient *all;
    size_t n;
    const char *after_user_id; /* the last one looked at; NULL: there are no more */
};
/* A request for one. */
struct announce_facts {
    bool is_managed; /* the caller manages the team, or one above it */
    bool is_team;    /* there is that team */
    bool is_territory;
};

decide_fn notifications_decide_followed, notifications_decide_news;
decide_fn notifications_decide_announce, notifications_decide_announcement;

#endif
