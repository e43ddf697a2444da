/* Tokens and cookies to people: a bounded table of what the directory said. */
#include "auth.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "baton/v1/directory.pb-c.h"
#include "head.h"

enum { BUCKETS = 16384, TOKEN_MAX = 512, COOKIE_SIZE = TOKEN_MAX + 100 };

static const char COOKIE_NAME[] = "baton_session";

struct waiter {
    auth_fn *done;
    void *arg;
    struct waiter *next;
};

/* In one of three states: asked for, known (somebody or nobody), or forgotten while it was asked for. */
struct entry {
    struct auth *auth;
    char token_hash[HASH_TEXT_SIZE];
    bool is_asked, is_forgotten;
    struct who who; /* role UNSPECIFIED: nobody */
    int64_t known_us;
    struct waiter *waiters;
    LIST_ENTRY(entry) bucket;
    TAILQ_ENTRY(entry) age; /* only while it is known */
};

struct auth {
    struct gateway *gateway;
    LIST_HEAD(, entry) buckets[BUCKETS];
    TAILQ_HEAD(, entry) known; /* oldest first */
    size_t n_entries;
};

struct auth *auth_new(struct gateway *g)
{
    struct auth *a = calloc(1, sizeof *a);
    assert(a);
    a->gateway = g;
    TAILQ_INIT(&a->known);
    return a;
}

/* The hash is random already: its first digits choose the bucket. */
static size_t bucket_number(const char *token_hash)
{
    char digits[9] = {0};
    memcpy(digits, token_hash, sizeof digits - 1);
    return strtoul(digits, NULL, 16) % BUCKETS;
}

static struct entry *entry_find(struct auth *a, const char *token_hash)
{
    struct entry *e;
    LIST_FOREACH(e, &a->buckets[bucket_number(token_hash)], bucket)
    if (strcmp(e->token_hash, token_hash) == 0)
        return e;
    return NULL;
}

static void entry_remove(struct auth *a, struct entry *e)
{
    assert(!e->is_asked);
    LIST_REMOVE(e, bucket);
    TAILQ_REMOVE(&a->known, e, age);
    a->n_entries--;
    free(e);
}

void auth_free(struct auth *a)
{
    if (!a)
        return;
    for (struct entry *e; (e = TAILQ_FIRST(&a->known)) != NULL;)
        entry_remove(a, e);
    assert(a->n_entries == 0);
    free(a);
}

/* NULL: every place is taken by one that is being asked for. */
static struct entry *entry_new(struct auth *a, const char *token_hash)
{
    if (a->n_entries >= AUTH_ENTRIES_MAX && !TAILQ_EMPTY(&a->known))
        entry_remove(a, TAILQ_FIRST(&a->known));
    if (a->n_entries >= AUTH_ENTRIES_MAX)
        return NULL;
    struct entry *e = calloc(1, sizeof *e);
    assert(e);
    e->auth = a;
    e->is_asked = true;
    memcpy(e->token_hash, token_hash, HASH_TEXT_SIZE);
    LIST_INSERT_HEAD(&a->buckets[bucket_number(token_hash)], e, bucket);
    a->n_entries++;
    return e;
}

/* --- asking the directory --- */

static bool take_text(char out[IDENT_TEXT_SIZE], const char *text)
{
    int n = snprintf(out, IDENT_TEXT_SIZE, "%s", text ? text : "");
    return n >= 0 && n < IDENT_TEXT_SIZE;
}

static bool read_answer(struct entry *e, struct bytes body, struct refusal *no)
{
    struct arena *arena = e->auth->gateway->arena;
    arena_reset(arena);
    const Baton__AuthenticateResponse *answer = (const Baton__AuthenticateResponse *)schema_unpack(
        schema_message(&baton__authenticate_response__descriptor), body, arena);
    const Baton__Actor *actor = answer ? answer->actor : NULL;
    if (!actor || !actor->has_role || actor->role == BATON__ROLE__ROLE_UNSPECIFIED ||
        !take_text(e->who.user_id, actor->user_id) || !take_text(e->who.session_id, actor->session_id))
        return refuse(no, REFUSAL_INTERNAL, NULL, "the directory's answer makes no sense");
    e->who.role = actor->role;
    return true;
}

/* No such token: that is an answer, too. Anything else is not remembered. */
static bool is_answer(const struct refusal *no)
{
    return no->code == REFUSAL_UNAUTHENTICATED || no->code == REFUSAL_NOT_FOUND ||
           no->code == REFUSAL_PERMISSION_DENIED;
}

static bool refuse_nobody(struct refusal *no)
{
    return refuse(no, REFUSAL_UNAUTHENTICATED, NULL, "this session or token is not valid (any more)");
}

static void tell_waiters(struct entry *e, const struct who *who, const struct refusal *no)
{
    for (struct waiter *w; (w = e->waiters) != NULL;) {
        e->waiters = w->next;
        w->done(w->arg, who, no);
        free(w);
    }
}

