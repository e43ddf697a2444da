/* Reading CSV files: character sets, delimiters, quotes, ragged rows, joins, and what columns mean to a lead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/csv.h"
#include "tool/csv_map.h"

#define TEXT(s) (s), sizeof(s) - 1

struct charset_row {
    int number;
    const char *content;
    size_t size;
    const char *wanted, *charset, *cell; /* cell: the second one of the only row */
};

static const struct charset_row charset_rows[] = {
    {1, TEXT("a,b\n1,caf\xc3\xa9\n"), NULL, "UTF-8", "caf\xc3\xa9"},
    {2, TEXT("\xef\xbb\xbf" "a,b\n1,caf\xc3\xa9\n"), NULL, "UTF-8", "caf\xc3\xa9"},
    {3, TEXT("\xff\xfe" "a\0,\0b\0\n\0" "1\0,\0\xe9\0\n\0"), NULL, "UTF-16LE", "\xc3\xa9"},
    {4, TEXT("\xfe\xff" "\0a\0,\0b\0\n\0" "1\0,\0\xe9\0\n"), NULL, "UTF-16BE", "\xc3\xa9"},
    {5, TEXT("a\0,\0b\0\n\0" "1\0,\0\xe9\0\n\0"), NULL, "UTF-16LE", "\xc3\xa9"},
    {6, TEXT("\0a\0,\0b\0\n\0" "1\0,\0\xe9\0\n"), NULL, "UTF-16BE", "\xc3\xa9"},
    {7, TEXT("name,ort\nM\xfcller,K\xf6ln am gro\xdf" "en Flu\xdf\n"), NULL, "windows-1252",
     "K\xc3\xb6ln am gro\xc3\x9f" "en Flu\xc3\x9f"},
    {8, TEXT("a,b\n1,\xa4\xa4\xa4\xe5\n"), "Big5", "Big5", "\xe4\xb8\xad\xe6\x96\x87"},
    {9, TEXT("a,b\n1,\x93quoted\x94\n"), "windows-1252", "windows-1252", "\xe2\x80\x9cquoted\xe2\x80\x9d"},
    {10, TEXT("a,b\n1,\xd6\xd0\xb9\xfa\xb9\xab\xcb\xbe\xd3\xd0\xcf\xde\xd4\xf0\xc8\xce\xb5\xc4\xbf\xcd\xbb\xa7\n"),
     "GB18030", "GB18030",
     "\xe4\xb8\xad\xe5\x9b\xbd\xe5\x85\xac\xe5\x8f\xb8\xe6\x9c\x89\xe9\x99\x90\xe8\xb4\xa3\xe4\xbb\xbb\xe7\x9a\x84\xe5"
     "\xae\xa2\xe6\x88\xb7"},
};

static void charsets(void **state)
{
    for (size_t i = 0; i < sizeof charset_rows / sizeof *charset_rows; i++) {
        const struct charset_row *row = &charset_rows[i];
        struct csv_file f;
        struct refusal no = {0};
        print_message("charset %d\n", row->number);
        assert_true(csv_file_parse(&f, bytes_of(row->content, row->size), &(struct csv_options){row->wanted, 0}, &no));
        assert_string_equal(f.charset, row->charset);
        assert_int_equal(f.n_columns, 2);
        assert_int_equal(f.n_rows, 1);
        assert_null(f.rows[0].problem);
        assert_string_equal(f.rows[0].cells[1], row->cell);
        csv_file_release(&f);
    }
}

struct shape_row {
    int number;
    const char *content;
    char delimiter;
    const char *expected; /* header and rows: cells in [], problems behind !, lines in front */
};

