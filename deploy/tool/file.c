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
