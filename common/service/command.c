/* load, decide, log, apply: one command within the batch's transaction. */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "service/internal.h"

enum { IDS_FRESH_SIZE = 10 };

/* `seal`: for the log record. */
static void stamp_fill(struct service *s, struct stamp *stamp, const Baton__Actor *actor,
                       uint8_t seal[SEAL_FRESH_SIZE])
{
    uint8_t fresh[IDS_FRESH_SIZE + SEAL_FRESH_SIZE];
    s->world->ops->random(s->world, fresh, sizeof fresh);
    memcpy(seal, fresh + IDS_FRESH_SIZE, SEAL_FRESH_SIZE);
    stamp->now_us = s->last_us;
    stamp->actor = actor;
    stamp->arena = s->arena;
    stamp->ids = &s->ids;
    stamp->random_used = 0;
    s->world->ops->random(s->world, stamp->random, sizeof stamp->random);
    ident_source_advance(&s->ids, s->last_us, fresh);
}

static char *text_or_null(const char *s)
{
    return (char *)(uintptr_t)(s && *s ? s : NULL);
}

static void log_and_apply(struct service *s, const struct outcome *out, const struct command *c,
                          const struct origin *from, const uint8_t seal[SEAL_FRESH_SIZE])
{
    Baton__LogRecord record = BATON__LOG_RECORD__INIT;
    Baton__Source source = BATON__SOURCE__INIT;
    record.has_time_us = true;
    record.time_us = (uint64_t)s->last_us;
    record.actor = (Baton__Actor *)(uintptr_t)c->actor;
    record.request_id = text_or_null(from->request_id);
    record.trace_id = text_or_null(from->trace_id);
    if (from->source) {
        source.service = text_or_null(from->source);
        source.has_seq = true;
        source.seq = from->source_seq;
        record.source = &source;
    }
    record.events = out->events;
    record.n_events = out->n_events;
    /* Before the record is sealed: what it says itself is what is left. */
    for (size_t i = 0; i < out->n_events; i++)
        erased_note(s, out->events[i]);
    log_append(s->txn, &record, seal, s->arena);
    service_apply_live(s->def, s->txn, &record, s->arena, s->state);
    for (size_t i = 0; i < out->n_events; i++)
        effects_note(s, out->events[i]);
}

void command_run(struct service *s, load_fn *load, decide_fn *decide, const struct command *c,
                 const struct origin *from, struct decided *d)
{
    struct load l = batch_load(s);
    struct stamp stamp;
    uint8_t seal[SEAL_FRESH_SIZE];
    struct outcome *out = ARENA_NEW(s->arena, struct outcome);
    out->arena = s->arena;
    stamp_fill(s, &stamp, c->actor, seal);
    const void *facts = load ? load(&l, c) : NULL;
    /* Nothing is decided on what could not be read. */
    if (txn_failed(s->txn))
        log_fatal("service", "the store could not be read");
    d->ok = decide(facts, c, &stamp, out);
    if (!d->ok) {
        assert(out->no.code != REFUSAL_NONE);
        d->no = out->no;
        return;
    }
    if (out->n_events)
        log_and_apply(s, out, c, from, seal);
    if (out->reply)
        d->reply = schema_pack(out->reply, s->arena);
}
