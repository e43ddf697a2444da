/* What is wrong or odd about a policy: rules that are never asked, pools that nobody can get a lead from,
   leads that no rule is for. */
#include <string.h>

#include "services/leads/leads.h"

enum { FINDINGS_MAX = 200, TEXT_MAX = 400 };

struct look {
    const Baton__Policy *policy;
    const struct leads_policy *compiled;
    Baton__CheckPolicyResponse *out;
    struct arena *arena;
};

static void say(struct look *k, Baton__FindingSeverity severity, size_t rule, char *text)
{
    if (k->out->n_findings == FINDINGS_MAX)
        return;
    Baton__PolicyFinding *f = ARENA_NEW(k->arena, Baton__PolicyFinding);
    baton__policy_finding__init(f);
    f->has_severity = true;
    f->severity = severity;
    f->text = text;
    f->has_rule_index = rule != SIZE_MAX;
    if (f->has_rule_index) {
        f->rule_index = (uint32_t)rule;
        f->rule_name = k->policy->rules[rule]->name;
    }
    k->out->findings[k->out->n_findings++] = f;
}

static void warn(struct look *k, size_t rule, char *text)
{
    say(k, BATON__FINDING_SEVERITY__FINDING_SEVERITY_WARNING, rule, text);
}

/* --- what one condition says about another on the same field --- */

typedef bool value_fn(const struct leads_value *a, const struct leads_value *b);

static bool equal(const struct leads_value *a, const struct leads_value *b)
{
    return a->number == b->number && a->size == b->size &&
           (!a->size || memcmp(a->text, b->text, a->size) == 0);
}

static bool begins(const struct leads_value *a, const struct leads_value *b)
{
    return a->size >= b->size && memcmp(a->text, b->text, b->size) == 0;
}

static bool holds_within(const struct leads_value *a, const struct leads_value *b)
{
    return memmem(a->text, a->size, b->text, b->size) != NULL;
}

static bool above(const struct leads_value *a, const struct leads_value *b)
{
    return a->number >= b->number;
}

static bool below(const struct leads_value *a, const struct leads_value *b)
{
    return a->number <= b->number;
}

/* If the field is one of the values of an `if_` condition, or begins with one and so on, then the `then`
   condition holds where each of these values is `fits` for one of its own. */
static const struct implication {
    Baton__Operator if_, then;
    value_fn *fits;
} implications[] = {
    {BATON__OPERATOR__OPERATOR_IS, BATON__OPERATOR__OPERATOR_IS, equal},
    {BATON__OPERATOR__OPERATOR_IS, BATON__OPERATOR__OPERATOR_STARTS_WITH, begins},
    {BATON__OPERATOR__OPERATOR_IS, BATON__OPERATOR__OPERATOR_CONTAINS, holds_within},
    {BATON__OPERATOR__OPERATOR_IS, BATON__OPERATOR__OPERATOR_AT_LEAST, above},
    {BATON__OPERATOR__OPERATOR_IS, BATON__OPERATOR__OPERATOR_AT_MOST, below},
    {BATON__OPERATOR__OPERATOR_STARTS_WITH, BATON__OPERATOR__OPERATOR_STARTS_WITH, begins},
    {BATON__OPERATOR__OPERATOR_STARTS_WITH, BATON__OPERATOR__OPERATOR_CONTAINS, holds_within},
    {BATON__OPERATOR__OPERATOR_CONTAINS, BATON__OPERATOR__OPERATOR_CONTAINS, holds_within},
    {BATON__OPERATOR__OPERATOR_AT_LEAST, BATON__OPERATOR__OPERATOR_AT_LEAST, above},
    {BATON__OPERATOR__OPERATOR_AT_MOST, BATON__OPERATOR__OPERATOR_AT_MOST, below},
};

