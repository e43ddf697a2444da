/* Where a lead lies. Four trees of territories, one of each kind; a lead lies in at most one territory of
   each tree: the deepest with a rule that holds; of two equally deep ones that with the greater priority,
   then the one that was made first. A territory matches by its own rules alone, whatever those above it say.
 */
#ifndef BATON_LEADS_TERRITORY_H
#define BATON_LEADS_TERRITORY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/worktime.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"

enum {
    LEADS_TREES = BATON__TERRITORY_KIND__TERRITORY_KIND_INDUSTRY + 1
}; /* by TerritoryKind; 0 stays empty */

/* Territories that count, with indexes by company, postal code, state, industry and country, so that a lead
   looks at the few rules that name something of it. */
struct leads_territories;

/* Total: what is above and not there, or goes round in a circle, is not above. Keeps pointers to the rows,
   all else in the arena. */
struct leads_territories *leads_territories_compile(Baton__Territory *const *rows, size_t n, struct arena *a);

/* A territory and the rule that brought the lead there. */
struct leads_spot {
    const Baton__Territory *territory; /* NULL: nowhere in this tree */
    uint32_t rule;                     /* counted from 0 */
};
void leads_territories_find(const struct leads_territories *t, const Baton__Lead *lead, struct arena *a,
                            struct leads_spot spots[LEADS_TREES]);

/* Whether there is such a territory, or a copy of it. */
bool leads_territories_know(const struct leads_territories *t, const char *id);

/* These territories, all above them, and what each of those is a copy of. */
char **leads_territories_above(const struct leads_territories *t, char *const *ids, size_t n_ids,
                               struct arena *a, size_t *n);

/* Who says when is worked in some territories: of time zone, hours and holidays each that of the nearest, on
   the way up from the first of them that leads to one; geography before region, department and industry. An
   id may also be of what a territory is a copy of. NULL: nobody says. */
struct leads_says {
    const Baton__Territory *zone, *hours, *holidays;
};
struct leads_says leads_territories_say(const struct leads_territories *t, char *const *ids, size_t n);

/* Calendars of the territories that have any part of one; released before the arena goes. NULL is fine. */
void leads_territories_make_calendars(struct leads_territories *t);
void leads_territories_release(struct leads_territories *t);
bool leads_territories_have_calendars(const struct leads_territories *t);
/* What it says, as a calendar of which only what it says is to be asked; NULL: nothing. */
const struct worktime *leads_territory_calendar(const struct leads_territories *t,
                                                const Baton__Territory *row);

/* The lead's territory_ids and territory_id become what the territories say. NULL, or no territory has a
   rule: a lead that lies nowhere stays as it came. */
void leads_territories_place(const struct leads_territories *t, Baton__Lead *lead, struct arena *a);

#endif
