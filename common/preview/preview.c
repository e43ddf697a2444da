/* What is asked of baton-preview, and what its answers mean. They are bytes from outside. */
#include "preview/preview.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "preview/ask.h"
#include "preview/clean.h"

static const char *const ends[] = {
    [PREVIEW_DONE] = "it was read",
    [PREVIEW_CUT] = "it is longer than what is kept of it",
    [PREVIEW_NONE] = "files of this kind can only be downloaded",
    [PREVIEW_PROTECTED] = "it is protected by a password",
    [PREVIEW_BROKEN] = "it cannot be read: it is damaged, or not what it seems to be",
    [PREVIEW_TOO_MUCH] = "it takes too long or too much memory to be read",
    [PREVIEW_LATE] = "it takes too long to be read just now",
    [PREVIEW_NO_PAGE] = "it has no such page",
    [PREVIEW_OFF] = "nothing is read here, for bubblewrap cannot be used",
};

const char *preview_end_text(enum preview_end end)
{
    return ends[end];
}

/* The status of baton-preview inside. */
static enum preview_end end_of(const struct sandbox_result *r)
{
    static const enum preview_end of_status[] = {
        [ASK_DONE] = PREVIEW_DONE,           [ASK_NONE] = PREVIEW_NONE,
        [ASK_PROTECTED] = PREVIEW_PROTECTED, [ASK_TOO_MUCH] = PREVIEW_TOO_MUCH,
        [ASK_NO_PAGE] = PREVIEW_NO_PAGE,     [ASK_CUT] = PREVIEW_CUT,
    };
    switch (r->end) {
    case SANDBOX_DONE:
        if ((size_t)r->status < sizeof of_status / sizeof *of_status &&
            (r->status == 0 || of_status[r->status] != PREVIEW_DONE))
            return of_status[r->status];
        break;
    case SANDBOX_FULL:
        return PREVIEW_CUT;
    case SANDBOX_TIME:
        return PREVIEW_LATE;
    case SANDBOX_KILLED:
        return PREVIEW_TOO_MUCH;
    case SANDBOX_OFF:
        return PREVIEW_OFF;
    }
    /* poppler's tools have one status for many things. */
    if (strstr(r->said, "Wrong page range"))
        return PREVIEW_NO_PAGE;
    return strstr(r->said, "Incorrect password") ? PREVIEW_PROTECTED : PREVIEW_BROKEN;
}

static enum preview_end ask(const struct sandbox *s, int file, const char *const *words,
                            const struct sandbox_limits *limits, struct buffer *out)
{
    struct sandbox_run run = {.words = words, .file = file, .limits = *limits};
    struct sandbox_result r;
    if (lseek(file, 0, SEEK_SET) != 0)
        return PREVIEW_BROKEN;
    sandbox_run(s, &run, out, &r);
    return end_of(&r);
}

/* An answer about a file: its kind, and what stands behind that. */
struct answer {
    struct buffer all;
    const char *data;
    size_t size;
};

/* The first line of every answer is the file's media type. False: it is none. */
static bool read_found(struct answer *a, const char *extension, struct preview_found *found)
{
    char *line = (char *)buffer_cstr(&a->all), *end = strchr(line, '\n');
    *found = (struct preview_found){0};
    if (!end || (size_t)(end - line) >= sizeof found->media)
        return false;
    memcpy(found->media, line, (size_t)(end - line));
    found->kind = kind_of(found->media, extension);
    found->fits = kind_fits(found->kind, extension);
    a->data = end + 1;
    a->size = a->all.size - (size_t)(a->data - line);
    return true;
}

/* A question about a file; `more` are its words behind the extension. */
static enum preview_end ask_about(const struct sandbox *s, int file, const char *name, const char *question,
                                  const char *const more[2], size_t most, struct answer *a,
                                  struct preview_found *found)
{
    static const struct sandbox_limits limits = {10000, 8, (size_t)1 << 30, 64 << 20};
    char extension[KIND_EXTENSION_SIZE];
    kind_extension(name, extension);
    const char *const words[] = {question, *extension ? extension : "-", more[0], more[1], NULL};
    *a = (struct answer){.data = ""};
    buffer_init(&a->all, most + KIND_MEDIA_SIZE);
    enum preview_end end = ask(s, file, words, &limits, &a->all);
    bool is_found = end != PREVIEW_OFF && read_found(a, extension, found);
    return is_found || (end != PREVIEW_DONE && end != PREVIEW_CUT) ? end : PREVIEW_BROKEN;
}

/* The same of the PDF that LibreOffice makes of it. PREVIEW_NONE where that does not help. */
static int pdf_of(const struct sandbox *s, int file, const struct kind *k, enum preview_end *end)
{
    struct buffer pdf;
    buffer_init(&pdf, PREVIEW_PDF_MAX);
    *end = preview_pdf(s, file, k, &pdf);
    int made = *end == PREVIEW_DONE ? memfd_create("pdf", MFD_CLOEXEC) : -1;
    for (size_t at = 0; made >= 0 && at < pdf.size;) {
        ssize_t n = write(made, pdf.data + at, pdf.size - at);
        if (n <= 0) {
            close(made);
            made = -1;
        } else {
            at += (size_t)n;
        }
    }
    if (made < 0 && *end == PREVIEW_DONE)
        *end = PREVIEW_TOO_MUCH;
    buffer_release(&pdf);
    return made;
}

