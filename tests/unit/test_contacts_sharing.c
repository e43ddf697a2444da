/* Who reaches whose records, rule by rule; the numbers are those of the comments in common/schema/sharing.c
 * and decide_sharing.c. */
#include "services/contacts/contacts.h"
#include "tests/unit/decide_bench.h"

#define ADMIN   BATON__ROLE__ROLE_ADMIN
#define MANAGER BATON__ROLE__ROLE_MANAGER
#define REP     BATON__ROLE__ROLE_REP
#define INSIDE  BATON__ROLE__ROLE_INSIDE
#define SERVICE BATON__ROLE__ROLE_SERVICE
#define PARTNER BATON__ROLE__ROLE_PARTNER
#define SYSTEM  BATON__ROLE__ROLE_SYSTEM
#define OPEN    BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN
#define READ    BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_READ
#define PRIVATE BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE

/* 1 owns the record and is in team 5, below team 6; 2 asks, and is in team 7, below team 8. */
struct scene {
    Baton__Team teams[4];
    Baton__User actor;
    Baton__RecordShare share;
    struct sharing_facts f;
};

static void scene_init(struct scene *x, Baton__CustomerAccess access)
{
    static char *const ids[] = {ID(5), ID(6), ID(7), ID(8)};
    memset(x, 0, sizeof *x);
    for (int i = 0; i < 4; i++) {
        baton__team__init(&x->teams[i]);
        x->teams[i].id = ids[i];
    }
    baton__user__init(&x->actor);
    x->actor.id = ID(2);
    baton__record_share__init(&x->share);
    x->f = (struct sharing_facts){.access = access,
                                  .owner_id = ID(1),
                                  .owners = {.rows = {&x->teams[0], &x->teams[1]}, .n = 2},
                                  .actor = &x->actor,
                                  .actors = {.rows = {&x->teams[2], &x->teams[3]}, .n = 2}};
}

static Baton__Actor actor_of(Baton__Role role, char *user_id)
{
    Baton__Actor a = BATON__ACTOR__INIT;
    a.user_id = user_id;
    a.has_role = true;
    a.role = role;
    return a;
}

static void share_with(struct scene *x, char *user_id, char *team_id, char *territory_id,
                       Baton__ShareLevel level)
{
    x->share.user_id = user_id;
    x->share.team_id = team_id;
    x->share.territory_id = territory_id;
    x->share.has_level = true;
    x->share.level = level;
    x->f.shares.rows[0] = &x->share.base;
    x->f.shares.n = 1;
}

static void reaches(struct scene *x, Baton__Role role, enum record_reach expected)
{
    const Baton__Actor a = actor_of(role, ID(2));
    assert_int_equal(sharing_reach(&x->f, &a), expected);
}

static void test_roles(void **state)
{
    static const Baton__CustomerAccess settings[] = {OPEN, READ, PRIVATE};
    struct scene x;
    for (int i = 0; i < 3; i++) {
        scene_init(&x, settings[i]);
        /* 1: programs; 2: administrators, the owner, the manager above */
        reaches(&x, SERVICE, RECORD_OWN);
        reaches(&x, SYSTEM, RECORD_OWN);
        reaches(&x, ADMIN, RECORD_OWN);
        x.f.owner_id = ID(2);
        reaches(&x, REP, RECORD_OWN);
        reaches(&x, PARTNER, RECORD_OWN);
        x.f.owner_id = ID(1);
        x.teams[1].manager_id = ID(2);
        reaches(&x, MANAGER, RECORD_OWN);
    }
    /* 2: being named manager is not enough */
    reaches(&x, REP, RECORD_HIDDEN);
    const Baton__Actor program = actor_of(SERVICE, ID(2)), rep = actor_of(REP, ID(2));
    assert_false(sharing_is_in_charge(&x.f, &program));
    assert_false(sharing_is_in_charge(&x.f, &rep));
}

