/* What a question about a forecast means, who may ask it, and the rows it is answered from. */
#include <assert.h>
#include <string.h>

#include "base/civil.h"
#include "base/rfc3339.h"
#include "services/opportunities/rows.h"

enum { YEAR = 12 };
static const int64_t QUARTER_HOUR_US = INT64_C(900000000);
static const int64_t DAY_S = 86400;

bool opportunities_day_end(struct load *l, const char *day, int64_t *at_us)
{
    struct civil c;
    bool is_date;
    *at_us = l->now_us;
    if (!day || !*day)
        return true;
    if (!rfc3339_is_date(day) || !civil_parse(day, &c, &is_date))
        return false;
    struct civil next = civil_of_seconds(civil_seconds(&c) + DAY_S);
    struct civil_zone *zone = opportunities_zone(l);
    int64_t end = zone ? civil_to_us(zone, &next) : civil_seconds(&next) * 1000000;
    civil_zone_free(zone);
    if (end < l->now_us)
        *at_us = end;
    return true;
}

/* Now is within a quarter of an hour; the end of a day is the beginning of one. */
static uint64_t quarters_before(const struct load *l, int64_t at_us)
{
    uint64_t q = at_us > 0 ? (uint64_t)(at_us / QUARTER_HOUR_US) : 0;
    return at_us < l->now_us ? q : q + 1;
}

static bool ask_period(struct load *l, const char *period, struct forecast_ask *out, struct refusal *no)
{
    struct civil c = civil_of_seconds((int64_t)opportunities_local_day(l) * DAY_S);
    out->begins = opportunities_fiscal_month(l);
    if (!period || !*period) {
        out->months = forecast_quarter_of((uint32_t)(c.year * YEAR + c.month - 1), out->begins);
        return true;
    }
    return forecast_months_parse(period, out->begins, &out->months) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "period",
                  "\"%s\" is not a period (they are written like 2026-10, 2026-Q4 and 2026)", period);
}

/* Whoever is not an administrator asks about themselves, or about who is or was below them. */
static bool ask_whom(struct load *l, const Baton__Actor *actor, const char *user_id, struct forecast_ask *out,
                     struct refusal *no)
{
    const bool admin = actor_is(actor, BATON__ROLE__ROLE_ADMIN);
    out->tree = opportunities_tree(l, out->at_us);
    out->tree_us = out->at_us;
    out->top = FORECAST_NOBODY;
    if (!user_id && admin)
        return true;
    const char *whom = user_id ? user_id : actor->user_id;
    const int32_t me = forecast_tree_find(out->tree, actor->user_id);
    out->top = forecast_tree_find(out->tree, whom);
    bool below = out->top != FORECAST_NOBODY &&
                 (admin || (me != FORECAST_NOBODY && forecast_tree_part(out->tree, out->top, me) >= 0));
    if (!below && out->top != FORECAST_NOBODY && out->at_us < l->now_us) {
        const struct forecast_tree *now = opportunities_tree(l, l->now_us);
        const int32_t who = forecast_tree_find(now, whom), asks = forecast_tree_find(now, actor->user_id);
        below = who != FORECAST_NOBODY && asks != FORECAST_NOBODY && forecast_tree_part(now, who, asks) >= 0;
    }
    return below || refuse(no, REFUSAL_NOT_FOUND, "user_id", "nobody below you has that id");
}

bool opportunities_ask(struct load *l, const Baton__Actor *actor, const struct forecast_words *w,
                       struct forecast_ask *out, struct refusal *no)
{
    *out = (struct forecast_ask){.product_id = w->product_id, .pipeline_id = w->pipeline_id};
    if (!opportunities_day_end(l, w->as_of, &out->at_us))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "as_of",
                      "\"%s\" is not a date (they are written like 2026-12-31)", w->as_of);
    out->before = quarters_before(l, out->at_us);
    return ask_period(l, w->period, out, no) && ask_whom(l, actor, w->user_id, out, no);
}

struct forecast_ask opportunities_ask_then(struct load *l, const struct forecast_ask *ask, const char *day)
{
    struct forecast_ask then = *ask;
    bool is_day = opportunities_day_end(l, day, &then.at_us);
    assert(is_day);
    then.before = quarters_before(l, then.at_us);
    return then;
}

const Baton__ForecastLevel *opportunities_level(struct load *l, const char *owner_id, uint32_t month,
                                                uint64_t before)
{
    struct table_scan scan;
    struct key prefix = key_of(owner_id);
    key_u64(&prefix, month);
    struct key from = prefix;
    const Baton__ForecastLevel *row = NULL;
    key_u64(&from, before ? before - 1 : 0);
    if (before && table_scan_under(&scan, l->txn, OPPORTUNITIES_LEVEL, &prefix, &from, NULL, true)) {
        row = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return row;
}

static bool fits(const char *asked, const char *is)
{
    return !asked || !*asked || strcmp(asked, is ? is : "") == 0;
}

bool opportunities_line_asked(const struct forecast_ask *ask, const char *product_id, const char *pipeline_id)
{
    return fits(ask->product_id, product_id) && fits(ask->pipeline_id, pipeline_id);
}
