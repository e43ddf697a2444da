/* Images of pages: of PDFs, of images, and of office documents where LibreOffice is installed. */
#include "unit/preview.h"

#include <sys/stat.h>
#include <time.h>

#include "base/bytes.h"

static const char OFFICE[] = "/usr/lib/libreoffice/program/soffice.bin";

static struct buffer image_room(void)
{
    struct buffer b;
    buffer_init(&b, PREVIEW_IMAGE_MAX);
    return b;
}

/* A PDF of empty pages, 200 by 100 points each, wrong at no place but its missing table, which every reader
 * makes anew. */
static int pdf_of_pages(int n)
{
    struct buffer b;
    buffer_init(&b, 1 << 20);
    assert_true(buffer_printf(
        &b, "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count %d/Kids[", n));
    for (int i = 0; i < n; i++)
        assert_true(buffer_printf(&b, "%d 0 R ", 3 + i));
    assert_true(buffer_text(&b, "]>>endobj\n"));
    for (int i = 0; i < n; i++)
        assert_true(
            buffer_printf(&b, "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n", 3 + i));
    assert_true(buffer_text(&b, "trailer<</Root 1 0 R>>\n%%EOF\n"));
    int file = file_of(b.data, b.size);
    buffer_release(&b);
    return file;
}

static void check_page(int file, const char *name, unsigned page, unsigned side, enum preview_end end,
                       unsigned width, unsigned height)
{
    struct preview_found found;
    struct buffer png = image_room();
    assert_int_equal(preview_page(&sandbox, file, name, page, side, &found, &png), end);
    if (end == PREVIEW_DONE) {
        assert_int_equal(get_be32(png.data + 16), width);
        assert_int_equal(get_be32(png.data + 20), height);
    } else {
        assert_int_equal(png.size, 0);
    }
    buffer_release(&png);
}

static void check_count(int file, const char *name, enum preview_end end, unsigned pages)
{
    struct preview_found found;
    unsigned n;
    assert_int_equal(preview_pages(&sandbox, file, name, &found, &n), end);
    assert_int_equal(n, pages);
}

static void test_pdf(void **state)
{
    needs_sandbox();
    int file = pdf_of_pages(20), none = file_of("%PDF-1.4\n", 9), text = file_of("text\n", 5);
    check_count(file, "a.pdf", PREVIEW_DONE, 20);
    check_page(file, "a.pdf", 1, 400, PREVIEW_DONE, 400, 200);
    check_page(file, "a.pdf", 20, 2000, PREVIEW_DONE, 2000, 1000);
    check_page(file, "a.docx", 1, 10, PREVIEW_DONE, 10, 5);
    check_page(file, "a.pdf", 21, 400, PREVIEW_NO_PAGE, 0, 0);
    check_page(file, "a.pdf", 0, 400, PREVIEW_NO_PAGE, 0, 0);
    check_page(file, "a.pdf", PREVIEW_PAGES_MAX + 1, 400, PREVIEW_NO_PAGE, 0, 0);
    check_page(none, "a.pdf", 1, 400, PREVIEW_BROKEN, 0, 0);
    check_count(none, "a.pdf", PREVIEW_BROKEN, 0);
    check_page(text, "a.txt", 1, 400, PREVIEW_NONE, 0, 0);
    check_count(text, "a.txt", PREVIEW_NONE, 0);
    close(file);
    close(none);
    close(text);
}

/* A black and white image of 32-bit BMP; what it says of its size need not be so. */
static int bmp(unsigned width, unsigned height, size_t rows)
{
    static const uint8_t head[54] = {'B', 'M', [10] = 54, [14] = 40, [26] = 1, [28] = 32};
    size_t size = sizeof head + (size_t)width * 4 * rows;
    uint8_t *data = calloc(1, size);
    assert_non_null(data);
    memcpy(data, head, sizeof head);
    for (int i = 0; i < 4; i++) {
        data[2 + i] = (uint8_t)(size >> 8 * i);
        data[18 + i] = (uint8_t)(width >> 8 * i);
        data[22 + i] = (uint8_t)(height >> 8 * i);
    }
    int file = file_of(data, size);
    free(data);
    return file;
}

static struct buffer drawn(int file, const char *text, enum preview_end end)
{
    static const struct sandbox drawing = {.program = WATERMARK_PROGRAM};
    struct buffer pdf;
    buffer_init(&pdf, PREVIEW_PDF_MAX);
    assert_int_equal(preview_watermark(&drawing, file, text, "2026-03-02", &pdf), end);
    return pdf;
}

