/* What documents say is found by words.
   1 width, case and accents do not count; what cannot be seen does not part a word
   2 of scripts without spaces between words any part is found, and what stands at its border
   3 of letters three are a beginning; fewer are a word; a part of a word that is not its beginning is none
   4 what stands in quotation marks is found as it stands; nothing that is typed is more than words
   5 all words are in a document: those that have them in one piece come first, then what was read last
   6 snippets begin and end with whole characters, and marks are where the words are
   7 pages are counted where there are any
   8 only what is wanted, in pages of the list; a token that is none is refused
   9 another revision takes the place of the one before; what is dropped is not found
   10 what is damaged is read anew; what is killed in between is as it was before */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "texts/texts.h"

enum { MEMORY = 64 << 20, MOST = 10 };

struct desk {
    char dir[64];
    struct texts *texts;
    struct arena *arena;
    struct texts_page page;
    struct refusal no;
    const char *only; /* the one that is wanted */
    size_t most, looked_most;
};

static int set_up(void **state)
{
    struct desk *d = calloc(1, sizeof *d);
    (void)snprintf(d->dir, sizeof d->dir, "/tmp/baton-texts-XXXXXX"); /* fits */
    assert_non_null(mkdtemp(d->dir));
    d->texts = texts_open(d->dir);
    assert_non_null(d->texts);
    d->arena = arena_new(MEMORY);
    d->most = MOST;
    d->looked_most = 1000;
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *d = *state;
    char command[96];
    texts_close(d->texts);
    arena_free(d->arena);
    (void)snprintf(command, sizeof command, "rm -rf %s", d->dir); /* fits */
    assert_int_equal(system(command), 0);
    free(d);
    return 0;
}

static void put(struct desk *d, const char *id, const char *text)
{
    assert_true(texts_put(d->texts, id, 1, text, strlen(text)));
}

static bool takes(void *arg, const char *id, uint32_t number)
{
    const struct desk *d = arg;
    return number > 0 && (!d->only || strcmp(d->only, id) == 0);
}

static bool find_behind(struct desk *d, const char *query, const char *token)
{
    const struct texts_asked asked = {.query = query,
                                      .token = token,
                                      .most = d->most,
                                      .looked_most = d->looked_most,
                                      .takes = takes,
                                      .arg = d};
    return texts_find(d->texts, &asked, d->arena, &d->page, &d->no);
}

/* Their ids, with commas between. */
static const char *found(struct desk *d, const char *query)
{
    char *all = arena_strdup(d->arena, "");
    if (!find_behind(d, query, NULL))
        return "refused";
    for (size_t i = 0; i < d->page.n; i++)
        all = arena_printf(d->arena, "%s%s%s", all, i ? "," : "", d->page.hits[i].id);
    return all;
}

struct one {
    const char *text, *query;
    bool is_found;
};

static void each(struct desk *d, const struct one *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put(d, "a", all[i].text);
        const char *said = found(d, all[i].query);
        if (strcmp(said, all[i].is_found ? "a" : "") != 0)
            fail_msg("\"%s\" in \"%s\": %s", all[i].query, all[i].text, said);
    }
}
#define EACH(d, ...)                                                                                         \
    each(d, (const struct one[]){__VA_ARGS__}, sizeof((const struct one[]){__VA_ARGS__}) / sizeof(struct one))

static void test_folding(void **state)
{
    EACH(*state, {"The AGREEMENT ends", "agreement", true}, {"the agreement", "AgReement", true},
         {"ＡＢＣ１２", "abc12", true}, {"abc12 x", "ＡＢＣ１２", true}, {"Müller", "muller", true},
         {"Muller", "müller", true}, {"Mu\xcc\x88ller", "müller", true}, {"Straße", "STRASSE", true},
         {"ﬁnal oﬀer", "final offer", true}, {"con\xc2\xadtract", "contract", true},
         {"ｶﾞｲﾄﾞ", "ガイド", true}, {"Договор", "договор", true}, {"ΣΊΣΥΦΟΣ", "σίσυφος", true},
         {"12.500,00", "12.500", true});
}

