/* `baton team import`: people, managers and offices from a CSV file become users, teams, territories and
 * pools. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "tool/csv.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/roster.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 1 << 30, OFFICES_MAX = 200, EMAIL_MAX = 200, LETTERS = 26 };

enum team_column { COLUMN_AGENT, COLUMN_MANAGER, COLUMN_OFFICE, COLUMN_EMAIL, COLUMNS };

/* Normalised header -> column. */
static const struct csv_synonym synonyms[] = {
    {"salesagent", COLUMN_AGENT},     {"agent", COLUMN_AGENT},      {"name", COLUMN_AGENT},
    {"fullname", COLUMN_AGENT},       {"rep", COLUMN_AGENT},        {"salesrep", COLUMN_AGENT},
    {"representative", COLUMN_AGENT}, {"employee", COLUMN_AGENT},   {"salesperson", COLUMN_AGENT},
    {"vertreter", COLUMN_AGENT},      {"姓名", COLUMN_AGENT},       {"manager", COLUMN_MANAGER},
    {"managername", COLUMN_MANAGER},  {"teamlead", COLUMN_MANAGER}, {"supervisor", COLUMN_MANAGER},
    {"salesmanager", COLUMN_MANAGER}, {"主管", COLUMN_MANAGER},     {"regionaloffice", COLUMN_OFFICE},
    {"office", COLUMN_OFFICE},        {"region", COLUMN_OFFICE},    {"branch", COLUMN_OFFICE},
    {"territory", COLUMN_OFFICE},     {"location", COLUMN_OFFICE},  {"standort", COLUMN_OFFICE},
    {"地區", COLUMN_OFFICE},          {"email", COLUMN_EMAIL},      {"emailaddress", COLUMN_EMAIL},
    {"mail", COLUMN_EMAIL},           {"信箱", COLUMN_EMAIL},
};

struct office {
    const char *name;
    const Baton__User **people;
    size_t n;
    Baton__Pool *pool;
};

struct team_import {
    struct roster roster;
    const struct csv_file *file;
    bool policy;          /* the routing policy, too */
    int columns[COLUMNS]; /* -1: the file has none */
    struct office offices[OFFICES_MAX];
    size_t n_offices;
};

static bool find_columns(struct team_import *ti, struct refusal *no)
{
    csv_file_columns(ti->file, synonyms, sizeof synonyms / sizeof *synonyms, ti->columns, COLUMNS);
    if (ti->columns[COLUMN_AGENT] < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "no column says who the people are; name one \"agent\", \"name\" or \"sales_rep\"");
    return true;
}

/* NULL where there is no such column or the cell is empty. */
static const char *cell(struct team_import *ti, const struct csv_row *row, enum team_column column)
{
    return ti->columns[column] < 0 ? NULL : text_trim(ti->file->arena, row->cells[ti->columns[column]]);
}

/* "Mei-Mei Johns" as "mei-mei.johns@example.invalid", an address that can never be reached. */
static const char *made_up_email(struct arena *a, const char *name)
{
    char local[EMAIL_MAX];
    size_t n = 0;
    const char *folded = text_fold(a, name);
    for (const unsigned char *p = (const unsigned char *)folded; *p != '\0' && n + 1 < sizeof local; p++)
        if (isalnum(*p) || *p == '-' || *p >= 0x80)
            local[n++] = (char)*p;
        else if (n > 0 && local[n - 1] != '.')
            local[n++] = '.';
    local[n] = '\0';
    local[text_clip(local, 64)] = '\0';
    return arena_printf(a, "%s@example.invalid", local);
}

static struct office *office_named(struct team_import *ti, const char *name)
{
    for (size_t i = 0; i < ti->n_offices; i++)
        if (strcmp(ti->offices[i].name, name) == 0)
            return &ti->offices[i];
    if (ti->n_offices == OFFICES_MAX)
        return NULL;
    struct office *o = &ti->offices[ti->n_offices++];
    o->name = name;
    o->people = ARENA_ARRAY(ti->file->arena, const Baton__User *, ti->file->n_rows);
    return o;
}

static Baton__User *ensure_person(struct team_import *ti, const char *name, const char *email,
                                  Baton__Role role, const char *team_id, const char *territory_id)
{
    Baton__User user;
    char *territories[] = {(char *)territory_id};
    baton__user__init(&user);
    user.name = (char *)name;
    user.email = (char *)(email != NULL ? email : made_up_email(ti->file->arena, name));
    user.has_role = true;
    user.role = role;
    user.team_id = (char *)team_id;
    user.territory_ids = territories;
    user.n_territory_ids = territory_id != NULL;
    return roster_user(&ti->roster, &user);
}

