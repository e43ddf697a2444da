/* What happens when, all drawn from the seed before anything begins: what is asked, and what goes wrong.
   Every entry has a random stream of its own, so that leaving one out changes no other. */
#include <assert.h>
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fill.h"
#include "sim/sim.h"

enum { FLOOD = 20, CALM_DOWN_US = 30 * 1000000 };

struct entry;
typedef void act_fn(struct sim *sim, const struct entry *e, uint64_t *random);

/* Something that can go wrong. */
struct fault_kind {
    const char *name;
    unsigned one_in; /* seeds has it at all */
    unsigned most;   /* times in ten minutes, besides once */
    act_fn *act;
};

struct entry {
    struct sim *sim;
    unsigned number;
    int64_t at_us;
    uint64_t random;
    const struct fault_kind *fault; /* NULL: somebody asks for something */
    const struct ask_kind *ask;
};

struct plan {
    struct entry *entries;
    size_t n;
};

static struct process *any_process(struct sim *sim, uint64_t *random)
{
    return &sim->processes[sim_below(random, SERVICES)];
}

static struct host *any_host(struct sim *sim, uint64_t *random)
{
    uint64_t i = sim_below(random, SERVICES + CLIENTS);
    return i < SERVICES ? sim->processes[i].host : sim->client_hosts[i - SERVICES];
}

static int64_t seconds(uint64_t *random, uint64_t most)
{
    return 1000 + (int64_t)sim_below(random, most * (uint64_t)SIM_SECOND);
}

/* --- what goes wrong --- */

static void act_kill(struct sim *sim, const struct entry *e, uint64_t *random)
{
    process_kill(any_process(sim, random), seconds(random, 20));
}

static void act_stop(struct sim *sim, const struct entry *e, uint64_t *random)
{
    process_stop(any_process(sim, random), seconds(random, 10));
}

/* Soon calls are few, later many: the number of the call is drawn from all scales. */
static int64_t a_call(uint64_t *random)
{
    return 1 + (int64_t)(sim_random(random) >> (52 + sim_below(random, 12)));
}

static void act_die_at_call(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct process *p = any_process(sim, random);
    p->die_in = a_call(random);
    p->harmed = true;
}

static void act_store_fails(struct sim *sim, const struct entry *e, uint64_t *random)
{
    static const int errors[] = {EIO, ENOSPC, ENOMEM, MDB_MAP_FULL, MDB_TXN_FULL, MDB_CORRUPTED};
    struct process *p = any_process(sim, random);
    static const int calls[] = {-1, STORE_GET, STORE_PUT, STORE_SCAN, STORE_COMMIT, STORE_BEGIN_WRITE};
    p->fail_in = a_call(random);
    p->fail_call = calls[sim_below(random, sizeof calls / sizeof *calls)];
    p->fail_with = errors[sim_below(random, sizeof errors / sizeof *errors)];
    p->harmed = true;
}

static void act_query_fails(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct process *p = any_process(sim, random);
    if (!p->def->n_tables)
        return;
    p->fail_query = true;
    p->harmed = true;
}

static void act_commit_lies(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct process *p = any_process(sim, random);
    p->fail_after_commit = true;
    p->harmed = true;
}

static void room_again(void *arg)
{
    ((struct process *)arg)->disk_full = false;
}

static void act_disk_full(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct process *p = any_process(sim, random);
    p->disk_full = true;
    p->full_since_us = world_now(sim->world);
    world_at(sim->world, world_now(sim->world) + seconds(random, 60), room_again, p);
}

static void act_pause(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct process *p = any_process(sim, random);
    sim_trace(sim, "%s pauses", p->def->name);
    if (p->service)
        host_pause(p->host, world_now(sim->world) + seconds(random, 60));
}

/* More than anybody grants comes in while a follower sleeps. */
static void act_flood(struct sim *sim, const struct entry *e, uint64_t *random)
{
    static const enum service_number followers[] = {CONTACTS, OPPORTUNITIES, NOTIFICATIONS};
    struct process *p = &sim->processes[followers[sim_below(random, sizeof followers / sizeof *followers)]];
    if (p->service)
        host_pause(p->host, world_now(sim->world) + seconds(random, 30));
    for (int i = 0; i < FLOOD; i++)
        ask_begin(sim, fill_capture_big, sim_random(random));
}

