/* A delivery as a push: JSON that a service worker shows, and that browsers with Declarative Web Push show by
   themselves. Sealing and signing come when it leaves. */
#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "services/notifications/channel.h"

enum { TEXT_MAX = 1000, TITLE_MAX = 300, PUSH_MAX = 3993, HEADERS = 3, TOPIC_SIZE = 22, UUID_SIZE = 16 };

/* "low" waits until the device is in use anyway. */
static const char *const urgencies[] = {
    [BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_UNSPECIFIED] = "normal",
    [BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_LOW] = "low",
    [BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_NORMAL] = "normal",
    [BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_HIGH] = "high",
    [BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_CRITICAL] = "high",
};

/* Of those the lead can be taken or given back at once. */
static bool can_be_answered(Baton__NotificationClass class)
{
    return class == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED ||
           class == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_REASSIGNED ||
           class == BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR;
}

static const char *clipped(const char *text, size_t max, struct arena *a)
{
    if (!text || strlen(text) <= max)
        return text ? text : "";
    return arena_printf(a, "%.*s…", (int)text_clip(text, max), text);
}

/* --- what is said --- */

static void add_text(struct buffer *b, const char *name, const char *text)
{
    buffer_printf(b, ",\"%s\":", name);
    (void)schema_json_string(b, text ? text : ""); /* the buffer says so if it is full */
}

static void add_shown(struct buffer *b, const Baton__Notification *n, bool is_short, struct arena *a)
{
    const char *where = n->lead_id ? arena_printf(a, "/#lead=%s", n->lead_id) : "/";
    buffer_text(b, "{\"web_push\":8030,\"notification\":{\"title\":");
    (void)schema_json_string(b, is_short ? "Baton" : clipped(n->title, TITLE_MAX, a));
    if (!is_short)
        add_text(b, "body", clipped(n->text, TEXT_MAX, a));
    add_text(b, "navigate", where);
    add_text(b, "tag", n->id);
    buffer_char(b, '}');
}

static void add_own(struct buffer *b, const Baton__Notification *n, bool is_short)
{
    const ProtobufCEnumValue *class =
        protobuf_c_enum_descriptor_get_value(&baton__notification_class__descriptor, (int)n->class_);
    add_text(b, "id", n->id);
    if (n->has_class_ && class)
        add_text(b, "class", class->name);
    if (n->lead_id && !is_short)
        add_text(b, "lead_id", n->lead_id);
    if (n->lead_id && !is_short && can_be_answered(n->class_))
        buffer_text(b, ",\"actions\":[\"accept\",\"decline\"]");
}

static bool write_message(struct load *l, const Baton__ChannelDelivery *d, const Baton__Notification *n,
                          bool is_short, struct outbound_request *r)
{
    struct buffer b;
    buffer_init(&b, PUSH_MAX + 1);
    if (d->kind == BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED)
        buffer_printf(&b, "{\"cleared\":%s", d->body ? d->body : "[]");
    else {
        add_shown(&b, n, is_short, l->arena);
        add_own(&b, n, is_short);
    }
    add_text(&b, "delivery_id", d->id);
    buffer_char(&b, '}');
    bool good = !b.overflow && b.size <= PUSH_MAX;
    if (good)
        r->body = bytes_of(arena_copy(l->arena, b.data, b.size), b.size);
    buffer_release(&b);
    return good;
}

/* --- to whom --- */

/* What is pending for the same notification is replaced; 22 characters of base64url for its 16 bytes. */
static const char *topic_of(const char *id, struct arena *a)
{
    uint8_t bytes[UUID_SIZE];
    char text[sodium_base64_ENCODED_LEN(UUID_SIZE, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    if (!id || !ident_parse(bytes, id))
        return NULL;
    return arena_printf(
        a, "Topic: %s",
        sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
}

static void write_headers(struct load *l, const Baton__ChannelDelivery *d, const Baton__Notification *n,
                          struct outbound_request *r)
{
    const char **headers = ARENA_ARRAY(l->arena, const char *, HEADERS);
    int64_t left_s = (timestamp_us(d->expires_at) - l->now_us) / 1000000;
    bool is_cleared = d->kind == BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED;
    const char *topic = topic_of(d->notification_id, l->arena);
    headers[r->n_headers++] = arena_printf(l->arena, "TTL: %lld", (long long)(left_s > 0 ? left_s : 0));
    headers[r->n_headers++] =
        arena_printf(l->arena, "Urgency: %s", is_cleared ? "low" : urgencies[n->importance]);
    if (topic)
        headers[r->n_headers++] = topic;
    r->headers = headers;
}

static bool decode(const char *text, uint8_t *out, size_t size)
{
    size_t n = 0;
    return text &&
           sodium_base642bin(out, size, text, strlen(text), NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == size;
}

/* Where the push service can ask about us. */
static const char *subject_of(struct load *l)
{
    const char *address = notifications_contact(l);
    return arena_printf(l->arena, "mailto:%s", address ? address : "nobody@localhost");
}

static bool keys_of(struct load *l, const Baton__PushSubscription *s, struct outbound_push *p)
{
    const Baton__PushKey *key = table_get_id(l->txn, NOTIFICATIONS_PUSH_KEY, PUSH_KEY_ID, l->arena);
    p->subject = subject_of(l);
    return key && hex_decode(p->own, sizeof p->own, key->private_key) &&
           decode(s->p256dh, p->subscriber, sizeof p->subscriber) && decode(s->auth, p->auth, sizeof p->auth);
}

bool channel_push_ask(struct load *l, const Baton__ChannelDelivery *d, struct outbound_request *r)
{
    const Baton__DevicePush *to = table_get_id(l->txn, NOTIFICATIONS_DEVICE_PUSH, d->device_id, l->arena);
    struct outbound_push *push = ARENA_NEW(l->arena, struct outbound_push);
    Baton__Notification n;
    channel_notification(l, d, &n);
    r->kind = OUTBOUND_HTTP;
    r->push = push;
    write_headers(l, d, &n, r);
    /* An exchange without an address ends at once. */
    bool good = to && to->subscription && keys_of(l, to->subscription, push) &&
                ((!d->is_short && write_message(l, d, &n, false, r)) || write_message(l, d, &n, true, r));
    r->url = good ? to->subscription->endpoint : "";
    return true;
}
