/* Users: adding, listing, deactivating, setting a password. */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { ARENA_LIMIT = 512 << 20, PASSWORD_MAX = 1025 };

/* "ROLE_ADMIN" as "admin"; in the arena. */
static const char *role_text(struct arena *a, Baton__Role role)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(&baton__role__descriptor, (int)role);
    char *text = arena_strdup(a, v != NULL ? v->name + strlen("ROLE_") : "");
    for (char *p = text; *p != '\0'; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    return text;
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

static int add_user(struct tool *t, struct api *api, struct arena *a, Baton__User *user, const char *team)
{
    struct refusal no;
    ProtobufCMessage *made;
    if (team != NULL) {
        const Baton__Team *found = records_team(api, team, a, &no);
        if (found == NULL)
            return tool_refused(&no);
        user->team_id = found->id;
    }
    if (!records_create(api, &user->base, a, &made, &no))
        return tool_refused(&no);
    if (t->json)
        tool_print_json(t, made);
    else
        fprintf(t->out, "%s\n", ((Baton__User *)made)->id);
    return TOOL_OK;
}

int tool_user_add(struct tool *t, int argc, char **argv)
{
    const char *email = NULL, *name = NULL, *role = "rep", *team = NULL, *zone = NULL;
    long capacity = 0;
    int first, status = TOOL_USAGE;
    Baton__User user;
    const struct option_row rows[] = {
        {"email", OPTION_TEXT, &email},    {"name", OPTION_TEXT, &name},
        {"role", OPTION_TEXT, &role},      {"team", OPTION_TEXT, &team},
        {"time-zone", OPTION_TEXT, &zone}, {"capacity", OPTION_NUMBER, &capacity},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    if (email == NULL || name == NULL) {
        fprintf(stderr, "error: --email and --name are needed\n");
        return TOOL_USAGE;
    }
    struct arena *a = arena_new(ARENA_LIMIT);
    baton__user__init(&user);
    user.email = (char *)email;
    user.name = (char *)name;
    user.time_zone = (char *)zone;
    user.has_role = role_named(a, role, &user.role);
    user.has_capacity = capacity > 0;
    user.capacity = (uint32_t)capacity;
    struct api *api = user.has_role ? api_open(t->data_dir) : NULL;
    if (user.has_role)
        status = api != NULL ? add_user(t, api, a, &user, team) : TOOL_UNREACHABLE;
    api_close(api);
    arena_free(a);
    return status;
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

static bool deactivate(struct tool *t, struct api *api, const char *email, struct arena *a,
                       struct refusal *no)
{
    Baton__DeactivateUserRequest request;
    void *answer;
    const Baton__User *user = records_user(api, email, a, no);
    if (user == NULL)
        return false;
    baton__deactivate_user_request__init(&request);
    request.request_id = request_id_new(a);
    request.user_id = user->id;
    if (!api_call(api, "DirectoryService/DeactivateUser", &request, a, &answer, no))
        return false;
    if (t->json)
        tool_print_json(t, answer);
    else
        fprintf(t->out, "%s is inactive; what they held is being handed on\n", output_text(a, user->name));
    return true;
}

/* The first line of standard input, unseen if it is a terminal. */
static bool read_password(char password[PASSWORD_MAX])
{
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        fputs("New password: ", stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool got = fgets(password, PASSWORD_MAX, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (got)
        password[strcspn(password, "\r\n")] = '\0';
    if (!got || password[0] == '\0')
        fprintf(stderr, "error: no password was given\n");
    return got && password[0] != '\0';
}

static bool set_password(struct tool *t, struct api *api, const char *email, char *password, struct arena *a,
                         struct refusal *no)
{
    Baton__SetPasswordRequest request;
    void *answer;
    const Baton__User *user = records_user(api, email, a, no);
    if (user == NULL)
        return false;
    baton__set_password_request__init(&request);
    request.request_id = request_id_new(a);
    request.user_id = user->id;
    request.new_password = password;
    if (!api_call(api, "DirectoryService/SetPassword", &request, a, &answer, no))
        return false;
    fprintf(t->out, "the password of %s is set\n", output_text(a, user->name));
    return true;
}

static int with_user(struct tool *t, int argc, char **argv, bool password_too)
{
    struct refusal no;
    char password[PASSWORD_MAX];
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    struct api *api = api_open(t->data_dir);
    if (api == NULL)
        return TOOL_UNREACHABLE;
    if (password_too && !read_password(password)) {
        api_close(api);
        return TOOL_USAGE;
    }
    struct arena *a = arena_new(ARENA_LIMIT);
    bool good = password_too ? set_password(t, api, argv[first], password, a, &no)
                             : deactivate(t, api, argv[first], a, &no);
    explicit_bzero(password, sizeof password);
    api_close(api);
    arena_free(a);
    return good ? TOOL_OK : tool_refused(&no);
}

int tool_user_deactivate(struct tool *t, int argc, char **argv)
{
    return with_user(t, argc, argv, false);
}

int tool_user_password(struct tool *t, int argc, char **argv)
{
    return with_user(t, argc, argv, true);
}
