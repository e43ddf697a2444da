/* The operator's tool: the one table of its commands, the help made from it, and what all of them share. */
#include "tool/tool.h"

#include <curl/curl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "tool/output.h"

static const struct tool_command commands[] = {
    {NULL, "up", tool_up, "[--port N] [--address A] [--public-url U] [--demo]",
     "starts Baton and keeps it running",
     "Starts every service and the gateway from the folder of this program, waits until all are ready\n"
     "and prints the address and, until it has been used, the one-time set-up link. A service that dies\n"
     "is started again. Ctrl-C or SIGTERM lets every service finish what it has begun and exits 0.\n\n"
     "  --port N         port of the gateway (default 8080; 0: any free one)\n"
     "  --address A      address to listen on (default 127.0.0.1; put a proxy with TLS in front of others)\n"
     "  --public-url U   how browsers reach Baton, if not by that address\n"
     "  --demo           builds a made-up company and lets a new lead arrive every few seconds\n"},
    {NULL, "status", tool_status, "", "how each service is", "Ends with 3 if Baton does not answer.\n"},
    {NULL, "tail", tool_tail, "[--from-start]", "shows events of all services as they happen",
     "One line an event; with --json one log record a line. Reads the bus directly, on the same machine.\n\n"
     "  --from-start     everything there ever was, then what comes\n"},
    {NULL, "verify", tool_verify, "", "proves that no lead is lost and no row differs from the log",
     "For each service: every page of the store and the checksum of every entry; the log's hash chain;\n"
     "every row rebuilt from the log and compared byte for byte; indexes and timers; replies to requests;\n"
     "effects of and position in every followed log; for leads: received = held + merged + rejected. May "
     "run\n"
     "beside a running Baton or on a backup (--data FOLDER). Ends with 4 if anything is wrong.\n"},
    {NULL, "backup", tool_backup, "FOLDER", "copies everything into a folder, while Baton runs or not",
     "Copies each service's store, followers before whom they follow, and the administrator's token. The\n"
     "folder is made, or must be empty; backup.json is written last: without it, it is no backup.\n"},
    {NULL, "restore", tool_restore, "BACKUP [--only SERVICE] [--replace]",
     "puts a backup into the data folder",
     "Baton must not run there. Every file is checked before anything is touched. A service that is in the\n"
     "data folder already is only replaced on demand. Where one service alone is restored, those that\n"
     "follow it may have read further than it now reaches: they stand still until `baton rejoin`.\n\n"
     "  --only SERVICE   this one alone\n"
     "  --replace        moves what is there to replaced-TIME/ in the data folder\n"},
    {NULL, "rejoin", tool_rejoin, "FOLLOWER FOLLOWED",
     "lets a service go on where the one it follows was restored",
     "Where `baton status` says that a service stands still because what it follows was restored from an\n"
     "older backup or set up anew, and there is no newer backup to restore: FOLLOWER goes on from where\n"
     "FOLLOWED is now. What it has made of records that are gone stays, and is counted. Copies it keeps of\n"
     "the other's records become what they are there. Written down in its log.\n"},
    {NULL, "demo", tool_demo, "[--live]", "builds a made-up company (see `up --demo`)",
     "Does nothing if a company is there already.\n\n"
     "  --live           then lets a new lead arrive every 2 to 5 seconds, until it is stopped\n"},
    {"lead", "capture", tool_lead_capture, "--email E [--company C] [--FIELD VALUE]...",
     "brings in one lead and says who got it and why",
     "Every field of a lead is an option: --first-name, --address-country, --product-interest and so on.\n"
     "--source sets the lead's source (default \"console\"). `baton lead capture --fields` lists them.\n"},
    {"lead", "import", tool_lead_import,
     "FILE.csv [--map FIELD=COLUMN]... [--with FILE.csv:COLUMN] [--dry-run]", "brings in a CSV file",
     "The character set, the delimiter and what each column means are guessed and shown first; columns\n"
     "that mean nothing to a lead go into its message. Rows that are rejected or refused go to\n"
     "FILE.csv.rejects.csv with the reason; the exit code is 0 once every row has an answer. Importing the\n"
     "same file again adds nothing.\n\n"
     "  --map FIELD=COLUMN          what a column is; FIELD= for none; COLUMN*1000 multiplies its numbers\n"
     "  --source NAME               the leads' source (default: the file's name without .csv)\n"
     "  --with FILE.csv:COLUMN      adds another file's columns to the rows with the same value in COLUMN\n"
     "  --with FILE.csv:THEIRS=OURS the same where the column has another name there\n"
     "  --delimiter C, --charset S  instead of guessing\n"
     "  --rejects FILE              where rows that are not taken go\n"
     "  --dry-run                   shows how the file would be read, and brings in nothing\n"},
    {"lead", "explain", tool_lead_explain, "ID", "why a lead went where it went", NULL},
    {"user", "add", tool_user_add, "--email E --name N [--role R] [--team T]", "adds somebody",
     "  --role R         admin, manager, rep (default), inside, service, partner\n"
     "  --team T         a team's name\n"
     "  --time-zone Z    IANA name; default: the organisation's\n"
     "  --capacity N     most leads held open at once; default: no limit\n"},
    {"user", "list", tool_user_list, "", "everybody who works here", NULL},
    {"user", "deactivate", tool_user_deactivate, "EMAIL",
     "ends somebody's access and hands on what they hold", NULL},
    {"user", "password", tool_user_password, "EMAIL", "sets a password",
     "Asks for it on a terminal, otherwise reads the first line of standard input.\n"},
    {"team", "add", tool_team_add, "NAME [--manager EMAIL] [--parent TEAM]", "adds a team", NULL},
    {"team", "list", tool_team_list, "", "all teams", NULL},
    {"team", "import", tool_team_import, "FILE.csv [--policy]", "adds teams and people from a CSV file",
     "Columns are recognised by their names: the person (agent, name), manager, office (region, branch) and\n"
     "e-mail. Makes a territory and a pool for each office, a manager and a team for each manager, and a\n"
     "representative for each row. Without an e-mail column people get first.last@example.invalid. Safe to\n"
     "repeat.\n\n"
     "  --policy         also publishes routing rules: the alphabet is shared out over the offices and a\n"
     "                   company goes by its first letter, so that the same company meets the same office;\n"
     "                   everything else goes to a pool of all\n"},
    {"token", "create", tool_token_create, "EMAIL NAME", "makes an API token; it is shown once", NULL},
    {"token", "list", tool_token_list, "", "API tokens, without their text", NULL},
    {"token", "revoke", tool_token_revoke, "ID", "makes an API token worthless", NULL},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

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
    for (size_t i = 0; i < N_COMMANDS; i++) {
        const struct tool_command *c = &commands[i];
        if (c->group != NULL && strcmp(group, c->group) != 0)
            fputc('\n', out);
        group = c->group != NULL ? c->group : "";
        fprintf(out, "  %s%s%-*s  %s\n", group, *group ? " " : "", (int)(16 - strlen(group) - (*group != 0)),
                c->name, c->summary);
    }
}

static void print_help(FILE *out, bool bold)
{
    const char *on = bold ? "\033[1m" : "", *off = bold ? "\033[0m" : "";
    fprintf(out, "usage: baton COMMAND [ARGUMENT]...\n       baton COMMAND --help\n\n%sCommands%s\n", on,
            off);
    print_commands(out);
    fprintf(out,
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
            "  NO_COLOR          never colour, whatever its value\n"
            "\n%sFiles in the data folder%s\n"
            "  admin.token       the administrator's API token, made on first start; this program signs in "
            "with it\n"
            "  setup.token       the one-time set-up link's secret, until it has been used\n"
            "  gateway.url       where the gateway listens\n"
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
        else if (open && strcmp(word, "--version") == 0)
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
    for (size_t i = 0; i < N_COMMANDS; i++) {
        const struct tool_command *c = &commands[i];
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
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (commands[i].group != NULL && strcmp(commands[i].group, word) == 0)
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
