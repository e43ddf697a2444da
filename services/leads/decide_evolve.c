/* What a lead becomes by each event, and who may know of it. */
#include <string.h>

#include "services/leads/leads.h"

Baton__Lead *leads_copy(const Baton__Lead *lead, struct arena *a)
{
    return arena_copy(a, lead, sizeof *lead);
}

static void set_status(Baton__Lead *l, Baton__LeadStatus status)
{
    l->has_status = true;
    l->status = status;
}

/* A lead nobody has to answer any more, or not yet again. */
static void set_timer(Baton__Lead *l, int64_t due_us, bool reminded)
{
    l->has_next_due_us = due_us != 0;
    l->next_due_us = due_us;
    l->has_reminded = reminded;
    l->reminded = reminded;
}

static void set_steps(Baton__Lead *l, Baton__DeadlineStep *const *steps, size_t n, struct arena *a)
{
    l->deadline_steps = ARENA_ARRAY(a, Baton__DeadlineStep *, n);
    l->n_deadline_steps = n;
    for (size_t i = 0; i < n; i++) {
        Baton__DeadlineStep *step = l->deadline_steps[i] = arena_copy(a, steps[i], sizeof *steps[i]);
        step->at = steps[i]->at ? timestamp_of(a, timestamp_us(steps[i]->at)) : NULL;
    }
}

/* The first step has happened: the next one's timer. */
static void next_step(Baton__Lead *l, struct arena *a)
{
    set_steps(l, l->deadline_steps + 1, l->n_deadline_steps - 1, a);
    set_timer(l, l->n_deadline_steps ? timestamp_us(l->deadline_steps[0]->at) : 0, true);
}

static void end_deadline(Baton__Lead *l)
{
    l->n_deadline_steps = 0;
    l->paused_until = NULL;
    l->pause_reason = NULL;
}

static void set_open(Baton__Lead *l, bool open)
{
    l->has_open = true;
    l->open = open;
}

/* Only who gave it back, let it pass, did not look or left: whom a manager took it from may get it again. */
static bool gave_it_up(const Baton__Decision *d)
{
    return d && (d->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED ||
                 d->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DEADLINE_PASSED ||
                 d->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_UNSEEN ||
                 d->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT);
}

static void add_previous(Baton__Lead *l, const char *user_id, struct arena *a)
{
    for (size_t i = 0; i < l->n_previous_owner_ids; i++)
        if (strcmp(l->previous_owner_ids[i], user_id) == 0)
            return;
    char **ids = ARENA_ARRAY(a, char *, l->n_previous_owner_ids + 1);
    for (size_t i = 0; i < l->n_previous_owner_ids; i++)
        ids[i] = l->previous_owner_ids[i];
    ids[l->n_previous_owner_ids++] = arena_strdup(a, user_id);
    l->previous_owner_ids = ids;
}

static void assigned(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadAssigned *e = (const Baton__LeadAssigned *)event;
    if (e->previous_owner_id && gave_it_up(e->decision))
        add_previous(l, e->previous_owner_id, a);
    l->owner_id = arena_strdup(a, e->owner_id);
    l->pool_id = arena_strdup(a, e->pool_id);
    l->queue_id = arena_strdup(a, e->queue_id);
    l->has_queue_rank = e->has_queue_rank;
    l->queue_rank = e->queue_rank;
    l->response_due_at = e->response_due_at ? timestamp_of(a, timestamp_us(e->response_due_at)) : NULL;
    set_timer(l, timestamp_us(e->remind_at ? e->remind_at : e->response_due_at), false);
    end_deadline(l);
    l->escalated_at = NULL;
    l->recycled_until = NULL;
    l->status_reason = NULL;
    if (e->n_deadline_steps) {
        set_steps(l, e->deadline_steps, e->n_deadline_steps, a);
        set_timer(l, timestamp_us(l->deadline_steps[0]->at), false);
    }
    l->has_decision_count = true;
    l->decision_count = e->decision ? e->decision->number : l->decision_count + 1;
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED);
    set_open(l, true);
}

static void acknowledged(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    l->acknowledged_at = timestamp_of(a, time_us);
}

/* Whoever keeps it for the queue may answer it as well: then nobody takes it any more. */
static void responded(Baton__Lead *l, int64_t time_us, struct arena *a)
{
    l->queue_id = NULL;
    if (!l->first_responded_at)
        l->first_responded_at = timestamp_of(a, time_us);
    end_deadline(l);
    set_timer(l, 0, l->reminded);
}

