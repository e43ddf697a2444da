/* SIGSTOP: a service stands still for longer than anybody waits. The others go on and keep nothing for it;
   once it goes on, everything catches up. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/follow.h"
#include "faults.h"

enum { TIMEOUT_MS = 1000, STOPPED_US = 3000000, STOPPED_LONG_US = 20000000, LEADS_AT_ONCE = 64 };
/* So much is logged while the follower stands still that what was kept for it would show. */
enum { LEADS_BEFORE = 2000, LEADS_BEHIND = 10000 };
/* All who follow leads may be behind by their credit at times, and the allocator gives nothing back. */
enum { FOLLOWERS = 3 };
/* Beside the credit: what one message more and the allocator may take. */
/* INDEXED: of each lead, for what is found by typing and for who is the same customer. */
static const uint64_t SLACK_BYTES = 2 << 20, INDEXED_BYTES = 420;

/* Memory of its own: mapped pages of the store are the kernel's to take back. */
static uint64_t own_memory(const struct fleet *f, enum fleet_service s)
{
    char path[64], line[256];
    uint64_t kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)f->pids[s]);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kib = strtoull(line + 8, NULL, 10);
    if (file)
        (void)fclose(file); /* only read */
    if (!kib)
        drive_die("there is no RssAnon in %s", path);
    return kib << 10;
}

static void arrive(struct intake *l, uint64_t leads, int64_t within_us)
{
    uint64_t before = l->acknowledged;
    for (int64_t end = drive_now_us() + within_us;
         l->acknowledged < before + leads && drive_now_us() < end;) {
        if (intake_all_answered(l))
            intake_add(l, LEADS_AT_ONCE);
        (void)intake_run(l, end - drive_now_us(), intake_all_answered); /* the loop looks */
    }
}

/* With leads, so that nobody has an answer; else the leads go on. */
static void others_go_on(struct intake *l, enum fleet_service stopped, int64_t us)
{
    uint64_t acknowledged = l->acknowledged, unanswered = l->unanswered;
    arrive(l, UINT64_MAX / 2, us);
    if (stopped == FLEET_LEADS ? l->unanswered == unanswered : l->acknowledged == acknowledged)
        drive_die("%s stands still, and leads are %sanswered", fleet_name(stopped),
                  stopped == FLEET_LEADS ? "" : "not ");
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        if ((s == stopped) != !ask_status(l, s, s == stopped ? 0 : STOPPED_US))
            drive_die("%s stands still, and %s does %sanswer", fleet_name(stopped), fleet_name(s),
                      s == stopped ? "" : "not ");
}

static void stop_one(const struct fault_options *o, struct fleet *f, struct intake *l, enum fleet_service s)
{
    uint64_t unanswered = l->unanswered;
    (void)kill(f->pids[s], SIGSTOP); /* a process of ours that runs */
    others_go_on(l, s, o->is_long ? STOPPED_LONG_US : STOPPED_US);
    (void)kill(f->pids[s], SIGCONT); /* as above */
    intake_finish(l);
    ask_settle(l);
    fleet_alive(f);
    check_stores(l, f->data);
    fault_say("stop: %s stood still, %" PRIu64 " requests were asked again; %" PRIu64 " acknowledged by now",
              fleet_name(s), l->unanswered - unanswered, l->acknowledged);
}

/* A follower that stands still costs no more than its credit. */
static void stop_follower(struct fleet *f, struct intake *l)
{
    arrive(l, LEADS_BEFORE, INT64_MAX / 4);
    ask_settle(l);
    uint64_t before = own_memory(f, FLEET_LEADS);
    (void)kill(f->pids[FLEET_NOTIFICATIONS], SIGSTOP); /* a process of ours that runs */
    arrive(l, LEADS_BEHIND, INT64_MAX / 4);
    uint64_t after = own_memory(f, FLEET_LEADS);
    (void)kill(f->pids[FLEET_NOTIFICATIONS], SIGCONT); /* as above */
    fault_say("stop: %d leads behind a follower that stands still: %" PRIu64 " KiB before, %" PRIu64
              " KiB after; its credit is %d KiB",
              LEADS_BEHIND, before >> 10, after >> 10, FOLLOW_CREDIT_BYTES >> 10);
    if (after > before + FOLLOWERS * FOLLOW_CREDIT_BYTES + SLACK_BYTES + LEADS_BEHIND * INDEXED_BYTES)
        drive_die("a follower that stands still costs more memory than the credit of all who follow");
    intake_finish(l);
    ask_settle(l);
    check_stores(l, f->data);
}

int fault_stop(const struct fault_options *o)
{
    struct fleet f;
    struct intake l;
    fleet_init(&f, o, "stop");
    fleet_start_all(&f);
    intake_open(&l, &f);
    l.timeout_ms = TIMEOUT_MS;
    stop_follower(&f, &l);
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        stop_one(o, &f, &l, s);
    fleet_stop_all(&f);
    check_stores(&l, f.data);
    if (!fleet_verify(&f))
        drive_die("verify finds something; see %s", f.log);
    fault_say("stop: %" PRIu64 " leads acknowledged, nothing lost or doubled; verify good", l.acknowledged);
    intake_close(&l);
    return 0;
}
