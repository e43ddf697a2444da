/* Rows of who leaves: finding some of them, and remembering that there are more. */
#include "service/handover.h"

#include <assert.h>
#include <string.h>

#include "service/internal.h"

enum { LOOK_MAX = 500 /* rows that stay are passed over as well */ };

static const struct access_row *access_of(const struct service_def *def, unsigned table)
{
    for (size_t i = 0; i < def->n_accesses; i++)
        if (def->accesses[i].table == table)
            return &def->accesses[i];
    return NULL;
}

static void take(struct load *l, unsigned table, ProtobufCMessage *row, bool ends, struct handover_facts *f)
{
    struct key key = key_of(schema_get_text(row, "id"));
    f->rows[f->n] = row;
    f->types[f->n] = table_name(txn_store(l->txn), table);
    f->ends[f->n] = ends;
    f->seqs[f->n++] = table_seq(l->txn, table, &key);
}

/* Of one type, from the token on. False: there may be more of it, behind f->token. */
static bool collect(struct load *l, unsigned table, const char *user_id, int *looked,
                    struct handover_facts *f)
{
    struct table_scan scan;
    ProtobufCMessage *row = NULL;
    const struct access_row *access = access_of(l->service->def, table);
    const char *name = access && access->ends_with ? access->ends_with : "owner_id";
    const struct schema_field *field = schema_field(table_message(txn_store(l->txn), table), name);
    if (!field || !field->rules->indexed)
        return true;
    bool opened = table_scan_open(&scan, l->txn, table, name, user_id, f->token, false);
    assert(opened);
    for (; f->n < HANDOVER_STEP && *looked < LOOK_MAX && (row = table_scan_next(&scan, l->arena));
         (*looked)++)
        if (!access || !access->stays || !access->stays(row))
            take(l, table, row, access && access->ends_with, f);
    f->token = row ? table_scan_token(&scan, l->arena) : f->token;
    table_scan_close(&scan);
    return !row && f->n < HANDOVER_STEP && *looked < LOOK_MAX;
}

void *handover_load(struct load *l, const struct command *c)
{
    const Baton__Handover *h = (const Baton__Handover *)c->request;
    const struct service_def *def = l->service->def;
    struct handover_facts *f = ARENA_NEW(l->arena, struct handover_facts);
    int looked = 0;
    f->place = h->place;
    f->token = h->token;
    while (f->place < def->n_records && collect(l, def->records[f->place].table, h->user_id, &looked, f)) {
        f->place++;
        f->token = NULL;
    }
    f->at_end = f->place >= def->n_records;
    return f;
}

const char *handover_owner(struct load *l, const char *user_id)
{
    int table = table_number(txn_store(l->txn), "handover");
    assert(table >= 0);
    const Baton__Handover *h = table_get_id(l->txn, (unsigned)table, user_id, l->arena);
    return h && h->successor_id ? h->successor_id : user_id;
}

/* What was counted so far, and what this step adds. */
static void add_counts(Baton__Handover *h, const Baton__Handover *before, const Baton__HandoverAdvanced *e,
                       struct arena *a)
{
    size_t n = before ? before->n_counts : 0;
    h->counts = ARENA_ARRAY(a, Baton__HandoverCount *, n + e->n_counts);
    for (size_t i = 0; i < n; i++)
        h->counts[h->n_counts++] = before->counts[i];
    for (size_t i = 0; i < e->n_counts; i++) {
        Baton__HandoverCount *last = h->n_counts ? h->counts[h->n_counts - 1] : NULL;
        if (last && strcmp(last->type, e->counts[i]->type) == 0) {
            last->handed_on += e->counts[i]->handed_on;
            last->ended += e->counts[i]->ended;
        } else {
            h->counts[h->n_counts++] = e->counts[i];
        }
    }
}

void handover_apply(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__HandoverAdvanced *e = (const Baton__HandoverAdvanced *)payload;
    int table = table_number(txn_store(ap->txn), "handover");
    struct key key = key_of(e->user_id);
    assert(table >= 0);
    const Baton__Handover *before = table_get(ap->txn, (unsigned)table, &key, ap->arena);
    Baton__Handover h = BATON__HANDOVER__INIT;
    h.user_id = e->user_id;
    h.successor_id = e->successor_id;
    /* Finished, the row stays without a timer: what other services still send for the leaver finds the
     * successor. */
    h.has_next_due_us = !e->finished;
    h.next_due_us = e->finished ? 0 : ap->time_us + 1;
    h.has_handed_on = true;
    h.handed_on = (before ? before->handed_on : 0) + e->handed_on;
    h.has_place = e->has_place;
    h.place = e->place;
    h.token = e->token;
    add_counts(&h, before, e, ap->arena);
    table_put(ap->txn, (unsigned)table, &h, ap->seq, ap->arena);
}

bool handover_query(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__GetHandoverRequest *r = (const Baton__GetHandoverRequest *)c->request;
    int table = table_number(txn_store(l->txn), "handover");
    if (table < 0)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "service", "nobody holds anything here");
    const Baton__Handover *h = table_get_id(l->txn, (unsigned)table, r->user_id, l->arena);
    Baton__GetHandoverResponse *out = ARENA_NEW(l->arena, Baton__GetHandoverResponse);
    baton__get_handover_response__init(out);
    out->has_begun = out->has_finished = true;
    out->begun = h != NULL;
    out->finished = h && !h->next_due_us;
    if (h) {
        out->successor_id = h->successor_id;
        out->counts = h->counts;
        out->n_counts = h->n_counts;
    }
    *reply = &out->base;
    return true;
}
