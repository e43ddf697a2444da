/* duplicates-start: what looking for duplicates costs the contacts service: at a start with many contacts, in
   memory, and for each contact that comes. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "services/contacts/rows.h"
#include "store/store.h"

enum { COMMIT = 10000, QUERIES = 10000, MEMORY = 64 << 20, ID_STEP_MS = 1000 };

static double processor_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there is always one */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Of this process, without what it has mapped of files. */
static double resident_mib(void)
{
    char line[256];
    double kib = 0;
    FILE *f = fopen("/proc/self/status", "re");
    assert(f);
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "RssAnon: %lf", &kib) == 1)
            break;
    (void)fclose(f); /* it was read only */
    return kib / 1024;
}

static uint64_t draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Names are as unevenly spread as people's: the square makes the first ones common. */
static char *name(struct arena *a, uint64_t *state, uint64_t of)
{
    static const char *const parts[] = {"ka", "mor", "li", "ser", "ta", "nov",
                                        "be", "ran", "do", "wil", "ha", "zem"};
    uint64_t n = draw(state) % of * (draw(state) % of) / of;
    char *text = arena_strdup(a, "");
    for (int i = 0; i < 4; i++, n /= 12)
        text = arena_printf(a, "%s%s", text, parts[n % 12]);
    return text;
}

static Baton__Contact *contact(struct arena *a, uint64_t *state)
{
    Baton__Contact *c = ARENA_NEW(a, Baton__Contact);
    Baton__Address *at = ARENA_NEW(a, Baton__Address);
    baton__contact__init(c);
    baton__address__init(at);
    c->first_name = name(a, state, 800);
    c->last_name = name(a, state, 12000);
    c->email = arena_printf(a, "%s.%s%u@%s.example", c->first_name, c->last_name,
                            (unsigned)(draw(state) % 100), name(a, state, 20000));
    c->phone =
        arena_printf(a, "+49 %u %07u", 30 + (unsigned)(draw(state) % 60), (unsigned)(draw(state) % 10000000));
    if (draw(state) % 2)
        c->birthday = arena_printf(a, "%u-%02u-%02u", 1940 + (unsigned)(draw(state) % 65),
                                   1 + (unsigned)(draw(state) % 12), 1 + (unsigned)(draw(state) % 28));
    at->street = arena_printf(a, "%u %s street", 1 + (unsigned)(draw(state) % 200), name(a, state, 5000));
    at->city = name(a, state, 3000);
    at->postal_code = arena_printf(a, "%05u", (unsigned)(draw(state) % 90000));
    c->mailing_address = at;
    return c;
}

static void fill(struct store *s, size_t n)
{
    struct arena *a = arena_new(MEMORY);
    struct ident_source ids = {0};
    uint64_t state = 1;
    for (size_t i = 0; i < n;) {
        struct txn *t = store_begin(s, true);
        for (size_t k = 0; k < COMMIT && i < n; k++, i++, arena_reset(a)) {
            char id[IDENT_TEXT_SIZE];
            Baton__Contact *c = contact(a, &state);
            if (k == 0)
                ident_source_advance(&ids, (int64_t)(1780000000000 + i / COMMIT * ID_STEP_MS) * 1000,
                                     (const uint8_t *)"0123456789");
            ident_next_text(&ids, id);
            c->id = id;
            table_put(t, CONTACTS_CONTACT, c, i + 1, a);
        }
        bool good = store_commit(t);
        assert(good);
    }
    arena_free(a);
}

static void look(struct load *l)
{
    struct arena *a = arena_new(MEMORY);
    uint64_t state = 2;
    double us = 0, candidates = 0;
    l->arena = a;
    for (int i = 0; i < QUERIES; i++, arena_reset(a)) {
        struct contacts_candidate found[CONTACTS_FOUND_MAX];
        const Baton__Contact *c = contact(a, &state);
        double from = processor_us();
        struct contacts_known *known = contacts_known(l, &c->base);
        (void)contacts_compare(known, &c->base, a, found); /* how many are alike is no matter here */
        us += processor_us() - from;
        candidates += (double)known->n;
    }
    bench_remark("%.1f candidates for each", candidates / QUERIES);
    bench_row("duplicates-look", us / QUERIES, "us", 0);
    arena_free(a);
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    size_t n = strtoul(drive_option(argc, argv, "contacts", "100000"), NULL, 10);
    char row[64];
    schema_load();
    struct store *s = store_open(&(struct store_options){
        .dir = data, .no_sync = true, .tables = contacts_tables, .n_tables = CONTACTS_TABLES});
    assert(s);
    fill(s, n);
    struct arena *a = arena_new(MEMORY);
    struct load l = {.txn = store_begin(s, false), .arena = a, .state = contacts_state_new()};
    double before = resident_mib(), from = processor_us();
    contacts_state_load(&l);
    (void)snprintf(row, sizeof row, "duplicates-start-%zu", n);
    bench_row(row, (processor_us() - from) / 1e6, "s", 0);
    (void)snprintf(row, sizeof row, "duplicates-memory-%zu", n);
    bench_row(row, resident_mib() - before, "MiB", 0);
    look(&l);
    store_abort(l.txn);
    contacts_state_free(l.state);
    arena_free(a);
    store_close(s);
    return 0;
}
