/* vCards: what of them is read, what stays, what is left out; and that what was read comes back. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "cards/card.h"
#include "tests/unit/decide_bench.h"

enum { FILE_BYTES_MAX = 1 << 20, PHOTO_BYTES = 10 << 20, LITTLE_MEMORY = 1 << 20 };

static struct card read_one(struct bench *b, const char *text)
{
    struct card_reader r;
    struct card c;
    card_read_begin(&r, bytes_text(text), NULL);
    assert_true(card_next(&r, &c, b->arena));
    return c;
}

static Baton__Contact contact_of(struct bench *b, const char *text, const char **company)
{
    Baton__Contact contact = BATON__CONTACT__INIT;
    struct card c = read_one(b, text);
    assert_null(c.problem);
    card_to_contact(&c, &contact, company, b->arena);
    return contact;
}

#define CARD(version, lines) "BEGIN:VCARD\r\nVERSION:" version "\r\n" lines "END:VCARD\r\n"

static void assert_text(const char *is, const char *expected)
{
    assert_string_equal(is ? is : "(none)", expected ? expected : "(none)");
}

/* 1: each version's ways to write the same. */
static void test_fields(void **state)
{
    static const struct {
        const char *card, *field, *text;
    } rows[] = {
        {CARD("4.0", "FN:Ada L\r\nN:L;Ada;;;\r\n"), "first_name", "Ada"},
        {CARD("4.0", "FN:Ada L\r\nN:L;Ada;;;\r\n"), "last_name", "L"},
        {CARD("4.0", "FN:Ada L\r\nN:L;Ada;;;\r\n"), "vcard_rest", NULL},
        {CARD("3.0", "FN:Only This\r\n"), "last_name", "Only This"},
        {CARD("3.0", "N:L;A\r\nEMAIL:a@x.example\r\nEMAIL;TYPE=pref:b@x.example\r\n"), "email",
         "b@x.example"},
        {CARD("3.0", "N:L;A\r\nEMAIL:a@x.example\r\nEMAIL;PREF=1:b@x.example\r\n"), "vcard_rest",
         "EMAIL:a@x.example"},
        {CARD("4.0", "N:L;A\r\nTEL;VALUE=uri;TYPE=\"voice,cell\":tel:+49-170-1\r\n"), "mobile_phone",
         "+49-170-1"},
        {CARD("2.1", "N:L;A\r\nTEL;WORK;FAX:1\r\nTEL;WORK;VOICE:2\r\nTEL;CELL:3\r\n"), "phone", "2"},
        {CARD("2.1", "N:L;A\r\nTEL;WORK;FAX:1\r\n"), "vcard_rest", "TEL;TYPE=WORK;TYPE=FAX:1"},
        {CARD("3.0", "N:L;A\r\nBDAY:1980-03-22T00:00:00Z\r\n"), "birthday", "1980-03-22"},
        {CARD("2.1", "N:L;A\r\nBDAY:19800322\r\n"), "birthday", "1980-03-22"},
        {CARD("4.0", "N:L;A\r\nBDAY:--0203\r\n"), "birthday", NULL},
        {CARD("4.0", "N:L;A\r\nBDAY:--0203\r\n"), "vcard_rest", "BDAY:--0203"},
        {CARD("3.0", "N:L;A\r\nORG:Acme\\; Inc.;Sales\r\n"), "department", "Sales"},
        {CARD("4.0", "N:L;A\r\nUID:urn:uuid:1\r\n"), "external_id", "urn:uuid:1"},
        {CARD("3.0", "N:L;A;Maria;Dr.;Jr.\r\n"), "salutation", "Dr."},
        {CARD("3.0", "N:L;A;Maria;Dr.;Jr.\r\n"), "vcard_rest", "N:;;Maria;;Jr."},
        /* folded, in a word; a tab folds, too */
        {CARD("3.0", "N:L;A\r\nTITLE:Mon\r\n ey Coun\r\n\tter\r\n"), "title", "Money Counter"},
        {CARD("3.0", "N:L;A\r\nTITLE:a\\, b\\; c\\\\d\\ne\r\n"), "title", "a, b; c\\d\ne"},
        /* 2.1: encodings and character sets */
        {CARD("2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg\r\n"), "last_name",
         "Müller"},
        {CARD("2.1", "N;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:M=FCller;J=F6rg\r\n"), "first_name", "Jörg"},
        {CARD("2.1", "N;CHARSET=Big5;ENCODING=QUOTED-PRINTABLE:=B3=AF;=A4p=A9=FA\r\n"), "last_name", "陳"},
        {CARD("2.1", "N:M\xfcller;J\xf6rg\r\n"), "last_name", "Müller"},
        {CARD("2.1", "N:L;A\r\nTITLE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=\r\ntwo\r\n"), "title", "one\ntwo"},
        {CARD("2.1", "N:L;A\r\nTITLE:a, b; c\\d\r\n"), "title", "a, b; c\\d"},
        /* a line of its own for what belongs together */
        {CARD("3.0", "N:L;A\r\nitem1.URL:http\\://x.example\r\nitem1.X-ABLabel:blog\r\n"), "vcard_rest",
         "item1.URL:http\\://x.example\nitem1.X-ABLABEL:blog"},
        {CARD("4.0", "N:L;A\r\nX-A;P=\"a,b\";Q=one^ntwo^'^^:v\r\n"), "vcard_rest",
         "X-A;P=\"a,b\";Q=one^ntwo^'^^:v"},
        /* base64: folded, to an empty line, as a URI */
        {CARD("2.1", "N:L;A\r\nPHOTO;JPEG;ENCODING=BASE64:\r\n AAAA\r\n BBBB\r\n\r\n"), "vcard_rest",
         "PHOTO;TYPE=JPEG;ENCODING=b:AAAABBBB"},
        {CARD("2.1", "N:L;A\r\nPHOTO;GIF;BASE64:AAAA\r\nBBBB\r\n\r\nTITLE:x\r\n"), "title", "x"},
        {CARD("4.0", "N:L;A\r\nPHOTO:data:image/png;base64,AAAA\r\n"), "vcard_rest",
         "PHOTO;TYPE=PNG;ENCODING=b:AAAA"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *company;
        Baton__Contact c = contact_of(b, rows[i].card, &company);
        assert_text(schema_get_text(&c.base, rows[i].field), rows[i].text);
    }
}

/* 2: what is no card, has no end or is too much says so. */
static void test_problems(void **state)
{
    static const struct {
        const char *text, *problem, *remark;
    } rows[] = {
        {"hello\n", "it is no vCard", ""},
        {"BEGIN:VCARD\nVERSION:3.0\nFN:a\n", "it has no end", ""},
        {"BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n", "it has no end", ""},
        {"BEGIN:VCARD\nFN:a\nthis is nothing\nEND:VCARD\n", NULL, "line 3 is no property"},
        {"BEGIN:VCARD\nVERSION:2.1\nFN:a\nAGENT:\nBEGIN:VCARD\nFN:b\nEND:VCARD\nEND:VCARD\n", NULL,
         "the card inside it is left out"},
        {"BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:AAAAA\nEND:VCARD\n", NULL,
         "PHOTO is left out: it is not base64, or not whole"},
        {"BEGIN:VCARD\nFN:a\nNOTE;X=\xff:b\nEND:VCARD\n", NULL, "the parameters of line 3 are not UTF-8"},
        {"BEGIN:VCARD\nFN:a\nNOTE;CHARSET=UTF-8:\xff\nEND:VCARD\n", NULL,
         "NOTE is left out: its text is not in its character set"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct card c = read_one(b, rows[i].text);
        assert_text(c.problem, rows[i].problem);
        assert_string_equal(c.remarks, rows[i].remark);
    }
}

/* 3: cards one behind another; one that is broken does not take the next along. */
static void test_several(void **state)
{
    struct bench *b = *state;
    struct card_reader r;
    struct card c;
    const char *text = "BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n\n\nBEGIN:VCARD\nFN:c\nEND:VCARD\n";
    card_read_begin(&r, bytes_text(text), NULL);
    assert_true(card_next(&r, &c, b->arena));
    assert_non_null(c.problem);
    assert_true(card_next(&r, &c, b->arena));
    assert_int_equal(c.at_line, 3);
    assert_null(c.problem);
    assert_true(card_next(&r, &c, b->arena));
    assert_string_equal(c.lines[0].value, "c");
    assert_false(card_next(&r, &c, b->arena));
}

/* 4: a photo of 10 MB is left out with a reason, and is never in memory. */
static void test_large_photo(void **state)
{
    struct bench *b = *state;
    struct arena *little = arena_new(LITTLE_MEMORY);
    struct buffer text;
    struct card_reader r;
    struct card c;
    buffer_init(&text, PHOTO_BYTES * 2);
    assert_true(buffer_text(&text, "BEGIN:VCARD\r\nVERSION:3.0\r\nN:L;A\r\nPHOTO;ENCODING=b;TYPE=JPEG:\r\n"));
    while (text.size < PHOTO_BYTES)
        assert_true(
            buffer_text(&text, " QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\r\n"));
    assert_true(buffer_text(&text, "EMAIL:a@x.example\r\nEND:VCARD\r\n"));
    card_read_begin(&r, buffer_bytes(&text), NULL);
    assert_true(card_next(&r, &c, little));
    assert_null(c.problem);
    assert_string_equal(c.remarks, "PHOTO is larger than 66000 bytes and is left out");
    assert_int_equal(c.n_lines, 2);
    buffer_release(&text);
    arena_free(little);
    (void)b;
}

static Baton__Contact there_and_back(struct bench *b, const Baton__Contact *c, enum card_version v,
                                     const char *company)
{
    struct buffer out;
    const char *company_back = NULL;
    buffer_init(&out, FILE_BYTES_MAX);
    assert_true(card_of_contact(c, company, v, b->arena, &out));
    Baton__Contact back = contact_of(b, arena_strdup(b->arena, buffer_cstr(&out)), &company_back);
    assert_text(company_back, company);
    buffer_release(&out);
    return back;
}

static void assert_same(const Baton__Contact *a, const Baton__Contact *b)
{
    const struct schema_message *m = schema_message(&baton__contact__descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (!schema_field_equal(&a->base, &b->base, &m->fields[i])) {
            const char *x = schema_text_of(&a->base, &m->fields[i]),
                       *y = schema_text_of(&b->base, &m->fields[i]);
            size_t n = 0;
            while (x && y && x[n] && x[n] == y[n])
                n++;
            print_error("%s differs: %.200s\n---\n%.200s\n", m->fields[i].pb->name, x ? x + n : "",
                        y ? y + n : "");
            fail();
        }
}

/* 5: whatever stands in a contact comes back, in either version. */
static void test_round_trip(void **state)
{
    static const char *const texts[] = {
        "plain",
        "a;b,c\\d:e",
        "=1+1",
        "two\nlines",
        "陳小明, 先生;",
        " spaces ",
        "\"quoted\"",
        "\\n is no line",
        "\xf0\x9f\x98\x80 and a long one "
        "that is folded more than once, within characters like ß or 電話: ßßßßßßßßßßßß"};
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (enum card_version v = CARD_3; v <= CARD_4; v++) {
            char *t = arena_strdup(b->arena, texts[i]);
            Baton__Address address = BATON__ADDRESS__INIT;
            Baton__Contact c = BATON__CONTACT__INIT;
            c.first_name = c.last_name = c.title = c.department = t;
            c.email = c.phone = c.mobile_phone = strlen(t) < 60 ? t : NULL;
            c.salutation = strlen(t) < 40 ? t : NULL;
            c.external_id = t;
            c.birthday = "1980-12-24";
            c.vcard_rest = "NOTE:one\\ntwo\nX-A;P=\"a,b\":x";
            address.street = address.city = address.state = t;
            c.mailing_address = &address;
            Baton__Contact back = there_and_back(b, &c, v, t);
            assert_same(&c, &back);
        }
}

/* 6: a name written out by hand holds as long as it is theirs. */
static void test_renamed(void **state)
{
    struct bench *b = *state;
    const char *company;
    Baton__Contact c =
        contact_of(b, CARD("4.0", "FN:Dr. Ada King\\, Countess of L\r\nN:L;Ada;King;;\r\n"), &company);
    struct buffer out;
    buffer_init(&out, FILE_BYTES_MAX);
    assert_true(card_of_contact(&c, NULL, CARD_4, b->arena, &out));
    assert_non_null(strstr(buffer_cstr(&out), "FN:Dr. Ada King\\, Countess of L\r\n"));
    c.last_name = "Byron";
    buffer_clear(&out);
    assert_true(card_of_contact(&c, NULL, CARD_4, b->arena, &out));
    assert_non_null(strstr(buffer_cstr(&out), "FN:Ada Byron\r\nN:Byron;Ada;King;;\r\n"));
    buffer_release(&out);
}

/* 7: an account's card. */
static void test_account(void **state)
{
    struct bench *b = *state;
    Baton__Account a = BATON__ACCOUNT__INIT, back = BATON__ACCOUNT__INIT;
    struct buffer out;
    a.name = "Acme; Inc.";
    a.phone = "+49 30 1234567";
    a.website = "https://acme.example";
    a.external_id = "K-1";
    for (enum card_version v = CARD_3; v <= CARD_4; v++) {
        buffer_init(&out, FILE_BYTES_MAX);
        assert_true(card_of_account(&a, v, b->arena, &out));
        struct card c = read_one(b, arena_strdup(b->arena, buffer_cstr(&out)));
        baton__account__init(&back);
        card_to_account(&c, &back, b->arena);
        assert_string_equal(back.name, a.name);
        assert_string_equal(back.phone, a.phone);
        assert_string_equal(back.website, a.website);
        assert_string_equal(back.external_id, a.external_id);
        buffer_release(&out);
    }
}

/* 8: what is together too large loses its largest parts, and says so. */
static void test_rest_too_large(void **state)
{
    struct bench *b = *state;
    enum { PART = 40000 };
    char *part = arena_alloc(b->arena, PART + 1);
    memset(part, 'A', PART);
    const char *text = arena_printf(
        b->arena, CARD("3.0", "N:L;A\r\nLOGO;ENCODING=b:%s\r\nPHOTO;ENCODING=b:A%sAAA\r\nNOTE:x\r\n"), part,
        part);
    struct card c = read_one(b, text);
    const char *company;
    Baton__Contact contact = BATON__CONTACT__INIT;
    card_to_contact(&c, &contact, &company, b->arena);
    assert_string_equal(c.remarks, "PHOTO is too large and is left out");
    assert_true(strlen(contact.vcard_rest) < CARD_REST_MAX);
    assert_non_null(strstr(contact.vcard_rest, "NOTE:x"));
}

/* --- real ones --- */

static char *data_path(struct arena *a, const char *name)
{
    const char *root = getenv("BATON_TEST_DATA");
    return arena_printf(a, "%s/%s", root ? root : "../shared/data", name);
}

static size_t read_file(const char *path, struct buffer *out)
{
    FILE *f = fopen(path, "re");
    uint8_t *room = f ? buffer_room(out, FILE_BYTES_MAX) : NULL;
    out->size = room ? fread(room, 1, FILE_BYTES_MAX, f) : 0;
    if (f)
        (void)fclose(f);
    return out->size;
}

/* A card that was read, written and read again is the same. */
static void check_file(struct bench *b, const char *path)
{
    struct buffer text;
    struct card_reader r;
    struct card c;
    buffer_init(&text, FILE_BYTES_MAX);
    assert_true(read_file(path, &text) > 0);
    card_read_begin(&r, buffer_bytes(&text), NULL);
    while (card_next(&r, &c, b->arena)) {
        Baton__Contact contact = BATON__CONTACT__INIT;
        const char *company = NULL;
        if (c.problem)
            print_message("%s: %s\n", path, c.problem);
        if (c.problem)
            continue;
        card_to_contact(&c, &contact, &company, b->arena);
        for (enum card_version v = CARD_3; v <= CARD_4; v++) {
            Baton__Contact back = there_and_back(b, &contact, v, company);
            assert_same(&contact, &back);
        }
        arena_reset(b->arena);
    }
    buffer_release(&text);
}

/* 9: cards of ten vendors. */
static void test_vendors(void **state)
{
    struct bench *b = *state;
    static const char *const folders[] = {"vcards/ezvcard/io/text", "vcards/ezvcard/issue"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char folder[1000], path[2000];
        snprintf(folder, sizeof folder, "%s", data_path(b->arena, folders[i]));
        DIR *d = opendir(folder);
        if (!d)
            skip();
        for (const struct dirent *e; (e = readdir(d));)
            if (strstr(e->d_name, ".vcf")) {
                snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
                check_file(b, path);
            }
        closedir(d);
    }
}

/* 10: naughty strings. */
static void test_naughty(void **state)
{
    struct bench *b = *state;
    struct buffer text;
    buffer_init(&text, FILE_BYTES_MAX);
    if (!read_file(data_path(b->arena, "names/blns.txt"), &text))
        skip();
    char *copy = malloc(text.size + 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    for (char *line = copy, *end; line; line = end ? end + 1 : NULL) {
        end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (!*line || strlen(line) > 190)
            continue;
        Baton__Contact c = BATON__CONTACT__INIT;
        c.last_name = c.first_name = c.title = c.department = line;
        c.vcard_rest = arena_printf(b->arena, "NOTE:%s", card_escape(line, b->arena));
        for (enum card_version v = CARD_3; v <= CARD_4; v++) {
            Baton__Contact back = there_and_back(b, &c, v, NULL);
            assert_string_equal(back.last_name, line);
            assert_string_equal(back.title, line);
            assert_string_equal(back.vcard_rest, c.vcard_rest);
        }
        arena_reset(b->arena);
    }
    free(copy);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_problems, setup, teardown),
        cmocka_unit_test_setup_teardown(test_several, setup, teardown),
        cmocka_unit_test_setup_teardown(test_large_photo, setup, teardown),
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_renamed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_account, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rest_too_large, setup, teardown),
        cmocka_unit_test_setup_teardown(test_vendors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_naughty, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
