/* What a deadline's events must be, from the events before them. */
#include "sim/deadline.h"

#include <string.h>

#include "sim/sim.h"

static void add(struct deadline *d, Baton__DeadlineAction action, int64_t due_us)
{
    d->steps[d->n++] = (struct deadline_step){.action = action, .due_us = due_us};
}

const char *deadline_begins(struct deadline *d, const Baton__LeadAssigned *e)
{
    int64_t last_us = 0;
    *d = (struct deadline){.levels = e->n_deadline_steps != 0};
    for (size_t i = 0; i < e->n_deadline_steps; i++) {
        add(d, e->deadline_steps[i]->action, timestamp_us(e->deadline_steps[i]->at));
        if (d->steps[i].due_us <= last_us)
            return "a level does not come after the one before";
        last_us = d->steps[i].due_us;
    }
    if (!d->levels && e->remind_at)
        add(d, BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND, timestamp_us(e->remind_at));
    if (!d->levels && e->response_due_at)
        add(d, BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON, timestamp_us(e->response_due_at));
    return NULL;
}

const char *deadline_fires(struct deadline *d, Baton__DeadlineAction action, int64_t time_us, int64_t *due_us)
{
    if (d->paused)
        return "came during a pause";
    if (!d->levels && d->next + 1 < d->n && action == d->steps[d->next + 1].action)
        d->next++;
    if (d->next == d->n || d->steps[d->next].action != action)
        return "came twice, out of turn or unasked";
    *due_us = d->steps[d->next++].due_us;
    return time_us < *due_us ? "came early" : NULL;
}

const char *deadline_pauses(struct deadline *d, const Baton__LeadPaused *e, int64_t time_us)
{
    size_t left = d->n - d->next;
    if (d->paused || !left || e->n_steps != left)
        return "a pause loses a step";
    memmove(d->steps, d->steps + d->next, left * sizeof *d->steps);
    d->n = left;
    d->next = 0;
    d->paused = d->levels = true;
    d->paused_until_us = timestamp_us(e->until);
    for (size_t i = 0; i < left; i++) {
        struct deadline_step *s = &d->steps[i];
        s->left_us = s->due_us > time_us ? s->due_us - time_us : 1;
        if (e->steps[i]->action != s->action || e->steps[i]->remaining_us != s->left_us)
            return "a pause changes what is left";
    }
    return NULL;
}

const char *deadline_resumes(struct deadline *d, const Baton__LeadResumed *e, int64_t time_us)
{
    if (!d->paused || e->n_steps != d->n)
        return "what was paused is not what goes on";
    d->paused = false;
    for (size_t i = 0; i < d->n; i++) {
        d->steps[i].due_us = time_us + d->steps[i].left_us;
        if (e->steps[i]->action != d->steps[i].action || timestamp_us(e->steps[i]->at) != d->steps[i].due_us)
            return "after a pause a step comes at another time than was left";
    }
    return NULL;
}

void deadline_rested(struct deadline *d, int64_t time_us)
{
    for (size_t i = d->next; i < d->n; i++)
        if (d->steps[i].due_us < time_us)
            d->steps[i].due_us = time_us;
    if (d->paused_until_us < time_us)
        d->paused_until_us = time_us;
}

int64_t deadline_next_us(const struct deadline *d)
{
    if (d->paused)
        return d->paused_until_us;
    return d->next < d->n ? d->steps[d->next].due_us : INT64_MAX;
}
