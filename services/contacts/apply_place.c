/* Rows of where things are: places by postal code, accounts by position; and how far the sweep has come. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "baton/v1/leads.pb-c.h"
#include "services/contacts/rows.h"

enum { DEGREES_90_E6 = 90000000, DEGREES_180_E6 = 180000000 };
static const int64_t SECOND_US = 1000000;

uint32_t contacts_band(int32_t latitude_e6)
{
    uint32_t band = (uint32_t)(latitude_e6 + DEGREES_90_E6) / CONTACTS_CELL_E6;
    return band < CONTACTS_BANDS ? band : CONTACTS_BANDS - 1;
}

uint32_t contacts_column(int32_t longitude_e6)
{
    return (uint32_t)(longitude_e6 + DEGREES_180_E6) / CONTACTS_CELL_E6 % CONTACTS_COLUMNS;
}

/* The one row with this value in an indexed field; NULL: there is none. */
static void *row_with(struct apply *ap, unsigned table, const char *field, const char *value)
{
    struct table_scan scan;
    bool opened = table_scan_open(&scan, ap->txn, table, field, value, NULL, false);
    assert(opened);
    void *row = table_scan_next(&scan, ap->arena);
    table_scan_close(&scan);
    return row;
}

/* --- accounts --- */

static void leave(struct apply *ap, const char *account_id)
{
    const Baton__AccountAt *was = row_with(ap, CONTACTS_ACCOUNT_AT, "account_id", account_id);
    struct key key;
    if (!was)
        return;
    key_init(&key);
    key_u64(&key, was->band);
    key_u64(&key, was->column);
    key_text(&key, was->account_id);
    (void)table_delete(ap->txn, CONTACTS_ACCOUNT_AT, &key, ap->arena); /* it is there */
}

void contacts_apply_position(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Account *account = (const Baton__Account *)payload;
    const Baton__Whereabouts *at = account->whereabouts;
    struct key key = key_of(account->id);
    leave(ap, account->id);
    if (!at || account->merged_into_id || !table_seq(ap->txn, CONTACTS_ACCOUNT, &key))
        return;
    Baton__AccountAt row = BATON__ACCOUNT_AT__INIT;
    row.has_band = row.has_column = row.has_latitude_e6 = row.has_longitude_e6 = true;
    row.band = contacts_band(at->latitude_e6);
    row.column = contacts_column(at->longitude_e6);
    row.account_id = account->id;
    row.latitude_e6 = at->latitude_e6;
    row.longitude_e6 = at->longitude_e6;
    table_put(ap->txn, CONTACTS_ACCOUNT_AT, &row, ap->seq, ap->arena);
}

/* --- places --- */

void contacts_apply_place(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Place *place = (const Baton__Place *)payload;
    const Baton__PlaceAt *was = row_with(ap, CONTACTS_PLACE_AT, "place_id", place->id);
    struct key key = key_of(place->id), old;
    if (was) {
        key_init(&old);
        key_text(&old, was->country_code);
        key_text(&old, was->postal_code);
        key_text(&old, was->place_id);
        (void)table_delete(ap->txn, CONTACTS_PLACE_AT, &old, ap->arena); /* it is there */
    }
    Baton__PlaceAt row = BATON__PLACE_AT__INIT;
    row.country_code = (char *)(uintptr_t)contacts_country_key(place->country, ap->arena);
    row.postal_code = text_fold_postcode(ap->arena, place->postal_code);
    if (!row.country_code || !row.postal_code || !table_seq(ap->txn, CONTACTS_PLACE, &key))
        return;
    row.place_id = place->id;
    row.name = place->name;
    row.has_latitude_e6 = row.has_longitude_e6 = true;
    row.latitude_e6 = place->latitude_e6;
    row.longitude_e6 = place->longitude_e6;
    table_put(ap->txn, CONTACTS_PLACE_AT, &row, ap->seq, ap->arena);
}

/* --- the sweep --- */

static Baton__QualitySweep sweep_row(struct apply *ap)
{
    Baton__QualitySweep row = BATON__QUALITY_SWEEP__INIT;
    struct key key = key_of(CONTACTS_SWEEP_ID);
    const Baton__QualitySweep *before = table_get(ap->txn, CONTACTS_QUALITY_SWEEP, &key, ap->arena);
    if (before)
        row = *before;
    row.id = (char *)CONTACTS_SWEEP_ID;
    row.has_next_due_us = true;
    return row;
}

/* From the beginning, once what changes has come to rest. */
void contacts_apply_sweep_all(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__QualitySweep row = sweep_row(ap);
    row.type = (char *)(uintptr_t) "account";
    row.token = NULL;
    row.has_judged = true;
    row.judged = 0;
    row.next_due_us = ap->time_us + CONTACTS_SWEEP_WAIT_S * SECOND_US;
    table_put(ap->txn, CONTACTS_QUALITY_SWEEP, &row, ap->seq, ap->arena);
}

void contacts_apply_swept(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__QualitySweepAdvanced *e = (const Baton__QualitySweepAdvanced *)payload;
    Baton__QualitySweep row = sweep_row(ap);
    row.type = e->type;
    row.token = e->token;
    row.has_judged = true;
    row.judged += e->judged;
    row.next_due_us = e->finished ? 0 : ap->time_us + 1;
    if (e->finished) {
        row.has_version = true;
        row.version = e->version;
    }
    table_put(ap->txn, CONTACTS_QUALITY_SWEEP, &row, ap->seq, ap->arena);
}
