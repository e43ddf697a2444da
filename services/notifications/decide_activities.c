/* What the reminders of activities make known, and how it is said. */
#include "base/text.h"
#include "baton/v1/contacts.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/words.h"

bool notifications_decide_reminded(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const Baton__NotificationClass class = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_TASK_DUE;
    const Baton__ActivityReminderDue *e = (const Baton__ActivityReminderDue *)c->request;
    const struct recipients *f = facts;
    const bool is_task = e->kind == BATON__ACTIVITY_KIND__ACTIVITY_KIND_TASK;
    /* 1: each who is named hears of it once, at the hour of their own clocks; whole days have none */
    for (size_t i = 0; i < f->n; i++) {
        const struct notifications_voice *v = &f->all[i].voice;
        const struct word words[] = {
            {"due", e->starts_on ? e->starts_on : words_time(v, e->starts_at, s->arena)},
            {"where", text_trim(s->arena, e->location)}};
        notifications_tell(&(struct told){.class = class,
                                          .user_id = e->user_ids[i],
                                          .lead_name = e->subject,
                                          .text = words_text(v->language, class, is_task, words, 2, s->arena),
                                          .activity_id = e->activity_id,
                                          .person_id = e->contact_id},
                           &f->all[i], s, out);
    }
    return true;
}
