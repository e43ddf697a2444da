/* What reads the rows of contacts: the functions behind the tables in service.c. */
#ifndef BATON_CONTACTS_ROWS_H
#define BATON_CONTACTS_ROWS_H

#include "baton/v1/directory.pb-c.h"
#include "service/service.h"
#include "services/contacts/activity.h"
#include "services/contacts/repeat.h"

extern const struct table_def contacts_tables[CONTACTS_TABLES];

load_fn contacts_load_account, contacts_load_contact, contacts_load_about, contacts_load_converted;

/* load_activity.c */
load_fn contacts_load_activity, contacts_load_calendar, contacts_load_call;
/* IANA name; "UTC" while nothing is known. Lasts as long as the arena. */
const char *contacts_zone_of(struct load *l, const char *user_id);
/* What numbers without a country are dialled in: the region of the organisation's locale; NULL: not said. */
const char *contacts_home_country(struct txn *t, struct arena *a);
/* What there is to call somebody by. */
const char *contacts_name(const Baton__Contact *c, struct arena *a);
/* Whose number it is, contacts first: how many. */
size_t contacts_callers(struct load *l, const char *number, Baton__Caller *out[CALLERS_MAX]);

/* load_when.c */
void *contacts_state_new(void);
void contacts_state_free(void *state);
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
    contacts_apply_account, contacts_apply_contact;

/* query_agenda.c */
query_fn contacts_query_occurrences, contacts_query_busy;
/* Whether all of it is said to the caller: whose it is, who attends and who administrates see everything. */
bool contacts_shows_details(struct load *l, const Baton__Activity *a, const Baton__Actor *actor);
/* The same of a row, for the record functions. */
bool contacts_shows_activity(struct load *l, const ProtobufCMessage *row, const Baton__Actor *actor);
/* query_export.c */
query_fn contacts_query_export;
/* query_about.c */
query_fn contacts_query_without, contacts_query_timeline, contacts_query_caller;

#endif
