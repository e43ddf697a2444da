/* The follower's side of following a log. The other side is in service/publish.c. */
#include "bus/follow.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/envelope.h"

struct follow {
    struct world *world;
    char service[32], follower[32];
    struct port *port;
    follow_record_fn *record;
    void *arg;
    struct cursor at; /* newest record handed on */
    bool placed;      /* `at` is known: a cursor was given or a first answer came */
    bool from_head;
    bool caught_up;
    unsigned rewinds;
    uint64_t number; /* of the last asking; answers to older ones are ignored */
    uint64_t head;
    int64_t heard_us; /* when something arrived last */
    int64_t asked_us;
    size_t owed_bytes; /* handed on, not yet given back as credit */
    char stopped[SCHEMA_TEXT_MAX];
    bool is_lost;
    struct follow_lost lost;
    struct arena *arena;
};

static void ask(struct follow *f)
{
    Baton__Follow m = BATON__FOLLOW__INIT;
    m.has_credit_bytes = true;
    m.credit_bytes = FOLLOW_CREDIT_BYTES;
    m.follower = f->follower[0] ? f->follower : NULL;
    if (f->placed) {
        m.has_log_id = m.has_from_seq = m.has_previous_hash = true;
        m.log_id = (ProtobufCBinaryData){LOG_ID_SIZE, f->at.log_id};
        m.from_seq = f->at.at.seq + 1;
        m.previous_hash = (ProtobufCBinaryData){HASH_SIZE, f->at.at.hash};
    } else if (f->from_head) {
        m.has_from_head = m.from_head = true;
    }
    arena_reset(f->arena);
    f->owed_bytes = 0;
    f->asked_us = f->world->ops->wall_us(f->world);
    struct bytes body = schema_pack(&m.base, f->arena);
    struct bytes e =
        envelope_pack(BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW, ++f->number, NULL, body, f->arena);
    /* A full or missing link is not an error here: silence makes us ask again. */
    (void)f->world->ops->send(f->port, NULL, e, body);
}

static void stop(struct follow *f, const char *why)
{
    if (strcmp(f->stopped, why) != 0)
        log_warning("follow", "following %s stands still: %s", f->service, why);
    snprintf(f->stopped, sizeof f->stopped, "%s", why);
}

static const char *reason_of(const Baton__FollowRefused *m)
{
    return m->reason ? m->reason : "it refuses to be followed and does not say why";
}

static struct log_position position_of(uint64_t seq, ProtobufCBinaryData hash)
{
    struct log_position at = {.seq = seq};
    memcpy(at.hash, hash.data, HASH_SIZE);
    return at;
}

/* What is said of the log there stays until it is followed again: the numbers in it move on. */
static void refused(struct follow *f, const Baton__FollowRefused *m)
{
    const char *reason = reason_of(m);
    bool is_lost = m->log_id.len == LOG_ID_SIZE && m->head_hash.len == HASH_SIZE;
    if (!is_lost || !f->is_lost)
        stop(f, reason);
    else
        snprintf(f->stopped, sizeof f->stopped, "%s", reason);
    f->is_lost = is_lost;
    if (!is_lost)
        return;
    f->head = m->head_seq;
    f->lost = (struct follow_lost){.head = position_of(m->head_seq, m->head_hash)};
    memcpy(f->lost.log_id, m->log_id.data, LOG_ID_SIZE);
    f->lost.is_restored = m->restored_hash.len == HASH_SIZE;
    if (f->lost.is_restored)
        f->lost.restored = position_of(m->restored_seq, m->restored_hash);
    f->lost.restored_us = m->restored_at_us;
}

/* The first answer tells where the log begins or, with from_head, where it ends. */
static void place(struct follow *f, const Baton__FollowRecords *m)
{
    memcpy(f->at.log_id, m->log_id.data, LOG_ID_SIZE);
    f->at.at.seq = m->first_seq - 1;
    memcpy(f->at.at.hash, m->previous_hash.data, HASH_SIZE);
    f->placed = true;
}

static const char *check_next(const struct follow *f, struct bytes stored, uint64_t seq, struct cursor *next)
{
    if (seq != f->at.at.seq + 1)
        return "there is a gap in what it sent";
    return log_check(stored, next->at.hash);
}

