/* A person as routing sees them: active or not, capacity, open leads, working time. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "schema/calendar.h"
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

struct leads_calendar *leads_calendar_new(const Baton__Organisation *o)
{
    struct leads_calendar *c = array(1, sizeof *c);
    c->zone = text(o->time_zone);
    c->n_hours = o->n_working_hours;
    c->hours = calendar_hours(o->working_hours, c->n_hours);
    c->n_days = o->n_holidays;
    c->days = calendar_days(o->holidays, c->n_days);
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

/* What the person works by: their own hours and time zone, else those of where they work, else the
   organisation's; holidays the same, but that nobody has any of their own. */
static struct worktime *worktime_of(const Baton__User *u, const struct leads_calendar *c,
                                    const struct leads_territories *t)
{
    const struct leads_says of = leads_territories_say(t, u->territory_ids, u->n_territory_ids);
    const char *zone = u->time_zone ? u->time_zone : of.zone ? of.zone->time_zone : c->zone;
    Baton__WorkingInterval **rows = u->n_working_hours ? u->working_hours
                                    : of.hours         ? of.hours->working_hours
                                                       : NULL;
    size_t n_rows = u->n_working_hours ? u->n_working_hours : of.hours ? of.hours->n_working_hours : 0;
    struct worktime_interval *hours = rows ? calendar_hours(rows, n_rows) : NULL;
    struct worktime_day *days =
        of.holidays ? calendar_days(of.holidays->holidays, of.holidays->n_holidays) : NULL;
    struct worktime_absence *absences = calendar_absences(u->absences, u->n_absences);
    struct worktime *w =
        worktime_new(zone, hours ? hours : c->hours, hours ? n_rows : c->n_hours, days ? days : c->days,
                     days ? of.holidays->n_holidays : c->n_days, absences, u->n_absences);
    free(absences);
    free(hours);
    free(days);
    return w;
}

/* Words and their texts in one block, which ends with the person. */
static struct leads_words keep(struct leads_words w)
{
    size_t size = w.n * sizeof *w.items;
    for (size_t i = 0; i < w.n; i++)
        size += strlen(w.items[i].text) + 1;
    struct leads_word *items = array(size, 1);
    char *to = (char *)(items + w.n);
    for (size_t i = 0; i < w.n; i++) {
        items[i] = (struct leads_word){.hash = w.items[i].hash, .text = to};
        size_t n = strlen(w.items[i].text) + 1;
        memcpy(to, w.items[i].text, n);
        to += n;
    }
    return (struct leads_words){.items = items, .n = w.n};
}

static void forget(struct leads_words *w)
{
    free((void *)(uintptr_t)w->items);
    *w = (struct leads_words){0};
}

static void traits_load(struct leads_person *p, const Baton__User *u, struct arena *a)
{
    p->at = u->has_latitude_e6 && u->has_longitude_e6 ? earth_point_of(u->latitude_e6, u->longitude_e6)
                                                      : (struct earth_point){0};
    p->is_partner = u->has_role && u->role == BATON__ROLE__ROLE_PARTNER;
    p->skills = keep(leads_words_fold(u->skills, u->n_skills, a));
    p->languages = keep(leads_words_languages(u->languages, u->n_languages, a));
    p->territories = keep(leads_words_fold(u->territory_ids, u->n_territory_ids, a));
    p->products = keep(leads_words_fold(u->products, u->n_products, a));
    p->most = (struct leads_limits){u->max_per_day, u->max_per_week, u->max_per_month};
}

void leads_person_today(struct leads_person *p, int64_t now_us)
{
    const int64_t day_us = INT64_C(86400000000);
    if (p->hours) {
        p->today = worktime_day_at(p->hours, now_us, &p->tomorrow_us);
        return;
    }
    p->today = (int32_t)(now_us / day_us);
    p->tomorrow_us = (p->today + 1) * day_us;
}

void leads_person_release(struct leads_person *p)
{
    free((char *)(uintptr_t)p->name);
    free((char *)(uintptr_t)p->email);
    free((char *)(uintptr_t)p->phone);
    worktime_free(p->hours);
    forget(&p->skills);
    forget(&p->languages);
    forget(&p->products);
    forget(&p->territories);
    p->name = p->email = p->phone = NULL;
    p->hours = NULL;
}

void leads_person_load(struct load *l, struct leads_person *p, const struct leads_calendar *calendar,
                       const struct leads_territories *territories)
{
    struct key key = key_of(p->id);
    const Baton__User *u = table_get(l->txn, LEADS_USER, &key, l->arena);
    const Baton__Holding *h = table_get(l->txn, LEADS_HOLDING, &key, l->arena);
    leads_person_release(p);
    p->stale = false;
    p->known = u != NULL;
    p->active = u && u->has_status && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE;
    p->name = text(u && u->name ? u->name : "somebody unknown");
    p->email = u && u->email ? text(u->email) : NULL;
    p->phone = u && u->phone ? text(u->phone) : NULL;
    p->capacity = u ? u->capacity : 0;
    p->open = h ? h->open : 0;
    p->received = h ? (struct leads_received){h->counted_day, h->received_that_day, h->received_that_week,
                                              h->received_that_month}
                    : (struct leads_received){0};
    p->most = (struct leads_limits){0};
    p->tomorrow_us = INT64_MIN;
    if (u)
        traits_load(p, u, l->arena);
    p->hours = u && calendar ? worktime_of(u, calendar, territories) : NULL;
    p->own_hours = u && u->n_working_hours;
    p->own_zone = u && u->time_zone;
    p->state = WORKTIME_WORKING;
    p->until_us = p->hours ? INT64_MIN : INT64_MAX;
}
