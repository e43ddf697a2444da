/* The directory's decisions, rule by rule; the numbers are those of the comments in decide*.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/hash.h"
#include "baton/v1/record.pb-c.h"
#include "services/directory/directory.h"

#define ID(n) "0190a8e2-1111-7000-8000-00000000000" #n
#define NOW   INT64_C(1780000000000000)

enum { ACTIVE = BATON__USER_STATUS__USER_STATUS_ACTIVE, INACTIVE = BATON__USER_STATUS__USER_STATUS_INACTIVE };
enum {
    SESSION = BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION,
    TOKEN = BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN,
    SETUP = BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SETUP
};

/* One decision's surroundings, made anew for each. */
struct bench {
    struct arena *arena;
    struct ident_source ids;
    struct stamp stamp;
    struct outcome out;
    Baton__Actor actor;
};

static int setup(void **state)
{
    static struct bench bench;
    schema_load();
    bench.arena = arena_new(8 << 20);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static bool run(struct bench *b, decide_fn *decide, const void *facts, const void *request,
                const void *prepared)
{
    const struct command c = {.request = request, .actor = &b->actor, .prepared = prepared};
    memset(&b->out, 0, sizeof b->out);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = NOW, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    memset(b->stamp.random, 0x5a, sizeof b->stamp.random);
    return decide(facts, &c, &b->stamp, &b->out);
}

static bool check(struct bench *b, record_check_fn *fn, const void *facts, const void *before, void *after)
{
    memset(&b->out, 0, sizeof b->out);
    b->out.arena = b->arena;
    b->stamp = (struct stamp){.now_us = NOW, .actor = &b->actor, .ids = &b->ids, .arena = b->arena};
    return fn(facts, before, after, &b->stamp, &b->out);
}

static void assert_refused(bool ok, const struct bench *b, enum refusal_code code, const char *field)
{
    assert_false(ok);
    assert_int_equal(b->out.no.code, code);
    assert_string_equal(b->out.no.field, field);
}

static Baton__User user(const char *id, int role, int status)
{
    Baton__User u = BATON__USER__INIT;
    u.id = (char *)id;
    u.email = "a@b.example";
    u.name = "Anna";
    u.has_role = u.has_status = true;
    u.role = role;
    u.status = status;
    u.has_revision = true;
    u.revision = 1;
    return u;
}

static Baton__Credential credential(const char *id, int kind)
{
    Baton__Credential c = BATON__CREDENTIAL__INIT;
    c.id = (char *)id;
    c.user_id = ID(1);
    c.has_kind = true;
    c.kind = kind;
    return c;
}

static Baton__Actor actor(const char *user_id, int role, const char *session_id)
{
    Baton__Actor a = BATON__ACTOR__INIT;
    a.user_id = (char *)user_id;
    a.has_role = true;
    a.role = role;
    a.session_id = (char *)session_id;
    return a;
}

static const Baton__Credential *issued(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_CREDENTIAL_ISSUED);
    return b->out.events[i]->credential_issued->credential;
}

static const char *revoked(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_CREDENTIAL_REVOKED);
    return b->out.events[i]->credential_revoked->credential_id;
}

static const Baton__Record *changed(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_RECORD_CHANGED);
    return b->out.events[i]->record_changed->record;
}

/* What was issued is found by the hash of the text that was given out. */
static void assert_opens(const Baton__Credential *c, const char *text)
{
    char hash[HASH_TEXT_SIZE];
    assert_int_equal(strlen(text), 64);
    hash_text(hash, text);
    assert_string_equal(c->secret_hash, hash);
}

