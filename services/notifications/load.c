/* Facts for notifications. */
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "services/notifications/rows.h"

void notifications_devices_of(struct load *l, const char *user_id, struct notifications_devices *f)
{
    struct table_scan scan;
    Baton__Device *d;
    f->devices = ARENA_ARRAY(l->arena, Baton__Device *, NOTIFICATIONS_DEVICES_MAX);
    if (!user_id || !table_scan_open(&scan, l->txn, NOTIFICATIONS_DEVICE, "user_id", user_id, NULL, false))
        return;
    while (f->n < NOTIFICATIONS_DEVICES_MAX && (d = table_scan_next(&scan, l->arena)))
        f->devices[f->n++] = d;
    table_scan_close(&scan);
}

static struct notifications_devices *devices_of(struct load *l, const char *user_id)
{
    struct notifications_devices *f = ARENA_NEW(l->arena, struct notifications_devices);
    notifications_devices_of(l, user_id, f);
    return f;
}

void *notifications_load_own_devices(struct load *l, const struct command *c)
{
    return devices_of(l, c->actor->user_id);
}

/* Lead events name their owner. */
void *notifications_load_owner_devices(struct load *l, const struct command *c)
{
    return devices_of(l, schema_get_text(c->request, "owner_id"));
}

void *notifications_load_users_devices(struct load *l, const struct command *c)
{
    return devices_of(l, ((const Baton__User *)c->request)->id);
}

void *notifications_load_device(struct load *l, const struct command *c)
{
    return table_get_id(l->txn, NOTIFICATIONS_DEVICE, schema_get_text(c->request, "device_id"), l->arena);
}

static bool is_among(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static void rows_load(struct load *l, char *const *ids, size_t n, struct notifications_marks *f)
{
    f->rows = ARENA_ARRAY(l->arena, Baton__Notification *, n);
    for (size_t i = 0; i < n; i++) {
        Baton__Notification *row = is_among(ids, i, ids[i])
                                       ? NULL
                                       : table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, ids[i], l->arena);
        if (row)
            f->rows[f->n++] = row;
    }
}

void *notifications_load_marks(struct load *l, const struct command *c)
{
    struct notifications_marks *f = ARENA_NEW(l->arena, struct notifications_marks);
    f->device = notifications_load_device(l, c);
    if (c->request->descriptor == &baton__mark_delivered_request__descriptor) {
        const Baton__MarkDeliveredRequest *r = (const Baton__MarkDeliveredRequest *)c->request;
        rows_load(l, r->notification_ids, r->n_notification_ids, f);
    } else {
        const Baton__MarkSeenRequest *r = (const Baton__MarkSeenRequest *)c->request;
        rows_load(l, r->notification_ids, r->n_notification_ids, f);
    }
    return f;
}
