/* Requests about what goes to the outside. */
#include "baton/v1/notifications.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

static void create(struct ask *a, ProtobufCMessage *record, struct arena *arena)
{
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.record = record_wrap(record, arena);
    fill_command(a, "notifications", "RecordService/CreateRecord", &q, arena);
}

static void update(struct ask *a, ProtobufCMessage *record, struct arena *arena)
{
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    q.request_id = a->id;
    q.record = record_wrap(record, arena);
    fill_command(a, "notifications", "RecordService/UpdateRecord", &q, arena);
}

static char *mail_account(struct sim *sim)
{
    return sim->known[KNOWN_MAIL_ACCOUNT].n ? sim->known[KNOWN_MAIL_ACCOUNT].ids[0] : NULL;
}

bool fill_mail_account(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MailAccount m = BATON__MAIL_ACCOUNT__INIT;
    m.name = fill_name(arena, "Mail", sim_below(random, FILL_NAMES));
    m.server = (char *)"smtp://mail.example:587";
    m.from_address = (char *)"baton@b.example";
    m.has_enabled = m.enabled = true;
    create(a, &m.base, arena);
    return true;
}

bool fill_switch_mail(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MailAccount m = BATON__MAIL_ACCOUNT__INIT;
    m.id = mail_account(sim);
    m.has_enabled = true;
    m.enabled = sim_below(random, 3) != 0;
    update(a, &m.base, arena);
    return m.id != NULL;
}

bool fill_mail_password(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SetMailPasswordRequest q = BATON__SET_MAIL_PASSWORD_REQUEST__INIT;
    q.request_id = a->id;
    q.mail_account_id = mail_account(sim);
    q.password = sim_below(random, 3) ? fill_name(arena, "word", sim_below(random, FILL_NAMES)) : NULL;
    fill_command(a, "notifications", "NotificationService/SetMailPassword", &q, arena);
    return q.mail_account_id != NULL;
}

bool fill_replay(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReplayDeliveryRequest q = BATON__REPLAY_DELIVERY_REQUEST__INIT;
    q.request_id = a->id;
    fill_command(a, "notifications", "NotificationService/ReplayDelivery", &q, arena);
    return true;
}

bool fill_test_delivery(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__TestDeliveryRequest q = BATON__TEST_DELIVERY_REQUEST__INIT;
    q.request_id = a->id;
    q.user_id = (char *)(uintptr_t)known_draw(sim, KNOWN_USER, random, NULL);
    fill_command(a, "notifications", "NotificationService/TestDelivery", &q, arena);
    return q.user_id != NULL;
}

bool fill_webhook(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *const types[] = {(char *)"lead.assigned", (char *)"lead.accepted", (char *)"lead.closed"};
    Baton__WebhookEndpoint w = BATON__WEBHOOK_ENDPOINT__INIT;
    w.name = fill_name(arena, "Endpoint", sim_below(random, FILL_NAMES));
    w.url = (char *)"https://hook.example/baton";
    w.event_types = (char **)(uintptr_t)types;
    w.n_event_types = 1 + sim_below(random, sizeof types / sizeof *types);
    w.has_enabled = w.enabled = true;
    create(a, &w.base, arena);
    return true;
}

bool fill_switch_webhook(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__WebhookEndpoint w = BATON__WEBHOOK_ENDPOINT__INIT;
    w.id = (char *)(uintptr_t)known_draw(sim, KNOWN_WEBHOOK, random, NULL);
    w.has_enabled = true;
    w.enabled = sim_below(random, 4) != 0;
    update(a, &w.base, arena);
    return w.id != NULL;
}

bool fill_broker(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MqttBroker b = BATON__MQTT_BROKER__INIT;
    b.name = fill_name(arena, "Broker", sim_below(random, FILL_NAMES));
    b.url = (char *)"mqtts://broker.example";
    b.has_enabled = b.enabled = true;
    create(a, &b.base, arena);
    return true;
}

bool fill_switch_broker(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MqttBroker b = BATON__MQTT_BROKER__INIT;
    b.id = (char *)(uintptr_t)known_draw(sim, KNOWN_BROKER, random, NULL);
    b.has_enabled = true;
    b.enabled = sim_below(random, 4) != 0;
    update(a, &b.base, arena);
    return b.id != NULL;
}

/* Some reach everybody, some only who has a telephone. */
bool fill_http_template(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *headers[] = {(char *)"Title: {{title}}", (char *)"Authorization: {{secret}}"};
    Baton__HttpTemplate t = BATON__HTTP_TEMPLATE__INIT;
    t.name = fill_name(arena, "Template", sim_below(random, FILL_NAMES));
    t.url = (char *)(sim_below(random, 4) ? "https://ntfy.example/t" : "https://sms.example/{{user.phone}}");
    t.headers = headers;
    t.n_headers = sizeof headers / sizeof *headers;
    t.body = (char *)"{{text}}";
    t.has_enabled = t.enabled = true;
    create(a, &t.base, arena);
    return true;
}

