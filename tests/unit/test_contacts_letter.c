/* Letters, rule by rule; the numbers are those of the comments in decide_letter.c. */
#include "services/contacts/contacts.h"
#include "services/contacts/letter.h"
#include "tests/unit/decide_bench.h"

#define OBSTACLE(NAME) BATON__LETTER_OBSTACLE__LETTER_OBSTACLE_##NAME
#define KIND(NAME)     BATON__LETTER_KIND__LETTER_KIND_##NAME

enum { LONG = 100 << 10 };

static Baton__LetterTemplate letter_of(const char *body)
{
    Baton__LetterTemplate t = BATON__LETTER_TEMPLATE__INIT;
    t.id = ID(7);
    t.name = (char *)"Spring";
    t.has_kind = true;
    t.kind = KIND(LETTER);
    t.sender_country = (char *)"Germany";
    t.body = (char *)(uintptr_t)body;
    return t;
}

/* --- templates --- */

static void test_templates(void **state)
{
    struct bench *b = *state;
    static const struct {
        int rule;
        Baton__LetterKind kind;
        Baton__LabelSheet sheet;
        const char *subject, *body, *country, *language, *field; /* NULL: it is accepted */
    } rows[] = {
        {1, KIND(LETTER), 0, NULL, "Hello", "DE", NULL, NULL},
        {1, KIND(UNSPECIFIED), 0, NULL, "Hello", "DE", NULL, "kind"},
        {1, KIND(LETTER), 0, NULL, "Hello", "Nowhere", NULL, "sender_country"},
        {1, KIND(LETTER), 0, NULL, "Hello", "DE", "no language", "language"},
        {1, KIND(LETTER), 1, NULL, "Hello", "DE", NULL, "sheet"},
        {1, KIND(LETTER), 0, NULL, NULL, "DE", NULL, "body"},
        {1, KIND(LABELS), 1, NULL, NULL, "DE", NULL, NULL},
        {1, KIND(LABELS), 0, NULL, NULL, "DE", NULL, "sheet"},
        {1, KIND(LABELS), 1, NULL, "Hello", "DE", NULL, "body"},
        {2, KIND(LETTER), 0, "two\nlines", "Hello", "DE", NULL, "subject"},
        {2, KIND(LETTER), 0, NULL, "bell \a", "DE", NULL, "body"},
        {2, KIND(LETTER), 0, NULL, "two\r\nlines", "DE", NULL, NULL},
        {3, KIND(LETTER), 0, NULL, "Dear {contact.first_name|Sir or Madam}", "DE", NULL, NULL},
        {3, KIND(LETTER), 0, NULL, "{contact.first_nam|x}", "DE", NULL, "body"},
        {3, KIND(LETTER), 0, "{contact.name}", "Hello", "DE", NULL, "subject"},
        {3, KIND(LETTER), 0, NULL, "[{contact.name}]", "DE", NULL, "body"},
        {3, KIND(LETTER), 0, "{today}", "{today} {account.name|}.", "DE", NULL, NULL},
        {3, KIND(LETTER), 0, NULL, "{contact.{contact.name|}|}", "DE", NULL, "body"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__LetterTemplate t = letter_of(rows[i].body);
        t.kind = rows[i].kind;
        t.has_sheet = rows[i].sheet != 0;
        t.sheet = rows[i].sheet;
        t.subject = (char *)(uintptr_t)rows[i].subject;
        t.sender_country = (char *)(uintptr_t)rows[i].country;
        t.language = (char *)(uintptr_t)rows[i].language;
        bool ok = check(b, contacts_check_letter_template, NULL, NULL, &t);
        if (rows[i].field)
            assert_refused(ok, b, REFUSAL_INVALID_ARGUMENT, rows[i].field);
        else
            assert_true(ok);
    }
}

/* 3: ten thousand fields are too many, and that is said; nothing is as long as it may be. */
static void test_large_templates(void **state)
{
    struct bench *b = *state;
    char *text = arena_alloc(b->arena, LONG);
    for (size_t i = 0; i + sizeof "{today}" < LONG; i += sizeof "{today}" - 1)
        memcpy(text + i, "{today}", sizeof "{today}");
    Baton__LetterTemplate t = letter_of(text);
    assert_refused(check(b, contacts_check_letter_template, NULL, NULL, &t), b, REFUSAL_INVALID_ARGUMENT,
                   "body");
    assert_non_null(strstr(b->out.no.message, "too many fields"));
}

/* --- what is filled in --- */

static struct letter_person person_of(Baton__Contact *c, Baton__Account *a, Baton__Address *at)
{
    static const Baton__Contact contact = BATON__CONTACT__INIT;
    static const Baton__Account account = BATON__ACCOUNT__INIT;
    static const Baton__Address address = BATON__ADDRESS__INIT;
    *c = contact;
    *a = account;
    *at = address;
    c->id = ID(1);
    c->mailing_address = at;
    return (struct letter_person){.asked_id = c->id, .contact = c, .account = a};
}

static void test_values(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *given, *written;
    } rows[] = {
        {"Eva", "Eva"},
        {"  Eva \n Maria\t", "Eva Maria"},
        {"{contact.name}{{x}} [y]", "{contact.name}{{x}} [y]"},
        {"<b>Eva</b> &amp;", "<b>Eva</b> &amp;"},
        {"a\a\x1b[31mb", "a[31mb"},
        {"\u202egnp.exe\u202c", "gnp.exe"},
        {"\u200f\u2066", "nobody"},
        {"", "nobody"},
        {NULL, "nobody"},
    };
    struct refusal no = {0};
    const struct fill_text *t =
        fill_compile("{contact.first_name|nobody}", "body", &letter_fields, b->arena, &no);
    assert_non_null(t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Contact c;
        Baton__Account a;
        Baton__Address at;
        const struct letter_person p = person_of(&c, &a, &at);
        const struct letter_source from = {&p, NULL, "today"};
        c.first_name = (char *)(uintptr_t)rows[i].given;
        assert_string_equal(fill_write(t, &from, b->arena), rows[i].written);
    }
}

