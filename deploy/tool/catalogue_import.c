/* `baton catalogue import`: products, bundles, prices, offers, rates, quotas and taxes from a file; `baton
   quota set`. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/civil.h"
#include "schema/decide.h"
#include "tool/catalogue.h"
#include "tool/csv_rejects.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { MEMORY = 1 << 30, CALLS_MAX = 32, CALL_MEMORY = 4 << 20, PROBLEMS_SHOWN = 10, FILES_MAX = 100 };

struct import_options {
    const char *path, *kind, *book, *currency, *market, *charset, *delimiter, *days, *rejects;
    const char *period;
    struct option_list map, with;
    bool dry_run, decimal_comma;
};

struct catalogue_import {
    struct session *session;
    const struct import_options *options;
    struct catalogue_map map;
    struct catalogue_rows rows;
    struct catalogue_item *there; /* the records that there are, by key */
    size_t n_there;
    struct csv_rejects rejects;
    struct progress progress;
    struct arena *call;
    size_t created, updated, unchanged, rejected, failed, rounded, done;
};

/* A record under way. */
struct job {
    struct catalogue_import *im;
    const struct catalogue_item *item;
    size_t *count;
};

/* --- what is there --- */

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct catalogue_item *)a)->key, ((const struct catalogue_item *)b)->key);
}

static bool load_there(struct catalogue_import *im)
{
    struct session *s = im->session;
    const struct catalogue_kind *kind = im->map.kind;
    struct record_list list;
    if (!records_load(s->api, kind->type, s->arena, &list, &s->no))
        return false;
    im->there = ARENA_ARRAY(s->arena, struct catalogue_item, list.n + 1);
    im->n_there = list.n;
    for (size_t i = 0; i < list.n; i++)
        im->there[i] = (struct catalogue_item){.record = list.rows[i],
                                               .key = catalogue_key_of(kind, list.rows[i], s->arena)};
    qsort(im->there, im->n_there, sizeof *im->there, by_key);
    return true;
}

static const ProtobufCMessage *there(const struct catalogue_import *im, const struct catalogue_item *item)
{
    const struct catalogue_item *found = bsearch(item, im->there, im->n_there, sizeof *im->there, by_key);
    return found != NULL ? found->record : NULL;
}

