/* Plans: what their templates may be, how steps close, and what follows from that for the others. */
#ifndef BATON_OPPORTUNITIES_PLAN_H
#define BATON_OPPORTUNITIES_PLAN_H

#include "baton/v1/opportunities.pb-c.h"
#include "baton/v1/plans.pb-c.h"
#include "schema/decide.h"

enum {
    PLAN_STEPS_MAX = 50,
    PLAN_DEAL_MAX = 20, /* active ones about one opportunity */
};

/* A day that many working days from now ends then, in microseconds since 1970. */
struct plan_days {
    int64_t end_us[PLAN_STEPS_MAX]; /* of the step at that place; 0: it has no day */
};

/* --- what steps can be (decide_plan_template.c) --- */

/* Sets right what people write; refuses what cannot be followed. `member` is what the request calls them. */
bool plan_check_steps(Baton__PlanTemplateStep **steps, size_t n, const char *member, struct arena *a,
                      struct refusal *no);
record_check_fn plan_check_template; /* needs no facts */

/* --- plans (decide_plan.c) --- */

struct plan_start_facts {
    struct record_facts opportunity;
    const Baton__PlanTemplate *named;      /* NULL: there is none such, or none was named */
    const char *assignees[PLAN_STEPS_MAX]; /* of the steps; NULL: the owner */
    struct plan_days days;
    size_t n_active; /* plans about the opportunity */
};
decide_fn plan_decide_start;
/* The steps that are asked for. */
Baton__PlanTemplateStep **plan_wanted(const struct plan_start_facts *f, const Baton__StartPlanRequest *q,
                                      size_t *n);

struct plan_facts {
    struct record_facts record;
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

#endif
