/* Damage in a store's file: found by whoever reads it, and by whoever looks for it. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <lmdb.h>

#include "base/hash.h"
#include "baton/v1/directory.pb-c.h"
#include "store/log.h"
#include "store/table.h"

static const struct table_def tables[] = {{.name = "user", .pb = &baton__user__descriptor}};

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

/* Pages of every kind: several leaves under a branch, runs of overflow pages, free pages, an empty bucket. */
static void fill(struct fixture *f)
{
    static char large[10000];
    unsigned bucket = store_bucket(f->store, "i.user.team_id");
    memset(large, 'x', sizeof large);
    for (int round = 0; round < 3; round++) {
        struct txn *t = store_begin(f->store, true);
        for (int i = 0; i < 200; i++) {
            char key[16];
            snprintf(key, sizeof key, "key %d", (i * 37 + round) % 200);
            size_t size = i % 50 ? 30 : sizeof large;
            txn_put(t, bucket, bytes_text(key), bytes_of(large, size - (size_t)round));
            if (i % 3 == 0)
                txn_delete(t, bucket, bytes_text(key));
        }
        assert_true(store_commit(t));
    }
    store_close(f->store);
    f->store = NULL;
}

static uint32_t dump_bucket(MDB_txn *t, MDB_dbi dbi, uint32_t crc)
{
    MDB_cursor *c;
    MDB_val k, v;
    assert_int_equal(mdb_cursor_open(t, dbi, &c), 0);
    while (mdb_cursor_get(c, &k, &v, MDB_NEXT) == 0) {
        crc = crc32c(crc32c(crc, k.mv_data, k.mv_size), &v.mv_size, sizeof v.mv_size);
        MDB_dbi named;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)k.mv_size, (const char *)k.mv_data);
        if (dbi == 1 && mdb_dbi_open(t, name, 0, &named) == 0)
            crc = dump_bucket(t, named, crc);
        else
            crc = crc32c(crc, v.mv_data, v.mv_size);
    }
    mdb_cursor_close(c);
    return crc;
}

/* All that LMDB itself reads of the file. */
static uint32_t dump(const char *dir)
{
    MDB_env *env;
    MDB_txn *t;
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, dir, MDB_RDONLY | MDB_NOLOCK, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, MDB_RDONLY, &t), 0);
    uint32_t crc = dump_bucket(t, 1, 0);
    mdb_txn_abort(t);
    mdb_env_close(env);
    return crc;
}

static void count_wrong(void *arg, const char *what)
{
    ++*(unsigned *)arg;
}

static bool check_finds(const struct fixture *f)
{
    unsigned wrong = 0;
    const struct store_check check = {.arg = &wrong, .wrong = count_wrong};
    struct store_options o = {
        .dir = f->dir, .read_only = true, .check = &check, .tables = tables, .n_tables = 1};
    struct store *s = store_open(&o);
    assert_int_equal(s == NULL, wrong > 0);
    store_close(s);
    return wrong > 0;
}

/* Every bit of both meta pages, and one of each byte at the beginning and the end of every other page. */
static bool is_tried(off_t at, unsigned bit)
{
    if (at < 8192)
        return at % 4096 < 160;
    return (at % 4096 < 64 || at % 4096 >= 4096 - 80) && bit == at * 5 % 8;
}

static void test_each_bit_is_found_or_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    char path[96];
    unsigned found = 0, harmless = 0;
    fill(f);
    snprintf(path, sizeof path, "%s/data.mdb", f->dir);
    int fd = open(path, O_RDWR);
    assert_int_equal(fstat(fd, &st), 0);
    assert_false(check_finds(f));
    uint32_t whole = dump(f->dir);
    for (off_t i = 0; i < st.st_size * 8; i++) {
        uint8_t byte, flipped;
        if (!is_tried(i / 8, (unsigned)(i % 8)))
            continue;
        assert_int_equal(pread(fd, &byte, 1, i / 8), 1);
        flipped = byte ^ (uint8_t)(1 << i % 8);
        assert_int_equal(pwrite(fd, &flipped, 1, i / 8), 1);
        bool finds = check_finds(f);
        if (!finds && dump(f->dir) != whole)
            fail_msg("byte %lld bit %d is not found", (long long)i / 8, (int)(i % 8));
        *(finds ? &found : &harmless) += 1;
        assert_int_equal(pwrite(fd, &byte, 1, i / 8), 1);
    }
    close(fd);
    reopen(f);
    print_message("%u found, %u changed nothing\n", found, harmless);
    assert_true(found > 1000);
}

/* --- what a running service may be told --- */

enum { KEYS = 400 };
static const char VALUE[] = "what stands there is as long as this";

static void key_at(char key[16], int i)
{
    snprintf(key, 16, "key %05d", i * 2 + 1);
}

/* Entries of one size: every leaf has the same places, so that a place of another page holds an entry as
 * well. */
static void fill_evenly(struct fixture *f)
{
    char key[16];
    unsigned bucket = store_bucket(f->store, "i.user.team_id");
    for (int i = 0; i < KEYS; i++) { /* a page of its own for each version of what comes later */
        struct txn *t = store_begin(f->store, true);
        key_at(key, i);
        txn_put(t, bucket, bytes_text(key), bytes_text(VALUE));
        assert_true(store_commit(t));
    }
    store_close(f->store);
    f->store = NULL;
}

