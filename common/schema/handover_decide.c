/* Handing on what a leaver held, some records at a time. */
#include "schema/handover.h"

#include <assert.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"

static Baton__HandoverAdvanced *advanced(struct outcome *out, const char *user_id, const char *successor_id,
                                         size_t n, bool finished)
{
    Baton__HandoverAdvanced *e = ARENA_NEW(out->arena, Baton__HandoverAdvanced);
    baton__handover_advanced__init(e);
    e->user_id = arena_strdup(out->arena, user_id);
    e->successor_id = arena_strdup(out->arena, successor_id);
    e->has_handed_on = e->has_finished = true;
    e->handed_on = (uint32_t)n;
    e->finished = finished;
    outcome_event(out, e);
    return e;
}

bool handover_decide_begin(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__UserLeft *left = (const Baton__UserLeft *)c->request;
    (void)advanced(out, left->user_id, left->successor_id, 0, false); /* nothing more is to be said */
    return true;
}

static void hand_on(ProtobufCMessage *before, uint64_t seq, const char *successor_id, struct stamp *s,
                    struct outcome *out)
{
    const struct schema_message *m = schema_message(before->descriptor);
    ProtobufCMessage *after = schema_unpack(m, schema_pack(before, s->arena), s->arena);
    assert(after);
    schema_set_text(after, "owner_id", arena_strdup(s->arena, successor_id));
    record_updated(before, seq, after, s, out);
}

/* Records of a type come together. */
static void count(Baton__HandoverAdvanced *e, const char *type, bool ended, struct arena *a)
{
    Baton__HandoverCount *last = e->n_counts ? e->counts[e->n_counts - 1] : NULL;
    if (!last || strcmp(last->type, type) != 0) {
        last = e->counts[e->n_counts++] = ARENA_NEW(a, Baton__HandoverCount);
        baton__handover_count__init(last);
        last->type = arena_strdup(a, type);
    }
    last->has_handed_on = last->has_ended = true;
    last->handed_on += !ended;
    last->ended += ended;
}

bool handover_decide_step(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct handover_facts *f = facts;
    const Baton__Handover *h = (const Baton__Handover *)c->request;
    for (size_t i = 0; i < f->n; i++)
        if (f->ends[i])
            record_deleted(f->rows[i], f->seqs[i], s, out);
        else
            hand_on(f->rows[i], f->seqs[i], h->successor_id, s, out);
    Baton__HandoverAdvanced *e = advanced(out, h->user_id, h->successor_id, f->n, f->at_end);
    e->counts = ARENA_ARRAY(s->arena, Baton__HandoverCount *, f->n);
    for (size_t i = 0; i < f->n; i++)
        count(e, f->types[i], f->ends[i], s->arena);
    e->has_place = true;
    e->place = f->place;
    e->token = arena_strdup(s->arena, f->token);
    return true;
}
