/* Chains, rule by rule; the numbers are those of the comments in decide_chain.c. */
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
#define MAIL        BATON__CHANNEL__CHANNEL_MAIL

/* One decision's surroundings, made anew for each: somebody with an address, who was told now. */
struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
    Baton__User user;
    struct delivery_way way;
    Baton__NotificationChain record;
    Baton__ChainStep steps[3], *list[3];
    Baton__Channel channels[1];
    struct notification_chains chains;
    struct chain_facts facts;
    Baton__Notification n;
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

/* After 10 seconds by mail, after 60 unseen; twice more after 5 each, where it repeats. */
static void begin(struct bench *b, bool repeats)
{
    memset(&b->out, 0, sizeof b->out);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = NOW, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    baton__user__init(&b->user);
    b->user.email = (char *)"a@b.example";
    b->way = (struct delivery_way){.channel = MAIL, .lane_id = "lane"};
    baton__notification_chain__init(&b->record);
    b->channels[0] = MAIL;
    for (size_t i = 0; i < 3; i++) {
        baton__chain_step__init(&b->steps[i]);
        b->list[i] = &b->steps[i];
    }
    b->steps[0].after_s = 10;
    b->steps[0].channels = b->channels;
    b->steps[0].n_channels = 1;
    b->steps[1].after_s = 60;
    b->steps[1].unseen = true;
    b->record.class_ = CLASS(LEAD_ASSIGNED);
    b->record.steps = b->list;
    b->record.n_steps = 2;
    b->record.has_repeats = b->record.has_repeat_after_s = repeats;
    b->record.repeats = repeats ? 2 : 0;
    b->record.repeat_after_s = repeats ? 5 : 0;
    b->chains = (struct notification_chains){.all = {&b->record}, .n = 1};
    b->facts = (struct chain_facts){
        .to = {.ways = {.user = &b->user, .ways = &b->way, .n = 1}, .chains = &b->chains}};
    baton__notification__init(&b->n);
    b->n.id = (char *)"notification";
    b->n.user_id = (char *)"user";
    b->n.class_ = CLASS(LEAD_ASSIGNED);
    b->n.lead_id = (char *)"lead";
    b->n.has_lead_decision = true;
    b->n.lead_decision = 3;
    b->n.created_at = timestamp_of(b->arena, NOW);
    (void)chain_begin(&b->facts.to, &b->n, NOW);
}

static const Baton__NotificationChainMoved *due(struct bench *b, unsigned step, int64_t after_s)
{
    const struct command c = {.request = &b->n.base, .actor = &b->actor};
    b->out.n_events = 0;
    b->n.chain_step = step;
    b->stamp.now_us = NOW + after_s * SECOND;
    assert_true(notifications_decide_chain_due(&b->facts, &c, &b->stamp, &b->out));
    assert_int_equal(b->out.events[0]->event_case, BATON__EVENT__EVENT_NOTIFICATION_CHAIN_MOVED);
    return b->out.events[0]->notification_chain_moved;
}

static void test_begins(void **state)
{
    struct bench *b = *state;
    begin(b, false);
    assert_int_equal(b->n.chain_step, 0);
    assert_int_equal(b->n.chain_due_us, NOW + 10 * SECOND);
    assert_false(b->n.must_acknowledge);
    /* what waits for nothing has been taken */
    b->steps[0].after_s = 0;
    assert_int_equal(chain_begin(&b->facts.to, &b->n, NOW), 1U << MAIL);
    assert_int_equal(b->n.chain_step, 1);
    assert_int_equal(b->n.chain_due_us, NOW + 60 * SECOND);
    /* what counts as unseen has not, whatever it says */
    b->steps[1].after_s = 0;
    (void)chain_begin(&b->facts.to, &b->n, NOW);
    assert_int_equal(b->n.chain_step, 1);
    begin(b, true);
    assert_true(b->n.must_acknowledge);
}

static void test_usual(void **state)
{
    struct bench *b = *state;
    const struct {
        Baton__NotificationClass class;
        size_t steps;
        int64_t second_s, last_s;
    } rows[] = {
        {CLASS(LEAD_ASSIGNED), 3, 120, 1800},
        {CLASS(LEAD_REASSIGNED), 3, 120, 1800},
        {CLASS(DEADLINE_NEAR), 2, 120, 120},
        {CLASS(LEAD_MERGED), 1, 0, 0},
    };
    begin(b, false);
    b->record.class_ = CLASS(SYSTEM_ALERT); /* says nothing of others */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        b->n.class_ = rows[i].class;
        const struct chain c = chain_of(&b->n, &b->facts.to);
        assert_int_equal(c.n, rows[i].steps);
        assert_int_equal(c.repeats, 0);
        assert_int_equal(c.steps[0].after_us, 0);
        assert_int_equal(c.steps[1].after_us, rows[i].second_s * SECOND);
        assert_int_equal(c.steps[c.n - 1].after_us, rows[i].last_s * SECOND);
        assert_int_equal(c.steps[c.n - 1].unseen, c.n == 3);
        assert_int_equal(c.steps[c.n - 1].in_working_hours, c.n == 3);
    }
}

