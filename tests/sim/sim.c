/* A seed from its beginning to its end. */
#include "sim/sim.h"

#include <assert.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"

enum { QUEUE_MAX = 20000 };
static const int64_t START_US =
    INT64_C(1772445600) * SIM_SECOND; /* Monday, 2026-03-02 10:00 UTC: people are at work */

/* The one of this process, for what the log and signals have to say. */
static struct sim *running;

void sim_wrong(struct sim *sim, const char *format, ...)
{
    char text[1000];
    va_list args;
    int n = snprintf(text, sizeof text,
                     "%.3f s: ", (double)(sim->world ? world_now(sim->world) - sim->start_us : 0) / 1e6);
    va_start(args, format);
    vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    va_end(args);
    /* Nobody is left to be told that the report cannot be written. */
    (void)!write(sim->options.report_fd, text, strlen(text));
    _exit(1);
}

void sim_trace(const struct sim *sim, const char *format, ...)
{
    va_list args;
    if (!sim->options.trace)
        return;
    fprintf(stderr, "%10.4f  ", (double)(world_now(sim->world) - sim->start_us) / 1e6);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

struct process *sim_process_of(struct sim *sim, const struct host *h)
{
    for (int i = 0; i < SERVICES; i++)
        if (sim->processes[i].host == h)
            return &sim->processes[i];
    return NULL;
}

/* --- what the services say of themselves --- */

static void on_line(const char *level, const char *area, const char *text)
{
    struct host *h = running->world ? host_running(running->world) : NULL;
    struct process *p = h ? sim_process_of(running, h) : NULL;
    if (p)
        snprintf(p->last_line, sizeof p->last_line, "%s", text);
    sim_trace(running, "%s %s %s: %s", h ? host_name(h) : "-", level, area, text);
}

static void on_fatal(void)
{
    struct host *h = host_running(running->world);
    if (running->looking || !h)
        sim_wrong(running, "damage: an oracle could not read a store");
    host_die(h);
}

/* A bug is an assert; this is how it gets into the report. */
void __assert_fail(const char *expression, const char *file, unsigned line, const char *function)
{
    struct host *h = running && running->world ? host_running(running->world) : NULL;
    sim_wrong(running, "assert: %s in %s, %s:%u, in %s", expression, function, file, line,
              h ? host_name(h) : "an oracle");
}

static void on_signal(int signal)
{
    char text[100];
    struct host *h = running->world ? host_running(running->world) : NULL;
    snprintf(text, sizeof text, "signal %d in %s", signal, h ? host_name(h) : "an oracle");
    (void)!write(running->options.report_fd, text, strlen(text));
    _exit(1);
}

/* --- oracles that need nothing but the world --- */

static void on_call(void *arg, struct host *h)
{
    struct process *p = sim_process_of(arg, h);
    if (p && p->die_in > 0 && --p->die_in == 0)
        host_die(h);
}

/* Promise 1: nothing leaves while what it speaks of is not committed. */
static void on_send(void *arg, struct host *from, struct host *to, struct bytes envelope, struct bytes body)
{
    struct sim *sim = arg;
    struct process *p = sim_process_of(sim, from);
    if (p && p->writing)
        sim_wrong(sim, "early: %s sends before it has committed", p->def->name);
    if (p && sim_process_of(sim, to))
        credit_look(sim, p, sim_process_of(sim, to), envelope, body);
}

/* Nothing piles up. */
static void queues_bounded(struct sim *sim)
{
    for (int i = 0; i < SERVICES; i++)
        if (host_queue(sim->processes[i].host) > QUEUE_MAX)
            sim_wrong(sim, "bounds: %zu messages wait for %s", host_queue(sim->processes[i].host),
                      sim->processes[i].def->name);
}

static void on_round(void *arg, struct host *h, bool alive)
{
    struct sim *sim = arg;
    struct process *p = sim_process_of(sim, h);
    if (p && !alive)
        process_died(p);
    else if (p)
        ledger_look(&sim->ledgers[p->number]);
}

static void on_wrong(void *arg, const char *what)
{
    sim_wrong(arg, "%s", what);
}

/* --- the seed --- */

void sim_until(struct sim *sim, int64_t until_us)
{
    while (world_step(sim->world, until_us)) {
        sim->options.stats->steps++;
        if (sim->options.stats->steps % 16 == 0)
            queues_bounded(sim);
    }
}

static void set_up(struct sim *sim)
{
    hash_text(sim->boot.admin_hash, "admin");
    hash_text(sim->boot.setup_hash, "setup");
    sim->memory = arena_new(SIZE_MAX / 2);
    struct sim_hooks hooks = {on_call, on_send, on_round, on_wrong, sim, provider_call};
    sim->start_us = START_US;
    sim->world = world_new(sim->options.seed, START_US, &hooks);
    world_weather(sim->world, &(struct weather){.delay_max_us = 2000});
    for (int i = 0; i < SERVICES; i++) {
        process_init(&sim->processes[i], sim, i);
        ledger_init(&sim->ledgers[i], &sim->processes[i]);
    }
    for (int i = 0; i < SERVICES; i++)
        process_start(&sim->processes[i]);
    asks_init(sim);
    sim_until(sim, world_now(sim->world) + SIM_SECOND);
    company_set_up(sim);
}

/* When nothing goes wrong any more, everything that was begun ends, in bounded time. */
static void settle(struct sim *sim)
{
    plan_heal(sim);
    sim_until(sim, world_now(sim->world) + HEAL_SECONDS / 2 * SIM_SECOND);
    rollups_in_memory(sim);
    /* Once more, with nobody there who would wake them. */
    for (int i = 0; i < SERVICES; i++)
        process_stop(&sim->processes[i], SIM_SECOND / 2);
    custody_punctual_in(sim, 5 * SIM_SECOND);
    sim_until(sim, world_now(sim->world) + HEAL_SECONDS / 2 * SIM_SECOND);
    for (int i = 0; i < SERVICES; i++) {
        if (!sim->processes[i].service)
            sim_wrong(sim, "settled: %s does not run", sim->processes[i].def->name);
        ledger_whole(&sim->ledgers[i]);
    }
    effects_settled(sim);
    copies_settled(sim);
    reminders_settled(sim);
    estimates_settled(sim);
    plans_settled(sim);
    fields_settled(sim);
    approvals_settled(sim);
    rollups_settled(sim);
    measures_settled(sim);
    demand_settled(sim);
    adoption_settled(sim);
    custody_settled(sim);
    unseen_settled(sim);
    placement_settled(sim);
    outcomes_settled(sim);
    agreed_settled(sim);
    rows_settled(sim);
    quality_settled(sim);
    files_settled(sim);
    collateral_settled(sim);
    merges_settled(sim);
    erased_settled(sim);
    quiet_settled(sim);
    provider_settled(sim);
    asks_settled(sim);
}

void sim_run(const struct sim_options *o)
{
    struct sim *sim = calloc(1, sizeof *sim);
    assert(sim);
    running = sim;
    sim->options = *o;
    log_divert(on_line, on_fatal);
    static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        signal(deadly[i], on_signal);
    set_up(sim);
    plan_make(sim);
    o->stats->plan_size = plan_size(sim);
    sim_until(sim, sim->end_us);
    settle(sim);
    o->stats->simulated_us = (uint64_t)(world_now(sim->world) - sim->start_us);
}
