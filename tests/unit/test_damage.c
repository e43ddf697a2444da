/* Damage in a store's file: found by whoever reads it, and by whoever looks for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "baton/v1/directory.pb-c.h"
#include "store/log.h"
#include "store/table.h"

static const struct table_def tables[] = {{"user", &baton__user__descriptor}};

struct fixture {
    char dir[64];
    struct store *store;
};

static void reopen(struct fixture *f)
{
    struct store_options o = {.dir = f->dir, .tables = tables, .n_tables = 1};
    f->store = store_open(&o);
    assert_non_null(f->store);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    schema_load();
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-damage-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    reopen(f);
    log_prepare(f->store, (const uint8_t *)"0123456789abcdef");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    store_close(f->store);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

/* Flips a bit of the first place in the file that holds `text`. */
static void flip_in_file(const struct fixture *f, const char *text)
{
    char path[96];
    static char all[1 << 20];
    snprintf(path, sizeof path, "%s/data.mdb", f->dir);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    size_t n = fread(all, 1, sizeof all, file);
    char *at = memmem(all, n, text, strlen(text));
    assert_non_null(at);
    assert_int_equal(fseek(file, at - all, SEEK_SET), 0);
    assert_int_equal(fputc(*at ^ 4, file), *at ^ 4);
    assert_int_equal(fclose(file), 0);
}

/* How the process ends that reads this entry. */
static int end_of_reader(struct fixture *f, bool tolerant, const char *key)
{
    int status;
    store_close(f->store);
    f->store = NULL;
    pid_t child = fork();
    if (child == 0) {
        struct store_options o = {.dir = f->dir, .tables = tables, .n_tables = 1, .tolerant = tolerant};
        struct store *s = store_open(&o);
        unsigned bucket = store_bucket(s, "test");
        struct txn *t = store_begin(s, false);
        struct bytes v;
        _exit(txn_get(t, bucket, bytes_text(key), &v) ? 1 : 0);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    reopen(f);
    return WEXITSTATUS(status);
}

static void test_entry_with_a_flipped_bit_ends_the_reader(void **state)
{
    struct fixture *f = *state;
    unsigned bucket = store_bucket(f->store, "test");
    struct txn *t = store_begin(f->store, true);
    txn_put(t, bucket, bytes_text("key one"), bytes_text("value of one"));
    txn_put(t, bucket, bytes_text("key two"), bytes_text("value of two"));
    assert_true(store_commit(t));
    assert_int_equal(end_of_reader(f, false, "key one"), 1);
    flip_in_file(f, "value of one");
    assert_int_equal(end_of_reader(f, false, "key one"), 70);
    assert_int_equal(end_of_reader(f, true, "key one"), 0);
    flip_in_file(f, "wo"); /* of "key two" */
    assert_int_equal(end_of_reader(f, false, "key tso"), 70);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_entry_with_a_flipped_bit_ends_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
