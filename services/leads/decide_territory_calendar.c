/* When is worked in a territory, and by which calendar a lead's deadline is counted. */
#include <stdlib.h>

#include "schema/calendar.h"
#include "services/leads/leads.h"
#include "services/leads/territory_index.h"

/* --- calendars of territories --- */

static bool says_anything(const Baton__Territory *row)
{
    return row->time_zone || row->n_working_hours || row->n_holidays;
}

/* NULL only where the zone is none: then it says nothing. */
static struct worktime *calendar_of(const Baton__Territory *row)
{
    struct worktime_interval *hours = calendar_hours(row->working_hours, row->n_working_hours);
    struct worktime_day *days = calendar_days(row->holidays, row->n_holidays);
    struct worktime *w = worktime_new(row->time_zone ? row->time_zone : "UTC", hours, row->n_working_hours,
                                      days, row->n_holidays, NULL, 0);
    free(hours);
    free(days);
    return w;
}

void leads_territories_make_calendars(struct leads_territories *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (says_anything(t->all[i].row) && (t->all[i].calendar = calendar_of(t->all[i].row)))
            t->n_calendars++;
}

void leads_territories_release(struct leads_territories *t)
{
    for (size_t i = 0; t && t->n_calendars && i < t->n; i++)
        worktime_free(t->all[i].calendar);
}

bool leads_territories_have_calendars(const struct leads_territories *t)
{
    return t && t->n_calendars;
}

const struct worktime *leads_territory_calendar(const struct leads_territories *t,
                                                const Baton__Territory *row)
{
    const struct territory *found = row ? territory_find(t, row->id) : NULL;
    return found ? found->calendar : NULL;
}

static void ask_upwards(const struct leads_territories *t, const struct territory *at, struct leads_says *out)
{
    for (int depth = 0; at && depth < TERRITORY_DEPTH_MAX; depth++) {
        const Baton__Territory *row = at->row;
        if (at->calendar && !out->zone && row->time_zone)
            out->zone = row;
        if (at->calendar && !out->hours && row->n_working_hours)
            out->hours = row;
        if (at->calendar && !out->holidays && row->n_holidays)
            out->holidays = row;
        at = territory_find(t, row->parent_id);
    }
}

struct leads_says leads_territories_say(const struct leads_territories *t, char *const *ids, size_t n)
{
    static const Baton__TerritoryKind order[] = {
        BATON__TERRITORY_KIND__TERRITORY_KIND_GEOGRAPHY, BATON__TERRITORY_KIND__TERRITORY_KIND_REGION,
        BATON__TERRITORY_KIND__TERRITORY_KIND_DEPARTMENT, BATON__TERRITORY_KIND__TERRITORY_KIND_INDUSTRY};
    struct leads_says out = {0};
    for (size_t k = 0; leads_territories_have_calendars(t) && k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < n; i++) {
            const struct territory *at = territory_find_any(t, ids[i]);
            if (at && at->row->kind == order[k])
                ask_upwards(t, at, &out);
        }
    return out;
}

/* --- the clock of a deadline --- */

const struct worktime *leads_clock(const struct leads_routing *r, const struct leads_person *p,
                                   const Baton__Lead *lead, struct arena *a)
{
    if (!p->hours || !lead->n_territory_ids || !leads_territories_have_calendars(r->territories))
        return p->hours;
    /* 1: the holder's own hours and time zone, and always the holder's absences; 2: else, and for holidays
       and make-up days, those of the territory that the lead lies in; 3: else what the holder works by
       anyway: those of the territory they work in, or the organisation's */
    const struct leads_says says =
        leads_territories_say(r->territories, lead->territory_ids, lead->n_territory_ids);
    const struct worktime *zone = p->own_zone ? NULL : leads_territory_calendar(r->territories, says.zone);
    const struct worktime *hours = p->own_hours ? NULL : leads_territory_calendar(r->territories, says.hours);
    const struct worktime *days = leads_territory_calendar(r->territories, says.holidays);
    if (!zone && !hours && !days)
        return p->hours;
    return worktime_mix(p->hours, zone ? zone : p->hours, hours ? hours : p->hours, days ? days : p->hours,
                        a);
}

int64_t leads_due(const struct worktime *clock, const struct leads_person *p, int64_t now_us, int64_t minutes)
{
    int64_t plain = now_us + minutes * 60 * 1000000;
    /* At work until then without a break: what the calendar would say, without asking it. */
    if (!clock || (clock == p->hours && p->state == WORKTIME_WORKING && plain <= p->until_us))
        return plain;
    return worktime_add(clock, now_us, minutes);
}
