/* Where leads and people are, and who is nearest. */
#include "services/leads/filter.h"
#include "unit/leads_facts.h"

#include <math.h>

enum { PLACES = 1000, POINTS = 20000, EARTH_KM = 6371 };

static Baton__Place *place(struct leads_test *t, char *id, char *country, char *code, int32_t n, int32_t e)
{
    Baton__Place *p = ARENA_NEW(t->arena, Baton__Place);
    baton__place__init(p);
    p->id = id;
    p->country = country;
    p->postal_code = code;
    p->latitude_e6 = n;
    p->longitude_e6 = e;
    return p;
}

static bool is_at(struct leads_test *t, const struct leads_places *p, char *country, char *code, int32_t n,
                  int32_t e)
{
    Baton__Lead l = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    l.address = &address;
    l.has_latitude_e6 = l.has_longitude_e6 = true;
    address.country = country;
    address.postal_code = code;
    leads_locate(p, &l, t->arena);
    return l.has_latitude_e6 && l.has_longitude_e6 && l.latitude_e6 == n && l.longitude_e6 == e;
}

static void test_locate(void **state)
{
    struct leads_test *t = *state;
    struct leads_places *p = leads_places_new();
    leads_places_put(p, place(t, "b", "Taiwan", "100", 25, 121));
    leads_places_put(p, place(t, "c", "taiwan", "1 00", 1, 2));
    assert_true(is_at(t, p, "TAIWAN", "100", 25, 121)); /* the first counts */
    leads_places_put(p, place(t, "a", "Taiwan", "1-00", 26, 122));
    assert_true(is_at(t, p, "Taiwan", "100", 26, 122)); /* whenever it comes */
    leads_places_put(p, place(t, "a", "Taiwan", "100", 27, 123));
    assert_true(is_at(t, p, "Taiwan", "100", 27, 123)); /* and when it changes */
    assert_true(is_at(t, p, "TW", "100", 27, 123));     /* whatever the country is called */
    assert_true(is_at(t, p, "臺灣", "100", 27, 123));
    assert_false(is_at(t, p, "Japan", "100", 27, 123));
    assert_false(is_at(t, p, "Taiwan", "101", 27, 123));
    assert_false(is_at(t, p, "Taiwan", NULL, 27, 123));
    assert_false(is_at(t, p, NULL, "100", 27, 123));
    for (int i = 0; i < PLACES; i++)
        leads_places_put(
            p, place(t, arena_printf(t->arena, "d%d", i), "DE", arena_printf(t->arena, "%05d", i), i, -i));
    for (int i = 0; i < PLACES; i++)
        assert_true(is_at(t, p, i % 2 ? "de" : "Deutschland", arena_printf(t->arena, "%05d", i), i, -i));
    leads_places_clear(p);
    assert_false(is_at(t, p, "Taiwan", "100", 27, 123));
    leads_places_free(p);
}

