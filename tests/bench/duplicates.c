/* duplicates: which of some thousand persons are the same, beside what people know (Febrl's made-up persons,
   Splink's fake_1000). What people know is compared with what was found and nothing else. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "bench.h"
#include "services/contacts/match.h"

enum {
    MEMORY = 256 << 20,
    COLUMNS_MAX = 16,
    LINE_MAX_BYTES = 4096,
    RANDOM_PAIRS = 400000,
    BUCKET_MAX = 64, /* persons under one key; of more it says nothing */
};
static const double SURE = 0.5;

struct somebody {
    struct match_keys keys;
    const char *truth; /* persons with the same are the same; for the comparison at the end alone */
    unsigned side;     /* of two files, 0 or 1 */
};

struct pair {
    uint32_t a, b;
    double sure;
    struct match_pattern pattern;
};

struct set {
    struct arena *arena;
    struct somebody *persons;
    size_t n, room;
    const char *hidden; /* a column that nobody looks at; NULL: none */
    bool linked;        /* only persons of different files can be the same, and each once */
    struct pair *pairs;
    size_t n_pairs, pairs_room;
};

/* --- reading --- */

static char *trimmed(char *s)
{
    s += strspn(s, " ");
    size_t n = strcspn(s, "\r\n");
    while (n && s[n - 1] == ' ')
        n--;
    s[n] = '\0';
    return s;
}

static size_t split(char *line, char *cells[COLUMNS_MAX])
{
    size_t n = 0;
    for (char *next; line && n < COLUMNS_MAX; line = next) {
        next = strchr(line, ',');
        if (next)
            *next++ = '\0';
        cells[n++] = trimmed(line);
    }
    return n;
}

struct file {
    char *names[COLUMNS_MAX], *cells[COLUMNS_MAX];
    size_t n;
};

static const char *cell(const struct file *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->names[i], name) == 0)
            return f->cells[i] && *f->cells[i] ? f->cells[i] : NULL;
    return NULL;
}

static const char *either(const struct file *f, const char *one, const char *two)
{
    const char *said = cell(f, one);
    return said ? said : cell(f, two);
}

/* "rec-223-dup-0" is the same person as "rec-223-org". */
static const char *truth_of(const struct file *f, struct arena *a)
{
    const char *cluster = cell(f, "cluster"), *id = cell(f, "rec_id");
    if (cluster)
        return arena_strdup(a, cluster);
    assert(id && strlen(id) > 4);
    return arena_strndup(a, id, 4 + strcspn(id + 4, "-"));
}

static void read_person(struct set *s, const struct file *f, unsigned side)
{
    Baton__Address at = BATON__ADDRESS__INIT;
    const char *number = cell(f, "street_number"), *street = cell(f, "address_1"),
               *line = cell(f, "address_2");
    at.street =
        arena_printf(s->arena, "%s %s\n%s", number ? number : "", street ? street : "", line ? line : "");
    at.city = (char *)(uintptr_t)either(f, "suburb", "city");
    at.postal_code = (char *)(uintptr_t)cell(f, "postcode");
    at.state = (char *)(uintptr_t)cell(f, "state");
    bool numbered = !s->hidden || strcmp(s->hidden, "soc_sec_id") != 0;
    const struct match_said said = {.first_name = either(f, "given_name", "first_name"),
                                    .last_name = cell(f, "surname"),
                                    .birthday = either(f, "date_of_birth", "dob"),
                                    .email = cell(f, "email"),
                                    .identifier = numbered ? cell(f, "soc_sec_id") : NULL,
                                    .address = &at};
    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 1024;
        s->persons = realloc(s->persons, s->room * sizeof *s->persons);
        assert(s->persons);
    }
    struct somebody *p = &s->persons[s->n++];
    match_keys_of(&said, &p->keys, s->arena);
    p->truth = truth_of(f, s->arena);
    p->side = side;
}

static bool read_file(struct set *s, const char *folder, const char *name, unsigned side)
{
    char line[LINE_MAX_BYTES], first[LINE_MAX_BYTES], path[LINE_MAX_BYTES];
    struct file f = {0};
    (void)snprintf(path, sizeof path, "%s/duplicates/%s", folder, name);
    FILE *in = fopen(path, "r");
    if (!in || !fgets(first, sizeof first, in))
        return false;
    size_t columns = split(first, f.names);
    while (fgets(line, sizeof line, in)) {
        f.n = split(line, f.cells);
        if (f.n == columns)
            read_person(s, &f, side);
    }
    (void)fclose(in); /* it was read only */
    return s->n > 0;
}

