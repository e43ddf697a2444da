/* Links for people outside: nothing is opened by one that is over, revoked or used up, or of a document that
   is gone, and none without the watermark it is to carry; each opening counts. One to a catalogue leads to
   the first version of a book until it is revoked. Made from the log and the rows that follow from it. */
#include "documents/documents.h"
#include "opportunities/opportunities.h"
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

static void document_link(const struct ledger *l, const Baton__LogRecord *r,
                          const Baton__DocumentShareChanged *e, struct arena *a)
{
    struct sim *sim = l->process->sim;
    const Baton__DocumentShare *share = e->share;
    const bool is_over = share->revoked_at || timestamp_us(share->expires_at) <= (int64_t)r->time_us;
    if (share->views != views_of(l, share->id, a) || (share->max_views && share->views > share->max_views))
        sim_wrong(sim, "shares: record %zu: link %s says it was opened %u times, and was not", (size_t)r->seq,
                  share->id, share->views);
    /* nothing is drawn here */
    if (e->view && share->watermark)
        sim_wrong(sim, "shares: record %zu gives out what %s was to be drawn on, and was not", (size_t)r->seq,
                  share->watermark);
    if (e->view && (is_over || !table_get_id(l->made, DOCUMENTS_DOCUMENT, share->document_id, a)))
        sim_wrong(sim, "shares: record %zu opens link %s, which is over", (size_t)r->seq, share->id);
}

static void catalogue_link(const struct ledger *l, const Baton__LogRecord *r,
                           const Baton__CatalogueLinkChanged *e, struct arena *a)
{
    struct sim *sim = l->process->sim;
    const Baton__PriceBook *book = table_get_id(l->made, OPPORTUNITIES_PRICE_BOOK, e->link->price_book_id, a);
    const bool is_there = table_get_id(l->made, OPPORTUNITIES_CATALOGUE_LINK, e->link->id, a) != NULL;
    if (is_there == (e->revoked != 0))
        sim_wrong(sim, "shares: record %zu: link %s is %s", (size_t)r->seq, e->link->id,
                  is_there ? "there, and was revoked" : "not there");
    if (!e->revoked && (!book || book->supersedes_id))
        sim_wrong(sim, "shares: record %zu: link %s is not to the first version of a book", (size_t)r->seq,
                  e->link->id);
}

void shares_record(const struct ledger *l, const Baton__LogRecord *r)
{
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        if (e->event_case == BATON__EVENT__EVENT_DOCUMENT_SHARE_CHANGED)
            document_link(l, r, e->document_share_changed, a);
        if (e->event_case == BATON__EVENT__EVENT_CATALOGUE_LINK_CHANGED)
            catalogue_link(l, r, e->catalogue_link_changed, a);
    }
    arena_free(a);
}