static void test_watermark(void **state)
{
    needs_sandbox();
    static const char mark[] = "Ann Buyer \u738b";
    int three = pdf_of_pages(3), many = pdf_of_pages(PREVIEW_MARKED_MAX + 1), none = file_of("hello", 5);
    struct preview_found found;
    struct buffer text = text_room(), pdf = drawn(three, mark, PREVIEW_DONE),
                  again = drawn(three, mark, PREVIEW_DONE),
                  nothing[] = {drawn(many, mark, PREVIEW_TOO_MUCH), drawn(none, mark, PREVIEW_BROKEN)};
    assert_int_equal(pdf.size, again.size);
    assert_memory_equal(pdf.data, again.data, pdf.size);
    assert_int_equal(nothing[0].size + nothing[1].size, 0);
    int made = file_of(pdf.data, pdf.size);
    check_count(made, "a.pdf", PREVIEW_DONE, 3);
    check_page(made, "a.pdf", 3, 200, PREVIEW_DONE, 200, 100);
    assert_int_equal(preview_text(&sandbox, made, "a.pdf", &found, &text), PREVIEW_DONE);
    size_t n = 0;
    for (const char *at = buffer_cstr(&text); (at = strstr(at, mark)); at++)
        n++;
    assert_int_equal(n, 3);
    const int files[] = {three, many, none, made};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        close(files[i]);
    struct buffer *const buffers[] = {&text, &pdf, &again, &nothing[0], &nothing[1]};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        buffer_release(buffers[i]);
}

static void test_images(void **state)
{
    needs_sandbox();
    int file = bmp(300, 200, 200), huge = bmp(60000, 60000, 1),
        broken = file_of("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    check_count(file, "a.bmp", PREVIEW_DONE, 1);
    check_page(file, "a.bmp", 1, 150, PREVIEW_DONE, 150, 100);
    check_page(file, "a.bmp", 1, 1000, PREVIEW_DONE, 300, 200);
    check_page(file, "a.bmp", 2, 150, PREVIEW_NO_PAGE, 0, 0);
    check_page(huge, "a.bmp", 1, 150, PREVIEW_TOO_MUCH, 0, 0);
    check_page(broken, "a.png", 1, 150, PREVIEW_BROKEN, 0, 0);
    close(file);
    close(huge);
    close(broken);
}

static void test_office(void **state)
{
    needs_sandbox();
    static const char rtf[] = "{\\rtf1\\ansi One {\\b two}\\par\\page three}";
    int file = file_of(rtf, sizeof rtf - 1);
    struct preview_found found;
    struct buffer text = text_room();
    if (access(OFFICE, X_OK) != 0) {
        check_count(file, "a.rtf", PREVIEW_NONE, 0);
        check_page(file, "a.rtf", 1, 1000, PREVIEW_NONE, 0, 0);
        assert_int_equal(preview_text(&sandbox, file, "a.rtf", &found, &text), PREVIEW_NONE);
    } else {
        check_count(file, "a.rtf", PREVIEW_DONE, 2);
        check_page(file, "a.rtf", 3, 1000, PREVIEW_NO_PAGE, 0, 0);
        assert_int_equal(preview_text(&sandbox, file, "a.rtf", &found, &text), PREVIEW_DONE);
        assert_string_equal(found.kind->name, "rich text");
        assert_string_equal(buffer_cstr(&text), "One two\n\n\fthree\n\n\f");
    }
    buffer_release(&text);
    close(file);
}

/* Of files of others the first page, or why there is none, until so many have one. */
static void look_at_folder(const char *name, size_t at_least)
{
    char folder[PATH_MAX], path[PATH_MAX + 300];
    size_t n = 0;
    DIR *d = opendir(needs_data(name, folder));
    for (struct dirent *e; d && n < at_least && (e = readdir(d));) {
        struct preview_found found;
        struct buffer png = image_room();
        struct stat st;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name); /* it fits */
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (e->d_name[0] != '.' && file >= 0 && fstat(file, &st) == 0 && S_ISREG(st.st_mode)) {
            struct timespec from, to;
            clock_gettime(CLOCK_MONOTONIC, &from);
            enum preview_end end = preview_page(&sandbox, file, e->d_name, 1, 1200, &found, &png);
            clock_gettime(CLOCK_MONOTONIC, &to);
            double took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
            assert_true(end != PREVIEW_OFF && end != PREVIEW_NO_PAGE);
            assert_true((end == PREVIEW_DONE) == (png.size > 0));
            assert_true(!png.size || !memmem(png.data, png.size, "root:x:0", 8));
            if (end != PREVIEW_DONE || took > 1)
                print_message("%.2f s %s: %s (%s)\n", took, e->d_name, preview_end_text(end), found.media);
            n += end == PREVIEW_DONE;
        }
        if (file >= 0)
            close(file);
        buffer_release(&png);
    }
    if (d)
        closedir(d);
    print_message("%s: %zu first pages\n", name, n);
    assert_int_equal(n, at_least);
}

static void test_contracts(void **state)
{
    look_at_folder("documents/contracts/pdf", 32);
}

static void test_documents(void **state)
{
    look_at_folder("documents/pdf", 40);
    look_at_folder("emails/attachments", 4);
}

static void test_hostile(void **state)
{
    look_at_folder("hostile_uploads", 2);
}

static void test_office_files(void **state)
{
    if (access(OFFICE, X_OK) != 0)
        skip();
    look_at_folder("documents/docx", 2);
    look_at_folder("documents/odt", 2);
    look_at_folder("documents/xlsx", 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdf),          cmocka_unit_test(test_images),    cmocka_unit_test(test_office),
        cmocka_unit_test(test_contracts),    cmocka_unit_test(test_documents), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_office_files), cmocka_unit_test(test_watermark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
