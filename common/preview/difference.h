/* What is different between two texts: by lines, and within lines that changed by words. */
#ifndef BATON_PREVIEW_DIFFERENCE_H
#define BATON_PREVIEW_DIFFERENCE_H

#include <stddef.h>

struct arena;

enum {
    DIFFERENCE_PIECES_MAX = 20000,
    DIFFERENCE_STEPS_MAX =
        1500, /* lines, or words of a change, that may differ before all of it counts as one change */
};

enum difference_sort { DIFFERENCE_SAME, DIFFERENCE_GONE, DIFFERENCE_NEW };

/* Bytes of the text before (SAME, GONE) or of the one after (NEW). */
struct difference_piece {
    enum difference_sort sort;
    size_t at, size;
};

/* Whatever the texts: SAME and GONE together are the one before, SAME and NEW the one after, in their order.
   The pieces are in the arena; it takes 40 bytes of it for each line, and up to 20 MiB. Returns how many; 0:
   both are empty, or the arena is full. Where there are more than DIFFERENCE_PIECES_MAX all of it is one
   change. */
size_t difference_read(struct arena *a, const char *before, const char *after,
                       struct difference_piece **pieces);

#endif
