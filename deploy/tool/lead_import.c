/* `baton lead import`: reads the file, CSV or JSON lines, shows how it is understood, brings the rows in,
 * sums up. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "tool/file.h"
#include "tool/import.h"
#include "tool/options.h"
#include "tool/output.h"

enum { SOURCE_MAX = 100, PROBLEMS_SHOWN = 10 };

struct import_options {
    const char *path, *source, *with, *charset, *delimiter, *rejects;
    struct option_list map;
    bool dry_run, acknowledge;
};

/* "data/leads.csv" as "leads". */
static const char *base_name(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t size = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    char *text = arena_strndup(a, name, size);
    text[text_clip(text, SOURCE_MAX)] = '\0';
    return strcmp(path, "-") == 0 ? "standard input" : text;
}

static const char *target_text(const struct csv_target *target, struct arena *a)
{
    switch (target->use) {
    case CSV_USE_FIELD:
        return target->factor == 1
                   ? target->field->name
                   : arena_printf(a, "%s (x %" PRId64 ")", target->field->name, target->factor);
    case CSV_USE_FULL_NAME:
        return "first_name, last_name";
    case CSV_USE_NOTHING:
        return "(left out)";
    case CSV_USE_MESSAGE:
        break;
    }
    return "message";
}

static void show_file(struct tool *t, const struct import_options *o, const struct csv_map *map,
                      const char *source)
{
    const struct csv_file *f = map->file;
    struct grid g;
    grid_init(&g, f->arena, "column|becomes|because|for example");
    for (size_t i = 0; i < f->n_columns; i++)
        grid_add(&g, (const char *[]){f->columns[i], target_text(&map->targets[i], f->arena),
                                      map->targets[i].why, csv_file_example(f, i)});
    const char *form = f->header_raw.size == 0
                           ? "JSON lines"
                           : arena_printf(f->arena, "delimiter \"%s\"",
                                          f->delimiter == '\t' ? "tab" : (char[]){f->delimiter, '\0'});
    fprintf(t->out, "%s: %s rows, %s, %s, source \"%s\"\n", o->path, output_number(f->arena, f->n_rows),
            f->charset, form, source);
    if (csv_map_column(map, "external_id") < 0)
        fprintf(t->out, "no column is a key: a row with the same content counts as the same lead\n");
    grid_print(&g, t);
}

static void show_problems(struct tool *t, const struct csv_file *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_rows; i++)
        if (f->rows[i].problem != NULL && ++n <= PROBLEMS_SHOWN)
            fprintf(t->out, "line %zu cannot be taken: %s\n", f->rows[i].line, f->rows[i].problem);
    if (n > PROBLEMS_SHOWN)
        fprintf(t->out, "and %zu more rows that cannot be taken\n", n - PROBLEMS_SHOWN);
    fprintf(t->out, "nothing was brought in (--dry-run)\n");
}

static void show_sum(struct tool *t, const struct import *im)
{
    const struct import_counts *c = &im->counts;
    const struct sum_row rows[] = {
        {"held", "held by somebody", NULL, c->held},
        {"merged", "merged", NULL, c->merged},
        {"repeated", "there already", NULL, c->repeated},
        {"rejected", "rejected (Baton keeps them, with the reason)", NULL, c->rejected},
        {"refused", "refused", NULL, c->refused},
        {"failed", "without an answer", NULL, c->failed},
    };
    fprintf(t->out, t->json ? "{\"rows\":%" PRIu64 : "%" PRIu64 " rows:\n", c->rows);
    output_sum(t, false, rows, sizeof rows / sizeof *rows);
    if (t->json)
        fputs("}\n", t->out);
    else if (c->written > 0)
        fprintf(t->out, "rows with the reason: %s\n", im->rejects_path);
}

static int bring_in(struct tool *t, const struct import_options *o, const struct csv_map *map,
                    const char *source)
{
    struct import im = {
        .tool = t, .file = map->file, .map = map, .source = source, .acknowledge = o->acknowledge};
    im.rejects_path = o->rejects;
    if (im.rejects_path == NULL)
        im.rejects_path = arena_printf(map->file->arena, "%s.rejects.csv",
                                       strcmp(o->path, "-") == 0 ? "standard-input" : o->path);
    im.api = api_open(t->data_dir);
    if (im.api == NULL)
        return TOOL_UNREACHABLE;
    (void)fflush(t->out); /* what is shown so far stands above the progress; errors are found at the end */
    bool good = import_run(&im);
    api_close(im.api);
    show_sum(t, &im);
    if (im.counts.failed > 0)
        return TOOL_UNREACHABLE;
    return good ? TOOL_OK : TOOL_FAILED;
}

static int import_file(struct tool *t, const struct import_options *o, struct csv_file *file,
                       struct csv_file *other)
{
    struct refusal no;
    struct csv_map map;
    const char *source = o->source != NULL ? o->source : base_name(file->arena, o->path);
    if (o->with != NULL && !file_join(file, other, o->with, t, &no)) {
        (void)tool_refused(&no); /* the file or the command line, not Baton */
        return TOOL_USAGE;
    }
    csv_map_guess(&map, file);
    for (size_t i = 0; i < o->map.n; i++)
        if (!csv_map_set(&map, o->map.values[i], &no)) {
            (void)tool_refused(&no); /* as above */
            return TOOL_USAGE;
        }
    if (!t->json)
        show_file(t, o, &map, source);
    if (o->dry_run) {
        show_problems(t, file);
        return TOOL_OK;
    }
    return bring_in(t, o, &map, source);
}

int tool_lead_import(struct tool *t, int argc, char **argv)
{
    struct import_options o = {0};
    struct csv_file file, other = {0};
    int first;
    const struct option_row rows[] = {
        {"map", OPTION_LIST, &o.map},         {"source", OPTION_TEXT, &o.source},
        {"with", OPTION_TEXT, &o.with},       {"charset", OPTION_TEXT, &o.charset},
        {"rejects", OPTION_TEXT, &o.rejects}, {"delimiter", OPTION_TEXT, &o.delimiter},
        {"dry-run", OPTION_FLAG, &o.dry_run}, {"acknowledge", OPTION_FLAG, &o.acknowledge},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    o.path = argv[first];
    char delimiter = o.delimiter == NULL ? '\0' : strcmp(o.delimiter, "tab") == 0 ? '\t' : o.delimiter[0];
    if (!file_read_csv(o.path, &(struct csv_options){o.charset, delimiter}, &file))
        return TOOL_FAILED;
    int status = import_file(t, &o, &file, &other);
    if (other.arena != NULL)
        csv_file_release(&other);
    csv_file_release(&file);
    return status;
}
