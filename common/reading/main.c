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

/* What the file is, and the first line of the answer. NULL: it is nothing known. */
static const struct kind *find_kind(const char *extension)
{
    static char head[KIND_HEAD_SIZE];
    char media[KIND_MEDIA_SIZE] = "application/octet-stream";
    ssize_t n = pread(STDIN_FILENO, head, sizeof head, 0);
    if (n < 0 || !kind_media(head, (size_t)n, media) || !put(media, strlen(media)) || !put("\n", 1))
        return NULL;
    return kind_of(media, extension);
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

static const struct {
    enum kind_text how;
    enum ask_status (*read)(int file, struct buffer *out);
} readers[] = {
    {KIND_TEXT_PLAIN, reading_plain},
    {KIND_TEXT_HTML, reading_html},
};

static enum ask_status tell_text(char **words)
{
    const struct kind *k = find_kind(words[0]);
    struct buffer out;
    enum ask_status status = ASK_NONE;
    if (k && k->text == KIND_TEXT_PDF)
        return read_pdf();
    buffer_init(&out, PREVIEW_TEXT_MAX);
    for (size_t i = 0; k && i < sizeof readers / sizeof *readers; i++)
        if (readers[i].how == k->text)
            status = readers[i].read(STDIN_FILENO, &out);
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
