/* A CSV file as it comes from anywhere; libcsv finds the cells, this file keeps where they came from. */
#include "tool/csv.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { GUESS_ROWS = 50 };
static const size_t CSV_MEMORY_MAX = (size_t)4 << 30;

/* One run over the text. */
struct reading {
    struct csv_file *file;
    struct bytes text;
    struct csv_parser parser;
    size_t at, line, row_start, row_line;
    bool in_row, has_header;
    const char **cells;
    size_t n_cells, cells_capacity, rows_capacity;
    const char *problem;
    bool out_of_memory;
};

static void on_cell(void *data, size_t size, void *arg)
{
    struct reading *r = arg;
    if (size > CSV_CELL_MAX)
        r->problem = "a cell is larger than 1 MiB";
    else if (size > 0 && memchr(data, 0, size) != NULL)
        r->problem = "it contains a NUL character";
    if (r->n_cells == CSV_COLUMNS_MAX)
        r->problem = "it has more than 1,000 columns";
    if (r->n_cells == CSV_COLUMNS_MAX || r->problem != NULL)
        return;
    char *copy = arena_try(r->file->arena, size + 1);
    r->out_of_memory = r->out_of_memory || copy == NULL;
    if (copy == NULL)
        return;
    if (size > 0)
        memcpy(copy, data, size);
    r->cells[r->n_cells++] = copy;
}

static bool all_empty(const char *const *cells, size_t from, size_t n)
{
    for (size_t i = from; i < n; i++)
        if (cells[i][0] != '\0')
            return false;
    return true;
}

static bool name_taken(const struct csv_file *f, const char *name)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (strcmp(f->columns[i], name) == 0)
            return true;
    return false;
}

static size_t same_before(const char *const *cells, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < i; k++)
        n += strcmp(cells[k], cells[i]) == 0;
    return n;
}

/* Rows that cannot be taken may stand in front of the header. */
static void fill_rows_before(struct csv_file *f)
{
    const char **cells = f->n_rows > 0 ? ARENA_ARRAY(f->arena, const char *, f->n_columns) : NULL;
    for (size_t i = 0; cells != NULL && i < f->n_columns; i++)
        cells[i] = "";
    for (size_t i = 0; i < f->n_rows; i++)
        f->rows[i].cells = cells;
}

static void take_header(struct reading *r, struct bytes raw)
{
    struct csv_file *f = r->file;
    size_t n = r->n_cells;
    while (n > 1 && r->cells[n - 1][0] == '\0') /* a delimiter at the end of the line */
        n--;
    f->columns = ARENA_ARRAY(f->arena, const char *, n);
    f->header_raw = raw;
    for (size_t i = 0; i < n; i++) {
        const char *name = r->cells[i];
        if (name[0] == '\0')
            name = arena_printf(f->arena, "column %zu", i + 1);
        for (size_t again = same_before(r->cells, i) + 1; name_taken(f, name); again++)
            name = arena_printf(f->arena, "%s (%zu)", r->cells[i], again);
        f->columns[f->n_columns++] = name;
    }
    f->n_own = f->n_columns;
    fill_rows_before(f);
    r->has_header = true;
}

/* Room for one more row; rows live in the arena and are few enough to be copied now and then. */
static struct csv_row *new_row(struct reading *r)
{
    struct csv_file *f = r->file;
    if (f->n_rows == r->rows_capacity) {
        size_t capacity = r->rows_capacity ? r->rows_capacity * 2 : 1024;
        struct csv_row *rows = arena_try(f->arena, capacity * sizeof *rows);
        r->out_of_memory = r->out_of_memory || rows == NULL;
        if (rows == NULL)
            return NULL;
        if (f->n_rows > 0)
            memcpy(rows, f->rows, f->n_rows * sizeof *rows);
        f->rows = rows;
        r->rows_capacity = capacity;
    }
    return &f->rows[f->n_rows++];
}

