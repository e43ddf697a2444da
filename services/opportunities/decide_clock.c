/* What nobody touches stalls, once its stage's days are over; a note or an activity counts as much as a
   change. */
#include "services/opportunities/opportunities.h"

#define NEWS(NAME) BATON__OPPORTUNITY_NEWS_KIND__OPPORTUNITY_NEWS_KIND_##NAME

static const int64_t DAY_US = INT64_C(86400) * 1000000;

int64_t opportunities_idle_us(uint32_t days)
{
    return days * DAY_US;
}

/* It is looked at again when that can be; apply knows when. */
static void set_clock(char *opportunity_id, struct outcome *out)
{
    Baton__DealClockSet *e = ARENA_NEW(out->arena, Baton__DealClockSet);
    baton__deal_clock_set__init(e);
    e->opportunity_id = opportunity_id;
    outcome_event(out, e);
}

bool opportunities_decide_due(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const struct opportunities_clock_facts *f = facts;
    const Baton__DealClock *clock = (const Baton__DealClock *)c->request;
    const Baton__Opportunity *was = (const Baton__Opportunity *)f->record.before;
    /* 1: what is open, in a stage that has an end of patience, and was not touched for so long; once */
    if (!was || opportunities_is_closed(was) || was->stalled_at || !f->idle_days ||
        clock->last_us + opportunities_idle_us(f->idle_days) > s->now_us) {
        set_clock(clock->opportunity_id, out);
        return true;
    }
    Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(&was->base, s->arena);
    o->stalled_at = timestamp_of(s->arena, s->now_us);
    record_updated(&was->base, f->record.before_seq, &o->base, s, out);
    /* 2: its owner and whoever follows it hear of it */
    (void)opportunities_tell(&f->people, NEWS(STALLED), o, f->stage, out);
    return true;
}

static void touch(const struct opportunities_clock_facts *f, struct stamp *s, struct outcome *out)
{
    const Baton__Opportunity *was = (const Baton__Opportunity *)f->record.before;
    Baton__OpportunityTouched *e = ARENA_NEW(s->arena, Baton__OpportunityTouched);
    /* 3: what was done about it sets its clock anew */
    if (was->stalled_at) {
        Baton__Opportunity *o = (Baton__Opportunity *)schema_copy(&was->base, s->arena);
        o->stalled_at = NULL;
        record_updated(&was->base, f->record.before_seq, &o->base, s, out);
    }
    baton__opportunity_touched__init(e);
    e->opportunity_id = was->id;
    outcome_event(out, e);
}

bool opportunities_decide_active(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const struct opportunities_clock_facts *f = facts;
    if (f->record.before && c->change->kind != BATON__CHANGE_KIND__CHANGE_KIND_DELETED)
        touch(f, s, out);
    return true;
}

bool opportunities_decide_noted(const void *facts, const struct command *c, struct stamp *s,
                                struct outcome *out)
{
    const struct opportunities_clock_facts *f = facts;
    (void)opportunities_decide_active(facts, c, s, out); /* it refuses nothing */
    /* 4: of a new note whoever follows it hears */
    if (f->record.before && c->change->kind == BATON__CHANGE_KIND__CHANGE_KIND_CREATED)
        (void)opportunities_tell(&f->people, NEWS(NOTED), (const Baton__Opportunity *)f->record.before,
                                 f->stage, out);
    return true;
}

bool opportunities_decide_clock_sweep(const void *facts, const struct command *c, struct stamp *s,
                                      struct outcome *out)
{
    const struct opportunities_sweep_facts *f = facts;
    const Baton__ClockSweep *sweep = (const Baton__ClockSweep *)c->request;
    Baton__ClockSweepAdvanced *e = ARENA_NEW(s->arena, Baton__ClockSweepAdvanced);
    baton__clock_sweep_advanced__init(e);
    /* 5: with other stages, all of a pipeline's, some at a time */
    e->pipeline_id = sweep->pipeline_id;
    e->opportunity_ids = (char **)(uintptr_t)f->ids;
    e->n_opportunity_ids = f->n;
    e->token = arena_strdup(s->arena, f->token);
    e->has_finished = true;
    e->finished = !f->token;
    outcome_event(out, e);
    return true;
}
