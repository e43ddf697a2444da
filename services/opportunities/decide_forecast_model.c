/* From counts of how deals went to the chances of those that are open. */
#include <string.h>

#include "base/civil.h"
#include "services/opportunities/forecast_model.h"

enum { BAND = 4, PRODUCT_AMOUNTS = 5, YEAR = 12 };
static const int64_t DAY_S = 86400;
static const double HOLD = 10;          /* steps of deals that say as much as what a cell leans on */
static const double CLOSING = 1.0 / 24; /* in a step, half of them won, before anything is known */

int32_t forecast_step(int32_t day)
{
    static const int begins[FORECAST_STEPS_MONTH] = {1, 8, 16, 23};
    struct civil c = civil_of_seconds((int64_t)day * DAY_S);
    int step = FORECAST_STEPS_MONTH - 1;
    while (c.day < begins[step])
        step--;
    return (c.year * YEAR + c.month - 1) * FORECAST_STEPS_MONTH + step;
}

/* The month of the quarter. */
uint32_t forecast_season(const struct forecast_model *m, int32_t step)
{
    return ((uint32_t)(step / FORECAST_STEPS_MONTH) + YEAR - m->year_month % YEAR) % FORECAST_SEASONS;
}

int32_t forecast_dwell(int32_t steps)
{
    return steps < 0 ? 0 : steps < FORECAST_DWELL ? steps : FORECAST_DWELL - 1;
}

uint32_t forecast_bin(int64_t minor_units)
{
    enum { FINE = 16 };
    if (minor_units < FINE)
        return minor_units > 0 ? (uint32_t)minor_units : 0;
    uint32_t doublings = 0;
    for (; minor_units >= 2 * FINE; minor_units /= 2)
        doublings++;
    return (doublings + 1) * FINE + (uint32_t)(minor_units - FINE);
}

double forecast_bin_amount(uint32_t bin)
{
    enum { FINE = 16 };
    if (bin < 2 * FINE)
        return bin;
    double amount = FINE + bin % FINE + 0.5;
    for (uint32_t i = bin / FINE; i > 1; i--)
        amount *= 2;
    return amount - 0.5;
}

static uint64_t key_of(enum forecast_kind kind, const char *id)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)kind; /* FNV-1a */
    for (h *= UINT64_C(1099511628211); *id; id++)
        h = (h ^ (uint8_t)*id) * UINT64_C(1099511628211);
    return h ? h : 1;
}

/* --- who won what --- */

static struct forecast_record *place(const struct forecast_model *m, uint64_t key)
{
    size_t i = key & (m->size - 1);
    while (m->records[i].key && m->records[i].key != key)
        i = (i + 1) & (m->size - 1);
    return &m->records[i];
}

const struct forecast_record *forecast_record_find(const struct forecast_model *m, enum forecast_kind kind,
                                                   const char *id)
{
    const struct forecast_record *r = id && *id ? place(m, key_of(kind, id)) : NULL;
    return r && r->key ? r : NULL;
}

void forecast_learn_records(struct forecast_model *m, const struct forecast_counts *c, struct arena *a)
{
    for (m->size = 16; m->size < 2 * (c->n_outcomes + 1);)
        m->size *= 2;
    m->records = ARENA_ARRAY(a, struct forecast_record, m->size);
    for (size_t i = 0; i < c->n_outcomes; i++) {
        const struct forecast_outcome *o = &c->outcomes[i];
        if (o->step >= m->now || !o->id || !*o->id)
            continue;
        uint64_t key = key_of(o->kind, o->id);
        struct forecast_record *r = place(m, key);
        r->key = key;
        r->won += o->won;
        r->lost += o->lost;
    }
}

/* --- amounts --- */

static void sum_prices(struct forecast_prices *p)
{
    for (uint32_t i = 0; p->n > 0 && i < FORECAST_BINS; i++) {
        double amount = forecast_bin_amount(i), share = (double)p->bins[i] / (double)p->n;
        p->mean += share * amount;
        p->square += share * amount * amount;
    }
}

static struct forecast_prices *prices_place(struct forecast_model *m, uint64_t key)
{
    size_t i = 0;
    while (i < m->n_prices && m->prices[i].key != key)
        i++;
    if (i == m->n_prices)
        m->prices[m->n_prices++].key = key;
    return &m->prices[i];
}

/* How many products there are at most among the amounts, which come product by product. */
static size_t products(const struct forecast_counts *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_amounts; i++)
        n += i == 0 || strcmp(c->amounts[i].product, c->amounts[i - 1].product) != 0;
    return n < FORECAST_BINS ? n : FORECAST_BINS;
}

