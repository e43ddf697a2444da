/* What records about people do to rows besides their own. */
#include <string.h>

#include "services/contacts/rows.h"

static struct key holding_key(const char *contact_id, Baton__ConsentChannel channel, const char *purpose_key)
{
    struct key key;
    key_init(&key);
    key_text(&key, contact_id);
    key_u64(&key, (uint64_t)channel);
    key_text(&key, purpose_key);
    return key;
}

/* What was said last holds; of two that were said at once, the one that was written down later. */
static void hold(struct apply *ap, Baton__Consent *consent)
{
    Baton__ConsentInForce row = BATON__CONSENT_IN_FORCE__INIT;
    row.contact_id = consent->contact_id;
    row.has_channel = true;
    row.channel = consent->channel;
    row.purpose_key = consent->purpose_key;
    row.consent = consent;
    struct key key = holding_key(row.contact_id, row.channel, row.purpose_key);
    const Baton__ConsentInForce *before = table_get(ap->txn, CONTACTS_CONSENT_IN_FORCE, &key, ap->arena);
    int64_t was_us = before ? timestamp_us(before->consent->said_at) : INT64_MIN;
    int64_t is_us = timestamp_us(consent->said_at);
    if (was_us < is_us || (was_us == is_us && before && strcmp(before->consent->id, consent->id) <= 0))
        table_replace(ap->txn, CONTACTS_CONSENT_IN_FORCE, before, &row, ap->seq, ap->arena);
}

void contacts_apply_consent(struct apply *ap, const ProtobufCMessage *payload)
{
    hold(ap, (Baton__Consent *)(uintptr_t)payload);
}

/* Which word of a contact holds for a channel and a purpose. */
struct holding {
    Baton__ConsentChannel channel;
    const char *purpose_key;
    int64_t said_us;
    char id[IDENT_TEXT_SIZE];
};

/* In the order of their ids, which is that in which they were written down. Returns how many. */
static size_t newest_words(struct apply *ap, const char *contact_id,
                           struct holding out[CONSENTS_IN_FORCE_MAX])
{
    enum { SCRATCH = 1 << 20 };
    struct table_scan scan;
    const Baton__Consent *c;
    size_t n = 0;
    if (!table_scan_open(&scan, ap->txn, CONTACTS_CONSENT, "contact_id", contact_id, NULL, false))
        return 0;
    struct arena *scratch = arena_new(SCRATCH);
    for (; (c = table_scan_next(&scan, scratch)); arena_reset(scratch)) {
        struct holding *h = out, *end = out + n;
        while (h < end && (h->channel != c->channel || strcmp(h->purpose_key, c->purpose_key) != 0))
            h++;
        if (h == end && n == CONSENTS_IN_FORCE_MAX)
            continue; /* mergings are refused that lead here */
        if (h == end) {
            n++;
            *h = (struct holding){c->channel, arena_strdup(ap->arena, c->purpose_key), INT64_MIN, ""};
        }
        if (timestamp_us(c->said_at) < h->said_us)
            continue;
        h->said_us = timestamp_us(c->said_at);
        memcpy(h->id, c->id, sizeof h->id);
    }
    table_scan_close(&scan);
    arena_free(scratch);
    return n;
}

/* Rows are not written while they are walked. */
static void forget_words(struct apply *ap, const char *contact_id)
{
    const struct key under = key_of(contact_id);
    struct key keys[CONSENTS_IN_FORCE_MAX];
    struct table_scan scan;
    const Baton__ConsentInForce *row;
    size_t n = 0;
    if (!table_scan_under(&scan, ap->txn, CONTACTS_CONSENT_IN_FORCE, &under, NULL, NULL, false))
        return;
    while (n < CONSENTS_IN_FORCE_MAX && (row = table_scan_next(&scan, ap->arena)))
        keys[n++] = holding_key(row->contact_id, row->channel, row->purpose_key);
    table_scan_close(&scan);
    for (size_t i = 0; i < n; i++)
        (void)table_delete(ap->txn, CONTACTS_CONSENT_IN_FORCE, &keys[i], ap->arena); /* it is there */
}

void contacts_in_force_anew(struct apply *ap, const char *contact_id)
{
    struct holding *held = ARENA_ARRAY(ap->arena, struct holding, CONSENTS_IN_FORCE_MAX);
    size_t n = newest_words(ap, contact_id, held);
    forget_words(ap, contact_id);
    for (size_t i = 0; i < n; i++)
        hold(ap, table_get_id(ap->txn, CONTACTS_CONSENT, held[i].id, ap->arena));
}
