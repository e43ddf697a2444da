/* Of a drill's services: their rows against what their logs make of themselves, and against each other. */
#ifndef BATON_TESTS_DRILL_ROWS_H
#define BATON_TESTS_DRILL_ROWS_H

#include "service/apply.h"
#include "unit/drill.h"

static inline bool same_rows(struct drill *d, struct txn *a, struct txn *b, const char *type)
{
    struct table_scan left, right;
    ProtobufCMessage *l, *r;
    unsigned at = (unsigned)table_number(txn_store(a), type), bt = (unsigned)table_number(txn_store(b), type);
    must(d, table_scan_open(&left, a, at, NULL, NULL, NULL, false), type);
    must(d, table_scan_open(&right, b, bt, NULL, NULL, NULL, false), type);
    bool same = true;
    do {
        l = table_scan_next(&left, d->memory);
        r = table_scan_next(&right, d->memory);
        same = !l == !r && (!l || bytes_equal(schema_pack(l, d->memory), schema_pack(r, d->memory)));
    } while (same && l);
    table_scan_close(&left);
    table_scan_close(&right);
    return same;
}

static inline void on_table(void *arg, const char *what)
{
    must(arg, false, what);
}

/* The log alone makes the same rows; the cursor stands where it rejoined, or behind. */
static inline void check_replay(struct drill *d, int i)
{
    char dir[128];
    struct cursor is, was;
    struct store *live = service_store(d->services[i]);
    path_of(d, i, ".replay", dir);
    struct store *made = store_open(&(struct store_options){
        .dir = dir, .no_sync = true, .tables = defs[i]->tables, .n_tables = defs[i]->n_tables});
    struct txn *from = store_begin(live, false), *to = store_begin(made, true);
    for (uint64_t seq = 1; seq <= log_head(live).seq; seq++)
        service_apply(defs[i], to, log_get(from, seq, d->memory), d->memory);
    for (unsigned t = 0; t < defs[i]->n_tables; t++) {
        struct arena *a = arena_new(MEMORY);
        (void)table_check(from, t, a, on_table, d);
        arena_free(a);
        must(d, same_rows(d, from, to, defs[i]->tables[t].name), "the log makes other rows");
    }
    for (int k = 0; k < SERVICES; k++)
        if (cursor_get(to, defs[k]->name, &was))
            must(d,
                 cursor_get(from, defs[k]->name, &is) && is.at.seq >= was.at.seq &&
                     memcmp(is.log_id, was.log_id, sizeof is.log_id) == 0,
                 "the cursor is not where it rejoined");
    store_abort(from);
    store_abort(to);
    store_close(made);
}

#endif
