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
/* All of them, one after another; NULL behind the last. */
const struct tool_command *tool_command_at(size_t i);
extern const struct tool_command tool_sales_commands[];
extern const size_t tool_sales_commands_n;

/* The tables in commands.c and commands_sales.c name them all; each command lives in a file of its own name.
 */
command_fn tool_up, tool_status, tool_tail, tool_verify, tool_demo;
command_fn tool_backup, tool_restore, tool_rejoin, tool_compact;
command_fn tool_policy_show, tool_policy_check, tool_policy_draft, tool_policy_publish, tool_policy_rollback;
command_fn tool_policy_replay, tool_policy_dry_run, tool_policy_shadow, tool_policy_diff;
command_fn tool_lead_capture, tool_lead_import, tool_lead_explain, tool_lead_close, tool_lead_reopen,
    tool_lead_pause, tool_lead_resume, tool_lead_recycle, tool_lead_take, tool_lead_show;
command_fn tool_score_explain, tool_score_learn, tool_score_forget;
command_fn tool_lead_merge, tool_lead_unmerge, tool_lead_duplicates;
command_fn tool_form_list, tool_form_show, tool_form_set, tool_form_snippet;
command_fn tool_mailbox_set, tool_mailbox_test, tool_mailbox_list, tool_mailbox_remove;
command_fn tool_user_add, tool_user_list, tool_user_deactivate, tool_user_password, tool_user_sessions,
    tool_user_end;
command_fn tool_team_add, tool_team_list, tool_team_import;
command_fn tool_price;
command_fn tool_opportunity_list, tool_opportunity_show, tool_opportunity_move, tool_opportunity_close,
    tool_opportunity_reopen, tool_opportunity_estimates, tool_opportunity_follow, tool_opportunity_request,
    tool_opportunity_approve, tool_opportunity_reject;
command_fn tool_pipeline_list, tool_pipeline_show, tool_pipeline_set;
command_fn tool_plan_list, tool_plan_show, tool_plan_start, tool_plan_template;
command_fn tool_analysis, tool_adoption, tool_advice;
command_fn tool_quote_list, tool_quote_show, tool_quote_create, tool_quote_lines, tool_quote_request,
    tool_quote_approve, tool_quote_reject, tool_quote_send, tool_quote_revise, tool_quote_pdf,
    tool_quote_import;
extern const char tool_quote_import_help[];
command_fn tool_forecast, tool_forecast_changes, tool_forecast_adjust, tool_quota_list, tool_quota_set;
command_fn tool_demand_make, tool_demand_show, tool_demand_compare, tool_demand_csv;
command_fn tool_document_list, tool_document_show, tool_document_put, tool_document_get,
    tool_document_acknowledge, tool_document_share, tool_document_links, tool_document_revoke,
    tool_document_reading, tool_document_search;
command_fn tool_letter_template, tool_letter_make, tool_letter_draw;
command_fn tool_collateral_item, tool_collateral_place, tool_collateral_stock, tool_collateral_receive,
    tool_collateral_count, tool_collateral_scrap, tool_collateral_move, tool_collateral_ledger,
    tool_collateral_order, tool_collateral_orders, tool_collateral_approve, tool_collateral_reject,
    tool_collateral_pick, tool_collateral_ship, tool_collateral_received, tool_collateral_cancel,
    tool_collateral_cost;
command_fn tool_template_list, tool_template_set, tool_template_delete, tool_template_preview;
command_fn tool_territory_list, tool_territory_import, tool_territory_preview, tool_territory_switch,
    tool_territory_copy, tool_territory_model;
command_fn tool_notify_test, tool_notify_list, tool_notify_replay, tool_notify_prefs;
command_fn tool_place_import, tool_catalogue_import, tool_catalogue_export, tool_catalogue_link,
    tool_catalogue_links, tool_catalogue_revoke;
command_fn tool_contact_import, tool_contact_export, tool_account_import, tool_account_export;
command_fn tool_person_erase, tool_person_export;
command_fn tool_import_list, tool_import_undo;
extern const char tool_list_import_help[], tool_list_export_help[];
command_fn tool_calendar_import, tool_calendar_export;
command_fn tool_duplicates_sweep, tool_duplicates_list, tool_duplicates_dismiss, tool_duplicates_merge,
    tool_duplicates_unmerge;
extern const char tool_territory_import_help[], tool_place_import_help[];
extern const char tool_calendar_import_help[], tool_catalogue_import_help[], tool_catalogue_export_help[];
command_fn tool_token_create, tool_token_list, tool_token_revoke;

/* Prints the refusal as `error: ...` on standard error and gives the exit code for it. */
int tool_refused(const struct refusal *no);
/* The message as JSON and a newline. */
void tool_print_json(struct tool *t, const void *message);

#endif
