/* Who is asked to read what, who has read it, what was sent, and by which links it is seen. */
#include "services/documents/rows.h"

static const Baton__DocumentAsking *asking_of(struct apply *ap, const char *document_id)
{
    return table_get_id(ap->txn, DOCUMENTS_ASKING, document_id, ap->arena);
}

static bool are_same(const Baton__DocumentReaders *a, const Baton__DocumentReaders *b, struct arena *arena)
{
    return a && b && bytes_equal(schema_pack(&a->base, arena), schema_pack(&b->base, arena));
}

void documents_apply_readers(struct apply *ap, const Baton__Document *d)
{
    const Baton__DocumentAsking *was = asking_of(ap, d->id);
    struct key key = key_of(d->id);
    bool asks = table_seq(ap->txn, DOCUMENTS_DOCUMENT, &key) && documents_asks(d);
    if (was && !asks)
        (void)table_delete(ap->txn, DOCUMENTS_ASKING, &key, ap->arena); /* it was there */
    if (!asks ||
        (was && was->number == d->current_number && are_same(was->must_read, d->must_read, ap->arena)))
        return;
    Baton__DocumentAsking row = BATON__DOCUMENT_ASKING__INIT;
    row.document_id = d->id;
    row.has_number = row.has_due_us = true;
    row.number = d->current_number;
    row.must_read = d->must_read;
    row.due_us = ap->time_us;
    table_put(ap->txn, DOCUMENTS_ASKING, &row, ap->seq, ap->arena);
}

void documents_apply_asking(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DocumentAskingMoved *e = (const Baton__DocumentAskingMoved *)payload;
    const Baton__DocumentAsking *was = asking_of(ap, e->document_id);
    if (!was)
        return;
    Baton__DocumentAsking row = *was;
    row.token = e->token;
    row.has_due_us = e->has_due_us;
    row.due_us = e->due_us;
    table_put(ap->txn, DOCUMENTS_ASKING, &row, ap->seq, ap->arena);
}

void documents_apply_read(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DocumentRead *e = (const Baton__DocumentRead *)payload;
    if (e->reading)
        table_put(ap->txn, DOCUMENTS_READING, e->reading, ap->seq, ap->arena);
}

void documents_apply_sent(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DocumentSent *e = (const Baton__DocumentSent *)payload;
    if (e->pin)
        table_put(ap->txn, DOCUMENTS_PIN, e->pin, ap->seq, ap->arena);
}

void documents_apply_share(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DocumentShareChanged *e = (const Baton__DocumentShareChanged *)payload;
    if (e->share)
        table_put(ap->txn, DOCUMENTS_SHARE, e->share, ap->seq, ap->arena);
    if (e->view)
        table_put(ap->txn, DOCUMENTS_SHARE_VIEW, e->view, ap->seq, ap->arena);
    if (e->password)
        table_put(ap->txn, DOCUMENTS_SHARE_PASSWORD, e->password, ap->seq, ap->arena);
}
