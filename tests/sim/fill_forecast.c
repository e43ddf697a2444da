/* Requests about quotas and forecasts. */
#include "baton/v1/opportunities.pb-c.h"
#include "sim/fill.h"

static char *const periods[] = {"2026", "2026-Q1", "2026-Q4", "2026-03", "2026-10", "2026-13"};

static char *period(uint64_t *random)
{
    return periods[sim_below(random, sizeof periods / sizeof *periods)];
}

static Baton__Money *euros(uint64_t *random, struct arena *arena)
{
    Baton__Money *m = ARENA_NEW(arena, Baton__Money);
    baton__money__init(m);
    m->currency_code = "EUR";
    m->has_minor_units = sim_below(random, 5) > 0;
    m->minor_units = m->has_minor_units ? (int64_t)sim_below(random, 1000000) : 0;
    return m;
}

bool fill_quota(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Quota q = BATON__QUOTA__INIT;
    q.owner_id = sim_below(random, 4) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    q.product_id = sim_below(random, 4) ? NULL : fill_drawn(sim, KNOWN_PRODUCT, random);
    q.period = period(random);
    q.amount = euros(random, arena);
    return fill_create(a, "opportunities", &q.base, arena);
}

bool fill_change_quota(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Quota q = BATON__QUOTA__INIT;
    q.id = fill_drawn(sim, KNOWN_QUOTA, random);
    if (sim_below(random, 2))
        q.amount = euros(random, arena);
    else
        q.owner_id = fill_drawn(sim, KNOWN_USER, random);
    return q.id && fill_change(a, "opportunities", &q.base, arena);
}

bool fill_delete_quota(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    return fill_delete(a, "opportunities", "quota", fill_drawn(sim, KNOWN_QUOTA, random), arena);
}

bool fill_adjustment(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SetForecastAdjustmentRequest q = BATON__SET_FORECAST_ADJUSTMENT_REQUEST__INIT;
    q.request_id = a->id;
    q.user_id = fill_drawn(sim, KNOWN_USER, random);
    q.period = period(random);
    q.amount = euros(random, arena);
    q.reason = sim_below(random, 3) ? "They are careful" : NULL;
    fill_command(a, "opportunities", "ForecastService/SetForecastAdjustment", &q, arena);
    return true;
}

bool fill_ask_forecast(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetForecastRequest q = BATON__GET_FORECAST_REQUEST__INIT;
    q.period = sim_below(random, 2) ? period(random) : NULL;
    q.user_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    q.as_of = sim_below(random, 2) ? "2026-01-05" : NULL;
    if (sim_below(random, 3) == 0) {
        Baton__GetForecastAccuracyRequest then = BATON__GET_FORECAST_ACCURACY_REQUEST__INIT;
        then.period = q.period;
        then.user_id = q.user_id;
        then.said_on = q.as_of;
        fill_query(a, "opportunities", "ForecastService/GetForecastAccuracy", &then, arena);
        return true;
    }
    fill_query(a, "opportunities", "ForecastService/GetForecast", &q, arena);
    return true;
}

bool fill_ask_changes(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetForecastChangesRequest q = BATON__GET_FORECAST_CHANGES_REQUEST__INIT;
    q.period = period(random);
    q.from = sim_below(random, 3) ? "2020-01-01" : "2026-01-05";
    fill_query(a, "opportunities", "ForecastService/GetForecastChanges", &q, arena);
    return true;
}

bool fill_ask_chances(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetCalibratedForecastRequest q = BATON__GET_CALIBRATED_FORECAST_REQUEST__INIT;
    q.period = period(random);
    q.user_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    fill_query(a, "opportunities", "ForecastService/GetCalibratedForecast", &q, arena);
    return true;
}
