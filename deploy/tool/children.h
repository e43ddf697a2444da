/* Child processes that are kept running: started, started again with back-off when they die, stopped in
   order. None survives this process. */
#ifndef BATON_TOOL_CHILDREN_H
#define BATON_TOOL_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CHILDREN_MAX = 10, CHILD_ARGUMENTS_MAX = 12 };

struct child {
    const char *name;
    const char *arguments[CHILD_ARGUMENTS_MAX]; /* the program's path first, NULL last */
    pid_t pid;                                  /* 0: does not run */
    int64_t started_us, start_at_us;            /* start_at_us 0: not to be started */
    int64_t backoff_us;
    unsigned deaths; /* since the last time it lived long enough */
    int status;      /* of the last death, as waitpid gives it */
};

struct children {
    struct child all[CHILDREN_MAX];
    unsigned n;
};

/* Starts what is due. Returns the microseconds until something is, -1 for never. */
int64_t children_start_due(struct children *c);
/* Takes notice of deaths, says so on standard error and plans new starts, unless `stopping`. */
void children_reap(struct children *c, bool stopping);
bool child_signal(const struct child *child, int signal);
unsigned children_running(const struct children *c);
/* "exit status 1", "signal 9 (Killed)" */
void child_status_text(int status, char *out, unsigned size);

#endif
