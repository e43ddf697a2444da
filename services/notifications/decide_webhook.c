/* Endpoints: of what they can be told, what they are told then, and their secrets. */
#include <sodium.h>
#include <string.h>

#include "base/bytes.h"
#include "base/url.h"
#include "schema/personal.h"
#include "schema/public.h"
#include "services/notifications/delivery.h"

enum { SECRET_BYTES = 32, BODY_MAX = 20000 };
static const int64_t ROTATION_US = INT64_C(86400) * 1000000;

/* --- what is said --- */

const char *webhook_type(const ProtobufCMessageDescriptor *event)
{
    const struct public_row *row = public_row_of(event);
    return row && row->is_for_webhooks ? row->type : NULL;
}

static char *body_of(const char *type, const ProtobufCMessage *event, struct stamp *s)
{
    struct buffer b;
    buffer_init(&b, BODY_MAX);
    char *text = public_write(NULL, type, event, s->now_us, s->arena, &b)
                     ? arena_strdup(s->arena, buffer_cstr(&b))
                     : NULL;
    buffer_release(&b);
    return text;
}

bool notifications_decide_webhook(const void *facts, const struct command *c, struct stamp *s,
                                  struct outcome *out)
{
    const struct delivery_endpoints *f = facts;
    const char *type = webhook_type(c->request->descriptor);
    /* 1: whoever asked for it, each by itself; what is too long for a webhook is not told */
    char *body = f->n ? body_of(type, c->request, s) : NULL;
    char *lead_id = (char *)(uintptr_t)personal_subject(c->request); /* whom its words are about */
    for (size_t i = 0; body && i < f->n; i++) {
        Baton__ChannelDelivery *d = delivery_arm(BATON__DELIVERY_KIND__DELIVERY_KIND_EVENT,
                                                 BATON__CHANNEL__CHANNEL_WEBHOOK, f->all[i]->id, s, out);
        d->event_type = arena_strdup(s->arena, type);
        d->body = body;
        d->lead_id = lead_id;
    }
    return true;
}

/* --- secrets --- */

static Baton__WebhookSecretIssued *issue(const char *endpoint_id, struct stamp *s, struct outcome *out)
{
    uint8_t bytes[SECRET_BYTES];
    char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    Baton__WebhookSecretIssued *e = ARENA_NEW(s->arena, Baton__WebhookSecretIssued);
    baton__webhook_secret_issued__init(e);
    (void)hex_decode(bytes, sizeof bytes, stamp_secret(s)); /* it has just been encoded */
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
    e->endpoint_id = arena_strdup(s->arena, endpoint_id);
    e->secret = arena_printf(s->arena, WEBHOOK_SECRET_PREFIX "%s", text);
    outcome_event(out, &e->base);
    return e;
}

bool notifications_decide_secret(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const Baton__WebhookSecret *before = facts;
    const Baton__IssueWebhookSecretRequest *r = (const Baton__IssueWebhookSecretRequest *)c->request;
    Baton__IssueWebhookSecretResponse *reply = ARENA_NEW(s->arena, Baton__IssueWebhookSecretResponse);
    baton__issue_webhook_secret_response__init(reply);
    out->reply = &reply->base;
    if (!before)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "webhook_endpoint_id", "there is no such endpoint");
    /* 2: whoever checks with the one before has a day to change */
    Baton__WebhookSecretIssued *e = issue(r->webhook_endpoint_id, s, out);
    e->previous = before->secret;
    e->has_previous_until_us = true;
    e->previous_until_us = s->now_us + ROTATION_US;
    reply->secret = e->secret;
    return true;
}

/* --- the records --- */

static bool is_known(const char *type)
{
    size_t n;
    const struct public_row *rows = public_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].is_for_webhooks && strcmp(rows[i].type, type) == 0)
            return true;
    return false;
}

static bool refuse_type(const char *type, struct stamp *s, struct refusal *no)
{
    size_t n;
    const char *list = "";
    const struct public_row *rows = public_rows(&n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].is_for_webhooks)
            list = arena_printf(s->arena, "%s%s%s", list, *list ? ", " : "", rows[i].type);
    return refuse(no, REFUSAL_INVALID_ARGUMENT, "event_types",
                  "there is no event type \"%.64s\"; there are %s", type, list);
}

bool notifications_check_endpoint(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                                  struct stamp *s, struct outcome *out)
{
    Baton__WebhookEndpoint *e = (Baton__WebhookEndpoint *)after;
    if (!e)
        return true;
    /* 3: an address, and types there are */
    char origin[URL_ORIGIN_SIZE];
    /* http is for private networks alone, where the operator allows it; elsewhere it ends as forbidden. */
    if (e->url && !url_origin(e->url, origin))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "url", "an endpoint is given as https://HOST/PATH");
    for (size_t i = 0; i < e->n_event_types; i++)
        if (!is_known(e->event_types[i]))
            return refuse_type(e->event_types[i], s, &out->no);
    /* 4: signed from the first on, with a secret that nobody has been shown yet */
    if (!before) {
        e->id = stamp_id(s);
        (void)issue(e->id, s, out); /* nothing else is to be said of it */
    }
    return true;
}
