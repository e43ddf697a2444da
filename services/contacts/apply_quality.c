/* Rows of quality: what is kept of each record, its place in its owner's list, and the counts of owners by
 * day. */
#include <assert.h>
#include <string.h>

#include "services/contacts/rows.h"

static const int64_t DAY_US = INT64_C(86400000000);

enum { PRUNED_AT_ONCE = 2 };

static const char *text_or_none(const char *s)
{
    return s ? s : "";
}

/* --- counts --- */

static struct key day_key(const char *type, const char *owner_id)
{
    struct key key;
    key_init(&key);
    key_text(&key, type);
    key_text(&key, owner_id);
    return key;
}

/* The newest; NULL: there is none. */
static Baton__QualityDay *newest_day(struct apply *ap, const char *type, const char *owner_id)
{
    struct table_scan scan;
    struct key prefix = day_key(type, owner_id);
    bool opened = table_scan_under(&scan, ap->txn, CONTACTS_QUALITY_DAY, &prefix, NULL, NULL, true);
    assert(opened);
    Baton__QualityDay *row = table_scan_next(&scan, ap->arena);
    table_scan_close(&scan);
    return row;
}

/* With each new day the oldest go that nobody asks for any more. */
static void prune(struct apply *ap, const char *type, const char *owner_id, uint32_t today)
{
    struct key prefix = day_key(type, owner_id);
    for (int i = 0; i < PRUNED_AT_ONCE; i++) {
        struct table_scan scan;
        bool opened = table_scan_under(&scan, ap->txn, CONTACTS_QUALITY_DAY, &prefix, NULL, NULL, false);
        assert(opened);
        const Baton__QualityDay *row = table_scan_next(&scan, ap->arena);
        table_scan_close(&scan);
        if (!row || row->day + CONTACTS_DAYS_KEPT >= today)
            return;
        struct key key = prefix;
        key_u64(&key, row->day);
        (void)table_delete(ap->txn, CONTACTS_QUALITY_DAY, &key, ap->arena); /* it is there */
    }
}

static Baton__QualityFieldCount *field_count(Baton__QualityDay *row, const char *field, struct arena *a)
{
    for (size_t i = 0; i < row->n_fields; i++)
        if (strcmp(row->fields[i]->field, field) == 0)
            return row->fields[i];
    Baton__QualityFieldCount **fields = ARENA_ARRAY(a, Baton__QualityFieldCount *, row->n_fields + 1);
    for (size_t i = 0; i < row->n_fields; i++)
        fields[i] = row->fields[i];
    row->fields = fields;
    Baton__QualityFieldCount *f = row->fields[row->n_fields++] = ARENA_NEW(a, Baton__QualityFieldCount);
    baton__quality_field_count__init(f);
    f->field = arena_strdup(a, field);
    f->has_present = f->has_fresh = true;
    return f;
}

/* `way` 1 or -1; NULL: nothing. */
static void count_one(Baton__QualityDay *row, const Baton__Quality *q, int64_t way, struct arena *a)
{
    enum { FRESH = 100 };
    if (!q)
        return;
    row->records += (uint64_t)way;
    row->completeness_sum += (uint64_t)(way * q->completeness_percent);
    row->freshness_sum += (uint64_t)(way * q->freshness_percent);
    row->to_mend += (uint64_t)(q->rank > 0 ? way : 0);
    for (size_t i = 0; i < q->n_fields; i++) {
        Baton__QualityFieldCount *f = field_count(row, q->fields[i]->field, a);
        f->present += (uint64_t)way;
        f->fresh += (uint64_t)(q->fields[i]->freshness_percent == FRESH ? way : 0);
    }
}

/* One comes, one goes; NULL: none does. */
static void count(struct apply *ap, const char *type, const char *owner_id, const Baton__Quality *goes,
                  const Baton__Quality *comes)
{
    uint32_t today = (uint32_t)(ap->time_us / DAY_US);
    Baton__QualityDay *row = newest_day(ap, type, owner_id);
    bool is_new = !row || row->day != today;
    if (!row) {
        row = ARENA_NEW(ap->arena, Baton__QualityDay);
        baton__quality_day__init(row);
        row->type = arena_strdup(ap->arena, type);
        row->owner_id = arena_strdup(ap->arena, owner_id);
    }
    row->has_day = row->has_records = row->has_completeness_sum = row->has_freshness_sum = row->has_to_mend =
        true;
    row->day = today;
    count_one(row, goes, -1, ap->arena);
    count_one(row, comes, 1, ap->arena);
    table_put(ap->txn, CONTACTS_QUALITY_DAY, row, ap->seq, ap->arena);
    if (is_new)
        prune(ap, type, owner_id, today);
}