static void take_row(struct reading *r, struct bytes raw)
{
    struct csv_file *f = r->file;
    size_t columns = f->n_columns, n = r->n_cells < columns ? r->n_cells : columns;
    if (r->problem == NULL && all_empty(r->cells, 0, r->n_cells)) {
        f->n_empty++;
        return;
    }
    struct csv_row *row = new_row(r);
    const char **cells = row != NULL ? arena_try(f->arena, (columns ? columns : 1) * sizeof *cells) : NULL;
    r->out_of_memory = r->out_of_memory || cells == NULL;
    if (cells == NULL)
        return;
    if (n > 0)
        memcpy(cells, r->cells, n * sizeof *cells);
    for (size_t i = n; i < columns; i++)
        cells[i] = "";
    *row = (struct csv_row){r->row_line, cells, raw, r->problem};
    if (r->problem == NULL && !all_empty(r->cells, columns, r->n_cells))
        row->problem =
            arena_printf(f->arena, "it has %zu columns where the header has %zu", r->n_cells, columns);
}

static void end_row(struct reading *r, size_t end)
{
    struct bytes raw = bytes_of(r->text.data + r->row_start, end - r->row_start);
    if (!r->has_header && r->problem == NULL)
        take_header(r, raw);
    else
        take_row(r, raw);
    r->in_row = false;
    r->n_cells = 0;
    r->problem = NULL;
}

static void on_row(int terminator, void *arg)
{
    struct reading *r = arg;
    if (r->in_row)
        end_row(r, terminator == -1 ? r->text.size : r->at);
}

static void parser_start(struct reading *r)
{
    int rc = csv_init(&r->parser, 0);
    assert(rc == 0);
    csv_set_delim(&r->parser, (unsigned char)r->file->delimiter);
}

/* A byte at a time, so that the callbacks know where they are. False: no memory. */
static bool feed(struct reading *r)
{
    const uint8_t *text = r->text.data;
    for (; r->at < r->text.size && !r->out_of_memory; r->at++) {
        uint8_t c = text[r->at];
        if (!r->in_row && c != '\n' && c != '\r') {
            r->in_row = true;
            r->row_start = r->at;
            r->row_line = r->line;
        }
        if (csv_parse(&r->parser, &c, 1, on_cell, on_row, r) != 1)
            return false;
        bool crlf = c == '\r' && r->at + 1 < r->text.size && text[r->at + 1] == '\n';
        r->line += c == '\n' || (c == '\r' && !crlf);
    }
    return !r->out_of_memory;
}

/* A quote was never closed: its first line becomes a row with a problem, and reading goes on behind that
 * line. */
static void recover(struct reading *r, bool give_up)
{
    size_t end = r->row_start;
    while (end < r->text.size && (give_up || (r->text.data[end] != '\n' && r->text.data[end] != '\r')))
        end++;
    r->problem = "it has a quote that is never closed";
    r->n_cells = 0;
    r->at = end;
    r->line = r->row_line;
    end_row(r, end);
    csv_free(&r->parser);
    parser_start(r);
}

/* False: a quote is still open. Only the end is strict: libcsv makes the best of everything before it. */
static bool finish(struct reading *r)
{
    (void)csv_set_opts(&r->parser, CSV_STRICT | CSV_STRICT_FINI); /* fails for NULL only */
    return csv_fini(&r->parser, on_cell, on_row, r) == 0;
}

static bool read_rows(struct reading *r)
{
    unsigned unclosed = 0;
    bool good;
    parser_start(r);
    while ((good = feed(r)) && !finish(r)) {
        assert(r->in_row);
        recover(r, ++unclosed >= CSV_UNCLOSED_MAX);
    }
    csv_free(&r->parser);
    return good && !r->out_of_memory;
}

/* --- guessing the delimiter --- */

struct guess {
    size_t cells, rows, header, agree;
};

static void guess_cell(void *data, size_t size, void *arg)
{
    ((struct guess *)arg)->cells++;
}

static void guess_row(int terminator, void *arg)
{
    struct guess *g = arg;
    if (g->rows == 0)
        g->header = g->cells;
    g->agree += g->rows < GUESS_ROWS && g->cells == g->header;
    g->rows++;
    g->cells = 0;
}

/* How well the first rows agree on a number of columns; one column proves nothing. */
static size_t score_of(struct bytes text, char delimiter)
{
    struct csv_parser p;
    struct guess g = {0};
    int rc = csv_init(&p, 0);
    assert(rc == 0);
    csv_set_delim(&p, (unsigned char)delimiter);
    for (size_t at = 0; at < text.size && g.rows < GUESS_ROWS; at++)
        if (csv_parse(&p, text.data + at, 1, guess_cell, guess_row, &g) != 1)
            break;
    (void)csv_fini(&p, guess_cell, guess_row, &g); /* not strict: cannot fail */
    csv_free(&p);
    return g.header > 1 ? g.agree * CSV_COLUMNS_MAX + g.header : 0;
}