/* 11 */
static void test_critical(void **state)
{
    struct bench *b = *state;
    begin(b, false);
    b->facts.to.chains = NULL;
    b->n.importance = BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_CRITICAL;
    (void)chain_begin(&b->facts.to, &b->n, NOW);
    assert_true(b->n.must_acknowledge);
    assert_int_equal(chain_of(&b->n, &b->facts.to).repeats, CRITICAL_REPEATS);
}

static void test_unwanted(void **state)
{
    struct bench *b = *state;
    Baton__NotificationPreferences p = BATON__NOTIFICATION_PREFERENCES__INIT;
    Baton__NotificationChoice no_mail = BATON__NOTIFICATION_CHOICE__INIT, *choices[] = {&no_mail};
    no_mail.class_ = CLASS(LEAD_ASSIGNED);
    no_mail.channel = MAIL;
    p.choices = choices;
    p.n_choices = 1;
    /* whoever has switched a channel off is not told by it, by whichever chain */
    for (int record = 0; record < 2; record++) {
        begin(b, false);
        b->facts.to.preferences = &p;
        b->facts.to.chains = record ? &b->chains : NULL;
        const struct chain c = chain_of(&b->n, &b->facts.to);
        assert_true(c.n > 0);
        for (size_t i = 0; i < c.n; i++)
            assert_false(c.steps[i].by & 1U << MAIL);
        assert_true(c.steps[c.n - 1].unseen);
    }
}

static void test_over(void **state)
{
    struct bench *b = *state;
    for (int rule = 1; rule <= 3; rule++) {
        begin(b, false);
        b->facts.to.ways.user = rule == 1 ? NULL : &b->user;
        b->n.response_due_at = rule == 2 ? timestamp_of(b->arena, NOW + 10 * SECOND) : NULL;
        b->record.n_steps = rule == 3 ? 0 : 2;
        const Baton__NotificationChainMoved *e = due(b, 0, 10);
        assert_int_equal(b->out.n_events, 1);
        assert_false(e->has_due_us);
        assert_non_null(e->reason);
    }
}

static void test_working_hours(void **state)
{
    struct bench *b = *state;
    /* 4 */
    begin(b, false);
    b->facts.working_due_us = NOW + 3600 * SECOND;
    const Baton__NotificationChainMoved *e = due(b, 1, 60);
    assert_int_equal(b->out.n_events, 1);
    assert_int_equal(e->step, 1);
    assert_int_equal(e->due_us, NOW + 3600 * SECOND);
    assert_null(e->reason);
    e = due(b, 1, 3600);
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(e->step, 2);
}

static void test_steps(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        bool repeats, seen;
        unsigned step;
        int64_t after_s, next_s; /* 0: there is none */
        int second;              /* the event behind the first; 0: none */
        bool rings;
    } rows[] = {
        {7, false, false, 0, 10, 60, BATON__EVENT__EVENT_DELIVERY_ARMED, false},
        {6, false, false, 1, 60, 0, BATON__EVENT__EVENT_NOTIFICATION_UNSEEN, false},
        {6, true, true, 1, 60, 65, 0, false},
        {6, true, false, 1, 60, 65, BATON__EVENT__EVENT_NOTIFICATION_UNSEEN, false},
        {7, true, true, 2, 65, 70, BATON__EVENT__EVENT_DELIVERY_ARMED, true},
        {7, true, false, 3, 70, 0, BATON__EVENT__EVENT_DELIVERY_ARMED, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, rows[i].repeats);
        b->n.seen_at = rows[i].seen ? b->n.created_at : NULL;
        const Baton__NotificationChainMoved *e = due(b, rows[i].step, rows[i].after_s);
        assert_int_equal(e->step, rows[i].step + 1);
        assert_int_equal(e->due_us, rows[i].next_s ? NOW + rows[i].next_s * SECOND : 0);
        assert_int_equal(e->rings != NULL, rows[i].rings);
        assert_int_equal(b->out.n_events, 1 + (rows[i].second != 0));
        if (rows[i].second)
            assert_int_equal(b->out.events[1]->event_case, rows[i].second);
    }
    /* 5: a step that comes late does not make the next one come before now */
    begin(b, false);
    assert_int_equal(due(b, 0, 100)->due_us, NOW + 100 * SECOND + 1);
    /* 6: which decision it was about */
    (void)due(b, 1, 60);
    assert_int_equal(b->out.events[1]->notification_unseen->lead_decision, 3);
    assert_string_equal(b->out.events[1]->notification_unseen->user_id, "user");
}

