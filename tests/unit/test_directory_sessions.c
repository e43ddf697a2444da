/* Being signed in: what is kept of a session, what is written of its use, and its end from elsewhere. */
#include <stdlib.h>

#include "services/directory/rows.h"
#include "tests/unit/directory_bench.h"

enum { ADMIN = BATON__ROLE__ROLE_ADMIN, REP = BATON__ROLE__ROLE_REP };
static const int64_t SECOND = 1000000, HOUR = INT64_C(3600) * 1000000;

/* A session knows what signed in, and that it is used in the hour in which it begins. */
static void test_a_new_session(void **state)
{
    struct bench *b = *state;
    Baton__User u = user(ID(1), REP, ACTIVE);
    Baton__SignInRequest r = BATON__SIGN_IN_REQUEST__INIT;
    const struct directory_hashing right = {.verified = true, .stored = "h1"};
    const struct directory_account f = {.user = &u, .password_hash = "h1"};
    b->actor = (Baton__Actor)BATON__ACTOR__INIT;
    r.user_agent = "  Firefox ";
    assert_true(run_prepared(b, directory_decide_sign_in, &f, &r, &right));
    assert_string_equal(issued(b, 0)->user_agent, "Firefox");
    assert_int_equal(timestamp_us(issued(b, 0)->last_used_at), NOW - NOW % HOUR);
    r.user_agent = NULL;
    assert_true(run_prepared(b, directory_decide_sign_in, &f, &r, &right));
    assert_null(issued(b, 0)->user_agent);
}

static void test_end_one(void **state)
{
    struct bench *b = *state;
    Baton__User u = user(ID(1), REP, ACTIVE);
    Baton__Credential session = credential(ID(7), SESSION), token = credential(ID(8), TOKEN);
    Baton__Credential *is_session[] = {&session}, *is_token[] = {&token};
    Baton__EndSessionRequest r = BATON__END_SESSION_REQUEST__INIT;
    struct directory_account f = {.user = &u, .credentials = is_session, .n_credentials = 1}, none = {0};
    const Baton__Actor own = actor(ID(1), REP, ID(9)), other = actor(ID(2), REP, ID(9)),
                       admin = actor(ID(3), ADMIN, ID(9));
    b->actor = own;
    /* 1 */
    assert_refused(run(b, directory_decide_end_session, &none, &r), b, REFUSAL_INVALID_ARGUMENT,
                   "session_id");
    r.session_id = ID(7);
    r.user_id = ID(1);
    assert_refused(run(b, directory_decide_end_session, &f, &r), b, REFUSAL_INVALID_ARGUMENT, "session_id");
    r.user_id = NULL;
    /* 2 */
    assert_refused(run(b, directory_decide_end_session, &none, &r), b, REFUSAL_NOT_FOUND, "session_id");
    b->actor = other;
    assert_refused(run(b, directory_decide_end_session, &f, &r), b, REFUSAL_NOT_FOUND, "session_id");
    f.credentials = is_token;
    b->actor = admin;
    assert_refused(run(b, directory_decide_end_session, &f, &r), b, REFUSAL_NOT_FOUND, "session_id");
    f.credentials = is_session;
    const Baton__Actor may[] = {own, admin};
    for (size_t i = 0; i < 2; i++) {
        b->actor = may[i];
        assert_true(run(b, directory_decide_end_session, &f, &r));
        assert_string_equal(revoked(b, 0), ID(7));
        assert_int_equal(((Baton__EndSessionResponse *)b->out.reply)->ended, 1);
    }
}

static void test_end_all(void **state)
{
    struct bench *b = *state;
    Baton__User u = user(ID(1), REP, ACTIVE);
    Baton__Credential all[] = {credential(ID(5), SESSION), credential(ID(6), TOKEN),
                               credential(ID(7), SESSION), credential(ID(8), SETUP)};
    Baton__Credential *list[] = {&all[0], &all[1], &all[2], &all[3]};
    Baton__EndSessionRequest r = BATON__END_SESSION_REQUEST__INIT;
    const struct directory_account f = {.user = &u, .credentials = list, .n_credentials = 4}, none = {0};
    r.user_id = ID(1);
    /* 2 */
    b->actor = actor(ID(2), REP, ID(9));
    assert_refused(run(b, directory_decide_end_session, &f, &r), b, REFUSAL_PERMISSION_DENIED, "user_id");
    b->actor = actor(ID(3), ADMIN, ID(9));
    assert_refused(run(b, directory_decide_end_session, &none, &r), b, REFUSAL_NOT_FOUND, "user_id");
    assert_true(run(b, directory_decide_end_session, &f, &r));
    assert_int_equal(b->out.n_events, 2);
    /* 3 */
    b->actor = actor(ID(1), REP, ID(7));
    assert_true(run(b, directory_decide_end_session, &f, &r));
    assert_int_equal(b->out.n_events, 1);
    assert_string_equal(revoked(b, 0), ID(5));
}

/* Once an hour and credential, a minute later at the latest. */
static void test_uses(void **state)
{
    struct bench *b = *state;
    void *uses = directory_uses_new();
    struct load l = {.arena = b->arena, .state = uses, .now_us = NOW};
    Baton__Credential c = credential(ID(7), SESSION), known = credential(ID(8), SESSION);
    known.last_used_at = timestamp_of(b->arena, NOW - NOW % HOUR);
    /* 2 */
    directory_used(&l, &known);
    assert_int_equal(directory_uses_due(uses), 0);
    directory_used(&l, &c);
    directory_used(&l, &c);
    /* 1 */
    assert_int_equal(directory_uses_due(uses), NOW + 60 * SECOND);
    const Baton__CredentialsUsed *e = directory_load_uses(&l, NULL);
    assert_int_equal(e->n_credential_ids, 1);
    assert_string_equal(e->credential_ids[0], ID(7));
    assert_int_equal(timestamp_us(e->used_at), NOW - NOW % HOUR);
    directory_uses_written(uses);
    assert_int_equal(directory_uses_due(uses), 0);
    l.now_us += HOUR;
    directory_used(&l, &known);
    assert_int_equal(directory_uses_due(uses), NOW + HOUR + 60 * SECOND);
    /* 3 */
    for (unsigned i = 0; i < DIRECTORY_USES_STEP + 3; i++) {
        c.id = arena_printf(b->arena, "0190a8e2-1111-7000-8000-%012u", i);
        directory_used(&l, &c);
    }
    e = directory_load_uses(&l, NULL);
    assert_int_equal(e->n_credential_ids, DIRECTORY_USES_STEP);
    free(uses);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_session),
        cmocka_unit_test(test_end_one),
        cmocka_unit_test(test_end_all),
        cmocka_unit_test(test_uses),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
