/* Making the decisions of a log again: the same way, or another. */
#include "services/leads/replay.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "service/apply.h"
#include "services/leads/rows.h"

enum { LEAVER_STEP = 1000 };

struct leads_replay {
    struct load load;
    struct leads_replay_watch watch;
    const Baton__Policy *candidate; /* NULL: as the log went */
    uint64_t decisions;
};

/* A record on its way: what of it is still to be applied. */
struct part {
    struct leads_replay *r;
    const Baton__LogRecord *record;
    Baton__Event **events;
    size_t n;
};

void leads_replay_tables(struct table_def out[LEADS_TABLES], bool tries)
{
    static const unsigned never_read[] = {LEADS_DECISION, LEADS_CUSTODY, LEADS_WAITING,
                                          LEADS_ACCOUNT,  LEADS_CONTACT, LEADS_SHADOW_COUNT};
    memcpy(out, leads_tables, LEADS_TABLES * sizeof *out);
    for (size_t i = 0; i < sizeof never_read / sizeof *never_read; i++)
        out[never_read[i]].kept = TABLE_NOTHING;
    out[LEADS_LEAD].kept = TABLE_ROWS;
    out[LEADS_LEAD].index = tries ? "owner_id" : NULL; /* 3: what a leaver holds */
}

struct leads_replay *leads_replay_new(struct txn *t, const struct leads_replay_watch *watch)
{
    struct leads_replay *r = calloc(1, sizeof *r);
    assert(r);
    r->watch = *watch;
    r->load.txn = t;
    r->load.state = leads_state_new();
    return r;
}

void leads_replay_free(struct leads_replay *r)
{
    if (r)
        leads_state_free(r->load.state);
    free(r);
}

void leads_replay_go_on(struct leads_replay *r, struct txn *t)
{
    r->load.txn = t;
}

uint64_t leads_replay_decisions(const struct leads_replay *r)
{
    return r->decisions;
}

static ProtobufCMessage *payload_of(const Baton__Event *e)
{
    const struct schema_field *member;
    return schema_oneof(&e->base, &member);
}

/* What has been collected becomes rows, as it did in the service. */
static void apply_part(struct part *p)
{
    Baton__LogRecord some = *p->record;
    some.events = p->events;
    some.n_events = p->n;
    service_apply_live(&leads_service, p->r->load.txn, &some, p->r->load.arena, p->r->load.state);
    p->n = 0;
}

/* Events behind which a decision of the same record sees the lead as they make it. */
static bool is_seen(const ProtobufCMessage *payload)
{
    return payload->descriptor == &baton__lead_territory_moved__descriptor ||
           payload->descriptor == &baton__lead_updated__descriptor ||
           payload->descriptor == &baton__lead_reopened__descriptor ||
           payload->descriptor == &baton__lead_unmerged__descriptor;
}

static const Baton__Lead *captured_now(const struct part *p, const char *lead_id)
{
    for (size_t i = 0; i < p->n; i++) {
        const Baton__Lead *l = p->events[i]->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED
                                   ? p->events[i]->lead_captured->lead
                                   : NULL;
        if (l && strcmp(l->id, lead_id) == 0)
            return l;
    }
    return NULL;
}

/* The lead as the decision saw it: what came in just now, or the row before most of this record's events. */
static const Baton__Lead *lead_seen(const struct part *p, const char *lead_id)
{
    struct arena *a = p->r->load.arena;
    const Baton__Lead *captured = captured_now(p, lead_id);
    Baton__Lead *lead = captured ? NULL : table_get_id(p->r->load.txn, LEADS_LEAD, lead_id, a);
    for (size_t i = 0; lead && i < p->n; i++) {
        const ProtobufCMessage *payload = payload_of(p->events[i]);
        if (!is_seen(payload) || strcmp(schema_get_text(payload, "lead_id"), lead_id) != 0)
            continue;
        lead = leads_copy(lead, a);
        leads_evolve(lead, payload, p->r->load.now_us, a);
    }
    return captured ? captured : lead;
}

/* Whoever the service had looked up has to be known here as well. */
static const struct leads_routing *routing_for(struct leads_replay *r, const Baton__Lead *lead,
                                               const Baton__Actor *actor, const char *target)
{
    (void)leads_state_person(&r->load, target);
    (void)leads_state_person(&r->load, target ? actor->user_id : NULL);
    (void)leads_state_person(&r->load, lead->owner_id);
    const struct leads_routing *routing = leads_state_routing(&r->load);
    return routing->ready ? routing : NULL;
}

static Baton__LeadAssigned *decide(struct part *p, const Baton__Lead *lead, Baton__RouteTrigger trigger,
                                   const char *target)
{
    static const Baton__Actor nobody = BATON__ACTOR__INIT;
    struct leads_replay *r = p->r;
    struct stamp s = {.now_us = r->load.now_us, .arena = r->load.arena};
    s.actor = p->record->actor ? p->record->actor : &nobody;
    const struct leads_routing *routing = routing_for(r, lead, s.actor, target);
    if (!routing)
        return NULL;
    r->decisions++;
    if (!target)
        return leads_route(routing, lead, trigger, &s);
    uint32_t person = leads_person_find(routing, target);
    if (person == LEADS_NOBODY)
        return NULL;
    if (trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK)
        return leads_give_back(routing, lead, person, &s);
    return trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TAKEN ? leads_take(routing, lead, person, &s)
                                                                : leads_give(routing, lead, person, &s);
}

