/* route: one routing decision among 10,000 representatives and 1,000 rules, beside one among 100 and 10; and
   the same with a policy in the shadow, beside twice the time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "services/leads/filter.h"
#include "services/leads/leads.h"

enum { PER_POOL = 10, ROUNDS = 5, DECISIONS = 20000, MEMORY = 256 << 20 };
#define NOW INT64_C(1767607200000000)

/* A pool for each rule, ten in each; every rule filters by language and ranks by load. */
struct sales_force {
    struct arena *arena;
    struct leads_routing routing;
    size_t n_rules;
};

static char *id_of(struct arena *a, char kind, size_t n)
{
    return arena_printf(a, "%c0000000-0000-7000-8000-%012zx", kind, n);
}

static void add_person(struct sales_force *c, size_t n)
{
    struct leads_person *p = &c->routing.persons[n];
    *p =
        (struct leads_person){.known = true, .active = true, .name = "Representative", .until_us = INT64_MAX};
    memcpy(p->id, id_of(c->arena, 'a', n), IDENT_TEXT_SIZE);
    p->languages = leads_words_languages(&(char *){n % 2 ? "de" : "en"}, 1, c->arena);
    leads_index_enter(&c->routing.person_index, c->routing.persons, sizeof *p, ++c->routing.n_persons);
}

static void add_pool(struct sales_force *c, size_t n)
{
    struct leads_pool *p = &c->routing.pools[n];
    *p = (struct leads_pool){.name = "Pool", .revision = 1, .n_members = PER_POOL};
    memcpy(p->id, id_of(c->arena, 'b', n), IDENT_TEXT_SIZE);
    p->members = ARENA_ARRAY(c->arena, struct leads_member, PER_POOL);
    for (size_t i = 0; i < PER_POOL; i++)
        p->members[i] =
            (struct leads_member){.person = (uint32_t)(n * PER_POOL + i), .weight = 1, .parked = true};
    leads_index_enter(&c->routing.pool_index, c->routing.pools, sizeof *p, ++c->routing.n_pools);
}

static Baton__Rule *rule_new(struct sales_force *c, size_t n)
{
    Baton__Rule *rule = ARENA_NEW(c->arena, Baton__Rule);
    baton__rule__init(rule);
    Baton__Condition *condition = ARENA_NEW(c->arena, Baton__Condition);
    baton__condition__init(condition);
    condition->field = "campaign_id";
    condition->operator_ = BATON__OPERATOR__OPERATOR_IS;
    condition->values = ARENA_ARRAY(c->arena, char *, 1);
    condition->values[condition->n_values++] = arena_printf(c->arena, "campaign %zu", n);
    rule->name = "Rule";
    rule->pool_id = c->routing.pools[n].id;
    rule->conditions = ARENA_ARRAY(c->arena, Baton__Condition *, 1);
    rule->conditions[rule->n_conditions++] = condition;
    rule->filters = ARENA_ARRAY(c->arena, Baton__Filter, 1);
    rule->filters[rule->n_filters++] = BATON__FILTER__FILTER_LANGUAGE;
    rule->ranks = ARENA_ARRAY(c->arena, Baton__Rank, 1);
    rule->ranks[rule->n_ranks++] = BATON__RANK__RANK_LEAST_LOADED;
    return rule;
}

static void sales_force_init(struct sales_force *c, size_t rules)
{
    size_t slots = 64, people = rules * PER_POOL;
    while (slots < 2 * people)
        slots *= 2;
    *c = (struct sales_force){.arena = arena_new(MEMORY), .n_rules = rules};
    c->routing = (struct leads_routing){.ready = true, .response_minutes = 60};
    c->routing.person_index = (struct leads_index){ARENA_ARRAY(c->arena, uint32_t, slots), slots};
    c->routing.pool_index = (struct leads_index){ARENA_ARRAY(c->arena, uint32_t, slots), slots};
    c->routing.persons = ARENA_ARRAY(c->arena, struct leads_person, people);
    c->routing.pools = ARENA_ARRAY(c->arena, struct leads_pool, rules);
    for (size_t i = 0; i < people; i++)
        add_person(c, i);
    Baton__Policy *policy = ARENA_NEW(c->arena, Baton__Policy);
    baton__policy__init(policy);
    policy->rules = ARENA_ARRAY(c->arena, Baton__Rule *, rules);
    for (size_t i = 0; i < rules; i++) {
        add_pool(c, i);
        policy->rules[policy->n_rules++] = rule_new(c, i);
    }
    struct leads_policy *compiled = leads_policy_compile(policy, c->arena);
    for (size_t i = 0; i < rules; i++)
        compiled->rules[i].pool = (uint32_t)i;
    c->routing.policy = compiled;
}

/* Of this process: what else the machine does counts for neither. */
static double processor_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there is always one */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* What a decision among them takes, its fair share noted as a service does; any rule is as likely as another.
 */
static double microseconds(struct sales_force *c)
{
    struct ident_source ids = {0};
    Baton__Actor actor = BATON__ACTOR__INIT;
    Baton__Lead lead = BATON__LEAD__INIT;
    struct arena *a = arena_new(MEMORY);
    lead.id = "c0000000-0000-7000-8000-000000000000";
    lead.last_name = "Smith";
    lead.company = "Acme";
    double begin = processor_us();
    for (size_t i = 0; i < DECISIONS; i++) {
        struct stamp s = {.now_us = NOW, .actor = &actor, .ids = &ids, .arena = a};
        lead.campaign_id = arena_printf(a, "Campaign %zu", i * 7919 % c->n_rules);
        lead.language = i % 2 ? "de-AT" : "en-GB";
        Baton__LeadAssigned *e =
            leads_route(&c->routing, &lead, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &s);
        if (e->decision->cause != BATON__ASSIGN_CAUSE__ASSIGN_CAUSE_RULE)
            drive_die("a lead was routed to nobody");
        leads_routing_note_shares(&c->routing, e);
        leads_routing_note_open(&c->routing, e->owner_id, 1);
        arena_reset(a);
    }
    double us = (processor_us() - begin) / DECISIONS;
    arena_free(a);
    return us;
}

static void shadow_itself(struct sales_force *c)
{
    c->routing.shadow = leads_routing_copy(&c->routing, c->arena);
    c->routing.shadow->persons = c->routing.persons;
}

/* The least of several rounds, taken in turn: what else the machine does only ever adds. */
int main(void)
{
    struct sales_force many, few, shadowed;
    double ours = 1e9, peer = 1e9, shadow = 1e9;
    schema_load();
    sales_force_init(&many, 1000);
    sales_force_init(&few, 10);
    sales_force_init(&shadowed, 1000);
    shadow_itself(&shadowed);
    for (int i = 0; i < ROUNDS; i++) {
        double m = microseconds(&many), f = microseconds(&few), s = microseconds(&shadowed);
        ours = m < ours ? m : ours;
        peer = f < peer ? f : peer;
        shadow = s < shadow ? s : shadow;
    }
    bench_row("route", ours, "us", peer);
    bench_row("route-shadow", shadow, "us", 2 * ours);
    bench_remark(
        "route: a pool of 10 for each of 1,000 rules, half of which are looked at on average; the peer "
        "has 100 representatives and 10 rules");
    arena_free(many.arena);
    arena_free(few.arena);
    arena_free(shadowed.arena);
    return 0;
}
