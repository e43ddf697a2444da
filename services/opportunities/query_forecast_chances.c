/* What a period will bring: the counts of how deals went, the deals that are open, and the chances of each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "services/opportunities/rows.h"

enum {
    DEALS_MAX = 10000, /* of one question; each is judged */
    ROWS_MAX = 200000, /* of counts of one kind */
    SHOWN_MAX = 200,
    CURRENCIES_MAX = 32,
    PERMILLE = 1000,
    PERCENT = 100,
    MODEL_SIZE = 512 << 20
};

struct open_deal {
    struct forecast_deal deal;
    struct forecast_chance chance;
    const Baton__Opportunity *o;
};

struct judging {
    struct load *l;
    struct forecast_ask ask;
    const char *currency;
    const char *stages[FORECAST_STAGES_MAX];
    struct forecast_counts counts;
    struct open_deal *deals;
    size_t n;
};

/* --- counts --- */

/* One stage too many counts with the last. */
static uint32_t stage_number(struct judging *j, const char *stage)
{
    uint32_t i = 0;
    while (i < j->counts.n_stages && strcmp(j->stages[i], stage) != 0)
        i++;
    if (i == FORECAST_STAGES_MAX)
        return FORECAST_STAGES_MAX - 1;
    if (i == j->counts.n_stages)
        j->stages[j->counts.n_stages++] = stage;
    return i;
}

/* All rows of a table; how many is set. */
static const void **rows_of(struct load *l, unsigned table, size_t *n)
{
    struct table_scan scan;
    size_t room = 256;
    const void **rows = ARENA_ARRAY(l->arena, const void *, room), *row;
    *n = 0;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return rows;
    while (*n < ROWS_MAX && (row = table_scan_next(&scan, l->arena))) {
        if (*n == room) {
            const size_t wider = 2 * room;
            const void **more = ARENA_ARRAY(l->arena, const void *, wider);
            memcpy(more, rows, room * sizeof *rows);
            rows = more;
            room = wider;
        }
        rows[(*n)++] = row;
    }
    table_scan_close(&scan);
    return rows;
}

static void load_spells(struct judging *j)
{
    size_t n;
    const void **rows = rows_of(j->l, OPPORTUNITIES_SPELL, &n);
    struct forecast_spell *out = ARENA_ARRAY(j->l->arena, struct forecast_spell, n);
    for (size_t i = 0; i < n; i++) {
        const Baton__ForecastSpell *s = rows[i];
        out[i] = (struct forecast_spell){.stage = stage_number(j, s->stage),
                                         .to = *s->to ? stage_number(j, s->to) : 0,
                                         .exit = (enum forecast_exit)s->exit,
                                         .first = s->first != 0,
                                         .entered = (int32_t)s->entered,
                                         .left = (int32_t)s->left,
                                         .n = s->deals};
    }
    j->counts.spells = out;
    j->counts.n_spells = n;
}

static void load_outcomes(struct judging *j)
{
    size_t n;
    const void **rows = rows_of(j->l, OPPORTUNITIES_OUTCOME, &n);
    struct forecast_outcome *out = ARENA_ARRAY(j->l->arena, struct forecast_outcome, n);
    for (size_t i = 0; i < n; i++) {
        const Baton__ForecastOutcome *o = rows[i];
        out[i] =
            (struct forecast_outcome){(enum forecast_kind)o->kind, o->id, (int32_t)o->step, o->won, o->lost};
    }
    j->counts.outcomes = out;
    j->counts.n_outcomes = n;
}

/* Of the currency alone. */
static void load_amounts(struct judging *j)
{
    size_t n;
    const void **rows = rows_of(j->l, OPPORTUNITIES_AMOUNT, &n);
    struct forecast_amount *out = ARENA_ARRAY(j->l->arena, struct forecast_amount, n);
    for (size_t i = 0; i < n; i++) {
        const Baton__ForecastAmount *a = rows[i];
        if (strcmp(a->currency_code, j->currency) == 0)
            out[j->counts.n_amounts++] =
                (struct forecast_amount){a->product_id, (uint32_t)a->bin, (int32_t)a->step, a->deals};
    }
    j->counts.amounts = out;
}

/* --- deals --- */

static bool take(struct judging *j, const Baton__Opportunity *o, const char *team_id)
{
    const struct key key = key_of(o->id);
    const char *currency = o->amount && o->amount->currency_code ? o->amount->currency_code : NULL;
    const Baton__ForecastItem *item;
    if (o->stage_kind != BATON__STAGE_KIND__STAGE_KIND_OPEN ||
        (currency && strcmp(currency, j->currency) != 0) ||
        !(item = table_get(j->l->txn, OPPORTUNITIES_ITEM, &key, j->l->arena)))
        return true;
    if (j->n == DEALS_MAX)
        return false;
    j->deals[j->n++] = (struct open_deal){
        .o = o,
        .deal = {.stage = stage_number(j, item->stage),
                 .entered = (int32_t)item->entered,
                 .owner = item->owner_id,
                 .team = team_id,
                 .product = item->line->product_id,
                 .amount = currency && o->amount->minor_units > 0 ? o->amount->minor_units : 0}};
    return true;
}

static bool take_owner(struct judging *j, const struct forecast_person *p)
{
    struct table_scan scan;
    const Baton__Opportunity *o;
    bool fits = true;
    if (!table_scan_open(&scan, j->l->txn, OPPORTUNITIES_OPPORTUNITY, "owner_id", p->id, NULL, false))
        return true;
    while (fits && (o = table_scan_next(&scan, j->l->arena)))
        fits = take(j, o, p->team_id);
    table_scan_close(&scan);
    return fits;
}

static bool is_asked(const struct judging *j, int32_t who)
{
    return j->ask.top == FORECAST_NOBODY ||
           (who != FORECAST_NOBODY && forecast_tree_part(j->ask.tree, who, j->ask.top) >= 0);
}

static bool take_all(struct judging *j, struct refusal *no)
{
    j->deals = ARENA_ARRAY(j->l->arena, struct open_deal, DEALS_MAX);
    for (size_t i = 0; i < j->ask.tree->n_people; i++)
        if (is_asked(j, (int32_t)i) && !take_owner(j, &j->ask.tree->people[i]))
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "user_id",
                          "more than %d deals are open there; ask for a part of them", DEALS_MAX);
    return true;
}

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
        for (uint32_t k = 0; is_asked(j, (int32_t)i) && k < j->ask.months.n; k++)
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
        if (is_asked(j, forecast_tree_find(j->ask.tree, o->id)))
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
        x->has_product_percent = x->has_alike = x->has_said_percent = x->has_expected = true;
    x->wins_permille = in_parts(d->chance.wins, PERMILLE);
    x->closes_permille = in_parts(d->chance.closes, PERMILLE);
    x->stage_permille = in_parts(d->chance.stage, PERMILLE);
    x->owner_percent = in_parts(d->chance.owner, PERCENT);
    x->product_percent = in_parts(d->chance.product, PERCENT);
    x->alike = d->chance.alike;
    x->said_percent = d->o->probability;
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
    load_spells(&j);
    load_outcomes(&j);
    load_amounts(&j);
    if (!take_all(&j, no))
        return false;
    struct arena *a = arena_new(MODEL_SIZE);
    judge(&j, q, closed, out, a);
    arena_free(a);
    *reply = &out->base;
    return true;
}
