/* Office files and mails: what of them is text, and archives that mean no good. Numbers are those of pack.c
 * and sheet.c. */
#include "unit/preview.h"

#include <zip.h>

struct part {
    const char *name, *text;
};

static void add_part(zip_t *zip, const struct part *p, size_t repeat, bool is_link)
{
    enum { LINK = 0120777u << 16 };
    size_t size = strlen(p->text);
    char *data = malloc(size * repeat + 1);
    assert_non_null(data);
    for (size_t i = 0; i < repeat; i++)
        memcpy(data + i * size, p->text, size);
    zip_source_t *source = zip_source_buffer(zip, data, size * repeat, 1);
    zip_int64_t i = zip_file_add(zip, p->name, source, ZIP_FL_ENC_UTF_8);
    assert_true(i >= 0);
    if (is_link)
        assert_int_equal(zip_file_set_external_attributes(zip, (zip_uint64_t)i, 0, ZIP_OPSYS_UNIX, LINK), 0);
}

/* A file with an archive of these parts in it, up to one without a name: the text of each so many times. */
static int archive_of(const struct part *parts, size_t repeat, bool is_link)
{
    zip_error_t error;
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
    assert_non_null(to);
    zip_source_keep(to);
    zip_t *zip = zip_open_from_source(to, ZIP_TRUNCATE, &error);
    assert_non_null(zip);
    for (; parts->name; parts++)
        add_part(zip, parts, repeat, is_link);
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(to, &st), 0);
    char *data = malloc(st.size);
    assert_non_null(data);
    assert_int_equal(zip_source_open(to), 0);
    assert_int_equal(zip_source_read(to, data, st.size), st.size);
    int file = file_of(data, st.size);
    (void)zip_source_close(to); /* only read */
    zip_source_free(to);
    free(data);
    return file;
}

static int archive(const struct part *parts)
{
    return archive_of(parts, 1, false);
}

static void check(int file, const char *name, enum preview_end end, const char *expected)
{
    struct preview_found found;
    struct buffer text = text_room();
    assert_int_equal(preview_text(&sandbox, file, name, &found, &text), end);
    assert_string_equal(buffer_cstr(&text), expected);
    close(file);
    buffer_release(&text);
}
#define CHECK(name, end, expected, ...)                                                                      \
    check(archive((const struct part[]){__VA_ARGS__, {NULL, NULL}}), name, end, expected)

#define W(text) "<w:document xmlns:w='w'><w:body>" text "</w:body></w:document>"
#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"

static void test_word(void **state)
{
    needs_sandbox();
    CHECK("a.docx", PREVIEW_DONE, "A & B\nC\tD\nx-y\n1\t2\n3\tand\n4\nnote\n",
          {"word/document.xml",
           W(P("A &amp; B") "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>C</w:t><w:tab/><w:t>D</"
                            "w:t></w:r>"
                            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
                            "<w:p><w:r><w:t>x</w:t><w:noBreakHyphen/><w:t>y</w:t></w:r></w:p>"
                            "<w:tbl><w:tr><w:tc>" P("1") "</w:tc><w:tc>" P(
                                "2") "</w:tc></w:tr>"
                                     "<w:tr><w:tc>" P("3") "</w:tc><w:tc>" P("and")
                                         P("4") "</w:tc></w:tr></w:tbl>")},
          {"word/footnotes.xml", W(P("note"))});
    CHECK("a.docx", PREVIEW_DONE, "once\n",
          {"word/document.xml",
           W("<w:p xmlns:mc='mc'><mc:AlternateContent><mc:Choice><w:t>once</w:t></mc:Choice>"
             "<mc:Fallback><w:t>twice</w:t></mc:Fallback></mc:AlternateContent></w:p>")});
    CHECK("a.docx", PREVIEW_BROKEN, "", {"word/other.xml", W(P("A"))});
    CHECK("a.docx", PREVIEW_BROKEN, "", {"word/document.xml", "<w:document><w:p>"});
}

static void test_slides(void **state)
{
    needs_sandbox();
#define SLIDE(text) "<p:sld xmlns:a='a' xmlns:p='p'><a:p><a:r><a:t>" text "</a:t></a:r></a:p></p:sld>"
    CHECK("a.pptx", PREVIEW_DONE, "first\nsecond\ntenth\nsaid\n", {"ppt/slides/slide10.xml", SLIDE("tenth")},
          {"ppt/slides/slide2.xml", SLIDE("second")}, {"ppt/slides/slide1.xml", SLIDE("first")},
          {"ppt/slideLayouts/slideLayout1.xml", SLIDE("layout")},
          {"ppt/notesSlides/notesSlide1.xml", SLIDE("said")});
}

#define O(text) "<o:d xmlns:o='o' xmlns:text='t' xmlns:table='b' xmlns:office='f'>" text "</o:d>"

static void test_open(void **state)
{
    needs_sandbox();
    CHECK("a.odt", PREVIEW_DONE, "Title\na b   c\td\ne\n1\t2\na note\n",
          {"content.xml",
           O("<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Title</text:h>"
             "<text:p>a  <text:span>b</text:span><text:s "
             "text:c='3'/>c<text:tab/>d<text:note><text:note-citation>1"
             "</text:note-citation><text:note-body><text:p>a note</text:p></text:note-body></text:note>"
             "<text:line-break/>e</text:p><table:table-row><table:table-cell><text:p>1</text:p></"
             "table:table-cell>"
             "<table:table-cell><text:p>2</text:p></table:table-cell></table:table-row>")});
    CHECK("a.odt", PREVIEW_PROTECTED, "", {"content.xml", "x"},
          {"META-INF/manifest.xml", O("<manifest:encryption-data xmlns:manifest='m'/>")});
}

