/* What the timer of an activity brings: reminders that are due, and when it is next. */
#include <string.h>

#include "services/contacts/activity.h"

static bool has(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

/* 2: the owner and the users who attend, unless they have declined, each once */
static void add_users(const Baton__Activity *a, Baton__ActivityReminderDue *e, struct arena *arena)
{
    e->user_ids = ARENA_ARRAY(arena, char *, a->n_attendees + 1);
    if (a->owner_id)
        e->user_ids[e->n_user_ids++] = a->owner_id;
    for (size_t i = 0; i < a->n_attendees; i++) {
        const Baton__Attendee *x = a->attendees[i];
        if (x->user_id && x->answer != BATON__ATTENDEE_ANSWER__ATTENDEE_ANSWER_DECLINED &&
            !has(e->user_ids, e->n_user_ids, x->user_id))
            e->user_ids[e->n_user_ids++] = x->user_id;
    }
}

static void ring(const Baton__Activity *a, const struct activity_ring *r, struct outcome *out)
{
    Baton__ActivityReminderDue *e = ARENA_NEW(out->arena, Baton__ActivityReminderDue);
    baton__activity_reminder_due__init(e);
    e->activity_id = a->id;
    add_users(a, e, out->arena);
    e->subject = a->subject;
    e->has_kind = true;
    e->kind = a->kind;
    e->location = a->location;
    e->starts_at = timestamp_of(out->arena, r->start_us);
    e->starts_on = *r->starts_on ? arena_strdup(out->arena, r->starts_on) : NULL;
    e->has_minutes_before = true;
    e->minutes_before = r->minutes;
    e->account_id = a->account_id;
    e->contact_id = a->contact_id;
    outcome_event(out, e);
}

bool contacts_decide_due(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct contacts_reminder_facts *f = facts;
    const Baton__Placing *row = (const Baton__Placing *)c->request;
    /* 1: each reminder of this moment rings, of what is still to be done */
    for (size_t i = 0; f->activity && i < f->n_rings; i++)
        ring(f->activity, &f->rings[i], out);
    /* 3: it is looked at again later, or never */
    Baton__ActivityScheduled *e = ARENA_NEW(s->arena, Baton__ActivityScheduled);
    baton__activity_scheduled__init(e);
    e->activity_id = arena_strdup(s->arena, row->record_id);
    e->has_by_timer = e->by_timer = true;
    if (f->activity) {
        e->has_due_us = f->schedule.due_us != 0;
        e->due_us = f->schedule.due_us;
        e->has_next_us = f->schedule.next_us != 0;
        e->next_us = (uint64_t)f->schedule.next_us;
    }
    outcome_event(out, e);
    return true;
}