static void accepted(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_WORKING);
    responded(l, time_us, a);
}

static void deadline_near(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    if (l->n_deadline_steps)
        next_step(l, a);
    else
        set_timer(l, timestamp_us(l->response_due_at), true);
}

static void escalated(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    l->escalated_at = timestamp_of(a, time_us);
    if (l->n_deadline_steps)
        next_step(l, a);
}

static void paused(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadPaused *e = (const Baton__LeadPaused *)event;
    set_steps(l, e->steps, e->n_steps, a);
    l->paused_until = timestamp_of(a, timestamp_us(e->until));
    l->pause_reason = arena_strdup(a, e->reason);
    l->has_pauses = true;
    l->pauses++;
    l->response_due_at = NULL;
    set_timer(l, timestamp_us(e->until), l->reminded);
}

static void resumed(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadResumed *e = (const Baton__LeadResumed *)event;
    end_deadline(l);
    set_steps(l, e->steps, e->n_steps, a);
    l->response_due_at = e->response_due_at ? timestamp_of(a, timestamp_us(e->response_due_at)) : NULL;
    set_timer(l, e->n_steps ? timestamp_us(e->steps[0]->at) : 0, l->reminded);
}

static void deadline_passed(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    end_deadline(l);
    set_timer(l, 0, l->reminded);
}

static void territory_moved(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadTerritoryMoved *e = (const Baton__LeadTerritoryMoved *)event;
    l->territory_ids = ARENA_ARRAY(a, char *, e->n_to_territory_ids);
    l->n_territory_ids = e->n_to_territory_ids;
    for (size_t i = 0; i < e->n_to_territory_ids; i++)
        l->territory_ids[i] = arena_strdup(a, e->to_territory_ids[i]);
    l->territory_id = arena_strdup(a, e->territory_id);
}

static void converted(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadConverted *e = (const Baton__LeadConverted *)event;
    l->converted_account_id = arena_strdup(a, e->account_id);
    l->converted_contact_id = arena_strdup(a, e->contact_id);
    l->converted_opportunity_id = arena_strdup(a, e->opportunity_id);
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_CONVERTED);
    set_open(l, false);
    responded(l, time_us, a);
}

static void closed(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    l->status_reason = arena_strdup(a, ((const Baton__LeadClosed *)event)->text);
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_DEAD);
    set_open(l, false);
    responded(l, time_us, a);
}

static void reopened(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    l->status_reason = NULL;
    l->recycled_until = NULL;
    set_timer(l, 0, l->reminded);
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_WORKING);
    set_open(l, true);
}

static void recycled(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadRecycled *e = (const Baton__LeadRecycled *)event;
    l->recycled_until = timestamp_of(a, timestamp_us(e->until));
    l->has_recycles = true;
    l->recycles++;
    l->status_reason = arena_strdup(a, e->reason);
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_RECYCLED);
    set_open(l, false);
    responded(l, time_us, a);
    set_timer(l, timestamp_us(e->until), false);
}

static void updated(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    uint64_t revision = l->revision;
    *l = *((const Baton__LeadUpdated *)event)->lead;
    l->revision = revision;
}

static void add_merged(Baton__Lead *l, const Baton__LeadsMerged *e, struct arena *a)
{
    char **ids = ARENA_ARRAY(a, char *, l->n_merged_lead_ids + e->n_loser_ids);
    for (size_t i = 0; i < l->n_merged_lead_ids; i++)
        ids[i] = l->merged_lead_ids[i];
    for (size_t i = 0; i < e->n_loser_ids; i++)
        ids[l->n_merged_lead_ids++] = arena_strdup(a, e->loser_ids[i]);
    l->merged_lead_ids = ids;
}

/* The survivor lists it, the loser remembers what it was. */
static void merged(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadsMerged *e = (const Baton__LeadsMerged *)event;
    if (strcmp(l->id, e->survivor_id) == 0) {
        add_merged(l, e, a);
        return;
    }
    l->has_status_before_merge = true;
    l->status_before_merge = l->status;
    l->has_due_before_merge_us = l->has_next_due_us;
    l->due_before_merge_us = l->next_due_us;
    l->merged_into_id = arena_strdup(a, e->survivor_id);
    l->status_reason = arena_strdup(a, e->reason);
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_MERGED);
    set_open(l, false);
    set_timer(l, 0, l->reminded);
}

