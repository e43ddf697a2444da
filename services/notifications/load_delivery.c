/* Facts for deliveries: the lane and who waits in it, how an attempt ended, by which ways somebody is
   reached. */
#include <string.h>

#include "baton/v1/quotes.pb-c.h"
#include "services/notifications/quote_letter.h"
#include "services/notifications/rows.h"
#include "services/notifications/template.h"

enum { IN_USE_MAX = 100, TEMPLATES_MAX = 8, LOOKED_AT_MAX = 200 };

/* --- ways --- */

static bool is_enabled(const ProtobufCMessage *row)
{
    return schema_get_int(row, "enabled") != 0;
}

/* The oldest that are enabled, at most `max`. */
static size_t in_use(struct load *l, enum notifications_table table, ProtobufCMessage **rows, size_t max)
{
    struct table_scan scan;
    ProtobufCMessage *row;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return 0;
    for (int i = 0; i < IN_USE_MAX && n < max && (row = table_scan_next(&scan, l->arena)); i++)
        if (is_enabled(row))
            rows[n++] = row;
    table_scan_close(&scan);
    return n;
}

static void way_add(struct delivery_ways *w, Baton__Channel channel, const char *lane_id,
                    const Baton__Device *device)
{
    if (w->n < DELIVERY_WAYS_MAX)
        w->ways[w->n++] = (struct delivery_way){.channel = channel, .lane_id = lane_id, .device = device};
}

static void add_first(struct load *l, enum notifications_table table, Baton__Channel channel,
                      struct delivery_ways *w)
{
    ProtobufCMessage *row;
    if (in_use(l, table, &row, 1))
        way_add(w, channel, schema_get_text(row, "id"), NULL);
}

static void add_templates(struct load *l, struct delivery_ways *w)
{
    ProtobufCMessage *rows[TEMPLATES_MAX];
    size_t n = in_use(l, NOTIFICATIONS_TEMPLATE, rows, TEMPLATES_MAX);
    for (size_t i = 0; i < n; i++) {
        const Baton__HttpTemplate *t = (const Baton__HttpTemplate *)rows[i];
        if (template_reaches(t, w->user))
            way_add(w, BATON__CHANNEL__CHANNEL_TEMPLATE, t->id, NULL);
    }
}

static void add_pushes(const struct notifications_devices *devices, struct delivery_ways *w)
{
    size_t added = 0;
    for (size_t i = devices->n; i-- > 0 && added < DEVICES_PUSHED_MAX;)
        if (devices->devices[i]->push_origin) {
            way_add(w, BATON__CHANNEL__CHANNEL_PUSH, devices->devices[i]->push_origin, devices->devices[i]);
            added++;
        }
}

void notifications_ways_of(struct load *l, const char *user_id, const struct notifications_devices *devices,
                           struct delivery_ways *w)
{
    const Baton__User *u = user_id ? table_get_id(l->txn, NOTIFICATIONS_USER, user_id, l->arena) : NULL;
    w->user = u && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE ? u : NULL;
    w->ways = ARENA_ARRAY(l->arena, struct delivery_way, DELIVERY_WAYS_MAX);
    add_first(l, NOTIFICATIONS_MAIL_ACCOUNT, BATON__CHANNEL__CHANNEL_MAIL, w);
    if (!w->user)
        return;
    add_first(l, NOTIFICATIONS_BROKER, BATON__CHANNEL__CHANNEL_MQTT, w);
    add_templates(l, w);
    add_pushes(devices, w);
}

static const char *first_admin(struct load *l)
{
    struct table_scan scan;
    const Baton__User *u = NULL;
    bool opened = table_scan_open(&scan, l->txn, NOTIFICATIONS_USER, NULL, NULL, NULL, false);
    for (int n = 0; opened && n < LOOKED_AT_MAX && (u = table_scan_next(&scan, l->arena)); n++)
        if (u->role == BATON__ROLE__ROLE_ADMIN && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE)
            break;
    if (opened)
        table_scan_close(&scan);
    return u && u->role == BATON__ROLE__ROLE_ADMIN ? u->email : NULL;
}

