/* The leads of one address: found where those of the same customer are, in memory. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

struct found {
    struct load *l;
    const struct command *c;
    const Baton__ListLeadsRequest *q;
    const char *owner_id, *email; /* email: folded */
    Baton__ListLeadsResponse *out;
};

static bool is_wanted(const struct found *f, const Baton__Lead *lead)
{
    struct leads_keys keys;
    struct leads_scope scope;
    bool any = f->q->n_status == 0;
    for (size_t i = 0; i < f->q->n_status; i++)
        any |= lead->has_status && lead->status == f->q->status[i];
    leads_keys_of(lead, &keys, f->l->arena);
    if (!any || !keys.email || strcmp(keys.email, f->email) != 0)
        return false;
    if (f->owner_id && (!lead->owner_id || strcmp(lead->owner_id, f->owner_id) != 0))
        return false;
    leads_scope_load(f->l, lead->owner_id, &scope);
    return leads_may_see(f->c->actor, lead, &scope);
}

static void add(struct found *f, const Baton__Lead *lead)
{
    Baton__ListLeadsResponse *out = f->out;
    for (size_t i = 0; i < out->n_leads; i++)
        if (strcmp(out->leads[i]->id, lead->id) == 0)
            return;
    Baton__Lead *whole =
        is_wanted(f, lead) ? table_get_id(f->l->txn, LEADS_LEAD, lead->id, f->l->arena) : NULL;
    if (whole)
        out->leads[out->n_leads++] = leads_partner_view(f->c->actor, whole, f->l->arena);
}

static int newest_first(const void *a, const void *b)
{
    const Baton__Lead *x = *(Baton__Lead *const *)a, *y = *(Baton__Lead *const *)b;
    return strcmp(y->id, x->id);
}

bool leads_query_list_email(struct load *l, const struct command *c, const char *owner_id,
                            ProtobufCMessage **reply)
{
    const struct leads_indexes *x = leads_state_match(l->state);
    Baton__Lead like = BATON__LEAD__INIT;
    struct leads_keys keys;
    struct near_keys hashes;
    char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
    struct found f = {.l = l, .c = c, .q = (const Baton__ListLeadsRequest *)c->request, .owner_id = owner_id};
    like.email = f.q->email;
    leads_keys_of(&like, &keys, l->arena);
    /* what its domain has in common with others is not looked for */
    keys.domain = NULL;
    f.email = keys.email;
    leads_hashes_of(&keys, &hashes);
    size_t n = x && keys.email ? near_index_find(x->leads, &hashes, ids) : 0;
    f.out = ARENA_NEW(l->arena, Baton__ListLeadsResponse);
    baton__list_leads_response__init(f.out);
    f.out->leads = ARENA_ARRAY(l->arena, Baton__Lead *, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        const Baton__Lead *lead = table_get_id(l->txn, LEADS_LEAD, ids[i], l->arena);
        if (!lead)
            continue;
        add(&f, leads_survivor(l, lead));
        add(&f, lead);
    }
    qsort(f.out->leads, f.out->n_leads, sizeof *f.out->leads, newest_first);
    if (f.q->page_size && f.q->page_size < f.out->n_leads)
        f.out->n_leads = f.q->page_size;
    *reply = &f.out->base;
    return true;
}
