/* Whoever backs up and restores the whole deployment. Each service is looked at at another moment while all
   go on, so that only looking anew at who is behind makes it one. */
#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>

#include "sim/sim.h"
#include "store/cut.h"

enum { APART_MAX_S = 3, DOWN_MAX_S = 10 };

struct backup {
    struct sim *sim;
    struct cut cut; /* a part's place in it is its process's number */
    size_t begun;   /* parts */
    unsigned tries;
    uint64_t random;
    bool whole;
};

static void file_of(const struct process *p, char dir[400], char file[420])
{
    snprintf(dir, 400, "%s.all", p->dir);
    snprintf(file, 420, "%s/data.mdb", dir);
}

/* Looked at as it is now. What is looked at is a copy: the process may end, and its store with it. */
static void look(struct backup *b, struct cut_part *part)
{
    const struct process *p = &b->sim->processes[part - b->cut.parts];
    char dir[400], file[420];
    file_of(p, dir, file);
    (void)mkdir(dir, 0700); /* there may be one already */
    snapshot_free(part->snapshot);
    part->snapshot = NULL;
    store_close(part->store);
    process_copy(p, file);
    part->store = store_open(&(struct store_options){
        .dir = dir, .read_only = true, .tables = p->def->tables, .n_tables = p->def->n_tables});
    bool looked = part->store && cut_take_part(&b->cut, part);
    assert(looked);
}

static void close_all(struct backup *b)
{
    cut_end(&b->cut);
    for (size_t i = 0; i < b->cut.n; i++) {
        store_close(b->cut.parts[i].store);
        b->cut.parts[i].store = NULL;
    }
}

static void go_on(void *arg);

static void go_on_later(struct backup *b)
{
    int64_t apart_us = (int64_t)sim_below(&b->random, APART_MAX_S * SIM_SECOND);
    world_at(b->sim->world, world_now(b->sim->world) + apart_us, go_on, b);
}

static void go_on(void *arg)
{
    struct backup *b = arg;
    if (b->sim->backup != b)
        return; /* forgotten since */
    struct cut_part *next = b->begun < b->cut.n ? &b->cut.parts[b->begun++] : cut_behind(&b->cut);
    if (next && b->tries++ < CUT_TRIES) {
        look(b, next);
        go_on_later(b);
        return;
    }
    close_all(b);
    b->whole = !next;
    sim_trace(b->sim, "all services are backed up, in %u looks", b->tries);
}

void backup_begin(struct sim *sim, uint64_t random)
{
    if (sim->operator|| effects_lost(sim))
        return;
    backup_forget(sim);
    struct backup *b = ARENA_NEW(sim->memory, struct backup);
    *b = (struct backup){.sim = sim, .random = random};
    for (size_t i = 0; i < SERVICES; i++)
        cut_add(&b->cut, sim->processes[i].def->name, NULL);
    sim->backup = b;
    go_on(b);
}

void backup_forget(struct sim *sim)
{
    if (sim->backup)
        close_all(sim->backup);
    sim->backup = NULL;
}

void backup_put_back(struct sim *sim, uint64_t random)
{
    char dir[400], file[420];
    if (!sim->backup || !sim->backup->whole || sim->operator)
        return;
    for (size_t i = 0; i < SERVICES; i++)
        process_kill(&sim->processes[i], (int64_t)sim_below(&random, DOWN_MAX_S * SIM_SECOND));
    for (size_t i = 0; i < SERVICES; i++) {
        file_of(&sim->processes[i], dir, file);
        process_put_back(&sim->processes[i], file);
        process_backup_forget(&sim->processes[i]); /* it may have more, of what has not been */
    }
    if (effects_lost(sim))
        sim_wrong(sim, "backup: of all services at one moment, and yet somebody has read what is not there");
}
