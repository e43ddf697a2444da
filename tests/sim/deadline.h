/* A lead's deadline as its events tell it: which step comes next, and when. In this world everybody works
   around the clock, so working time is counted here by subtraction alone. */
#ifndef BATON_SIM_DEADLINE_H
#define BATON_SIM_DEADLINE_H

#include "leads/leads.h"

struct deadline_step {
    Baton__DeadlineAction action;
    int64_t due_us, left_us; /* left_us: while paused */
};

struct deadline {
    struct deadline_step steps[LEADS_LEVELS_MAX];
    size_t n, next;
    bool levels; /* each comes, however late; without levels a deadline may overtake its reminder */
    bool paused;
    int64_t paused_until_us;
};

/* Each returns what is wrong with the event; NULL: nothing. */
const char *deadline_begins(struct deadline *d, const Baton__LeadAssigned *e);
/* `due_us` is when it had to come. */
const char *deadline_fires(struct deadline *d, Baton__DeadlineAction action, int64_t time_us,
                           int64_t *due_us);
const char *deadline_pauses(struct deadline *d, const Baton__LeadPaused *e, int64_t time_us);
const char *deadline_resumes(struct deadline *d, const Baton__LeadResumed *e, int64_t time_us);

/* Nothing could come for a while; what was due meanwhile comes now. */
void deadline_rested(struct deadline *d, int64_t time_us);

/* When something is to happen by itself; INT64_MAX: never. */
int64_t deadline_next_us(const struct deadline *d);

#endif