static const char *target_of(const Baton__LeadAssigned *e)
{
    return e->decision->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_BY_HAND ||
                   e->decision->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_TAKEN ||
                   e->decision->cause == BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_HELD_BEFORE
               ? e->owner_id
               : NULL;
}

static const char *pool_of(const struct part *p, const ProtobufCMessage *payload)
{
    if (payload->descriptor == &baton__lead_assigned__descriptor)
        return ((const Baton__LeadAssigned *)payload)->pool_id;
    const Baton__Lead *l =
        table_get_id(p->r->load.txn, LEADS_LEAD, schema_get_text(payload, "lead_id"), p->r->load.arena);
    return l ? l->pool_id : NULL;
}

static bool is_told(const ProtobufCMessage *payload)
{
    return payload->descriptor == &baton__lead_assigned__descriptor ||
           payload->descriptor == &baton__lead_accepted__descriptor ||
           payload->descriptor == &baton__lead_deadline_passed__descriptor;
}

static void tell(const struct part *p, const ProtobufCMessage *payload, const Baton__LeadAssigned *logged)
{
    const struct leads_replay_watch *w = &p->r->watch;
    if (!w->happened || !is_told(payload))
        return;
    struct leads_replay_event e = {
        .payload = payload, .logged = logged, .pool_id = pool_of(p, payload), .time_us = p->r->load.now_us};
    w->happened(w->arg, &e);
}

/* --- the way the log went --- */

/* What the policy in the shadow says has changed nothing else. */
static bool is_untouched(const struct part *p, const Baton__Lead *lead, const Baton__LeadAssigned *logged,
                         const struct leads_routing *routing)
{
    struct arena *a = p->r->load.arena;
    struct leads_routing alone = *routing;
    struct stamp s = {.now_us = p->r->load.now_us, .actor = p->record->actor, .arena = a};
    Baton__LeadAssigned *said = arena_copy(a, logged, sizeof *logged);
    alone.shadow = NULL;
    said->shadow = NULL;
    const Baton__LeadAssigned *now = leads_route(&alone, lead, logged->decision->trigger, &s);
    return schema_equal(&now->base, &said->base);
}

static void check(struct part *p, const Baton__LeadAssigned *logged)
{
    const Baton__Lead *lead = lead_seen(p, logged->lead_id);
    const Baton__LeadAssigned *now =
        lead ? decide(p, lead, logged->decision->trigger, target_of(logged)) : NULL;
    if (!now || !schema_equal(&now->base, &logged->base) ||
        (now->shadow && !is_untouched(p, lead, logged, leads_state_routing(&p->r->load))))
        p->r->watch.differs(p->r->watch.arg, p->record->seq, logged, now);
}

static void take_logged(struct part *p, Baton__Event *event, ProtobufCMessage *payload)
{
    bool decided = payload->descriptor == &baton__lead_assigned__descriptor;
    const Baton__LeadAssigned *e = decided ? (const Baton__LeadAssigned *)payload : NULL;
    if (e && e->decision)
        check(p, e);
    tell(p, payload, e);
    p->events[p->n++] = event;
    if (decided)
        apply_part(p);
}

/* --- the other way --- */

static void add(struct part *p, void *payload, const Baton__LeadAssigned *logged)
{
    struct outcome out = {.arena = p->r->load.arena};
    outcome_event(&out, payload);
    tell(p, payload, logged);
    p->events[p->n++] = out.events[0];
}

