/* Cells of CSV that a spreadsheet does not take for formulas. */
#include "base/cell.h"

#include <string.h>

static size_t apostrophes(const char *text)
{
    size_t n = strspn(text, "'");
    return text[n] != '\0' && strchr("=+-@\t\r", text[n]) != NULL ? n + 1 : 0;
}

const char *cell_guard(const char *text, struct arena *a)
{
    return apostrophes(text) > 0 ? arena_printf(a, "'%s", text) : text;
}

const char *cell_unguard(const char *text)
{
    return apostrophes(text) > 1 ? text + 1 : text;
}

void cell_add(struct buffer *out, const char *text, bool first, struct arena *a)
{
    (void)buffer_text(out, first ? "\"" : ",\""); /* out->overflow says so, here and below */
    for (const char *p = cell_guard(text, a); *p != '\0'; p++) {
        if (*p == '"')
            (void)buffer_char(out, '"');
        (void)buffer_char(out, *p);
    }
    (void)buffer_char(out, '"');
}
