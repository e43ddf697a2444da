/* What the benches share. A bench that cannot go on says why and ends with 4. */
#ifndef BATON_TESTS_BENCH_H
#define BATON_TESTS_BENCH_H

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

void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* A row for tests/bench/run: `peer` 0 where it comes from elsewhere. */
void bench_row(const char *name, double ours, const char *unit, double peer);
/* Something a reader of the table should know. */
void bench_remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

int64_t bench_now_us(void); /* since some moment; never goes backwards */
void bench_wait_ms(int ms);
/* A small file's text in the arena, without its last newline; NULL: there is none. */
char *bench_read(struct arena *a, const char *dir, const char *name);

/* Starts a program; what it says goes to `log`. */
pid_t bench_spawn(const char *const *arguments, const char *log);
/* Waits until it has ended by itself; its status. */
int bench_wait(pid_t pid);
/* Asks it to end and waits until it has. */
void bench_end(pid_t pid);
/* Processor time the process has used. */
int64_t bench_cpu_us(pid_t pid);

/* The value of --NAME in the arguments, or `usual`. */
const char *bench_option(int argc, char **argv, const char *name, const char *usual);

/* --- samples.c --- */

struct samples {
    int64_t *us;
    size_t n, room;
};
void samples_add(struct samples *s, int64_t us);
/* Sorts them; `part` 0.5 is the median. In milliseconds. */
double samples_ms(struct samples *s, double part);
void samples_release(struct samples *s);
/* `n` times two writes, each followed by fdatasync, of a small file in `dir`. */
void samples_two_syncs(struct samples *s, const char *dir, unsigned n);

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

/* --- deployment.c --- */

struct deployment {
    pid_t pid;
    char url[128], token[128];
};
/* `baton up` on any free port, once every service is ready. */
struct deployment deployment_up(const char *programs, const char *data_dir);

/* --- verify.c --- */

/* Records a second that `baton verify` proves. */
double verify_run(const char *programs, const char *data);

/* --- http.c --- */

struct http;
struct line;
/* `body` lives until it returns. */
typedef void http_reply_fn(void *arg, struct line *line, unsigned status, struct bytes body);
/* Bytes of a stream as they come, after its head. */
typedef void http_data_fn(void *arg, struct bytes data);

struct http *http_new(const char *url);
void http_free(struct http *h);
struct line *http_line(struct http *h);
/* Sends a POST of JSON on a line that waits for nothing. */
void http_post(struct line *l, const char *path, const char *token, const char *json, http_reply_fn *reply,
               void *arg);
/* When the line's last request went out. */
int64_t http_posted_us(const struct line *l);
void http_stream(struct line *l, const char *path, const char *token, http_data_fn *data, void *arg);
/* Handles what comes within so many milliseconds. */
void http_wait(struct http *h, int ms);
const char *http_address(const struct http *h);

/* --- ceiling.c --- */

/* How many leads a second go through the bare store: what the stores of `data_dir` hold of each lead is
   written again in the order in which it came, into two stores in `scratch`, so many leads in a commit. */
double ceiling_run(const char *data_dir, const char *scratch, double leads_a_commit,
                   double notifications_a_commit);

#endif