static bool is_user(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* 1 and 3: a decision is made again where its occasion is there; somebody else's stays away. */
static void assign(struct part *p, const Baton__LeadAssigned *logged)
{
    Baton__RouteTrigger trigger = logged->decision->trigger;
    const char *target = target_of(logged);
    const Baton__Lead *lead = lead_seen(p, logged->lead_id);
    bool comes_back = trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_CAME_BACK;
    bool has_occasion =
        lead && (trigger == BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED || (target && !comes_back) ||
                 is_user(lead->owner_id, logged->previous_owner_id));
    Baton__LeadAssigned *now = has_occasion ? decide(p, lead, trigger, target) : NULL;
    if (now && (comes_back || !is_user(now->owner_id, lead->owner_id)))
        add(p, now, logged);
    apply_part(p);
}

/* 2: what the holder of the log did with their time does not happen to another. */
static bool happens_to(struct part *p, const ProtobufCMessage *payload)
{
    static const ProtobufCMessageDescriptor *const holders[] = {
        &baton__lead_deadline_passed__descriptor, &baton__lead_deadline_near__descriptor,
        &baton__lead_declined__descriptor,        &baton__lead_escalated__descriptor,
        &baton__lead_paused__descriptor,          &baton__lead_resumed__descriptor,
        &baton__lead_recycled__descriptor,
    };
    bool is_holders = false;
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        is_holders |= payload->descriptor == holders[i];
    if (!is_holders)
        return true;
    const Baton__Lead *lead = lead_seen(p, schema_get_text(payload, "lead_id"));
    return lead && is_user(lead->owner_id, schema_get_text(payload, "owner_id"));
}

static bool is_about_policies(const ProtobufCMessage *payload)
{
    return payload->descriptor == &baton__policy_published__descriptor ||
           payload->descriptor == &baton__policy_activated__descriptor ||
           payload->descriptor == &baton__policy_drafted__descriptor ||
           payload->descriptor == &baton__policy_shadowed__descriptor ||
           payload->descriptor == &baton__policy_shadow_ended__descriptor ||
           payload->descriptor == &baton__rule_skipped__descriptor;
}

/* A lead that has an answer here has got it from whoever holds it here. */
static ProtobufCMessage *as_here(struct part *p, ProtobufCMessage *payload)
{
    if (payload->descriptor != &baton__lead_accepted__descriptor)
        return payload;
    Baton__LeadAccepted *e = arena_copy(p->r->load.arena, payload, sizeof *e);
    const Baton__Lead *lead = lead_seen(p, e->lead_id);
    if (lead)
        e->owner_id = lead->owner_id;
    return &e->base;
}

static void take_other(struct part *p, ProtobufCMessage *payload)
{
    if (payload->descriptor == &baton__lead_assigned__descriptor &&
        ((const Baton__LeadAssigned *)payload)->decision)
        assign(p, (const Baton__LeadAssigned *)payload);
    else if (!is_about_policies(payload) && happens_to(p, payload))
        add(p, as_here(p, payload), NULL);
}

static size_t held_by(struct leads_replay *r, const char *user_id, const Baton__Lead **out)
{
    struct table_scan scan;
    const Baton__Lead *lead;
    size_t n = 0;
    if (!table_scan_open(&scan, r->load.txn, LEADS_LEAD, "owner_id", user_id, NULL, true))
        return 0;
    while (n < LEAVER_STEP && (lead = table_scan_next(&scan, r->load.arena)))
        if (lead->open)
            out[n++] = lead;
    table_scan_close(&scan);
    return n;
}

/* 3: who leaves holds other leads here than in the log. */
static void hand_on(struct part *p, const Baton__HandoverAdvanced *e)
{
    const Baton__Lead **leads = ARENA_ARRAY(p->r->load.arena, const Baton__Lead *, LEAVER_STEP);
    const Baton__User *u = table_get_id(p->r->load.txn, LEADS_USER, e->user_id, p->r->load.arena);
    bool gone = !u || u->status != BATON__USER_STATUS__USER_STATUS_ACTIVE;
    size_t n = gone && e->finished ? held_by(p->r, e->user_id, leads) : 0;
    for (size_t i = 0; i < n; i++) {
        Baton__LeadAssigned *now = decide(p, leads[i], BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT, NULL);
        if (now && !is_user(now->owner_id, leads[i]->owner_id))
            add(p, now, NULL);
        apply_part(p);
    }
}

void leads_replay_try(struct leads_replay *r, const Baton__Policy *candidate, struct arena *a)
{
    Baton__Event event = BATON__EVENT__INIT, *events[] = {&event};
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    Baton__PolicyPublished published = BATON__POLICY_PUBLISHED__INIT;
    Baton__Policy *now = leads_policy_in_force(r->load.txn, a), p = *candidate;
    p.has_version = p.has_status = true;
    p.version = now ? now->version + 1 : 1;
    p.status = BATON__POLICY_STATUS__POLICY_STATUS_ACTIVE;
    published.policy = &p;
    event.event_case = BATON__EVENT__EVENT_POLICY_PUBLISHED;
    event.policy_published = &published;
    record.events = events;
    record.n_events = 1;
    service_apply_live(&leads_service, r->load.txn, &record, a, r->load.state);
    r->candidate = candidate;
}

void leads_replay_record(struct leads_replay *r, const Baton__LogRecord *record, struct arena *a)
{
    struct part p = {.r = r, .record = record};
    r->load.arena = a;
    r->load.now_us = (int64_t)record->time_us;
    p.events = ARENA_ARRAY(a, Baton__Event *, record->n_events);
    for (size_t i = 0; i < record->n_events; i++) {
        ProtobufCMessage *payload = payload_of(record->events[i]);
        if (!payload)
            continue; /* newer than this program */
        if (r->candidate)
            take_other(&p, payload);
        else
            take_logged(&p, record->events[i], payload);
    }
    apply_part(&p);
    for (size_t i = 0; r->candidate && i < record->n_events; i++)
        if (record->events[i]->event_case == BATON__EVENT__EVENT_HANDOVER_ADVANCED)
            hand_on(&p, record->events[i]->handover_advanced);
}
