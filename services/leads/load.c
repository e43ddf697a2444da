/* Rows to facts. */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "services/leads/rows.h"

/* Rows looked at and passed over would fill the batch's memory. */
enum { SCRATCH = 16 << 20 };

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
    const char *key = q->lead ? leads_capture_key(q->lead, c->actor, l->arena) : NULL;
    if (key)
        f->same_key = table_find(l->txn, LEADS_LEAD, "external_key", key, l->arena);
    if (f->same_key)
        leads_scope_load(l, f->same_key->owner_id, &f->scope);
    else if (q->lead)
        leads_known_load(l, q->lead, &f->known);
    return f;
}

/* The same words in the same form on the same day (UTC). */
static char *form_key(const Baton__SubmitFormRequest *q, struct load *l)
{
    const int64_t day_us = INT64_C(24) * 60 * 60 * 1000000;
    Baton__SubmitFormRequest same = *q;
    uint8_t hash[HASH_SIZE];
    char hex[HASH_TEXT_SIZE];
    same.request_id = NULL;
    same.original = NULL;
    same.has_shown_ms = false;
    hash2(hash, schema_pack(&same.base, l->arena), bytes_of(NULL, 0));
    hex_encode(hex, hash, HASH_SIZE / 2);
    return arena_printf(l->arena, "form %s|%lld-%s", q->form, (long long)(l->now_us / day_us), hex);
}

void *leads_load_form(struct load *l, const struct command *c)
{
    const Baton__SubmitFormRequest *q = (const Baton__SubmitFormRequest *)c->request;
    struct leads_capture_facts *f = ARENA_NEW(l->arena, struct leads_capture_facts);
    f->routing = leads_state_routing(l);
    f->form = table_find(l->txn, LEADS_LEAD_FORM, "name", q->form, l->arena);
    f->form_key = form_key(q, l);
    f->same_key = table_find(l->txn, LEADS_LEAD, "external_key", f->form_key, l->arena);
    if (!f->form || f->same_key)
        return f;
    f->read = leads_read_form(q, f->form, l->arena);
    if (!f->read.is_trapped)
        leads_known_load(l, f->read.lead, &f->known);
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
        const Baton__ScoreOutcome *o =
            f->lead->open ? NULL : table_get_id(l->txn, LEADS_SCORE_OUTCOME, f->lead->id, l->arena);
        f->counted = o ? o->count : NULL;
    }
    f->routing = leads_state_routing(l);
    return f;
}

void *leads_load_convert(struct load *l, const struct command *c)
{
    struct leads_lead_facts *f = leads_load_lead(l, c);
    const char *asked = ((const Baton__ConvertLeadRequest *)c->request)->account_id;
    const char *id = asked || !f->lead ? asked : f->lead->matched_account_id;
    f->account = table_get_id(l->txn, LEADS_ACCOUNT, id, l->arena);
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

void *leads_load_unseen(struct load *l, const struct command *c)
{
    struct leads_lead_facts *f = ARENA_NEW(l->arena, struct leads_lead_facts);
    f->lead = table_get_id(l->txn, LEADS_LEAD, schema_get_text(c->request, "lead_id"), l->arena);
    f->routing = f->lead ? with_holder(l, f->lead->owner_id) : NULL;
    return f;
}

/* Managers are asked for only where one is to be told. */
void *leads_load_due(struct load *l, const struct command *c)
{
    const Baton__Lead *lead = (const Baton__Lead *)c->request;
    struct leads_due_facts *f = ARENA_NEW(l->arena, struct leads_due_facts);
    if (lead->n_deadline_steps)
        leads_scope_load(l, lead->owner_id, &f->scope);
    for (size_t i = 0; i < f->scope.n_managers; i++)
        (void)leads_state_person(l, f->scope.managers[i]);
    f->from = lead->recycled_until ? leads_place_name(l, lead) : NULL;
    f->routing = with_holder(l, lead->owner_id);
    f->owner = &f->routing->persons[leads_person_find(f->routing, lead->owner_id)];
    return f;
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

void *leads_load_policy(struct load *l, const struct command *c)
{
    return (void *)(uintptr_t)leads_state_policy(l);
}
