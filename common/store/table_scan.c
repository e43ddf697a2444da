/* Walking the rows of a table, whole or by an index, in pages. */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "store/internal.h"
#include "store/table.h"

/* The token is the hexadecimal of the bucket key the walk stood at; it must lie within the walk. */
static bool token_key(struct table_scan *s, const char *token)
{
    size_t n = strlen(token);
    key_init(&s->from);
    if (n % 2 || n / 2 > KEY_MAX || !hex_decode(s->from.data, n / 2, token))
        return false;
    s->from.size = n / 2;
    return s->from.size >= s->prefix.size && memcmp(s->from.data, s->prefix.data, s->prefix.size) == 0;
}

static void scan_init(struct table_scan *s, struct txn *t, unsigned table)
{
    assert(table < t->store->n_tables);
    s->txn = t;
    s->table = table;
    s->by_index = s->skip_first = false;
    key_init(&s->prefix);
    key_init(&s->from);
    key_init(&s->last);
}

static bool scan_start(struct table_scan *s, unsigned bucket, const char *token, bool backwards)
{
    if (token && *token) {
        if (!token_key(s, token))
            return false;
        s->skip_first = true;
    }
    scan_open(&s->scan, s->txn, bucket, key_bytes(&s->prefix), key_bytes(&s->from), backwards);
    return true;
}

bool table_scan_open(struct table_scan *s, struct txn *t, unsigned table, const char *field,
                     const char *value, const char *token, bool backwards)
{
    scan_init(s, t, table);
    const struct table_state *ts = &t->store->tables[table];
    if (!field)
        return scan_start(s, ts->bucket, token, backwards);
    const struct index_state *ix = index_named(ts, field);
    if (!ix || !value)
        return false;
    s->by_index = true;
    key_text(&s->prefix, value);
    return scan_start(s, ix->bucket, token, backwards);
}

bool table_scan_under(struct table_scan *s, struct txn *t, unsigned table, const struct key *prefix,
                      const struct key *from, const char *token, bool backwards)
{
    scan_init(s, t, table);
    s->prefix = *prefix;
    if (from)
        s->from = *from;
    return scan_start(s, t->store->tables[table].bucket, token, backwards);
}

bool table_scan_values(struct table_scan *s, struct txn *t, unsigned table, const char *field,
                       const char *from, const char *token)
{
    scan_init(s, t, table);
    const struct index_state *ix = index_named(&t->store->tables[table], field);
    if (!ix)
        return false;
    s->by_index = true;
    key_text(&s->from, from);
    return scan_start(s, ix->bucket, token, false);
}

void *table_scan_next(struct table_scan *s, struct arena *a)
{
    struct bytes k, v;
    bool more = scan_next(&s->scan, &k, &v);
    if (more && s->skip_first && bytes_equal(k, key_bytes(&s->from)))
        more = scan_next(&s->scan, &k, &v);
    s->skip_first = false;
    if (!more)
        return NULL;
    struct key primary;
    key_init(&s->last);
    key_raw(&s->last, k);
    key_init(&primary);
    key_raw(&primary, s->by_index ? v : k);
    void *row = table_get(s->txn, s->table, &primary, a);
    if (!row && !txn_failed(s->txn))
        log_fatal("store",
                  "%s is damaged (an index of table %s has an entry without a row); run `baton verify`",
                  s->txn->store->dir, table_name(s->txn->store, s->table));
    return row;
}

char *table_scan_token(const struct table_scan *s, struct arena *a)
{
    char *text = arena_alloc(a, s->last.size * 2 + 1);
    hex_encode(text, s->last.data, s->last.size);
    return text;
}

void table_scan_close(struct table_scan *s)
{
    scan_close(&s->scan);
}
