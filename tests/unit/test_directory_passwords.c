/* Setting a password and completing set-up, rule by rule; the numbers are those of decide_accounts.c. */
#include "tests/unit/directory_bench.h"

static Baton__CompleteSetupRequest setup_request(void)
{
    Baton__CompleteSetupRequest r = BATON__COMPLETE_SETUP_REQUEST__INIT;
    r.token = "t";
    r.email = "Boss@Acme.example";
    r.name = " The Boss ";
    r.password = "good enough";
    r.organisation_name = "Acme";
    r.time_zone = "Europe/Berlin";
    return r;
}

static void test_set_password_refused(void **state)
{
    struct bench *b = *state;
    const int REP = BATON__ROLE__ROLE_REP, ADMIN = BATON__ROLE__ROLE_ADMIN, SYSTEM = BATON__ROLE__ROLE_SYSTEM;
    Baton__User active = user(ID(1), REP, ACTIVE), gone = user(ID(1), REP, INACTIVE);
    const struct directory_hashing right = {.verified = true, .stored = "h1", .made = "n"},
                                   wrong = {.stored = "h1", .made = "n"},
                                   unmade = {.verified = true, .stored = "h1"};
    const struct {
        int rule;
        const char *actor_id;
        int role;
        const char *target, *password;
        const Baton__User *user;
        const struct directory_hashing *h;
        bool with_token;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, NULL, SYSTEM, NULL, "good enough", &active, &right, false, REFUSAL_INVALID_ARGUMENT, "user_id"},
        {2, ID(2), REP, ID(1), "good enough", &active, &right, false, REFUSAL_PERMISSION_DENIED, "user_id"},
        {2, ID(2), ADMIN, ID(1), "good enough", &active, &wrong, false, REFUSAL_NONE, ""},
        {2, NULL, SYSTEM, ID(1), "good enough", &active, &wrong, false, REFUSAL_NONE, ""},
        {3, ID(2), ADMIN, ID(1), "good enough", NULL, NULL, false, REFUSAL_NOT_FOUND, "user_id"},
        {3, ID(2), ADMIN, ID(1), "good enough", &gone, &right, false, REFUSAL_FAILED_PRECONDITION, "user_id"},
        {4, ID(1), REP, NULL, "short", &active, &right, false, REFUSAL_INVALID_ARGUMENT, "new_password"},
        {5, ID(1), REP, NULL, "good enough", &active, &wrong, false, REFUSAL_PERMISSION_DENIED,
         "old_password"},
        {5, ID(1), REP, ID(1), "good enough", &active, &wrong, true, REFUSAL_PERMISSION_DENIED,
         "old_password"},
        {5, ID(1), ADMIN, ID(1), "good enough", &active, &wrong, false, REFUSAL_PERMISSION_DENIED,
         "old_password"},
        {5, ID(1), ADMIN, ID(1), "good enough", &active, &wrong, true, REFUSAL_NONE, ""},
        {5, ID(1), REP, NULL, "good enough", &active, &right, false, REFUSAL_NONE, ""},
        {5, ID(1), REP, NULL, "good enough", &active, NULL, false, REFUSAL_UNAVAILABLE, ""},
        {5, ID(1), REP, NULL, "good enough", &active, &unmade, false, REFUSAL_UNAVAILABLE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct directory_account f = {
            .user = rows[i].user, .password_hash = "h1", .actor_has_token = rows[i].with_token};
        Baton__SetPasswordRequest r = BATON__SET_PASSWORD_REQUEST__INIT;
        r.user_id = (char *)rows[i].target;
        r.new_password = (char *)rows[i].password;
        b->actor = actor(rows[i].actor_id, rows[i].role, NULL);
        bool ok = run_prepared(b, directory_decide_set_password, &f, &r, rows[i].h);
        if (rows[i].code)
            assert_refused(ok, b, rows[i].code, rows[i].field);
        else
            assert_true(ok);
    }
}

