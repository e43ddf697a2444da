/* Notifications' decisions, rule by rule; the numbers are those of the comments in decide*.c. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "services/notifications/notifications.h"
#include "tests/unit/decide_bench.h"

#define ME    ID(1)
#define OTHER ID(2)

static int setup_me(void **state)
{
    int failed = setup(state);
    ((struct bench *)*state)->actor.user_id = ME;
    return failed;
}

static Google__Protobuf__Timestamp just_now = {
    .base = PROTOBUF_C_MESSAGE_INIT(&google__protobuf__timestamp__descriptor),
    .seconds = NOW / 1000000,
};

static Baton__Device device(const char *id, const char *user_id, const char *client_key)
{
    Baton__Device d = BATON__DEVICE__INIT;
    d.id = (char *)id;
    d.user_id = (char *)user_id;
    d.client_key = (char *)client_key;
    d.heard_at = &just_now;
    return d;
}

static void test_register(void **state)
{
    struct bench *b = *state;
    Baton__Device known = device(ID(3), ME, "key"), *list[NOTIFICATIONS_DEVICES_MAX];
    Baton__RegisterDeviceRequest r = BATON__REGISTER_DEVICE_REQUEST__INIT;
    for (size_t i = 0; i < NOTIFICATIONS_DEVICES_MAX; i++)
        list[i] = &known;
    r.name = " Phone ";
    const struct {
        int rule;
        char *user_id, *client_key;
        size_t devices;
        enum refusal_code code;
        size_t events;
    } rows[] = {
        {1, NULL, "key", 1, REFUSAL_PERMISSION_DENIED, 0},
        {2, ME, "key", 1, REFUSAL_NONE, 0},
        {2, ME, "key", NOTIFICATIONS_DEVICES_MAX, REFUSAL_NONE, 0},
        {3, ME, "another", NOTIFICATIONS_DEVICES_MAX, REFUSAL_RESOURCE_EXHAUSTED, 0},
        {4, ME, "another", 1, REFUSAL_NONE, 1},
        {4, ME, "", 1, REFUSAL_NONE, 1},
        {4, ME, NULL, NOTIFICATIONS_DEVICES_MAX - 1, REFUSAL_NONE, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct notifications_devices f = {.devices = list, .n = rows[i].devices};
        b->actor.user_id = rows[i].user_id;
        r.client_key = rows[i].client_key;
        bool ok = run(b, notifications_decide_register, &f, &r);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_int_equal(b->out.n_events, rows[i].events);
        const Baton__Device *d = ((const Baton__RegisterDeviceResponse *)b->out.reply)->device;
        if (rows[i].rule == 2)
            assert_string_equal(d->id, ID(3));
        if (rows[i].events) {
            assert_ptr_equal(b->out.events[0]->device_registered->device, d);
            assert_string_equal(d->user_id, ME);
            assert_string_equal(d->name, "Phone");
        }
    }
    b->actor.user_id = ME;
}

static void test_remove(void **state)
{
    struct bench *b = *state;
    Baton__Device mine = device(ID(3), ME, NULL), theirs = device(ID(4), OTHER, NULL);
    /* 1 */
    assert_refused(run(b, notifications_decide_remove, NULL, NULL), b, REFUSAL_NOT_FOUND, "device_id");
    assert_refused(run(b, notifications_decide_remove, &theirs, NULL), b, REFUSAL_NOT_FOUND, "device_id");
    assert_true(run(b, notifications_decide_remove, &mine, NULL));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(b->out.events[0]->device_removed->device_id, ID(3));
}

/* Four notifications: mine and new; mine, delivered and seen; mine, not on this device; another's. */
struct four {
    Baton__Delivery deliveries[4], *lists[4];
    Baton__Notification notifications[4], *rows[4];
};

static void four_init(struct four *f, struct arena *a)
{
    static char *const ids[] = {ID(5), ID(6), ID(7), ID(8)};
    for (size_t i = 0; i < 4; i++) {
        baton__delivery__init(&f->deliveries[i]);
        baton__notification__init(&f->notifications[i]);
        f->deliveries[i].device_id = i == 2 ? ID(9) : ID(3);
        f->lists[i] = &f->deliveries[i];
        f->notifications[i].id = ids[i];
        f->notifications[i].user_id = i == 3 ? OTHER : ME;
        f->notifications[i].deliveries = &f->lists[i];
        f->notifications[i].n_deliveries = 1;
        f->rows[i] = &f->notifications[i];
    }
    f->deliveries[1].delivered_at = f->notifications[1].seen_at = timestamp_of(a, NOW);
}

