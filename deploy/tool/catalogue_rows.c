/* Rows of a catalogue that say the same record, made one. */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "services/opportunities/catalogue.h"
#include "tool/catalogue.h"

static const int64_t DAY_S = 86400;

const char *catalogue_key_of(const struct catalogue_kind *kind, const ProtobufCMessage *record,
                             struct arena *a)
{
    const char *key = "";
    for (size_t i = 0; i < kind->n_fields; i++)
        if (kind->fields[i].is_key) {
            const char *text = schema_get_text(record, kind->fields[i].field);
            key = arena_printf(a, "%s%s\n", key, text != NULL ? text : "");
        }
    return key;
}

/* --- one of several --- */

/* 1: lists of several rows are one list, without repetitions */
static void join_texts(ProtobufCMessage *to, const ProtobufCMessage *from, const struct schema_field *f,
                       struct arena *a)
{
    char *const *more, *const *have;
    size_t n = schema_texts_of(to, f, &have), n_more = schema_texts_of(from, f, &more), before = n;
    char **all = ARENA_ARRAY(a, char *, n + n_more);
    if (n > 0)
        memcpy(all, have, n * sizeof *all);
    for (size_t i = 0; i < n_more; i++) {
        bool is_new = true;
        for (size_t k = 0; k < before; k++)
            is_new = is_new && strcmp(all[k], more[i]) != 0;
        if (is_new)
            all[n++] = more[i];
    }
    *(char ***)((uint8_t *)to + f->pb->offset) = all;
    *(size_t *)((uint8_t *)to + f->pb->quantifier_offset) = n;
}

/* 2: tiers rise; the same one may be said twice, but not differently */
static bool join_tier(Baton__PriceBookEntry *to, Baton__PriceTier *tier, struct arena *a)
{
    size_t at = 0;
    while (at < to->n_tiers && to->tiers[at]->from_quantity_e4 < tier->from_quantity_e4)
        at++;
    if (at < to->n_tiers && to->tiers[at]->from_quantity_e4 == tier->from_quantity_e4)
        return to->tiers[at]->unit_price == tier->unit_price;
    Baton__PriceTier **tiers = ARENA_ARRAY(a, Baton__PriceTier *, to->n_tiers + 1);
    for (size_t i = 0; i < to->n_tiers + 1; i++)
        tiers[i] = i < at ? to->tiers[i] : i == at ? tier : to->tiers[i - 1];
    to->tiers = tiers;
    to->n_tiers++;
    return true;
}

/* 5: what is in a bundle may be said twice, but not differently */
static bool join_part(Baton__Product *to, Baton__BundleComponent *part, struct arena *a)
{
    for (size_t i = 0; i < to->n_components; i++)
        if (strcmp(to->components[i]->product_id, part->product_id) == 0)
            return to->components[i]->quantity_e4 == part->quantity_e4;
    Baton__BundleComponent **all = ARENA_ARRAY(a, Baton__BundleComponent *, to->n_components + 1);
    for (size_t i = 0; i < to->n_components; i++)
        all[i] = to->components[i];
    all[to->n_components++] = part;
    to->components = all;
    return true;
}

static bool join_one(ProtobufCMessage *to, const ProtobufCMessage *from, struct arena *a)
{
    return to->descriptor == &baton__product__descriptor
               ? join_part((Baton__Product *)to, ((const Baton__Product *)from)->components[0], a)
               : join_tier((Baton__PriceBookEntry *)to, ((const Baton__PriceBookEntry *)from)->tiers[0], a);
}

/* 3: what two rows say of one record is the same, or only one says it. NULL: they fit, else the field. */
static const char *join(ProtobufCMessage *to, const ProtobufCMessage *from, struct arena *a)
{
    const struct schema_message *m = schema_message(to->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        if (!schema_present(from, f))
            continue;
        if (f->pb->label == PROTOBUF_C_LABEL_REPEATED && f->pb->type == PROTOBUF_C_TYPE_STRING)
            join_texts(to, from, f, a);
        else if (f->pb->label == PROTOBUF_C_LABEL_REPEATED) {
            if (!join_one(to, from, a))
                return f->pb->name;
        } else if (!schema_present(to, f))
            schema_field_share(to, from, f);
        else if (!schema_field_equal(to, from, f))
            return f->pb->name;
    }
    return NULL;
}

static int by_key(const void *a, const void *b)
{
    const struct catalogue_item *x = *(struct catalogue_item *const *)a,
                                *y = *(struct catalogue_item *const *)b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : (x > y) - (x < y);
}

static int by_place(const void *a, const void *b)
{
    const struct catalogue_item *x = *(struct catalogue_item *const *)a,
                                *y = *(struct catalogue_item *const *)b;
    return (x > y) - (x < y);
}

/* Of such a kind several rows are one record, each a part of it. */
static bool is_of_parts(const struct catalogue_kind *kind)
{
    for (size_t i = 0; i < kind->n_fields; i++)
        switch (kind->fields[i].how) {
        case CELL_TIER:
        case CELL_PART:
        case CELL_SEVERAL:
        case CELL_TEXTS:
            return true;
        default:
            break;
        }
    return false;
}

/* The items of one record into the first of them. The first that has a problem by then; NULL: none has. */
static const struct catalogue_item *join_all(struct catalogue_item **items, size_t n, struct arena *a)
{
    struct catalogue_item *head = items[0], *last = head;
    const struct catalogue_item *bad = head->problem != NULL ? head : NULL;
    for (size_t i = 1; i < n; i++) {
        struct catalogue_item *item = items[i];
        const char *field =
            head->problem != NULL || item->problem != NULL ? NULL : join(head->record, item->record, a);
        if (field != NULL)
            item->problem =
                arena_printf(a, "line %zu says something else of the same one: %s", head->row->line, field);
        if (item->problem == NULL)
            last = last->next = item;
        else if (bad == NULL)
            bad = item;
    }
    return bad;
}

