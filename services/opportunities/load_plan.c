/* Facts for plans: what they are about, whose steps are, and when their days end. */
#include "services/opportunities/plan.h"

#include <string.h>

#include "baton/v1/contacts.pb-c.h"
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

/* `o` NULL: it is about an account. */
static const char *assignee(struct load *l, const Baton__Opportunity *o, const char *owner_id,
                            const Baton__PlanTemplateStep *step)
{
    switch (step->who) {
    case WHO(MANAGER):
        return works_here(l, manager_of(l, owner_id));
    case WHO(MEMBER):
        return o ? works_here(l, member_of(o, step->member_role)) : NULL;
    case WHO(USER):
        return works_here(l, step->user_id);
    default:
        return NULL;
    }
}

/* --- facts --- */

static size_t active_about(struct load *l, const char *field, const char *id)
{
    enum { LOOK_MAX = 500 };
    struct table_scan scan;
    const Baton__Plan *p;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PLAN, field, id, NULL, true))
        return 0;
    for (int i = 0; i < LOOK_MAX && (p = table_scan_next(&scan, l->arena)); i++)
        n += p->state == BATON__PLAN_STATE__PLAN_STATE_ACTIVE;
    table_scan_close(&scan);
    return n;
}

/* The one that was accepted, else the newest that is with the customer. */
static const Baton__Quote *quote_of(struct load *l, const Baton__Opportunity *o, uint64_t *seq)
{
    enum { LOOK_MAX = 100 };
    struct table_scan scan;
    const Baton__Quote *q, *found = table_get_id(l->txn, OPPORTUNITIES_QUOTE, o->quote_id, l->arena);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTE, "opportunity_id", o->id, NULL, true))
        return NULL;
    for (int i = 0; i < LOOK_MAX && !found && (q = table_scan_next(&scan, l->arena)); i++)
        if (q->status == BATON__QUOTE_STATUS__QUOTE_STATUS_SENT)
            found = q;
    table_scan_close(&scan);
    const struct key key = key_of(found ? found->id : "");
    *seq = found ? table_seq(l->txn, OPPORTUNITIES_QUOTE, &key) : 0;
    return found;
}

static size_t papers_load(struct load *l, const char *field, const char *id, struct plan_paper *out)
{
    enum { LOOK_MAX = 1000 };
    struct table_scan scan;
    const Baton__Document *d;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_DOCUMENT, field, id, NULL, true))
        return 0;
    for (int i = 0; i < LOOK_MAX && n < PLAN_PAPERS_MAX && (d = table_scan_next(&scan, l->arena)); i++) {
        const struct key key = key_of(d->id);
        if (d->status == BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE)
            out[n++] = (struct plan_paper){d->id, d->type, table_seq(l->txn, OPPORTUNITIES_DOCUMENT, &key)};
    }
    table_scan_close(&scan);
    return n;
}

/* With the opportunity or account and the template: all else. */
static void start_load(struct load *l, const Baton__StartPlanRequest *q, struct plan_start_facts *f)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)f->opportunity.before;
    const Baton__Account *account = (const Baton__Account *)f->account.before;
    const char *id = o ? o->id : account->id, *owner_id = o ? o->owner_id : account->owner_id;
    uint32_t due[PLAN_STEPS_MAX] = {0};
    size_t n;
    f->n_active = active_about(l, o ? "opportunity_id" : "account_id", id);
    f->quote = o ? quote_of(l, o, &f->quote_seq) : NULL;
    f->n_papers = papers_load(l, o ? "opportunity_ids" : "account_ids", id, f->papers);
    Baton__PlanTemplateStep **steps = plan_wanted(f, q, &n);
    for (size_t i = 0; i < n && i < PLAN_STEPS_MAX; i++) {
        f->assignees[i] = assignee(l, o, owner_id, steps[i]);
        due[i] = steps[i]->due_days;
    }
    days_load(l, owner_id, due, n < PLAN_STEPS_MAX ? n : PLAN_STEPS_MAX, &f->days);
}