/* Every field has a value where its record has one, and the value of another record is not its own. */
static void test_fields(void **state)
{
    struct bench *b = *state;
    Baton__Contact c;
    Baton__Account a;
    Baton__Address at;
    Baton__User owner = BATON__USER__INIT;
    Baton__LetterOpportunity deal = BATON__LETTER_OPPORTUNITY__INIT;
    struct letter_person p = person_of(&c, &a, &at);
    p.owner = &owner;
    c.first_name = c.last_name = c.salutation = c.title = c.department = c.email = c.phone =
        (char *)"contact";
    a.name = a.industry = a.phone = a.website = (char *)"account";
    owner.name = owner.email = (char *)"owner";
    deal.name = deal.amount = deal.close_date = (char *)"opportunity";
    const struct letter_source from = {&p, &deal, "today"}, nothing = {.today = "today"};
    const char *name;
    for (uint32_t i = 0; (name = letter_fields.name(i)); i++) {
        const char *whose = arena_strndup(b->arena, name, strcspn(name, "."));
        const char *value = letter_fields.value(i, &from, b->arena);
        assert_non_null(value);
        assert_int_equal(strncmp(value, whose, strlen(whose)), 0);
        assert_int_equal(letter_fields.value(i, &nothing, b->arena) != NULL, letter_fields.is_sure(i));
    }
}

/* --- addresses --- */

