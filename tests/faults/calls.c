/* The n-th system call of a kind fails, for n = 1, 2, 3 and so on: the service goes on as if nothing was, or
   it ends by its own will; started again, it has everything that was acknowledged, once. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "shim.h"

enum {
    LEADS_A_RUN = 4,
    LEADS_MAX = 400,
    SAMPLE = 4,
    PATIENCE_US = 30000000,
    TURN_US = 1000,
    SAY_EVERY = 100
};

/* What fails, and with what. */
static const struct fault {
    const char *name;
    enum shim_kind kind;
    int error; /* 0: half is written */
} faults[] = {
    {"write EIO", SHIM_WRITE, EIO},     {"write ENOSPC", SHIM_WRITE, ENOSPC},
    {"write half", SHIM_WRITE, 0},      {"sync EIO", SHIM_SYNC, EIO},
    {"sync ENOSPC", SHIM_SYNC, ENOSPC}, {"size ENOSPC", SHIM_SIZE, ENOSPC},
    {"open EMFILE", SHIM_OPEN, EMFILE}, {"map ENOMEM", SHIM_MAP, ENOMEM},
    {"no memory", SHIM_MEMORY, 0},
};
enum { N_FAULTS = sizeof faults / sizeof *faults };

struct calls {
    const struct fault_options *options;
    struct fleet fleet;
    struct intake intake;
    struct shim_order *order;
    char order_path[FAULT_PATH];
    uint64_t deployments, users, runs, ended, acknowledged;
};

static void order_open(struct calls *c)
{
    snprintf(c->order_path, sizeof c->order_path, "%s/order", c->options->scratch);
    int fd = open(c->order_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *c->order) != 0)
        drive_die("cannot make %s", c->order_path);
    c->order = mmap(NULL, sizeof *c->order, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (c->order == MAP_FAILED)
        drive_die("no memory");
}

static void start_with_fault(struct calls *c, struct fleet *f, enum fleet_service s,
                             const struct fault *fault, uint64_t nth)
{
    *c->order = (struct shim_order){.kind = fault->kind, .error = fault->error, .nth = nth};
    fleet_start_with_shim(f, s, &(struct fleet_shim){c->options->shim, c->order_path, NULL});
}

