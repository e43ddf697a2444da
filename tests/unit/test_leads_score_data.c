/* The score beside Odoo's formula and plain naive Bayes, on real outcomes in the order of time. Prints what
   came out. Needs leads/bank_calls.csv of the test data. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/decide.h"
#include "services/leads/score.h"

enum { COLUMNS_MAX = 32, ROWS_MAX = 100000, VALUES_MAX = 4096, LINE_MAX_BYTES = 4096, BINS = 10 };
#define NOW INT64_C(1767607200000000)

/* Rows of the file: what is known beforehand, as attributes, and what became of it. */
struct data {
    struct arena *arena;
    Baton__Lead **leads;
    bool *converted;
    size_t n;
};

static bool is_known_before(const char *column)
{
    static const char *const not_used[] = {"Cust_num", "duration", "y"};
    for (size_t i = 0; i < sizeof not_used / sizeof *not_used; i++)
        if (strcmp(column, not_used[i]) == 0)
            return false;
    return true;
}

static size_t split(char *line, char *cells[COLUMNS_MAX])
{
    size_t n = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *cell; n < COLUMNS_MAX && (cell = strsep(&line, ","));)
        cells[n++] = cell;
    return n;
}

static void add_row(struct data *d, char *const *names, char *const *cells, size_t n)
{
    Baton__Lead *l = ARENA_NEW(d->arena, Baton__Lead);
    baton__lead__init(l);
    l->attributes = ARENA_ARRAY(d->arena, Baton__LeadAttribute *, n);
    for (size_t i = 0; i < n; i++) {
        if (!is_known_before(names[i]))
            continue;
        Baton__LeadAttribute *a = l->attributes[l->n_attributes++] =
            ARENA_NEW(d->arena, Baton__LeadAttribute);
        baton__lead_attribute__init(a);
        a->name = names[i];
        a->value = arena_strdup(d->arena, cells[i]);
    }
    d->leads[d->n] = l;
    d->converted[d->n++] = strcmp(cells[n - 1], "yes") == 0;
}

static bool data_read(struct data *d)
{
    char path[512], line[LINE_MAX_BYTES], *names[COLUMNS_MAX], *cells[COLUMNS_MAX];
    const char *folder = getenv("BATON_TEST_DATA");
    (void)snprintf(path, sizeof path, "%s/leads/bank_calls.csv", folder ? folder : "../shared/data");
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    d->arena = arena_new(512 << 20);
    d->leads = ARENA_ARRAY(d->arena, Baton__Lead *, ROWS_MAX);
    d->converted = ARENA_ARRAY(d->arena, bool, ROWS_MAX);
    assert_non_null(fgets(line, sizeof line, f));
    size_t n = split(arena_strdup(d->arena, line), names);
    while (d->n < ROWS_MAX && fgets(line, sizeof line, f))
        if (split(line, cells) == n)
            add_row(d, names, cells, n);
    (void)fclose(f); /* only read */
    return true;
}

/* --- what is compared: each learns row by row and says what it expects of the next --- */

struct way {
    const char *name;
    void *(*make)(const struct data *d);
    double (*expects)(void *way, const Baton__Lead *l, struct arena *a);
    void (*learns)(void *way, const Baton__Lead *l, bool converted, struct arena *a);
    void (*drop)(void *way);
};

/* Counts of each value, found by what score_values calls it: the same values for all. */
struct bayes {
    struct {
        uint32_t key;
        double lost, won;
    } cells[VALUES_MAX];
    double lost, won, smooth, prior;
    double field_lost[COLUMNS_MAX], field_won[COLUMNS_MAX];
    uint32_t fields[COLUMNS_MAX];
};

static size_t cell_of(const struct bayes *b, uint32_t key)
{
    size_t i = key * UINT32_C(2654435761) % VALUES_MAX;
    while (b->cells[i].key && b->cells[i].key != key)
        i = (i + 1) % VALUES_MAX;
    return i;
}

static size_t field_of(struct bayes *b, uint32_t key)
{
    size_t i = 0;
    while (b->fields[i] && b->fields[i] != key / SCORE_SLOTS)
        i++;
    assert_true(i < COLUMNS_MAX);
    b->fields[i] = key / SCORE_SLOTS;
    return i;
}

static void *bayes_new(double smooth, double prior)
{
    struct bayes *b = calloc(1, sizeof *b);
    b->smooth = smooth;
    b->prior = prior;
    return b;
}

