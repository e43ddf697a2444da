/* How alike two texts are. Of each text the first 64 characters count. */
#ifndef BATON_BASE_SIMILAR_H
#define BATON_BASE_SIMILAR_H

/* 0 to 1 (Jaro-Winkler; Winkler 1990): 1 is equal. NULL is like nothing. */
double similarity(const char *a, const char *b);

/* Characters put in, left out, replaced, or exchanged with their neighbour. */
unsigned edits(const char *a, const char *b);

#endif
