/* What is left of what was told of whoever was erased. */
#include <string.h>

#include "services/notifications/rows.h"

static void begin(struct apply *ap, const Baton__PersonErased *e)
{
    Baton__Erasure row = BATON__ERASURE__INIT;
    row.id = arena_printf(ap->arena, "%020llu", (unsigned long long)ap->seq);
    row.contact_ids = e->contact_ids;
    row.n_contact_ids = e->n_contact_ids;
    row.lead_ids = e->lead_ids;
    row.n_lead_ids = e->n_lead_ids;
    row.account_ids = e->account_ids;
    row.n_account_ids = e->extent ? e->n_account_ids : 0;
    row.has_next_due_us = true;
    row.next_due_us = ap->time_us + 1;
    table_put(ap->txn, NOTIFICATIONS_ERASURE, &row, ap->seq, ap->arena);
}

/* Whoever follows a lead goes on to, and knows no name of it any more. */
static void forget_name(struct apply *ap, const char *lead_id)
{
    enum { MOST = 256 };
    const struct key under = key_of(lead_id);
    Baton__LeadFollower *rows[MOST];
    struct table_scan scan;
    size_t n = 0;
    if (!table_scan_under(&scan, ap->txn, NOTIFICATIONS_FOLLOWER, &under, NULL, NULL, false))
        return;
    while (n < MOST && (rows[n] = table_scan_next(&scan, ap->arena)))
        n++;
    table_scan_close(&scan);
    for (size_t i = 0; i < n; i++) {
        rows[i]->lead_name = NULL;
        table_put(ap->txn, NOTIFICATIONS_FOLLOWER, rows[i], ap->seq, ap->arena);
    }
}

void notifications_apply_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__PersonErased *e = (const Baton__PersonErased *)payload;
    for (size_t i = 0; i < e->n_lead_ids; i++)
        forget_name(ap, e->lead_ids[i]);
    /* events of before did not look for accounts */
    if (e->n_contact_ids || e->n_lead_ids || (e->extent && e->n_account_ids))
        begin(ap, e);
}

static void blank(struct apply *ap, const char *id)
{
    Baton__Notification *n = table_get_id(ap->txn, NOTIFICATIONS_NOTIFICATION, id, ap->arena);
    if (!n)
        return;
    n->title = n->text = NULL;
    table_put(ap->txn, NOTIFICATIONS_NOTIFICATION, n, ap->seq, ap->arena);
}

void notifications_apply_messages_erased(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__MessagesErased *e = (const Baton__MessagesErased *)payload;
    const struct key key = key_of(e->erasure_id);
    Baton__Erasure *row = table_get(ap->txn, NOTIFICATIONS_ERASURE, &key, ap->arena);
    for (size_t i = 0; i < e->n_notification_ids; i++)
        blank(ap, e->notification_ids[i]);
    if (!row)
        return;
    if (!e->has_next_due_us) {
        (void)table_delete(ap->txn, NOTIFICATIONS_ERASURE, &key, ap->arena); /* it is there */
        return;
    }
    row->next_due_us = e->next_due_us;
    row->has_notifications_done = true;
    row->notifications_done = e->notifications_done;
    row->after_notification_id = e->after_notification_id;
    row->after_delivery_id = e->after_delivery_id;
    table_put(ap->txn, NOTIFICATIONS_ERASURE, row, ap->seq, ap->arena);
}
