/* Which leads are of somebody who was erased. */
#include <string.h>

#include "services/leads/erase.h"
#include "services/leads/rows.h"

static bool has(const struct leads_erase_facts *f, const char *id)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->lead_ids[i], id) == 0)
            return true;
    return false;
}

static void add(struct load *l, struct leads_erase_facts *f, const char *id)
{
    if (id && f->n < LEADS_ERASED_MAX && !has(f, id))
        f->lead_ids[f->n++] = arena_strdup(l->arena, id);
}

/* What was merged is the same customer, whichever way. */
static void add_same(struct load *l, struct leads_erase_facts *f, const Baton__Lead *lead)
{
    add(l, f, lead->merged_into_id);
    for (size_t i = 0; i < lead->n_merged_lead_ids; i++)
        add(l, f, lead->merged_lead_ids[i]);
}

void *leads_load_erased(struct load *l, const struct command *c)
{
    const Baton__PersonErased *e = (const Baton__PersonErased *)c->request;
    struct leads_erase_facts *f = ARENA_NEW(l->arena, struct leads_erase_facts);
    size_t kept = 0;
    f->lead_ids = ARENA_ARRAY(l->arena, char *, LEADS_ERASED_MAX);
    for (size_t i = 0; i < e->n_lead_ids; i++)
        add(l, f, e->lead_ids[i]);
    for (size_t i = 0; i < f->n; i++) {
        const Baton__Lead *lead = table_get_id(l->txn, LEADS_LEAD, f->lead_ids[i], l->arena);
        if (lead)
            add_same(l, f, lead);
    }
    for (size_t i = 0; i < f->n; i++) {
        const Baton__Lead *lead = table_get_id(l->txn, LEADS_LEAD, f->lead_ids[i], l->arena);
        if (lead && !lead->erased_at)
            f->lead_ids[kept++] = f->lead_ids[i];
    }
    f->n = kept;
    return f;
}
