/* `baton catalogue export`: writes what `baton catalogue import` reads. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "tool/catalogue.h"
#include "tool/list_map.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"

enum { MEMORY = 1 << 30 };

struct exporting {
    struct tool *tool;
    const struct catalogue_kind *kind;
    struct catalogue_names *names;
    const char *kind_name, *path, *book;
    FILE *out;
    struct arena *arena;
    size_t n;
};

/* Of which record a cell is, and of which tier (NULL: the price of one) or part of it. */
struct place {
    const struct exporting *x;
    const ProtobufCMessage *record;
    const Baton__PriceTier *tier;
    const Baton__BundleComponent *part;
    const Baton__PriceBook *book;
    const struct catalogue_field *field;
};

static const char *scaled(const struct place *p, int64_t value, int digits, const char *behind)
{
    char text[DECIMAL_SIZE];
    decimal_format_short(text, value, digits);
    return arena_printf(p->x->arena, "%s%s", text, behind);
}

static const char *amount(const struct place *p, int64_t minor, const char *currency)
{
    char text[DECIMAL_SIZE];
    int digits = money_digits(currency);
    decimal_format(text, minor, digits < 0 ? 0 : digits);
    return arena_strdup(p->x->arena, text);
}

/* Of the only money that the record has; NULL: it has none. */
static const Baton__Money *money_of(const struct place *p)
{
    for (size_t i = 0; i < p->x->kind->n_fields; i++)
        if (p->x->kind->fields[i].how == CELL_MONEY) {
            const struct schema_field *f =
                schema_field(schema_message(p->record->descriptor), p->x->kind->fields[i].field);
            return *(Baton__Money *const *)((const uint8_t *)p->record + f->pb->offset);
        }
    return NULL;
}

static const char *currency_of(const struct place *p)
{
    const Baton__Money *m = money_of(p);
    return p->book != NULL ? p->book->currency_code : m != NULL ? m->currency_code : "";
}

static const char *listed(const struct place *p, const struct schema_field *f)
{
    char *const *texts;
    size_t n = schema_texts_of(p->record, f, &texts);
    const char *all = "";
    for (size_t i = 0; i < n; i++) {
        const char *text = p->field->how == CELL_SEVERAL
                               ? catalogue_names_of(p->x->names, p->field->other, texts[i])
                               : texts[i];
        all = arena_printf(p->x->arena, "%s%s%s", all, i > 0 ? ";" : "", text);
    }
    return all;
}

/* Of a field that is there. */
static const char *present_cell(const struct place *p, const struct schema_field *f)
{
    switch (p->field->how) {
    case CELL_MONEY:
        return amount(p, money_of(p)->minor_units, money_of(p)->currency_code);
    case CELL_PRICE:
        return amount(p, p->tier != NULL ? p->tier->unit_price : schema_int_of(p->record, f), currency_of(p));
    case CELL_YES:
        return schema_int_of(p->record, f) != 0 ? "yes" : "no";
    case CELL_QUANTITY:
        return scaled(p, schema_int_of(p->record, f), QUANTITY_DIGITS, "");
    case CELL_PERCENT:
        return scaled(p, schema_int_of(p->record, f), PERCENT_DIGITS, "%");
    case CELL_RATE:
        return scaled(p, schema_int_of(p->record, f), RATE_DIGITS, "");
    case CELL_TEXTS:
    case CELL_SEVERAL:
        return listed(p, f);
    case CELL_ONE:
        return catalogue_names_of(p->x->names, p->field->other, schema_text_of(p->record, f));
    default:
        return schema_text_of(p->record, f);
    }
}

static const char *cell(const struct place *p)
{
    if (p->field->how == CELL_CURRENCY)
        return currency_of(p);
    if (p->field->how == CELL_MARKET)
        return p->book != NULL && p->book->market != NULL ? p->book->market : "";
    if (p->field->how == CELL_TIER)
        return p->tier != NULL ? scaled(p, p->tier->from_quantity_e4, QUANTITY_DIGITS, "") : "";
    if (p->field->how == CELL_PART)
        return catalogue_names_of(p->x->names, p->field->other, p->part->product_id);
    if (p->field->how == CELL_PARTS)
        return scaled(p, p->part->quantity_e4, QUANTITY_DIGITS, "");
    const struct schema_field *f = schema_field(schema_message(p->record->descriptor), p->field->field);
    return schema_present(p->record, f) ? present_cell(p, f) : "";
}

