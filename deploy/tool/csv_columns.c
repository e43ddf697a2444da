/* Which column of a file is what, by the names it may have. */
#include <string.h>

#include "base/text.h"
#include "tool/csv_map.h"

enum { EXAMPLE_MAX = 36 };

void csv_file_columns(const struct csv_file *f, const struct csv_synonym *synonyms, size_t n, int *columns,
                      size_t n_columns)
{
    for (size_t c = 0; c < n_columns; c++)
        columns[c] = -1;
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *normal = csv_map_normal(f->arena, f->columns[i]);
        for (size_t k = 0; k < n; k++)
            if (strcmp(synonyms[k].header, normal) == 0 && columns[synonyms[k].column] < 0)
                columns[synonyms[k].column] = (int)i;
    }
}

const char *csv_file_example(const struct csv_file *f, size_t column)
{
    for (size_t i = 0; i < f->n_rows; i++) {
        const char *value = f->rows[i].problem == NULL ? text_trim(f->arena, f->rows[i].cells[column]) : NULL;
        if (value != NULL)
            return arena_strndup(f->arena, value, text_clip(value, EXAMPLE_MAX));
    }
    return "";
}