void *opportunities_load_plan_start(struct load *l, const struct command *c)
{
    const Baton__StartPlanRequest *q = (const Baton__StartPlanRequest *)c->request;
    struct plan_start_facts *f = ARENA_NEW(l->arena, struct plan_start_facts);
    if (q->account_id)
        f->account = records_facts(l, OPPORTUNITIES_ACCOUNT, q->account_id, c->actor);
    else
        f->opportunity = records_facts(l, OPPORTUNITIES_OPPORTUNITY, q->opportunity_id, c->actor);
    f->named = table_get_id(l->txn, OPPORTUNITIES_PLAN_TEMPLATE, q->template_id, l->arena);
    if (f->opportunity.before || f->account.before)
        start_load(l, q, f);
    return f;
}

/* The pipeline in which it is started. */
void *opportunities_load_plan_template(struct load *l, const struct command *c)
{
    const Baton__PlanTemplate *t =
        (const Baton__PlanTemplate *)opportunities_wished(l, c, OPPORTUNITIES_PLAN_TEMPLATE);
    return t ? table_get_id(l->txn, OPPORTUNITIES_PIPELINE, t->start_pipeline_id, l->arena) : NULL;
}

static void plan_days_load(struct load *l, const Baton__Plan *p, struct plan_days *days)
{
    uint32_t due[PLAN_STEPS_MAX] = {0};
    for (size_t i = 0; i < p->n_steps && i < PLAN_STEPS_MAX; i++)
        due[i] = p->steps[i]->due_days;
    days_load(l, p->owner_id, due, p->n_steps, days);
}

void *opportunities_load_plan(struct load *l, const struct command *c)
{
    struct plan_facts *f = ARENA_NEW(l->arena, struct plan_facts);
    f->record = records_facts(l, OPPORTUNITIES_PLAN, schema_get_text(c->request, "plan_id"), c->actor);
    const Baton__Plan *p = (const Baton__Plan *)f->record.before;
    if (!p)
        return f;
    plan_days_load(l, p, &f->days);
    f->opportunity = table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, p->opportunity_id, l->arena);
    f->people.user_id = c->actor->user_id;
    if (f->opportunity)
        opportunities_people_load(l, f->opportunity, c->actor->user_id, &f->people);
    return f;
}

/* --- evidence --- */

static bool has_plan(const struct plan_sign_facts *f, const char *id)
{
    for (size_t i = 0; i < f->n; i++)
        if (same(f->plans[i]->id, id))
            return true;
    return false;
}

/* Those that wait for that. */
static void awaiting(struct load *l, const char *what, const char *id, struct plan_sign_facts *f)
{
    struct table_scan scan;
    const Baton__Plan *p;
    if (!id || !table_scan_open(&scan, l->txn, OPPORTUNITIES_PLAN, "awaits",
                                arena_printf(l->arena, "%s/%s", what, id), NULL, false))
        return;
    while (f->n < PLAN_SEEN_MAX && (p = table_scan_next(&scan, l->arena))) {
        const struct key key = key_of(p->id);
        if (has_plan(f, p->id))
            continue;
        f->plans[f->n] = p;
        f->seqs[f->n] = table_seq(l->txn, OPPORTUNITIES_PLAN, &key);
        plan_days_load(l, p, &f->days[f->n++]);
    }
    table_scan_close(&scan);
}

static struct plan_sign_facts *signs_load(struct load *l, const char *opportunity_id, const char *by_id)
{
    struct plan_sign_facts *f = ARENA_NEW(l->arena, struct plan_sign_facts);
    const struct key key = key_of(opportunity_id ? opportunity_id : "");
    f->opportunity = table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, opportunity_id, l->arena);
    f->people.user_id = by_id;
    if (!f->opportunity)
        return f;
    f->opportunity_seq = table_seq(l->txn, OPPORTUNITIES_OPPORTUNITY, &key);
    opportunities_people_load(l, f->opportunity, by_id, &f->people);
    return f;
}

/* --- started by themselves --- */

static bool has_had(struct load *l, const char *opportunity_id, const char *template_id)
{
    enum { LOOK_MAX = 500 };
    struct table_scan scan;
    const Baton__Plan *p = NULL;
    bool had = false;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PLAN, "opportunity_id", opportunity_id, NULL, true))
        return false;
    for (int i = 0; i < LOOK_MAX && !had && (p = table_scan_next(&scan, l->arena)); i++)
        had = same(p->template_id, template_id);
    table_scan_close(&scan);
    return had;
}

