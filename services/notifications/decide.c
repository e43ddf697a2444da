/* Decisions about a user's devices and what they say of notifications. */
#include <string.h>

#include "base/text.h"
#include "baton/v1/directory.pb-c.h"
#include "services/notifications/delivery.h"

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool refuse_nobody(struct outcome *out)
{
    return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL, "only a user has devices and notifications");
}

static bool refuse_device(struct outcome *out)
{
    return refuse(&out->no, REFUSAL_NOT_FOUND, "device_id", "you have no such device");
}

static Baton__Device *known_device(const struct notifications_devices *f, const char *client_key)
{
    for (size_t i = 0; i < f->n; i++)
        if (same(f->devices[i]->client_key, client_key))
            return f->devices[i];
    return NULL;
}

static Baton__Device *new_device(const Baton__RegisterDeviceRequest *r, const char *user_id, struct stamp *s,
                                 struct outcome *out)
{
    Baton__DeviceRegistered *e = ARENA_NEW(s->arena, Baton__DeviceRegistered);
    baton__device_registered__init(e);
    Baton__Device *d = e->device = ARENA_NEW(s->arena, Baton__Device);
    baton__device__init(d);
    d->id = stamp_id(s);
    d->user_id = arena_strdup(s->arena, user_id);
    d->name = text_trim(s->arena, r->name);
    d->has_kind = true;
    d->kind = r->has_kind ? r->kind : BATON__DEVICE_KIND__DEVICE_KIND_PROGRAM;
    d->registered_at = timestamp_of(s->arena, s->now_us);
    d->client_key = r->client_key && *r->client_key ? r->client_key : NULL;
    d->heard_at = d->registered_at;
    d->has_next_due_us = true;
    d->next_due_us = device_due_us(s);
    outcome_event(out, &e->base);
    return d;
}

bool notifications_decide_register(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    const struct notifications_devices *f = facts;
    const Baton__RegisterDeviceRequest *r = (const Baton__RegisterDeviceRequest *)c->request;
    Baton__RegisterDeviceResponse *reply = ARENA_NEW(s->arena, Baton__RegisterDeviceResponse);
    baton__register_device_response__init(reply);
    out->reply = &reply->base;
    /* 1: a user registers their own */
    if (!c->actor->user_id)
        return refuse_nobody(out);
    /* 2: the same client gets the same device */
    reply->device = r->client_key && *r->client_key ? known_device(f, r->client_key) : NULL;
    if (reply->device) {
        /* 5: it is there, and may take pushes elsewhere than before */
        device_heard(reply->device, s, out);
        return !r->push || device_push_set(reply->device, r->push, f->push, s, out);
    }
    /* 3: there is an end to it */
    if (f->n >= NOTIFICATIONS_DEVICES_MAX)
        return refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                      "you have %d devices already; remove one first", NOTIFICATIONS_DEVICES_MAX);
    /* 4: a new one */
    reply->device = new_device(r, c->actor->user_id, s, out);
    return !r->push || device_push_set(reply->device, r->push, NULL, s, out);
}

bool notifications_decide_remove(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const Baton__Device *device = facts;
    /* 1: one's own only; of others one does not even learn that they are there */
    if (!device || !same(device->user_id, c->actor->user_id))
        return refuse_device(out);
    device_remove(device, NULL, out);
    return true;
}

static const Baton__Delivery *delivery_on(const Baton__Notification *n, const char *device_id)
{
    for (size_t i = 0; i < n->n_deliveries; i++)
        if (same(n->deliveries[i]->device_id, device_id))
            return n->deliveries[i];
    return NULL;
}

bool notifications_decide_delivered(const void *facts, const struct command *c, struct stamp *s,
                                    struct outcome *out)
{
    const struct notifications_marks *f = facts;
    /* 1: a device speaks for itself and its user */
    if (!f->device || !same(f->device->user_id, c->actor->user_id))
        return refuse_device(out);
    Baton__NotificationsDelivered *e = ARENA_NEW(s->arena, Baton__NotificationsDelivered);
    baton__notifications_delivered__init(e);
    e->user_id = f->device->user_id;
    e->device_id = f->device->id;
    e->notification_ids = ARENA_ARRAY(s->arena, char *, f->n);
    /* 2: only what is its own and was not delivered yet; the rest is left alone */
    for (size_t i = 0; i < f->n; i++) {
        const Baton__Delivery *d = delivery_on(f->rows[i], f->device->id);
        if (d && !d->delivered_at && same(f->rows[i]->user_id, c->actor->user_id))
            e->notification_ids[e->n_notification_ids++] = f->rows[i]->id;
    }
    /* 3: nothing new is no event */
    if (e->n_notification_ids)
        outcome_event(out, &e->base);
    /* 4: a sign of life */
    device_heard(f->device, s, out);
    return true;
}

