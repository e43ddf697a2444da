/* Files named by what is in them, as header files/files.h promises it.
   1 pieces in order become a file under their hash; others are refused and change nothing
   2 what was safe before a crash is gone on from, what came after it is asked for again
   3 a full disk: nothing of the piece counts, and after there is room it goes on
   4 the same bytes twice are one file
   5 what a crash leaves between link and commit is swept, what is committed stays
   6 an upload that is dropped leaves nothing
   7 two hundred uploads at the same time, by several threads
   8 what became a file is never written to again, whatever becomes of the upload it came from
   9 what can be made again is whole or not there, and the oldest of it makes room
   10 what was safe and is not there any more is said, not made up */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
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

#include "files/files.h"

enum { STEP = 1 << 20, THREADS = 4, UPLOADS = 200 };

struct disk {
    char dir[64];
    struct files *files;
    int calls, fail_at, error;
};

static int on_call(void *arg, enum files_call call)
{
    struct disk *d = arg;
    return ++d->calls == d->fail_at ? d->error : 0;
}

static void open_disk(struct disk *d)
{
    const struct files_probe probe = {on_call, d};
    d->files = files_open(d->dir, &probe);
    assert_non_null(d->files);
}

static int set_up(void **state)
{
    struct disk *d = calloc(1, sizeof *d);
    (void)snprintf(d->dir, sizeof d->dir, "test-files-XXXXXX");
    if (!mkdtemp(d->dir))
        return -1;
    open_disk(d);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct disk *d = *state;
    char command[100];
    files_close(d->files);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
    int status = system(command);
    free(d);
    return status;
}

static const char *id_of(unsigned n)
{
    static char ids[UPLOADS + 16][IDENT_TEXT_SIZE];
    (void)snprintf(ids[n], sizeof ids[n], "0190a8e2-1111-7000-8000-%012u", n);
    return ids[n];
}

static struct files_written write_piece(struct disk *d, unsigned id, uint64_t size, uint64_t safe,
                                        uint64_t offset, struct bytes data)
{
    struct files_piece p = {.size = size, .safe = safe, .offset = offset, .data = data};
    struct files_written w;
    memcpy(p.id, id_of(id), IDENT_TEXT_SIZE);
    files_write(d->files, &p, &w);
    return w;
}

static void hash_of(char out[HASH_TEXT_SIZE], struct bytes data)
{
    uint8_t hash[HASH_SIZE];
    hash2(hash, data, bytes_of(NULL, 0));
    hex_encode(out, hash, sizeof hash);
}

static bool is_file(const struct disk *d, const char *hash)
{
    char path[200], name[FILES_PATH_SIZE];
    files_path(name, hash);
    (void)snprintf(path, sizeof path, "%s/%s", d->dir, name);
    return access(path, F_OK) == 0;
}

static bool is_upload(const struct disk *d, unsigned id)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/uploads/%s", d->dir, id_of(id));
    return access(path, F_OK) == 0;
}

static void test_pieces(void **state)
{
    struct disk *d = *state;
    char expected[HASH_TEXT_SIZE], back[11];
    hash_of(expected, bytes_text("onetwothree"));
    struct files_written w = write_piece(d, 1, 11, 0, 0, bytes_text("one"));
    assert_int_equal(w.end, FILES_WRITTEN);
    assert_int_equal(w.offset, 3);
    /* 1: again, too early, and too much */
    assert_int_equal(write_piece(d, 1, 11, 0, 0, bytes_text("one")).end, FILES_ELSEWHERE);
    assert_int_equal(write_piece(d, 1, 11, 0, 6, bytes_text("three")).end, FILES_ELSEWHERE);
    assert_int_equal(write_piece(d, 1, 11, 0, 3, bytes_text("twothree!")).end, FILES_ELSEWHERE);
    assert_int_equal(files_offset(d->files, id_of(1), 0), 3);
    w = write_piece(d, 1, 11, 0, 3, bytes_text("twothree"));
    assert_int_equal(w.end, FILES_COMPLETE);
    assert_string_equal(w.hash, expected);
    /* 1: asked again it says the same */
    w = write_piece(d, 1, 11, 0, 11, bytes_of(NULL, 0));
    assert_string_equal(w.hash, expected);
    assert_false(is_file(d, expected));
    assert_int_equal(files_head(d->files, id_of(1), back, 6), 6);
    assert_memory_equal(back, "onetwo", 6);
    assert_int_equal(files_keep(d->files, id_of(1), expected, 11), FILES_COMPLETE);
    files_drop(d->files, id_of(1), true);
    assert_false(is_upload(d, 1));
    assert_int_equal(files_read(d->files, expected, 3, back, sizeof back), 8);
    assert_memory_equal(back, "twothree", 8);
    assert_int_equal(files_read(d->files, expected, 11, back, sizeof back), 0);
}

