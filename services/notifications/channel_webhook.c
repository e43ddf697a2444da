/* A delivery as a POST to its endpoint, signed as Standard Webhooks has it. */
#include <sodium.h>
#include <string.h>

#include "services/notifications/channel.h"

enum { KEY_BYTES_MAX = 64, HEADERS = 4 };

/* "v1,..." over id, time and body; NULL: the secret is none. */
static const char *signature(const char *secret, const Baton__ChannelDelivery *d, int64_t time_s,
                             struct arena *a)
{
    uint8_t key[KEY_BYTES_MAX], mac[crypto_auth_hmacsha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof mac, sodium_base64_VARIANT_ORIGINAL)];
    size_t n = 0;
    crypto_auth_hmacsha256_state state;
    if (!secret || sodium_base642bin(key, sizeof key, secret + strlen(WEBHOOK_SECRET_PREFIX),
                                     strlen(secret) - strlen(WEBHOOK_SECRET_PREFIX), NULL, &n, NULL,
                                     sodium_base64_VARIANT_ORIGINAL) != 0)
        return NULL;
    const char *head = arena_printf(a, "%s.%lld.", d->id, (long long)time_s);
    (void)crypto_auth_hmacsha256_init(&state, key, n); /* these three cannot fail */
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)head, strlen(head));
    (void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)d->body, strlen(d->body));
    (void)crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(key, sizeof key);
    return arena_printf(
        a, "v1,%s", sodium_bin2base64(text, sizeof text, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL));
}

static const char *signatures(const Baton__WebhookSecret *s, const Baton__ChannelDelivery *d, int64_t now_us,
                              struct arena *a)
{
    const char *own = signature(s->secret, d, now_us / 1000000, a);
    const char *before =
        s->previous_until_us > now_us ? signature(s->previous, d, now_us / 1000000, a) : NULL;
    return before ? arena_printf(a, "%s %s", own, before) : own;
}

bool channel_webhook_ask(struct load *l, const Baton__ChannelDelivery *d, struct outbound_request *r)
{
    const Baton__WebhookEndpoint *e = table_get_id(l->txn, NOTIFICATIONS_ENDPOINT, d->lane_id, l->arena);
    const Baton__WebhookSecret *secret =
        table_get_id(l->txn, NOTIFICATIONS_WEBHOOK_SECRET, d->lane_id, l->arena);
    if (!e || !secret || !d->body)
        return false;
    const char **headers = ARENA_ARRAY(l->arena, const char *, HEADERS);
    headers[0] = "Content-Type: application/json";
    headers[1] = arena_printf(l->arena, "webhook-id: %s", d->id);
    headers[2] = arena_printf(l->arena, "webhook-timestamp: %lld", (long long)(l->now_us / 1000000));
    headers[3] = arena_printf(l->arena, "webhook-signature: %s", signatures(secret, d, l->now_us, l->arena));
    r->kind = OUTBOUND_HTTP;
    r->url = e->url;
    r->headers = headers;
    r->n_headers = HEADERS;
    r->body = bytes_text(d->body);
    return true;
}
