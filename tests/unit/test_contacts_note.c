/* Whom notes mention, rule by rule; the numbers are those of the comments in decide_note.c. */
#include "services/contacts/people.h"
#include "tests/unit/decide_bench.h"

#include <stdio.h>

#define ANN "@[Ann Lee](" ID(1) ")"
#define BOB "@[Bob](" ID(2) ")"

/* Ann is known by id and address, Bob by id. */
static struct contacts_note_facts everybody(void)
{
    return (struct contacts_note_facts){
        .mentioned = {{ID(1), ID(1)}, {ID(2), ID(2)}, {"ann@staff.example", ID(1)}},
        .n_mentioned = 3,
        .author_name = "Carl",
        .account_name = "Acme",
    };
}

static void test_mentions(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *text, *who[3], *name;
    } rows[] = {
        {"nobody", {NULL}, NULL},
        {ANN " knows", {ID(1)}, "Ann Lee"},
        {"ask " ANN "," BOB, {ID(1), ID(2)}, "Ann Lee"},
        {"ask @ann@staff.example.", {"ann@staff.example"}, NULL},
        {"(@Ann@Staff.Example)", {"ann@staff.example"}, NULL},
        {"**@ann.o'neil@staff.example**/@bob@staff.example-",
         {"ann.o'neil@staff.example", "bob@staff.example"},
         NULL},
        {"mail ann@staff.example", {NULL}, NULL},
        {"x" ANN, {NULL}, NULL},
        {"@ann", {NULL}, NULL},
        {"@ann@staff", {NULL}, NULL},
        {"@[Ann](nobody)", {NULL}, NULL},
        {"@[Ann\n](" ID(1) ")", {NULL}, NULL},
        {"@[Ann](" ID(1), {NULL}, NULL},
        {"@[" ANN, {ID(1)}, "Ann Lee"},
        {"@@" ANN, {ID(1)}, "Ann Lee"},
        {"@", {NULL}, NULL},
        {"@[", {NULL}, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct contacts_mention found[MENTIONS_MAX];
        size_t n = contacts_mentions(rows[i].text, found, b->arena), expected = 0;
        while (expected < 3 && rows[i].who[expected])
            expected++;
        assert_int_equal(n, expected);
        for (size_t k = 0; k < n; k++)
            assert_string_equal(found[k].who, rows[i].who[k]);
        if (n && rows[i].name)
            assert_string_equal(found[0].name, rows[i].name);
    }
}

/* Whatever is written: mentions lie within the text, one behind the other, and begin with an @. */
static void test_anything(void **state)
{
    struct bench *b = *state;
    static const char *const pieces[] = {"@",  "[",   "]", "(", ")", "a", ".", "@b", "\xe5\xa5\xbd",
                                         "\n", ID(1), ANN, " "};
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        struct contacts_mention found[MENTIONS_MAX];
        char text[400] = "";
        for (size_t i = 0; i < 8; i++) {
            random = random * 1664525U + 1013904223U;
            const char *piece = pieces[(random >> 16) % (sizeof pieces / sizeof *pieces)];
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s", piece);
        }
        size_t n = contacts_mentions(text, found, b->arena), end = 0;
        for (size_t i = 0; i < n; i++) {
            assert_true(found[i].at >= end && text[found[i].at] == '@' && found[i].who);
            end = found[i].at + found[i].size;
            assert_true(end <= strlen(text));
            assert_true(!found[i].name || strlen(found[i].name) < found[i].size);
        }
        if (round % 100 == 0)
            arena_reset(b->arena);
    }
}

/* No more are found than there is room for. */
static void test_many(void **state)
{
    struct bench *b = *state;
    struct contacts_mention found[MENTIONS_MAX];
    char *text = arena_strdup(b->arena, "");
    for (int i = 0; i < MENTIONS_MAX + 5; i++)
        text = arena_printf(b->arena, "%s " ANN, text);
    assert_int_equal(contacts_mentions(text, found, b->arena), MENTIONS_MAX);
}

