/* The directory's decisions about credentials, rule by rule; the numbers are those of decide.c,
   decide_accounts.c and decide_passwords.c. Setting passwords: test_directory_passwords.c. */
#include "tests/unit/directory_bench.h"

static void test_boot(void **state)
{
    struct bench *b = *state;
    struct directory_state f = {0};
    const struct directory_boot boot = {"aa", "bb"}, done = {"aa", ""};
    b->actor = actor(NULL, BATON__ROLE__ROLE_SYSTEM, NULL);
    /* 1, 2, 3: the first start makes administrator, organisation, token and set-up link */
    assert_true(run_prepared(b, directory_decide_boot, &f, NULL, &boot));
    assert_int_equal(b->out.n_events, 4);
    const Baton__User *u = changed(b, 0)->user;
    const Baton__Organisation *o = changed(b, 1)->organisation;
    assert_string_equal(u->email, "admin@localhost");
    assert_int_equal(u->role, BATON__ROLE__ROLE_ADMIN);
    assert_string_equal(o->last_resort_user_id, u->id);
    assert_int_equal(o->n_working_hours, 5);
    assert_int_equal(o->response_minutes, 60);
    assert_int_equal(issued(b, 2)->kind, TOKEN);
    assert_string_equal(issued(b, 2)->secret_hash, "aa");
    assert_string_equal(issued(b, 2)->user_id, u->id);
    assert_int_equal(issued(b, 3)->kind, SETUP);
    assert_string_equal(issued(b, 3)->secret_hash, "bb");
    /* 1: without a boot argument only those two */
    assert_true(run(b, directory_decide_boot, &f, NULL));
    assert_int_equal(b->out.n_events, 2);
    /* 2: a new token file is known from then on; 3: a known set-up link is not issued again */
    Baton__User first = user(ID(1), BATON__ROLE__ROLE_ADMIN, INACTIVE);
    Baton__User now = user(ID(2), BATON__ROLE__ROLE_ADMIN, ACTIVE);
    f = (struct directory_state){
        .organisation = o, .administrator = &first, .active_admin = &now, .setup_token_known = true};
    assert_true(run_prepared(b, directory_decide_boot, &f, NULL, &boot));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(issued(b, 0)->user_id, ID(2));
    /* 3: nor is another once set-up is complete */
    f.admin_token_known = true;
    f.setup_token_known = false;
    f.administrator_has_password = true;
    assert_true(run_prepared(b, directory_decide_boot, &f, NULL, &boot));
    assert_int_equal(b->out.n_events, 0);
    f.administrator_has_password = false;
    assert_true(run_prepared(b, directory_decide_boot, &f, NULL, &done));
    assert_int_equal(b->out.n_events, 0);
}

static void test_expired(void **state)
{
    struct bench *b = *state;
    Baton__Credential c = credential(ID(7), SESSION);
    assert_true(run(b, directory_decide_expired, NULL, &c));
    assert_string_equal(revoked(b, 0), ID(7));
}

static void test_sign_in(void **state)
{
    struct bench *b = *state;
    Baton__User active = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE),
                gone = user(ID(1), BATON__ROLE__ROLE_REP, INACTIVE);
    Baton__SignInRequest r = BATON__SIGN_IN_REQUEST__INIT;
    const struct directory_hashing right = {.verified = true, .stored = "h1"}, wrong = {.stored = "h1"};
    const struct {
        int rule;
        const Baton__User *user;
        const char *hash;
        const struct directory_hashing *h;
        enum refusal_code code;
    } rows[] = {
        {1, &active, "h1", NULL, REFUSAL_UNAVAILABLE},
        {1, &active, "h1", &wrong, REFUSAL_UNAUTHENTICATED},
        {1, &active, "h2", &right, REFUSAL_UNAUTHENTICATED}, /* changed meanwhile */
        {1, &active, NULL, &right, REFUSAL_UNAUTHENTICATED},
        {1, NULL, NULL, &right, REFUSAL_UNAUTHENTICATED},
        {2, &gone, "h1", &right, REFUSAL_UNAUTHENTICATED},
        {3, &active, "h1", &right, REFUSAL_NONE},
    };
    b->actor = (Baton__Actor)BATON__ACTOR__INIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct directory_account f = {.user = rows[i].user, .password_hash = rows[i].hash};
        bool ok = run_prepared(b, directory_decide_sign_in, &f, &r, rows[i].h);
        if (rows[i].code)
            assert_refused(ok, b, rows[i].code, "");
        else
            assert_true(ok);
    }
    const Baton__SignInResponse *reply = (const Baton__SignInResponse *)b->out.reply;
    assert_opens(issued(b, 0), reply->session_token);
    assert_int_equal(issued(b, 0)->expires_us, NOW + DIRECTORY_SESSION_US);
    assert_string_equal(reply->user->id, ID(1));
}

