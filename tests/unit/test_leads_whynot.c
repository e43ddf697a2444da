/* Why somebody does not get a lead: what is named is taken away in the facts themselves, and the lead becomes
   theirs by the very last of it, not before. Numbers are those of decide_whynot.c. */
#include "unit/leads_facts.h"

#include "services/leads/filter.h"
#include "services/leads/whynot.h"

enum { SEEDS = 4000 };

/* xorshift64* */
static uint64_t below(uint64_t *state, uint64_t n)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (*state * UINT64_C(2685821657736338717) >> 33) % n;
}

static struct leads_words words(struct leads_test *t, uint64_t *random)
{
    static char *all[] = {"fr", "de", "valves"};
    size_t from = below(random, 3);
    return leads_words_fold(all + from, below(random, 4 - from), t->arena);
}

static void random_person(struct leads_test *t, struct leads_person *p, uint64_t *random)
{
    p->active = below(random, 6) > 0;
    p->state = below(random, 3)   ? WORKTIME_WORKING
               : below(random, 2) ? WORKTIME_ABSENT
                                  : WORKTIME_OUTSIDE_HOURS;
    p->open = below(random, 4);
    p->capacity = (uint32_t)below(random, 5);
    p->is_partner = below(random, 3) == 0;
    p->skills = words(t, random);
    p->languages = words(t, random);
    p->products = words(t, random);
    p->today = 20458;
    p->most = (struct leads_limits){(uint32_t)below(random, 4), (uint32_t)below(random, 5),
                                    (uint32_t)below(random, 6)};
    p->received = (struct leads_received){20458, (uint32_t)below(random, 3), (uint32_t)below(random, 4),
                                          (uint32_t)below(random, 5)};
}

static void random_rule(struct leads_test *t, struct leads_rule *rule, uint64_t *random)
{
    /* Two next to each other never contradict. */
    static const Baton__Filter filters[] = {
        BATON__FILTER__FILTER_PARTNER, BATON__FILTER__FILTER_SKILL,     BATON__FILTER__FILTER_LANGUAGE,
        BATON__FILTER__FILTER_PRODUCT, BATON__FILTER__FILTER_OWN_STAFF,
    };
    static const Baton__Rank ranks[] = {BATON__RANK__RANK_BEST_FIT, BATON__RANK__RANK_LEAST_LOADED,
                                        BATON__RANK__RANK_PREFERRED, BATON__RANK__RANK_BEST_FIT};
    static char *skills[] = {"fr"};
    Baton__Rule *source = (Baton__Rule *)(uintptr_t)rule->source;
    size_t from = below(random, 5), rank = below(random, 3);
    source->filters = (Baton__Filter *)(uintptr_t)(filters + from);
    source->n_filters = below(random, from < 4 ? 3 : 2);
    source->skills = skills;
    source->n_skills = 1;
    source->ranks = (Baton__Rank *)(uintptr_t)(ranks + rank);
    source->n_ranks = below(random, 3);
    uint32_t *preferred = ARENA_ARRAY(t->arena, uint32_t, PERSONS);
    preferred[0] = (uint32_t)below(random, PERSONS);
    rule->preferred = preferred;
    rule->n_preferred = 1;
    rule->pool = (uint32_t)below(random, POOLS);
    rule->filters = 0;
    rule->n_ranks = 0;
    leads_filter_compile(source, rule, t->arena);
    leads_rank_compile(source, rule, t->arena);
}

static const char *owner(struct leads_test *t, const Baton__Lead *l)
{
    return leads_route(&t->routing, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &t->stamp)->owner_id;
}

static Baton__Lead *random_lead(struct leads_test *t, uint64_t *random)
{
    Baton__Lead *l = lead_from(t, below(random, 3) ? "DE" : "FR", PERSONS);
    l->language = below(random, 2) ? "fr" : NULL;
    l->product_interest = below(random, 2) ? "valves" : NULL;
    l->previous_owner_ids = ARENA_ARRAY(t->arena, char *, 1);
    l->n_previous_owner_ids = below(random, 2);
    l->previous_owner_ids[0] = user_id((int)below(random, PERSONS));
    l->customer_owner_id = below(random, 3) ? NULL : user_id((int)below(random, PERSONS));
    return l;
}

/* The usual policy with other people, pools, filters and ranks; without its second rule not every lead
 * matches. */
