/* `baton place import`: where postal codes are, from a file like those of GeoNames. */
#include <string.h>

#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "schema/decide.h"
#include "tool/csv.h"
#include "tool/csv_rejects.h"
#include "tool/file.h"
#include "tool/lead_fields.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 2000 << 20, ROW_MEMORY_MAX = 1 << 20, CALLS_MAX = 64, SLOTS_LEAST = 1024 };
enum { NAMES_MAX = 190 /* bytes of the names of one postal code, so that what ends them fits, too */ };
static const double MILLION = 1e6;

enum place_column { COLUMN_COUNTRY, COLUMN_CODE, COLUMN_NAME, COLUMN_LATITUDE, COLUMN_LONGITUDE, COLUMNS };

/* Normalised header -> column. */
static const struct csv_synonym synonyms[] = {
    {"countrycode", COLUMN_COUNTRY},
    {"country", COLUMN_COUNTRY},
    {"postalcode", COLUMN_CODE},
    {"postcode", COLUMN_CODE},
    {"zipcode", COLUMN_CODE},
    {"zip", COLUMN_CODE},
    {"plz", COLUMN_CODE},
    {"place", COLUMN_NAME},
    {"placename", COLUMN_NAME},
    {"city", COLUMN_NAME},
    {"name", COLUMN_NAME},
    {"latitude", COLUMN_LATITUDE},
    {"lat", COLUMN_LATITUDE},
    {"longitude", COLUMN_LONGITUDE},
    {"lon", COLUMN_LONGITUDE},
    {"lng", COLUMN_LONGITUDE},
};

struct run {
    struct tool *tool;
    struct api *api;
    const struct csv_file *file;
    const char *path;
    const char *country;  /* of all rows; NULL: the file says */
    int columns[COLUMNS]; /* -1: the file has none */
    struct arena *arena, *row;
    const char **known; /* "country|code", open addressing, at most half full */
    struct named {
        const char *key;
        char *names; /* of all rows with that code: "Klipphausen, Nossen"; NULL: none has one */
    } * named;       /* the same way */
    size_t n_slots;
    struct csv_rejects rejects;
    struct progress progress;
    size_t made, there, rejected, done;
};

/* A row under way. */
struct job {
    struct run *run;
    const struct csv_row *row;
};

static bool find_columns(struct run *r, struct refusal *no)
{
    csv_file_columns(r->file, synonyms, sizeof synonyms / sizeof *synonyms, r->columns, COLUMNS);
    if (r->columns[COLUMN_CODE] < 0 || r->columns[COLUMN_LATITUDE] < 0 || r->columns[COLUMN_LONGITUDE] < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "the file needs the columns postal_code, latitude and longitude");
    if (r->columns[COLUMN_COUNTRY] < 0 && r->country == NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "no column says which country it is; name one country_code, or give --country");
    return true;
}

/* --- what is there already --- */

static size_t hash_of(const char *key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *p = key; *p != '\0'; p++)
        h = (h ^ (uint8_t)*p) * UINT64_C(1099511628211);
    return (size_t)h;
}

static const char **slot_of(const struct run *r, const char *key)
{
    size_t at = hash_of(key) & (r->n_slots - 1);
    while (r->known[at] != NULL && strcmp(r->known[at], key) != 0)
        at = (at + 1) & (r->n_slots - 1);
    return &r->known[at];
}

static struct named *named_of(const struct run *r, const char *key)
{
    size_t at = hash_of(key) & (r->n_slots - 1);
    while (r->named[at].key != NULL && strcmp(r->named[at].key, key) != 0)
        at = (at + 1) & (r->n_slots - 1);
    return &r->named[at];
}

static const char *key_of(struct run *r, const char *country, const char *code)
{
    const char *place = text_fold_place(r->row, country), *folded = text_fold_postcode(r->row, code);
    return arena_printf(r->arena, "%s|%s", place != NULL ? place : "", folded != NULL ? folded : "");
}

/* False: it was known. */
static bool learn(struct run *r, const char *country, const char *code)
{
    const char *key = key_of(r, country, code);
    const char **slot = slot_of(r, key);
    bool is_new = *slot == NULL;
    *slot = key;
    return is_new;
}

static bool learn_all(struct run *r, struct refusal *no)
{
    struct record_list places;
    if (!records_load(r->api, "place", r->arena, &places, no))
        return false;
    r->n_slots = SLOTS_LEAST;
    while (r->n_slots < 2 * (places.n + r->file->n_rows + 1))
        r->n_slots *= 2;
    r->known = ARENA_ARRAY(r->arena, const char *, r->n_slots);
    r->named = ARENA_ARRAY(r->arena, struct named, r->n_slots);
    for (size_t i = 0; i < places.n; i++) {
        const Baton__Place *p = (const Baton__Place *)places.rows[i];
        (void)learn(r, p->country, p->postal_code); /* of two the second says nothing new */
        arena_reset(r->row);
    }
    return true;
}

/* --- rows --- */

static void row_done(struct run *r, const struct csv_row *row, size_t *count, const char *reason)
{
    (*count)++;
    if (reason != NULL)
        csv_rejects_add(&r->rejects, row, reason);
    progress_show(&r->progress, ++r->done);
}

static void on_answer(void *arg, const struct refusal *no, const void *response)
{
    struct job *job = arg;
    struct run *r = job->run;
    if (no != NULL)
        row_done(r, job->row, &r->rejected, no->message);
    else
        row_done(r, job->row, &r->made, NULL);
}

/* NULL where there is no such column or the cell is empty. */
static const char *cell(const struct run *r, const struct csv_row *row, enum place_column column)
{
    return r->columns[column] < 0 ? NULL : text_trim(r->row, row->cells[r->columns[column]]);
}