void forecast_learn_prices(struct forecast_model *m, const struct forecast_counts *c, struct arena *a)
{
    size_t room = products(c);
    m->prices = ARENA_ARRAY(a, struct forecast_prices, room);
    for (size_t i = 0; i < c->n_amounts; i++) {
        const struct forecast_amount *x = &c->amounts[i];
        uint32_t bin = x->bin < FORECAST_BINS ? x->bin : FORECAST_BINS - 1;
        if (x->step >= m->now)
            continue;
        m->all.bins[bin] += x->n;
        m->all.n += x->n;
        uint64_t key = key_of(FORECAST_PRODUCT, x->product);
        if (m->n_prices == room && m->prices[room - 1].key != key)
            continue;
        struct forecast_prices *p = prices_place(m, key);
        p->bins[bin] += x->n;
        p->n += x->n;
    }
    sum_prices(&m->all);
    for (size_t i = 0; i < m->n_prices; i++)
        sum_prices(&m->prices[i]);
}

const struct forecast_prices *forecast_prices_of(const struct forecast_model *m, const char *product)
{
    uint64_t key = key_of(FORECAST_PRODUCT, product ? product : "");
    for (size_t i = 0; i < m->n_prices; i++)
        if (m->prices[i].key == key && m->prices[i].n >= PRODUCT_AMOUNTS)
            return &m->prices[i];
    return &m->all;
}

/* --- hazards --- */

/* Deals seen in a cell at the beginning of a step, and what became of them in it. */
struct cell {
    int64_t risk, of[FORECAST_EXITS];
};

struct learning {
    struct forecast_model *m;
    struct cell *cells; /* [season][stage][FORECAST_DWELL] */
    int64_t moved[FORECAST_STAGES_MAX][FORECAST_STAGES_MAX];
};

/* The steps that count: [*from, *to], none where *to < *from. True: in the last of them it left. */
static bool steps_of(const struct forecast_model *m, const struct forecast_spell *s, int32_t *from,
                     int32_t *to)
{
    bool leaves = s->exit != FORECAST_OPEN && s->left < m->now;
    *from = s->entered > m->since ? s->entered : m->since;
    *to = leaves ? s->left : m->now - 1;
    return leaves && *to >= *from;
}

bool forecast_is_known(const struct forecast_model *m, const struct forecast_spell *s)
{
    return s->stage < m->n_stages && s->to < m->n_stages && s->exit < FORECAST_EXITS && s->entered < m->now;
}

static size_t cell_at(const struct forecast_model *m, int32_t step, const struct forecast_spell *s)
{
    return ((size_t)forecast_season(m, step) * m->n_stages + s->stage) * FORECAST_DWELL +
           (size_t)forecast_dwell(step - s->entered);
}

/* 1: what there was before anything closed is not looked at: then closing was not written down */
static void learn_since(struct forecast_model *m, const struct forecast_counts *c)
{
    m->since = m->now;
    for (size_t i = 0; i < c->n_spells; i++) {
        const struct forecast_spell *s = &c->spells[i];
        bool closed = s->exit == FORECAST_WON || s->exit == FORECAST_LOST;
        if (closed && forecast_is_known(m, s) && s->left < m->since)
            m->since = s->left;
    }
    if (m->since < m->now - FORECAST_BACK)
        m->since = m->now - FORECAST_BACK;
}

static void learn_spell(struct learning *l, const struct forecast_spell *s)
{
    struct forecast_model *m = l->m;
    int32_t from, to;
    bool leaves = steps_of(m, s, &from, &to);
    for (int32_t w = from; w <= to; w++) {
        l->cells[cell_at(m, w, s)].risk += s->n;
        m->seen[s->stage * FORECAST_DWELL + (uint32_t)forecast_dwell(w - s->entered)] += s->n;
    }
    if (leaves) {
        l->cells[cell_at(m, to, s)].of[s->exit] += s->n;
        l->moved[s->stage][s->to] += s->exit == FORECAST_MOVED ? s->n : 0;
        m->won += s->exit == FORECAST_WON ? s->n : 0;
        m->lost += s->exit == FORECAST_LOST ? s->n : 0;
    }
    if (s->first && m->now - s->entered <= FORECAST_ARRIVALS) {
        m->arrivals[m->now - 1 - s->entered] += s->n;
        m->firsts[s->stage] += s->n;
        m->arrived += s->n;
    }
}

/* 2: as many steps of new deals as there have been, three months at most */
static void learn_arrivals(struct forecast_model *m)
{
    m->n_arrivals = FORECAST_ARRIVALS;
    while (m->n_arrivals && !m->arrivals[m->n_arrivals - 1])
        m->n_arrivals--;
}