static void test_boot(void **state)
{
    struct bench *b = *state;
    struct directory_state f = {0};
    const struct directory_boot boot = {"aa", "bb"}, done = {"aa", ""};
    b->actor = actor(NULL, BATON__ROLE__ROLE_SYSTEM, NULL);
    /* 1, 2, 3: the first start makes administrator, organisation, token and set-up link */
    assert_true(run(b, directory_decide_boot, &f, NULL, &boot));
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
    assert_true(run(b, directory_decide_boot, &f, NULL, NULL));
    assert_int_equal(b->out.n_events, 2);
    /* 2: a new token file is known from then on; 3: a known set-up link is not issued again */
    Baton__User first = user(ID(1), BATON__ROLE__ROLE_ADMIN, INACTIVE);
    Baton__User now = user(ID(2), BATON__ROLE__ROLE_ADMIN, ACTIVE);
    f = (struct directory_state){
        .organisation = o, .administrator = &first, .active_admin = &now, .setup_token_known = true};
    assert_true(run(b, directory_decide_boot, &f, NULL, &boot));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(issued(b, 0)->user_id, ID(2));
    /* 3: nor is another once set-up is complete */
    f.admin_token_known = true;
    f.setup_token_known = false;
    f.administrator_has_password = true;
    assert_true(run(b, directory_decide_boot, &f, NULL, &boot));
    assert_int_equal(b->out.n_events, 0);
    f.administrator_has_password = false;
    assert_true(run(b, directory_decide_boot, &f, NULL, &done));
    assert_int_equal(b->out.n_events, 0);
}

static void test_expired(void **state)
{
    struct bench *b = *state;
    Baton__Credential c = credential(ID(7), SESSION);
    assert_true(run(b, directory_decide_expired, NULL, &c, NULL));
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
        bool ok = run(b, directory_decide_sign_in, &f, &r, rows[i].h);
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
    Baton__User u = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE);
    Baton__Credential all[DIRECTORY_SESSIONS_MAX + 1], *list[DIRECTORY_SESSIONS_MAX + 1];
    const struct directory_hashing right = {.verified = true, .stored = "h1"};
    for (size_t i = 0; i <= DIRECTORY_SESSIONS_MAX; i++) {
        all[i] = credential(i == 0 ? ID(2) : i == 1 ? ID(3) : ID(4), i == 0 ? TOKEN : SESSION);
        list[i] = &all[i];
    }
    struct directory_account f = {
        .user = &u, .password_hash = "h1", .credentials = list, .n_credentials = DIRECTORY_SESSIONS_MAX};
    assert_true(run(b, directory_decide_sign_in, &f, NULL, &right));
    assert_int_equal(b->out.n_events, 1);
    f.n_credentials++;
    assert_true(run(b, directory_decide_sign_in, &f, NULL, &right));
    assert_int_equal(b->out.n_events, 2);
    assert_string_equal(revoked(b, 0), ID(3));
}

static void test_sign_out(void **state)
{
    struct bench *b = *state;
    Baton__Credential session = credential(ID(7), SESSION), token = credential(ID(8), TOKEN);
    /* 1 */
    assert_true(run(b, directory_decide_sign_out, NULL, NULL, NULL));
    assert_int_equal(b->out.n_events, 0);
    /* 2 */
    assert_refused(run(b, directory_decide_sign_out, &token, NULL, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    assert_true(run(b, directory_decide_sign_out, &session, NULL, NULL));
    assert_string_equal(revoked(b, 0), ID(7));
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
        bool ok = run(b, directory_decide_set_password, &f, &r, rows[i].h);
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
    assert_true(run(b, directory_decide_set_password, &f, &r, &h));
    assert_int_equal(b->out.n_events, 3);
    assert_int_equal(b->out.events[0]->event_case, BATON__EVENT__EVENT_PASSWORD_SET);
    assert_string_equal(b->out.events[0]->password_set->hash, "new");
    assert_string_equal(revoked(b, 1), ID(3));
    assert_string_equal(revoked(b, 2), ID(6));
}

static Baton__Organisation organisation(void)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    o.id = ID(9);
    o.name = "Headquarters";
    o.time_zone = "UTC";
    o.last_resort_user_id = ID(1);
    return o;
}

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
        assert_refused(run(b, directory_decide_setup, &f, &r, prepared), b, code, field);
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
    assert_true(run(b, directory_decide_setup, &f, &r, &h));
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
    assert_true(run(b, directory_decide_setup, &f, &r, &h));
    assert_int_equal(b->out.n_events, 4);
}

