/* Command-line options as a table; GNU getopt_long reads them. */
#ifndef BATON_BASE_OPTIONS_H
#define BATON_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER, OPTION_LIST };

enum { OPTION_LIST_MAX = 100 };
struct option_list {
    const char *values[OPTION_LIST_MAX];
    size_t n;
};

struct option_row {
    const char *name; /* "dry-run"; given as --dry-run */
    enum option_kind kind;
    void *value; /* bool *, const char ** (or char **), long * or struct option_list * */
};

/* Fills the values; argv[*first] to the end are the words left over. False: an option is unknown, or its
   value is missing or wrong, which is said on standard error. */
bool options_parse(const struct option_row *rows, size_t n, int argc, char **argv, int *first);

/* One of Baton's programs: it works on a data folder and takes no words. */
struct program {
    const char *name;              /* "baton-gateway" */
    const char *help;              /* what --help prints */
    const struct option_row *rows; /* besides --data, --help and --version */
    size_t n;                      /* at most PROGRAM_ROWS_MAX */
};
enum { PROGRAM_ROWS_MAX = 8 };

/* What main begins with. Fills the rows and returns the data folder. NULL: the program has nothing more to do
   and ends with *status: help or version are printed, or the command line is wrong and help stands on
   standard error. */
const char *program_options(const struct program *p, int argc, char **argv, int *status);

#endif