/* 6: other sessions and the set-up link end; this session and tokens stay. */
static void test_set_password(void **state)
{
    struct bench *b = *state;
    Baton__User u = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE);
    Baton__Credential all[] = {credential(ID(3), SESSION), credential(ID(4), TOKEN),
                               credential(ID(5), SESSION), credential(ID(6), SETUP)};
    Baton__Credential *list[] = {&all[0], &all[1], &all[2], &all[3]};
    struct directory_account f = {.user = &u, .credentials = list, .n_credentials = 4};
    const struct directory_hashing h = {.made = "new"};
    Baton__SetPasswordRequest r = BATON__SET_PASSWORD_REQUEST__INIT;
    r.new_password = "good enough";
    b->actor = actor(ID(1), BATON__ROLE__ROLE_REP, ID(5));
    /* 5: there is no old one to say */
    assert_true(run_prepared(b, directory_decide_set_password, &f, &r, &h));
    assert_int_equal(b->out.n_events, 3);
    assert_int_equal(b->out.events[0]->event_case, BATON__EVENT__EVENT_PASSWORD_SET);
    assert_string_equal(b->out.events[0]->password_set->hash, "new");
    assert_string_equal(revoked(b, 1), ID(3));
    assert_string_equal(revoked(b, 2), ID(6));
}

static void test_setup_refused(void **state)
{
    struct bench *b = *state;
    Baton__User admin = user(ID(1), BATON__ROLE__ROLE_ADMIN, ACTIVE);
    Baton__Organisation o = organisation();
    Baton__Credential link = credential(ID(5), SETUP), session = credential(ID(5), SESSION);
    const struct directory_hashing h = {.made = "new"};
    const struct directory_setup good = {
        .credential = &link, .account = {.user = &admin}, .organisation = &o};
    for (int row = 0; row < 9; row++) {
        struct directory_setup f = good;
        Baton__CompleteSetupRequest r = setup_request();
        enum refusal_code code = REFUSAL_INVALID_ARGUMENT;
        const char *field = "";
        const void *prepared = &h;
        switch (row) {
        case 0: /* 1: nobody's token */
            f.credential = NULL, code = REFUSAL_UNAUTHENTICATED, field = "token";
            break;
        case 1: /* 1: another kind */
            f.credential = &session, code = REFUSAL_UNAUTHENTICATED, field = "token";
            break;
        case 2: /* 2 */
            f.account.password_hash = "h1", code = REFUSAL_FAILED_PRECONDITION;
            break;
        case 3: /* 3: implausible */
            r.email = "boss", field = "email";
            break;
        case 4: /* 3: taken */
            f.email_owner_id = ID(2), code = REFUSAL_ALREADY_EXISTS, field = "email";
            break;
        case 5: /* 4 */
            r.time_zone = "Berlin/Europe", field = "time_zone";
            break;
        case 6: /* 5 */
            r.password = "12345678", field = "password";
            break;
        case 7: /* 6: not prepared */
            prepared = NULL, code = REFUSAL_UNAVAILABLE;
            break;
        default: /* 2: gone */
            f.organisation = NULL, code = REFUSAL_FAILED_PRECONDITION;
        }
        assert_refused(run_prepared(b, directory_decide_setup, &f, &r, prepared), b, code, field);
    }
}

/* 6: all at once. */
static void test_setup(void **state)
{
    struct bench *b = *state;
    Baton__User admin = user(ID(1), BATON__ROLE__ROLE_ADMIN, ACTIVE);
    Baton__Organisation o = organisation();
    Baton__Credential link = credential(ID(5), SETUP), *list[] = {&link};
    const struct directory_hashing h = {.made = "new"};
    struct directory_setup f = {.credential = &link,
                                .account = {.user = &admin, .credentials = list, .n_credentials = 1},
                                .organisation = &o,
                                .email_owner_id = ID(1)};
    Baton__CompleteSetupRequest r = setup_request();
    assert_true(run_prepared(b, directory_decide_setup, &f, &r, &h));
    assert_int_equal(b->out.n_events, 5);
    assert_string_equal(changed(b, 0)->user->email, "boss@acme.example");
    assert_string_equal(changed(b, 0)->user->name, "The Boss");
    assert_string_equal(changed(b, 1)->organisation->name, "Acme");
    assert_string_equal(changed(b, 1)->organisation->time_zone, "Europe/Berlin");
    assert_string_equal(b->out.events[2]->password_set->user_id, ID(1));
    assert_string_equal(revoked(b, 3), ID(5));
    const Baton__CompleteSetupResponse *reply = (const Baton__CompleteSetupResponse *)b->out.reply;
    assert_opens(issued(b, 4), reply->session_token);
    assert_string_equal(o.name, "Headquarters"); /* facts are left alone */
    /* an organisation that keeps its name is not changed */
    r.organisation_name = r.time_zone = NULL;
    assert_true(run_prepared(b, directory_decide_setup, &f, &r, &h));
    assert_int_equal(b->out.n_events, 4);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_password_refused),
        cmocka_unit_test(test_set_password),
        cmocka_unit_test(test_setup_refused),
        cmocka_unit_test(test_setup),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
