/* A store written anew. */
#ifndef BATON_STORE_REWRITE_H
#define BATON_STORE_REWRITE_H

#include "store/store.h"

/* All entries of the open store, as they are, into a new data.mdb in the empty folder `dir`, in which nothing
   else is: no byte of what was changed or deleted. On the disk when it returns. False: logged. */
bool store_rewrite(struct store *s, const char *dir);

#endif
