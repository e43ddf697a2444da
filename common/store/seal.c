/* Sealing what is personal in log records, and opening it again. */
#include "store/seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/hash.h"
#include "base/ident.h"
#include "schema/personal.h"
#include "store/internal.h"

enum { NONCE_SIZE = crypto_secretbox_NONCEBYTES, BOX_HEAD = NONCE_SIZE + crypto_secretbox_MACBYTES };
static_assert((int)SEAL_KEY_SIZE == (int)crypto_secretbox_KEYBYTES, "keys are libsodium's");
static_assert((int)HASH_SIZE == (int)SEAL_KEY_SIZE, "keys are made by hashing");

void seal_subject(uint8_t out[SEAL_SUBJECT_SIZE], const char *id)
{
    uint8_t hash[HASH_SIZE];
    if (ident_parse(out, id))
        return;
    hash2(hash, bytes_text("subject"), bytes_text(id));
    memcpy(out, hash, SEAL_SUBJECT_SIZE);
}

/* --- keys --- */

enum { SINCE_SIZE = 8, ENTRY_SIZE = SINCE_SIZE + SEAL_KEY_SIZE };

/* False: none was ever made. A store of before there were keys, opened to look at, has no bucket. */
static bool entry_find(struct txn *t, const uint8_t *subject, struct bytes *entry)
{
    return t->store->keys && txn_get(t, t->store->keys, bytes_of(subject, SEAL_SUBJECT_SIZE), entry) &&
           entry->size >= SINCE_SIZE;
}

/* The key that opens this record; false: it cannot be opened. */
static bool key_find(struct txn *t, const uint8_t *subject, uint64_t seq, struct bytes *key)
{
    struct bytes entry;
    if (!entry_find(t, subject, &entry) || entry.size != ENTRY_SIZE || get_be64(entry.data) > seq)
        return false;
    *key = bytes_of(entry.data + SINCE_SIZE, SEAL_KEY_SIZE);
    return true;
}

static void derive(uint8_t out[HASH_SIZE], const uint8_t *fresh, const char *what, const uint8_t *subject)
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, fresh, SEAL_FRESH_SIZE, HASH_SIZE); /* none of these can fail */
    (void)crypto_generichash_update(&state, (const uint8_t *)what, strlen(what));
    (void)crypto_generichash_update(&state, subject, SEAL_SUBJECT_SIZE);
    (void)crypto_generichash_final(&state, out, HASH_SIZE);
}

static void key_for(struct txn *t, const uint8_t *subject, const uint8_t *fresh, uint8_t out[SEAL_KEY_SIZE])
{
    struct bytes entry;
    uint8_t made[ENTRY_SIZE] = {0};
    bool known = entry_find(t, subject, &entry);
    if (known && entry.size == ENTRY_SIZE) {
        memcpy(out, entry.data + SINCE_SIZE, SEAL_KEY_SIZE);
        return;
    }
    derive(out, fresh, "key", subject);
    if (known)
        memcpy(made, entry.data, SINCE_SIZE);
    memcpy(made + SINCE_SIZE, out, SEAL_KEY_SIZE);
    txn_put(t, t->store->keys, bytes_of(subject, SEAL_SUBJECT_SIZE), bytes_of(made, sizeof made));
    sodium_memzero(made, sizeof made);
}

void seal_erase(struct txn *t, const char *id)
{
    uint8_t subject[SEAL_SUBJECT_SIZE], since[SINCE_SIZE];
    seal_subject(subject, id);
    put_be64(since, t->store->head.seq + 1);
    txn_put(t, t->store->keys, bytes_of(subject, sizeof subject), bytes_of(since, sizeof since));
}

/* --- sealing --- */

/* All parts of one subject. */
struct box {
    uint8_t subject[SEAL_SUBJECT_SIZE];
    const char *id;
    size_t size;
    uint8_t *at; /* where the next part is packed */
    struct box *before;
};

