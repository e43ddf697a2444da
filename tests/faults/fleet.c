/* The services of a data folder as processes of their own, without `baton up`. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "faults.h"
#include "shim.h"

enum { END_US = 20000000 };

static const char *const names[FLEET_SERVICES] = {
    [FLEET_DIRECTORY] = "directory", [FLEET_LEADS] = "leads", [FLEET_NOTIFICATIONS] = "notifications"};

const char *fleet_name(enum fleet_service s)
{
    return names[s];
}

void fleet_init(struct fleet *f, const struct fault_options *o, const char *name)
{
    fleet_init_in(f, o, name, o->scratch);
}

void fleet_init_in(struct fleet *f, const struct fault_options *o, const char *name, const char *folder)
{
    *f = (struct fleet){.programs = o->programs};
    snprintf(f->log, sizeof f->log, "%s/%s.log", o->scratch, name);
    snprintf(f->data, sizeof f->data, "%s/%s", folder, name);
    if (mkdir(f->data, 0700) != 0)
        drive_die("cannot make %s", f->data);
}

void fleet_start(struct fleet *f, enum fleet_service s)
{
    char program[FAULT_PATH], quota[32];
    snprintf(program, sizeof program, "%s/baton-%s", f->programs, names[s]);
    snprintf(quota, sizeof quota, "%" PRIu64, f->quota[s]);
    f->pids[s] = drive_spawn(
        (const char *[]){program, "--data", f->data, f->quota[s] ? "--quota" : NULL, quota, NULL}, f->log);
}

static void set(const char *name, const char *value)
{
    if ((value ? setenv(name, value, 1) : unsetenv(name)) != 0)
        drive_die("no memory");
}

static void set_shim(const struct fleet_shim *shim, const char *folder)
{
    set("LD_PRELOAD", shim->library);
    set(SHIM_FOLDER, folder);
    set(SHIM_ORDER, shim->order);
    set(SHIM_RECORD, shim->record);
}

void fleet_start_with_shim(struct fleet *f, enum fleet_service s, const struct fleet_shim *shim)
{
    set_shim(shim, f->data);
    fleet_start(f, s);
    set_shim(&(struct fleet_shim){NULL, NULL, NULL}, NULL);
}

void fleet_start_all(struct fleet *f)
{
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        fleet_start(f, s);
}

bool fleet_ended(struct fleet *f, enum fleet_service s, int *status)
{
    if (!f->pids[s] || !drive_ended(f->pids[s], status))
        return false;
    f->pids[s] = 0;
    return true;
}

void fleet_stop(struct fleet *f, enum fleet_service s)
{
    int status = 0;
    if (!f->pids[s])
        return;
    (void)kill(f->pids[s], SIGTERM); /* gone already: its status says so */
    for (int64_t end = drive_now_us() + END_US; !fleet_ended(f, s, &status); drive_wait_ms(1))
        if (drive_now_us() > end)
            drive_die("%s does not end; see %s", names[s], f->log);
    if (status != 0)
        drive_die("%s ended with %d when it was asked to; see %s", names[s], status, f->log);
}

void fleet_stop_all(struct fleet *f)
{
    for (unsigned s = FLEET_SERVICES; s-- > 0;)
        fleet_stop(f, s);
}

void fleet_kill(struct fleet *f, enum fleet_service s)
{
    if (f->pids[s])
        drive_kill(f->pids[s]);
    f->pids[s] = 0;
}

void fleet_alive(struct fleet *f)
{
    int status;
    for (unsigned s = 0; s < FLEET_SERVICES; s++)
        if (fleet_ended(f, s, &status))
            drive_die("%s ended by itself (status %d); see %s", names[s], status, f->log);
}

bool fleet_verify(const struct fleet *f)
{
    char program[FAULT_PATH];
    int status;
    snprintf(program, sizeof program, "%s/baton", f->programs);
    pid_t pid = drive_spawn((const char *[]){program, "verify", "--data", f->data, NULL}, f->log);
    while (!drive_ended(pid, &status))
        drive_wait_ms(1);
    return status == 0;
}
