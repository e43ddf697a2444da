/* Rows against the rows the log makes; what stands beside them; what must add up. */
#include "tool/verify.h"

#include <inttypes.h>

#include "services/leads/leads.h"
#include "store/table.h"

enum { KEY_TEXT_SIZE = KEY_MAX * 2 + 1 };

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
    verify_found(v->result, "table %s: row %s %s", table, key_text_of(key, text), how);
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

void verify_rows(struct verify *v)
{
    struct txn *made = v->log_is_good ? store_begin(v->scratch, false) : NULL;
    for (unsigned table = 0; made != NULL && table < v->def->n_tables; table++)
        compare_table(v, made, table);
    if (made != NULL)
        store_abort(made);
}

struct table_context {
    struct verify_result *result;
    const char *table;
};

static void on_wrong(void *arg, const char *what)
{
    const struct table_context *c = arg;
    verify_found(c->result, "table %s: %s", c->table, what);
}

void verify_tables(struct verify *v)
{
    for (unsigned table = 0; table < v->def->n_tables; table++) {
        struct table_context context = {v->result, table_name(v->store, table)};
        (void)table_check(v->txn, table, v->arena, on_wrong, &context); /* rows are counted elsewhere */
    }
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
        verify_found(v->result, "lead %s is held by nobody", key_text_of(key, text));
}

static void must_be(struct verify *v, const char *what, uint64_t is, uint64_t expected)
{
    if (is != expected)
        verify_found(v->result, "leads %s: %" PRIu64 ", but the rows say %" PRIu64, what, is, expected);
}

void verify_custody(struct verify *v)
{
    struct verify_result *r = v->result;
    struct scan s;
    struct bytes key, value;
    r->counts_leads = true;
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
        verify_found(v->result, "leads: the custody row is missing");
    if (c != NULL) {
        must_be(v, "received, as custody counts", c->received, r->received);
        must_be(v, "held, as custody counts", c->held, r->held);
        must_be(v, "merged, as custody counts", c->merged, r->merged);
        must_be(v, "rejected, as custody counts", c->rejected, r->rejected);
    }
    must_be(v, "held, merged or rejected", r->held + r->merged + r->rejected, r->received);
}

void verify_taken_in(struct verify *v)
{
    arena_reset(v->arena);
    const Baton__Custody *c = table_get_id(v->txn, LEADS_CUSTODY, LEADS_CUSTODY_ID, v->arena);
    uint64_t taken_in = v->captured_events + v->rejected_events;
    if (v->log_is_good && taken_in != (c != NULL ? c->received : 0))
        verify_found(v->result, "leads: %" PRIu64 " were taken in as the log says, but custody counts others",
                     taken_in);
}
