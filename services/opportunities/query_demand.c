/* Demand plans as they are shown: which there are, and the rows of one. */
#include <string.h>

#include "services/opportunities/rows.h"

enum { ROWS_DEFAULT = 200, YEAR = 12 };

char *opportunities_month_text(uint64_t month, struct arena *a)
{
    return arena_printf(a, "%04u-%02u", (unsigned)(month / YEAR), (unsigned)(month % YEAR + 1));
}

char *opportunities_code(struct load *l, unsigned table, const char *id)
{
    const ProtobufCMessage *row = id && *id ? table_get_id(l->txn, table, id, l->arena) : NULL;
    return row ? (char *)(uintptr_t)schema_get_text(row, "code") : NULL;
}

/* Ids are made in the order of time. */
bool opportunities_demand_plan(struct load *l, const char *id, const char *field, Baton__DemandPlan **out,
                               struct refusal *no)
{
    struct table_scan scan;
    *out = table_get_id(l->txn, OPPORTUNITIES_DEMAND_PLAN, id, l->arena);
    if (id)
        return *out || refuse(no, REFUSAL_NOT_FOUND, field, "there is no plan with that id");
    if (table_scan_open(&scan, l->txn, OPPORTUNITIES_DEMAND_PLAN, NULL, NULL, NULL, true)) {
        *out = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return true;
}

bool opportunities_query_demand_plans(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                      struct refusal *no)
{
    Baton__ListDemandPlansResponse *out = ARENA_NEW(l->arena, Baton__ListDemandPlansResponse);
    struct table_scan scan;
    (void)c; /* whoever may call it sees all */
    (void)no;
    baton__list_demand_plans_response__init(out);
    out->plans = ARENA_ARRAY(l->arena, Baton__DemandPlan *, DEMAND_PLANS_MAX);
    if (table_scan_open(&scan, l->txn, OPPORTUNITIES_DEMAND_PLAN, NULL, NULL, NULL, true)) {
        while (out->n_plans < DEMAND_PLANS_MAX &&
               (out->plans[out->n_plans] = table_scan_next(&scan, l->arena)))
            out->n_plans++;
        table_scan_close(&scan);
    }
    *reply = &out->base;
    return true;
}

static Baton__DemandUnits *say_row(struct load *l, const Baton__DemandRow *row)
{
    Baton__DemandUnits *u = ARENA_NEW(l->arena, Baton__DemandUnits);
    baton__demand_units__init(u);
    u->product_id = row->product_id;
    u->product_code = opportunities_code(l, OPPORTUNITIES_PRODUCT, row->product_id);
    u->month = opportunities_month_text(row->month, l->arena);
    u->warehouse_id = *row->warehouse_id ? row->warehouse_id : NULL;
    u->warehouse_code = opportunities_code(l, OPPORTUNITIES_WAREHOUSE, row->warehouse_id);
    u->has_expected_e4 = u->has_p10_e4 = u->has_p50_e4 = u->has_p90_e4 = u->has_deals = true;
    u->expected_e4 = row->expected_e4;
    u->p10_e4 = row->p10_e4;
    u->p50_e4 = row->p50_e4;
    u->p90_e4 = row->p90_e4;
    u->deals = (uint32_t)row->n_deals;
    return u;
}

bool opportunities_query_demand_plan(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                     struct refusal *no)
{
    const Baton__GetDemandPlanRequest *q = (const Baton__GetDemandPlanRequest *)c->request;
    Baton__GetDemandPlanResponse *out = ARENA_NEW(l->arena, Baton__GetDemandPlanResponse);
    const size_t most = q->page_size ? q->page_size : ROWS_DEFAULT;
    const Baton__DemandRow *row = NULL;
    struct table_scan scan;
    baton__get_demand_plan_response__init(out);
    *reply = &out->base;
    if (!opportunities_demand_plan(l, q->plan_id, "plan_id", &out->plan, no))
        return false;
    if (!out->plan)
        return true;
    const struct key prefix = key_of(out->plan->id);
    out->rows = ARENA_ARRAY(l->arena, Baton__DemandUnits *, most);
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_DEMAND_ROW, &prefix, NULL, q->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this page token is of another question");
    while (out->n_rows < most && (row = table_scan_next(&scan, l->arena)))
        out->rows[out->n_rows++] = say_row(l, row);
    out->next_page_token = row && out->n_rows == most ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    return true;
}
