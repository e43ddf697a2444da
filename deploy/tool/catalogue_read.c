/* A row of a catalogue as a record. */
#include <string.h>

#include "base/civil.h"
#include "base/money.h"
#include "services/opportunities/rollup.h"
#include "tool/catalogue.h"
#include "tool/lead_fields.h"
#include "tool/records.h"

enum { WORDS_MAX = 1000, MONTHS_A_YEAR = 12 };

/* A row that is being read. */
struct reading {
    struct catalogue_rows *rows;
    const struct csv_row *row;
    ProtobufCMessage *record;
    const struct catalogue_field *field;
    const struct catalogue_target *target;
    const char *cell;
    struct arena *arena;
    bool rounded;
    int64_t tier; /* from which quantity; 0: any */
    Baton__BundleComponent *part;
    struct refusal *no;
};

typedef bool read_fn(struct reading *r);

static const struct schema_field *field_of(const struct reading *r)
{
    return schema_field(schema_message(r->record->descriptor), r->field->field);
}

static bool no_such(struct reading *r, const char *what)
{
    return refuse(r->no, REFUSAL_INVALID_ARGUMENT, r->field->name, "\"%.60s\" is no %s", r->cell, what);
}

/* What another field of the row says; NULL: nothing. */
static const char *beside(const struct reading *r, enum catalogue_how how)
{
    const struct catalogue_kind *kind = r->rows->map->kind;
    for (size_t i = 0; i < kind->n_fields; i++)
        if (kind->fields[i].how == how)
            return catalogue_map_cell(r->rows->map, r->row, i, r->arena);
    return NULL;
}

/* --- cells --- */

static bool read_text(struct reading *r)
{
    schema_set_text(r->record, r->field->field, arena_strdup(r->arena, r->cell));
    return true;
}

/* Read where it counts: beside money, or for a price book that is made. */
static bool read_nothing(struct reading *r)
{
    (void)r;
    return true;
}

static bool read_day(struct reading *r)
{
    char day[11];
    if (!catalogue_day(r->cell, r->target->order, day))
        return no_such(r, "day");
    schema_set_text(r->record, r->field->field, arena_strdup(r->arena, day));
    return true;
}

/* A day from when on it is so: until then it is not. */
static bool read_yes(struct reading *r)
{
    struct lead_field f = {.field = field_of(r)};
    struct refusal ignored;
    char day[11];
    if (!catalogue_day(r->cell, r->target->order, day))
        return record_field_set(r->record, &f, r->cell, 1, r->arena, &ignored) ||
               no_such(r, "yes or no, and no day");
    schema_set_int(r->record, r->field->field, strcmp(day, r->rows->today) <= 0);
    return true;
}

static bool read_number(struct reading *r, int digits, int64_t *out)
{
    bool rounded;
    if (!catalogue_decimal(r->cell, r->rows->map->mark, digits, out, &rounded))
        return no_such(r, r->rows->map->mark == '.'
                              ? "number (with a comma in front of decimals: --decimal-comma)"
                              : "number");
    r->rounded = r->rounded || rounded;
    return true;
}

static bool read_money(struct reading *r)
{
    Baton__Money *m = ARENA_NEW(r->arena, Baton__Money);
    const char *currency = beside(r, CELL_CURRENCY);
    int digits = money_digits(currency);
    baton__money__init(m);
    if (digits < 0)
        return refuse(r->no, REFUSAL_INVALID_ARGUMENT, "currency", "\"%.20s\" is no currency",
                      currency != NULL ? currency : "");
    if (!read_number(r, digits, &m->minor_units))
        return false;
    m->currency_code = arena_strdup(r->arena, currency);
    m->has_minor_units = true;
    *(Baton__Money **)((uint8_t *)r->record + field_of(r)->pb->offset) = m;
    return true;
}

static Baton__PriceBook *make_book(struct reading *r);

/* The row's book is read before it: it stands in front. */
static bool read_price(struct reading *r)
{
    const Baton__PriceBookEntry *e = (const Baton__PriceBookEntry *)r->record;
    const struct catalogue_names *n = r->rows->names;
    const Baton__PriceBook *book =
        (const Baton__PriceBook *)catalogue_names_by_id(n, OTHER_BOOK, e->price_book_id);
    const char *currency = beside(r, CELL_CURRENCY);
    if (currency != NULL && strcmp(currency, book->currency_code) != 0)
        return refuse(r->no, REFUSAL_INVALID_ARGUMENT, "currency", "the price book is in %s",
                      book->currency_code);
    int64_t value;
    if (!read_number(r, money_digits(book->currency_code), &value))
        return false;
    schema_set_int(r->record, r->field->field, value);
    return true;
}