/* What the file does not say stays as it is. */
static bool says_nothing_new(const ProtobufCMessage *record, const ProtobufCMessage *is)
{
    const struct schema_message *m = schema_message(record->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (schema_present(record, &m->fields[i]) && !schema_field_equal(record, is, &m->fields[i]))
            return false;
    return true;
}

/* --- the run --- */

static void put_aside(struct catalogue_import *im, const struct csv_row *row, size_t *count,
                      const char *reason)
{
    (*count)++;
    if (!im->options->dry_run)
        csv_rejects_add(&im->rejects, row, reason);
    else if (im->rejected + im->failed <= PROBLEMS_SHOWN && !im->session->tool->json)
        fprintf(im->session->tool->out, "line %zu cannot be taken: %s\n", row->line,
                output_text(im->session->arena, reason));
}

/* All rows of a record share its fate. */
static void refuse_item(struct catalogue_import *im, const struct catalogue_item *item, size_t *count,
                        const char *reason)
{
    for (; item != NULL; item = item->next)
        put_aside(im, item->row, count, reason);
}

static void on_answer(void *arg, const struct refusal *no, const void *response)
{
    struct job *job = arg;
    struct catalogue_import *im = job->im;
    (void)response;
    if (no == NULL)
        (*job->count)++;
    else
        refuse_item(im, job->item, api_may_ask_again(no->code) ? &im->failed : &im->rejected, no->message);
    progress_show(&im->progress, ++im->done);
}

static bool start(struct catalogue_import *im, struct job *job, ProtobufCMessage *record, bool is_new)
{
    Baton__CreateRecordRequest create = BATON__CREATE_RECORD_REQUEST__INIT;
    Baton__UpdateRecordRequest update = BATON__UPDATE_RECORD_REQUEST__INIT;
    struct api *api = im->session->api;
    api_wait(api, CALLS_MAX);
    arena_reset(im->call);
    create.request_id = update.request_id = request_id_new(im->call);
    create.record = update.record = record_wrap(record, im->call);
    return is_new ? api_start(api, "RecordService/CreateRecord", &create, on_answer, job)
                  : api_start(api, "RecordService/UpdateRecord", &update, on_answer, job);
}

static void send(struct catalogue_import *im, const struct catalogue_item *item, const ProtobufCMessage *is)
{
    struct job *job = ARENA_NEW(im->session->arena, struct job);
    *job = (struct job){im, item, is == NULL ? &im->created : &im->updated};
    if (is != NULL)
        schema_set_text(item->record, "id", (char *)(uintptr_t)schema_get_text(is, "id"));
    if (im->options->dry_run) {
        (*job->count)++;
        return;
    }
    if (!start(im, job, item->record, is == NULL))
        refuse_item(im, item, &im->rejected, "it is too large");
}

/* What is changed goes first: a price that ends earlier makes room for the next. */
static void send_all(struct catalogue_import *im, bool changes)
{
    for (size_t i = 0; i < im->rows.n_heads; i++) {
        const struct catalogue_item *item = im->rows.heads[i];
        const ProtobufCMessage *is = item->problem == NULL ? there(im, item) : NULL;
        if (item->problem != NULL || changes != (is != NULL))
            continue;
        if (is != NULL && says_nothing_new(item->record, is)) {
            im->unchanged++;
            progress_show(&im->progress, ++im->done);
        } else
            send(im, item, is);
    }
    api_wait(im->session->api, 0);
}

static void take_rows(struct catalogue_import *im)
{
    progress_start(&im->progress, im->map.kind->name, im->rows.n_heads, im->session->tool->json);
    for (size_t i = 0; i < im->map.file->n_rows; i++) {
        const struct catalogue_item *item = &im->rows.items[i];
        im->rounded += item->rounded;
        if (item->problem != NULL)
            refuse_item(im, item, &im->rejected, item->problem);
    }
    send_all(im, true);
    send_all(im, false);
    progress_end(&im->progress);
}

/* --- what is shown --- */

static void show_sum(struct tool *t, const struct catalogue_import *im)
{
    const struct sum_row rows[] = {
        {"books", "price books new", "price books would be new", im->rows.n_books},
        {"created", "new", "would be new", im->created},
        {"updated", "changed", "would be changed", im->updated},
        {"unchanged", "as they are here already", NULL, im->unchanged},
        {"rejected", "rows not taken", "rows would not be taken", im->rejected},
        {"failed", "rows without an answer", NULL, im->failed},
        {"rounded", "rows with more digits than can be kept: to the nearest, half away from zero",
         "rows with more digits than can be kept: to the nearest, half away from zero", im->rounded},
    };
    bool dry = im->options->dry_run;
    fprintf(t->out, t->json ? "{\"rows\":%zu" : "%zu rows:\n", im->map.file->n_rows);
    output_sum(t, dry, rows, sizeof rows / sizeof *rows);
    if (t->json)
        fputs("}\n", t->out);
    else if (dry)
        fprintf(t->out, "nothing was changed (--dry-run)\n");
    else if (im->rejected + im->failed > 0)
        fprintf(t->out, "rows with the reason: %s\n", im->rejects.path);
}

/* --- the command --- */

static bool learn_calendar(struct catalogue_import *im)
{
    struct session *s = im->session;
    struct record_list list;
    struct civil now = civil_of_seconds((int64_t)time(NULL));
    char text[CIVIL_SIZE];
    civil_format(text, &now, true);
    memcpy(im->rows.today, text, sizeof im->rows.today - 1);
    if (strcmp(im->map.kind->name, "quotas") != 0)
        return true;
    if (!records_load(s->api, "organisation", s->arena, &list, &s->no))
        return false;
    if (list.n > 0)
        im->rows.year_begins = (uint32_t)schema_get_int(list.rows[0], "fiscal_year_month");
    return true;
}

static bool run(struct session *s)
{
    struct catalogue_import *im = s->arg;
    im->session = s;
    im->rows.session = s;
    im->rows.map = &im->map;
    im->rows.dry_run = im->options->dry_run;
    im->rows.names = catalogue_names_load(s, im->map.kind, &im->map);
    if (im->rows.names == NULL || !learn_calendar(im) || !load_there(im))
        return false;
    const char *path = strcmp(im->options->path, "-") == 0 ? "standard-input" : im->options->path;
    if (!im->options->dry_run)
        csv_rejects_begin(&im->rejects,
                          im->options->rejects != NULL ? im->options->rejects
                                                       : arena_printf(s->arena, "%s.rejects.csv", path),
                          im->map.file);
    im->call = arena_new(CALL_MEMORY);
    catalogue_rows_read(&im->rows);
    take_rows(im);
    arena_free(im->call);
    bool written = csv_rejects_end(&im->rejects);
    show_sum(s->tool, im);
    return session_end(s, im->failed > 0 ? TOOL_UNREACHABLE : written ? TOOL_OK : TOOL_FAILED);
}

static bool understand(const struct import_options *o, struct catalogue_map *m, const struct csv_file *file,
                       struct refusal *no)
{
    catalogue_map_guess(m, catalogue_kind_named(o->kind), file);
    m->mark = o->decimal_comma ? ',' : '.';
    m->period_word = o->period;
    if (o->days != NULL)
        m->order = strcmp(o->days, "dmy") == 0 ? DAY_ORDER_DMY : DAY_ORDER_MDY;
    for (size_t i = 0; i < o->map.n; i++)
        if (!catalogue_map_set(m, o->map.values[i], no))
            return false;
    catalogue_map_fix(m, "price_book", o->book);
    catalogue_map_fix(m, "currency", o->currency);
    catalogue_map_fix(m, "market", o->market);
    return catalogue_map_finish(m, no);
}

static int import_file(struct tool *t, const struct import_options *o, struct csv_file *file,
                       struct csv_file *others)
{
    struct catalogue_import im = {.options = o};
    struct refusal no;
    bool good = true;
    for (size_t i = 0; i < o->with.n && good; i++)
        good = file_join(file, &others[i], o->with.values[i], t, &no);
    if (!good || !understand(o, &im.map, file, &no)) {
        (void)tool_refused(&no); /* the file or the command line, not Baton */
        return TOOL_USAGE;
    }
    if (!t->json)
        catalogue_map_show(t, &im.map, o->path);
    return session_run(t, MEMORY, run, &im);
}

static bool is_one_of(const char *option, const char *value, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (value == NULL || strcmp(value, words[i]) == 0)
            return true;
    fprintf(stderr, "error: --%s is not \"%s\"; see --help\n", option, value);
    return false;
}

static bool options_fit(const struct import_options *o)
{
    static const char *const days[] = {"dmy", "mdy"}, *const periods[] = {"month", "quarter", "year"};
    if (catalogue_kind_named(o->kind) == NULL) {
        fprintf(stderr, "error: --as is products, bundles, prices, offers, rates, quotas or taxes\n");
        return false;
    }
    return is_one_of("days", o->days, days, 2) && is_one_of("period", o->period, periods, 3);
}

static int import_path(struct tool *t, const struct import_options *o)
{
    struct csv_file file, others[OPTION_LIST_MAX] = {0};
    char delimiter = o->delimiter == NULL ? '\0' : strcmp(o->delimiter, "tab") == 0 ? '\t' : o->delimiter[0];
    if (!file_read_csv(o->path, &(struct csv_options){o->charset, delimiter}, &file))
        return TOOL_FAILED;
    int status = import_file(t, o, &file, others);
    for (size_t i = 0; i < o->with.n; i++)
        if (others[i].arena != NULL)
            csv_file_release(&others[i]);
    csv_file_release(&file);
    return status;
}

/* `kind` NULL: --as says it. */
static int import_all(struct tool *t, int argc, char **argv, const char *kind)
{
    struct import_options o = {.period = "quarter"};
    int first;
    const struct option_row rows[] = {
        {"as", OPTION_TEXT, &o.kind},
        {"map", OPTION_LIST, &o.map},
        {"with", OPTION_LIST, &o.with},
        {"book", OPTION_TEXT, &o.book},
        {"currency", OPTION_TEXT, &o.currency},
        {"market", OPTION_TEXT, &o.market},
        {"days", OPTION_TEXT, &o.days},
        {"decimal-comma", OPTION_FLAG, &o.decimal_comma},
        {"period", OPTION_TEXT, &o.period},
        {"encoding", OPTION_TEXT, &o.charset},
        {"delimiter", OPTION_TEXT, &o.delimiter},
        {"rejects", OPTION_TEXT, &o.rejects},
        {"dry-run", OPTION_FLAG, &o.dry_run},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, FILES_MAX, &first))
        return TOOL_USAGE;
    if (kind != NULL)
        o.kind = kind;
    if (!options_fit(&o))
        return TOOL_USAGE;
    int status = TOOL_OK;
    for (int i = first; i < argc && status == TOOL_OK; i++) {
        o.path = argv[i];
        status = import_path(t, &o);
    }
    return status;
}

