/* Notifications and deliveries that say something of whoever was erased, some at a time. */
#include <string.h>

#include "services/notifications/erase.h"
#include "services/notifications/rows.h"

static bool is_among(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; id && i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static bool is_about(const Baton__Erasure *e, const char *contact_id, const char *lead_id,
                     const char *account_id)
{
    return is_among(e->contact_ids, e->n_contact_ids, contact_id) ||
           is_among(e->lead_ids, e->n_lead_ids, lead_id) ||
           is_among(e->account_ids, e->n_account_ids, account_id);
}

static void take_delivery(struct load *l, struct erase_facts *f, const Baton__Erasure *e,
                          const Baton__ChannelDelivery *d)
{
    const Baton__Notification *n =
        e->n_account_ids ? table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, d->notification_id, l->arena)
                         : NULL;
    if (!is_about(e, d->contact_id, d->lead_id, n ? n->account_id : NULL))
        return;
    if (d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY)
        f->under_way = true;
    else if (d->state != BATON__DELIVERY_STATE__DELIVERY_STATE_DELIVERED &&
             d->state != BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED)
        f->deliveries[f->n_deliveries++] = d;
}

static void take(struct load *l, struct erase_facts *f, const Baton__Erasure *e, const ProtobufCMessage *row)
{
    if (row->descriptor == &baton__channel_delivery__descriptor) {
        take_delivery(l, f, e, (const Baton__ChannelDelivery *)row);
        return;
    }
    const Baton__Notification *n = (const Baton__Notification *)row;
    if (is_about(e, n->contact_id, n->lead_id, n->account_id) && (n->title || n->text))
        f->notification_ids[f->n_notifications++] = n->id;
}

void *notifications_load_erasure(struct load *l, const struct command *c)
{
    const Baton__Erasure *e = (const Baton__Erasure *)c->request;
    struct erase_facts *f = ARENA_NEW(l->arena, struct erase_facts);
    const unsigned table = e->notifications_done ? NOTIFICATIONS_DELIVERY : NOTIFICATIONS_NOTIFICATION;
    const char *after = e->notifications_done ? e->after_delivery_id : e->after_notification_id;
    struct key all, from = key_of(after ? after : "");
    struct table_scan scan;
    const ProtobufCMessage *row = NULL;
    size_t looked = 0;
    f->notification_ids = ARENA_ARRAY(l->arena, char *, ERASED_STEP);
    f->deliveries = ARENA_ARRAY(l->arena, const Baton__ChannelDelivery *, ERASED_STEP);
    key_init(&all);
    f->is_last = true;
    /* from the very first: ids are in the order of time only within a service, whose clock is its own */
    if (!table_scan_under(&scan, l->txn, table, &all, after ? &from : NULL, NULL, false))
        return f;
    while (looked < ERASED_STEP && (row = table_scan_next(&scan, l->arena))) {
        const char *id = schema_get_text(row, "id");
        if (after && strcmp(id, after) == 0)
            continue;
        looked++;
        take(l, f, e, row);
        if (f->under_way)
            break; /* the next step begins with it */
        f->after_id = id;
    }
    f->is_last = !row;
    if (!f->after_id)
        f->after_id = after;
    table_scan_close(&scan);
    return f;
}
