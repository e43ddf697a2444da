/* Leads: received = held + merged + rejected at every commit, always a holder, and timers that fire once
   (promises 14 and 15). Kept from the log's events alone, apart from the service's own code. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "leads/leads.h"
#include "sim/sim.h"

/* Where things go wrong, and where nothing does: there a turn takes milliseconds (promise 11). */
enum { LATE_US = 30 * 1000000, PUNCTUAL_US = 50000 };

/* A lead as its events tell. */
struct lead {
    const char *id, *owner_id;
    bool rejected, waits; /* waits: its holder has not answered yet */
    bool reminded, passed;
    int64_t remind_us, due_us;
};

struct custody {
    struct lead *leads;
    size_t n, room;
    uint64_t rejected;
};

static struct lead *find(struct sim *sim, const char *id)
{
    struct custody *c = sim->custody;
    for (size_t i = c->n; id && i-- > 0;)
        if (strcmp(c->leads[i].id, id) == 0)
            return &c->leads[i];
    sim_wrong(sim, "custody: an event speaks of a lead that was never taken in");
}

static void take_in(struct sim *sim, const Baton__Lead *l, bool rejected)
{
    struct custody *c = sim->custody;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->leads[i].id, l->id) == 0)
            sim_wrong(sim, "custody: lead %s was taken in twice", l->id);
    if (c->n == c->room) {
        c->room = c->room ? c->room * 2 : 64;
        c->leads = realloc(c->leads, c->room * sizeof *c->leads);
        assert(c->leads);
    }
    c->leads[c->n++] = (struct lead){.id = l->id, .rejected = rejected};
    c->rejected += rejected;
}

static void assigned(struct sim *sim, const Baton__LeadAssigned *e)
{
    struct lead *l = find(sim, e->lead_id);
    if (!e->owner_id || !*e->owner_id)
        sim_wrong(sim, "custody: lead %s was handed to nobody", l->id);
    *l = (struct lead){.id = l->id,
                       .owner_id = e->owner_id,
                       .waits = true,
                       .remind_us = timestamp_us(e->remind_at),
                       .due_us = timestamp_us(e->response_due_at)};
}

void custody_punctual_in(struct sim *sim, int64_t us)
{
    struct world *leads = host_world(sim->processes[LEADS].host);
    sim->punctual_us = leads->ops->wall_us(leads) + us;
}

static void punctual(struct sim *sim, const char *id, int64_t due_us, int64_t time_us)
{
    if (sim->punctual_us && due_us > sim->punctual_us && time_us - due_us > PUNCTUAL_US)
        sim_wrong(sim, "late: the timer of lead %s came %.3f s late", id, (double)(time_us - due_us) / 1e6);
}

static void near_deadline(struct sim *sim, const char *id, int64_t time_us)
{
    struct lead *l = find(sim, id);
    if (!l->waits || l->reminded || !l->remind_us || time_us < l->remind_us)
        sim_wrong(sim, "timer: the reminder of lead %s came twice, early or unasked", id);
    punctual(sim, id, l->remind_us, time_us);
    l->reminded = true;
}

static void passed(struct sim *sim, const char *id, int64_t time_us)
{
    struct lead *l = find(sim, id);
    if (!l->waits || l->passed || !l->due_us || time_us < l->due_us)
        sim_wrong(sim, "timer: the deadline of lead %s passed twice, early or unasked", id);
    punctual(sim, id, l->due_us, time_us);
    l->passed = true;
}

static void event(struct sim *sim, const Baton__Event *e, int64_t time_us)
{
    switch ((int)e->event_case) {
    case BATON__EVENT__EVENT_LEAD_CAPTURED:
        take_in(sim, e->lead_captured->lead, false);
        break;
    case BATON__EVENT__EVENT_LEAD_REJECTED:
        take_in(sim, e->lead_rejected->lead, true);
        break;
    case BATON__EVENT__EVENT_LEAD_ASSIGNED:
        assigned(sim, e->lead_assigned);
        break;
    case BATON__EVENT__EVENT_LEAD_ACCEPTED:
        find(sim, e->lead_accepted->lead_id)->waits = false;
        break;
    case BATON__EVENT__EVENT_LEAD_CONVERTED:
        find(sim, e->lead_converted->lead_id)->waits = false;
        break;
    case BATON__EVENT__EVENT_LEAD_DEADLINE_NEAR:
        near_deadline(sim, e->lead_deadline_near->lead_id, time_us);
        break;
    case BATON__EVENT__EVENT_LEAD_DEADLINE_PASSED:
        passed(sim, e->lead_deadline_passed->lead_id, time_us);
        break;
    }
}

