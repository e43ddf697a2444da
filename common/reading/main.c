/* baton-preview: what runs in the sandbox. preview/ask.h says what it is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preview/preview.h"
#include "reading/confine.h"
#include "reading/reading.h"

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

/* Becomes the program; it is found where Debian has it, or not at all. */
static enum ask_status become(const char *const *words)
{
    execv(words[0], (char *const *)words);
    perror(words[0]);
    return ASK_NONE;
}

static enum ask_status read_pdf(void)
{
    return become((const char *const[]){"/usr/bin/pdftotext", "-enc", "UTF-8", "-eol", "unix", "/dev/stdin",
                                        "-", NULL});
}

static enum ask_status read_with(enum kind_text how, struct buffer *out)
{
    switch (how) {
    case KIND_TEXT_PLAIN:
        return reading_plain(STDIN_FILENO, out);
    case KIND_TEXT_HTML:
        return reading_html(STDIN_FILENO, out);
    case KIND_TEXT_SHEET:
        return reading_sheet(STDIN_FILENO, out);
    case KIND_TEXT_WORD:
    case KIND_TEXT_SLIDES:
    case KIND_TEXT_OPEN:
        return reading_office(how, STDIN_FILENO, out);
    case KIND_TEXT_MAIL:
        return reading_mail(STDIN_FILENO, out);
    case KIND_TEXT_PDF:
        return read_pdf();
    case KIND_TEXT_OFFICE:
    case KIND_TEXT_NONE:
        break;
    }
    return ASK_NONE;
}

static enum ask_status tell_text(char **words)
{
    char media[KIND_MEDIA_SIZE];
    struct buffer out;
    if (!find_media(media))
        return ASK_BROKEN;
    if (is_sealed(media))
        return ASK_PROTECTED;
    const struct kind *k = kind_of(media, words[0]);
    buffer_init(&out, PREVIEW_TEXT_MAX);
    enum ask_status status = k ? read_with(k->text, &out) : ASK_NONE;
    return put(out.data, out.size) ? status : ASK_BROKEN;
}

static enum ask_status tell_works(char **words)
{
    return put("works\n", 6) ? ASK_DONE : ASK_BROKEN;
}

static enum ask_status run_program(char **words)
{
    return become((const char *const *)words);
}

static const struct {
    const char *name;
    int n_words; /* at least */
    enum ask_status (*answer)(char **words);
} questions[] = {
    {"works", 0, tell_works},
    {"run", 1, run_program},
    {"text", 1, tell_text},
};

static enum ask_status answer(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof questions / sizeof *questions && argc > 4; i++)
        if (strcmp(questions[i].name, argv[4]) == 0 && argc - 5 >= questions[i].n_words)
            return questions[i].answer(argv + 5);
    fprintf(stderr, "baton-preview: is run by Baton in a sandbox, not by hand\n");
    return ASK_WRONG;
}

int main(int argc, char **argv)
{
    if (argc > 4 && !confine(strtoull(argv[1], NULL, 10), (unsigned)strtoul(argv[2], NULL, 10),
                             strtoull(argv[3], NULL, 10))) {
        fprintf(stderr, "baton-preview: limits cannot be set\n");
        return ASK_TOO_MUCH;
    }
    _exit((int)answer(argc, argv)); /* nothing that is left is needed by anybody */
}
