/* A whole Baton, started as its operators start it. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench.h"

enum { PATIENCE_US = 30000000, AGAIN_MS = 2, ARENA_MAX = 1 << 20 };

struct deployment deployment_up(const char *programs, const char *data_dir)
{
    struct deployment d = {0};
    struct arena *a = arena_new(ARENA_MAX), *looking = arena_new(ARENA_MAX);
    char *log = arena_printf(a, "%s.log", data_dir), *said = NULL;
    const char *name = strrchr(log, '/');
    (void)remove(log); /* of an earlier run */
    const char *program = arena_printf(a, "%s/baton", programs);
    d.pid = drive_spawn((const char *[]){program, "up", "--data", data_dir, "--port", "0", NULL}, log);
    char *folder = arena_strndup(a, log, (size_t)(name - log));
    for (int64_t end = drive_now_us() + PATIENCE_US; !said; drive_wait_ms(AGAIN_MS)) {
        arena_reset(looking);
        char *text = drive_read(looking, folder, name + 1);
        said = text ? strstr(text, "Baton is ready") : NULL;
        if (!said && (drive_now_us() > end || waitpid(d.pid, NULL, WNOHANG) > 0))
            drive_die("baton up is not ready: %s", text ? text : "it says nothing");
    }
    arena_free(looking);
    snprintf(d.url, sizeof d.url, "%s", drive_read(a, data_dir, "gateway.url"));
    snprintf(d.token, sizeof d.token, "%s", drive_read(a, data_dir, "admin.token"));
    arena_free(a);
    return d;
}
