/* The decisions about saved views, rule by rule; the numbers are those of the comments in decide_view.c. */
#include "services/contacts/contacts.h"
#include "tests/unit/decide_bench.h"

static void test_check(void **state)
{
    struct bench *b = *state;
    const struct contacts_redirects nothing = {0};
    const struct {
        int rule;
        Baton__Role role;
        char *actor, *was, *wanted; /* who asks; whose it was, NULL: it is new; whose it is to be */
        char *name, *type;
        enum refusal_code code;
        const char *field, *owner;
    } rows[] = {
        {1, BATON__ROLE__ROLE_REP, ID(1), ID(2), ID(2), "V", "contact", REFUSAL_PERMISSION_DENIED, "", NULL},
        {1, BATON__ROLE__ROLE_MANAGER, ID(1), ID(2), ID(2), "V", "contact", REFUSAL_PERMISSION_DENIED, "",
         NULL},
        {1, BATON__ROLE__ROLE_ADMIN, ID(1), ID(2), ID(2), "V", "contact", REFUSAL_NONE, "", ID(2)},
        {1, BATON__ROLE__ROLE_REP, ID(1), ID(1), ID(1), "V", "contact", REFUSAL_NONE, "", ID(1)},
        {2, BATON__ROLE__ROLE_REP, ID(1), NULL, NULL, " \t", "contact", REFUSAL_INVALID_ARGUMENT, "name",
         NULL},
        {2, BATON__ROLE__ROLE_REP, ID(1), NULL, NULL, NULL, "contact", REFUSAL_INVALID_ARGUMENT, "name",
         NULL},
        {3, BATON__ROLE__ROLE_REP, ID(1), NULL, NULL, "V", "user", REFUSAL_INVALID_ARGUMENT, "type", NULL},
        {3, BATON__ROLE__ROLE_REP, ID(1), NULL, NULL, "V", "lead", REFUSAL_NONE, "", ID(1)},
        {4, BATON__ROLE__ROLE_REP, ID(1), NULL, ID(2), "V", "account", REFUSAL_NONE, "", ID(1)},
        {4, BATON__ROLE__ROLE_ADMIN, ID(1), NULL, ID(2), "V", "account", REFUSAL_NONE, "", ID(2)},
        {4, BATON__ROLE__ROLE_REP, ID(1), ID(1), ID(2), "V", "account", REFUSAL_NONE, "", ID(2)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__SavedView before = BATON__SAVED_VIEW__INIT, after = BATON__SAVED_VIEW__INIT;
        b->actor.has_role = true;
        b->actor.role = rows[i].role;
        b->actor.user_id = rows[i].actor;
        before.owner_id = rows[i].was;
        after.owner_id = rows[i].wanted;
        after.name = rows[i].name;
        after.type = rows[i].type;
        bool ok = check(b, contacts_check_view, &nothing, rows[i].was ? &before : NULL, &after);
        if (rows[i].code != REFUSAL_NONE) {
            assert_refused(ok, b, rows[i].code, rows[i].field);
            continue;
        }
        assert_true(ok);
        assert_string_equal(after.owner_id, rows[i].owner);
    }
    Baton__SavedView foreign = BATON__SAVED_VIEW__INIT;
    foreign.owner_id = ID(2);
    b->actor.role = BATON__ROLE__ROLE_REP;
    assert_refused(check(b, contacts_check_view, &nothing, &foreign, NULL), b, REFUSAL_PERMISSION_DENIED, "");
}

static void test_seen(void **state)
{
    struct bench *b = *state;
    const struct {
        Baton__Role role;
        char *actor;
        const char *in_team;
        char *owner, *team;
        bool with_all, seen;
    } rows[] = {
        {BATON__ROLE__ROLE_REP, ID(1), NULL, ID(1), NULL, false, true},
        {BATON__ROLE__ROLE_REP, ID(1), NULL, ID(2), NULL, false, false},
        {BATON__ROLE__ROLE_REP, ID(1), NULL, ID(2), NULL, true, true},
        {BATON__ROLE__ROLE_REP, ID(1), ID(7), ID(2), ID(7), false, true},
        {BATON__ROLE__ROLE_REP, ID(1), ID(8), ID(2), ID(7), false, false},
        {BATON__ROLE__ROLE_REP, ID(1), NULL, ID(2), ID(7), false, false},
        {BATON__ROLE__ROLE_MANAGER, ID(1), ID(8), ID(2), ID(7), false, false},
        {BATON__ROLE__ROLE_ADMIN, ID(1), NULL, ID(2), NULL, false, true},
        {BATON__ROLE__ROLE_REP, NULL, NULL, NULL, NULL, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__SavedView view = BATON__SAVED_VIEW__INIT;
        b->actor.has_role = true;
        b->actor.role = rows[i].role;
        b->actor.user_id = rows[i].actor;
        view.owner_id = rows[i].owner;
        view.team_id = rows[i].team;
        view.shared_with_all = rows[i].with_all;
        assert_int_equal(contacts_sees_view(&view, &b->actor, rows[i].in_team), rows[i].seen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_check), cmocka_unit_test(test_seen)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
