/* Options of the tool's commands. */
#include "tool/options.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/rfc3339.h"

enum { NAME_SIZE = 64 };

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
    bool good = options_parse(rows, n, argc, argv, first) && words_fit(argc - *first, min_words, max_words);
    if (!good)
        fprintf(stderr, "Say --help behind the command to see what it takes.\n");
    return good;
}

int option_word(const ProtobufCEnumDescriptor *e, const char *prefix, const char *text)
{
    char name[NAME_SIZE];
    if (snprintf(name, sizeof name, "%s%s", prefix, text) >= (int)sizeof name)
        return 0;
    for (char *p = name; *p != '\0'; p++)
        *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value_by_name(e, name);
    return v != NULL ? v->value : 0;
}

bool option_time(const char *option, const char *text, int64_t *seconds, int32_t *nanos)
{
    char whole[RFC3339_SIZE];
    bool is_date = rfc3339_is_date(text);
    snprintf(whole, sizeof whole, "%sT00:00:00Z", is_date ? text : "");
    if (rfc3339_parse(is_date ? whole : text, seconds, nanos))
        return true;
    fprintf(stderr,
            "error: --%s \"%s\" cannot be read; it wants a day or a time: 2026-01-31 or "
            "2026-01-31T08:00:00+01:00\n",
            option, text);
    return false;
}

bool options_password(const char *prompt, char *out, size_t size)
{
    struct termios before, quiet;
    bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (is_terminal) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        fputs(prompt, stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool got = fgets(out, (int)size, stdin) != NULL;
    if (is_terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (got)
        out[strcspn(out, "\r\n")] = '\0';
    if (!got || out[0] == '\0')
        fprintf(stderr, "error: no password was given\n");
    return got && out[0] != '\0';
}
