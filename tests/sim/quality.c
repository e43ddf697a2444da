/* Quality: what is kept of each account and contact, whoever's list it stands in, all counts and all
   positions are what a scan of the records says, and nothing else stands there. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "contacts/rows.h"
#include "sim/sim.h"

enum { MEMORY = 256 << 20, SCRATCH = 16 << 20, COUNTS_MAX = 1024 };

struct counted {
    const char *type, *owner_id;
    uint64_t records, completeness, freshness, to_mend;
};

struct quality {
    struct sim *sim;
    struct txn *txn;
    struct arena *a; /* of all that is found */
    int64_t now_us;
    struct contacts_rules rules;
    struct counted counts[COUNTS_MAX];
    size_t n_counts, listed, placed, kept;
};

static void count(struct quality *o, const char *owner_id, const Baton__Quality *q)
{
    struct counted *c = o->counts, *end = o->counts + o->n_counts;
    while (c < end && (strcmp(c->type, q->type) != 0 || strcmp(c->owner_id, owner_id) != 0))
        c++;
    if (c == end) {
        assert(o->n_counts++ < COUNTS_MAX);
        *c = (struct counted){arena_strdup(o->a, q->type), arena_strdup(o->a, owner_id), 0, 0, 0, 0};
    }
    c->records++;
    c->completeness += q->completeness_percent;
    c->freshness += q->freshness_percent;
    c->to_mend += q->rank > 0;
}

static bool is_same(const Baton__Quality *row, const Baton__Quality *scan)
{
    Baton__Quality a = *row, b = *scan;
    a.has_due_us = b.has_due_us = false; /* when it is looked at next is what time makes of it */
    a.due_us = b.due_us = 0;
    return schema_equal(&a.base, &b.base);
}

static ProtobufCMessage *normal_of(struct quality *o, const ProtobufCMessage *record, struct arena *a)
{
    struct load l = {.txn = o->txn, .arena = a, .now_us = o->now_us};
    struct contacts_normal_facts f = {0};
    ProtobufCMessage *now = schema_copy(record, a);
    contacts_normal_load(&l, record, &f);
    if (now->descriptor == &baton__account__descriptor)
        contacts_normalize_account(&f, (Baton__Account *)now, a);
    else
        contacts_normalize_contact(&f, (Baton__Contact *)now, a);
    return now;
}

static void position_look(struct quality *o, const Baton__Account *account, struct arena *a)
{
    const Baton__Whereabouts *at = account->whereabouts;
    struct key key;
    if (!at)
        return;
    key_init(&key);
    key_u64(&key, contacts_band(at->latitude_e6));
    key_u64(&key, contacts_column(at->longitude_e6));
    key_text(&key, account->id);
    o->placed++;
    if (!table_get(o->txn, CONTACTS_ACCOUNT_AT, &key, a))
        sim_wrong(o->sim, "quality: account %s does not stand where it is", account->id);
}

static void list_look(struct quality *o, const Baton__Quality *scan, struct arena *a)
{
    struct key key;
    if (!scan->rank)
        return;
    key_init(&key);
    key_text(&key, scan->owner_id);
    key_u64(&key, CONTACTS_RANK_MAX - scan->rank);
    key_text(&key, scan->record_id);
    o->listed++;
    if (!table_get(o->txn, CONTACTS_MEND_PLACE, &key, a))
        sim_wrong(o->sim, "quality: %s %s is to be mended, but does not stand in its owner's list",
                  scan->type, scan->record_id);
}

/* What is merged is in no list, no count and at no place, and asks for nothing. */
static void merged_look(struct quality *o, const char *type, const char *id, const Baton__Quality *row)
{
    o->kept += row != NULL;
    if (row && (row->counted || row->rank || row->due_us || row->n_problems))
        sim_wrong(o->sim, "quality: %s %s is merged, and is judged still", type, id);
}

static void record_look(struct quality *o, const char *type, const ProtobufCMessage *record, struct arena *a)
{
    const char *id = schema_get_text(record, "id");
    const Baton__Quality *row = table_get_id(o->txn, CONTACTS_QUALITY, id, a);
    if (record->descriptor == &baton__contact__descriptor && ((const Baton__Contact *)record)->erased_at) {
        if (row)
            sim_wrong(o->sim, "quality: something is kept of somebody who was erased");
        return;
    }
    if (schema_get_text(record, "merged_into_id")) {
        merged_look(o, type, id, row);
        return;
    }
    const struct contacts_judge_facts f = {.type = type, .record = record, .kept = row, .rules = &o->rules};
    const Baton__Quality *scan = contacts_judge(&f, record, o->now_us, a);
    if (!row || !is_same(row, scan))
        sim_wrong(o->sim, "quality: what is kept of %s %s is not what a scan says", type, id);
    if (!schema_equal(normal_of(o, record, a), record))
        sim_wrong(o->sim, "quality: %s %s is not normal", type, id);
    o->kept++;
    list_look(o, scan, a);
    count(o, scan->owner_id ? scan->owner_id : "", scan);
    count(o, CONTACTS_EVERYBODY, scan);
    if (record->descriptor == &baton__account__descriptor)
        position_look(o, (const Baton__Account *)record, a);
}

