/* Rows against the rows the log makes, what stands beside them, and what must add up. */
#include "tool/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "services/leads/leads.h"
#include "store/table.h"

enum { PATH_SIZE = 4096, KEY_TEXT_SIZE = KEY_MAX * 2 + 1 };

/* A key for a person: its text, if it has one, else its bytes. */
static const char *key_text_of(struct bytes key, char out[KEY_TEXT_SIZE])
{
    struct bytes rest = key;
    if (!key_read_text(&rest, out))
        hex_encode(out, key.data, key.size < 40 ? key.size : 40);
    return out;
}

static void differs(struct verify *v, const char *table, struct bytes key, const char *how)
{
    char text[KEY_TEXT_SIZE];
    verify_found(v, "table %s: row %s %s", table, key_text_of(key, text), how);
}

/* Two walks side by side: the live rows, and the rows made from the log. */
static void compare_table(struct verify *v, struct txn *made, unsigned table)
{
    struct scan live_scan, made_scan;
    struct bytes lk, lv, mk, mv;
    const char *name = table_name(v->store, table);
    scan_open(&live_scan, v->txn, table_bucket(v->store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    scan_open(&made_scan, made, table_bucket(v->scratch, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    bool live = scan_next(&live_scan, &lk, &lv), log = scan_next(&made_scan, &mk, &mv);
    while (live || log) {
        int order = !live ? 1 : !log ? -1 : bytes_compare(lk, mk);
        if (order < 0)
            differs(v, name, lk, "is not in the log");
        else if (order > 0)
            differs(v, name, mk, "is in the log but not there");
        else if (!bytes_equal(lv, mv))
            differs(v, name, lk, "is not what the log says");
        v->result->rows += order <= 0;
        if (order <= 0)
            live = scan_next(&live_scan, &lk, &lv);
        if (order >= 0)
            log = scan_next(&made_scan, &mk, &mv);
    }
    scan_close(&live_scan);
    scan_close(&made_scan);
}

struct table_context {
    struct verify *verify;
    const char *table;
};

static void on_wrong(void *arg, const char *what)
{
    const struct table_context *c = arg;
    verify_found(c->verify, "table %s: %s", c->table, what);
}

void verify_rows(struct verify *v)
{
    struct txn *made = v->log_is_good ? store_begin(v->scratch, false) : NULL;
    for (unsigned table = 0; table < v->def->n_tables; table++) {
        struct table_context context = {v, table_name(v->store, table)};
        if (made != NULL)
            compare_table(v, made, table);
        (void)table_check(v->txn, table, v->arena, on_wrong, &context); /* rows are counted above */
    }
    if (made != NULL)
        store_abort(made);
}

/* --- custody --- */

static void count_lead(struct verify *v, const Baton__Lead *lead, struct bytes key)
{
    struct verify_result *r = v->result;
    char text[KEY_TEXT_SIZE];
    r->received++;
    if (lead->status == BATON__LEAD_STATUS__LEAD_STATUS_MERGED)
        r->merged++;
    else if (lead->status == BATON__LEAD_STATUS__LEAD_STATUS_REJECTED)
        r->rejected++;
    else if (lead->owner_id != NULL && *lead->owner_id != '\0')
        r->held++;
    else
        verify_found(v, "lead %s is held by nobody", key_text_of(key, text));
}

static void must_be(struct verify *v, const char *what, uint64_t is, uint64_t expected)
{
    if (is != expected)
        verify_found(v, "leads %s: %" PRIu64 ", but the rows say %" PRIu64, what, is, expected);
}

void verify_custody(struct verify *v)
{
    const struct verify_result *r = v->result;
    struct scan s;
    struct bytes key, value;
    scan_open(&s, v->txn, table_bucket(v->store, LEADS_LEAD), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&s, &key, &value)) {
        arena_reset(v->arena);
        const Baton__Lead *lead = table_row(v->store, LEADS_LEAD, value, v->arena);
        if (lead != NULL) /* a damaged one has been found already */
            count_lead(v, lead, key);
    }
    scan_close(&s);
    arena_reset(v->arena);
    const Baton__Custody *c = table_get_id(v->txn, LEADS_CUSTODY, LEADS_CUSTODY_ID, v->arena);
    if (c == NULL && r->received > 0)
        verify_found(v, "leads: the custody row is missing");
    if (c != NULL) {
        must_be(v, "received, as custody counts", c->received, r->received);
        must_be(v, "held, as custody counts", c->held, r->held);
        must_be(v, "merged, as custody counts", c->merged, r->merged);
        must_be(v, "rejected, as custody counts", c->rejected, r->rejected);
    }
    if (v->log_is_good)
        must_be(v, "taken in, as the log says", v->captured_events + v->rejected_events, r->received);
    must_be(v, "held, merged or rejected", r->held + r->merged + r->rejected, r->received);
}

/* --- positions in other logs --- */

/* The other log is opened after our view was taken, so it reaches at least as far as our position in it. */
static void check_cursor(struct verify *v, const char *service, const struct cursor *c)
{
    char path[PATH_SIZE];
    const struct service_def *def = verify_service(service);
    struct buffer stored;
    snprintf(path, sizeof path, "%s/%s", v->data_dir, service);
    struct store *store = store_open(&(struct store_options){
        .dir = path, .read_only = true, .tables = def->tables, .n_tables = def->n_tables});
    struct txn *t = store != NULL ? store_begin(store, false) : NULL;
    buffer_init(&stored, LOG_HEAD_SIZE + LOG_RECORD_MAX);
    if (t == NULL)
        verify_found(v, "the log of %s, which it follows, cannot be opened", service);
    else if (memcmp(c->log_id, log_id(store), LOG_ID_SIZE) != 0)
        verify_found(v, "it follows another log of %s than the one that is there", service);
    else if (c->at.seq > 0 &&
             (!verify_read(t, store_bucket(store, "log"), c->at.seq, &stored) || stored.size < LOG_HEAD_SIZE))
        verify_found(v, "it has read %s up to %" PRIu64 ", which is not in that log", service, c->at.seq);
    else if (c->at.seq > 0 && memcmp(stored.data + 4, c->at.hash, HASH_SIZE) != 0)
        verify_found(v, "record %" PRIu64 " of %s is not the one it has read", c->at.seq, service);
    v->result->cursors++;
    buffer_release(&stored);
    if (t != NULL)
        store_abort(t);
    store_close(store);
}

void verify_cursors(struct verify *v)
{
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        static const char *const names[VERIFY_SERVICES] = {"directory",     "contacts",  "leads",
                                                           "opportunities", "documents", "notifications"};
        struct cursor cursor;
        if (strcmp(names[i], v->def->name) != 0 && cursor_get(v->txn, names[i], &cursor))
            check_cursor(v, names[i], &cursor);
    }
}
