/* The store: keys, rows with their indexes and timers, the chained log, the inbox. */
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

#include "base/ident.h"
#include "baton/v1/directory.pb-c.h"
#include "store/inbox.h"
#include "store/log.h"
#include "store/table.h"

enum { USER, CREDENTIAL };
static const struct table_def tables[] = {
    {.name = "user", .pb = &baton__user__descriptor},
    {.name = "credential", .pb = &baton__credential__descriptor},
};

struct fixture {
    char dir[64];
    struct store *store;
    struct arena *arena;
};

static void reopen(struct fixture *f)
{
    struct store_options o = {.dir = f->dir, .tables = tables, .n_tables = 2};
    store_close(f->store);
    f->store = store_open(&o);
    assert_non_null(f->store);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    schema_load();
    snprintf(f->dir, sizeof f->dir, "%s", "/tmp/baton-store-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = arena_new(64 << 20);
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
    arena_free(f->arena);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    int rc = system(command);
    free(f);
    return rc;
}

/* keys */

static void test_key_order(void **state)
{
    static const char *const texts[] = {"", "a", "a b", "ab", "b", "\xc3\xa4"};
    for (size_t i = 0; i + 1 < sizeof texts / sizeof *texts; i++) {
        struct key a = key_of(texts[i]), b = key_of(texts[i + 1]);
        assert_true(bytes_compare(key_bytes(&a), key_bytes(&b)) < 0);
    }
    static const int64_t numbers[] = {INT64_MIN, -2, -1, 0, 1, 255, 256, INT64_MAX};
    for (size_t i = 0; i + 1 < sizeof numbers / sizeof *numbers; i++) {
        struct key a = {.size = 0}, b = {.size = 0};
        key_i64(&a, numbers[i]);
        key_i64(&b, numbers[i + 1]);
        assert_true(bytes_compare(key_bytes(&a), key_bytes(&b)) < 0);
    }
}

static void test_key_prefix_is_no_neighbour(void **state)
{
    struct key a = {.size = 0}, b = {.size = 0};
    key_text(&a, "ab");
    key_text(&a, "c");
    key_text(&b, "a");
    key_text(&b, "bc");
    assert_false(bytes_equal(key_bytes(&a), key_bytes(&b)));
}

static void test_key_reads_back(void **state)
{
    char text[KEY_MAX];
    uint64_t u;
    int64_t i;
    struct key k = {.size = 0};
    key_text(&k, "0191a3b4-0000-7000-8000-000000000001");
    key_u64(&k, 77);
    key_text(&k, "plain");
    key_i64(&k, -5);
    struct bytes rest = key_bytes(&k);
    assert_true(key_read_text(&rest, text));
    assert_string_equal(text, "0191a3b4-0000-7000-8000-000000000001");
    assert_true(key_read_u64(&rest, &u) && u == 77);
    assert_true(key_read_text(&rest, text));
    assert_string_equal(text, "plain");
    assert_true(key_read_i64(&rest, &i) && i == -5);
    assert_int_equal(rest.size, 0);
    assert_false(key_read_u64(&rest, &u));
}

static void test_long_texts_differ(void **state)
{
    char a[600], b[600];
    memset(a, 'x', sizeof a - 1);
    a[599] = 0;
    memcpy(b, a, sizeof b);
    b[598] = 'y';
    struct key ka = key_of(a), kb = key_of(b);
    assert_false(bytes_equal(key_bytes(&ka), key_bytes(&kb)));
    assert_true(ka.size <= KEY_MAX);
}

/* 1: a long text is not read back, whatever stands behind it. 2: the byte that marks a hash, in a text. */
static void test_long_texts_are_not_read_back(void **state)
{
    char text[601], back[KEY_MAX];
    memset(text, 'x', sizeof text - 1);
    text[600] = 0;
    struct key k = key_of(text);
    key_u64(&k, 1);
    struct bytes rest = key_bytes(&k);
    assert_false(key_read_text(&rest, back));
    text[150] = 1;
    text[180] = 0;
    k = key_of(text);
    rest = key_bytes(&k);
    assert_false(key_read_text(&rest, back));
}

/* tables */

static Baton__User user(const char *id, const char *email, const char *team)
{
    Baton__User u = BATON__USER__INIT;
    u.id = (char *)(uintptr_t)id;
    u.email = (char *)(uintptr_t)email;
    u.team_id = (char *)(uintptr_t)team;
    return u;
}

static void wrong(void *arg, const char *what)
{
    print_error("%s\n", what);
    ++*(int *)arg;
}

static void check_all(struct fixture *f, uint64_t rows)
{
    int n = 0;
    struct txn *t = store_begin(f->store, false);
    assert_int_equal(table_check(t, USER, f->arena, wrong, &n), rows);
    table_check(t, CREDENTIAL, f->arena, wrong, &n);
    store_abort(t);
    assert_int_equal(n, 0);
}

static void test_rows_and_indexes(void **state)
{
    struct fixture *f = *state;
    struct txn *t = store_begin(f->store, true);
    Baton__User a = user("u1", "a@x.example", "t1"), b = user("u2", "b@x.example", "t1");
    table_put(t, USER, &a, 1, f->arena);
    table_put(t, USER, &b, 2, f->arena);
    Baton__User *found = table_find(t, USER, "email", "b@x.example", f->arena);
    assert_string_equal(found->id, "u2");
    b.email = (char *)(uintptr_t) "c@x.example";
    table_put(t, USER, &b, 3, f->arena);
    assert_null(table_find(t, USER, "email", "b@x.example", f->arena));
    assert_non_null(table_find(t, USER, "email", "c@x.example", f->arena));
    struct key k = key_of("u2");
    assert_int_equal(table_seq(t, USER, &k), 3);
    assert_true(table_delete(t, USER, &k, f->arena));
    assert_false(table_delete(t, USER, &k, f->arena));
    assert_null(table_find(t, USER, "email", "c@x.example", f->arena));
    assert_true(store_commit(t));
    reopen(f);
    check_all(f, 1);
}

static void test_pages(void **state)
{
    struct fixture *f = *state;
    char id[16], seen[64] = "";
    struct txn *t = store_begin(f->store, true);
    for (int i = 0; i < 7; i++) {
        snprintf(id, sizeof id, "u%d", i);
        Baton__User u = user(id, id, i % 2 ? "odd" : "even");
        table_put(t, USER, &u, 1, f->arena);
    }
    for (int backwards = 0; backwards < 2; backwards++) {
        char *token = NULL;
        seen[0] = 0;
        for (int page = 0; page < 5; page++) {
            struct table_scan s;
            Baton__User *u = NULL;
            assert_true(table_scan_open(&s, t, USER, "team_id", "even", token, backwards));
            for (int n = 0; n < 2 && (u = table_scan_next(&s, f->arena)); n++)
                snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s", u->id);
            token = table_scan_token(&s, f->arena);
            table_scan_close(&s);
            if (!u)
                break;
        }
        assert_string_equal(seen, backwards ? "u6u4u2u0" : "u0u2u4u6");
    }
    struct table_scan s;
    assert_false(table_scan_open(&s, t, USER, "name", "x", NULL, false));
    assert_false(table_scan_open(&s, t, USER, "team_id", "even", "zz", false));
    store_abort(t);
}

static void test_timers(void **state)
{
    struct fixture *f = *state;
    struct txn *t = store_begin(f->store, true);
    Baton__Credential c = BATON__CREDENTIAL__INIT;
    int64_t due;
    unsigned table;
    struct key key;
    assert_false(due_first(t, &due, &table, &key));
    c.id = (char *)(uintptr_t) "c1";
    c.has_expires_us = true;
    c.expires_us = 500;
    table_put(t, CREDENTIAL, &c, 1, f->arena);
    c.id = (char *)(uintptr_t) "c2";
    c.expires_us = 300;
    table_put(t, CREDENTIAL, &c, 1, f->arena);
    assert_true(due_first(t, &due, &table, &key));
    assert_int_equal(due, 300);
    assert_int_equal(table, CREDENTIAL);
    Baton__Credential *row = table_get(t, CREDENTIAL, &key, f->arena);
    assert_string_equal(row->id, "c2");
    c.expires_us = 900;
    table_put(t, CREDENTIAL, &c, 1, f->arena);
    assert_true(due_first(t, &due, &table, &key) && due == 500);
    assert_true(store_commit(t));
    check_all(f, 0);
}

/* A store to be thrown away that keeps less of a table. */
static void test_less_is_kept(void **state)
{
    static const struct table_def less[] = {
        {"user", &baton__user__descriptor, TABLE_ROWS, "email"},
        {"credential", &baton__credential__descriptor, TABLE_ROWS, NULL},
        {"team", &baton__team__descriptor, TABLE_NOTHING, NULL},
    };
    enum { TEAM = 2 };
    struct fixture *f = *state;
    struct store_options o = {.dir = f->dir, .scratch = true, .tables = less, .n_tables = 3};
    store_close(f->store);
    f->store = store_open(&o);
    struct txn *t = store_begin(f->store, true);
    Baton__User u = user("u1", "a@x.example", "t1");
    Baton__Credential c = BATON__CREDENTIAL__INIT;
    Baton__Team team = BATON__TEAM__INIT;
    struct table_scan scan;
    struct key key = key_of("t1");
    int64_t due;
    unsigned table;
    c.id = team.id = (char *)(uintptr_t) "t1";
    c.has_expires_us = true;
    c.expires_us = 500;
    table_put(t, USER, &u, 1, f->arena);
    table_put(t, CREDENTIAL, &c, 1, f->arena);
    table_put(t, TEAM, &team, 1, f->arena);
    assert_non_null(table_find(t, USER, "email", "a@x.example", f->arena));
    assert_false(table_scan_open(&scan, t, USER, "team_id", "t1", NULL, false));
    assert_non_null(table_get(t, CREDENTIAL, &key, f->arena));
    assert_false(due_first(t, &due, &table, &key));
    assert_null(table_get(t, TEAM, &key, f->arena));
    assert_false(table_delete(t, TEAM, &key, f->arena));
    assert_true(store_commit(t));
}

/* the log */

static void append(struct fixture *f, struct txn *t, size_t size)
{
    Baton__LogRecord r = BATON__LOG_RECORD__INIT;
    char *id = arena_alloc(f->arena, size + 1);
    memset(id, 'i', size);
    r.request_id = id;
    log_append(t, &r, NULL, f->arena);
}

static void test_log_chains(void **state)
{
    struct fixture *f = *state;
    static const size_t sizes[] = {0, 1, 1857, 1858, 1859, 3800, 100000};
    size_t n = sizeof sizes / sizeof *sizes;
    struct txn *t = store_begin(f->store, true);
    for (size_t i = 0; i < n; i++)
        append(f, t, sizes[i]);
    assert_true(store_commit(t));
    reopen(f);
    assert_int_equal(log_head(f->store).seq, n);
    uint8_t hash[HASH_SIZE];
    log_first_hash(log_id(f->store), hash);
    t = store_begin(f->store, false);
    for (uint64_t seq = 1; seq <= n; seq++) {
        struct bytes stored;
        assert_true(log_read(t, seq, f->arena, &stored));
        assert_null(log_check(stored, hash));
        assert_int_equal(strlen(log_get(t, seq, f->arena)->request_id), sizes[seq - 1]);
    }
    assert_memory_equal(hash, log_head(f->store).hash, HASH_SIZE);
    store_abort(t);
}

static void test_log_finds_any_flipped_bit(void **state)
{
    struct fixture *f = *state;
    struct bytes stored;
    struct txn *t = store_begin(f->store, true);
    append(f, t, 50);
    assert_true(log_read(t, 1, f->arena, &stored));
    uint8_t *copy = arena_copy(f->arena, stored.data, stored.size);
    for (size_t bit = 0; bit < stored.size * 8; bit++) {
        uint8_t hash[HASH_SIZE];
        log_first_hash(log_id(f->store), hash);
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_non_null(log_check(bytes_of(copy, stored.size), hash));
        copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    store_abort(t);
    assert_int_equal(log_head(f->store).seq, 0);
}

/* the inbox */

static void test_inbox_generations(void **state)
{
    struct fixture *f = *state;
    const int64_t day = 24ll * 3600 * 1000000;
    struct inbox_entry e = {.reply = bytes_text("reply")}, got;
    uint8_t old[16], new[16];
    inbox_id(old, "any text");
    inbox_id(new, "0191a3b4-0000-7000-8000-000000000001");
    struct txn *t = store_begin(f->store, true);
    assert_false(inbox_get(t, old, &got));
    inbox_put(t, old, &e, 1, f->arena);
    e.refused = true;
    inbox_put(t, new, &e, day + 2, f->arena);
    assert_true(inbox_get(t, old, &got) && !got.refused && bytes_equal(got.reply, e.reply));
    inbox_put(t, new, &e, 2 * day + 4, f->arena);
    assert_false(inbox_get(t, old, &got));
    assert_true(inbox_get(t, new, &got) && got.refused);
    store_abort(t);
}

/* one writer */

static void test_second_writer_is_turned_away(void **state)
{
    struct fixture *f = *state;
    pid_t child = fork();
    if (child == 0) {
        struct store_options o = {.dir = f->dir, .tables = tables, .n_tables = 2};
        _exit(store_open(&o) ? 1 : 0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_order),
        cmocka_unit_test(test_key_prefix_is_no_neighbour),
        cmocka_unit_test(test_key_reads_back),
        cmocka_unit_test(test_long_texts_differ),
        cmocka_unit_test(test_long_texts_are_not_read_back),
        T(test_rows_and_indexes),
        T(test_pages),
        T(test_timers),
        T(test_less_is_kept),
        T(test_log_chains),
        T(test_log_finds_any_flipped_bit),
        T(test_inbox_generations),
        T(test_second_writer_is_turned_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
