/* Amounts of several currencies as one sum, at the dated rates of the catalogue. */
#include <string.h>

#include "services/opportunities/measured.h"

enum { RATES_MAX = 64 };

static const Baton__MeasureRate *rate_from(struct load *l, struct measured_rates *r, const char *from)
{
    static const Baton__MeasureRate none = BATON__MEASURE_RATE__INIT;
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->rows[i]->from_currency, from) == 0)
            return r->rows[i];
    if (r->n == RATES_MAX)
        return &none;
    if (!r->rows)
        r->rows = ARENA_ARRAY(l->arena, Baton__MeasureRate *, RATES_MAX);
    Baton__MeasureRate *row = r->rows[r->n++] = ARENA_NEW(l->arena, Baton__MeasureRate);
    const Baton__CurrencyRate *rate = opportunities_rate(l, from, r->to, r->until);
    baton__measure_rate__init(row);
    row->from_currency = (char *)(uintptr_t)from;
    row->to_currency = (char *)(uintptr_t)r->to;
    row->day = rate ? rate->day : NULL;
    row->has_rate_e9 = rate != NULL;
    row->rate_e9 = rate ? rate->rate_e9 : 0;
    return row;
}

/* 1: what there is no rate for, and what is more than money can be, stands apart */
static bool converted(struct load *l, struct measured_rates *r, const char *from, uint64_t amount,
                      int64_t *out)
{
    *out = (int64_t)amount;
    if (strcmp(from, r->to) == 0)
        return true;
    const Baton__MeasureRate *rate = rate_from(l, r, from);
    return rate->has_rate_e9 &&
           money_convert((int64_t)amount, rate->rate_e9, money_digits(from), money_digits(r->to), out);
}

static void convert(struct load *l, struct measured_rates *r, struct measured_sum *s)
{
    const struct measured_sum before = *s;
    if (!s->n_amounts)
        return;
    s->n_amounts = 1;
    s->amounts[0].code = r->to;
    s->amounts[0].amount = 0;
    for (size_t i = 0; i < before.n_amounts; i++) {
        int64_t amount;
        if (converted(l, r, before.amounts[i].code, before.amounts[i].amount, &amount))
            s->amounts[0].amount += (uint64_t)amount;
        else
            s->amounts[s->n_amounts++] = before.amounts[i];
    }
}

void opportunities_measured_convert(struct load *l, struct measured *m, struct measured_rates *rates)
{
    for (size_t i = 0; i <= m->n; i++) {
        struct measured_group *g = i < m->n ? &m->groups[i] : &m->total;
        for (size_t k = 0; k < MEASURES; k++)
            if (g->sums[k])
                convert(l, rates, g->sums[k]);
    }
}
