/* Where a lead lies. The numbers are those of the rows; the naive walk shares nothing with the compiled one
   but the folding of texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "schema/schema.h"
#include "services/leads/territory.h"

enum {
    GEOGRAPHY = BATON__TERRITORY_KIND__TERRITORY_KIND_GEOGRAPHY,
    INDUSTRY = BATON__TERRITORY_KIND__TERRITORY_KIND_INDUSTRY,
    ROWS = 400
};

struct world {
    struct arena *arena;
    Baton__Territory *rows[ROWS];
    size_t n;
};

static int setup(void **state)
{
    static struct world w;
    schema_load();
    w.arena = arena_new(256 << 20);
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct world *)*state)->arena);
    return 0;
}

static void clear(struct world *w)
{
    arena_reset(w->arena);
    w->n = 0;
}

/* Under row `parent` (from 0; -1: under none). */
static Baton__TerritoryRule *add(struct world *w, int kind, int parent)
{
    assert_true(w->n < ROWS);
    Baton__Territory *t = ARENA_NEW(w->arena, Baton__Territory);
    Baton__TerritoryRule *r = ARENA_NEW(w->arena, Baton__TerritoryRule);
    baton__territory__init(t);
    baton__territory_rule__init(r);
    t->id = arena_printf(w->arena, "00000000-0000-7000-8000-%012zu", w->n);
    t->name = t->id;
    t->kind = (Baton__TerritoryKind)kind;
    t->parent_id = parent < 0 ? NULL : w->rows[parent]->id;
    t->rules = ARENA_ARRAY(w->arena, Baton__TerritoryRule *, 1);
    t->rules[t->n_rules++] = r;
    w->rows[w->n++] = t;
    return r;
}

static char **one(struct world *w, const char *text, size_t *n)
{
    char **items = ARENA_ARRAY(w->arena, char *, 1);
    items[0] = arena_strdup(w->arena, text);
    *n = 1;
    return items;
}

static void add_range(struct world *w, Baton__TerritoryRule *r, const char *country, const char *from,
                      const char *to)
{
    Baton__PostalRange **all = ARENA_ARRAY(w->arena, Baton__PostalRange *, r->n_postal_codes + 1);
    for (size_t i = 0; i < r->n_postal_codes; i++)
        all[i] = r->postal_codes[i];
    Baton__PostalRange *p = all[r->n_postal_codes++] = ARENA_NEW(w->arena, Baton__PostalRange);
    baton__postal_range__init(p);
    p->country = arena_strdup(w->arena, country);
    p->from = arena_strdup(w->arena, from);
    p->to = arena_strdup(w->arena, to);
    r->postal_codes = all;
}

static Baton__Lead *lead_at(struct world *w, const char *country, const char *state, const char *code)
{
    Baton__Lead *l = ARENA_NEW(w->arena, Baton__Lead);
    baton__lead__init(l);
    l->address = ARENA_NEW(w->arena, Baton__Address);
    baton__address__init(l->address);
    l->address->country = arena_strdup(w->arena, country);
    l->address->state = arena_strdup(w->arena, state);
    l->address->postal_code = arena_strdup(w->arena, code);
    return l;
}

/* The row it lies in, -1: nowhere. */
static int place_of(struct world *w, const Baton__Lead *l, int kind)
{
    struct leads_spot spots[LEADS_TREES];
    const struct leads_territories *t = leads_territories_compile(w->rows, w->n, w->arena);
    leads_territories_find(t, l, w->arena, spots);
    for (size_t i = 0; i < w->n; i++)
        if (w->rows[i] == spots[kind].territory)
            return (int)i;
    return -1;
}

