/* Quotas: whom they are for, when, and that no two say something about the same time. */
#include <string.h>

#include "base/money.h"
#include "services/opportunities/rollup.h"

static const char *text(const char *s)
{
    return s ? s : "";
}

char *quota_whom(const char *owner_id, const char *team_id, const char *territory_id, const char *product_id,
                 struct arena *a)
{
    return arena_printf(a, "%s|%s|%s|%s", text(owner_id), text(team_id), text(territory_id),
                        text(product_id));
}

Baton__QuotaVersion *quota_version(const Baton__Quota *q, struct arena *a)
{
    Baton__QuotaVersion *v = ARENA_NEW(a, Baton__QuotaVersion);
    baton__quota_version__init(v);
    v->quota_id = q->id;
    v->whom = q->whom;
    v->has_first_month = v->has_months = v->has_minor_units = true;
    v->first_month = q->first_month;
    v->months = q->months;
    v->currency_code = q->amount ? q->amount->currency_code : NULL;
    v->minor_units = q->amount ? q->amount->minor_units : 0;
    return v;
}

static bool is_named(const char *id)
{
    return id && *id;
}

static bool check_amount(const Baton__Money *m, struct refusal *no)
{
    if (!m || money_digits(m->currency_code) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "amount",
                      "a quota has an amount in a currency (like EUR)");
    if (m->minor_units < 0 || m->minor_units > MONEY_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "amount", "a quota is between 0 and %lld",
                      (long long)MONEY_MAX);
    return true;
}

static bool overlaps(const Baton__Quota *a, const Baton__Quota *b)
{
    return a->first_month < b->first_month + b->months && b->first_month < a->first_month + a->months;
}

/* 5: no two of the same whom and product say something about the same month */
static bool check_others(const struct quota_facts *f, const Baton__Quota *q, struct refusal *no)
{
    for (size_t i = 0; i < f->n_others; i++) {
        const Baton__Quota *other = f->others[i];
        if (overlaps(other, q) && strcmp(text(other->whom), q->whom) == 0 &&
            strcmp(text(other->id), text(q->id)) != 0)
            return refuse(no, REFUSAL_ALREADY_EXISTS, "period",
                          "there is a quota of the same for %s already (%s)", other->period, other->id);
    }
    return true;
}

bool opportunities_check_quota(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                               struct stamp *s, struct outcome *out)
{
    const struct quota_facts *f = extra;
    const Baton__Quota *was = (const Baton__Quota *)before;
    Baton__Quota *q = (Baton__Quota *)after;
    struct forecast_months months;
    if (!q)
        return true;
    /* 1: for one person, team or territory, or for the house */
    if (is_named(q->owner_id) + is_named(q->team_id) + is_named(q->territory_id) > 1)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "owner_id",
                      "a quota is for a person, a team or a territory, not for several");
    /* 2: the period is one */
    if (!forecast_months_parse(q->period, f->begins, &months))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "period",
                      "\"%s\" is not a period (they are written like 2026-10, 2026-Q4 and 2026)", q->period);
    /* 3: the amount is one */
    if (!check_amount(q->amount, &out->no))
        return false;
    /* 4: nobody gets one who is not here; who leaves keeps what they had */
    bool is_new = !was || strcmp(text(was->owner_id), text(q->owner_id)) != 0;
    if (is_named(q->owner_id) && is_new && !f->owner_is_here)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "owner_id",
                      "nobody with that id works here (any more)");
    q->has_first_month = q->has_months = true;
    q->first_month = months.first;
    q->months = months.n;
    q->whom = quota_whom(q->owner_id, q->team_id, q->territory_id, q->product_id, s->arena);
    return check_others(f, q, &out->no);
}
