/* By which ways somebody is told, rule by rule; the numbers are those of the comments in decide_tell.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "services/notifications/chain.h"

#define NOW         INT64_C(1780000000000000)
#define SECOND      INT64_C(1000000)
#define CLASS(name) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##name

/* One decision's surroundings, made anew for each. */
struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
    Baton__User user;
    struct delivery_way way;
    struct recipient recipient;
    Baton__NotificationChain chains[3];
    struct notification_chains all;
};

static int setup(void **state)
{
    static struct bench bench;
    schema_load();
    bench.arena = arena_new(1 << 20);
    baton__actor__init(&bench.actor);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

/* A chain whose only step goes by mail at once. */
static void mail_at_once(struct bench *b, size_t i, Baton__NotificationClass class)
{
    static Baton__Channel mail[] = {BATON__CHANNEL__CHANNEL_MAIL};
    static Baton__ChainStep step, *steps[] = {&step};
    baton__chain_step__init(&step);
    step.channels = mail;
    step.n_channels = 1;
    baton__notification_chain__init(&b->chains[i]);
    b->chains[i].class_ = class;
    b->chains[i].steps = steps;
    b->chains[i].n_steps = 1;
    b->all.all[b->all.n++] = &b->chains[i];
}

/* Somebody with an address, and a mail account. */
static void begin(struct bench *b)
{
    memset(&b->out, 0, sizeof b->out);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = NOW, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    baton__user__init(&b->user);
    b->user.email = (char *)"a@b.example";
    b->way = (struct delivery_way){.channel = BATON__CHANNEL__CHANNEL_MAIL, .lane_id = "lane"};
    b->all.n = 0;
    mail_at_once(b, 0, CLASS(LEAD_ASSIGNED));
    mail_at_once(b, 1, CLASS(LEAD_REASSIGNED));
    mail_at_once(b, 2, CLASS(DEADLINE_NEAR));
    b->recipient = (struct recipient){.ways = {.user = &b->user, .ways = &b->way, .n = 1}, .chains = &b->all};
}

static void tell(struct bench *b, Baton__NotificationClass class, int64_t due_us)
{
    struct told t = {.class = class, .user_id = (char *)"user", .title = (char *)"New lead: Acme"};
    t.response_due_at = due_us ? timestamp_of(b->arena, due_us) : NULL;
    notifications_tell(&t, &b->recipient, &b->stamp, &b->out);
    assert_non_null(b->out.events[0]->notification_created);
}

static void test_ways(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        Baton__NotificationClass class;
        bool is_known, has_account, has_address;
        size_t letters;
    } rows[] = {
        {1, CLASS(LEAD_ASSIGNED), true, true, true, 1},  {1, CLASS(LEAD_REASSIGNED), true, true, true, 1},
        {1, CLASS(DEADLINE_NEAR), true, true, true, 1},  {1, CLASS(LEAD_MERGED), true, true, true, 0},
        {1, CLASS(LEAD_ASSIGNED), false, true, true, 0}, {1, CLASS(LEAD_ASSIGNED), true, false, true, 0},
        {1, CLASS(LEAD_ASSIGNED), true, true, false, 0}, {1, CLASS(LEAD_CONVERTED), true, true, true, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(b);
        b->recipient.ways.user = rows[i].is_known ? &b->user : NULL;
        b->recipient.ways.n = rows[i].has_account;
        if (!rows[i].has_address)
            b->user.email = NULL;
        tell(b, rows[i].class, 0);
        assert_int_equal(b->out.n_events, 1 + rows[i].letters);
    }
}

static void test_letter(void **state)
{
    struct bench *b = *state;
    /* 2: not later than what it reminds of */
    begin(b);
    tell(b, CLASS(DEADLINE_NEAR), NOW + 600 * SECOND);
    const Baton__ChannelDelivery *d = b->out.events[1]->delivery_armed->delivery;
    assert_int_equal(d->next_due_us, NOW);
    assert_int_equal(timestamp_us(d->expires_at), NOW + 600 * SECOND);
    assert_string_equal(d->lane_id, "lane");
    assert_string_equal(d->letter->to_address, "a@b.example");
    assert_string_equal(d->letter->subject, "New lead: Acme");
}

/* 1: what else listens is told of every class, at once, and asks for what it says when it says it */
static void test_programs(void **state)
{
    struct bench *b = *state;
    static struct delivery_way ways[] = {
        {BATON__CHANNEL__CHANNEL_MQTT, "broker", NULL},
        {BATON__CHANNEL__CHANNEL_TEMPLATE, "ntfy", NULL},
    };
    static const Baton__NotificationClass classes[] = {CLASS(LEAD_ASSIGNED), CLASS(LEAD_CONVERTED),
                                                       CLASS(SYSTEM_ALERT)};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        begin(b);
        b->recipient.ways.ways = ways;
        b->recipient.ways.n = 2;
        b->recipient.chains = NULL;
        tell(b, classes[i], 0);
        assert_int_equal(b->out.n_events, 3);
        const Baton__ChannelDelivery *d = b->out.events[2]->delivery_armed->delivery;
        assert_int_equal(d->channel, BATON__CHANNEL__CHANNEL_TEMPLATE);
        assert_string_equal(d->lane_id, "ntfy");
        assert_int_equal(d->next_due_us, NOW);
        assert_string_equal(d->notification_id, b->out.events[0]->notification_created->notification->id);
        assert_null(d->letter);
    }
}

static void test_chain(void **state)
{
    struct bench *b = *state;
    const struct {
        Baton__NotificationClass class;
        int64_t due_s; /* 0: nothing is waited for */
        bool asks;
    } rows[] = {
        {CLASS(LEAD_ASSIGNED), 120, true},  {CLASS(DEADLINE_NEAR), 120, true},
        {CLASS(LEAD_ESCALATED), 120, true}, {CLASS(LEAD_MERGED), 0, false},
        {CLASS(SYSTEM_ALERT), 120, false},
    };
    /* 4: without a record what waits does not go, and waits for its lead where it asks for an answer */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(b);
        b->recipient.chains = NULL;
        struct told t = {.class = rows[i].class,
                         .user_id = (char *)"user",
                         .title = (char *)"New lead",
                         .lead_id = (char *)"lead",
                         .lead_decision = 2};
        notifications_tell(&t, &b->recipient, &b->stamp, &b->out);
        assert_int_equal(b->out.n_events, 1);
        const Baton__Notification *n = b->out.events[0]->notification_created->notification;
        assert_int_equal(n->chain_due_us, rows[i].due_s ? NOW + rows[i].due_s * SECOND : 0);
        assert_int_equal(n->open_lead_id != NULL, rows[i].asks);
        assert_int_equal(n->lead_decision, 2);
    }
}

static void test_acknowledged(void **state)
{
    struct bench *b = *state;
    const struct {
        bool has_account;
        const char *address;
        size_t letters;
    } rows[] = {{true, "c@d.example", 1}, {false, "c@d.example", 0}, {true, NULL, 0}};
    /* 3 */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__LeadAcknowledged e = BATON__LEAD_ACKNOWLEDGED__INIT;
        const struct command c = {.request = &e.base, .actor = &b->actor};
        begin(b);
        b->recipient.ways.n = rows[i].has_account;
        e.to_email = (char *)rows[i].address;
        assert_true(notifications_decide_acknowledged(&b->recipient.ways, &c, &b->stamp, &b->out));
        assert_int_equal(b->out.n_events, rows[i].letters);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways),  cmocka_unit_test(test_letter),       cmocka_unit_test(test_programs),
        cmocka_unit_test(test_chain), cmocka_unit_test(test_acknowledged),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