int tool_catalogue_import(struct tool *t, int argc, char **argv)
{
    return import_all(t, argc, argv, NULL);
}

int tool_quota_set(struct tool *t, int argc, char **argv)
{
    return import_all(t, argc, argv, "quotas");
}

const char tool_catalogue_import_help[] =
    "CSV or JSON lines. What each column means is guessed by its name and shown first. Products and offers "
    "are\n"
    "known by their code, prices by book, product, account and first day, rates by currencies and day, "
    "quotas by\n"
    "whom and period: what is there already is changed where the file says something else, an empty cell "
    "changes\n"
    "nothing, and the same file again does nothing. Rows that cannot be taken go to FILE.rejects.csv with "
    "the\n"
    "reason. Of several rows that say the same record lists are joined: products of an offer, prices from a\n"
    "quantity on, parts of a bundle; where one of these rows cannot be taken, none is. Where prices have a\n"
    "first day and no last, each ends the day before the next.\n\n"
    "  --as KIND                   products, bundles, prices, offers, rates, quotas, taxes; of a bundle each "
    "row\n"
    "                              names the bundle, a part and its quantity, all of which are products by "
    "then\n"
    "  --map FIELD=COLUMN          what a column is; FIELD= for none; the fields are those that export "
    "writes\n"
    "  --with FILE.csv:COLUMN      adds another file's columns to the rows with the same value in COLUMN;\n"
    "                              FILE.csv:THEIRS=OURS where it is called otherwise there. Several times\n"
    "  --book CODE                 the price book of rows that name none; one that is not there is made,\n"
    "                              in --currency, for --market\n"
    "  --currency C                of rows that say none\n"
    "  --days dmy|mdy              how 5/6/2026 is to be read, where no other row tells\n"
    "  --decimal-comma             1.234,50\n"
    "  --period month|quarter|year which one a quota's day stands for (quarter)\n"
    "  --encoding S, --delimiter C instead of guessing\n"
    "  --rejects FILE              where rows that are not taken go\n"
    "  --dry-run                   what would become of it; changes nothing\n";
