/* Command-line options as a table; GNU getopt_long reads them. */
#ifndef BATON_TOOL_OPTIONS_H
#define BATON_TOOL_OPTIONS_H

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
    void *value; /* bool *, const char **, long * or struct option_list * */
};

/* Fills the values. Returns true if every option is known and the number of words left over is between
   min_words and max_words; they are then argv[*first] to the end. Otherwise says what is wrong on standard
   error, with a pointer to --help: the command ends with TOOL_USAGE. */
bool options_read(const struct option_row *rows, size_t n, int argc, char **argv, int min_words,
                  int max_words, int *first);

#endif