static const struct shape_row shape_rows[] = {
    /* delimiters */
    {1, "a,b\n1,2\n", ',', "[a][b]\n2[1][2]\n"},
    {2, "a;b\n1,5;2,5\n", ';', "[a][b]\n2[1,5][2,5]\n"},
    {3, "a\tb\n1, 2\t3\n", '\t', "[a][b]\n2[1, 2][3]\n"},
    {4, "a|b\n1|2\n", '|', "[a][b]\n2[1][2]\n"},
    {5, "a\n1\n2\n", ',', "[a]\n2[1]\n3[2]\n"},
    {6, "sep=;\na;b\n1;2\n", ';', "[a][b]\n3[1][2]\n"},
    {7, "a;b,c;d\n1;2;3\n", ';', "[a][b,c][d]\n2[1][2][3]\n"},
    /* line breaks */
    {8, "a,b\r\n1,2\r\n3,4", ',', "[a][b]\n2[1][2]\n3[3][4]\n"},
    {9, "a,b\r1,2\r3,4\r", ',', "[a][b]\n2[1][2]\n3[3][4]\n"},
    {10, "a,b\n\n1,2\n\r\n\n3,4\n", ',', "[a][b]\n3[1][2]\n6[3][4]\n"},
    {11, "a,b\n1,2\n,\n , \n", ',', "[a][b]\n2[1][2]\n"},
    /* quotes */
    {12, "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", ',', "[a][b]\n2[x, y][say \"hi\"]\n"},
    {13, "a,b\n\"one\ntwo\r\nthree\",2\n3,4\n", ',', "[a][b]\n2[one\ntwo\r\nthree][2]\n5[3][4]\n"},
    {14, "a,b\n5\" pipe,2\n", ',', "[a][b]\n2[5\" pipe][2]\n"},
    {15, "a,b\n\"open,2\n3,4\n", ',', "[a][b]\n2!it has a quote that is never closed\n3[3][4]\n"},
    {16, "a,b\n1,2\n3,\"last", ',', "[a][b]\n2[1][2]\n3!it has a quote that is never closed\n"},
    {17, "a, b\n1, \"two\"\n", ',', "[a][b]\n2[1][two]\n"},
    /* ragged rows */
    {18, "a,b,c\n1\n1,2\n", ',', "[a][b][c]\n2[1][][]\n3[1][2][]\n"},
    {19, "a,b\n1,2,3\n", ',', "[a][b]\n2!it has 3 columns where the header has 2\n"},
    {20, "a,b\n1,2,,\n", ',', "[a][b]\n2[1][2]\n"},
    {21, "a,b,\n1,2,\n", ',', "[a][b]\n2[1][2]\n"},
    /* headers */
    {22, "a,,a\n1,2,3\n", ',', "[a][column 2][a (2)]\n2[1][2][3]\n"},
    {23, "a,b\n", ',', "[a][b]\n"},
};

static void show(const struct csv_file *f, struct buffer *b)
{
    for (size_t i = 0; i < f->n_columns; i++)
        buffer_printf(b, "[%s]", f->columns[i]);
    buffer_char(b, '\n');
    for (size_t r = 0; r < f->n_rows; r++) {
        buffer_printf(b, "%zu", f->rows[r].line);
        if (f->rows[r].problem != NULL)
            buffer_printf(b, "!%s", f->rows[r].problem);
        else
            for (size_t i = 0; i < f->n_columns; i++)
                buffer_printf(b, "[%s]", f->rows[r].cells[i]);
        buffer_char(b, '\n');
    }
}

static void shapes(void **state)
{
    for (size_t i = 0; i < sizeof shape_rows / sizeof *shape_rows; i++) {
        const struct shape_row *row = &shape_rows[i];
        struct csv_file f;
        struct refusal no = {0};
        struct buffer b;
        print_message("shape %d\n", row->number);
        buffer_init(&b, 1 << 16);
        assert_true(csv_file_parse(&f, bytes_text(row->content), &(struct csv_options){0}, &no));
        assert_int_equal(f.delimiter, row->delimiter);
        show(&f, &b);
        assert_string_equal(buffer_cstr(&b), row->expected);
        buffer_release(&b);
        csv_file_release(&f);
    }
}

/* 1: the row's own text, without its line break, whatever is in it. */
static void raw_text(void **state)
{
    struct csv_file f;
    struct refusal no = {0};
    assert_true(csv_file_parse(&f, bytes_text("a,b\r\n\"x\ny\", 2 \r\n3,4"), &(struct csv_options){0}, &no));
    assert_true(bytes_equal(f.header_raw, bytes_text("a,b")));
    assert_true(bytes_equal(f.rows[0].raw, bytes_text("\"x\ny\", 2 ")));
    assert_true(bytes_equal(f.rows[1].raw, bytes_text("3,4")));
    csv_file_release(&f);
}

