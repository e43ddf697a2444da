/* Command lines: the kinds of options, and what every program says to --help, --version and to what is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/options.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HELP         "usage: baton-test\n"

enum { WORDS_MAX = 8, SAID_SIZE = 400 };

/* What a stream is given from said_begin to said_end. */
struct said {
    FILE *stream, *file;
    int before;
    char text[SAID_SIZE];
};

static void said_begin(struct said *s, FILE *stream)
{
    *s = (struct said){.stream = stream, .file = tmpfile()};
    assert_non_null(s->file);
    fflush(stream);
    s->before = dup(fileno(stream));
    assert_true(s->before >= 0);
    assert_true(dup2(fileno(s->file), fileno(stream)) >= 0);
}

static void said_end(struct said *s)
{
    fflush(s->stream);
    assert_true(dup2(s->before, fileno(s->stream)) >= 0);
    close(s->before);
    rewind(s->file);
    s->text[fread(s->text, 1, sizeof s->text - 1, s->file)] = '\0';
    fclose(s->file);
}

static int count(const char *const *words)
{
    int n = 0;
    while (n < WORDS_MAX && words[n])
        n++;
    return n;
}

static void test_kinds(void **state)
{
    bool flag = false;
    const char *text = NULL;
    long number = 0;
    struct option_list list = {.n = 0};
    const struct option_row rows[] = {{"flag", OPTION_FLAG, &flag},
                                      {"text", OPTION_TEXT, &text},
                                      {"number", OPTION_NUMBER, &number},
                                      {"list", OPTION_LIST, &list}};
    char *argv[] = {"x", "one", "--list", "a", "--number", "12", "--flag", "--", "--text=late", NULL},
         *again[] = {"x", "--text=", "--list=b", "--number=0", NULL};
    int first;
    assert_true(options_parse(rows, COUNT(rows), 9, argv, &first));
    assert_true(flag);
    assert_null(text);
    assert_int_equal(number, 12);
    assert_int_equal(first, 7);
    assert_string_equal(argv[first], "one");
    assert_string_equal(argv[first + 1], "--text=late");
    assert_true(options_parse(rows, COUNT(rows), 4, again, &first));
    assert_string_equal(text, "");
    assert_int_equal(number, 0);
    assert_int_equal(first, 4);
    assert_int_equal(list.n, 2);
    assert_string_equal(list.values[1], "b");
}

static void test_wrong(void **state)
{
    static const struct {
        const char *word, *says;
    } cases[] = {
        {"--number=", "--number wants a number, not \"\""},
        {"--number=12x", "--number wants a number, not \"12x\""},
        {"--number=-1", "--number wants a number, not \"-1\""},
        {"--number=99999999999999999999", "--number wants a number"},
        {"--number", "requires an argument"},
        {"--flag=yes", "doesn't allow an argument"},
        {"--other", "unrecognized option"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool flag = false;
        long number;
        const struct option_row rows[] = {{"flag", OPTION_FLAG, &flag}, {"number", OPTION_NUMBER, &number}};
        char *argv[] = {"x", (char *)(uintptr_t)cases[i].word, NULL};
        struct said err;
        int first;
        said_begin(&err, stderr);
        bool good = options_parse(rows, COUNT(rows), 2, argv, &first);
        said_end(&err);
        assert_false(good);
        assert_non_null(strstr(err.text, cases[i].says));
    }
}

static void test_list_full(void **state)
{
    struct option_list list = {.n = 0};
    const struct option_row rows[] = {{"list", OPTION_LIST, &list}};
    char *argv[] = {"x", "--list=a", NULL};
    struct said err;
    int first;
    for (size_t i = 0; i < OPTION_LIST_MAX; i++)
        assert_true(options_parse(rows, 1, 2, argv, &first));
    said_begin(&err, stderr);
    bool good = options_parse(rows, 1, 2, argv, &first);
    said_end(&err);
    assert_false(good);
    assert_int_equal(list.n, OPTION_LIST_MAX);
    assert_non_null(strstr(err.text, "--list is given more than 100 times"));
}

static void test_program(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *data; /* NULL: it ends with `status` */
        int status;
        const char *out, *err; /* err: its end */
    } cases[] = {
        {{"x", "--data", "D"}, "D", 0, "", ""},
        {{"x", "--port", "1", "--data=D"}, "D", 0, "", ""},
        {{"x", "--help"}, NULL, 0, HELP, ""},
        {{"x", "--data", "D", "--help"}, NULL, 0, HELP, ""},
        {{"x", "--version"}, NULL, 0, "baton-test " BATON_VERSION "\n", ""},
        {{"x"}, NULL, 2, "", HELP},
        {{"x", "--data", "D", "word"}, NULL, 2, "", HELP},
        {{"x", "--data", "D", "--other"}, NULL, 2, "", HELP},
        {{"x", "--data"}, NULL, 2, "", HELP},
        {{"x", "--data", "D", "--port", "http"}, NULL, 2, "", HELP},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        long port = 0;
        const struct option_row rows[] = {{"port", OPTION_NUMBER, &port}};
        const struct program p = {"baton-test", HELP, rows, COUNT(rows)};
        char *argv[WORDS_MAX];
        struct said out, err;
        int status = -1;
        memcpy(argv, cases[i].words, sizeof argv);
        said_begin(&out, stdout);
        said_begin(&err, stderr);
        const char *data = program_options(&p, count(cases[i].words), argv, &status);
        said_end(&err);
        said_end(&out);
        if (cases[i].data)
            assert_string_equal(data, cases[i].data);
        else
            assert_null(data);
        assert_int_equal(status, cases[i].data ? -1 : cases[i].status);
        assert_string_equal(out.text, cases[i].out);
        assert_true(strlen(err.text) >= strlen(cases[i].err));
        assert_string_equal(err.text + strlen(err.text) - strlen(cases[i].err), cases[i].err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_list_full),
        cmocka_unit_test(test_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
