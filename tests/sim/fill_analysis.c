/* Requests about measures, who enters what, advice and dashboards. */
#include "baton/v1/analysis.pb-c.h"
#include "sim/fill.h"

bool fill_ask_measures(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *measures[] = {"won", "win_rate", "open", "conversion", "created", "left", "lost", "nothing"};
    static Baton__MeasureDimension by[2];
    Baton__QueryMeasuresRequest q = BATON__QUERY_MEASURES_REQUEST__INIT;
    q.n_measures = 1 + sim_below(random, 3);
    q.measures = measures + sim_below(random, sizeof measures / sizeof *measures - q.n_measures + 1);
    q.n_by = sim_below(random, 3);
    q.by = by;
    for (size_t i = 0; i < q.n_by; i++)
        by[i] = (Baton__MeasureDimension)(1 + sim_below(random, 6));
    q.period = sim_below(random, 2) ? "2026" : NULL;
    q.has_compare = q.compare = sim_below(random, 2);
    q.user_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    q.currency_code = sim_below(random, 2) ? "EUR" : NULL;
    fill_query(a, "opportunities", "AnalysisService/QueryMeasures", &q, arena);
    return true;
}

bool fill_ask_adoption(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetAdoptionRequest q = BATON__GET_ADOPTION_REQUEST__INIT;
    q.user_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    q.has_weeks = sim_below(random, 2);
    q.weeks = q.has_weeks ? (uint32_t)sim_below(random, 30) : 0;
    fill_query(a, "opportunities", "AnalysisService/GetAdoption", &q, arena);
    return true;
}

bool fill_ask_advice(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__GetAdviceRequest q = BATON__GET_ADVICE_REQUEST__INIT;
    q.user_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    fill_query(a, "opportunities", "AnalysisService/GetAdvice", &q, arena);
    return true;
}

bool fill_dashboard(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    static char *measures[] = {"won", "win_rate", "nothing"};
    static Baton__Role roles[] = {BATON__ROLE__ROLE_REP, BATON__ROLE__ROLE_MANAGER};
    Baton__Dashboard d = BATON__DASHBOARD__INIT;
    Baton__DashboardWidget w = BATON__DASHBOARD_WIDGET__INIT, *widgets[] = {&w};
    d.title = "What I look at";
    d.owner_id = sim_below(random, 2) ? fill_drawn(sim, KNOWN_USER, random) : NULL;
    d.roles = roles;
    d.n_roles = sim_below(random, 3);
    w.title = "One of them";
    w.has_chart = true;
    w.chart = BATON__WIDGET_CHART__WIDGET_CHART_BARS;
    w.measures = measures + sim_below(random, 3);
    w.n_measures = 1;
    d.widgets = widgets;
    d.n_widgets = 1;
    return fill_create(a, "opportunities", &d.base, arena);
}
