/* Joining two CSV files by the value of a column. */
#include "tool/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct keyed {
    const char *key;
    size_t row;
};

/* By key, and among equal keys by row: the first row is found first. */
static int compare(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static struct keyed *index_of(const struct csv_file *f, size_t column, struct arena *a, size_t *n)
{
    struct keyed *index = ARENA_ARRAY(a, struct keyed, f->n_rows);
    *n = 0;
    for (size_t i = 0; i < f->n_rows; i++) {
        const char *key = f->rows[i].problem == NULL ? text_fold(a, f->rows[i].cells[column]) : NULL;
        if (key != NULL)
            index[(*n)++] = (struct keyed){key, i};
    }
    qsort(index, *n, sizeof *index, compare);
    return index;
}

/* The first of the rows with this key; NULL if there is none. */
static const struct keyed *lookup(const struct keyed *index, size_t n, const char *key)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(index[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && strcmp(index[low].key, key) == 0 ? &index[low] : NULL;
}

static void join_header(struct csv_file *f, const struct csv_file *other, size_t skip)
{
    const char **columns = ARENA_ARRAY(f->arena, const char *, f->n_columns + other->n_columns);
    memcpy(columns, f->columns, f->n_columns * sizeof *columns);
    size_t n = f->n_columns;
    for (size_t i = 0; i < other->n_columns; i++) {
        const char *name = other->columns[i];
        if (i != skip)
            columns[n++] = csv_file_column(f, name) < 0 ? name : arena_printf(f->arena, "%s (joined)", name);
    }
    f->columns = columns;
    f->n_columns = n;
}

static void join_row(struct csv_file *f, struct csv_row *row, size_t old_columns,
                     const struct csv_file *other, const struct csv_row *match, size_t skip)
{
    const char **cells = ARENA_ARRAY(f->arena, const char *, f->n_columns);
    memcpy(cells, row->cells, old_columns * sizeof *cells);
    size_t n = old_columns;
    for (size_t i = 0; i < other->n_columns; i++)
        if (i != skip)
            cells[n++] = match != NULL ? match->cells[i] : "";
    row->cells = cells;
}

bool csv_file_join(struct csv_file *f, const struct csv_file *other, const char *theirs, const char *ours,
                   size_t *matched, struct refusal *no)
{
    int their_column = csv_file_column(other, theirs), our_column = csv_file_column(f, ours);
    size_t n, old_columns = f->n_columns;
    if (their_column < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the joined file has no column \"%s\"", theirs);
    if (our_column < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the file has no column \"%s\" to join by", ours);
    struct keyed *index = index_of(other, (size_t)their_column, f->arena, &n);
    join_header(f, other, (size_t)their_column);
    *matched = 0;
    for (size_t i = 0; i < f->n_rows; i++) {
        const char *key = text_fold(f->arena, f->rows[i].cells[our_column]);
        const struct keyed *found = key != NULL ? lookup(index, n, key) : NULL;
        join_row(f, &f->rows[i], old_columns, other, found != NULL ? &other->rows[found->row] : NULL,
                 (size_t)their_column);
        *matched += found != NULL;
    }
    return true;
}
