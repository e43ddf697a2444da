/* Runs seeds, each in a process of its own; makes a failing one short and says how to see it again. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/shrink.h"

enum { WORKERS_MAX = 64, FAILURES_SHOWN = 5 };

/* A seed under way. */
struct worker {
    pid_t pid; /* 0: free */
    uint64_t seed;
    int report_fd;
};

struct runner {
    struct case_options options;
    uint64_t first, seeds, next, done, failed, shown;
    unsigned jobs;
    bool shrink, quiet, stop;
    struct worker workers[WORKERS_MAX];
    struct sim_stats *stats; /* one a worker, shared with it */
    struct sim_stats sum;
    struct timespec begin;
};

static double seconds_since(const struct timespec *begin)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begin->tv_sec) + (double)(now.tv_nsec - begin->tv_nsec) / 1e9;
}

static void add_stats(struct runner *r, const struct sim_stats *s)
{
    r->sum.steps += s->steps;
    r->sum.records += s->records;
    r->sum.commits += s->commits;
    r->sum.deaths += s->deaths;
    r->sum.asks += s->asks;
    r->sum.replies += s->replies;
    r->sum.simulated_us += s->simulated_us;
}

static void start(struct runner *r, struct worker *w)
{
    struct case_options o = r->options;
    o.seed = w->seed = r->next++;
    o.stats = &r->stats[w - r->workers];
    w->pid = case_start(&o, &w->report_fd);
}

static void tell_failure(struct runner *r, uint64_t seed, const struct sim_stats *stats, const char *what)
{
    struct case_options o = r->options;
    o.seed = seed;
    printf("seed %llu: %s\n", (unsigned long long)seed, what);
    if (r->shown++ < FAILURES_SHOWN) {
        if (r->shrink)
            shrink(&o, stats->plan_size, what);
        else
            printf("  again: tests/sim/run --seed %llu%s\n", (unsigned long long)seed, case_text(&o));
    }
    fflush(stdout);
}

static void finish(struct runner *r, struct worker *w, int status)
{
    char text[CASE_REPORT_MAX];
    struct sim_stats stats = r->stats[w - r->workers];
    bool good = case_end(w->report_fd, status, w->seed, text);
    w->pid = 0;
    r->done++;
    add_stats(r, &stats);
    if (good)
        return;
    r->failed++;
    tell_failure(r, w->seed, &stats, text);
}

static void progress(const struct runner *r, bool last)
{
    static time_t shown;
    time_t now = time(NULL);
    if (r->quiet || !isatty(STDERR_FILENO) || (now == shown && !last))
        return;
    shown = now;
    fprintf(stderr, "\r%llu of %llu seeds, %llu failed, %.0f s   %s", (unsigned long long)r->done,
            (unsigned long long)r->seeds, (unsigned long long)r->failed, seconds_since(&r->begin),
            last ? "\n" : "");
}

static void run_all(struct runner *r)
{
    while (r->done < r->seeds && !(r->stop && r->failed && r->next - r->first == r->done)) {
        for (unsigned i = 0; i < r->jobs; i++)
            if (!r->workers[i].pid && r->next < r->first + r->seeds && (!r->failed || !r->stop))
                start(r, &r->workers[i]);
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        if (pid < 0 && errno != EINTR)
            return; /* nobody is left */
        for (unsigned i = 0; i < r->jobs; i++)
            if (r->workers[i].pid == pid)
                finish(r, &r->workers[i], status);
        progress(r, false);
    }
}

static int summary(struct runner *r)
{
    double took = seconds_since(&r->begin), simulated = (double)r->sum.simulated_us / 1e6;
    progress(r, true);
    printf("seeds %llu to %llu: %.1f simulated hours in %.0f s on %u cores (%.0f simulated seconds a second "
           "and core)\n",
           (unsigned long long)r->first, (unsigned long long)(r->next - 1), simulated / 3600, took, r->jobs,
           simulated / took / r->jobs);
    printf("%llu steps, %llu commits, %llu log records, %llu asked, %llu answered, %llu deaths\n",
           (unsigned long long)r->sum.steps, (unsigned long long)r->sum.commits,
           (unsigned long long)r->sum.records, (unsigned long long)r->sum.asks,
           (unsigned long long)r->sum.replies, (unsigned long long)r->sum.deaths);
    printf("%llu passed, %llu failed\n", (unsigned long long)(r->done - r->failed),
           (unsigned long long)r->failed);
    return r->failed || r->done < r->seeds ? 1 : 0;
}