static void test_runs(void **state)
{
    EACH(*state, {"本合約條款如下", "合約", true}, {"本合約條款如下", "約條", true},
         {"本合約條款如下", "如下", true}, {"本合約條款如下", "下", true}, {"本合約條款如下", "本", true},
         {"本合約條款如下", "條", true}, {"本合約條款如下", "合約條款", true},
         {"本合約條款如下", "合款", false}, {"本合約條款如下", "約合", false},
         {"本合約 條款如下", "合約 條款", true}, {"使用iPhone手機", "iphone手機", true},
         {"使用iPhone手機", "用iPhone", true}, {"計約，合算", "約合", false}, {"臺北市", "台北", true},
         {"สัญญาเช่า", "เช่า", true}, {"계약서를", "계약", true}, {"契約書の", "契約", true});
}

static void test_words(void **state)
{
    EACH(*state, {"maintenance of it", "main", true}, {"maintenance of it", "mai", true},
         {"maintenance of it", "ma", false}, {"maintenance of it", "of", true}, {"offer", "of", false},
         {"maintenance", "tenance", false}, {"maintenance", "maintenances", false});
}

static void test_typed(void **state)
{
    EACH(*state, {"notice of termination", "\"notice of termination\"", true},
         {"termination of notice", "\"notice of termination\"", false},
         {"notices of termination", "\"notice of\"", false},
         {"termination notice", "notice termination", true}, {"notice", "\"notice", true},
         {"notice AND more", "notice AND", true}, {"notice", "notice OR more", false},
         {"notice", "notice*", true}, {"text notice", "text:notice", true},
         {"final notice", "NOR notice", false}, {"near notice", "NEAR(notice)", true},
         {"a\"b", "a\"b\"", true}, {"notice", "notice -- !?", true});
    assert_string_equal(found(*state, "-- \"\" !?"), "refused");
    assert_string_equal(found(*state, ""), "refused");
}

static void test_order(void **state)
{
    struct desk *d = *state;
    char *far = arena_alloc(d->arena, 30001);
    memset(far, ' ', 30000);
    memcpy(far, "seller", 6);
    memcpy(far + 29990, "buyer", 6);
    put(d, "near-old", "the seller and the buyer");
    put(d, "far", far);
    put(d, "near-new", "buyer, seller");
    put(d, "half", "the seller alone");
    put(d, "two-pages", "seller\fbuyer\f");
    assert_string_equal(found(d, "seller buyer"), "near-new,near-old,two-pages,far");
    assert_string_equal(found(d, "seller"), "two-pages,half,near-new,far,near-old");
    assert_string_equal(found(d, "seller nobody"), "");
    /* 8: in pages of one, each once */
    const char *token = NULL;
    size_t n = 0;
    for (d->most = 1; n < 8 && find_behind(d, "seller buyer", token) && d->page.n; n += d->page.n)
        if (!*(token = arena_strdup(d->arena, d->page.token)))
            break;
    assert_int_equal(n + (token && !*token), 4);
    d->most = MOST;
    d->only = "far";
    assert_string_equal(found(d, "seller buyer"), "far");
    d->looked_most = 2;
    assert_string_equal(found(d, "seller buyer"), "");
    assert_true(*d->page.token);
    static const char *const wrong[] = {"x",    "0",    "0.",   "2.5",
                                        "0.-3", "1.5x", "-1.4", "0.99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(find_behind(d, "seller", wrong[i]));
        assert_string_equal(d->no.field, "page_token");
    }
}

static void test_snippets(void **state)
{
    struct desk *d = *state;
    struct buffer text;
    buffer_init(&text, 1 << 20);
    for (int shift = 0; shift < 4; shift++) {
        buffer_clear(&text);
        for (int i = 0; i < shift; i++)
            (void)buffer_char(&text, 'x');
        for (int i = 0; i < 200; i++)
            (void)buffer_text(&text, "長文字");
        (void)buffer_text(&text, "合約\n\n 條款");
        for (int i = 0; i < 200; i++)
            (void)buffer_text(&text, "短句子");
        put(d, "a", buffer_cstr(&text));
        assert_string_equal(found(d, "合約 條款"), "a");
        assert_int_equal(d->page.hits[0].n_snippets, 1);
        const struct texts_snippet *s = &d->page.hits[0].snippets[0];
        assert_true(text_valid(s->text, strlen(s->text)));
        assert_true(strlen(s->text) <= TEXTS_SNIPPET_BYTES);
        assert_int_equal(s->n_marks, 2);
        assert_memory_equal(s->text + s->marks[0].at, "合約", s->marks[0].size);
        assert_memory_equal(s->text + s->marks[1].at, "條款", s->marks[1].size);
        assert_non_null(strstr(s->text, "合約 條款"));
    }
    buffer_release(&text);
    put(d, "a", "one two\tthree   four\nfive");
    assert_string_equal(found(d, "\"three four\" five one"), "a");
    assert_string_equal(d->page.hits[0].snippets[0].text, "one two three four five");
    assert_int_equal(d->page.hits[0].snippets[0].n_marks, 3);
    assert_int_equal(d->page.hits[0].snippets[0].marks[1].at, 8);
    assert_int_equal(d->page.hits[0].snippets[0].marks[1].size, 10);
}

