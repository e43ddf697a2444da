/* Leads are placed anew: one that says something else now, and, where another model is active or a territory
   has changed, all open ones, some at a time. */
#include <string.h>

#include "services/leads/filter.h"
#include "services/leads/leads.h"

static Baton__TerritoryMoveAdvanced *advance(const Baton__TerritoryModel *model, const char *token,
                                             uint32_t moved, bool finished, struct stamp *s,
                                             struct outcome *out)
{
    Baton__TerritoryMoveAdvanced *e = ARENA_NEW(s->arena, Baton__TerritoryMoveAdvanced);
    baton__territory_move_advanced__init(e);
    e->model_id = model ? arena_strdup(s->arena, model->id) : NULL;
    e->token = arena_strdup(s->arena, token);
    e->has_moved = e->has_finished = true;
    e->moved = moved;
    e->finished = finished;
    outcome_event(out, e);
    return e;
}

bool leads_decide_model(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__TerritoryModel *m = (const Baton__TerritoryModel *)c->request;
    bool switched = false;
    for (size_t i = 0; c->change && i < c->change->n_fields; i++)
        switched = switched || strcmp(c->change->fields[i], "status") == 0;
    /* 1: who became active has all open leads looked at, from the first on, wherever another walk stands */
    if (switched && m->status == BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE)
        (void)advance(m, NULL, 0, false, s, out); /* at once */
    return true;
}

static bool is_of(const Baton__Territory *t, const Baton__TerritoryModel *m)
{
    return t->model_id && m ? strcmp(t->model_id, m->id) == 0 : !t->model_id && !m;
}

/* Names and calendars move nothing. */
static bool moves_leads(const Baton__Territory *t, const Baton__RecordChanged *change)
{
    static const char *const fields[] = {"rules", "parent_id", "priority", "kind"};
    if (change->kind != BATON__CHANGE_KIND__CHANGE_KIND_UPDATED)
        return t->n_rules > 0;
    for (size_t i = 0; i < change->n_fields; i++)
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            if (strcmp(change->fields[i], fields[k]) == 0)
                return true;
    return false;
}

bool leads_decide_territory(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__TerritoryModel *active = facts;
    const Baton__Territory *t = (const Baton__Territory *)c->request;
    /* 6: so it is where a territory that leads lie by comes, goes or changes, once that has come to rest */
    if (!is_of(t, active) || !moves_leads(t, c->change))
        return true;
    Baton__TerritoryMoveAdvanced *e = advance(active, NULL, 0, false, s, out);
    e->has_after_seconds = true;
    e->after_seconds = LEADS_MOVE_WAIT_S;
    return true;
}

bool leads_decide_mended(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    /* 7: what came, went or changed while nobody told us moves leads, too */
    (void)advance(facts, NULL, 0, false, s, out); /* at once */
    return true;
}

static bool lies_elsewhere(const Baton__Lead *a, const Baton__Lead *b)
{
    if (a->n_territory_ids != b->n_territory_ids)
        return true;
    for (size_t i = 0; i < a->n_territory_ids; i++)
        if (strcmp(a->territory_ids[i], b->territory_ids[i]) != 0)
            return true;
    return false;
}

static const char *destination(const struct leads_moving *m, struct arena *a)
{
    const char *text = NULL;
    for (int k = 0; k < LEADS_TREES; k++)
        if (m->spots[k].territory)
            text = arena_printf(a, "%s%srule %u of %s", text ? text : "", text ? ", " : "",
                                m->spots[k].rule + 1, m->spots[k].territory->name);
    return text ? text : "nowhere";
}

bool leads_territory_moves(const struct leads_territories *t, const Baton__TerritoryModel *model,
                           const Baton__Lead *lead, const char *from, struct arena *a,
                           struct leads_moving *out)
{
    *out = (struct leads_moving){.now = leads_copy(lead, a)};
    leads_territories_place(t, out->now, a);
    if (!lies_elsewhere(lead, out->now))
        return false;
    leads_territories_find(t, lead, a, out->spots);
    Baton__LeadTerritoryMoved *e = out->event = ARENA_NEW(a, Baton__LeadTerritoryMoved);
    baton__lead_territory_moved__init(e);
    e->lead_id = lead->id;
    e->model_id = model ? model->id : NULL;
    e->from_territory_ids = lead->territory_ids;
    e->n_from_territory_ids = lead->n_territory_ids;
    e->to_territory_ids = out->now->territory_ids;
    e->n_to_territory_ids = out->now->n_territory_ids;
    e->territory_id = out->now->territory_id;
    e->reason = arena_printf(a, "By model %s it moves from %s to %s.", model ? model->name : "none", from,
                             destination(out, a));
    return true;
}

static bool works_there(const struct leads_routing *r, const Baton__Lead *l, struct arena *a)
{
    uint32_t person = leads_person_find(r, l->owner_id);
    struct leads_words areas = leads_areas_of(r->territories, l, a);
    return person != LEADS_NOBODY && leads_words_common(&areas, &r->persons[person].territories);
}

/* 5: the model hands on what lies somewhere and whose holder does not work there */
static bool is_handed_on(const struct leads_routing *r, const Baton__Lead *l, struct arena *a)
{
    return r->model && r->model->hand_on && r->ready && l->owner_id && l->n_territory_ids &&
           !works_there(r, l, a);
}

bool leads_place_anew(const struct leads_routing *r, Baton__Lead *lead, const char *from, struct stamp *s,
                      struct outcome *out, const Baton__LeadAssigned **next)
{
    struct leads_moving m;
    *next = NULL;
    /* 2: what lies where it lay is left alone */
    if (!leads_territory_moves(r->territories, r->model, lead, from, s->arena, &m))
        return false;
    outcome_event(out, m.event);
    leads_evolve(lead, &m.event->base, s->now_us, s->arena);
    /* 3: its holder keeps it; 5 */
    if (!is_handed_on(r, lead, s->arena))
        return true;
    Baton__LeadAssigned *to = leads_route(r, lead, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_TERRITORY_MOVED, s);
    if (strcmp(to->owner_id, lead->owner_id) == 0)
        return true;
    outcome_event(out, to);
    leads_tell_skipped(r, to, s, out);
    leads_evolve(lead, &to->base, s->now_us, s->arena);
    *next = to;
    return true;
}

bool leads_decide_move(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct leads_move_facts *f = facts;
    uint32_t moved = 0;
    for (size_t i = 0; i < f->n_leads; i++) {
        Baton__Lead *lead = leads_copy(f->leads[i], s->arena);
        const Baton__LeadAssigned *next;
        moved += leads_place_anew(f->routing, lead, f->from[i], s, out, &next);
        if (!next)
            continue;
        leads_routing_note_shares(f->routing, next);
        leads_routing_note_open(f->routing, next->owner_id, 1);
        leads_routing_note_open(f->routing, f->leads[i]->owner_id, -1);
    }
    /* 4: finished at the end of all leads; whoever came since lies right already */
    (void)advance(f->routing->model, f->token, moved, !f->token, s, out); /* the next step at once */
    return true;
}
