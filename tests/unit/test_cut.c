/* Stores that follow each other, in a circle and while they go on, taken at one moment. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "schema/schema.h"
#include "store/cut.h"

enum { PARTS = 3, CUTS = 200, REFUSED_MAX = 10 * CUTS, MEMORY = 1 << 20 };
static const char *const names[PARTS] = {"left", "right", "third"};
static const char ids[PARTS][LOG_ID_SIZE] = {"left", "right", "third"};

struct fixture {
    char dir[64], dirs[PARTS][96];
    struct store *stores[PARTS];
    struct arena *memory;
    struct cut cut;
};

static void open_all(struct fixture *f, bool read_only)
{
    for (int i = 0; i < PARTS; i++) {
        f->stores[i] = store_open(
            &(struct store_options){.dir = f->dirs[i], .read_only = read_only, .no_sync = !read_only});
        assert_non_null(f->stores[i]);
        if (!read_only)
            log_prepare(f->stores[i], (const uint8_t *)ids[i]);
    }
}

static void close_all(struct fixture *f)
{
    for (int i = 0; i < PARTS; i++)
        store_close(f->stores[i]);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    schema_load();
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-cut-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->memory = arena_new(MEMORY);
    for (int i = 0; i < PARTS; i++)
        snprintf(f->dirs[i], sizeof f->dirs[i], "%s/%s", f->dir, names[i]);
    open_all(f, false);
    for (int i = 0; i < PARTS; i++)
        cut_add(&f->cut, names[i], f->stores[i]);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    cut_end(&f->cut);
    close_all(f);
    arena_free(f->memory);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

/* One more record; its effect is that all of `followed` has been read. -1: of nobody. */
static void write_one(struct fixture *f, int i, int followed)
{
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    arena_reset(f->memory);
    struct txn *t = store_begin(f->stores[i], true);
    (void)log_append(t, &record, NULL, f->memory); /* its number is not needed */
    if (followed >= 0) {
        struct cursor c = {.at = log_head(f->stores[followed])};
        memcpy(c.log_id, log_id(f->stores[followed]), LOG_ID_SIZE);
        cursor_put(t, names[followed], &c);
    }
    if (!store_commit(t))
        _exit(1);
}

static uint64_t newest(const struct fixture *f, int i)
{
    return log_newest(snapshot_txn(f->cut.parts[i].snapshot));
}

/* What each has read of the others is there. */
static void check_whole(const struct fixture *f)
{
    struct cursor c;
    for (int i = 0; i < PARTS; i++)
        for (int k = 0; k < PARTS; k++)
            if (cursor_get(snapshot_txn(f->cut.parts[i].snapshot), names[k], &c))
                assert_true(c.at.seq <= newest(f, k));
}

static void take_part(struct fixture *f, int i)
{
    assert_true(cut_take_part(&f->cut, &f->cut.parts[i]));
}

static void test_nobody_is_behind(void **state)
{
    struct fixture *f = *state;
    write_one(f, 0, -1);
    write_one(f, 1, 0);
    write_one(f, 0, 1);
    assert_true(cut_take(&f->cut));
    assert_null(cut_behind(&f->cut));
    assert_int_equal(newest(f, 0), 2);
    assert_int_equal(newest(f, 1), 1);
    assert_int_equal(newest(f, 2), 0);
}

/* Each catches up, and is read further by the next before it is looked at. */
static void test_round_the_circle(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < PARTS; i++)
        take_part(f, i);
    write_one(f, 0, -1);
    write_one(f, 1, 0);
    take_part(f, 1);
    assert_ptr_equal(cut_behind(&f->cut), &f->cut.parts[0]);
    write_one(f, 0, 1);
    take_part(f, 0);
    assert_null(cut_behind(&f->cut));
    write_one(f, 2, 0);
    write_one(f, 1, 2);
    write_one(f, 0, 1);
    take_part(f, 0);
    assert_ptr_equal(cut_behind(&f->cut), &f->cut.parts[1]);
    take_part(f, 1);
    assert_ptr_equal(cut_behind(&f->cut), &f->cut.parts[2]);
    take_part(f, 2);
    assert_null(cut_behind(&f->cut));
    check_whole(f);
}

/* Its service was restored from an older backup: no moment is better. */
static void test_who_stands_still(void **state)
{
    struct fixture *f = *state;
    write_one(f, 0, -1);
    struct txn *t = store_begin(f->stores[1], true);
    struct cursor c = {.at.seq = 7};
    memcpy(c.log_id, log_id(f->stores[0]), LOG_ID_SIZE);
    cursor_put(t, names[0], &c);
    assert_true(store_commit(t));
    assert_true(cut_take(&f->cut));
    assert_int_equal(newest(f, 0), 1);
}

/* A position in another log says nothing of this one. */
static void test_another_log(void **state)
{
    struct fixture *f = *state;
    struct txn *t = store_begin(f->stores[1], true);
    cursor_put(t, names[0], &(struct cursor){.log_id = "another", .at.seq = 7});
    assert_true(store_commit(t));
    take_part(f, 0);
    take_part(f, 1);
    take_part(f, 2);
    assert_null(cut_behind(&f->cut));
}

/* Until it is killed, or alone: everybody reads everybody, and without the disk faster than any service. */
static void write_on(struct fixture *f, pid_t parent, int begun)
{
    open_all(f, false);
    for (unsigned n = 0; getppid() == parent; n++) {
        write_one(f, (int)(n % PARTS), (int)((n + 1 + n / PARTS % 2) % PARTS));
        if (n == PARTS)
            (void)!write(begun, "x", 1); /* whoever waits sees the end, too */
    }
    _exit(0);
}

/* Asked again where it was refused, as an operator would. */
static void take_at_last(struct fixture *f, int *refused)
{
    while (!cut_take(&f->cut))
        assert_true(++*refused < REFUSED_MAX);
}

static void test_while_they_go_on(void **state)
{
    struct fixture *f = *state;
    int begun[2], refused = 0;
    char byte;
    close_all(f);
    assert_int_equal(pipe(begun), 0);
    pid_t parent = getpid(), writer = fork();
    if (writer == 0)
        write_on(f, parent, begun[1]);
    assert_int_equal(read(begun[0], &byte, 1), 1);
    open_all(f, true);
    f->cut = (struct cut){0};
    for (int i = 0; i < PARTS; i++)
        cut_add(&f->cut, names[i], f->stores[i]);
    uint64_t last = 0;
    for (int i = 0; i < CUTS; i++) {
        take_at_last(f, &refused);
        check_whole(f);
        assert_true(newest(f, 0) >= last);
        last = newest(f, 0);
        cut_end(&f->cut);
    }
    assert_int_equal(kill(writer, SIGKILL), 0);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    close(begun[0]);
    close(begun[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody_is_behind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_round_the_circle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_stands_still, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_while_they_go_on, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