/* A jump back lets a service's time stand still for as long. */
static void act_clock(struct sim *sim, const struct entry *e, uint64_t *random)
{
    static const int64_t jumps[] = {-60, -10, -1, 1, 10, 120};
    struct process *p = any_process(sim, random);
    host_clock(p->host, jumps[sim_below(random, sizeof jumps / sizeof *jumps)] * SIM_SECOND);
}

struct cut {
    struct sim *sim;
    struct host *from, *to;
};

static void mend_cut(void *arg)
{
    const struct cut *c = arg;
    world_cut(c->sim->world, c->from, c->to, false);
}

static void act_cut(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct cut *c = ARENA_NEW(sim->memory, struct cut);
    *c = (struct cut){sim, any_host(sim, random), any_host(sim, random)};
    sim_trace(sim, "nothing gets from %s to %s", host_name(c->from), host_name(c->to));
    world_cut(sim->world, c->from, c->to, true);
    world_at(sim->world, world_now(sim->world) + seconds(random, 60), mend_cut, c);
}

static void act_weather(struct sim *sim, const struct entry *e, uint64_t *random)
{
    static const int64_t delays[] = {1000, 20000, 300000, 3 * SIM_SECOND};
    struct weather w = {.delay_max_us = delays[sim_below(random, 4)]};
    unsigned *const chances[] = {&w.lost, &w.doubled, &w.out_of_turn, &w.garbled};
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++)
        *chances[i] = sim_below(random, 2) ? (unsigned)sim_below(random, 200) : 0;
    world_weather(sim->world, &w);
}

/* Bytes that no program of ours has sent. */
static void act_nonsense(struct sim *sim, const struct entry *e, uint64_t *random)
{
    uint8_t noise[2][256];
    struct world *w = host_world(sim->client_hosts[0]);
    struct process *p = any_process(sim, random);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i / 256][i % 256] = (uint8_t)sim_random(random);
    struct port *port = w->ops->connect(w, p->def->name, NULL, NULL, NULL);
    (void)w->ops->send(port, NULL, bytes_of(noise[0], sim_below(random, 256)),
                       bytes_of(noise[1], sim_below(random, 256)));
    w->ops->close(port);
}

static void act_backup(struct sim *sim, const struct entry *e, uint64_t *random)
{
    struct process *p = any_process(sim, random);
    if (p->service)
        process_backup(p);
}

static void act_restore(struct sim *sim, const struct entry *e, uint64_t *random)
{
    operator_restores(sim, any_process(sim, random), *random);
}

static void act_backup_all(struct sim *sim, const struct entry *e, uint64_t *random)
{
    backup_begin(sim, sim_random(random));
}

static void act_put_back_all(struct sim *sim, const struct entry *e, uint64_t *random)
{
    backup_put_back(sim, sim_random(random));
}

static const struct fault_kind faults[] = {
    {"kill -9", 2, 8, act_kill},
    {"stop", 2, 3, act_stop},
    {"die at a call", 2, 8, act_die_at_call},
    {"the store fails at a call", 2, 6, act_store_fails},
    {"a row cannot be read", 2, 6, act_query_fails},
    {"a commit happens and reports an error", 2, 4, act_commit_lies},
    {"the disk is full", 2, 3, act_disk_full},
    {"pause", 2, 6, act_pause},
    {"a flood while a follower sleeps", 8, 0, act_flood},
    {"the clock jumps", 2, 4, act_clock},
    {"one way is cut", 2, 8, act_cut},
    {"the weather changes", 2, 10, act_weather},
    {"nonsense arrives", 2, 6, act_nonsense},
    {"a backup is made", 2, 12, act_backup},
    {"an older backup is put in place", 2, 6, act_restore},
    {"all services are backed up", 2, 8, act_backup_all},
    {"all services are put back", 3, 3, act_put_back_all},
};
enum { FAULTS = sizeof faults / sizeof *faults };

/* --- the plan --- */

static void fire(void *arg)
{
    struct entry *e = arg;
    uint64_t random = e->random;
    if (e->sim->calm)
        return;
    sim_trace(e->sim, "[%u] %s", e->number, e->fault ? e->fault->name : e->ask->name);
    if (e->fault)
        e->fault->act(e->sim, e, &random);
    else
        ask_begin(e->sim, e->ask->fill, random);
}

