/* Links for people outside: nothing is opened by one that is over, revoked or used up, or of a document that
   is gone; each opening counts. Made from the log and the rows that follow from it. */
#include "documents/documents.h"
#include "sim/sim.h"
#include "store/table.h"

static size_t views_of(const struct ledger *l, const char *share_id, struct arena *a)
{
    struct table_scan scan;
    size_t n = 0;
    if (!table_scan_open(&scan, l->made, DOCUMENTS_SHARE_VIEW, "share_id", share_id, NULL, false))
        return 0;
    while (table_scan_next(&scan, a))
        n++;
    table_scan_close(&scan);
    return n;
}

void shares_record(const struct ledger *l, const Baton__LogRecord *r)
{
    struct sim *sim = l->process->sim;
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        if (e->event_case != BATON__EVENT__EVENT_DOCUMENT_SHARE_CHANGED)
            continue;
        const Baton__DocumentShare *share = e->document_share_changed->share;
        const bool is_over = share->revoked_at || timestamp_us(share->expires_at) <= (int64_t)r->time_us;
        if (share->views != views_of(l, share->id, a) ||
            (share->max_views && share->views > share->max_views))
            sim_wrong(sim, "shares: record %zu: link %s says it was opened %u times, and was not",
                      (size_t)r->seq, share->id, share->views);
        if (e->document_share_changed->view &&
            (is_over || !table_get_id(l->made, DOCUMENTS_DOCUMENT, share->document_id, a)))
            sim_wrong(sim, "shares: record %zu opens link %s, which is over", (size_t)r->seq, share->id);
    }
    arena_free(a);
}
