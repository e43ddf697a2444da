/* Leads: received = held + merged + rejected at every commit, always a holder, and timers that fire once
   (promises 14 and 15). Kept from the log's events alone, apart from the service's own code. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "leads/leads.h"
#include "sim/deadline.h"
#include "sim/sim.h"

/* Where things go wrong, and where nothing does: there a turn takes milliseconds (promise 11). */
enum { LATE_US = 30 * 1000000, PUNCTUAL_US = 50000 };

/* A lead as its events tell. */
struct lead {
    const char *id, *owner_id, *name; /* name: the last name it came in with */
    const char *into;                 /* while it is merged */
    bool rejected, open, waits;       /* waits: its holder has not answered yet */
    struct deadline deadline;
    bool queued;
    bool merged, was_open, waited;
    int64_t rests_until_us; /* 0: it does not */
};

struct custody {
    struct lead *leads;
    size_t n, room;
    uint64_t rejected, merged;
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
    c->leads[c->n++] = (struct lead){.id = l->id, .rejected = rejected, .name = l->last_name};
    c->rejected += rejected;
}

static void good(struct sim *sim, const char *id, const char *wrong)
{
    if (wrong)
        sim_wrong(sim, "timer: of lead %s: %s", id, wrong);
}

static void punctual(struct sim *sim, const char *id, int64_t due_us, int64_t time_us)
{
    if (sim->punctual_us && due_us > sim->punctual_us && time_us - due_us > PUNCTUAL_US)
        sim_wrong(sim, "late: the timer of lead %s came %.3f s late", id, (double)(time_us - due_us) / 1e6);
}

/* Whatever ends a rest is its day, neither before it nor without it. */
static void came_back(struct sim *sim, const struct lead *l, const Baton__LeadAssigned *e, int64_t time_us)
{
    bool says = e->decision && e->decision->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK;
    if (says && !l->rests_until_us)
        sim_wrong(sim, "timer: lead %s came back and was not at rest", l->id);
    if (l->rests_until_us && time_us < l->rests_until_us)
        sim_wrong(sim, "timer: lead %s came back before its day", l->id);
    if (l->rests_until_us)
        punctual(sim, l->id, l->rests_until_us, time_us);
}

static void assigned(struct sim *sim, const Baton__LeadAssigned *e, int64_t time_us)
{
    struct lead *l = find(sim, e->lead_id);
    if (!e->owner_id || !*e->owner_id)
        sim_wrong(sim, "custody: lead %s was handed to nobody", l->id);
    if (l->merged)
        sim_wrong(sim, "custody: lead %s is merged and was handed on", l->id);
    if (e->decision && e->decision->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TAKEN && !l->queued)
        sim_wrong(sim, "queue: lead %s was taken and did not wait there", l->id);
    came_back(sim, l, e, time_us);
    *l = (struct lead){.id = l->id,
                       .name = l->name,
                       .owner_id = e->owner_id,
                       .open = true,
                       .waits = true,
                       .queued = e->queue_id != NULL};
    good(sim, l->id, deadline_begins(&l->deadline, e));
}

static void ended(struct sim *sim, const char *id)
{
    struct lead *l = find(sim, id);
    l->open = l->waits = l->queued = false;
}

static void accepted(struct sim *sim, const char *id)
{
    struct lead *l = find(sim, id);
    l->waits = l->queued = false;
}

/* The lead is of somebody of that name, or one that somebody has merged into it by hand is. */
static bool is_of(struct sim *sim, const struct lead *survivor, const char *name)
{
    if (!survivor->name || strcmp(survivor->name, name) == 0)
        return true;
    for (size_t i = 0; i < sim->custody->n; i++) {
        const struct lead *l = &sim->custody->leads[i];
        if (l->into && strcmp(l->into, survivor->id) == 0 && is_of(sim, l, name))
            return true;
    }
    return false;
}

/* Of one that nobody held: it is merged as it comes in. */
static void merged_at_intake(struct sim *sim, const struct lead *l, const struct lead *survivor)
{
    if (!l->owner_id && l->name && !is_of(sim, survivor, l->name))
        sim_wrong(sim, "merged: lead %s of %s became part of one of %s", l->id, l->name, survivor->name);
}

