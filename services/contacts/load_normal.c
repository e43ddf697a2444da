/* What normalising is decided on: the organisation's country, and the places of an address' postal code. */
#include <string.h>

#include "base/country.h"
#include "base/text.h"
#include "baton/v1/directory.pb-c.h"
#include "services/contacts/rows.h"

void contacts_normal_begin(struct load *l, struct contacts_normal_facts *f)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, CONTACTS_ORGANISATION, NULL, NULL, NULL, false))
        return;
    const Baton__Organisation *o = table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
    f->country = o ? country_of_locale(o->locale, l->arena) : NULL;
}

/* Places under country and code; `code` NULL: whether the country has any. */
static size_t places_under(struct load *l, const char *country, const char *code, const Baton__PlaceAt **out,
                           size_t most)
{
    struct table_scan scan;
    struct key prefix;
    size_t n = 0;
    key_init(&prefix);
    key_text(&prefix, country);
    if (code)
        key_text(&prefix, code);
    if (!table_scan_under(&scan, l->txn, CONTACTS_PLACE_AT, &prefix, NULL, NULL, false))
        return 0;
    while (n < most && (out[n] = table_scan_next(&scan, l->arena)))
        n++;
    table_scan_close(&scan);
    return n;
}

static bool is_loaded(const struct contacts_normal_facts *f, const char *country, const char *code)
{
    for (size_t i = 0; i < f->n_sets; i++)
        if (strcmp(f->sets[i].code, code) == 0 && strcmp(f->sets[i].country, country) == 0)
            return true;
    return false;
}

/* There is room for as many as the next power of two. */
static struct contacts_place_set *new_set(struct load *l, struct contacts_normal_facts *f)
{
    if ((f->n_sets & (f->n_sets - 1)) == 0) {
        struct contacts_place_set *sets =
            ARENA_ARRAY(l->arena, struct contacts_place_set, f->n_sets ? 2 * f->n_sets : 1);
        if (f->n_sets)
            memcpy(sets, f->sets, f->n_sets * sizeof *sets);
        f->sets = sets;
    }
    return &f->sets[f->n_sets++];
}

void contacts_places_load(struct load *l, const Baton__Address *at, struct contacts_normal_facts *f)
{
    const Baton__PlaceAt *any;
    const char *given = at ? text_trim(l->arena, at->country) : NULL;
    const char *country = given ? contacts_country_key(given, l->arena) : f->country;
    char *code = at ? text_fold_postcode(l->arena, at->postal_code) : NULL;
    size_t size = country && code ? contacts_district_size(country) : 0;
    if (!country || !code || f->n_sets == CONTACTS_PLACE_SETS || is_loaded(f, country, code))
        return;
    struct contacts_place_set *set = new_set(l, f);
    *set = (struct contacts_place_set){.country = country, .code = code};
    set->country_is_known = places_under(l, country, NULL, &any, 1) > 0;
    if (!set->country_is_known)
        return;
    set->n = places_under(l, country, code, set->places, CONTACTS_PLACES_PER_CODE);
    if (set->n || !size || strlen(code) <= size)
        return;
    set->is_district = true;
    set->n =
        places_under(l, country, arena_strndup(l->arena, code, size), set->places, CONTACTS_PLACES_PER_CODE);
}

void contacts_record_places_load(struct load *l, const ProtobufCMessage *record,
                                 struct contacts_normal_facts *f)
{
    if (record && record->descriptor == &baton__account__descriptor) {
        contacts_places_load(l, ((const Baton__Account *)record)->billing_address, f);
        contacts_places_load(l, ((const Baton__Account *)record)->shipping_address, f);
    } else if (record) {
        contacts_places_load(l, ((const Baton__Contact *)record)->mailing_address, f);
    }
}

void contacts_normal_load(struct load *l, const ProtobufCMessage *record, struct contacts_normal_facts *f)
{
    if (!record)
        return;
    bool is_account = record->descriptor == &baton__account__descriptor;
    const char *id = schema_get_text(record, "id");
    contacts_normal_begin(l, f);
    contacts_record_places_load(l, record, f);
    contacts_record_places_load(
        l, table_get_id(l->txn, is_account ? CONTACTS_ACCOUNT : CONTACTS_CONTACT, id, l->arena), f);
}
