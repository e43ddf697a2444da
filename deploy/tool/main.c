/* The operator's tool: its help, made from the table of its commands, and what all of them share. */
#include "tool/tool.h"

#include <curl/curl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "tool/output.h"

static const char *const examples =
    "  baton up --demo\n"
    "  baton lead capture --email ada@b.example --company \"B\" --address-country Germany\n"
    "  baton lead import leads.csv --map company=Firma --dry-run\n"
    "  baton tail --json | jq .record.events\n"
    "  baton verify\n"
    "  baton backup /backups/monday\n";

static void print_commands(FILE *out)
{
    const char *group = "";
    const struct tool_command *c;
    for (size_t i = 0; (c = tool_command_at(i)) != NULL; i++) {
        if (c->group != NULL && strcmp(group, c->group) != 0)
            fputc('\n', out);
        group = c->group != NULL ? c->group : "";
        fprintf(out, "  %s%s%-*s  %s\n", group, *group ? " " : "", (int)(18 - strlen(group) - (*group != 0)),
                c->name, c->summary);
    }
}

static void print_help(FILE *out, bool bold)
{
    const char *on = bold ? "\033[1m" : "", *off = bold ? "\033[0m" : "";
    fprintf(out, "usage: baton COMMAND [ARGUMENT]...\n       baton COMMAND --help\n\n%sCommands%s\n", on,
            off);
    print_commands(out);
    fprintf(
        out,
        "\n%sOptions of every command%s\n"
        "  --data DIR        where Baton keeps everything (default: $BATON_DATA, else ./var)\n"
        "  --json            output as JSON, where it is data\n"
        "  --help, --version\n"
        "\n%sExamples%s\n%s"
        "\n%sExit codes%s\n"
        "  0  done\n"
        "  1  Baton said no; the reason is on standard error\n"
        "  2  the command line is wrong\n"
        "  3  Baton does not answer\n"
        "  4  a disk, a file or another program failed, or `verify` found something wrong\n"
        "\n%sEnvironment%s\n"
        "  BATON_DATA        the data folder, where --data is not given\n"
        "  BATON_URL         where Baton is reached, instead of the data folder's gateway.url\n"
        "  BATON_TOKEN       the API token to sign in with, instead of the administrator's; a partner's own\n"
        "  NO_COLOR          never colour, whatever its value\n"
        "\n%sFiles in the data folder%s\n"
        "  admin.token       the administrator's API token, made on first start; this program signs in "
        "with it\n"
        "  setup.token       the one-time set-up link's secret, until it has been used\n"
        "  gateway.url       where the gateway listens\n"
        "  mailboxes.json    watched mailboxes, with their passwords; mailbox/: how each is\n"
        "  run/              sockets between the services\n"
        "  SERVICE/          each service's store: its log and its rows\n",
        on, off, on, off, examples, on, off, on, off, on, off);
}

static void print_command_help(const struct tool_command *c, FILE *out)
{
    fprintf(out, "usage: baton %s%s%s%s%s\n\n", c->group != NULL ? c->group : "", c->group != NULL ? " " : "",
            c->name, *c->arguments ? " " : "", c->arguments);
    fprintf(out, "%c%s.\n", c->summary[0] - 'a' + 'A', c->summary + 1);
    if (c->help != NULL)
        fprintf(out, "\n%s", c->help);
    fputs("\n  --data DIR       where Baton keeps everything (default: $BATON_DATA, else ./var)\n"
          "  --json           output as JSON, where it is data\n",
          out);
}

/* Takes out of argv what every command understands, wherever it stands before a "--". */
static bool take_common(struct tool *t, int *argc, char **argv, bool *help, bool *version)
{
    int kept = 0;
    bool open = true;
    for (int i = 0; i < *argc; i++) {
        const char *word = argv[i];
        open = open && strcmp(word, "--") != 0;
        if (open && strcmp(word, "--json") == 0)
            t->json = true;
        else if (open && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0))
            *help = true;
        else if (open && kept == 1 && strcmp(word, "--version") == 0) /* behind a command it is of a policy */
            *version = true;
        else if (open && strncmp(word, "--data=", 7) == 0)
            t->data_dir = word + 7;
        else if (open && strcmp(word, "--data") == 0) {
            if (++i >= *argc) {
                fprintf(stderr, "error: --data wants a folder\n");
                return false;
            }
            t->data_dir = argv[i];
        } else
            argv[kept++] = argv[i];
    }
    argv[kept] = NULL;
    *argc = kept;
    return true;
}

static const struct tool_command *find_command(int argc, char **argv, int *words)
{
    const struct tool_command *c;
    for (size_t i = 0; (c = tool_command_at(i)) != NULL; i++) {
        *words = c->group != NULL ? 2 : 1;
        if (argc <= *words || strcmp(argv[*words], c->name) != 0)
            continue;
        if (c->group == NULL || strcmp(argv[1], c->group) == 0)
            return c;
    }
    return NULL;
}

static bool is_group(const char *word)
{
    const struct tool_command *c;
    for (size_t i = 0; (c = tool_command_at(i)) != NULL; i++)
        if (c->group != NULL && strcmp(c->group, word) == 0)
            return true;
    return false;
}

static int no_command(int argc, char **argv, bool help, bool version)
{
    if (version) {
        puts("baton " BATON_VERSION);
        return TOOL_OK;
    }
    if (help && (argc == 1 || is_group(argv[1]))) {
        print_help(stdout, isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL);
        return TOOL_OK;
    }
    if (argc > 1)
        fprintf(stderr, "error: there is no command \"%s%s%s\"; `baton --help` lists them\n", argv[1],
                argc > 2 ? " " : "", argc > 2 ? argv[2] : "");
    else
        print_help(stderr, false);
    return TOOL_USAGE;
}

int tool_refused(const struct refusal *no)
{
    bool named = no->field[0] == '\0' || strstr(no->message, no->field) != NULL;
    if (named)
        fprintf(stderr, "error: %s\n", no->message);
    else
        fprintf(stderr, "error: %s: %s\n", no->field, no->message);
    return no->code == REFUSAL_UNAVAILABLE ? TOOL_UNREACHABLE : TOOL_REFUSED;
}

void tool_print_json(struct tool *t, const void *message)
{
    struct buffer b;
    buffer_init(&b, 64 << 20);
    if (schema_to_json(message, 0, &b))
        fprintf(t->out, "%s\n", buffer_cstr(&b));
    else
        fprintf(stderr, "error: the answer is too large to be printed\n");
    buffer_release(&b);
}

static int run_command(struct tool *t, const struct tool_command *c, int argc, char **argv)
{
    schema_load();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int status = c->run(t, argc, argv);
    curl_global_cleanup();
    if (fflush(t->out) == 0 && !ferror(t->out))
        return status;
    return status != TOOL_OK ? status : TOOL_FAILED;
}

int main(int argc, char **argv)
{
    const char *data = getenv("BATON_DATA");
    struct tool t = {.data_dir = data != NULL && *data ? data : "./var", .out = stdout};
    bool help = false, version = false;
    int words;
    setlocale(LC_CTYPE, "C.UTF-8");
    log_name("baton");
    signal(SIGPIPE, SIG_IGN);
    t.colour = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL;
    if (!take_common(&t, &argc, argv, &help, &version))
        return TOOL_USAGE;
    const struct tool_command *c = version ? NULL : find_command(argc, argv, &words);
    if (c == NULL)
        return no_command(argc, argv, help, version);
    if (help) {
        print_command_help(c, stdout);
        return TOOL_OK;
    }
    return run_command(&t, c, argc - words, argv + words);
}
