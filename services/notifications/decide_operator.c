/* What operators ask of deliveries: to try again, to try at all, and by which account. */
#include <string.h>

#include "base/text.h"
#include "services/notifications/delivery.h"

enum { REPLAYED_LASTS_S = 86400 };

bool notifications_decide_replay(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct delivery_replay_facts *f = facts;
    Baton__ReplayDeliveryResponse *reply = ARENA_NEW(s->arena, Baton__ReplayDeliveryResponse);
    baton__replay_delivery_response__init(reply);
    out->reply = &reply->base;
    reply->has_replayed = reply->has_left = true;
    /* 1: what is dead begins again, with a day of its own; the rest is left alone */
    for (size_t i = 0; i < f->n; i++) {
        Baton__DeliveryReplayed *e = ARENA_NEW(s->arena, Baton__DeliveryReplayed);
        baton__delivery_replayed__init(e);
        e->delivery_id = f->dead[i]->id;
        e->expires_at = timestamp_of(s->arena, s->now_us + REPLAYED_LASTS_S * INT64_C(1000000));
        outcome_event(out, &e->base);
    }
    reply->replayed = (uint32_t)f->n;
    reply->left = f->n_dead - f->n;
    return true;
}

char *delivery_try(const struct delivery_way *w, const Baton__User *u, struct stamp *s, struct outcome *out)
{
    static char subject[] = "Baton can reach you";
    static char text[] = "This is how Baton tells you of something when you do not look at it.";
    Baton__ChannelDelivery *d =
        delivery_arm(BATON__DELIVERY_KIND__DELIVERY_KIND_TEST, w->channel, w->lane_id, s, out);
    d->user_id = u->id;
    d->device_id = w->device ? w->device->id : NULL;
    d->letter = ARENA_NEW(s->arena, Baton__Letter);
    baton__letter__init(d->letter);
    d->letter->to_address = u->email;
    d->letter->to_name = u->name;
    d->letter->subject = subject;
    d->letter->text = text;
    return d->id;
}

bool notifications_decide_test(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct delivery_ways *w = facts;
    Baton__TestDeliveryResponse *reply = ARENA_NEW(s->arena, Baton__TestDeliveryResponse);
    baton__test_delivery_response__init(reply);
    out->reply = &reply->base;
    const char *user_id = ((const Baton__TestDeliveryRequest *)c->request)->user_id;
    /* 7: oneself, or anybody as administrator */
    if (c->actor->role != BATON__ROLE__ROLE_ADMIN &&
        (!c->actor->user_id || strcmp(c->actor->user_id, user_id) != 0))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "only administrators test the ways to others");
    /* 2: somebody who works here */
    if (!w->user)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "there is no such user, or they have left");
    /* 3: by each way there is */
    reply->delivery_ids = ARENA_ARRAY(s->arena, char *, w->n);
    for (size_t i = 0; i < w->n; i++)
        reply->delivery_ids[reply->n_delivery_ids++] = delivery_try(&w->ways[i], w->user, s, out);
    return true;
}

static bool secret_set(const char *id, char *secret, struct stamp *s, struct outcome *out)
{
    Baton__ChannelSecretSet *e = ARENA_NEW(s->arena, Baton__ChannelSecretSet);
    baton__channel_secret_set__init(e);
    e->id = arena_strdup(s->arena, id);
    e->secret = secret;
    outcome_event(out, &e->base);
    return true;
}

bool notifications_decide_mail_password(const void *facts, const struct command *c, struct stamp *s,
                                        struct outcome *out)
{
    const Baton__SetMailPasswordRequest *r = (const Baton__SetMailPasswordRequest *)c->request;
    /* 4: of an account there is */
    if (!facts)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "mail_account_id", "there is no such mail account");
    return secret_set(r->mail_account_id, r->password, s, out);
}

bool notifications_decide_channel_secret(const void *facts, const struct command *c, struct stamp *s,
                                         struct outcome *out)
{
    const Baton__SetChannelSecretRequest *r = (const Baton__SetChannelSecretRequest *)c->request;
    /* 4 again; 6: in one line, for it may stand in a header */
    if (!facts)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such mail account, broker or template");
    if (!delivery_is_one_line(r->secret))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "secret", "a secret is one line");
    return secret_set(r->id, r->secret, s, out);
}

bool delivery_secret_forgotten(const ProtobufCMessage *before, struct stamp *s, struct outcome *out)
{
    return secret_set(schema_get_text(before, "id"), NULL, s, out);
}

bool delivery_is_server(const char *url, const char *scheme)
{
    size_t n = strlen(scheme);
    if (strncmp(url, scheme, n) != 0)
        return false;
    url += url[n] == 's' ? n + 1 : n;
    if (strncmp(url, "://", 3) != 0)
        return false;
    const char *host = url + 3;
    return *host && !host[strcspn(host, "/@?# \t\r\n\\")] && text_is_ascii(host, strlen(host));
}

bool delivery_is_one_line(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

bool notifications_check_mail_account(const void *extra, const ProtobufCMessage *before,
                                      ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    const Baton__MailAccount *a = (const Baton__MailAccount *)after;
    if (!a)
        return delivery_secret_forgotten(before, s, out);
    /* 5: what is missing the schema says */
    if (a->server && !delivery_is_server(a->server, "smtp"))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "server",
                      "a mail server is given as smtp://HOST:PORT or smtps://HOST:PORT");
    if (a->from_address && !text_is_email(a->from_address))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "from_address", "this is not an e-mail address");
    if (!delivery_is_one_line(a->from_name))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "from_name", "a name is one line");
    if (!delivery_is_one_line(a->user_name))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "user_name", "a user name is one line");
    return true;
}
