/* A seeded world in one process: virtual time, hosts that live, pause and die, and a bus that loses, doubles,
   delays, reorders, garbles and cuts. The same seed gives the same history; what one message suffers depends
   on the seed and on how many went the same way before, not on what else happens. */
#ifndef BATON_SIM_WORLD_H
#define BATON_SIM_WORLD_H

#include "bus/world.h"

enum { SIM_HOSTS_MAX = 12 };
#define SIM_SECOND INT64_C(1000000)

/* splitmix64 (Steele, Lea, Flood 2014); any state is a seed. */
uint64_t sim_random(uint64_t *state);
uint64_t sim_below(uint64_t *state, uint64_t below);
/* One number from two, for streams that must not depend on each other. */
uint64_t sim_mix(uint64_t a, uint64_t b);

struct sim_world;
/* A process: its own clock, its own ports, its own random numbers. */
struct host;

/* What the bus does to a message: chances in a thousand. */
struct weather {
    unsigned lost, doubled, out_of_turn, garbled;
    int64_t delay_max_us;
};

struct sim_hooks {
    /* A host is about to send, or to ask for randomness: a moment to die at. */
    void (*call)(void *arg, struct host *h);
    /* It sends this. */
    void (*send)(void *arg, struct host *from, struct host *to, struct bytes envelope, struct bytes body);
    /* It has taken what had arrived and run its turns; false: it died on the way. */
    void (*round)(void *arg, struct host *h, bool alive);
    /* Something that must not be. Does not return. */
    void (*wrong)(void *arg, const char *what);
    void *arg;
    /* It begins an exchange with the outside: how that ends, and after which time. False: it is not begun.
       NULL: none ever is. */
    bool (*outside)(void *arg, struct host *h, const struct outbound_request *r,
                    struct outbound_result *result, int64_t *after_us);
};

struct sim_world *world_new(uint64_t seed, int64_t start_us, const struct sim_hooks *hooks);
/* Its hosts with it; what ran on them has ended before. */
void world_free(struct sim_world *w);
int64_t world_now(const struct sim_world *w);
/* Calls `fn` at that moment, outside of every host. */
void world_at(struct sim_world *w, int64_t at_us, void (*fn)(void *arg), void *arg);
/* Fires one event: one host takes what has arrived and runs its turns, or one call of world_at. False:
   nothing happens until then; it is then. */
bool world_step(struct sim_world *w, int64_t until_us);

void world_weather(struct sim_world *w, const struct weather *weather);
/* Messages from one to the other are lost without a word; the other way is another matter. */
void world_cut(struct sim_world *w, const struct host *from, const struct host *to, bool cut);

struct host *host_new(struct sim_world *w, const char *name);
const char *host_name(const struct host *h);
struct world *host_world(struct host *h);
/* Runs `fn` as this process. False: it died. */
bool host_run(struct host *h, void (*fn)(void *arg), void *arg);
/* Its loop goes round: what host_run left to do is done. */
void host_wake(struct host *h);
/* Inside host_run: the process ends here and now. */
void host_die(struct host *h) __attribute__((noreturn));
/* The host whose code is running; NULL: none. */
struct host *host_running(const struct sim_world *w);
/* What the end of a process leaves: no ports, nothing under way to it; whoever was connected hears of it. */
void host_clear(struct host *h);
/* What it has sent and nobody has taken yet is lost. */
void host_silence(struct host *h);
void host_pause(struct host *h, int64_t until_us);
/* Its clock goes wrong by this much, from now on. */
void host_clock(struct host *h, int64_t by_us);
/* The latest time its clock ever showed: a service's own time is never beyond it. */
int64_t host_latest_us(const struct host *h);
/* Messages that have arrived and were not taken yet. */
size_t host_queue(const struct host *h);
bool host_paused(const struct host *h);

#endif
