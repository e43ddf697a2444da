/* What reads the rows of contacts: the functions behind the tables in service.c. */
#ifndef BATON_CONTACTS_ROWS_H
#define BATON_CONTACTS_ROWS_H

#include "baton/v1/directory.pb-c.h"
#include "service/custom.h"
#include "service/finder.h"
#include "service/service.h"
#include "service/sharing.h"
#include "services/contacts/activity.h"
#include "services/contacts/contacts.h"
#include "services/contacts/import.h"
#include "services/contacts/letter.h"
#include "services/contacts/repeat.h"

extern const struct table_def contacts_tables[CONTACTS_TABLES];

/* load_normal.c: what normalising needs. `record` is an account or a contact as the request or the row has
   it; NULL: none. What stands in the row under the same id counts, too. */
void contacts_normal_begin(struct load *l, struct contacts_normal_facts *f);
void contacts_places_load(struct load *l, const Baton__Address *at, struct contacts_normal_facts *f);
void contacts_record_places_load(struct load *l, const ProtobufCMessage *record,
                                 struct contacts_normal_facts *f);
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

/* Where what common/service/sharing.h needs is kept here. */
extern const struct sharing_tables contacts_sharing;
void contacts_shares_load(struct load *l, const char *record_id, struct sharing_shares *shares);
/* The account or contact is there and the actor may read it. */
bool contacts_sees(struct load *l, unsigned table, const char *id, const Baton__Actor *actor);
/* As access_row.reach: of accounts and contacts; of activities and notes; of shares. */
enum record_reach contacts_row_reach(struct load *l, const ProtobufCMessage *record,
                                     const Baton__Actor *actor);
enum record_reach contacts_row_about_reach(struct load *l, const ProtobufCMessage *row,
                                           const Baton__Actor *actor);
enum record_reach contacts_row_share_reach(struct load *l, const ProtobufCMessage *row,
                                           const Baton__Actor *actor);
enum record_reach contacts_row_activity_reach(struct load *l, const ProtobufCMessage *row,
                                              const Baton__Actor *actor);
/* Whether the actor may read any account or contact, so that none needs to be asked for. */
bool contacts_reaches_all(struct load *l, const Baton__Actor *actor);

/* load_access.c: who looked, in the service's state until it is written. */
struct contacts_looks;
struct contacts_looks *contacts_looks_new(void);
void contacts_looks_free(struct contacts_looks *s);
void contacts_account_looked(struct load *l, const Baton__Actor *actor, enum record_look look,
                             const ProtobufCMessage *record, size_t n);
void contacts_contact_looked(struct load *l, const Baton__Actor *actor, enum record_look look,
                             const ProtobufCMessage *record, size_t n);
int64_t contacts_access_due(void *state);
load_fn contacts_load_looked;
/* The first `n` that are gathered are written; what was lost has been told. */
void contacts_access_written(void *state, size_t n);
apply_fn contacts_apply_looked;
query_fn contacts_query_access;

load_fn contacts_load_share;
load_fn contacts_load_account, contacts_load_contact, contacts_load_view, contacts_load_converted;
/* What of an activity or a note is wanted and not there, or hidden from the caller. */
void contacts_about_load(struct load *l, const struct command *c, struct contacts_about_facts *f);
/* Whoever was erased is not there any more, though their row is. */
bool contacts_row_exists(struct load *l, unsigned table, const char *id);
bool contacts_is_erased(struct load *l, const char *contact_id);
/* And the actor may read it; NULL: whoever may. */
bool contacts_is_there(struct load *l, unsigned table, const char *id, const Baton__Actor *actor);
bool contacts_indexed_row_exists(struct load *l, unsigned table, const char *field, const char *value);

/* load_letter.c, query_letter.c */
load_fn contacts_load_letters;
query_fn contacts_query_letters;
aside_fn contacts_letters_aside;
/* This contact, or what it has become, as the actor may see it; `purpose` as in letter_template. */
struct letter_person contacts_letter_person(struct load *l, const char *contact_id, const char *purpose,
                                            const Baton__Actor *actor);
enum record_reach contacts_row_letter_reach(struct load *l, const ProtobufCMessage *row,
                                            const Baton__Actor *actor);

/* load_people.c */
load_fn contacts_load_relationship, contacts_load_plan, contacts_load_consent, contacts_load_note;
/* This contact and those above it. */
void contacts_chain_load(struct load *l, const char *contact_id, struct contacts_chain *c);
/* Those whom relationships put above this contact, and those above them. */
void contacts_related_above_load(struct load *l, const char *contact_id, struct contacts_chain *c);
/* One more, unless it is among them; NULL: none. */
void contacts_chain_add(struct contacts_chain *c, const char *id);
/* Some relationship begins or ends there. */
bool contacts_is_related(struct load *l, const char *contact_id, const char *account_id);

