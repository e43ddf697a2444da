/* Which quotas of somebody lie within a period, as they are or were. */
#include <string.h>

#include "services/opportunities/rows.h"

enum { QUOTAS_MAX = 2000 }; /* of one whom: more months than anybody plans */

struct quotas {
    const Baton__QuotaVersion **rows;
    size_t n;
};

/* 1: of that time, wholly */
static void keep(struct quotas *out, const struct forecast_ask *ask, const Baton__QuotaVersion *v)
{
    if (out->n < QUOTAS_MAX && v->first_month >= ask->months.first &&
        v->first_month + v->months <= ask->months.first + ask->months.n)
        out->rows[out->n++] = v;
}

/* What it was before that moment, whosever it was; NULL: nothing is known of that time. */
static const Baton__QuotaVersion *version_then(struct load *l, const char *quota_id, int64_t at_us)
{
    struct table_scan scan;
    const struct key prefix = key_of(quota_id);
    struct key from = prefix;
    const Baton__QuotaVersion *v = NULL;
    key_u64(&from, at_us > 0 ? (uint64_t)at_us - 1 : 0); /* the end of a day is the next one's */
    if (table_scan_under(&scan, l->txn, OPPORTUNITIES_QUOTA_VERSION, &prefix, &from, NULL, true)) {
        v = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return v;
}

/* 2: as of earlier, each as it was then, if it was theirs; its versions stand side by side */
static void quotas_then(struct load *l, const struct forecast_ask *ask, const char *whom, struct quotas *out)
{
    struct table_scan scan;
    const Baton__QuotaVersion *v;
    const char *last = "";
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTA_VERSION, "whom", whom, NULL, false))
        return;
    while ((v = table_scan_next(&scan, l->arena))) {
        const bool same = strcmp(last, v->quota_id) == 0;
        last = v->quota_id;
        const Baton__QuotaVersion *then = same ? NULL : version_then(l, v->quota_id, ask->at_us);
        if (then && !then->gone && strcmp(then->whom, whom) == 0)
            keep(out, ask, then);
    }
    table_scan_close(&scan);
}

static void quotas_now(struct load *l, const struct forecast_ask *ask, const char *whom, struct quotas *out)
{
    struct table_scan scan;
    const Baton__Quota *q;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTA, "whom", whom, NULL, false))
        return;
    while ((q = table_scan_next(&scan, l->arena)))
        if (q->amount)
            keep(out, ask, quota_version(q, l->arena));
    table_scan_close(&scan);
}

static struct quotas quotas_of(struct load *l, const struct forecast_ask *ask, const char *whom)
{
    struct quotas out = {.rows = ARENA_ARRAY(l->arena, const Baton__QuotaVersion *, QUOTAS_MAX)};
    if (ask->at_us < l->now_us)
        quotas_then(l, ask, whom, &out);
    else
        quotas_now(l, ask, whom, &out);
    return out;
}

size_t opportunities_quota_currencies(struct load *l, const struct forecast_ask *ask, const char *whom,
                                      const char *out[FORECAST_CURRENCIES_MAX])
{
    const struct quotas q = quotas_of(l, ask, whom);
    size_t n = 0;
    for (size_t i = 0; i < q.n && n < FORECAST_CURRENCIES_MAX; i++)
        out[n++] = q.rows[i]->currency_code;
    return n;
}

bool opportunities_quota_of(struct load *l, const struct forecast_ask *ask, const char *whom,
                            const char *currency, int64_t *out)
{
    bool found = false;
    *out = 0;
    if (ask->pipeline_id)
        return false;
    const struct quotas q = quotas_of(l, ask, whom);
    for (size_t i = 0; i < q.n; i++)
        if (strcmp(q.rows[i]->currency_code, currency) == 0) {
            *out += q.rows[i]->minor_units;
            found = true;
        }
    return found;
}