/* 3: the oldest session gives way. */
static void test_sign_in_too_often(void **state)
{
    struct bench *b = *state;
    Baton__SignInRequest r = BATON__SIGN_IN_REQUEST__INIT;
    Baton__User u = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE);
    Baton__Credential all[DIRECTORY_SESSIONS_MAX + 1], *list[DIRECTORY_SESSIONS_MAX + 1];
    const struct directory_hashing right = {.verified = true, .stored = "h1"};
    for (size_t i = 0; i <= DIRECTORY_SESSIONS_MAX; i++) {
        all[i] = credential(i == 0 ? ID(2) : i == 1 ? ID(3) : ID(4), i == 0 ? TOKEN : SESSION);
        list[i] = &all[i];
    }
    struct directory_account f = {
        .user = &u, .password_hash = "h1", .credentials = list, .n_credentials = DIRECTORY_SESSIONS_MAX};
    assert_true(run_prepared(b, directory_decide_sign_in, &f, &r, &right));
    assert_int_equal(b->out.n_events, 1);
    f.n_credentials++;
    assert_true(run_prepared(b, directory_decide_sign_in, &f, &r, &right));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(revoked(b, 0), ID(3));
}

static void test_sign_out(void **state)
{
    struct bench *b = *state;
    Baton__Credential session = credential(ID(7), SESSION), token = credential(ID(8), TOKEN);
    /* 1 */
    assert_true(run(b, directory_decide_sign_out, NULL, NULL));
    assert_int_equal(b->out.n_events, 0);
    /* 2 */
    assert_refused(run(b, directory_decide_sign_out, &token, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_true(run(b, directory_decide_sign_out, &session, NULL));
    assert_string_equal(revoked(b, 0), ID(7));
}

static void test_update_profile(void **state)
{
    struct bench *b = *state;
    const int REP = BATON__ROLE__ROLE_REP;
    Baton__User active = user(ID(1), REP, ACTIVE), gone = user(ID(1), REP, INACTIVE);
    Baton__WorkingInterval hours = BATON__WORKING_INTERVAL__INIT, *all_hours[] = {&hours};
    active.phone = "1";
    active.team_id = ID(5);
    hours.has_weekday = hours.has_start_minute = hours.has_end_minute = true;
    hours.weekday = 1;
    const struct {
        int rule;
        const Baton__User *user;
        const char *name, *zone, *clear;
        uint32_t start, end;
        enum refusal_code code;
        const char *field;
    } rows[] = {
        {1, NULL, "Ann", "UTC", NULL, 1, 2, REFUSAL_NOT_FOUND, ""},
        {1, &gone, "Ann", "UTC", NULL, 1, 2, REFUSAL_NOT_FOUND, ""},
        {2, &active, "Ann", "UTC", "role", 1, 2, REFUSAL_INVALID_ARGUMENT, "clear"},
        {2, &active, "Ann", "UTC", "name", 1, 2, REFUSAL_INVALID_ARGUMENT, "clear"},
        {3, &active, " ", "UTC", NULL, 1, 2, REFUSAL_INVALID_ARGUMENT, "name"},
        {4, &active, "Ann", "Mars/Olympus", NULL, 1, 2, REFUSAL_INVALID_ARGUMENT, "time_zone"},
        {5, &active, "Ann", "UTC", NULL, 2, 2, REFUSAL_INVALID_ARGUMENT, "working_hours"},
        {5, &active, " Ann ", "Asia/Taipei", "phone", 1, 2, REFUSAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct directory_account f = {.user = rows[i].user};
        Baton__UpdateProfileRequest r = BATON__UPDATE_PROFILE_REQUEST__INIT;
        r.name = (char *)rows[i].name;
        r.time_zone = (char *)rows[i].zone;
        r.clear = (char **)&rows[i].clear;
        r.n_clear = rows[i].clear != NULL;
        r.working_hours = all_hours;
        r.n_working_hours = 1;
        hours.start_minute = rows[i].start;
        hours.end_minute = rows[i].end;
        b->actor = actor(ID(1), REP, ID(7));
        bool ok = run(b, directory_decide_update_profile, &f, &r);
        assert_int_equal(ok, rows[i].code == REFUSAL_NONE);
        if (!ok)
            assert_refused(ok, b, rows[i].code, rows[i].field);
    }
    /* 2: what is not said stays */
    const Baton__User *u = changed(b, 0)->user;
    assert_string_equal(u->name, "Ann");
    assert_string_equal(u->time_zone, "Asia/Taipei");
    assert_string_equal(u->team_id, ID(5));
    assert_string_equal(u->email, active.email);
    assert_null(u->phone);
    assert_int_equal(u->n_working_hours, 1);
    assert_int_equal(u->revision, 2);
}

static void test_password_check(void **state)
{
    char long_one[DIRECTORY_PASSWORD_MAX + 2];
    memset(long_one, 'x', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
    const struct {
        int rule;
        const char *password;
        bool ok;
    } rows[] = {
        {1, NULL, false},
        {1, "", false},
        {1, "seven77", false},
        {1, "eight888", true},
        {1, "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", false}, /* nine bytes, three characters */
        {2, long_one, false},
        {2, long_one + 1, true},
        {3, "password1", false},
        {3, "PassWord1", false},
        {3, "password1 ", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct refusal no = {0};
        assert_int_equal(directory_password_check(rows[i].password, "password", &no), rows[i].ok);
        assert_int_equal(no.code, rows[i].ok ? REFUSAL_NONE : REFUSAL_INVALID_ARGUMENT);
    }
}

static void test_deactivate(void **state)
{
    struct bench *b = *state;
    Baton__User rep = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE),
                admin = user(ID(1), BATON__ROLE__ROLE_ADMIN, ACTIVE),
                gone = user(ID(1), BATON__ROLE__ROLE_REP, INACTIVE),
                next = user(ID(2), BATON__ROLE__ROLE_MANAGER, ACTIVE);
    Baton__Credential all[] = {credential(ID(3), SESSION), credential(ID(4), TOKEN)},
                      *list[] = {&all[0], &all[1]};
    struct directory_account f = {0};
    /* 1 */
    assert_refused(run(b, directory_decide_deactivate, &f, NULL), b, REFUSAL_NOT_FOUND, "user_id");
    /* 2 */
    f = (struct directory_account){.user = &gone, .is_last_resort = true};
    assert_true(run(b, directory_decide_deactivate, &f, NULL));
    assert_int_equal(b->out.n_events, 0);
    /* 3 */
    f.user = &rep;
    assert_refused(run(b, directory_decide_deactivate, &f, NULL), b, REFUSAL_FAILED_PRECONDITION, "user_id");
    /* 4 */
    f = (struct directory_account){.user = &admin};
    assert_refused(run(b, directory_decide_deactivate, &f, NULL), b, REFUSAL_FAILED_PRECONDITION, "user_id");
    /* 5 */
    f.other_admin = true;
    assert_refused(run(b, directory_decide_deactivate, &f, NULL), b, REFUSAL_INVALID_ARGUMENT,
                   "successor_id");
    f.successor = &next;
    assert_true(run(b, directory_decide_deactivate, &f, NULL));
    /* 6 */
    f = (struct directory_account){.user = &rep, .credentials = list, .n_credentials = 2, .successor = &next};
    assert_true(run(b, directory_decide_deactivate, &f, NULL));
    assert_int_equal(b->out.n_events, 4);
    assert_int_equal(changed(b, 0)->user->status, INACTIVE);
    assert_string_equal(b->out.events[1]->user_left->successor_id, ID(2));
    assert_string_equal(revoked(b, 2), ID(3));
    assert_string_equal(revoked(b, 3), ID(4));
    assert_int_equal(((const Baton__DeactivateUserResponse *)b->out.reply)->user->status, INACTIVE);
}

static void test_tokens(void **state)
{
    struct bench *b = *state;
    Baton__User rep = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE),
                gone = user(ID(1), BATON__ROLE__ROLE_REP, INACTIVE);
    Baton__Credential token = credential(ID(4), TOKEN), session = credential(ID(5), SESSION);
    Baton__Credential *many[DIRECTORY_TOKENS_MAX];
    Baton__CreateTokenRequest r = BATON__CREATE_TOKEN_REQUEST__INIT;
    struct directory_account f = {0};
    r.name = "import";
    /* create 1 */
    assert_refused(run(b, directory_decide_create_token, &f, &r), b, REFUSAL_NOT_FOUND, "user_id");
    f.user = &gone;
    assert_refused(run(b, directory_decide_create_token, &f, &r), b, REFUSAL_FAILED_PRECONDITION, "user_id");
    /* create 2 */
    for (size_t i = 0; i < DIRECTORY_TOKENS_MAX; i++)
        many[i] = &token;
    f = (struct directory_account){.user = &rep, .credentials = many, .n_credentials = DIRECTORY_TOKENS_MAX};
    assert_refused(run(b, directory_decide_create_token, &f, &r), b, REFUSAL_RESOURCE_EXHAUSTED, "user_id");
    f.n_credentials--;
    assert_true(run(b, directory_decide_create_token, &f, &r));
    const Baton__CreateTokenResponse *reply = (const Baton__CreateTokenResponse *)b->out.reply;
    assert_opens(issued(b, 0), reply->token);
    assert_string_equal(issued(b, 0)->id, reply->token_id);
    assert_string_equal(issued(b, 0)->name, "import");
    assert_false(issued(b, 0)->has_expires_us);
    /* revoke 1 */
    assert_refused(run(b, directory_decide_revoke_token, NULL, NULL), b, REFUSAL_NOT_FOUND, "token_id");
    assert_refused(run(b, directory_decide_revoke_token, &session, NULL), b, REFUSAL_NOT_FOUND, "token_id");
    assert_true(run(b, directory_decide_revoke_token, &token, NULL));
    assert_string_equal(revoked(b, 0), ID(4));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boot),           cmocka_unit_test(test_expired),
        cmocka_unit_test(test_sign_in),        cmocka_unit_test(test_sign_in_too_often),
        cmocka_unit_test(test_sign_out),       cmocka_unit_test(test_update_profile),
        cmocka_unit_test(test_password_check), cmocka_unit_test(test_deactivate),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