static struct forecast_hazard lean(const struct cell *c, const struct forecast_hazard *on)
{
    struct forecast_hazard h = {{0}};
    double left = 1;
    for (int e = FORECAST_MOVED; e < FORECAST_EXITS; e++) {
        h.of[e] = ((double)c->of[e] + HOLD * on->of[e]) / ((double)c->risk + HOLD);
        left -= h.of[e];
    }
    h.of[FORECAST_OPEN] = left > 0 ? left : 0;
    return h;
}

static struct cell gather(const struct cell *cells, size_t n)
{
    struct cell sum = {0};
    for (size_t i = 0; i < n; i++) {
        sum.risk += cells[i].risk;
        for (int e = 0; e < FORECAST_EXITS; e++)
            sum.of[e] += cells[i].of[e];
    }
    return sum;
}

/* The same cells of all seasons. */
static struct cell all_seasons(const struct learning *l, size_t at, size_t n)
{
    struct cell of[FORECAST_SEASONS];
    for (size_t i = 0; i < FORECAST_SEASONS; i++)
        of[i] = gather(&l->cells[i * l->m->n_stages * FORECAST_DWELL + at], n);
    return gather(of, FORECAST_SEASONS);
}

static void learn_band(struct learning *l, size_t at, const struct forecast_hazard *stage)
{
    const size_t season = (size_t)l->m->n_stages * FORECAST_DWELL;
    struct cell band = all_seasons(l, at, BAND);
    const struct forecast_hazard all = lean(&band, stage);
    for (size_t i = 0; i < FORECAST_SEASONS; i++) {
        const struct cell *cells = &l->cells[i * season + at], sum = gather(cells, BAND);
        const struct forecast_hazard near = lean(&sum, &all);
        for (size_t t = 0; t < BAND; t++)
            l->m->hazards[i * season + at + t] = lean(&cells[t], &near);
    }
}

/* 3: a step leans on the four around it in that month of a quarter, these on them in all months, these on the
   stage, the stage on all, and all on next to nothing */
static void learn_hazards(struct learning *l)
{
    const struct forecast_hazard none = {
        {[FORECAST_WON] = CLOSING / 2, [FORECAST_LOST] = CLOSING / 2, [FORECAST_OPEN] = 1 - CLOSING}};
    struct cell sum = all_seasons(l, 0, (size_t)l->m->n_stages * FORECAST_DWELL);
    const struct forecast_hazard all = lean(&sum, &none);
    for (size_t s = 0; s < l->m->n_stages; s++) {
        struct cell whole = all_seasons(l, s * FORECAST_DWELL, FORECAST_DWELL);
        const struct forecast_hazard stage = lean(&whole, &all);
        for (size_t t = 0; t < FORECAST_DWELL; t += BAND)
            learn_band(l, s * FORECAST_DWELL + t, &stage);
    }
}

/* 4: where those that move on go; where none has yet, they stay */
static void learn_moves(struct learning *l)
{
    for (uint32_t s = 0; s < l->m->n_stages; s++) {
        int64_t sum = 0;
        for (uint32_t j = 0; j < l->m->n_stages; j++)
            sum += l->moved[s][j];
        for (uint32_t j = 0; j < l->m->n_stages; j++)
            l->m->moves[s * FORECAST_STAGES_MAX + j] =
                sum > 0 ? (double)l->moved[s][j] / (double)sum : j == s;
    }
}

bool forecast_knows(const struct forecast_model *m)
{
    return m->since < m->now;
}

static struct learning *learning_new(uint32_t n_stages, int32_t now, uint32_t year_month, struct arena *a)
{
    struct learning *l = ARENA_NEW(a, struct learning);
    struct forecast_model *m = l->m = ARENA_NEW(a, struct forecast_model);
    m->now = now;
    m->year_month = year_month;
    m->lately = 1;
    m->since = now;
    m->n_stages = n_stages < FORECAST_STAGES_MAX ? n_stages : FORECAST_STAGES_MAX;
    size_t cells = (size_t)m->n_stages * FORECAST_DWELL, seasons = FORECAST_SEASONS * cells,
           moves = (size_t)m->n_stages * FORECAST_STAGES_MAX;
    m->hazards = ARENA_ARRAY(a, struct forecast_hazard, seasons);
    m->seen = ARENA_ARRAY(a, int64_t, cells);
    m->moves = ARENA_ARRAY(a, double, moves);
    l->cells = ARENA_ARRAY(a, struct cell, seasons);
    return l;
}

struct forecast_model *forecast_learn_plain(const struct forecast_counts *c, int32_t now, uint32_t year_month,
                                            struct arena *a)
{
    struct learning *l = learning_new(c->n_stages, now, year_month, a);
    learn_since(l->m, c);
    for (size_t i = 0; i < c->n_spells; i++)
        if (forecast_is_known(l->m, &c->spells[i]))
            learn_spell(l, &c->spells[i]);
    learn_arrivals(l->m);
    learn_hazards(l);
    learn_moves(l);
    return l->m;
}
