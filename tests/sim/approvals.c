/* Whatever came to a stage that needs an approval had one, by somebody else than who asked, for that stage
   and at that amount, and the documents that the stage asks for; or somebody said why it went there without.
   Made from the log alone. */
#include <string.h>

#include "opportunities/opportunities.h"
#include "sim/sim.h"

enum { KEPT_MAX = 4096 };

/* The newest version of each record of a type so far. */
struct kept {
    const char *ids[KEPT_MAX];
    const ProtobufCMessage *rows[KEPT_MAX]; /* NULL: deleted */
    size_t n;
};

static const ProtobufCMessage *newest(const struct kept *k, const char *id)
{
    for (size_t i = 0; id && i < k->n; i++)
        if (strcmp(k->ids[i], id) == 0)
            return k->rows[i];
    return NULL;
}

static void keep(struct kept *k, const char *id, const ProtobufCMessage *row)
{
    size_t i = 0;
    while (i < k->n && strcmp(k->ids[i], id) != 0)
        i++;
    if (i == KEPT_MAX)
        return; /* more than this oracle keeps */
    k->ids[i] = id;
    k->rows[i] = row;
    k->n += i == k->n;
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_asked(const Baton__Pipeline *p, const char *stage_key)
{
    for (size_t i = 0; p && i < p->n_stages; i++)
        if (same(p->stages[i]->key, stage_key))
            return p->stages[i]->n_approval_roles || p->stages[i]->approval_by_managers;
    return false;
}

/* NULL: of each type that the stage asks for one is there and active. */
static const Baton__DocumentType *lacks(const struct kept *documents, const Baton__Pipeline *p,
                                        const Baton__Opportunity *o)
{
    for (size_t i = 0; p && i < p->n_stages; i++)
        for (size_t k = 0; same(p->stages[i]->key, o->stage_key) && k < p->stages[i]->n_entry_documents;
             k++) {
            bool has = false;
            for (size_t d = 0; d < documents->n; d++) {
                const Baton__Document *x = (const Baton__Document *)documents->rows[d];
                for (size_t n = 0; x && n < x->n_opportunity_ids; n++)
                    has |= same(x->opportunity_ids[n], o->id) &&
                           x->type == p->stages[i]->entry_documents[k] &&
                           x->status == BATON__DOCUMENT_STATUS__DOCUMENT_STATUS_ACTIVE;
            }
            if (!has)
                return &p->stages[i]->entry_documents[k];
        }
    return NULL;
}

static bool is_approved(const Baton__Opportunity *was, const Baton__Opportunity *o)
{
    const Baton__StageApproval *a = was->approval;
    const bool is_worth_it = was->amount && o->amount ? schema_equal(&was->amount->base, &o->amount->base)
                                                      : was->amount == o->amount;
    return a && a->status == BATON__STAGE_APPROVAL_STATUS__STAGE_APPROVAL_STATUS_APPROVED &&
           same(a->pipeline_id, o->pipeline_id) && same(a->stage_key, o->stage_key) && is_worth_it &&
           a->decided_by_id && !same(a->decided_by_id, a->requested_by_id);
}

/* Stages that are emptied, and leads that become deals, are moved by nobody. */
static void moved(struct sim *sim, const struct kept *documents, const Baton__LogRecord *r,
                  const Baton__Opportunity *was, const Baton__Opportunity *o, const Baton__Pipeline *p)
{
    const bool is_moved = !same(was->stage_key, o->stage_key) || !same(was->pipeline_id, o->pipeline_id);
    const bool is_persons = r->actor && r->actor->role != BATON__ROLE__ROLE_SYSTEM && was->pipeline_id;
    if (is_moved && is_persons && !o->override_reason && is_asked(p, o->stage_key) && !is_approved(was, o))
        sim_wrong(sim, "approvals: record %zu brings opportunity %s to %s, and nobody approved it",
                  (size_t)r->seq, o->id, o->stage_key);
    if (is_moved && is_persons && !o->override_reason && lacks(documents, p, o))
        sim_wrong(sim, "approvals: record %zu brings opportunity %s to %s without the document of type %d",
                  (size_t)r->seq, o->id, o->stage_key, (int)*lacks(documents, p, o));
    if (is_moved && o->approval)
        sim_wrong(sim, "approvals: record %zu moves opportunity %s, and its approval lasts", (size_t)r->seq,
                  o->id);
}

void approvals_settled(struct sim *sim)
{
    static struct kept deals, pipelines, documents;
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    deals.n = pipelines.n = documents.n = 0;
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++) {
            const Baton__Event *e = l->records[i]->events[k];
            if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED)
                continue;
            const Baton__Record *record = e->record_changed->record;
            const bool is_gone = e->record_changed->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
            if (record->record_case == BATON__RECORD__RECORD_PIPELINE)
                keep(&pipelines, record->pipeline->id, is_gone ? NULL : &record->pipeline->base);
            if (record->record_case == BATON__RECORD__RECORD_DOCUMENT)
                keep(&documents, record->document->id, is_gone ? NULL : &record->document->base);
            if (record->record_case != BATON__RECORD__RECORD_OPPORTUNITY)
                continue;
            const Baton__Opportunity *o = record->opportunity;
            const Baton__Opportunity *was = (const Baton__Opportunity *)newest(&deals, o->id);
            if (was && !is_gone)
                moved(sim, &documents, l->records[i], was, o,
                      (const Baton__Pipeline *)newest(&pipelines, o->pipeline_id));
            keep(&deals, o->id, &o->base); /* what returns does so from where it was */
        }
}