static void test_note(void **state)
{
    struct bench *b = *state;
    const struct {
        int rule;
        const char *before, *mentioned_before, *text, *mentioned[2], *told[2];
        const char *author;
    } rows[] = {
        {2, NULL, NULL, "Call " ANN " and " BOB, {ID(1), ID(2)}, {ID(1), ID(2)}, ID(9)},
        {2, NULL, NULL, ANN ANN " @ann@staff.example", {ID(1)}, {ID(1)}, ID(9)},
        {2, NULL, NULL, "@[Zed](" ID(3) ") @zed@staff.example", {NULL}, {NULL}, ID(9)},
        {3, NULL, NULL, ANN, {ID(1)}, {NULL}, ID(1)},
        {3, NULL, NULL, ANN, {ID(1)}, {ID(1)}, NULL},
        {3, ANN, ID(1), ANN "!", {ID(1)}, {NULL}, ID(9)},
        {3, ANN BOB, ID(1), BOB ANN, {ID(2), ID(1)}, {ID(2)}, ID(9)},
        {3, ANN, ID(1), ANN " " BOB, {ID(1), ID(2)}, {ID(2)}, ID(9)},
        {3, "nothing", NULL, ANN, {ID(1)}, {ID(1)}, ID(9)},
        {3, ANN, NULL, ANN, {NULL}, {NULL}, ID(9)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct contacts_note_facts f = everybody();
        Baton__Note before = BATON__NOTE__INIT, after = BATON__NOTE__INIT;
        char *were[] = {(char *)(uintptr_t)rows[i].mentioned_before};
        before.id = after.id = rows[i].before ? ID(7) : NULL;
        before.text = (char *)(uintptr_t)rows[i].before;
        before.mentioned_ids = were;
        before.n_mentioned_ids = rows[i].mentioned_before != NULL;
        after.text = (char *)(uintptr_t)rows[i].text;
        b->actor.user_id = (char *)(uintptr_t)rows[i].author;
        assert_true(check(b, contacts_check_note, &f, rows[i].before ? &before : NULL, &after));
        size_t n = 0, told = 0;
        for (; n < 2 && rows[i].mentioned[n]; n++)
            assert_string_equal(after.mentioned_ids[n], rows[i].mentioned[n]);
        assert_int_equal(after.n_mentioned_ids, n);
        for (; told < 2 && rows[i].told[told]; told++) {
            assert_true(told < b->out.n_events);
            assert_string_equal(b->out.events[told]->note_mentioned->user_id, rows[i].told[told]);
            assert_string_equal(b->out.events[told]->note_mentioned->note_id, after.id);
        }
        assert_int_equal(b->out.n_events, told);
    }
    b->actor.user_id = NULL;
}

/* 1, and what is told: names instead of what stands for them, and no more than a beginning. */
static void test_words(void **state)
{
    struct bench *b = *state;
    struct contacts_note_facts f = everybody();
    Baton__Note note = BATON__NOTE__INIT;
    note.text = "\xe8\xab\x8b " ANN " (@ann@staff.example) soon";
    note.account_id = ID(5);
    assert_true(check(b, contacts_check_note, &f, NULL, &note));
    const Baton__NoteMentioned *e = b->out.events[0]->note_mentioned;
    assert_string_equal(e->excerpt, "\xe8\xab\x8b @Ann Lee (@ann@staff.example) soon");
    assert_string_equal(e->author_name, "Carl");
    assert_string_equal(e->account_name, "Acme");
    assert_string_equal(e->account_id, ID(5));
    /* 4 */
    note.contact_id = ID(6);
    f.contact_name = "Dora";
    assert_true(check(b, contacts_check_note, &f, NULL, &note));
    e = b->out.events[0]->note_mentioned;
    assert_string_equal(e->contact_name, "Dora");
    assert_null(e->account_name);
    note.contact_id = NULL;
    f.account_name = "dora@b.example";
    assert_true(check(b, contacts_check_note, &f, NULL, &note));
    assert_null(b->out.events[0]->note_mentioned->account_name);
    char *longer = arena_strdup(b->arena, ANN " ");
    for (int i = 0; i < EXCERPT_MAX; i++)
        longer = arena_printf(b->arena, "%s\xe5\xa5\xbd", longer);
    note.text = longer;
    assert_true(check(b, contacts_check_note, &f, NULL, &note));
    /* nine characters of a name and a space, the others, and the sign that there is more */
    assert_int_equal(strlen(b->out.events[0]->note_mentioned->excerpt), 9 + 3 * (EXCERPT_MAX - 9) + 3);
    f.about.missing_contact_id = ID(1);
    assert_refused(check(b, contacts_check_note, &f, NULL, &note), b, REFUSAL_NOT_FOUND, "contact_id");
    assert_true(check(b, contacts_check_note, &f, &note, NULL));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mentions), cmocka_unit_test(test_anything), cmocka_unit_test(test_many),
        cmocka_unit_test(test_note),     cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
