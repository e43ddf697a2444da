/* What reads and writes the rows of leads: the functions behind the tables in service.c. */
#ifndef BATON_LEADS_ROWS_H
#define BATON_LEADS_ROWS_H

#include "service/service.h"
#include "services/leads/leads.h"

extern const struct table_def leads_tables[LEADS_TABLES];

/* state.c: what routing needs, ready in memory. A cache of rows that apply keeps in step; never truth. */
struct leads_state;
void *leads_state_new(void);
void leads_state_free(void *state);

/* In step with the rows at l->now_us. Lives as long as the service; valid until the next command. */
const struct leads_routing *leads_state_routing(struct load *l);
/* A person's place in the routing, entered if new; LEADS_NOBODY if `user_id` is NULL or can be no id. Before
   leads_state_routing, or the routing must be asked for again. */
uint32_t leads_state_person(struct load *l, const char *user_id);
/* The policy in force as published; NULL if there is none. */
const Baton__Policy *leads_state_policy(struct load *l);

/* What apply has just written. `state` NULL: nothing is cached. */
void leads_state_note_user(struct leads_state *state, const char *user_id);
void leads_state_note_organisation(struct leads_state *state);
void leads_state_note_pool(struct leads_state *state, const char *pool_id);
void leads_state_note_policy(struct leads_state *state);
void leads_state_note_assigned(struct leads_state *state, const Baton__LeadAssigned *e);
void leads_state_note_open(struct leads_state *state, const char *user_id, int delta);

/* load_person.c: what a person's rows say. */
struct leads_calendar; /* the organisation's zone, hours and holidays */
struct leads_calendar *leads_calendar_new(const Baton__Organisation *organisation);
void leads_calendar_free(struct leads_calendar *c); /* NULL is fine */
void leads_person_load(struct load *l, struct leads_person *p, const struct leads_calendar *calendar);
void leads_person_release(struct leads_person *p);

/* load.c */
load_fn leads_load_capture, leads_load_form, leads_load_lead, leads_load_assign;
load_fn leads_load_routing, leads_load_leaver, leads_load_handover;
load_fn leads_load_publish, leads_load_policy;
void leads_scope_load(struct load *l, const char *owner_id, struct leads_scope *scope);
Baton__Policy *leads_policy_newest(struct txn *t, struct arena *a);

/* query.c, query_explain.c */
query_fn leads_query_get, leads_query_list, leads_query_policy, leads_query_custody, leads_query_explain;
/* The lead the caller asks for; NULL: `no` says why not. */
Baton__Lead *leads_query_lead(struct load *l, const struct command *c, const char *id, struct refusal *no);

/* apply.c */
apply_fn leads_apply_captured, leads_apply_rejected, leads_apply_lead, leads_apply_assigned;
apply_fn leads_apply_policy, leads_apply_handover, leads_apply_user, leads_apply_organisation,
    leads_apply_pool;

#endif
