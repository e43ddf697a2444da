/* The main of every service. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/options.h"
#include "bus/zloop.h"
#include "service/internal.h"

enum { EXIT_START = 1, EXIT_STORE = 70, NAME_SIZE = 64, HELP_SIZE = 1024 };

static const char HELP[] =
    "usage: baton-%s --data DIR [--quota BYTES] [--private-network]\n\n"
    "The %s service of Baton. Keeps its store in DIR/%s and listens on DIR/run/%s.sock.\n"
    "Normally started by `baton up`, which starts all services together.\n\n"
    "  --data DIR     the deployment's data folder\n"
    "  --quota BYTES  space for the store; commands are refused from 85 %% of it on (default: 64 GiB)\n"
    "  --private-network  what is sent to the outside may go to private addresses, to any port, and "
    "without "
    "encryption\n"
    "  --version, --help\n";

struct arguments {
    const char *data;
    long quota;
    bool private_network;
};

/* False: the process ends with *status. */
static bool parse(const char *service, int argc, char **argv, struct arguments *a, int *status)
{
    char name[NAME_SIZE], help[HELP_SIZE];
    const struct option_row rows[] = {{"quota", OPTION_NUMBER, &a->quota},
                                      {"private-network", OPTION_FLAG, &a->private_network}};
    const struct program program = {name, help, rows, sizeof rows / sizeof *rows};
    (void)snprintf(name, sizeof name, "baton-%s", service); /* a service's name is short */
    (void)snprintf(help, sizeof help, HELP, service, service, service, service);
    a->data = program_options(&program, argc, argv, status);
    return a->data != NULL;
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

static int serve(const struct service_def *def, const struct arguments *a, const struct view_def *view,
                 const void *boot)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/run", a->data);
    struct world *world = zloop_new(path);
    if (!world)
        return EXIT_START;
    if (def->n_effects)
        outside_open(world, a->private_network);
    snprintf(path, sizeof path, "%s/%s", a->data, def->name);
    struct files *files = NULL;
    if (def->keeps_files && !(files = service_files_open(path, NULL))) {
        zloop_free(world);
        return EXIT_START;
    }
    struct service_options o = {.world = world,
                                .dir = path,
                                .quota_bytes = (uint64_t)a->quota,
                                .boot = boot,
                                .files = files,
                                .view = view};
    struct service *s = service_new(def, &o);
    void *kept = s ? service_view(s) : NULL;
    if (s) {
        log_info("start", "ready, version %s", BATON_VERSION);
        zloop_run(world);
        log_info("stop", "stopped");
    }
    service_free(s);
    zloop_free(world); /* waits for what is slow */
    if (kept)
        view->close(kept);
    files_close(files);
    return s ? EXIT_SUCCESS : EXIT_START;
}

/* One of the two, or neither. */
static int main_with(int argc, char **argv, const struct service_def *def,
                     void *(*boot)(const char *data_dir), const struct view_def *view)
{
    struct arguments a = {0};
    int status;
    log_name(def->name);
    watch_memory();
    if (!parse(def->name, argc, argv, &a, &status))
        return status;
    if (mkdir(a.data, 0700) != 0 && errno != EEXIST) {
        log_failure("start", "cannot make %s: %s", a.data, strerror(errno));
        return EXIT_START;
    }
    void *argument = boot ? boot(a.data) : NULL;
    status = boot && !argument ? EXIT_START : serve(def, &a, view, argument);
    free(argument);
    return status;
}

int service_main_boot(int argc, char **argv, const struct service_def *def,
                      void *(*boot)(const char *data_dir))
{
    return main_with(argc, argv, def, boot, NULL);
}

int service_main_view(int argc, char **argv, const struct service_def *def, const struct view_def *view)
{
    return main_with(argc, argv, def, NULL, view);
}

int service_main(int argc, char **argv, const struct service_def *def)
{
    return main_with(argc, argv, def, NULL, NULL);
}