/* Parts of a subject mostly stand together. One box for each, for its nonce is made from the subject. */
static struct box *box_of(struct box *newest, const char *id)
{
    uint8_t subject[SEAL_SUBJECT_SIZE];
    if (newest && newest->id == id)
        return newest;
    seal_subject(subject, id);
    for (struct box *b = newest; b; b = b->before)
        if (memcmp(b->subject, subject, sizeof subject) == 0)
            return b;
    return NULL;
}

static struct box *boxes_of(const struct personal_part *parts, struct arena *a, size_t *n)
{
    struct box *newest = NULL;
    *n = 0;
    for (const struct personal_part *p = parts; p; p = p->next) {
        struct box *b = box_of(newest, p->subject);
        if (!b) {
            b = ARENA_NEW(a, struct box);
            b->id = p->subject;
            b->before = newest;
            seal_subject(b->subject, b->id);
            newest = b;
            ++*n;
        }
        b->size += personal_packed_size(p);
    }
    return newest;
}

static Baton__Sealed *seal(struct txn *t, const struct box *b, uint8_t *message, const uint8_t *fresh,
                           struct arena *a)
{
    uint8_t key[SEAL_KEY_SIZE], nonce[HASH_SIZE];
    Baton__Sealed *s = ARENA_NEW(a, Baton__Sealed);
    baton__sealed__init(s);
    s->has_subject = s->has_box = true;
    s->subject = (ProtobufCBinaryData){SEAL_SUBJECT_SIZE, (uint8_t *)(uintptr_t)b->subject};
    s->box.len = BOX_HEAD + b->size;
    s->box.data = arena_raw(a, s->box.len);
    key_for(t, b->subject, fresh, key);
    derive(nonce, fresh, "nonce", b->subject);
    memcpy(s->box.data, nonce, NONCE_SIZE);
    (void)crypto_secretbox_easy(s->box.data + NONCE_SIZE, message, b->size, nonce, key); /* always 0 */
    sodium_memzero(key, sizeof key);
    return s;
}

const Baton__LogRecord *seal_record(struct txn *t, const Baton__LogRecord *r,
                                    const uint8_t fresh[SEAL_FRESH_SIZE], struct arena *a)
{
    struct personal_part *parts;
    size_t n;
    const ProtobufCMessage *rest = personal_take(&r->base, a, &parts);
    struct box *newest = boxes_of(parts, a, &n);
    if (!newest)
        return r;
    Baton__LogRecord *sealed = arena_copy(a, rest, sizeof *sealed);
    sealed->sealed = ARENA_ARRAY(a, Baton__Sealed *, n);
    for (struct box *b = newest; b; b = b->before)
        b->at = arena_raw(a, b->size);
    for (const struct personal_part *p = parts; p; p = p->next) {
        struct box *b = box_of(newest, p->subject);
        b->at += personal_pack(p, b->at);
    }
    for (struct box *b = newest; b; b = b->before)
        sealed->sealed[sealed->n_sealed++] = seal(t, b, b->at - b->size, fresh, a);
    return sealed;
}

/* --- opening --- */

/* Where keys come from: a store, or what came along. */
struct keys {
    struct txn *txn; /* NULL: `with` */
    struct bytes with;
};

static bool key_from(const struct keys *k, const uint8_t *subject, uint64_t seq, struct bytes *key)
{
    if (k->txn)
        return key_find(k->txn, subject, seq, key);
    for (size_t at = 0; at + SEAL_ENTRY_SIZE <= k->with.size; at += SEAL_ENTRY_SIZE)
        if (memcmp(k->with.data + at, subject, SEAL_SUBJECT_SIZE) == 0) {
            *key = bytes_of(k->with.data + at + SEAL_SUBJECT_SIZE, SEAL_KEY_SIZE);
            return true;
        }
    return false;
}