static void test_delivered(void **state)
{
    struct bench *b = *state;
    Baton__Device mine = device(ID(3), ME, NULL), theirs = device(ID(4), OTHER, NULL);
    struct four four;
    struct notifications_marks f = {.rows = four.rows, .n = 4};
    four_init(&four, b->arena);
    /* 1 */
    assert_refused(run(b, notifications_decide_delivered, &f, NULL), b, REFUSAL_NOT_FOUND, "device_id");
    f.device = &theirs;
    assert_refused(run(b, notifications_decide_delivered, &f, NULL), b, REFUSAL_NOT_FOUND, "device_id");
    /* 2 */
    f.device = &mine;
    assert_true(run(b, notifications_decide_delivered, &f, NULL));
    assert_int_equal(b->out.n_events, 1);
    const Baton__NotificationsDelivered *e = b->out.events[0]->notifications_delivered;
    assert_string_equal(e->device_id, ID(3));
    assert_string_equal(e->user_id, ME);
    assert_int_equal(e->n_notification_ids, 1);
    assert_string_equal(e->notification_ids[0], ID(5));
    /* 3 */
    f.rows++;
    f.n--;
    assert_true(run(b, notifications_decide_delivered, &f, NULL));
    assert_int_equal(b->out.n_events, 0);
}

static void test_seen(void **state)
{
    struct bench *b = *state;
    Baton__Device mine = device(ID(3), ME, NULL), theirs = device(ID(4), OTHER, NULL);
    Baton__MarkSeenRequest r = BATON__MARK_SEEN_REQUEST__INIT;
    struct four four;
    struct notifications_marks f = {.rows = four.rows, .n = 4};
    four_init(&four, b->arena);
    /* 1 */
    r.device_id = ID(4);
    assert_refused(run(b, notifications_decide_seen, &f, &r), b, REFUSAL_NOT_FOUND, "device_id");
    f.device = &theirs;
    assert_refused(run(b, notifications_decide_seen, &f, &r), b, REFUSAL_NOT_FOUND, "device_id");
    b->actor.user_id = NULL;
    assert_refused(run(b, notifications_decide_seen, &f, &r), b, REFUSAL_PERMISSION_DENIED, "");
    b->actor.user_id = ME;
    /* 1: on no device in particular; 2 */
    r.device_id = NULL;
    f.device = NULL;
    assert_true(run(b, notifications_decide_seen, &f, &r));
    const Baton__NotificationsSeen *e = b->out.events[0]->notifications_seen;
    assert_null(e->device_id);
    assert_int_equal(e->n_notification_ids, 2);
    assert_string_equal(e->notification_ids[0], ID(5));
    assert_string_equal(e->notification_ids[1], ID(7));
    /* 1: on one of mine */
    r.device_id = ID(3);
    f.device = &mine;
    assert_true(run(b, notifications_decide_seen, &f, &r));
    assert_string_equal(b->out.events[0]->notifications_seen->device_id, ID(3));
    /* 3 */
    f.rows = &four.rows[1];
    f.n = 1;
    assert_true(run(b, notifications_decide_seen, &f, &r));
    assert_int_equal(b->out.n_events, 0);
}

static void test_acknowledged(void **state)
{
    struct bench *b = *state;
    Baton__Device theirs = device(ID(4), OTHER, NULL);
    Baton__MarkAcknowledgedRequest r = BATON__MARK_ACKNOWLEDGED_REQUEST__INIT;
    struct four four;
    struct notifications_marks f = {.device = &theirs, .rows = four.rows, .n = 4};
    four_init(&four, b->arena);
    /* 1 */
    r.device_id = ID(4);
    assert_refused(run(b, notifications_decide_mark_acknowledged, &f, &r), b, REFUSAL_NOT_FOUND, "device_id");
    /* 2: two are unseen; 3: three are mine */
    r.device_id = NULL;
    f.device = NULL;
    assert_true(run(b, notifications_decide_mark_acknowledged, &f, &r));
    assert_int_equal(b->out.n_events, 2);
    assert_int_equal(b->out.events[0]->notifications_seen->n_notification_ids, 2);
    assert_int_equal(b->out.events[1]->notifications_acknowledged->n_notification_ids, 3);
    /* 3: each once */
    for (size_t i = 0; i < 4; i++)
        four.rows[i]->seen_at = four.rows[i]->acknowledged_at = timestamp_of(b->arena, NOW);
    assert_true(run(b, notifications_decide_mark_acknowledged, &f, &r));
    assert_int_equal(b->out.n_events, 0);
}

