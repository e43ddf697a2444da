/* A person was erased: what was told of them is told no more. Rules are numbered;
   tests/unit/test_notifications_erase.c has the same numbers. */
#include "services/notifications/erase.h"

#include "services/notifications/lane.h"

static const int64_t AGAIN_US = INT64_C(60000000);

bool notifications_decide_erased(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const Baton__PersonErased *was = (const Baton__PersonErased *)c->request;
    /* 1: what the log says of them goes at once, also of accounts that were called like them; rows are looked
       through from now on */
    Baton__PersonErased *e = ARENA_NEW(s->arena, Baton__PersonErased);
    *e = *was;
    e->has_extent = true;
    e->extent = 1;
    outcome_event(out, e);
    return true;
}

bool notifications_decide_erasure(const void *facts, const struct command *c, struct stamp *s,
                                  struct outcome *out)
{
    const Baton__Erasure *row = (const Baton__Erasure *)c->request;
    const struct erase_facts *f = facts;
    /* 2: what has not left does not leave, nor what could be tried again */
    for (size_t i = 0; i < f->n_deliveries; i++)
        delivery_ended(f->deliveries[i], BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED,
                       "whom it is about has been erased", out);
    Baton__MessagesErased *e = ARENA_NEW(s->arena, Baton__MessagesErased);
    baton__messages_erased__init(e);
    e->erasure_id = row->id;
    e->notification_ids = f->notification_ids;
    e->n_notification_ids = f->n_notifications;
    e->has_notifications_done = true;
    e->notifications_done = row->notifications_done || f->is_last;
    char *after = (char *)(uintptr_t)f->after_id;
    e->after_notification_id = row->notifications_done ? NULL : after;
    e->after_delivery_id = row->notifications_done ? after : NULL;
    /* 3: what goes out just now is looked at again once its end has come */
    bool is_over = row->notifications_done && f->is_last && !f->under_way;
    e->has_next_due_us = !is_over;
    e->next_due_us = is_over ? 0 : f->under_way ? s->now_us + AGAIN_US : s->now_us + 1;
    outcome_event(out, e);
    return true;
}