static void test_shares(void **state)
{
    static char *territory = ID(9);
    struct scene x;
    scene_init(&x, PRIVATE);
    /* 3: with the user, with a team above theirs, with a territory of theirs */
    share_with(&x, ID(2), NULL, NULL, BATON__SHARE_LEVEL__SHARE_LEVEL_READ);
    reaches(&x, REP, RECORD_READ);
    share_with(&x, NULL, ID(8), NULL, BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE);
    reaches(&x, REP, RECORD_WRITE);
    share_with(&x, NULL, NULL, territory, BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE);
    reaches(&x, REP, RECORD_HIDDEN);
    x.actor.territory_ids = &territory;
    x.actor.n_territory_ids = 1;
    reaches(&x, REP, RECORD_WRITE);
    reaches(&x, PARTNER, RECORD_WRITE);
    /* 3: with somebody else */
    share_with(&x, ID(3), NULL, NULL, BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE);
    reaches(&x, REP, RECORD_HIDDEN);
    share_with(&x, NULL, ID(5), NULL, BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE);
    reaches(&x, REP, RECORD_HIDDEN);
    /* 3: of two, the one that reaches further */
    Baton__RecordShare more = x.share;
    share_with(&x, ID(2), NULL, NULL, BATON__SHARE_LEVEL__SHARE_LEVEL_READ);
    more.user_id = ID(2);
    more.team_id = NULL;
    x.f.shares.rows[1] = &more.base;
    x.f.shares.n = 2;
    reaches(&x, REP, RECORD_WRITE);
    /* 3 does not put in charge */
    const Baton__Actor rep = actor_of(REP, ID(2));
    assert_false(sharing_is_in_charge(&x.f, &rep));
}

static void test_partner(void **state)
{
    struct scene x;
    scene_init(&x, OPEN);
    /* 4: what they brought, to read; nothing because the house is open, or their team's */
    reaches(&x, PARTNER, RECORD_HIDDEN);
    x.f.brought_by_id = ID(2);
    reaches(&x, PARTNER, RECORD_READ);
    x.f.brought_by_id = ID(3);
    x.f.actors = x.f.owners;
    reaches(&x, PARTNER, RECORD_HIDDEN);
    /* 4: bringing is a partner's way in alone */
    scene_init(&x, PRIVATE);
    x.f.brought_by_id = ID(2);
    reaches(&x, REP, RECORD_HIDDEN);
}

static void test_house(void **state)
{
    static const struct {
        int rule;
        Baton__CustomerAccess access;
        enum record_reach team, others;
    } rows[] = {
        {5, OPEN, RECORD_OWN, RECORD_OWN},
        {5, BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_UNSPECIFIED, RECORD_OWN, RECORD_OWN},
        {5, READ, RECORD_WRITE, RECORD_READ},
        {5, PRIVATE, RECORD_WRITE, RECORD_HIDDEN},
    };
    struct scene x;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scene_init(&x, rows[i].access);
        reaches(&x, REP, rows[i].others);
        reaches(&x, INSIDE, rows[i].others);
        reaches(&x, MANAGER, rows[i].others);
        x.f.actors = x.f.owners;
        reaches(&x, REP, rows[i].team);
        /* 5: a team above is not the owner's */
        x.f.actors = (struct sharing_teams){.rows = {&x.teams[1]}, .n = 1};
        reaches(&x, REP, rows[i].others);
        /* 5: nobody's record is nobody's team's */
        x.f.actors.n = x.f.owners.n = 0;
        x.f.owner_id = NULL;
        reaches(&x, REP, rows[i].others);
    }
}

/* Whatever else is so: a share takes nothing away, and a stricter setting gives nothing. */
static void test_order(void **state)
{
    static const Baton__Role roles[] = {ADMIN, MANAGER, REP, INSIDE, SERVICE, PARTNER};
    static char *const ids[] = {NULL, ID(1), ID(2), ID(3)};
    for (unsigned n = 0; n < 4 * 4 * 4 * 4 * 6; n++) {
        struct scene x;
        scene_init(&x, OPEN);
        x.f.owner_id = ids[n % 4];
        x.f.brought_by_id = ids[n / 4 % 4];
        x.teams[0].manager_id = ids[n / 16 % 4];
        if (n / 64 % 2)
            x.f.actors = x.f.owners;
        const Baton__Actor a = actor_of(roles[n / 256], ID(2));
        enum record_reach was = RECORD_OWN;
        for (int access = OPEN; access <= (int)PRIVATE; access++) {
            x.f.access = (Baton__CustomerAccess)access;
            x.f.shares.n = 0;
            enum record_reach without = sharing_reach(&x.f, &a);
            assert_true(without >= RECORD_HIDDEN && without <= was);
            was = without;
            share_with(&x, ID(2), NULL, NULL, BATON__SHARE_LEVEL__SHARE_LEVEL_READ);
            enum record_reach with = sharing_reach(&x.f, &a);
            assert_true(with >= without && with >= RECORD_READ);
            if (sharing_is_in_charge(&x.f, &a))
                assert_int_equal(without, RECORD_OWN);
        }
    }
}