/* load_custom.c */
load_fn contacts_load_custom_field, contacts_load_custom_used;
/* The fields of the type, and which of the wanted values lead somewhere that the actor sees (NULL: anybody).
 */
void contacts_custom_load(struct load *l, const char *record_type, Baton__CustomValue *const *wanted,
                          size_t n, const Baton__Actor *actor, struct custom_facts *f);

/* query_people.c */
query_fn contacts_query_key_account, contacts_query_consent;

/* apply_people.c */
apply_fn contacts_apply_consent;

/* imports and exports: load_import.c, load_export.c, load_person.c, query_import.c, apply_import.c */
load_fn contacts_load_import, contacts_load_undo, contacts_load_export, contacts_load_person;
query_fn contacts_query_import, contacts_query_imports;
apply_fn contacts_apply_contact_key, contacts_apply_account_key, contacts_apply_imported,
    contacts_apply_undone;

/* Whom a contact names that is not there, or hidden from the actor (NULL: from nobody). */
void contacts_load_references(struct load *l, const Baton__Contact *contact, const Baton__Actor *actor,
                              struct contacts_contact_facts *f);

/* load_search.c, apply_search.c, query_search.c: what is found by what is typed. */
struct contacts_zones;
enum { CONTACTS_FOUND_ACCOUNT, CONTACTS_FOUND_CONTACT, CONTACTS_FOUND };
extern const char *const contacts_found_types[CONTACTS_FOUND];
/* The fields that a deployment added to the type by whose values it is found; how many. */
size_t contacts_searched(struct txn *t, const char *type, char *names[CUSTOM_FIELDS_MAX], struct arena *a);
load_fn contacts_load_searched;
apply_fn contacts_apply_custom_field, contacts_apply_searched;
struct contacts_state {
    struct finder finders[CONTACTS_FOUND];
    struct contacts_zones *zones; /* load_when.c */
    struct contacts_looks *looks; /* load_access.c */
    struct contacts_near *near;   /* load_near.c */
};
struct contacts_zones *contacts_zones_new(void);
void contacts_zones_free(struct contacts_zones *s);

/* What the rules for this account or contact, as it will be, need of others. `id` NULL: it is new. */
struct contacts_account_facts *contacts_account_facts(struct load *l, const Baton__Account *account,
                                                      const Baton__Actor *actor);
struct contacts_contact_facts *contacts_contact_facts(struct load *l, const Baton__Contact *contact,
                                                      const Baton__Actor *actor);
/* What a record has been merged into, over all mergings, or the id itself. */
const char *contacts_now(struct load *l, const char *id);
/* Of what this row, or what is wanted of it, names; NULL: nothing. */
void contacts_redirects_load(struct load *l, unsigned table, const ProtobufCMessage *row,
                             struct contacts_redirects *now);
/* A copy of it that names what that has become. */
ProtobufCMessage *contacts_redirected(struct load *l, const struct contacts_redirects *now,
                                      const ProtobufCMessage *row);

/* load_merge.c, load_unmerge.c */
load_fn contacts_load_merge_contacts, contacts_load_merge_accounts, contacts_load_unmerge_contacts,
    contacts_load_unmerge_accounts;
bool contacts_has_merged(struct load *l, const char *id);
struct contacts_row contacts_row_of(struct load *l, unsigned table, const char *id,
                                    const Baton__Actor *actor);
record_check_fn *contacts_rules_of(const char *type);

void *contacts_state_new(void);
void contacts_state_load(struct load *l);
void contacts_state_free(void *state);
apply_fn contacts_apply_account, contacts_apply_contact;
query_fn contacts_query_search;
/* As access_row.reach: of saved views. */
enum record_reach contacts_row_view_reach(struct load *l, const ProtobufCMessage *row,
                                          const Baton__Actor *actor);

/* load_activity.c */
load_fn contacts_load_activity, contacts_load_calendar, contacts_load_call;
/* IANA name; "UTC" while nothing is known. Lasts as long as the arena. */
const char *contacts_zone_of(struct load *l, const char *user_id);
/* What numbers without a country are dialled in: the region of the organisation's locale; NULL: not said. */
const char *contacts_home_country(struct txn *t, struct arena *a);
/* What there is to call somebody by. */
const char *contacts_name(const Baton__Contact *c, struct arena *a);
/* Whose number it is, of those that the actor sees, contacts first: how many. */
size_t contacts_callers(struct load *l, const Baton__Actor *actor, const char *number,
                        Baton__Caller *out[CALLERS_MAX]);