const char *notifications_contact(struct load *l)
{
    ProtobufCMessage *account;
    return in_use(l, NOTIFICATIONS_MAIL_ACCOUNT, &account, 1) ? ((Baton__MailAccount *)account)->from_address
                                                              : first_admin(l);
}

void *notifications_load_test(struct load *l, const struct command *c)
{
    struct delivery_ways *w = ARENA_NEW(l->arena, struct delivery_ways);
    const char *user_id = ((const Baton__TestDeliveryRequest *)c->request)->user_id;
    struct notifications_devices devices = {0};
    notifications_devices_of(l, user_id, &devices);
    notifications_ways_of(l, user_id, &devices, w);
    return w;
}

/* Of somebody who does not work here. */
void *notifications_load_ways(struct load *l, const struct command *c)
{
    struct delivery_ways *w = ARENA_NEW(l->arena, struct delivery_ways);
    notifications_ways_of(l, NULL, NULL, w);
    return w;
}

void *notifications_load_quote_sent(struct load *l, const struct command *c)
{
    struct quote_letter_facts *f = ARENA_NEW(l->arena, struct quote_letter_facts);
    notifications_ways_of(l, NULL, NULL, &f->ways);
    f->organisation = notifications_organisation(l);
    f->owner =
        table_get_id(l->txn, NOTIFICATIONS_USER, ((const Baton__QuoteSent *)c->request)->owner_id, l->arena);
    return f;
}

void *notifications_load_mail_account(struct load *l, const struct command *c)
{
    const char *id = ((const Baton__SetMailPasswordRequest *)c->request)->mail_account_id;
    return table_get_id(l->txn, NOTIFICATIONS_MAIL_ACCOUNT, id, l->arena);
}

void *notifications_load_secret_owner(struct load *l, const struct command *c)
{
    static const enum notifications_table owners[] = {NOTIFICATIONS_MAIL_ACCOUNT, NOTIFICATIONS_BROKER,
                                                      NOTIFICATIONS_TEMPLATE};
    const char *id = ((const Baton__SetChannelSecretRequest *)c->request)->id;
    void *owner = NULL;
    for (size_t i = 0; !owner && i < sizeof owners / sizeof *owners; i++)
        owner = table_get_id(l->txn, owners[i], id, l->arena);
    return owner;
}

const char *notifications_secret_of(struct load *l, const char *id)
{
    const Baton__ChannelSecret *s = table_get_id(l->txn, NOTIFICATIONS_CHANNEL_SECRET, id, l->arena);
    const Baton__MailPassword *before =
        s ? NULL : table_get_id(l->txn, NOTIFICATIONS_MAIL_PASSWORD, id, l->arena);
    return s ? s->secret : before ? before->password : NULL;
}

static bool asks_for(const Baton__WebhookEndpoint *e, const char *type)
{
    for (size_t i = 0; e->enabled && i < e->n_event_types; i++)
        if (strcmp(e->event_types[i], type) == 0)
            return true;
    return false;
}

void *notifications_load_endpoints(struct load *l, const struct command *c)
{
    struct table_scan scan;
    struct delivery_endpoints *f = ARENA_NEW(l->arena, struct delivery_endpoints);
    const char *type = webhook_type(c->request->descriptor);
    const Baton__WebhookEndpoint *e;
    if (!type || !table_scan_open(&scan, l->txn, NOTIFICATIONS_ENDPOINT, NULL, NULL, NULL, false))
        return f;
    while (f->n < ENDPOINTS_MAX && (e = table_scan_next(&scan, l->arena)))
        if (asks_for(e, type))
            f->all[f->n++] = e;
    table_scan_close(&scan);
    return f;
}

void *notifications_load_secret(struct load *l, const struct command *c)
{
    const char *id = ((const Baton__IssueWebhookSecretRequest *)c->request)->webhook_endpoint_id;
    struct key key = key_of(id);
    return table_seq(l->txn, NOTIFICATIONS_ENDPOINT, &key)
               ? table_get(l->txn, NOTIFICATIONS_WEBHOOK_SECRET, &key, l->arena)
               : NULL;
}

/* --- lanes --- */