static void test_deactivate(void **state)
{
    struct bench *b = *state;
    Baton__User rep = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE),
                admin = user(ID(1), BATON__ROLE__ROLE_ADMIN, ACTIVE),
                gone = user(ID(1), BATON__ROLE__ROLE_REP, INACTIVE);
    Baton__Credential all[] = {credential(ID(3), SESSION), credential(ID(4), TOKEN)},
                      *list[] = {&all[0], &all[1]};
    struct directory_account f = {0};
    /* 1 */
    assert_refused(run(b, directory_decide_deactivate, &f, NULL, NULL), b, REFUSAL_NOT_FOUND, "user_id");
    /* 2 */
    f = (struct directory_account){.user = &gone, .is_last_resort = true};
    assert_true(run(b, directory_decide_deactivate, &f, NULL, NULL));
    assert_int_equal(b->out.n_events, 0);
    /* 3 */
    f.user = &rep;
    assert_refused(run(b, directory_decide_deactivate, &f, NULL, NULL), b, REFUSAL_FAILED_PRECONDITION,
                   "user_id");
    /* 4 */
    f = (struct directory_account){.user = &admin};
    assert_refused(run(b, directory_decide_deactivate, &f, NULL, NULL), b, REFUSAL_FAILED_PRECONDITION,
                   "user_id");
    f.other_admin = true;
    assert_true(run(b, directory_decide_deactivate, &f, NULL, NULL));
    /* 5 */
    f = (struct directory_account){.user = &rep, .credentials = list, .n_credentials = 2};
    assert_true(run(b, directory_decide_deactivate, &f, NULL, NULL));
    assert_int_equal(b->out.n_events, 3);
    assert_int_equal(changed(b, 0)->user->status, INACTIVE);
    assert_string_equal(revoked(b, 1), ID(3));
    assert_string_equal(revoked(b, 2), ID(4));
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
    assert_refused(run(b, directory_decide_create_token, &f, &r, NULL), b, REFUSAL_NOT_FOUND, "user_id");
    f.user = &gone;
    assert_refused(run(b, directory_decide_create_token, &f, &r, NULL), b, REFUSAL_FAILED_PRECONDITION,
                   "user_id");
    /* create 2 */
    for (size_t i = 0; i < DIRECTORY_TOKENS_MAX; i++)
        many[i] = &token;
    f = (struct directory_account){.user = &rep, .credentials = many, .n_credentials = DIRECTORY_TOKENS_MAX};
    assert_refused(run(b, directory_decide_create_token, &f, &r, NULL), b, REFUSAL_RESOURCE_EXHAUSTED,
                   "user_id");
    f.n_credentials--;
    assert_true(run(b, directory_decide_create_token, &f, &r, NULL));
    const Baton__CreateTokenResponse *reply = (const Baton__CreateTokenResponse *)b->out.reply;
    assert_opens(issued(b, 0), reply->token);
    assert_string_equal(issued(b, 0)->id, reply->token_id);
    assert_string_equal(issued(b, 0)->name, "import");
    assert_false(issued(b, 0)->has_expires_us);
    /* revoke 1 */
    assert_refused(run(b, directory_decide_revoke_token, NULL, NULL, NULL), b, REFUSAL_NOT_FOUND, "token_id");
    assert_refused(run(b, directory_decide_revoke_token, &session, NULL, NULL), b, REFUSAL_NOT_FOUND,
                   "token_id");
    assert_true(run(b, directory_decide_revoke_token, &token, NULL, NULL));
    assert_string_equal(revoked(b, 0), ID(4));
}

