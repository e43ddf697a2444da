/* Timers that came due are commands like any other. */
#include <assert.h>

#include "base/log.h"
#include "service/internal.h"

static const struct timer_row *row_of(const struct service *s, unsigned table)
{
    for (size_t i = 0; i < s->def->n_timers; i++)
        if (s->def->timers[i].table == table)
            return &s->def->timers[i];
    return NULL;
}

static void run_one(struct service *s, unsigned table, const struct key *key, int64_t due_us)
{
    const struct timer_row *row = row_of(s, table);
    Baton__Actor actor = BATON__ACTOR__INIT;
    actor.service = (char *)(uintptr_t)s->def->name;
    actor.has_role = true;
    actor.role = BATON__ROLE__ROLE_SYSTEM;
    assert(row);
    struct command c = {.request = table_get(s->txn, table, key, s->arena), .actor = &actor};
    if (txn_failed(s->txn))
        log_fatal("service", "the store could not be read");
    assert(c.request);
    struct decided d = {0};
    command_run(s, row->load, row->decide, &c, &(struct origin){0}, &d);
    assert(d.ok);
    s->status.commands++;
    /* A decision that leaves its timer where it is would run for ever. */
    int64_t next_us;
    unsigned next_table;
    struct key next_key;
    bool same = due_first(s->txn, &next_us, &next_table, &next_key) && next_us == due_us &&
                next_table == table && bytes_equal(key_bytes(&next_key), key_bytes(key));
    assert(!same || txn_failed(s->txn));
}

bool timers_run(struct service *s)
{
    for (int n = 0; n < BATCH_TIMERS_MAX; n++) {
        int64_t due_us;
        unsigned table;
        struct key key;
        if (!due_first(s->txn, &due_us, &table, &key) || due_us > s->last_us)
            return false;
        run_one(s, table, &key, due_us);
    }
    return true;
}

int64_t timers_next(struct service *s)
{
    int64_t due_us = 0;
    unsigned table;
    struct key key;
    if (!s->def->n_timers)
        return 0;
    struct txn *t = service_read_begin(s);
    bool any = due_first(t, &due_us, &table, &key);
    service_read_end(t);
    return any ? due_us : 0;
}

int64_t gathered_due(const struct service *s)
{
    return s->def->gathered ? s->def->gathered->due_us(s->state) : 0;
}

void gathered_run(struct service *s)
{
    int64_t due_us = gathered_due(s);
    if (!due_us || due_us > s->last_us)
        return;
    Baton__Actor actor = followed_actor(s);
    struct command c = {.actor = &actor};
    followed_decide(s, s->def->gathered->load, s->def->gathered->decide, &c, &(struct origin){0});
    s->status.commands++;
}