static void test_crash(void **state)
{
    struct disk *d = *state;
    static uint8_t data[20 * STEP];
    char expected[HASH_TEXT_SIZE];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + (i >> 12));
    hash_of(expected, bytes_of(data, sizeof data));
    uint64_t safe = 0, offset = 0;
    for (; offset < 13 * STEP; offset += STEP)
        safe = write_piece(d, 1, sizeof data, safe, offset, bytes_of(data + offset, STEP)).safe;
    assert_int_equal(safe, FILES_SAFE_STEP);
    /* 2 */
    files_close(d->files);
    open_disk(d);
    assert_int_equal(files_offset(d->files, id_of(1), safe), safe);
    struct files_written w = write_piece(d, 1, sizeof data, safe, offset, bytes_of(data + offset, STEP));
    assert_int_equal(w.end, FILES_ELSEWHERE);
    assert_int_equal(w.offset, safe);
    for (offset = safe; offset < sizeof data; offset += STEP)
        w = write_piece(d, 1, sizeof data, safe, offset, bytes_of(data + offset, STEP));
    assert_int_equal(w.end, FILES_COMPLETE);
    assert_string_equal(w.hash, expected);
}

static void test_full(void **state)
{
    struct disk *d = *state;
    char expected[HASH_TEXT_SIZE];
    hash_of(expected, bytes_text("onetwo"));
    assert_int_equal(write_piece(d, 1, 6, 0, 0, bytes_text("one")).end, FILES_WRITTEN);
    /* 3: at each call there is */
    for (int call = 1; call <= 3; call++) {
        d->calls = 0;
        d->fail_at = call;
        d->error = ENOSPC;
        struct files_written w = write_piece(d, 1, 6, 0, 3, bytes_text("two"));
        assert_int_equal(w.end, call == 1 ? FILES_FULL : w.end);
        if (w.end == FILES_FULL) {
            assert_int_equal(w.offset, 0);
            d->fail_at = 0;
            assert_int_equal(write_piece(d, 1, 6, 0, 0, bytes_text("one")).end, FILES_WRITTEN);
        }
    }
    d->fail_at = 0;
    struct files_written w = write_piece(d, 1, 6, 0, 3, bytes_text("two"));
    assert_int_equal(w.end, FILES_COMPLETE);
    assert_string_equal(w.hash, expected);
    for (int call = 1; call <= 3; call++) {
        d->calls = 0;
        d->fail_at = call;
        assert_int_equal(files_keep(d->files, id_of(1), expected, 6), FILES_FULL);
    }
    d->fail_at = 0;
    assert_int_equal(files_keep(d->files, id_of(1), expected, 6), FILES_COMPLETE);
}

static void test_gone(void **state)
{
    struct disk *d = *state;
    /* 10: no file, and one that is too short */
    assert_int_equal(write_piece(d, 1, 10, 5, 5, bytes_text("where")).end, FILES_FAILED);
    assert_false(is_upload(d, 1));
    assert_int_equal(write_piece(d, 2, 10, 0, 0, bytes_text("here")).end, FILES_WRITTEN);
    files_close(d->files);
    open_disk(d);
    assert_int_equal(write_piece(d, 2, 10, 5, 5, bytes_text("where")).end, FILES_FAILED);
    assert_int_equal(write_piece(d, 2, 10, 4, 4, bytes_text(" again")).end, FILES_COMPLETE);
}

static void test_twice(void **state)
{
    struct disk *d = *state;
    struct files_written w = {.end = FILES_FAILED};
    for (unsigned id = 1; id <= 2; id++) {
        w = write_piece(d, id, 4, 0, 0, bytes_text("same"));
        assert_int_equal(files_keep(d->files, id_of(id), w.hash, 4), FILES_COMPLETE);
        files_drop(d->files, id_of(id), true);
    }
    /* 4 */
    assert_true(is_file(d, w.hash));
    assert_false(is_upload(d, 1) || is_upload(d, 2));
}

static bool is_first(void *arg, const char *id)
{
    return strcmp(id, id_of(1)) == 0;
}

static bool is_known(void *arg, const char *hash)
{
    return strcmp(hash, arg) == 0;
}

static void test_sweep(void **state)
{
    struct disk *d = *state;
    static const char *const texts[] = {"", "under way", "linked, then nothing", "linked and committed"};
    struct files_written w[4];
    for (unsigned id = 1; id < 4; id++) {
        w[id] = write_piece(d, id, strlen(texts[id]), 0, 0, bytes_text(texts[id]));
        assert_int_equal(w[id].end, FILES_COMPLETE);
        if (id > 1)
            assert_int_equal(files_keep(d->files, id_of(id), w[id].hash, strlen(texts[id])), FILES_COMPLETE);
    }
    files_close(d->files);
    open_disk(d);
    /* 5 */
    const struct files_known known = {is_first, is_known, w[3].hash};
    files_sweep(d->files, &known);
    assert_true(is_upload(d, 1));
    assert_false(is_upload(d, 2) || is_upload(d, 3));
    assert_false(is_file(d, w[2].hash));
    assert_true(is_file(d, w[3].hash));
}

