/* Rows with their indexes and timers. */
#include "store/table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/internal.h"

enum { ROW_HEAD = 8 };

static void table_add_index(struct store *s, struct table_state *t, const struct schema_field *f)
{
    char name[128];
    assert(t->n_indexes < TABLE_INDEXES_MAX && f->pb->type == PROTOBUF_C_TYPE_STRING);
    assert(!f->rules->unique || f->pb->label != PROTOBUF_C_LABEL_REPEATED);
    snprintf(name, sizeof name, "i.%s.%s", t->name, f->pb->name);
    t->indexes[t->n_indexes++] = (struct index_state){f, store_bucket(s, name)};
}

static bool has_index(const struct table_def *def, const struct schema_field *f)
{
    if (!f->rules->indexed && !f->rules->unique)
        return false;
    return def->kept == TABLE_WHOLE ||
           (def->kept == TABLE_ROWS && def->index && strcmp(def->index, f->pb->name) == 0);
}

static void table_state_init(struct store *s, struct table_state *t, const struct table_def *def)
{
    char name[128];
    t->name = def->name;
    t->is_dropped = def->kept == TABLE_NOTHING;
    t->message = schema_message(def->pb);
    snprintf(name, sizeof name, "t.%s", def->name);
    t->bucket = store_bucket(s, name);
    for (unsigned i = 0; i < def->pb->n_fields; i++) {
        const struct schema_field *f = &t->message->fields[i];
        if (f->rules->key) {
            assert(t->n_keys < TABLE_KEYS_MAX);
            t->keys[t->n_keys++] = f;
        }
        if (has_index(def, f))
            table_add_index(s, t, f);
        if (f->rules->due && def->kept == TABLE_WHOLE)
            t->due = f;
    }
    if (!t->n_keys)
        t->keys[t->n_keys++] = schema_field(t->message, "id");
    assert(t->keys[0]);
}

void table_states_init(struct store *s, const struct table_def *defs, size_t n)
{
    s->tables = calloc(n ? n : 1, sizeof *s->tables);
    assert(s->tables);
    s->n_tables = n;
    for (size_t i = 0; i < n; i++) {
        assert(defs[i].kept == TABLE_WHOLE || s->scratch);
        table_state_init(s, &s->tables[i], &defs[i]);
    }
}

const char *table_name(const struct store *s, unsigned table)
{
    assert(table < s->n_tables);
    return s->tables[table].name;
}

int table_number(const struct store *s, const char *name)
{
    for (size_t i = 0; i < s->n_tables; i++)
        if (strcmp(s->tables[i].name, name) == 0)
            return (int)i;
    return -1;
}

const struct schema_message *table_message(const struct store *s, unsigned table)
{
    assert(table < s->n_tables);
    return s->tables[table].message;
}

unsigned table_bucket(const struct store *s, unsigned table)
{
    assert(table < s->n_tables);
    return s->tables[table].bucket;
}

static struct table_state *state(struct txn *t, unsigned table)
{
    assert(table < t->store->n_tables);
    return &t->store->tables[table];
}

static void key_field(struct key *k, const ProtobufCMessage *row, const struct schema_field *f)
{
    if (f->pb->type == PROTOBUF_C_TYPE_STRING)
        key_text(k, schema_text_of(row, f));
    else
        key_u64(k, (uint64_t)schema_int_of(row, f));
}

static struct key row_key(const struct table_state *ts, const ProtobufCMessage *row)
{
    struct key k;
    key_init(&k);
    for (size_t i = 0; i < ts->n_keys; i++)
        key_field(&k, row, ts->keys[i]);
    return k;
}

static bool due_key(struct key *k, const struct table_state *ts, const ProtobufCMessage *row,
                    const struct key *primary)
{
    int64_t due_us = ts->due ? schema_int_of(row, ts->due) : 0;
    if (due_us <= 0)
        return false;
    key_init(k);
    key_i64(k, due_us);
    key_text(k, ts->name);
    key_raw(k, key_bytes(primary));
    return true;
}

void *table_row(const struct store *s, unsigned table, struct bytes stored, struct arena *a)
{
    assert(table < s->n_tables);
    if (stored.size < ROW_HEAD)
        return NULL;
    return schema_unpack(s->tables[table].message, bytes_of(stored.data + ROW_HEAD, stored.size - ROW_HEAD),
                         a);
}

