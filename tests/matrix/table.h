/* The permission table (permissions.txt): one row a method, or a method and what it is about; one cell a
   role. Read by the check of the build and by the test alike, so that both mean the same. */
#ifndef BATON_TESTS_MATRIX_TABLE_H
#define BATON_TESTS_MATRIX_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/schema.h"

enum { TABLE_ROWS_MAX = 1024, TABLE_NAME_SIZE = 64 };

/* Whose record it is, as the caller sees it. */
enum whose { OWN, TEAMS, FOREIGN, WHOSE };
extern const char *const whose_names[WHOSE];

/* Who calls, in the table's order. */
enum { COLUMNS = 8 };
struct table_column {
    const char *name;
    Baton__Role role;
    bool is_person; /* has records and a team of its own */
};
extern const struct table_column table_columns[COLUMNS];

struct table_row {
    unsigned line;
    char method[TABLE_NAME_SIZE];
    char about[TABLE_NAME_SIZE]; /* the kind of record the request is about */
    char signs[COLUMNS][WHOSE];
};
struct table {
    struct table_row rows[TABLE_ROWS_MAX];
    size_t n;
};

/* Reads the file and holds it against the schema: every method and every record type has a row and every row
   a method, signs are signs. Prints a line for each thing that is wrong; returns how many there are. */
size_t table_read(struct table *t, const char *path);
/* The same of a file that has rows of some methods only. */
size_t table_read_part(struct table *t, const char *path);

/* Whether the method's service is RecordService, whose rows are about record types. */
bool table_is_of_records(const struct schema_method *m);

#endif
