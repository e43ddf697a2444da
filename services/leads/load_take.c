/* Facts for who takes the next lead of a queue. */
#include "services/leads/rows.h"

enum { CHOICE = 2, SCRATCH = 4 << 20 };

/* Rows looked at and passed over would fill the batch's memory. Of those that are not for the caller the
   first is enough to say why. */
static void waiting_load(struct load *l, const Baton__TakeNextLeadRequest *q, struct leads_take_facts *f)
{
    const char *token = q->page_token && *q->page_token ? q->page_token : NULL;
    struct table_scan scan;
    struct arena *scratch = arena_new(SCRATCH);
    struct key queue = key_of(q->pool_id);
    const Baton__WaitingLead *row;
    bool found = false;
    int looked = 0;
    f->waiting = ARENA_ARRAY(l->arena, Baton__Lead *, CHOICE);
    f->is_bad_token = !table_scan_under(&scan, l->txn, LEADS_WAITING, &queue, NULL, token, false);
    if (!f->is_bad_token) {
        for (; looked < LEADS_LOOKED_AT_MAX && !found && (row = table_scan_next(&scan, scratch)); looked++) {
            const Baton__Lead *lead = table_get_id(l->txn, LEADS_LEAD, row->lead_id, scratch);
            found = lead && !leads_take_obstacle(f->routing, lead, f->person, scratch);
            if (lead && (found || !f->n_waiting))
                f->waiting[f->n_waiting++] = table_get_id(l->txn, LEADS_LEAD, row->lead_id, l->arena);
            arena_reset(scratch);
        }
        char *here = looked == LEADS_LOOKED_AT_MAX && !found ? table_scan_token(&scan, l->arena) : NULL;
        f->more = here && table_scan_next(&scan, scratch) ? here : NULL;
        table_scan_close(&scan);
    }
    arena_free(scratch);
}

void *leads_load_take(struct load *l, const struct command *c)
{
    const Baton__TakeNextLeadRequest *q = (const Baton__TakeNextLeadRequest *)c->request;
    struct leads_take_facts *f = ARENA_NEW(l->arena, struct leads_take_facts);
    f->pool = table_get_id(l->txn, LEADS_POOL, q->pool_id, l->arena);
    f->person = leads_state_person(l, c->actor->user_id);
    f->routing = leads_state_routing(l);
    if (f->pool && f->person != LEADS_NOBODY)
        waiting_load(l, q, f);
    /* their keepers are entered, too, as the counts of what they hold follow */
    for (size_t i = 0; i < f->n_waiting; i++)
        (void)leads_state_person(l, f->waiting[i]->owner_id);
    f->routing = leads_state_routing(l);
    return f;
}
