/* What the tool's commands share: the table of commands, options, output. */
#ifndef BATON_TOOL_TOOL_H
#define BATON_TOOL_TOOL_H

#include <stdbool.h>
#include <stdio.h>

#include "tool/api.h"

/* Exit codes; documented in `baton --help`. */
enum {
    TOOL_OK = 0,
    TOOL_REFUSED = 1,     /* Baton said no */
    TOOL_USAGE = 2,       /* the command line is wrong */
    TOOL_UNREACHABLE = 3, /* Baton does not answer */
    TOOL_FAILED = 4,      /* disk, files, or verify found something */
};

struct tool {
    const char *data_dir; /* --data, BATON_DATA or ./var */
    bool json;            /* --json */
    bool colour;          /* only on a terminal, not with NO_COLOR */
    FILE *out;
};

/* argv[0] is the command's last word; options it does not know end with TOOL_USAGE. */
typedef int command_fn(struct tool *t, int argc, char **argv);
struct tool_command {
    const char *group; /* "lead", NULL for plain commands */
    const char *name;
    command_fn *run;
    const char *arguments; /* "FILE.csv [--map FIELD=COLUMN]..." */
    const char *summary;   /* one line for --help */
    const char *help;      /* the rest of --help, may be NULL */
};

/* One table in main.c names them all; each command lives in a file of its own name. */
command_fn tool_up, tool_status, tool_tail, tool_verify, tool_demo;
command_fn tool_backup, tool_restore, tool_rejoin;
command_fn tool_lead_capture, tool_lead_import, tool_lead_explain;
command_fn tool_user_add, tool_user_list, tool_user_deactivate, tool_user_password;
command_fn tool_team_add, tool_team_list, tool_team_import;
command_fn tool_token_create, tool_token_list, tool_token_revoke;

/* Prints the refusal as `error: ...` on standard error and gives the exit code for it. */
int tool_refused(const struct refusal *no);
/* The message as JSON and a newline. */
void tool_print_json(struct tool *t, const void *message);

#endif
