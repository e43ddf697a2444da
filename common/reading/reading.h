/* What reads files, inside the sandbox. Any bytes will do; what is found is added to `out` as UTF-8, until
   that is full. The file is standard input, a plain file. */
#ifndef BATON_READING_READING_H
#define BATON_READING_READING_H

#include "base/bytes.h"
#include "base/kind.h"
#include "preview/ask.h"

enum { READING_INPUT_MAX = 16 << 20 }; /* of a file that is read as a whole */

/* Malloced; at most READING_INPUT_MAX bytes from the beginning. NULL: it cannot be read. */
uint8_t *reading_whole(int file, size_t *size);

/* Malloced and NUL-terminated, in UTF-8: by this charset, where ICU knows it, or by what the bytes look like.
   NULL: neither. `charset` may be NULL. */
char *reading_utf8(struct bytes b, const char *charset, size_t *size);

enum ask_status reading_plain(int file, struct buffer *out);
enum ask_status reading_html(int file, struct buffer *out);
/* Of bytes that are there. `charset` is what somebody said it is in; NULL: itself says, or nobody.
 */
enum ask_status reading_html_text(struct bytes html, const char *charset, struct buffer *out);
enum ask_status reading_office(enum kind_text how, int file, struct buffer *out);
enum ask_status reading_sheet(int file, struct buffer *out);
enum ask_status reading_mail(int file, struct buffer *out);
/* The image as a PNG whose longer side has at most so many pixels. */
enum ask_status reading_picture(const char *media, int side, int file, struct buffer *out);

#endif
