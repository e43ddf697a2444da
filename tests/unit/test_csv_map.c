/* What the columns of a CSV file mean to a lead: guesses, changes by hand, rows as leads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/csv.h"
#include "tool/csv_map.h"

struct map_row {
    int number;
    const char *header, *becomes; /* "" message, "*" full name, "-" left out */
};

static const struct map_row map_rows[] = {
    {1, "email", "email"},
    {2, "E-Mail Address", "email"},
    {3, "Tel.", "phone"},
    {4, "PLZ", "address.postal_code"},
    {5, "account", "company"},
    {6, "Sector", "industry"},
    {7, "product", "product_interest"},
    {8, "First Name", "first_name"},
    {9, "given_name", "first_name"},
    {10, "surname", "last_name"},
    {11, "Full name", "*"},
    {12, "employees", "number_of_employees"},
    {13, "office_location", "address.country"},
    {14, "address.city", "address.city"},
    {15, "公司", "company"},
    {16, "電子郵件", "email"},
    {17, "deal_stage", ""},
    {18, "baton_reason", "-"},
    {19, "owner_id", ""},
    {20, "status", ""},
    {21, "do_not_call", "do_not_call"},
};

static const char *becomes(const struct csv_target *t)
{
    switch (t->use) {
    case CSV_USE_FIELD:
        return t->field->name;
    case CSV_USE_FULL_NAME:
        return "*";
    case CSV_USE_NOTHING:
        return "-";
    case CSV_USE_MESSAGE:
        break;
    }
    return "";
}

static void headers(void **state)
{
    for (size_t i = 0; i < sizeof map_rows / sizeof *map_rows; i++) {
        struct csv_file f;
        struct csv_map m;
        struct refusal no = {0};
        char text[200];
        print_message("header %d\n", map_rows[i].number);
        snprintf(text, sizeof text, "%s,other\nx,y\n", map_rows[i].header);
        assert_true(csv_file_parse(&f, bytes_text(text), &(struct csv_options){0}, &no));
        csv_map_guess(&m, &f);
        assert_string_equal(becomes(&m.targets[0]), map_rows[i].becomes);
        assert_string_equal(becomes(&m.targets[1]), "");
        csv_file_release(&f);
    }
}

static const struct {
    int number;
    const char *content, *becomes; /* of every column, separated by blanks */
} guess_rows[] = {
    /* a key needs a value of its own in each row */
    {1, "id,email\n1,a@b.example\n2,c@d.example\n", "external_id email"},
    {2, "id,email\n1,a@b.example\n1,c@d.example\n", " email"},
    {3, "id,email\n1,a@b.example\n,c@d.example\n", " email"},
    /* one column a field; the first has it */
    {4, "email,mail\na@b.example,\n", "email "},
    /* a full name only where there is no other name */
    {5, "name,last_name\nAda B,B\n", " last_name"},
    {6, "name,full name\nAda B,B\n", "* "},
};

static void guesses(void **state)
{
    for (size_t i = 0; i < sizeof guess_rows / sizeof *guess_rows; i++) {
        struct csv_file f;
        struct csv_map m;
        struct refusal no = {0};
        char text[200] = "";
        print_message("guess %d\n", guess_rows[i].number);
        assert_true(csv_file_parse(&f, bytes_text(guess_rows[i].content), &(struct csv_options){0}, &no));
        csv_map_guess(&m, &f);
        for (size_t c = 0; c < f.n_columns; c++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", c > 0 ? " " : "",
                     becomes(&m.targets[c]));
        assert_string_equal(text, guess_rows[i].becomes);
        csv_file_release(&f);
    }
}

static const struct {
    int number;
    const char *assignment;
    bool good;
    int column; /* of the field "company" afterwards */
    int64_t factor;
} set_rows[] = {
    {1, "company=b", true, 1, 1},    {2, "company=B", true, 1, 1},
    {3, "company=", true, -1, 1},    {4, "company=nothing", false, 0, 1},
    {5, "nothing=b", false, 0, 1},   {6, "owner_id=b", false, 0, 1},
    {7, "company", false, 0, 1},     {8, "company=b*1000", true, 1, 1000},
    {9, "company=b*x", false, 0, 1}, {10, "company=c*2", true, 2, 1}, /* a column of that name */
};

