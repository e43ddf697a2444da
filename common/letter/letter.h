/* Mails taken apart by GMime: their text, and what is attached. Any bytes will do; costs time and memory in
   proportion to them. */
#ifndef BATON_LETTER_LETTER_H
#define BATON_LETTER_LETTER_H

#include <gmime/gmime.h>

#include "base/bytes.h"

enum { LETTER_PARTS_MAX = 500 };

/* NULL with *too_many: it has more parts than are read; without: it cannot be read. To be given back by
   g_object_unref. */
GMimeMessage *letter_open(struct bytes raw, bool *too_many);

/* Whoever is told of the parts. Texts are UTF-8; one is better than those before: plain text than HTML, the
   first than the next. */
struct letter_reader {
    void (*on_text)(void *arg, const char *text, bool is_html);
    void (*on_attached)(void *arg, GMimePart *part);
    void *arg;
};
void letter_read(GMimeMessage *m, const struct letter_reader *r);

#endif
