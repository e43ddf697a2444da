/* Decisions about dashboards, those that there are from the first start on, and periods seen from today. */
#include "services/opportunities/dashboard.h"

#include <string.h>

#include "base/text.h"
#include "services/opportunities/analysis.h"

#define BY(x)     BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_##x
#define CHART(x)  BATON__WIDGET_CHART__WIDGET_CHART_##x
#define PERIOD(x) BATON__MEASURE_PERIOD__MEASURE_PERIOD_##x
#define ROLE(x)   BATON__ROLE__ROLE_##x

enum { YEAR = 12, FIRST_ROLES = 2, FIRST_MEASURES = 3 };

/* --- what can be one --- */

static bool draws_measures(Baton__WidgetChart chart)
{
    return chart != CHART(ADOPTION) && chart != CHART(ADVICE);
}

static bool check_widget(const Baton__DashboardWidget *w, struct refusal *no)
{
    /* 3: it asks for measures there are, unless it draws none */
    if (draws_measures(w->chart) != (w->n_measures > 0))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "widgets",
                      w->n_measures ? "\"%s\" shows no measures" : "\"%s\" names no measure", w->title);
    for (size_t i = 0; i < w->n_measures; i++) {
        const enum measure m = measure_find(w->measures[i]);
        if (m == MEASURES)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "widgets", "there is no measure \"%s\"",
                          w->measures[i]);
        /* 4: and tells them apart by what they can be */
        for (size_t k = 0; k < w->n_by; k++)
            if (!measure_can(&measure_rows[m], w->by[k]))
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "widgets", "%s cannot be told apart by that",
                              measure_rows[m].name);
    }
    return true;
}

bool dashboard_check(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                     struct stamp *s, struct outcome *out)
{
    Baton__Dashboard *d = (Baton__Dashboard *)after;
    (void)extra; /* nothing but what it says itself */
    if (!d)
        return true;
    /* 1: it has a title, without white space around */
    d->title = text_trim(s->arena, d->title);
    if (!d->title)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "title", "a dashboard has a title");
    /* 2: whoever makes it owns it; an administrator may make it for others */
    if (!before && (!d->owner_id || !actor_is(s->actor, ROLE(ADMIN))))
        d->owner_id = s->actor->user_id;
    for (size_t i = 0; i < d->n_widgets; i++)
        if (!check_widget(d->widgets[i], &out->no))
            return false;
    return true;
}

/* 5: its owner and administrators own it, whoever has its roles reads it, of others it is hidden */
enum record_reach dashboard_reach(const Baton__Dashboard *d, const Baton__Actor *actor)
{
    if (actor_is(actor, ROLE(ADMIN)) || actor_is(actor, ROLE(SYSTEM)) ||
        (d->owner_id && actor->user_id && strcmp(d->owner_id, actor->user_id) == 0))
        return RECORD_OWN;
    for (size_t i = 0; i < d->n_roles; i++)
        if (actor_is(actor, d->roles[i]))
            return RECORD_READ;
    return RECORD_HIDDEN;
}

/* --- those of the first start --- */

struct first_widget {
    const char *title;
    Baton__WidgetChart chart;
    enum measure measures[FIRST_MEASURES]; /* up to MEASURES */
    Baton__MeasureDimension by;
    Baton__MeasurePeriod period;
    bool compare, largest_first;
};

static const struct first_widget own[] = {
    {"Won", CHART(NUMBER), {MEASURE_WON, MEASURES}, 0, PERIOD(THIS_QUARTER), true, false},
    {"Win rate", CHART(NUMBER), {MEASURE_WIN_RATE, MEASURES}, 0, PERIOD(THIS_YEAR), true, false},
    {"Pipeline by stage", CHART(BARS), {MEASURE_OPEN, MEASURES}, BY(DETAIL), 0, false, false},
    {"To close", CHART(BARS), {MEASURE_EXPECTED, MEASURES}, BY(MONTH), PERIOD(THIS_YEAR), false, false},
    {"Activities", CHART(BARS), {MEASURE_ACTIVITIES, MEASURES}, BY(DETAIL), PERIOD(THIS_MONTH), true, false},
    {"Leads",
     CHART(NUMBER),
     {MEASURE_LEADS, MEASURE_ACCEPTED, MEASURE_LEADS_CONVERTED},
     0,
     PERIOD(THIS_MONTH),
     true,
     false},
    {"Deals at risk", CHART(ADVICE), {MEASURES}, 0, 0, false, false},
};
static const struct first_widget below[] = {
    {"Leader board", CHART(TABLE), {MEASURE_WON, MEASURES}, BY(OWNER), PERIOD(THIS_QUARTER), true, true},
    {"Win rates", CHART(TABLE), {MEASURE_WIN_RATE, MEASURES}, BY(OWNER), PERIOD(THIS_YEAR), true, true},
    {"Pipeline by person", CHART(BARS), {MEASURE_OPEN, MEASURES}, BY(OWNER), 0, false, true},
    {"Through the stages",
     CHART(FUNNEL),
     {MEASURE_ENTERED, MEASURE_CONVERSION, MEASURE_LEFT},
     BY(DETAIL),
     PERIOD(THIS_YEAR),
     false,
     false},
    {"Activities", CHART(TABLE), {MEASURE_ACTIVITIES, MEASURES}, BY(OWNER), PERIOD(THIS_MONTH), true, true},
    {"Why deals are lost", CHART(BARS), {MEASURE_LOST, MEASURES}, BY(DETAIL), PERIOD(THIS_YEAR), false, true},
    {"Advice", CHART(ADVICE), {MEASURES}, 0, 0, false, false},
};
static const struct first_widget whole[] = {
    {"Won", CHART(LINE), {MEASURE_WON, MEASURES}, BY(MONTH), PERIOD(THIS_YEAR), true, false},
    {"By team", CHART(BARS), {MEASURE_WON, MEASURES}, BY(TEAM), PERIOD(THIS_YEAR), true, true},
    {"Territories",
     CHART(TABLE),
     {MEASURE_WON, MEASURE_WIN_RATE, MEASURE_EXPECTED},
     BY(TERRITORY),
     PERIOD(THIS_YEAR),
     true,
     true},
    {"Where deals come from",
     CHART(BARS),
     {MEASURE_CREATED, MEASURES},
     BY(DETAIL),
     PERIOD(THIS_YEAR),
     false,
     true},
    {"Lost to", CHART(BARS), {MEASURE_LOST_TO, MEASURES}, BY(DETAIL), PERIOD(THIS_YEAR), false, true},
    {"Cohorts", CHART(TABLE), {MEASURE_COHORT_WON, MEASURES}, BY(DETAIL), PERIOD(LAST_YEAR), false, false},
    {"Advice", CHART(ADVICE), {MEASURES}, 0, 0, false, false},
};
static const struct first_widget entered[] = {
    {"Who enters what", CHART(ADOPTION), {MEASURES}, 0, 0, false, false},
};

