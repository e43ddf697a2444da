/* `baton contact import` and `baton account import`: reads the list, shows how it is understood, brings it
   in, sums up. */
#include "tool/list_import.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { SESSION_MEMORY = 512 << 20, NAME_BYTES_MAX = 200, PREVIEW_ROWS = 5, PREVIEW_MEMORY = 4 << 20 };

struct list_options {
    const char *path, *charset, *delimiter, *rejects, *duplicates, *owner, *country;
    struct option_list map;
    bool preview, accounts;
    struct list_source source;
};

static const struct {
    const char *name;
    Baton__DuplicatePolicy policy;
} policies[] = {
    {"skip", BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_SKIP},
    {"update", BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_UPDATE},
    {"create", BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_CREATE},
    {"ask", BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_ASK},
};

static Baton__DuplicatePolicy policy_named(const char *name)
{
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (strcmp(policies[i].name, name) == 0)
            return policies[i].policy;
    return BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_UNSPECIFIED;
}

/* --- what is shown before --- */

static void show_file(struct tool *t, const struct list_source *s)
{
    struct grid g;
    if (s->is_cards) {
        fprintf(t->out, "%s: %s vCards\n", s->path, output_number(s->file.arena, s->n_cards));
        return;
    }
    fprintf(t->out, "%s: %s rows, %s\n", s->path, output_number(s->file.arena, s->file.n_rows),
            s->file.charset);
    grid_init(&g, s->file.arena, "column|becomes|because|for example");
    for (size_t i = 0; i < s->file.n_columns; i++)
        grid_add(&g, (const char *[]){s->file.columns[i], list_map_target(&s->map, i), s->map.targets[i].why,
                                      csv_file_example(&s->file, i)});
    grid_print(&g, t);
}

/* The first rows as they would be stored. */
static void show_rows(struct tool *t, const struct list_source *s)
{
    struct arena *a = arena_new(PREVIEW_MEMORY);
    struct buffer b;
    buffer_init(&b, PREVIEW_MEMORY);
    for (size_t i = 0; i < list_source_rows(s) && i < PREVIEW_ROWS; i++) {
        Baton__ImportRow row;
        const char *reason;
        buffer_clear(&b);
        if (!list_source_row(s, i, &row, a, &reason))
            fprintf(t->out, "row %zu cannot be taken: %s\n", i + 1, output_text(a, reason));
        else if (schema_to_json(&row.base, 0, &b))
            fprintf(t->out, "row %zu: %s\n", i + 1, output_text(a, buffer_cstr(&b)));
        arena_reset(a);
    }
    buffer_release(&b);
    arena_free(a);
}

/* --- the sum --- */

static void show_sum(struct tool *t, const struct list_import *im)
{
    const struct list_counts *c = &im->counts;
    const struct sum_row rows[] = {
        {"created", "new", "would be new", c->created},
        {"updated", "changed what was there", "would change what is there", c->updated},
        {"unchanged", "said nothing new", "say nothing new", c->unchanged},
        {"skipped", "there already, skipped", "there already, would be skipped", c->skipped},
        {"asked", "there already, listed", "there already, would be listed", c->asked},
        {"rejected", "rejected", "would be rejected", c->rejected},
        {"failed", "without an answer", NULL, c->failed},
        {"byExternalId", "known by their external id", NULL, c->known[0]},
        {"byEmail", "known by their e-mail", NULL, c->known[1]},
        {"byPhone", "known by their telephone", NULL, c->known[2]},
        {"byName", "known by their name", NULL, c->known[3]},
    };
    size_t n = list_source_rows(im->source);
    fprintf(t->out, t->json ? "{\"rows\":%zu,\"importId\":\"%s\"" : "%zu rows, import %s:\n", n,
            im->import_id);
    output_sum(t, im->preview, rows, sizeof rows / sizeof *rows);
    if (t->json) {
        fprintf(t->out, ",\"remarked\":%" PRIu64 ",\"again\":%s}\n", c->remarked,
                im->was_begun ? "true" : "false");
        return;
    }
    if (im->rejects.n > 0)
        fprintf(t->out, "rows with the reason: %s\n", im->rejects.path);
    if (im->remarks.n > 0)
        fprintf(t->out, "taken, but not whole: %s\n", im->remarks.path);
    if (im->asked.n > 0)
        fprintf(t->out, "duplicates: %s\n", im->asked.path);
    fprintf(t->out,
            im->preview ? "nothing was changed (--preview)\n" : "baton import undo %s takes it back\n",
            im->import_id);
}

/* --- the run --- */

/* All that decides what becomes of a row, in words: two imports with other choices are two. */
static const char *choices_of(const struct list_options *o, struct arena *a)
{
    const struct list_source *s = &o->source;
    const char *text =
        arena_printf(a, "%s %s %s %s", o->accounts ? "accounts" : "contacts", o->duplicates,
                     s->owner_id != NULL ? s->owner_id : "-", o->country != NULL ? o->country : "-");
    text = arena_printf(a, "%s %s", text, o->charset != NULL ? o->charset : "-");
    for (size_t i = 0; i < s->file.n_columns; i++)
        text = arena_printf(a, "%s|%s", text, list_map_target(&s->map, i));
    return text;
}

static const char *name_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    return arena_strndup(a, name, text_clip(name, NAME_BYTES_MAX));
}

static const char *beside(const struct list_options *o, const char *what, struct arena *a)
{
    const char *path = strcmp(o->path, "-") == 0 ? "standard-input" : o->path;
    return arena_printf(a, "%s.%s.%s", path, what, o->source.is_cards ? "vcf" : "csv");
}

