/* Facts about devices: the one that is meant, where pushes for it go, and our own key. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "outbound/push.h"
#include "services/notifications/rows.h"

static const Baton__DevicePush *push_of(struct load *l, const char *device_id)
{
    return table_get_id(l->txn, NOTIFICATIONS_DEVICE_PUSH, device_id, l->arena);
}

void *notifications_load_register(struct load *l, const struct command *c)
{
    const char *client_key = ((const Baton__RegisterDeviceRequest *)c->request)->client_key;
    struct notifications_devices *f = ARENA_NEW(l->arena, struct notifications_devices);
    notifications_devices_of(l, c->actor->user_id, f);
    for (size_t i = 0; client_key && !f->push && i < f->n; i++)
        if (f->devices[i]->client_key && strcmp(f->devices[i]->client_key, client_key) == 0)
            f->push = push_of(l, f->devices[i]->id);
    return f;
}

void *notifications_load_push(struct load *l, const struct command *c)
{
    const char *id = ((const Baton__SetPushSubscriptionRequest *)c->request)->device_id;
    struct device_facts *f = ARENA_NEW(l->arena, struct device_facts);
    f->device = table_get_id(l->txn, NOTIFICATIONS_DEVICE, id, l->arena);
    f->push = push_of(l, id);
    return f;
}

void *notifications_load_boot(struct load *l, const struct command *c)
{
    return table_get_id(l->txn, NOTIFICATIONS_PUSH_KEY, PUSH_KEY_ID, l->arena);
}

/* --- our own key --- */

static void *key_load(struct load *l, const struct command *c)
{
    const Baton__PushKey *row = table_get_id(l->txn, NOTIFICATIONS_PUSH_KEY, PUSH_KEY_ID, l->arena);
    struct push_key *k = calloc(1, sizeof *k);
    assert(k);
    if (row && hex_decode(k->own, sizeof k->own, row->private_key))
        return k;
    free(k);
    return NULL;
}

static void key_work(void *memory)
{
    struct push_key *k = memory;
    k->is_known = push_public(k->own, k->public);
}

const struct slow_part notifications_push_key = {.load = key_load, .work = key_work};