static const struct {
    const char *title;
    Baton__Role roles[FIRST_ROLES];
    const struct first_widget *widgets;
    size_t n;
} firsts[] = {
    {"My work", {ROLE(REP), ROLE(INSIDE)}, own, sizeof own / sizeof *own},
    {"My team", {ROLE(MANAGER)}, below, sizeof below / sizeof *below},
    {"Headquarters", {ROLE(ADMIN)}, whole, sizeof whole / sizeof *whole},
    {"Adoption", {ROLE(ADMIN), ROLE(MANAGER)}, entered, sizeof entered / sizeof *entered},
};

static Baton__DashboardWidget *widget(const struct first_widget *f, struct arena *a)
{
    Baton__DashboardWidget *w = ARENA_NEW(a, Baton__DashboardWidget);
    baton__dashboard_widget__init(w);
    w->title = (char *)(uintptr_t)f->title;
    w->has_chart = true;
    w->chart = f->chart;
    w->measures = ARENA_ARRAY(a, char *, FIRST_MEASURES);
    for (size_t i = 0; i < FIRST_MEASURES && f->measures[i] != MEASURES; i++)
        w->measures[w->n_measures++] = (char *)(uintptr_t)measure_rows[f->measures[i]].name;
    w->by = ARENA_ARRAY(a, Baton__MeasureDimension, 1);
    w->by[0] = f->by;
    w->n_by = f->by ? 1 : 0;
    w->has_period = f->period != 0;
    w->period = f->period;
    w->has_compare = w->compare = f->compare;
    w->has_largest_first = w->largest_first = f->largest_first;
    return w;
}

void dashboard_firsts(struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        Baton__Dashboard *d = ARENA_NEW(s->arena, Baton__Dashboard);
        baton__dashboard__init(d);
        d->title = (char *)(uintptr_t)firsts[i].title;
        d->roles = ARENA_ARRAY(s->arena, Baton__Role, FIRST_ROLES);
        while (d->n_roles < FIRST_ROLES && firsts[i].roles[d->n_roles]) {
            d->roles[d->n_roles] = firsts[i].roles[d->n_roles];
            d->n_roles++;
        }
        d->widgets = ARENA_ARRAY(s->arena, Baton__DashboardWidget *, firsts[i].n);
        for (; d->n_widgets < firsts[i].n; d->n_widgets++)
            d->widgets[d->n_widgets] = widget(&firsts[i].widgets[d->n_widgets], s->arena);
        (void)record_created(&d->base, s, out); /* nothing more is to be said of it */
    }
}

/* --- periods --- */

/* 6: what is not said is this quarter; quarters and years are those of the fiscal calendar */
struct forecast_months measure_period(Baton__MeasurePeriod p, uint32_t month, uint32_t begins)
{
    const uint32_t first = begins ? begins - 1 : 0;
    const struct forecast_months quarter = forecast_quarter_of(month, begins);
    const uint32_t year = month - (month % YEAR + YEAR - first) % YEAR;
    const struct forecast_months months[] = {
        [PERIOD(UNSPECIFIED)] = quarter,
        [PERIOD(THIS_MONTH)] = {month, 1},
        [PERIOD(THIS_QUARTER)] = quarter,
        [PERIOD(THIS_YEAR)] = {year, YEAR},
        [PERIOD(LAST_MONTH)] = {month - 1, 1},
        [PERIOD(LAST_QUARTER)] = {quarter.first - quarter.n, quarter.n},
        [PERIOD(LAST_YEAR)] = {year - YEAR, YEAR},
    };
    return (unsigned)p < sizeof months / sizeof *months ? months[p] : quarter;
}
