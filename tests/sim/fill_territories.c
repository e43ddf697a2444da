/* Requests about territories and their models. */
#include "baton/v1/record.pb-c.h"
#include "sim/fill.h"

enum { KINDS = 4, MODELS_MAX = 12 };

static char *model_drawn(struct sim *sim, uint64_t *random)
{
    return (char *)(uintptr_t)known_draw(sim, KNOWN_TERRITORY_MODEL, random, NULL);
}

/* By company, which most leads of the simulator have: some of the few there are. */
static void rule_drawn(Baton__Territory *t, uint64_t *random, struct arena *arena)
{
    t->rules = ARENA_ARRAY(arena, Baton__TerritoryRule *, 1);
    Baton__TerritoryRule *rule = t->rules[t->n_rules++] = ARENA_NEW(arena, Baton__TerritoryRule);
    baton__territory_rule__init(rule);
    rule->companies = ARENA_ARRAY(arena, char *, FILL_NAMES);
    for (uint64_t i = 0; i < FILL_NAMES; i++)
        if (sim_below(random, 3) == 0 || i + 1 == FILL_NAMES)
            rule->companies[rule->n_companies++] = fill_name(arena, "Company", i);
}

/* Half of them below another, in its model and of its kind. */
bool fill_create_territory(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Territory t = BATON__TERRITORY__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    uint64_t n = sim_random(random);
    const char *above = NULL;
    t.name = fill_name(arena, "Territory", n);
    t.has_kind = true;
    t.kind = (Baton__TerritoryKind)(1 + n % KINDS);
    t.model_id = sim_below(random, 2) ? model_drawn(sim, random) : NULL;
    if (sim_below(random, 2))
        t.parent_id = (char *)(uintptr_t)known_draw(sim, KNOWN_TERRITORY, random, &above);
    if (t.parent_id) {
        t.kind = (Baton__TerritoryKind)(above[0] - '0');
        t.model_id = above[1] ? arena_strdup(arena, above + 1) : NULL;
    }
    t.has_priority = true;
    t.priority = (uint32_t)sim_below(random, 3);
    rule_drawn(&t, random, arena);
    q.request_id = a->id;
    q.record = record_wrap(&t.base, arena);
    fill_command(a, "directory", "RecordService/CreateRecord", &q, arena);
    return true;
}

/* Of one of a few postal codes. */
bool fill_create_place(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Place p = BATON__PLACE__INIT;
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    p.country = "DE";
    p.postal_code = fill_name(arena, "Code", sim_below(random, FILL_NAMES));
    p.has_latitude_e6 = p.has_longitude_e6 = true;
    p.latitude_e6 = (int32_t)sim_below(random, 90000000);
    p.longitude_e6 = (int32_t)sim_below(random, 180000000);
    q.request_id = a->id;
    q.record = record_wrap(&p.base, arena);
    fill_command(a, "leads", "RecordService/CreateRecord", &q, arena);
    return true;
}

/* Its rules become others, or it is deleted. */
bool fill_change_territory(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__Territory t = BATON__TERRITORY__INIT;
    Baton__UpdateRecordRequest q = BATON__UPDATE_RECORD_REQUEST__INIT;
    Baton__DeleteRecordRequest gone = BATON__DELETE_RECORD_REQUEST__INIT;
    t.id = gone.id = (char *)(uintptr_t)known_draw(sim, KNOWN_TERRITORY, random, NULL);
    if (!t.id)
        return false;
    q.request_id = gone.request_id = a->id;
    gone.type = "territory";
    rule_drawn(&t, random, arena);
    q.record = record_wrap(&t.base, arena);
    if (sim_below(random, 4) == 0)
        fill_command(a, "directory", "RecordService/DeleteRecord", &gone, arena);
    else
        fill_command(a, "directory", "RecordService/UpdateRecord", &q, arena);
    return true;
}

bool fill_copy_territories(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__CopyTerritoryModelRequest q = BATON__COPY_TERRITORY_MODEL_REQUEST__INIT;
    q.request_id = a->id;
    q.id = sim_below(random, 2) ? model_drawn(sim, random) : NULL;
    q.name = fill_name(arena, "Model", sim_random(random));
    fill_command(a, "directory", "DirectoryService/CopyTerritoryModel", &q, arena);
    return sim->known[KNOWN_TERRITORY_MODEL].n < MODELS_MAX;
}

bool fill_switch_model(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__SwitchTerritoryModelRequest q = BATON__SWITCH_TERRITORY_MODEL_REQUEST__INIT;
    q.request_id = a->id;
    q.id = model_drawn(sim, random);
    if (q.id)
        fill_command(a, "directory", "DirectoryService/SwitchTerritoryModel", &q, arena);
    return q.id != NULL;
}

void fill_territory_condition(struct sim *sim, Baton__Rule *rule, uint64_t *random, struct arena *arena)
{
    char *id = (char *)(uintptr_t)known_draw(sim, KNOWN_TERRITORY, random, NULL);
    if (!id)
        return;
    Baton__Condition *c = ARENA_NEW(arena, Baton__Condition);
    baton__condition__init(c);
    c->field = "territory";
    c->has_operator_ = true;
    c->operator_ = sim_below(random, 4) ? BATON__OPERATOR__OPERATOR_IS : BATON__OPERATOR__OPERATOR_IS_NOT;
    c->values = ARENA_ARRAY(arena, char *, 1);
    c->values[c->n_values++] = id;
    rule->conditions = ARENA_ARRAY(arena, Baton__Condition *, 1);
    rule->conditions[rule->n_conditions++] = c;
}
