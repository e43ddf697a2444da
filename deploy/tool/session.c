/* Sessions with the running Baton. */
#include "tool/session.h"

#include "tool/options.h"

static int work_in(struct session *s, size_t memory, session_fn *work)
{
    s->api = api_open(s->tool->data_dir);
    if (s->api == NULL)
        return TOOL_UNREACHABLE;
    s->arena = arena_new(memory);
    bool good = work(s);
    api_close(s->api);
    arena_free(s->arena);
    return good ? s->status : tool_refused(&s->no);
}

int session_run(struct tool *t, size_t memory, session_fn *work, void *arg)
{
    struct session s = {.tool = t, .arg = arg};
    return work_in(&s, memory, work);
}

int session_words(struct tool *t, int argc, char **argv, int least, int most, size_t memory, session_fn *work)
{
    struct session s = {.tool = t};
    int first;
    if (!options_read(NULL, 0, argc, argv, least, most, &first))
        return TOOL_USAGE;
    s.words = argv + first;
    s.n_words = (size_t)(argc - first);
    return work_in(&s, memory, work);
}

void *session_call(struct session *s, const char *method, const void *request)
{
    void *answer;
    return api_call(s->api, method, request, s->arena, &answer, &s->no) ? answer : NULL;
}

bool session_ask(struct session *s, const char *method, const void *request, ask_print_fn *print)
{
    const void *answer = session_call(s, method, request);
    if (answer != NULL && s->tool->json)
        tool_print_json(s->tool, answer);
    else if (answer != NULL)
        print(s->tool, answer, s->arena);
    return answer != NULL;
}

bool session_end(struct session *s, int status)
{
    s->status = status;
    return true;
}
