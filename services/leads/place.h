/* Where leads are on the earth, by country and postal code. */
#ifndef BATON_LEADS_PLACE_H
#define BATON_LEADS_PLACE_H

#include "base/arena.h"
#include "base/earth.h"
#include "baton/v1/leads.pb-c.h"

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
