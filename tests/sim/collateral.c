/* Printed material: what there is is the sum of its ledger, nothing is set aside that is not there, what
   orders say agrees with both, whoever waits is served as soon as something is there, and little is told
   once. Made from the log and the rows that follow from it, without what decides. */
#include <string.h>

#include "documents/documents.h"
#include "sim/sim.h"
#include "store/table.h"

enum { MEMORY = 64 << 20 };

/* So many of an item, as lines of orders say. */
struct sums {
    uint64_t on_hand, moves, picked, back_ordered, owed;
};

static bool is_it(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The next row of a table; opened with the first. */
static void *next(const struct ledger *l, struct table_scan *scan, unsigned table, bool *is_open,
                  struct arena *a)
{
    if (!*is_open && !table_scan_open(scan, l->made, table, NULL, NULL, NULL, false))
        return NULL;
    *is_open = true;
    void *row = table_scan_next(scan, a);
    if (!row)
        table_scan_close(scan);
    return row;
}

/* --- at each record: nothing is below zero, and the ledger is what there is --- */

static void sum_moves(const struct ledger *l, const Baton__StockBalance *b, struct sums *s, struct arena *a)
{
    struct table_scan scan;
    struct key under = key_of(b->item_id);
    const Baton__StockMove *m;
    key_text(&under, b->place_id);
    if (!table_scan_under(&scan, l->made, DOCUMENTS_STOCK_MOVE, &under, NULL, NULL, false))
        return;
    while ((m = table_scan_next(&scan, a))) {
        s->on_hand += (uint64_t)m->quantity;
        s->moves++;
    }
    table_scan_close(&scan);
}

static const Baton__StockBalance *row_of(const struct ledger *l, const Baton__StockBalance *b,
                                         struct arena *a)
{
    struct key key = key_of(b->item_id);
    key_text(&key, b->place_id);
    return table_get(l->made, DOCUMENTS_STOCK_BALANCE, &key, a);
}

static void look_at_balance(const struct ledger *l, const Baton__StockBalance *said, struct arena *a)
{
    const Baton__StockBalance *b = row_of(l, said, a);
    struct sums s = {0};
    sum_moves(l, b, &s, a);
    if (b->on_hand > INT64_MAX || b->picked > b->on_hand || b->back_ordered > INT64_MAX)
        sim_wrong(l->process->sim, "collateral: %s at %s has less than nothing", b->item_id, b->place_id);
    if (*b->place_id && (b->on_hand != s.on_hand || b->moves != s.moves))
        sim_wrong(l->process->sim, "collateral: %s at %s: there are %llu, and the ledger has %llu",
                  b->item_id, b->place_id, (unsigned long long)b->on_hand, (unsigned long long)s.on_hand);
}

void collateral_record(const struct ledger *l, const Baton__LogRecord *r)
{
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__StockChanged *e = r->events[i]->event_case == BATON__EVENT__EVENT_STOCK_CHANGED
                                           ? r->events[i]->stock_changed
                                           : NULL;
        for (size_t k = 0; e && k < e->n_balances; k++)
            look_at_balance(l, e->balances[k], a);
    }
    arena_free(a);
}

/* --- once all is quiet --- */

static void add_line(const Baton__CollateralOrder *o, const Baton__CollateralLine *line,
                     const Baton__StockBalance *b, struct sums *s)
{
    if (!is_it(line->item_id, b->item_id) || (*b->place_id && !is_it(o->place_id, b->place_id)))
        return;
    s->picked += line->picked - line->shipped;
    s->back_ordered += line->back_ordered;
}

static void sum_orders(const struct ledger *l, const Baton__StockBalance *b, struct sums *s, struct arena *a)
{
    struct table_scan scan;
    bool is_open = false;
    const Baton__CollateralOrder *o;
    while ((o = next(l, &scan, DOCUMENTS_COLLATERAL_ORDER, &is_open, a)))
        for (size_t i = 0; i < o->n_lines; i++)
            add_line(o, o->lines[i], b, s);
    const Baton__BackOrder *w;
    is_open = false;
    while ((w = next(l, &scan, DOCUMENTS_BACK_ORDER, &is_open, a)))
        if (is_it(w->item_id, b->item_id) && (!*b->place_id || is_it(w->place_id, b->place_id)))
            s->owed += w->quantity;
}

static void sum_places(const struct ledger *l, const Baton__StockBalance *total, struct sums *s,
                       struct arena *a)
{
    struct table_scan scan;
    bool is_open = false;
    const Baton__StockBalance *b;
    while ((b = next(l, &scan, DOCUMENTS_STOCK_BALANCE, &is_open, a)))
        if (*b->place_id && is_it(b->item_id, total->item_id))
            s->on_hand += b->on_hand;
}

