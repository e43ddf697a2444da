/* Reading leads, policies and custody, by who may. */
#include <string.h>

#include "services/leads/rows.h"
#include "store/log.h"

enum {
    PAGE_DEFAULT = 50,
    PAGE_MAX = 200,
    LOOK_MAX = 2000,            /* rows looked at for one page */
    PAGE_BYTES_MAX = 512 << 10, /* of a page */
    ROW_SCRATCH = 16 << 20,
};

Baton__Lead *leads_query_lead(struct load *l, const struct command *c, const char *id, struct refusal *no)
{
    struct leads_scope scope;
    Baton__Lead *lead = table_get_id(l->txn, LEADS_LEAD, id, l->arena);
    if (lead)
        leads_scope_load(l, lead->owner_id, &scope);
    if (lead && leads_may_see(c->actor, lead, &scope)) {
        leads_say_missing(lead, l->arena);
        return lead;
    }
    /* who holds what it was merged into reads what came in with that */
    const Baton__Lead *survivor = lead ? leads_survivor(l, lead) : NULL;
    if (survivor && survivor != lead) {
        leads_scope_load(l, survivor->owner_id, &scope);
        if (leads_may_see(c->actor, survivor, &scope))
            return lead;
    }
    (void)refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such lead");
    return NULL;
}

Baton__Original *leads_came_with(struct load *l, const Baton__Lead *lead)
{
    const Baton__LogRecord *record = log_get(l->txn, lead->captured_seq, l->arena);
    for (size_t i = 0; record && i < record->n_events; i++) {
        const Baton__Event *e = record->events[i];
        if (e->event_case == BATON__EVENT__EVENT_LEAD_CAPTURED &&
            strcmp(e->lead_captured->lead->id, lead->id) == 0)
            return e->lead_captured->original;
        if (e->event_case == BATON__EVENT__EVENT_LEAD_REJECTED &&
            strcmp(e->lead_rejected->lead->id, lead->id) == 0)
            return e->lead_rejected->original;
    }
    return NULL;
}

bool leads_query_get(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__GetLeadRequest *q = (const Baton__GetLeadRequest *)c->request;
    Baton__GetLeadResponse *out = ARENA_NEW(l->arena, Baton__GetLeadResponse);
    baton__get_lead_response__init(out);
    out->lead = leads_query_lead(l, c, q->id, no);
    if (!out->lead)
        return false;
    if (q->has_with_original && q->with_original)
        out->original = leads_came_with(l, out->lead);
    Baton__Lead *whole = out->lead;
    out->lead = leads_partner_view(c->actor, whole, l->arena);
    if (out->lead == whole) /* it names who holds the lead */
        out->acknowledgement = leads_acknowledgement(l, whole);
    *reply = &out->base;
    return true;
}

/* A page being filled. Whether the caller manages a holder is asked once for each holder. */
struct page {
    struct load *l;
    const struct command *c;
    const Baton__ListLeadsRequest *q;
    Baton__ListLeadsResponse *out;
    size_t most, bytes;
    struct holder {
        const char *id;
        struct leads_scope scope;
    } * holders;
    size_t n_holders;
};

static const struct leads_scope *scope_of(struct page *p, const char *owner_id)
{
    static const struct leads_scope nobody;
    if (!owner_id || !actor_is(p->c->actor, BATON__ROLE__ROLE_MANAGER))
        return &nobody;
    for (size_t i = 0; i < p->n_holders; i++)
        if (strcmp(p->holders[i].id, owner_id) == 0)
            return &p->holders[i].scope;
    struct holder *h = &p->holders[p->n_holders++];
    h->id = arena_strdup(p->l->arena, owner_id);
    leads_scope_load(p->l, h->id, &h->scope);
    return &h->scope;
}

static bool is_wanted(struct page *p, const Baton__Lead *lead)
{
    bool any = p->q->n_status == 0;
    for (size_t i = 0; i < p->q->n_status; i++)
        any |= lead->has_status && lead->status == p->q->status[i];
    return any && leads_may_see(p->c->actor, lead, scope_of(p, lead->owner_id));
}

