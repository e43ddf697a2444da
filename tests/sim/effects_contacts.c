/* What follows in contacts from the log of directory, and in notifications from that of contacts. */
#include "sim/effects.h"

/* --- who is reminded --- */

void reminded_expected(const Baton__Event *e, struct effect_list *l)
{
    for (size_t i = 0; e->event_case == BATON__EVENT__EVENT_ACTIVITY_REMINDER_DUE &&
                       i < e->activity_reminder_due->n_user_ids;
         i++)
        add(l, e->activity_reminder_due->user_ids[i], e->activity_reminder_due->activity_id);
}

void reminded_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_NOTIFICATION_CREATED)
        add(l, e->notification_created->notification->user_id,
            e->notification_created->notification->activity_id);
}

/* --- somebody leaves, and copies --- */

void left_expected(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_USER_LEFT)
        add(l, "handover", e->user_left->user_id);
}

void left_found(const Baton__Event *e, struct effect_list *l)
{
    if (e->event_case == BATON__EVENT__EVENT_HANDOVER_ADVANCED)
        add(l, "handover", e->handover_advanced->user_id);
}

void contacts_copies(const Baton__Event *e, struct effect_list *l)
{
    static const char *const types[] = {"user", "organisation", NULL};
    copies_of(e, types, l);
    left_expected(e, l);
}

void contacts_copies_found(const Baton__Event *e, struct effect_list *l)
{
    copies_found(e, l);
    left_found(e, l);
}
