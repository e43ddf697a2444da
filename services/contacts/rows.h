/* What reads the rows of contacts: the functions behind the tables in service.c. */
#ifndef BATON_CONTACTS_ROWS_H
#define BATON_CONTACTS_ROWS_H

#include "service/service.h"
#include "services/contacts/contacts.h"
#include "services/contacts/import.h"

extern const struct table_def contacts_tables[CONTACTS_TABLES];

load_fn contacts_load_account, contacts_load_contact, contacts_load_about, contacts_load_converted;
/* imports and exports: load_import.c, load_export.c, query_import.c, apply_import.c */
load_fn contacts_load_import, contacts_load_undo, contacts_load_export;
query_fn contacts_query_import, contacts_query_imports;
apply_fn contacts_apply_contact_key, contacts_apply_account_key, contacts_apply_imported,
    contacts_apply_undone;

/* Whom a contact names that is not there. */
void contacts_load_references(struct load *l, const Baton__Contact *contact,
                              struct contacts_contact_facts *f);
/* Whether a row of the table has this value in the indexed field. */
bool contacts_row_refers(struct load *l, unsigned table, const char *field, const char *value);

#endif