void custody_record(struct sim *sim, const Baton__LogRecord *r)
{
    if (!sim->custody) {
        sim->custody = calloc(1, sizeof *sim->custody);
        assert(sim->custody);
    }
    size_t before = sim->custody->n;
    for (size_t i = 0; i < r->n_events; i++)
        event(sim, r->events[i], (int64_t)r->time_us);
    /* In the very record that takes a lead in, somebody holds it. */
    for (size_t i = before; i < sim->custody->n; i++)
        if (!sim->custody->leads[i].rejected && !sim->custody->leads[i].owner_id)
            sim_wrong(sim, "custody: lead %s was taken in and handed to nobody", sim->custody->leads[i].id);
}

/* The rows say of each lead what its events say. */
static uint64_t rows_count(struct sim *sim, struct txn *t, struct arena *a)
{
    const struct custody *c = sim->custody;
    uint64_t held = 0;
    for (size_t i = 0; i < c->n; i++) {
        arena_reset(a);
        const struct lead *l = &c->leads[i];
        const Baton__Lead *row = table_get_id(t, LEADS_LEAD, l->id, a);
        if (!row)
            sim_wrong(sim, "custody: lead %s has no row", l->id);
        if (!l->rejected && (!row->owner_id || strcmp(row->owner_id, l->owner_id) != 0))
            sim_wrong(sim, "custody: lead %s is held by somebody else than its events say", l->id);
        held += !l->rejected;
    }
    return held;
}

static void look(struct sim *sim, bool whole)
{
    const struct custody *c = sim->custody;
    if (!c)
        return;
    struct arena *a = arena_new(16 << 20);
    struct txn *t = store_begin(sim->processes[LEADS].store, false);
    assert(t);
    struct key key = key_of(LEADS_CUSTODY_ID);
    const Baton__Custody *row = table_get(t, LEADS_CUSTODY, &key, a);
    Baton__Custody none = BATON__CUSTODY__INIT, sum = row ? *row : none;
    if (sum.received != c->n || sum.rejected != c->rejected ||
        sum.held + sum.merged + sum.rejected != sum.received)
        sim_wrong(sim, "custody: %zu received, but the sum says %zu = %zu held + %zu merged + %zu rejected",
                  c->n, (size_t)sum.received, (size_t)sum.held, (size_t)sum.merged, (size_t)sum.rejected);
    if (whole && rows_count(sim, t, a) != sum.held)
        sim_wrong(sim, "custody: the sum of held leads is not that of the rows");
    store_abort(t);
    arena_free(a);
}

void custody_look(struct sim *sim)
{
    look(sim, false);
}

/* What was due has happened, once the service had time. */
void custody_settled(struct sim *sim)
{
    struct process *p = &sim->processes[LEADS];
    const struct custody *c = sim->custody;
    int64_t now_us = host_world(p->host)->ops->wall_us(host_world(p->host));
    sim->looking = true;
    look(sim, true);
    sim->looking = false;
    for (size_t i = 0; c && i < c->n; i++) {
        const struct lead *l = &c->leads[i];
        if (l->waits && l->due_us && l->due_us < now_us - LATE_US && !l->passed)
            sim_wrong(sim, "timer: the deadline of lead %s has passed and nothing happened", l->id);
        if (l->waits && l->remind_us && l->remind_us < now_us - LATE_US && !l->reminded && !l->passed)
            sim_wrong(sim, "timer: nobody was reminded of lead %s", l->id);
    }
}

void custody_rebuild(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[LEADS];
    if (!sim->custody)
        return;
    sim->custody->n = 0;
    sim->custody->rejected = 0;
    for (size_t i = 0; i < l->n; i++)
        custody_record(sim, l->records[i]);
}