static void each(struct quality *o, unsigned table, const char *type)
{
    struct table_scan scan;
    struct arena *scratch = arena_new(SCRATCH);
    const ProtobufCMessage *row;
    bool opened = table_scan_open(&scan, o->txn, table, NULL, NULL, NULL, false);
    assert(opened);
    for (; (row = table_scan_next(&scan, scratch)); arena_reset(scratch))
        record_look(o, type, row, scratch);
    table_scan_close(&scan);
    arena_free(scratch);
}

static size_t rows_of(struct quality *o, unsigned table)
{
    struct table_scan scan;
    struct arena *scratch = arena_new(SCRATCH);
    size_t n = 0;
    bool opened = table_scan_open(&scan, o->txn, table, NULL, NULL, NULL, false);
    assert(opened);
    for (; table_scan_next(&scan, scratch); arena_reset(scratch))
        n++;
    table_scan_close(&scan);
    arena_free(scratch);
    return n;
}

static bool agrees(const struct quality *o, const Baton__QualityDay *row)
{
    for (size_t i = 0; i < o->n_counts; i++) {
        const struct counted *c = &o->counts[i];
        if (strcmp(c->type, row->type) == 0 && strcmp(c->owner_id, row->owner_id) == 0)
            return c->records == row->records && c->completeness == row->completeness_sum &&
                   c->freshness == row->freshness_sum && c->to_mend == row->to_mend;
    }
    return !row->records && !row->completeness_sum && !row->freshness_sum && !row->to_mend;
}

/* The newest row of each owner; the simulator sees one day, now and then the next. */
static void days_look(struct quality *o)
{
    struct table_scan scan;
    const Baton__QualityDay *row, *last = NULL;
    size_t owners = 0;
    bool opened = table_scan_open(&scan, o->txn, CONTACTS_QUALITY_DAY, NULL, NULL, NULL, true);
    assert(opened);
    for (; (row = table_scan_next(&scan, o->a)); last = row) {
        if (last && strcmp(last->type, row->type) == 0 && strcmp(last->owner_id, row->owner_id) == 0)
            continue;
        owners += row->records > 0;
        if (!agrees(o, row))
            sim_wrong(o->sim, "quality: the counts of %s's %ss are not those of a scan", row->owner_id,
                      row->type);
    }
    table_scan_close(&scan);
    if (owners != o->n_counts)
        sim_wrong(o->sim, "quality: %zu owners are counted, there are %zu", owners, o->n_counts);
}

static void all_look(struct quality *o)
{
    struct load l = {.txn = o->txn, .arena = o->a, .now_us = o->now_us};
    o->rules = *(struct contacts_rules *)contacts_load_rules(&l, NULL);
    each(o, CONTACTS_ACCOUNT, "account");
    each(o, CONTACTS_CONTACT, "contact");
    if (rows_of(o, CONTACTS_QUALITY) != o->kept)
        sim_wrong(o->sim, "quality: something is kept of what is gone");
    if (rows_of(o, CONTACTS_MEND_PLACE) != o->listed)
        sim_wrong(o->sim, "quality: the lists have what is not to be mended");
    if (rows_of(o, CONTACTS_ACCOUNT_AT) != o->placed)
        sim_wrong(o->sim, "quality: what is gone stands somewhere still");
    days_look(o);
}

void quality_settled(struct sim *sim)
{
    struct world *w = host_world(sim->processes[CONTACTS].host);
    struct quality *o = calloc(1, sizeof *o);
    assert(o);
    *o = (struct quality){.sim = sim, .a = arena_new(MEMORY), .now_us = w->ops->wall_us(w)};
    sim->looking = true;
    o->txn = store_begin(sim->processes[CONTACTS].store, false);
    assert(o->txn);
    all_look(o);
    store_abort(o->txn);
    sim->looking = false;
    arena_free(o->a);
    free(o);
}
