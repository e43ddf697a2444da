/* Stores of services that follow each other, at one moment: what any of them has read of another is in that
   other's log. They follow in circles, so no order of taking them gives that by itself. */
#ifndef BATON_STORE_CUT_H
#define BATON_STORE_CUT_H

#include "store/copy.h"

enum { CUT_PARTS_MAX = 16, CUT_TRIES = 100 };

struct cut_part {
    const char *service;
    struct store *store;       /* the caller's, as are the names */
    struct snapshot *snapshot; /* NULL: not taken */
    unsigned turn;             /* its place among all takings */
};
/* All zero: no parts. */
struct cut {
    struct cut_part parts[CUT_PARTS_MAX];
    size_t n;
    unsigned turns;
};

void cut_add(struct cut *c, const char *service, struct store *store);
/* Takes every part, and those that are behind anew. False: logged; where services go on so fast that none of
   CUT_TRIES was a moment, asking again is safe. */
bool cut_take(struct cut *c);
/* Frees the snapshots; whose is freed already is NULL. Before the stores are closed. */
void cut_end(struct cut *c);

/* The steps of cut_take: takes this part as it is now, instead of as it was (false: logged); */
bool cut_take_part(struct cut *c, struct cut_part *p);
/* one that another has read further than it reaches, NULL: none. All parts have been taken. */
struct cut_part *cut_behind(struct cut *c);

#endif
