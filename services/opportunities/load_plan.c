/* Facts for plans: what they are about, whose steps are, and when their days end. */
#include "services/opportunities/plan.h"

#include <string.h>

#include "schema/calendar.h"
#include "services/opportunities/rows.h"

#define WHO(NAME) BATON__PLAN_WHO__PLAN_WHO_##NAME

static const int64_t DAY_US = INT64_C(86400) * 1000000;

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* --- working days --- */

/* The next day on which somebody works, by any moment of it. */
static int64_t next_day(const struct worktime *w, int64_t now_us)
{
    enum { LOOK_MAX = 400 };
    int64_t until_us;
    (void)worktime_day_at(w, now_us, &until_us); /* its end is what is wanted */
    now_us = until_us;
    for (int i = 0; i < LOOK_MAX && worktime_at(w, now_us, &until_us) != WORKTIME_WORKING; i++)
        now_us = until_us;
    return now_us;
}

static int64_t day_end(const struct worktime *w, int64_t now_us)
{
    int64_t until_us;
    (void)worktime_day_at(w, now_us, &until_us); /* its end is what is wanted */
    return until_us;
}

/* `n` of each step's days (0: none), counted by the owner's calendar. */
static void days_load(struct load *l, const char *owner_id, const uint32_t *n, size_t n_steps,
                      struct plan_days *days)
{
    const Baton__User *u = table_get_id(l->txn, OPPORTUNITIES_USER, owner_id, l->arena);
    struct worktime *w = u ? calendar_of_user(u, opportunities_organisation(l)) : NULL;
    uint32_t most = 0;
    for (size_t i = 0; i < n_steps; i++)
        most = n[i] > most ? n[i] : most;
    int64_t at_us = l->now_us;
    for (uint32_t day = 1; day <= most; day++) {
        at_us = w ? next_day(w, at_us) : at_us + DAY_US;
        for (size_t i = 0; i < n_steps; i++)
            if (n[i] == day)
                days->end_us[i] = w ? day_end(w, at_us) : at_us;
    }
    worktime_free(w);
}

/* --- whose --- */

static const char *manager_of(struct load *l, const char *owner_id)
{
    const Baton__User *u = table_get_id(l->txn, OPPORTUNITIES_USER, owner_id, l->arena);
    const char *team_id = u ? u->team_id : NULL;
    for (int depth = 0; team_id && depth < SHARING_TEAMS_MAX; depth++) {
        const Baton__Team *team = table_get_id(l->txn, OPPORTUNITIES_TEAM, team_id, l->arena);
        if (team && team->manager_id && !same(team->manager_id, owner_id))
            return team->manager_id;
        team_id = team ? team->parent_id : NULL;
    }
    return NULL;
}

static const char *member_of(const Baton__Opportunity *o, const char *role)
{
    for (size_t i = 0; i < o->n_team; i++)
        if (same(o->team[i]->role, role))
            return o->team[i]->user_id;
    return NULL;
}

static const char *works_here(struct load *l, const char *user_id)
{
    const Baton__User *u = table_get_id(l->txn, OPPORTUNITIES_USER, user_id, l->arena);
    return u && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE ? u->id : NULL;
}

static const char *assignee(struct load *l, const Baton__Opportunity *o, const Baton__PlanTemplateStep *step)
{
    switch (step->who) {
    case WHO(MANAGER):
        return works_here(l, manager_of(l, o->owner_id));
    case WHO(MEMBER):
        return works_here(l, member_of(o, step->member_role));
    case WHO(USER):
        return works_here(l, step->user_id);
    default:
        return NULL;
    }
}

/* --- facts --- */

static size_t active_about(struct load *l, const char *opportunity_id)
{
    enum { LOOK_MAX = 500 };
    struct table_scan scan;
    const Baton__Plan *p;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PLAN, "opportunity_id", opportunity_id, NULL, true))
        return 0;
    for (int i = 0; i < LOOK_MAX && (p = table_scan_next(&scan, l->arena)); i++)
        n += p->state == BATON__PLAN_STATE__PLAN_STATE_ACTIVE;
    table_scan_close(&scan);
    return n;
}

void *opportunities_load_plan_start(struct load *l, const struct command *c)
{
    const Baton__StartPlanRequest *q = (const Baton__StartPlanRequest *)c->request;
    struct plan_start_facts *f = ARENA_NEW(l->arena, struct plan_start_facts);
    uint32_t due[PLAN_STEPS_MAX] = {0};
    size_t n;
    f->opportunity = records_facts(l, OPPORTUNITIES_OPPORTUNITY, q->opportunity_id, c->actor);
    f->named = table_get_id(l->txn, OPPORTUNITIES_PLAN_TEMPLATE, q->template_id, l->arena);
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->opportunity.before;
    if (!o)
        return f;
    f->n_active = active_about(l, o->id);
    Baton__PlanTemplateStep **steps = plan_wanted(f, q, &n);
    for (size_t i = 0; i < n && i < PLAN_STEPS_MAX; i++) {
        f->assignees[i] = assignee(l, o, steps[i]);
        due[i] = steps[i]->due_days;
    }
    days_load(l, o->owner_id, due, n < PLAN_STEPS_MAX ? n : PLAN_STEPS_MAX, &f->days);
    return f;
}

void *opportunities_load_plan(struct load *l, const struct command *c)
{
    struct plan_facts *f = ARENA_NEW(l->arena, struct plan_facts);
    uint32_t due[PLAN_STEPS_MAX] = {0};
    f->record = records_facts(l, OPPORTUNITIES_PLAN, schema_get_text(c->request, "plan_id"), c->actor);
    const Baton__Plan *p = (const Baton__Plan *)f->record.before;
    for (size_t i = 0; p && i < p->n_steps && i < PLAN_STEPS_MAX; i++)
        due[i] = p->steps[i]->due_days;
    if (p)
        days_load(l, p->owner_id, due, p->n_steps, &f->days);
    return f;
}
