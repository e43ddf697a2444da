/* Handing on what somebody who left has held. */
#include <string.h>

#include "services/leads/leads.h"

static void advance(const char *user_id, uint32_t handed_on, bool finished, struct stamp *s,
                    struct outcome *out)
{
    Baton__HandoverAdvanced *e = ARENA_NEW(s->arena, Baton__HandoverAdvanced);
    baton__handover_advanced__init(e);
    e->user_id = arena_strdup(s->arena, user_id);
    e->has_handed_on = e->has_finished = true;
    e->handed_on = handed_on;
    e->finished = finished;
    outcome_event(out, e);
}

bool leads_decide_leaver(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_leaver_facts *f = facts;
    const Baton__User *u = (const Baton__User *)c->request;
    bool gone = c->change && c->change->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    bool inactive = u->has_status && u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE;
    /* 4: who leaves and holds open leads hands them on, beginning now; once is enough */
    if ((gone || inactive) && f->holds_open && !f->under_way)
        advance(u->id, 0, false, s, out);
    return true;
}

bool leads_decide_handover(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_handover_facts *f = facts;
    const Baton__Handover *h = (const Baton__Handover *)c->request;
    uint32_t n = 0;
    /* 5: who came back keeps what is left */
    /* 6: each lead goes to the next, and the next lead knows of it */
    for (size_t i = 0; !f->returned && i < f->n_leads; i++) {
        const Baton__Lead *l = f->leads[i];
        Baton__LeadAssigned *next =
            leads_route(f->routing, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_HOLDER_LEFT, s);
        if (strcmp(next->owner_id, l->owner_id) == 0)
            continue; /* the last resort itself has left: tried again later, kept until then */
        outcome_event(out, next);
        leads_tell_skipped(f->routing, next, s, out);
        leads_routing_note_shares(f->routing, next);
        leads_routing_note_received(f->routing, next);
        leads_routing_note_open(f->routing, next->owner_id, 1);
        leads_routing_note_open(f->routing, l->owner_id, -1);
        n++;
    }
    /* 7: finished when nothing is left */
    advance(h->user_id, n, f->returned || !f->n_leads, s, out);
    return true;
}
