/* Files nobody has vouched for, read without the sandbox: whatever the bytes, what comes of them fits, and is
   text once it has been cleaned. The first byte says as what: itself, or as a part of an archive that is
   otherwise good. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "preview/clean.h"
#include "reading/reading.h"

enum { TEXT_MAX = 64 << 10, HOW_MASK = 15, IN_ARCHIVE = 16, NAME_SIZE = 32 };

static const char *const parts[] = {
    "word/document.xml",        "ppt/slides/slide1.xml", "content.xml",
    "META-INF/manifest.xml",    "xl/workbook.xml",       "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml", "xl/styles.xml"};

/* Packs the bytes as one of the parts, and an empty one beside each other. */
static struct bytes packed(struct input *in, struct arena *a)
{
    size_t chosen = input_u8(in) % (sizeof parts / sizeof *parts);
    struct bytes rest = input_rest(in);
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, NULL);
    assert(to);
    zip_source_keep(to);
    zip_t *zip = zip_open_from_source(to, ZIP_TRUNCATE, NULL);
    assert(zip);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct bytes b = i == chosen ? rest : bytes_text("<x/>");
        zip_int64_t at = zip_file_add(zip, parts[i], zip_source_buffer(zip, b.data, b.size, 0), 0);
        assert(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
    }
    zip_stat_t st;
    int error = zip_close(zip) | zip_source_stat(to, &st) | zip_source_open(to);
    assert(!error);
    uint8_t *data = arena_alloc(a, st.size);
    zip_int64_t n = zip_source_read(to, data, st.size);
    assert(n == (zip_int64_t)st.size);
    (void)zip_source_close(to); /* only read */
    zip_source_free(to);
    return bytes_of(data, st.size);
}

static enum ask_status read_as(unsigned how, int file, struct buffer *out)
{
    switch (how) {
    case KIND_TEXT_PLAIN:
        return reading_plain(file, out);
    case KIND_TEXT_HTML:
        return reading_html(file, out);
    case KIND_TEXT_SHEET:
        return reading_sheet(file, out);
    case KIND_TEXT_WORD:
    case KIND_TEXT_SLIDES:
    case KIND_TEXT_OPEN:
        return reading_office(how, file, out);
    case KIND_TEXT_MAIL:
        return reading_mail(file, out);
    default:
        return ASK_NONE;
    }
}

static void check_kind(struct bytes b)
{
    char media[KIND_MEDIA_SIZE], extension[KIND_EXTENSION_SIZE], name[NAME_SIZE];
    size_t n = b.size < NAME_SIZE - 1 ? b.size : NAME_SIZE - 1;
    memcpy(name, b.data, n);
    name[n] = '\0';
    kind_extension(name, extension);
    assert(strspn(extension, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(extension));
    if (kind_media(b.data, b.size, media))
        (void)kind_of(media, extension); /* any is right */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct arena *a = fuzz_arena(4 << 20);
    struct buffer out, text;
    unsigned how = input_u8(&in);
    if (how == 0)
        check_kind(input_rest(&in));
    struct bytes b = how & IN_ARCHIVE ? packed(&in, a) : input_rest(&in);
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    ssize_t written = file >= 0 ? write(file, b.data, b.size) : -1;
    assert(written == (ssize_t)b.size);
    buffer_init(&out, TEXT_MAX);
    buffer_init(&text, TEXT_MAX);
    (void)read_as(how & HOW_MASK, file, &out); /* any is right */
    assert(out.size <= TEXT_MAX);
    (void)clean_text(&text, (const char *)out.data, out.size, TEXT_MAX / 2); /* there may be more */
    assert(text.size <= TEXT_MAX / 2 && text_valid((const char *)text.data, text.size));
    buffer_release(&out);
    buffer_release(&text);
    close(file);
    return 0;
}
