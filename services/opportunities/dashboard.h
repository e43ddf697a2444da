/* Dashboards: what is looked at, as records. Pure. */
#ifndef BATON_OPPORTUNITIES_DASHBOARD_H
#define BATON_OPPORTUNITIES_DASHBOARD_H

#include "baton/v1/analysis.pb-c.h"
#include "schema/decide.h"
#include "services/opportunities/rollup.h"

record_check_fn dashboard_check;
/* Whoever made it and administrators own it; whoever has one of its roles reads it. */
enum record_reach dashboard_reach(const Baton__Dashboard *d, const Baton__Actor *actor);
/* Those there are from the first start on. */
void dashboard_firsts(struct stamp *s, struct outcome *out);
/* `month`: the one it is now, as struct forecast_months counts; `begins` as there. */
struct forecast_months measure_period(Baton__MeasurePeriod p, uint32_t month, uint32_t begins);

#endif