static void test_acted(void **state)
{
    struct bench *b = *state;
    Baton__Notification rows[3];
    struct notifications_open f = {.n = 3};
    Baton__LeadAccepted e = BATON__LEAD_ACCEPTED__INIT;
    const struct command c = {.request = &e.base, .actor = &b->actor};
    begin(b, false);
    for (size_t i = 0; i < 3; i++) {
        baton__notification__init(&rows[i]);
        rows[i].id = (char *)"notification";
        rows[i].user_id = (char *)(i == 1 ? "manager" : "user");
        f.rows[i] = &rows[i];
    }
    rows[2].must_acknowledge = true;
    rows[2].seen_at = b->n.created_at;
    /* 8: of each user once: what is unseen, and what is to be acknowledged */
    assert_true(notifications_decide_acted(&f, &c, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 3);
    assert_int_equal(b->out.events[0]->notifications_seen->n_notification_ids, 1);
    assert_string_equal(b->out.events[0]->notifications_seen->reason, "the lead was accepted");
    assert_int_equal(b->out.events[1]->notifications_acknowledged->n_notification_ids, 1);
    assert_string_equal(b->out.events[2]->notifications_seen->user_id, "manager");
    /* and it is taken away where a push has brought it */
    Baton__Device phone = BATON__DEVICE__INIT, *devices[] = {&phone};
    Baton__Delivery there = BATON__DELIVERY__INIT, *deliveries[] = {&there};
    phone.id = there.device_id = (char *)"phone";
    phone.user_id = (char *)"manager";
    phone.push_origin = (char *)"https://push.example";
    there.pushed_at = timestamp_of(b->arena, NOW);
    rows[1].deliveries = deliveries;
    rows[1].n_deliveries = 1;
    f.devices = (struct notifications_devices){.devices = devices, .n = 1};
    begin(b, false);
    assert_true(notifications_decide_acted(&f, &c, &b->stamp, &b->out));
    assert_int_equal(b->out.n_events, 4);
    const Baton__ChannelDelivery *d = b->out.events[3]->delivery_armed->delivery;
    assert_int_equal(d->kind, BATON__DELIVERY_KIND__DELIVERY_KIND_CLEARED);
    assert_string_equal(d->device_id, "phone");
}

static void test_record(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        uint32_t first_s, second_s;
        bool first_unseen, webhook, repeats, repeat_after;
        const char *field; /* NULL: it is good */
    } rows[] = {
        {9, 10, 60, false, false, true, false, "repeat_after_s"},
        {9, 10, 60, false, false, false, true, "repeats"},
        {9, 10, 60, false, false, true, true, NULL},
        {10, 10, 10, false, false, false, false, "steps"},
        {10, 10, 60, true, false, false, false, "steps"},
        {10, 10, 60, false, true, false, false, "steps"},
        {10, 0, 60, false, false, false, false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %zu\n", i);
        begin(b, false);
        b->steps[0].after_s = rows[i].first_s;
        b->steps[1].after_s = rows[i].second_s;
        b->steps[0].unseen = rows[i].first_unseen;
        b->channels[0] = rows[i].webhook ? BATON__CHANNEL__CHANNEL_WEBHOOK : MAIL;
        b->record.has_repeats = rows[i].repeats;
        b->record.has_repeat_after_s = rows[i].repeat_after;
        bool good = notifications_check_chain(NULL, NULL, &b->record.base, &b->stamp, &b->out);
        assert_int_equal(good, rows[i].field == NULL);
        if (rows[i].field)
            assert_string_equal(b->out.no.field, rows[i].field);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begins),   cmocka_unit_test(test_usual), cmocka_unit_test(test_critical),
        cmocka_unit_test(test_unwanted), cmocka_unit_test(test_over),  cmocka_unit_test(test_working_hours),
        cmocka_unit_test(test_steps),    cmocka_unit_test(test_acted), cmocka_unit_test(test_record),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