static void by_hand(void **state)
{
    for (size_t i = 0; i < sizeof set_rows / sizeof *set_rows; i++) {
        struct csv_file f;
        struct csv_map m;
        struct refusal no = {0};
        print_message("by hand %d\n", set_rows[i].number);
        assert_true(csv_file_parse(&f, bytes_text("company,b,c*2\n1,2,3\n"), &(struct csv_options){0}, &no));
        csv_map_guess(&m, &f);
        assert_int_equal(csv_map_set(&m, set_rows[i].assignment, &no), set_rows[i].good);
        int column = csv_map_column(&m, "company");
        assert_int_equal(column, set_rows[i].column);
        if (column >= 0)
            assert_int_equal(m.targets[column].factor, set_rows[i].factor);
        csv_file_release(&f);
    }
}

/* 1: fields; 2: numbers with groups; 3: small revenues count millions; 4: what has no field or does not fit
   its field stands in the message; 5: nothing is made of an empty cell. */
static void leads(void **state)
{
    struct csv_file f;
    struct csv_map m;
    struct refusal no = {0};
    struct arena *a = arena_new(1 << 20);
    Baton__Lead lead;
    assert_true(csv_file_parse(&f,
                               bytes_text("name,account,employees,revenue,stage,country,do_not_call,website\n"
                                          "Ada van Dyke,Acme,\"1,250\",1100.04,Won,Norway,yes,\n"
                                          "\"Dyke, Ada\",Acme,many,7,,,maybe,\n"),
                               &(struct csv_options){0}, &no));
    csv_map_guess(&m, &f);
    baton__lead__init(&lead);
    csv_map_lead(&m, &f.rows[0], &lead, a);
    assert_string_equal(lead.first_name, "Ada van");
    assert_string_equal(lead.last_name, "Dyke");
    assert_string_equal(lead.company, "Acme");
    assert_int_equal(lead.number_of_employees, 1250);
    assert_int_equal(lead.annual_revenue, 1100040000);
    assert_string_equal(lead.address->country, "Norway");
    assert_true(lead.has_do_not_call && lead.do_not_call);
    assert_string_equal(lead.message, "stage: Won\n");
    assert_null(lead.website);
    baton__lead__init(&lead);
    csv_map_lead(&m, &f.rows[1], &lead, a);
    assert_string_equal(lead.first_name, "Ada");
    assert_string_equal(lead.last_name, "Dyke");
    assert_false(lead.has_number_of_employees);
    assert_string_equal(lead.message, "employees: many\ndo_not_call: maybe\n");
    assert_null(lead.address);
    arena_free(a);
    csv_file_release(&f);
}

static const struct {
    int number;
    const char *text;
    bool good;
    double value;
} number_rows[] = {
    {1, "12", true, 12},    {2, "1,234", true, 1234},   {3, "1 234 567.5", true, 1234567.5},
    {4, "-3", true, -3},    {5, "1,23", false, 0},      {6, "1,2345", false, 0},
    {7, "", false, 0},      {8, "12 pieces", false, 0}, {9, "nan", false, 0},
    {10, "0x10", false, 0}, {11, "1e3", true, 1000},    {12, "1e999", false, 0},
    {13, "$100", false, 0},
};

static void numbers(void **state)
{
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        double value = 0;
        print_message("number %d\n", number_rows[i].number);
        assert_int_equal(lead_number(number_rows[i].text, &value), number_rows[i].good);
        if (number_rows[i].good)
            assert_true(value == number_rows[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers), cmocka_unit_test(guesses), cmocka_unit_test(by_hand),
        cmocka_unit_test(leads),   cmocka_unit_test(numbers),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
