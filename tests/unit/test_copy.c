/* Copying a store while another process writes to it: every copy is of one moment; hashes tell copies apart.
 */
#include <sched.h>
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

#include "baton/v1/directory.pb-c.h"
#include "store/copy.h"
#include "store/table.h"

enum { COPIES = 5, FIRST_ROWS = 200, GO_ON = 300, MEMORY = 64 << 20 };
static const struct table_def tables[] = {{.name = "user", .pb = &baton__user__descriptor}};

struct fixture {
    char dir[64], live[96], copy[96];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    schema_load();
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-copy-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->live, sizeof f->live, "%s/live", f->dir);
    snprintf(f->copy, sizeof f->copy, "%s/copy", f->dir);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

static struct store *store_at(const char *dir, bool read_only)
{
    return store_open(&(struct store_options){
        .dir = dir, .read_only = read_only, .no_sync = !read_only, .tables = tables, .n_tables = 1});
}

/* One record and one row, in one transaction. */
static void write_one(struct store *s, struct arena *a)
{
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    Baton__User u = BATON__USER__INIT;
    arena_reset(a);
    struct txn *t = store_begin(s, true);
    uint64_t seq = log_append(t, &record, NULL, a);
    u.id = arena_printf(a, "user %llu", (unsigned long long)seq);
    u.email = arena_printf(a, "%llu@b.example", (unsigned long long)seq);
    table_put(t, 0, &u, seq, a);
    if (!store_commit(t))
        _exit(1);
}

/* The first row once more: as many pages become free as are written. */
static void rewrite_one(struct store *s, struct arena *a)
{
    Baton__User u = BATON__USER__INIT;
    arena_reset(a);
    u.id = "user 1";
    u.email = "1@b.example";
    struct txn *t = store_begin(s, true);
    table_put(t, 0, &u, 1, a);
    assert_true(store_commit(t));
}

static struct store *store_made(const char *dir, uint64_t rows)
{
    struct arena *a = arena_new(MEMORY);
    struct store *s = store_at(dir, false);
    log_prepare(s, (const uint8_t *)"0123456789abcdef");
    while (log_head(s).seq < rows)
        write_one(s, a);
    arena_free(a);
    return s;
}

/* Writes until it is killed; says once that it has begun. */
static void write_on(const char *dir, int begun)
{
    struct arena *a = arena_new(MEMORY);
    struct store *s = store_made(dir, FIRST_ROWS);
    (void)!write(begun, "x", 1); /* whoever waits sees the end, too */
    for (;;)
        write_one(s, a);
}

static bool take(void *arg, struct bytes piece)
{
    return fwrite(piece.data, 1, piece.size, arg) == piece.size;
}

static void copy_of(const struct snapshot *n, const char *dir)
{
    char path[128];
    store_close(store_at(dir, false)); /* makes the folder */
    snprintf(path, sizeof path, "%s/data.mdb", dir);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(snapshot_copy(n, take, f));
    assert_int_equal(fclose(f), 0);
}

static void copy_to(struct store *s, const char *dir)
{
    struct snapshot *n = snapshot_new(s);
    assert_non_null(n);
    copy_of(n, dir);
    snapshot_free(n);
}

static void on_wrong(void *arg, const char *what)
{
    fail_msg("%s", what);
}

static struct store *store_looked_at(const char *dir)
{
    static const struct store_check look = {.wrong = on_wrong};
    return store_open(&(struct store_options){
        .dir = dir, .read_only = true, .check = &look, .tables = tables, .n_tables = 1});
}

/* Every page is sound; as many rows as records, each whole. Returns how many. */
static uint64_t check(const char *dir, uint8_t content[HASH_SIZE])
{
    struct arena *a = arena_new(MEMORY);
    struct store *s = store_looked_at(dir);
    assert_non_null(s);
    struct txn *t = store_begin(s, false);
    uint64_t head = log_head(s).seq;
    assert_int_equal(table_check(t, 0, a, on_wrong, NULL), head);
    for (uint64_t seq = 1; seq <= head; seq++) {
        arena_reset(a);
        assert_non_null(log_get(t, seq, a));
    }
    store_content_hash(t, content);
    store_abort(t);
    store_close(s);
    arena_free(a);
    return head;
}

static uint64_t newest(struct store *s)
{
    struct txn *t = store_begin(s, false);
    assert_non_null(t);
    uint64_t seq = log_newest(t);
    store_abort(t);
    return seq;
}

/* Of the moment at which it was looked at, although the writer has gone on since. Returns its newest record.
 */