static void test_addresses(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *first, *last, *company, *street, *city, *state, *code, *country, *sender, *lines;
    } rows[] = {
        {"Eva", "Meier", "Acme GmbH", "Weg 1", "Berlin", NULL, "10115", "Germany", "DE",
         "Acme GmbH|Eva Meier|Weg 1|10115 Berlin"},
        {"Eva", "Meier", NULL, "Weg 1", "Berlin", NULL, "10115", "Deutschland", "US",
         "Eva Meier|Weg 1|10115 Berlin|GERMANY"},
        {"Eva", "Meier", NULL, "Weg 1", "Berlin", NULL, "10115", NULL, "DE", "Eva Meier|Weg 1|10115 Berlin"},
        {"Ann", "Lee", "Acme", "1 Main St\nSuite 5", "Austin", "TX", "78701", "USA", "US",
         "Ann Lee|Acme|1 Main St|Suite 5|Austin, TX 78701"},
        {"Ann", "Lee", NULL, "1 Main St", "Austin", NULL, "78701", "US", "DE",
         "Ann Lee|1 Main St|Austin 78701|UNITED STATES"},
        {"Ann", "Lee", NULL, "1 Main St", NULL, "TX", "78701", "US", "US", "Ann Lee|1 Main St|TX 78701"},
        {"小明", "王", "宏達公司", "信義路五段7號", "信義區", "臺北市", "110", "Taiwan", "TW",
         "110|臺北市信義區信義路五段7號|宏達公司|王小明 收"},
        {"小明", "王", NULL, "信義路五段7號", "臺北市", "臺北市", "110", "TW", "DE",
         "110|臺北市信義路五段7號|王小明 收|TAIWAN"},
        {"Ming", "Wang", NULL, "7 Xinyi Rd", "Taipei", NULL, "110", "TW", "TW",
         "Ming Wang|7 Xinyi Rd|Taipei 110"},
        {"太郎", "山田", "日本商事", "丸の内1-1", "千代田区", "東京都", "100-0005", "Japan", "JP",
         "〒100-0005|東京都千代田区丸の内1-1|日本商事|山田太郎 様"},
        {"Tom", "Hall", NULL, "1 High St", "London", "Greater London", "SW1A 1AA", "UK", "GB",
         "Tom Hall|1 High St|London|SW1A 1AA"},
        {"Eva", "Meier", NULL, "Weg 1", NULL, NULL, NULL, "DE", "DE", ""},
        {"Eva", "Meier", NULL, " ", "Berlin", NULL, "10115", "DE", "DE", ""},
        {"Eva", "Meier", NULL, "\u202eWeg 1\n\n\n", "Berlin", NULL, NULL, "Atlantis", "DE",
         "Eva Meier|Weg 1|Berlin|ATLANTIS"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Baton__Contact c;
        Baton__Account a;
        Baton__Address at;
        struct letter_person p = person_of(&c, &a, &at);
        const char *lines[LETTER_LINES_MAX], *all = "";
        c.first_name = (char *)(uintptr_t)rows[i].first;
        c.last_name = (char *)(uintptr_t)rows[i].last;
        a.name = (char *)(uintptr_t)rows[i].company;
        at.street = (char *)(uintptr_t)rows[i].street;
        at.city = (char *)(uintptr_t)rows[i].city;
        at.state = (char *)(uintptr_t)rows[i].state;
        at.postal_code = (char *)(uintptr_t)rows[i].code;
        at.country = (char *)(uintptr_t)rows[i].country;
        const size_t n = letter_address(&p, rows[i].sender, "en", b->arena, lines);
        assert_true(n <= LETTER_LINES_MAX);
        for (size_t k = 0; k < n; k++)
            all = arena_printf(b->arena, "%s%s%s", all, k ? "|" : "", lines[k]);
        assert_string_equal(all, rows[i].lines);
    }
}

/* An account's stands in where a contact has none. */
static void test_whose_address(void **state)
{
    struct bench *b = *state;
    Baton__Contact c;
    Baton__Account a;
    Baton__Address at;
    const char *lines[LETTER_LINES_MAX];
    const struct letter_person p = person_of(&c, &a, &at);
    c.last_name = (char *)"Meier";
    c.mailing_address = NULL;
    at.street = (char *)"Weg 2";
    at.city = (char *)"Bonn";
    assert_int_equal(letter_address(&p, "DE", "en", b->arena, lines), 0);
    a.shipping_address = &at;
    assert_int_equal(letter_address(&p, "DE", "en", b->arena, lines), 3);
    assert_string_equal(lines[1], "Weg 2");
}

/* --- who gets one --- */

static void test_obstacles(void **state)
{
    struct bench *b = *state;
    Baton__Contact c;
    Baton__Account a;
    Baton__Address at;
    Baton__LetterTemplate t = letter_of("Hello");
    struct letter_person p = person_of(&c, &a, &at);
    Google__Protobuf__Timestamp then = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    /* 6 */
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(NO_ADDRESS));
    at.street = (char *)"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt\nu\nv\nw\nx\ny\nz";
    at.city = (char *)"Berlin";
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(LONG_ADDRESS));
    at.street = (char *)"Weg 1";
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(UNSPECIFIED));
    /* 5 */
    p.opted_out = true;
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(OPTED_OUT));
    t.has_despite_opt_out = t.despite_opt_out = true;
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(UNSPECIFIED));
    /* 4 */
    c.erased_at = &then;
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(ERASED));
    p.contact = NULL;
    assert_int_equal(letter_obstacle(&t, &p, b->arena), OBSTACLE(NOT_FOUND));
}

