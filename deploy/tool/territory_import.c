/* `baton territory import`: trees of territories with their rules, from a CSV file. */
#include <string.h>

#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"
#include "tool/territory.h"

enum { ARENA_LIMIT = 2000 << 20 };

const char tool_territory_import_help[] =
    "Each row is a territory, or one more rule of it. Columns are recognised by their names:\n"
    "  territory (name)         its name; needed\n"
    "  kind                     department, region, geography or industry: each has trees of its own\n"
    "  parent (above, part_of)  the name of what it stands below, in the file or there already;\n"
    "                           \"Asia > Taiwan\" where a name alone could be several\n"
    "  country, state (province, county), industry (sector), company (account)\n"
    "                           of several values, between semicolons, one must be the lead's\n"
    "  postal_code (zip, plz)   100-116;207: codes and ranges of the country in the same row; or "
    "postal_from\n"
    "                           and postal_to\n"
    "  min_employees, max_employees, min_revenue, max_revenue, priority, time_zone\n"
    "All that a row names must hold. A row with a name alone is a territory that only stands above others.\n"
    "Of a territory that is there already, the rules become those of the file; importing the same file "
    "again\n"
    "changes nothing. Rows that are not taken go to FILE.csv.rejects.csv with their line and the reason.\n\n"
    "  --model NAME     into this model, which is made if there is none; without: into none\n"
    "  --kind K         of rows that say none (geography)\n"
    "  --rejects FILE   where rows that are not taken go\n";

struct wanted {
    const char *path, *model, *kind, *rejects;
};

struct run {
    struct tool *tool;
    const struct wanted *wanted;
    struct territory_rows rows;
    struct territory_tree tree;
    struct territory_node **of_row; /* NULL: the row was not taken */
    struct csv_rejects rejects;
    size_t rejected;
    struct progress progress;
};

static void on_progress(void *arg, size_t done)
{
    progress_show(&((struct run *)arg)->progress, done);
}

/* The model of that name, made where there is none. */
static bool find_model(struct run *r, const char *name, struct refusal *no)
{
    struct record_list models;
    Baton__TerritoryModel fresh;
    size_t made = 0;
    if (name == NULL)
        return true;
    if (!records_load(r->tree.api, "territory_model", r->tree.arena, &models, no))
        return false;
    baton__territory_model__init(&fresh);
    fresh.name = (char *)name;
    const Baton__TerritoryModel *m = (const Baton__TerritoryModel *)records_ensure(
        r->tree.api, &models, "name", &fresh.base, r->tree.arena, &made, no);
    r->tree.model_id = m != NULL ? m->id : NULL;
    return m != NULL;
}

static void reject(struct run *r, const struct csv_row *row, const char *reason)
{
    csv_rejects_add(&r->rejects, row, reason);
    r->rejected++;
    if (!r->tool->json)
        fprintf(r->tool->out, "line %zu: %s\n", row->line, reason);
}

static void take_rows(struct run *r)
{
    const struct csv_file *f = r->rows.file;
    const char *reason;
    for (size_t i = 0; i < f->n_rows; i++) {
        r->of_row[i] = territory_rows_take(&r->rows, &r->tree, &f->rows[i], &reason);
        if (r->of_row[i] == NULL)
            reject(r, &f->rows[i], reason);
    }
}

/* Of a territory that was not taken each row is given back. */
static void reject_rows(struct run *r)
{
    for (size_t i = 0; i < r->rows.file->n_rows; i++)
        if (r->of_row[i] != NULL && r->of_row[i]->reason != NULL)
            reject(r, &r->rows.file->rows[i], r->of_row[i]->reason);
}

static void show_sum(const struct run *r)
{
    const struct territory_tree *t = &r->tree;
    if (r->tool->json) {
        fprintf(
            r->tool->out,
            "{\"rows\":%zu,\"made\":%zu,\"changed\":%zu,\"same\":%zu,\"refused\":%zu,\"rejectedRows\":%zu}\n",
            r->rows.file->n_rows, t->made, t->changed, t->same, t->refused, r->rejected);
        return;
    }
    fprintf(r->tool->out, "%zu rows: %zu territories new, %zu changed, %zu as they were\n",
            r->rows.file->n_rows, t->made, t->changed, t->same);
    if (r->rejected > 0)
        fprintf(r->tool->out, "%zu rows were not taken; with their reasons: %s\n", r->rejected,
                r->rejects.path);
}

static bool run_import(struct session *s)
{
    struct run *r = s->arg;
    const struct wanted *w = r->wanted;
    const struct csv_file *f = r->rows.file;
    r->tree.api = s->api;
    r->tree.arena = s->arena;
    if (!find_model(r, w->model, &s->no) || !territory_tree_load(&r->tree, f->n_rows, &s->no))
        return false;
    r->of_row = ARENA_ARRAY(r->tree.arena, struct territory_node *, f->n_rows);
    csv_rejects_begin(&r->rejects,
                      w->rejects != NULL ? w->rejects : arena_printf(f->arena, "%s.rejects.csv", w->path), f);
    take_rows(r);
    progress_start(&r->progress, "territories", r->tree.n - r->tree.n_there, r->tool->json);
    territory_tree_save(&r->tree, on_progress, r);
    progress_end(&r->progress);
    reject_rows(r);
    show_sum(r);
    return session_end(s, csv_rejects_end(&r->rejects) ? TOOL_OK : TOOL_FAILED);
}

static int with_file(struct tool *t, const struct wanted *w, const struct csv_file *file)
{
    struct run r = {.tool = t, .wanted = w};
    struct refusal no;
    r.rows.kind = territory_kind_named(w->kind);
    if (!r.rows.kind) {
        fprintf(stderr, "error: there is no kind \"%s\"; kinds are department, region, geography, industry\n",
                w->kind);
        return TOOL_USAGE;
    }
    if (!territory_rows_init(&r.rows, file, &no)) {
        (void)tool_refused(&no); /* the file, not Baton */
        return TOOL_FAILED;
    }
    return session_run(t, ARENA_LIMIT, run_import, &r);
}

int tool_territory_import(struct tool *t, int argc, char **argv)
{
    struct wanted w = {.kind = "geography"};
    struct csv_file file;
    int first;
    const struct option_row rows[] = {{"model", OPTION_TEXT, &w.model},
                                      {"kind", OPTION_TEXT, &w.kind},
                                      {"rejects", OPTION_TEXT, &w.rejects}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    w.path = argv[first];
    if (!file_read_csv(w.path, &(struct csv_options){0}, &file))
        return TOOL_FAILED;
    int status = with_file(t, &w, &file);
    csv_file_release(&file);
    return status;
}
