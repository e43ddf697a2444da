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

static void set_open(Baton__Lead *l, bool open)
{
    l->has_open = true;
    l->open = open;
}

/* Only who gave it back, let it pass or left: whom a manager took it from may get it again. */
static bool gave_it_up(const Baton__Decision *d)
{
    return d && (d->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DECLINED ||
                 d->trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_DEADLINE_PASSED ||
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
    l->response_due_at = e->response_due_at ? timestamp_of(a, timestamp_us(e->response_due_at)) : NULL;
    set_timer(l, timestamp_us(e->remind_at ? e->remind_at : e->response_due_at), false);
    l->has_decision_count = true;
    l->decision_count = e->decision ? e->decision->number : l->decision_count + 1;
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_ASSIGNED);
    set_open(l, true);
}

static void responded(Baton__Lead *l, int64_t time_us, struct arena *a)
{
    if (!l->first_responded_at)
        l->first_responded_at = timestamp_of(a, time_us);
    set_timer(l, 0, l->reminded);
}

static void accepted(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    set_status(l, BATON__LEAD_STATUS__LEAD_STATUS_WORKING);
    responded(l, time_us, a);
}

static void deadline_near(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    set_timer(l, timestamp_us(l->response_due_at), true);
}

static void deadline_passed(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a)
{
    set_timer(l, 0, l->reminded);
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

struct evolve_row {
    const ProtobufCMessageDescriptor *event;
    void (*evolve)(Baton__Lead *l, const ProtobufCMessage *event, int64_t time_us, struct arena *a);
};
static const struct evolve_row rows[] = {
    {&baton__lead_assigned__descriptor, assigned},
    {&baton__lead_accepted__descriptor, accepted},
    {&baton__lead_deadline_near__descriptor, deadline_near},
    {&baton__lead_deadline_passed__descriptor, deadline_passed},
    {&baton__lead_converted__descriptor, converted},
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
