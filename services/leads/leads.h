/* Leads: intake, routing, custody and deadlines. This header is what decisions see: facts in, events out.
   rows.h is what reads and writes. */
#ifndef BATON_LEADS_H
#define BATON_LEADS_H

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/leads.pb-c.h"
#include "baton/v1/notifications.pb-c.h"
#include "services/leads/match.h"
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
    LEADS_SCORE_CELLS,
    LEADS_SCORE_OUTCOME,
    LEADS_TEACHING,
    LEADS_TERRITORY,
    LEADS_TERRITORY_MODEL,
    LEADS_TERRITORY_MOVE,
    LEADS_POLICY_IN_FORCE,
    LEADS_ACCOUNT, /* of the fields named in service.c, as is the next */
    LEADS_CONTACT,
    LEADS_RESPONSE_TEMPLATE,
    LEADS_ACKNOWLEDGED,
    LEADS_ACKNOWLEDGED_COUNT,
    LEADS_SKIPPED_RULE,
    LEADS_WAITING,
    LEADS_SHADOW,
    LEADS_SHADOW_SHARE,
    LEADS_SHADOW_CLOCK,
    LEADS_SHADOW_COUNT,
    LEADS_PLACE,
    LEADS_GONE,
    LEADS_TABLES
};

enum {
    LEADS_MANAGERS_MAX = 16,      /* teams above one another that are looked at */
    LEADS_HANDOVER_STEP = 50,     /* leads handed on at once */
    LEADS_MOVE_STEP = 50,         /* open leads placed anew at once */
    LEADS_MOVE_WAIT_S = 5,        /* after a change of a territory; more of them may follow */
    LEADS_LOOKED_AT_MAX = 2000,   /* leads of a queue that are looked at for somebody who takes the next */
    LEADS_PAUSES_MAX = 10,        /* of a lead */
    LEADS_PAUSE_DAYS_MAX = 90,    /* of a pause */
    LEADS_RECYCLES_MAX = 20,      /* of a lead */
    LEADS_RECYCLE_DAYS_MAX = 730, /* of its rest */
    LEADS_FOLLOWERS_MAX = 12,     /* of a lead: each is told on all their devices by one event */
    LEADS_MERGED_MAX = 200,       /* leads merged into one */
    LEADS_MERGE_DEPTH = 16,       /* mergings one behind the other that are followed */
    LEADS_ADMINS_MAX = 16,        /* who are told of what is wrong */
};
#define LEADS_CUSTODY_ID      "all"     /* of the one row */
#define LEADS_MOVE_ID         "all"     /* the same */
#define LEADS_IN_FORCE_ID     "all"     /* likewise */
#define LEADS_ACKNOWLEDGED_ID "all"     /* likewise */
#define LEADS_PARTNER_SOURCE  "Partner" /* the lead_source of what partners bring in */
#define LEADS_SHADOW_ID       "all"     /* likewise */

/* --- facts --- */

/* Who may act for the holder of a lead: the managers of the holder's team and of those above it. */
struct leads_scope {
    const char *managers[LEADS_MANAGERS_MAX];
    size_t n_managers;
};

/* What a form or a mail says. */
struct leads_read {
    Baton__Lead *lead;
    bool is_trapped; /* a field was filled in that people do not see */
    bool is_form;    /* the mail brings a form that a person filled in */
};

struct leads_capture_facts {
    const struct leads_routing *routing;
    const Baton__Lead *same_key; /* the lead that came with this external key before; NULL: none */
    struct leads_scope scope;    /* of same_key */
    const Baton__LeadForm *form; /* NULL: there is no such form, or none is meant */
    char *form_key;              /* of what was filled in, today; external_key of its lead */
    struct leads_read read;      /* of a form or a mail, unless same_key */
    struct leads_known known;    /* what the new lead may be the same as */
};

/* A lead somebody wants to do something with. */
struct leads_lead_facts {
    const Baton__Lead *lead; /* NULL: there is none */
    struct leads_scope scope;
    const struct leads_routing *routing;
    const Baton__ScoreCount *counted; /* what its outcome was counted as; NULL: it has none */
    uint32_t target;                  /* AssignLead: the person named; LEADS_NOBODY: there is no such user */
    const Baton__Account *account;    /* ConvertLead: the one named, or else found; NULL: there is none */
    const char *from;                 /* UpdateLead, ReopenLead: the names of where it lies */
};

struct leads_teach_facts {
    const struct score_model *score;
    bool known;                          /* TeachOutcomes: the batch is */
    const Baton__OutcomesTaught *newest; /* ForgetOutcomes: of the history; NULL: there is none */
    bool more;                           /* and there are older ones */
};

/* A queue that somebody wants the next lead of. */
struct leads_take_facts {
    const struct leads_routing *routing;
    const Baton__Pool *pool; /* NULL: there is none */
    uint32_t person;         /* the caller; LEADS_NOBODY: none that could hold a lead */
    Baton__Lead **waiting;   /* in their order; at most the first, and the first that the caller can have */
    size_t n_waiting;
    bool is_bad_token;
    char *more; /* goes on behind the leads that were looked at; NULL: none wait there, or one was found */
};

