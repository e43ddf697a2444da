/* What a file's columns are to the catalogue. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "tool/catalogue.h"
#include "tool/csv_map.h"
#include "tool/list_map.h"
#include "tool/output.h"

static int field_at(const struct catalogue_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->n_fields; i++)
        if (strcmp(kind->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

static bool is_taken(const struct catalogue_map *m, int column)
{
    for (size_t i = 0; i < m->kind->n_fields; i++)
        if (m->targets[i].column == column)
            return true;
    return false;
}

/* The column that has the best of the field's names and is nothing else yet. */
static int column_for(const struct catalogue_map *m, const char *names)
{
    struct arena *a = m->file->arena;
    for (const char *p = names; *p != '\0';) {
        size_t n = strcspn(p, "|");
        for (size_t i = 0; i < m->file->n_columns; i++) {
            const char *normal = csv_map_normal(a, m->file->columns[i]);
            if (strlen(normal) == n && memcmp(normal, p, n) == 0 && !is_taken(m, (int)i))
                return (int)i;
        }
        p += n + (p[n] == '|');
    }
    return -1;
}

void catalogue_map_guess(struct catalogue_map *m, const struct catalogue_kind *kind, const struct csv_file *f)
{
    *m = (struct catalogue_map){.kind = kind, .file = f, .mark = '.', .period_word = "quarter"};
    for (size_t i = 0; i < kind->n_fields; i++)
        m->targets[i].column = -1;
    for (size_t i = 0; i < kind->n_fields; i++) {
        const char *own = csv_map_normal(f->arena, kind->fields[i].name);
        int column = column_for(m, own);
        m->targets[i].column = column >= 0 ? column : column_for(m, kind->fields[i].names);
        m->targets[i].why = "its name";
    }
}

bool catalogue_map_set(struct catalogue_map *m, const char *assignment, struct refusal *no)
{
    const char *equals = strchr(assignment, '=');
    if (equals == NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%s\" is not of the form FIELD=COLUMN",
                      assignment);
    const char *name = arena_strndup(m->file->arena, assignment, (size_t)(equals - assignment));
    int field = field_at(m->kind, name), column = csv_file_column(m->file, equals + 1);
    if (field < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "%s have no field \"%s\"", m->kind->name, name);
    if (equals[1] != '\0' && column < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the file has no column \"%s\"", equals + 1);
    m->targets[field].column = equals[1] != '\0' ? column : -1;
    m->targets[field].why = "by hand";
    return true;
}

void catalogue_map_fix(struct catalogue_map *m, const char *field, const char *value)
{
    int at = field_at(m->kind, field);
    if (at >= 0)
        m->targets[at].fixed = value;
}

const char *catalogue_map_cell(const struct catalogue_map *m, const struct csv_row *row, size_t field,
                               struct arena *a)
{
    const struct catalogue_target *t = &m->targets[field];
    const char *cell = t->column >= 0 ? row->cells[t->column] : NULL;
    if (cell != NULL && m->file->header_raw.size > 0)
        cell = cell_unguard(cell);
    const char *value = text_trim(a, cell);
    if (value == NULL || strcmp(value, "NULL") == 0 || strcmp(value, "\\N") == 0)
        value = t->fixed;
    return value;
}

/* 1: per cents all of which are one at most are parts of one, unless one of them has the sign */
static void look_at_percents(struct catalogue_map *m, size_t field)
{
    struct catalogue_target *t = &m->targets[field];
    bool has_some = false;
    t->are_fractions = true;
    for (size_t i = 0; i < m->file->n_rows; i++) {
        int64_t value;
        bool rounded;
        const struct csv_row *row = &m->file->rows[i];
        const char *cell = row->problem == NULL ? catalogue_map_cell(m, row, field, m->file->arena) : NULL;
        if (cell == NULL)
            continue;
        if (strchr(cell, '%') != NULL ||
            (catalogue_decimal(cell, m->mark, 4, &value, &rounded) && value > 10000))
            t->are_fractions = false;
        has_some = true;
    }
    t->are_fractions = t->are_fractions && has_some;
    if (t->are_fractions)
        t->why = "its name; so small that it must be parts of one";
}

/* 2: which of two numbers is the month is told by a day over 12, or by --days */
static bool look_at_days(struct catalogue_map *m, size_t field, struct refusal *no)
{
    struct catalogue_target *t = &m->targets[field];
    bool has_slashes = false;
    char day[11];
    t->order = m->order;
    for (size_t i = 0; i < m->file->n_rows && t->order == DAY_ORDER_UNKNOWN; i++) {
        const struct csv_row *row = &m->file->rows[i];
        const char *cell = row->problem == NULL ? catalogue_map_cell(m, row, field, m->file->arena) : NULL;
        if (cell == NULL)
            continue;
        t->order = catalogue_day_order(cell);
        has_slashes = has_slashes || (catalogue_day(cell, DAY_ORDER_MDY, day) &&
                                      !catalogue_day(cell, DAY_ORDER_UNKNOWN, day));
    }
    return t->order != DAY_ORDER_UNKNOWN || !has_slashes ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                  "in \"%s\" it cannot be told which number is the month: say --days dmy or --days mdy",
                  m->file->columns[t->column]);
}

static bool has(const struct catalogue_map *m, size_t field)
{
    return m->targets[field].column >= 0 || m->targets[field].fixed != NULL;
}

static bool is_named(const struct catalogue_map *m, const char *name)
{
    int at = field_at(m->kind, name);
    return at >= 0 && has(m, (size_t)at);
}

bool catalogue_map_finish(struct catalogue_map *m, struct refusal *no)
{
    for (size_t i = 0; i < m->kind->n_fields; i++) {
        const struct catalogue_field *f = &m->kind->fields[i];
        if (f->is_wanted && !has(m, i))
            return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "no column is the %s: say --map %s=COLUMN%s",
                          f->name, f->name, f->other == OTHER_BOOK ? " or --book CODE" : "");
        /* 3: money is in a currency */
        if (f->how == CELL_MONEY && has(m, i) && !is_named(m, "currency"))
            return refuse(
                no, REFUSAL_INVALID_ARGUMENT, NULL,
                "nothing says in which currency the %s is: say --currency EUR, or --map %s= to leave it out",
                f->name, f->name);
        if (!has(m, i) || m->targets[i].column < 0)
            continue;
        if (f->how == CELL_PERCENT)
            look_at_percents(m, i);
        if ((f->how == CELL_DAY || f->how == CELL_YES || f->how == CELL_PERIOD) && !look_at_days(m, i, no))
            return false;
    }
    return true;
}

void catalogue_map_show(struct tool *t, const struct catalogue_map *m, const char *path)
{
    const struct csv_file *f = m->file;
    struct grid g;
    fprintf(t->out, "%s: %s rows, %s\n", path, output_number(f->arena, f->n_rows), f->charset);
    grid_init(&g, f->arena, "field|column|because|for example");
    for (size_t i = 0; i < m->kind->n_fields; i++) {
        const struct catalogue_target *to = &m->targets[i];
        if (to->column >= 0)
            grid_add(&g, (const char *[]){m->kind->fields[i].name, f->columns[to->column], to->why,
                                          csv_file_example(f, (size_t)to->column)});
        if (to->fixed != NULL)
            grid_add(&g, (const char *[]){m->kind->fields[i].name, "", "by hand, where the file says nothing",
                                          to->fixed});
    }
    grid_print(&g, t);
    (void)fflush(t->out); /* above the progress; errors are found at the end */
}
