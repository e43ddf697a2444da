/* Users: adding, listing, deactivating, setting a password. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "baton/v1/system.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 512 << 20, PASSWORD_MAX = 1025 };

static const char *role_text(struct arena *a, Baton__Role role)
{
    return output_word(a, &baton__role__descriptor, (int)role, "ROLE_");
}

static bool role_named(struct arena *a, const char *text, Baton__Role *role)
{
    for (int r = BATON__ROLE__ROLE_ADMIN; r <= BATON__ROLE__ROLE_PARTNER; r++)
        if (strcmp(role_text(a, (Baton__Role)r), text) == 0) {
            *role = (Baton__Role)r;
            return true;
        }
    fprintf(stderr,
            "error: there is no role \"%s\"; roles are admin, manager, rep, inside, service, partner\n",
            text);
    return false;
}

struct newcomer {
    Baton__User user;
    const char *team; /* by name; NULL: in none */
};

static bool add_user(struct session *s)
{
    struct newcomer *n = s->arg;
    ProtobufCMessage *made;
    if (n->team != NULL) {
        const Baton__Team *found = records_team(s->api, n->team, s->arena, &s->no);
        if (found == NULL)
            return false;
        n->user.team_id = found->id;
    }
    if (!records_create(s->api, &n->user.base, s->arena, &made, &s->no))
        return false;
    if (s->tool->json)
        tool_print_json(s->tool, made);
    else
        fprintf(s->tool->out, "%s\n", ((Baton__User *)made)->id);
    return true;
}

int tool_user_add(struct tool *t, int argc, char **argv)
{
    struct newcomer n = {.user = BATON__USER__INIT};
    Baton__User *user = &n.user;
    const char *role = "rep";
    long capacity = 0;
    int first;
    const struct option_row rows[] = {
        {"email", OPTION_TEXT, &user->email},
        {"name", OPTION_TEXT, &user->name},
        {"role", OPTION_TEXT, &role},
        {"team", OPTION_TEXT, &n.team},
        {"time-zone", OPTION_TEXT, &user->time_zone},
        {"capacity", OPTION_NUMBER, &capacity},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    if (user->email == NULL || user->name == NULL) {
        fprintf(stderr, "error: --email and --name are needed\n");
        return TOOL_USAGE;
    }
    struct arena *a = arena_new(ARENA_LIMIT);
    user->has_role = role_named(a, role, &user->role);
    arena_free(a);
    user->has_capacity = capacity > 0;
    user->capacity = (uint32_t)capacity;
    return user->has_role ? session_run(t, ARENA_LIMIT, add_user, &n) : TOOL_USAGE;
}

static void print_users(struct tool *t, const struct record_list *users, const struct record_list *teams,
                        struct arena *a)
{
    struct grid g;
    grid_init(&g, a, "name|e-mail|role|team|status|id");
    for (size_t i = 0; i < users->n; i++) {
        const Baton__User *u = (const Baton__User *)users->rows[i];
        const Baton__Team *team = (const Baton__Team *)records_find(teams, "id", u->team_id);
        bool inactive = u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE;
        grid_add(&g,
                 (const char *[]){u->name, u->email, role_text(a, u->role), team != NULL ? team->name : "",
                                  inactive ? "inactive" : "active", u->id});
    }
    grid_print(&g, t);
}

int tool_user_list(struct tool *t, int argc, char **argv)
{
    return records_list(t, argc, argv, "user", "team", print_users);
}

enum { HANDOVER_WAIT_S = 30 };
static const struct timespec HANDOVER_POLL = {.tv_nsec = 100000000};

/* Waits until this service has handed on all it had, and says what. */
static bool tell_service(struct session *s, char *service, const Baton__User *user, time_t end)
{
    Baton__GetHandoverRequest request;
    const Baton__GetHandoverResponse *h;
    baton__get_handover_request__init(&request);
    request.service = service;
    request.user_id = user->id;
    do {
        h = session_call(s, "SystemService/GetHandover", &request);
        if (h == NULL)
            return false;
    } while (!h->finished && time(NULL) < end && nanosleep(&HANDOVER_POLL, NULL) == 0);
    for (size_t i = 0; i < h->n_counts; i++)
        fprintf(s->tool->out, "  %-16s %u handed on, %u ended\n", h->counts[i]->type, h->counts[i]->handed_on,
                h->counts[i]->ended);
    if (!h->finished)
        fprintf(s->tool->out, "  %s has more and goes on\n", service);
    return true;
}

/* Leads are not waited for: each goes to whoever is next, when there is somebody. */
static bool tell_handover(struct session *s, const Baton__User *user)
{
    const time_t end = time(NULL) + HANDOVER_WAIT_S;
    return tell_service(s, "contacts", user, end) && tell_service(s, "opportunities", user, end);
}

static bool deactivate(struct session *s)
{
    Baton__DeactivateUserRequest request;
    const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
    if (user == NULL)
        return false;
    baton__deactivate_user_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.user_id = user->id;
    const void *answer = session_call(s, "DirectoryService/DeactivateUser", &request);
    if (answer == NULL)
        return false;
    if (s->tool->json) {
        tool_print_json(s->tool, answer);
        return true;
    }
    fprintf(s->tool->out, "%s is inactive; what they held is being handed on\n",
            output_text(s->arena, user->name));
    return tell_handover(s, user);
}

static bool set_password(struct session *s, char *password)
{
    Baton__SetPasswordRequest request;
    const Baton__User *user = records_user(s->api, s->words[0], s->arena, &s->no);
    if (user == NULL)
        return false;
    baton__set_password_request__init(&request);
    request.request_id = request_id_new(s->arena);
    request.user_id = user->id;
    request.new_password = password;
    if (session_call(s, "DirectoryService/SetPassword", &request) == NULL)
        return false;
    fprintf(s->tool->out, "the password of %s is set\n", output_text(s->arena, user->name));
    return true;
}

static bool ask_password(struct session *s)
{
    char password[PASSWORD_MAX];
    bool good = options_password("New password: ", password, sizeof password) ? set_password(s, password)
                                                                              : session_end(s, TOOL_USAGE);
    explicit_bzero(password, sizeof password);
    return good;
}

int tool_user_deactivate(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, deactivate);
}

int tool_user_password(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, ARENA_LIMIT, ask_password);
}
