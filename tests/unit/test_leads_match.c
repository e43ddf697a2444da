/* Leads of the same customer are found: numbers are those of decide_match_keys.c and decide_match.c. */
#include "base/similar.h"
#include "base/text.h"
#include "unit/leads_facts.h"

static void test_words(void **state)
{
    static const char *const rows[][2] = {
        {"O'Neil, S.A.", "oneil sa"},
        {"  A-1 / b  ", "a 1 b"},
        {"臺北市（信義）", "台北市 信義"},
        {"ประเทศไทย", "ประเทศไทย"},
        {"Ｍüller–Lüdenscheidt", "müller lüdenscheidt"},
    };
    struct leads_test *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(text_words(t->arena, rows[i][0]), rows[i][1]);
    assert_null(text_words(t->arena, " -- "));
    assert_null(text_words(t->arena, ""));
    assert_null(text_words(t->arena, NULL));
}

static void same_company(struct leads_test *t, const char *a, const char *b)
{
    char *x = company_of(a, t->arena), *y = company_of(b, t->arena);
    assert_non_null(x);
    assert_non_null(y);
    assert_string_equal(x, y);
}

/* 1, 2 */
static void test_companies(void **state)
{
    struct leads_test *t = *state;
    same_company(t, "ACME GmbH & Co. KG", "Acme");
    same_company(t, "Ａｃｍｅ, Inc.", "ACME");
    same_company(t, "臺灣水泥股份有限公司", "台灣水泥");
    same_company(t, "株式会社トヨタ", "トヨタ");
    same_company(t, "O'Neil S.A.", "oneil");
    same_company(t, "Stora AB", "STORA UG");
    /* a name that is a legal form is a name */
    assert_string_equal(company_of("AG", t->arena), "ag");
    assert_null(company_of(" -- ", t->arena));
}

static struct leads_keys keys(struct leads_test *t, const char *first, const char *last, const char *email,
                              const char *phone)
{
    struct leads_keys k;
    Baton__Lead l = BATON__LEAD__INIT;
    l.first_name = (char *)(uintptr_t)first;
    l.last_name = (char *)(uintptr_t)last;
    l.email = (char *)(uintptr_t)email;
    l.phone = (char *)(uintptr_t)phone;
    leads_keys_of(&l, &k, t->arena);
    return k;
}

/* 7, 8 */
static void test_addresses(void **state)
{
    struct leads_test *t = *state;
    struct near_keys a, b;
    struct leads_keys k = keys(t, NULL, NULL, "Ada+Baton@B.example", NULL);
    assert_string_equal(k.email, "ada@b.example");
    assert_string_equal(k.domain, "b.example");
    struct leads_keys x = keys(t, NULL, NULL, NULL, "02-2345-6789"),
                      y = keys(t, NULL, NULL, NULL, "+886223456789");
    leads_hashes_of(&x, &a);
    leads_hashes_of(&y, &b);
    assert_int_equal(a.n_own, 1);
    assert_int_equal(a.n, 1);
    assert_int_equal(a.of[0], b.of[0]);
    assert_true(keys(t, NULL, NULL, "Info@b.example", NULL).is_role);
    assert_false(k.is_role);
    static const char *const free_ones[] = {"126.com", "gmail.com", "yandex.ru"};
    for (size_t i = 0; i < sizeof free_ones / sizeof *free_ones; i++)
        assert_null(keys(t, NULL, NULL, arena_printf(t->arena, "ada@%s", free_ones[i]), NULL).domain);
    assert_true(keys(t, NULL, NULL, "accounting@b.example", NULL).is_role);
    assert_true(keys(t, NULL, NULL, "zentrale@b.example", NULL).is_role);
    assert_true(leads_is_key("email"));
    assert_false(leads_is_key("message"));
}

/* 9: of the examples of Winkler (1990) */
static void test_similarity(void **state)
{
    assert_true(similarity("dwayne", "duane") > 0.839 && similarity("dwayne", "duane") < 0.841);
    assert_true(similarity("martha", "marhta") > 0.960 && similarity("martha", "marhta") < 0.962);
    assert_true(similarity("王小明", "王小明") == 1);
    assert_true(similarity(NULL, "x") == 0);
}

