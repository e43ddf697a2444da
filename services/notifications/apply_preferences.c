/* What the events of preferences, digests, followers and announcements do to the rows. */
#include "baton/v1/leads.pb-c.h"
#include "services/notifications/rows.h"

void notifications_apply_preferences(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PreferencesSet *e = (const Baton__PreferencesSet *)payload;
    if (e->preferences)
        table_put(ap->txn, NOTIFICATIONS_PREFERENCES, e->preferences, ap->seq, ap->arena);
}

void notifications_apply_digest(struct apply *ap, const ProtobufCMessage *payload)
{
    struct key key = key_of(((const Baton__DigestSent *)payload)->user_id);
    (void)table_delete(ap->txn, NOTIFICATIONS_DIGEST, &key, ap->arena); /* gone already is as good */
}

void notifications_apply_follower(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadFollowerChanged *e = (const Baton__LeadFollowerChanged *)payload;
    struct key key;
    if (!e->follower)
        return;
    key_init(&key);
    key_text(&key, e->follower->lead_id);
    key_text(&key, e->follower->user_id);
    if (e->following)
        table_put(ap->txn, NOTIFICATIONS_FOLLOWER, e->follower, ap->seq, ap->arena);
    else
        (void)table_delete(ap->txn, NOTIFICATIONS_FOLLOWER, &key, ap->arena); /* gone already is as good */
}

void notifications_apply_announced(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__AnnouncementMade *e = (const Baton__AnnouncementMade *)payload;
    if (e->announcement)
        table_put(ap->txn, NOTIFICATIONS_ANNOUNCEMENT, e->announcement, ap->seq, ap->arena);
}

void notifications_apply_announcement(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__AnnouncementAdvanced *e = (const Baton__AnnouncementAdvanced *)payload;
    Baton__Announcement *a = table_get_id(ap->txn, NOTIFICATIONS_ANNOUNCEMENT, e->announcement_id, ap->arena);
    if (!a)
        return;
    if (e->after_user_id)
        a->after_user_id = e->after_user_id;
    a->has_told = true;
    a->told = e->told;
    a->has_next_due_us = !e->done;
    a->next_due_us = e->done ? 0 : ap->time_us + 1; /* at once, and later than this time */
    table_put(ap->txn, NOTIFICATIONS_ANNOUNCEMENT, a, ap->seq, ap->arena);
}
