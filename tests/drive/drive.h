/* Driving real processes over the bus: what benches and fault tests share. Who cannot go on says why and ends
   with 4; whatever was started ends with it. */
#ifndef BATON_TESTS_DRIVE_H
#define BATON_TESTS_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/ident.h"
#include "baton/v1/common.pb-c.h"
#include "baton/v1/system.pb-c.h"
#include "bus/client.h"

/* --- process.c --- */

void drive_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

int64_t drive_now_us(void); /* since some moment; never goes backwards */
void drive_wait_ms(int ms);
/* A small file's text in the arena, without its last newline; NULL: there is none. */
char *drive_read(struct arena *a, const char *dir, const char *name);

/* Starts a program; what it says goes to `log`. It is killed when this process ends. */
pid_t drive_spawn(const char *const *arguments, const char *log);
/* Waits until it has ended by itself; its status. */
int drive_wait(pid_t pid);
/* Asks it to end and waits until it has. */
void drive_end(pid_t pid);
/* True: it has ended, and `status` is waitpid's. */
bool drive_ended(pid_t pid, int *status);
/* kill -9, and gone when this returns. */
void drive_kill(pid_t pid);
/* Processor time the process has used. */
int64_t drive_cpu_us(pid_t pid);

/* A figure of the process in KiB: `file` of /proc is "status" or "smaps_rollup", `name` like "VmRSS:". */
double drive_memory_kib(pid_t pid, const char *file, const char *name);
/* A port that nobody listens on just now. */
unsigned short drive_free_port(void);

/* The value of --NAME in the arguments, or `usual`. */
const char *drive_option(int argc, char **argv, const char *name, const char *usual);

/* --- bus.c --- */

struct bus {
    struct world *world;
    struct client *client;
    struct arena *arena;
};
/* Talks to the services of a data folder. */
struct bus bus_open(const char *data_dir);
void bus_close(struct bus *b);
/* Waits for the answer, which is in b->arena. Asks again while the service is not there. */
void *bus_call(struct bus *b, const char *service, const char *method, const Baton__Actor *actor,
               const ProtobufCMessage *request, const ProtobufCMessageDescriptor *response);
Baton__ServiceStatus *bus_status(struct bus *b, const char *service);
/* Until `follower` has everything that `service` has. */
void bus_settle(struct bus *b, const char *follower, const char *service);

/* --- company.c --- */

enum { COMPANY_REPS = 35, COMPANY_RULES = 10 };

struct company {
    char reps[COMPANY_REPS][IDENT_TEXT_SIZE];
    char source[IDENT_TEXT_SIZE]; /* the program that brings in leads */
};
Baton__Actor company_actor(Baton__Role role, const char *user_id);
/* Somebody new, `name` for short; a phone of theirs; and a token with which they sign in, in b->arena. */
void company_user(struct bus *b, Baton__Role role, const char *name, char id[IDENT_TEXT_SIZE]);
void company_device(struct bus *b, const char *user_id);
char *company_token(struct bus *b, const char *user_id);
/* Representatives with a device each, in one pool that ten rules lead to. */
void company_build(struct bus *b, struct company *c);

/* Lead number `i`: CaptureLead's request, packed in the arena; and as JSON. */
struct bytes company_lead(struct arena *a, struct ident_source *ids, uint64_t i);
char *company_lead_json(struct arena *a, struct ident_source *ids, uint64_t i);
/* Stands in the lead's company, so that an event can be told: "Lot 000123 ". */
#define COMPANY_MARK "Lot "
enum { COMPANY_MARK_DIGITS = 8 };

/* --- ears.c --- */

enum { EARS_MARK_MAX = 32 };

/* Connections to a port of this machine that listen for a mark in what comes. */
struct ears;
struct ears *ears_new(unsigned short port);
void ears_free(struct ears *e);
/* One more, which says `hello`; its number. `receive_bytes` is how much the system may keep for it unread, 0:
   as usual. */
size_t ears_add(struct ears *e, struct bytes hello, int receive_bytes);
void ears_say(struct ears *e, size_t i, struct bytes what);
/* From now on it reads nothing; what has come for it is read by ears_read alone. */
void ears_cover(struct ears *e, size_t i);
/* Adds to `text` what comes until the mark `upto` is in it. False: the time is over, or the connection. */
bool ears_read(struct ears *e, size_t i, struct buffer *text, const char *upto, int for_ms);
/* From now on those from number `first` on listen for `mark`, whose bytes live until the next one. */
void ears_expect(struct ears *e, size_t first, struct bytes mark);
/* Until all of them have heard it, or the time is over; how many have. */
size_t ears_hear(struct ears *e, int for_ms);
bool ears_heard(const struct ears *e, size_t i);
/* When the latest of them heard it. */
int64_t ears_last_us(const struct ears *e);
/* What has come for all of them since ears_expect. */
size_t ears_bytes(const struct ears *e);

/* --- crowd.c --- */

enum { CROWD_SERVICES = 4, CROWD_GATEWAY = CROWD_SERVICES - 1, CROWD_TOKEN = 128 };

struct person {
    char id[IDENT_TEXT_SIZE], token[CROWD_TOKEN];
};

/* People with a device each; directory, notifications and gateway; and crier.c in the place of leads. */
struct crowd {
    size_t n;
    struct person *people;
    pid_t pids[CROWD_SERVICES];
    unsigned short port; /* the gateway's */
    struct bus bus;
    struct arena *arena;
};
void crowd_open(struct crowd *c, const char *programs, const char *data, size_t n);
void crowd_close(struct crowd *c);
/* Opens one more stream of a person; its number among the ears. */
size_t crowd_stream(const struct crowd *c, struct ears *e, size_t person, int receive_bytes);
/* One event that rings for everybody, with `mark` in its title. Returns when it is committed. */
void crowd_cry(struct crowd *c, const char *mark);

#endif