/* A lead whose timer came due. */
struct leads_due_facts {
    const struct leads_routing *routing;
    const struct leads_person *owner; /* its holder */
    struct leads_scope scope;
    const char *from; /* of a recycled one: the names of where it lies */
};

/* A lead and who may act for its holder. */
struct leads_scoped {
    const Baton__Lead *lead; /* NULL: there is none */
    struct leads_scope scope;
};

struct leads_merge_facts {
    struct leads_scoped survivor;
    const struct leads_scoped *losers; /* one a loser id */
};

struct leads_unmerge_facts {
    struct leads_scoped lead;
    struct leads_scoped survivor; /* what it was merged into; lead NULL: it is not merged */
    struct leads_scoped last;     /* where all mergings end: who holds that may see the lead */
    const struct leads_routing *routing;
    const char *from; /* the names of where it lies */
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

struct leads_move_facts {
    struct leads_routing *routing; /* this command's own copy: it moves on with each lead */
    Baton__Lead **leads;           /* open ones, LEADS_MOVE_STEP at most */
    const char **from;             /* of each: the names of where it lies */
    size_t n_leads;
    char *token; /* where the step ends; NULL: at the end of all */
};

struct leads_publish_facts {
    uint64_t version;                     /* the newest there is, drafts and all; 0: none */
    uint64_t in_force;                    /* 0: none */
    uint64_t shadow;                      /* the version in the shadow; 0: none */
    const Baton__Policy *named;           /* the version that is meant; NULL: there is none */
    const bool *pool_known;               /* one a rule */
    const char *const *unknown_user;      /* one a rule: who is preferred and does not exist; NULL: nobody */
    const char *const *unknown_territory; /* the same of the territories it names */
    /* CheckPolicy, one a rule: the name of a territory of a model that is not active; NULL: none. */
    const char *const *idle_territory;
};

/* --- decisions --- */

decide_fn leads_decide_capture, leads_decide_form, leads_decide_mail;
decide_fn leads_decide_follow, leads_decide_unfollow;
decide_fn leads_decide_accept, leads_decide_decline, leads_decide_assign, leads_decide_convert;
decide_fn leads_decide_close, leads_decide_reopen, leads_decide_take;
decide_fn leads_decide_pause, leads_decide_resume, leads_decide_recycle;
/* What speaks against the person's taking the lead from the queue it waits in; UNSPECIFIED: nothing. */
Baton__Reason leads_take_obstacle(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person,
                                  struct arena *a);
decide_fn leads_decide_teach, leads_decide_forget;
decide_fn leads_decide_merge, leads_decide_unmerge;
decide_fn leads_decide_due, leads_decide_leaver, leads_decide_handover, leads_decide_unseen;
decide_fn leads_decide_model, leads_decide_move;
decide_fn leads_decide_territory, leads_decide_mended; /* facts: the active model; NULL: none is */
decide_fn leads_decide_update;
decide_fn leads_decide_publish, leads_decide_draft, leads_decide_roll_back;
decide_fn leads_decide_shadow;
decide_fn leads_decide_end_shadow; /* facts: the ShadowReport */
record_check_fn leads_check_pool;  /* extra: the policy in force, NULL if there is none */
record_check_fn leads_check_form;
record_check_fn leads_check_template; /* extra: struct leads_responses, NULL if there are none */
record_check_fn leads_check_place;

/* What is known of a rule's pool, one a rule. */
struct leads_pool_facts {
    const char *name; /* NULL: there is no such pool */
    size_t n_members, n_active;
};
/* What is wrong or odd about a policy (decide_policy_check.c). */
void leads_policy_findings(const Baton__Policy *policy, const struct leads_publish_facts *f,
                           const struct leads_pool_facts *pools, Baton__CheckPolicyResponse *out,
                           struct arena *a);

/* Whether the caller may know of the lead. Everybody sees what they hold; administrators and inside sales
   all; managers what their people hold; partners what they brought in. */
bool leads_may_see(const Baton__Actor *actor, const Baton__Lead *lead, const struct leads_scope *scope);
/* Whether the caller manages whoever holds it. */
bool leads_manages(const Baton__Actor *actor, const struct leads_scope *scope);
/* Whether the caller holds it, manages whoever does, or is an administrator. */
bool leads_may_act(const Baton__Actor *actor, const Baton__Lead *lead, const struct leads_scope *scope);

/* What makes the losers part of the survivor; `loser_ids` and `reason` are kept. */
Baton__LeadsMerged *leads_merging(const Baton__Lead *survivor, char **loser_ids, size_t n, char *reason,
                                  struct arena *a);

/* Whether it has a holder who still works here. */
bool leads_holder_is_active(const struct leads_routing *r, const Baton__Lead *lead);
/* Somebody holds it and has not finished. */
bool leads_is_open(const Baton__Lead *lead);
/* "assigned", "merged into another" and so on. */
const char *leads_status_text(const Baton__Lead *lead);

/* What the lead becomes by an event about it. The one truth: apply and replies both use it. Memory of the old
   lead is shared, never written to. */
void leads_evolve(Baton__Lead *lead, const ProtobufCMessage *event, int64_t time_us, struct arena *a);
Baton__Lead *leads_copy(const Baton__Lead *lead, struct arena *a);

/* What happens to a recycled lead whose day has come. */
void leads_come_back(const struct leads_due_facts *f, const Baton__Lead *lead, struct stamp *s,
                     struct outcome *out);

/* Into `e`: what is left of each step of the lead's deadline, counted by leads_clock. */
void leads_deadline_stop(const struct leads_routing *r, const Baton__Lead *l,
                         const struct leads_person *owner, Baton__LeadPaused *e, struct stamp *s);
/* A paused lead's steps, put on the time line from now on. */
Baton__LeadResumed *leads_deadline_go_on(const struct leads_routing *r, const Baton__Lead *l,
                                         const struct leads_person *owner, struct stamp *s);

/* Source and external id as the unique index wants them; NULL without an external id. */
char *leads_external_key(const Baton__Lead *lead, struct arena *a);
/* The same for who captures it: what partners call their leads is theirs alone, whatever others call theirs
   (decide_partner.c). */
char *leads_capture_key(const Baton__Lead *lead, const Baton__Actor *actor, struct arena *a);
/* Of a partner's lead: that it is one, and not what is ours to say. Others' leads stay as they are. */
void leads_mark_partner(Baton__Lead *l, const Baton__Actor *actor, struct arena *a);
/* What a partner who brought the lead and does not hold it sees of it; to everybody else the lead. */
Baton__Lead *leads_partner_view(const Baton__Actor *actor, Baton__Lead *lead, struct arena *a);
/* What came in, as it will be kept: trimmed, too long texts cut, odd things named in `flags`. A copy. */
Baton__Lead *leads_tidy(const Baton__Lead *lead, struct arena *a);
/* Stores the tidied lead and hands it to somebody; `rejected` (may be NULL) says why it is nobody's. Returns
   what it becomes. */
Baton__Lead *leads_take_in(Baton__Lead *lead, Baton__Original *original, const char *rejected,
                           const struct leads_capture_facts *f, struct stamp *s, struct outcome *out);
/* Adds what the customer of a lead that has just been taken in is written, where there is a template for it
   and nothing speaks against it; `now` is the lead as leads_take_in gave it, and moves on. */
void leads_acknowledge(const struct leads_routing *r, Baton__Lead *now, struct stamp *s, struct outcome *out);
struct leads_mail;
struct leads_read leads_read_mail(const struct leads_mail *mail, struct arena *a);
struct leads_read leads_read_form(const Baton__SubmitFormRequest *q, const Baton__LeadForm *form,
                                  struct arena *a);
/* The original to keep: the caller's own, what came over HTTP, or the request. */
Baton__Original *leads_original(const Baton__Original *given, const struct command *c, struct arena *a);

/* The field of Lead that a form's label means, in any of the languages known: a name, "name" (which is
   split), or "address.x". NULL: nobody knows. */
const char *leads_label_field(const char *label);
/* Puts a value there. False: it is none for this field, or the place is taken. May write into `value`. */
bool leads_place(Baton__Lead *lead, const char *field, char *value, struct arena *a);

/* Whether it offers any way to reach anybody. */
bool leads_can_be_reached(const Baton__Lead *lead);
/* How complete it is, from its fields. */
void leads_complete(Baton__Lead *lead);
/* What is missing, into `missing`. */
void leads_say_missing(Baton__Lead *lead, struct arena *a);
/* leads_may_act for the lead of `f`; `denied` is what others who see it are told. Who may not see it learns
   of none. */
bool leads_may_change(const struct leads_lead_facts *f, const struct command *c, const char *denied,
                      struct outcome *out);

/* A move of a lead to another territory. */
struct leads_moving {
    Baton__LeadTerritoryMoved *event;
    Baton__Lead *now; /* the lead as it will lie */
    struct leads_spot spots[LEADS_TREES];
};
/* Whether the lead moves by these territories, which are those of `model` (NULL: of none). `from`: the names
   of where it lies, which may be of another model. */
bool leads_territory_moves(const struct leads_territories *t, const Baton__TerritoryModel *model,
                           const Baton__Lead *lead, const char *from, struct arena *a,
                           struct leads_moving *out);

/* Where the lead lies follows from what it says now, and from the territories of now: it becomes what that
   makes of it. Its holder keeps it, unless the model hands on and they do not work there. `from` as above.
   False: it lies where it lay. *next: whom it is handed on to; NULL: nobody. */
bool leads_place_anew(const struct leads_routing *r, Baton__Lead *lead, const char *from, struct stamp *s,
                      struct outcome *out, const Baton__LeadAssigned **next);

/* --- words --- */

/* A name, or else the company or whatever else there is. NULL: nothing at all. */
char *leads_display_name(const Baton__Lead *lead, struct arena *a);
const char *leads_reason_text(Baton__Reason reason);

#endif