/* 1 to 3 of sheet.c */
static void test_sheet(void **state)
{
    needs_sandbox();
    static const struct part styles = {
        "xl/styles.xml",
        "<s><numFmts><numFmt numFmtId='170' formatCode='[Red]yyyy\"x\"'/><numFmt numFmtId='171' "
        "formatCode='0\" days\"'/></numFmts><cellXfs><xf/><xf numFmtId='14'/><xf numFmtId='170'/>"
        "<xf numFmtId='171'/></cellXfs></s>"};
    static const struct part strings = {"xl/sharedStrings.xml",
                                        "<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne"
                                        "</t></r><rPh><t>read</t></rPh></si></sst>"};
    CHECK("a.xlsx", PREVIEW_DONE,
          "Sheet\none\t0.1\t2024-02-29\n1900-03-01\t2024-02-29T12:00:00\t60000\ttrue\tinline\n", styles,
          strings, {"xl/workbook.xml", "<w><sheets><sheet name='Sheet'/></sheets></w>"},
          {"xl/worksheets/sheet1.xml",
           "<w><sheetData><row><c t='s'><v>1</v></c><c><v>0.10000000000000001</v></c><c "
           "s='1'><v>45351</v></c></row>"
           "<row><c s='1'><v>61</v></c><c s='2'><v>45351.5</v></c><c s='3'><v>60000</v></c><c "
           "t='b'><v>1</v></c>"
           "<c t='inlineStr'><is><t>inline</t></is></c><c t='s'><v>99</v></c></row></sheetData></w>"});
    CHECK("a.xlsx", PREVIEW_DONE, "2028-03-01\n", styles,
          {"xl/workbook.xml", "<w><workbookPr date1904='1'/></w>"},
          {"xl/worksheets/sheet1.xml", "<w><row><c s='1'><v>45351</v></c></row></w>"});
}

/* --- those that mean no good --- */

/* 1 and 3 of pack.c */
static void test_hostile(void **state)
{
    needs_sandbox();
    static const struct part good = {"word/document.xml", W(P("A"))}, none = {NULL, NULL};
    CHECK("a.docx", PREVIEW_DONE, "A\n", good, {"word/..x/y", "-"});
    CHECK("a.docx", PREVIEW_BROKEN, "", good, {"../../etc/passwd", "-"});
    CHECK("a.docx", PREVIEW_BROKEN, "", good, {"a/..", "-"});
    CHECK("a.docx", PREVIEW_BROKEN, "", good, {"/etc/passwd", "-"});
    CHECK("a.docx", PREVIEW_BROKEN, "",
          {"word/document.xml", "<!DOCTYPE w [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" W(P("&e;"))});
    CHECK("a.docx", PREVIEW_BROKEN, "",
          {"word/document.xml", "<!DOCTYPE w [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>" W(P("&b;"))});
    check(archive_of((const struct part[]){good, none}, 1, true), "a.docx", PREVIEW_BROKEN, "");
    check(archive_of((const struct part[]){{"word/document.xml", "<w>"}, none}, 100000, false), "a.docx",
          PREVIEW_BROKEN, "");
}

/* 2 */
static void test_bombs(void **state)
{
    needs_sandbox();
    static const struct part spaces = {"word/document.xml", "                    "}, none = {NULL, NULL};
    struct part *many = calloc(10002, sizeof *many);
    char(*names)[24] = calloc(10001, sizeof *names);
    assert_true(many && names);
    check(archive_of((const struct part[]){spaces, none}, 1 << 20, false), "a.docx", PREVIEW_TOO_MUCH, "");
    for (int i = 0; i < 10001; i++) {
        (void)snprintf(names[i], sizeof names[i], "word/document%d.xml", i); /* it fits */
        many[i] = (struct part){names[i], "x"};
    }
    check(archive(many), "a.docx", PREVIEW_TOO_MUCH, "");
    free(many);
    free(names);
}

/* --- mails --- */

static void test_mail(void **state)
{
    needs_sandbox();
    static const char raw[] =
        "From: =?UTF-8?B?546L5bCP5piO?= <wang@buyer.example>\nTo: a@example.com\nSubject: "
        "=?Big5?B?u/mz+A==?=\n"
        "Date: Mon, 2 Mar 2026 10:00:00 +0800\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/html; charset=big5\n\n<p>\xbb\xf9\xb3\xf8</p><script>x</script>\n"
        "--x\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%C3%A4.pdf\n"
        "Content-Transfer-Encoding: base64\n\nAAAA\n--x--\n";
    check(file_of(raw, sizeof raw - 1), "a.eml", PREVIEW_DONE,
          "From: 王小明 <wang@buyer.example>\nTo: a@example.com\nDate: Mon, 2 Mar 2026 10:00:00 "
          "+0800\nSubject: 價報\n"
          "價報\nä.pdf\n");
    struct buffer many;
    buffer_init(&many, 1 << 20);
    assert_true(buffer_text(&many, "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n"));
    for (int i = 0; i < 3000; i++)
        assert_true(buffer_text(&many, "--x\n\na\n"));
    check(file_of(many.data, many.size), "a.eml", PREVIEW_TOO_MUCH, "");
    buffer_release(&many);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_word),  cmocka_unit_test(test_slides),  cmocka_unit_test(test_open),
        cmocka_unit_test(test_sheet), cmocka_unit_test(test_hostile), cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_mail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
