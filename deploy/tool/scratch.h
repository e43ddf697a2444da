/* A store to be thrown away: rows made once more from a log. */
#ifndef BATON_TOOL_SCRATCH_H
#define BATON_TOOL_SCRATCH_H

#include <stdbool.h>

enum { SCRATCH_PATH_SIZE = 4096 };

/* A new folder in $TMPDIR, or else in /tmp. False: errno says why; `dir` is what was tried. */
bool scratch_make(char dir[SCRATCH_PATH_SIZE]);
/* Also while the store is open: nothing is left over then, however the program ends. */
void scratch_remove(const char *dir);

#endif