static bool read_scaled(struct reading *r, int digits)
{
    int64_t value;
    if (!read_number(r, digits, &value))
        return false;
    schema_set_int(r->record, r->field->field, value);
    return true;
}

static bool read_quantity(struct reading *r)
{
    return read_scaled(r, QUANTITY_DIGITS);
}

static bool read_rate(struct reading *r)
{
    return read_scaled(r, RATE_DIGITS);
}

static bool read_percent(struct reading *r)
{
    char *sign = strchr(r->cell, '%');
    if (sign != NULL && sign[1] == '\0')
        r->cell = arena_strndup(r->arena, r->cell, (size_t)(sign - r->cell));
    return read_scaled(r, r->target->are_fractions ? PERCENT_DIGITS + 2 : PERCENT_DIGITS);
}

static bool read_tier(struct reading *r)
{
    return read_number(r, QUANTITY_DIGITS, &r->tier);
}

/* A day is of the month, quarter or fiscal year in which it lies. */
static bool read_period(struct reading *r)
{
    struct forecast_months months;
    struct civil c;
    char day[11];
    bool is_date;
    const char *word = r->rows->map->period_word;
    if (!catalogue_day(r->cell, r->target->order, day) || !civil_parse(day, &c, &is_date))
        return read_text(r);
    uint32_t month = (uint32_t)(c.year * MONTHS_A_YEAR + c.month - 1), begins = r->rows->year_begins;
    months = forecast_quarter_of(month, begins);
    if (strcmp(word, "month") == 0)
        months = (struct forecast_months){month, 1};
    if (strcmp(word, "year") == 0) {
        uint32_t first = begins != 0 ? begins - 1 : 0;
        months =
            (struct forecast_months){(month - first) / MONTHS_A_YEAR * MONTHS_A_YEAR + first, MONTHS_A_YEAR};
    }
    schema_set_text(r->record, r->field->field, forecast_months_name(months, begins, r->arena));
    return true;
}

/* --- other records --- */

static ProtobufCMessage *find(struct reading *r, const char *name)
{
    return catalogue_names_find(r->rows->names, r->field->other, name, r->arena, r->no);
}

static bool read_one(struct reading *r)
{
    ProtobufCMessage *other = find(r, r->cell);
    if (other == NULL && r->field->other == OTHER_BOOK && r->no->code == REFUSAL_NOT_FOUND)
        other = (ProtobufCMessage *)make_book(r);
    if (other == NULL)
        return false;
    schema_set_text(r->record, r->field->field, (char *)(uintptr_t)schema_get_text(other, "id"));
    return true;
}

static bool read_list(struct reading *r)
{
    const size_t at = field_of(r)->pb->offset, n_at = field_of(r)->pb->quantifier_offset;
    char **words = ARENA_ARRAY(r->arena, char *, WORDS_MAX);
    size_t n = 0;
    const char *rest = r->cell;
    for (char *word; (word = catalogue_list_next(&rest, r->arena)) != NULL; words[n++] = word) {
        if (n == WORDS_MAX)
            return refuse(r->no, REFUSAL_INVALID_ARGUMENT, r->field->name, "more than %d of them", WORDS_MAX);
        if (r->field->how == CELL_TEXTS)
            continue;
        const ProtobufCMessage *other = find(r, word);
        if (other == NULL)
            return false;
        word = (char *)(uintptr_t)schema_get_text(other, "id");
    }
    *(char ***)((uint8_t *)r->record + at) = words;
    *(size_t *)((uint8_t *)r->record + n_at) = n;
    return true;
}

/* The bundle itself, which is there, is the record. */
static bool read_part(struct reading *r)
{
    const ProtobufCMessage *other = find(r, r->cell);
    if (other == NULL)
        return false;
    Baton__Product *bundle = (Baton__Product *)r->record;
    r->part = ARENA_NEW(r->arena, Baton__BundleComponent);
    baton__bundle_component__init(r->part);
    r->part->product_id = (char *)(uintptr_t)schema_get_text(other, "id");
    r->part->has_quantity_e4 = true;
    r->part->quantity_e4 = QUANTITY_ONE;
    bundle->components = ARENA_ARRAY(r->arena, Baton__BundleComponent *, 1);
    bundle->components[0] = r->part;
    bundle->n_components = 1;
    return true;
}

/* Of the part in front of it. */
static bool read_parts(struct reading *r)
{
    return read_number(r, QUANTITY_DIGITS, &r->part->quantity_e4);
}