/* The record that a lane is named after. */
static const struct {
    enum notifications_table table;
    const char *deleted, *off;
} lanes[] = {
    [BATON__CHANNEL__CHANNEL_MAIL] = {NOTIFICATIONS_MAIL_ACCOUNT, "the mail account was deleted",
                                      "the mail account is switched off"},
    [BATON__CHANNEL__CHANNEL_WEBHOOK] = {NOTIFICATIONS_ENDPOINT, "the endpoint was deleted",
                                         "the endpoint is switched off"},
    [BATON__CHANNEL__CHANNEL_MQTT] = {NOTIFICATIONS_BROKER, "the broker was deleted",
                                      "the broker is switched off"},
    [BATON__CHANNEL__CHANNEL_TEMPLATE] = {NOTIFICATIONS_TEMPLATE, "the template was deleted",
                                          "the template is switched off"},
};

static const char *why_shut(struct load *l, const char *lane_id, Baton__Channel channel)
{
    if (channel == BATON__CHANNEL__CHANNEL_PUSH) /* its devices have switches, it has none */
        return NULL;
    const ProtobufCMessage *row = table_get_id(l->txn, lanes[channel].table, lane_id, l->arena);
    return !row ? lanes[channel].deleted : is_enabled(row) ? NULL : lanes[channel].off;
}

/* Nobody has to look any more; or, of a push that is not there to be acknowledged, its device has it. */
static const char *why_needless(struct load *l, const Baton__ChannelDelivery *d, bool *is_seen)
{
    const Baton__Notification *n =
        table_get_id(l->txn, NOTIFICATIONS_NOTIFICATION, d->notification_id, l->arena);
    bool is_push = d->channel == BATON__CHANNEL__CHANNEL_PUSH, taken = false;
    *is_seen = n && n->seen_at;
    if (is_push && !table_get_id(l->txn, NOTIFICATIONS_DEVICE_PUSH, d->device_id, l->arena))
        return "its device takes no pushes any more";
    if (d->kind == BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED)
        return NULL;
    if (n && notification_is_settled(n))
        return "it was seen";
    for (size_t i = 0; is_push && n && !n->must_acknowledge && i < n->n_deliveries; i++)
        taken |= n->deliveries[i]->delivered_at && strcmp(n->deliveries[i]->device_id, d->device_id) == 0;
    return taken ? "its device took it" : NULL;
}

static void ready_add(struct load *l, struct delivery_lane_facts *f, Baton__ChannelDelivery *d)
{
    bool is_seen;
    f->needless[f->n_ready] = why_needless(l, d, &is_seen);
    f->ready[f->n_ready++] = d;
}

static void lane_load(struct load *l, const char *lane_id, Baton__Channel channel,
                      struct delivery_lane_facts *f)
{
    struct table_scan scan;
    Baton__ChannelDelivery *d;
    f->lane = table_get_id(l->txn, NOTIFICATIONS_LANE, lane_id, l->arena);
    f->shut = why_shut(l, lane_id, channel);
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_DELIVERY, "queue", lane_id, NULL, false))
        return;
    for (int n = 0;
         n < LOOKED_AT_MAX && f->n_ready < DELIVERY_TURN_MAX && (d = table_scan_next(&scan, l->arena)); n++)
        if (timestamp_us(d->expires_at) > l->now_us)
            ready_add(l, f, d);
    table_scan_close(&scan);
    for (size_t i = 0; i < f->n_ready; i++)
        f->held_until_us[i] = notifications_held_until(l, f->ready[i]);
}

void *notifications_load_lane(struct load *l, const struct command *c)
{
    struct delivery_lane_facts *f = ARENA_NEW(l->arena, struct delivery_lane_facts);
    const Baton__DeliveryLane *lane = (const Baton__DeliveryLane *)c->request;
    lane_load(l, lane->id, lane->channel, f);
    return f;
}

void *notifications_load_delivery_due(struct load *l, const struct command *c)
{
    struct delivery_facts *f = ARENA_NEW(l->arena, struct delivery_facts);
    f->delivery = (const Baton__ChannelDelivery *)c->request;
    lane_load(l, f->delivery->lane_id, f->delivery->channel, &f->lane);
    f->needless = why_needless(l, f->delivery, &f->is_seen);
    f->held_until_us = notifications_held_until(l, f->delivery);
    return f;
}