/* 6: a record of parts is never made of some of them: the others would be thrown out, or its price be wrong
 */
static void refuse_all(struct catalogue_item **items, size_t n, const struct catalogue_item *bad,
                       struct arena *a)
{
    const char *problem =
        arena_printf(a, "line %zu of the same one cannot be taken: %s", bad->row->line, bad->problem);
    for (size_t i = 0; i < n; i++) {
        items[i]->next = NULL;
        if (items[i]->problem == NULL)
            items[i]->problem = problem;
    }
}

static void make_heads(struct catalogue_rows *r, struct catalogue_item **sorted, size_t n)
{
    struct arena *a = r->session->arena;
    const bool of_parts = is_of_parts(r->map->kind);
    qsort(sorted, n, sizeof *sorted, by_key);
    for (size_t from = 0, to; from < n; from = to) {
        to = from + 1;
        while (to < n && strcmp(sorted[to]->key, sorted[from]->key) == 0)
            to++;
        const struct catalogue_item *bad = join_all(sorted + from, to - from, a);
        if (bad != NULL && of_parts)
            refuse_all(sorted + from, to - from, bad, a);
        else
            r->heads[r->n_heads++] = sorted[from];
    }
    if (r->n_heads > 0)
        qsort(r->heads, r->n_heads, sizeof *r->heads, by_place);
}

/* --- prices --- */

static bool same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static char *day_before(const char *day, struct arena *a)
{
    struct civil c;
    bool is_date;
    char text[CIVIL_SIZE];
    if (!civil_parse(day, &c, &is_date))
        return NULL;
    c = civil_of_seconds(civil_seconds(&c) - DAY_S);
    civil_format(text, &c, true);
    return arena_strdup(a, text);
}

static Baton__PriceBookEntry *entry_of(const struct catalogue_item *item)
{
    return (Baton__PriceBookEntry *)item->record;
}

/* 4: where a file says no ends, a price ends the day before the next one of the same begins. `sorted` is by
   key: the day stands behind book and product there, and the account behind the day. */
static void end_prices(struct catalogue_item *const *heads, size_t n, struct arena *a)
{
    for (size_t i = 0; i < n; i++) {
        Baton__PriceBookEntry *e = entry_of(heads[i]), *next = NULL;
        for (size_t k = i + 1; k < n && next == NULL; k++) {
            Baton__PriceBookEntry *other = entry_of(heads[k]);
            if (!same(e->price_book_id, other->price_book_id) || !same(e->product_id, other->product_id))
                break;
            if (same(e->account_id, other->account_id) && !same(e->valid_from, other->valid_from))
                next = other;
        }
        if (next != NULL)
            e->valid_to = day_before(next->valid_from, a);
    }
}

static bool has_ends(const struct catalogue_map *m)
{
    for (size_t i = 0; i < m->kind->n_fields; i++)
        if (strcmp(m->kind->fields[i].name, "valid_to") == 0)
            return m->targets[i].column >= 0;
    return false;
}

static void finish_prices(struct catalogue_rows *r)
{
    struct arena *a = r->session->arena;
    if (!has_ends(r->map) && r->n_heads > 0) {
        qsort(r->heads, r->n_heads, sizeof *r->heads, by_key);
        end_prices(r->heads, r->n_heads, a);
        qsort(r->heads, r->n_heads, sizeof *r->heads, by_place);
    }
    for (size_t i = 0; i < r->n_heads; i++)
        if (!entry_of(r->heads[i])->has_unit_price)
            r->heads[i]->problem = "there is no row that says what one costs";
}

void catalogue_rows_read(struct catalogue_rows *r)
{
    const struct csv_file *f = r->map->file;
    struct arena *a = r->session->arena;
    struct catalogue_item **sorted = ARENA_ARRAY(a, struct catalogue_item *, f->n_rows + 1);
    size_t n = 0;
    r->items = ARENA_ARRAY(a, struct catalogue_item, f->n_rows + 1);
    r->heads = ARENA_ARRAY(a, struct catalogue_item *, f->n_rows + 1);
    r->n_heads = 0;
    for (size_t i = 0; i < f->n_rows; i++) {
        struct catalogue_item *item = &r->items[i];
        struct refusal no;
        *item = (struct catalogue_item){.row = &f->rows[i], .problem = f->rows[i].problem};
        if (item->problem == NULL && !catalogue_row_read(r, item->row, item, &no))
            item->problem = arena_printf(a, "%s%s%s", no.field, no.field[0] != '\0' ? ": " : "", no.message);
        if (item->record == NULL || (item->problem != NULL && !is_of_parts(r->map->kind)))
            continue;
        item->key = catalogue_key_of(r->map->kind, item->record, a);
        sorted[n++] = item;
    }
    make_heads(r, sorted, n);
    for (size_t i = 0; i < r->n_heads && r->map->kind->record == &baton__offer__descriptor; i++) {
        Baton__Offer *o = (Baton__Offer *)r->heads[i]->record;
        catalogue_sort_ids(o->product_ids, &o->n_product_ids); /* as they are kept */
    }
    if (r->map->kind->record == &baton__price_book_entry__descriptor)
        finish_prices(r);
}
