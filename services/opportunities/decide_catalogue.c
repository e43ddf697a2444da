/* What may stand in the catalogue: products and price books with what they cost there. */
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/opportunities/catalogue_rules.h"

static const char *text_of(const ProtobufCMessage *m, const char *field)
{
    const struct schema_field *f = schema_field(schema_message(m->descriptor), field);
    const char *text = f ? schema_text_of(m, f) : NULL;
    return text && *text ? text : NULL;
}

/* Which fields make the slot of a type; roles are numbers. */
static const struct slot_row {
    const ProtobufCMessageDescriptor *type;
    const char *fields[3];
} slots[] = {
    {&baton__price_book__descriptor, {"name", "market", "currency_code"}},
    {&baton__price_book_entry__descriptor, {"price_book_id", "product_id", "account_id"}},
    {&baton__currency_rate__descriptor, {"from_currency", "to_currency", "day"}},
    {&baton__discount_limit__descriptor, {"role", "family"}},
    {&baton__tax_rate__descriptor, {"tax_class", "country", "region"}},
};

static const struct slot_row *slot_row_of(const ProtobufCMessage *record)
{
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (slots[i].type == record->descriptor)
            return &slots[i];
    return NULL;
}

/* As two of them are compared: ids and codes as they are, names without regard to case. */
static const char *slot_part(const ProtobufCMessage *record, const char *name, struct arena *a)
{
    const struct schema_field *f = schema_field(schema_message(record->descriptor), name);
    if (f->pb->type != PROTOBUF_C_TYPE_STRING)
        return arena_printf(a, "%lld", (long long)schema_int_of(record, f));
    const char *folded = text_fold(a, schema_text_of(record, f));
    return folded ? folded : "";
}

char *catalogue_slot(const ProtobufCMessage *record, struct arena *a)
{
    const struct slot_row *row = slot_row_of(record);
    char *slot = NULL;
    for (size_t i = 0; row && i < 3 && row->fields[i]; i++) {
        const char *part = slot_part(record, row->fields[i], a);
        slot = slot ? arena_printf(a, "%s/%s", slot, part) : arena_strdup(a, part);
    }
    return slot;
}

bool catalogue_is_valid(const char *from, const char *to, const char *day)
{
    return (!from || !*from || strcmp(from, day) <= 0) && (!to || !*to || strcmp(day, to) <= 0);
}

/* Days are written so that their order is that of the text. */
static bool overlap(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const char *a_from = text_of(a, "valid_from"), *a_to = text_of(a, "valid_to");
    const char *b_from = text_of(b, "valid_from"), *b_to = text_of(b, "valid_to");
    return !(a_to && b_from && strcmp(a_to, b_from) < 0) && !(b_to && a_from && strcmp(b_to, a_from) < 0);
}

static bool check_day(const ProtobufCMessage *record, const char *field, struct refusal *no)
{
    const char *day = text_of(record, field);
    return !day || rfc3339_is_date(day) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, field,
                  "\"%s\" is not a date (they are written like 2026-12-31)", day);
}

bool catalogue_validity(const ProtobufCMessage *record, struct refusal *no)
{
    /* 1: a validity is of days that there are, and does not end before it begins */
    if (!check_day(record, "valid_from", no) || !check_day(record, "valid_to", no))
        return false;
    const char *from = text_of(record, "valid_from"), *to = text_of(record, "valid_to");
    return !from || !to || strcmp(from, to) <= 0 ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "valid_to", "it would end on %s, before it begins on %s", to,
                  from);
}

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_superseded(const ProtobufCMessage *record)
{
    return record->descriptor == &baton__price_book__descriptor &&
           ((const Baton__PriceBook *)record)->superseded_by_id != NULL;
}

/* `free_id`: one that may be there nevertheless; may be NULL. */
bool catalogue_take_slot(const struct catalogue_facts *f, ProtobufCMessage *record, const char *free_id,
                         struct stamp *s, struct refusal *no)
{
    schema_set_text(record, "slot", catalogue_slot(record, s->arena));
    for (size_t i = 0; i < f->n_others; i++) {
        const ProtobufCMessage *other = f->others[i];
        const char *id = schema_get_text(other, "id");
        if (is_same(id, schema_get_text(record, "id")) || is_same(id, free_id) || is_superseded(other))
            continue;
        const bool has_days = schema_field(schema_message(record->descriptor), "valid_from") != NULL;
        /* 2: no two of a kind are valid on one day */
        if (!has_days)
            return refuse(no, REFUSAL_ALREADY_EXISTS, NULL, "there is one of these already: change that");
        if (overlap(record, other))
            return refuse(no, REFUSAL_ALREADY_EXISTS, "valid_from",
                          "there is one already that is valid from %s to %s",
                          text_of(other, "valid_from") ? text_of(other, "valid_from") : "the beginning",
                          text_of(other, "valid_to") ? text_of(other, "valid_to") : "the end");
    }
    return f->n_others < CATALOGUE_OTHERS_MAX ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "there are more than %d of these",
                  CATALOGUE_OTHERS_MAX - 1);
}

bool catalogue_currency(const char *code, const char *field, struct refusal *no)
{
    /* 3: a currency is one of ISO 4217's */
    return money_digits(code) >= 0 ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, field, "\"%.20s\" is no currency (they are written like EUR)",
                  code ? code : "");
}

