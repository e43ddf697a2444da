/* Runs a program on a file nobody has vouched for: in bubblewrap, without network, without other processes,
   with nothing to write to but a small folder of its own, and with limits to time, memory and output. When it
   is over, however it ends, no process of it is left.

   Blocks, up to the limit: for threads that may (common/bus/slow.h). Any number at once. */
#ifndef BATON_PREVIEW_SANDBOX_H
#define BATON_PREVIEW_SANDBOX_H

#include "base/bytes.h"

enum { SANDBOX_WORDS_MAX = 16 }; /* of a run's own arguments */

struct sandbox_limits {
    unsigned time_ms; /* until everything is killed */
    unsigned cpu_s;   /* of a process */
    size_t memory;    /* of a process */
    size_t folder;    /* all it may write */
};

struct sandbox {
    const char *bwrap;   /* NULL: where Debian has it */
    const char *program; /* what is run inside; NULL: `name` */
    const char *name;    /* of the one beside this program; NULL: baton-preview */
};

struct sandbox_run {
    const char *const *words; /* what baton-preview is asked, up to a NULL */
    int file;                 /* its standard input, open for reading; stays the caller's */
    struct sandbox_limits limits;
};

enum sandbox_end {
    SANDBOX_DONE,   /* `status` is the program's */
    SANDBOX_KILLED, /* by a signal, its own limits' among them */
    SANDBOX_TIME,
    SANDBOX_FULL, /* it had more to say than `out` takes; what does fit is there */
    SANDBOX_OFF   /* there is no bubblewrap, or it may not make namespaces here; nothing was run */
};

struct sandbox_result {
    enum sandbox_end end;
    int status;
    char said[2048]; /* how its standard error begins; bytes from outside */
};

/* What it writes goes to `out`, up to its limit. Nothing is run without the sandbox, ever. */
void sandbox_run(const struct sandbox *s, const struct sandbox_run *run, struct buffer *out,
                 struct sandbox_result *result);

/* Whether anything can be run; else `why`, for the operator. Runs something. */
bool sandbox_works(const struct sandbox *s, char *why, size_t room);

#endif