/* --- finding --- */

struct near {
    uint32_t hash, person;
};

static int by_hash(const void *a, const void *b)
{
    const struct near *x = a, *y = b;
    return x->hash != y->hash ? (x->hash > y->hash) - (x->hash < y->hash)
                              : (x->person > y->person) - (x->person < y->person);
}

static void add_pair(struct set *s, uint32_t a, uint32_t b)
{
    if (a == b || (s->linked && s->persons[a].side == s->persons[b].side))
        return;
    if (s->n_pairs == s->pairs_room) {
        s->pairs_room = s->pairs_room ? 2 * s->pairs_room : 4096;
        s->pairs = realloc(s->pairs, s->pairs_room * sizeof *s->pairs);
        assert(s->pairs);
    }
    s->pairs[s->n_pairs++] = (struct pair){.a = a < b ? a : b, .b = a < b ? b : a};
}

static int by_persons(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

static void drop_twice(struct set *s)
{
    size_t n = 0;
    qsort(s->pairs, s->n_pairs, sizeof *s->pairs, by_persons);
    for (size_t i = 0; i < s->n_pairs; i++)
        if (!n || by_persons(&s->pairs[n - 1], &s->pairs[i]) != 0)
            s->pairs[n++] = s->pairs[i];
    s->n_pairs = n;
}

static void find_pairs(struct set *s)
{
    struct near *all = malloc(s->n * NEAR_KEYS_MAX * sizeof *all);
    size_t n = 0;
    assert(all);
    for (uint32_t i = 0; i < s->n; i++) {
        struct near_keys keys;
        match_near(&s->persons[i].keys, &keys);
        for (size_t k = 0; k < keys.n; k++)
            all[n++] = (struct near){keys.of[k], i};
    }
    qsort(all, n, sizeof *all, by_hash);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && all[to].hash == all[from].hash;)
            to++;
        for (size_t i = from; i < to && to - from <= BUCKET_MAX; i++)
            for (size_t k = i + 1; k < to; k++)
                add_pair(s, all[i].person, all[k].person);
    }
    free(all);
    drop_twice(s);
}

/* --- estimating and deciding --- */

static uint64_t draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static double pairs_in_all(const struct set *s)
{
    double sides[2] = {0};
    for (size_t i = 0; i < s->n; i++)
        sides[s->persons[i].side]++;
    return s->linked ? sides[0] * sides[1] : (double)s->n * ((double)s->n - 1) / 2;
}

static void learn(struct set *s, struct match_model *model)
{
    struct match_tally *random = match_tally_new(), *found = match_tally_new();
    uint64_t state = 1;
    for (int i = 0; i < RANDOM_PAIRS; i++) {
        size_t a = draw(&state) % s->n, b = draw(&state) % s->n;
        struct match_pattern p;
        if (a == b || (s->linked && s->persons[a].side == s->persons[b].side))
            continue;
        match_compare(&s->persons[a].keys, &s->persons[b].keys, &p);
        match_tally_add(random, &p);
    }
    for (size_t i = 0; i < s->n_pairs; i++) {
        struct pair *p = &s->pairs[i];
        match_compare(&s->persons[p->a].keys, &s->persons[p->b].keys, &p->pattern);
        match_tally_add(found, &p->pattern);
    }
    match_learn(random, found, pairs_in_all(s), (double)s->n, model);
    match_tally_free(random);
    match_tally_free(found);
}

static int by_sure(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return x->sure != y->sure ? (x->sure < y->sure) - (x->sure > y->sure) : by_persons(a, b);
}

static void weigh(struct set *s, const struct match_model *model)
{
    struct match_counts *counts = calloc(1, sizeof *counts);
    assert(counts);
    for (size_t i = 0; i < s->n; i++)
        match_count(counts, &s->persons[i].keys);
    for (size_t i = 0; i < s->n_pairs; i++)
        s->pairs[i].sure =
            match_probability(model, counts, &s->persons[s->pairs[i].a].keys, &s->pairs[i].pattern);
    free(counts);
    qsort(s->pairs, s->n_pairs, sizeof *s->pairs, by_sure);
}

/* --- beside what people know --- */

struct score {
    double precision, recall, f1;
};

static bool is_true(const struct set *s, size_t a, size_t b)
{
    return strcmp(s->persons[a].truth, s->persons[b].truth) == 0 &&
           !(s->linked && s->persons[a].side == s->persons[b].side);
}

