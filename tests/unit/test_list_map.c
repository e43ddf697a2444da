/* Lists of contacts and accounts: what a header means, what becomes of a row, and formulas. */
#include <stdio.h>

#include "tool/list_map.h"

#include "tests/unit/decide_bench.h"

static void parse(struct csv_file *f, const char *text)
{
    struct refusal no;
    struct bytes content = bytes_text(text);
    assert_true(csv_is_json(content) ? csv_json_parse(f, content, &no)
                                     : csv_file_parse(f, content, &(struct csv_options){0}, &no));
}

/* 1: what a header becomes; every language's, whatever its case and punctuation. */
static void test_headers(void **state)
{
    static const struct {
        bool accounts;
        const char *header, *becomes;
    } rows[] = {
        {false, "First Name", "first_name"},
        {false, "Vorname", "first_name"},
        {false, "Nachname", "last_name"},
        {false, "姓氏", "last_name"},
        {false, "姓名", "first_name, last_name"},
        {false, "E-Mail-Adresse", "email"},
        {false, "電子郵件", "email"},
        {false, "手機", "mobile_phone"},
        {false, "Firma", "company (an account)"},
        {false, "公司名稱", "company (an account)"},
        {false, "PLZ", "mailing_address.postal_code"},
        {false, "mailing_address.city", "mailing_address.city"},
        {false, "mailingAddress.city", "mailing_address.city"},
        {false, "郵遞區號", "mailing_address.postal_code"},
        {false, "Geburtsdatum", "birthday"},
        {false, "id", "external_id"},
        {false, "external_id", "external_id"},
        {false, "Umsatz", "(left out)"},
        {false, "revision", "(left out)"},
        {false, "import_id", "(left out)"},
        {false, "baton_reason", "(left out)"},
        {true, "Firma", "name"},
        {true, "Name", "name"},
        {true, "Umsatz", "annual_revenue"},
        {true, "員工數", "number_of_employees"},
        {true, "Straße", "billing_address.street"},
        {true, "客戶名稱", "name"},
        {true, "Vorname", "(left out)"},
        {true, "Kundennummer", "external_id"},
        {true, "Type", "type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct csv_file f;
        struct list_map m;
        char text[200];
        snprintf(text, sizeof text, "%s,zzz\n1,2\n", rows[i].header);
        parse(&f, text);
        list_map_guess(&m, &f, rows[i].accounts);
        assert_string_equal(list_map_target(&m, 0), rows[i].becomes);
        csv_file_release(&f);
    }
}

/* 2: a full name beside a last name says nothing new; a field is taken once. */
static void test_twice(void **state)
{
    struct csv_file f;
    struct list_map m;
    parse(&f, "Name,Nachname,E-Mail,Mail\na,b,c,d\n");
    list_map_guess(&m, &f, false);
    assert_string_equal(list_map_target(&m, 0), "(left out)");
    assert_string_equal(list_map_target(&m, 1), "last_name");
    assert_string_equal(list_map_target(&m, 3), "(left out)");
    assert_string_equal(m.targets[3].why, "another column is that already");
    csv_file_release(&f);
}

/* 3: by hand. */
static void test_by_hand(void **state)
{
    static const struct {
        const char *assignment;
        bool good;
        size_t column;
        const char *becomes;
    } rows[] = {
        {"Mail zwei=email", true, 1, "email"},
        {"Mail=", true, 0, "(left out)"},
        {"a=b=title", true, 2, "title"},
        {"Mail=name", true, 0, "first_name, last_name"},
        {"Mail=company", true, 0, "company (an account)"},
        {"Mail=address.city", true, 0, "mailing_address.city"},
        {"Mail=revision", false, 0, NULL},
        {"Nothing=email", false, 0, NULL},
        {"Mail", false, 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct csv_file f;
        struct list_map m;
        struct refusal no;
        parse(&f, "Mail,Mail zwei,a=b\n1,2,3\n");
        list_map_guess(&m, &f, false);
        assert_int_equal(list_map_set(&m, rows[i].assignment, &no), rows[i].good);
        if (rows[i].good)
            assert_string_equal(list_map_target(&m, rows[i].column), rows[i].becomes);
        if (i == 0)
            assert_string_equal(list_map_target(&m, 0), "(left out)");
        csv_file_release(&f);
    }
}

/* 4: what becomes of a row. */
static void test_rows(void **state)
{
    static const struct {
        const char *file, *field, *text;
    } rows[] = {
        {"last name,email\n\" a \",\" b@x.example \"\n", "last_name", " a "},
        {"last name,email\n\" a \",\" b@x.example \"\n", "email", "b@x.example"},
        {"name\n\"van Dyke, Ada\"\n", "first_name", "Ada"},
        {"name\nAda van Dyke\n", "last_name", "Dyke"},
        {"name\n陳小明\n", "last_name", "陳小明"},
        {"last name,birthday\na,24.12.1980\n", "birthday", "1980-12-24"},
        {"last name,birthday\na,1980-12-24\n", "birthday", "1980-12-24"},
        {"last name,id\na,K-1\n", "external_id", "K-1"},
        {"last name,id\na," ID(1) "\n", "external_id", "urn:uuid:" ID(1)},
        {"last name,id,external_id\na," ID(1) ",K-1\n", "external_id", "K-1"},
        {"last name,title\na,'=1+1\n", "title", "=1+1"},
        {"last name,title\na,''=1+1\n", "title", "'=1+1"},
        {"last name,title\na,'tis\n", "title", "'tis"},
        {"last name,title\na,\n", "title", NULL},
        {"{\"lastName\":\"a\",\"title\":\"'=1\"}\n", "title", "'=1"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct csv_file f;
        struct list_map m;
        struct refusal no;
        Baton__ImportRow row;
        parse(&f, rows[i].file);
        list_map_guess(&m, &f, false);
        assert_true(list_map_row(&m, &f.rows[0], &row, b->arena, &no));
        const char *is = schema_get_text(&row.contact->base, rows[i].field);
        assert_string_equal(is ? is : "(none)", rows[i].text ? rows[i].text : "(none)");
        csv_file_release(&f);
    }
}

/* 5: an account's row; numbers, kinds, and what they do not take. */
static void test_accounts(void **state)
{
    static const struct {
        const char *file, *field;
        int64_t number;
    } rows[] = {
        {"name,employees\na,\"1,200\"\n", "number_of_employees", 1200},
        {"name,type\na,Customer\n", "type", BATON__ACCOUNT_TYPE__ACCOUNT_TYPE_CUSTOMER},
        {"name,type\na,ACCOUNT_TYPE_PARTNER\n", "type", BATON__ACCOUNT_TYPE__ACCOUNT_TYPE_PARTNER},
        {"name,is key account\na,yes\n", "is_key_account", 1},
        {"name,employees\na,many\n", "number_of_employees", -1},
        {"name,type\na,friend\n", "type", -1},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct csv_file f;
        struct list_map m;
        struct refusal no;
        Baton__ImportRow row;
        parse(&f, rows[i].file);
        list_map_guess(&m, &f, true);
        bool good = list_map_row(&m, &f.rows[0], &row, b->arena, &no);
        assert_int_equal(good, rows[i].number >= 0);
        if (good)
            assert_int_equal(schema_get_int(&row.account->base, rows[i].field), rows[i].number);
        else
            assert_string_equal(no.field, rows[i].field);
        csv_file_release(&f);
    }
}

/* 6: no cell is a formula, and every text comes back. */
static void test_guard(void **state)
{
    static const char *const texts[] = {"=1",   "+1", "-1", "@a",  "\tx", "\rx", "'=1",
                                        "''=1", "'",  "''", "a=1", "'a",  "",    " =1"};
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *guarded = cell_guard(texts[i], b->arena);
        assert_null(*guarded ? strchr("=+-@\t\r", *guarded) : NULL);
        assert_string_equal(cell_unguard(guarded), texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_headers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_accounts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_guard, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
