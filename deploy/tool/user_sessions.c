/* Where somebody is signed in: shown, and ended. */
#include <string.h>

#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20 };

static bool show(struct session *s)
{
    Baton__ListSessionsRequest request;
    struct grid g;
    const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
    if (user == NULL)
        return false;
    baton__list_sessions_request__init(&request);
    request.user_id = user->id;
    const Baton__ListSessionsResponse *list = session_call(s, "DirectoryService/ListSessions", &request);
    if (list == NULL)
        return false;
    if (s->tool->json) {
        tool_print_json(s->tool, list);
        return true;
    }
    grid_init(&g, s->arena, "signed in|last used|with|id");
    for (size_t i = 0; i < list->n_sessions; i++) {
        const Baton__Credential *c = list->sessions[i];
        grid_add(&g, (const char *[]){output_time(s->arena, c->created_at),
                                      output_time(s->arena, c->last_used_at), c->user_agent, c->id});
    }
    grid_print(&g, s->tool);
    return true;
}

/* All of somebody, who has an e-mail address, or one by its id. */
static bool end(struct session *s)
{
    Baton__EndSessionRequest request;
    baton__end_session_request__init(&request);
    request.request_id = request_id_new(s->arena);
    if (strchr(s->words[0], '@') != NULL) {
        const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
        if (user == NULL)
            return false;
        request.user_id = user->id;
    } else {
        request.session_id = s->words[0];
    }
    const Baton__EndSessionResponse *ended = session_call(s, "DirectoryService/EndSession", &request);
    if (ended == NULL)
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, ended);
    else
        fprintf(s->tool->out, "%u ended\n", ended->ended);
    return true;
}

int tool_user_sessions(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, show);
}

int tool_user_end(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, end);
}
