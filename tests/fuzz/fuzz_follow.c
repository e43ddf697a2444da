/* What a follower is sent: whatever it is, only records that follow from the ones before are handed on, and
   the position is that of the last of them. Input: messages, each by its kind, with bytes of its own or made
   from the numbers that stand there. */
#include <stdlib.h>
#include <string.h>

#include "bus/envelope.h"
#include "bus/follow.h"
#include "calm/world.h"
#include "fuzz/fuzz.h"
#include "store/log.h"

enum { MEMORY = 16 << 20, RECORDS = 6, STORED_MAX = 256, LENGTH_MAX = 1024, BOX_SIZE = 60 };

/* The other end: what follows, and the number of its last asking. */
struct followed {
    struct world *world;
    struct port *port;
    struct peer peer;
    uint64_t asked;
};

/* What the follower says must be right, whatever it was told. */
static void on_receive(void *arg, const struct peer *from, struct bytes envelope, struct bytes body)
{
    struct followed *o = arg;
    struct arena *a = arena_new(1 << 16);
    struct refusal no = {0};
    ProtobufCMessage *m = NULL;
    Baton__Envelope *e = envelope_decode(envelope, body, a, &no);
    assert(e != NULL);
    bool is_follow = e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW;
    assert(is_follow || e->kind == BATON__ENVELOPE_KIND__ENVELOPE_KIND_CREDIT);
    bool is_right = schema_decode(
        schema_message(is_follow ? &baton__follow__descriptor : &baton__follow_credit__descriptor), body, a,
        &m, &no);
    assert(is_right);
    o->asked = e->call;
    o->peer = *from;
    arena_free(a);
}

/* A log of a few records, chained as they are stored; each has a sealed part. */
static struct {
    uint8_t id[LOG_ID_SIZE], stored[RECORDS][STORED_MAX], hash[RECORDS + 1][HASH_SIZE];
    size_t size[RECORDS];
} chain;

static void chain_make(void)
{
    memcpy(chain.id, "0123456789abcdef", LOG_ID_SIZE);
    log_first_hash(chain.id, chain.hash[0]);
    for (size_t i = 0; i < RECORDS; i++) {
        Baton__LogRecord record = BATON__LOG_RECORD__INIT;
        record.has_seq = true;
        record.seq = i + 1;
        uint8_t bytes[BOX_SIZE] = {(uint8_t)i};
        Baton__Sealed sealed = BATON__SEALED__INIT, *all = &sealed;
        sealed.has_subject = sealed.has_box = true;
        sealed.subject = (ProtobufCBinaryData){SEAL_SUBJECT_SIZE, bytes};
        sealed.box = (ProtobufCBinaryData){sizeof bytes, bytes};
        record.sealed = &all;
        record.n_sealed = 1;
        uint8_t *at = chain.stored[i];
        size_t n = protobuf_c_message_pack(&record.base, at + LOG_HEAD_SIZE);
        hash2(chain.hash[i + 1], bytes_of(chain.hash[i], HASH_SIZE), bytes_of(at + LOG_HEAD_SIZE, n));
        memcpy(at + 4, chain.hash[i + 1], HASH_SIZE);
        put_be32(at, crc32c(0, at + 4, HASH_SIZE + n));
        chain.size[i] = LOG_HEAD_SIZE + n;
    }
}

struct watch {
    struct cursor at;
    bool placed;
};

static void on_record(void *arg, struct follow *f, struct bytes stored, struct bytes keys,
                      const struct cursor *at)
{
    struct watch *w = arg;
    uint8_t own[HASH_SIZE];
    assert(stored.size >= LOG_HEAD_SIZE);
    if (w->placed) {
        assert(at->at.seq == w->at.at.seq + 1 && memcmp(at->log_id, w->at.log_id, LOG_ID_SIZE) == 0);
        hash2(own, bytes_of(w->at.at.hash, HASH_SIZE), log_body(stored));
        assert(memcmp(own, at->at.hash, HASH_SIZE) == 0);
    }
    w->at = *at;
    w->placed = true;
    /* Whatever keys came along, it is opened with them, read without them, or no record at all. */
    struct arena *a = arena_new(1 << 20);
    const Baton__LogRecord *r = seal_read_with(stored, keys, a);
    assert(r == NULL || r->seq == at->at.seq);
    arena_free(a);
    follow_done(f, stored.size + keys.size);
}