/* 1: of decide_place.c */
static void test_check(void **state)
{
    struct leads_test *t = *state;
    Baton__Place *p = place(t, "a", "DE", "80331", 0, 0), *q = place(t, "a", "DE", "80332", 0, 0);
    fresh(t);
    assert_true(leads_check_place(NULL, NULL, &p->base, &t->stamp, &t->out));
    assert_true(leads_check_place(NULL, &p->base, NULL, &t->stamp, &t->out));
    assert_true(leads_check_place(NULL, &p->base, &q->base, &t->stamp, &t->out));
    q->postal_code = " - ";
    assert_false(leads_check_place(NULL, NULL, &q->base, &t->stamp, &t->out));
    assert_string_equal(t->out.no.field, "postal_code");
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* As a mathematician has it, in floating point: kilometres along the chord. */
static double chord_km(const int32_t a[2], const int32_t b[2])
{
    const double unit = acos(-1) / 180e6;
    double north = sin((b[0] - a[0]) * unit / 2), east = sin((b[1] - a[1]) * unit / 2);
    return 2 * EARTH_KM * sqrt(north * north + cos(a[0] * unit) * cos(b[0] * unit) * east * east);
}

static void test_distance(void **state)
{
    static const int32_t munich[] = {48137000, 11575000}, berlin[] = {52520000, 13405000},
                         suva[] = {-18141600, 178441900}, apia[] = {-13833300, -171766700},
                         pole[] = {90000000, 0};
    static const struct {
        const int32_t *a, *b;
        int64_t km;
    } cases[] = {{munich, munich, 0}, {munich, berlin, 504}, {suva, apia, 1149}, {pole, pole, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct earth_point a = earth_point_of(cases[i].a[0], cases[i].a[1]),
                           b = earth_point_of(cases[i].b[0], cases[i].b[1]);
        assert_in_range(earth_kilometres(&a, &b), cases[i].km ? cases[i].km - 1 : 0, cases[i].km + 1);
        assert_int_equal(earth_kilometres(&a, &b), earth_kilometres(&b, &a));
    }
    uint64_t seed = 3;
    for (int i = 0; i < POINTS; i++) {
        int32_t p[2][2];
        for (int k = 0; k < 2; k++) {
            p[k][0] = (int32_t)(next_random(&seed) % 180000001) - 90000000;
            p[k][1] = (int32_t)(next_random(&seed) % 360000001) - 180000000;
        }
        struct earth_point a = earth_point_of(p[0][0], p[0][1]), b = earth_point_of(p[1][0], p[1][1]);
        double wrong = (double)earth_kilometres(&a, &b) + 0.5 - chord_km(p[0], p[1]);
        if (fabs(wrong) > 0.51)
            fail_msg("from %d %d to %d %d: wrong by %g km", p[0][0], p[0][1], p[1][0], p[1][1], wrong);
    }
}

/* Of two decisions the bits are the same, so they are written down here. */
static void test_bits(void **state)
{
    struct earth_point p = earth_point_of(48137000, 11575000);
    assert_int_equal(p.x, 701990669);
    assert_int_equal(p.y, 143778810);
    assert_int_equal(p.z, 799661339);
}

static void test_rank(void **state)
{
    struct leads_test *t = *state;
    Baton__Rank rank = BATON__RANK__RANK_NEAREST;
    Baton__Rule rule = BATON__RULE__INIT;
    struct leads_rule compiled = {0};
    struct leads_asked q;
    Baton__Lead *l = lead_from(t, "DE", PERSONS);
    rule.ranks = &rank;
    rule.n_ranks = 1;
    leads_rank_compile(&rule, &compiled, t->arena);
    t->persons[ANNA].at = earth_point_of(48137000, 11575000);
    t->persons[BOB].at = earth_point_of(52520000, 13405000);
    leads_asked_init(&q, &t->routing, l, t->arena);
    for (uint32_t person = 0; person < PERSONS; person++)
        assert_int_equal(leads_rank_value(&q, &compiled, compiled.n_ranks - 1, person), 0);
    l->has_latitude_e6 = l->has_longitude_e6 = true;
    l->latitude_e6 = 52400000;
    l->longitude_e6 = 13060000;
    leads_asked_init(&q, &t->routing, l, t->arena);
    assert_in_range(leads_rank_value(&q, &compiled, compiled.n_ranks - 1, BOB), 26, 27);
    assert_true(leads_rank_value(&q, &compiled, compiled.n_ranks - 1, BOB) <
                leads_rank_value(&q, &compiled, compiled.n_ranks - 1, ANNA));
    assert_int_equal(leads_rank_value(&q, &compiled, compiled.n_ranks - 1, CARL), INT64_MAX);
    assert_int_equal(leads_rank_reason(&compiled, compiled.n_ranks - 1), BATON__REASON__REASON_FARTHER);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, leads_test_setup, leads_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_locate), TEST(test_check), TEST(test_distance),
                                       TEST(test_bits), TEST(test_rank)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
