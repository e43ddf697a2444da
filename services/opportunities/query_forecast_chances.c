/* What a period will bring: the counts of how deals went, the deals that are open, and the chances of each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "services/opportunities/rows.h"

enum { SHOWN_MAX = 200, CURRENCIES_MAX = 32, PERMILLE = 1000, PERCENT = 100, MODEL_SIZE = 512 << 20 };

/* --- whose currency, and how much of what is new --- */

struct money {
    const char *currency[CURRENCIES_MAX];
    uint64_t deals[CURRENCIES_MAX];
    int64_t closed[CURRENCIES_MAX];
    size_t n;
};

static void add_level(const struct judging *j, struct money *m, const Baton__ForecastLevel *level)
{
    for (size_t i = 0; level && i < level->n_lines; i++) {
        const Baton__ForecastLine *line = level->lines[i];
        const char *currency = line->currency_code ? line->currency_code : "";
        size_t k = 0;
        while (k < m->n && strcmp(m->currency[k], currency) != 0)
            k++;
        if (k == CURRENCIES_MAX || !*currency)
            continue;
        m->currency[k] = currency;
        m->n += k == m->n;
        m->deals[k] += line->deals;
        if (line->category == BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_CLOSED)
            m->closed[k] += (int64_t)line->amount;
    }
}

static int64_t closed_of(struct judging *j, const char *asked)
{
    struct money m = {0};
    for (size_t i = 0; i < j->ask.tree->n_people; i++)
        for (uint32_t k = 0; opportunities_judging_asks(j, (int32_t)i) && k < j->ask.months.n; k++)
            add_level(
                j, &m,
                opportunities_level(j->l, j->ask.tree->people[i].id, j->ask.months.first + k, j->ask.before));
    size_t best = 0;
    for (size_t i = 0; i < m.n; i++)
        if (asked ? strcmp(m.currency[i], asked) == 0 : m.deals[i] > m.deals[best])
            best = i;
    j->currency = asked ? asked : m.n ? m.currency[best] : "EUR";
    return m.n && strcmp(m.currency[best], j->currency) == 0 ? m.closed[best] : 0;
}

/* As many of the new deals as of those that closed in the last three months. */
static uint32_t share_of(const struct judging *j, int32_t now)
{
    int64_t ours = 0, all = 0;
    for (size_t i = 0; i < j->counts.n_outcomes; i++) {
        const struct forecast_outcome *o = &j->counts.outcomes[i];
        if (o->kind != FORECAST_OWNER || o->step >= now || o->step < now - FORECAST_ARRIVALS)
            continue;
        all += o->won + o->lost;
        if (opportunities_judging_asks(j, forecast_tree_find(j->ask.tree, o->id)))
            ours += o->won + o->lost;
    }
    return all > 0 && ours > 0 ? (uint32_t)(ours * PERMILLE / all) : 0;
}

/* --- the answer --- */

static int by_expected(const void *x, const void *y)
{
    const struct open_deal *a = x, *b = y;
    return a->chance.expected != b->chance.expected ? (a->chance.expected < b->chance.expected ? 1 : -1)
                                                    : strcmp(a->o->id, b->o->id);
}

static uint32_t in_parts(double x, double parts)
{
    const double most = 1e6;
    return (uint32_t)((x < most ? x : most) * parts + 0.5);
}

static Baton__DealChance *say_deal(const struct open_deal *d, struct arena *a)
{
    Baton__DealChance *x = ARENA_NEW(a, Baton__DealChance);
    baton__deal_chance__init(x);
    x->opportunity_id = d->o->id;
    x->name = d->o->name;
    x->owner_id = d->o->owner_id;
    x->has_wins_permille = x->has_closes_permille = x->has_stage_permille = x->has_owner_percent =
        x->has_product_percent = x->has_alike = x->has_said_percent = x->has_expected = x->has_said_above =
            true;
    x->wins_permille = in_parts(d->chance.wins, PERMILLE);
    x->closes_permille = in_parts(d->chance.closes, PERMILLE);
    x->stage_permille = in_parts(d->chance.stage, PERMILLE);
    x->owner_percent = in_parts(d->chance.owner, PERCENT);
    x->product_percent = in_parts(d->chance.product, PERCENT);
    x->alike = d->chance.alike;
    x->said_percent = d->o->probability;
    x->said_above = forecast_said_above(&d->chance, d->o->probability);
    x->has_amount = d->deal.amount > 0;
    x->amount = d->deal.amount;
    x->expected = (int64_t)(d->chance.expected + 0.5);
    return x;
}