/* 0.1 is added to every count, also to the field's totals; the rates of won and lost are as they are. */
static void *odoo_new(const struct data *d)
{
    return bayes_new(0.1, 0);
}

static void *plain_new(const struct data *d)
{
    return bayes_new(1, 1);
}

static size_t attributes_of(const Baton__Lead *l, struct score_value out[SCORE_VALUES_MAX], struct arena *a)
{
    size_t n = score_values(l, out, a), kept = 0;
    for (size_t i = 0; i < n; i++)
        if (out[i].key / SCORE_SLOTS >= SCORE_FIELD_ATTRIBUTE)
            out[kept++] = out[i];
    return kept;
}

/* A value never seen says nothing. */
static double bayes_expects(void *way, const Baton__Lead *l, struct arena *a)
{
    struct bayes *b = way;
    struct score_value v[SCORE_VALUES_MAX];
    size_t n = attributes_of(l, v, a);
    double all = b->won + b->lost + 2 * b->prior;
    if (b->won == 0 || b->lost == 0)
        return 0.5;
    double won = log((b->won + b->prior) / all), lost = log((b->lost + b->prior) / all);
    for (size_t i = 0; i < n; i++) {
        size_t c = cell_of(b, v[i].key), f = field_of(b, v[i].key);
        if (!b->cells[c].key)
            continue;
        won += log(b->cells[c].won / b->field_won[f]);
        lost += log(b->cells[c].lost / b->field_lost[f]);
    }
    return 1 / (1 + exp(lost - won));
}

static void bayes_learns(void *way, const Baton__Lead *l, bool converted, struct arena *a)
{
    struct bayes *b = way;
    struct score_value v[SCORE_VALUES_MAX];
    size_t n = attributes_of(l, v, a);
    *(converted ? &b->won : &b->lost) += 1;
    for (size_t i = 0; i < n; i++) {
        size_t c = cell_of(b, v[i].key), f = field_of(b, v[i].key);
        if (!b->cells[c].key) {
            b->cells[c].key = v[i].key;
            b->cells[c].won = b->cells[c].lost = b->smooth;
            b->field_won[f] += b->smooth;
            b->field_lost[f] += b->smooth;
        }
        *(converted ? &b->cells[c].won : &b->cells[c].lost) += 1;
        *(converted ? &b->field_won[f] : &b->field_lost[f]) += 1;
    }
}

/* Ours, as the service uses it: counts now, and the whole again when a period begins. */
struct ours {
    struct score_model *model;
    struct arena *arena;
    Baton__ScoreCount **counts;
    size_t n;
};

static void *ours_new(const struct data *d)
{
    struct ours *o = calloc(1, sizeof *o);
    o->model = score_model_new();
    o->arena = arena_new(256 << 20);
    o->counts = ARENA_ARRAY(o->arena, Baton__ScoreCount *, ROWS_MAX);
    score_model_clear(o->model);
    return o;
}

static void again(struct ours *o)
{
    score_model_clear(o->model);
    for (size_t i = o->n; i-- > 0 && score_model_period(o->model, o->counts[i]->period);)
        score_model_count(o->model, o->counts[i], false);
}

static double ours_expects(void *way, const Baton__Lead *l, struct arena *a)
{
    struct ours *o = way;
    struct score_value v[SCORE_VALUES_MAX];
    struct score_result r;
    if (o->model->stale)
        again(o);
    if (o->model->unfitted)
        score_fit(o->model);
    score_predict(o->model, v, score_values(l, v, a), &r);
    return r.known ? 1 / (1 + exp(-r.logit)) : 0.5;
}

static void ours_learns(void *way, const Baton__Lead *l, bool converted, struct arena *a)
{
    struct ours *o = way;
    (void)ours_expects(o, l, a); /* only to bring it up to date */
    o->counts[o->n] = leads_score_count(o->model, l, converted, NOW, 0, o->arena);
    score_model_count(o->model, o->counts[o->n++], false);
}

static void ours_drop(void *way)
{
    struct ours *o = way;
    score_model_free(o->model);
    arena_free(o->arena);
    free(o);
}

static const struct way ways[] = {
    {"Odoo's formula", odoo_new, bayes_expects, bayes_learns, free},
    {"plain naive Bayes", plain_new, bayes_expects, bayes_learns, free},
    {"Baton", ours_new, ours_expects, ours_learns, ours_drop},
};
enum { ODOO, PLAIN, OURS, WAYS };

/* --- how good --- */

struct measure {
    double log_loss, brier, off; /* off: expected calibration error */
    double n[BINS], expected[BINS], came[BINS], all;
};

