/* The disk fills up: commands are refused while reads go on, and work goes on once there is room; also when
   all of it goes at once, so that a commit fails. On a small tmpfs and a small ext4, and by --quota. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"

enum { LEADS_AT_ONCE = 200, FLOODS = 3, FLOODS_LONG = 20, PATIENCE_US = 60000000 };
static const uint64_t DISK_BYTES = 96 << 20, BALLAST_BYTES = 24 << 20, SCRAP_BYTES = 4096;
static const uint64_t QUOTA_BYTES = 4 << 20, QUOTA_MORE_BYTES = 64 << 20;

struct disk {
    const struct fault_options *options;
    const char *name;
    char root[FAULT_SCRATCH + 32], ballast[FAULT_DATA];
    struct fleet fleet;
    struct intake intake;
    uint64_t refused, died;
};

/* --- file systems --- */

static bool run(const char *const *arguments, const char *log)
{
    int status;
    pid_t pid = drive_spawn(arguments, log);
    while (!drive_ended(pid, &status))
        drive_wait_ms(1);
    return status == 0;
}

static bool mount_tmpfs(const struct disk *d)
{
    char size[32];
    snprintf(size, sizeof size, "size=%" PRIu64, DISK_BYTES);
    return mount("none", d->root, "tmpfs", 0, size) == 0;
}

static bool mount_ext4(const struct disk *d)
{
    char image[FAULT_DATA], log[FAULT_DATA];
    snprintf(image, sizeof image, "%s.image", d->root);
    snprintf(log, sizeof log, "%s.log", d->root);
    int fd = open(image, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, (off_t)DISK_BYTES) != 0)
        drive_die("cannot make %s", image);
    close(fd);
    return run((const char *[]){"/sbin/mkfs.ext4", "-q", "-m", "0", image, NULL}, log) &&
           run((const char *[]){"/bin/mount", "-o", "loop", image, d->root, NULL}, log);
}

static const struct {
    const char *name;
    bool (*mount)(const struct disk *d);
} systems[] = {{"tmpfs", mount_tmpfs}, {"ext4", mount_ext4}};

