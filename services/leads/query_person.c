/* Leads of a person, with what they came in with. */
#include <string.h>

#include "services/leads/rows.h"

enum {
    PAGE_DEFAULT = 50,
    PAGE_MAX = 200,
    LOOK_MAX = 2000,            /* rows looked at for one page */
    PAGE_BYTES_MAX = 768 << 10, /* of a page that has more than one */
    ROW_SCRATCH = 16 << 20,
};

struct page {
    struct load *l;
    const Baton__ListPersonLeadsRequest *q;
    Baton__ListPersonLeadsResponse *out;
    size_t most, bytes;
};

static bool is_named(const Baton__ListPersonLeadsRequest *q, const char *id)
{
    for (size_t i = 0; id && i < q->n_contact_ids; i++)
        if (strcmp(q->contact_ids[i], id) == 0)
            return true;
    return false;
}

/* What was merged is the same customer. */
static bool is_theirs(struct page *p, const Baton__Lead *lead, struct arena *a)
{
    struct load rows = *p->l;
    rows.arena = a;
    const Baton__Lead *survivor = leads_survivor(&rows, lead);
    return is_named(p->q, lead->matched_contact_id) || is_named(p->q, lead->converted_contact_id) ||
           is_named(p->q, survivor->matched_contact_id) || is_named(p->q, survivor->converted_contact_id);
}

/* False: it does not fit any more, and the next page begins with it. */
static bool add(struct page *p, const struct table_scan *scan, const char *id)
{
    struct arena *a = p->l->arena;
    Baton__PersonLead *x = ARENA_NEW(a, Baton__PersonLead);
    baton__person_lead__init(x);
    x->lead = table_get_id(p->l->txn, LEADS_LEAD, id, a);
    x->original = leads_came_with(p->l, x->lead);
    const size_t size = baton__person_lead__get_packed_size(x);
    if (p->out->n_leads && p->bytes + size > PAGE_BYTES_MAX)
        return false;
    p->bytes += size;
    p->out->leads[p->out->n_leads++] = x;
    p->out->next_page_token = table_scan_token(scan, a);
    return true;
}

/* What is passed over costs no memory beyond its own turn. */
static void fill(struct page *p, struct table_scan *scan)
{
    struct arena *scratch = arena_new(ROW_SCRATCH);
    const Baton__Lead *row = NULL;
    bool fits = true;
    for (size_t looked = 0; fits && p->out->n_leads < p->most && looked < LOOK_MAX; looked++) {
        arena_reset(scratch);
        row = table_scan_next(scan, scratch);
        if (!row)
            break;
        if (is_theirs(p, row, scratch))
            fits = add(p, scan, row->id);
    }
    if (!row)
        p->out->next_page_token = NULL;
    else if (fits)
        p->out->next_page_token = table_scan_token(scan, p->l->arena);
    arena_free(scratch);
}

bool leads_query_person(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__ListPersonLeadsRequest *q = (const Baton__ListPersonLeadsRequest *)c->request;
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, LEADS_LEAD, NULL, NULL, q->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListPersonLeadsResponse *out = ARENA_NEW(l->arena, Baton__ListPersonLeadsResponse);
    baton__list_person_leads_response__init(out);
    struct page p = {.l = l, .q = q, .out = out, .most = q->page_size ? q->page_size : PAGE_DEFAULT};
    p.most = p.most < PAGE_MAX ? p.most : PAGE_MAX;
    out->leads = ARENA_ARRAY(l->arena, Baton__PersonLead *, p.most);
    fill(&p, &scan);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}
