/* Rows of who leaves: finding some of them, and remembering that there are more. */
#include "service/handover.h"

#include <assert.h>

#include "service/internal.h"

static void collect(struct load *l, unsigned table, const char *owner_id, struct handover_facts *f)
{
    struct table_scan scan;
    ProtobufCMessage *row;
    const struct schema_field *owner = schema_field(table_message(txn_store(l->txn), table), "owner_id");
    if (!owner || !owner->rules->indexed || f->n == HANDOVER_STEP)
        return;
    bool opened = table_scan_open(&scan, l->txn, table, "owner_id", owner_id, NULL, false);
    assert(opened);
    while (f->n < HANDOVER_STEP && (row = table_scan_next(&scan, l->arena))) {
        struct key key = key_of(schema_get_text(row, "id"));
        f->rows[f->n] = row;
        f->seqs[f->n++] = table_seq(l->txn, table, &key);
    }
    table_scan_close(&scan);
}

void *handover_load(struct load *l, const struct command *c)
{
    const Baton__Handover *h = (const Baton__Handover *)c->request;
    const struct service_def *def = l->service->def;
    struct handover_facts *f = ARENA_NEW(l->arena, struct handover_facts);
    for (size_t i = 0; i < def->n_records; i++)
        collect(l, def->records[i].table, h->user_id, f);
    return f;
}

const char *handover_owner(struct load *l, const char *user_id)
{
    int table = table_number(txn_store(l->txn), "handover");
    assert(table >= 0);
    const Baton__Handover *h = table_get_id(l->txn, (unsigned)table, user_id, l->arena);
    return h && h->successor_id ? h->successor_id : user_id;
}

void handover_apply(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__HandoverAdvanced *e = (const Baton__HandoverAdvanced *)payload;
    int table = table_number(txn_store(ap->txn), "handover");
    struct key key = key_of(e->user_id);
    assert(table >= 0);
    const Baton__Handover *before = table_get(ap->txn, (unsigned)table, &key, ap->arena);
    Baton__Handover h = BATON__HANDOVER__INIT;
    h.user_id = e->user_id;
    h.successor_id = e->successor_id;
    /* Finished, the row stays without a timer: what other services still send for the leaver finds the
     * successor. */
    h.has_next_due_us = !e->finished;
    h.next_due_us = e->finished ? 0 : ap->time_us + 1;
    h.has_handed_on = true;
    h.handed_on = (before ? before->handed_on : 0) + e->handed_on;
    table_put(ap->txn, (unsigned)table, &h, ap->seq, ap->arena);
}
