/* The bottom layer: memory, bytes, hashes and the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/rfc3339.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Runs `act` in a child with standard error in a file; its wait status, and what it wrote in *out (freed by
   the caller) if that is wanted. */
static int in_child(void (*act)(void), char **out)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* cmocka's handler would report the abort as a failed test. */
        signal(SIGABRT, SIG_DFL);
        dup2(fileno(file), STDERR_FILENO);
        act();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (out) {
        long size = (fseek(file, 0, SEEK_END), ftell(file));
        *out = calloc(1, (size_t)size + 1);
        rewind(file);
        assert_int_equal(fread(*out, 1, (size_t)size, file), size);
    }
    fclose(file);
    return status;
}

/* Arena */

static void over_the_limit(void)
{
    struct arena *a = arena_new(100);
    arena_alloc(a, 101);
}

static void test_arena_limit(void **state)
{
    struct arena *a = arena_new(100);
    assert_int_equal(arena_limit(a), 100);
    /* 1: exactly the limit fits, one byte more does not, and refusing costs nothing */
    assert_null(arena_try(a, 101));
    assert_int_equal(arena_used(a), 0);
    assert_non_null(arena_try(a, 100));
    assert_int_equal(arena_used(a), 100);
    assert_null(arena_try(a, 1));
    assert_null(arena_try(a, SIZE_MAX));
    assert_null(arena_try(a, SIZE_MAX - 15));
    /* 2: a reset gives it back */
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_non_null(arena_try(a, 100));
    arena_free(a);
    arena_free(NULL);
    /* 3: our own asking for too much is a bug */
    int status = in_child(over_the_limit, NULL);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    /* 4: a limit of nothing */
    a = arena_new(0);
    assert_null(arena_try(a, 0));
    arena_reset(a);
    arena_free(a);
}