static const struct {
    int number;
    const char *content;
    size_t size;
    const char *charset, *says;
} refused_rows[] = {
    {1, TEXT(""), NULL, "there is no header"},
    {2, TEXT("\n\n\r\n"), NULL, "there is no header"},
    {3, TEXT("a,b\n1,2\n"), "no-such-charset", "is not known"},
};

static void refused(void **state)
{
    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        struct csv_file f;
        struct refusal no = {0};
        struct csv_options o = {refused_rows[i].charset, 0};
        print_message("refused %d\n", refused_rows[i].number);
        assert_false(csv_file_parse(&f, bytes_of(refused_rows[i].content, refused_rows[i].size), &o, &no));
        assert_non_null(strstr(no.message, refused_rows[i].says));
    }
}

/* A NUL inside a row is the row's problem, not the file's. */
static void nul_in_row(void **state)
{
    struct csv_file f;
    struct refusal no = {0};
    assert_true(csv_file_parse(&f, bytes_of(TEXT("a,b\n1,x\0y\n3,4\n")), &(struct csv_options){"UTF-8", 0}, &no));
    assert_int_equal(f.n_rows, 2);
    assert_string_equal(f.rows[0].problem, "it contains a NUL character");
    assert_null(f.rows[1].problem);
    csv_file_release(&f);
}

static void joins(void **state)
{
    struct csv_file f, other;
    struct refusal no = {0};
    size_t matched;
    struct buffer b;
    buffer_init(&b, 1 << 16);
    assert_true(csv_file_parse(&f, bytes_text("id,account\n1,Acme\n2,\n3,ACME\n4,none\n5\n"), &(struct csv_options){0}, &no));
    assert_true(csv_file_parse(&other, bytes_text("name,id,sector\nacme,x,steel\nacme,y,wood\n"), &(struct csv_options){0},
                               &no));
    /* 1: a column that is missing on either side */
    assert_false(csv_file_join(&f, &other, "nothing", "account", &matched, &no));
    assert_false(csv_file_join(&f, &other, "name", "nothing", &matched, &no));
    /* 2: without regard to case; the first row with the value counts; a name that is taken is told apart */
    assert_true(csv_file_join(&f, &other, "name", "account", &matched, &no));
    assert_int_equal(matched, 2);
    show(&f, &b);
    assert_string_equal(buffer_cstr(&b), "[id][account][id (joined)][sector]\n2[1][Acme][x][steel]\n3[2][][][]\n"
                                         "4[3][ACME][x][steel]\n5[4][none][][]\n6[5][][][]\n");
    /* 3: the file's own columns are still known */
    assert_int_equal(f.n_own, 2);
    buffer_release(&b);
    csv_file_release(&other);
    csv_file_release(&f);
}

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
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", c > 0 ? " " : "", becomes(&m.targets[c]));
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
    {1, "company=b", true, 1, 1},
    {2, "company=B", true, 1, 1},
    {3, "company=", true, -1, 1},
    {4, "company=nothing", false, 0, 1},
    {5, "nothing=b", false, 0, 1},
    {6, "owner_id=b", false, 0, 1},
    {7, "company", false, 0, 1},
    {8, "company=b*1000", true, 1, 1000},
    {9, "company=b*x", false, 0, 1},
    {10, "company=c*2", true, 2, 1}, /* a column of that name */
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

/* 1: fields; 2: numbers with groups; 3: small revenues count millions; 4: what has no field or does not fit its
   field stands in the message; 5: nothing is made of an empty cell. */
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
    {1, "12", true, 12},          {2, "1,234", true, 1234},  {3, "1 234 567.5", true, 1234567.5},
    {4, "-3", true, -3},          {5, "1,23", false, 0},     {6, "1,2345", false, 0},
    {7, "", false, 0},            {8, "12 pieces", false, 0}, {9, "nan", false, 0},
    {10, "0x10", false, 0},       {11, "1e3", true, 1000},   {12, "1e999", false, 0},
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
        cmocka_unit_test(charsets), cmocka_unit_test(shapes),   cmocka_unit_test(raw_text), cmocka_unit_test(refused),
        cmocka_unit_test(nul_in_row), cmocka_unit_test(joins),  cmocka_unit_test(headers),  cmocka_unit_test(guesses),
        cmocka_unit_test(by_hand),  cmocka_unit_test(leads),    cmocka_unit_test(numbers),
    };
    schema_load();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