bool fill_switch_http_template(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__HttpTemplate t = BATON__HTTP_TEMPLATE__INIT;
    t.id = (char *)(uintptr_t)known_draw(sim, KNOWN_HTTP_TEMPLATE, random, NULL);
    t.has_enabled = true;
    t.enabled = sim_below(random, 4) != 0;
    update(a, &t.base, arena);
    return t.id != NULL;
}

bool fill_channel_secret(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static const enum known owners[] = {KNOWN_MAIL_ACCOUNT, KNOWN_BROKER, KNOWN_HTTP_TEMPLATE};
    Baton__SetChannelSecretRequest q = BATON__SET_CHANNEL_SECRET_REQUEST__INIT;
    q.request_id = a->id;
    q.id = (char *)(uintptr_t)known_draw(sim, owners[sim_below(random, 3)], random, NULL);
    q.secret = sim_below(random, 3) ? fill_name(arena, "word", sim_below(random, FILL_NAMES)) : NULL;
    fill_command(a, "notifications", "NotificationService/SetChannelSecret", &q, arena);
    return q.id != NULL;
}

/* Of two push services; a new one each time, as browsers do it. */
Baton__PushSubscription *fill_subscription(uint64_t *random, struct arena *arena)
{
    Baton__PushSubscription *s = ARENA_NEW(arena, Baton__PushSubscription);
    baton__push_subscription__init(s);
    s->endpoint = arena_printf(arena, "https://push%u.example/%u", (unsigned)sim_below(random, 2),
                               (unsigned)sim_below(random, 1000000));
    s->p256dh =
        (char *)"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    s->auth = (char *)"BTBZMqHH6r4Tts7J_aSIgg";
    return s;
}

bool fill_push(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SetPushSubscriptionRequest q = BATON__SET_PUSH_SUBSCRIPTION_REQUEST__INIT;
    const char *user_id;
    q.request_id = a->id;
    q.device_id = (char *)(uintptr_t)known_draw(sim, KNOWN_DEVICE, random, &user_id);
    q.push = sim_below(random, 4) ? fill_subscription(random, arena) : NULL;
    if (!q.device_id)
        return false;
    a->actor.user_id = (char *)(uintptr_t)user_id;
    fill_command(a, "notifications", "NotificationService/SetPushSubscription", &q, arena);
    return true;
}

/* --- chains --- */

enum { CHAIN_STEPS = 2 };

/* Mail at once or a little later, and unseen no sooner than the oracle knows; or again and again. */
static void draw_chain(Baton__NotificationChain *r, bool repeats, uint64_t *random, struct arena *arena)
{
    static Baton__Channel mail[] = {BATON__CHANNEL__CHANNEL_MAIL};
    r->steps = ARENA_ARRAY(arena, Baton__ChainStep *, CHAIN_STEPS);
    for (; r->n_steps < CHAIN_STEPS; r->n_steps++) {
        Baton__ChainStep *step = r->steps[r->n_steps] = ARENA_NEW(arena, Baton__ChainStep);
        baton__chain_step__init(step);
        step->has_after_s = true;
        step->after_s =
            (uint32_t)(r->n_steps ? UNSEEN_LEAST_S + sim_below(random, 60) : sim_below(random, 15));
        step->has_unseen = step->unseen = r->n_steps != 0;
        step->has_in_working_hours = step->in_working_hours = sim_below(random, 2) != 0;
        step->channels = mail;
        step->n_channels = r->n_steps == 0;
    }
    r->has_repeats = r->has_repeat_after_s = repeats;
    r->repeats = repeats ? 1 + (uint32_t)sim_below(random, 5) : 0;
    r->repeat_after_s = repeats ? 5 + (uint32_t)sim_below(random, 20) : 0;
}

/* The first is for new leads, the second for what has to be acknowledged. */
bool fill_chain(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__NotificationChain r = BATON__NOTIFICATION_CHAIN__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    const bool repeats = sim->known[KNOWN_CHAIN].n != 0;
    r.has_class_ = true;
    r.class_ = repeats ? BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR
                       : BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED;
    draw_chain(&r, repeats, random, arena);
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    fill_command(a, "notifications", "RecordService/CreateRecord", &q, arena);
    return true;
}

bool fill_change_chain(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__NotificationChain r = BATON__NOTIFICATION_CHAIN__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    r.id = (char *)(uintptr_t)known_draw(sim, KNOWN_CHAIN, random, NULL);
    draw_chain(&r, sim_below(random, 2) != 0, random, arena);
    q.request_id = a->id;
    q.record = record_wrap(&r.base, arena);
    fill_command(a, "notifications", "RecordService/UpdateRecord", &q, arena);
    return r.id != NULL;
}

bool fill_acknowledged(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MarkAcknowledgedRequest q = BATON__MARK_ACKNOWLEDGED_REQUEST__INIT;
    const char *user_id, *id = known_draw(sim, KNOWN_NOTIFICATION, random, &user_id);
    q.request_id = a->id;
    q.notification_ids = (char **)(uintptr_t)&id;
    q.n_notification_ids = 1;
    if (!id)
        return false;
    a->actor.user_id = (char *)(uintptr_t)user_id;
    fill_command(a, "notifications", "NotificationService/MarkAcknowledged", &q, arena);
    return true;
}