static Baton__Lead *random_case(struct leads_test *t, uint64_t *random)
{
    usual_policy(t);
    struct leads_policy *policy = (struct leads_policy *)(uintptr_t)t->routing.policy;
    policy->n_rules = 1 + below(random, 2);
    for (int i = 0; i < PERSONS; i++)
        random_person(t, &t->persons[i], random);
    for (int i = 0; i < POOLS; i++) {
        t->pools[i].members = ARENA_ARRAY(t->arena, struct leads_member, PERSONS);
        t->pools[i].n_members = 0;
        for (int person = 0; person < PERSONS - 1; person++)
            if (below(random, 3))
                pool_has(t, i, person);
    }
    for (size_t i = 0; i < policy->n_rules; i++)
        random_rule(t, &policy->rules[i], random);
    return random_lead(t, random);
}

static struct leads_member *member_in(struct leads_test *t, const struct leads_whynot *w, uint32_t person)
{
    struct leads_pool *pool = &t->pools[t->routing.policy->rules[w->rule].pool];
    for (size_t i = 0; i < pool->n_members; i++)
        if (pool->members[i].person == person)
            return &pool->members[i];
    return NULL;
}

/* Who gets it at the moment: whoever stands first by every rank. */
static const struct leads_person *first_of(struct leads_test *t, const Baton__Lead *l)
{
    return &t->persons[leads_person_find(&t->routing, owner(t, l))];
}

static void be_preferred(struct leads_test *t, const struct leads_whynot *w, uint32_t person)
{
    struct leads_rule *rule = (struct leads_rule *)(uintptr_t)&t->routing.policy->rules[w->rule];
    ((uint32_t *)(uintptr_t)rule->preferred)[rule->n_preferred++] = person;
}

/* The facts become what the reason does not speak against. */
static void remedy(struct leads_test *t, const struct leads_whynot *w, uint32_t person, Baton__Lead *l,
                   Baton__Reason reason)
{
    struct leads_person *p = &t->persons[person];
    struct leads_member *m = member_in(t, w, person);
    switch (reason) {
    case BATON__REASON__REASON_NOT_ACTIVE:
        p->active = true;
        break;
    case BATON__REASON__REASON_HAD_IT_BEFORE:
        l->n_previous_owner_ids = 0;
        break;
    case BATON__REASON__REASON_NOT_OWN_STAFF:
    case BATON__REASON__REASON_NOT_PARTNER:
        p->is_partner = reason == BATON__REASON__REASON_NOT_PARTNER;
        break;
    case BATON__REASON__REASON_LACKS_SKILL:
        p->skills = leads_words_fold(&(char *){"fr"}, 1, t->arena);
        break;
    case BATON__REASON__REASON_OTHER_LANGUAGE:
        p->languages = leads_words_fold(&(char *){"fr"}, 1, t->arena);
        break;
    case BATON__REASON__REASON_OTHER_PRODUCT:
        p->products = leads_words_fold(&(char *){"valves"}, 1, t->arena);
        break;
    case BATON__REASON__REASON_ABSENT:
    case BATON__REASON__REASON_OUTSIDE_HOURS:
        p->state = WORKTIME_WORKING;
        break;
    case BATON__REASON__REASON_AT_CAPACITY:
        p->capacity = 0;
        break;
    case BATON__REASON__REASON_AT_DAILY_LIMIT:
        p->most.day = 0;
        break;
    case BATON__REASON__REASON_AT_WEEKLY_LIMIT:
        p->most.week = 0;
        break;
    case BATON__REASON__REASON_AT_MONTHLY_LIMIT:
        p->most.month = 0;
        break;
    case BATON__REASON__REASON_MORE_LOADED:
        p->open = first_of(t, l)->open;
        break;
    case BATON__REASON__REASON_FITS_LESS:
        p->skills = first_of(t, l)->skills;
        p->languages = first_of(t, l)->languages;
        p->products = first_of(t, l)->products;
        break;
    case BATON__REASON__REASON_NOT_SAME_CUSTOMER:
        l->customer_owner_id = p->id;
        break;
    case BATON__REASON__REASON_NOT_PREFERRED:
        be_preferred(t, w, person);
        break;
    case BATON__REASON__REASON_OUTRANKED:
        m->position = 100 * LEADS_SHARE_UNIT;
        break;
    default:
        fail_msg("no way to remedy reason %d", (int)reason);
    }
}

static void go_the_way(struct leads_test *t, const struct leads_whynot *w, uint32_t person, Baton__Lead *l)
{
    if (w->way == LEADS_WAY_JOIN)
        pool_has(t, (int)t->routing.policy->rules[w->rule].pool, (int)person);
    if (w->way == LEADS_WAY_MATCH)
        l->address->country = "DE";
}

