/* The demo's papers: a contract with its days, a policy that everybody is to read, a brochure. */
#ifndef BATON_TOOL_DEMO_PAPERS_H
#define BATON_TOOL_DEMO_PAPERS_H

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "tool/session.h"

/* The contract is the account's and the deal's; all are `owner`'s. False: s->no says why. */
bool demo_papers(struct session *s, const Baton__Account *account, const Baton__Opportunity *deal,
                 const Baton__User *owner);

#endif