static void test_organisation(void **state)
{
    struct bench *b = *state;
    Baton__User active = user(ID(1), BATON__ROLE__ROLE_REP, ACTIVE),
                gone = user(ID(1), BATON__ROLE__ROLE_REP, INACTIVE);
    Baton__WorkingInterval hours = BATON__WORKING_INTERVAL__INIT, *all_hours[] = {&hours};
    Baton__Holiday day = BATON__HOLIDAY__INIT, *days[] = {&day};
    const struct {
        int rule;
        const char *zone;
        uint32_t start, end;
        const char *date;
        bool wanted;
        const Baton__User *last_resort;
        const char *field; /* NULL: fine */
    } rows[] = {
        {1, "Mars/Olympus", 1, 2, "2026-12-25", false, NULL, "time_zone"},
        {1, "Asia/Taipei", 1, 2, "2026-12-25", false, NULL, NULL},
        {2, "UTC", 600, 600, "2026-12-25", false, NULL, "working_hours"},
        {3, "UTC", 1, 2, "2026-02-29", false, NULL, "holidays"},
        {3, "UTC", 1, 2, "2028-02-29", false, NULL, NULL},
        {3, "UTC", 1, 2, "25.12.2026", false, NULL, "holidays"},
        {3, "UTC", 1, 2, NULL, false, NULL, "holidays"},
        {4, "UTC", 1, 2, "2026-12-25", true, NULL, "last_resort_user_id"},
        {4, "UTC", 1, 2, "2026-12-25", true, &gone, "last_resort_user_id"},
        {4, "UTC", 1, 2, "2026-12-25", true, &active, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Organisation before = organisation(), o = organisation();
        struct directory_organisation_facts f = {rows[i].wanted, rows[i].last_resort};
        o.time_zone = (char *)rows[i].zone;
        hours.start_minute = rows[i].start;
        hours.end_minute = rows[i].end;
        day.date = (char *)rows[i].date;
        o.working_hours = all_hours;
        o.holidays = days;
        o.n_working_hours = o.n_holidays = 1;
        bool ok = check(b, directory_check_organisation, &f, &before, &o);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
    }
}

static void test_user(void **state)
{
    struct bench *b = *state;
    const int REP = BATON__ROLE__ROLE_REP, ADMIN = BATON__ROLE__ROLE_ADMIN;
    Baton__User admin = user(ID(1), ADMIN, ACTIVE), gone = user(ID(1), ADMIN, INACTIVE);
    const struct {
        int rule;
        const Baton__User *before;
        const char *email, *zone;
        uint32_t end_minute;
        int64_t absent_us;
        int role;
        struct directory_user_facts f;
        const char *field; /* NULL: fine */
    } rows[] = {
        {3, NULL, NULL, NULL, 2, 1, REP, {0}, "email"},
        {3, NULL, "anna", NULL, 2, 1, REP, {0}, "email"},
        {3, NULL, " Anna@ACME.example ", NULL, 2, 1, REP, {0}, NULL},
        {3, NULL, "a@b.example", NULL, 2, 1, REP, {.email_owner_id = ID(1)}, "email"},
        {3, &admin, "a@b.example", NULL, 2, 1, ADMIN, {.email_owner_id = ID(1)}, NULL},
        {3, &admin, "a@b.example", NULL, 2, 1, ADMIN, {.email_owner_id = ID(2)}, "email"},
        {4, NULL, "a@b.example", "Nowhere", 2, 1, REP, {0}, "time_zone"},
        {4, NULL, "a@b.example", "Europe/Paris", 2, 1, REP, {0}, NULL},
        {5, NULL, "a@b.example", NULL, 1, 1, REP, {0}, "working_hours"},
        {6, NULL, "a@b.example", NULL, 2, 0, REP, {0}, "absences"},
        {7, NULL, "a@b.example", NULL, 2, 1, BATON__ROLE__ROLE_SYSTEM, {0}, "role"},
        {7, NULL, "a@b.example", NULL, 2, 1, BATON__ROLE__ROLE_UNSPECIFIED, {0}, "role"},
        {8, &admin, "a@b.example", NULL, 2, 1, REP, {0}, "role"},
        {8, &admin, "a@b.example", NULL, 2, 1, ADMIN, {0}, NULL},
        {8, &admin, "a@b.example", NULL, 2, 1, REP, {.other_admin = true}, NULL},
        {8, &gone, "a@b.example", NULL, 2, 1, REP, {0}, NULL},
        {9, NULL, "a@b.example", NULL, 2, 1, REP, {.missing_team_id = ID(3)}, "team_id"},
        {9, NULL, "a@b.example", NULL, 2, 1, REP, {.missing_territory_id = ID(3)}, "territory_ids"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__User u = user(rows[i].before ? ID(1) : NULL, rows[i].role, INACTIVE);
        Baton__WorkingInterval hours = BATON__WORKING_INTERVAL__INIT, *all_hours[] = {&hours};
        Baton__Absence absence = BATON__ABSENCE__INIT, *absences[] = {&absence};
        hours.start_minute = 1;
        hours.end_minute = rows[i].end_minute;
        absence.start_at = timestamp_of(b->arena, NOW);
        absence.end_at = timestamp_of(b->arena, NOW + rows[i].absent_us);
        u.email = (char *)rows[i].email;
        u.time_zone = (char *)rows[i].zone;
        u.working_hours = all_hours;
        u.absences = absences;
        u.n_working_hours = u.n_absences = 1;
        bool ok = check(b, directory_check_user, &rows[i].f, rows[i].before, &u);
        assert_int_equal(ok, rows[i].field == NULL);
        assert_string_equal(b->out.no.field, rows[i].field ? rows[i].field : "");
        /* 2: status is what it was, or active */
        assert_int_equal(u.status, rows[i].before ? rows[i].before->status : ACTIVE);
        if (rows[i].rule == 3 && ok && !rows[i].before)
            assert_string_equal(u.email, "anna@acme.example");
    }
    /* 1 */
    const struct directory_user_facts none = {0};
    assert_refused(check(b, directory_check_user, &none, &admin, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
}

static void test_team(void **state)
{
    struct bench *b = *state;
    Baton__Team team = BATON__TEAM__INIT;
    team.id = ID(1);
    struct directory_team_facts f = {.has_members = true};
    /* 1 */
    assert_refused(check(b, directory_check_team, &f, &team, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_team_facts){.has_children = true};
    assert_refused(check(b, directory_check_team, &f, &team, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_team_facts){0};
    assert_true(check(b, directory_check_team, &f, &team, NULL));
    /* 2 */
    f.missing_manager_id = ID(5);
    assert_refused(check(b, directory_check_team, &f, NULL, &team), b, REFUSAL_FAILED_PRECONDITION,
                   "manager_id");
    /* 3 */
    f = (struct directory_team_facts){.parents = {.wanted = true}};
    assert_refused(check(b, directory_check_team, &f, &team, &team), b, REFUSAL_NOT_FOUND, "parent_id");
    f.parents = (struct directory_chain){true, {ID(2), ID(3), ID(1)}, 3};
    assert_refused(check(b, directory_check_team, &f, &team, &team), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
    f.parents.n = 2;
    assert_true(check(b, directory_check_team, &f, &team, &team));
    for (f.parents.n = 0; f.parents.n < DIRECTORY_DEPTH_MAX; f.parents.n++)
        f.parents.ids[f.parents.n] = ID(2);
    assert_refused(check(b, directory_check_team, &f, NULL, &team), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
    f.parents.n--;
    assert_true(check(b, directory_check_team, &f, NULL, &team));
}

static void test_territory(void **state)
{
    struct bench *b = *state;
    Baton__Territory t = BATON__TERRITORY__INIT;
    t.id = ID(1);
    struct directory_territory_facts f = {.has_users = true};
    /* 1 */
    assert_refused(check(b, directory_check_territory, &f, &t, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_territory_facts){.has_children = true};
    assert_refused(check(b, directory_check_territory, &f, &t, NULL), b, REFUSAL_FAILED_PRECONDITION, "");
    f = (struct directory_territory_facts){0};
    assert_true(check(b, directory_check_territory, &f, &t, NULL));
    /* 2 */
    assert_refused(check(b, directory_check_territory, &f, NULL, &t), b, REFUSAL_INVALID_ARGUMENT, "kind");
    t.kind = BATON__TERRITORY_KIND__TERRITORY_KIND_REGION;
    assert_true(check(b, directory_check_territory, &f, NULL, &t));
    /* 3 */
    f.parents = (struct directory_chain){true, {ID(1)}, 1};
    assert_refused(check(b, directory_check_territory, &f, &t, &t), b, REFUSAL_FAILED_PRECONDITION,
                   "parent_id");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boot),
        cmocka_unit_test(test_expired),
        cmocka_unit_test(test_sign_in),
        cmocka_unit_test(test_sign_in_too_often),
        cmocka_unit_test(test_sign_out),
        cmocka_unit_test(test_password_check),
        cmocka_unit_test(test_set_password_refused),
        cmocka_unit_test(test_set_password),
        cmocka_unit_test(test_setup_refused),
        cmocka_unit_test(test_setup),
        cmocka_unit_test(test_deactivate),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_organisation),
        cmocka_unit_test(test_user),
        cmocka_unit_test(test_team),
        cmocka_unit_test(test_territory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
