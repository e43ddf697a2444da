/* What ICU knows of languages: how they write a date, and which one stands for another. */
#ifndef BATON_BASE_LOCALE_H
#define BATON_BASE_LOCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
    LOCALE_CHAIN_MAX = 8,
    LOCALE_TAG_MAX = 35,   /* bytes of a BCP 47 tag; longer ones are none */
    LOCALE_DATE_SIZE = 160 /* bytes of a date as text, with its NUL */
};

/* What may stand for the language of a BCP 47 tag, the nearest first, in lower case: zh-tw, zh-hant-tw,
   zh-hant, zh. In the arena; 0: it is no tag, or NULL. Without `scripts` what follows from a script that the
   tag does not say is left out: zh-tw, zh. */
size_t locale_chain(const char *tag, bool scripts, struct arena *a, const char *out[LOCALE_CHAIN_MAX]);

/* Whether it looks like a BCP 47 tag: letters and digits, 1 to 8 together, "-" between; a language first. */
bool locale_is_tag(const char *tag);

struct locale_date; /* how a language writes a day and a time; belongs to one thread */

/* Of a language that is NULL or not known: 2026-11-25 14:05. Never NULL but for memory. */
struct locale_date *locale_date_new(const char *tag);
void locale_date_free(struct locale_date *d); /* NULL is fine */

/* "Wednesday, November 25, 2026 at 2:05 PM (UTC+1)": the time where clocks are that far before UTC. */
void locale_date_write(const struct locale_date *d, int64_t time_us, int offset_minutes,
                       char out[LOCALE_DATE_SIZE]);

/* "November 25, 2026"; of a language that is NULL or not known: 2026-11-25. In the arena. */
char *locale_day(const char *tag, int year, int month, int day, struct arena *a);
/* What a country of that ISO 3166-1 code is called there, in capitals: "GERMANY"; of a code that is NULL or
   not known `otherwise`, in capitals, too. English where the language is NULL or not known. In the arena. */
char *locale_country(const char *tag, const char *code, const char *otherwise, struct arena *a);

#endif