/* While waiters are told, new ones may come; they are told the same. */
static void on_answer(void *arg, const struct refusal *why, struct bytes body)
{
    struct entry *e = arg;
    struct auth *a = e->auth;
    struct refusal no = {0};
    bool is_known = !why && read_answer(e, body, &no);
    if (why)
        no = *why;
    bool is_final = is_known || is_answer(&no);
    if (is_final && !is_known)
        (void)refuse_nobody(&no);
    tell_waiters(e, is_known ? &e->who : NULL, is_known ? NULL : &no);
    e->is_asked = false;
    e->known_us = gateway_now_us();
    TAILQ_INSERT_TAIL(&a->known, e, age);
    if (!is_final || e->is_forgotten)
        entry_remove(a, e);
}

static bool ask(struct entry *e, struct refusal *no)
{
    struct gateway *g = e->auth->gateway;
    Baton__AuthenticateRequest request = BATON__AUTHENTICATE_REQUEST__INIT;
    request.secret_hash = e->token_hash;
    arena_reset(g->arena);
    const struct call call = {.service = "directory",
                              .method = "DirectoryService/Authenticate",
                              .actor = gateway_self(),
                              .body = schema_pack(&request.base, g->arena)};
    e->who = (struct who){0};
    e->is_asked = true;
    e->is_forgotten = false;
    return client_call(g->client, &call, on_answer, e, no);
}

static void wait_for(struct entry *e, auth_fn *done, void *arg)
{
    struct waiter *w = malloc(sizeof *w);
    assert(w);
    *w = (struct waiter){done, arg, e->waiters};
    e->waiters = w;
}

void auth_check(struct auth *a, const char *token_hash, int64_t age_us, auth_fn *done, void *arg)
{
    struct refusal no = {0};
    struct entry *e = entry_find(a, token_hash);
    if (e && !e->is_asked && gateway_now_us() - e->known_us <= age_us) {
        const struct who who = e->who; /* `done` may make us forget it */
        bool is_known = who.role != BATON__ROLE__ROLE_UNSPECIFIED || refuse_nobody(&no);
        return done(arg, is_known ? &who : NULL, is_known ? NULL : &no);
    }
    if (e && e->is_asked && !e->is_forgotten)
        return wait_for(e, done, arg);
    if (e && e->is_asked)
        (void)refuse_nobody(&no); /* it is just being ended */
    else if (!e && !(e = entry_new(a, token_hash)))
        (void)refuse(&no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "too many are signing in; try again");
    else {
        if (e->known_us)
            TAILQ_REMOVE(&a->known, e, age);
        if (ask(e, &no))
            return wait_for(e, done, arg);
        e->is_asked = false;
        TAILQ_INSERT_TAIL(&a->known, e, age);
        entry_remove(a, e);
    }
    done(arg, NULL, &no);
}

void auth_forget(struct auth *a, const char *token_hash)
{
    struct entry *e = entry_find(a, token_hash);
    if (e && e->is_asked)
        e->is_forgotten = true;
    else if (e)
        entry_remove(a, e);
}

/* --- requests --- */

/* What a browser sends by itself proves nothing about who made it send: a page of another site must not. */
static bool check_site(const struct request *r, struct refusal *no)
{
    if (!head_same_site(request_header(r, "Sec-Fetch-Site"), request_header(r, "Origin"),
                        request_header(r, "Host"), r->gateway->public_url))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL,
                      "a session's cookie is only for Baton's own pages");
    const char *version = request_header(r, "Connect-Protocol-Version");
    if (strcmp(r->verb, "POST") == 0 && (!version || strcmp(version, "1") != 0))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL,
                      "with a session's cookie, send the header Connect-Protocol-Version: 1");
    return true;
}

static bool find_token(struct request *r, struct refusal *no)
{
    const char *header = request_header(r, "Authorization"), *token = head_bearer(header);
    if (!header) {
        token = MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, COOKIE_NAME);
        r->by_cookie = token && *token;
    }
    if (!token || !*token || strlen(token) > TOKEN_MAX)
        return refuse(no, REFUSAL_UNAUTHENTICATED, NULL, "sign in first, or send a token");
    hash_text(r->token_hash, token);
    return !r->by_cookie || check_site(r, no);
}

static void on_checked(void *arg, const struct who *who, const struct refusal *no)
{
    struct request *r = arg;
    if (no) {
        answer_refusal(r, no);
        return;
    }
    r->who = *who;
    r->next(r);
}

void auth_request(struct request *r, request_fn *next)
{
    struct refusal no;
    r->next = next;
    if (find_token(r, &no))
        auth_check(r->gateway->auth, r->token_hash, AUTH_AGE_US, on_checked, r);
    else
        answer_refusal(r, &no);
}

void auth_set_cookie(struct gateway *g, struct MHD_Response *response, const char *token)
{
    char cookie[COOKIE_SIZE];
    bool is_https = g->public_url && strncmp(g->public_url, "https://", 8) == 0;
    int n = snprintf(cookie, sizeof cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", COOKIE_NAME,
                     token ? token : "", is_https ? "; Secure" : "", token ? "" : "; Max-Age=0");
    assert(n > 0 && (size_t)n < sizeof cookie);
    MHD_add_response_header(response, "Set-Cookie", cookie);
}
