/* JSON lines as rows of a CSV file: an object a line, its keys are columns, those of an object inside it
   stand behind a dot. */
#include "tool/csv.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { NESTED_MAX = 2 };
static const size_t JSON_MEMORY_MAX = (size_t)4 << 30;

/* The lines are read twice: for the columns there are, then for the rows. */
struct reading {
    struct csv_file *file;
    const char **cells; /* of the row at hand; NULL: the first time */
    const char *problem;
};

static void set_cell(struct reading *r, const char *name, const char *text)
{
    struct csv_file *f = r->file;
    size_t i = 0;
    while (i < f->n_columns && strcmp(f->columns[i], name) != 0)
        i++;
    if (i == CSV_COLUMNS_MAX)
        r->problem = "it has a key beyond 1,000 different ones";
    else if (strlen(text) > CSV_CELL_MAX)
        r->problem = "a value is larger than 1 MiB";
    else if (r->cells != NULL)
        r->cells[i] = text;
    else if (i == f->n_columns)
        f->columns[f->n_columns++] = name;
}

/* What is no text stands as JSON writes it; null is nothing. */
static const char *text_of(const json_t *value, struct arena *a)
{
    if (json_is_string(value))
        return arena_strdup(a, json_string_value(value));
    if (json_is_null(value))
        return "";
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *text = dump != NULL ? arena_strdup(a, dump) : "";
    free(dump);
    return text;
}

static void read_object(struct reading *r, json_t *object, const char *prefix, int depth)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        const char *name = arena_printf(r->file->arena, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (json_is_object(value) && depth < NESTED_MAX)
            read_object(r, value, name, depth + 1);
        else
            set_cell(r, name, text_of(value, r->file->arena));
    }
}

static void read_line(struct reading *r, struct bytes text)
{
    json_error_t error;
    json_t *object = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    r->problem = NULL;
    if (json_is_object(object))
        read_object(r, object, "", 1);
    else
        r->problem = object != NULL ? "it is no JSON object"
                                    : arena_printf(r->file->arena, "it is no JSON: %s", error.text);
    json_decref(object);
}

static void read_row(struct reading *r, struct bytes text, size_t line)
{
    struct csv_file *f = r->file;
    r->cells = ARENA_ARRAY(f->arena, const char *, f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++)
        r->cells[i] = "";
    read_line(r, text);
    f->rows[f->n_rows++] = (struct csv_row){line, r->cells, text, r->problem};
}

static bool is_empty(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++)
        if (memchr(" \t\r", text.data[i], 3) == NULL)
            return false;
    return true;
}

/* The next line without its break; false at the end. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
    if (rest->size == 0)
        return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->size);
    size_t n = end != NULL ? (size_t)(end - rest->data) : rest->size, skip = n + (end != NULL);
    *line = bytes_of(rest->data, n > 0 && rest->data[n - 1] == '\r' ? n - 1 : n);
    *rest = bytes_of(rest->data + skip, rest->size - skip);
    return true;
}

static size_t read_columns(struct reading *r, struct bytes text)
{
    struct bytes line;
    size_t n = 0;
    for (; next_line(&text, &line); n++)
        if (!is_empty(line))
            read_line(r, line);
    return n;
}

static void read_rows(struct reading *r, struct bytes text)
{
    struct bytes line;
    for (size_t n = 1; next_line(&text, &line); n++)
        if (is_empty(line))
            r->file->n_empty++;
        else
            read_row(r, line, n);
}

bool csv_is_json(struct bytes content)
{
    size_t at = content.size >= 3 && memcmp(content.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < content.size && memchr(" \t\r\n", content.data[at], 4) != NULL)
        at++;
    return at < content.size && content.data[at] == '{';
}

bool csv_json_parse(struct csv_file *f, struct bytes content, struct refusal *no)
{
    struct reading r = {.file = f};
    struct bytes text;
    *f = (struct csv_file){.arena = arena_new(JSON_MEMORY_MAX), .delimiter = ','};
    bool good = csv_text_decode(content, "UTF-8", f->arena, f->charset, &text, no);
    if (good && text.size > 0) {
        text.data = arena_copy(f->arena, text.data, text.size); /* rows point to it */
        f->columns = ARENA_ARRAY(f->arena, const char *, CSV_COLUMNS_MAX);
        f->rows = ARENA_ARRAY(f->arena, struct csv_row, read_columns(&r, text));
        f->n_own = f->n_columns;
        read_rows(&r, text);
    }
    if (good && f->n_columns == 0)
        good = refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "there is no object with a key in the file");
    if (!good)
        csv_file_release(f);
    return good;
}