/* Whoever was to be merged is at rest until it is taken out again; then it is what it was. */
static void merged(struct sim *sim, const Baton__LeadsMerged *e)
{
    const struct lead *survivor = find(sim, e->survivor_id);
    if (survivor->merged || !survivor->open)
        sim_wrong(sim, "merged: lead %s is %s and others were merged into it", e->survivor_id,
                  survivor->merged ? "merged" : "finished");
    for (size_t i = 0; i < e->n_loser_ids; i++) {
        struct lead *l = find(sim, e->loser_ids[i]);
        if (l->merged || l->rejected || strcmp(l->id, e->survivor_id) == 0)
            sim_wrong(sim, "merged: lead %s cannot be merged", l->id);
        merged_at_intake(sim, l, survivor);
        l->merged = true;
        l->into = e->survivor_id;
        l->was_open = l->open;
        l->waited = l->waits;
        l->open = l->waits = false;
        sim->custody->merged++;
    }
}

/* Its timer may have come due meanwhile. */
static void unmerged(struct sim *sim, const char *id, int64_t time_us)
{
    struct lead *l = find(sim, id);
    if (!l->merged)
        sim_wrong(sim, "merged: lead %s was taken out of nothing", id);
    l->merged = false;
    l->into = NULL;
    l->open = l->was_open;
    l->waits = l->waited;
    deadline_rested(&l->deadline, time_us);
    sim->custody->merged--;
}

void custody_punctual_in(struct sim *sim, int64_t us)
{
    sim->punctual_us = host_latest_us(sim->processes[LEADS].host) + us;
}

static void fires(struct sim *sim, const char *id, Baton__DeadlineAction action, int64_t time_us)
{
    struct lead *l = find(sim, id);
    int64_t due_us = 0;
    good(sim, id, l->waits ? deadline_fires(&l->deadline, action, time_us, &due_us) : "it has been answered");
    punctual(sim, id, due_us, time_us);
}

static void escalated(struct sim *sim, const Baton__LeadEscalated *e, int64_t time_us)
{
    const char *owner_id = find(sim, e->lead_id)->owner_id;
    fires(sim, e->lead_id, BATON__DEADLINE_ACTION__DEADLINE_ACTION_ESCALATE, time_us);
    for (size_t i = 0; i < e->n_manager_ids; i++)
        if (strcmp(e->manager_ids[i], owner_id) == 0)
            sim_wrong(sim, "timer: lead %s is escalated to its holder", e->lead_id);
    if (!e->n_manager_ids && strcmp(owner_id, sim->admin_id) != 0)
        sim_wrong(sim, "timer: lead %s is escalated to nobody", e->lead_id);
}

static void resumed(struct sim *sim, const Baton__LeadResumed *e, int64_t time_us)
{
    struct lead *l = find(sim, e->lead_id);
    if (l->deadline.paused_until_us < time_us)
        punctual(sim, e->lead_id, l->deadline.paused_until_us, time_us);
    good(sim, e->lead_id, deadline_resumes(&l->deadline, e, time_us));
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
        assigned(sim, e->lead_assigned, time_us);
        break;
    case BATON__EVENT__EVENT_LEAD_ACCEPTED:
        accepted(sim, e->lead_accepted->lead_id);
        break;
    case BATON__EVENT__EVENT_LEAD_CONVERTED:
        ended(sim, e->lead_converted->lead_id);
        break;
    case BATON__EVENT__EVENT_LEAD_CLOSED:
        ended(sim, e->lead_closed->lead_id);
        break;
    case BATON__EVENT__EVENT_LEAD_REOPENED:
        find(sim, e->lead_reopened->lead_id)->open = true;
        find(sim, e->lead_reopened->lead_id)->rests_until_us = 0;
        break;
    case BATON__EVENT__EVENT_LEAD_RECYCLED:
        ended(sim, e->lead_recycled->lead_id);
        find(sim, e->lead_recycled->lead_id)->rests_until_us = timestamp_us(e->lead_recycled->until);
        break;
    case BATON__EVENT__EVENT_LEADS_MERGED:
        merged(sim, e->leads_merged);
        break;
    case BATON__EVENT__EVENT_LEAD_UNMERGED:
        unmerged(sim, e->lead_unmerged->lead_id, time_us);
        break;
    case BATON__EVENT__EVENT_LEAD_DEADLINE_NEAR:
        fires(sim, e->lead_deadline_near->lead_id, BATON__DEADLINE_ACTION__DEADLINE_ACTION_REMIND, time_us);
        break;
    case BATON__EVENT__EVENT_LEAD_DEADLINE_PASSED:
        fires(sim, e->lead_deadline_passed->lead_id, BATON__DEADLINE_ACTION__DEADLINE_ACTION_PASS_ON,
              time_us);
        break;
    case BATON__EVENT__EVENT_LEAD_ESCALATED:
        escalated(sim, e->lead_escalated, time_us);
        break;
    case BATON__EVENT__EVENT_LEAD_PAUSED:
        good(sim, e->lead_paused->lead_id,
             deadline_pauses(&find(sim, e->lead_paused->lead_id)->deadline, e->lead_paused, time_us));
        break;
    case BATON__EVENT__EVENT_LEAD_RESUMED:
        resumed(sim, e->lead_resumed, time_us);
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
        if (!sim->custody->leads[i].rejected && !sim->custody->leads[i].merged &&
            !sim->custody->leads[i].owner_id)
            sim_wrong(sim, "custody: lead %s was taken in and handed to nobody", sim->custody->leads[i].id);
}