void *table_get(struct txn *t, unsigned table, const struct key *key, struct arena *a)
{
    struct bytes stored;
    struct table_state *ts = state(t, table);
    if (ts->is_dropped || !txn_get(t, ts->bucket, key_bytes(key), &stored))
        return NULL;
    void *row = table_row(t->store, table, stored, a);
    if (!row)
        log_fatal("store", "a row of table %s cannot be read; run `baton verify`", ts->name);
    return row;
}

void *table_get_id(struct txn *t, unsigned table, const char *id, struct arena *a)
{
    if (!id)
        return NULL;
    struct key k = key_of(id);
    return table_get(t, table, &k, a);
}

uint64_t table_seq(struct txn *t, unsigned table, const struct key *key)
{
    struct bytes stored;
    struct table_state *ts = state(t, table);
    if (!txn_get(t, ts->bucket, key_bytes(key), &stored))
        return 0;
    assert(stored.size >= ROW_HEAD);
    return get_be64(stored.data);
}

/* Moves a timer's entry from the old row's key to the new one's; NULL: there is none. */
static void move_entry(struct txn *t, unsigned bucket, const struct key *old, const struct key *new,
                       const struct key *primary)
{
    if (old && new &&bytes_equal(key_bytes(old), key_bytes(new)))
        return;
    if (old)
        txn_delete(t, bucket, key_bytes(old));
    if (new)
        txn_put(t, bucket, key_bytes(new), key_bytes(primary));
}

static void move_entries(struct txn *t, const struct table_state *ts, const struct key *primary,
                         const ProtobufCMessage *old, const ProtobufCMessage *new)
{
    struct key was, is;
    for (size_t i = 0; i < ts->n_indexes; i++)
        index_row(t, &ts->indexes[i], primary, old, new);
    if (!ts->due)
        return;
    bool had = old && due_key(&was, ts, old, primary);
    bool has = new &&due_key(&is, ts, new, primary);
    move_entry(t, t->store->due, had ? &was : NULL, has ? &is : NULL, primary);
}

void table_replace(struct txn *t, unsigned table, const void *before, const void *row, uint64_t seq,
                   struct arena *a)
{
    struct table_state *ts = state(t, table);
    const ProtobufCMessage *message = row;
    assert(message->descriptor == ts->message->pb);
    if (ts->is_dropped)
        return;
    struct key primary = row_key(ts, message);
    move_entries(t, ts, &primary, before, message);
    size_t n = protobuf_c_message_get_packed_size(message);
    uint8_t *stored = arena_raw(a, ROW_HEAD + n);
    put_be64(stored, seq);
    protobuf_c_message_pack(message, stored + ROW_HEAD);
    txn_put(t, ts->bucket, key_bytes(&primary), bytes_of(stored, ROW_HEAD + n));
}

void table_put(struct txn *t, unsigned table, const void *row, uint64_t seq, struct arena *a)
{
    const struct table_state *ts = state(t, table);
    const void *before = NULL;
    if (ts->n_indexes || ts->due) {
        struct key primary = row_key(ts, row);
        before = table_get(t, table, &primary, a);
    }
    table_replace(t, table, before, row, seq, a);
}

bool table_delete(struct txn *t, unsigned table, const struct key *key, struct arena *a)
{
    struct table_state *ts = state(t, table);
    ProtobufCMessage *old = table_get(t, table, key, a);
    if (!old)
        return false;
    move_entries(t, ts, key, old, NULL);
    txn_delete(t, ts->bucket, key_bytes(key));
    return true;
}

const struct index_state *index_named(const struct table_state *ts, const char *field)
{
    for (size_t i = 0; i < ts->n_indexes; i++)
        if (strcmp(ts->indexes[i].field->pb->name, field) == 0)
            return &ts->indexes[i];
    return NULL;
}

void *table_find(struct txn *t, unsigned table, const char *field, const char *value, struct arena *a)
{
    struct table_state *ts = state(t, table);
    const struct index_state *ix = index_named(ts, field);
    struct key k = key_of(value), primary;
    struct bytes found;
    assert(ix && ix->field->rules->unique);
    if (!txn_get(t, ix->bucket, key_bytes(&k), &found))
        return NULL;
    key_init(&primary);
    key_raw(&primary, found);
    return table_get(t, table, &primary, a);
}