/* Part of the log as a service would send it, but that the numbers are the input's. */
static struct bytes records_of(struct input *in, struct arena *a)
{
    Baton__FollowRecords m = BATON__FOLLOW_RECORDS__INIT;
    uint8_t from = input_u8(in) % RECORDS, n = input_u8(in) % (RECORDS + 1), gap = input_u8(in),
            before = input_u8(in) % (RECORDS + 1);
    m.has_log_id = m.has_first_seq = m.has_head_seq = m.has_previous_hash = true;
    m.log_id = (ProtobufCBinaryData){LOG_ID_SIZE, chain.id};
    m.previous_hash = (ProtobufCBinaryData){HASH_SIZE, chain.hash[before < RECORDS ? before : from]};
    m.first_seq = gap < 128 ? from + 1u : (uint64_t)(int8_t)gap;
    m.head_seq = input_u8(in);
    m.records = ARENA_ARRAY(a, ProtobufCBinaryData, n);
    struct bytes keys = input_take(in, input_u8(in) % (2 * SEAL_ENTRY_SIZE + 1));
    m.keys = ARENA_ARRAY(a, ProtobufCBinaryData, n);
    for (uint8_t i = from; i < RECORDS && m.n_keys < n; i++)
        m.keys[m.n_keys++] = (ProtobufCBinaryData){keys.size, (uint8_t *)(uintptr_t)keys.data};
    for (uint8_t i = from; i < RECORDS && m.n_records < n; i++)
        m.records[m.n_records++] = (ProtobufCBinaryData){chain.size[i], chain.stored[i]};
    return schema_pack(&m.base, a);
}

static void tell(const struct followed *o, struct input *in, struct arena *a)
{
    static const Baton__EnvelopeKind kinds[] = {
        BATON__ENVELOPE_KIND__ENVELOPE_KIND_RECORDS, BATON__ENVELOPE_KIND__ENVELOPE_KIND_FOLLOW_REFUSED,
        BATON__ENVELOPE_KIND__ENVELOPE_KIND_REPLY, BATON__ENVELOPE_KIND__ENVELOPE_KIND_CREDIT};
    uint8_t how = input_u8(in);
    Baton__EnvelopeKind kind = kinds[how % 4];
    uint64_t call = o->asked + (how >> 2 & 1);
    struct bytes own = how & 8 ? input_take(in, input_u16(in) % LENGTH_MAX) : bytes_of(NULL, 0);
    struct bytes body = how & 16 ? input_take(in, input_u16(in) % LENGTH_MAX) : records_of(in, a);
    struct bytes envelope = how & 8 ? sealed(own, body, a) : envelope_pack(kind, call, NULL, body, a);
    (void)o->world->ops->send(o->port, &o->peer, envelope, body); /* the follower is there */
    calm_run(o->world, calm_now(o->world) + (int64_t)input_u8(in) * 10000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *a = fuzz_arena(MEMORY);
    struct followed o = {.world = calm_new(1)};
    struct watch watch = {.placed = false};
    if (chain.size[0] == 0)
        chain_make();
    uint8_t how = input_u8(&in);
    if (how & 1) {
        memcpy(watch.at.log_id, chain.id, LOG_ID_SIZE);
        watch.at.at.seq = how >> 1 & 3;
        memcpy(watch.at.at.hash, chain.hash[watch.at.at.seq], HASH_SIZE);
        watch.placed = true;
    }
    o.port = o.world->ops->bind(o.world, "notifications", on_receive, &o);
    struct follow *f = follow_new(o.world, "notifications", NULL, watch.placed ? &watch.at : NULL, how & 128,
                                  on_record, &watch);
    while (in.left > 0) {
        (void)follow_turn(f); /* when it is to be called again */
        (void)calm_step(o.world, calm_now(o.world));
        tell(&o, &in, a);
        assert(!watch.placed || follow_position(f) == watch.at.at.seq);
    }
    follow_free(f);
    calm_free(o.world);
    return 0;
}