static bool open_box(Baton__LogRecord *r, const ProtobufCBinaryData *box, struct bytes key, struct arena *a)
{
    if (box->len < BOX_HEAD)
        return false;
    size_t size = box->len - BOX_HEAD;
    uint8_t *message = arena_raw(a, size + 1);
    return crypto_secretbox_open_easy(message, box->data + NONCE_SIZE, box->len - NONCE_SIZE, box->data,
                                      key.data) == 0 &&
           personal_put(&r->base, bytes_of(message, size), a);
}

static Baton__LogRecord *read_opened(const struct keys *k, struct bytes stored, struct arena *a)
{
    struct bytes key;
    Baton__LogRecord *r = (Baton__LogRecord *)schema_unpack(schema_message(&baton__log_record__descriptor),
                                                            log_body(stored), a);
    size_t left = 0;
    for (size_t i = 0; r && i < r->n_sealed; i++) {
        Baton__Sealed *s = r->sealed[i];
        if (s->subject.len != SEAL_SUBJECT_SIZE)
            return NULL;
        if (!key_from(k, s->subject.data, r->seq, &key))
            r->sealed[left++] = s;
        else if (!open_box(r, &s->box, key, a))
            return NULL;
    }
    if (r)
        r->n_sealed = left;
    return r;
}

Baton__LogRecord *seal_read(struct txn *t, struct bytes stored, struct arena *a)
{
    return read_opened(&(struct keys){.txn = t}, stored, a);
}

Baton__LogRecord *seal_read_with(struct bytes stored, struct bytes keys, struct arena *a)
{
    return read_opened(&(struct keys){.with = keys}, stored, a);
}

bool seal_lacks(const Baton__LogRecord *r, const char *id)
{
    uint8_t subject[SEAL_SUBJECT_SIZE];
    seal_subject(subject, id);
    for (size_t i = 0; i < r->n_sealed; i++)
        if (r->sealed[i]->subject.len == sizeof subject &&
            memcmp(r->sealed[i]->subject.data, subject, sizeof subject) == 0)
            return true;
    return false;
}

/* --- keys beside a record --- */

/* A varint of at most 63 bits. False: there is none. */
static bool varint(struct bytes *rest, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; rest->size && shift < 63; shift += 7) {
        uint8_t b = *rest->data;
        *rest = bytes_of(rest->data + 1, rest->size - 1);
        *value |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80))
            return true;
    }
    return false;
}

/* The next field of a message we packed ourselves; `content` of those with a length. False: that was all. */
static bool field_next(struct bytes *rest, uint32_t *number, struct bytes *content)
{
    uint64_t tag, size = 0;
    if (!varint(rest, &tag))
        return false;
    *number = (uint32_t)(tag >> 3);
    switch (tag & 7) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return varint(rest, &size);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        size = 8;
        break;
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        size = 4;
        break;
    default:
        if (!varint(rest, &size))
            return false;
    }
    if (size > rest->size)
        return false;
    *content = bytes_of(rest->data, size);
    *rest = bytes_of(rest->data + size, rest->size - size);
    return true;
}

enum { RECORD_SEALED = 8, SEALED_SUBJECT = 1 }; /* numbers of fields in event.proto */

/* Records are not unpacked for it: whoever serves followers only passes them on. */
struct bytes seal_keys(struct txn *t, uint64_t seq, struct bytes stored, struct arena *a)
{
    struct bytes rest = log_body(stored), field, subject, key;
    uint32_t number;
    struct buffer out;
    buffer_init(&out, LOG_RECORD_MAX);
    while (field_next(&rest, &number, &field)) {
        if (number != RECORD_SEALED || !field_next(&field, &number, &subject) || number != SEALED_SUBJECT ||
            subject.size != SEAL_SUBJECT_SIZE || !key_find(t, subject.data, seq, &key))
            continue;
        (void)buffer_add(&out, subject.data, subject.size); /* a record has not so many */
        (void)buffer_add(&out, key.data, key.size);         /* as above */
    }
    struct bytes keys = bytes_of(out.size ? arena_copy(a, out.data, out.size) : NULL, out.size);
    buffer_release(&out);
    return keys;
}
