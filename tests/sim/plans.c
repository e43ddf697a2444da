/* Plans: what is counted is what the steps say, a step has a day only while nothing keeps it, what closed one
   by itself is in the log, what could have closed one has, nobody hears twice that it is late, what was
   abandoned stays, and what starts by itself does so once an opportunity. */
#include <string.h>
#include <strings.h>

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/documents.pb-c.h"
#include "opportunities/opportunities.h"
#include "sim/sim.h"

#define STATE(NAME) BATON__PLAN_STATE__PLAN_STATE_##NAME
#define STEP(NAME)  BATON__PLAN_STEP_STATE__PLAN_STEP_STATE_##NAME

static const Baton__RecordChanged *change_of(const Baton__Event *e)
{
    bool is = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED && !e->record_changed->copy &&
              e->record_changed->record->record_case == BATON__RECORD__RECORD_PLAN;
    return is ? e->record_changed : NULL;
}

/* NULL: it is new. */
static const Baton__Plan *version_before(const struct ledger *l, const Baton__RecordChanged *e)
{
    const Baton__LogRecord *r = e->previous_seq ? l->records[e->previous_seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i]);
        if (c && strcmp(c->record->plan->id, e->record->plan->id) == 0)
            return c->record->plan;
    }
    return NULL;
}

static bool is_kept(const Baton__Plan *p, const Baton__PlanStep *step)
{
    for (size_t d = 0; d < step->n_depends_on; d++)
        for (size_t i = 0; i < p->n_steps; i++)
            if (strcmp(p->steps[i]->key, step->depends_on[d]) == 0 && p->steps[i]->state == STEP(OPEN))
                return true;
    return false;
}

static void look_at(struct sim *sim, const Baton__Plan *p)
{
    uint32_t closed = 0;
    for (size_t i = 0; i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i];
        closed += step->state != STEP(OPEN);
        if (step->state != STEP(OPEN))
            continue;
        if ((step->due_at != NULL) != (step->due_days && !is_kept(p, step)))
            sim_wrong(sim, "plans: %s: the open step %s has a day (%d) against its rules", p->id, step->key,
                      step->due_at != NULL);
    }
    if (closed != p->closed_steps)
        sim_wrong(sim, "plans: %s says %u closed steps and has %u", p->id, p->closed_steps, closed);
    if (p->state != STATE(ABANDONED) && (p->state == STATE(DONE)) != (closed == p->n_steps))
        sim_wrong(sim, "plans: %s is done or not against its steps", p->id);
}

/* --- evidence --- */

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_linked(const Baton__Document *d, const Baton__Plan *p)
{
    char *const *ids = p->account_id ? d->account_ids : d->opportunity_ids;
    const size_t n = p->account_id ? d->n_account_ids : d->n_opportunity_ids;
    for (size_t i = 0; i < n; i++)
        if (same(ids[i], p->account_id ? p->account_id : p->opportunity_id))
            return true;
    return false;
}

static bool is_paper(const Baton__Document *d, const Baton__Plan *p, const Baton__PlanStep *step)
{
    return d->status == BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE && d->type == step->document_type &&
           is_linked(d, p);
}

static bool is_about(struct sim *sim, const Baton__Activity *act, const Baton__Plan *p)
{
    struct arena *a = arena_new(1 << 20);
    const Baton__Opportunity *o =
        table_get_id(sim->ledgers[OPPORTUNITIES].made, OPPORTUNITIES_OPPORTUNITY, act->opportunity_id, a);
    const bool is = p->account_id
                        ? same(act->account_id, p->account_id) || (o && same(o->account_id, p->account_id))
                        : same(act->opportunity_id, p->opportunity_id);
    arena_free(a);
    return is;
}

/* Of the plan's account, or the plan's. */
static bool is_of(const ProtobufCMessage *row, const Baton__Plan *p)
{
    const Baton__Opportunity *o = (const Baton__Opportunity *)row;
    return row->descriptor == &baton__opportunity__descriptor &&
           (p->account_id ? same(o->account_id, p->account_id) : same(o->id, p->opportunity_id));
}

