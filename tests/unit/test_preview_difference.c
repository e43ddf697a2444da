/* Differences of texts; numbers are those of difference.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "preview/difference.h"

static struct arena *arena;

/* "same[-gone-]{+new+}", and whatever the pieces are, they make both texts. */
static const char *shown(const char *before, const char *after, struct buffer *out)
{
    static const char *const marks[][2] = {{"", ""}, {"[-", "-]"}, {"{+", "+}"}};
    struct difference_piece *pieces;
    struct buffer x, y;
    arena_reset(arena);
    buffer_init(out, 64 << 20);
    buffer_init(&x, 64 << 20);
    buffer_init(&y, 64 << 20);
    size_t n = difference_read(arena, before, after, &pieces);
    for (size_t i = 0; i < n; i++) {
        const struct difference_piece *p = &pieces[i];
        const char *text = (p->sort == DIFFERENCE_NEW ? after : before) + p->at;
        assert_true(p->size > 0);
        assert_true(p->sort == DIFFERENCE_NEW || buffer_add(&x, text, p->size));
        assert_true(p->sort == DIFFERENCE_GONE || buffer_add(&y, text, p->size));
        assert_true(buffer_text(out, marks[p->sort][0]) && buffer_add(out, text, p->size) &&
                    buffer_text(out, marks[p->sort][1]));
    }
    assert_string_equal(buffer_cstr(&x), before);
    assert_string_equal(buffer_cstr(&y), after);
    buffer_release(&x);
    buffer_release(&y);
    return buffer_cstr(out);
}

static void test_rows(void **state)
{
    static const struct {
        const char *before, *after, *shown;
    } rows[] = {
        {"", "", ""},
        {"a", "", "[-a-]"},
        {"", "a", "{+a+}"},
        {"same\n", "same\n", "same\n"},
        /* 1 */
        {"a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"},
        {"a\nc\n", "a\nb\nc\n", "a\n{+b\n+}c\n"},
        {"a\nb", "a\nb\n", "a\nb{+\n+}"},
        {"thirty (30) days' notice\n", "sixty (60) days' notice\n",
         "[-thirty-]{+sixty+} ([-30-]{+60+}) days' notice\n"},
        {"本合約自三月起", "本合約自四月起", "本合約自[-三-]{+四+}月起"},
        {"a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n", "[-a-]{+x+}\nb\nc\nd\n[-e-]{+y+}\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer out;
        assert_string_equal(shown(rows[i].before, rows[i].after, &out), rows[i].shown);
        buffer_release(&out);
    }
}

/* Small alphabets, so that there is much to be kept; the pieces make both texts, and none could be the same
 * and is not. */
static void test_random(void **state)
{
    uint64_t seed = 1;
    for (int round = 0; round < 3000; round++) {
        char text[2][64];
        struct buffer out;
        for (int t = 0; t < 2; t++) {
            size_t n = (seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u) >> 59;
            for (size_t i = 0; i < n; i++)
                text[t][i] =
                    "ab \n"[(seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u) >> 62];
            text[t][n] = '\0';
        }
        const char *s = shown(text[0], text[1], &out);
        if (strcmp(text[0], text[1]) == 0)
            assert_string_equal(s, text[0]);
        buffer_release(&out);
    }
}

/* 2 and 3: nothing in common, and a difference in every line. */
static void test_bounds(void **state)
{
    enum { LINES = 30000, LINE = 16 };
    char *x = malloc(LINES * LINE + 1), *y = malloc(LINES * LINE + 1);
    struct buffer out;
    assert_true(x && y);
    for (int i = 0; i < LINES; i++) {
        (void)snprintf(x + i * LINE, LINE + 1, "before%09d\n", i); /* these fit */
        (void)snprintf(y + i * LINE, LINE + 1, "after %09d\n", i);
    }
    assert_int_equal(strncmp(shown(x, y, &out), "[-before", 8), 0);
    buffer_release(&out);
    for (int i = 0; i < LINES; i++)
        (void)snprintf(y + i * LINE, LINE + 1, i % 60 == 7 ? "another%08d\n" : "before%09d\n", i);
    assert_non_null(strstr(shown(x, y, &out), "[-before000000007-]{+another00000007+}"));
    buffer_release(&out);
    free(x);
    free(y);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_random),
                                              cmocka_unit_test(test_bounds)};
    arena = arena_new((size_t)256 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(arena);
    return failed;
}
