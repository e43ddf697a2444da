/* An index of a repeated field: a row is found by each of its values, once, and by no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/contacts.pb-c.h"
#include "store/table.h"

enum { ACCOUNT };
static const struct table_def tables[] = {
    {.name = "account", .pb = &baton__account__descriptor},
};

struct fixture {
    char dir[64];
    struct store *store;
    struct arena *arena;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    schema_load();
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-values-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = arena_new(8 << 20);
    struct store_options o = {.dir = f->dir, .tables = tables, .n_tables = 1};
    f->store = store_open(&o);
    assert_non_null(f->store);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    store_close(f->store);
    arena_free(f->arena);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

static void wrong(void *arg, const char *what)
{
    print_error("%s\n", what);
    ++*(int *)arg;
}

/* The ids of the rows with this tag, one behind the other. */
static const char *tagged(struct fixture *f, struct txn *t, const char *tag)
{
    struct table_scan s;
    const Baton__Account *row;
    const char *ids = "";
    assert_true(table_scan_open(&s, t, ACCOUNT, "tags", tag, NULL, false));
    while ((row = table_scan_next(&s, f->arena)))
        ids = arena_printf(f->arena, "%s%s", ids, row->id);
    table_scan_close(&s);
    return ids;
}

static void put(struct fixture *f, struct txn *t, const char *id, char **tags, size_t n)
{
    Baton__Account row = BATON__ACCOUNT__INIT;
    int faults = 0;
    row.id = (char *)(uintptr_t)id;
    row.tags = tags;
    row.n_tags = n;
    table_put(t, ACCOUNT, &row, 1, f->arena);
    table_check(t, ACCOUNT, f->arena, wrong, &faults);
    assert_int_equal(faults, 0);
}

static void test_values(void **state)
{
    struct fixture *f = *state;
    struct txn *t = store_begin(f->store, true);
    char *first[] = {"big", "new", "big", ""}, *second[] = {"old", "new"};
    struct key a = key_of("a");
    put(f, t, "a", first, 4);
    put(f, t, "b", second, 1);
    assert_string_equal(tagged(f, t, "big"), "a");
    assert_string_equal(tagged(f, t, "new"), "a");
    assert_string_equal(tagged(f, t, "old"), "b");
    put(f, t, "a", second, 2);
    assert_string_equal(tagged(f, t, "big"), "");
    assert_string_equal(tagged(f, t, "new"), "a");
    assert_string_equal(tagged(f, t, "old"), "ab");
    put(f, t, "b", NULL, 0);
    assert_string_equal(tagged(f, t, "old"), "a");
    assert_true(table_delete(t, ACCOUNT, &a, f->arena));
    assert_string_equal(tagged(f, t, "old"), "");
    put(f, t, "c", second, 2);
    assert_true(store_commit(t));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