static void write_cell(FILE *out, const char *text, bool first)
{
    fputs(first ? "\"" : ",\"", out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            fputc('"', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

static void write_row(struct place *p)
{
    const struct catalogue_kind *kind = p->x->kind;
    for (size_t i = 0; i < kind->n_fields; i++) {
        p->field = &kind->fields[i];
        write_cell(p->x->out, cell_guard(cell(p), p->x->arena), i == 0);
    }
    fputs("\r\n", p->x->out); /* RFC 4180 */
}

static void write_header(const struct exporting *x)
{
    for (size_t i = 0; i < x->kind->n_fields; i++)
        write_cell(x->out, x->kind->fields[i].name, i == 0);
    fputs("\r\n", x->out);
}

/* Of prices those of books that nothing has superseded, or of the one that was asked for. */
static bool is_meant(const struct exporting *x, const struct place *p)
{
    if (p->record->descriptor != &baton__price_book_entry__descriptor)
        return true;
    if (p->book == NULL)
        return false;
    return x->book != NULL ? strcmp(p->book->code, x->book) == 0 : p->book->superseded_by_id == NULL;
}

static void write_record(struct exporting *x, const ProtobufCMessage *record)
{
    struct place p = {.x = x, .record = record};
    const Baton__PriceBookEntry *e = (const Baton__PriceBookEntry *)record;
    bool is_price = record->descriptor == &baton__price_book_entry__descriptor;
    if (is_price)
        p.book = (const Baton__PriceBook *)catalogue_names_by_id(x->names, OTHER_BOOK, e->price_book_id);
    if (!is_meant(x, &p))
        return;
    write_row(&p);
    for (size_t i = 0; is_price && i < e->n_tiers; i++) {
        p.tier = e->tiers[i];
        write_row(&p);
    }
    x->n++;
}

/* A row for each part. */
static void write_bundle(struct exporting *x, const ProtobufCMessage *record)
{
    const Baton__Product *bundle = (const Baton__Product *)record;
    struct place p = {.x = x, .record = record};
    for (size_t i = 0; i < bundle->n_components; i++) {
        p.part = bundle->components[i];
        write_row(&p);
    }
    x->n += bundle->n_components > 0;
}

static bool write_all(struct session *s, struct exporting *x, const struct record_list *list)
{
    x->out = x->path != NULL ? fopen(x->path, "we") : s->tool->out;
    if (x->out == NULL) {
        fprintf(stderr, "error: %s: %s\n", x->path, strerror(errno));
        return session_end(s, TOOL_FAILED);
    }
    write_header(x);
    const bool are_bundles = strcmp(x->kind->name, "bundles") == 0;
    for (size_t i = 0; i < list->n; i++)
        (are_bundles ? write_bundle : write_record)(x, list->rows[i]);
    bool good = !ferror(x->out);
    if (x->path != NULL)
        good = fclose(x->out) == 0 && good;
    if (!good)
        fprintf(stderr, "error: %s could not be written whole\n",
                x->path != NULL ? x->path : "standard output");
    else if (x->path != NULL)
        fprintf(s->tool->out, s->tool->json ? "{\"records\":%zu}\n" : "%zu records written\n", x->n);
    return session_end(s, good ? TOOL_OK : TOOL_FAILED);
}

static bool run(struct session *s)
{
    struct exporting *x = s->arg;
    struct record_list list;
    struct refusal no;
    x->arena = s->arena;
    x->names = catalogue_names_load(s, x->kind, NULL);
    if (x->names == NULL || !records_load(s->api, x->kind->type, s->arena, &list, &s->no))
        return false;
    if (x->book != NULL) {
        const ProtobufCMessage *book = catalogue_names_find(x->names, OTHER_BOOK, x->book, s->arena, &no);
        if (book == NULL)
            return refuse(&s->no, no.code, NULL, "%s", no.message);
        x->book = schema_get_text(book, "code");
    }
    return write_all(s, x, &list);
}

int tool_catalogue_export(struct tool *t, int argc, char **argv)
{
    struct exporting x = {.tool = t};
    int first;
    const struct option_row rows[] = {
        {"as", OPTION_TEXT, &x.kind_name}, {"book", OPTION_TEXT, &x.book}, {"out", OPTION_TEXT, &x.path}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    x.kind = catalogue_kind_named(x.kind_name);
    if (x.kind == NULL || (x.book != NULL && strcmp(x.kind_name, "prices") != 0)) {
        fprintf(
            stderr,
            "error: --as is products, bundles, prices (with --book CODE), offers, rates, quotas or taxes\n");
        return TOOL_USAGE;
    }
    return session_run(t, MEMORY, run, &x);
}

const char tool_catalogue_export_help[] =
    "As CSV, which `baton catalogue import` reads again. A cell that a "
    "spreadsheet would take for a formula has an\n"
    "apostrophe in front, which import takes off. Of prices those of "
    "all books that nothing has superseded; what a\n"
    "bundle is made of is written by --as bundles.\n\n"
    "  --as KIND    products, bundles, prices, offers, rates, quotas, taxes\n"
    "  --book CODE  prices of this book alone\n"
    "  --out FILE   instead of standard output\n";
