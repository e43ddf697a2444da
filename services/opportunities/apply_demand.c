/* Demand plans and their rows. */
#include "services/opportunities/rows.h"

static void drop(struct apply *ap, const char *plan_id)
{
    struct table_scan scan;
    const struct key plan = key_of(plan_id);
    const Baton__DemandRow **rows = ARENA_ARRAY(ap->arena, const Baton__DemandRow *, DEMAND_ROWS_MAX), *row;
    size_t n = 0;
    if (table_scan_under(&scan, ap->txn, OPPORTUNITIES_DEMAND_ROW, &plan, NULL, NULL, false)) {
        while (n < DEMAND_ROWS_MAX && (row = table_scan_next(&scan, ap->arena)))
            rows[n++] = row;
        table_scan_close(&scan);
    }
    for (size_t i = 0; i < n; i++) {
        struct key key = plan;
        key_text(&key, rows[i]->product_id);
        key_u64(&key, rows[i]->month);
        key_text(&key, rows[i]->warehouse_id);
        (void)table_delete(ap->txn, OPPORTUNITIES_DEMAND_ROW, &key, ap->arena); /* it was there */
    }
    (void)table_delete(ap->txn, OPPORTUNITIES_DEMAND_PLAN, &plan, ap->arena); /* as above */
}

void opportunities_apply_demand(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DemandPlanMade *e = (const Baton__DemandPlanMade *)payload;
    table_put(ap->txn, OPPORTUNITIES_DEMAND_PLAN, e->plan, ap->seq, ap->arena);
    for (size_t i = 0; i < e->n_rows; i++)
        table_put(ap->txn, OPPORTUNITIES_DEMAND_ROW, e->rows[i], ap->seq, ap->arena);
    if (e->dropped_id)
        drop(ap, e->dropped_id);
}
