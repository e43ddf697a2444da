/* What an import did can be taken back, and nothing else is: whatever undoing deletes or changes was last
   touched by that import, and what it puts back is what stood before the import's first touch. Told from the
   log alone. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

enum { TOUCHES_MAX = 8192 };

/* A record that an import made or changed. */
struct touch {
    const char *import_id, *record_id;
    uint64_t before_seq, last_seq; /* before_seq 0: it made it */
};

struct imports {
    struct sim *sim;
    const struct ledger *ledger;
    struct touch touches[TOUCHES_MAX];
    size_t n;
};

static struct touch *touch_of(struct imports *m, const char *import_id, const char *record_id)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->touches[i].import_id, import_id) == 0 &&
            strcmp(m->touches[i].record_id, record_id) == 0)
            return &m->touches[i];
    return NULL;
}

static const Baton__RecordChanged *change_in(const Baton__LogRecord *r, const char *id,
                                             const ProtobufCMessage **row)
{
    const struct schema_field *member;
    for (size_t i = 0; i < r->n_events; i++) {
        if (r->events[i]->event_case != BATON__EVENT__EVENT_RECORD_CHANGED)
            continue;
        *row = schema_oneof(&r->events[i]->record_changed->record->base, &member);
        if (*row && strcmp(schema_get_text(*row, "id"), id) == 0)
            return r->events[i]->record_changed;
    }
    return NULL;
}

static void imported(struct imports *m, const Baton__LogRecord *r, const Baton__ContactsImported *e)
{
    for (size_t i = 0; i < e->n_records; i++) {
        const ProtobufCMessage *row;
        const Baton__RecordChanged *change = change_in(r, e->records[i]->id, &row);
        struct touch *t = touch_of(m, e->import_id, e->records[i]->id);
        if (!change || change->previous_seq != e->records[i]->before_seq)
            sim_wrong(m->sim, "imports: %s says that it touched %s, but it did not", e->import_id,
                      e->records[i]->id);
        if (t)
            t->last_seq = r->seq;
        else if (m->n < TOUCHES_MAX)
            m->touches[m->n++] =
                (struct touch){e->import_id, e->records[i]->id, e->records[i]->before_seq, r->seq};
    }
}

static bool is_bookkeeping(const char *field)
{
    return strcmp(field, "revision") == 0 || strcmp(field, "updated_at") == 0;
}

static bool is_as_before(const struct imports *m, const ProtobufCMessage *now, uint64_t seq)
{
    const ProtobufCMessage *was;
    const struct schema_message *type = schema_message(now->descriptor);
    if (seq == 0 || seq > m->ledger->n ||
        !change_in(m->ledger->records[seq - 1], schema_get_text(now, "id"), &was))
        return false;
    for (unsigned i = 0; i < type->pb->n_fields; i++)
        if (!is_bookkeeping(type->fields[i].pb->name) && !schema_field_equal(now, was, &type->fields[i]) &&
            !merges_renamed(m->ledger, was, &type->fields[i]))
            return false;
    return true;
}

static void undone(struct imports *m, const Baton__LogRecord *r, const Baton__ImportUndone *e)
{
    for (size_t i = 0; i < e->n_records; i++) {
        const char *id = e->records[i]->id;
        struct touch *t = touch_of(m, e->import_id, id);
        const ProtobufCMessage *row = NULL;
        const Baton__RecordChanged *change = change_in(r, id, &row);
        if (!t)
            sim_wrong(m->sim, "imports: undoing %s names %s, which it had not touched", e->import_id, id);
        else if (change && change->previous_seq != t->last_seq)
            sim_wrong(m->sim, "imports: undoing %s took back what somebody else did to %s", e->import_id, id);
        else if (change && !t->before_seq && change->kind != BATON__CHANGE_KIND__CHANGE_KIND_DELETED)
            sim_wrong(m->sim, "imports: undoing %s left %s, which it had made", e->import_id, id);
        else if (change && t->before_seq &&
                 (change->kind != BATON__CHANGE_KIND__CHANGE_KIND_UPDATED ||
                  !is_as_before(m, row, t->before_seq)))
            sim_wrong(m->sim, "imports: undoing %s did not put %s back as it was", e->import_id, id);
        if (t)
            *t = m->touches[--m->n];
    }
}

void imports_whole(const struct ledger *l)
{
    struct imports *m = calloc(1, sizeof *m);
    assert(m);
    m->sim = l->process->sim;
    m->ledger = l;
    for (size_t n = 0; n < l->n; n++)
        for (size_t i = 0; i < l->records[n]->n_events; i++) {
            const Baton__Event *e = l->records[n]->events[i];
            if (e->event_case == BATON__EVENT__EVENT_CONTACTS_IMPORTED)
                imported(m, l->records[n], e->contacts_imported);
            else if (e->event_case == BATON__EVENT__EVENT_IMPORT_UNDONE)
                undone(m, l->records[n], e->import_undone);
        }
    free(m);
}
