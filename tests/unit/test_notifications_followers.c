/* Whoever follows a lead, and announcements, rule by rule; the numbers are those of the comments in
   decide_announce.c and decide_leads.c. */
#include "decide_bench.h"

#include "baton/v1/leads.pb-c.h"
#include "services/notifications/delivery.h"
#include "services/notifications/followers.h"

#define CLASS(name) BATON__NOTIFICATION_CLASS__NOTIFICATION_CLASS_##name

static void test_announce(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        Baton__Role role;
        bool is_team, is_managed, names_team, names_territory, is_territory;
        enum refusal_code code;
    } rows[] = {
        {1, BATON__ROLE__ROLE_ADMIN, false, false, false, false, .code = REFUSAL_NONE},
        {1, BATON__ROLE__ROLE_MANAGER, false, false, false, false, .code = REFUSAL_PERMISSION_DENIED},
        {1, BATON__ROLE__ROLE_MANAGER, true, true, true, false, .code = REFUSAL_NONE},
        {1, BATON__ROLE__ROLE_MANAGER, true, false, true, false, .code = REFUSAL_PERMISSION_DENIED},
        {2, BATON__ROLE__ROLE_ADMIN, true, false, true, true, .code = REFUSAL_INVALID_ARGUMENT},
        {2, BATON__ROLE__ROLE_ADMIN, false, false, true, false, .code = REFUSAL_NOT_FOUND},
        {2, BATON__ROLE__ROLE_ADMIN, false, false, false, true, .code = REFUSAL_NOT_FOUND},
        {2, BATON__ROLE__ROLE_ADMIN, false, false, false, true, .is_territory = true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__AnnounceRequest r = BATON__ANNOUNCE_REQUEST__INIT;
        const struct announce_facts f = {.is_team = rows[i].is_team,
                                         .is_managed = rows[i].is_managed,
                                         .is_territory = rows[i].is_territory};
        b->actor.has_role = true;
        b->actor.role = rows[i].role;
        r.team_id = rows[i].names_team ? (char *)"team" : NULL;
        r.territory_id = rows[i].names_territory ? (char *)"territory" : NULL;
        (void)run(b, notifications_decide_announce, &f, &r);
        assert_int_equal(b->out.no.code, rows[i].code);
    }
}

static void test_announcement(void **state)
{
    struct bench *b = *state;
    Baton__Announcement a = BATON__ANNOUNCEMENT__INIT;
    Baton__User user = BATON__USER__INIT, *users[] = {&user};
    struct recipient recipient = {.ways.user = &user, .zone = "UTC"};
    struct announcement_facts f = {.users = users, .all = &recipient, .n = 1, .after_user_id = "user"};
    user.id = (char *)"user";
    a.id = (char *)"a";
    a.title = (char *)"Meeting";
    a.text = (char *)"At nine.";
    a.told = 4;
    /* 3 */
    assert_true(run(b, notifications_decide_announcement, &f, &a));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(b->out.events[0]->notification_created->notification->title, "Meeting");
    assert_int_equal(b->out.events[1]->announcement_advanced->told, 5);
    assert_false(b->out.events[1]->announcement_advanced->done);
    f.after_user_id = NULL;
    f.n = 0;
    assert_true(run(b, notifications_decide_announcement, &f, &a));
    assert_true(b->out.events[0]->announcement_advanced->done);
}

/* The numbers are those of decide_leads.c. */
static void test_news(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        const char *user_id;
        bool works_here;
        size_t events;
    } rows[] = {{2, "owner", true, 0}, {2, "manager", true, 0}, {3, "user", true, 1}, {3, "user", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__LeadClosed e = BATON__LEAD_CLOSED__INIT;
        Baton__LeadFollower row = BATON__LEAD_FOLLOWER__INIT;
        Baton__User user = BATON__USER__INIT;
        struct follower one = {.row = &row, .recipient = {.ways.user = &user, .zone = "UTC"}};
        const struct followers f = {
            .all = &one, .n = 1, .owner_id = "owner", .owner_name = "Ann", .manager_id = "manager"};
        row.lead_id = (char *)"lead";
        row.user_id = (char *)(uintptr_t)rows[i].user_id;
        row.company = (char *)"Acme";
        e.text = (char *)"no budget";
        if (!rows[i].works_here)
            one.recipient.ways.user = NULL;
        assert_true(run(b, notifications_decide_news, &f, &e));
        assert_int_equal(b->out.n_events, rows[i].events);
        if (!rows[i].events)
            continue;
        const Baton__Notification *n = b->out.events[0]->notification_created->notification;
        assert_string_equal(n->title, "News of a lead you follow: Acme");
        assert_string_equal(n->text, "Ann closed it: no budget.");
        assert_int_equal(n->class_, CLASS(HEADS_UP));
    }
}

static void test_followed(void **state)
{
    struct bench *b = *state;
    Baton__LeadFollowed e = BATON__LEAD_FOLLOWED__INIT;
    e.lead_id = e.user_id = (char *)"user";
    e.following = true;
    /* 1 */
    assert_true(run(b, notifications_decide_followed, NULL, &e));
    assert_true(b->out.events[0]->lead_follower_changed->following);
    assert_string_equal(b->out.events[0]->lead_follower_changed->follower->user_id, "user");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_announce),
        cmocka_unit_test(test_announcement),
        cmocka_unit_test(test_news),
        cmocka_unit_test(test_followed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
