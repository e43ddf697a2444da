/* Rows to facts. */
#include <string.h>

#include "base/text.h"
#include "services/leads/rows.h"

/* Rows looked at and passed over would fill the batch's memory. */
enum { SCRATCH = 16 << 20 };

Baton__Policy *leads_policy_newest(struct txn *t, struct arena *a)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, t, LEADS_POLICY, NULL, NULL, NULL, true))
        return NULL;
    Baton__Policy *p = table_scan_next(&scan, a);
    table_scan_close(&scan);
    return p;
}

void leads_scope_load(struct load *l, const char *owner_id, struct leads_scope *scope)
{
    const Baton__User *owner = table_get_id(l->txn, LEADS_USER, owner_id, l->arena);
    const char *team_id = owner ? owner->team_id : NULL;
    scope->n_managers = 0;
    for (int depth = 0; team_id && depth < LEADS_MANAGERS_MAX; depth++) {
        const Baton__Team *team = table_get_id(l->txn, LEADS_TEAM, team_id, l->arena);
        if (team && team->manager_id)
            scope->managers[scope->n_managers++] = team->manager_id;
        team_id = team ? team->parent_id : NULL;
    }
}

void *leads_load_capture(struct load *l, const struct command *c)
{
    const Baton__CaptureLeadRequest *q = (const Baton__CaptureLeadRequest *)c->request;
    struct leads_capture_facts *f = ARENA_NEW(l->arena, struct leads_capture_facts);
    f->routing = leads_state_routing(l);
    const char *key = q->lead ? leads_external_key(q->lead, l->arena) : NULL;
    if (key)
        f->same_key = table_find(l->txn, LEADS_LEAD, "external_key", key, l->arena);
    if (f->same_key)
        leads_scope_load(l, f->same_key->owner_id, &f->scope);
    return f;
}

void *leads_load_form(struct load *l, const struct command *c)
{
    const Baton__SubmitFormRequest *q = (const Baton__SubmitFormRequest *)c->request;
    struct leads_capture_facts *f = ARENA_NEW(l->arena, struct leads_capture_facts);
    f->routing = leads_state_routing(l);
    f->form = table_find(l->txn, LEADS_LEAD_FORM, "name", q->form, l->arena);
    return f;
}

/* Every request about one lead calls its field `id`. Who gives a lead up is named in the reason for the next,
   so the holder's place in the routing comes first. */
void *leads_load_lead(struct load *l, const struct command *c)
{
    struct leads_lead_facts *f = ARENA_NEW(l->arena, struct leads_lead_facts);
    f->target = LEADS_NOBODY;
    f->lead = table_get_id(l->txn, LEADS_LEAD, schema_get_text(c->request, "id"), l->arena);
    if (f->lead) {
        leads_scope_load(l, f->lead->owner_id, &f->scope);
        (void)leads_state_person(l, f->lead->owner_id);
    }
    f->routing = leads_state_routing(l);
    return f;
}

void *leads_load_assign(struct load *l, const struct command *c)
{
    const Baton__AssignLeadRequest *q = (const Baton__AssignLeadRequest *)c->request;
    uint32_t target = table_get_id(l->txn, LEADS_USER, q->owner_id, l->arena)
                          ? leads_state_person(l, q->owner_id)
                          : LEADS_NOBODY;
    (void)leads_state_person(l, c->actor->user_id); /* so that the giver has a name */
    struct leads_lead_facts *f = leads_load_lead(l, c);
    f->target = target;
    return f;
}

static void *with_holder(struct load *l, const char *owner_id)
{
    (void)leads_state_person(l, owner_id);
    return (void *)(uintptr_t)leads_state_routing(l);
}

void *leads_load_routing(struct load *l, const struct command *c)
{
    return with_holder(l, ((const Baton__Lead *)c->request)->owner_id);
}

void *leads_load_leaver(struct load *l, const struct command *c)
{
    const Baton__User *u = (const Baton__User *)c->request;
    struct leads_leaver_facts *f = ARENA_NEW(l->arena, struct leads_leaver_facts);
    struct key key = key_of(u->id);
    const Baton__Holding *h = table_get(l->txn, LEADS_HOLDING, &key, l->arena);
    f->holds_open = h && h->open;
    f->under_way = table_get(l->txn, LEADS_HANDOVER, &key, l->arena) != NULL;
    return f;
}

/* Newest first: what is open is seldom old, and the walk ends when all that is open has been seen. */
static void open_leads(struct load *l, const char *owner_id, uint64_t open, struct leads_handover_facts *f)
{
    struct table_scan scan;
    struct arena *scratch = arena_new(SCRATCH);
    const Baton__Lead *lead;
    if (table_scan_open(&scan, l->txn, LEADS_LEAD, "owner_id", owner_id, NULL, true)) {
        while (f->n_leads < LEADS_HANDOVER_STEP && f->n_leads < open &&
               (lead = table_scan_next(&scan, scratch))) {
            if (lead->has_open && lead->open)
                f->leads[f->n_leads++] = table_get_id(l->txn, LEADS_LEAD, lead->id, l->arena);
            arena_reset(scratch);
        }
        table_scan_close(&scan);
    }
    arena_free(scratch);
}

void *leads_load_handover(struct load *l, const struct command *c)
{
    const Baton__Handover *h = (const Baton__Handover *)c->request;
    struct leads_handover_facts *f = ARENA_NEW(l->arena, struct leads_handover_facts);
    const Baton__User *u = table_get_id(l->txn, LEADS_USER, h->user_id, l->arena);
    struct key key = key_of(h->user_id);
    const Baton__Holding *holding = table_get(l->txn, LEADS_HOLDING, &key, l->arena);
    f->routing = leads_routing_copy(with_holder(l, h->user_id), l->arena);
    f->returned = u && u->has_status && u->status == BATON__USER_STATUS__USER_STATUS_ACTIVE;
    f->leads = ARENA_ARRAY(l->arena, Baton__Lead *, LEADS_HANDOVER_STEP);
    if (holding && !f->returned)
        open_leads(l, h->user_id, holding->open, f);
    return f;
}

void *leads_load_publish(struct load *l, const struct command *c)
{
    const Baton__PublishPolicyRequest *q = (const Baton__PublishPolicyRequest *)c->request;
    struct leads_publish_facts *f = ARENA_NEW(l->arena, struct leads_publish_facts);
    const Baton__Policy *now = leads_state_policy(l);
    bool *known = ARENA_ARRAY(l->arena, bool, q->policy->n_rules);
    for (size_t i = 0; i < q->policy->n_rules; i++) {
        struct key key = key_of(q->policy->rules[i]->pool_id);
        known[i] = table_seq(l->txn, LEADS_POOL, &key) != 0;
    }
    f->version = now ? now->version : 0;
    f->pool_known = known;
    return f;
}

void *leads_load_policy(struct load *l, const struct command *c)
{
    return (void *)(uintptr_t)leads_state_policy(l);
}
