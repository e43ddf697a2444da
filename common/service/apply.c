/* Events to rows, by each service's table; plain records by what the schema says. */
#include "service/apply.h"

#include <assert.h>
#include <string.h>

#include "store/log.h"

static void flush(struct apply *ap)
{
    if (ap->held.row)
        table_replace(ap->txn, ap->held.table, ap->held.before, ap->held.row, ap->seq, ap->arena);
    if (ap->held.row && ap->state && ap->def && ap->def->state_put)
        ap->def->state_put(ap->state, ap->held.table, ap->held.row);
    ap->held.row = NULL;
}

static bool holds(const struct apply *ap, unsigned table, const char *id)
{
    return ap->held.row && ap->held.table == table && id &&
           strcmp(schema_get_text(ap->held.row, "id"), id) == 0;
}

const void *apply_get(struct apply *ap, unsigned table, const char *id)
{
    return holds(ap, table, id) ? ap->held.row : table_get_id(ap->txn, table, id, ap->arena);
}

void apply_put(struct apply *ap, unsigned table, const void *before, const void *row)
{
    if (holds(ap, table, schema_get_text(row, "id"))) {
        ap->held.row = row;
        return;
    }
    flush(ap);
    ap->held.table = table;
    ap->held.before = before;
    ap->held.row = row;
}

static void apply_rows(const struct service_def *def, struct apply *ap, const ProtobufCMessage *payload)
{
    for (size_t i = 0; i < def->n_applies; i++)
        if (def->applies[i].event == payload->descriptor)
            def->applies[i].apply(ap, payload);
}

/* A position set by hand is in the log like everything else that was decided here. */
static void apply_rejoined(struct apply *ap, const Baton__FollowRejoined *e)
{
    struct cursor c = {.at.seq = e->new_seq};
    assert(e->service && e->log_id.len == LOG_ID_SIZE && e->new_hash.len == HASH_SIZE);
    memcpy(c.log_id, e->log_id.data, LOG_ID_SIZE);
    memcpy(c.at.hash, e->new_hash.data, HASH_SIZE);
    cursor_put(ap->txn, e->service, &c);
}

/* Where the log has what was deleted; what comes back is not gone. */
static void apply_gone(struct apply *ap, const Baton__RecordChanged *e, const char *type,
                       const struct key *key)
{
    const struct schema_field *member;
    int table = table_number(txn_store(ap->txn), "gone");
    assert(table >= 0);
    if (e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED && e->findable) {
        Baton__GoneRecord g = BATON__GONE_RECORD__INIT;
        g.id = (char *)(uintptr_t)schema_get_text(schema_oneof(&e->record->base, &member), "id");
        g.type = (char *)(uintptr_t)type;
        g.has_seq = true;
        g.seq = ap->seq;
        table_put(ap->txn, (unsigned)table, &g, ap->seq, ap->arena);
    } else if (e->kind == BATON__CHANGE_KIND__CHANGE_KIND_CREATED && e->previous_seq) {
        (void)table_delete(ap->txn, (unsigned)table, key, ap->arena); /* as above */
    }
}

static void apply_record(const struct service_def *def, struct apply *ap, const Baton__RecordChanged *e)
{
    const struct schema_field *member;
    ProtobufCMessage *row = schema_oneof(&e->record->base, &member);
    if (!row)
        return; /* a kind of record newer than this program */
    int table = table_number(txn_store(ap->txn), member->pb->name);
    assert(table >= 0);
    struct key key = key_of(schema_get_text(row, "id"));
    if (e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED)
        (void)table_delete(ap->txn, (unsigned)table, &key, ap->arena); /* gone is what is wanted */
    else
        table_put(ap->txn, (unsigned)table, row, ap->seq, ap->arena);
    if (!e->copy)
        apply_gone(ap, e, member->pb->name, &key);
    apply_rows(def, ap, row);
}

void service_apply_live(const struct service_def *def, struct txn *t, const Baton__LogRecord *record,
                        struct arena *a, void *state)
{
    struct apply ap = {.txn = t,
                       .arena = a,
                       .seq = record->seq,
                       .time_us = (int64_t)record->time_us,
                       .actor = record->actor,
                       .state = state,
                       .def = def};
    for (size_t i = 0; i < record->n_events; i++) {
        const struct schema_field *member;
        ProtobufCMessage *payload = schema_oneof(&record->events[i]->base, &member);
        if (!payload)
            continue; /* an event newer than this program: nothing here depends on it */
        if (payload->descriptor == &baton__record_changed__descriptor)
            apply_record(def, &ap, (const Baton__RecordChanged *)payload);
        else if (payload->descriptor == &baton__follow_rejoined__descriptor)
            apply_rejoined(&ap, (const Baton__FollowRejoined *)payload);
        else
            apply_rows(def, &ap, payload);
    }
    flush(&ap);
}

void service_apply(const struct service_def *def, struct txn *t, const Baton__LogRecord *record,
                   struct arena *a)
{
    service_apply_live(def, t, record, a, NULL);
}
