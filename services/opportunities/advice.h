/* Advice: what stands out from the others so far that it is not chance, with its numbers. Pure. */
#ifndef BATON_OPPORTUNITIES_ADVICE_H
#define BATON_OPPORTUNITIES_ADVICE_H

#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "schema/decide.h"
#include "services/opportunities/analysis.h"

enum {
    ADVICE_CASES = 10,     /* of somebody, and three times as many of the others: fewer say nothing */
    ADVICE_TERRITORY = 20, /* open deals of all territories: likewise */
    ADVICE_HEAVY = 150,    /* per cent of what the others have for each person: out of balance */
    ADVICE_LIGHT = 50,
    ADVICE_QUIET_DAYS = 30, /* without a word */
    ADVICE_PUSHED = 2,      /* times that the day to close was put off */
    ADVICE_SIGNS = 2        /* of a deal: so many make it one at risk */
};

/* How likely it is that so few of n are among `few`, if they are drawn from all alike: of n + others there
   are part + part_others (Fisher's exact test, one side). */
double advice_few(int64_t part, int64_t n, int64_t part_others, int64_t others);
/* How likely it is that at least so many of n are, if each is with one half. */
double advice_many(int64_t part, int64_t n);

struct advice_person {
    const char *user_id, *name;
    int64_t won, lost;
    int64_t accepted[ANALYSIS_BINS]; /* leads, by how long it took */
};
struct advice_territory {
    const char *territory_id;
    int64_t people, deals;
};
struct advice_deal {
    const Baton__Opportunity *deal;
    int64_t last_us; /* something was done about it; 0: not known */
    uint32_t pushed, pushed_days;
};
struct advice_facts {
    struct advice_person *people;
    size_t n_people;
    struct advice_territory *territories;
    size_t n_territories;
    int32_t today; /* days since 1970 */
    int64_t now_us;
    struct arena *arena;
};
struct advice_list {
    Baton__Advice **rows;
    size_t n, room;
};

void advice_territories(const struct advice_facts *f, struct advice_list *out);
void advice_people(const struct advice_facts *f, struct advice_list *out);
/* NULL: it is not at risk. *signs: how many things speak for it. */
Baton__Advice *advice_deal(const struct advice_facts *f, const struct advice_deal *d, unsigned *signs);

#endif