static bool says(struct sim *sim, const ProtobufCMessage *row, const Baton__Plan *p,
                 const Baton__PlanStep *step)
{
    const Baton__Activity *a = (const Baton__Activity *)row;
    const Baton__Opportunity *o = (const Baton__Opportunity *)row;
    const Baton__Quote *q = (const Baton__Quote *)row;
    switch (step->evidence) {
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_ACTIVITY:
        return row->descriptor == &baton__activity__descriptor &&
               a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE && is_about(sim, a, p);
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_STAGE:
        return is_of(row, p) && same(o->stage_key, step->stage_key);
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DEAL_WON:
        return is_of(row, p) && o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON;
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_FIELD:
        return row->descriptor == &baton__opportunity__descriptor &&
               schema_present(row, schema_field(schema_message(row->descriptor), step->opportunity_field));
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DOCUMENT:
        return row->descriptor == &baton__document__descriptor &&
               is_paper((const Baton__Document *)row, p, step);
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_QUOTE_SENT:
    case BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_QUOTE_ACCEPTED:
        return row->descriptor == &baton__quote__descriptor &&
               (q->status == BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED ||
                (q->status == BATON__QUOTE_STATUS__QUOTE_STATUS_SENT &&
                 step->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_QUOTE_SENT));
    default:
        return false;
    }
}

/* Of an account's plan: an opportunity came to its stage by that. */
static bool is_news(const Baton__LogRecord *r, const ProtobufCMessage *row, const Baton__Plan *p,
                    const Baton__PlanStep *step)
{
    const bool is_stage = step->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_STAGE ||
                          step->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DEAL_WON;
    return !p->account_id || !is_stage ||
           timestamp_us(((const Baton__Opportunity *)row)->stage_entered_at) == (int64_t)r->time_us;
}

static bool is_in_log(struct sim *sim, const Baton__Plan *p, const Baton__PlanStep *step)
{
    const struct ledger *l =
        &sim->ledgers[same(step->evidence_service, "contacts") ? CONTACTS : OPPORTUNITIES];
    const Baton__LogRecord *r =
        step->evidence_seq && step->evidence_seq <= l->n ? l->records[step->evidence_seq - 1] : NULL;
    for (size_t i = 0; r && i < r->n_events; i++) {
        const struct schema_field *member;
        const Baton__Event *e = r->events[i];
        const ProtobufCMessage *row =
            e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED && e->record_changed->record
                ? schema_oneof(&e->record_changed->record->base, &member)
                : NULL;
        if (row && same(schema_get_text(row, "id"), step->evidence_id) && says(sim, row, p, step) &&
            is_news(r, row, p, step))
            return true;
    }
    return false;
}

/* What closed the step, as the record says of which this one is a consequence; NULL: it does not. */
static const Baton__RecordChanged *cause_of(struct sim *sim, const Baton__LogRecord *r, const char *id)
{
    const struct ledger *l = &sim->ledgers[CONTACTS];
    const Baton__LogRecord *from =
        r->source && same(r->source->service, "contacts") && r->source->seq && r->source->seq <= l->n
            ? l->records[r->source->seq - 1]
            : NULL;
    for (size_t i = 0; from && i < from->n_events; i++) {
        const Baton__RecordChanged *c = from->events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                            ? from->events[i]->record_changed
                                            : NULL;
        if (c && c->record->record_case == BATON__RECORD__RECORD_ACTIVITY &&
            same(c->record->activity->id, id))
            return c;
    }
    return NULL;
}

/* Not by a person. */
static void is_reopened(struct sim *sim, const Baton__LogRecord *r, const Baton__Plan *p,
                        const Baton__PlanStep *before)
{
    const Baton__RecordChanged *c = cause_of(sim, r, before->evidence_id);
    const Baton__Activity *a = c ? c->record->activity : NULL;
    if (a && c->kind != BATON__CHANGE_KIND__CHANGE_KIND_DELETED &&
        a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE &&
        (!before->activity_kind || before->activity_kind == a->kind) &&
        (p->account_id || same(a->opportunity_id, p->opportunity_id)))
        sim_wrong(sim, "plans: %s: %s is open again, and %s is done", p->id, before->key, a->id);
}

