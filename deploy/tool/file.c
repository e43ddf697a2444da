/* Reads the files that commands are given. */
#include "tool/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tool/tool.h"

enum { PIECE = 64 << 10 };

static bool read_all(FILE *f, struct buffer *b)
{
    uint8_t *room;
    size_t n;
    while ((room = buffer_room(b, PIECE)) != NULL && (n = fread(room, 1, PIECE, f)) > 0)
        b->size += n;
    return !b->overflow && ferror(f) == 0;
}

bool file_read(const char *path, struct buffer *out)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    bool is_read = f != NULL && read_all(f, out);
    if (!is_read)
        fprintf(stderr, "error: cannot read %s: %s\n", path,
                out->overflow ? "it is too large" : strerror(errno));
    if (f != NULL && f != stdin)
        (void)fclose(f); /* only read */
    return is_read;
}

bool file_read_csv(const char *path, const struct csv_options *o, struct csv_file *out)
{
    struct refusal no;
    bool is_read = csv_file_read(out, path, o, &no);
    if (!is_read)
        (void)tool_refused(&no); /* the file, not Baton: the caller ends with its own code */
    return is_read;
}

bool file_join(struct csv_file *file, struct csv_file *other, const char *with, struct tool *t,
               struct refusal *no)
{
    const char *colon = strrchr(with, ':');
    size_t matched;
    if (colon == NULL || colon == with)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "--with wants FILE.csv:COLUMN, not \"%s\"", with);
    const char *path = arena_strndup(file->arena, with, (size_t)(colon - with));
    char *theirs = arena_strdup(file->arena, colon + 1), *equals = strchr(theirs, '=');
    const char *ours = equals != NULL ? equals + 1 : theirs;
    if (equals != NULL)
        *equals = '\0';
    if (!csv_file_read(other, path, &(struct csv_options){0}, no))
        return false;
    if (!csv_file_join(file, other, theirs, ours, &matched, no))
        return false;
    if (!t->json)
        fprintf(t->out, "%s: %zu of %zu rows have their \"%s\" there\n", path, matched, file->n_rows, ours);
    return true;
}