static void test_about(void **state)
{
    const Baton__Actor a = actor_of(REP, ID(2));
    /* 6: it follows the record; one's own is changed by whoever still sees the record */
    assert_int_equal(contacts_about_reach(RECORD_HIDDEN, ID(2), &a), RECORD_HIDDEN);
    assert_int_equal(contacts_about_reach(RECORD_READ, ID(3), &a), RECORD_READ);
    assert_int_equal(contacts_about_reach(RECORD_READ, ID(2), &a), RECORD_OWN);
    assert_int_equal(contacts_about_reach(RECORD_WRITE, ID(3), &a), RECORD_OWN);
}

static void test_check_share(void **state)
{
    struct bench *b = *state;
    const Baton__RecordShare other = BATON__RECORD_SHARE__INIT;
    const struct {
        int rule;
        bool is_shareable, is_in_charge, has_target;
        enum record_reach reach;
        const Baton__RecordShare *same;
        size_t n_shares;
        char *user_id, *team_id;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {7, false, true, true, RECORD_OWN, NULL, 0, ID(3), NULL, REFUSAL_INVALID_ARGUMENT, "type"},
        {7, true, true, true, RECORD_HIDDEN, NULL, 0, ID(3), NULL, REFUSAL_NOT_FOUND, "record_id"},
        {7, true, true, true, RECORD_BY_ROLE, NULL, 0, ID(3), NULL, REFUSAL_NOT_FOUND, "record_id"},
        {8, true, false, true, RECORD_OWN, NULL, 0, ID(3), NULL, REFUSAL_PERMISSION_DENIED, ""},
        {9, true, true, true, RECORD_OWN, NULL, 0, NULL, NULL, REFUSAL_INVALID_ARGUMENT, "user_id"},
        {9, true, true, true, RECORD_OWN, NULL, 0, ID(3), ID(4), REFUSAL_INVALID_ARGUMENT, "user_id"},
        {9, true, true, false, RECORD_OWN, NULL, 0, ID(3), NULL, REFUSAL_NOT_FOUND, "user_id"},
        {9, true, true, false, RECORD_OWN, NULL, 0, NULL, ID(4), REFUSAL_NOT_FOUND, "team_id"},
        {10, true, true, true, RECORD_OWN, &other, 1, ID(3), NULL, REFUSAL_ALREADY_EXISTS, ""},
        {10, true, true, true, RECORD_OWN, NULL, SHARING_SHARES_MAX, ID(3), NULL, REFUSAL_FAILED_PRECONDITION,
         ""},
        {10, true, true, true, RECORD_OWN, NULL, SHARING_SHARES_MAX - 1, ID(3), NULL, REFUSAL_NONE, ""},
    };
    b->actor.user_id = ID(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sharing_share_facts f = {.is_shareable = rows[i].is_shareable,
                                        .reach = rows[i].reach,
                                        .is_in_charge = rows[i].is_in_charge,
                                        .has_target = rows[i].has_target,
                                        .same = rows[i].same ? &rows[i].same->base : NULL,
                                        .n_shares = rows[i].n_shares};
        Baton__RecordShare after = BATON__RECORD_SHARE__INIT;
        after.user_id = rows[i].user_id;
        after.team_id = rows[i].team_id;
        bool ok = check(b, sharing_check, &f, NULL, &after);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        assert_int_equal(b->out.no.code, rows[i].code);
        assert_string_equal(b->out.no.field, rows[i].field);
        if (ok)
            assert_string_equal(after.shared_by_id, ID(1));
    }
}

static void test_change_share(void **state)
{
    struct bench *b = *state;
    const struct sharing_share_facts good = {
        .is_shareable = true, .reach = RECORD_OWN, .is_in_charge = true, .has_target = true};
    /* 11: only the level changes */
    Baton__RecordShare before = BATON__RECORD_SHARE__INIT, after = BATON__RECORD_SHARE__INIT;
    before.user_id = after.user_id = ID(3);
    after.has_level = true;
    after.level = BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE;
    assert_true(check(b, sharing_check, &good, &before, &after));
    after.user_id = ID(4);
    assert_refused(check(b, sharing_check, &good, &before, &after), b, REFUSAL_FAILED_PRECONDITION, "");
    /* 7, 8 also where it ends */
    struct sharing_share_facts f = good;
    assert_true(check(b, sharing_check, &f, &before, NULL));
    f.is_in_charge = false;
    assert_refused(check(b, sharing_check, &f, &before, NULL), b, REFUSAL_PERMISSION_DENIED, "");
}

