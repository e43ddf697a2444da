/* A person was erased: what leads see and do about it. */
#ifndef BATON_LEADS_ERASE_H
#define BATON_LEADS_ERASE_H

#include "schema/decide.h"
#include "services/leads/leads.h"

enum { LEADS_ERASED_MAX = 8000 };

struct leads_erase_facts {
    char **lead_ids; /* those that are here and say something yet, with those that are the same customer's */
    size_t n;
};
decide_fn leads_decide_erased;

/* What is left of a lead whose person has been erased. */
Baton__Lead *leads_without_person(const Baton__Lead *lead, int64_t time_us, struct arena *a);
/* False: it is said why. */
bool leads_is_somebodys(const Baton__Lead *lead, struct refusal *no);

#endif
