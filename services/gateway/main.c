/* baton-gateway: options, one gateway for a data folder, its address in a file, the loop. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "base/options.h"
#include "bus/zloop.h"
#include "gateway.h"
#include "schema/schema.h"

enum { EXIT_NO_START = 1 };

static const char HELP[] =
    "Usage: baton-gateway --data DIR [--address A] [--port N] [--public-url URL]\n"
    "The only door into Baton: HTTP for browsers, programs and devices.\n\n"
    "  --data DIR        the deployment's folder; the services' sockets are in DIR/run\n"
    "  --address A       address to listen on, as a number (default 127.0.0.1: this machine only;\n"
    "                    0.0.0.0 for all, if nothing that speaks TLS stands in front)\n"
    "  --port N          port to listen on (default 8080; 0: any free one)\n"
    "  --public-url URL  how the world reaches the proxy in front of this gateway, like\n"
    "                    https://baton.example. Cookies are then for https only, and the\n"
    "                    X-Forwarded-For of a proxy on this machine is believed\n"
    "  --version, --help\n\n"
    "Writes the address it listens on to DIR/gateway.url. Ends with 0 after SIGTERM or SIGINT.\n";

static bool path_in(char out[PATH_MAX], const char *dir, const char *name)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);
    if (n > 0 && n < PATH_MAX)
        return true;
    log_failure("gateway", "the path %s/%s is too long", dir, name);
    return false;
}

/* Held until the process ends. */
static bool lock_folder(const char *dir)
{
    char path[PATH_MAX];
    if (!path_in(path, dir, "gateway.lock"))
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        log_failure("gateway", "cannot open %s: %s", path, strerror(errno));
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        log_failure("gateway", "another gateway works on %s already", dir);
    else
        return true;
    return false;
}

/* Whole or not at all. */
static bool write_url(const char *dir, const char *url)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    if (!path_in(path, dir, "gateway.url") || !path_in(fresh, dir, "gateway.url.new"))
        return false;
    FILE *file = fopen(fresh, "we");
    bool is_written = file && fprintf(file, "%s\n", url) > 0;
    if (file)
        is_written = fclose(file) == 0 && is_written;
    if (is_written && rename(fresh, path) == 0)
        return true;
    log_failure("gateway", "cannot write %s: %s", path, strerror(errno));
    return false;
}

static void remove_url(const char *dir)
{
    char path[PATH_MAX];
    if (path_in(path, dir, "gateway.url"))
        (void)unlink(path); /* an old address is found out by whoever tries it */
}

int main(int argc, char **argv)
{
    struct gateway_options o = {.address = "127.0.0.1", .port = "8080"};
    const struct option_row rows[] = {{"address", OPTION_TEXT, &o.address},
                                      {"port", OPTION_TEXT, &o.port},
                                      {"public-url", OPTION_TEXT, &o.public_url}};
    const struct program program = {"baton-gateway", HELP, rows, sizeof rows / sizeof *rows};
    int status;
    const char *data = program_options(&program, argc, argv, &status);
    if (!data)
        return status;
    char run_dir[PATH_MAX];
    log_name("gateway");
    schema_load();
    if (!lock_folder(data) || !path_in(run_dir, data, "run"))
        return EXIT_NO_START;
    struct world *world = zloop_new(run_dir);
    struct gateway *g = world ? gateway_new(world, zloop_ev(world), &o) : NULL;
    bool is_up = g && write_url(data, gateway_url(g));
    if (is_up) {
        log_info("gateway", "listens on %s", gateway_url(g));
        zloop_run(world);
        remove_url(data);
        gateway_drain(g);
        log_info("gateway", "has stopped");
    }
    gateway_free(g);
    zloop_free(world);
    return is_up ? EXIT_SUCCESS : EXIT_NO_START;
}
