/* A store to be thrown away: rows made once more from a log. */
#ifndef BATON_STORE_SCRATCH_H
#define BATON_STORE_SCRATCH_H

#include <stdbool.h>

enum { SCRATCH_PATH_SIZE = 4096 };

/* A new folder in `parent`; NULL: in $TMPDIR, or else in /tmp. False: errno says why; `dir` is what was
 * tried.
 */
bool scratch_make(const char *parent, char dir[SCRATCH_PATH_SIZE]);
/* Also while the store is open: nothing is left over then, however the program ends. */
void scratch_remove(const char *dir);
/* Those that were left over in `parent`, which is the caller's alone. */
void scratch_clear(const char *parent);

#endif