static uint64_t copy_late(struct store *s, const char *dir)
{
    uint8_t content[HASH_SIZE];
    struct snapshot *n = snapshot_new(s);
    assert_non_null(n);
    uint64_t seq = log_newest(snapshot_txn(n));
    while (newest(s) < seq + GO_ON)
        sched_yield();
    copy_of(n, dir);
    snapshot_free(n);
    assert_int_equal(check(dir, content), seq);
    return seq;
}

static void test_one_moment(void **state)
{
    struct fixture *f = *state;
    uint64_t last = 0;
    int begun[2];
    char byte;
    assert_int_equal(pipe(begun), 0);
    pid_t writer = fork();
    if (writer == 0)
        write_on(f->live, begun[1]);
    assert_int_equal(read(begun[0], &byte, 1), 1);
    struct store *s = store_at(f->live, true);
    assert_non_null(s);
    for (int i = 0; i < COPIES; i++) {
        uint64_t head = copy_late(s, f->copy);
        assert_true(head >= FIRST_ROWS && head > last);
        last = head;
    }
    store_close(s);
    assert_int_equal(kill(writer, SIGKILL), 0);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    close(begun[0]);
    close(begun[1]);
}

/* Looks on, and is killed. */
static void look_on(const char *dir)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct store *s = store_at(dir, true);
        if (s && snapshot_new(s))
            (void)kill(getpid(), SIGKILL); /* it ends here */
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
}

/* What they saw is used again once that is noticed; the store stays as it is. */
static void test_killed_while_looking(void **state)
{
    struct fixture *f = *state;
    struct arena *a = arena_new(MEMORY);
    struct store *s = store_made(f->live, FIRST_ROWS);
    look_on(f->live);
    assert_null(store_pressure(s, 1000000));
    uint64_t before = store_bytes(s);
    for (int i = 0; i < FIRST_ROWS; i++)
        rewrite_one(s, a);
    assert_true(store_bytes(s) < before + before / 4);
    store_close(s);
    arena_free(a);
}

static void test_content(void **state)
{
    struct fixture *f = *state;
    uint8_t of_live[HASH_SIZE], of_copy[HASH_SIZE];
    struct arena *a = arena_new(MEMORY);
    struct store *s = store_made(f->live, FIRST_ROWS);
    copy_to(s, f->copy);
    write_one(s, a);
    store_close(s);
    assert_int_equal(check(f->live, of_live), FIRST_ROWS + 1);
    assert_int_equal(check(f->copy, of_copy), FIRST_ROWS);
    assert_memory_not_equal(of_live, of_copy, HASH_SIZE);
    s = store_at(f->copy, false);
    write_one(s, a);
    store_close(s);
    (void)check(f->copy, of_copy);
    assert_memory_equal(of_live, of_copy, HASH_SIZE);
    arena_free(a);
}

static bool take_nothing(void *arg, struct bytes piece)
{
    return false;
}

static void test_broken_off(void **state)
{
    struct fixture *f = *state;
    struct store *s = store_made(f->live, FIRST_ROWS);
    struct snapshot *n = snapshot_new(s);
    assert_non_null(n);
    assert_false(snapshot_copy(n, take_nothing, NULL));
    snapshot_free(n);
    copy_to(s, f->copy);
    store_close(s);
}

static void test_restored(void **state)
{
    struct fixture *f = *state;
    struct restored r = {.time_us = INT64_C(1772440200000001)}, is = {0};
    struct store *s = store_made(f->live, 1);
    r.at = log_head(s);
    struct txn *t = store_begin(s, true);
    assert_false(restored_get(t, &is));
    restored_put(t, &r);
    assert_true(store_commit(t));
    t = store_begin(s, false);
    assert_true(restored_get(t, &is));
    store_abort(t);
    assert_int_equal(is.at.seq, 1);
    assert_memory_equal(is.at.hash, r.at.hash, HASH_SIZE);
    assert_int_equal(is.time_us, r.time_us);
    store_close(s);
}

static void test_hash_in_pieces(void **state)
{
    uint8_t whole[HASH_SIZE], pieces[HASH_SIZE];
    struct hash_stream *h = hash_new();
    hash2(whole, bytes_text("a baton is "), bytes_text("handed on"));
    hash_add(h, bytes_text("a"));
    hash_add(h, bytes_text(""));
    hash_add(h, bytes_text(" baton is handed on"));
    hash_end(h, pieces);
    assert_memory_equal(whole, pieces, HASH_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_moment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_killed_while_looking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restored, set_up, tear_down),
        cmocka_unit_test(test_hash_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
