/* What a customer was written, to rows: the lead knows where in the log it stands, and the address is
   remembered for a day, in a ring of so many. */
#include "services/leads/ack.h"
#include "services/leads/rows.h"

/* The slot of the one that was written to longest ago. */
static uint32_t next_slot(struct apply *ap)
{
    struct key key = key_of(LEADS_ACKNOWLEDGED_ID);
    Baton__AcknowledgedCount fresh = BATON__ACKNOWLEDGED_COUNT__INIT;
    Baton__AcknowledgedCount *c = table_get(ap->txn, LEADS_ACKNOWLEDGED_COUNT, &key, ap->arena);
    if (!c)
        c = &fresh;
    const uint32_t slot = (uint32_t)(c->written % LEADS_RECENT_MAX);
    c->id = (char *)LEADS_ACKNOWLEDGED_ID;
    c->has_written = true;
    c->written++;
    table_put(ap->txn, LEADS_ACKNOWLEDGED_COUNT, c, ap->seq, ap->arena);
    return slot;
}

static void remember(struct apply *ap, const char *email)
{
    Baton__AcknowledgedAddress row = BATON__ACKNOWLEDGED_ADDRESS__INIT;
    row.has_slot = row.has_hash = row.has_at_us = true;
    row.slot = next_slot(ap);
    row.hash = leads_address_hash(email, ap->arena);
    row.at_us = ap->time_us;
    table_put(ap->txn, LEADS_ACKNOWLEDGED, &row, ap->seq, ap->arena);
    leads_state_note_acknowledged(ap->state, row.slot, row.hash, row.at_us);
}

void leads_apply_acknowledged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadAcknowledged *e = (const Baton__LeadAcknowledged *)payload;
    const Baton__Lead *before = apply_get(ap, LEADS_LEAD, e->lead_id);
    if (e->to_email)
        remember(ap, e->to_email);
    if (!before)
        return;
    Baton__Lead *after = leads_copy(before, ap->arena);
    leads_evolve(after, payload, ap->time_us, ap->arena);
    after->has_acknowledged_seq = true;
    after->acknowledged_seq = ap->seq;
    apply_put(ap, LEADS_LEAD, before, after);
}

void leads_apply_template(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_state_note_templates(ap->state);
}
