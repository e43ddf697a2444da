/* What reads the rows of contacts: the functions behind the tables in service.c. */
#ifndef BATON_CONTACTS_ROWS_H
#define BATON_CONTACTS_ROWS_H

#include "service/service.h"
#include "services/contacts/contacts.h"

extern const struct table_def contacts_tables[CONTACTS_TABLES];

/* load_normal.c: what normalising needs. `record` is an account or a contact as the request or the row has
   it; NULL: none. What stands in the row under the same id counts, too. */
void contacts_normal_begin(struct load *l, struct contacts_normal_facts *f);
void contacts_places_load(struct load *l, const Baton__Address *at, struct contacts_normal_facts *f);
void contacts_normal_load(struct load *l, const ProtobufCMessage *record, struct contacts_normal_facts *f);

/* load_quality.c */
load_fn contacts_load_rules, contacts_load_judge, contacts_load_sweep, contacts_load_boot,
    contacts_load_confirm;
/* The table of "account" or "contact"; -1: there is no such type. */
int contacts_type_table(const char *type);
/* The same of a record that is being written; NULL: none is. */
void contacts_written_load(struct load *l, const ProtobufCMessage *record, struct contacts_written_facts *f);
/* What a record is judged by; `record` is the row. */
struct contacts_judge_facts contacts_judge_load(struct load *l, const char *type,
                                                const ProtobufCMessage *record,
                                                const struct contacts_rules *rules);

/* apply.c: rows of quality; apply_place.c: of places, positions and the sweep */
apply_fn contacts_apply_record, contacts_apply_judged, contacts_apply_confirmed;
apply_fn contacts_apply_position, contacts_apply_place, contacts_apply_swept, contacts_apply_sweep_all;

/* query_quality.c, query_nearby.c */
query_fn contacts_query_quality, contacts_query_mend, contacts_query_report, contacts_query_nearby;
/* In which band and column of AccountAt a point lies. */
enum { CONTACTS_CELL_E6 = 50000, CONTACTS_COLUMNS = 7200, CONTACTS_BANDS = 3600 };
uint32_t contacts_band(int32_t latitude_e6);
uint32_t contacts_column(int32_t longitude_e6);

load_fn contacts_load_account, contacts_load_contact, contacts_load_about, contacts_load_converted;

#endif