/* `was` NULL: it is new. */
static void compare(struct sim *sim, const Baton__LogRecord *r, const Baton__Plan *was, const Baton__Plan *p)
{
    size_t late = 0, told = 0;
    for (size_t i = 0; i < p->n_steps; i++) {
        const Baton__PlanStep *step = p->steps[i], *before = was ? was->steps[i] : NULL;
        if (step->evidence_service && !(before && before->evidence_service) && !is_in_log(sim, p, step) &&
            !(was && is_in_log(sim, was, step))) /* its account became part of another one by the same */
            sim_wrong(sim, "plans: %s: what closed %s is not in the log", p->id, step->key);
        if (before && before->evidence_service && !step->evidence_service)
            is_reopened(sim, r, p, before);
        late += step->late_at && !(before && before->late_at);
    }
    for (size_t i = 0; i < r->n_events; i++)
        told += r->events[i]->event_case == BATON__EVENT__EVENT_OPPORTUNITY_NEWS &&
                r->events[i]->opportunity_news->kind ==
                    BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_STEP_LATE;
    if (told > late)
        sim_wrong(sim, "plans: %s: %zu steps are told to be late, and %zu are from now on", p->id, told,
                  late);
}

/* Everybody knows of it by now. */
static void no_paper(struct sim *sim, struct txn *made, const Baton__Plan *p, const Baton__PlanStep *step,
                     struct arena *a)
{
    struct table_scan scan;
    const Baton__Document *d;
    if (step->state != STEP(OPEN) || step->by_hand ||
        step->evidence != BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_DOCUMENT ||
        !table_scan_open(&scan, made, OPPORTUNITIES_DOCUMENT,
                         p->account_id ? "account_ids" : "opportunity_ids",
                         p->account_id ? p->account_id : p->opportunity_id, NULL, false))
        return;
    while ((d = table_scan_next(&scan, a)))
        if (is_paper(d, p, step))
            sim_wrong(sim, "plans: %s: %s is open, and document %s is active", p->id, step->key, d->id);
    table_scan_close(&scan);
}

static void settled(struct sim *sim, struct txn *made, const Baton__Plan *p, struct arena *a)
{
    const Baton__Opportunity *o = table_get_id(made, OPPORTUNITIES_OPPORTUNITY, p->opportunity_id, a);
    const Baton__Account *account = table_get_id(made, OPPORTUNITIES_ACCOUNT, p->account_id, a);
    if (p->state != STATE(ACTIVE))
        return;
    if (p->account_id) {
        if (!account || account->merged_into_id)
            sim_wrong(sim, "plans: %s is under way, and its account is gone or part of another one", p->id);
        for (size_t i = 0; i < p->n_steps; i++)
            no_paper(sim, made, p, p->steps[i], a);
        return;
    }
    if (!o || o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST) {
        sim_wrong(sim, "plans: %s is under way, and its opportunity is lost or gone", p->id);
        return;
    }
    for (size_t i = 0; i < p->n_steps; i++)
        no_paper(sim, made, p, p->steps[i], a);
    for (size_t i = 0; i < p->n_steps; i++)
        if (p->steps[i]->state == STEP(OPEN) && !p->steps[i]->by_hand &&
            p->steps[i]->evidence == BATON__PLAN_EVIDENCE__PLAN_EVIDENCE_STAGE &&
            same(p->steps[i]->stage_key, o->stage_key))
            sim_wrong(sim, "plans: %s: %s is open, and the opportunity is in %s", p->id, p->steps[i]->key,
                      o->stage_key);
}

/* --- started by themselves --- */

/* Plans about it: of that template; all of them. */
static size_t plans_about(struct txn *made, const char *opportunity_id, const char *template_id, size_t *all,
                          struct arena *a)
{
    struct table_scan scan;
    const Baton__Plan *p;
    size_t n = 0;
    *all = 0;
    if (!table_scan_open(&scan, made, OPPORTUNITIES_PLAN, "opportunity_id", opportunity_id, NULL, false))
        return 0;
    for (; (p = table_scan_next(&scan, a)); (*all)++)
        n += same(p->template_id, template_id);
    table_scan_close(&scan);
    return n;
}