/* 1 to 4. Returns how many things had to be different. */
static size_t flip(struct leads_test *t, uint64_t seed, uint32_t person, Baton__Lead *l)
{
    struct leads_whynot w;
    const char *id = t->persons[person].id;
    leads_why_not(&t->routing, l, person, t->arena, &w);
    bool has_it = strcmp(owner(t, l), id) == 0;
    if (w.way == LEADS_WAY_NONE || w.way == LEADS_WAY_RESORT) {
        assert_int_equal(has_it, w.way == LEADS_WAY_RESORT);
        return 0;
    }
    size_t things = w.n_obstacles + (w.way != LEADS_WAY_MEMBER), done = 0;
    if (has_it != !things)
        fail_msg("seed %llu, person %u: has it %d, but %zu things", (unsigned long long)seed, person, has_it,
                 things);
    for (; done < things; done++) {
        if (strcmp(owner(t, l), id) == 0)
            fail_msg("seed %llu, person %u: %zu of %zu things were enough: %s", (unsigned long long)seed,
                     person, done, things, leads_whynot_text(&w, &t->routing, l, person, t->arena));
        if (done == 0 && w.way != LEADS_WAY_MEMBER)
            go_the_way(t, &w, person, l);
        else
            remedy(t, &w, person, l, w.obstacles[done - (w.way != LEADS_WAY_MEMBER)]);
    }
    if (strcmp(owner(t, l), id) != 0)
        fail_msg("seed %llu, person %u: %zu things were not enough: %s", (unsigned long long)seed, person,
                 things, leads_whynot_text(&w, &t->routing, l, person, t->arena));
    return things;
}

static void test_outcome_flips(void **state)
{
    size_t flipped[2 * PERSONS + 8] = {0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct leads_test *t;
        (void)leads_test_setup((void **)&t);
        uint64_t random = seed * UINT64_C(0x9E3779B97F4A7C15);
        Baton__Lead *l = random_case(t, &random);
        size_t things = flip(t, seed, (uint32_t)below(&random, PERSONS), l);
        flipped[things < 8 ? things : 8]++;
        (void)leads_test_teardown((void **)&t);
    }
    for (size_t i = 0; i <= 5; i++) /* the cases are what they are meant to be */
        assert_true(flipped[i] > SEEDS / 200);
}

/* The sentence says the rule, who and what. */
static void test_words(void **state)
{
    static const struct {
        int person;
        const char *country, *text;
    } rows[] = {
        {ANNA, "DE", "To get it by rule 'Germany', Anna would have to be there instead of absent."},
        {BOB, "DE", "Bob would get it by rule 'Germany'."},
        {CARL, "DE",
         "To get it by rule 'Germany', Carl would have to be in pool 'DACH' of rule 'Germany'; and be "
         "further "
         "behind their share of the pool's leads; their own rule 'Everything' comes later."},
        {ANNA, "FR",
         "To get it by rule 'Everything', Anna would have to be in pool 'Rest' of rule 'Everything'; and be "
         "there instead of absent; and be further behind their share of the pool's leads; their own rule "
         "'Germany' does not match: address.country is 'FR', not DE."},
        {RESORT, "DE",
         "To get it by rule 'Germany', Resort would have to be in pool 'DACH' of rule 'Germany'; and be "
         "further "
         "behind their share of the pool's leads; no rule has them in its pool."},
    };
    struct leads_test *t = *state;
    usual_policy(t);
    t->persons[ANNA].state = WORKTIME_ABSENT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_whynot w;
        Baton__Lead *l = lead_from(t, rows[i].country, PERSONS);
        leads_why_not(&t->routing, l, (uint32_t)rows[i].person, t->arena, &w);
        assert_string_equal(leads_whynot_text(&w, &t->routing, l, (uint32_t)rows[i].person, t->arena),
                            rows[i].text);
    }
}

/* 5, and where no rule is asked at all. */
static void test_without_rules(void **state)
{
    struct leads_test *t = *state;
    struct leads_whynot w;
    Baton__Lead *l = lead_from(t, "DE", PERSONS);
    leads_why_not(&t->routing, l, RESORT, t->arena, &w);
    assert_int_equal(w.way, LEADS_WAY_RESORT);
    leads_why_not(&t->routing, l, ANNA, t->arena, &w);
    assert_int_equal(w.way, LEADS_WAY_NONE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcome_flips),
        TEST(test_words),
        TEST(test_without_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