static void remove_merged(Baton__Lead *l, const char *id, struct arena *a)
{
    char **ids = ARENA_ARRAY(a, char *, l->n_merged_lead_ids);
    size_t n = 0;
    for (size_t i = 0; i < l->n_merged_lead_ids; i++)
        if (strcmp(l->merged_lead_ids[i], id) != 0)
            ids[n++] = l->merged_lead_ids[i];
    l->merged_lead_ids = ids;
    l->n_merged_lead_ids = n;
}

static void unmerged(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadUnmerged *e = (const Baton__LeadUnmerged *)event;
    if (strcmp(l->id, e->survivor_id) == 0) {
        remove_merged(l, e->lead_id, a);
        return;
    }
    set_status(l, l->status_before_merge);
    set_timer(l, l->due_before_merge_us, l->reminded);
    l->has_open = l->open = l->owner_id != NULL;
    l->merged_into_id = l->status_reason = NULL;
    l->has_status_before_merge = l->has_due_before_merge_us = false;
    l->status_before_merge = BATON__LEAD_STATUS__LEAD_STATUS_UNSPECIFIED;
    l->due_before_merge_us = 0;
}

static void followed(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    const Baton__LeadFollowed *e = (const Baton__LeadFollowed *)event;
    char **ids = ARENA_ARRAY(a, char *, l->n_follower_ids + 1);
    size_t n = 0;
    for (size_t i = 0; i < l->n_follower_ids; i++)
        if (strcmp(l->follower_ids[i], e->user_id) != 0)
            ids[n++] = l->follower_ids[i];
    if (e->following)
        ids[n++] = arena_strdup(a, e->user_id);
    l->follower_ids = ids;
    l->n_follower_ids = n;
}

struct evolve_row {
    const ProtobufCMessageDescriptor *event;
    void (*evolve)(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a);
};
static const struct evolve_row rows[] = {
    {&baton__lead_assigned__descriptor, assigned},
    {&baton__lead_acknowledged__descriptor, acknowledged},
    {&baton__lead_accepted__descriptor, accepted},
    {&baton__lead_deadline_near__descriptor, deadline_near},
    {&baton__lead_deadline_passed__descriptor, deadline_passed},
    {&baton__lead_escalated__descriptor, escalated},
    {&baton__lead_paused__descriptor, paused},
    {&baton__lead_resumed__descriptor, resumed},
    {&baton__lead_converted__descriptor, converted},
    {&baton__lead_closed__descriptor, closed},
    {&baton__lead_recycled__descriptor, recycled},
    {&baton__lead_reopened__descriptor, reopened},
    {&baton__lead_territory_moved__descriptor, territory_moved},
    {&baton__lead_updated__descriptor, updated},
    {&baton__leads_merged__descriptor, merged},
    {&baton__lead_unmerged__descriptor, unmerged},
    {&baton__lead_followed__descriptor, followed},
};

void leads_evolve(Baton__Lead *lead, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].event != event->descriptor)
            continue;
        rows[i].evolve(lead, event, time_us, a);
        lead->has_revision = true;
        lead->revision++;
        lead->updated_at = timestamp_of(a, time_us);
    }
}

bool leads_manages(const Baton__Actor *actor, const struct leads_scope *scope)
{
    if (!actor->user_id || !actor_is(actor, BATON__ROLE__ROLE_MANAGER))
        return false;
    for (size_t i = 0; i < scope->n_managers; i++)
        if (strcmp(scope->managers[i], actor->user_id) == 0)
            return true;
    return false;
}

static bool is_actor(const Baton__Actor *actor, const char *user_id)
{
    return actor->user_id && user_id && strcmp(actor->user_id, user_id) == 0;
}

bool leads_may_act(const Baton__Actor *actor, const Baton__Lead *lead, const struct leads_scope *scope)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) || is_actor(actor, lead->owner_id) ||
           leads_manages(actor, scope);
}

bool leads_may_see(const Baton__Actor *actor, const Baton__Lead *lead, const struct leads_scope *scope)
{
    if (actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_INSIDE) ||
        actor_is(actor, BATON__ROLE__ROLE_SYSTEM))
        return true;
    if (actor_is(actor, BATON__ROLE__ROLE_SERVICE))
        return false;
    if (actor_is(actor, BATON__ROLE__ROLE_PARTNER) && is_actor(actor, lead->captured_by))
        return true;
    return is_actor(actor, lead->owner_id) || leads_manages(actor, scope);
}