/* Asks about the file, and where that is what it takes, about its PDF. */
static enum preview_end ask_either(const struct sandbox *s, int file, const char *name, const char *question,
                                   const char *const more[2], size_t most, struct answer *a,
                                   struct preview_found *found)
{
    struct preview_found of_pdf;
    enum preview_end end = ask_about(s, file, name, question, more, most, a, found);
    if (end != PREVIEW_NONE || !found->kind || found->kind->pages != KIND_PAGES_OFFICE)
        return end;
    int pdf = pdf_of(s, file, found->kind, &end);
    if (pdf < 0)
        return end;
    buffer_release(&a->all);
    end = ask_about(s, pdf, "made.pdf", question, more, most, a, &of_pdf);
    close(pdf);
    return end;
}

enum preview_end preview_text(const struct sandbox *s, int file, const char *name,
                              struct preview_found *found, struct buffer *text)
{
    struct answer a;
    enum preview_end end =
        ask_either(s, file, name, "text", (const char *const[]){NULL, NULL}, PREVIEW_TEXT_MAX, &a, found);
    if (end == PREVIEW_DONE || end == PREVIEW_CUT) {
        if (!clean_text(text, a.data, a.size, PREVIEW_TEXT_MAX - sizeof PREVIEW_CUT_MARK))
            end = PREVIEW_CUT;
        if (end == PREVIEW_CUT)
            (void)buffer_text(text, PREVIEW_CUT_MARK); /* there is room */
    }
    buffer_release(&a.all);
    return end;
}

enum preview_end preview_pages(const struct sandbox *s, int file, const char *name,
                               struct preview_found *found, unsigned *pages)
{
    static const char mark[] = "\nPages:";
    enum { SAID_MAX = 64 << 10 };
    struct answer a;
    enum preview_end end =
        ask_either(s, file, name, "pages", (const char *const[]){NULL, NULL}, SAID_MAX, &a, found);
    const char *at = end == PREVIEW_DONE ? strstr(a.data - 1, mark) : NULL; /* behind the first line */
    unsigned long n = at ? strtoul(at + sizeof mark - 1, NULL, 10) : 0;
    *pages = (unsigned)(n < PREVIEW_PAGES_MAX ? n : PREVIEW_PAGES_MAX);
    buffer_release(&a.all);
    return end == PREVIEW_DONE && n == 0 ? PREVIEW_BROKEN : end;
}

/* A PNG of that size and no other; what draws it has read a file of others. */
static bool is_png(const struct answer *a, unsigned side)
{
    static const uint8_t head[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                                   0,    0,   0,   13,  'I',  'H',  'D',  'R'};
    const uint8_t *size = (const uint8_t *)a->data + sizeof head;
    return a->size > sizeof head + 8 && memcmp(a->data, head, sizeof head) == 0 && get_be32(size) <= side &&
           get_be32(size + 4) <= side;
}

enum preview_end preview_page(const struct sandbox *s, int file, const char *name, unsigned page,
                              unsigned side, struct preview_found *found, struct buffer *png)
{
    char number[12], pixels[12];
    struct answer a;
    assert(side > 0 && side <= PREVIEW_SIDE_MAX);
    (void)snprintf(number, sizeof number, "%u", page); /* these fit */
    (void)snprintf(pixels, sizeof pixels, "%u", side);
    enum preview_end end = page == 0 || page > PREVIEW_PAGES_MAX
                               ? PREVIEW_NO_PAGE
                               : ask_either(s, file, name, "page", (const char *const[]){number, pixels},
                                            PREVIEW_IMAGE_MAX, &a, found);
    if (end == PREVIEW_NO_PAGE && (page == 0 || page > PREVIEW_PAGES_MAX))
        return end;
    if (end == PREVIEW_CUT)
        end = PREVIEW_TOO_MUCH;
    if (end == PREVIEW_DONE && !is_png(&a, side))
        end = PREVIEW_BROKEN;
    if (end == PREVIEW_DONE)
        (void)buffer_add(png, a.data, a.size); /* there is room */
    buffer_release(&a.all);
    return end;
}

enum preview_end preview_pdf(const struct sandbox *s, int file, const struct kind *kind, struct buffer *pdf)
{
    static const struct sandbox_limits limits = {15000, 15, (size_t)4 << 30, 256 << 20};
    char extension[KIND_EXTENSION_SIZE];
    size_t n = strcspn(kind->extensions, " ");
    if (kind->pages != KIND_PAGES_OFFICE)
        return PREVIEW_NONE;
    memcpy(extension, kind->extensions, n);
    extension[n] = '\0';
    enum preview_end end = ask(s, file, (const char *const[]){"pdf", extension, NULL}, &limits, pdf);
    return end == PREVIEW_CUT ? PREVIEW_TOO_MUCH : end;
}

enum preview_end preview_watermark(const struct sandbox *s, int file, const char *text, const char *day,
                                   struct buffer *pdf)
{
    static const struct sandbox_limits limits = {30000, 25, (size_t)1 << 30, 64 << 20};
    enum preview_end end = ask(s, file, (const char *const[]){day, text, NULL}, &limits, pdf);
    return end == PREVIEW_CUT ? PREVIEW_TOO_MUCH : end;
}