static void add_start(struct load *l, const Baton__PlanTemplate *t, struct plan_sign_facts *f)
{
    Baton__StartPlanRequest q = BATON__START_PLAN_REQUEST__INIT;
    struct plan_start_facts *start = ARENA_NEW(l->arena, struct plan_start_facts);
    start->opportunity.before = (ProtobufCMessage *)(uintptr_t)f->opportunity;
    start->opportunity.before_seq = f->opportunity_seq;
    start->named = t;
    start_load(l, &q, start);
    start->n_active += f->n_starts;
    f->starts[f->n_starts++] = start;
}

static void starts_load(struct load *l, struct plan_sign_facts *f)
{
    enum { LOOK_MAX = 200 };
    struct table_scan scan;
    const Baton__PlanTemplate *t;
    const Baton__Account *a =
        table_get_id(l->txn, OPPORTUNITIES_ACCOUNT, f->opportunity->account_id, l->arena);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PLAN_TEMPLATE, "start_stage_key",
                         f->opportunity->stage_key, NULL, false))
        return;
    for (int i = 0; i < LOOK_MAX && f->n_starts < PLAN_STARTS_MAX && (t = table_scan_next(&scan, l->arena));
         i++)
        if (plan_starts_for(t, f->opportunity, a ? a->industry : NULL, l->arena) &&
            !has_had(l, f->opportunity->id, t->id))
            add_start(l, t, f);
    table_scan_close(&scan);
}

/* What it is part of by now. */
static void account_load(struct load *l, const char *id, struct plan_sign_facts *f)
{
    enum { MERGES_MAX = 8 /* one into another */ };
    f->account = table_get_id(l->txn, OPPORTUNITIES_ACCOUNT, id, l->arena);
    for (int i = 0; i < MERGES_MAX && f->account && f->account->merged_into_id; i++)
        f->account = table_get_id(l->txn, OPPORTUNITIES_ACCOUNT, f->account->merged_into_id, l->arena);
    if (f->account && !same(f->account->id, id))
        f->n_papers = papers_load(l, "account_ids", f->account->id, f->papers);
}

void *opportunities_load_plan_look(struct load *l, const struct command *c)
{
    const Baton__PlanLook *look = (const Baton__PlanLook *)c->request;
    struct plan_sign_facts *f = signs_load(l, look->opportunity_id, NULL);
    account_load(l, look->account_id, f);
    awaiting(l, PLAN_AWAITS_DEAL, look->opportunity_id, f);
    awaiting(l, PLAN_AWAITS_DEAL, look->account_id, f);
    if (look->entered && f->opportunity && f->opportunity->stage_key)
        starts_load(l, f);
    return f;
}

void *opportunities_load_plan_activity(struct load *l, const struct command *c)
{
    const Baton__Activity *a = (const Baton__Activity *)c->request;
    struct plan_sign_facts *f = signs_load(l, a->opportunity_id, a->owner_id);
    awaiting(l, PLAN_AWAITS_ACTIVITY, a->opportunity_id, f);
    awaiting(l, PLAN_AWAITS_ACTIVITY, a->account_id, f);
    awaiting(l, PLAN_AWAITS_ACTIVITY, f->opportunity ? f->opportunity->account_id : NULL, f);
    awaiting(l, PLAN_AWAITS_NOT, a->id, f);
    return f;
}

/* --- lateness --- */

void *opportunities_load_plan_late(struct load *l, const struct command *c)
{
    const Baton__Plan *p = (const Baton__Plan *)c->request;
    struct plan_late_facts *f = ARENA_NEW(l->arena, struct plan_late_facts);
    const struct key key = key_of(p->id);
    const uint32_t patience = PLAN_PATIENCE;
    struct plan_days days = {{0}};
    f->seq = table_seq(l->txn, OPPORTUNITIES_PLAN, &key);
    f->opportunity = table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, p->opportunity_id, l->arena);
    for (size_t i = 0; i < p->n_steps && i < PLAN_STEPS_MAX; i++)
        f->assignees[i] = works_here(l, p->steps[i]->assignee_id);
    f->manager_id = works_here(l, manager_of(l, p->owner_id));
    days_load(l, p->owner_id, &patience, 1, &days);
    f->second_us = days.end_us[0];
    return f;
}
