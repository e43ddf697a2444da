/* What is written about customers makes known to whom it names. */
#include "baton/v1/contacts.pb-c.h"
#include "services/notifications/delivery.h"

bool notifications_decide_mentioned(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const Baton__NoteMentioned *e = (const Baton__NoteMentioned *)c->request;
    /* 1: whoever is mentioned hears of it once: who wrote it, about whom, and how it begins */
    notifications_tell(&(struct told){.class = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_MENTION,
                                      .user_id = e->user_id,
                                      .lead_name = e->contact_name,
                                      .company = e->account_name,
                                      .who = e->author_name,
                                      .reason = e->excerpt,
                                      .lead_id = e->lead_id,
                                      .note_id = e->note_id,
                                      .account_id = e->account_id,
                                      .contact_id = e->contact_id,
                                      .person_id = e->contact_id},
                       facts, s, out);
    return true;
}
