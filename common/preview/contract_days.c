/* The days that follow from what a contract seems to say. */
#include <stdlib.h>
#include <string.h>

#include "preview/contract.h"

enum { SPAN_MAX = 1000 };
static const int64_t DAY_S = 24 * 3600;

const struct contract_hint *contract_surest(const struct contract_hint *hints, size_t n,
                                            enum contract_sort sort)
{
    const struct contract_hint *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (hints[i].sort == sort && (!best || hints[i].sure > best->sure))
            best = &hints[i];
    return best;
}

static int last_of_month(int year, int month)
{
    struct civil next = {year + month / 12, month % 12 + 1, 1, 0, 0, 0};
    return civil_of_seconds(civil_seconds(&next) - DAY_S).day;
}

bool contract_move(const char *day, const char *span, int sign, char out[CIVIL_SIZE])
{
    static const struct {
        const char *unit;
        int months, days;
    } units[] = {{"day", 0, 1}, {"week", 0, 7}, {"month", 1, 0}, {"year", 12, 0}};
    struct civil c = {1970, 1, 1, 0, 0, 0};
    bool is_date;
    int n = (int)strtol(span, NULL, 10), months = 0, days = 0;
    out[0] = '\0';
    if (!civil_parse(day, &c, &is_date) || n > SPAN_MAX)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strstr(span, units[i].unit)) {
            months = sign * n * units[i].months;
            days = sign * n * units[i].days;
        }
    int at = c.year * 12 + c.month - 1 + months;
    c.year = at / 12;
    c.month = at % 12 + 1;
    if (c.day > last_of_month(c.year, c.month))
        c.day = last_of_month(c.year, c.month);
    c = civil_of_seconds(civil_seconds(&c) + days * DAY_S);
    if (c.year < 1 || c.year > 9999)
        return false;
    civil_format(out, &c, true);
    return true;
}

static void copy(char out[CIVIL_SIZE], const struct contract_hint *h)
{
    size_t n = h ? strnlen(h->value, CIVIL_SIZE - 1) : 0;
    memcpy(out, h ? h->value : "", n);
    out[n] = '\0';
}

void contract_days_of(const struct contract_hint *hints, size_t n, struct contract_days *days)
{
    const struct contract_hint *ends = contract_surest(hints, n, CONTRACT_ENDS);
    const struct contract_hint *notice = contract_surest(hints, n, CONTRACT_NOTICE);
    memset(days, 0, sizeof *days);
    copy(days->effective, contract_surest(hints, n, CONTRACT_EFFECTIVE));
    copy(days->ends, ends);
    if (ends && contract_surest(hints, n, CONTRACT_RENEWAL))
        (void)contract_move(ends->value, "1 day", 1, days->renewal); /* empty where there is none */
    if (ends && notice)
        (void)contract_move(ends->value, notice->value, -1, days->notice); /* the same */
}
