/* Reading the permission table, and what must hold of it before any request is made. */
#include "matrix/table.h"

#include <stdio.h>
#include <string.h>

#include "baton/v1/record.pb-c.h"

enum { LINE_SIZE = 512, WORDS = 2 + COLUMNS };

const char *const whose_names[WHOSE] = {"own", "team's", "foreign"};

const struct table_column table_columns[COLUMNS] = {
    {"admin", BATON__ROLE__ROLE_ADMIN, true},
    {"manager", BATON__ROLE__ROLE_MANAGER, true},
    {"rep", BATON__ROLE__ROLE_REP, true},
    {"inside", BATON__ROLE__ROLE_INSIDE, true},
    {"service", BATON__ROLE__ROLE_SERVICE, true},
    {"partner", BATON__ROLE__ROLE_PARTNER, true},
    {"nobody", BATON__ROLE__ROLE_UNSPECIFIED, false},
    {"system", BATON__ROLE__ROLE_SYSTEM, false},
};

static const char signs[] = "+=0sxf!";

/* Where problems are told and counted. */
struct reading {
    struct table *table;
    const char *path;
    size_t wrong;
};

__attribute__((format(printf, 4, 5))) static void say(struct reading *r, unsigned line, const char *name,
                                                      const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:", r->path);
    if (line)
        fprintf(stderr, "%u:", line);
    fprintf(stderr, " %s ", name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    r->wrong++;
}

bool table_is_of_records(const struct schema_method *m)
{
    return strcmp(m->service, "RecordService") == 0;
}

/* One sign stands for all three. Who has no records meets foreign ones only. */
static bool read_cell(const struct table_column *c, const char *word, char out[WHOSE])
{
    size_t n = strlen(word);
    if (strspn(word, signs) != n || (n != 1 && (n != WHOSE || !c->is_person)))
        return false;
    for (size_t i = 0; i < WHOSE; i++)
        out[i] = word[n == 1 ? 0 : i];
    return true;
}

static size_t split(char *line, const char *words[WORDS + 1])
{
    size_t n = 0;
    for (char *p = line + strspn(line, " \n"); *p && n <= WORDS; p += strspn(p, " \n")) {
        words[n++] = p;
        p += strcspn(p, " \n");
        if (*p)
            *p++ = '\0';
    }
    return n;
}

static void read_row(struct reading *r, unsigned line, const char *const words[WORDS], size_t n)
{
    struct table_row *row = &r->table->rows[r->table->n];
    if (n != WORDS || r->table->n == TABLE_ROWS_MAX) {
        say(r, line, words[0], "is not a row of %d words, or one too many", WORDS);
        return;
    }
    row->line = line;
    snprintf(row->method, sizeof row->method, "%s", words[0]);
    snprintf(row->about, sizeof row->about, "%s", words[1]);
    for (size_t i = 0; i < COLUMNS; i++)
        if (!read_cell(&table_columns[i], words[2 + i], row->signs[i]))
            say(r, line, row->method, "has no cell of %s in \"%s\"", table_columns[i].name, words[2 + i]);
    r->table->n++;
}

static void read_rows(struct reading *r, FILE *file)
{
    char line[LINE_SIZE];
    const char *words[WORDS + 1];
    for (unsigned number = 1; fgets(line, sizeof line, file); number++) {
        size_t n = *line == '#' ? 0 : split(line, words);
        if (n)
            read_row(r, number, words, n);
    }
}

static const struct table_row *find(const struct table *t, const char *method, const char *about)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->rows[i].method, method) == 0 && (!about || strcmp(t->rows[i].about, about) == 0))
            return &t->rows[i];
    return NULL;
}

static void check_methods(struct reading *r)
{
    size_t n;
    const struct schema_method *all = schema_methods(&n);
    const struct schema_message *record = schema_message(&baton__record__descriptor);
    for (size_t i = 0; i < n; i++) {
        if (!table_is_of_records(&all[i]) && !find(r->table, all[i].name, NULL))
            say(r, 0, all[i].name, "has no row: say who may call it");
        for (unsigned k = 0; table_is_of_records(&all[i]) && k < record->pb->n_fields; k++)
            if (!find(r->table, all[i].name, record->pb->fields[k].name))
                say(r, 0, all[i].name, "has no row about %s: say who may call it",
                    record->pb->fields[k].name);
    }
}

/* Some row shows the same record to the same caller. */
static bool is_shown(const struct table *t, const struct table_row *row, size_t column, size_t whose)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct schema_method *m = schema_method(t->rows[i].method);
        if (m && m->no_side_effects && strcmp(t->rows[i].about, row->about) == 0 &&
            t->rows[i].signs[column][whose] == '+')
            return true;
    }
    return false;
}

static void check_row(struct reading *r, const struct table_row *row)
{
    const struct schema_method *m = schema_method(row->method);
    const struct schema_message *record = schema_message(&baton__record__descriptor);
    if (!m)
        say(r, row->line, row->method, "is no method of the schema");
    else if (table_is_of_records(m) && !schema_field(record, row->about))
        say(r, row->line, row->method, "is about \"%s\", which is no record type", row->about);
    if (find(r->table, row->method, row->about) != row)
        say(r, row->line, row->method, "has a row about %s already", row->about);
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t w = 0; w < WHOSE; w++)
            if (row->signs[c][w] == 's' && !is_shown(r->table, row, c, w))
                say(r, row->line, row->method,
                    "is refused to %s as if they saw the %s %s, which no row shows them",
                    table_columns[c].name, whose_names[w], row->about);
}

static size_t read_table(struct table *t, const char *path, bool is_whole)
{
    struct reading r = {.table = t, .path = path};
    FILE *file = fopen(path, "re");
    t->n = 0;
    if (!file) {
        say(&r, 0, "the table", "cannot be opened");
        return r.wrong;
    }
    read_rows(&r, file);
    (void)fclose(file); /* it was only read */
    if (is_whole)
        check_methods(&r);
    for (size_t i = 0; i < t->n; i++)
        check_row(&r, &t->rows[i]);
    return r.wrong;
}

size_t table_read(struct table *t, const char *path)
{
    return read_table(t, path, true);
}

size_t table_read_part(struct table *t, const char *path)
{
    return read_table(t, path, false);
}
