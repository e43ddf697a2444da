/* Teams: adding and listing. */
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

#include <string.h>

enum { ARENA_LIMIT = 512 << 20 };

struct wanted {
    const char *name, *manager, *parent;
};

static bool add_team(struct session *s)
{
    const struct wanted *w = s->arg;
    Baton__Team team;
    ProtobufCMessage *made;
    baton__team__init(&team);
    team.name = (char *)w->name;
    if (w->manager != NULL) {
        const Baton__User *user = records_user(s->api, w->manager, s->arena, &s->no);
        if (user == NULL)
            return false;
        team.manager_id = user->id;
    }
    if (w->parent != NULL) {
        const Baton__Team *above = records_team(s->api, w->parent, s->arena, &s->no);
        if (above == NULL)
            return false;
        team.parent_id = above->id;
    }
    if (!records_create(s->api, &team.base, s->arena, &made, &s->no))
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, made);
    else
        fprintf(s->tool->out, "%s\n", ((Baton__Team *)made)->id);
    return true;
}

int tool_team_add(struct tool *t, int argc, char **argv)
{
    struct wanted w = {0};
    int first;
    const struct option_row rows[] = {{"manager", OPTION_TEXT, &w.manager},
                                      {"parent", OPTION_TEXT, &w.parent}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    w.name = argv[first];
    return session_run(t, ARENA_LIMIT, add_team, &w);
}

static void print_teams(struct tool *t, const struct record_list *teams, const struct record_list *users,
                        struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "name|manager|>people|part of|id");
    for (size_t i = 0; i < teams->n; i++) {
        const Baton__Team *team = (const Baton__Team *)teams->rows[i];
        const Baton__User *manager = (const Baton__User *)records_find(users, "id", team->manager_id);
        const Baton__Team *above = (const Baton__Team *)records_find(teams, "id", team->parent_id);
        size_t people = 0;
        for (size_t j = 0; j < users->n; j++) {
            const Baton__User *u = (const Baton__User *)users->rows[j];
            people += u->team_id != NULL && strcmp(u->team_id, team->id) == 0;
        }
        grid_add(&g, (const char *[]){team->name, manager != NULL ? manager->name : "",
                                      output_number(a, people), above != NULL ? above->name : "", team->id});
    }
    grid_print(&g, t);
}

int tool_team_list(struct tool *t, int argc, char **argv)
{
    return records_list(t, argc, argv, "team", "user", print_teams);
}
