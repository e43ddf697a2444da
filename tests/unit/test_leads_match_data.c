/* How well leads of the same person are found, on data with known duplicates. */
#include "unit/leads_facts.h"

enum { ROWS_MAX = 12000, LINE_MAX_BYTES = 1000, COLUMNS_MAX = 16 };

/* The label is never seen by what is tested. */

struct data {
    struct leads_keys keys[ROWS_MAX];
    char *label[ROWS_MAX];
    size_t n;
};

static size_t split(char *line, char *out[COLUMNS_MAX])
{
    size_t n = 0;
    for (char *next = line; next && n < COLUMNS_MAX; line = next) {
        next = strchr(line, ',');
        if (next)
            *next++ = '\0';
        while (*line == ' ')
            line++;
        line[strcspn(line, "\r\n")] = '\0';
        out[n++] = *line ? line : NULL;
    }
    return n;
}

typedef void read_fn(struct leads_test *t, char **column, struct data *d);

static void read_fake(struct leads_test *t, char **c, struct data *d)
{
    Baton__Lead l = BATON__LEAD__INIT;
    Baton__Address at = BATON__ADDRESS__INIT;
    l.first_name = c[1], l.last_name = c[2], at.city = c[4], l.email = c[5], l.address = &at;
    d->label[d->n] = arena_strdup(t->arena, c[6]);
    leads_keys_of(&l, &d->keys[d->n], t->arena);
}

/* "rec-223-org" and "rec-223-dup-0" are one person. */
static void read_febrl(struct leads_test *t, char **c, struct data *d)
{
    Baton__Lead l = BATON__LEAD__INIT;
    Baton__Address at = BATON__ADDRESS__INIT;
    l.first_name = c[1], l.last_name = c[2], at.city = c[6], at.postal_code = c[7], at.state = c[8];
    at.street = arena_printf(t->arena, "%s %s", c[3] ? c[3] : "", c[4] ? c[4] : "");
    l.address = &at;
    d->label[d->n] = arena_strdup(t->arena, c[0]);
    d->label[d->n][strcspn(c[0] + 4, "-") + 4] = '\0';
    leads_keys_of(&l, &d->keys[d->n], t->arena);
}

static bool load(struct leads_test *t, const char *name, read_fn *read, struct data *d)
{
    char path[400], line[LINE_MAX_BYTES], *columns[COLUMNS_MAX];
    const char *root = getenv("BATON_TEST_DATA");
    (void)snprintf(path, sizeof path, "%s/duplicates/%s", root ? root : "../shared/data", name);
    FILE *f = fopen(path, "r");
    for (bool first = true; f && d->n < ROWS_MAX && fgets(line, sizeof line, f); first = false) {
        if (first)
            continue;
        memset(columns, 0, sizeof columns);
        (void)split(line, columns); /* columns that are missing stay NULL */
        read(t, columns, d);
        d->n++;
    }
    if (f)
        (void)fclose(f); /* only read */
    return f != NULL;
}

/* As at intake: each row is compared with those before it that the index finds. */
static void evaluate(const char *name, const struct data *d, double least_precision, double least_recall)
{
    struct near_index *x = near_index_new();
    size_t right = 0, wrong = 0, had = 0, found_one = 0;
    for (size_t i = 0; i < d->n; i++) {
        char id[IDENT_TEXT_SIZE], ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
        struct near_keys hashes;
        leads_hashes_of(&d->keys[i], &hashes);
        size_t n = near_index_find(x, &hashes, ids);
        bool twin = false, found = false;
        for (size_t k = 0; k < i; k++)
            twin |= strcmp(d->label[i], d->label[k]) == 0;
        for (size_t k = 0; k < n; k++) {
            size_t other = strtoul(ids[k] + 24, NULL, 16);
            if (leads_likeness(&d->keys[i], &d->keys[other]) == LEADS_OTHER)
                continue;
            bool same = strcmp(d->label[i], d->label[other]) == 0;
            right += same;
            wrong += !same;
            found |= same;
        }
        had += twin;
        found_one += twin && found;
        (void)snprintf(id, sizeof id, "00000000-0000-7000-8000-%012zx", i);
        near_index_add(x, id, &hashes);
    }
    double precision = (double)right / (double)(right + wrong), recall = (double)found_one / (double)had;
    print_message("%s: %zu rows, precision %.4f, recall %.4f\n", name, d->n, precision, recall);
    assert_true(precision >= least_precision);
    assert_true(recall >= least_recall);
    near_index_free(x);
}

static void test_gold(void **state)
{
    static const struct {
        const char *name, *second;
        read_fn *read;
        double precision, recall;
    } rows[] = {
        {"fake_1000.csv", NULL, read_fake, 0.999, 0.61},
        {"febrl_1.csv", NULL, read_febrl, 0.999, 0.84},
        {"febrl_4a.csv", "febrl_4b.csv", read_febrl, 0.999, 0.82},
    };
    struct leads_test *t = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct data *d = calloc(1, sizeof *d);
        assert_non_null(d);
        bool there = load(t, rows[i].name, rows[i].read, d);
        if (there && rows[i].second)
            there = load(t, rows[i].second, rows[i].read, d);
        if (there)
            evaluate(rows[i].name, d, rows[i].precision, rows[i].recall);
        free(d);
        if (!there)
            skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gold, leads_test_setup, leads_test_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
