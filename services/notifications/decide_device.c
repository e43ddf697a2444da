/* A device: where pushes for it go, by which key, and what becomes of one that nobody has heard of for long.
 */
#include <sodium.h>
#include <string.h>

#include "base/url.h"
#include "services/notifications/delivery.h"

#define SECONDS(n) ((int64_t)(n)*1000000)

enum { PUBLIC_SIZE = 65, AUTH_SIZE = 16, SILENT_S = 60 * 86400, ASKED_S = 14 * 86400, HEARD_EVERY_S = 86400 };

#define EVENT(Type, init)                                                                                    \
    ARENA_NEW(out->arena, Type);                                                                             \
    init(e);                                                                                                 \
    outcome_event(out, &e->base)

/* --- signs of life --- */

int64_t device_due_us(const struct stamp *s)
{
    return s->now_us + SECONDS(SILENT_S);
}

void device_heard(const Baton__Device *d, struct stamp *s, struct outcome *out)
{
    if (d->heard_at && timestamp_us(d->heard_at) + SECONDS(HEARD_EVERY_S) > s->now_us)
        return;
    Baton__DeviceHeard *e = EVENT(Baton__DeviceHeard, baton__device_heard__init);
    e->device_id = arena_strdup(s->arena, d->id);
    e->has_due_us = true;
    e->due_us = device_due_us(s);
}

void device_remove(const Baton__Device *d, const char *reason, struct outcome *out)
{
    Baton__DeviceRemoved *e = EVENT(Baton__DeviceRemoved, baton__device_removed__init);
    e->device_id = d->id;
    e->user_id = d->user_id;
    e->reason = reason ? arena_strdup(out->arena, reason) : NULL;
}

bool notifications_decide_device_due(const void *facts, const struct command *c, struct stamp *s,
                                     struct outcome *out)
{
    const Baton__Device *d = (const Baton__Device *)c->request;
    /* 1: asked, and no sign of it since */
    if (d->asked_at) {
        device_remove(d, "nobody has heard of it for long", out);
        return true;
    }
    /* 2: asked, by the only way there is to it; a stream would have been a sign */
    Baton__DeviceAsked *e = EVENT(Baton__DeviceAsked, baton__device_asked__init);
    e->device_id = d->id;
    e->has_due_us = true;
    e->due_us = s->now_us + SECONDS(ASKED_S);
    if (d->push_origin) {
        const struct delivery_way way = {BATON__CHANNEL__CHANNEL_PUSH, d->push_origin, d};
        Baton__User user = BATON__USER__INIT;
        user.id = d->user_id;
        (void)delivery_try(&way, &user, s, out); /* nobody waits for it */
    }
    return true;
}

/* --- subscriptions --- */

static bool decodes(const char *text, uint8_t *out, size_t size)
{
    size_t n;
    return text &&
           sodium_base642bin(out, size, text, strlen(text), NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == size;
}

static bool check(const Baton__PushSubscription *p, char origin[URL_ORIGIN_SIZE], struct refusal *no)
{
    uint8_t public[PUBLIC_SIZE], auth[AUTH_SIZE];
    if (!p->endpoint || !url_origin(p->endpoint, origin))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "push.endpoint",
                      "where pushes go is given as https://HOST/PATH");
    if (!decodes(p->p256dh, public, sizeof public) || public[0] != 4)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "push.p256dh",
                      "p256dh is 65 bytes in base64url, an uncompressed point of P-256");
    if (!decodes(p->auth, auth, sizeof auth))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "push.auth", "auth is 16 bytes in base64url");
    return true;
}

static bool is_same(const Baton__PushSubscription *a, const Baton__DevicePush *row)
{
    const Baton__PushSubscription *b = row ? row->subscription : NULL;
    return b && strcmp(a->endpoint, b->endpoint) == 0 && strcmp(a->p256dh, b->p256dh) == 0 &&
           strcmp(a->auth, b->auth) == 0;
}

bool device_push_set(Baton__Device *d, Baton__PushSubscription *push, const Baton__DevicePush *before,
                     struct stamp *s, struct outcome *out)
{
    char origin[URL_ORIGIN_SIZE];
    if (!check(push, origin, &out->no))
        return false;
    d->push_origin = arena_strdup(s->arena, origin);
    if (is_same(push, before))
        return true;
    Baton__DevicePushSet *e = EVENT(Baton__DevicePushSet, baton__device_push_set__init);
    e->device_id = d->id;
    e->push_origin = d->push_origin;
    e->push = push;
    return true;
}

void device_push_ended(const char *device_id, const char *reason, struct outcome *out)
{
    Baton__DevicePushEnded *e = EVENT(Baton__DevicePushEnded, baton__device_push_ended__init);
    e->device_id = arena_strdup(out->arena, device_id);
    e->reason = arena_strdup(out->arena, reason);
}

bool notifications_decide_push(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct device_facts *f = facts;
    const Baton__SetPushSubscriptionRequest *r = (const Baton__SetPushSubscriptionRequest *)c->request;
    Baton__SetPushSubscriptionResponse *reply = ARENA_NEW(s->arena, Baton__SetPushSubscriptionResponse);
    baton__set_push_subscription_response__init(reply);
    out->reply = &reply->base;
    /* 3: one's own only */
    if (!f->device || !c->actor->user_id || strcmp(f->device->user_id, c->actor->user_id) != 0)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "device_id", "you have no such device");
    reply->device = arena_copy(s->arena, f->device, sizeof *f->device);
    /* 4: from now on there; the same again is nothing new */
    if (r->push)
        return device_push_set(reply->device, r->push, f->push, s, out);
    /* 5: nowhere */
    reply->device->push_origin = NULL;
    if (f->push)
        device_push_ended(f->device->id, "the device wishes no pushes", out);
    return true;
}

/* --- the key --- */

bool notifications_decide_boot(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    /* 6: one for all time: subscriptions are bound to it */
    if (facts)
        return true;
    Baton__PushKeyMade *e = EVENT(Baton__PushKeyMade, baton__push_key_made__init);
    e->private_key = stamp_secret(s);
    if (e->private_key[0] == 'f') /* below the order of the curve, which begins with eight of them */
        e->private_key[0] = '0';
    return true;
}

bool notifications_decide_push_key(const void *facts, const struct command *c, struct stamp *s,
                                   struct outcome *out)
{
    char text[sodium_base64_ENCODED_LEN(PUBLIC_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    const struct push_key *key = c->prepared;
    Baton__GetPushKeyResponse *reply = ARENA_NEW(s->arena, Baton__GetPushKeyResponse);
    baton__get_push_key_response__init(reply);
    out->reply = &reply->base;
    /* 7: without what makes it there are no pushes either */
    if (!key || !key->is_known)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "pushes cannot be sent here; the log says why");
    reply->public_key =
        arena_strdup(s->arena, sodium_bin2base64(text, sizeof text, key->public, sizeof key->public,
                                                 sodium_base64_VARIANT_URLSAFE_NO_PADDING));
    return true;
}