/* 11 to 13 */
static void test_likeness(void **state)
{
    struct leads_test *t = *state;
    const struct {
        const char *first, *last, *email, *phone;
        enum leads_likeness like;
    } rows[] = {
        {"ADA", "Lovelace", "Ada@B.example", NULL, LEADS_CERTAIN},
        {"Lovelace", "Ada", "ada@b.example", NULL, LEADS_CERTAIN},
        {NULL, "Ada Lovelace", "ada@b.example", NULL, LEADS_CERTAIN},
        {NULL, NULL, "ada@b.example", NULL, LEADS_CERTAIN},
        {NULL, "Lovelace Ada", NULL, "(02) 2345-6789", LEADS_CERTAIN},
        {NULL, NULL, NULL, "(02) 2345-6789", LEADS_CERTAIN_IF_OWN},
        {"Bob", "Newman", "ada@b.example", NULL, LEADS_POSSIBLE},
        {"Bob", "Newman", NULL, "+886223456789", LEADS_POSSIBLE},
        {"Grace", "Hopper", "grace@c.example", NULL, LEADS_OTHER},
        {NULL, NULL, "", "", LEADS_OTHER},
    };
    struct leads_keys ada = keys(t, "Ada", "Lovelace", "ada@b.example", "+886 2 2345 6789");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct leads_keys k = keys(t, rows[i].first, rows[i].last, rows[i].email, rows[i].phone);
        assert_int_equal(leads_likeness(&ada, &k), rows[i].like);
        assert_int_equal(leads_likeness(&k, &ada), rows[i].like);
    }
    struct leads_keys office = keys(t, NULL, NULL, "info@b.example", NULL);
    assert_int_equal(leads_likeness(&office, &office), LEADS_CERTAIN_IF_OWN);
    struct leads_keys ming = keys(t, "小明", "王", "m@b.example", NULL),
                      whole = keys(t, NULL, "王小明", "m@b.example", NULL),
                      other = keys(t, NULL, "陳大文", "m@b.example", NULL);
    assert_int_equal(leads_likeness(&ming, &whole), LEADS_CERTAIN);
    assert_int_equal(leads_likeness(&ming, &other), LEADS_POSSIBLE);
}

static Baton__Lead *known_lead(struct leads_test *t, unsigned number, const char *last, const char *phone)
{
    Baton__Lead *l = lead_from(t, "DE", ANNA);
    l->id = arena_printf(t->arena, "00000000-0000-7000-8000-%012x", number);
    l->email = l->company = NULL;
    l->last_name = arena_strdup(t->arena, last);
    l->phone = arena_strdup(t->arena, phone);
    return l;
}

static const Baton__Lead *matched(struct leads_test *t, Baton__Lead **rows, size_t n, bool merge,
                                  Baton__Lead *l)
{
    struct leads_earlier earlier[NEAR_FOUND_MAX];
    struct leads_known known = {.earlier = earlier, .n = n, .merge = merge};
    for (size_t i = 0; i < n; i++)
        earlier[i] = (struct leads_earlier){rows[i], rows[i]};
    leads_keys_of(l, &known.keys, t->arena);
    l->n_possible_duplicate_ids = 0;
    return leads_match(&known, &t->routing, l, t->arena);
}

/* 14 */
static void test_known(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *l = known_lead(t, 9, "Lovelace", "030 1234560"),
                *rows[] = {known_lead(t, 3, "Lovelace", "030 1234560"),
                           known_lead(t, 2, "Lovelace", "030 1234560"),
                           known_lead(t, 1, "Lovelace", "030 1234560")};
    assert_ptr_equal(matched(t, rows, 3, true, l), rows[2]);
    assert_int_equal(l->n_possible_duplicate_ids, 2);
    assert_null(matched(t, rows, 3, false, l));
    assert_int_equal(l->n_possible_duplicate_ids, 3);
    assert_null(matched(t, rows, 0, true, l));
    /* a lead that is finished, or full, takes no other */
    rows[2]->status = BATON__LEAD_STATUS__LEAD_STATUS_DEAD;
    rows[1]->n_merged_lead_ids = LEADS_MERGED_MAX;
    assert_ptr_equal(matched(t, rows, 3, true, l), rows[0]);
}

/* 16: what came in by another name stays another's */
static void test_merged(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *survivor = known_lead(t, 1, NULL, "030 1234560"),
                *loser = known_lead(t, 2, "Lovelace", "030 1234560"),
                *ada = known_lead(t, 9, "Lovelace", "030 1234560"),
                *bob = known_lead(t, 8, "Newman", "030 1234560");
    struct leads_earlier earlier[] = {{loser, survivor}, {survivor, survivor}};
    struct leads_known known = {.earlier = earlier, .n = 2, .merge = true};
    leads_keys_of(ada, &known.keys, t->arena);
    assert_ptr_equal(leads_match(&known, &t->routing, ada, t->arena), survivor);
    assert_int_equal(ada->n_possible_duplicate_ids, 0);
    leads_keys_of(bob, &known.keys, t->arena);
    assert_null(leads_match(&known, &t->routing, bob, t->arena));
    assert_int_equal(bob->n_possible_duplicate_ids, 1);
    assert_ptr_equal(bob->possible_duplicate_ids[0], survivor->id);
}

