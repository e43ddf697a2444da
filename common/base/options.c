/* Command-line options as a table, and what all programs have in common. */
#include "base/options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static bool number_of(const char *name, const char *text, long *out)
{
    char *end;
    errno = 0;
    *out = strtol(text, &end, 10);
    if (*text != '\0' && *end == '\0' && errno == 0 && *out >= 0)
        return true;
    fprintf(stderr, "error: --%s wants a number, not \"%s\"\n", name, text);
    return false;
}

static bool store(const struct option_row *row, const char *text)
{
    struct option_list *list = row->value;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)row->value = true;
        return true;
    case OPTION_TEXT:
        *(const char **)row->value = text;
        return true;
    case OPTION_NUMBER:
        return number_of(row->name, text, row->value);
    case OPTION_LIST:
        if (list->n < OPTION_LIST_MAX) {
            list->values[list->n++] = text;
            return true;
        }
        fprintf(stderr, "error: --%s is given more than %d times\n", row->name, OPTION_LIST_MAX);
        return false;
    }
    return false;
}

bool options_parse(const struct option_row *rows, size_t n, int argc, char **argv, int *first)
{
    struct option *table = calloc(n + 1, sizeof *table);
    bool good = table != NULL;
    int index = 0, c;
    for (size_t i = 0; good && i < n; i++)
        table[i] = (struct option){rows[i].name,
                                   rows[i].kind == OPTION_FLAG ? no_argument : required_argument, NULL, 0};
    optind = 0; /* glibc: start anew */
    while (good && (c = getopt_long(argc, argv, "", table, &index)) != -1)
        good = c == 0 && store(&rows[index], optarg);
    free(table);
    *first = optind;
    return good;
}

const char *program_options(const struct program *p, int argc, char **argv, int *status)
{
    const char *data = NULL;
    bool help = false, version = false;
    struct option_row rows[3 + PROGRAM_ROWS_MAX] = {
        {"data", OPTION_TEXT, &data}, {"help", OPTION_FLAG, &help}, {"version", OPTION_FLAG, &version}};
    int first;
    assert(p->n <= PROGRAM_ROWS_MAX);
    for (size_t i = 0; i < p->n; i++)
        rows[3 + i] = p->rows[i];
    bool good = options_parse(rows, 3 + p->n, argc, argv, &first) && first == argc && data != NULL;
    if (!help && !version && good)
        return data;
    *status = help || version ? EXIT_SUCCESS : EXIT_USAGE;
    if (version && !help)
        (void)printf("%s " BATON_VERSION "\n", p->name); /* nowhere to complain */
    else
        (void)fputs(p->help, help ? stdout : stderr); /* as above */
    return NULL;
}
