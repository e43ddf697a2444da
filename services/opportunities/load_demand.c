/* What a demand plan is decided on. */
#include <string.h>

#include "base/civil.h"
#include "services/opportunities/rows.h"

enum { YEAR = 12 };
static const int64_t DAY_S = 86400;

void *opportunities_load_warehouse(struct load *l, const struct command *c)
{
    struct warehouse_facts *f = ARENA_NEW(l->arena, struct warehouse_facts);
    struct table_scan scan;
    (void)c; /* all of them, whichever it is */
    f->all = ARENA_ARRAY(l->arena, Baton__Warehouse *, DEMAND_WAREHOUSES_MAX);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_WAREHOUSE, NULL, NULL, NULL, false))
        return f;
    while (f->n < DEMAND_WAREHOUSES_MAX && (f->all[f->n] = table_scan_next(&scan, l->arena)))
        f->n++;
    table_scan_close(&scan);
    return f;
}

/* Ids are made in the order of time. */
void *opportunities_load_demand(struct load *l, const struct command *c)
{
    struct demand_facts *f = ARENA_NEW(l->arena, struct demand_facts);
    struct table_scan scan;
    Baton__DemandPlan *p;
    const struct civil day = civil_of_seconds((int64_t)opportunities_local_day(l) * DAY_S);
    (void)c; /* the same for everybody */
    f->month = (uint32_t)(day.year * YEAR + day.month - 1);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_DEMAND_PLAN, NULL, NULL, NULL, false))
        return f;
    while ((p = table_scan_next(&scan, l->arena))) {
        f->oldest = f->oldest ? f->oldest : p;
        f->newest = p;
        f->n++;
    }
    table_scan_close(&scan);
    return f;
}
