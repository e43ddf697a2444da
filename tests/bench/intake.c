/* intake, intake-ceiling and verify: durable leads a second over the bus, routed and their notifications
   written; and what proving them takes. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "bus/zloop.h"

enum {
    LEAD_ARENA_MAX = 1 << 20,
    SERVICES = 3,
    VERIFY_PEER = 100000 /* records a second, what we hold ourselves to */
};

static const char *const services[SERVICES] = {"directory", "leads", "notifications"};

struct intake {
    struct bus bus;
    struct company company;
    Baton__Actor actor;
    pid_t pids[SERVICES];
    struct arena *arena;
    struct ident_source ids;
    int64_t end_us;
    uint64_t leads; /* so far: no two are of one customer */
    uint64_t sent, answered, refused;
    struct refusal first_no;
};

static void send_one(struct intake *in);

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct intake *in = arg;
    in->answered++;
    if (no && in->refused++ == 0)
        in->first_no = *no;
    if (drive_now_us() < in->end_us)
        send_one(in);
    else if (in->answered == in->sent)
        zloop_stop(in->bus.world);
}

static void send_one(struct intake *in)
{
    struct refusal no = {0};
    arena_reset(in->arena);
    const struct call call = {.service = "leads",
                              .method = "LeadService/CaptureLead",
                              .actor = &in->actor,
                              .body = company_lead(in->arena, &in->ids, in->leads++)};
    if (!client_call(in->bus.client, &call, on_reply, in, &no))
        drive_die("a lead could not be sent: %s", no.message);
    in->sent++;
}

static void start_services(struct intake *in, const char *programs, const char *data)
{
    char program[4096], log[4096];
    (void)mkdir(data, 0700); /* if it is there, the services say whether it will do */
    for (size_t i = 0; i < SERVICES; i++) {
        snprintf(program, sizeof program, "%s/baton-%s", programs, services[i]);
        snprintf(log, sizeof log, "%s/%s.log", data, services[i]);
        in->pids[i] = drive_spawn((const char *[]){program, "--data", data, NULL}, log);
    }
}

/* A command to run beside the timed part, like a profiler; it finds the processes in its environment. */
static pid_t start_beside(const struct intake *in, const char *command)
{
    char name[64], value[32];
    if (!*command)
        return 0;
    for (size_t i = 0; i < SERVICES; i++) {
        snprintf(name, sizeof name, "BENCH_PID_%s", services[i]);
        snprintf(value, sizeof value, "%d", (int)in->pids[i]);
        setenv(name, value, 1);
    }
    return drive_spawn((const char *[]){"/bin/sh", "-c", command, NULL}, "/dev/null");
}

/* What a service had done and used at a moment. */
struct reading {
    int64_t at_us, cpu_us, commit_us;
    uint64_t commits, resident_bytes;
};

static struct reading take_reading(struct intake *in, size_t i)
{
    const Baton__ServiceStatus *s = bus_status(&in->bus, services[i]);
    return (struct reading){.at_us = drive_now_us(),
                            .cpu_us = drive_cpu_us(in->pids[i]),
                            .commits = s->commits,
                            .commit_us = (int64_t)s->commit_us,
                            .resident_bytes = s->resident_bytes};
}

static void send_for(struct intake *in, double seconds, unsigned outstanding)
{
    in->end_us = drive_now_us() + (int64_t)(seconds * 1e6);
    in->sent = in->answered = 0;
    for (unsigned i = 0; i < outstanding; i++)
        send_one(in);
    while (in->answered < in->sent)
        zloop_run(in->bus.world);
    if (in->refused)
        drive_die("%" PRIu64 " leads were refused: %s", in->refused, in->first_no.message);
}

/* Leads in a commit. */
static double say_of(const char *name, const struct reading *before, const struct reading *after, uint64_t n)
{
    double commits = (double)(after->commits - before->commits);
    double us = (double)(after->at_us - before->at_us);
    if (commits < 1)
        drive_die("%s has not committed anything", name);
    bench_remark("%s: %.0f leads a commit of %.2f ms, %.2f cores, %.0f MiB", name, (double)n / commits,
                 (double)(after->commit_us - before->commit_us) / commits / 1000.,
                 (double)(after->cpu_us - before->cpu_us) / us, (double)after->resident_bytes / (1 << 20));
    return (double)n / commits;
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    const char *programs = drive_option(argc, argv, "programs", NULL);
    double seconds = strtod(drive_option(argc, argv, "seconds", "10"), NULL);
    unsigned outstanding = (unsigned)strtoul(drive_option(argc, argv, "outstanding", "256"), NULL, 10);
    struct intake in = {.arena = arena_new(LEAD_ARENA_MAX)};
    start_services(&in, programs, data);
    in.bus = bus_open(data);
    company_build(&in.bus, &in.company);
    in.actor = company_actor(BATON__ROLE__ROLE_SERVICE, in.company.source);
    uint8_t random[10];
    in.bus.world->ops->random(in.bus.world, random, sizeof random);
    ident_source_advance(&in.ids, in.bus.world->ops->wall_us(in.bus.world), random);
    send_for(&in, 1, outstanding);
    bus_settle(&in.bus, "notifications", "leads");

    pid_t beside = start_beside(&in, drive_option(argc, argv, "beside", ""));
    struct reading before[SERVICES], after[SERVICES];
    double a_commit[SERVICES] = {0};
    for (size_t i = 1; i < SERVICES; i++)
        before[i] = take_reading(&in, i);
    int64_t own_us = drive_cpu_us(getpid()), begin_us = drive_now_us();
    send_for(&in, seconds, outstanding);
    int64_t answered_us = drive_now_us();
    bus_settle(&in.bus, "notifications", "leads");
    int64_t us = drive_now_us() - begin_us;
    if (beside)
        (void)waitpid(beside, NULL, 0); /* what became of it is its own matter */
    double rate = (double)in.answered / ((double)us / 1e6);
    bench_remark("intake: %" PRIu64
                 " leads in %.2f s, the last %.0f ms for notifications alone; the client took %.2f cores",
                 in.answered, (double)us / 1e6, (double)(begin_us + us - answered_us) / 1000.,
                 (double)(drive_cpu_us(getpid()) - own_us) / (double)us);
    for (size_t i = 1; i < SERVICES; i++) {
        after[i] = take_reading(&in, i);
        a_commit[i] = say_of(services[i], &before[i], &after[i], in.answered);
    }
    bench_row("intake", rate, "leads/s", 0);
    bus_close(&in.bus);
    for (size_t i = SERVICES; i-- > 0;)
        drive_end(in.pids[i]);
    if (*drive_option(argc, argv, "verify", ""))
        bench_row("verify", verify_run(programs, data), "records/s", VERIFY_PEER);
    const char *scratch = drive_option(argc, argv, "ceiling", "");
    if (*scratch)
        bench_row("intake-ceiling", rate, "leads/s", ceiling_run(data, scratch, a_commit[1], a_commit[2]));
    arena_free(in.arena);
    return 0;
}