static int usage(FILE *to, int status)
{
    fprintf(
        to,
        "usage: tests/sim/run [OPTION]...\n\n"
        "All services in one process and one seeded world in which nearly everything goes wrong; oracles "
        "look on.\n\n"
        "  --seeds N      runs N seeds (default 100)\n"
        "  --from S       beginning with this one (default 1)\n"
        "  --seed S       runs only this one\n"
        "  --minutes M    simulated minutes a seed (default 10)\n"
        "  --favour AREA  half of what is asked is of this area, in every seed (otherwise the seed says)\n"
        "  --only LIST    only these entries of the plan, like 3,5-9: how a shortened failure is seen again\n"
        "  --trace        tells what happens, on standard error\n"
        "  --jobs N       seeds at once (default: processors)\n"
        "  --no-shrink    does not make failures short\n"
        "  --quiet        no progress\n\n"
        "Ends with 1 if a seed failed.\n");
    return status;
}

/* False: there is no such area, and a line says which there are. */
static bool favour(struct runner *r, const char *name)
{
    size_t n;
    const struct ask_area *areas = ask_areas(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(areas[i].name, name) == 0)
            r->options.favourite = &areas[i];
    if (r->options.favourite)
        return true;
    fprintf(stderr, "there is no area \"%s\", but these:", name);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, " %s", areas[i].name);
    fprintf(stderr, "\n\n");
    return false;
}

static bool parse(struct runner *r, int argc, char **argv)
{
    static const struct option options[] = {
        {"seeds", required_argument, NULL, 'n'},  {"from", required_argument, NULL, 'f'},
        {"seed", required_argument, NULL, 's'},   {"minutes", required_argument, NULL, 'm'},
        {"favour", required_argument, NULL, 'a'}, {"only", required_argument, NULL, 'o'},
        {"trace", no_argument, NULL, 't'},        {"jobs", required_argument, NULL, 'j'},
        {"no-shrink", no_argument, NULL, 'k'},    {"quiet", no_argument, NULL, 'q'},
        {"stop", no_argument, NULL, 'x'},         {NULL, 0, NULL, 0},
    };
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'n')
            r->seeds = strtoull(optarg, NULL, 10);
        else if (o == 'f')
            r->first = strtoull(optarg, NULL, 10);
        else if (o == 's')
            r->first = strtoull(optarg, NULL, 10), r->seeds = 1;
        else if (o == 'm')
            r->options.minutes = (unsigned)strtoul(optarg, NULL, 10);
        else if (o == 'a' && favour(r, optarg))
            continue;
        else if (o == 'o')
            r->options.only = optarg;
        else if (o == 't')
            r->options.trace = true, r->shrink = false;
        else if (o == 'j')
            r->jobs = (unsigned)strtoul(optarg, NULL, 10);
        else if (o == 'k')
            r->shrink = false;
        else if (o == 'q')
            r->quiet = true;
        else if (o == 'x')
            r->stop = true;
        else
            return false;
    }
    return optind == argc && r->seeds && r->options.minutes && r->jobs && r->jobs <= WORKERS_MAX;
}

int main(int argc, char **argv)
{
    struct runner r = {.options = {.minutes = 10}, .first = 1, .seeds = 100, .shrink = true};
    r.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, 0);
    if (!parse(&r, argc, argv))
        return usage(stderr, 2);
    r.next = r.first;
    r.stats =
        mmap(NULL, WORKERS_MAX * sizeof *r.stats, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r.stats == MAP_FAILED || !case_folder_make())
        return 4;
    clock_gettime(CLOCK_MONOTONIC, &r.begin);
    schema_load();
    run_all(&r);
    case_folder_remove();
    return summary(&r);
}
