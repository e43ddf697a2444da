/* What is asked of baton-preview, and what its answers mean. They are bytes from outside. */
#include "preview/preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    case SANDBOX_KILLED:
        return PREVIEW_TOO_MUCH;
    case SANDBOX_OFF:
        return PREVIEW_OFF;
    }
    /* poppler's tools have one status for many things. */
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

/* The first line of every answer is the file's media type. What comes behind it, NULL if there is none. */
static const char *read_found(struct buffer *out, const char *extension, struct preview_found *found)
{
    char *line = (char *)buffer_cstr(out), *end = strchr(line, '\n');
    *found = (struct preview_found){0};
    if (!end || (size_t)(end - line) >= sizeof found->media)
        return NULL;
    memcpy(found->media, line, (size_t)(end - line));
    found->kind = kind_of(found->media, extension);
    found->fits = kind_fits(found->kind, extension);
    return end + 1;
}

enum preview_end preview_text(const struct sandbox *s, int file, const char *name,
                              struct preview_found *found, struct buffer *text)
{
    static const struct sandbox_limits limits = {20000, 15, (size_t)1 << 30, 64 << 20};
    char extension[KIND_EXTENSION_SIZE];
    struct buffer out;
    buffer_init(&out, PREVIEW_TEXT_MAX + KIND_MEDIA_SIZE);
    kind_extension(name, extension);
    enum preview_end end =
        ask(s, file, (const char *const[]){"text", *extension ? extension : "-", NULL}, &limits, &out);
    const char *at = end == PREVIEW_OFF ? NULL : read_found(&out, extension, found);
    if (!at && (end == PREVIEW_DONE || end == PREVIEW_CUT))
        end = PREVIEW_BROKEN;
    if (at && (end == PREVIEW_DONE || end == PREVIEW_CUT)) {
        size_t behind = out.size - (size_t)(at - (const char *)out.data);
        if (!clean_text(text, at, behind, PREVIEW_TEXT_MAX - sizeof PREVIEW_CUT_MARK))
            end = PREVIEW_CUT;
        if (end == PREVIEW_CUT)
            (void)buffer_text(text, PREVIEW_CUT_MARK); /* there is room */
    }
    buffer_release(&out);
    return end;
}
