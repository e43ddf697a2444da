/* What records about people do to rows besides their own. */
#include "services/contacts/rows.h"

/* What was said last holds; of two that were said at once, the one that was written down later. */
void contacts_apply_consent(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__Consent *consent = (Baton__Consent *)(uintptr_t)payload;
    Baton__ConsentInForce row = BATON__CONSENT_IN_FORCE__INIT;
    struct key key;
    row.contact_id = consent->contact_id;
    row.has_channel = true;
    row.channel = consent->channel;
    row.purpose_key = consent->purpose_key;
    row.consent = consent;
    key_init(&key);
    key_text(&key, row.contact_id);
    key_u64(&key, (uint64_t)row.channel);
    key_text(&key, row.purpose_key);
    const Baton__ConsentInForce *before = table_get(ap->txn, CONTACTS_CONSENT_IN_FORCE, &key, ap->arena);
    if (!before || timestamp_us(before->consent->said_at) <= timestamp_us(consent->said_at))
        table_replace(ap->txn, CONTACTS_CONSENT_IN_FORCE, before, &row, ap->seq, ap->arena);
}
