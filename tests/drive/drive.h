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
/* Representatives with a device each, in one pool that ten rules lead to. */
void company_build(struct bus *b, struct company *c);
Baton__Actor company_actor(Baton__Role role, const char *user_id);

/* Lead number `i`: CaptureLead's request, packed in the arena; and as JSON. */
struct bytes company_lead(struct arena *a, struct ident_source *ids, uint64_t i);
char *company_lead_json(struct arena *a, struct ident_source *ids, uint64_t i);
/* Stands in the lead's company, so that an event can be told: "Lot 000123 ". */
#define COMPANY_MARK "Lot "
enum { COMPANY_MARK_DIGITS = 8 };

#endif
