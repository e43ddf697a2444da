/* What is left of quotes to whoever was erased. */
#include <string.h>

#include "schema/personal.h"
#include "services/opportunities/rows.h"

void opportunities_apply_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PersonErased *e = (const Baton__PersonErased *)payload;
    Baton__QuoteErasure row = BATON__QUOTE_ERASURE__INIT;
    row.id = arena_printf(ap->arena, "%020llu", (unsigned long long)ap->seq);
    row.contact_ids = e->contact_ids;
    row.n_contact_ids = e->n_contact_ids;
    row.has_next_due_us = true;
    row.next_due_us = ap->time_us + 1;
    table_put(ap->txn, OPPORTUNITIES_QUOTE_ERASURE, &row, ap->seq, ap->arena);
}

static void blank(struct apply *ap, const char *id)
{
    const struct key key = key_of(id);
    const Baton__Quote *q = table_get(ap->txn, OPPORTUNITIES_QUOTE, &key, ap->arena);
    if (!q)
        return;
    /* no change of the quote: its last one is where it was */
    table_put(ap->txn, OPPORTUNITIES_QUOTE, personal_without(&q->base, q->contact_id, ap->arena),
              table_seq(ap->txn, OPPORTUNITIES_QUOTE, &key), ap->arena);
}

void opportunities_apply_quotes_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__QuotesErased *e = (const Baton__QuotesErased *)payload;
    const struct key key = key_of(e->erasure_id);
    Baton__QuoteErasure *row = table_get(ap->txn, OPPORTUNITIES_QUOTE_ERASURE, &key, ap->arena);
    for (size_t i = 0; i < e->n_quote_ids; i++)
        blank(ap, e->quote_ids[i]);
    for (size_t i = 0; i < e->n_link_hashes; i++) {
        const struct key link = key_of(e->link_hashes[i]);
        (void)table_delete(ap->txn, OPPORTUNITIES_QUOTE_LINK, &link, ap->arena); /* gone either way */
    }
    if (!row)
        return;
    if (!e->has_next_due_us) {
        (void)table_delete(ap->txn, OPPORTUNITIES_QUOTE_ERASURE, &key, ap->arena); /* it is there */
        return;
    }
    row->next_due_us = e->next_due_us;
    row->has_quotes_done = true;
    row->quotes_done = e->quotes_done;
    row->after = e->after;
    table_put(ap->txn, OPPORTUNITIES_QUOTE_ERASURE, row, ap->seq, ap->arena);
}
