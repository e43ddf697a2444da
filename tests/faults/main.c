/* Faults against the real processes. `fault KIND` runs one; the table says which there are. */
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

enum { EXIT_USAGE = 2, OPEN_MAX_FOLDERS = 16, SEED = 20260301 };

/* Which fault, which promises of PROMISES it is about, and what is done. */
static const struct {
    const char *name;
    fault_fn *run;
    const char *what;
} kinds[] = {
    {"kill", fault_kill, "kill -9 of any service at any moment, also while it starts"},
    {"calls", fault_calls, "the n-th write, sync, open, map or allocation of a service fails, for every n"},
    {"disk", fault_disk, "the disk or the quota is full, little by little and all at once"},
    {"prefix", fault_prefix, "the machine stops: every state that recorded writes can leave data.mdb in"},
    {"stop", fault_stop, "SIGSTOP for longer than anybody waits, then SIGCONT"},
    {"second", fault_second, "a second instance on the same data"},
    {"streams", fault_streams, "thousands of event streams, some of which read nothing for a while"},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

uint64_t fault_draw(uint64_t *seed, uint64_t below)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u; /* splitmix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (z ^ z >> 31) % below;
}

void fault_say(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
}

static int usage(FILE *to, int status)
{
    fputs("usage: fault KIND [--rounds N] [--only TEXT] [--seed S] [--scratch DIR] [--long yes]\n\n"
          "  --long yes     the long form (or BATON_TEST_LONG=1)\n"
          "  --rounds N     instead of what the form says, where a kind has rounds\n"
          "  --only TEXT    of calls only those with TEXT in their name, like 'leads, write half'\n"
          "  --seed S       the same order of faults\n"
          "  --scratch DIR  where data is kept, also afterwards (default: a new folder, removed if all is "
          "well)\n\n",
          to);
    for (size_t i = 0; i < N_KINDS; i++)
        fprintf(to, "  %-8s %s\n", kinds[i].name, kinds[i].what);
    return status;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    return remove(path);
}

void fault_remove(const char *path)
{
    if (nftw(path, remove_one, OPEN_MAX_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0)
        fault_say("%s is left over", path);
}

/* The programs are beside the folder this one is in. */
static const char *programs_folder(void)
{
    static char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        drive_die("/proc is not there");
    path[n] = '\0';
    for (int up = 0; up < 2; up++)
        *strrchr(path, '/') = '\0';
    return path;
}

static int run(fault_fn *kind, int argc, char **argv)
{
    char shim[PATH_MAX + 64];
    const char *scratch = drive_option(argc, argv, "scratch", ""), *usual = getenv("BATON_TEST_LONG");
    struct fault_options o = {.programs = drive_option(argc, argv, "programs", programs_folder()),
                              .shim = shim,
                              .only = drive_option(argc, argv, "only", ""),
                              .seed = strtoull(drive_option(argc, argv, "seed", ""), NULL, 10),
                              .rounds = strtoull(drive_option(argc, argv, "rounds", ""), NULL, 10)};
    const char *is_long = drive_option(argc, argv, "long", usual ? usual : "0");
    o.is_long = strcmp(is_long, "0") != 0 && strcmp(is_long, "no") != 0;
    if (!o.seed)
        o.seed = SEED;
    snprintf(shim, sizeof shim, "%s/tests/libfault_shim.so", programs_folder());
    const char *temporary = getenv("TMPDIR");
    if (*scratch)
        snprintf(o.scratch, sizeof o.scratch, "%s", scratch);
    else
        snprintf(o.scratch, sizeof o.scratch, "%s/baton-faults-XXXXXX", temporary ? temporary : "/tmp");
    if (!*scratch && !mkdtemp(o.scratch))
        drive_die("cannot make %s", o.scratch);
    fault_say("data in %s", o.scratch);
    int status = kind(&o);
    if (!*scratch && (status == 0 || status == FAULT_SKIPPED))
        fault_remove(o.scratch);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, EXIT_SUCCESS);
    for (size_t i = 0; argc > 1 && i < N_KINDS; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            return run(kinds[i].run, argc - 1, argv + 1);
    return usage(stderr, EXIT_USAGE);
}
