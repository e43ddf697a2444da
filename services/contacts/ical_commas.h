/* Commas and semicolons behind a backslash: where libical does not know what a line means, it forgets the
   backslash, and in lists of texts it does so when it writes. And of a backslash before a character that is
   none of ASCII it takes the first byte of the character with it. So signs that no calendar has stand for
   them while it reads and writes. */
#ifndef BATON_CONTACTS_ICAL_COMMAS_H
#define BATON_CONTACTS_ICAL_COMMAS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ICAL_COMMA = '\x01', ICAL_SEMICOLON = '\x02', ICAL_BACKSLASH = '\x03' };

/* What a sign stands for; '\0': it is none. */
static inline char ical_meant(char sign)
{
    static const char meant[] = {[ICAL_COMMA] = ',', [ICAL_SEMICOLON] = ';', [ICAL_BACKSLASH] = '\\'};
    return (unsigned char)sign < sizeof meant ? meant[(unsigned char)sign] : '\0';
}

/* In place, before libical reads it. */
static inline void ical_hide_commas(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        if (*at == '\\' && (at[1] == ',' || at[1] == ';')) {
            *to++ = *++at == ',' ? ICAL_COMMA : ICAL_SEMICOLON;
            continue;
        }
        *to++ = *at == '\\' && (unsigned char)at[1] >= 0x80 ? ICAL_BACKSLASH : *at;
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
        const char meant = ical_meant(*at);
        if (meant)
            *to++ = '\\';
        *to++ = meant ? meant : *at;
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
        *text = ical_meant(*text) ? ical_meant(*text) : *text;
}

#endif
