/* Filters, ranks and limits: who can have a lead and who comes first. Numbers are those of decide_route.c
   and, for publishing, decide_rules.c. */
#include "unit/leads_facts.h"
#include <time.h>

#include "services/leads/filter.h"

#define REASON(x) BATON__REASON__REASON_##x
#define FILTER(x) BATON__FILTER__FILTER_##x
#define RANK(x)   BATON__RANK__RANK_##x

/* The first rule of the usual policy, asking what its source now says. */
static Baton__Rule *rule_of(struct leads_test *t)
{
    return (Baton__Rule *)(uintptr_t)t->routing.policy->rules[0].source;
}

static void ask(struct leads_test *t)
{
    struct leads_rule *rule = (struct leads_rule *)(uintptr_t)&t->routing.policy->rules[0];
    rule->filters = 0;
    rule->n_ranks = 0;
    leads_filter_compile(rule->source, rule, t->arena);
    leads_rank_compile(rule->source, rule, t->arena);
}

static void filter_by(struct leads_test *t, Baton__Filter filter)
{
    Baton__Rule *rule = rule_of(t);
    rule->filters = arena_copy(t->arena, &filter, sizeof filter);
    rule->n_filters = 1;
    ask(t);
}

static void rank_by(struct leads_test *t, const Baton__Rank *ranks, size_t n)
{
    Baton__Rule *rule = rule_of(t);
    rule->ranks = arena_copy(t->arena, ranks, n * sizeof *ranks);
    rule->n_ranks = n;
    ask(t);
}

static Baton__LeadAssigned *arrive(struct leads_test *t, Baton__Lead *l)
{
    return leads_route(&t->routing, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &t->stamp);
}

static bool says(const Baton__LeadAssigned *e, Baton__Reason reason, size_t member)
{
    const Baton__PoolTrial *trial = e->decision->trials[0];
    for (size_t i = 0; i < trial->n_reasons; i++)
        if (trial->reasons[i]->reason == reason)
            return member / 8 < trial->reasons[i]->members.len &&
                   (trial->reasons[i]->members.data[member / 8] >> member % 8 & 1);
    return false;
}