static void say(struct judging *j, Baton__GetCalibratedForecastResponse *out, int64_t closed,
                const struct forecast_total *t)
{
    out->period = forecast_months_name(j->ask.months, j->ask.begins, j->l->arena);
    out->currency_code = (char *)(uintptr_t)j->currency;
    out->has_closed = out->has_p10 = out->has_p50 = out->has_p90 = out->has_mean = out->has_from_open =
        out->has_from_new = out->has_seed = out->has_runs = out->has_unlearned = out->has_open_deals = true;
    if (j->ask.top != FORECAST_NOBODY)
        out->user_id = (char *)(uintptr_t)j->ask.tree->people[j->ask.top].id;
    out->closed = closed;
    out->p10 = closed + t->p10;
    out->p50 = closed + t->p50;
    out->p90 = closed + t->p90;
    out->mean = closed + t->mean;
    out->from_open = t->deals;
    out->from_new = t->arrivals;
    out->seed = t->seed;
    out->runs = FORECAST_RUNS;
    out->open_deals = (uint32_t)j->n;
    if (j->n)
        qsort(j->deals, j->n, sizeof *j->deals, by_expected);
    out->deals = ARENA_ARRAY(j->l->arena, Baton__DealChance *, SHOWN_MAX);
    for (size_t i = 0; i < j->n && i < SHOWN_MAX; i++)
        out->deals[out->n_deals++] = say_deal(&j->deals[i], j->l->arena);
}

/* Whoever names none gets one that is the same for the same question on the same day. */
static uint64_t seed_of(const Baton__GetCalibratedForecastRequest *q, const struct judging *j, int32_t today)
{
    if (q->has_seed)
        return q->seed;
    uint64_t top = (uint64_t)(j->ask.top + 1);
    return ((uint64_t)j->ask.months.first * 16 + j->ask.months.n) * UINT64_C(1000003) + (uint64_t)today * 97 +
           top;
}

static void judge(struct judging *j, const Baton__GetCalibratedForecastRequest *q, int64_t closed,
                  Baton__GetCalibratedForecastResponse *out, struct arena *a)
{
    const int32_t today = opportunities_local_day(j->l), now = forecast_step(today);
    const struct forecast_period p = {today, forecast_first_day(j->ask.months),
                                      forecast_last_day(j->ask.months)};
    const struct forecast_model *m = forecast_learn(&j->counts, now, j->ask.begins - 1, a);
    struct forecast_outlook *o = forecast_look(m, &p, a);
    struct forecast_deal *deals = ARENA_ARRAY(a, struct forecast_deal, j->n);
    for (size_t i = 0; i < j->n; i++) {
        deals[i] = j->deals[i].deal;
        j->deals[i].chance = forecast_chance(o, &deals[i]);
    }
    struct forecast_total t = forecast_total(o, deals, j->n, share_of(j, now), seed_of(q, j, today), a);
    out->unlearned = !forecast_knows(m);
    say(j, out, closed, &t);
    /* so that whoever has the numbers alone can have them again */
    log_info("forecast", "%s %s of %s on day %d: seed %llu, %d draws, P10 %lld, P50 %lld, P90 %lld",
             out->period, out->currency_code, out->user_id ? out->user_id : "everybody", today,
             (unsigned long long)t.seed, FORECAST_RUNS, (long long)out->p10, (long long)out->p50,
             (long long)out->p90);
}

bool opportunities_query_chances(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                 struct refusal *no)
{
    const Baton__GetCalibratedForecastRequest *q = (const Baton__GetCalibratedForecastRequest *)c->request;
    Baton__GetCalibratedForecastResponse *out = ARENA_NEW(l->arena, Baton__GetCalibratedForecastResponse);
    const struct forecast_words words = {.period = q->period, .user_id = q->user_id};
    struct judging j = {.l = l};
    baton__get_calibrated_forecast_response__init(out);
    if (!opportunities_ask(l, c->actor, &words, &j.ask, no))
        return false;
    int64_t closed = closed_of(&j, q->currency_code);
    opportunities_judging_counts(&j);
    if (!opportunities_judging_deals(&j))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "user_id",
                      "more than %d deals are open there; ask for a part of them", JUDGING_DEALS_MAX);
    struct arena *a = arena_new(MODEL_SIZE);
    judge(&j, q, closed, out, a);
    arena_free(a);
    *reply = &out->base;
    return true;
}
