/* A store written anew: everything that is in it, and no byte of what is not. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "baton/v1/directory.pb-c.h"
#include "store/copy.h"
#include "store/log.h"
#include "store/rewrite.h"
#include "store/table.h"

enum { PEOPLE = 3000, RECORDS = 40, RECORD_BYTES = 1 << 20, FILE_MAX = 256 << 20 };
static const char SECRET[] = "Zelda Quixmoor, Nimmergasse 77";
static const struct table_def tables[] = {{.name = "user", .pb = &baton__user__descriptor}};

static struct store *open_in(const char *dir)
{
    struct store *s = store_open(&(struct store_options){.dir = dir, .tables = tables, .n_tables = 1});
    assert_non_null(s);
    return s;
}

static void put(struct store *s, struct arena *a, const char *name)
{
    struct txn *t = store_begin(s, true);
    for (unsigned i = 0; i < PEOPLE; i++) {
        Baton__User u = BATON__USER__INIT;
        u.id = arena_printf(a, "u%06u", i);
        u.email = arena_printf(a, "%u@x.example", i);
        u.name = (char *)(uintptr_t)(i % 7 ? "Somebody else" : name);
        table_put(t, 0, &u, 1, a);
    }
    assert_true(store_commit(t));
}

/* More than is committed at once when it is written anew. */
static void fill_log(struct store *s, struct arena *a)
{
    for (unsigned i = 0; i < RECORDS; i++) {
        Baton__LogRecord r = BATON__LOG_RECORD__INIT;
        struct txn *t = store_begin(s, true);
        r.request_id = arena_alloc(a, RECORD_BYTES + 1);
        memset(r.request_id, 'a' + (int)i % 26, RECORD_BYTES);
        r.request_id[RECORD_BYTES] = '\0';
        log_append(t, &r, NULL, a);
        assert_true(store_commit(t));
    }
}

static bool says(const char *dir, const char *text)
{
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s/data.mdb", dir);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &st) == 0 && st.st_size < FILE_MAX);
    char *all = malloc((size_t)st.st_size);
    assert_non_null(all);
    assert_int_equal(pread(fd, all, (size_t)st.st_size, 0), st.st_size);
    const bool has = memmem(all, (size_t)st.st_size, text, strlen(text)) != NULL;
    free(all);
    close(fd);
    return has;
}

static void hash_of(struct store *s, uint8_t out[HASH_SIZE])
{
    struct txn *t = store_begin(s, false);
    store_content_hash(t, out);
    store_abort(t);
}

static void test_rewrite(void **state)
{
    char dir[] = "/tmp/baton-rewrite-XXXXXX", fresh[64], command[96];
    uint8_t before[HASH_SIZE], after[HASH_SIZE];
    struct arena *a = arena_new(FILE_MAX);
    schema_load();
    assert_non_null(mkdtemp(dir));
    struct store *s = open_in(dir);
    log_prepare(s, (const uint8_t *)"0123456789abcdef");
    put(s, a, SECRET);
    put(s, a, "Erased");
    fill_log(s, a);
    assert_true(says(dir, SECRET)); /* nobody reads it, and there it is */
    const struct log_position head = log_head(s);
    hash_of(s, before);
    snprintf(fresh, sizeof fresh, "%s/fresh", dir);
    assert_int_equal(mkdir(fresh, 0700), 0);
    assert_true(store_rewrite(s, fresh));
    store_close(s);
    assert_false(says(fresh, SECRET));
    s = open_in(fresh);
    hash_of(s, after);
    assert_memory_equal(before, after, HASH_SIZE);
    assert_int_equal(log_head(s).seq, head.seq);
    assert_memory_equal(log_head(s).hash, head.hash, HASH_SIZE);
    struct txn *t = store_begin(s, false);
    assert_non_null(table_find(t, 0, "email", "7@x.example", a));
    store_abort(t);
    put(s, a, "Somebody new"); /* it can be written to */
    store_close(s);
    arena_free(a);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_rewrite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
