/* What a command does with the running Baton: its connection and memory, both opened before the work and
   closed behind it, and how it ends as an exit code. */
#ifndef BATON_TOOL_SESSION_H
#define BATON_TOOL_SESSION_H

#include "base/arena.h"
#include "tool/tool.h"

struct session {
    struct tool *tool;
    struct api *api;
    struct arena *arena; /* what is kept until the command ends */
    char **words;        /* of the command line, where session_words has read it */
    size_t n_words;
    void *arg;  /* the command's own */
    int status; /* the exit code if nothing is refused; TOOL_OK until session_end says otherwise */
    struct refusal no;
};

/* False: it was refused, and s->no says why. */
typedef bool session_fn(struct session *s);

/* Does the work with at most `memory` bytes. Returns the command's exit code; what was refused or not reached
   is told on standard error. */
int session_run(struct tool *t, size_t memory, session_fn *work, void *arg);
/* The same for a command that takes no options and between `least` and `most` words. */
int session_words(struct tool *t, int argc, char **argv, int least, int most, size_t memory,
                  session_fn *work);

/* Calls a method as api_call does. NULL: s->no says why. */
void *session_call(struct session *s, const char *method, const void *request);
/* The same, and shows the answer by `print`, with --json as it is. */
typedef void ask_print_fn(struct tool *t, const void *answer, struct arena *a);
bool session_ask(struct session *s, const char *method, const void *request, ask_print_fn *print);
/* Returns true: the work is over, and the command ends with this exit code. */
bool session_end(struct session *s, int status);

#endif