static void test_shared(void **state)
{
    struct disk *d = *state;
    char back[8], first[HASH_TEXT_SIZE];
    struct files_written w = {.end = FILES_FAILED};
    hash_of(first, bytes_text("the same"));
    for (unsigned id = 1; id <= 2; id++) {
        w = write_piece(d, id, 8, 0, 0, bytes_text("the same"));
        assert_int_equal(files_keep(d->files, id_of(id), w.hash, 8), FILES_COMPLETE);
    }
    /* 8: the second is committed, the first goes on after a crash, with something else */
    files_drop(d->files, id_of(2), true);
    files_close(d->files);
    open_disk(d);
    const struct files_known known = {is_first, is_known, first};
    files_sweep(d->files, &known);
    assert_int_equal(write_piece(d, 1, 8, 4, 4, bytes_text("else")).end, FILES_COMPLETE);
    assert_int_equal(files_read(d->files, first, 0, back, sizeof back), 8);
    assert_memory_equal(back, "the same", 8);
    assert_int_equal(files_head(d->files, id_of(1), back, sizeof back), 8);
    assert_memory_equal(back, "the else", 8);
    /* 5: what goes on has left nothing that was not committed */
    w = write_piece(d, 1, 8, 8, 8, bytes_of(NULL, 0));
    assert_int_equal(files_keep(d->files, id_of(1), w.hash, 8), FILES_COMPLETE);
    files_close(d->files);
    open_disk(d);
    files_sweep(d->files, &known);
    assert_false(is_file(d, w.hash));
    assert_true(is_upload(d, 1));
}

static void test_drop(void **state)
{
    struct disk *d = *state;
    (void)write_piece(d, 1, 10, 0, 0, bytes_text("one"));
    files_drop(d->files, id_of(1), false);
    /* 6 */
    assert_false(is_upload(d, 1));
    /* 6: one that is linked already is for the next sweep, which knows whether it was committed */
    struct files_written w = write_piece(d, 2, 3, 0, 0, bytes_text("two"));
    assert_int_equal(files_keep(d->files, id_of(2), w.hash, 3), FILES_COMPLETE);
    files_drop(d->files, id_of(2), false);
    assert_true(is_upload(d, 2));
}

static void *write_some(void *arg)
{
    struct disk *d = arg;
    static unsigned next;
    for (unsigned n; (n = __atomic_fetch_add(&next, 1, __ATOMIC_RELAXED)) < UPLOADS;) {
        char text[32];
        (void)snprintf(text, sizeof text, "%028u", n);
        for (unsigned at = 0; at < 28; at += 7)
            (void)write_piece(d, n, 28, 0, at, bytes_of(text + at, 7));
        struct files_written w = write_piece(d, n, 28, 0, 28, bytes_of(NULL, 0));
        if (w.end == FILES_COMPLETE)
            (void)files_keep(d->files, id_of(n), w.hash, 28);
    }
    return NULL;
}

static void test_many(void **state)
{
    struct disk *d = *state;
    pthread_t threads[THREADS];
    (void)id_of(0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_some, d), 0);
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    /* 7 */
    for (unsigned n = 0; n < UPLOADS; n++) {
        char text[32], hash[HASH_TEXT_SIZE];
        (void)snprintf(text, sizeof text, "%028u", n);
        hash_of(hash, bytes_text(text));
        assert_true(is_file(d, hash));
    }
}

static void test_made(void **state)
{
    struct disk *d = *state;
    static const char old[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static const struct timespec times[2];
    char one[HASH_TEXT_SIZE], two[HASH_TEXT_SIZE], expected[HASH_TEXT_SIZE], back[4], path[200];
    hash_of(expected, bytes_text("one"));
    assert_false(files_made_is(d->files, expected));
    assert_int_equal(files_made_read(d->files, expected, 0, back, sizeof back), -1);
    assert_int_equal(files_made_keep(d->files, bytes_text("one"), one), FILES_COMPLETE);
    assert_string_equal(one, expected);
    assert_true(files_made_is(d->files, one));
    assert_int_equal(files_made_read(d->files, one, 1, back, sizeof back), 2);
    assert_memory_equal(back, "ne", 2);
    /* the first call writes, the second syncs */
    for (int at = 1; at <= 2; at++) {
        d->calls = 0;
        d->fail_at = at;
        d->error = ENOSPC;
        assert_int_equal(files_made_keep(d->files, bytes_text("two"), two), FILES_FULL);
        assert_false(files_made_is(d->files, two));
    }
    d->fail_at = 0;
    (void)snprintf(path, sizeof path, "%s/made/%s", d->dir, old);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, FILES_MADE_MAX - 3), 0);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
    assert_int_equal(files_made_keep(d->files, bytes_text("one"), one), FILES_COMPLETE);
    assert_false(files_made_is(d->files, old));
    assert_true(files_made_is(d->files, one));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pieces), TEST(test_crash), TEST(test_full), TEST(test_twice), TEST(test_sweep),
        TEST(test_shared), TEST(test_drop),  TEST(test_many), TEST(test_made),  TEST(test_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