static void test_rules(void **state)
{
    struct world *w = *state;
    clear(w);
    /* 1: by country, whatever its case and its language */
    Baton__TerritoryRule *r = add(w, GEOGRAPHY, -1);
    r->countries = one(w, "DE", &r->n_countries);
    assert_int_equal(place_of(w, lead_at(w, "de", NULL, NULL), GEOGRAPHY), 0);
    assert_int_equal(place_of(w, lead_at(w, "Allemagne", NULL, NULL), GEOGRAPHY), 0);
    assert_int_equal(place_of(w, lead_at(w, "FR", NULL, NULL), GEOGRAPHY), -1);
    /* 2: leading zeros and length count */
    add_range(w, add(w, GEOGRAPHY, 0), "DE", "01000", "01999");
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, "01069"), GEOGRAPHY), 1);
    assert_int_equal(place_of(w, lead_at(w, "Germany", NULL, "01069"), GEOGRAPHY), 1);
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, "1069"), GEOGRAPHY), 0);
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, "10690"), GEOGRAPHY), 0);
    /* 3: the deepest, then priority, then who was first */
    add_range(w, add(w, GEOGRAPHY, 0), "DE", "01", NULL);
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, "01069"), GEOGRAPHY), 1);
    w->rows[2]->priority = 1;
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, "01069"), GEOGRAPHY), 2);
    add_range(w, add(w, GEOGRAPHY, 1), "DE", "01069", "01069");
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, "01069"), GEOGRAPHY), 3);
    /* 4: size, and it must be known */
    r = add(w, INDUSTRY, -1);
    r->has_employees_at_least = r->has_employees_at_most = true;
    r->employees_at_least = 10;
    r->employees_at_most = 20;
    Baton__Lead *l = lead_at(w, "DE", NULL, "01069");
    assert_int_equal(place_of(w, l, INDUSTRY), -1);
    l->has_number_of_employees = true;
    l->number_of_employees = 20;
    assert_int_equal(place_of(w, l, INDUSTRY), 4);
    l->number_of_employees = 21;
    assert_int_equal(place_of(w, l, INDUSTRY), -1);
    /* 5: named accounts, folded; each tree has its own answer */
    r = add(w, INDUSTRY, -1);
    r->companies = one(w, "Acme  Corporation", &r->n_companies);
    l->company = "ACME corporation";
    assert_int_equal(place_of(w, l, INDUSTRY), 5);
    assert_int_equal(place_of(w, l, GEOGRAPHY), 3);
    leads_territories_place(leads_territories_compile(w->rows, w->n, w->arena), l, w->arena);
    assert_int_equal(l->n_territory_ids, 2);
    assert_string_equal(l->territory_ids[0], w->rows[3]->id);
    assert_string_equal(l->territory_id, w->rows[3]->id);
}

static void test_odd_trees(void **state)
{
    struct world *w = *state;
    clear(w);
    /* 6: a parent that is gone, and a loop of parents, end somewhere */
    Baton__TerritoryRule *r = add(w, GEOGRAPHY, -1);
    r->countries = one(w, "DE", &r->n_countries);
    w->rows[0]->parent_id = "00000000-0000-7000-8000-ffffffffffff";
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, NULL), GEOGRAPHY), 0);
    w->rows[0]->parent_id = w->rows[0]->id;
    assert_int_equal(place_of(w, lead_at(w, "DE", NULL, NULL), GEOGRAPHY), 0);
    /* 7: no rule anywhere: what came in stays */
    w->rows[0]->n_rules = 0;
    Baton__Lead *l = lead_at(w, "DE", NULL, NULL);
    l->territory_id = "theirs";
    leads_territories_place(leads_territories_compile(w->rows, w->n, w->arena), l, w->arena);
    assert_string_equal(l->territory_id, "theirs");
}

/* --- against the naive walk --- */

static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33);
}

static bool same(struct world *w, const char *a, const char *b)
{
    return a && b && strcmp(text_fold_place(w->arena, a), text_fold_place(w->arena, b)) == 0;
}

static bool any(struct world *w, char *const *items, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (same(w, items[i], text))
            return true;
    return n == 0;
}