static void test_user(void **state)
{
    struct bench *b = *state;
    Baton__Device one = device(ID(3), ME, NULL), two = device(ID(4), ME, NULL), *list[] = {&one, &two};
    struct notifications_devices f = {.devices = list, .n = 2};
    Baton__User u = BATON__USER__INIT;
    u.has_status = true;
    /* 1 */
    u.status = BATON__USER_STATUS__USER_STATUS_ACTIVE;
    assert_true(run(b, notifications_decide_user, &f, &u));
    assert_int_equal(b->out.n_events, 0);
    u.status = BATON__USER_STATUS__USER_STATUS_INACTIVE;
    assert_true(run(b, notifications_decide_user, &f, &u));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(b->out.events[1]->device_removed->device_id, ID(4));
}

static void test_assigned(void **state)
{
    struct bench *b = *state;
    const int NEW = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_ASSIGNED;
    const int AGAIN = BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_LEAD_REASSIGNED;
    Baton__Device one = device(ID(3), ME, NULL), two = device(ID(4), ME, NULL), *list[] = {&one, &two};
    char long_name[401];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const struct {
        int rule;
        char *owner, *previous, *name, *company;
        size_t devices;
        int class; /* 0: nobody is told */
        const char *title;
    } rows[] = {
        {1, NULL, NULL, "Anna", "Acme", 2, 0, NULL},
        {1, ME, NULL, "Anna Smith", "Acme", 2, NEW, "New lead: Anna Smith, Acme"},
        {1, ME, NULL, "Anna Smith", NULL, 0, NEW, "New lead: Anna Smith"},
        {1, ME, NULL, " ", "Acme", 1, NEW, "New lead: Acme"},
        {1, ME, NULL, "Acme", "Acme", 1, NEW, "New lead: Acme"},
        {1, ME, NULL, NULL, NULL, 1, NEW, "New lead"},
        {1, ME, NULL, long_name, NULL, 1, NEW, NULL},
        {2, ME, OTHER, "Anna", "Acme", 1, AGAIN, "Lead handed on to you: Anna, Acme"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct recipient f = {.devices = {.devices = list, .n = rows[i].devices}};
        Baton__LeadAssigned e = BATON__LEAD_ASSIGNED__INIT;
        e.lead_id = ID(9);
        e.owner_id = rows[i].owner;
        e.previous_owner_id = rows[i].previous;
        e.lead_name = rows[i].name;
        e.company = rows[i].company;
        e.reason = "because";
        e.response_due_at = timestamp_of(b->arena, NOW + 1);
        assert_true(run(b, notifications_decide_assigned, &f, &e));
        assert_int_equal(b->out.n_events, rows[i].class != 0);
        if (!rows[i].class)
            continue;
        const Baton__Notification *n = b->out.events[0]->notification_created->notification;
        assert_int_equal(n->class_, rows[i].class);
        assert_string_equal(n->user_id, ME);
        assert_string_equal(n->lead_id, ID(9));
        assert_string_equal(n->text, "because");
        assert_int_equal(timestamp_us(n->response_due_at), NOW + 1);
        assert_int_equal(n->n_deliveries, rows[i].devices);
        for (size_t k = 0; k < n->n_deliveries; k++)
            assert_string_equal(n->deliveries[k]->device_id, list[k]->id);
        if (rows[i].title)
            assert_string_equal(n->title, rows[i].title);
        else
            assert_true(strlen(n->title) < 200);
    }
}

static void test_deadline_near(void **state)
{
    struct bench *b = *state;
    Baton__Device one = device(ID(3), ME, NULL), *list[] = {&one};
    struct recipient f = {.devices = {.devices = list, .n = 1}};
    Baton__LeadDeadlineNear e = BATON__LEAD_DEADLINE_NEAR__INIT;
    /* 1 */
    assert_true(run(b, notifications_decide_deadline_near, &f, &e));
    assert_int_equal(b->out.n_events, 0);
    e.owner_id = ME;
    e.lead_id = ID(9);
    e.company = "Acme";
    e.response_due_at = timestamp_of(b->arena, NOW + 1);
    assert_true(run(b, notifications_decide_deadline_near, &f, &e));
    const Baton__Notification *n = b->out.events[0]->notification_created->notification;
    assert_int_equal(n->class_, BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_NEAR);
    assert_string_equal(n->title, "Answer soon: Acme");
    assert_string_equal(n->lead_id, ID(9));
    assert_int_equal(n->n_deliveries, 1);
}

static void test_deadline_passed(void **state)
{
    struct bench *b = *state;
    struct recipient f = {0};
    Baton__LeadDeadlinePassed e = BATON__LEAD_DEADLINE_PASSED__INIT;
    /* 1 */
    assert_true(run(b, notifications_decide_deadline_passed, &f, &e));
    assert_int_equal(b->out.n_events, 0);
    e.owner_id = ME;
    e.lead_id = ID(9);
    e.company = "Acme";
    e.next_owner_id = OTHER;
    e.next_owner_name = "Bob";
    assert_true(run(b, notifications_decide_deadline_passed, &f, &e));
    const Baton__Notification *n = b->out.events[0]->notification_created->notification;
    assert_int_equal(n->class_, BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_DEADLINE_PASSED);
    assert_string_equal(n->user_id, ME);
    assert_string_equal(n->title, "Not answered in time: Acme");
    assert_string_equal(n->text, "Bob has it now.");
    /* 1: nobody else could have it */
    e.next_owner_id = NULL;
    assert_true(run(b, notifications_decide_deadline_passed, &f, &e));
    n = b->out.events[0]->notification_created->notification;
    assert_non_null(strstr(n->text, "stays with you"));
}

static void test_converted(void **state)
{
    struct bench *b = *state;
    struct recipient nothing[1] = {0};
    const struct recipients nobody = {0}, f = {.all = nothing, .n = 1};
    char *managers[] = {OTHER};
    Baton__LeadConverted e = BATON__LEAD_CONVERTED__INIT;
    e.lead_id = ID(9);
    e.lead_name = "Anna";
    e.owner_name = "Bob";
    e.manager_ids = managers;
    /* 1 */
    assert_true(run(b, notifications_decide_converted, &nobody, &e));
    assert_int_equal(b->out.n_events, 0);
    assert_true(run(b, notifications_decide_converted, &f, &e));
    assert_int_equal(b->out.n_events, 1);
    const Baton__Notification *n = b->out.events[0]->notification_created->notification;
    assert_int_equal(n->importance, BATON__NOTIFICATION_IMPORTANCE__NOTIFICATION_IMPORTANCE_LOW);
    assert_string_equal(n->user_id, OTHER);
    assert_string_equal(n->title, "Lead converted: Anna");
    assert_string_equal(n->text, "Bob made a customer of it.");
}

static void test_skipped(void **state)
{
    struct bench *b = *state;
    struct recipient nothing[2] = {0};
    const struct recipients f = {.all = nothing, .n = 2};
    char *admins[] = {ME, OTHER};
    Baton__RuleSkipped e = BATON__RULE_SKIPPED__INIT;
    e.rule_name = "Germany";
    e.text = "It was skipped.";
    e.lead_id = ID(7);
    e.admin_ids = admins;
    e.n_admin_ids = 2;
    /* 1 */
    assert_true(run(b, notifications_decide_skipped, &f, &e));
    assert_int_equal(b->out.n_events, 2);
    const Baton__Notification *n = b->out.events[1]->notification_created->notification;
    assert_string_equal(n->user_id, OTHER);
    assert_string_equal(n->title, "A routing rule is skipped: Germany");
    assert_string_equal(n->text, "It was skipped.");
    assert_int_equal(n->class_, BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_SYSTEM_ALERT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_register),  cmocka_unit_test(test_remove),
        cmocka_unit_test(test_delivered), cmocka_unit_test(test_seen),
        cmocka_unit_test(test_user),      cmocka_unit_test(test_acknowledged),
        cmocka_unit_test(test_assigned),  cmocka_unit_test(test_deadline_near),
        cmocka_unit_test(test_skipped),   cmocka_unit_test(test_deadline_passed),
        cmocka_unit_test(test_converted),
    };
    return cmocka_run_group_tests(tests, setup_me, teardown);
}
