/* Leads: intake, routing, custody and deadlines. This header is what decisions see: facts in, events out.
   rows.h is what reads and writes. */
#ifndef BATON_LEADS_H
#define BATON_LEADS_H

#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "services/leads/routing.h"

struct service_def;
extern const struct service_def leads_service;

enum leads_table {
    LEADS_LEAD,
    LEADS_DECISION,
    LEADS_POLICY,
    LEADS_POOL,
    LEADS_POOL_VERSION,
    LEADS_SHARE,
    LEADS_POOL_CLOCK,
    LEADS_HOLDING,
    LEADS_HANDOVER,
    LEADS_CUSTODY,
    LEADS_LEAD_FORM,
    LEADS_USER,
    LEADS_TEAM,
    LEADS_ORGANISATION,
    LEADS_TABLES
};

enum {
    LEADS_MANAGERS_MAX = 16,  /* teams above one another that are looked at */
    LEADS_HANDOVER_STEP = 50, /* leads handed on at once */
};
#define LEADS_CUSTODY_ID "all" /* of the one row */

/* --- facts --- */

/* Who may act for the holder of a lead: the managers of the holder's team and of those above it. */
struct leads_scope {
    const char *managers[LEADS_MANAGERS_MAX];
    size_t n_managers;
};

struct leads_capture_facts {
    const struct leads_routing *routing;
    const Baton__Lead *same_key; /* the lead that came with this external key before; NULL: none */
    struct leads_scope scope;    /* of same_key */
    const Baton__LeadForm *form; /* NULL: there is no such form, or none is meant */
};

/* A lead somebody wants to do something with. */
struct leads_lead_facts {
    const Baton__Lead *lead; /* NULL: there is none */
    struct leads_scope scope;
    const struct leads_routing *routing;
    uint32_t target; /* AssignLead: the person named; LEADS_NOBODY: there is no such user */
};

struct leads_leaver_facts {
    bool holds_open;
    bool under_way; /* a handover has begun already */
};

struct leads_handover_facts {
    struct leads_routing *routing; /* this command's own copy: it moves on with each lead */
    Baton__Lead **leads;           /* open leads of the leaver, LEADS_HANDOVER_STEP at most */
    size_t n_leads;
    bool returned; /* the user is active again */
};

struct leads_publish_facts {
    uint64_t version;       /* in force; 0: none */
    const bool *pool_known; /* one a rule */
};

/* --- decisions --- */

decide_fn leads_decide_capture, leads_decide_form;
decide_fn leads_decide_accept, leads_decide_decline, leads_decide_assign, leads_decide_convert;
decide_fn leads_decide_due, leads_decide_leaver, leads_decide_handover;
decide_fn leads_decide_publish;
record_check_fn leads_check_pool; /* extra: the policy in force, NULL if there is none */
record_check_fn leads_check_form;

/* Whether the caller may know of the lead. Everybody sees what they hold; administrators and inside sales
   all; managers what their people hold; partners what they brought in. */
bool leads_may_see(const Baton__Actor *actor, const Baton__Lead *lead, const struct leads_scope *scope);
/* Whether the caller manages whoever holds it. */
bool leads_manages(const Baton__Actor *actor, const struct leads_scope *scope);

/* What the lead becomes by an event about it. The one truth: apply and replies both use it. Memory of the old
   lead is shared, never written to. */
void leads_evolve(Baton__Lead *lead, const ProtobufCMessage *event, int64_t time_us, struct arena *a);
Baton__Lead *leads_copy(const Baton__Lead *lead, struct arena *a);

/* Source and external id as the unique index wants them; NULL without an external id. */
char *leads_external_key(const Baton__Lead *lead, struct arena *a);
/* What came in, as it will be kept: trimmed, too long texts cut, odd things named in `flags`. A copy. */
Baton__Lead *leads_tidy(const Baton__Lead *lead, struct arena *a);
/* Stores the tidied lead and hands it to somebody; `rejected` (may be NULL) says why it is nobody's. Returns
   what it becomes. */
Baton__Lead *leads_take_in(Baton__Lead *lead, Baton__Original *original, const char *rejected,
                           const struct leads_routing *r, struct stamp *s, struct outcome *out);
/* The original to keep: the caller's own, what came over HTTP, or the request. */
Baton__Original *leads_original(const Baton__Original *given, const struct command *c, struct arena *a);

/* --- words --- */

/* A name, or else the company or whatever else there is. NULL: nothing at all. */
char *leads_display_name(const Baton__Lead *lead, struct arena *a);
const char *leads_reason_text(Baton__Reason reason);

#endif