/* Mounts of our own, gone with this process. */
static bool may_mount(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* --- space --- */

/* All that is left with UINT64_MAX. */
static void fill(const struct disk *d, uint64_t bytes)
{
    static const char block[1 << 16];
    int fd = open(d->ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        drive_die("cannot make %s", d->ballast);
    for (size_t size = sizeof block; bytes > 0 && size >= SCRAP_BYTES;) {
        ssize_t n = write(fd, block, size);
        if (n <= 0)
            size /= 2;
        else
            bytes -= (uint64_t)n < bytes ? (uint64_t)n : bytes;
    }
    close(fd);
}

static void make_room(const struct disk *d)
{
    if (unlink(d->ballast) != 0)
        drive_die("cannot remove %s", d->ballast);
}

/* --- what must hold --- */

static bool is_refused(struct intake *l)
{
    return l->refused > 0;
}

static bool is_read_only(struct disk *d, enum fleet_service s)
{
    const Baton__ServiceStatus *st = ask_status(&d->intake, s, PATIENCE_US);
    if (!st)
        drive_die("%s: %s does not answer", d->name, fleet_name(s));
    return st->state && strncmp(st->state, "read-only", 9) == 0;
}

/* Leads arrive until they are refused, and nothing has failed until then. */
static void fill_by_leads(struct disk *d)
{
    struct intake *l = &d->intake;
    l->refused = 0;
    for (int64_t end = drive_now_us() + PATIENCE_US; !is_refused(l);) {
        if (intake_all_answered(l))
            intake_add(l, LEADS_AT_ONCE);
        (void)intake_run(l, 1000, is_refused); /* the loop looks */
        fleet_alive(&d->fleet);
        if (drive_now_us() > end)
            drive_die("%s: leads are not refused", d->name);
    }
    if (!is_read_only(d, FLEET_LEADS))
        drive_die("%s: leads are refused by a service that says it is ready", d->name);
    d->refused += l->refused;
}

static void work_goes_on(struct disk *d)
{
    intake_add(&d->intake, LEADS_AT_ONCE);
    intake_finish(&d->intake);
    ask_settle(&d->intake);
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        for (int64_t end = drive_now_us() + PATIENCE_US; is_read_only(d, s);) /* it looks once a second */
            if (drive_now_us() > end)
                drive_die("%s: there is room, and %s is still read-only", d->name, fleet_name(s));
    check_stores(&d->intake, d->fleet.data);
    if (!fleet_verify(&d->fleet))
        drive_die("%s: verify finds something; see %s", d->name, d->fleet.log);
}

/* --- all of the space at once --- */

/* Starts again whoever ended; it may only have ended by itself, with a status that says so. */
static void supervise(struct disk *d)
{
    int status;
    for (unsigned s = 0; s < FLEET_SERVICES; s++) {
        if (!fleet_ended(&d->fleet, s, &status))
            continue;
        if (!WIFEXITED(status) || WEXITSTATUS(status) == 0)
            drive_die("%s: %s ended with status %d on a full disk; see %s", d->name, fleet_name(s), status,
                      d->fleet.log);
        d->died++;
        fleet_start(&d->fleet, s);
    }
}

/* To the last byte while leads are written, then until everybody has found out and reads again. */
static void flood(struct disk *d)
{
    struct intake *l = &d->intake;
    intake_add(l, LEADS_AT_ONCE);
    (void)intake_run(l, 5000, NULL); /* some are under way */
    fill(d, UINT64_MAX);
    l->refused = 0;
    for (int64_t end = drive_now_us() + PATIENCE_US; !is_refused(l);) {
        if (intake_all_answered(l))
            intake_add(l, LEADS_AT_ONCE);
        (void)intake_run(l, 1000, is_refused); /* the loop looks */
        supervise(d);
        if (drive_now_us() > end)
            drive_die("%s: leads are not refused on a full disk", d->name);
    }
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        for (int64_t end = drive_now_us() + PATIENCE_US; !ask_status(l, s, 0); supervise(d))
            if (drive_now_us() > end)
                drive_die("%s: %s cannot be read on a full disk; see %s", d->name, fleet_name(s),
                          d->fleet.log);
    check_leads(l, d->fleet.data);
    d->refused += l->refused;
}

static void disk_of(const struct fault_options *o, struct disk *d, uint64_t floods)
{
    snprintf(d->ballast, sizeof d->ballast, "%s/ballast", d->root);
    fleet_init_in(&d->fleet, o, d->name, d->root);
    fleet_start_all(&d->fleet);
    intake_open(&d->intake, &d->fleet);
    fill(d, BALLAST_BYTES);
    fill_by_leads(d);
    make_room(d);
    work_goes_on(d);
    for (uint64_t i = 0; i < floods; i++) {
        flood(d);
        make_room(d);
        for (int64_t end = drive_now_us() + PATIENCE_US; !ask_settled(&d->intake); supervise(d))
            if (drive_now_us() > end)
                drive_die("%s: there is room again, and work does not go on", d->name);
        work_goes_on(d);
    }
    fleet_stop_all(&d->fleet);
    if (d->died == 0)
        drive_die("%s: no commit failed in %" PRIu64 " floods: nothing was tried", d->name, floods);
    fault_say("disk: %s, %" PRIu64 " leads acknowledged, %" PRIu64 " times \"%s\", %" PRIu64
              " services ended and were started again; verify good",
              d->name, d->intake.acknowledged, d->refused, d->intake.refusal, d->died);
    intake_close(&d->intake);
}

/* --- --quota --- */

static void quota_of(const struct fault_options *o, enum fleet_service s)
{
    struct disk d = {.options = o, .name = s == FLEET_LEADS ? "quota-leads" : "quota-notifications"};
    struct intake *l = &d.intake;
    fleet_init(&d.fleet, o, d.name);
    d.fleet.quota[s] = QUOTA_BYTES;
    fleet_start_all(&d.fleet);
    intake_open(l, &d.fleet);
    if (s == FLEET_LEADS)
        fill_by_leads(&d);
    for (int64_t end = drive_now_us() + PATIENCE_US; !is_read_only(&d, s); intake_finish(l)) {
        intake_add(l, LEADS_AT_ONCE);
        if (drive_now_us() > end)
            drive_die("%s has no limit", d.name);
    }
    const Baton__ServiceStatus *st = ask_status(l, s, PATIENCE_US);
    uint64_t used = st ? st->store_bytes : UINT64_MAX;
    if (used > QUOTA_BYTES || used < QUOTA_BYTES / 100 * 85)
        drive_die("%s: refused at %" PRIu64 " bytes of %" PRIu64, d.name, used, QUOTA_BYTES);
    if (!ask_user(l, 1, PATIENCE_US))
        drive_die("%s: the directory does not answer", d.name);
    fleet_stop(&d.fleet, s);
    d.fleet.quota[s] = QUOTA_MORE_BYTES;
    fleet_start(&d.fleet, s);
    work_goes_on(&d);
    fleet_stop_all(&d.fleet);
    fault_say("disk: %s, refused at %" PRIu64 " of %" PRIu64 " bytes, %" PRIu64
              " leads acknowledged; verify good",
              d.name, used, QUOTA_BYTES, l->acknowledged);
    intake_close(l);
}

int fault_disk(const struct fault_options *o)
{
    quota_of(o, FLEET_LEADS);
    quota_of(o, FLEET_NOTIFICATIONS);
    if (!may_mount()) {
        fault_say("disk: mounting is not allowed here");
        return FAULT_SKIPPED;
    }
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        struct disk d = {.options = o, .name = systems[i].name};
        snprintf(d.root, sizeof d.root, "%s/mount-%s", o->scratch, d.name);
        if (mkdir(d.root, 0700) != 0)
            drive_die("cannot make %s", d.root);
        if (!systems[i].mount(&d)) {
            fault_say("disk: %s cannot be mounted here", d.name);
            return FAULT_SKIPPED;
        }
        disk_of(o, &d, o->is_long ? FLOODS_LONG : FLOODS);
        if (umount(d.root) != 0)
            fault_say("disk: %s cannot be unmounted: %s", d.root, strerror(errno));
    }
    return 0;
}