static void add(struct sim *sim, uint64_t *random, const struct fault_kind *fault, const struct ask_kind *ask)
{
    struct plan *p = sim->plan;
    unsigned number = (unsigned)p->n;
    p->entries = realloc(p->entries, (p->n + 1) * sizeof *p->entries);
    assert(p->entries);
    p->entries[p->n++] = (struct entry){
        .sim = sim,
        .number = number,
        .at_us = world_now(sim->world) +
                 (int64_t)sim_below(random, (uint64_t)(sim->end_us - world_now(sim->world))),
        .random = sim_mix(sim->options.seed, number + 1000),
        .fault = fault,
        .ask = ask,
    };
}

static unsigned weight_of(const struct ask_area *area)
{
    unsigned sum = 0;
    for (size_t i = 0; i < area->n; i++)
        sum += area->kinds[i].weight;
    return sum;
}

static const struct ask_kind *kind_drawn(const struct ask_area *area, uint64_t *random)
{
    unsigned at = (unsigned)sim_below(random, weight_of(area));
    size_t i = 0;
    for (; at >= area->kinds[i].weight; i++)
        at -= area->kinds[i].weight;
    return &area->kinds[i];
}

/* Every second one of the favourite, the others of any. */
static const struct ask_kind *ask_drawn(const struct ask_area *favourite, uint64_t *random)
{
    size_t n;
    const struct ask_area *areas = ask_areas(&n);
    if (favourite && sim_below(random, 2))
        return kind_drawn(favourite, random);
    unsigned total = 0;
    for (size_t i = 0; i < n; i++)
        total += weight_of(&areas[i]);
    unsigned at = (unsigned)sim_below(random, total);
    for (; at >= weight_of(areas); areas++)
        at -= weight_of(areas);
    return kind_drawn(areas, random);
}

/* One seed in four has none. */
static const struct ask_area *favourite_of(struct sim *sim, uint64_t *random)
{
    size_t n;
    const struct ask_area *areas = ask_areas(&n);
    uint64_t i = sim_below(random, n + n / 3);
    return sim->options.favourite ? sim->options.favourite : i < n ? &areas[i] : NULL;
}

/* Swarm testing (Groce et al., ISSTA 2012): each seed has only some kinds of faults, so that none hides
 * another, and much of one area of what is asked, so that what belongs together meets. */
void plan_make(struct sim *sim)
{
    uint64_t random = sim_mix(sim->options.seed, 77);
    sim->plan = calloc(1, sizeof *sim->plan);
    assert(sim->plan);
    sim->end_us = world_now(sim->world) + (int64_t)sim->options.minutes * 60 * SIM_SECOND;
    const struct ask_area *favourite = favourite_of(sim, &random);
    uint64_t asks = (20 + sim_below(&random, 100)) * sim->options.minutes / 10;
    for (uint64_t i = 0; i < asks; i++)
        add(sim, &random, NULL, ask_drawn(favourite, &random));
    for (size_t k = 0; k < FAULTS; k++) {
        uint64_t times = sim_below(&random, faults[k].one_in) == 0
                             ? 1 + sim_below(&random, faults[k].most * sim->options.minutes / 10 + 1)
                             : 0;
        for (uint64_t i = 0; i < times; i++)
            add(sim, &random, &faults[k], NULL);
    }
    for (size_t i = 0; i < sim->plan->n; i++)
        if (i >= sim->options.n_skipped || !sim->options.skipped[i])
            world_at(sim->world, sim->plan->entries[i].at_us, fire, &sim->plan->entries[i]);
}

size_t plan_size(const struct sim *sim)
{
    return sim->plan->n;
}

void plan_heal(struct sim *sim)
{
    sim->calm = true;
    custody_punctual_in(sim, CALM_DOWN_US);
    world_weather(sim->world, &(struct weather){.delay_max_us = 2000});
    for (int i = 0; i < SERVICES; i++) {
        struct process *p = &sim->processes[i];
        p->die_in = p->fail_in = 0;
        p->fail_after_commit = p->fail_query = p->disk_full = false;
        if (host_paused(p->host))
            host_pause(p->host, world_now(sim->world));
    }
}
