/* Which warehouse serves where, and that no two serve the same. */
#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "services/opportunities/demand.h"

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_area(const Baton__WarehouseArea *x, const char *country, const char *region, struct arena *a)
{
    return same_text(x->country, country) && same_text(text_fold(a, x->region), text_fold(a, region));
}

static bool serves(const Baton__Warehouse *w, size_t before, const Baton__WarehouseArea *area,
                   struct arena *a)
{
    for (size_t i = 0; i < w->n_areas && i < before; i++)
        if (same_area(w->areas[i], area->country, area->region, a))
            return true;
    return false;
}

bool demand_check_warehouse(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                            struct stamp *s, struct outcome *out)
{
    const struct warehouse_facts *f = extra;
    Baton__Warehouse *w = (Baton__Warehouse *)after;
    for (size_t i = 0; w && i < w->n_areas; i++) {
        Baton__WarehouseArea *area = w->areas[i];
        /* 1: an area is of a country */
        char *country = country_of(area->country, s->arena);
        if (!country)
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "areas",
                          "\"%s\" is no country (they are written like DE)", area->country);
        area->country = country;
        /* 2: no area stands there twice, and none is served by another warehouse */
        if (serves(w, i, area, s->arena))
            return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "areas", "%s %s stands there twice", country,
                          area->region ? area->region : "");
        for (size_t k = 0; k < f->n; k++)
            if (!same_text(f->all[k]->id, w->id) && serves(f->all[k], SIZE_MAX, area, s->arena))
                return refuse(&out->no, REFUSAL_ALREADY_EXISTS, "areas", "%s %s is served by %s already",
                              country, area->region ? area->region : "", f->all[k]->code);
    }
    /* 3: there are no more than a plan looks through */
    return !w || before || f->n < DEMAND_WAREHOUSES_MAX ||
           refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "code", "there are %d warehouses already",
                  DEMAND_WAREHOUSES_MAX);
}

const Baton__Warehouse *demand_warehouse(const struct warehouse_facts *f, const char *country,
                                         const char *region, struct arena *a)
{
    const Baton__Warehouse *of_country = NULL;
    for (size_t i = 0; country && *country && i < f->n; i++)
        for (size_t k = 0; k < f->all[i]->n_areas; k++) {
            /* 4: a region counts before its country */
            if (region && *region && same_area(f->all[i]->areas[k], country, region, a))
                return f->all[i];
            if (same_area(f->all[i]->areas[k], country, NULL, a))
                of_country = f->all[i];
        }
    return of_country;
}
