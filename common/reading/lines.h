/* Text as it is put together out of pieces, until there is no room. */
#ifndef BATON_READING_LINES_H
#define BATON_READING_LINES_H

#include "base/bytes.h"

struct lines {
    struct buffer *out;
    bool is_full;
};

/* As it stands. */
void lines_raw(struct lines *l, const char *text, size_t size);
/* White space of any length is one space, and none where a line begins. */
void lines_flow(struct lines *l, const char *text, size_t size);
/* The line is over, if anything stands in it. */
void lines_end(struct lines *l);
/* What comes is of the next column; nothing where a line begins. */
void lines_column(struct lines *l);
/* The same where the line is over already: it goes on. */
void lines_beside(struct lines *l);

#endif