static bool run(struct session *s)
{
    struct list_options *o = s->arg;
    struct list_import *im = ARENA_NEW(s->arena, struct list_import);
    if (o->owner != NULL) {
        const Baton__User *user = records_user(s->api, o->owner, s->arena, &s->no);
        if (user == NULL)
            return false;
        o->source.owner_id = user->id;
    }
    im->session = s;
    im->source = &o->source;
    im->name = name_of(o->path, s->arena);
    im->country = o->country;
    im->duplicates = policy_named(o->duplicates);
    im->preview = o->preview;
    if (!list_import_identify(im, choices_of(o, s->arena)))
        return false;
    if (!s->tool->json) {
        show_file(s->tool, &o->source);
        if (o->preview)
            show_rows(s->tool, &o->source);
        if (im->was_begun)
            fprintf(s->tool->out, "this list was imported before, as %s: what was done is not done again\n",
                    im->import_id);
        (void)fflush(s->tool->out); /* above the progress; errors are found at the end */
    }
    list_aside_begin(&im->rejects, im->source,
                     o->rejects != NULL ? o->rejects : beside(o, "rejects", s->arena));
    list_aside_begin(&im->asked, im->source, beside(o, "duplicates", s->arena));
    list_aside_begin(&im->remarks, im->source, beside(o, "remarks", s->arena));
    bool good = list_import_run(im);
    bool written = list_aside_end(&im->rejects);
    written = list_aside_end(&im->asked) && written;
    written = list_aside_end(&im->remarks) && written;
    show_sum(s->tool, im);
    return good && session_end(s, written ? TOOL_OK : TOOL_FAILED);
}

static int import(struct tool *t, struct list_options *o)
{
    struct refusal no;
    char delimiter = o->delimiter == NULL ? '\0' : strcmp(o->delimiter, "tab") == 0 ? '\t' : o->delimiter[0];
    if (!list_source_open(&o->source, o->path, o->accounts, &(struct csv_options){o->charset, delimiter},
                          &no)) {
        if (no.code != REFUSAL_NONE)
            (void)tool_refused(&no); /* the file, not Baton */
        return TOOL_FAILED;
    }
    int status = TOOL_OK;
    for (size_t i = 0; i < o->map.n && status == TOOL_OK; i++)
        if (o->source.is_cards || !list_map_set(&o->source.map, o->map.values[i], &no)) {
            if (o->source.is_cards)
                refuse(&no, REFUSAL_INVALID_ARGUMENT, NULL, "vCards have no columns to map");
            (void)tool_refused(&no); /* the command line, not Baton */
            status = TOOL_USAGE;
        }
    if (status == TOOL_OK)
        status = session_run(t, SESSION_MEMORY, run, o);
    list_source_close(&o->source);
    return status;
}

static int import_command(struct tool *t, int argc, char **argv, bool accounts)
{
    struct list_options o = {.duplicates = "skip", .accounts = accounts};
    int first;
    const struct option_row rows[] = {
        {"map", OPTION_LIST, &o.map},          {"duplicates", OPTION_TEXT, &o.duplicates},
        {"owner", OPTION_TEXT, &o.owner},      {"country", OPTION_TEXT, &o.country},
        {"encoding", OPTION_TEXT, &o.charset}, {"delimiter", OPTION_TEXT, &o.delimiter},
        {"rejects", OPTION_TEXT, &o.rejects},  {"preview", OPTION_FLAG, &o.preview},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (policy_named(o.duplicates) == 0) {
        fprintf(stderr, "error: --duplicates is skip, update, create or ask, not \"%s\"\n", o.duplicates);
        return TOOL_USAGE;
    }
    o.path = argv[first];
    return import(t, &o);
}

int tool_contact_import(struct tool *t, int argc, char **argv)
{
    return import_command(t, argc, argv, false);
}

int tool_account_import(struct tool *t, int argc, char **argv)
{
    return import_command(t, argc, argv, true);
}

const char tool_list_import_help[] =
    "A file of vCards (2.1, 3.0 or 4.0), of CSV or of JSON lines; what it is, its character set, its "
    "delimiter\n"
    "and what each column means are guessed and shown first. Somebody who is there already is known by the\n"
    "external id, the e-mail or the telephone number (E.164), exactly. A contact's company becomes an "
    "account,\n"
    "if there is none of that name. Rows that cannot be taken go to FILE.rejects.csv (.vcf) with the "
    "reason;\n"
    "what had to be left out of a card that was taken is told in FILE.remarks.vcf. Importing the same file\n"
    "again does nothing twice. `baton import undo` takes all of it back.\n\n"
    "  --preview               the first rows as they would be stored, what is not mapped, how many are "
    "there\n"
    "                          already; changes nothing\n"
    "  --map COLUMN=FIELD      what a column is (\"E-Mail=email\"); COLUMN= leaves it out\n"
    "  --duplicates P          skip (default), update (what the row says is set), create, or\n"
    "                          ask: neither, but lists them in FILE.duplicates.csv (.vcf)\n"
    "  --owner EMAIL           of rows that name none\n"
    "  --country NAME          where telephone numbers are that do not say it: they get its code (+49...)\n"
    "  --encoding S            the character set (Big5, ISO-8859-1) instead of guessing\n"
    "  --delimiter C           the same of columns; \"tab\" for a tab\n"
    "  --rejects FILE          where rows that are not taken go\n";
