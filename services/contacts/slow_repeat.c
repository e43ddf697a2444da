/* What libical makes of a rule. In a library of its own, loaded with the first rule (slow_load.c). All is
   counted in local time; whose clocks they are is nothing to it but for an end in UTC. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/contacts/repeat.h"

static const int64_t SECOND_US = 1000000;

static struct icaltimetype time_of(const struct civil *c, bool is_date)
{
    struct icaltimetype t = icaltime_null_time();
    t.year = c->year;
    t.month = c->month;
    t.day = c->day;
    t.hour = is_date ? 0 : c->hour;
    t.minute = is_date ? 0 : c->minute;
    t.second = is_date ? 0 : c->second;
    t.is_date = is_date;
    return t;
}

static struct civil civil_of(const struct icaltimetype *t)
{
    return (struct civil){t->year, t->month, t->day, t->hour, t->minute, t->second};
}

static bool earlier(const struct civil *a, const struct civil *b)
{
    return civil_seconds(a) < civil_seconds(b);
}

/* An end in UTC is one on the clocks that the starts are read from (RFC 5545, 3.3.10). */
static void set_local_until(struct icalrecurrencetype *rule, const struct repeat *r)
{
    if (icaltime_is_null_time(rule->until) || rule->until.is_date)
        return;
    enum { YEAR_MAX = 9999 };
    struct civil c = civil_of(&rule->until);
    if (c.year > YEAR_MAX)
        c = (struct civil){YEAR_MAX, 12, 31, 0, 0, 0};
    if (rule->until.zone && icaltime_is_utc(rule->until)) {
        struct civil_zone *z = civil_zone_new(r->zone);
        if (z)
            c = civil_from_us(z, civil_seconds(&c) * SECOND_US);
        civil_zone_free(z);
    }
    rule->until = time_of(&c, r->is_date);
}

/* Its rscale is to be freed. */
static bool rule_of(const struct repeat *r, struct icalrecurrencetype *rule)
{
    icalerror_set_errors_are_fatal(0);
    *rule = icalrecurrencetype_from_string(r->rule);
    if (rule->freq == ICAL_NO_RECURRENCE) {
        free(rule->rscale);
        return false;
    }
    set_local_until(rule, r);
    return true;
}

static bool is_too_often(const struct icalrecurrencetype *rule)
{
    return rule->freq == ICAL_SECONDLY_RECURRENCE || rule->freq == ICAL_MINUTELY_RECURRENCE ||
           rule->freq == ICAL_HOURLY_RECURRENCE || rule->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

bool contacts_repeat_check(const struct repeat *r, char why[REPEAT_WHY])
{
    struct icalrecurrencetype rule = {0};
    struct repeat alone = *r;
    struct civil first, until = r->start;
    bool cut = false;
    why[0] = '\0';
    until.year += REPEAT_EMPTY_YEARS;
    alone.n_besides = alone.n_without = 0;
    if (!rule_of(r, &rule))
        (void)snprintf(why, REPEAT_WHY, "this is no rule (one is written like FREQ=WEEKLY;BYDAY=MO)");
    else if (is_too_often(&rule))
        (void)snprintf(why, REPEAT_WHY, "it repeats daily at most, and says no seconds");
    else if (rule.count > REPEAT_COUNT_MAX)
        (void)snprintf(why, REPEAT_WHY, "it repeats at most %d times", REPEAT_COUNT_MAX);
    else if (contacts_repeat_list(&alone, &r->start, &until, &first, 1, &cut) == 0)
        (void)snprintf(why, REPEAT_WHY, "it never happens in the first %d years", REPEAT_EMPTY_YEARS);
    if (rule.freq != ICAL_NO_RECURRENCE)
        free(rule.rscale);
    return why[0] == '\0'; /* every reason fits */
}

/* --- listing --- */

struct list {
    struct civil *out;
    size_t n, room;
};

static int by_time(const void *a, const void *b)
{
    const int64_t x = civil_seconds(a), y = civil_seconds(b);
    return x < y ? -1 : x > y;
}

static bool is_without(const struct repeat *r, const struct civil *c)
{
    for (size_t i = 0; i < r->n_without; i++)
        if (civil_seconds(&r->without[i]) == civil_seconds(c))
            return true;
    return false;
}

/* An end keeps libical from looking for what never happens through all the years there are. */
static void add_ruled(const struct repeat *r, const struct civil *from, const struct civil *until,
                      struct list *l, bool *cut)
{
    struct icalrecurrencetype rule;
    if (!rule_of(r, &rule))
        return;
    struct icaltimetype last = time_of(until, r->is_date);
    size_t own = REPEAT_STEPS_MAX, *left = r->budget ? r->budget : &own;
    if (icaltime_is_null_time(rule.until) || icaltime_compare(last, rule.until) < 0)
        rule.until = last;
    struct icalrecur_iterator_impl *it =
        is_too_often(&rule) ? NULL : icalrecur_iterator_new(rule, time_of(&r->start, r->is_date));
    if (it && !rule.count && earlier(&r->start, from))
        (void)icalrecur_iterator_set_start(it,
                                           time_of(from, r->is_date)); /* else it is walked from its start */
    while (it) {
        const struct icaltimetype t = icalrecur_iterator_next(it);
        const struct civil c = civil_of(&t);
        if (icaltime_is_null_time(t) || !earlier(&c, until) || l->n == l->room)
            break;
        if (*left == 0) {
            *cut = true;
            break;
        }
        --*left;
        if (!earlier(&c, from) && !is_without(r, &c))
            l->out[l->n++] = c;
    }
    if (it)
        icalrecur_iterator_free(it);
    free(rule.rscale);
}

static void add_besides(const struct repeat *r, const struct civil *from, const struct civil *until,
                        struct list *l)
{
    for (size_t i = 0; i < r->n_besides && l->n < l->room; i++)
        if (!earlier(&r->besides[i], from) && earlier(&r->besides[i], until) &&
            !is_without(r, &r->besides[i]))
            l->out[l->n++] = r->besides[i];
}

size_t contacts_repeat_list(const struct repeat *r, const struct civil *from, const struct civil *until,
                            struct civil *out, size_t room, bool *cut)
{
    struct list l = {.room = room + r->n_besides};
    l.out = calloc(l.room + 1, sizeof *l.out);
    if (!l.out) {
        *cut = true;
        return 0;
    }
    /* the rule alone may fill the room; dates besides have their own */
    add_besides(r, from, until, &l);
    if (r->rule)
        add_ruled(r, from, until, &l, cut);
    qsort(l.out, l.n, sizeof *l.out, by_time);
    size_t n = 0;
    for (size_t i = 0; i < l.n && n < room; i++)
        if (n == 0 || civil_seconds(&out[n - 1]) != civil_seconds(&l.out[i]))
            out[n++] = l.out[i];
    free(l.out);
    return n;
}
