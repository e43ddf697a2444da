/* What reads and writes the rows of leads: the functions behind the tables in service.c. */
#ifndef BATON_LEADS_ROWS_H
#define BATON_LEADS_ROWS_H

#include "service/finder.h"
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
/* Makes a policy ready for this routing, which then has to be asked for again. */
struct leads_policy *leads_state_compile(struct load *l, const Baton__Policy *policy, struct arena *a);
/* The policy in force as published; NULL if there is none. */
const Baton__Policy *leads_state_policy(struct load *l);

/* load_skipped.c: marks rules of the policy in force that ask for what has been deleted, and what was told of
   it. Whether one of them is skipped and nobody was told. */
bool leads_skipped_load(struct load *l, const struct leads_routing *r, struct leads_policy *policy);
/* Active administrators, LEADS_ADMINS_MAX at most; how many. */
size_t leads_admins_load(struct load *l, char ids[LEADS_ADMINS_MAX][IDENT_TEXT_SIZE]);
apply_fn leads_apply_skipped;
/* Counts the rules that the decision went past, of those that were told of. */
void leads_apply_skips(struct apply *ap, const Baton__Decision *d);
/* The policy's rules that could not be asked, by index and reason. */
void leads_skipped_list(struct load *l, const Baton__Policy *p, Baton__GetPolicyResponse *out);

/* load_shadow.c: the same for the policy in the shadow; state.c owns it. */
struct leads_shadow;
struct leads_shadow *leads_shadow_new(void);
void leads_shadow_free(struct leads_shadow *s);
/* Before the live pools are looked at: which policy it is. */
void leads_shadow_load(struct leads_shadow *s, struct load *l);
/* Its routing, behind the live one; NULL: there is none. */
struct leads_routing *leads_shadow_look(struct leads_shadow *s, struct load *l,
                                        const struct leads_routing *live);
void leads_shadow_note_policy(struct leads_shadow *s);
void leads_shadow_note_pools(struct leads_shadow *s);

/* What apply has just written. `state` NULL: nothing is cached. */
void leads_state_note_user(struct leads_state *state, const char *user_id);
/* A user changes: who are the administrators is asked for again. */
void leads_state_note_admin(struct leads_state *state, const Baton__User *user);
void leads_state_note_skipped(struct leads_state *state, const Baton__RuleSkipped *e);
void leads_state_note_organisation(struct leads_state *state);
void leads_state_note_pool(struct leads_state *state, const char *pool_id);
void leads_state_note_policy(struct leads_state *state);
void leads_state_note_shadow(struct leads_state *state);
void leads_state_note_territories(struct leads_state *state);
void leads_state_note_templates(struct leads_state *state);
void leads_state_note_acknowledged(struct leads_state *state, uint32_t slot, uint64_t hash, int64_t at_us);
/* `place` NULL: one is gone, or has changed. */
void leads_state_note_place(struct leads_state *state, const Baton__Place *place);
void leads_state_note_assigned(struct leads_state *state, const Baton__LeadAssigned *e);
void leads_state_note_open(struct leads_state *state, const char *user_id, int delta);
void leads_state_note_outcome(struct leads_state *state, const Baton__ScoreCount *count, bool back);

/* load_ack.c: the templates of the rows; whoever was written to is loaded once there is one. */
struct leads_responses;
void leads_responses_load(struct txn *txn, struct leads_responses *r, struct arena *memory);
void leads_responses_release(struct leads_responses *r);
load_fn leads_load_template;

/* load_person.c: what a person's rows say. */
struct leads_calendar; /* the organisation's zone, hours and holidays */
struct leads_calendar *leads_calendar_new(const Baton__Organisation *organisation);
void leads_calendar_free(struct leads_calendar *c); /* NULL is fine */
void leads_person_load(struct load *l, struct leads_person *p, const struct leads_calendar *calendar,
                       const struct leads_territories *territories);
/* Which day it is where they are. */
void leads_person_today(struct leads_person *p, int64_t now_us);
void leads_person_release(struct leads_person *p);

/* load_territory.c: the territories that count, compiled and with calendars that leads_territories_release
   ends, and the model whose they are; NULL: nobody's. */
struct leads_territories *leads_territories_load(struct txn *t, struct arena *a,
                                                 const Baton__TerritoryModel **model);
/* Where a lead lies now, by name, whatever model that is of. */
const char *leads_place_name(struct load *l, const Baton__Lead *lead);
load_fn leads_load_placed; /* leads_load_lead, for what may place the lead anew */
load_fn leads_load_move, leads_load_active_model;
query_fn leads_query_preview;

/* load.c */
load_fn leads_load_capture, leads_load_form, leads_load_lead, leads_load_convert, leads_load_assign;
load_fn leads_load_due, leads_load_unseen, leads_load_leaver, leads_load_handover;
load_fn leads_load_take;
load_fn leads_load_publish, leads_load_draft, leads_load_roll_back, leads_load_shadow, leads_load_policy;
void leads_scope_load(struct load *l, const char *owner_id, struct leads_scope *scope);
/* What of a policy is to be looked up before it is checked: its pools, and who its rules prefer. */
void leads_publish_facts_of(struct txn *t, const Baton__Policy *policy, struct arena *a,
                            struct leads_publish_facts *f);
