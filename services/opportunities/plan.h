/* Plans: what their templates may be, how steps close, and what follows from that for the others. */
#ifndef BATON_OPPORTUNITIES_PLAN_H
#define BATON_OPPORTUNITIES_PLAN_H

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/plans.pb-c.h"
#include "baton/v1/quotes.pb-c.h"
#include "schema/decide.h"
#include "services/opportunities/pipeline.h"

enum {
    PLAN_STEPS_MAX = 50,
    PLAN_DEAL_MAX = 20,  /* active ones about one opportunity or account */
    PLAN_SEEN_MAX = 64,  /* that one event is held against */
    PLAN_PATIENCE = 2,   /* working days for which a step is late before a manager hears of it */
    PLAN_STARTS_MAX = 8, /* started by themselves when an opportunity comes to a stage */
    PLAN_PAPERS_MAX =
        100, /* active documents of what it is about that are looked at when a plan is started */
};

/* A day that many working days from now ends then, in microseconds since 1970. */
struct plan_days {
    int64_t end_us[PLAN_STEPS_MAX]; /* of the step at that place; 0: it has no day */
};

/* --- what steps can be (decide_plan_template.c) --- */

/* Sets right what people write; refuses what cannot be followed. `member` is what the request calls them. */
bool plan_check_steps(Baton__PlanTemplateStep **steps, size_t n, const char *member, struct arena *a,
                      struct refusal *no);
/* On the pipeline it names as where it is started; NULL: it names none, or there is none such. */
record_check_fn plan_check_template;
/* A plan is started from it by itself for such an opportunity that comes to its stage; `industry` of its
   account, or NULL. */
bool plan_starts_for(const Baton__PlanTemplate *t, const Baton__Opportunity *o, const char *industry,
                     struct arena *a);
/* Those of the first start (decide_plan_first.c). */
void plan_firsts(struct stamp *s, struct outcome *out);

/* --- plans (decide_plan.c) --- */

/* A document of what it is about that is active, and since which record of our log it is known. */
struct plan_paper {
    const char *id;
    Baton__DocumentType type;
    uint64_t seq;
};

struct plan_start_facts {
    struct record_facts opportunity, account; /* of these the one that is named; the other is empty */
    const Baton__PlanTemplate *named;         /* NULL: there is none such, or none was named */
    const char *assignees[PLAN_STEPS_MAX];    /* of the steps; NULL: the owner */
    struct plan_days days;
    size_t n_active;           /* plans about it */
    const Baton__Quote *quote; /* of it, with the customer or accepted; NULL: none */
    uint64_t quote_seq;
    struct plan_paper papers[PLAN_PAPERS_MAX];
    size_t n_papers;
};
decide_fn plan_decide_start;
/* From the template that it names, without anybody having asked, where that can be. */
void plan_start_itself(const struct plan_start_facts *f, struct stamp *s, struct outcome *out);
/* The steps that are asked for. */
Baton__PlanTemplateStep **plan_wanted(const struct plan_start_facts *f, const Baton__StartPlanRequest *q,
                                      size_t *n);

struct plan_facts {
    struct record_facts record;
    const Baton__Opportunity *opportunity; /* NULL: it is gone, or the plan is of an account */
    struct opportunities_people people;
    struct plan_days days;
};
decide_fn plan_decide_complete, plan_decide_skip, plan_decide_reopen, plan_decide_abandon;
/* The record functions change no plans. */
record_check_fn plan_check;
/* Of somebody who left: what has ended stays theirs. */
bool plan_stays(const ProtobufCMessage *plan);

bool plan_step_is_open(const Baton__PlanStep *step);
/* Every step that it depends on is closed. */
bool plan_step_is_due(const Baton__Plan *p, const Baton__PlanStep *step);
/* What follows from the steps as they are now: days, counts, and whether it is done. */
void plan_settle(Baton__Plan *p, const struct plan_days *days, struct stamp *s);
void plan_abandon(Baton__Plan *p, const char *reason, struct stamp *s);
/* It is as if it had never been closed. */
void plan_reopen(Baton__PlanStep *step);

/* The opportunity or the account; never NULL. */
char *plan_about(const Baton__Plan *p);

/* --- evidence (decide_plan_evidence.c) --- */

/* What is so of an opportunity, or of a quote or document of it, since a record of the log. */
struct plan_sign {
    uint64_t seq;
    const char *stage_key; /* NULL: none was entered */
    bool won;
    const Baton__Opportunity *opportunity; /* NULL: its fields are not looked at */
    uint64_t opportunity_seq;
    const char *quote_id;
    Baton__QuoteStatus quote_status;
    const char *document_id; /* that is active; NULL: none */
    Baton__DocumentType document_type;
};
/* Closes the steps that wait for that; returns how many. */
size_t plan_take_sign(Baton__Plan *p, const struct plan_sign *x, struct stamp *s);
size_t plan_take_papers(Baton__Plan *p, const struct plan_paper *papers, size_t n, struct stamp *s);

struct plan_sign_facts {
    const Baton__Opportunity *opportunity; /* NULL: it is gone, or an account is looked at */
    uint64_t opportunity_seq;
    const Baton__Account *account;             /* of a look: what it is part of by now; NULL: it is gone */
    struct plan_paper papers[PLAN_PAPERS_MAX]; /* of that, where it is another one */
    size_t n_papers;
    struct opportunities_people people;
    const Baton__Plan *plans[PLAN_SEEN_MAX];
    uint64_t seqs[PLAN_SEEN_MAX];
    struct plan_days days[PLAN_SEEN_MAX];
    size_t n;
    const struct plan_start_facts *starts[PLAN_STARTS_MAX]; /* of a look: plans to be started by themselves */
    size_t n_starts;
};
/* On the timer of a PlanLook. */
decide_fn plan_decide_look;
/* On an activity, as contacts says it. */
decide_fn plan_decide_activity;

/* What `awaits` says: changes of the opportunity or account, activities about it, and that the activity was
   none. */
#define PLAN_AWAITS_DEAL     "deal"
#define PLAN_AWAITS_ACTIVITY "activity"
#define PLAN_AWAITS_NOT      "not"
void plan_set_awaits(Baton__Plan *p, struct arena *a);

/* --- lateness (decide_plan_late.c) --- */

struct plan_late_facts {
    uint64_t seq;
    const Baton__Opportunity *opportunity; /* NULL: it is gone, or the plan is of an account */
    const char *assignees[PLAN_STEPS_MAX]; /* who still work here; NULL: the owner */
    const char *manager_id;                /* NULL: none */
    int64_t second_us;                     /* the end of PLAN_PATIENCE days from now */
};
/* On the timer of a Plan. */
decide_fn plan_decide_late;
/* 0: never. */
int64_t plan_next_due(const Baton__Plan *p);
/* `o` as the facts have it: of a plan of an opportunity that is gone nobody hears. */
void plan_tell_closed(const struct opportunities_people *people, const Baton__Opportunity *o,
                      const Baton__Plan *p, const Baton__PlanStep *step, struct outcome *out);

#endif
