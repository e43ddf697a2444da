/* Where leads and people are on the earth, and how far apart. Everything is whole numbers, so that a decision
   made again comes out the same on every machine. */
#ifndef BATON_LEADS_PLACE_H
#define BATON_LEADS_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "baton/v1/leads.pb-c.h"

/* A point on the earth as a vector of length 1, in units of 2^-30. */
struct leads_point {
    bool known;
    int32_t x, y, z;
};

/* From millionths of a degree. */
struct leads_point leads_point_of(int32_t latitude_e6, int32_t longitude_e6);
/* Of the straight line between two that are known, rounded down: whoever is nearer along it is nearer over
   the ground. */
int64_t leads_kilometres(const struct leads_point *a, const struct leads_point *b);

/* Where postal codes are, by country and code. */
struct leads_places;
struct leads_places *leads_places_new(void);
void leads_places_free(struct leads_places *p);
void leads_places_clear(struct leads_places *p);
/* A row that is new, or has changed and kept its country and code; of two with the same country and code the
 * one made first counts. */
void leads_places_put(struct leads_places *p, const Baton__Place *row);
/* The lead's coordinates become those of its country and postal code, or none. NULL: it keeps what it has. */
void leads_locate(const struct leads_places *p, Baton__Lead *lead, struct arena *a);

#endif
