/* Conditions on where a lead lies. */
#include <string.h>

#include "services/leads/filter.h"
#include "services/leads/territory_index.h"

bool leads_area_gone(const struct leads_territories *t, const struct leads_condition *c)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (!t || !territory_find_any(t, c->values[i].text))
            return true;
    return false;
}

/* 2: the lead lies there, or in a territory below it; the id may be of what one of these is a copy of */
static bool lies_in_any(struct leads_match *m, const struct leads_condition *c)
{
    if (!m->has_areas)
        m->areas = leads_areas_of(m->territories, m->lead, m->arena);
    m->has_areas = true;
    for (size_t i = 0; i < c->n_values; i++)
        for (size_t k = 0; k < m->areas.n; k++)
            if (strcmp(m->areas.items[k].text, c->values[i].text) == 0)
                return true;
    return false;
}

unsigned leads_area_failed(struct leads_match *m, const struct leads_condition *c)
{
    bool lies_somewhere = m->lead->n_territory_ids > 0;
    /* 1: a rule that names a territory which is not there cannot be asked, whatever else it names */
    if (leads_area_gone(m->territories, c))
        return LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_TERRITORY_GONE;
    switch (c->operator) {
    case BATON__OPERATOR__OPERATOR_IS:
        return !lies_in_any(m, c);
    case BATON__OPERATOR__OPERATOR_IS_NOT:
        return lies_in_any(m, c);
    case BATON__OPERATOR__OPERATOR_PRESENT:
        return !lies_somewhere;
    default:
        return lies_somewhere;
    }
}

static bool is_about_territories(const Baton__Condition *c)
{
    return c->field && strcmp(c->field, LEADS_TERRITORY_FIELD) == 0;
}

const Baton__Condition *leads_condition_named(const struct leads_territories *t, const Baton__Condition *c,
                                              struct arena *a)
{
    if (!t || !is_about_territories(c))
        return c;
    Baton__Condition *named = arena_copy(a, c, sizeof *c);
    named->values = ARENA_ARRAY(a, char *, c->n_values);
    for (size_t i = 0; i < c->n_values; i++) {
        const struct territory *found = territory_find_any(t, c->values[i]);
        named->values[i] = found ? found->row->name : c->values[i];
    }
    return named;
}

const Baton__Rule *leads_rule_named(const struct leads_territories *t, const Baton__Rule *rule,
                                    struct arena *a)
{
    bool any = false;
    for (size_t i = 0; i < rule->n_conditions; i++)
        any = any || is_about_territories(rule->conditions[i]);
    if (!any)
        return rule;
    Baton__Rule *named = arena_copy(a, rule, sizeof *rule);
    named->conditions = ARENA_ARRAY(a, Baton__Condition *, rule->n_conditions);
    for (size_t i = 0; i < rule->n_conditions; i++)
        named->conditions[i] =
            (Baton__Condition *)(uintptr_t)leads_condition_named(t, rule->conditions[i], a);
    return named;
}
