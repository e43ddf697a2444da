/* What of an opportunity is counted, and the stages it was in. */
#include <string.h>

#include "base/civil.h"
#include "base/money.h"
#include "services/opportunities/analysis.h"
#include "services/opportunities/rollup.h"

enum { YEAR = 12 };
static const int64_t DAY_S = 86400;

static char *text(const char *s)
{
    return (char *)(uintptr_t)(s ? s : "");
}

uint32_t analysis_month(const struct civil_zone *zone, int64_t us)
{
    struct civil c = zone ? civil_from_us(zone, us) : civil_of_seconds(us / 1000000);
    return (uint32_t)(c.year * YEAR + c.month - 1);
}

static bool is_here(const Baton__AnalysisVisit *v, const Baton__Opportunity *o)
{
    return strcmp(v->pipeline_id, text(o->pipeline_id)) == 0 && strcmp(v->stage_key, text(o->stage_key)) == 0;
}

/* 1: who leaves a stage has been there so long, and was lost there or not */
static void leave(Baton__AnalysisVisit *v, const Baton__Opportunity *o, const struct civil_zone *zone,
                  int64_t now_us)
{
    if (!v->since_us)
        return;
    v->has_spent_us = v->has_left_us = v->has_dropped = v->has_left_month = true;
    v->left_month = analysis_month(zone, now_us);
    v->spent_us += now_us > v->since_us ? now_us - v->since_us : 0;
    v->left_us = now_us;
    v->since_us = 0;
    v->dropped = o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST;
}

/* 2: who comes back goes on in the same visit; it is not dropped any more */
static void come(Baton__AnalysisVisit *v, int64_t now_us)
{
    if (v->since_us)
        return;
    v->has_since_us = true;
    v->since_us = now_us;
    v->dropped = false;
}

static Baton__AnalysisVisit *visit_new(const Baton__Opportunity *o, const struct civil_zone *zone,
                                       int64_t now_us, struct arena *a)
{
    Baton__AnalysisVisit *v = ARENA_NEW(a, Baton__AnalysisVisit);
    baton__analysis_visit__init(v);
    v->pipeline_id = text(o->pipeline_id);
    v->stage_key = text(o->stage_key);
    v->has_entered_us = v->has_since_us = v->has_entered_month = true;
    v->entered_us = v->since_us = now_us;
    v->entered_month = analysis_month(zone, now_us);
    return v;
}

static void visits(Baton__AnalysisItem *i, const Baton__AnalysisItem *before, const Baton__Opportunity *o,
                   const struct civil_zone *zone, int64_t now_us, struct arena *a)
{
    const size_t n = before ? before->n_visits : 0;
    bool found = false;
    i->visits = ARENA_ARRAY(a, Baton__AnalysisVisit *, n + 1);
    for (size_t k = 0; k < n; k++) {
        Baton__AnalysisVisit *v = i->visits[k] = ARENA_NEW(a, Baton__AnalysisVisit);
        *v = *before->visits[k];
        if (is_here(v, o)) {
            found = true;
            come(v, now_us);
        } else {
            leave(v, o, zone, now_us);
        }
    }
    i->n_visits = n;
    /* 3: those after so many are not counted */
    if (!found && n < ANALYSIS_VISITS)
        i->visits[i->n_visits++] = visit_new(o, zone, now_us, a);
}

static void figures(Baton__AnalysisItem *i, const Baton__Opportunity *o, const struct civil_zone *zone,
                    int64_t now_us)
{
    const int64_t amount = o->amount ? o->amount->minor_units : 0;
    i->has_kind = i->has_amount = i->has_created_us = i->has_closed_us = i->has_close_month =
        i->has_category = true;
    i->kind = o->stage_kind;
    i->currency_code = text(o->amount ? o->amount->currency_code : NULL);
    i->amount = amount < 0 ? 0 : amount > MONEY_MAX ? MONEY_MAX : (uint64_t)amount;
    i->created_us = o->created_at ? timestamp_us(o->created_at) : now_us;
    const bool closed = o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON ||
                        o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST;
    i->closed_us = !closed ? 0 : o->closed_at ? timestamp_us(o->closed_at) : now_us;
    /* 6: months go by the clocks of the organisation */
    i->has_created_month = true;
    i->created_month = analysis_month(zone, i->created_us);
    i->has_closed_month = closed;
    i->closed_month = closed ? analysis_month(zone, i->closed_us) : 0;
    i->close_month = forecast_month_of(o->close_date);
    i->category =
        o->forecast_category ? o->forecast_category : BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_PIPELINE;
}

static int32_t day_of(const char *date)
{
    struct civil c;
    bool is_date;
    return date && civil_parse(date, &c, &is_date) ? (int32_t)(civil_seconds(&c) / DAY_S) : 0;
}

/* 5: a day that is put off while it is open counts, one that is brought forward does not */
static void put_off(Baton__AnalysisItem *i, const Baton__AnalysisItem *before, const Baton__Opportunity *o)
{
    i->has_close_day = i->has_pushed = i->has_pushed_days = true;
    i->close_day = day_of(o->close_date);
    i->pushed = before ? before->pushed : 0;
    i->pushed_days = before ? before->pushed_days : 0;
    if (!before || !before->close_day || before->closed_us || i->close_day <= before->close_day)
        return;
    i->pushed++;
    i->pushed_days += (uint32_t)(i->close_day - before->close_day);
}

Baton__AnalysisItem *analysis_item(const Baton__Opportunity *o, const Baton__AnalysisItem *before,
                                   const struct analysis_place *place, int64_t now_us, struct arena *a)
{
    if (!o || !o->pipeline_id)
        return NULL;
    /* 4: where its owner is counts when it comes to that owner, and stays while it is theirs */
    const bool stays = before && strcmp(before->owner_id, text(o->owner_id)) == 0;
    Baton__AnalysisItem *i = ARENA_NEW(a, Baton__AnalysisItem);
    baton__analysis_item__init(i);
    i->opportunity_id = o->id;
    i->owner_id = text(o->owner_id);
    i->team_id = stays ? before->team_id : text(place->team_id);
    i->territory_id = stays ? before->territory_id : text(place->territory_id);
    i->pipeline_id = text(o->pipeline_id);
    i->stage_key = text(o->stage_key);
    i->source = text(o->lead_source);
    i->reason = text(o->outcome_reason);
    i->lost_to = text(o->lost_to);
    i->product_id = text(o->product_id);
    figures(i, o, place->zone, now_us);
    put_off(i, before, o);
    visits(i, before, o, place->zone, now_us, a);
    return i;
}
