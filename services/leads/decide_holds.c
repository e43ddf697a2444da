/* Whether the conditions of a rule hold for a lead. */
#include <string.h>

#include "services/leads/rules.h"

void leads_match_init(struct leads_match *m, const struct leads_policy *policy,
                      const struct leads_territories *territories, const Baton__Lead *lead, struct arena *a)
{
    *m = (struct leads_match){.policy = policy, .territories = territories, .lead = lead, .arena = a};
    m->seen = ARENA_ARRAY(a, struct leads_value, policy->n_paths);
    m->is_seen = ARENA_ARRAY(a, bool, policy->n_paths);
}

static bool same(enum leads_kind kind, const struct leads_value *a, const struct leads_value *b)
{
    if (kind == LEADS_KIND_NUMBER || kind == LEADS_KIND_FLAG)
        return a->number == b->number;
    return a->hash == b->hash && a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

/* A flag nobody set is one that is off; of anything else, what is absent equals nothing. */
static bool is_any(enum leads_kind kind, const struct leads_value *v, const struct leads_condition *c)
{
    if (!v->present && kind != LEADS_KIND_FLAG)
        return false;
    for (size_t i = 0; i < c->n_values; i++)
        if (same(kind, v, &c->values[i]))
            return true;
    return false;
}

static bool starts_with_any(const struct leads_value *v, const struct leads_condition *c)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (c->values[i].size <= v->size && memcmp(v->text, c->values[i].text, c->values[i].size) == 0)
            return true;
    return false;
}

static bool contains_any(const struct leads_value *v, const struct leads_condition *c)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (memmem(v->text, v->size, c->values[i].text, c->values[i].size))
            return true;
    return false;
}

static bool holds(enum leads_kind kind, const struct leads_value *v, const struct leads_condition *c)
{
    switch (c->operator) {
    case BATON__OPERATOR__OPERATOR_IS:
        return is_any(kind, v, c);
    case BATON__OPERATOR__OPERATOR_IS_NOT:
        return !is_any(kind, v, c);
    case BATON__OPERATOR__OPERATOR_STARTS_WITH:
        return v->present && starts_with_any(v, c);
    case BATON__OPERATOR__OPERATOR_CONTAINS:
        return v->present && contains_any(v, c);
    case BATON__OPERATOR__OPERATOR_AT_LEAST:
        return v->present && c->n_values == 1 && v->number >= c->values[0].number;
    case BATON__OPERATOR__OPERATOR_AT_MOST:
        return v->present && c->n_values == 1 && v->number <= c->values[0].number;
    case BATON__OPERATOR__OPERATOR_PRESENT:
        return v->present;
    case BATON__OPERATOR__OPERATOR_ABSENT:
        return !v->present;
    default:
        return false;
    }
}

static const struct leads_value *seen(struct leads_match *m, uint32_t slot)
{
    if (!m->is_seen[slot]) {
        leads_path_read(&m->policy->paths[slot], m->lead, &m->seen[slot], m->arena);
        m->is_seen[slot] = true;
    }
    return &m->seen[slot];
}

/* Leads that the gate would let pass by have to come to see that it is gone. */
void leads_condition_gone(struct leads_policy *policy, size_t rule, size_t condition)
{
    policy->rules[rule].conditions[condition].gone = true;
    policy->gates[rule].shut = false;
}

unsigned leads_match_rule(struct leads_match *m, size_t rule)
{
    const struct leads_rule *r = &m->policy->rules[rule];
    for (size_t i = 0; i < r->n_conditions; i++) {
        const struct leads_condition *c = &r->conditions[i];
        if (c->operator== BATON__OPERATOR__OPERATOR_UNSPECIFIED)
            return LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_CONDITION;
        if (c->gone)
            return LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE;
        enum leads_kind kind = m->policy->paths[c->slot].kind;
        unsigned failed =
            kind == LEADS_KIND_AREA ? leads_area_failed(m, c) : !holds(kind, seen(m, c->slot), c);
        if (failed)
            return failed >= LEADS_RULE_SKIPPED ? failed : (unsigned)i + 1;
    }
    return 0;
}

size_t leads_match_next(struct leads_match *m, size_t from)
{
    const struct leads_gate *gates = m->policy->gates;
    while (from < m->policy->n_rules && gates[from].shut &&
           seen(m, gates[from].slot)->hash != gates[from].hash)
        from++;
    return from;
}