static void take_records(struct follow *f, const Baton__FollowRecords *m)
{
    if (m->log_id.len != LOG_ID_SIZE || m->previous_hash.len != HASH_SIZE || m->first_seq == 0)
        return stop(f, "its answer makes no sense");
    /* A later answer would place it behind records that it has never seen. */
    if (!f->placed && !m->begins)
        return ask(f);
    if (!f->placed)
        place(f, m);
    if (memcmp(m->log_id.data, f->at.log_id, LOG_ID_SIZE) != 0)
        return stop(f, "it has another log than the one followed so far");
    f->head = m->head_seq;
    f->stopped[0] = 0;
    f->is_lost = false;
    for (size_t i = 0; i < m->n_records; i++) {
        uint64_t seq = m->first_seq + i;
        struct bytes stored = bytes_of(m->records[i].data, m->records[i].len);
        struct bytes keys = i < m->n_keys ? bytes_of(m->keys[i].data, m->keys[i].len) : bytes_of(NULL, 0);
        if (seq <= f->at.at.seq)
            continue;
        struct cursor next = f->at;
        const char *wrong = check_next(f, stored, seq, &next);
        if (wrong) {
            stop(f, wrong);
            return ask(f);
        }
        next.at.seq = seq;
        f->at = next;
        f->record(f->arg, f, stored, keys, &next);
    }
    if (f->at.at.seq >= f->head)
        f->caught_up = true;
}

static void on_receive(void *arg, const struct peer *from, struct bytes envelope, struct bytes body)
{
    struct follow *f = arg;
    struct refusal no = {0};
    ProtobufCMessage *m = NULL;
    struct arena *a = arena_new(64 << 20);
    Baton__Envelope *e = envelope_decode(envelope, body, a, &no);
    if (!e || e->call != f->number) {
        arena_free(a);
        return;
    }
    f->heard_us = f->world->ops->wall_us(f->world);
    if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW_REFUSED) {
        if (schema_decode(schema_message(&baton__follow_refused__descriptor), body, a, &m, &no))
            refused(f, (const Baton__FollowRefused *)m);
    } else if (e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_RECORDS) {
        m = schema_unpack(schema_message(&baton__follow_records__descriptor), body, a);
        if (m)
            take_records(f, (Baton__FollowRecords *)m);
    }
    arena_free(a);
}

struct follow *follow_new(struct world *w, const char *service, const char *follower,
                          const struct cursor *from, bool from_head, follow_record_fn *record, void *arg)
{
    struct follow *f = calloc(1, sizeof *f);
    assert(f && strlen(service) < sizeof f->service);
    strncpy(f->service, service, sizeof f->service - 1);
    if (follower)
        strncpy(f->follower, follower, sizeof f->follower - 1);
    f->world = w;
    f->record = record;
    f->arg = arg;
    f->from_head = from_head;
    f->arena = arena_new(1 << 16);
    if (from) {
        f->at = *from;
        f->placed = true;
    }
    f->port = w->ops->connect(w, service, on_receive, NULL, f);
    if (f->port)
        return f;
    follow_free(f);
    return NULL;
}

void follow_free(struct follow *f)
{
    if (!f)
        return;
    if (f->port)
        f->world->ops->close(f->port);
    arena_free(f->arena);
    free(f);
}

void follow_done(struct follow *f, size_t bytes)
{
    f->owed_bytes += bytes;
    if (f->owed_bytes < FOLLOW_CREDIT_BYTES / 4)
        return;
    Baton__FollowCredit m = BATON__FOLLOW_CREDIT__INIT;
    m.has_bytes = true;
    m.bytes = f->owed_bytes;
    arena_reset(f->arena);
    struct bytes body = schema_pack(&m.base, f->arena);
    struct bytes e =
        envelope_pack(BATON__ENVELOPE_KIND__ENVELOPE_KIND_CREDIT, f->number, NULL, body, f->arena);
    if (f->world->ops->send(f->port, NULL, e, body))
        f->owed_bytes = 0;
}

void follow_rewind(struct follow *f, const struct cursor *from)
{
    f->placed = from != NULL;
    if (from)
        f->at = *from;
    f->rewinds++;
    f->stopped[0] = 0;
    f->is_lost = false;
    ask(f);
}

unsigned follow_rewinds(const struct follow *f)
{
    return f->rewinds;
}

int64_t follow_turn(struct follow *f)
{
    int64_t now = f->world->ops->wall_us(f->world);
    int64_t latest = f->heard_us > f->asked_us ? f->heard_us : f->asked_us;
    /* Never connected or stopped: faster, so that a start is not a second long. */
    int64_t wait = f->heard_us ? FOLLOW_RENEW_US : FOLLOW_RENEW_US / 20;
    if (latest > now)
        latest = now;
    if (!f->asked_us || now - latest >= wait) {
        ask(f);
        return f->asked_us + wait;
    }
    return latest + wait;
}

const char *follow_service(const struct follow *f)
{
    return f->service;
}

uint64_t follow_head(const struct follow *f)
{
    return f->head;
}

uint64_t follow_position(const struct follow *f)
{
    return f->at.at.seq;
}

const char *follow_stopped(const struct follow *f)
{
    return f->stopped[0] ? f->stopped : NULL;
}

const struct follow_lost *follow_lost(const struct follow *f)
{
    return f->is_lost ? &f->lost : NULL;
}

bool follow_caught_up(const struct follow *f)
{
    return f->caught_up;
}
