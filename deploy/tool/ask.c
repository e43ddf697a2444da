/* One call and its answer. */
#include "tool/ask.h"

enum { ARENA_LIMIT = 16 << 20 };

struct question {
    const char *method;
    const void *request;
    ask_print_fn *print;
};

static bool ask(struct session *s)
{
    const struct question *q = s->arg;
    return session_ask(s, q->method, q->request, q->print);
}

int tool_ask(struct tool *t, const char *method, const void *request, ask_print_fn *print)
{
    struct question q = {method, request, print};
    return session_run(t, ARENA_LIMIT, ask, &q);
}
