/* Commas and semicolons behind a backslash: where libical does not know what a line means, it forgets the
   backslash, and in lists of texts it does so when it writes. So signs that no calendar has stand for them
   while it reads and writes. */
#ifndef BATON_CONTACTS_ICAL_COMMAS_H
#define BATON_CONTACTS_ICAL_COMMAS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ICAL_COMMA = '\x01', ICAL_SEMICOLON = '\x02' };

/* In place, before libical reads it. */
static inline void ical_hide_commas(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        if (*at == '\\' && (at[1] == ',' || at[1] == ';')) {
            *to++ = *++at == ',' ? ICAL_COMMA : ICAL_SEMICOLON;
            continue;
        }
        *to++ = *at;
        if (*at == '\\' && at[1] == '\\')
            *to++ = *++at;
    }
    *to = '\0';
}

/* Takes what libical has written and gives another text, malloced; NULL: no memory, or there was none. */
static inline char *ical_show_commas(char *text)
{
    char *out = text ? malloc(2 * strlen(text) + 1) : NULL, *to = out;
    for (const char *at = text; out && *at; at++) {
        const bool is_hidden = *at == ICAL_COMMA || *at == ICAL_SEMICOLON;
        if (is_hidden)
            *to++ = '\\';
        *to++ = !is_hidden ? *at : *at == ICAL_COMMA ? ',' : ';';
    }
    if (out)
        *to = '\0';
    free(text);
    return out;
}

/* In place: what a text means. */
static inline void ical_plain_commas(char *text)
{
    for (; text && *text; text++)
        *text = *text == ICAL_COMMA ? ',' : *text == ICAL_SEMICOLON ? ';' : *text;
}

#endif