static void test_arena_memory(void **state)
{
    enum { LIMIT = 8 << 20, PIECES = 4000 };
    static const size_t sizes[] = {0, 1, 7, 16, 17, 100, 4000, 20000, 300000};
    struct arena *a = arena_new(LIMIT);
    for (int round = 0; round < 3; round++) {
        uint8_t *pieces[PIECES];
        size_t n = 0, size, handed_out = 0;
        /* 1: aligned, zeroed also when used before, none inside another */
        while (n < PIECES && (pieces[n] = arena_try(a, size = sizes[n % COUNT(sizes)]))) {
            assert_int_equal((uintptr_t)pieces[n] % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(pieces[n][i], 0);
            memset(pieces[n], (int)(n % 251) + 1, size);
            handed_out += size;
            n++;
        }
        assert_true(n > 100 && n < PIECES);
        for (size_t k = 0; k < n; k++)
            for (size_t i = 0; i < sizes[k % COUNT(sizes)]; i++)
                assert_int_equal(pieces[k][i], k % 251 + 1);
        /* 2: up to the limit and not beyond it */
        assert_true(arena_used(a) >= handed_out && arena_used(a) <= LIMIT &&
                    arena_used(a) > LIMIT - 300000 - 16);
        arena_reset(a);
    }
    arena_free(a);
}

static void test_arena_text(void **state)
{
    struct arena *a = arena_new(1 << 20);
    assert_null(arena_strdup(a, NULL));
    assert_string_equal(arena_strdup(a, "baton"), "baton");
    assert_string_equal(arena_strndup(a, "baton", 3), "bat");
    assert_string_equal(arena_strndup(a, NULL, 0), "");
    assert_string_equal(arena_printf(a, "%s-%05d", "x", 42), "x-00042");
    assert_memory_equal(arena_copy(a, "\0\1\2", 3), "\0\1\2", 3);
    char *wide = arena_printf(a, "%*d", 70000, 1);
    assert_int_equal(strlen(wide), 70000);
    int *numbers = ARENA_ARRAY(a, int, 10);
    assert_int_equal(numbers[9], 0);
    assert_non_null(ARENA_ARRAY(a, int, 0));
    arena_free(a);
}

/* Bytes */

static void test_bytes(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {NULL, NULL, 0}, {NULL, "", 0},  {"", "a", -1},    {"a", "", 1},
        {"a", "ab", -1}, {"b", "ab", 1}, {"\xff", "a", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int order = bytes_compare(bytes_text(rows[i].a), bytes_text(rows[i].b));
        assert_int_equal((order > 0) - (order < 0), rows[i].order);
        assert_int_equal(bytes_equal(bytes_text(rows[i].a), bytes_text(rows[i].b)), rows[i].order == 0);
    }
}

static void test_buffer(void **state)
{
    struct buffer b = {.limit = 10};
    /* 1: an empty one is empty text */
    assert_string_equal(buffer_cstr(&b), "");
    assert_int_equal(buffer_bytes(&b).size, 0);
    assert_true(buffer_add(&b, NULL, 0));
    /* 2: what does not fit is missing, what is there stays, and that is remembered */
    assert_true(buffer_text(&b, "12345678"));
    assert_false(buffer_text(&b, "9ab"));
    assert_true(b.overflow);
    assert_true(buffer_char(&b, '9'));
    assert_false(buffer_printf(&b, "%d", 10));
    assert_true(buffer_printf(&b, "%d", 1));
    assert_string_equal(buffer_cstr(&b), "1234567891");
    assert_true(b.overflow);
    assert_null(buffer_room(&b, 1));
    assert_null(buffer_room(&b, SIZE_MAX));
    /* 3: a clear one starts anew */
    buffer_clear(&b);
    assert_false(b.overflow);
    uint8_t *room = buffer_room(&b, 10);
    assert_non_null(room);
    memset(room, 'x', 10);
    b.size += 10;
    assert_string_equal(buffer_cstr(&b), "xxxxxxxxxx");
    buffer_release(&b);
    assert_int_equal(b.limit, 10);
    /* 4: it grows to whatever the limit is */
    buffer_init(&b, 100003);
    for (int i = 0; i < 100003; i++)
        assert_true(buffer_char(&b, (char)('a' + i % 26)));
    assert_false(buffer_char(&b, 'x'));
    for (int i = 0; i < 100003; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    buffer_release(&b);
    /* 5: no room at all */
    buffer_init(&b, 0);
    assert_false(buffer_char(&b, 'x'));
    assert_string_equal(buffer_cstr(&b), "");
    buffer_release(&b);
}

static void test_numbers(void **state)
{
    uint8_t p[8];
    put_be16(p, 0x0102);
    assert_memory_equal(p, "\1\2", 2);
    assert_int_equal(get_be16(p), 0x0102);
    put_be32(p, 0x01020304);
    assert_memory_equal(p, "\1\2\3\4", 4);
    assert_int_equal(get_be32(p), 0x01020304);
    put_be64(p, 0x0102030405060708);
    assert_memory_equal(p, "\1\2\3\4\5\6\7\10", 8);
    assert_int_equal(get_be64(p), 0x0102030405060708);
}

static void test_hex(void **state)
{
    static const struct {
        const char *hex;
        bool good;
    } rows[] = {
        {"00ff7f", true}, {"00FF7f", true},  {"00ff7", false},  {"00ff7f0", false}, {"00ff7f00", false},
        {"", false},      {"00fg7f", false}, {" 0ff7f", false}, {"0x0ff7", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[3];
        char back[7];
        assert_int_equal(hex_decode(out, 3, rows[i].hex), rows[i].good);
        if (!rows[i].good)
            continue;
        hex_encode(back, out, 3);
        assert_string_equal(back, "00ff7f");
    }
}

/* Hashes */

static void test_crc32c(void **state)
{
    uint8_t zeros[32] = {0}, ones[32], up[32], down[32];
    memset(ones, 0xff, 32);
    for (int i = 0; i < 32; i++) {
        up[i] = (uint8_t)i;
        down[i] = (uint8_t)(31 - i);
    }
    static const uint8_t read_command[48] = {
        0x01, 0xc0, 0, 0,    0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
        0,    0,    0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0,    0,
    };
    /* RFC 3720, B.4, and the check value of the catalogues */
    const struct {
        const void *data;
        size_t size;
        uint32_t crc;
    } rows[] = {
        {"", 0, 0},
        {zeros, 32, 0x8a9136aa},
        {ones, 32, 0x62a8ab43},
        {up, 32, 0x46dd794e},
        {down, 32, 0x113fdb5c},
        {"123456789", 9, 0xe3069283},
        {read_command, 48, 0xd9963a56},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(crc32c(0, rows[i].data, rows[i].size), rows[i].crc);
        assert_int_equal(crc32c_portable(0, rows[i].data, rows[i].size), rows[i].crc);
    }
    /* Both ways agree for every length and start, also in two steps. */
    uint8_t noise[300];
    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = (uint8_t)(i * i * 31 + i * 7);
    for (size_t from = 0; from < 9; from++)
        for (size_t n = 0; n + from <= sizeof(noise); n++) {
            uint32_t whole = crc32c(0, noise + from, n);
            assert_int_equal(whole, crc32c_portable(0, noise + from, n));
            assert_int_equal(whole, crc32c(crc32c(0, noise + from, n / 3), noise + from + n / 3, n - n / 3));
        }
}

static void test_blake2b(void **state)
{
    char text[HASH_TEXT_SIZE];
    uint8_t one[HASH_SIZE], two[HASH_SIZE];
    hash_text(text, "");
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash_text(text, "abc");
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    hash2(one, bytes_text("ab"), bytes_text("c"));
    hash2(two, bytes_of(NULL, 0), bytes_text("abc"));
    assert_memory_equal(one, two, HASH_SIZE);
    char hex[HASH_TEXT_SIZE];
    hex_encode(hex, one, HASH_SIZE);
    assert_string_equal(hex, text);
}

/* The log */

static void hostile_lines(void)
{
    char many[5000];
    memset(many, 'x', sizeof(many) - 1);
    many[sizeof(many) - 1] = 0;
    log_name("leads");
    log_info("store", "opened %s in %d ms", "store", 3);
    log_warning("form", "name is %s",
                "a\nb\x1b[31m\x7f\\\xff\xc2\x85"
                "\u202e\u2028 電 é");
    errno = ENOSPC;
    log_failure("disk", "%m");
    log_failure("disk", "%s", strerror(errno));
    log_info("long", "%s", many);
}

static void test_log_lines(void **state)
{
    char *out, *line, *rest;
    in_child(hostile_lines, &out);
    static const char *const ends[] = {
        /* 1: time level service area message */
        "Z info leads store opened store in 3 ms",
        /* 2: nothing from outside breaks the line, moves the cursor or turns the text round */
        "is a\\x0ab\\x1b[31m\\x7f\\x5c\\xff\\xc2\\x85\\xe2\\x80\\xae\\xe2\\x80\\xa8 電 é",
        /* 3: errno stays as it was */
        "Z failure leads disk No space left on device",
        "Z failure leads disk No space left on device",
        /* 4: at most 2,000 bytes with the line's end, and one sees that it was cut */
        "xxx...",
    };
    line = strtok_r(out, "\n", &rest);
    for (size_t i = 0; i < COUNT(ends); i++, line = strtok_r(NULL, "\n", &rest)) {
        assert_non_null(line);
        size_t n = strlen(line), m = strlen(ends[i]);
        assert_true(n >= m && n < 2000);
        assert_string_equal(line + n - m, ends[i]);
        int64_t seconds;
        int32_t nanos;
        *strchr(line, ' ') = 0;
        assert_true(rfc3339_parse(line, &seconds, &nanos));
    }
    assert_null(line);
    free(out);
}

static void flood(void)
{
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 5000; i++)
        log_info("flood", "line");
    clock_gettime(CLOCK_MONOTONIC, &to);
    log_fatal("flood", "after %ld seconds", (long)(to.tv_sec - from.tv_sec));
}

static void test_log_flood(void **state)
{
    char *out, *rest;
    int status = in_child(flood, &out);
    /* 5: a fatal line ends the process with 70 */
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 70);
    /* 6: 200 lines a second are written, the others counted, and the fatal one is always there */
    long written = 0, left_out = 0, seconds = -1;
    for (char *line = strtok_r(out, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *note = strstr(line, "warning baton log "), *fatal = strstr(line, "fatal baton flood after ");
        if (note)
            left_out += strtol(note + strlen("warning baton log "), NULL, 10);
        else if (fatal)
            seconds = strtol(fatal + strlen("fatal baton flood after "), NULL, 10);
        else
            written++;
    }
    assert_int_equal(written + left_out, 5000);
    assert_true(seconds >= 0 && written >= 200 && written <= 200 * (seconds + 2));
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_limit), cmocka_unit_test(test_arena_memory),
        cmocka_unit_test(test_arena_text),  cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_buffer),      cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_hex),         cmocka_unit_test(test_crc32c),
        cmocka_unit_test(test_blake2b),     cmocka_unit_test(test_log_lines),
        cmocka_unit_test(test_log_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
