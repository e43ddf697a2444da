/* Requests about warehouses and demand plans. */
#include "baton/v1/demand.pb-c.h"
#include "sim/fill.h"

static char *const countries[] = {"DE", "TW", "FR"};

bool fill_warehouse(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Warehouse w = BATON__WAREHOUSE__INIT;
    Baton__WarehouseArea area = BATON__WAREHOUSE_AREA__INIT, *areas[] = {&area};
    w.code = fill_name(arena, "W", sim_random(random));
    w.name = "Warehouse";
    area.country = countries[sim_below(random, sizeof countries / sizeof *countries)];
    w.areas = areas;
    w.n_areas = 1;
    return fill_create(a, "opportunities", &w.base, arena);
}

bool fill_make_plan(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__MakeDemandPlanRequest q = BATON__MAKE_DEMAND_PLAN_REQUEST__INIT;
    q.request_id = a->id;
    q.has_months = true;
    q.months = (uint32_t)sim_below(random, 13);
    q.has_monthly = q.monthly = sim_below(random, 4) == 0;
    fill_command(a, "opportunities", "DemandService/MakeDemandPlan", &q, arena);
    return true;
}

bool fill_read_plan(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetDemandPlanRequest q = BATON__GET_DEMAND_PLAN_REQUEST__INIT;
    q.has_page_size = true;
    q.page_size = (uint32_t)sim_below(random, 5);
    fill_query(a, "opportunities", "DemandService/GetDemandPlan", &q, arena);
    return true;
}

bool fill_compare_plans(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CompareDemandPlansRequest q = BATON__COMPARE_DEMAND_PLANS_REQUEST__INIT;
    fill_query(a, "opportunities", "DemandService/CompareDemandPlans", &q, arena);
    return true;
}