static bool naive_holds(struct world *w, const Baton__TerritoryRule *r, const Baton__Lead *l)
{
    bool code = r->n_postal_codes == 0;
    for (size_t i = 0; l->address->postal_code && i < r->n_postal_codes; i++) {
        const Baton__PostalRange *p = r->postal_codes[i];
        size_t n = strlen(p->from);
        char *cut = arena_printf(w->arena, "%.*s", (int)n, l->address->postal_code);
        code = code || (same(w, p->country, l->address->country) && strlen(cut) == n &&
                        strcmp(p->from, cut) <= 0 && strcmp(cut, p->to ? p->to : p->from) <= 0);
    }
    return code && any(w, r->countries, r->n_countries, l->address->country) &&
           any(w, r->states, r->n_states, l->address->state) &&
           any(w, r->companies, r->n_companies, l->company) &&
           any(w, r->industries, r->n_industries, l->industry) &&
           !(r->has_revenue_at_least && (!l->has_annual_revenue || l->annual_revenue < r->revenue_at_least));
}

static int depth_of(struct world *w, const Baton__Territory *t)
{
    int depth = 0;
    while (t->parent_id) {
        t = w->rows[strtol(t->parent_id + 24, NULL, 10)];
        depth++;
    }
    return depth;
}

static int naive_place(struct world *w, const Baton__Lead *l, int kind)
{
    int best = -1;
    for (size_t i = 0; i < w->n; i++) {
        const Baton__Territory *t = w->rows[i], *b = best < 0 ? NULL : w->rows[best];
        if ((int)t->kind != kind || !naive_holds(w, t->rules[0], l))
            continue;
        int deeper = b ? depth_of(w, t) - depth_of(w, b) : 1;
        if (deeper > 0 || (deeper == 0 && t->priority > b->priority))
            best = (int)i;
    }
    return best;
}

static const char *const countries[] = {"DE", "TW", "US"};
static const char *const states[] = {"臺北市", "台中市", "Texas", "Bayern"};
static const char *const industries[] = {"retail", "medical", "software"};

static void random_rule(struct world *w, uint64_t *seed, Baton__TerritoryRule *r)
{
    if (next_random(seed) % 3 == 0)
        r->countries = one(w, countries[next_random(seed) % 3], &r->n_countries);
    if (next_random(seed) % 4 == 0)
        r->states = one(w, states[next_random(seed) % 4], &r->n_states);
    if (next_random(seed) % 5 == 0)
        r->industries = one(w, industries[next_random(seed) % 3], &r->n_industries);
    if (next_random(seed) % 9 == 0)
        r->companies = one(w, arena_printf(w->arena, "company %u", next_random(seed) % 9), &r->n_companies);
    if (next_random(seed) % 9 == 0) {
        r->has_revenue_at_least = true;
        r->revenue_at_least = next_random(seed) % 1000;
    }
    for (unsigned n = next_random(seed) % 4; n > 0; n--) {
        int length = 2 + (int)(next_random(seed) % 3);
        unsigned most = length == 2 ? 100 : length == 3 ? 1000 : 10000;
        unsigned from = next_random(seed) % most, to = from + next_random(seed) % (most - from);
        add_range(w, r, countries[next_random(seed) % 3], arena_printf(w->arena, "%0*u", length, from),
                  arena_printf(w->arena, "%0*u", length, to));
    }
}

static void random_territories(struct world *w, uint64_t *seed)
{
    clear(w);
    for (int i = 0, n = 1 + (int)(next_random(seed) % 60); i < n; i++) {
        int kind = 1 + (int)(next_random(seed) % 4), parent = -1;
        for (int k = 0; k < 4 && parent < 0 && i; k++) {
            int p = (int)(next_random(seed) % (unsigned)i);
            parent = (int)w->rows[p]->kind == kind ? p : -1;
        }
        random_rule(w, seed, add(w, kind, parent));
        w->rows[i]->priority = next_random(seed) % 3;
    }
}

