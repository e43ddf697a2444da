/* vCards: version 2.1 (versit, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350; parameters by RFC 6868), read into
   one form and written as 3.0 or 4.0; and what of them is a contact or an account of ours.

   One form: lines are unfolded, text is UTF-8, quoted-printable and the character sets of 2.1 are gone,
   values are escaped as 3.0 and 4.0 do (\n \, \; \\). A value in base64 stands without white space and has
   the parameter ENCODING=b, also where 4.0 had it in a data: URI; its media type is the parameter TYPE. */
#ifndef BATON_CARDS_CARD_H
#define BATON_CARDS_CARD_H

#include "base/arena.h"
#include "base/bytes.h"
#include "baton/v1/contacts.pb-c.h"

enum {
    CARD_LINES_MAX = 500,   /* of a card */
    CARD_PARAMS_MAX = 32,   /* of a line */
    CARD_LINE_MAX = 66000,  /* bytes of a line, unfolded: longer ones are left out */
    CARD_REST_MAX = 65536,  /* bytes of vcard_rest */
    CARD_REMARKS_MAX = 500, /* bytes of remarks of a card */
};

struct card_param {
    const char *name; /* upper case */
    const char *value;
};

struct card_line {
    const char *group; /* NULL: none */
    const char *name;  /* upper case */
    struct card_param *params;
    size_t n_params;
    char *value;
};

struct card {
    size_t at_line;          /* of the file, counted from 1 */
    struct bytes raw;        /* its own bytes */
    const char *problem;     /* why it cannot be taken; NULL: it can */
    const char *remarks;     /* what was left out and why, "" if nothing was */
    struct card_line *lines; /* without BEGIN, END and VERSION */
    size_t n_lines;
};

enum card_version { CARD_3, CARD_4 };

struct card_reader {
    struct bytes rest;
    size_t line;
    const char *charset;
};

/* `charset` is of values that name none and are not UTF-8; NULL: windows-1252. The content is not copied. */
void card_read_begin(struct card_reader *r, struct bytes content, const char *charset);
/* The next card, in the arena. What stands between cards and is none becomes one with a problem. False: there
   are no more. */
bool card_next(struct card_reader *r, struct card *c, struct arena *a);

/* Whether the word is among these bytes, whatever its case. */
bool card_has_word(const char *text, size_t n, const char *word);

/* Lines of the one form, one a line, as vcard_rest has them: there and back. card_text gives NULL if it is
   longer than `max`. */
void card_lines_parse(const char *text, struct card *c, struct arena *a);
const char *card_lines_text(const struct card_line *lines, size_t n, size_t max, struct arena *a);

/* Writes a whole card with these lines. False: over the buffer's limit. */
bool card_write(const struct card_line *lines, size_t n, enum card_version v, struct buffer *out);

/* --- values (value.c) --- */

/* \n \, \; \\ to what they stand for, and back. */
char *card_unescape(const char *value, size_t size, struct arena *a);
char *card_escape(const char *text, struct arena *a);
/* Component `i` of a structured value (N, ADR, ORG), unescaped; NULL: it is not there or empty. */
char *card_component(const char *value, size_t i, struct arena *a);
/* Whether a parameter TYPE of the line has this value, without regard to case. */
bool card_is_type(const struct card_line *l, const char *type);
const char *card_param(const struct card_line *l, const char *name);
bool card_is_preferred(const struct card_line *l);
/* "JPEG" as "image/jpeg", and back; NULL: it is not known. */
const char *card_media_of(const char *type);
const char *card_type_of(const char *media);
#define CARD_MEDIA_ANY "application/octet-stream"

/* Of bytes in this character set (ICU's names); NULL: it is not known, or they are not in it. (decode.c) */
char *card_decode_text(struct bytes raw, const char *charset, struct arena *a);
/* From a value as it stands in the file to the one form; takes ENCODING and CHARSET from the line. NULL:
   `*why` says what is wrong with it. (decode.c) */
char *card_decode_value(struct card_line *l, struct bytes raw, bool is_21, const char *charset,
                        struct arena *a, const char **why);

/* --- contacts and accounts (people.c) --- */

/* Fills the contact; what there is no field for becomes vcard_rest. *company is the name in ORG, NULL: none.
   What does not fit is told in card->remarks. */
void card_to_contact(struct card *c, Baton__Contact *contact, const char **company, struct arena *a);
void card_to_account(struct card *c, Baton__Account *account, struct arena *a);
/* The record as a card. `company` is the account's name, NULL: none. False: over the buffer's limit. */
bool card_of_contact(const Baton__Contact *contact, const char *company, enum card_version v, struct arena *a,
                     struct buffer *out);
bool card_of_account(const Baton__Account *account, enum card_version v, struct arena *a, struct buffer *out);

#endif
