/* Text that somebody writes once and that is filled in for many: with fields in braces, {lead.first_name},
   {owner.name}. Most may be missing, so each of those stands either with what is written instead,

       Dear {lead.first_name|customer},

   or in brackets, whose first part of which nothing is missing is written, or nothing at all:

       [{owner.name} will call you by {due}.|{owner.name} will call you soon.][ You asked about
   {lead.product}.]

   A brace or bracket itself is written twice: [[ and {{. Parts within parts there are none; values are never
   read as fields. */
#ifndef BATON_BASE_FILL_H
#define BATON_BASE_FILL_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct refusal;

enum {
    FILL_PARTS_MAX = 256,       /* of a text */
    FILL_BYTES_MAX = 256 << 10, /* of what it becomes; what is more is left out */
};

/* The fields there are, counted from 0. */
struct fill_fields {
    const char *(*name)(uint32_t field); /* NULL: past the last one */
    bool (*is_sure)(uint32_t field);     /* it is never missing */
    /* NULL: it is missing. `from` is what fill_write was given. */
    const char *(*value)(uint32_t field, const void *from, struct arena *a);
};

struct fill_text; /* ready to be filled in */

/* Without CR before LF; false: there is a sign that no plain text has, or, in one line, its end. */
bool fill_plain(char *text, bool is_line);
/* In the arena; `fields` must outlive it. NULL: it is refused, with the place; `field` is what the text is
   called. */
struct fill_text *fill_compile(const char *text, const char *field, const struct fill_fields *fields,
                               struct arena *a, struct refusal *no);
char *fill_write(const struct fill_text *t, const void *from, struct arena *a);

#endif
