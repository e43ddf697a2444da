/* Command-line options as a table. */
#include "tool/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

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

static bool words_fit(int words, int min_words, int max_words)
{
    if (words >= min_words && words <= max_words)
        return true;
    if (words < min_words)
        fprintf(stderr, "error: something is missing on the command line\n");
    else
        fprintf(stderr, "error: there is more on the command line than this command takes\n");
    return false;
}

bool options_read(const struct option_row *rows, size_t n, int argc, char **argv, int min_words,
                  int max_words, int *first)
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
    good = good && words_fit(argc - optind, min_words, max_words);
    if (!good)
        fprintf(stderr, "Say --help behind the command to see what it takes.\n");
    *first = optind;
    return good;
}
