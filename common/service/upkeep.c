/* A view is kept in step with the rows, off the loop. */
#include <assert.h>
#include <stdlib.h>

#include "service/internal.h"

struct upkeep {
    struct slow_job job;     /* first */
    struct service *service; /* NULL: it is no more */
    const struct upkeep_row *row;
    void *memory;
};

static void work(struct slow_job *job)
{
    struct upkeep *u = (struct upkeep *)job;
    u->row->work(u->memory);
}

static void end(struct upkeep *u)
{
    if (u->service)
        u->service->upkeep = NULL;
    free(u->memory);
    free(u);
}

/* What there is no room for now is loaded once more later: rows may be others by then. */
static void add(struct upkeep *u)
{
    if (!u->service->world->ops->slow(u->service->world, &u->job))
        end(u);
}

static void done(struct slow_job *job)
{
    struct upkeep *u = (struct upkeep *)job;
    if (!u->service || u->row->done(u->service->state, u->memory))
        end(u);
    else
        add(u);
}

void upkeep_turn(struct service *s)
{
    const struct upkeep_row *row = s->def->upkeep;
    if (!row || s->upkeep || !row->wants(s->state))
        return;
    struct upkeep *u = calloc(1, sizeof *u);
    assert(u);
    *u = (struct upkeep){.job = {.work = work, .done = done, .is_long = true}, .service = s, .row = row};
    s->txn = service_read_begin(s);
    struct load l = batch_load(s);
    u->memory = row->load(&l);
    service_read_end(s->txn);
    s->txn = NULL;
    arena_reset(s->arena);
    s->upkeep = u;
    add(u);
}

void upkeep_leave(struct service *s)
{
    if (s->upkeep)
        s->upkeep->service = NULL;
    s->upkeep = NULL;
}
