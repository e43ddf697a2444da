/* Who enters what, how late after the fact and how complete. Pure. */
#ifndef BATON_OPPORTUNITIES_ADOPTION_H
#define BATON_OPPORTUNITIES_ADOPTION_H

#include "baton/v1/analysis.pb-c.h"
#include "schema/decide.h"

enum { ADOPTION_TYPES = 16, ADOPTION_WEEKS = 53 };

/* Weeks since the Monday before 1970 by that zone's days (NULL: UTC's), and back to days since 1970. */
struct civil_zone;
uint64_t adoption_week(const struct civil_zone *zone, int64_t us);
int32_t adoption_first_day(uint64_t week);

/* How many fields the house asks for in such a record, and how many of them are there. */
void adoption_complete(const ProtobufCMessage *record, uint32_t *asked, uint32_t *filled);
/* One more action in the user's week; `week` may be what is there already. In the arena. */
void adoption_count(Baton__AdoptionWeek *week, const Baton__ActionNoted *e, struct arena *a);

/* Says that weeks are those of where users are from now on. */
void adoption_zoned(struct stamp *s, struct outcome *out);

/* All of another week as well. */
void adoption_add(Baton__AdoptionWeek *sum, const Baton__AdoptionWeek *w, struct arena *a);

/* On a record of contacts: somebody made or changed it; an activity counts, or does not any more. */
decide_fn adoption_decide_action, adoption_decide_activity;
/* On what becomes of leads. */
decide_fn adoption_decide_received, adoption_decide_accepted, adoption_decide_lead_converted;

#endif