static void clear_on(const Baton__Device *d, Baton__Notification *const *rows, size_t n_rows,
                     const Baton__NotificationsSeen *e, struct stamp *s, struct outcome *out)
{
    char **ids = ARENA_ARRAY(s->arena, char *, n_rows);
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const Baton__Delivery *there = delivery_on(rows[i], d->id);
        if (there && there->pushed_at && !rows[i]->seen_at && same(rows[i]->user_id, e->user_id))
            ids[n++] = rows[i]->id;
    }
    if (n && d->push_origin && !same(d->id, e->device_id))
        delivery_clear(d->id, d->user_id, d->push_origin, ids, n, s, out);
}

void delivery_clear_seen(const struct notifications_devices *devices, Baton__Notification *const *rows,
                         size_t n, const Baton__NotificationsSeen *e, struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; e->n_notification_ids && i < devices->n; i++)
        clear_on(devices->devices[i], rows, n, e, s, out);
}

/* A user, on a device of theirs or on none. */
static bool may_mark(const struct notifications_marks *f, const struct command *c, const char *device_id,
                     struct outcome *out)
{
    if (!c->actor->user_id)
        return refuse_nobody(out);
    if (device_id && (!f->device || !same(f->device->user_id, c->actor->user_id)))
        return refuse_device(out);
    return true;
}

static void add_seen(const struct notifications_marks *f, const struct command *c, struct stamp *s,
                     struct outcome *out)
{
    Baton__NotificationsSeen *e = ARENA_NEW(s->arena, Baton__NotificationsSeen);
    baton__notifications_seen__init(e);
    e->user_id = c->actor->user_id;
    e->device_id = f->device ? f->device->id : NULL;
    e->notification_ids = ARENA_ARRAY(s->arena, char *, f->n);
    /* 2: only one's own and unseen; the rest is left alone */
    for (size_t i = 0; i < f->n; i++)
        if (!f->rows[i]->seen_at && same(f->rows[i]->user_id, c->actor->user_id))
            e->notification_ids[e->n_notification_ids++] = f->rows[i]->id;
    /* 3: nothing new is no event */
    if (e->n_notification_ids)
        outcome_event(out, &e->base);
    /* 4: and is taken away where a push has brought it */
    delivery_clear_seen(&f->own, f->rows, f->n, e, s, out);
    /* 5: a sign of life */
    if (f->device)
        device_heard(f->device, s, out);
}

bool notifications_decide_seen(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct notifications_marks *f = facts;
    /* 1: a user sees, on a device of theirs or on none */
    if (!may_mark(f, c, ((const Baton__MarkSeenRequest *)c->request)->device_id, out))
        return false;
    add_seen(f, c, s, out);
    return true;
}

bool notifications_decide_mark_acknowledged(const void *facts, const struct command *c, struct stamp *s,
                                            struct outcome *out)
{
    const struct notifications_marks *f = facts;
    /* 1: the same */
    if (!may_mark(f, c, ((const Baton__MarkAcknowledgedRequest *)c->request)->device_id, out))
        return false;
    /* 2: who acknowledges has seen */
    add_seen(f, c, s, out);
    Baton__NotificationsAcknowledged *e = ARENA_NEW(s->arena, Baton__NotificationsAcknowledged);
    baton__notifications_acknowledged__init(e);
    e->user_id = c->actor->user_id;
    e->device_id = f->device ? f->device->id : NULL;
    e->notification_ids = ARENA_ARRAY(s->arena, char *, f->n);
    /* 3: only one's own, and each once */
    for (size_t i = 0; i < f->n; i++)
        if (!f->rows[i]->acknowledged_at && same(f->rows[i]->user_id, c->actor->user_id))
            e->notification_ids[e->n_notification_ids++] = f->rows[i]->id;
    if (e->n_notification_ids)
        outcome_event(out, &e->base);
    return true;
}

bool notifications_decide_user(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct notifications_devices *f = facts;
    const Baton__User *u = (const Baton__User *)c->request;
    /* 1: who left has no devices any more */
    for (size_t i = 0; u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE && i < f->n; i++)
        device_remove(f->devices[i], NULL, out);
    return true;
}
