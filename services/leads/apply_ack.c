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
    row.hash = email ? leads_address_hash(email, ap->arena) : 0; /* it has been erased since */
    row.at_us = ap->time_us;
    table_put(ap->txn, LEADS_ACKNOWLEDGED, &row, ap->seq, ap->arena);
    leads_state_note_acknowledged(ap->state, row.slot, row.hash, row.at_us);
}

void leads_apply_acknowledged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__LeadAcknowledged *e = (const Baton__LeadAcknowledged *)payload;
    const Baton__Lead *before = apply_get(ap, LEADS_LEAD, e->lead_id);
    remember(ap, e->to_email);
    if (!before)
        return;
    Baton__Lead *after = leads_copy(before, ap->arena);
    leads_evolve(after, payload, ap->time_us, ap->arena);
    after->has_acknowledged_seq = true;
    after->acknowledged_seq = ap->seq;
    apply_put(ap, LEADS_LEAD, before, after);
}

static Baton__AcknowledgedAddress *slot_row(struct apply *ap, uint64_t n, uint64_t *seq)
{
    struct key key;
    key_init(&key);
    key_u64(&key, n % LEADS_RECENT_MAX);
    *seq = table_seq(ap->txn, LEADS_ACKNOWLEDGED, &key);
    return table_get(ap->txn, LEADS_ACKNOWLEDGED, &key, ap->arena);
}

/* The ring is in the order of the log: what was remembered at one position is found by halves. */
void leads_apply_forget_address(struct apply *ap, uint64_t at_seq)
{
    struct key key = key_of(LEADS_ACKNOWLEDGED_ID);
    const Baton__AcknowledgedCount *c = table_get(ap->txn, LEADS_ACKNOWLEDGED_COUNT, &key, ap->arena);
    uint64_t end = c ? c->written : 0, low = end > LEADS_RECENT_MAX ? end - LEADS_RECENT_MAX : 0, seq;
    for (uint64_t high = end; low < high;) {
        uint64_t middle = low + (high - low) / 2;
        (void)slot_row(ap, middle, &seq); /* only where it stands */
        if (seq < at_seq)
            low = middle + 1;
        else
            high = middle;
    }
    for (Baton__AcknowledgedAddress *row; low < end && (row = slot_row(ap, low, &seq)) && seq == at_seq;
         low++) {
        row->hash = 0;
        table_put(ap->txn, LEADS_ACKNOWLEDGED, row, at_seq, ap->arena);
        leads_state_note_acknowledged(ap->state, row->slot, 0, row->at_us);
    }
}

void leads_apply_template(struct apply *ap, const ProtobufCMessage *payload)
{
    leads_state_note_templates(ap->state);
}