/* Ending by itself is right, whatever failed; by a signal only where memory was refused, as a last resort. */
static void judge(const struct calls *c, enum fleet_service s, const struct fault *fault, uint64_t nth,
                  int status, bool asked)
{
    bool good = WIFEXITED(status) && (WEXITSTATUS(status) != 0 || asked);
    /* asked before it had begun to listen for that */
    if (asked && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)
        good = true;
    if (fault->kind == SHIM_MEMORY && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
        good = true;
    if (!good)
        drive_die("%s, call %" PRIu64 " of %s: it ended with status %d; see %s", fleet_name(s), nth,
                  fault->name, status, c->options->scratch);
}

/* Asks it to end, which it does however it likes. */
static int end_of(struct fleet *f, enum fleet_service s, const struct fault *fault, uint64_t nth)
{
    int status = 0;
    (void)kill(f->pids[s], SIGTERM); /* gone already is as good */
    for (int64_t end = drive_now_us() + PATIENCE_US; !fleet_ended(f, s, &status); drive_wait_ms(1))
        if (drive_now_us() > end)
            drive_die("%s, call %" PRIu64 " of %s: it does not end", fleet_name(s), nth, fault->name);
    return status;
}

/* --- a service that runs and has work --- */

static void deployment_open(struct calls *c)
{
    char name[32];
    snprintf(name, sizeof name, "calls-%" PRIu64, ++c->deployments);
    fleet_init(&c->fleet, c->options, name);
    fleet_start_all(&c->fleet);
    intake_open(&c->intake, &c->fleet);
    c->users = 0;
}

static void deployment_close(struct calls *c)
{
    ask_settle(&c->intake);
    fleet_stop_all(&c->fleet);
    check_stores(&c->intake, c->fleet.data);
    c->acknowledged += c->intake.acknowledged;
    intake_close(&c->intake);
    fault_remove(c->fleet.data);
    (void)unlink(c->fleet.log); /* nothing in it matters any more */
}

/* True: the work is done; false: the service has ended. */
static bool work(struct calls *c, enum fleet_service s, const struct fault *fault, uint64_t nth, int *status)
{
    intake_add(&c->intake, LEADS_A_RUN);
    bool user = false;
    for (int64_t end = drive_now_us() + PATIENCE_US; drive_now_us() < end;) {
        user = user || ask_user(&c->intake, c->users, 0);
        (void)intake_run(&c->intake, TURN_US, intake_all_answered); /* asked again below */
        if (user && intake_all_answered(&c->intake) && ask_caught_up(&c->intake, s))
            return true;
        if (fleet_ended(&c->fleet, s, status))
            return false;
    }
    drive_die("%s, call %" PRIu64 " of %s: it hangs; see %s", fleet_name(s), nth, fault->name,
              c->options->scratch);
}

/* True: the call was reached. */
static bool run_with(struct calls *c, enum fleet_service s, const struct fault *fault, uint64_t nth)
{
    int status;
    if (c->intake.n > LEADS_MAX) { /* else checking takes ever longer */
        deployment_close(c);
        deployment_open(c);
    }
    fleet_stop(&c->fleet, s);
    start_with_fault(c, &c->fleet, s, fault, nth);
    c->users++;
    bool went_on = work(c, s, fault, nth, &status);
    if (went_on)
        status = end_of(&c->fleet, s, fault, nth);
    judge(c, s, fault, nth, status, went_on);
    c->ended += !went_on;
    bool reached = c->order->failed > 0;
    fleet_start(&c->fleet, s);
    if (!ask_user(&c->intake, c->users, PATIENCE_US) || !ask_status(&c->intake, s, PATIENCE_US))
        drive_die("%s, call %" PRIu64 " of %s: no answer afterwards", fleet_name(s), nth, fault->name);
    intake_finish(&c->intake);
    check_leads(&c->intake, c->fleet.data);
    if (!fleet_verify(&c->fleet))
        drive_die("%s, call %" PRIu64 " of %s: verify finds something; see %s", fleet_name(s), nth,
                  fault->name, c->fleet.log);
    c->runs++;
    return reached;
}

/* --- a service that starts for the first time --- */

static bool has_bound(const struct fleet *f, enum fleet_service s)
{
    char path[FAULT_PATH];
    snprintf(path, sizeof path, "%s/run/%s.sock", f->data, fleet_name(s));
    return access(path, F_OK) == 0;
}

/* True: it runs; false: it has ended. */
static bool comes_up(struct fleet *f, enum fleet_service s, int *status)
{
    for (int64_t end = drive_now_us() + PATIENCE_US; !has_bound(f, s); drive_wait_ms(1)) {
        if (fleet_ended(f, s, status))
            return false;
        if (drive_now_us() > end)
            drive_die("%s does not come up; see %s", fleet_name(s), f->log);
    }
    return true;
}

static void unbind(const struct fleet *f, enum fleet_service s)
{
    char path[FAULT_PATH];
    snprintf(path, sizeof path, "%s/run/%s.sock", f->data, fleet_name(s));
    (void)unlink(path); /* it need not have got so far */
}

static bool first_start_with(struct calls *c, enum fleet_service s, const struct fault *fault, uint64_t nth)
{
    struct fleet f;
    char name[64];
    int status = 0;
    snprintf(name, sizeof name, "new-%s-%zu-%" PRIu64, fleet_name(s), (size_t)(fault - faults), nth);
    fleet_init(&f, c->options, name);
    start_with_fault(c, &f, s, fault, nth);
    bool went_on = comes_up(&f, s, &status);
    if (went_on)
        status = end_of(&f, s, fault, nth);
    judge(c, s, fault, nth, status, went_on);
    c->ended += !went_on;
    unbind(&f, s);
    fleet_start(&f, s);
    if (!comes_up(&f, s, &status))
        drive_die("%s, call %" PRIu64 " of %s at the first start: it cannot be started any more; see %s",
                  fleet_name(s), nth, fault->name, f.log);
    fleet_stop(&f, s);
    if (!fleet_verify(&f))
        drive_die("%s, call %" PRIu64 " of %s at the first start: verify finds something; see %s",
                  fleet_name(s), nth, fault->name, f.log);
    c->runs++;
    fault_remove(f.data);
    (void)unlink(f.log); /* nothing in it matters any more */
    return c->order->failed > 0;
}

/* --- all n --- */

typedef bool run_fn(struct calls *c, enum fleet_service s, const struct fault *fault, uint64_t nth);

static void all_calls(struct calls *c, run_fn *run, enum fleet_service s, const struct fault *fault)
{
    for (uint64_t nth = 1; run(c, s, fault, nth); nth++)
        if (nth % SAY_EVERY == 0)
            fault_say("calls: %s, %s: %" PRIu64, fleet_name(s), fault->name, nth);
}

/* The run in which nothing fails tells how many there are; of as many equal parts of them, one each; the
   very first in any case. */
static void some_calls(struct calls *c, run_fn *run, enum fleet_service s, const struct fault *fault,
                       uint64_t *seed)
{
    (void)run(c, s, fault, 0); /* not reached */
    uint64_t n = c->order->calls, parts = n < SAMPLE ? n : SAMPLE;
    for (uint64_t i = 0; i < parts; i++) {
        uint64_t from = n * i / parts, to = n * (i + 1) / parts;
        uint64_t nth = i ? 1 + from + fault_draw(seed, to - from) : 1;
        (void)run(c, s, fault, nth); /* the next run may make fewer calls: then none fails */
    }
}

static void calls_of(struct calls *c, enum fleet_service s, const struct fault *fault, uint64_t *seed)
{
    static run_fn *const ways[] = {first_start_with, run_with};
    uint64_t runs = c->runs, ended = c->ended;
    char name[64];
    snprintf(name, sizeof name, "%s, %s", fleet_name(s), fault->name);
    if (!strstr(name, c->options->only))
        return;
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        if (c->options->is_long)
            all_calls(c, ways[w], s, fault);
        else
            some_calls(c, ways[w], s, fault, seed);
    fault_say("calls: %s: %" PRIu64 " runs, in %" PRIu64 " of them it ended", name, c->runs - runs,
              c->ended - ended);
}

int fault_calls(const struct fault_options *o)
{
    struct calls *c = calloc(1, sizeof *c);
    uint64_t seed = o->seed;
    c->options = o;
    order_open(c);
    deployment_open(c);
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        for (size_t i = 0; i < N_FAULTS; i++)
            calls_of(c, s, &faults[i], &seed);
    deployment_close(c);
    fault_say("calls: %" PRIu64 " runs, seed %" PRIu64 ", %" PRIu64
              " leads acknowledged; verify good after each",
              c->runs, o->seed, c->acknowledged);
    free(c);
    return 0;
}
