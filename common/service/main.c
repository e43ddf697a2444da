/* The main of every service. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "bus/zloop.h"
#include "service/service.h"

enum { EXIT_USAGE = 2, EXIT_START = 1, EXIT_STORE = 70 };

static int usage(const char *name, FILE *to, int status)
{
    fprintf(
        to,
        "usage: baton-%s --data DIR [--quota BYTES]\n\n"
        "The %s service of Baton. Keeps its store in DIR/%s and listens on DIR/run/%s.sock.\n"
        "Normally started by `baton up`, which starts all services together.\n\n"
        "  --data DIR     the deployment's data folder\n"
        "  --quota BYTES  space for the store; commands are refused from 85 %% of it on (default: 64 GiB)\n",
        name, name, name, name);
    return status;
}

static bool parse(int argc, char **argv, char **data, uint64_t *quota)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'}, {"quota", required_argument, NULL, 'q'}, {NULL, 0, NULL, 0}};
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'd')
            *data = optarg;
        else if (o == 'q')
            *quota = strtoull(optarg, NULL, 10);
        else
            return false;
    }
    return optind == argc && *data;
}

/* A disk that cannot be read and pages that a damaged store says are beyond the file arrive as SIGBUS, others
   of its wild words as SIGSEGV. That one comes again and ends the process its own way: it may be a bug of
   ours. */
static void on_bad_memory(int number)
{
    static const char text[] = "fatal: memory that is not there: the store is damaged or its disk cannot be "
                               "read; run `baton verify`\n";
    (void)!write(STDERR_FILENO, text, sizeof text - 1); /* nobody is left to be told */
    if (number == SIGBUS)
        _exit(EXIT_STORE);
}

static void watch_memory(void)
{
    const struct sigaction a = {.sa_handler = on_bad_memory, .sa_flags = SA_RESETHAND};
    (void)sigaction(SIGBUS, &a, NULL); /* cannot fail for signals there are */
    (void)sigaction(SIGSEGV, &a, NULL);
}

static int serve(const struct service_def *def, const char *data, uint64_t quota, const void *boot)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/run", data);
    struct world *world = zloop_new(path);
    if (!world)
        return EXIT_START;
    snprintf(path, sizeof path, "%s/%s", data, def->name);
    struct service_options o = {.world = world, .dir = path, .quota_bytes = quota, .boot = boot};
    struct service *s = service_new(def, &o);
    if (s) {
        log_info("start", "ready, version %s", BATON_VERSION);
        zloop_run(world);
        log_info("stop", "stopped");
    }
    service_free(s);
    zloop_free(world);
    return s ? EXIT_SUCCESS : EXIT_START;
}

int service_main_boot(int argc, char **argv, const struct service_def *def,
                      void *(*boot)(const char *data_dir))
{
    char *data = NULL;
    uint64_t quota = 0;
    log_name(def->name);
    watch_memory();
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return usage(def->name, stdout, EXIT_SUCCESS);
    if (!parse(argc, argv, &data, &quota))
        return usage(def->name, stderr, EXIT_USAGE);
    if (mkdir(data, 0700) != 0 && errno != EEXIST) {
        log_failure("start", "cannot make %s: %s", data, strerror(errno));
        return EXIT_START;
    }
    void *argument = boot ? boot(data) : NULL;
    int status = boot && !argument ? EXIT_START : serve(def, data, quota, argument);
    free(argument);
    return status;
}

int service_main(int argc, char **argv, const struct service_def *def)
{
    return service_main_boot(argc, argv, def, NULL);
}