static void test_owner_of_new(void **state)
{
    struct bench *b = *state;
    struct contacts_account_facts f = {.access = OPEN};
    Baton__Account after = BATON__ACCOUNT__INIT;
    after.name = "Acme";
    b->actor.user_id = ID(1);
    assert_true(check(b, contacts_check_account, &f, NULL, &after));
    assert_null(after.owner_id);
    f.access = PRIVATE;
    assert_non_null(after.created_at); /* one that comes back is whose it was */
    assert_true(check(b, contacts_check_account, &f, NULL, &after));
    assert_null(after.owner_id);
    after.created_at = NULL;
    assert_true(check(b, contacts_check_account, &f, NULL, &after));
    assert_string_equal(after.owner_id, ID(1));
    after.owner_id = ID(3);
    assert_true(check(b, contacts_check_account, &f, NULL, &after));
    assert_string_equal(after.owner_id, ID(3));
}

static void test_shares_end(void **state)
{
    struct bench *b = *state;
    Baton__RecordShare share = BATON__RECORD_SHARE__INIT;
    Baton__Contact before = BATON__CONTACT__INIT;
    share.id = ID(4);
    const struct contacts_contact_facts f = {.ending = {.rows = {&share.base}, .seqs = {7}, .n = 1}};
    assert_true(check(b, contacts_check_contact, &f, &before, NULL));
    assert_int_equal(b->out.n_events, 1);
    const Baton__RecordChanged *e = b->out.events[0]->record_changed;
    assert_int_equal(e->kind, BATON__CHANGE_KIND__CHANGE_KIND_DELETED);
    assert_int_equal(e->previous_seq, 7);
    assert_string_equal(e->record->record_share->id, ID(4));
}

static void test_leaving(void **state)
{
    static const struct {
        int rule;
        Baton__ActivityStatus status;
        bool stays;
    } rows[] = {
        {12, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED, false},
        {12, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_UNSPECIFIED, false},
        {12, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE, true},
        {12, BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED, true},
    };
    const Baton__Note note = BATON__NOTE__INIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Activity a = BATON__ACTIVITY__INIT;
        a.status = rows[i].status;
        assert_int_equal(contacts_activity_stays(&a.base), rows[i].stays);
    }
    /* 13: what they wrote */
    assert_true(contacts_note_stays(&note.base));
}

/* Fields that are new are not a partner's to see until somebody says so. */
static void test_shown(void **state)
{
    static const char *const hidden_account[] = {
        "owner_id",      "annual_revenue", "number_of_employees", "is_key_account", "territory_id",
        "brought_by_id", "normalized",     "whereabouts",         "hints",
    };
    static const char *const hidden_contact[] = {"owner_id",      "birthday",   "reports_to_id",
                                                 "brought_by_id", "normalized", "hints"};
    const Baton__Actor partner = actor_of(PARTNER, ID(2)), rep = actor_of(REP, ID(2));
    const struct schema_message *account = schema_message(&baton__account__descriptor),
                                *contact = schema_message(&baton__contact__descriptor);
    for (size_t i = 0; i < sizeof hidden_account / sizeof *hidden_account; i++) {
        assert_false(contacts_shows(&partner, schema_field(account, hidden_account[i])));
        assert_true(contacts_shows(&rep, schema_field(account, hidden_account[i])));
    }
    for (size_t i = 0; i < sizeof hidden_contact / sizeof *hidden_contact; i++)
        assert_false(contacts_shows(&partner, schema_field(contact, hidden_contact[i])));
    assert_true(contacts_shows(&partner, schema_field(account, "name")));
    assert_true(contacts_shows(&partner, schema_field(contact, "email")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_roles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shares, setup, teardown),
        cmocka_unit_test_setup_teardown(test_partner, setup, teardown),
        cmocka_unit_test_setup_teardown(test_house, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_about, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check_share, setup, teardown),
        cmocka_unit_test_setup_teardown(test_change_share, setup, teardown),
        cmocka_unit_test_setup_teardown(test_owner_of_new, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shares_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_leaving, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shown, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
