/* What is about customers' records, by how far these are reached; and what stays with whoever leaves. Rules
   are numbered on from those of common/schema/sharing.c. */
#include <string.h>

#include "services/contacts/contacts.h"

enum record_reach contacts_about_reach(enum record_reach record, const char *owner_id,
                                       const Baton__Actor *actor)
{
    /* 6: what is about a record is seen by whoever sees it, and changed by whoever writes it or made this */
    if (record == RECORD_HIDDEN)
        return RECORD_HIDDEN;
    const bool is_owner = actor->user_id && owner_id && strcmp(actor->user_id, owner_id) == 0;
    return record >= RECORD_WRITE || is_owner ? RECORD_OWN : RECORD_READ;
}

bool contacts_activity_stays(const ProtobufCMessage *activity)
{
    /* 12: of activities, those that are planned are handed on */
    const Baton__Activity *a = (const Baton__Activity *)activity;
    return a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE ||
           a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED;
}

bool contacts_note_stays(const ProtobufCMessage *note)
{
    /* 13: who wrote it wrote it */
    return true;
}
