/* What the tests of the directory's decisions share: rows to decide on. */
#ifndef BATON_TESTS_DIRECTORY_BENCH_H
#define BATON_TESTS_DIRECTORY_BENCH_H

#include "base/hash.h"
#include "baton/v1/record.pb-c.h"
#include "services/directory/directory.h"
#include "tests/unit/decide_bench.h"

enum { ACTIVE = BATON__USER_STATUS__USER_STATUS_ACTIVE, INACTIVE = BATON__USER_STATUS__USER_STATUS_INACTIVE };
enum {
    SESSION = BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SESSION,
    TOKEN = BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_TOKEN,
    SETUP = BATON__CREDENTIAL_KIND__CREDENTIAL_KIND_SETUP
};

static inline Baton__User user(const char *id, int role, int status)
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

static inline Baton__Credential credential(const char *id, int kind)
{
    Baton__Credential c = BATON__CREDENTIAL__INIT;
    c.id = (char *)id;
    c.user_id = ID(1);
    c.has_kind = true;
    c.kind = kind;
    return c;
}

static inline Baton__Actor actor(const char *user_id, int role, const char *session_id)
{
    Baton__Actor a = BATON__ACTOR__INIT;
    a.user_id = (char *)user_id;
    a.has_role = true;
    a.role = role;
    a.session_id = (char *)session_id;
    return a;
}

static inline const Baton__Credential *issued(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_CREDENTIAL_ISSUED);
    return b->out.events[i]->credential_issued->credential;
}

static inline const char *revoked(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_CREDENTIAL_REVOKED);
    return b->out.events[i]->credential_revoked->credential_id;
}

static inline const Baton__Record *changed(const struct bench *b, size_t i)
{
    assert_true(i < b->out.n_events);
    assert_int_equal(b->out.events[i]->event_case, BATON__EVENT__EVENT_RECORD_CHANGED);
    return b->out.events[i]->record_changed->record;
}

/* What was issued is found by the hash of the text that was given out. */
static inline void assert_opens(const Baton__Credential *c, const char *text)
{
    char hash[HASH_TEXT_SIZE];
    assert_int_equal(strlen(text), 64);
    hash_text(hash, text);
    assert_string_equal(c->secret_hash, hash);
}

static inline Baton__Organisation organisation(void)
{
    Baton__Organisation o = BATON__ORGANISATION__INIT;
    o.id = ID(9);
    o.name = "Headquarters";
    o.time_zone = "UTC";
    o.last_resort_user_id = ID(1);
    return o;
}

#endif