/* A price book that nobody has made yet: in the currency that the row or the command line says. */
static Baton__PriceBook *make_book(struct reading *r)
{
    struct session *s = r->rows->session;
    Baton__PriceBook *b = ARENA_NEW(s->arena, Baton__PriceBook);
    ProtobufCMessage *made = &b->base;
    const char *currency = beside(r, CELL_CURRENCY), *market = beside(r, CELL_MARKET);
    baton__price_book__init(b);
    if (money_digits(currency) < 0) {
        (void)refuse(r->no, REFUSAL_NOT_FOUND, "price_book",
                     "there is no price book \"%.60s\", and no --currency to make it in", r->cell);
        return NULL;
    }
    b->code = b->name = arena_strdup(s->arena, r->cell);
    b->currency_code = arena_strdup(s->arena, currency);
    b->market = market != NULL ? arena_strdup(s->arena, market) : NULL;
    if (r->rows->dry_run)
        b->id = arena_printf(s->arena, "00000000-0000-7000-8000-%012zu", r->rows->n_books);
    else if (!records_create(s->api, &b->base, s->arena, &made, r->no))
        return NULL;
    r->rows->n_books++;
    catalogue_names_add(r->rows->names, OTHER_BOOK, made, s->arena);
    return (Baton__PriceBook *)made;
}

static read_fn *const readers[] = {
    [CELL_TEXT] = read_text,       [CELL_YES] = read_yes,     [CELL_DAY] = read_day,
    [CELL_MONEY] = read_money,     [CELL_PRICE] = read_price, [CELL_QUANTITY] = read_quantity,
    [CELL_PERCENT] = read_percent, [CELL_RATE] = read_rate,   [CELL_CURRENCY] = read_nothing,
    [CELL_MARKET] = read_nothing,  [CELL_TIER] = read_tier,   [CELL_PERIOD] = read_period,
    [CELL_TEXTS] = read_list,      [CELL_ONE] = read_one,     [CELL_SEVERAL] = read_list,
    [CELL_PART] = read_part,       [CELL_PARTS] = read_parts,
};

/* --- a row --- */

/* A price from more than one on is a tier of the record that the other rows make. */
static void make_tier(struct reading *r)
{
    Baton__PriceBookEntry *e = (Baton__PriceBookEntry *)r->record;
    if (r->tier <= QUANTITY_ONE)
        return;
    Baton__PriceTier *tier = ARENA_NEW(r->arena, Baton__PriceTier);
    baton__price_tier__init(tier);
    tier->has_from_quantity_e4 = tier->has_unit_price = true;
    tier->from_quantity_e4 = r->tier;
    tier->unit_price = e->unit_price;
    e->has_unit_price = false;
    e->tiers = ARENA_ARRAY(r->arena, Baton__PriceTier *, 1);
    e->tiers[0] = tier;
    e->n_tiers = 1;
}

static bool read_field(struct reading *r, size_t i)
{
    const struct catalogue_map *m = r->rows->map;
    r->field = &m->kind->fields[i];
    r->target = &m->targets[i];
    r->cell = catalogue_map_cell(m, r->row, i, r->arena);
    if (r->cell == NULL && r->field->is_wanted)
        return refuse(r->no, REFUSAL_INVALID_ARGUMENT, r->field->name, "it is empty");
    return r->cell == NULL || readers[r->field->how](r);
}

/* Behind what cannot be read only what says which record it is; *keyed: all of that is. */
static bool read_row(struct reading *r, bool *keyed)
{
    const struct catalogue_kind *kind = r->rows->map->kind;
    struct refusal *no = r->no, later;
    bool good = true;
    *keyed = true;
    for (size_t i = 0; i < kind->n_fields && *keyed; i++) {
        if ((!good && !kind->fields[i].is_key) || read_field(r, i))
            continue;
        *keyed = !kind->fields[i].is_key;
        good = false;
        r->no = &later;
    }
    r->no = no;
    return good;
}

bool catalogue_row_read(struct catalogue_rows *rows, const struct csv_row *row, struct catalogue_item *item,
                        struct refusal *no)
{
    struct reading r = {.rows = rows, .row = row, .arena = rows->session->arena, .no = no};
    const ProtobufCMessageDescriptor *d = rows->map->kind->record;
    r.record = arena_alloc(r.arena, d->sizeof_message);
    bool keyed;
    protobuf_c_message_init(d, r.record);
    /* of a bundle the row says what is in it, and the rest is there */
    const bool good =
        read_row(&r, &keyed) && schema_check(r.part != NULL ? &r.part->base : r.record, NULL, no);
    item->record = keyed ? r.record : NULL;
    if (!good)
        return false;
    make_tier(&r);
    item->rounded = r.rounded;
    return true;
}
