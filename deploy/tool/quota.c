/* `baton quota`: what everybody is to sell, listed, and set from a CSV file. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "baton/v1/record.pb-c.h"
#include "tool/csv.h"
#include "tool/csv_rejects.h"
#include "tool/file.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 1 << 30 };

enum quota_column {
    COLUMN_PERSON,
    COLUMN_TEAM,
    COLUMN_TERRITORY,
    COLUMN_PRODUCT,
    COLUMN_PERIOD,
    COLUMN_AMOUNT,
    COLUMN_CURRENCY,
    COLUMNS
};

/* Normalised header -> column. */
static const struct csv_synonym synonyms[] = {
    {"email", COLUMN_PERSON},        {"person", COLUMN_PERSON},   {"user", COLUMN_PERSON},
    {"team", COLUMN_TEAM},           {"product", COLUMN_PRODUCT}, {"territory", COLUMN_TERRITORY},
    {"productcode", COLUMN_PRODUCT}, {"period", COLUMN_PERIOD},   {"amount", COLUMN_AMOUNT},
    {"quota", COLUMN_AMOUNT},        {"target", COLUMN_AMOUNT},   {"currency", COLUMN_CURRENCY},
};

/* What quotas name, by what people call it. */
static const struct named {
    enum quota_column column;
    const char *type, *by, *field;
} names[] = {
    {COLUMN_PERSON, "user", "email", "owner_id"},
    {COLUMN_TEAM, "team", "name", "team_id"},
    {COLUMN_TERRITORY, "territory", "name", "territory_id"},
    {COLUMN_PRODUCT, "product", "code", "product_id"},
};
enum { NAMES = sizeof names / sizeof *names };

struct quotas {
    struct record_list all, named[NAMES];
    const struct csv_file *file;
    const char *path;
    int columns[COLUMNS]; /* -1: the file has none */
    struct csv_rejects rejects;
    size_t made, changed, same, rejected;
};

static bool load_all(struct session *s, struct quotas *q)
{
    for (size_t i = 0; i < NAMES; i++)
        if (!records_load(s->api, names[i].type, s->arena, &q->named[i], &s->no))
            return false;
    return records_load(s->api, "quota", s->arena, &q->all, &s->no);
}

/* --- list --- */

static const char *called(const struct quotas *q, size_t i, const ProtobufCMessage *quota)
{
    const char *id = schema_get_text(quota, names[i].field);
    const ProtobufCMessage *row = records_find(&q->named[i], "id", id);
    return row != NULL ? schema_get_text(row, names[i].by) : id != NULL ? id : "";
}

static bool list(struct session *s)
{
    struct quotas *q = s->arg;
    struct grid g;
    if (!load_all(s, q))
        return false;
    if (s->tool->json) {
        records_print_json(s->tool, &q->all);
        return true;
    }
    grid_init(&g, s->arena, "person|team|territory|product|period|>amount|currency");
    for (size_t i = 0; i < q->all.n; i++) {
        const Baton__Quota *quota = (const Baton__Quota *)q->all.rows[i];
        const ProtobufCMessage *row = &quota->base;
        grid_add(&g, (const char *[]){
                         called(q, 0, row), called(q, 1, row), called(q, 2, row), called(q, 3, row),
                         quota->period,
                         output_amount(s->arena, quota->amount->minor_units, quota->amount->currency_code),
                         quota->amount->currency_code});
    }
    grid_print(&g, s->tool);
    return true;
}

int tool_quota_list(struct tool *t, int argc, char **argv)
{
    struct quotas q = {0};
    int first;
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, list, &q);
}

/* --- set --- */

/* NULL where there is no such column or the cell is empty. */
static char *cell(const struct quotas *q, const struct csv_row *row, enum quota_column column)
{
    return q->columns[column] < 0 ? NULL : (char *)text_trim(q->file->arena, row->cells[q->columns[column]]);
}

static bool find_columns(struct quotas *q, struct refusal *no)
{
    csv_file_columns(q->file, synonyms, sizeof synonyms / sizeof *synonyms, q->columns, COLUMNS);
    return (q->columns[COLUMN_PERIOD] >= 0 && q->columns[COLUMN_AMOUNT] >= 0 &&
            q->columns[COLUMN_CURRENCY] >= 0) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                  "the file needs the columns period, amount and currency");
}