static Baton__Lead *random_lead(struct world *w, uint64_t *seed)
{
    Baton__Lead *l =
        lead_at(w, countries[next_random(seed) % 3], states[next_random(seed) % 4],
                arena_printf(w->arena, "%0*u", 1 + (int)(next_random(seed) % 5), next_random(seed) % 10000));
    l->industry = arena_strdup(w->arena, industries[next_random(seed) % 3]);
    l->company = arena_printf(w->arena, "Company %u", next_random(seed) % 12);
    l->has_annual_revenue = next_random(seed) % 2;
    l->annual_revenue = l->has_annual_revenue ? next_random(seed) % 1000 : 0;
    return l;
}

static void test_naive(void **state)
{
    enum { ROUNDS = 300, LEADS = 30 };
    struct world *w = *state;
    uint64_t seed = 1;
    size_t placed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        random_territories(w, &seed);
        for (int i = 0; i < LEADS; i++) {
            const Baton__Lead *l = random_lead(w, &seed);
            for (int kind = 1; kind < LEADS_TREES; kind++) {
                int naive = naive_place(w, l, kind);
                assert_int_equal(place_of(w, l, kind), naive);
                placed += naive >= 0;
            }
        }
    }
    assert_true(placed > ROUNDS * LEADS / 4);
}

/* --- Taiwan, where its districts are at hand --- */

static json_t *taiwan(void)
{
    char path[512];
    const char *data = getenv("BATON_TEST_DATA");
    (void)snprintf(path, sizeof path, "%s/geo/taiwan/CityCountyData.json", data ? data : "../shared/data");
    return json_load_file(path, 0, NULL);
}

static const char *text_of(const json_t *o, const char *name)
{
    return json_string_value(json_object_get(o, name));
}

/* The other spelling of a place's name: both forms of the character for the one that is there. */
static char *other_spelling(struct world *w, const char *name)
{
    char *text = arena_strdup(w->arena, name);
    for (char *p = text; *p; p++)
        if (strncmp(p, "臺", 3) == 0)
            memcpy(p, "台", 3);
        else if (strncmp(p, "台", 3) == 0)
            memcpy(p, "臺", 3);
    return text;
}

static char *full_width(struct world *w, const char *digits)
{
    char *text = arena_strdup(w->arena, "");
    for (; *digits; digits++)
        text = arena_printf(w->arena, "%s\xef\xbc%c", text, 0x90 + (*digits - '0'));
    return text;
}

static void find_district(struct world *w, const struct leads_territories *t, size_t row, const char *state,
                          const char *code)
{
    struct leads_spot spots[LEADS_TREES];
    leads_territories_find(t, lead_at(w, "TW", state, code), w->arena, spots);
    const Baton__Territory *found = spots[GEOGRAPHY].territory;
    assert_non_null(found);
    /* Some districts of one city share a code. */
    assert_string_equal(found->rules[0]->postal_codes[0]->from,
                        w->rows[row]->rules[0]->postal_codes[0]->from);
    assert_true(same(w, found->rules[0]->states[0], state));
}

static void test_taiwan(void **state)
{
    struct world *w = *state;
    json_t *cities = taiwan(), *city, *area;
    size_t i, k;
    if (!cities)
        skip();
    clear(w);
    json_array_foreach(cities, i, city) json_array_foreach(json_object_get(city, "AreaList"), k, area)
    {
        Baton__TerritoryRule *r = add(w, GEOGRAPHY, -1);
        r->states = one(w, text_of(city, "CityName"), &r->n_states);
        add_range(w, r, "TW", text_of(area, "ZipCode"), NULL);
    }
    const struct leads_territories *t = leads_territories_compile(w->rows, w->n, w->arena);
    for (size_t row = 0; row < w->n; row++) {
        const char *name = w->rows[row]->rules[0]->states[0];
        const char *code = w->rows[row]->rules[0]->postal_codes[0]->from;
        find_district(w, t, row, name, code);
        find_district(w, t, row, other_spelling(w, name), full_width(w, code));
        find_district(w, t, row, name, arena_printf(w->arena, "%s-042", code));
    }
    print_message("%zu districts\n", w->n);
    json_decref(cities);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_odd_trees),
        cmocka_unit_test(test_naive),
        cmocka_unit_test(test_taiwan),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
