/* The journal of who looked: one row an hour, user and record, and none for ever. */
#include <assert.h>

#include "services/contacts/rows.h"

enum { KEPT_HOURS = 400 * 24, SWEEP = 2 * CONTACTS_ACCESS_STEP };
static const int64_t HOUR_US = INT64_C(3600) * 1000000;

static struct key key_of_count(const Baton__AccessCount *n)
{
    struct key k;
    key_init(&k);
    key_u64(&k, n->hour);
    key_text(&k, n->user_id);
    key_text(&k, n->record_id);
    return k;
}

static void add(struct apply *ap, const Baton__AccessCount *n)
{
    struct key key = key_of_count(n);
    const Baton__AccessCount *before = table_get(ap->txn, CONTACTS_ACCESS, &key, ap->arena);
    Baton__AccessCount row = *n;
    if (before) {
        row.reads += before->reads;
        row.histories += before->histories;
        row.listed += before->listed;
    }
    table_replace(ap->txn, CONTACTS_ACCESS, before, &row, ap->seq, ap->arena);
}

/* Twice as many as may have come, so that the journal never grows beyond what is kept. */
static void sweep(struct apply *ap)
{
    struct table_scan scan;
    const Baton__AccessCount *old[SWEEP], *row;
    const int64_t first = ap->time_us / HOUR_US - KEPT_HOURS;
    size_t n = 0;
    bool opened = table_scan_open(&scan, ap->txn, CONTACTS_ACCESS, NULL, NULL, NULL, false);
    assert(opened);
    while (n < SWEEP && (row = table_scan_next(&scan, ap->arena)) && row->hour < first)
        old[n++] = row;
    table_scan_close(&scan);
    for (size_t i = 0; i < n; i++) {
        struct key key = key_of_count(old[i]);
        (void)table_delete(ap->txn, CONTACTS_ACCESS, &key, ap->arena); /* gone is what is wanted */
    }
}

void contacts_apply_looked(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__AccessNoted *e = (const Baton__AccessNoted *)payload;
    for (size_t i = 0; i < e->n_counts; i++)
        add(ap, e->counts[i]);
    sweep(ap);
    if (ap->state)
        contacts_access_written(ap->state, e->n_counts);
}