/* load_when.c */
load_fn contacts_load_due;
struct contacts_series {
    const Baton__Activity *activity;
    struct activity_when when;
    const struct civil_zone *zone;
    struct repeat repeat;
};
struct contacts_occurrence {
    int64_t start_us, end_us;
    struct civil local;
};
/* False: it has no time, or one that cannot be. */
bool contacts_series_open(struct load *l, const Baton__Activity *a, struct contacts_series *s);
/* Those that touch the time from one moment until before the other, in order, at most `room`: how many. *cut
   is set where there may be more. */
size_t contacts_series_between(const struct contacts_series *s, int64_t from_us, int64_t until_us,
                               struct contacts_occurrence *out, size_t room, bool *cut);
/* The first that begins later. False: none within 30 years. */
bool contacts_series_after(const struct contacts_series *s, int64_t after_us,
                           struct contacts_occurrence *out);
/* As it is now; reminders of that moment and before have rung. */
struct activity_schedule contacts_schedule(struct load *l, const Baton__Activity *a, int64_t after_us);

/* apply.c */
apply_fn contacts_apply_activity, contacts_apply_scheduled, contacts_apply_note, contacts_apply_noted,
    contacts_apply_account_about, contacts_apply_contact_about;

/* query_agenda.c */
query_fn contacts_query_occurrences, contacts_query_busy;
/* Whether all of it is said to the caller. */
bool contacts_shows_details(struct load *l, const Baton__Activity *a, const Baton__Actor *actor);
/* query_export.c */
query_fn contacts_query_export;
/* query_about.c */
query_fn contacts_query_without, contacts_query_timeline, contacts_query_caller;

/* load_near.c: accounts and contacts by what they are found under */
struct contacts_near *contacts_near_new(void);
void contacts_near_load(struct load *l, struct contacts_near *near);
void contacts_near_free(struct contacts_near *near);
/* Who may be the same as this record, as it will be. NULL: nobody is looked for here. */
struct contacts_known *contacts_known(struct load *l, const ProtobufCMessage *row);
/* How many records of the table there are; changes and what was deleted since the start count, too. */
uint32_t contacts_in_all(const struct load *l, unsigned table);

/* load_duplicates.c, query_duplicates.c, apply_duplicates.c */
load_fn contacts_load_dismiss, contacts_load_look;
query_fn contacts_query_check, contacts_query_duplicates;
apply_fn contacts_apply_suspected, contacts_apply_dismissed, contacts_apply_cleared, contacts_apply_merged,
    contacts_apply_unmerged;
apply_fn contacts_apply_account_near, contacts_apply_contact_near;
/* apply_named.c: what names accounts and contacts inside of lists */
apply_fn contacts_apply_naming;
/* load_erase.c, apply_erase.c */
load_fn contacts_load_erase, contacts_load_lead_about;
/* Everybody merged into them and into those, at any depth, at most `room`: how many. */
size_t contacts_merged_load(struct load *l, const char *id, struct contacts_row *out, size_t room);
/* The log has a contact of this id that is not there any more. */
bool contacts_was_deleted(struct load *l, const char *id);
apply_fn contacts_apply_erased;
/* apply.c: what a record has been made into, NULL: nothing; other rows in its place */
const Baton__Placing *contacts_placing_of(struct apply *ap, const char *record_id);
void contacts_place(struct apply *ap, const Baton__Placing *before, const Baton__Placing *after);
struct key contacts_timeline_key(const void *row);
/* apply_people.c: what a contact agrees to, anew */
void contacts_in_force_anew(struct apply *ap, const char *contact_id);
/* apply_erase.c: keys of the timeline's rows of such kinds, and which records they are of; how many */
size_t contacts_timeline_under(struct apply *ap, const char *about_id, bool (*is)(Baton__TimelineKind kind),
                               struct key **keys, char ***ids);
/* apply.c: other services' records in this timeline, and letters (apply_letter.c), go where they belong now
 */
void contacts_timeline_anew(struct apply *ap, const char *about_id);
void contacts_letters_anew(struct apply *ap, const char *about_id);
apply_fn contacts_apply_letter_run;
/* The table whose rows are such; -1: none. */
int contacts_table_of(const ProtobufCMessageDescriptor *pb);

#endif
