/* baton-preview: what runs in the sandbox. preview/ask.h says what it is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preview/preview.h"
#include "reading/become.h"
#include "reading/confine.h"
#include "reading/reading.h"

struct limits {
    size_t memory, folder;
    unsigned cpu_s;
};

static bool confined(void *arg)
{
    const struct limits *l = arg;
    if (confine(l->memory, l->cpu_s, l->folder))
        return true;
    fprintf(stderr, "baton-preview: limits cannot be set\n");
    return false;
}

static bool put(const void *data, size_t size)
{
    for (const char *at = data; size > 0;) {
        ssize_t n = write(STDOUT_FILENO, at, size);
        if (n <= 0)
            return false;
        at += n;
        size -= (size_t)n;
    }
    return true;
}

/* What the file is, and the first line of the answer. False: it is not known. */
static bool find_media(char media[KIND_MEDIA_SIZE])
{
    static char head[KIND_HEAD_SIZE];
    ssize_t n = pread(STDIN_FILENO, head, sizeof head, 0);
    return n >= 0 && kind_media(head, (size_t)n, media) && put(media, strlen(media)) && put("\n", 1);
}

/* Office documents with a password are another kind of file, in which this is the name of what is sealed. */
static bool is_sealed(const char *media)
{
    static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    size_t size = 0;
    if (strcmp(media, "application/encrypted") != 0 && strcmp(media, "application/x-ole-storage") != 0 &&
        strcmp(media, "application/CDFV2") != 0)
        return false;
    uint8_t *data = reading_whole(STDIN_FILENO, &size);
    bool is = data && memmem(data, size, name, sizeof name) != NULL;
    free(data);
    return is;
}

static enum ask_status read_text(const struct kind *k, char **words, struct buffer *out)
{
    switch (k->text) {
    case KIND_TEXT_PLAIN:
        return reading_plain(STDIN_FILENO, out);
    case KIND_TEXT_HTML:
        return reading_html(STDIN_FILENO, out);
    case KIND_TEXT_SHEET:
        return reading_sheet(STDIN_FILENO, out);
    case KIND_TEXT_WORD:
    case KIND_TEXT_SLIDES:
    case KIND_TEXT_OPEN:
        return reading_office(k->text, STDIN_FILENO, out);
    case KIND_TEXT_MAIL:
        return reading_mail(STDIN_FILENO, out);
    case KIND_TEXT_PDF:
        return become_pdf_text();
    case KIND_TEXT_OFFICE:
    case KIND_TEXT_NONE:
        break;
    }
    return ASK_NONE;
}

static enum ask_status count_pages(const struct kind *k, char **words, struct buffer *out)
{
    if (k->pages == KIND_PAGES_PDF)
        return become_pdf_count();
    return k->pages == KIND_PAGES_PICTURE && buffer_text(out, "Pages: 1\n") ? ASK_DONE : ASK_NONE;
}

static enum ask_status draw_page(const struct kind *k, char **words, struct buffer *out)
{
    if (k->pages == KIND_PAGES_PDF)
        return become_pdf_page(words[1], words[2]);
    if (k->pages != KIND_PAGES_PICTURE)
        return ASK_NONE;
    return strcmp(words[1], "1") == 0
               ? reading_picture(k->media, (int)strtol(words[2], NULL, 10), STDIN_FILENO, out)
               : ASK_NO_PAGE;
}

static const struct {
    const char *name;
    int n_words;
    size_t most; /* it says */
    enum ask_status (*answer)(const struct kind *k, char **words, struct buffer *out);
} questions[] = {
    {"text", 1, PREVIEW_TEXT_MAX, read_text},
    {"pages", 1, KIND_MEDIA_SIZE, count_pages},
    {"page", 3, PREVIEW_IMAGE_MAX, draw_page},
};

/* Of the file. */
static enum ask_status answer(int n_words, char **words)
{
    char media[KIND_MEDIA_SIZE];
    struct buffer out;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        if (strcmp(questions[i].name, words[0]) != 0 || n_words - 1 != questions[i].n_words)
            continue;
        if (!find_media(media))
            return ASK_BROKEN;
        if (is_sealed(media))
            return ASK_PROTECTED;
        const struct kind *k = kind_of(media, words[1]);
        buffer_init(&out, questions[i].most);
        enum ask_status status = k ? questions[i].answer(k, words + 1, &out) : ASK_NONE;
        return put(out.data, out.size) ? status : ASK_BROKEN;
    }
    fprintf(stderr, "baton-preview: is run by Baton in a sandbox, not by hand\n");
    return ASK_WRONG;
}

static enum ask_status run(struct limits *l, int n_words, char **words)
{
    if (strcmp(words[0], "pdf") == 0 && n_words == 2)
        return become_office(words[1], confined, l);
    if (!confined(l))
        return ASK_TOO_MUCH;
    if (strcmp(words[0], "works") == 0)
        return put("works\n", 6) ? ASK_DONE : ASK_BROKEN;
    if (strcmp(words[0], "run") == 0 && n_words > 1)
        return become((const char *const *)words + 1);
    return answer(n_words, words);
}

int main(int argc, char **argv)
{
    enum { OWN = 4 }; /* the program and its limits */
    struct limits l;
    if (argc <= OWN)
        return ASK_WRONG;
    l.memory = strtoull(argv[1], NULL, 10);
    l.cpu_s = (unsigned)strtoul(argv[2], NULL, 10);
    l.folder = strtoull(argv[3], NULL, 10);
    _exit((int)run(&l, argc - OWN, argv + OWN)); /* nothing that is left is needed by anybody */
}