/* --- results --- */

static const enum delivery_end ends[] = {
    [OUTBOUND_ANSWERED] = DELIVERY_ANSWERED,   [OUTBOUND_UNREACHABLE] = DELIVERY_UNREACHED,
    [OUTBOUND_LATE] = DELIVERY_UNREACHED,      [OUTBOUND_BUSY] = DELIVERY_NOT_BEGUN,
    [OUTBOUND_FORBIDDEN] = DELIVERY_FORBIDDEN,
};

/* Administrators are looked for where they may be needed. */
static void push_result_load(struct load *l, struct delivery_facts *f)
{
    f->push = table_get_id(l->txn, NOTIFICATIONS_DEVICE_PUSH, f->delivery->device_id, l->arena);
    if (f->result.end == DELIVERY_ANSWERED && f->result.status >= 400 && f->result.status <= 403)
        notifications_admins_of(l, &f->admins);
}

void *notifications_load_result(struct load *l, const struct command *c)
{
    const struct outbound_result *r = c->prepared;
    const Baton__DeliveryAttempted *e = (const Baton__DeliveryAttempted *)c->request;
    struct delivery_facts *f = ARENA_NEW(l->arena, struct delivery_facts);
    f->result = (struct delivery_result){
        .end = ends[r->end], .status = r->status, .retry_after_s = r->retry_after_s, .reason = r->reason};
    f->delivery = table_get_id(l->txn, NOTIFICATIONS_DELIVERY, e->delivery_id, l->arena);
    if (!f->delivery)
        return f;
    f->needless = why_needless(l, f->delivery, &f->is_seen);
    if (f->delivery->channel == BATON__CHANNEL__CHANNEL_PUSH)
        push_result_load(l, f);
    struct key lane = key_of(f->delivery->lane_id);
    lane_load(l, f->delivery->lane_id, f->delivery->channel, &f->lane);
    f->endpoint = table_get(l->txn, NOTIFICATIONS_ENDPOINT, &lane, l->arena);
    f->endpoint_seq = table_seq(l->txn, NOTIFICATIONS_ENDPOINT, &lane);
    return f;
}

/* --- the dead --- */

uint64_t notifications_deliveries_count(struct load *l, uint64_t *open)
{
    struct table_scan scan;
    Baton__DeliveryLane *lane;
    uint64_t dead = 0;
    *open = 0;
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_LANE, NULL, NULL, NULL, false))
        return 0;
    while ((lane = table_scan_next(&scan, l->arena))) {
        *open += lane->open;
        dead += lane->dead;
    }
    table_scan_close(&scan);
    return dead;
}

static bool is_dead(const Baton__ChannelDelivery *d)
{
    return d && d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD;
}

static bool is_noted(const struct delivery_replay_facts *f, const char *id)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->dead[i]->id, id) == 0)
            return true;
    return false;
}

static void all_dead(struct load *l, struct delivery_replay_facts *f)
{
    struct table_scan scan;
    Baton__ChannelDelivery *d;
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_DELIVERY, "shelf", "dead", NULL, false))
        return;
    while (f->n < DELIVERY_REPLAY_MAX && (d = table_scan_next(&scan, l->arena)))
        f->dead[f->n++] = d;
    table_scan_close(&scan);
}

void *notifications_load_replay(struct load *l, const struct command *c)
{
    const Baton__ReplayDeliveryRequest *r = (const Baton__ReplayDeliveryRequest *)c->request;
    struct delivery_replay_facts *f = ARENA_NEW(l->arena, struct delivery_replay_facts);
    uint64_t open;
    f->n_dead = notifications_deliveries_count(l, &open);
    if (!r->n_delivery_ids)
        all_dead(l, f);
    for (size_t i = 0; i < r->n_delivery_ids && f->n < DELIVERY_REPLAY_MAX; i++) {
        Baton__ChannelDelivery *d =
            table_get_id(l->txn, NOTIFICATIONS_DELIVERY, r->delivery_ids[i], l->arena);
        if (is_dead(d) && !is_noted(f, d->id))
            f->dead[f->n++] = d;
    }
    return f;
}
