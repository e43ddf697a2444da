/* territory: placing one lead among 100, 1,000 and 10,000 territories in four trees. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "services/leads/leads.h"

enum { ROUNDS = 5, PLACEMENTS = 50000, MEMORY = 512 << 20, CODES = 100000, KINDS = 20 };

/* Of twenty territories twelve have a range of postal codes of their own, four name companies, two a state,
   one an industry, and one is a country; each hangs below one that came before it. */
struct trees {
    struct arena *arena;
    size_t n;
    const struct leads_territories *compiled;
    double compile_ms;
};

/* Of this process: what else the machine does counts for neither. */
static double processor_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there is always one */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static char **one_text(struct arena *a, char *text, size_t *n)
{
    char **all = ARENA_ARRAY(a, char *, 1);
    all[(*n)++] = text;
    return all;
}

static void add_range(const struct trees *t, Baton__TerritoryRule *r, size_t i)
{
    Baton__PostalRange *p = ARENA_NEW(t->arena, Baton__PostalRange);
    size_t width = CODES / t->n, from = i * width;
    baton__postal_range__init(p);
    p->country = "Germany";
    p->from = arena_printf(t->arena, "%05zu", from);
    p->to = arena_printf(t->arena, "%05zu", from + (width ? width - 1 : 0));
    r->postal_codes = ARENA_ARRAY(t->arena, Baton__PostalRange *, 1);
    r->postal_codes[r->n_postal_codes++] = p;
}

static void add_rule(const struct trees *t, Baton__Territory *row, size_t i)
{
    Baton__TerritoryRule *r = ARENA_NEW(t->arena, Baton__TerritoryRule);
    struct arena *a = t->arena;
    baton__territory_rule__init(r);
    row->rules = ARENA_ARRAY(a, Baton__TerritoryRule *, 1);
    row->rules[row->n_rules++] = r;
    if (i % KINDS < 12)
        add_range(t, r, i);
    else if (i % KINDS < 16)
        r->companies = one_text(a, arena_printf(a, "Company %zu", i), &r->n_companies);
    else if (i % KINDS < 18)
        r->states = one_text(a, arena_printf(a, "State %zu", i), &r->n_states);
    else if (i % KINDS == 18)
        r->industries = one_text(a, arena_printf(a, "Industry %zu", i), &r->n_industries);
    else
        r->countries = one_text(a, arena_printf(a, "Country %zu", i), &r->n_countries);
}

static Baton__TerritoryKind kind_of(size_t i)
{
    return i % KINDS < 12   ? BATON__TERRITORY_KIND__TERRITORY_KIND_GEOGRAPHY
           : i % KINDS < 16 ? BATON__TERRITORY_KIND__TERRITORY_KIND_DEPARTMENT
           : i % KINDS < 18 ? BATON__TERRITORY_KIND__TERRITORY_KIND_REGION
                            : BATON__TERRITORY_KIND__TERRITORY_KIND_INDUSTRY;
}

static void trees_init(struct trees *t, size_t n)
{
    *t = (struct trees){.arena = arena_new(MEMORY), .n = n};
    Baton__Territory **rows = ARENA_ARRAY(t->arena, Baton__Territory *, n);
    for (size_t i = 0; i < n; i++) {
        Baton__Territory *row = rows[i] = ARENA_NEW(t->arena, Baton__Territory);
        baton__territory__init(row);
        row->id = arena_printf(t->arena, "00000000-0000-7000-8000-%012zx", i);
        row->name = "Territory";
        row->kind = kind_of(i);
        row->parent_id = i >= KINDS ? rows[i / KINDS / 4 * KINDS + i % KINDS]->id : NULL;
        if (row->parent_id == row->id)
            row->parent_id = NULL;
        add_rule(t, row, i);
    }
    double begin = processor_us();
    t->compiled = leads_territories_compile(rows, n, t->arena);
    t->compile_ms = (processor_us() - begin) / 1e3;
}

/* Every lead says all that can be asked, and lies in at least one tree. */
static double microseconds(const struct trees *t)
{
    struct arena *a = arena_new(MEMORY);
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__Address address = BATON__ADDRESS__INIT;
    lead.address = &address;
    address.country = "Germany";
    double begin = processor_us();
    for (size_t i = 0; i < PLACEMENTS; i++) {
        size_t any = i * 7919;
        Baton__Lead now = lead;
        now.company = arena_printf(a, "Company %zu", any % t->n);
        now.industry = arena_printf(a, "Industry %zu", any * 3 % t->n);
        address.state = arena_printf(a, "State %zu", any * 7 % t->n);
        address.postal_code = arena_printf(a, "%05zu", any % (t->n / KINDS) * KINDS * (CODES / t->n));
        leads_territories_place(t->compiled, &now, a);
        if (!now.n_territory_ids)
            drive_die("a lead lies nowhere");
        arena_reset(a);
    }
    double us = (processor_us() - begin) / PLACEMENTS;
    arena_free(a);
    return us;
}

/* The least of several rounds, taken in turn: what else the machine does only ever adds. */
int main(void)
{
    static const size_t sizes[] = {100, 1000, 10000};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    struct trees trees[SIZES];
    double least[SIZES];
    schema_load();
    for (size_t k = 0; k < SIZES; k++) {
        trees_init(&trees[k], sizes[k]);
        least[k] = 1e9;
    }
    for (int round = 0; round < ROUNDS; round++)
        for (size_t k = 0; k < SIZES; k++) {
            double us = microseconds(&trees[k]);
            least[k] = us < least[k] ? us : least[k];
        }
    for (size_t k = 0; k < SIZES; k++) {
        char name[32];
        (void)snprintf(name, sizeof name, "territory-%zu", sizes[k]);
        bench_row(name, least[k], "us", least[0]);
        arena_free(trees[k].arena);
    }
    bench_remark("territory: %zu territories are compiled in %.1f ms of a processor; the peer is 100",
                 sizes[SIZES - 1], trees[SIZES - 1].compile_ms);
    return 0;
}