static bool degrees(const char *text, double most, int32_t *out)
{
    double value;
    if (text == NULL || !lead_number(text, &value) || !(value >= -most && value <= most))
        return false;
    *out = (int32_t)(value * MILLION + (value < 0 ? -0.5 : 0.5));
    return true;
}

static const char *read_place(const struct run *r, const struct csv_row *row, Baton__Place *p)
{
    if (row->problem != NULL)
        return row->problem;
    baton__place__init(p);
    p->country = (char *)(r->country != NULL ? r->country : cell(r, row, COLUMN_COUNTRY));
    p->postal_code = (char *)cell(r, row, COLUMN_CODE);
    p->name = (char *)cell(r, row, COLUMN_NAME);
    p->has_latitude_e6 = degrees(cell(r, row, COLUMN_LATITUDE), 90, &p->latitude_e6);
    p->has_longitude_e6 = degrees(cell(r, row, COLUMN_LONGITUDE), 180, &p->longitude_e6);
    if (p->country == NULL || p->postal_code == NULL)
        return "it has no country or no postal code";
    return p->has_latitude_e6 && p->has_longitude_e6 ? NULL
                                                     : "its latitude or longitude is no number of degrees";
}

/* Several places share a postal code: it has the position of the first and the names of all; "…" stands for
   those that are too many. */
static void learn_name(struct run *r, const struct csv_row *row)
{
    Baton__Place p;
    arena_reset(r->row);
    if (read_place(r, row, &p) != NULL || p.name == NULL)
        return;
    struct named *n = named_of(r, key_of(r, p.country, p.postal_code));
    n->key = key_of(r, p.country, p.postal_code);
    if (n->names == NULL)
        n->names = arena_strdup(r->arena, p.name);
    else if (strstr(n->names, p.name) != NULL || strstr(n->names, "…") != NULL)
        return;
    else if (strlen(n->names) + strlen(p.name) + 2 <= NAMES_MAX)
        n->names = arena_printf(r->arena, "%s, %s", n->names, p.name);
    else
        n->names = arena_printf(r->arena, "%.*s, …", (int)text_clip(n->names, NAMES_MAX), n->names);
}

static void take_row(struct run *r, const struct csv_row *row)
{
    Baton__CreateRecordRequest q;
    Baton__Place place;
    arena_reset(r->row);
    const char *reason = read_place(r, row, &place);
    if (reason != NULL) {
        row_done(r, row, &r->rejected, reason);
        return;
    }
    if (!learn(r, place.country, place.postal_code)) {
        row_done(r, row, &r->there, NULL);
        return;
    }
    place.name = named_of(r, key_of(r, place.country, place.postal_code))->names;
    struct job *job = ARENA_NEW(r->arena, struct job);
    *job = (struct job){r, row};
    baton__create_record_request__init(&q);
    q.request_id = request_id_new(r->row);
    q.record = record_wrap(&place.base, r->row);
    api_wait(r->api, CALLS_MAX);
    if (!api_start(r->api, "RecordService/CreateRecord", &q, on_answer, job))
        row_done(r, row, &r->rejected, "the row is too large");
}

static bool run_import(struct session *s)
{
    struct run *r = s->arg;
    r->api = s->api;
    r->arena = s->arena;
    if (!find_columns(r, &s->no)) {
        (void)tool_refused(&s->no); /* the file, not Baton */
        return session_end(s, TOOL_FAILED);
    }
    if (!learn_all(r, &s->no))
        return false;
    for (size_t i = 0; i < r->file->n_rows; i++)
        learn_name(r, &r->file->rows[i]);
    csv_rejects_begin(&r->rejects, arena_printf(r->arena, "%s.rejects.csv", r->path), r->file);
    progress_start(&r->progress, "places", r->file->n_rows, r->tool->json);
    for (size_t i = 0; i < r->file->n_rows; i++)
        take_row(r, &r->file->rows[i]);
    api_wait(r->api, 0);
    progress_end(&r->progress);
    fprintf(r->tool->out,
            r->tool->json ? "{\"rows\":%zu,\"made\":%zu,\"there\":%zu,\"rejected\":%zu}\n"
                          : "%zu rows: %zu places new, %zu there already, %zu not taken\n",
            r->file->n_rows, r->made, r->there, r->rejected);
    if (r->rejected > 0 && !r->tool->json)
        fprintf(r->tool->out, "rows with the reason: %s\n", r->rejects.path);
    return session_end(s, csv_rejects_end(&r->rejects) ? TOOL_OK : TOOL_FAILED);
}

int tool_place_import(struct tool *t, int argc, char **argv)
{
    struct run r = {.tool = t};
    struct csv_file file;
    int first;
    const struct option_row rows[] = {{"country", OPTION_TEXT, &r.country}};
    if (!options_read(rows, 1, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (!file_read_csv(argv[first], &(struct csv_options){0}, &file))
        return TOOL_FAILED;
    r.file = &file;
    r.path = argv[first];
    r.row = arena_new(ROW_MEMORY_MAX);
    int status = session_run(t, ARENA_LIMIT, run_import, &r);
    arena_free(r.row);
    csv_file_release(&file);
    return status;
}

const char tool_place_import_help[] =
    "A file like those of GeoNames: country_code, postal_code (zip, plz), latitude, longitude and perhaps\n"
    "place. Leads that come in then know where they are, and RANK_NEAREST of a rule who is nearest; users\n"
    "have latitude_e6 and longitude_e6. Accounts know it, too: who is nearby, and whether city and postal "
    "code\n"
    "agree. Of several rows with the same code the first says where it is, and all say what it is called; "
    "what\n"
    "is there already stays. Rows that are not taken go to FILE.csv.rejects.csv.\n\n"
    "  --country NAME   of all rows, as leads write it (Germany), where the file says it otherwise (DE)\n";
