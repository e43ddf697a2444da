/* Which quotas lie within a period, as they are or were. */
#include <string.h>

#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

enum { FIRST_ROOM = 64 };

struct quotas {
    const struct forecast_ask *ask;
    const char *whom, *of_people; /* of the team, territory or house; what follows the owner's id */
    struct arena *a;
    struct forecast_quota *rows;
    size_t n, room;
};

static void add(struct quotas *q, int32_t who, const char *currency, int64_t units)
{
    if (q->n == q->room) {
        const size_t room = q->room ? 2 * q->room : FIRST_ROOM;
        struct forecast_quota *rows = ARENA_ARRAY(q->a, struct forecast_quota, room);
        if (q->n)
            memcpy(rows, q->rows, q->n * sizeof *rows);
        q->rows = rows;
        q->room = room;
    }
    q->rows[q->n++] = (struct forecast_quota){who, currency, units};
}

/* 1: of that time, wholly */
static bool lies_within(const struct forecast_ask *ask, uint32_t first, uint32_t n)
{
    return first >= ask->months.first && first + n <= ask->months.first + ask->months.n;
}

static void keep(struct quotas *q, const Baton__QuotaVersion *v)
{
    char owner[IDENT_TEXT_SIZE];
    const char *bar = v->whom ? strchr(v->whom, '|') : NULL;
    if (v->gone || !bar || !v->currency_code || !lies_within(q->ask, v->first_month, v->months))
        return;
    if (strcmp(v->whom, q->whom) == 0) {
        add(q, FORECAST_NOBODY, v->currency_code, v->minor_units);
    } else if (strcmp(bar, q->of_people) == 0 && (size_t)(bar - v->whom) < sizeof owner) {
        memcpy(owner, v->whom, (size_t)(bar - v->whom));
        owner[bar - v->whom] = 0;
        int32_t who = forecast_tree_find(q->ask->tree, owner);
        if (who != FORECAST_NOBODY)
            add(q, who, v->currency_code, v->minor_units);
    }
}

/* 2: as of earlier, each as it was last before that moment, whosever it was; its versions stand side by side.
   The end of a day is the next one's. */
static void quotas_then(struct load *l, struct quotas *q)
{
    struct table_scan scan;
    const Baton__QuotaVersion *v, *last = NULL;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTA_VERSION, NULL, NULL, NULL, false))
        return;
    while ((v = table_scan_next(&scan, l->arena))) {
        if ((int64_t)v->at_us >= q->ask->at_us)
            continue;
        if (last && strcmp(last->quota_id, v->quota_id) != 0)
            keep(q, last);
        last = v;
    }
    if (last)
        keep(q, last);
    table_scan_close(&scan);
}

static void quotas_now(struct load *l, struct quotas *q)
{
    struct table_scan scan;
    const Baton__Quota *row;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTA, NULL, NULL, NULL, false))
        return;
    while ((row = table_scan_next(&scan, l->arena)))
        keep(q, quota_version(row, l->arena));
    table_scan_close(&scan);
}

static void held_quotas(const struct opportunities_state *s, struct quotas *q)
{
    const uint32_t house = held_find(&s->texts, ""), whom = held_find(&s->texts, q->whom + 1),
                   of_people = held_find(&s->texts, q->of_people + 1);
    for (size_t i = 0; i < s->n_quotas; i++) {
        const struct held_quota *held = &s->quotas[i];
        if (!lies_within(q->ask, held->first_month, held->months))
            continue;
        const int32_t who = held->owner < s->n_who ? s->who[held->owner] : FORECAST_NOBODY;
        if (held->owner == house ? held->whom == whom : who != FORECAST_NOBODY && held->whom == of_people)
            add(q, who, s->texts.texts[held->currency], held->units);
    }
}

size_t opportunities_quotas(struct load *l, const struct forecast_ask *ask, const char *team_id,
                            const char *territory_id, const struct forecast_quota **out)
{
    const struct opportunities_state *s = l->state;
    struct quotas q = {.ask = ask, .a = l->arena};
    q.whom = quota_whom(NULL, team_id, territory_id, ask->product_id, l->arena);
    q.of_people = quota_whom(NULL, NULL, NULL, ask->product_id, l->arena);
    if (ask->pipeline_id)
        return 0;
    if (s && ask->tree == s->tree)
        held_quotas(s, &q);
    else if (ask->at_us < l->now_us)
        quotas_then(l, &q);
    else
        quotas_now(l, &q);
    *out = q.rows;
    return q.n;
}
