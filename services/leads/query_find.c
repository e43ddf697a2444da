/* Leads by what is typed, by who may see them: as ListLeads has it. */
#include <string.h>

#include "base/hash.h"
#include "services/leads/rows.h"

enum { TAG_OWNER, TAG_CAPTURED_BY };
enum { HOLDERS_MAX = 2048, HOLDERS_SLOTS = 2 * HOLDERS_MAX };

/* Whether the caller manages a holder is asked once for each holder, as long as there is room to remember. */
struct looking {
    struct load *l;
    const struct command *c;
    struct holder {
        const char *id; /* NULL: empty */
        bool is_managed;
    } * holders; /* HOLDERS_SLOTS, open addressing */
    size_t n_holders;
};

static struct holder *slot_of(const struct looking *k, const char *owner_id)
{
    uint32_t at = crc32c(0, owner_id, strlen(owner_id)) % HOLDERS_SLOTS;
    while (k->holders[at].id && strcmp(k->holders[at].id, owner_id) != 0)
        at = (at + 1) % HOLDERS_SLOTS;
    return &k->holders[at];
}

static bool manages(struct looking *k, const char *owner_id)
{
    struct leads_scope scope;
    struct holder *h = slot_of(k, owner_id);
    if (h->id)
        return h->is_managed;
    leads_scope_load(k->l, owner_id, &scope);
    bool is_managed = leads_manages(k->c->actor, &scope);
    if (k->n_holders < HOLDERS_MAX) {
        *h = (struct holder){arena_strdup(k->l->arena, owner_id), is_managed};
        k->n_holders++;
    }
    return is_managed;
}

/* The rule itself is leads_may_see; here it is asked by what the index knows. */
static bool may(void *arg, const uint8_t id[IDENT_SIZE], const char *const tag[SEARCH_TAGS])
{
    struct looking *k = arg;
    static const struct leads_scope nobody;
    Baton__Lead lead = BATON__LEAD__INIT;
    lead.owner_id = (char *)(uintptr_t)tag[TAG_OWNER];
    lead.captured_by = (char *)(uintptr_t)tag[TAG_CAPTURED_BY];
    return leads_may_see(k->c->actor, &lead, &nobody) ||
           (lead.owner_id && actor_is(k->c->actor, BATON__ROLE__ROLE_MANAGER) && manages(k, lead.owner_id));
}

static Baton__FoundLead *found_of(struct looking *k, const struct finder_found *from)
{
    char id[IDENT_TEXT_SIZE];
    struct leads_scope scope = {.n_managers = 0};
    ident_format(id, from->hit.id);
    Baton__Lead *row = table_get_id(k->l->txn, LEADS_LEAD, id, k->l->arena);
    if (row && row->owner_id)
        leads_scope_load(k->l, row->owner_id, &scope);
    if (!row || !leads_may_see(k->c->actor, row, &scope))
        return NULL;
    Baton__FoundLead *f = ARENA_NEW(k->l->arena, Baton__FoundLead);
    baton__found_lead__init(f);
    f->lead = leads_partner_view(k->c->actor, row, k->l->arena);
    f->rank = finder_rank(&from->hit, k->l->arena);
    return f;
}

/* Whoever sees only what they hold or brought finds it by that; others are asked lead by lead. */
static const struct search_filter *only_of(const Baton__Actor *actor, struct search_tag own[2],
                                           struct search_filter *only)
{
    char *user_id = actor->user_id ? actor->user_id : (char *)(uintptr_t) "";
    own[0] = (struct search_tag){TAG_OWNER, user_id};
    own[1] = (struct search_tag){TAG_CAPTURED_BY, user_id};
    *only = (struct search_filter){own, actor_is(actor, BATON__ROLE__ROLE_PARTNER) ? 2 : 1};
    return actor_is(actor, BATON__ROLE__ROLE_PARTNER) || actor_is(actor, BATON__ROLE__ROLE_REP) ? only : NULL;
}

bool leads_query_find(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__SearchLeadsRequest *q = (const Baton__SearchLeadsRequest *)c->request;
    struct finder *finder = leads_state_finder(l->state);
    struct looking k = {.l = l, .c = c, .holders = ARENA_ARRAY(l->arena, struct holder, HOLDERS_SLOTS)};
    struct finder_page page;
    struct search_tag own[2];
    struct search_filter only;
    const struct finder_asked asked = {.search = q->search,
                                       .page_size = q->page_size,
                                       .page_token = q->page_token,
                                       .only = only_of(c->actor, own, &only),
                                       .may = may,
                                       .arg = &k};
    if (!finder_find(&finder, 1, l, &asked, &page, no))
        return false;
    Baton__SearchLeadsResponse *out = ARENA_NEW(l->arena, Baton__SearchLeadsResponse);
    baton__search_leads_response__init(out);
    out->found = ARENA_ARRAY(l->arena, Baton__FoundLead *, page.n);
    for (size_t i = 0; i < page.n; i++)
        if ((out->found[out->n_found] = found_of(&k, &page.found[i])))
            out->n_found++;
    out->next_page_token = page.next_page_token;
    out->has_cut = true;
    out->cut = page.cut;
    *reply = &out->base;
    return true;
}