/* NULL: the row is read; else why not. */
static const char *read_row(struct session *s, const struct quotas *q, const struct csv_row *row,
                            Baton__Quota *out)
{
    const char *amount = cell(q, row, COLUMN_AMOUNT), *currency = cell(q, row, COLUMN_CURRENCY);
    char **fields[NAMES] = {&out->owner_id, &out->team_id, &out->territory_id, &out->product_id};
    const int digits = currency != NULL ? money_digits(currency) : -1;
    if (row->problem != NULL)
        return row->problem;
    for (size_t i = 0; i < NAMES; i++) {
        const char *text = cell(q, row, names[i].column);
        const ProtobufCMessage *found = records_find(&q->named[i], names[i].by, text);
        if (text != NULL && found == NULL)
            return arena_printf(s->arena, "there is no %s \"%s\"", names[i].type, text);
        *fields[i] = found != NULL ? (char *)schema_get_text(found, "id") : NULL;
    }
    out->period = cell(q, row, COLUMN_PERIOD);
    out->amount->currency_code = (char *)currency;
    out->amount->has_minor_units = true;
    if (out->period == NULL || amount == NULL || digits < 0 ||
        !decimal_parse(amount, digits, &out->amount->minor_units))
        return "it needs a period, and an amount in a currency (12500.00 and EUR)";
    return NULL;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Of the same whom, product and period. */
static Baton__Quota *find_quota(const struct quotas *q, const Baton__Quota *wanted)
{
    for (size_t i = 0; i < q->all.n; i++) {
        Baton__Quota *x = (Baton__Quota *)q->all.rows[i];
        if (same_text(x->owner_id, wanted->owner_id) && same_text(x->team_id, wanted->team_id) &&
            same_text(x->territory_id, wanted->territory_id) &&
            same_text(x->product_id, wanted->product_id) && same_text(x->period, wanted->period))
            return x;
    }
    return NULL;
}

static const char *put_row(struct session *s, struct quotas *q, Baton__Quota *wanted)
{
    Baton__Quota *there = find_quota(q, wanted), change = BATON__QUOTA__INIT;
    struct refusal no;
    ProtobufCMessage *made;
    if (there == NULL) {
        if (!records_create(s->api, &wanted->base, s->arena, &made, &no))
            return arena_strdup(s->arena, no.message);
        records_add(&q->all, made, s->arena);
        q->made++;
    } else if (there->amount->minor_units == wanted->amount->minor_units &&
               same_text(there->amount->currency_code, wanted->amount->currency_code)) {
        q->same++;
    } else {
        change.id = there->id;
        change.amount = wanted->amount;
        if (!records_update(s->api, &change.base, s->arena, &no))
            return arena_strdup(s->arena, no.message);
        *there->amount = *wanted->amount;
        q->changed++;
    }
    return NULL;
}

static bool set(struct session *s)
{
    struct quotas *q = s->arg;
    if (!find_columns(q, &s->no)) {
        (void)tool_refused(&s->no); /* the file, not Baton */
        return session_end(s, TOOL_FAILED);
    }
    if (!load_all(s, q))
        return false;
    csv_rejects_begin(&q->rejects, arena_printf(s->arena, "%s.rejects.csv", q->path), q->file);
    for (size_t i = 0; i < q->file->n_rows; i++) {
        Baton__Money amount = BATON__MONEY__INIT;
        Baton__Quota wanted = BATON__QUOTA__INIT;
        wanted.amount = &amount;
        const char *why = read_row(s, q, &q->file->rows[i], &wanted);
        why = why != NULL ? why : put_row(s, q, &wanted);
        if (why != NULL)
            csv_rejects_add(&q->rejects, &q->file->rows[i], why);
        q->rejected += why != NULL;
    }
    fprintf(s->tool->out,
            s->tool->json ? "{\"rows\":%zu,\"made\":%zu,\"changed\":%zu,\"same\":%zu,\"rejected\":%zu}\n"
                          : "%zu rows: %zu quotas new, %zu changed, %zu as they were, %zu not taken\n",
            q->file->n_rows, q->made, q->changed, q->same, q->rejected);
    if (q->rejected > 0 && !s->tool->json)
        fprintf(s->tool->out, "rows with the reason: %s\n", q->rejects.path);
    return session_end(s, csv_rejects_end(&q->rejects) ? TOOL_OK : TOOL_FAILED);
}

int tool_quota_set(struct tool *t, int argc, char **argv)
{
    struct quotas q = {0};
    struct csv_file file;
    int first;
    if (!options_read(NULL, 0, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    if (!file_read_csv(argv[first], &(struct csv_options){0}, &file))
        return TOOL_FAILED;
    q.file = &file;
    q.path = argv[first];
    int status = session_run(t, ARENA_LIMIT, set, &q);
    csv_file_release(&file);
    return status;
}
