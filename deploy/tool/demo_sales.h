/* What the demo's company sells and to whom: prices, customers, opportunities, quotas, plans of the week and
   papers. Everything is looked up by its name first, so that building again adds nothing. */
#ifndef BATON_TOOL_DEMO_SALES_H
#define BATON_TOOL_DEMO_SALES_H

#include "baton/v1/directory.pb-c.h"
#include "tool/session.h"

/* `owners`: who has customers, most of them the first; `manager`: with a quota of their own. False: s->no
   says why. */
bool demo_sales(struct session *s, const Baton__User *const *owners, size_t n_owners,
                const Baton__User *manager);

#endif