/* A territory that the rule names and that is there, but not of the active model: its name; NULL: none. */
const char *leads_idle_territory(struct load *l, const Baton__Rule *rule);
Baton__Policy *leads_policy_in_force(struct txn *t, struct arena *a); /* NULL: none is */
Baton__Policy *leads_policy_version(struct txn *t, uint64_t version, struct arena *a);

/* slow_mail.c */
extern const struct slow_part leads_slow_mail;
load_fn leads_load_mail;
/* load_match.c */
void leads_match_load(struct load *l); /* once, before the first of the others */
void leads_known_load(struct load *l, const Baton__Lead *lead, struct leads_known *known);
/* The lead can be found from now on; by what it was changed to, too. `state` NULL: nothing is cached. */
void leads_match_note(struct leads_state *state, const Baton__Lead *lead, struct arena *a);
void leads_match_note_update(struct leads_state *state, const Baton__LeadUpdated *e, struct arena *a);
struct leads_indexes {
    struct near_index *leads, *accounts, *contacts;
};
struct leads_indexes *leads_state_match(struct leads_state *state); /* NULL: there are none */
struct leads_indexes *leads_state_match_begin(struct leads_state *state);
/* load_match_party.c: the same of accounts and contacts, by what leads_known_load has found out */
void leads_match_load_parties(struct load *l);
void leads_parties_load(struct load *l, struct leads_known *known);
apply_fn leads_apply_account, leads_apply_contact;

/* load_find.c: leads as they are found by what is typed: all of them, once, at the start; and one that was
   put (a replay, which searches nothing, notes nothing). */
void leads_find_load(struct load *l);
void leads_find_put(void *state, unsigned table, const ProtobufCMessage *row);
struct finder *leads_state_finder_begin(struct leads_state *state);
struct finder *leads_state_finder(struct leads_state *state); /* NULL: there is none */
/* query_find.c */
query_fn leads_query_find;

/* load_merge.c */
load_fn leads_load_merge, leads_load_unmerge;
/* The lead that it was merged into, over all mergings; the lead itself if it was not. */
const Baton__Lead *leads_survivor(struct load *l, const Baton__Lead *lead);

/* load_score.c */
load_fn leads_load_teach, leads_load_forget;
/* Makes the model what the rows say. */
void leads_score_load(struct load *l, struct score_model *m);

/* query_ack.c: what the customer was written, from the log; NULL: nothing. */
Baton__LeadAcknowledged *leads_acknowledgement(struct load *l, const Baton__Lead *lead);
query_fn leads_query_response;

/* query.c, query_explain.c, query_score.c */
query_fn leads_query_get, leads_query_list, leads_query_policy, leads_query_custody, leads_query_explain;
/* What this lead came in with, as the log has it; NULL: it has nothing. */
Baton__Original *leads_came_with(struct load *l, const Baton__Lead *lead);
/* query_person.c */
query_fn leads_query_person;
query_fn leads_query_score, leads_query_policy_check;
/* query_email.c: the leads of one address, of those that `owner_id` holds (NULL: anybody). */
bool leads_query_list_email(struct load *l, const struct command *c, const char *owner_id,
                            ProtobufCMessage **reply);
/* The lead the caller asks for; NULL: `no` says why not. */
Baton__Lead *leads_query_lead(struct load *l, const struct command *c, const char *id, struct refusal *no);

/* The decision in words; `policy` is the version it was decided by, NULL: none then. */
Baton__DecisionExplanation *leads_explain_decision(struct load *l, const Baton__Lead *lead,
                                                   Baton__Decision *d, const Baton__Policy *policy);
/* query_shadow.c */
load_fn leads_load_end_shadow;
query_fn leads_query_shadow;
/* query_dry_run.c */
query_fn leads_query_dry_run;

/* query_form.c */
query_fn leads_query_form;

/* query_whynot.c: what keeps the explained lead from that user; NULL: `no` says why there is no answer. */
Baton__WhyNot *leads_query_why_not(struct load *l, const Baton__ExplainLeadResponse *explained,
                                   const char *user_id, struct refusal *no);

/* apply_shadow.c */
apply_fn leads_apply_shadowed, leads_apply_shadow_ended;
/* What the policy in the shadow said, among its rows. */
void leads_apply_shadow_word(struct apply *ap, const Baton__LeadAssigned *e);

/* apply.c, apply_score.c */
apply_fn leads_apply_captured, leads_apply_rejected, leads_apply_lead, leads_apply_updated,
    leads_apply_assigned;
apply_fn leads_apply_policy, leads_apply_draft, leads_apply_activated;
apply_fn leads_apply_handover, leads_apply_user, leads_apply_organisation, leads_apply_pool,
    leads_apply_place, leads_apply_territory, leads_apply_move;
apply_fn leads_apply_converted, leads_apply_closed, leads_apply_reopened;
apply_fn leads_apply_taught, leads_apply_forgotten;
apply_fn leads_apply_merged, leads_apply_unmerged;
/* load_erase.c, apply_erase.c */
load_fn leads_load_erased;
apply_fn leads_apply_erased;
/* apply_ack.c */
apply_fn leads_apply_acknowledged, leads_apply_template;
/* The address that was written to at that log position. */
void leads_apply_forget_address(struct apply *ap, uint64_t at_seq);

#endif
