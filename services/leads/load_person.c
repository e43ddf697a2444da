/* A person as routing sees them: active or not, capacity, open leads, working time. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

struct leads_calendar {
    char *zone;
    struct worktime_interval *hours;
    struct worktime_day *days;
    size_t n_hours, n_days;
};

static void *array(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    assert(p);
    return p;
}

static char *text(const char *s)
{
    char *copy = strdup(s ? s : "");
    assert(copy);
    return copy;
}

static struct worktime_interval *hours_of(Baton__WorkingInterval *const *rows, size_t n)
{
    struct worktime_interval *hours = array(n, sizeof *hours);
    for (size_t i = 0; i < n; i++)
        hours[i] = (struct worktime_interval){.weekday = (int)rows[i]->weekday,
                                              .start_minute = (int)rows[i]->start_minute,
                                              .end_minute = (int)rows[i]->end_minute};
    return hours;
}

/* yyyy-mm-dd; what is not one becomes a day that never comes. */
static struct worktime_day day_of(const Baton__Holiday *h)
{
    struct worktime_day d = {.working = h->has_working_day && h->working_day};
    char *end;
    d.year = (int)strtol(h->date ? h->date : "", &end, 10);
    d.month = *end == '-' ? (int)strtol(end + 1, &end, 10) : 0;
    d.day = *end == '-' ? (int)strtol(end + 1, &end, 10) : 0;
    return d;
}

struct leads_calendar *leads_calendar_new(const Baton__Organisation *o)
{
    struct leads_calendar *c = array(1, sizeof *c);
    c->zone = text(o->time_zone);
    c->n_hours = o->n_working_hours;
    c->hours = hours_of(o->working_hours, c->n_hours);
    c->days = array(o->n_holidays, sizeof *c->days);
    for (size_t i = 0; i < o->n_holidays; i++)
        c->days[c->n_days++] = day_of(o->holidays[i]);
    return c;
}

void leads_calendar_free(struct leads_calendar *c)
{
    if (!c)
        return;
    free(c->zone);
    free(c->hours);
    free(c->days);
    free(c);
}

static struct worktime *worktime_of(const Baton__User *u, const struct leads_calendar *c)
{
    bool own_hours = u->n_working_hours != 0;
    struct worktime_interval *hours = own_hours ? hours_of(u->working_hours, u->n_working_hours) : c->hours;
    size_t n_hours = own_hours ? u->n_working_hours : c->n_hours;
    struct worktime_absence *absences = array(u->n_absences, sizeof *absences);
    for (size_t i = 0; i < u->n_absences; i++)
        absences[i] = (struct worktime_absence){.start_us = timestamp_us(u->absences[i]->start_at),
                                                .end_us = timestamp_us(u->absences[i]->end_at)};
    struct worktime *w = worktime_new(u->time_zone ? u->time_zone : c->zone, hours, n_hours, c->days,
                                      c->n_days, absences, u->n_absences);
    free(absences);
    if (own_hours)
        free(hours);
    return w;
}

void leads_person_release(struct leads_person *p)
{
    free((char *)(uintptr_t)p->name);
    worktime_free(p->hours);
    p->name = NULL;
    p->hours = NULL;
}

void leads_person_load(struct load *l, struct leads_person *p, const struct leads_calendar *calendar)
{
    struct key key = key_of(p->id);
    const Baton__User *u = table_get(l->txn, LEADS_USER, &key, l->arena);
    const Baton__Holding *h = table_get(l->txn, LEADS_HOLDING, &key, l->arena);
    leads_person_release(p);
    p->stale = false;
    p->known = u != NULL;
    p->active = u && u->has_status && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE;
    p->name = text(u && u->name ? u->name : "somebody unknown");
    p->capacity = u ? u->capacity : 0;
    p->open = h ? h->open : 0;
    p->hours = u && calendar ? worktime_of(u, calendar) : NULL;
    p->state = WORKTIME_WORKING;
    p->until_us = p->hours ? INT64_MIN : INT64_MAX;
}
