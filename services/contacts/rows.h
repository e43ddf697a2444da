/* What reads the rows of contacts: the functions behind the tables in service.c. */
#ifndef BATON_CONTACTS_ROWS_H
#define BATON_CONTACTS_ROWS_H

#include "service/service.h"
#include "services/contacts/contacts.h"

extern const struct table_def contacts_tables[CONTACTS_TABLES];

load_fn contacts_load_account, contacts_load_contact, contacts_load_about, contacts_load_converted;

#endif
