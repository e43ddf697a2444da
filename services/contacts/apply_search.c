/* What is found is what the rows are. */
#include "services/contacts/rows.h"

static void note(struct apply *ap, size_t which, const ProtobufCMessage *record)
{
    struct contacts_state *s = ap->state;
    finder_apply(s ? &s->finders[which] : NULL, ap, record);
}

void contacts_apply_account(struct apply *ap, const ProtobufCMessage *payload)
{
    note(ap, CONTACTS_FOUND_ACCOUNT, payload);
}

void contacts_apply_contact(struct apply *ap, const ProtobufCMessage *payload)
{
    note(ap, CONTACTS_FOUND_CONTACT, payload);
}
