/* Reading CSV files: character sets, delimiters, quotes, ragged rows, joins, and what columns mean to a lead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/csv.h"

#define TEXT(s) (s), sizeof(s) - 1

struct charset_row {
    int number;
    const char *content;
    size_t size;
    const char *wanted, *charset, *cell; /* cell: the second one of the only row */
};

static const struct charset_row charset_rows[] = {
    {1, TEXT("a,b\n1,caf\xc3\xa9\n"), NULL, "UTF-8", "caf\xc3\xa9"},
    {2,
     TEXT("\xef\xbb\xbf"
          "a,b\n1,caf\xc3\xa9\n"),
     NULL, "UTF-8", "caf\xc3\xa9"},
    {3,
     TEXT("\xff\xfe"
          "a\0,\0b\0\n\0"
          "1\0,\0\xe9\0\n\0"),
     NULL, "UTF-16LE", "\xc3\xa9"},
    {4,
     TEXT("\xfe\xff"
          "\0a\0,\0b\0\n\0"
          "1\0,\0\xe9\0\n"),
     NULL, "UTF-16BE", "\xc3\xa9"},
    {5,
     TEXT("a\0,\0b\0\n\0"
          "1\0,\0\xe9\0\n\0"),
     NULL, "UTF-16LE", "\xc3\xa9"},
    {6,
     TEXT("\0a\0,\0b\0\n\0"
          "1\0,\0\xe9\0\n"),
     NULL, "UTF-16BE", "\xc3\xa9"},
    {7,
     TEXT("name,ort\nM\xfcller,K\xf6ln am gro\xdf"
          "en Flu\xdf\n"),
     NULL, "windows-1252",
     "K\xc3\xb6ln am gro\xc3\x9f"
     "en Flu\xc3\x9f"},
    {8, TEXT("a,b\n1,\xa4\xa4\xa4\xe5\n"), "Big5", "Big5", "\xe4\xb8\xad\xe6\x96\x87"},
    {9, TEXT("a,b\n1,\x93quoted\x94\n"), "windows-1252", "windows-1252", "\xe2\x80\x9cquoted\xe2\x80\x9d"},
    {10,
     TEXT(
         "a,b\n1,\xd6\xd0\xb9\xfa\xb9\xab\xcb\xbe\xd3\xd0\xcf\xde\xd4\xf0\xc8\xce\xb5\xc4\xbf\xcd\xbb\xa7\n"),
     "GB18030", "GB18030",
     "\xe4\xb8\xad\xe5\x9b\xbd\xe5\x85\xac\xe5\x8f\xb8\xe6\x9c\x89\xe9\x99\x90\xe8\xb4\xa3\xe4\xbb\xbb\xe7"
     "\x9a\x84\xe5"
     "\xae\xa2\xe6\x88\xb7"},
};

static void charsets(void **state)
{
    for (size_t i = 0; i < sizeof charset_rows / sizeof *charset_rows; i++) {
        const struct charset_row *row = &charset_rows[i];
        struct csv_file f;
        struct refusal no = {0};
        print_message("charset %d\n", row->number);
        assert_true(csv_file_parse(&f, bytes_of(row->content, row->size),
                                   &(struct csv_options){row->wanted, 0}, &no));
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
    {4,
     TEXT("\x7f"
          "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0,\0\1\n\0\0"),
     "UTF-8", "is not text"},
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
    assert_true(
        csv_file_parse(&f, bytes_of(TEXT("a,b\n1,x\0y\n3,4\n")), &(struct csv_options){"UTF-8", 0}, &no));
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
    assert_true(csv_file_parse(&f, bytes_text("id,account\n1,Acme\n2,\n3,ACME\n4,none\n5\n"),
                               &(struct csv_options){0}, &no));
    assert_true(csv_file_parse(&other, bytes_text("name,id,sector\nacme,x,steel\nacme,y,wood\n"),
                               &(struct csv_options){0}, &no));
    /* 1: a column that is missing on either side */
    assert_false(csv_file_join(&f, &other, "nothing", "account", &matched, &no));
    assert_false(csv_file_join(&f, &other, "name", "nothing", &matched, &no));
    /* 2: without regard to case; the first row with the value counts; a name that is taken is told apart */
    assert_true(csv_file_join(&f, &other, "name", "account", &matched, &no));
    assert_int_equal(matched, 2);
    show(&f, &b);
    assert_string_equal(buffer_cstr(&b),
                        "[id][account][id (joined)][sector]\n2[1][Acme][x][steel]\n3[2][][][]\n"
                        "4[3][ACME][x][steel]\n5[4][none][][]\n6[5][][][]\n");
    /* 3: the file's own columns are still known */
    assert_int_equal(f.n_own, 2);
    buffer_release(&b);
    csv_file_release(&other);
    csv_file_release(&f);
}

static void test_json(void **state)
{
    static const struct {
        const char *content, *columns, *cells, *problem; /* of the first row, with | between */
        size_t rows, line;
    } rows[] = {
        {"{\"a\":\"x\",\"b\":{\"c\":1.5,\"d\":{\"e\":[]}}}", "a|b.c|b.d", "x|1.5|{\"e\":[]}", NULL, 1, 1},
        {"\xef\xbb\xbf\n{\"a\":null,\"b\":true}\r\n \n{\"c\":\"\"}\n", "a|b|c", "|true|", NULL, 2, 2},
        {"{\"a\":1,\"a\":2}\n{\"a\":3}", "a", "", "it is no JSON: duplicate object key near '\"a\"'", 2, 1},
        {"{\n{\"a\":3}", "a", "", "it is no JSON: string or '}' expected near end of file", 2, 1},
    };
    struct csv_file f;
    struct refusal no = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(csv_is_json(bytes_text(rows[i].content)));
        assert_true(csv_json_parse(&f, bytes_text(rows[i].content), &no));
        const char *columns = "", *cells = "";
        for (size_t k = 0; k < f.n_columns; k++) {
            columns = arena_printf(f.arena, "%s%s%s", columns, k > 0 ? "|" : "", f.columns[k]);
            cells = arena_printf(f.arena, "%s%s%s", cells, k > 0 ? "|" : "", f.rows[0].cells[k]);
        }
        assert_string_equal(columns, rows[i].columns);
        assert_string_equal(cells, rows[i].cells);
        assert_int_equal(f.n_rows, rows[i].rows);
        assert_int_equal(f.rows[0].line, rows[i].line);
        assert_int_equal(rows[i].problem == NULL, f.rows[0].problem == NULL);
        if (rows[i].problem != NULL)
            assert_string_equal(f.rows[0].problem, rows[i].problem);
        csv_file_release(&f);
    }
    assert_false(csv_is_json(bytes_text("a,b\n{}")));
    assert_false(csv_json_parse(&f, bytes_text("{}\n"), &no));
    assert_string_equal(no.message, "there is no object with a key in the file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json), cmocka_unit_test(charsets), cmocka_unit_test(shapes),
        cmocka_unit_test(raw_text),  cmocka_unit_test(refused),  cmocka_unit_test(nul_in_row),
        cmocka_unit_test(joins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
