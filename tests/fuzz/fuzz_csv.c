/* Files to be imported: rows keep to the text they came from, what is written as CSV reads the same again,
   every row becomes a lead that the bus would take, and amounts and days are read again as they are written.
   Input: charset, delimiter, file. */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "fuzz/fuzz.h"
#include "tool/catalogue.h"
#include "tool/csv_map.h"

enum { LEAD_MEMORY = 64 << 20, WRITTEN_MAX = 64 << 20 };

static const char *const charsets[] = {NULL,          "UTF-8", "windows-1252", "UTF-16LE",
                                       "UTF-16BE",    "Big5",  "GB18030",      "Shift_JIS",
                                       "ISO-2022-JP", "UTF-7", "no-such-set",  "EUC-KR"};
static const char delimiters[] = {0, ',', ';', '\t', '|', ':'};

static void check_cell(const char *cell)
{
    assert(cell != NULL && text_valid(cell, strlen(cell)) && strlen(cell) <= CSV_CELL_MAX);
}

static void check_rows(const struct csv_file *f)
{
    const uint8_t *from = f->header_raw.data + f->header_raw.size;
    size_t line = 0;
    assert(f->n_columns >= 1 && f->n_columns <= CSV_COLUMNS_MAX && f->n_own == f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++) {
        check_cell(f->columns[i]);
        assert(f->columns[i][0] != '\0' && csv_file_column(f, f->columns[i]) >= 0);
        for (size_t k = 0; k < i; k++)
            assert(strcmp(f->columns[i], f->columns[k]) != 0);
    }
    for (size_t i = 0; i < f->n_rows; i++) {
        const struct csv_row *row = &f->rows[i];
        assert(row->line > line && (row->problem != NULL || row->raw.data >= from));
        line = row->line;
        from = row->problem == NULL ? row->raw.data + row->raw.size : from;
        for (size_t k = 0; k < f->n_columns; k++)
            check_cell(row->cells[k]);
    }
}

static void add_cell(struct buffer *out, const char *cell, char before)
{
    size_t n = strlen(cell);
    uint8_t *room = buffer_room(out, 2 * n + 3);
    assert(room != NULL);
    if (before != '\0')
        (void)buffer_char(out, before);
    out->size += csv_write(out->data + out->size, 2 * n + 2, cell, n);
}

static void write(const struct csv_file *f, struct buffer *out)
{
    buffer_init(out, WRITTEN_MAX);
    for (size_t i = 0; i < f->n_columns; i++)
        add_cell(out, f->columns[i], i > 0 ? ',' : '\0');
    (void)buffer_char(out, '\n');
    for (size_t i = 0; i < f->n_rows; i++) {
        if (f->rows[i].problem != NULL)
            continue;
        for (size_t k = 0; k < f->n_columns; k++)
            add_cell(out, f->rows[i].cells[k], k > 0 ? ',' : '\0');
        (void)buffer_char(out, '\n');
    }
}

static void check_same(const struct csv_file *f, const struct csv_file *g)
{
    size_t at = 0;
    assert(g->n_columns == f->n_columns);
    for (size_t i = 0; i < f->n_columns; i++)
        assert(strcmp(f->columns[i], g->columns[i]) == 0);
    for (size_t i = 0; i < f->n_rows; i++) {
        if (f->rows[i].problem != NULL)
            continue;
        assert(at < g->n_rows && g->rows[at].problem == NULL);
        for (size_t k = 0; k < f->n_columns; k++)
            assert(strcmp(f->rows[i].cells[k], g->rows[at].cells[k]) == 0);
        at++;
    }
    assert(at == g->n_rows);
}

static void check_written(const struct csv_file *f)
{
    struct csv_file again;
    struct buffer text;
    struct refusal no = {0};
    write(f, &text);
    bool is_read = csv_file_parse(&again, buffer_bytes(&text), &(struct csv_options){"UTF-8", ','}, &no);
    assert(is_read);
    check_same(f, &again);
    csv_file_release(&again);
    buffer_release(&text);
}

/* A lead as it is sent: what is too long or no number went into the message. */
static void check_leads(struct csv_file *f)
{
    struct csv_map map;
    csv_map_guess(&map, f);
    for (size_t i = 0; i < f->n_rows; i++) {
        struct arena *a = fuzz_arena(LEAD_MEMORY);
        struct refusal no = {0};
        ProtobufCMessage *back = NULL;
        Baton__Lead lead = BATON__LEAD__INIT;
        if (f->rows[i].problem != NULL)
            continue;
        csv_map_lead(&map, &f->rows[i], &lead, a);
        bool is_taken = schema_decode(schema_message(&baton__lead__descriptor), schema_pack(&lead.base, a), a,
                                      &back, &no);
        assert(is_taken);
    }
}

/* An amount or a day of a catalogue: what was understood is understood again as it is written. */
static void check_amount(const char *cell)
{
    char text[DECIMAL_SIZE], day[11], again[11];
    int64_t value, same;
    bool rounded;
    if (catalogue_decimal(cell, '.', 2, &value, &rounded)) {
        decimal_format(text, value, 2);
        bool good = catalogue_decimal(text, '.', 2, &same, &rounded);
        assert(good && same == value && !rounded);
    }
    if (catalogue_day(cell, DAY_ORDER_DMY, day)) {
        bool good = catalogue_day(day, DAY_ORDER_UNKNOWN, again);
        assert(good && strcmp(day, again) == 0);
    }
}

static void check_amounts(const struct csv_file *f)
{
    for (size_t i = 0; i < f->n_rows; i++)
        for (size_t k = 0; f->rows[i].problem == NULL && k < f->n_columns; k++)
            check_amount(f->rows[i].cells[k]);
}

static void check_join(struct csv_file *f, struct bytes content, const struct csv_options *o)
{
    struct csv_file other;
    struct refusal no = {0};
    size_t matched = 0, before = f->n_columns;
    const char *column = f->columns[f->n_columns - 1];
    bool is_read = csv_file_parse(&other, content, o, &no);
    assert(is_read);
    bool is_joined = csv_file_join(f, &other, column, column, &matched, &no);
    assert(is_joined && matched <= f->n_rows && f->n_columns == before + other.n_columns - 1);
    for (size_t i = 0; i < f->n_rows; i++)
        for (size_t k = 0; k < f->n_columns; k++)
            assert(f->rows[i].cells[k] != NULL);
    csv_file_release(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct csv_options o = {charsets[input_u8(&in) % (sizeof charsets / sizeof *charsets)],
                            delimiters[input_u8(&in) % sizeof delimiters]};
    struct bytes content = input_rest(&in);
    struct csv_file f;
    struct refusal no = {0};
    if (!csv_file_parse(&f, content, &o, &no)) {
        assert(no.code != REFUSAL_NONE);
        return 0;
    }
    check_rows(&f);
    check_written(&f);
    check_leads(&f);
    check_amounts(&f);
    check_join(&f, content, &o);
    csv_file_release(&f);
    return 0;
}
