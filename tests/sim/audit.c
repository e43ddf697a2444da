/* An administrator asks who did what: a page is what the log says from there back, as it was committed, and
   nothing is left out. */
#include <string.h>

#include "schema/audit.h"
#include "sim/fill.h"

/* Of somebody who did something here, where it is asked for one. */
bool fill_read_audit(struct sim *sim, struct ask *a, uint64_t *random, struct arena *arena)
{
    Baton__ReadAuditRequest q = BATON__READ_AUDIT_REQUEST__INIT;
    Baton__AuditFilter f = BATON__AUDIT_FILTER__INIT;
    const struct ledger *l = &sim->ledgers[sim_below(random, SERVICES)];
    if (!l->n)
        return false;
    const Baton__LogRecord *some = l->records[sim_below(random, l->n)];
    q.filter = &f;
    q.has_page_size = q.has_from_seq = true;
    q.page_size = 1 + (uint32_t)sim_below(random, 30);
    q.from_seq = 1 + sim_below(random, l->n);
    f.has_by_services = true;
    f.by_services = sim_below(random, 2);
    f.user_id = some->actor && sim_below(random, 2) ? some->actor->user_id : NULL;
    fill_query(a, l->process->def->name, "SystemService/ReadAudit", &q, arena);
    return true;
}

/* How many entries of the page are of this record; they must be all there are. */
static size_t compare(const struct ask *a, const Baton__LogRecord *record, const Baton__AuditFilter *f,
                      const Baton__ReadAuditResponse *r, size_t from, struct arena *arena)
{
    size_t n;
    Baton__AuditEntry **is = audit_entries(record, f, arena, &n);
    for (size_t i = 0; i < n; i++)
        if (from + i >= r->n_entries || !schema_equal(&r->entries[from + i]->base, &is[n - 1 - i]->base))
            sim_wrong(a->sim, "audit: record %llu of %s is not told as it is",
                      (unsigned long long)record->seq, a->service);
    return n;
}

void audit_answer(const struct ledger *l, const struct ask *a, const ProtobufCMessage *reply,
                  struct arena *arena)
{
    const Baton__ReadAuditResponse *r = (const Baton__ReadAuditResponse *)reply;
    const Baton__ReadAuditRequest *q = (const Baton__ReadAuditRequest *)schema_unpack(
        schema_message(&baton__read_audit_request__descriptor), a->body, arena);
    size_t n = 0;
    if (a->forgotten || q->from_seq > l->n)
        return; /* of a log that was put back since */
    for (uint64_t seq = q->from_seq; seq > r->next_seq; seq--)
        n += compare(a, l->records[seq - 1], q->filter, r, n, arena);
    if (n != r->n_entries || (r->has_next_seq && n < q->page_size && q->from_seq - r->next_seq < 1000))
        sim_wrong(a->sim, "audit: a page of %s has %zu entries, and there are %zu", a->service, r->n_entries,
                  n);
}