/* Came to the stage of the template after all that was said of that. */
static bool is_meant(const Baton__Opportunity *o, const Baton__PlanTemplate *t)
{
    return same(o->stage_key, t->start_stage_key) && !t->retired && !t->industry &&
           (!t->situation || (o->type && strcasecmp(o->type, t->situation) == 0)) &&
           o->stage_kind != BATON__STAGE_KIND__STAGE_KIND_LOST &&
           timestamp_us(o->stage_entered_at) > timestamp_us(t->updated_at);
}

static void is_started(struct sim *sim, struct txn *made, const Baton__Opportunity *o, struct arena *a)
{
    enum { STARTS_MAX = 8, ACTIVE_MAX = 20 };
    struct table_scan scan;
    const Baton__PlanTemplate *t;
    size_t all, n = 0;
    if (!o->stage_key || !table_scan_open(&scan, made, OPPORTUNITIES_PLAN_TEMPLATE, "start_stage_key",
                                          o->stage_key, NULL, false))
        return;
    while ((t = table_scan_next(&scan, a)) && ++n <= STARTS_MAX)
        if (is_meant(o, t) && !plans_about(made, o->id, t->id, &all, a) && all < ACTIVE_MAX)
            sim_wrong(sim, "plans: %s came to %s, and no plan was started from %s", o->id, o->stage_key,
                      t->name);
    table_scan_close(&scan);
}

/* The plan was not asked for: `made` has it already. */
static void once(const struct ledger *l, const Baton__Plan *p)
{
    struct arena *a = arena_new(16 << 20);
    const Baton__PlanTemplate *t = table_get_id(l->made, OPPORTUNITIES_PLAN_TEMPLATE, p->template_id, a);
    size_t all;
    if (!t || !t->start_stage_key)
        sim_wrong(l->process->sim, "plans: %s was started by itself, and its template does not say so",
                  p->id);
    if (plans_about(l->made, p->opportunity_id, p->template_id, &all, a) != 1)
        sim_wrong(l->process->sim, "plans: %s was started by itself, and there had been one", p->id);
    arena_free(a);
}

static bool is_look(const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_PLAN_LOOKED)
            return true;
    return false;
}

void plans_settled(struct sim *sim)
{
    struct table_scan scan;
    struct txn *made = sim->ledgers[OPPORTUNITIES].made;
    struct arena *a = arena_new(64 << 20);
    const Baton__Plan *p;
    if (table_scan_open(&scan, made, OPPORTUNITIES_PLAN_LOOK, NULL, NULL, NULL, false)) {
        if (table_scan_next(&scan, a))
            sim_wrong(sim, "plans: a change was never looked at");
        table_scan_close(&scan);
    }
    if (table_scan_open(&scan, made, OPPORTUNITIES_PLAN, NULL, NULL, NULL, false)) {
        while ((p = table_scan_next(&scan, a)))
            settled(sim, made, p, a);
        table_scan_close(&scan);
    }
    const Baton__Opportunity *o;
    if (table_scan_open(&scan, made, OPPORTUNITIES_OPPORTUNITY, NULL, NULL, NULL, false)) {
        while ((o = table_scan_next(&scan, a)))
            is_started(sim, made, o, a);
        table_scan_close(&scan);
    }
    arena_free(a);
}

void plans_record(const struct ledger *l, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__RecordChanged *c = change_of(r->events[i]);
        if (!c)
            continue;
        const Baton__Plan *was = version_before(l, c);
        if (was && was->state == STATE(ABANDONED))
            sim_wrong(l->process->sim, "plans: %s was abandoned and changed", was->id);
        look_at(l->process->sim, c->record->plan);
        if (!was && is_look(r))
            once(l, c->record->plan);
        compare(l->process->sim, r, was, c->record->plan);
    }
}