/* Each of some walks over all, forwards and backwards, from and to the middle. */
static bool walks_right(struct txn *t, unsigned bucket, int from, bool backwards)
{
    struct scan s;
    struct bytes k, v;
    char key[16];
    int n = 0, i = from;
    key_at(key, from);
    scan_open(&s, t, bucket, bytes_text("key "), bytes_text(key), backwards);
    for (; scan_next(&s, &k, &v); n++, i += backwards ? -1 : 1) {
        key_at(key, i);
        if (!bytes_equal(k, bytes_text(key)))
            return false;
    }
    scan_close(&s);
    return n == (backwards ? from + 1 : KEYS - from);
}

/* The first thing that is asked: nothing says yet whether the tree is found at all. */
static bool lasts_right(struct txn *t, unsigned bucket)
{
    struct scan s;
    struct bytes k, v;
    int n = 0;
    scan_open(&s, t, bucket, bytes_of(NULL, 0), bytes_of(NULL, 0), true);
    while (scan_next(&s, &k, &v))
        n++;
    scan_close(&s);
    return n == KEYS;
}

static bool reads_right(struct txn *t, unsigned bucket)
{
    char key[16];
    struct bytes v;
    if (!lasts_right(t, bucket))
        return false;
    for (int i = 0; i < KEYS; i++) {
        key_at(key, i);
        if (!txn_get(t, bucket, bytes_text(key), &v))
            return false;
        key[strlen(key) - 1]++; /* even: there is none */
        if (txn_get(t, bucket, bytes_text(key), &v))
            return false;
    }
    for (int i = 0; i < KEYS; i += 50)
        if (!walks_right(t, bucket, i, false) || !walks_right(t, bucket, i, true))
            return false;
    return true;
}

static void put_byte(int fd, off_t at, uint8_t byte)
{
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

/* How a process ends that has the store open when a byte of it becomes another one. */
static int end_of_user(const struct fixture *f, int fd, off_t at, uint8_t flipped)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct store_options o = {.dir = f->dir, .tables = tables, .n_tables = 1};
        (void)!freopen("/dev/null", "w", stderr); /* it says a thousand times what it should */
        signal(SIGBUS, SIG_DFL);
        signal(SIGSEGV, SIG_DFL);
        struct store *s = store_open(&o);
        const unsigned bucket = s ? store_bucket(s, "i.user.team_id") : 0;
        put_byte(fd, at, flipped);
        _exit(s && reads_right(store_begin(s, false), bucket) ? 0 : 1);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A leaf or a branch of the bucket, or one it had before. */
static bool is_of_bucket(int fd, off_t page)
{
    char all[4096];
    assert_int_equal(pread(fd, all, sizeof all, page), sizeof all);
    return (all[10] == 2 && memmem(all, sizeof all, VALUE, strlen(VALUE))) ||
           (all[10] == 1 && memmem(all, sizeof all, "key 0", 5));
}

/* Where the tree stands among all trees, or stood. */
static bool is_of_trees(int fd, off_t page)
{
    static const char name[] = "i.user.team_id";
    char all[4096];
    assert_int_equal(pread(fd, all, sizeof all, page), sizeof all);
    return all[10] == 2 && memmem(all, sizeof all, name, strlen(name));
}

/* A bit of each byte of a page's numbers and of its first places; of how much of it is used, each. */
static bool is_flipped(off_t at, unsigned bit)
{
    enum { LOWER = 12, PLACES = 16, LOOKED_AT = 48 };
    const unsigned byte = (unsigned)(at % 4096);
    return byte < LOOKED_AT && ((byte >= LOWER && byte < PLACES) || bit == (at + at / 4096) % 8);
}

static void test_a_place_that_leads_astray_ends_the_reader(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    char path[96];
    unsigned ended = 0, harmless = 0;
    fill_evenly(f);
    snprintf(path, sizeof path, "%s/data.mdb", f->dir);
    int fd = open(path, O_RDWR);
    assert_int_equal(fstat(fd, &st), 0);
    for (off_t bit = 8 * 8192; bit < 8 * st.st_size; bit++) {
        const off_t i = bit / 8;
        uint8_t byte, flipped;
        if (!is_flipped(i, bit % 8) || !(is_of_bucket(fd, i - i % 4096) || is_of_trees(fd, i - i % 4096)))
            continue;
        assert_int_equal(pread(fd, &byte, 1, i), 1);
        flipped = byte ^ (uint8_t)(1 << bit % 8);
        const int end = end_of_user(f, fd, i, flipped);
        put_byte(fd, i, byte);
        if (end == 1)
            fail_msg("byte %lld flipped to %d ends with %d", (long long)i, flipped, end);
        *(end ? &ended : &harmless) += 1;
    }
    close(fd);
    reopen(f);
    print_message("%u ended, %u changed nothing\n", ended, harmless);
    assert_true(ended > 50);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_entry_with_a_flipped_bit_ends_the_reader),
        T(test_each_bit_is_found_or_changes_nothing),
        T(test_a_place_that_leads_astray_ends_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