static void look_at_stock(const struct ledger *l, const Baton__StockBalance *b, struct arena *a)
{
    struct sim *sim = l->process->sim;
    const uint64_t left = b->on_hand - b->picked;
    const Baton__CollateralItem *item = table_get_id(l->made, DOCUMENTS_COLLATERAL_ITEM, b->item_id, a);
    struct sums s = {0};
    sum_orders(l, b, &s, a);
    if (s.picked != b->picked || s.back_ordered != b->back_ordered || s.owed != b->back_ordered)
        sim_wrong(sim, "collateral: %s at \"%s\": %llu are picked and %llu owed, orders say %llu and %llu",
                  b->item_id, b->place_id, (unsigned long long)b->picked, (unsigned long long)b->back_ordered,
                  (unsigned long long)s.picked, (unsigned long long)s.back_ordered);
    if (*b->place_id && left && b->back_ordered)
        sim_wrong(sim, "collateral: %s is at %s, and somebody waits for it", b->item_id, b->place_id);
    if (*b->place_id)
        return;
    sum_places(l, b, &s, a);
    if (s.on_hand != b->on_hand)
        sim_wrong(sim, "collateral: of %s there are not as many as its places have", b->item_id);
    if (!item || (bool)b->low != (item->low_level && left < item->low_level))
        sim_wrong(sim, "collateral: of %s %llu are left, and low is %d", b->item_id, (unsigned long long)left,
                  b->low);
}

/* What left for a line of an order. */
static uint64_t shipped_of(const struct ledger *l, const char *order_id, const char *item_id, struct arena *a)
{
    struct table_scan scan;
    const Baton__StockMove *m;
    int64_t n = 0;
    if (!table_scan_open(&scan, l->made, DOCUMENTS_STOCK_MOVE, "order_id", order_id, NULL, false))
        return 0;
    while ((m = table_scan_next(&scan, a)))
        if (is_it(m->item_id, item_id))
            n -= m->quantity;
    table_scan_close(&scan);
    return (uint64_t)n;
}

static void look_at_order(const struct ledger *l, const Baton__CollateralOrder *o, struct arena *a)
{
    for (size_t i = 0; i < o->n_lines; i++) {
        const Baton__CollateralLine *line = o->lines[i];
        const bool fits = line->received <= line->shipped && line->shipped <= line->picked &&
                          (uint64_t)line->picked + line->back_ordered <= line->approved &&
                          line->approved <= line->ordered;
        if (!fits || line->shipped != shipped_of(l, o->id, line->item_id, a))
            sim_wrong(l->process->sim, "collateral: order %s does not agree with what was done", o->id);
    }
}

/* What it cost comes to the same by campaign, by team, and of all. */
static void look_at_cost(const struct ledger *l, const char *by, struct arena *a)
{
    struct table_scan scan;
    bool is_open = false;
    const Baton__StockMove *m;
    const Baton__CollateralCost *c;
    int64_t units = 0, cost = 0;
    while ((m = next(l, &scan, DOCUMENTS_STOCK_MOVE, &is_open, a)))
        if (m->why == BATON__STOCK_REASON__STOCK_REASON_SHIPPED) {
            units -= m->quantity;
            cost += m->cost ? m->cost->minor_units : 0;
        }
    is_open = false;
    while ((c = next(l, &scan, DOCUMENTS_COLLATERAL_COST, &is_open, a)))
        if (is_it(c->by, by)) {
            units -= (int64_t)c->units;
            cost -= c->minor_units;
        }
    if (units || cost)
        sim_wrong(l->process->sim, "collateral: by %s what was sent cost %lld more, for %lld units", by,
                  (long long)cost, (long long)units);
}

/* --- little is told once --- */

static bool says(const Baton__LogRecord *r, const char *item_id, bool of_item)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        if (of_item && e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED &&
            e->record_changed->record->record_case == BATON__RECORD__RECORD_COLLATERAL_ITEM)
            return true;
        if (!of_item && e->event_case == BATON__EVENT__EVENT_COLLATERAL_NEWS &&
            e->collateral_news->kind == BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_LOW &&
            is_it(e->collateral_news->item_id, item_id))
            return true;
    }
    return false;
}

static void look_at_news(const struct ledger *l, const char *item_id)
{
    bool was_low = false;
    for (size_t n = 0; n < l->n; n++) {
        const Baton__LogRecord *r = l->records[n];
        bool is_low = was_low;
        for (size_t i = 0; i < r->n_events; i++)
            for (size_t k = 0; r->events[i]->event_case == BATON__EVENT__EVENT_STOCK_CHANGED &&
                               k < r->events[i]->stock_changed->n_balances;
                 k++) {
                const Baton__StockBalance *b = r->events[i]->stock_changed->balances[k];
                is_low = is_it(b->item_id, item_id) && !*b->place_id ? b->low : is_low;
            }
        if (says(r, item_id, false) != (is_low && !was_low && !says(r, item_id, true)))
            sim_wrong(l->process->sim, "collateral: record %zu does not tell once that %s is low", n + 1,
                      item_id);
        was_low = is_low;
    }
}

void collateral_settled(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[DOCUMENTS];
    struct arena *a = arena_new(MEMORY), *rows = arena_new(MEMORY);
    struct table_scan scan;
    bool is_open = false;
    const Baton__StockBalance *b;
    const Baton__CollateralOrder *o;
    while ((b = next(l, &scan, DOCUMENTS_STOCK_BALANCE, &is_open, rows))) {
        look_at_stock(l, b, a);
        if (!*b->place_id)
            look_at_news(l, b->item_id);
        arena_reset(a);
    }
    is_open = false;
    while ((o = next(l, &scan, DOCUMENTS_COLLATERAL_ORDER, &is_open, rows)))
        look_at_order(l, o, a);
    look_at_cost(l, "campaign", a);
    look_at_cost(l, "team", a);
    look_at_cost(l, "all", a);
    arena_free(a);
    arena_free(rows);
}