static void count_move(struct apply *ap, const Baton__Quality *before, const Baton__Quality *after)
{
    const char *from = before ? text_or_none(before->owner_id) : NULL;
    const char *to = after ? text_or_none(after->owner_id) : NULL;
    const char *type = before ? before->type : after->type;
    count(ap, type, CONTACTS_EVERYBODY, before, after);
    if (from && to && strcmp(from, to) == 0) {
        count(ap, type, from, before, after);
        return;
    }
    if (from)
        count(ap, type, from, before, NULL);
    if (to)
        count(ap, type, to, NULL, after);
}

/* --- the list --- */

static void list_move(struct apply *ap, const Baton__Quality *before, const Baton__Quality *after)
{
    if (before && before->rank) {
        struct key key;
        key_init(&key);
        key_text(&key, text_or_none(before->owner_id));
        key_u64(&key, CONTACTS_RANK_MAX - before->rank);
        key_text(&key, before->record_id);
        (void)table_delete(ap->txn, CONTACTS_MEND_PLACE, &key, ap->arena); /* it is there */
    }
    if (after && after->rank) {
        Baton__MendPlace row = BATON__MEND_PLACE__INIT;
        row.owner_id = (char *)(uintptr_t)text_or_none(after->owner_id);
        row.has_order = true;
        row.order = CONTACTS_RANK_MAX - after->rank;
        row.record_id = after->record_id;
        row.type = after->type;
        table_put(ap->txn, CONTACTS_MEND_PLACE, &row, ap->seq, ap->arena);
    }
}

/* --- the rows themselves --- */

/* What was counted of it gives way to what counts now; `after` NULL: nothing does, and the row goes. */
static void replace(struct apply *ap, const Baton__Quality *before, const Baton__Quality *after)
{
    const Baton__Quality *counted = before && before->counted ? before : NULL;
    if (counted || after) {
        count_move(ap, counted, after);
        list_move(ap, counted, after);
    }
    if (after) {
        table_replace(ap->txn, CONTACTS_QUALITY, before, after, ap->seq, ap->arena);
    } else if (before) {
        struct key key = key_of(before->record_id);
        (void)table_delete(ap->txn, CONTACTS_QUALITY, &key, ap->arena); /* it is there */
    }
}

static Baton__Quality *kept(struct apply *ap, const char *id)
{
    return table_get_id(ap->txn, CONTACTS_QUALITY, id, ap->arena);
}

/* Changed by what does not judge, as when somebody leaves: looked at again at once. */
static void wake(struct apply *ap, const char *type, const char *id)
{
    const Baton__Quality *before = kept(ap, id);
    Baton__Quality row = BATON__QUALITY__INIT;
    if (before)
        row = *before;
    row.record_id = (char *)(uintptr_t)id;
    row.type = (char *)(uintptr_t)type;
    row.has_due_us = true;
    row.due_us = ap->time_us + 1;
    table_replace(ap->txn, CONTACTS_QUALITY, before, &row, ap->seq, ap->arena);
}

/* What is merged is counted and listed no more; what is known of its fields stays until it is taken out. */
static void rest(struct apply *ap, const char *id)
{
    const Baton__Quality *before = kept(ap, id);
    Baton__Quality row = BATON__QUALITY__INIT;
    if (!before)
        return;
    if (before->counted) {
        count_move(ap, before, NULL);
        list_move(ap, before, NULL);
    }
    row.record_id = before->record_id;
    row.type = before->type;
    row.fields = before->fields;
    row.n_fields = before->n_fields;
    table_replace(ap->txn, CONTACTS_QUALITY, before, &row, ap->seq, ap->arena);
}

void contacts_apply_record(struct apply *ap, const ProtobufCMessage *payload)
{
    const char *type = payload->descriptor == &baton__account__descriptor ? "account" : "contact";
    const char *id = schema_get_text(payload, "id");
    struct key key = key_of(id);
    bool is_there = table_seq(ap->txn, (unsigned)contacts_type_table(type), &key) > 0;
    bool is_judged = table_seq(ap->txn, CONTACTS_QUALITY, &key) == ap->seq; /* with this very change */
    if (is_there && schema_get_text(payload, "merged_into_id"))
        rest(ap, id);
    else if (is_there && !is_judged)
        wake(ap, type, id);
    else if (!is_there)
        replace(ap, kept(ap, id), NULL);
}

void contacts_apply_judged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Quality *q = ((const Baton__QualityJudged *)payload)->quality;
    replace(ap, kept(ap, q->record_id), q->type ? q : NULL);
}

void contacts_apply_confirmed(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__FieldsConfirmed *e = (const Baton__FieldsConfirmed *)payload;
    const Baton__Quality *before = kept(ap, e->id);
    Baton__Quality *row = kept(ap, e->id);
    if (!row)
        return; /* the record has gone since */
    for (size_t i = 0; i < e->n_fields; i++)
        for (size_t k = 0; k < row->n_fields; k++)
            if (strcmp(row->fields[k]->field, e->fields[i]) == 0)
                row->fields[k]->confirmed_us = ap->time_us;
    row->has_due_us = true;
    row->due_us = ap->time_us + 1;
    table_replace(ap->txn, CONTACTS_QUALITY, before, row, ap->seq, ap->arena);
}