static void measure_add(struct measure *m, double p, bool converted)
{
    static const double LEAST = 1e-6;
    size_t bin = p >= 1 ? BINS - 1 : (size_t)(p * BINS);
    double right = converted ? p : 1 - p;
    m->log_loss -= log(right > LEAST ? right : LEAST);
    m->brier += (p - converted) * (p - converted);
    m->n[bin] += 1;
    m->expected[bin] += p;
    m->came[bin] += converted;
    m->all += 1;
}

static void measure_end(struct measure *m)
{
    m->log_loss /= m->all;
    m->brier /= m->all;
    for (size_t i = 0; i < BINS; i++)
        m->off += fabs(m->expected[i] - m->came[i]) / m->all;
}

/* Learns the first `learned` rows; then says of each of the rest what it expects, and learns it or not. */
static struct measure try_way(const struct way *w, const struct data *d, size_t learned, bool goes_on)
{
    struct measure m = {0};
    struct arena *a = arena_new(1 << 20);
    void *way = w->make(d);
    for (size_t i = 0; i < d->n; i++) {
        arena_reset(a);
        if (i >= learned)
            measure_add(&m, w->expects(way, d->leads[i], a), d->converted[i]);
        if (i < learned || goes_on)
            w->learns(way, d->leads[i], d->converted[i], a);
    }
    w->drop(way);
    arena_free(a);
    measure_end(&m);
    return m;
}

static void print_reliability(const struct measure *m)
{
    printf("  %-12s %8s %10s %10s\n", "expected", "leads", "expected", "converted");
    for (size_t i = 0; i < BINS; i++)
        if (m->n[i])
            printf("  %3zu to %3zu %% %8.0f %9.1f%% %9.1f%%\n", i * 10, i * 10 + 10, m->n[i],
                   100 * m->expected[i] / m->n[i], 100 * m->came[i] / m->n[i]);
}

static void compare(const struct data *d, size_t learned, bool goes_on, struct measure out[WAYS])
{
    printf("\n%zu learned, then %zu %s\n", learned, d->n - learned,
           goes_on ? "expected and learned one by one" : "expected with nothing more learned");
    printf("  %-20s %9s %9s %12s\n", "", "log loss", "Brier", "calibration");
    for (size_t i = 0; i < WAYS; i++) {
        out[i] = try_way(&ways[i], d, learned, goes_on);
        printf("  %-20s %9.4f %9.4f %12.4f\n", ways[i].name, out[i].log_loss, out[i].brier, out[i].off);
    }
    print_reliability(&out[OURS]);
}

static void test_compare(void **state)
{
    static const double OFF_MOST = 0.03;
    struct data d = {0};
    struct measure m[WAYS];
    if (!data_read(&d))
        skip();
    static const unsigned tenths[] = {3, 5, 7, 9};
    for (size_t i = 0; i < sizeof tenths / sizeof *tenths; i++) {
        compare(&d, d.n * tenths[i] / 10, true, m);
        assert_true(m[OURS].log_loss < m[ODOO].log_loss && m[OURS].log_loss < m[PLAIN].log_loss);
        assert_true(m[OURS].brier < m[ODOO].brier && m[OURS].brier < m[PLAIN].brier);
        assert_true(m[OURS].off < m[ODOO].off);
        if (tenths[i] <= 7)
            assert_true(m[OURS].off < OFF_MOST);
    }
    compare(&d, d.n * 7 / 10, false, m);
    assert_true(m[OURS].log_loss < m[ODOO].log_loss && m[OURS].brier < m[ODOO].brier);
    arena_free(d.arena);
}

static void test_cost(void **state)
{
    struct data d = {0};
    if (!data_read(&d))
        skip();
    struct ours *o = ours_new(&d);
    struct arena *a = arena_new(1 << 20);
    struct timespec begin, end;
    double at = 0;
    for (size_t i = 0; i < 3000; i++, arena_reset(a))
        ours_learns(o, d.leads[i], d.converted[i], a);
    (void)ours_expects(o, d.leads[0], a);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    for (size_t i = 0; i < d.n; i++, arena_reset(a))
        at += ours_expects(o, d.leads[i], a);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    printf("\na score of %zu values takes %.0f ns (mean expected %.3f)\n", d.leads[0]->n_attributes + 19,
           ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) / (double)d.n,
           at / (double)d.n);
    ours_drop(o);
    arena_free(a);
    arena_free(d.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_compare), cmocka_unit_test(test_cost)};
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