/* What Anna is like, what the rule and the lead say; Bob qualifies for everything. 1 to 5 */
static void test_filters(void **state)
{
    static const struct {
        Baton__Filter filter;
        const char *wanted, *annas; /* of the trait the filter looks at */
        bool partner;
        Baton__Reason reason;
    } rows[] = {
        {FILTER(SKILL), "Hydraulics", "hydraulics", false, REASON(UNSPECIFIED)},
        {FILTER(SKILL), "hydraulics", "hydraulic", false, REASON(LACKS_SKILL)},
        {FILTER(SKILL), "hydraulics", NULL, false, REASON(LACKS_SKILL)},
        {FILTER(LANGUAGE), "de-AT", "de", false, REASON(UNSPECIFIED)},
        {FILTER(LANGUAGE), "de", "DE-ch", false, REASON(UNSPECIFIED)},
        {FILTER(LANGUAGE), "de", "en", false, REASON(OTHER_LANGUAGE)},
        {FILTER(LANGUAGE), NULL, "en", false, REASON(UNSPECIFIED)},
        {FILTER(PRODUCT), "Pumps, Valves", "valves", false, REASON(UNSPECIFIED)},
        {FILTER(PRODUCT), "Pumps, Valves", "seals", false, REASON(OTHER_PRODUCT)},
        {FILTER(PRODUCT), "Research, Development", "research, development", false, REASON(UNSPECIFIED)},
        {FILTER(PRODUCT), NULL, NULL, false, REASON(UNSPECIFIED)},
        {FILTER(OWN_STAFF), NULL, NULL, false, REASON(UNSPECIFIED)},
        {FILTER(OWN_STAFF), NULL, NULL, true, REASON(NOT_OWN_STAFF)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_test *t;
        (void)leads_test_setup((void **)&t);
        usual_policy(t);
        Baton__Lead *l = lead_from(t, "DE", PERSONS);
        char *wanted = arena_strdup(t->arena, rows[i].wanted), *has = arena_strdup(t->arena, rows[i].annas);
        size_t n = has != NULL, all = wanted != NULL;
        struct leads_person *anna = &t->persons[ANNA], *bob = &t->persons[BOB];
        anna->is_partner = rows[i].partner;
        if (rows[i].filter == FILTER(SKILL)) {
            rule_of(t)->skills = &wanted;
            rule_of(t)->n_skills = 1;
            anna->skills = leads_words_fold(&has, n, t->arena);
            bob->skills = leads_words_fold(&wanted, 1, t->arena);
        } else if (rows[i].filter == FILTER(LANGUAGE)) {
            l->language = wanted;
            anna->languages = leads_words_languages(&has, n, t->arena);
            bob->languages = leads_words_languages(&wanted, all, t->arena);
        } else {
            l->product_interest = wanted;
            anna->products = leads_words_fold(&has, n, t->arena);
            bob->products = leads_words_fold(&wanted, all, t->arena);
        }
        filter_by(t, rows[i].filter);
        const Baton__LeadAssigned *e = arrive(t, l);
        bool flipped = rows[i].reason != REASON(UNSPECIFIED);
        if (strcmp(e->owner_id, user_id(flipped ? BOB : ANNA)) != 0 ||
            (flipped && !says(e, rows[i].reason, 0)))
            fail_msg("row %zu: %s got it", i, e->owner_id);
        (void)leads_test_teardown((void **)&t);
    }
}

/* A filter that nobody passes sends the lead to the next rule. A pool without members does the same. */
static void test_nobody_passes(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    filter_by(t, FILTER(PARTNER));
    const Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
    assert_true(says(e, REASON(NOT_PARTNER), 0) && says(e, REASON(NOT_PARTNER), 1));
    t->pools[0].n_members = 0;
    e = arrive(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(CARL));
}

/* The same pool is asked again where another rule asks less of it. */
static void test_same_pool_asked_less(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    filter_by(t, FILTER(PARTNER));
    ((struct leads_rule *)(uintptr_t)&t->routing.policy->rules[1])->pool = 0;
    const Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
    assert_string_equal(e->owner_id, user_id(ANNA));
    assert_int_equal(e->decision->n_trials, 2);
    assert_int_equal(e->decision->trials[1]->rule_index, 1);
}

/* 7: each rank among those the one before it has left; what it has no say on is shared fairly */
static void test_ranks(void **state)
{
    static const struct {
        Baton__Rank ranks[2];
        size_t n;
        unsigned open[2]; /* of Anna, Bob */
        int preferred;
        int owner;
        Baton__Reason annas;
    } rows[] = {
        {{RANK(LEAST_LOADED)}, 1, {3, 2}, PERSONS, BOB, REASON(MORE_LOADED)},
        {{RANK(LEAST_LOADED)}, 1, {2, 2}, PERSONS, ANNA, REASON(UNSPECIFIED)},
        {{RANK(LEAST_LOADED)}, 1, {0, 2}, PERSONS, ANNA, REASON(UNSPECIFIED)}, /* who has nothing counts */
        {{RANK(PREFERRED)}, 1, {0, 9}, BOB, BOB, REASON(NOT_PREFERRED)},
        {{RANK(PREFERRED)}, 1, {0, 0}, CARL, ANNA, REASON(UNSPECIFIED)}, /* the preferred one is not there */
        {{RANK(LEAST_LOADED), RANK(PREFERRED)}, 2, {0, 9}, BOB, ANNA, REASON(UNSPECIFIED)},
        {{RANK(PREFERRED), RANK(LEAST_LOADED)}, 2, {0, 9}, BOB, BOB, REASON(NOT_PREFERRED)},
        {{RANK(LEAST_LOADED), RANK(PREFERRED)}, 2, {1, 1}, BOB, BOB, REASON(NOT_PREFERRED)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_test *t;
        (void)leads_test_setup((void **)&t);
        usual_policy(t);
        t->persons[ANNA].open = rows[i].open[0];
        t->persons[BOB].open = rows[i].open[1];
        struct leads_rule *rule = (struct leads_rule *)(uintptr_t)&t->routing.policy->rules[0];
        uint32_t preferred = (uint32_t)rows[i].preferred;
        rule->preferred = &preferred;
        rule->n_preferred = rows[i].preferred != PERSONS;
        rank_by(t, rows[i].ranks, rows[i].n);
        const Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
        if (strcmp(e->owner_id, user_id(rows[i].owner)) != 0 || (rows[i].annas && !says(e, rows[i].annas, 0)))
            fail_msg("row %zu: %s got it", i, e->owner_id);
        (void)leads_test_teardown((void **)&t);
    }
}

/* A rule can say where it stands, or that it is of no account. */
static void test_same_customer_by_rule(void **state)
{
    struct leads_test *t = *state;
    struct refusal no;
    usual_policy(t);
    Baton__Lead *l = lead_from(t, "DE", PERSONS);
    l->customer_owner_id = user_id(BOB);
    t->persons[BOB].open = 3;
    rank_by(t, (Baton__Rank[]){RANK(LEAST_LOADED), RANK(SAME_CUSTOMER)}, 2);
    assert_string_equal(arrive(t, l)->owner_id, user_id(ANNA));
    Baton__Rule rule = BATON__RULE__INIT;
    struct leads_rule out = {0};
    leads_rank_compile(&rule, &out, t->arena);
    assert_int_equal(out.n_ranks, 1);
    rule.ignore_same_customer = true;
    out.n_ranks = 0;
    leads_rank_compile(&rule, &out, t->arena);
    assert_int_equal(out.n_ranks, 0);
    rule.ranks = (Baton__Rank[]){RANK(SAME_CUSTOMER)};
    rule.n_ranks = 1;
    assert_false(leads_rank_check(&rule, "rule", t->arena, &no));
    assert_string_equal(no.field, "rule.ignore_same_customer");
}

/* Best fit counts what the lead and the rule ask for and somebody has. */
static void test_best_fit(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Lead *l = lead_from(t, "DE", PERSONS);
    l->language = "fr";
    l->product_interest = "valves";
    t->persons[ANNA].languages = leads_words_languages(&(char *){"fr"}, 1, t->arena);
    t->persons[BOB].languages = t->persons[ANNA].languages;
    t->persons[BOB].products = leads_words_fold(&(char *){"Valves"}, 1, t->arena);
    rank_by(t, &(Baton__Rank){RANK(BEST_FIT)}, 1);
    const Baton__LeadAssigned *e = arrive(t, l);
    assert_string_equal(e->owner_id, user_id(BOB));
    assert_true(says(e, REASON(FITS_LESS), 0));
}

/* 7: leads with a high score go to whom the rule prefers, or else to who fits best; of others nothing is
 * said. */
static void test_score(void **state)
{
    static const struct {
        bool scored;
        uint32_t score, high; /* high 0: what is usual */
        bool prefers_bob;
        int owner;
    } rows[] = {
        {true, 700, 0, true, BOB},     {true, 699, 0, true, ANNA}, {true, 300, 300, true, BOB},
        {false, 0, 0, true, ANNA},     {true, 900, 0, false, BOB}, {true, 100, 0, false, ANNA},
        {true, 1000, 1000, true, BOB},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_test *t;
        (void)leads_test_setup((void **)&t);
        usual_policy(t);
        Baton__Lead *l = lead_from(t, "DE", PERSONS);
        l->language = "fr";
        l->has_score = rows[i].scored;
        l->score = rows[i].score;
        t->persons[BOB].languages = leads_words_languages(&(char *){"fr"}, 1, t->arena);
        struct leads_rule *rule = (struct leads_rule *)(uintptr_t)&t->routing.policy->rules[0];
        uint32_t preferred = BOB;
        rule->preferred = &preferred;
        rule->n_preferred = rows[i].prefers_bob;
        rule_of(t)->has_high_score = rows[i].high > 0;
        rule_of(t)->high_score = rows[i].high;
        rank_by(t, &(Baton__Rank){RANK(SCORE)}, 1);
        const Baton__LeadAssigned *e = arrive(t, l);
        if (strcmp(e->owner_id, user_id(rows[i].owner)) != 0 ||
            says(e, REASON(NOT_FOR_HIGH_SCORE), 0) != (rows[i].owner == BOB))
            fail_msg("row %zu: %s got it", i, e->owner_id);
        (void)leads_test_teardown((void **)&t);
    }
}

/* 4: limits a day, a week, a month; what was received counts on its own day only */
static void test_limits(void **state)
{
    enum { MONDAY = 20458 }; /* 2026-01-05 */
    static const struct {
        struct leads_limits most;
        struct leads_received received;
        Baton__Reason reason;
    } rows[] = {
        {{.day = 2}, {MONDAY, 1, 9, 9}, REASON(UNSPECIFIED)},
        {{.day = 2}, {MONDAY, 2, 2, 2}, REASON(AT_DAILY_LIMIT)},
        {{.day = 2}, {MONDAY - 1, 2, 2, 2}, REASON(UNSPECIFIED)},
        {{.week = 5}, {MONDAY, 0, 5, 5}, REASON(AT_WEEKLY_LIMIT)},
        {{.week = 5}, {MONDAY - 1, 0, 5, 5}, REASON(UNSPECIFIED)}, /* that was Sunday */
        {{.month = 5}, {MONDAY - 4, 0, 0, 5}, REASON(AT_MONTHLY_LIMIT)},
        {{.month = 5}, {MONDAY - 5, 0, 0, 5}, REASON(UNSPECIFIED)},      /* that was December */
        {{.month = 5}, {MONDAY + 1, 0, 0, 5}, REASON(AT_MONTHLY_LIMIT)}, /* a calendar that went back */
    };
    struct leads_test *t = *state;
    usual_policy(t);
    t->persons[ANNA].today = MONDAY;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        t->persons[ANNA].most = rows[i].most;
        t->persons[ANNA].received = rows[i].received;
        const Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
        bool full = rows[i].reason != REASON(UNSPECIFIED);
        if (strcmp(e->owner_id, user_id(full ? BOB : ANNA)) != 0 || (full && !says(e, rows[i].reason, 0)))
            fail_msg("row %zu", i);
        assert_int_equal(e->decision->has_owner_day, !full);
    }
}

/* Fourteen a month are fourteen, and each lead received counts. */
static void test_fourteen_a_month(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    t->persons[ANNA].most.month = 14;
    for (int i = 0; i < 100; i++) {
        t->persons[ANNA].today = 20454 + i / 4; /* from 2026-01-01 */
        Baton__LeadAssigned *e = arrive(t, lead_from(t, "DE", PERSONS));
        leads_routing_note_shares(&t->routing, e);
        leads_routing_note_received(&t->routing, e);
    }
    assert_int_equal(t->persons[ANNA].received.month, 14);
    assert_int_equal(t->members[0][0].received, 14);
}

/* The day in the count is the person's own: midnight, months and weeks of several years against the calendar.
 */
static void test_days(void **state)
{
    struct leads_received r = {.on_day = 0};
    for (int32_t day = 0; day < 40000; day++) {
        time_t at = (time_t)day * 86400;
        struct tm now;
        (void)gmtime_r(&at, &now);
        r = leads_received_on(r, day);
        assert_int_equal(r.day, 0);
        if (now.tm_mday == 1)
            assert_int_equal(r.month, 0);
        if (now.tm_wday == 1)
            assert_int_equal(r.week, 0);
        r.day++, r.week++, r.month++;
        assert_int_equal(r.month, day < 31 ? (unsigned)day + 1 : (unsigned)now.tm_mday);
        assert_int_equal(r.week, day < 4 ? (unsigned)day + 1 : (unsigned)(now.tm_wday + 6) % 7 + 1);
    }
    int64_t until;
    struct worktime *taipei = worktime_new("Asia/Taipei", NULL, 0, NULL, 0, NULL, 0);
    assert_int_equal(worktime_day_at(taipei, NOW, &until), 20458);
    assert_int_equal(until, NOW + 6 * 60 * MINUTE); /* 18:00 there */
    assert_int_equal(worktime_day_at(taipei, until, &until), 20459);
    worktime_free(taipei);
}

/* 6, 7 of decide_rules.c */
static void test_publishing(void **state)
{
    static const struct {
        Baton__Filter filters[2];
        size_t n_filters;
        Baton__Rank ranks[2];
        size_t n_ranks;
        const char *unknown, *field; /* field NULL: published */
    } rows[] = {
        {{FILTER(LANGUAGE), FILTER(PRODUCT)}, 2, {RANK(BEST_FIT), RANK(LEAST_LOADED)}, 2, NULL, NULL},
        {{FILTER(SKILL)}, 1, {0}, 0, NULL, "policy.rules[0].skills"},
        {{FILTER(OWN_STAFF), FILTER(PARTNER)}, 2, {0}, 0, NULL, "policy.rules[0].filters"},
        {{FILTER(LANGUAGE), (Baton__Filter)99}, 2, {0}, 0, NULL, "policy.rules[0].filters[1]"},
        {{0}, 0, {RANK(PREFERRED)}, 1, NULL, "policy.rules[0].preferred_user_ids"},
        {{0}, 0, {RANK(BEST_FIT), RANK(BEST_FIT)}, 2, NULL, "policy.rules[0].ranks[1]"},
        {{0}, 0, {(Baton__Rank)99}, 1, NULL, "policy.rules[0].ranks[0]"},
        {{0}, 0, {0}, 0, "nobody", "policy.rules[0].preferred_user_ids"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Rule rule = BATON__RULE__INIT;
        Baton__Policy policy = BATON__POLICY__INIT;
        struct refusal no = {0};
        rule.pool_id = "p";
        rule.filters = (Baton__Filter *)(uintptr_t)rows[i].filters;
        rule.n_filters = rows[i].n_filters;
        rule.ranks = (Baton__Rank *)(uintptr_t)rows[i].ranks;
        rule.n_ranks = rows[i].n_ranks;
        policy.rules = &(Baton__Rule *){&rule};
        policy.n_rules = 1;
        assert_int_equal(leads_policy_check(&policy, &(bool){true}, &(const char *){rows[i].unknown},
                                            &(const char *){NULL}, &no),
                         !rows[i].field);
        if (rows[i].field)
            assert_string_equal(no.field, rows[i].field);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),
        TEST(test_nobody_passes),
        TEST(test_same_pool_asked_less),
        cmocka_unit_test(test_ranks),
        TEST(test_same_customer_by_rule),
        TEST(test_best_fit),
        cmocka_unit_test(test_score),
        TEST(test_limits),
        TEST(test_fourteen_a_month),
        TEST(test_days),
        TEST(test_publishing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