/* One row: the office's territory, the manager and the manager's team, the person, and the office's pool. */
static bool take_row(struct team_import *ti, const struct csv_row *row)
{
    struct roster *r = &ti->roster;
    const char *agent = cell(ti, row, COLUMN_AGENT), *manager = cell(ti, row, COLUMN_MANAGER);
    const char *office = cell(ti, row, COLUMN_OFFICE);
    Baton__Territory *territory = NULL;
    Baton__Team *team = NULL;
    if (row->problem != NULL || agent == NULL)
        return refuse(&r->no, REFUSAL_INVALID_ARGUMENT, NULL, "line %zu: %s", row->line,
                      row->problem != NULL ? row->problem : "it names nobody");
    if (office != NULL &&
        (territory = roster_territory(r, office, BATON__TERRITORY_KIND__TERRITORY_KIND_REGION)) == NULL)
        return false;
    const char *territory_id = territory != NULL ? territory->id : NULL;
    if (manager != NULL) {
        const Baton__User *boss =
            ensure_person(ti, manager, NULL, BATON__ROLE__ROLE_MANAGER, NULL, territory_id);
        team = boss != NULL ? roster_team(r, arena_printf(r->arena, "Team %s", manager), boss) : NULL;
        if (team == NULL)
            return false;
    }
    const Baton__User *person = ensure_person(ti, agent, cell(ti, row, COLUMN_EMAIL), BATON__ROLE__ROLE_REP,
                                              team != NULL ? team->id : NULL, territory_id);
    struct office *o = office_named(ti, office != NULL ? office : "All");
    if (person == NULL)
        return false;
    if (o == NULL)
        return refuse(&r->no, REFUSAL_OUT_OF_RANGE, NULL, "there are more than %d offices", OFFICES_MAX);
    o->people[o->n++] = person;
    return true;
}

static bool make_pools(struct team_import *ti)
{
    for (size_t i = 0; i < ti->n_offices; i++) {
        struct office *o = &ti->offices[i];
        o->pool = roster_pool(&ti->roster, o->name, o->people, o->n);
        if (o->pool == NULL)
            return false;
    }
    return true;
}

/* The alphabet is cut into as many runs of letters as there are offices, in their order in the file. Whatever
   begins otherwise, or has no company, goes to everybody. The same company always meets the same office. */
static bool make_policy(struct team_import *ti, bool *published)
{
    static const char letters[LETTERS + 1] = "abcdefghijklmnopqrstuvwxyz";
    struct roster *r = &ti->roster;
    struct arena *a = r->arena;
    size_t offices = ti->n_offices < LETTERS ? ti->n_offices : LETTERS, n = 0, everybody = 0;
    const Baton__User **people = ARENA_ARRAY(a, const Baton__User *, ti->file->n_rows);
    Baton__Rule **rules = ARENA_ARRAY(a, Baton__Rule *, offices + 1);
    for (size_t i = 0; i < ti->n_offices; i++)
        for (size_t j = 0; j < ti->offices[i].n; j++)
            people[everybody++] = ti->offices[i].people[j];
    Baton__Pool *all = roster_pool(r, "All offices", people, everybody);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < offices; i++) {
        size_t from = i * LETTERS / offices, to = (i + 1) * LETTERS / offices;
        const char *values[LETTERS];
        for (size_t c = from; c < to; c++)
            values[c - from] = arena_strndup(a, &letters[c], 1);
        const char *name = arena_printf(a, "Companies %c to %c: %s", toupper(letters[from]),
                                        toupper(letters[to - 1]), ti->offices[i].name);
        rules[n++] = roster_rule(r, name, ti->offices[i].pool, "company",
                                 BATON__OPERATOR__OPERATOR_STARTS_WITH, values, to - from);
    }
    rules[n++] = roster_rule(r, "Everything else", all, NULL, BATON__OPERATOR__OPERATOR_UNSPECIFIED, NULL, 0);
    return roster_policy(r, rules, n, "made by baton team import", published);
}

static bool bring_in(struct team_import *ti, struct tool *t)
{
    struct roster *r = &ti->roster;
    bool published = false;
    for (size_t i = 0; i < ti->file->n_rows; i++)
        if (!take_row(ti, &ti->file->rows[i]))
            return false;
    if (!make_pools(ti) || (ti->policy && !make_policy(ti, &published)))
        return false;
    if (t->json)
        fprintf(t->out, "{\"users\":%zu,\"teams\":%zu,\"territories\":%zu,\"pools\":%zu,\"published\":%s}\n",
                r->users_made, r->teams_made, r->territories_made, r->pools_made,
                published ? "true" : "false");
    else
        fprintf(t->out, "new: %zu users, %zu teams, %zu territories, %zu pools%s\n", r->users_made,
                r->teams_made, r->territories_made, r->pools_made,
                published    ? ", a routing policy"
                : ti->policy ? "; the policy in force is this one already"
                             : "");
    return true;
}

static bool import_teams(struct session *s)
{
    struct team_import *ti = s->arg;
    bool good = roster_load(&ti->roster, s->api, s->arena) && bring_in(ti, s->tool);
    s->no = ti->roster.no;
    return good;
}

static int with_file(struct tool *t, struct team_import *ti)
{
    struct refusal no;
    if (!find_columns(ti, &no)) {
        (void)tool_refused(&no); /* the file, not Baton */
        return TOOL_FAILED;
    }
    return session_run(t, ARENA_LIMIT, import_teams, ti);
}

int tool_team_import(struct tool *t, int argc, char **argv)
{
    bool policy = false;
    struct csv_file file;
    int first;
    const struct option_row rows[] = {{"policy", OPTION_FLAG, &policy}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (!file_read_csv(argv[first], &(struct csv_options){0}, &file))
        return TOOL_FAILED;
    struct team_import *ti = arena_alloc(file.arena, sizeof *ti);
    ti->file = &file;
    ti->policy = policy;
    int status = with_file(t, ti);
    csv_file_release(&file);
    return status;
}
