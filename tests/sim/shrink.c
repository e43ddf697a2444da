/* Seeds as processes, and shortening the plan of one that fails. */
#include "sim/shrink.h"

#include <assert.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES_MAX = 400, PLAN_MAX = 4096, MEMORY_KEPT = 1 << 30, CPU_SECONDS = 60 };

static char folder[100];

bool case_folder_make(void)
{
    snprintf(folder, sizeof folder, "%s/baton-sim-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder))
        return true;
    perror(folder);
    return false;
}

static void remove_tree(const char *path)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    if (system(command) != 0)
        fprintf(stderr, "could not remove %s\n", path);
}

void case_folder_remove(void)
{
    remove_tree(folder);
}

static void case_dir(uint64_t seed, char out[200])
{
    snprintf(out, 200, "%s/%llu", folder, (unsigned long long)seed);
}

/* "3,5-9": everything else is skipped. */
static bool *skipped_but(const char *only)
{
    bool *skipped = malloc(PLAN_MAX * sizeof *skipped);
    assert(skipped);
    memset(skipped, true, PLAN_MAX * sizeof *skipped);
    for (const char *at = only; *at;) {
        char *end;
        unsigned long from = strtoul(at, &end, 10), to = *end == '-' ? strtoul(end + 1, &end, 10) : from;
        for (unsigned long i = from; i <= to && i < PLAN_MAX; i++)
            skipped[i] = false;
        at = *end == ',' ? end + 1 : end + strlen(end);
    }
    return skipped;
}

static void case_run(const struct case_options *o, int report_fd)
{
    char dir[200];
    case_dir(o->seed, dir);
    if (mkdir(dir, 0700) != 0)
        _exit(4);
    struct sim_options s = {.seed = o->seed,
                            .minutes = o->minutes,
                            .favourite = o->favourite,
                            .trace = o->trace,
                            .report_fd = report_fd,
                            .dir = dir,
                            .stats = o->stats};
    if (o->only) {
        s.skipped = skipped_but(o->only);
        s.n_skipped = PLAN_MAX;
    }
    /* What never comes to an end is a failure, too. */
    (void)setrlimit(RLIMIT_CPU, &(struct rlimit){CPU_SECONDS, CPU_SECONDS + 1});
    /* One short life: memory is not given back in between. */
    (void)mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
    (void)mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT);
    sim_run(&s);
    _exit(0);
}

pid_t case_start(const struct case_options *o, int *report_fd)
{
    int fds[2];
    int made = pipe(fds);
    assert(made == 0);
    memset(o->stats, 0, sizeof *o->stats);
    fflush(stdout);
    pid_t pid = fork();
    assert(pid >= 0);
    if (pid == 0) {
        close(fds[0]);
        case_run(o, fds[1]);
    }
    close(fds[1]);
    *report_fd = fds[0];
    return pid;
}

bool case_end(int report_fd, int status, uint64_t seed, char text[CASE_REPORT_MAX])
{
    char dir[200];
    ssize_t n = read(report_fd, text, CASE_REPORT_MAX - 1);
    text[n > 0 ? n : 0] = 0;
    close(report_fd);
    case_dir(seed, dir);
    remove_tree(dir);
    bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!good && !text[0])
        snprintf(text, CASE_REPORT_MAX,
                 WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? "end: it did not come to one"
                                                                    : "status: it ended with %d",
                 status);
    return good;
}

const char *case_text(const struct case_options *o)
{
    static char text[8192];
    int n = o->minutes != 10 ? snprintf(text, sizeof text, " --minutes %u", o->minutes) : 0;
    text[n] = 0;
    if (o->favourite)
        n += snprintf(text + n, sizeof text - (size_t)n, " --favour %s", o->favourite->name);
    if (o->only)
        snprintf(text + n, sizeof text - (size_t)n, " --only %s", o->only);
    return text;
}

/* --- shortening --- */

struct shrinking {
    struct case_options options;
    struct sim_stats *stats;
    char oracle[80]; /* the first word of what is wrong, behind the time */
    bool kept[PLAN_MAX];
    size_t plan_size;
    int tries;
    char last[CASE_REPORT_MAX];
};

static void oracle_of(const char *what, char out[80])
{
    const char *from = strstr(what, " s: ");
    snprintf(out, 80, "%s", from ? from + 4 : what);
    out[strcspn(out, ":")] = 0;
}

static void list_of(const bool *kept, size_t n, char out[4096])
{
    size_t size = 0;
    out[0] = 0;
    for (size_t i = 0; i < n && size < 4000; i++) {
        size_t to = i;
        while (kept[i] && to + 1 < n && kept[to + 1])
            to++;
        if (!kept[i])
            continue;
        size +=
            (size_t)snprintf(out + size, 4096 - size, to > i ? "%s%zu-%zu" : "%s%zu", size ? "," : "", i, to);
        i = to;
    }
}

static bool still_fails(struct shrinking *s, const bool *kept)
{
    char list[4096], text[CASE_REPORT_MAX], oracle[80];
    int fd, status;
    list_of(kept, s->plan_size, list);
    struct case_options o = s->options;
    o.only = list[0] ? list : "none";
    o.stats = s->stats;
    pid_t pid = case_start(&o, &fd);
    if (waitpid(pid, &status, 0) != pid || case_end(fd, status, o.seed, text))
        return false;
    oracle_of(text, oracle);
    if (strcmp(oracle, s->oracle) != 0)
        return false;
    snprintf(s->last, sizeof s->last, "%s", text);
    return true;
}

/* Leaves out one run of entries after the other. True: something could be left out. */
static bool pass(struct shrinking *s, size_t chunk)
{
    bool any = false;
    for (size_t at = 0; at < s->plan_size && s->tries < TRIES_MAX; at += chunk) {
        bool trial[PLAN_MAX], less = false;
        memcpy(trial, s->kept, sizeof trial);
        for (size_t i = at; i < at + chunk && i < s->plan_size; i++) {
            less |= trial[i];
            trial[i] = false;
        }
        if (!less)
            continue;
        s->tries++;
        if (!still_fails(s, trial))
            continue;
        memcpy(s->kept, trial, sizeof trial);
        any = true;
    }
    return any;
}

void shrink(const struct case_options *o, size_t plan_size, const char *what)
{
    char list[4096];
    struct shrinking s = {.options = *o, .plan_size = plan_size < PLAN_MAX ? plan_size : PLAN_MAX};
    s.options.trace = false;
    s.stats = mmap(NULL, sizeof *s.stats, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(s.stats != MAP_FAILED);
    oracle_of(what, s.oracle);
    snprintf(s.last, sizeof s.last, "%s", what);
    memset(s.kept, true, sizeof s.kept);
    for (size_t chunk = s.plan_size / 2 ? s.plan_size / 2 : 1;; chunk = chunk / 2 ? chunk / 2 : 1)
        if (!pass(&s, chunk) && chunk == 1)
            break;
    list_of(s.kept, s.plan_size, list);
    s.options.only = list;
    printf("  shortened: %s\n  again: tests/sim/run --seed %llu%s --trace\n", s.last,
           (unsigned long long)o->seed, case_text(&s.options));
    (void)munmap(s.stats, sizeof *s.stats);
}
