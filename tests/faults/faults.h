/* What the fault tests share: a few real services, leads that arrive all the while, and the check that
   nothing of what was acknowledged is lost or doubled. A test that finds something says what and ends with 4.
 */
#ifndef BATON_TESTS_FAULTS_H
#define BATON_TESTS_FAULTS_H

#include "tests/drive/drive.h"

enum { FAULT_SCRATCH = 1024, FAULT_DATA = 2048, FAULT_PATH = 4096, FAULT_SKIPPED = 77 };

struct fault_options {
    const char *programs; /* folder of the baton-SERVICE programs */
    const char *shim;     /* the library of shim.c */
    char scratch[FAULT_SCRATCH];
    bool is_long;
    uint64_t seed;
    uint64_t rounds;  /* 0: as the form says */
    const char *only; /* in the name of what is tried, "leads, write half" */
};
/* Returns the exit status; what it found wrong it said itself. */
typedef int fault_fn(const struct fault_options *o);
fault_fn fault_kill, fault_calls, fault_disk, fault_prefix, fault_stop, fault_second, fault_streams;

/* --- main.c --- */

/* The next of a seeded row of numbers, below `below`. */
uint64_t fault_draw(uint64_t *seed, uint64_t below);
/* A line about how far it is, written at once. */
void fault_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A folder and all that is in it. */
void fault_remove(const char *path);

/* --- fleet.c --- */

enum fleet_service { FLEET_DIRECTORY, FLEET_LEADS, FLEET_NOTIFICATIONS, FLEET_SERVICES };

struct fleet {
    const char *programs;
    char data[FAULT_DATA], log[FAULT_DATA];
    uint64_t quota[FLEET_SERVICES];
    pid_t pids[FLEET_SERVICES]; /* 0: not running */
};
const char *fleet_name(enum fleet_service s);
void fleet_init(struct fleet *f, const struct fault_options *o, const char *name);
/* The data in another folder than the log. */
void fleet_init_in(struct fleet *f, const struct fault_options *o, const char *name, const char *folder);
void fleet_start(struct fleet *f, enum fleet_service s);
void fleet_start_all(struct fleet *f);
/* With the library of shim.c; `order` and `record` are files, NULL: none. */
struct fleet_shim {
    const char *library, *order, *record;
};
void fleet_start_with_shim(struct fleet *f, enum fleet_service s, const struct fleet_shim *shim);
/* Each must end with 0. */
void fleet_stop(struct fleet *f, enum fleet_service s);
void fleet_stop_all(struct fleet *f);
/* A service that is not running is left alone. */
void fleet_kill(struct fleet *f, enum fleet_service s);
/* True: it has ended by itself; `status` is waitpid's. */
bool fleet_ended(struct fleet *f, enum fleet_service s, int *status);
/* All are running, else it is over. */
void fleet_alive(struct fleet *f);
/* `baton verify`. False: it found something, which is in the log. */
bool fleet_verify(const struct fleet *f);

/* --- intake.c --- */

enum intake_state { INTAKE_WAITING, INTAKE_OUT, INTAKE_ACKNOWLEDGED };

/* One CaptureLead, asked until it is answered. */
struct intake_call {
    struct ident_source ids; /* gives its request id, so that the request can be made again */
    uint8_t lead[IDENT_SIZE];
    uint8_t reply[8]; /* of the reply's hash */
    enum intake_state state;
    bool again; /* on its way once more, though it has its answer */
};

struct intake {
    struct bus bus;
    struct company company;
    Baton__Actor actor;
    struct arena *arena;
    struct ident_source ids;
    struct intake_call *calls;
    size_t n, room;
    size_t *queue; /* calls that wait to be sent, first in, first out */
    size_t queue_first, queue_end, queue_room;
    unsigned out;
    uint32_t timeout_ms; /* of a call */
    int64_t held_until_us;
    uint64_t acknowledged, repeated,
        unanswered;   /* answered first; answered again alike; no answer, or "try again" */
    uint64_t refused; /* of the last: those in which the service itself said so */
    char refusal[304];
    void (*on_acknowledged)(void *arg, const struct intake_call *c);
    void *arg;
};
/* Needs the fleet running; makes the company in a new data folder. */
void intake_open(struct intake *l, const struct fleet *f);
void intake_close(struct intake *l);
/* So many new leads. */
void intake_add(struct intake *l, size_t n);
/* Asks again what has its answer; the second must be the same, else it is over. */
void intake_repeat(struct intake *l, size_t call);

/* True once it need not run on. */
typedef bool intake_done_fn(struct intake *l);
/* Sends and takes answers until `done` (NULL: never) or the time is over; returns what `done` said last. */
bool intake_run(struct intake *l, int64_t for_us, intake_done_fn *done);
/* Every call has its answer. */
intake_done_fn intake_all_answered;
/* Runs until then; over if it takes longer than a minute. */
void intake_finish(struct intake *l);

/* --- ask.c: single questions, while leads go on arriving --- */

/* Asks until it is answered or the time is over; at least once. NULL: no answer. In the intake's bus.arena.
 */
void *ask(struct intake *l, enum fleet_service s, const char *method, const Baton__Actor *actor,
          const ProtobufCMessage *request, const ProtobufCMessageDescriptor *response, int64_t within_us);
/* How the service is; NULL: no answer. */
const Baton__ServiceStatus *ask_status(struct intake *l, enum fleet_service s, int64_t within_us);
/* Makes a user, always by the same request for the same number. False: no answer. */
bool ask_user(struct intake *l, uint64_t number, int64_t within_us);
/* The service answers, and has all there is of those it follows. */
bool ask_caught_up(struct intake *l, enum fleet_service follower);
/* Every lead has its answer and every follower all there is. Runs the loop a little meanwhile. */
bool ask_settled(struct intake *l);
/* Until that is so; over if it takes longer than a minute. */
void ask_settle(struct intake *l);

/* --- check.c --- */

/* Of stores that nobody writes to just now: every acknowledged lead is there once, and only what was asked
   for; every assignment was notified once. Ends the test if not. */
void check_stores(const struct intake *l, const char *data);
/* The same where followers need not have caught up yet: what they have is right so far. */
void check_leads(const struct intake *l, const char *data);

#endif