bool due_first(struct txn *t, int64_t *due_us, unsigned *table, struct key *key)
{
    struct scan s;
    struct bytes k, v;
    char name[KEY_MAX];
    scan_open(&s, t, t->store->due, bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    bool found = scan_next(&s, &k, &v);
    if (found) {
        bool readable = key_read_i64(&k, due_us) && key_read_text(&k, name);
        int number = readable ? table_number(t->store, name) : -1;
        if (number < 0)
            log_fatal("store", "the timers are damaged; run `baton verify`");
        *table = (unsigned)number;
        key_init(key);
        key_raw(key, v);
    }
    scan_close(&s);
    return found;
}

bool due_is_stray(struct txn *t, struct bytes entry, struct bytes primary, struct arena *a)
{
    int64_t due_us;
    char name[KEY_MAX];
    struct key key, due;
    struct bytes rest = entry;
    const bool readable = key_read_i64(&rest, &due_us) && key_read_text(&rest, name);
    const int table = readable ? table_number(t->store, name) : -1;
    if (table < 0)
        return true;
    key_init(&key);
    key_raw(&key, primary);
    const void *row = table_get(t, (unsigned)table, &key, a);
    return !row || !due_key(&due, state(t, (unsigned)table), row, &key) ||
           !bytes_equal(key_bytes(&due), entry);
}

static uint64_t entries_with(struct txn *t, unsigned bucket, struct bytes prefix)
{
    struct scan s;
    struct bytes k, v;
    uint64_t n = 0;
    scan_open(&s, t, bucket, prefix, bytes_of(NULL, 0), false);
    while (scan_next(&s, &k, &v))
        n++;
    scan_close(&s);
    return n;
}

/* What table_check counts while it walks: rows, and the entries they must have. */
struct tally {
    uint64_t rows, index[TABLE_INDEXES_MAX], due;
};

static void tally_row(struct txn *t, const struct table_state *ts, const ProtobufCMessage *row,
                      const struct key *primary, struct tally *sum, table_wrong_fn *wrong, void *arg)
{
    struct key k;
    for (size_t i = 0; i < ts->n_indexes; i++) {
        bool lacks = false;
        sum->index[i] += index_count(t, &ts->indexes[i], row, primary, &lacks);
        if (lacks)
            wrong(arg, "a row lacks its index entry");
    }
    if (due_key(&k, ts, row, primary)) {
        sum->due++;
        if (!index_entry_is(t, t->store->due, &k, primary))
            wrong(arg, "a row lacks its timer");
    }
}

bool table_has_entries(struct txn *t, unsigned table, const struct key *key, const void *row)
{
    struct key due;
    bool lacks = false;
    const struct table_state *ts = state(t, table);
    for (size_t i = 0; i < ts->n_indexes && !lacks; i++)
        (void)index_count(t, &ts->indexes[i], row, key, &lacks); /* how many does not matter */
    return !lacks && (!due_key(&due, ts, row, key) || index_entry_is(t, t->store->due, &due, key));
}

static uint64_t due_entries_of(struct txn *t, const char *name)
{
    struct scan s;
    struct bytes k, v;
    uint64_t n = 0;
    scan_open(&s, t, t->store->due, bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&s, &k, &v)) {
        int64_t due_us;
        char of[KEY_MAX];
        n += key_read_i64(&k, &due_us) && key_read_text(&k, of) && strcmp(of, name) == 0;
    }
    scan_close(&s);
    return n;
}

uint64_t table_check(struct txn *t, unsigned table, struct arena *scratch, table_wrong_fn *wrong, void *arg)
{
    struct table_state *ts = state(t, table);
    struct tally sum = {0};
    struct scan s;
    struct bytes k, v;
    scan_open(&s, t, ts->bucket, bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&s, &k, &v)) {
        arena_reset(scratch);
        struct key at;
        key_init(&at);
        key_raw(&at, k);
        ProtobufCMessage *row = table_row(t->store, table, v, scratch);
        if (!row) {
            wrong(arg, "a row cannot be read");
            continue;
        }
        struct key primary = row_key(ts, row);
        if (!bytes_equal(key_bytes(&primary), k))
            wrong(arg, "a row stands under a key that is not its own");
        tally_row(t, ts, row, &at, &sum, wrong, arg);
        sum.rows++;
    }
    scan_close(&s);
    for (size_t i = 0; i < ts->n_indexes; i++)
        if (entries_with(t, ts->indexes[i].bucket, bytes_of(NULL, 0)) != sum.index[i])
            wrong(arg, "an index has entries without a row");
    if (ts->due && due_entries_of(t, ts->name) != sum.due)
        wrong(arg, "there are timers without a row");
    return sum.rows;
}
