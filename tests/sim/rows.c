/* Rows say what the newest event about them said, and nobody who left holds anything. Kept apart from
   `apply`, which the replayed rows go through as well. */
#include <assert.h>
#include <string.h>

#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/plans.pb-c.h"
#include "baton/v1/quotes.pb-c.h"
#include "sim/sim.h"

enum { SCRATCH = 16 << 20, OLD_US = 20 * 1000000 };

static void changed(struct ledger *l, const Baton__RecordChanged *e, struct arena *a)
{
    const struct schema_field *member;
    const ProtobufCMessage *said = schema_oneof(&e->record->base, &member);
    int table = said ? table_number(l->shadow, member->pb->name) : -1;
    if (table < 0)
        return;
    const ProtobufCMessage *row = table_get_id(l->made, (unsigned)table, schema_get_text(said, "id"), a);
    bool gone = e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    if (gone ? row != NULL : !row || !bytes_equal(schema_pack(row, a), schema_pack(said, a)))
        sim_wrong(l->process->sim, "rows: %s %s in %s is not what its event said", member->pb->name,
                  schema_get_text(said, "id"), l->process->def->name);
}

void rows_record(struct ledger *l, const Baton__LogRecord *r)
{
    struct arena *a = arena_new(SCRATCH);
    /* An event later in the same record may be about the same row. */
    for (size_t i = 0; i < r->n_events && r->n_events == 1; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
            changed(l, r->events[i]->record_changed, a);
    arena_free(a);
}

/* Whoever leaves keeps what they wrote and what they have done. */
static bool stays(const ProtobufCMessage *row)
{
    const Baton__Activity *a = (const Baton__Activity *)row;
    const Baton__Quote *q = (const Baton__Quote *)row;
    const Baton__Plan *p = (const Baton__Plan *)row;
    const Baton__CollateralOrder *o = (const Baton__CollateralOrder *)row;
    if (row->descriptor == &baton__activity__descriptor)
        return a->status != BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_PLANNED;
    if (row->descriptor == &baton__quote__descriptor)
        return q->status >= BATON__QUOTE_STATUS__QUOTE_STATUS_ACCEPTED; /* answered, or over */
    if (row->descriptor == &baton__plan__descriptor)
        return p->state != BATON__PLAN_STATE__PLAN_STATE_ACTIVE;
    if (row->descriptor == &baton__collateral_order__descriptor) /* nothing is to come any more */
        return !o->desk && o->status != BATON__COLLATERAL_ORDER_STATUS__COLLATERAL_ORDER_STATUS_SHIPPED;
    return row->descriptor == &baton__note__descriptor;
}

/* Rows of this table that the leaver held when the hand-over began, and holds still. */
static void held_by(struct ledger *l, unsigned table, const char *user_id, uint64_t begun_seq)
{
    struct table_scan scan;
    struct arena *a = arena_new(SCRATCH);
    const ProtobufCMessage *row;
    const struct schema_field *owner = schema_field(table_message(l->shadow, table), "owner_id");
    bool opened = owner && owner->rules->indexed &&
                  table_scan_open(&scan, l->made, table, "owner_id", user_id, NULL, false);
    while (opened && (row = table_scan_next(&scan, a))) {
        struct key key = key_of(schema_get_text(row, "id"));
        if (table_seq(l->made, table, &key) < begun_seq && !stays(row))
            sim_wrong(l->process->sim, "handover: %s %s of %s is still held by somebody who left",
                      table_name(l->shadow, table), schema_get_text(row, "id"), l->process->def->name);
    }
    if (opened)
        table_scan_close(&scan);
    arena_free(a);
}

static bool begins(const Baton__Event *e)
{
    return e->event_case == BATON__EVENT__EVENT_HANDOVER_ADVANCED && !e->handover_advanced->has_place;
}

/* Whoever has no successor keeps what they had: there is nobody to hand it to. */
static void handed_over(struct ledger *l)
{
    struct world *w = host_world(l->process->host);
    for (size_t n = 0; n < l->n; n++) {
        const Baton__LogRecord *r = l->records[n];
        for (size_t i = 0; i < r->n_events; i++)
            if (begins(r->events[i]) && r->events[i]->handover_advanced->successor_id &&
                (int64_t)r->time_us < w->ops->wall_us(w) - OLD_US)
                for (size_t k = 0; k < l->process->def->n_records; k++)
                    held_by(l, l->process->def->records[k].table, r->events[i]->handover_advanced->user_id,
                            r->seq);
    }
}

void rows_settled(struct sim *sim)
{
    handed_over(&sim->ledgers[CONTACTS]);
    handed_over(&sim->ledgers[OPPORTUNITIES]);
    handed_over(&sim->ledgers[DOCUMENTS]);
}