static bool lists(const Baton__Lead *survivor, const Baton__Lead *l)
{
    for (size_t i = 0; survivor && i < survivor->n_merged_lead_ids; i++)
        if (strcmp(survivor->merged_lead_ids[i], l->id) == 0)
            return strcmp(l->merged_into_id, survivor->id) == 0;
    return false;
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
        if (l->owner_id && (!row->owner_id || strcmp(row->owner_id, l->owner_id) != 0))
            sim_wrong(sim, "custody: lead %s is held by somebody else than its events say", l->id);
        if ((row->has_open && row->open) != l->open)
            sim_wrong(sim, "open: lead %s is %s, but its events say otherwise", l->id,
                      l->open ? "not open" : "open");
        if (row->has_next_due_us && !l->waits && !l->rests_until_us)
            sim_wrong(sim, "timer: lead %s has one, but nobody has to answer", l->id);
        if ((row->status == BATON__LEAD_STATUS__LEAD_STATUS_MERGED) != l->merged)
            sim_wrong(sim, "merged: lead %s is %s, but its events say otherwise", l->id,
                      l->merged ? "not merged" : "merged");
        if (l->merged && !lists(table_get_id(t, LEADS_LEAD, l->into, a), row))
            sim_wrong(sim, "merged: lead %s does not stand in what it was merged into", l->id);
        held += !l->rejected && !l->merged;
    }
    return held;
}

/* Of each holder, the count of open leads is that of their leads' events. */
static void holdings_look(struct sim *sim, struct txn *t, struct arena *a)
{
    const struct custody *c = sim->custody;
    struct table_scan scan;
    uint64_t counted = 0, open = 0;
    for (size_t i = 0; i < c->n; i++)
        open += c->leads[i].open;
    assert(table_scan_open(&scan, t, LEADS_HOLDING, NULL, NULL, NULL, false));
    const Baton__Holding *h;
    for (arena_reset(a); (h = table_scan_next(&scan, a)); arena_reset(a)) {
        uint64_t theirs = 0;
        for (size_t i = 0; i < c->n; i++)
            theirs += c->leads[i].open && strcmp(c->leads[i].owner_id, h->user_id) == 0;
        if (theirs != h->open)
            sim_wrong(sim, "open: %s holds %zu open leads, but the count is %zu", h->user_id, (size_t)theirs,
                      (size_t)h->open);
        counted += h->open;
    }
    table_scan_close(&scan);
    if (counted != open)
        sim_wrong(sim, "open: %zu leads are open, but %zu are counted", (size_t)open, (size_t)counted);
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
    if (sum.received != c->n || sum.rejected != c->rejected || sum.merged != c->merged ||
        sum.held + sum.merged + sum.rejected != sum.received)
        sim_wrong(sim, "custody: %zu received, but the sum says %zu = %zu held + %zu merged + %zu rejected",
                  c->n, (size_t)sum.received, (size_t)sum.held, (size_t)sum.merged, (size_t)sum.rejected);
    if (whole && rows_count(sim, t, a) != sum.held)
        sim_wrong(sim, "custody: the sum of held leads is not that of the rows");
    if (whole)
        holdings_look(sim, t, a);
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
        if (l->waits && deadline_next_us(&l->deadline) < now_us - LATE_US)
            sim_wrong(sim, "timer: something was due with lead %s and has not happened", l->id);
        if (l->rests_until_us && l->rests_until_us < now_us - LATE_US)
            sim_wrong(sim, "timer: lead %s was to come back and has not", l->id);
    }
}

void custody_rebuild(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[LEADS];
    if (!sim->custody)
        return;
    sim->custody->n = 0;
    sim->custody->rejected = sim->custody->merged = 0;
    for (size_t i = 0; i < l->n; i++)
        custody_record(sim, l->records[i]);
}
