/* What somebody says that a period will come to. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "services/opportunities/rollup.h"

bool opportunities_decide_adjust(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct forecast_adjust_facts *f = facts;
    const Baton__SetForecastAdjustmentRequest *r = (const Baton__SetForecastAdjustmentRequest *)c->request;
    const char *user_id = r->user_id ? r->user_id : s->actor->user_id;
    const bool own = s->actor->user_id && user_id && strcmp(user_id, s->actor->user_id) == 0;
    struct forecast_months months;
    /* 1: of oneself, or of somebody below; administrators of anybody */
    if (!own && !f->is_above && !actor_is(s->actor, BATON__ROLE__ROLE_ADMIN))
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "nobody below you has that id");
    if (!f->is_here)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "user_id", "nobody with that id works here");
    /* 2: of a period, in a currency */
    if (!forecast_months_parse(r->period, f->begins, &months))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "period",
                      "\"%s\" is not a period (they are written like 2026-10, 2026-Q4 and 2026)", r->period);
    if (money_digits(r->amount->currency_code) < 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "amount",
                      "an amount has a currency of three capital letters (like EUR)");
    if (r->amount->minor_units < 0 || r->amount->minor_units > MONEY_MAX)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "amount", "an amount is between 0 and %lld",
                      (long long)MONEY_MAX);
    /* 3: whoever changes another's number says why */
    char *reason = text_trim(s->arena, r->reason);
    if (!own && !reason)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reason", "say why");
    Baton__ForecastAdjusted *e = ARENA_NEW(s->arena, Baton__ForecastAdjusted);
    Baton__ForecastAdjustment *a = e->adjustment = ARENA_NEW(s->arena, Baton__ForecastAdjustment);
    Baton__SetForecastAdjustmentResponse *reply = ARENA_NEW(s->arena, Baton__SetForecastAdjustmentResponse);
    baton__forecast_adjusted__init(e);
    baton__forecast_adjustment__init(a);
    baton__set_forecast_adjustment_response__init(reply);
    e->adjustment = reply->adjustment = a;
    a->user_id = arena_strdup(s->arena, user_id);
    a->by_id = s->actor->user_id;
    a->has_first_month = a->has_months = a->has_at_us = true;
    a->first_month = months.first;
    a->months = months.n;
    a->at_us = (uint64_t)s->now_us;
    a->currency_code = r->amount->currency_code;
    a->has_amount = r->amount->has_minor_units; /* none: it is taken back */
    a->amount = r->amount->minor_units;
    a->reason = reason;
    outcome_event(out, e);
    out->reply = &reply->base;
    return true;
}
