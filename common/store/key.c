/* The key codec; see key.h for the bytes. */
#include "store/key.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/ident.h"

enum { TEXT_UUID = 1, TEXT_PLAIN = 2, TEXT_WHOLE_MAX = 200, TEXT_PREFIX = 150, HASH_MARK = 1 };

void key_init(struct key *k)
{
    k->size = 0;
}

static void add(struct key *k, const void *data, size_t n)
{
    assert(k->size + n <= KEY_MAX);
    if (n)
        memcpy(k->data + k->size, data, n);
    k->size += n;
}

/* The mark tells whether a hash follows, so no whole text may have it in that place. */
static bool has_mark(const char *s, size_t n)
{
    return n > TEXT_PREFIX && s[TEXT_PREFIX] == HASH_MARK;
}

void key_u64(struct key *k, uint64_t v)
{
    uint8_t b[8];
    put_be64(b, v);
    add(k, b, sizeof b);
}

void key_i64(struct key *k, int64_t v)
{
    key_u64(k, (uint64_t)v ^ (1ull << 63));
}

void key_text(struct key *k, const char *s)
{
    uint8_t id[1 + IDENT_SIZE] = {TEXT_UUID};
    if (!s)
        s = "";
    if (ident_parse(id + 1, s)) {
        add(k, id, sizeof id);
        return;
    }
    size_t n = strlen(s);
    add(k, &(uint8_t){TEXT_PLAIN}, 1);
    if (n <= TEXT_WHOLE_MAX && !has_mark(s, n)) {
        add(k, s, n + 1);
        return;
    }
    uint8_t hash[HASH_SIZE];
    hash2(hash, bytes_of(s, n), bytes_of(NULL, 0));
    add(k, s, TEXT_PREFIX);
    add(k, &(uint8_t){HASH_MARK}, 1);
    add(k, hash, sizeof hash);
}

void key_raw(struct key *k, struct bytes b)
{
    add(k, b.data, b.size);
}

struct bytes key_bytes(const struct key *k)
{
    return bytes_of(k->data, k->size);
}

struct key key_of(const char *text)
{
    struct key k;
    key_init(&k);
    key_text(&k, text);
    return k;
}

static void skip(struct bytes *b, size_t n)
{
    b->data += n;
    b->size -= n;
}

bool key_read_u64(struct bytes *rest, uint64_t *v)
{
    if (rest->size < 8)
        return false;
    *v = get_be64(rest->data);
    skip(rest, 8);
    return true;
}

bool key_read_i64(struct bytes *rest, int64_t *v)
{
    uint64_t u;
    if (!key_read_u64(rest, &u))
        return false;
    *v = (int64_t)(u ^ (1ull << 63));
    return true;
}

bool key_read_text(struct bytes *rest, char *out)
{
    if (rest->size < 1)
        return false;
    if (rest->data[0] == TEXT_UUID && rest->size >= 1 + IDENT_SIZE) {
        ident_format(out, rest->data + 1);
        skip(rest, 1 + IDENT_SIZE);
        return true;
    }
    const uint8_t *end = memchr(rest->data + 1, 0, rest->size - 1);
    if (rest->data[0] != TEXT_PLAIN || !end)
        return false;
    size_t n = (size_t)(end - rest->data) - 1;
    if (n > TEXT_WHOLE_MAX || has_mark((const char *)rest->data + 1, n))
        return false;
    memcpy(out, rest->data + 1, n + 1);
    skip(rest, n + 2);
    return true;
}
