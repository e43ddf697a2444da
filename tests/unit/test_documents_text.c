/* Which documents' text is read; the numbers are those of the comments in load_text.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/documents/rows.h"

enum { MEMORY = 64 << 20, MANY = 120, NOTED = 4096, SHIFT = 5000 };

struct desk {
    char dir[64];
    struct store *store;
    struct texts *texts;
    struct arena *arena;
    void *state;
};

static int set_up(void **state)
{
    struct desk *d = calloc(1, sizeof *d);
    schema_load();
    (void)snprintf(d->dir, sizeof d->dir, "/tmp/baton-text-XXXXXX"); /* fits */
    assert_non_null(mkdtemp(d->dir));
    d->store = store_open(&(struct store_options){
        .dir = d->dir, .no_sync = true, .tables = documents_tables, .n_tables = DOCUMENTS_TABLES});
    d->texts = texts_open(d->dir);
    d->arena = arena_new(MEMORY);
    d->state = documents_state_new();
    assert_true(d->store && d->texts);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *d = *state;
    char command[96];
    documents_state_free(d->state);
    texts_close(d->texts);
    store_close(d->store);
    arena_free(d->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", d->dir); /* fits */
    assert_int_equal(system(command), 0);
    free(d);
    return 0;
}

static const char *id_of(struct desk *d, unsigned n)
{
    return arena_printf(d->arena, "0190a8e2-1111-7000-8000-%012u", n);
}

/* A document with a current revision. */
static void put_row(struct desk *d, unsigned n, uint32_t number)
{
    struct txn *t = store_begin(d->store, true);
    Baton__Document row = BATON__DOCUMENT__INIT;
    Baton__DocumentRevision v = BATON__DOCUMENT_REVISION__INIT;
    char hash[HASH_TEXT_SIZE];
    memset(hash, 'a', sizeof hash - 1);
    hash[sizeof hash - 1] = '\0';
    row.id = (char *)(uintptr_t)id_of(d, n);
    row.has_current_number = v.has_number = true;
    row.current_number = v.number = number;
    v.id = (char *)(uintptr_t)id_of(d, n + number * SHIFT);
    v.document_id = row.id;
    v.file_hash = hash;
    table_put(t, DOCUMENTS_DOCUMENT, &row, 1, d->arena);
    table_put(t, DOCUMENTS_REVISION, &v, 1, d->arena);
    assert_true(store_commit(t));
}

static void put_text(struct desk *d, unsigned n, uint32_t number)
{
    assert_true(texts_put(d->texts, id_of(d, n), number, "words", 5));
}

static void *begin(struct desk *d)
{
    struct txn *t = store_begin(d->store, false);
    struct load l = {.txn = t, .arena = d->arena, .state = d->state, .view = d->texts};
    void *job = documents_upkeep.load(&l);
    store_abort(t);
    return job;
}

static void end(struct desk *d, void *job)
{
    do
        documents_upkeep.work(job);
    while (!documents_upkeep.done(d->state, job));
    free(job);
}

/* All there is to be done; how many jobs. */
static unsigned settle(struct desk *d)
{
    unsigned n = 0;
    for (; documents_upkeep.wants(d->state) && n < 1000; n++)
        end(d, begin(d));
    return n;
}

static void start(struct desk *d)
{
    struct load l = {.view = d->texts};
    documents_texts_load(documents_texts(d->state), &l);
}

static void note(struct desk *d, unsigned n)
{
    documents_texts_note(documents_texts(d->state), id_of(d, n));
}

/* 2 */
static void test_walk(void **state)
{
    struct desk *d = *state;
    for (unsigned i = 0; i < MANY; i++) {
        put_row(d, 2 * i, 1);
        put_text(d, 2 * i, 1);
    }
    for (unsigned i = 0; i < 2 * MANY + 300; i++)
        if (i % 2 == 1 || i >= 2 * MANY)
            put_text(d, i, 1); /* of none that there is */
    start(d);
    assert_false(texts_is_complete(d->texts));
    assert_int_equal(settle(d), 3);
    assert_true(texts_is_complete(d->texts));
    assert_int_equal(texts_count(d->texts), MANY);
    for (unsigned i = 0; i < 2 * MANY; i++)
        assert_int_equal(texts_number(d->texts, id_of(d, i)), i % 2 ? 0 : 1);
}

/* 1 */
static void test_noted(void **state)
{
    struct desk *d = *state;
    start(d);
    (void)settle(d);
    put_text(d, 7, 1);
    put_text(d, 8, 1);
    put_row(d, 8, 1);
    note(d, 7);
    note(d, 7);
    assert_false(texts_is_complete(d->texts));
    void *job = begin(d);
    note(d, 8); /* while that is under way */
    end(d, job);
    assert_false(texts_is_complete(d->texts));
    assert_int_equal(texts_number(d->texts, id_of(d, 7)), 0);
    assert_int_equal(settle(d), 1);
    assert_true(texts_is_complete(d->texts));
    assert_int_equal(texts_number(d->texts, id_of(d, 8)), 1);
    /* more than is noted: all are looked at, whatever was under way */
    put_text(d, 9, 1);
    note(d, 1);
    job = begin(d);
    for (unsigned i = 0; i < NOTED; i++)
        note(d, i + 10);
    end(d, job);
    assert_false(texts_is_complete(d->texts));
    (void)settle(d);
    assert_true(texts_is_complete(d->texts));
    assert_int_equal(texts_number(d->texts, id_of(d, 9)), 0);
    assert_int_equal(texts_number(d->texts, id_of(d, 8)), 1);
}

/* 4 */
static void test_stopped(void **state)
{
    struct desk *d = *state;
    struct documents_texts_job *job;
    put_row(d, 1, 2);
    put_text(d, 1, 1);
    start(d);
    job = begin(d);
    assert_int_equal(job->n, 1);
    assert_int_equal(job->rows[0].number, 2);
    job->is_stopped = true;
    assert_true(documents_upkeep.done(d->state, job));
    free(job);
    assert_false(documents_upkeep.wants(d->state));
    assert_false(texts_is_complete(d->texts));
    note(d, 5);
    assert_true(documents_upkeep.wants(d->state));
    job = begin(d);
    assert_true(job->is_walk);
    free(job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_walk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_noted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stopped, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