/* Excel writes "sep=;" above the header. */
static bool take_separator_line(struct bytes *text, size_t *line, char *delimiter)
{
    if (text->size < 6 || strncasecmp((const char *)text->data, "sep=", 4) != 0 ||
        (text->data[5] != '\r' && text->data[5] != '\n'))
        return false;
    *delimiter = (char)text->data[4];
    size_t skip = text->data[5] == '\r' && text->size > 6 && text->data[6] == '\n' ? 7 : 6;
    text->data += skip;
    text->size -= skip;
    (*line)++;
    return true;
}

static char guess_delimiter(struct bytes text)
{
    static const char delimiters[] = {',', ';', '\t', '|'};
    char best = ',';
    size_t best_score = 0;
    for (size_t i = 0; i < sizeof delimiters; i++) {
        size_t score = score_of(text, delimiters[i]);
        if (score > best_score) {
            best = delimiters[i];
            best_score = score;
        }
    }
    return best;
}

/* A program or a picture: more than one byte in a hundred is NUL. A stray one is its row's problem. */
static bool is_text(struct bytes text)
{
    size_t nuls = 0;
    for (size_t i = 0; i < text.size; i++)
        nuls += text.data[i] == 0;
    return nuls <= text.size / 100 + 1;
}

bool csv_file_parse(struct csv_file *f, struct bytes content, const struct csv_options *o, struct refusal *no)
{
    struct reading r = {.file = f, .line = 1};
    *f = (struct csv_file){.arena = arena_new(CSV_MEMORY_MAX), .delimiter = o->delimiter};
    bool good = csv_text_decode(content, o->charset, f->arena, f->charset, &r.text, no);
    if (good && !is_text(r.text))
        good = refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the file is not text");
    if (good && !take_separator_line(&r.text, &r.line, &f->delimiter) && f->delimiter == 0)
        f->delimiter = guess_delimiter(r.text);
    /* What rows point to must outlive the caller's bytes. */
    if (good && r.text.size > 0)
        r.text.data = arena_copy(f->arena, r.text.data, r.text.size);
    r.cells = ARENA_ARRAY(f->arena, const char *, CSV_COLUMNS_MAX);
    if (good && !read_rows(&r))
        good = refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the file does not fit into memory");
    if (good && !r.has_header)
        good = refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "there is no header: the file has no readable row");
    if (!good)
        csv_file_release(f);
    return good;
}

static bool read_all(FILE *in, const char *path, struct buffer *b, struct refusal *no)
{
    enum { CHUNK = 1 << 16 };
    size_t n = CHUNK;
    while (n == CHUNK) {
        uint8_t *room = buffer_room(b, CHUNK);
        if (room == NULL)
            return refuse(no, REFUSAL_OUT_OF_RANGE, NULL, "%s is larger than %d MiB", path,
                          CSV_FILE_MAX >> 20);
        n = fread(room, 1, CHUNK, in);
        b->size += n;
    }
    return !ferror(in) || refuse(no, REFUSAL_UNKNOWN, NULL, "%s: %s", path, strerror(errno));
}

bool csv_file_read(struct csv_file *f, const char *path, const struct csv_options *o, struct refusal *no)
{
    struct buffer b;
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (in == NULL)
        return refuse(no, REFUSAL_NOT_FOUND, NULL, "%s: %s", path, strerror(errno));
    buffer_init(&b, CSV_FILE_MAX);
    bool good = read_all(in, path, &b, no) &&
                (csv_is_json(buffer_bytes(&b)) ? csv_json_parse(f, buffer_bytes(&b), no)
                                               : csv_file_parse(f, buffer_bytes(&b), o, no));
    buffer_release(&b);
    if (in != stdin)
        (void)fclose(in); /* only read */
    return good;
}

void csv_file_release(struct csv_file *f)
{
    arena_free(f->arena);
    *f = (struct csv_file){0};
}

int csv_file_column(const struct csv_file *f, const char *name)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (strcasecmp(f->columns[i], name) == 0)
            return (int)i;
    return -1;
}