static void test_pages(void **state)
{
    struct desk *d = *state;
    put(d, "a", "first\f\fthird word\ffourth word\f");
    assert_string_equal(found(d, "word"), "a");
    assert_int_equal(d->page.hits[0].n_snippets, 2);
    assert_int_equal(d->page.hits[0].snippets[0].page, 3);
    assert_int_equal(d->page.hits[0].snippets[1].page, 4);
    put(d, "a", "no pages at all");
    assert_string_equal(found(d, "pages"), "a");
    assert_int_equal(d->page.hits[0].snippets[0].page, 0);
}

static void test_changes(void **state)
{
    struct desk *d = *state;
    struct texts_known known[4];
    put(d, "a", "first words");
    put(d, "b", "");
    assert_true(texts_put(d->texts, "a", 2, "other words", 11));
    assert_string_equal(found(d, "first"), "");
    assert_string_equal(found(d, "other"), "a");
    assert_int_equal(texts_number(d->texts, "a"), 2);
    assert_int_equal(texts_number(d->texts, "c"), 0);
    assert_int_equal(texts_count(d->texts), 2);
    assert_int_equal(texts_list(d->texts, "", "~", known, 4), 2);
    assert_string_equal(known[1].id, "b");
    assert_int_equal(texts_list(d->texts, "a", "a", known, 4), 0);
    assert_true(texts_drop(d->texts, "a"));
    assert_true(texts_drop(d->texts, "a"));
    assert_string_equal(found(d, "words"), "");
    assert_int_equal(texts_count(d->texts), 1);
    /* what is there is there again */
    put(d, "a", "third words");
    texts_close(d->texts);
    d->texts = texts_open(d->dir);
    assert_string_equal(found(d, "third"), "a");
    assert_false(texts_is_complete(d->texts));
}

/* A process that writes until it is killed. */
static pid_t writer(const struct desk *d, int round)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct texts *texts = texts_open(d->dir);
    for (int i = 0; texts; i++) {
        char id[32], text[64];
        (void)snprintf(id, sizeof id, "%d-%d", round, i);       /* fits */
        (void)snprintf(text, sizeof text, "text %d of all", i); /* fits */
        if (!texts_put(texts, id, 1, text, strlen(text)))
            break;
    }
    _exit(1);
}

static void test_crash(void **state)
{
    struct desk *d = *state;
    uint64_t before = 1;
    put(d, "first", "text of all"); /* so that the file is there */
    texts_close(d->texts);
    for (int round = 0; round < 20; round++) {
        pid_t pid = writer(d, round);
        assert_true(pid > 0);
        struct texts *watching = texts_open(d->dir);
        struct texts_known known[1];
        char first[16];
        (void)snprintf(first, sizeof first, "%d-%d", round, round); /* fits */
        while (watching && texts_number(watching, first) == 0 && waitpid(pid, NULL, WNOHANG) == 0)
            ;
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        assert_true(texts_list(watching, "", "~", known, 1) == 1);
        texts_close(watching);
        d->texts = texts_open(d->dir);
        assert_non_null(d->texts);
        assert_int_equal(texts_losses(d->texts), 0);
        assert_true(texts_count(d->texts) > before);
        before = texts_count(d->texts);
        d->most = before + 1;
        d->looked_most = before + 1;
        assert_string_not_equal(found(d, "\"of all\""), "refused");
        assert_int_equal(d->page.n, before);
        texts_close(d->texts);
        arena_reset(d->arena);
    }
    d->texts = texts_open(d->dir);
}

static void test_damage(void **state)
{
    struct desk *d = *state;
    char path[96];
    put(d, "a", "some words");
    texts_close(d->texts);
    (void)snprintf(path, sizeof path, "%s/texts.db", d->dir); /* fits */
    int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_true(file >= 0 && write(file, "this is no database", 19) == 19);
    close(file);
    d->texts = texts_open(d->dir);
    assert_non_null(d->texts);
    assert_int_equal(texts_count(d->texts), 0);
    put(d, "a", "some words");
    assert_string_equal(found(d, "words"), "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_folding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_snippets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
