/* What reads the rows of contacts: the functions behind the tables in service.c. */
#ifndef BATON_CONTACTS_ROWS_H
#define BATON_CONTACTS_ROWS_H

#include "service/finder.h"
#include "service/service.h"
#include "services/contacts/contacts.h"

extern const struct table_def contacts_tables[CONTACTS_TABLES];

load_fn contacts_load_account, contacts_load_contact, contacts_load_about, contacts_load_converted;

/* load_search.c, apply_search.c, query_search.c: what is found by what is typed. */
enum { CONTACTS_FOUND_ACCOUNT, CONTACTS_FOUND_CONTACT, CONTACTS_FOUND };
struct contacts_state {
    struct finder finders[CONTACTS_FOUND];
};
void *contacts_state_new(void);
void contacts_state_load(struct load *l);
void contacts_state_free(void *state);
apply_fn contacts_apply_account, contacts_apply_contact;
query_fn contacts_query_search;
/* Whether the caller sees this saved view. */
bool contacts_view_seen(struct load *l, const ProtobufCMessage *row, const Baton__Actor *actor);

#endif