static const struct implication *implication_of(Baton__Operator if_, Baton__Operator then)
{
    for (size_t i = 0; i < sizeof implications / sizeof *implications; i++)
        if (implications[i].if_ == if_ && implications[i].then == then)
            return &implications[i];
    return NULL;
}

static bool fits_any(const struct leads_value *v, const struct leads_condition *c, value_fn *fits)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (fits(v, &c->values[i]))
            return true;
    return false;
}

static bool each_fits(const struct leads_condition *a, const struct leads_condition *b, value_fn *fits)
{
    for (size_t i = 0; i < a->n_values; i++)
        if (!fits_any(&a->values[i], b, fits))
            return false;
    return a->n_values > 0;
}

static bool none_fits(const struct leads_condition *a, const struct leads_condition *b, value_fn *fits)
{
    for (size_t i = 0; i < a->n_values; i++)
        if (fits_any(&a->values[i], b, fits))
            return false;
    return true;
}

/* Holds only where there is something. A flag that nobody set is one that is off. */
static bool needs_presence(const struct look *k, const struct leads_condition *c)
{
    return k->compiled->paths[c->slot].kind != LEADS_KIND_FLAG &&
           c->operator!= BATON__OPERATOR__OPERATOR_ABSENT && c->operator!= BATON__OPERATOR__OPERATOR_IS_NOT;
}

/* A lead lies in many territories at once: being in one says nothing of another. */
static bool are_areas(const struct look *k, const struct leads_condition *c)
{
    return k->compiled->paths[c->slot].kind == LEADS_KIND_AREA;
}

/* Whether b holds wherever a does. False where it is not seen at once. */
static bool implies(const struct look *k, const struct leads_condition *a, const struct leads_condition *b)
{
    if (a->slot != b->slot ||
        (are_areas(k, a) && a->operator!= b->operator&& b->operator!= BATON__OPERATOR__OPERATOR_PRESENT))
        return false;
    if (b->operator== BATON__OPERATOR__OPERATOR_PRESENT)
        return needs_presence(k, a);
    if (b->operator== BATON__OPERATOR__OPERATOR_ABSENT)
        return a->operator== b->operator;
    if (b->operator== BATON__OPERATOR__OPERATOR_IS_NOT && a->operator== b->operator)
        return each_fits(b, a, equal);
    if (b->operator== BATON__OPERATOR__OPERATOR_IS_NOT && a->operator== BATON__OPERATOR__OPERATOR_IS)
        return none_fits(a, b, equal);
    const struct implication *x = implication_of(a->operator, b->operator);
    return x && each_fits(a, b, x->fits);
}

/* Whether there is no lead for which both hold. False where it is not seen at once. */
static bool contradicts(const struct look *k, const struct leads_condition *a,
                        const struct leads_condition *b)
{
    if (a->slot != b->slot || (are_areas(k, a) && a->operator== b->operator))
        return false;
    if (b->operator== BATON__OPERATOR__OPERATOR_ABSENT)
        return needs_presence(k, a);
    if (a->operator== BATON__OPERATOR__OPERATOR_AT_LEAST && b->operator== BATON__OPERATOR__OPERATOR_AT_MOST)
        return a->n_values == 1 && b->n_values == 1 && a->values[0].number > b->values[0].number;
    if (a->operator!= BATON__OPERATOR__OPERATOR_IS)
        return false;
    if (b->operator== BATON__OPERATOR__OPERATOR_IS_NOT)
        return each_fits(a, b, equal);
    const struct implication *x = implication_of(a->operator, b->operator);
    return x && none_fits(a, b, x->fits);
}

/* --- rules --- */

/* Whether every lead that the later rule is for meets all that the earlier one asks. */
static bool covers(const struct look *k, size_t earlier, size_t later)
{
    const struct leads_rule *e = &k->compiled->rules[earlier], *l = &k->compiled->rules[later];
    for (size_t i = 0; i < e->n_conditions; i++) {
        bool implied = false;
        for (size_t n = 0; n < l->n_conditions && !implied; n++)
            implied = implies(k, &l->conditions[n], &e->conditions[i]);
        if (!implied)
            return false;
    }
    return true;
}