static double all_true(const struct set *s)
{
    double n = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = i + 1; k < s->n; k++)
            n += is_true(s, i, k);
    return n;
}

static struct score score_of(double right, double said, double all)
{
    double p = said > 0 ? right / said : 0, r = all > 0 ? right / all : 0;
    return (struct score){p, r, p + r > 0 ? 2 * p * r / (p + r) : 0};
}

/* Pairs of which we are sure; of linked files each person in one of them. */
static struct score pairs_score(const struct set *s)
{
    bool *taken = calloc(s->n, sizeof *taken);
    double right = 0, said = 0;
    assert(taken);
    for (size_t i = 0; i < s->n_pairs && s->pairs[i].sure >= SURE; i++) {
        const struct pair *p = &s->pairs[i];
        if (s->linked && (taken[p->a] || taken[p->b]))
            continue;
        taken[p->a] = taken[p->b] = true;
        said++;
        right += is_true(s, p->a, p->b);
    }
    free(taken);
    return score_of(right, said, all_true(s));
}

static uint32_t root(uint32_t *up, uint32_t i)
{
    while (up[i] != i)
        i = up[i] = up[up[i]];
    return i;
}

/* What is the same as the same is the same. */
static struct score groups_score(const struct set *s)
{
    uint32_t *up = calloc(s->n, sizeof *up);
    double right = 0, said = 0;
    assert(up);
    for (uint32_t i = 0; i < s->n; i++)
        up[i] = i;
    for (size_t i = 0; i < s->n_pairs && s->pairs[i].sure >= SURE; i++)
        up[root(up, s->pairs[i].a)] = root(up, s->pairs[i].b);
    for (uint32_t i = 0; i < s->n; i++)
        for (uint32_t k = i + 1; k < s->n; k++)
            if (root(up, i) == root(up, k)) {
                said++;
                right += is_true(s, i, k);
            }
    free(up);
    return score_of(right, said, all_true(s));
}

static double now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there is always one */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

struct task {
    const char *name, *files[2], *hidden;
    double wanted;
};

static void run(const char *folder, const struct task *t)
{
    const char *const *files = t->files;
    struct set s = {.arena = arena_new(MEMORY), .hidden = t->hidden, .linked = files[1] != NULL};
    struct match_model model;
    char row[64];
    double from = now_us();
    if (!read_file(&s, folder, files[0], 0) || (files[1] && !read_file(&s, folder, files[1], 1))) {
        bench_remark("%s is not there", files[0]);
        return;
    }
    find_pairs(&s);
    learn(&s, &model);
    weigh(&s, &model);
    double took = now_us() - from;
    struct score pairs = pairs_score(&s);
    (void)snprintf(row, sizeof row, "duplicates-%s", t->name);
    bench_remark("%s: precision %.4f, recall %.4f, F1 %.4f; %zu persons, %zu pairs looked at; %.1f us of a "
                 "processor for each person",
                 row, pairs.precision, pairs.recall, pairs.f1, s.n, s.n_pairs, took / (double)s.n);
    bench_row(row, pairs.f1, "F1", t->wanted);
    if (!s.linked) {
        struct score groups = groups_score(&s);
        (void)snprintf(row, sizeof row, "duplicates-%s-groups", t->name);
        bench_remark("%s: precision %.4f, recall %.4f, F1 %.4f", row, groups.precision, groups.recall,
                     groups.f1);
        bench_row(row, groups.f1, "F1", t->wanted);
    }
    (void)snprintf(row, sizeof row, "duplicates-%s-time", t->name);
    bench_row(row, took / (double)s.n, "us", 0);
    free(s.persons);
    free(s.pairs);
    arena_free(s.arena);
}

int main(int argc, char **argv)
{
    const char *folder = drive_option(argc, argv, "from", NULL);
    static const struct task tasks[] = {
        {"linked", {"febrl_4a.csv", "febrl_4b.csv"}, NULL, 0.98},
        {"linked-unnumbered", {"febrl_4a.csv", "febrl_4b.csv"}, "soc_sec_id", 0.98},
        {"within", {"febrl_1.csv", NULL}, NULL, 0.97},
        {"within-unnumbered", {"febrl_1.csv", NULL}, "soc_sec_id", 0.97},
        {"many", {"fake_1000.csv", NULL}, NULL, 0.85},
    };
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        run(folder, &tasks[i]);
    return 0;
}
