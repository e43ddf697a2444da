/* The store of a drill's service that is down, with rows as a program of another version may have left them.
 */
#ifndef BATON_TESTS_DRILL_SPOIL_H
#define BATON_TESTS_DRILL_SPOIL_H

#include "unit/drill.h"

static struct store *open_store(struct drill *d, int i)
{
    char dir[128];
    path_of(d, i, "", dir);
    struct store *s = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = defs[i]->tables, .n_tables = defs[i]->n_tables});
    must(d, s != NULL, "no store");
    return s;
}

static bool has_form(struct drill *d, int i)
{
    struct bytes v;
    struct store *s = open_store(d, i);
    const unsigned meta = store_bucket(s, "meta");
    struct txn *t = store_begin(s, false);
    const bool has = txn_get(t, meta, bytes_text("form"), &v);
    store_abort(t);
    store_close(s);
    return has;
}

static void *row_at(struct drill *d, struct txn *t, unsigned table, uint64_t at, struct key *key)
{
    struct scan s;
    struct bytes k, v;
    void *row = NULL;
    scan_open(&s, t, table_bucket(txn_store(t), table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    for (uint64_t n = 0; !row && scan_next(&s, &k, &v); n++)
        if (n == at) {
            key_init(key);
            key_raw(key, k);
            row = table_row(txn_store(t), table, v, d->memory);
        }
    scan_close(&s);
    return row;
}

static void empty(struct drill *d, struct txn *t, unsigned table)
{
    struct key key;
    while (row_at(d, t, table, 0, &key))
        (void)table_delete(t, table, &key, d->memory); /* it is there */
}

static void drop_one(struct drill *d, struct txn *t, unsigned table)
{
    struct key key;
    if (row_at(d, t, table, sim_below(&d->random, 3), &key))
        (void)table_delete(t, table, &key, d->memory); /* as above */
}

/* As if another record had changed it last. */
static void alter_one(struct drill *d, struct txn *t, unsigned table)
{
    struct key key;
    const void *row = row_at(d, t, table, sim_below(&d->random, 3), &key);
    if (row)
        table_put(t, table, row, 1 + table_seq(t, table, &key), d->memory);
}

static void nothing(struct drill *d, struct txn *t, unsigned table)
{
}

static void spoil_tables(struct drill *d, int i, struct txn *t)
{
    static void (*const ways[])(struct drill *, struct txn *, unsigned) = {empty, drop_one, alter_one,
                                                                           nothing};
    for (unsigned table = 0; table < defs[i]->n_tables; table++)
        ways[sim_below(&d->random, 4)](d, t, table);
}

/* Two that have swapped what is unique, one that the log does not know, and no index at all. */
static void spoil_users(struct drill *d, struct txn *t)
{
    struct key key;
    const unsigned table = (unsigned)table_number(txn_store(t), "user");
    Baton__User *a = row_at(d, t, table, 1, &key), *b = row_at(d, t, table, 2, &key);
    if (!a || !b)
        return;
    char *email = a->email;
    a->email = "kept@b.example";
    table_put(t, table, a, 1, d->memory);
    a->email = b->email;
    b->email = email;
    table_put(t, table, b, 1, d->memory);
    table_put(t, table, a, 1, d->memory);
    a->id = "0191a3b4-0000-7000-8000-0000000000ff";
    a->email = "nobody@b.example";
    table_put(t, table, a, 1, d->memory);
}

/* Timers of no row, of one that is not due then, and of a table that is no more. */
static void spoil_due(struct drill *d, struct txn *t, unsigned due, unsigned table, const char *name)
{
    struct key row = key_of("0191a3b4-0000-7000-8000-0000000000ff");
    for (int64_t us = 1; us <= 2; us++) {
        struct key key;
        key_init(&key);
        key_i64(&key, us);
        key_text(&key, name);
        key_raw(&key, key_bytes(&row));
        txn_put(t, due, key_bytes(&key), key_bytes(&row));
        (void)row_at(d, t, table, 0, &row); /* where there is none it is the same once more */
    }
}

static void spoil(struct drill *d, int i)
{
    struct store *s = open_store(d, i);
    const unsigned meta = store_bucket(s, "meta");
    const unsigned due = store_bucket(s, "due"), index = i == LEADS ? store_bucket(s, "i.lead.owner_id") : 0;
    struct txn *t = store_begin(s, true);
    must(d, txn_delete(t, meta, bytes_text("form")), "it had no form");
    spoil_tables(d, i, t);
    if (i == DIRECTORY)
        spoil_users(d, t);
    if (i == LEADS)
        txn_empty(t, index);
    for (unsigned table = 0; table < defs[i]->n_tables; table++)
        spoil_due(d, t, due, table, table ? defs[i]->tables[table].name : "of another version");
    must(d, store_commit(t), "not spoilt");
    store_close(s);
}

static void lose_record(struct drill *d, int i, uint64_t seq)
{
    uint8_t key[10] = {0};
    struct store *s = open_store(d, i);
    const unsigned log = store_bucket(s, "log");
    struct txn *t = store_begin(s, true);
    put_be64(key, seq);
    must(d, txn_delete(t, log, bytes_of(key, sizeof key)) && store_commit(t), "no such record");
    store_close(s);
}

#endif