static bool filters(const Baton__Rule *r)
{
    return r->n_filters > 0;
}

/* 1: behind a rule that takes all its leads, it is asked only when nobody there can take them */
static void look_for_shadow(struct look *k, size_t rule)
{
    for (size_t i = 0; i < rule; i++) {
        if (filters(k->policy->rules[i]) || !covers(k, i, rule))
            continue;
        bool same = strcmp(k->policy->rules[i]->pool_id, k->policy->rules[rule]->pool_id) == 0;
        warn(k, rule,
             arena_printf(k->arena, "%s: rule '%.*s' comes first and is for all its leads",
                          same && !filters(k->policy->rules[rule]) ? "is never used"
                                                                   : "is used only when nobody else is left",
                          TEXT_MAX, k->policy->rules[i]->name));
        return;
    }
}

/* 2: conditions of which never all hold */
static void look_for_contradiction(struct look *k, size_t rule)
{
    const struct leads_rule *r = &k->compiled->rules[rule];
    for (size_t i = 0; i < r->n_conditions; i++)
        for (size_t n = 0; n < r->n_conditions; n++)
            if (i != n && contradicts(k, &r->conditions[i], &r->conditions[n])) {
                warn(k, rule,
                     arena_printf(k->arena,
                                  "is for no lead at all: conditions %zu and %zu, both on %s, never hold "
                                  "together",
                                  i + 1, n + 1, r->source->conditions[i]->field));
                return;
            }
}

/* 3: a pool from which nobody can get a lead */
static void look_at_pool(struct look *k, size_t rule, const struct leads_pool_facts *pool)
{
    if (pool->name && !pool->n_members)
        warn(k, rule, arena_printf(k->arena, "gives leads to nobody: pool '%s' has no members", pool->name));
    else if (pool->name && !pool->n_active)
        warn(k, rule,
             arena_printf(k->arena, "gives leads to nobody: none of the %zu members of pool '%s' is active",
                          pool->n_members, pool->name));
}

/* 6: a rule that is passed over until another model is active */
static void look_at_territories(struct look *k, size_t rule, const char *idle)
{
    if (idle)
        warn(k, rule, arena_printf(k->arena, "is skipped: territory '%s' is not of the active model", idle));
}

/* 4: leads that no rule is for */
static void look_for_the_rest(struct look *k)
{
    for (size_t i = 0; i < k->policy->n_rules; i++)
        if (!k->policy->rules[i]->n_conditions && !filters(k->policy->rules[i]))
            return;
    warn(k, SIZE_MAX,
         arena_strdup(k->arena, "no rule is for every lead: those that none is for go to the last resort"));
}

void leads_policy_findings(const Baton__Policy *policy, const struct leads_publish_facts *f,
                           const struct leads_pool_facts *pools, Baton__CheckPolicyResponse *out,
                           struct arena *a)
{
    struct refusal no;
    struct look k = {.policy = policy, .out = out, .arena = a};
    out->findings = ARENA_ARRAY(a, Baton__PolicyFinding *, FINDINGS_MAX);
    /* 5: what cannot be published is looked at no further */
    if (!leads_policy_check(policy, f->pool_known, f->unknown_user, f->unknown_territory, &no)) {
        say(&k, BATON__FINDING_SEVERITY__FINDING_SEVERITY_ERROR, SIZE_MAX,
            arena_printf(a, "%s: %s", no.field, no.message));
        return;
    }
    k.compiled = leads_policy_compile(policy, a);
    for (size_t i = 0; i < policy->n_rules; i++) {
        look_for_shadow(&k, i);
        look_for_contradiction(&k, i);
        look_at_pool(&k, i, &pools[i]);
        look_at_territories(&k, i, f->idle_territory[i]);
    }
    look_for_the_rest(&k);
}
