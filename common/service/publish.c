/* Serving those who follow our log, within the credit they granted. Nothing is buffered for them: what they
   have not been sent yet is in the log. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "bus/envelope.h"
#include "service/internal.h"

enum { MESSAGE_BYTES = 256 << 10, MESSAGE_RECORDS = 1024 };

static struct follower *follower_of(struct service *s, const struct peer *from)
{
    for (size_t i = 0; i < s->n_followers; i++)
        if (s->followers[i].peer.size == from->size &&
            memcmp(s->followers[i].peer.id, from->id, from->size) == 0)
            return &s->followers[i];
    return NULL;
}

static void follower_drop(struct service *s, struct follower *f)
{
    *f = s->followers[--s->n_followers];
}

/* Who has been silent for long makes room for others. */
static struct follower *follower_new(struct service *s, const struct peer *from)
{
    int64_t now = s->last_us;
    for (size_t i = 0; i < s->n_followers;) {
        if (now - s->followers[i].heard_us > FOLLOWER_SILENT_US)
            follower_drop(s, &s->followers[i]);
        else
            i++;
    }
    if (s->n_followers == FOLLOWERS_MAX)
        return NULL;
    struct follower *f = &s->followers[s->n_followers++];
    *f = (struct follower){.peer = *from};
    return f;
}

static void refuse_follow(struct service *s, const struct peer *to, uint64_t call, Baton__FollowRefused *m)
{
    struct arena *a = arena_new(1 << 16);
    m->has_head_seq = true;
    m->head_seq = log_head(s->store).seq;
    struct bytes body = schema_pack(&m->base, a);
    struct bytes e = envelope_pack(BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW_REFUSED, call, NULL, body, a);
    (void)s->world->ops->send(s->port, to, e, body); /* it asks again by itself */
    arena_free(a);
}

/* True: it follows from now on. */
static bool accept_follow(struct service *s, const struct peer *from, uint64_t call, const Baton__Follow *m)
{
    struct follower *f = follower_of(s, from);
    if (!f && !(f = follower_new(s, from)))
        return false;
    f->number = call;
    f->next_seq = m->has_log_id ? m->from_seq : m->from_head ? log_head(s->store).seq + 1 : 1;
    f->credit = m->credit_bytes;
    f->heard_us = service_now(s);
    f->owes_hello = true;
    return true;
}

void publish_follow(struct service *s, const struct peer *from, uint64_t call, struct bytes body)
{
    struct refusal no = {0};
    ProtobufCMessage *decoded = NULL;
    Baton__FollowRefused refused = BATON__FOLLOW_REFUSED__INIT;
    struct arena *a = arena_new(LOG_RECORD_MAX * 2);
    struct follower *f = follower_of(s, from);
    if (f && call <= f->number) {
        arena_free(a); /* it came twice, or late */
        return;
    }
    if (!schema_decode(schema_message(&baton__follow__descriptor), body, a, &decoded, &no))
        refused.reason = no.message;
    else if (lost_look(s, (const Baton__Follow *)decoded, a, &refused) && f)
        follower_drop(s, f);
    else if (!refused.reason && !accept_follow(s, from, call, (const Baton__Follow *)decoded))
        refused.reason = "too many follow this log";
    if (refused.reason)
        refuse_follow(s, from, call, &refused);
    arena_free(a);
}

void publish_credit(struct service *s, const struct peer *from, uint64_t call, struct bytes body)
{
    struct refusal no = {0};
    ProtobufCMessage *m = NULL;
    struct arena *a = arena_new(1 << 12);
    struct follower *f = follower_of(s, from);
    if (f && f->number == call &&
        schema_decode(schema_message(&baton__follow_credit__descriptor), body, a, &m, &no)) {
        f->heard_us = service_now(s);
        f->credit += ((Baton__FollowCredit *)m)->bytes;
        if (f->credit > FOLLOW_CREDIT_BYTES)
            f->credit = FOLLOW_CREDIT_BYTES;
    }
    arena_free(a);
}

/* Records from f->next_seq on, as many as credit and message allow. At least one goes however large it is:
   else a record larger than all credit would never be sent. */
static void collect(struct service *s, struct txn *t, const struct follower *f, Baton__FollowRecords *m,
                    struct arena *a)
{
    size_t limit = f->credit < MESSAGE_BYTES ? (size_t)f->credit : MESSAGE_BYTES, total = 0;
    uint64_t head = log_head(s->store).seq;
    uint64_t most = head >= f->next_seq ? head + 1 - f->next_seq : 1;
    if (most > MESSAGE_RECORDS)
        most = MESSAGE_RECORDS;
    m->records = ARENA_ARRAY(a, ProtobufCBinaryData, most);
    m->keys = ARENA_ARRAY(a, ProtobufCBinaryData, most);
    for (uint64_t seq = f->next_seq; seq <= head && m->n_records < MESSAGE_RECORDS && total < limit; seq++) {
        struct bytes stored;
        if (!log_read(t, seq, a, &stored))
            log_fatal("service", "record %llu of the log cannot be read", (unsigned long long)seq);
        struct bytes keys = seal_keys(t, seq, stored, a);
        m->records[m->n_records++] = (ProtobufCBinaryData){stored.size, (uint8_t *)(uintptr_t)stored.data};
        m->keys[m->n_keys++] = (ProtobufCBinaryData){keys.size, (uint8_t *)(uintptr_t)keys.data};
        total += stored.size + keys.size;
    }
}

static bool send_records(struct service *s, struct txn *t, struct follower *f)
{
    struct arena *a = arena_new(64 << 20);
    uint8_t before[HASH_SIZE];
    Baton__FollowRecords m = BATON__FOLLOW_RECORDS__INIT;
    collect(s, t, f, &m, a);
    if (!log_hash(t, f->next_seq - 1, a, before))
        log_fatal("service", "record %llu of the log cannot be read", (unsigned long long)f->next_seq - 1);
    m.has_log_id = m.has_first_seq = m.has_head_seq = m.has_previous_hash = m.has_begins = true;
    m.begins = f->owes_hello;
    m.log_id = (ProtobufCBinaryData){LOG_ID_SIZE, (uint8_t *)(uintptr_t)log_id(s->store)};
    m.previous_hash = (ProtobufCBinaryData){HASH_SIZE, before};
    m.first_seq = f->next_seq;
    m.head_seq = log_head(s->store).seq;
    struct bytes body = schema_pack(&m.base, a);
    struct bytes e = envelope_pack(BATON__ENVELOPE_KIND__ENVELOPE_KIND_RECORDS, f->number, NULL, body, a);
    bool sent = s->world->ops->send(s->port, &f->peer, e, body);
    if (sent) {
        f->next_seq += m.n_records;
        f->credit -= body.size < f->credit ? body.size : f->credit;
        f->owes_hello = false;
    }
    arena_free(a);
    return sent;
}

static bool owed(const struct service *s, const struct follower *f)
{
    return f->owes_hello || (f->credit && f->next_seq <= log_head(s->store).seq);
}

/* A follower that cannot be sent to is gone or slow; either way it asks again when it can. */
static void send_to(struct service *s, struct txn *t, struct follower *f)
{
    while (owed(s, f))
        if (!send_records(s, t, f)) {
            follower_drop(s, f);
            return;
        }
}

void publish_send(struct service *s)
{
    bool any = false;
    for (size_t i = 0; i < s->n_followers; i++)
        any |= owed(s, &s->followers[i]);
    if (!any)
        return;
    struct txn *t = service_read_begin(s);
    for (size_t i = s->n_followers; i-- > 0;)
        send_to(s, t, &s->followers[i]);
    service_read_end(t);
}