static void test_making(void **state)
{
    struct bench *b = *state;
    Baton__Contact c;
    Baton__Account a;
    Baton__Address at;
    Baton__LetterTemplate t = letter_of("Hello");
    struct letter_person people[3] = {person_of(&c, &a, &at)};
    people[1] = people[0];
    people[1].asked_id = ID(2); /* merged into the first */
    people[2] = (struct letter_person){.asked_id = ID(3)};
    at.street = (char *)"Weg 1";
    at.city = (char *)"Berlin";
    char *ids[] = {ID(1), ID(2), ID(3)};
    Baton__MakeLettersRequest q = BATON__MAKE_LETTERS_REQUEST__INIT;
    struct letter_facts f = {.people = people, .n = 3};
    b->actor.user_id = ID(9);
    q.contact_ids = ids;
    q.n_contact_ids = 3;
    assert_refused(run(b, contacts_decide_letters, &f, &q), b, REFUSAL_NOT_FOUND, "template_id");
    f.template = &t;
    q.account_id = ID(4);
    assert_refused(run(b, contacts_decide_letters, &f, &q), b, REFUSAL_INVALID_ARGUMENT, "contact_ids");
    q.account_id = NULL;
    /* 7: each once; 8: in ids */
    assert_true(run(b, contacts_decide_letters, &f, &q));
    const Baton__MakeLettersResponse *r = (const Baton__MakeLettersResponse *)b->out.reply;
    assert_int_equal(b->out.n_events, 1);
    assert_int_equal(r->run->n_contact_ids, 1);
    assert_string_equal(r->run->contact_ids[0], ID(1));
    assert_string_equal(r->run->made_by_id, ID(9));
    /* 9: it stands in their timelines */
    assert_true(r->run->in_timelines);
    assert_int_equal(r->n_left_out, 2);
    assert_int_equal(r->left_out[0]->why, OBSTACLE(TWICE));
    assert_int_equal(r->left_out[1]->why, OBSTACLE(NOT_FOUND));
    /* of nobody there is no run */
    f.people = people + 2;
    f.n = 1;
    assert_true(run(b, contacts_decide_letters, &f, &q));
    assert_int_equal(b->out.n_events, 0);
    assert_null(((const Baton__MakeLettersResponse *)b->out.reply)->run);
}

/* --- paper --- */

static void test_paper(void **state)
{
    struct bench *b = *state;
    static const struct {
        Baton__LabelSheet sheet;
        size_t n;
        unsigned pages;
    } rows[] = {
        {BATON__LABEL_SHEET__LABEL_SHEET_UNSPECIFIED, 3, 3}, {BATON__LABEL_SHEET__LABEL_SHEET_L7160, 21, 1},
        {BATON__LABEL_SHEET__LABEL_SHEET_L7160, 22, 2},      {BATON__LABEL_SHEET__LABEL_SHEET_L7163, 15, 2},
        {BATON__LABEL_SHEET__LABEL_SHEET_US5160, 30, 1},
    };
    static struct letter letters[LETTERS_MAX];
    for (size_t i = 0; i < LETTERS_MAX; i++)
        letters[i] = (struct letter){.lines = {"Eva <b>Meier</b>", "Weg 1"}, .n_lines = 2, .body = "Hello"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct letter_job job = {
            .letters = letters, .n = rows[i].n, .sheet = rows[i].sheet, .country = "DE", .margin = 70};
        struct letters_drawn drawn = {0};
        struct buffer out;
        buffer_init(&out, LETTER_PDF_MAX);
        assert_true(letters_draw(&job, &drawn, &out));
        assert_int_equal(drawn.n, rows[i].n);
        assert_int_equal(drawn.pages, rows[i].pages);
        assert_int_equal(memcmp(out.data, "%PDF-", 5), 0);
        buffer_release(&out);
    }
    /* of more than fifty pages there is none */
    char *text = arena_alloc(b->arena, LONG);
    memset(text, '\n', LONG - 1);
    const struct letter endless = {.body = text}, brief = {.body = "x"};
    const struct letter_job job = {.letters = letters, .country = "US", .margin = 70};
    assert_false(letter_fits(&job, &endless));
    assert_true(letter_fits(&job, &brief));
    /* 10: what does not fit into a file alone is told from what cannot be drawn */
    enum { SIGNS = 6500, FIRST_SIGN = 0x4e00 };
    struct letters_drawn drawn = {0};
    struct buffer out;
    char *signs = arena_alloc(b->arena, 3 * SIGNS + 1), *at = signs;
    for (unsigned c = FIRST_SIGN; c < FIRST_SIGN + SIGNS; c++) {
        *at++ = (char)(0xe0 | c >> 12);
        *at++ = (char)(0x80 | (c >> 6 & 0x3f));
        *at++ = (char)(0x80 | (c & 0x3f));
    }
    *at = '\0';
    const struct letter large = {.body = signs};
    const struct letter_job alone = {.letters = &large, .n = 1, .country = "DE", .margin = 70};
    buffer_init(&out, LETTER_PDF_MAX);
    assert_false(letters_draw(&alone, &drawn, &out));
    assert_true(drawn.is_too_large);
    buffer_release(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates), cmocka_unit_test(test_large_templates),
        cmocka_unit_test(test_values),    cmocka_unit_test(test_fields),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_whose_address),
        cmocka_unit_test(test_obstacles), cmocka_unit_test(test_making),
        cmocka_unit_test(test_paper),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