/* What is passed over costs no memory beyond its own turn. True: there is more. */
static bool fill(struct page *p, struct table_scan *scan)
{
    struct arena *scratch = arena_new(ROW_SCRATCH);
    const Baton__Lead *row = NULL;
    size_t looked = 0;
    while (p->out->n_leads < p->most && looked < LOOK_MAX && p->bytes < PAGE_BYTES_MAX &&
           (row = table_scan_next(scan, scratch))) {
        looked++;
        if (is_wanted(p, row)) {
            Baton__Lead *lead = table_get_id(p->l->txn, LEADS_LEAD, row->id, p->l->arena);
            p->bytes += baton__lead__get_packed_size(lead);
            p->out->leads[p->out->n_leads++] = leads_partner_view(p->c->actor, lead, p->l->arena);
        }
        arena_reset(scratch);
    }
    arena_free(scratch);
    return row != NULL;
}

/* Whose leads are walked through; NULL: everybody's. False: the caller may not. */
static bool whose(struct load *l, const struct command *c, const char *wanted, const char **owner_id,
                  struct refusal *no)
{
    const Baton__Actor *actor = c->actor;
    struct leads_scope scope;
    *owner_id = wanted;
    if (!wanted) {
        if (actor_is(actor, BATON__ROLE__ROLE_REP))
            *owner_id = actor->user_id ? actor->user_id : "";
        return true;
    }
    if (!actor_is(actor, BATON__ROLE__ROLE_REP) && !actor_is(actor, BATON__ROLE__ROLE_MANAGER))
        return true;
    if (actor->user_id && strcmp(actor->user_id, wanted) == 0)
        return true;
    leads_scope_load(l, wanted, &scope);
    return leads_manages(actor, &scope) ||
           refuse(no, REFUSAL_PERMISSION_DENIED, "owner_id", "these are not your people's leads");
}

bool leads_query_list(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__ListLeadsRequest *q = (const Baton__ListLeadsRequest *)c->request;
    const char *owner_id;
    struct table_scan scan;
    if (!whose(l, c, q->owner_id, &owner_id, no))
        return false;
    if (q->email)
        return leads_query_list_email(l, c, owner_id, reply);
    if (!table_scan_open(&scan, l->txn, LEADS_LEAD, owner_id ? "owner_id" : NULL, owner_id, q->page_token,
                         true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListLeadsResponse *out = ARENA_NEW(l->arena, Baton__ListLeadsResponse);
    baton__list_leads_response__init(out);
    struct page p = {.l = l, .c = c, .q = q, .out = out, .most = q->page_size ? q->page_size : PAGE_DEFAULT};
    p.most = p.most < PAGE_MAX ? p.most : PAGE_MAX;
    out->leads = ARENA_ARRAY(l->arena, Baton__Lead *, p.most);
    if (actor_is(c->actor, BATON__ROLE__ROLE_MANAGER))
        p.holders = ARENA_ARRAY(l->arena, struct holder, LOOK_MAX);
    if (fill(&p, &scan))
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}

bool leads_query_custody(struct load *l, const struct command *c, ProtobufCMessage **reply,
                         struct refusal *no)
{
    Baton__GetCustodyResponse *out = ARENA_NEW(l->arena, Baton__GetCustodyResponse);
    baton__get_custody_response__init(out);
    struct key key = key_of(LEADS_CUSTODY_ID);
    out->custody = table_get(l->txn, LEADS_CUSTODY, &key, l->arena);
    if (!out->custody) {
        out->custody = ARENA_NEW(l->arena, Baton__Custody);
        baton__custody__init(out->custody);
        out->custody->id = (char *)LEADS_CUSTODY_ID;
        out->custody->has_received = out->custody->has_held = true;
        out->custody->has_merged = out->custody->has_rejected = true;
    }
    *reply = &out->base;
    return true;
}
