/* Handing on what a leaver held, some records at a time. */
#include "schema/handover.h"

#include <assert.h>

#include "baton/v1/directory.pb-c.h"

static void advanced(struct outcome *out, const char *user_id, const char *successor_id, size_t n,
                     bool finished)
{
    Baton__HandoverAdvanced *e = ARENA_NEW(out->arena, Baton__HandoverAdvanced);
    baton__handover_advanced__init(e);
    e->user_id = arena_strdup(out->arena, user_id);
    e->successor_id = arena_strdup(out->arena, successor_id);
    e->has_handed_on = e->has_finished = true;
    e->handed_on = (uint32_t)n;
    e->finished = finished;
    outcome_event(out, e);
}

bool handover_decide_begin(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__UserLeft *left = (const Baton__UserLeft *)c->request;
    advanced(out, left->user_id, left->successor_id, 0, false);
    return true;
}

bool handover_decide_step(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct handover_facts *f = facts;
    const Baton__Handover *h = (const Baton__Handover *)c->request;
    for (size_t i = 0; i < f->n; i++) {
        ProtobufCMessage *before = f->rows[i];
        const struct schema_message *m = schema_message(before->descriptor);
        ProtobufCMessage *after = schema_unpack(m, schema_pack(before, s->arena), s->arena);
        assert(after);
        schema_set_text(after, "owner_id", h->successor_id);
        record_updated(before, f->seqs[i], after, s, out);
    }
    advanced(out, h->user_id, h->successor_id, f->n, f->n == 0);
    return true;
}
