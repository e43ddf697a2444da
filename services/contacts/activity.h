/* Activities: what decisions about them see, and when they are. */
#ifndef BATON_CONTACTS_ACTIVITY_H
#define BATON_CONTACTS_ACTIVITY_H

#include "base/civil.h"
#include "services/contacts/contacts.h"

enum {
    ACTIVITY_DAYS_MAX = 366,   /* that one may take */
    ACTIVITY_ONCE_DAYS = 7,    /* longer ones are looked at whatever the time */
    ACTIVITY_RINGS_MAX = 16,   /* reminders of one moment */
    ACTIVITY_LATE_MINUTES = 5, /* what began longer ago is not reminded of any more */
    CALLERS_MAX = 16,
};

/* When it is, by clocks on a wall. */
struct activity_when {
    bool is_set; /* false: nobody has said yet */
    bool is_date;
    struct civil start;
    const char *zone; /* whose clocks: its own, its owner's, or "UTC" */
    int64_t span_s;   /* by the same clocks where it is of days, else as time passes */
};
/* `own_zone` is that of its owner. False: what is said is none. */
bool activity_when(const Baton__Activity *a, const char *own_zone, struct activity_when *w,
                   struct refusal *no);
/* Sets start_at and end_at from what is said in local time. */
void activity_set_moments(Baton__Activity *a, const struct activity_when *w, struct arena *arena);
/* When one that begins there ends. */
int64_t activity_end_us(const struct activity_when *w, const struct civil_zone *z, const struct civil *start,
                        int64_t start_us);
/* Whether it is still to be done. */
bool activity_is_open(const Baton__Activity *a);
/* Whether it is one of a series by its own word. */
static inline bool activity_repeats(const Baton__Activity *a)
{
    return (a->recurrence && *a->recurrence) || a->n_recurrence_dates;
}

/* When it rings and when it is next. */
struct activity_schedule {
    int64_t due_us;  /* when it is looked at again; 0: never */
    int64_t next_us; /* 0: nothing of it is planned */
};

struct contacts_activity_facts {
    struct contacts_about_facts about;
    const char *own_zone;            /* never NULL */
    const Baton__Calendar *calendar; /* the one it names; NULL: there is none */
    const char *wrong_rule;          /* why it cannot repeat like that; NULL: it can */
    size_t missing_attendee;         /* the first who is not there, from 1; 0: all are */
    struct activity_schedule schedule;
};
record_check_fn contacts_check_activity, contacts_check_calendar;

struct contacts_calendar_facts {
    bool owner_is_known, has_activities;
};

/* --- its timer (decide_reminder.c) --- */

/* A repetition whose reminder is due. */
struct activity_ring {
    int64_t start_us;
    char starts_on[CIVIL_SIZE]; /* of whole days; "": it has a time */
    uint32_t minutes;
};
struct contacts_reminder_facts {
    const Baton__Activity *activity; /* NULL: it is gone */
    struct activity_ring rings[ACTIVITY_RINGS_MAX];
    size_t n_rings;
    struct activity_schedule schedule; /* from now on */
};
decide_fn contacts_decide_due;

/* --- calls (decide_call.c) --- */

struct contacts_call_facts {
    struct contacts_about_facts about;
    const Baton__Contact *contact;       /* whom the request names */
    Baton__Caller *callers[CALLERS_MAX]; /* whose number it is */
    size_t n_callers;
    const char *owner_id; /* of the call: whoever it is, or the successor of one who has left */
};
decide_fn contacts_decide_call;

/* --- timelines (decide_noted.c): what other services' records are to accounts and contacts --- */

decide_fn contacts_decide_lead_noted, contacts_decide_converted_noted, contacts_decide_opportunity_noted;

#endif