bool catalogue_there(const struct catalogue_facts *f, struct refusal *no)
{
    /* 4: what is named is there */
    return !f->missing || refuse(no, REFUSAL_INVALID_ARGUMENT, f->missing, "there is no such record");
}

static bool check_unused(const struct catalogue_facts *f, const char *what, struct refusal *no)
{
    /* 5: what something stands on is not deleted */
    return !f->is_used || refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "%s", what);
}

bool catalogue_check_product(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                             struct stamp *s, struct outcome *out)
{
    const struct catalogue_facts *f = extra;
    Baton__Product *p = (Baton__Product *)after;
    if (!p)
        return check_unused(f, "it has prices or is part of a bundle; say that it is retired instead",
                            &out->no);
    if (p->list_price && !catalogue_currency(p->list_price->currency_code, "list_price", &out->no))
        return false;
    if (!catalogue_there(f, &out->no))
        return false;
    /* 6: a bundle is made of other products that are none */
    if (f->has_bundle)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "components", "a bundle is not made of bundles");
    if (p->n_components && f->is_used && before && !((const Baton__Product *)before)->n_components)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "components",
                      "it has prices or is part of a bundle: make another product the bundle");
    for (size_t i = 0; i < p->n_components; i++)
        for (size_t k = 0; k <= i; k++)
            if (is_same(p->components[i]->product_id, k == i ? p->id : p->components[k]->product_id))
                return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "components",
                              "a component is named twice, or is the bundle itself");
    p->component_ids = ARENA_ARRAY(s->arena, char *, p->n_components);
    for (p->n_component_ids = 0; p->n_component_ids < p->n_components; p->n_component_ids++)
        p->component_ids[p->n_component_ids] = p->components[p->n_component_ids]->product_id;
    return true;
}

/* The version before says what came after it. */
static void supersede(const struct catalogue_facts *f, const char *id, struct stamp *s, struct outcome *out)
{
    Baton__PriceBook *old = (Baton__PriceBook *)schema_copy(&f->book->base, s->arena);
    old->superseded_by_id = arena_strdup(s->arena, id);
    record_updated(&f->book->base, f->book_seq, &old->base, s, out);
}

static bool check_new_version(const struct catalogue_facts *f, Baton__PriceBook *book, struct refusal *no)
{
    book->has_version = true;
    book->version = 1;
    if (!book->supersedes_id)
        return true;
    if (!catalogue_there(f, no))
        return false;
    /* 7: a book is superseded once, by one in the same currency */
    if (f->book->superseded_by_id)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "supersedes_id",
                      "version %llu of it is superseded already", (unsigned long long)f->book->version);
    if (!is_same(f->book->currency_code, book->currency_code))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "currency_code", "the version before is in %s",
                      f->book->currency_code);
    book->version = f->book->version + 1;
    return true;
}

bool catalogue_check_book(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                          struct stamp *s, struct outcome *out)
{
    const struct catalogue_facts *f = extra;
    const Baton__PriceBook *old = (const Baton__PriceBook *)before;
    Baton__PriceBook *book = (Baton__PriceBook *)after;
    if (!book)
        return check_unused(f, "it has prices, or is a version of others; let it end instead", &out->no);
    if (!catalogue_validity(after, &out->no) ||
        !catalogue_currency(book->currency_code, "currency_code", &out->no))
        return false;
    if (!old && !check_new_version(f, book, &out->no))
        return false;
    /* 8: its currency and what it supersedes stay */
    if (old && !is_same(old->currency_code, book->currency_code))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "currency_code",
                      "its prices are in %s; make another book", old->currency_code);
    if (old && (old->supersedes_id || book->supersedes_id) &&
        !is_same(old->supersedes_id, book->supersedes_id))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "supersedes_id",
                      "what it supersedes is said when it is made");
    if (!book->superseded_by_id && !catalogue_take_slot(f, after, book->supersedes_id, s, &out->no))
        return false;
    if (!old && f->book && book->supersedes_id) {
        book->id = book->id ? book->id : stamp_id(s);
        supersede(f, book->id, s, out);
    }
    return true;
}

static bool check_tiers(const Baton__PriceBookEntry *e, struct refusal *no)
{
    for (size_t i = 1; i < e->n_tiers; i++)
        /* 10: tiers rise */
        if (e->tiers[i]->from_quantity_e4 <= e->tiers[i - 1]->from_quantity_e4)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "tiers",
                          "each tier begins with more than the one before");
    return true;
}

bool catalogue_check_entry(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                           struct stamp *s, struct outcome *out)
{
    const struct catalogue_facts *f = extra;
    const Baton__PriceBookEntry *e = (const Baton__PriceBookEntry *)after;
    /* what was quoted from it is frozen in the quotes */
    if (!e)
        return true;
    if (!catalogue_there(f, &out->no) || !catalogue_validity(after, &out->no))
        return false;
    /* 9: a contract is somebody's */
    if (e->contract && *e->contract && !e->account_id)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "account_id", "a contract is with an account");
    return check_tiers(e, &out->no) && catalogue_take_slot(f, after, NULL, s, &out->no);
}
