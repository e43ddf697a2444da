/* Keys: their order is that of the values, part by part, and what was put is read back. Input: how each of up
   to four parts is made, then the parts of two keys in turn. */
#include <string.h>

#include "base/ident.h"
#include "fuzz/fuzz.h"
#include "store/key.h"

enum { MEMORY = 1 << 20, PARTS_MAX = 4, LONG_TEXT = 200, ORDERED_TEXT = 150 };

enum kind { U64, I64, TEXT, KINDS };
struct part {
    enum kind kind;
    uint64_t u;
    int64_t i;
    const char *text;
};

static struct part take_part(struct input *in, enum kind kind, struct arena *a)
{
    struct part p = {.kind = kind};
    if (kind == TEXT)
        p.text = input_text(in, a);
    else
        p.u = input_u64(in);
    p.i = (int64_t)p.u;
    return p;
}

static void put(struct key *k, const struct part *p)
{
    if (p->kind == U64)
        key_u64(k, p->u);
    else if (p->kind == I64)
        key_i64(k, p->i);
    else
        key_text(k, p->text);
}

static bool is_id(const char *text)
{
    uint8_t id[IDENT_SIZE];
    return ident_parse(id, text);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

/* Only its beginning stands in the key. */
static bool is_hashed(const char *text)
{
    size_t n = strlen(text);
    return n > LONG_TEXT || (n > ORDERED_TEXT && text[ORDERED_TEXT] == 1);
}

/* Ids stand before other texts; of long ones the beginning counts, and then only that they differ. */
static int text_order(const char *a, const char *b)
{
    if (is_id(a) != is_id(b))
        return is_id(a) ? -1 : 1;
    return sign(strcmp(a, b));
}

static bool is_told_by_order(const char *a, const char *b)
{
    return (!is_hashed(a) && !is_hashed(b)) || strncmp(a, b, ORDERED_TEXT) != 0;
}

static int order(const struct part *a, const struct part *b)
{
    switch (a->kind) {
    case U64:
        return (a->u > b->u) - (a->u < b->u);
    case I64:
        return (a->i > b->i) - (a->i < b->i);
    default:
        return text_order(a->text, b->text);
    }
}

static void check_order(const struct part *a, const struct part *b, size_t n, int found)
{
    for (size_t i = 0; i < n; i++) {
        int expected = order(&a[i], &b[i]);
        if (expected == 0)
            continue;
        assert(found != 0);
        assert(found == expected || (a[i].kind == TEXT && !is_told_by_order(a[i].text, b[i].text)));
        return;
    }
    assert(found == 0);
}

static void check_part(struct bytes *rest, const struct part *p)
{
    char text[KEY_MAX];
    uint64_t u = 0;
    int64_t i = 0;
    if (p->kind == U64)
        assert(key_read_u64(rest, &u) && u == p->u);
    else if (p->kind == I64)
        assert(key_read_i64(rest, &i) && i == p->i);
    else
        assert(key_read_text(rest, text) && strcmp(text, p->text) == 0);
}

static void check_back(const struct part *parts, size_t n, const struct key *k)
{
    struct bytes rest = key_bytes(k);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].kind == TEXT && is_hashed(parts[i].text)) {
            assert(!key_read_text(&rest, (char[KEY_MAX]){0}));
            return;
        }
        check_part(&rest, &parts[i]);
    }
    assert(rest.size == 0);
}

/* Bytes that nobody made a key of. */
static void check_any(struct bytes bytes, uint8_t kinds)
{
    char text[KEY_MAX];
    uint64_t u;
    int64_t i;
    bool more = true;
    for (int n = 0; more && n < 4; n++, kinds >>= 2)
        more = kinds % 4 == U64   ? key_read_u64(&bytes, &u)
               : kinds % 4 == I64 ? key_read_i64(&bytes, &i)
                                  : key_read_text(&bytes, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *arena = fuzz_arena(MEMORY);
    struct part a[PARTS_MAX], b[PARTS_MAX];
    struct key x, y;
    uint8_t kinds = input_u8(&in);
    check_any((struct bytes){in.at, in.left}, kinds);
    key_init(&x);
    key_init(&y);
    size_t n = 0;
    /* Two texts at most: KEY_MAX holds no more long ones. */
    for (size_t texts = 0; n < PARTS_MAX && texts <= 2; n++, kinds >>= 2) {
        enum kind kind = kinds % KINDS;
        texts += kind == TEXT;
        if (texts > 2)
            break;
        a[n] = take_part(&in, kind, arena);
        b[n] = take_part(&in, kind, arena);
        put(&x, &a[n]);
        put(&y, &b[n]);
    }
    check_order(a, b, n, sign(bytes_compare(key_bytes(&x), key_bytes(&y))));
    check_back(a, n, &x);
    check_back(b, n, &y);
    return 0;
}