/* 17 */
static void test_owner(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *l = known_lead(t, 9, "Lovelace", "030 1234560"),
                *rows[] = {known_lead(t, 1, "Lovelace", "030 1234560"),
                           known_lead(t, 2, "Lovelace", "030 1234560"),
                           known_lead(t, 3, "Newman", "030 1234560")};
    rows[1]->owner_id = user_id(BOB);
    rows[2]->owner_id = user_id(CARL);
    for (int i = 0; i < 2; i++)
        rows[i]->status = BATON__LEAD_STATUS__LEAD_STATUS_CONVERTED;
    assert_null(matched(t, rows, 3, true, l));
    assert_string_equal(l->customer_owner_id, user_id(BOB));
    t->persons[BOB].active = false;
    assert_null(matched(t, rows, 3, true, l));
    assert_string_equal(l->customer_owner_id, user_id(ANNA));
    rows[0]->owner_id = NULL;
    assert_null(matched(t, rows, 3, true, l));
    assert_null(l->customer_owner_id);
}

static const Baton__LeadAssigned *routed(struct leads_test *t, const Baton__Lead *l)
{
    return leads_route(&t->routing, l, BATON__ROUTE_TRIGGER__ROUTE_TRIGGER_ARRIVED, &t->stamp);
}

/* Whom the customer is known to comes first, if nothing keeps them from it and the rule does not say
 * otherwise. */
static void test_same_customer(void **state)
{
    struct leads_test *t = *state;
    usual_policy(t);
    Baton__Lead *l = lead_from(t, "DE", PERSONS);
    l->customer_owner_id = user_id(BOB);
    const Baton__LeadAssigned *e = routed(t, l);
    assert_string_equal(e->owner_id, user_id(BOB));
    assert_int_equal(e->decision->trials[0]->reasons[0]->reason, BATON__REASON__REASON_NOT_SAME_CUSTOMER);
    assert_non_null(strstr(e->reason, "the customer is known to Bob of pool 'DACH'"));
    assert_true(e->n_shares > 0); /* it counts as any other */
    t->persons[BOB].state = WORKTIME_ABSENT;
    assert_string_equal(routed(t, l)->owner_id, user_id(ANNA));
    t->persons[BOB].state = WORKTIME_WORKING;
    l->customer_owner_id = user_id(CARL); /* not of this pool */
    assert_string_equal(routed(t, l)->owner_id, user_id(ANNA));
}

/* 15: a switchboard */
static void test_shared(void **state)
{
    struct leads_test *t = *state;
    Baton__Lead *nameless = known_lead(t, 9, NULL, "030 1234560"),
                *bob = known_lead(t, 8, "Newman", "030 1234560"),
                *rows[] = {known_lead(t, 3, "Lovelace", "030 1234560"),
                           known_lead(t, 2, "Newman", "030 1234560")};
    assert_ptr_equal(matched(t, rows, 1, true, nameless), rows[0]);
    assert_null(matched(t, rows, 2, true, nameless));
    assert_int_equal(nameless->n_possible_duplicate_ids, 2);
    assert_ptr_equal(matched(t, rows, 2, true, bob), rows[1]);
    assert_null(matched(t, rows, 1, true, bob));
}

static struct near_keys hash_of(uint32_t own, uint32_t shared)
{
    return (struct near_keys){.of = {own, shared}, .n = 2, .n_own = 1};
}

static size_t found(const struct near_index *x, uint32_t own, uint32_t shared,
                    char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE])
{
    struct near_keys h = hash_of(own, shared);
    return near_index_find(x, &h, ids);
}

static void test_index(void **state)
{
    struct near_index *x = near_index_new();
    char id[IDENT_TEXT_SIZE], ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
    for (unsigned i = 0; i < 50000; i++) {
        (void)snprintf(id, sizeof id, "00000000-0000-7000-8000-%012x", i);
        struct near_keys h = hash_of(i % 10000 * 7919, UINT32_C(1) << 31 | (i % 20000 + 1));
        near_index_add(x, id, &h);
        near_index_add(x, id, &h); /* twice is once */
    }
    for (unsigned i = 0; i < 10000; i++) {
        assert_int_equal(found(x, i * 7919, 14, ids), 5);
        assert_int_equal(strtoul(ids[0] + 24, NULL, 16), 40000 + i); /* the newest */
    }
    assert_int_equal(found(x, 13, UINT32_C(1) << 31 | 7, ids), 3);
    assert_int_equal(found(x, 13, 14, ids), 0);
    /* of a number that many share the newest are there; a name that many share says nothing */
    for (unsigned i = 0; i < 1000; i++) {
        (void)snprintf(id, sizeof id, "00000000-0000-7000-8001-%012x", i);
        struct near_keys h = hash_of(17, 18);
        near_index_add(x, id, &h);
    }
    assert_int_equal(found(x, 17, 18, ids), NEAR_PER_KEY);
    assert_int_equal(strtoul(ids[0] + 24, NULL, 16), 999);
    assert_int_equal(found(x, 13, 18, ids), 0);
    near_index_free(x);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_words),      TEST(test_companies), TEST(test_addresses),
                                       TEST(test_similarity), TEST(test_likeness),  TEST(test_known),
                                       TEST(test_merged),     TEST(test_owner),     TEST(test_same_customer),
                                       TEST(test_shared),     TEST(test_index)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
