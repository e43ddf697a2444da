/* Processes, time and what a bench prints. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

enum { EXIT_BENCH = 4, CHILDREN_MAX = 16, END_MS = 20000 };

extern char **environ;

static pid_t children[CHILDREN_MAX];

static void end_all(void)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (children[i] > 0)
            (void)kill(children[i], SIGTERM); /* gone already is as good */
}

/* A bug in the bench must not leave a Baton behind. */
static void on_abort(int signal_number)
{
    end_all();
}

void bench_die(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    end_all();
    exit(EXIT_BENCH);
}

void bench_row(const char *name, double ours, const char *unit, double peer)
{
    printf("row\t%s\t%.6g\t%s\t%.6g\n", name, ours, unit, peer);
    fflush(stdout);
}

void bench_remark(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fputs("remark\t", stdout);
    vprintf(format, ap);
    putchar('\n');
    va_end(ap);
    fflush(stdout);
}

int64_t bench_now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void bench_wait_ms(int ms)
{
    (void)poll(NULL, 0, ms); /* woken early is fine */
}

char *bench_read(struct arena *a, const char *dir, const char *name)
{
    enum { TEXT_MAX = 4096 };
    char *path = arena_printf(a, "%s/%s", dir, name), *text = arena_alloc(a, TEXT_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    ssize_t n = read(fd, text, TEXT_MAX - 1);
    (void)close(fd); /* only read */
    if (n <= 0)
        return NULL;
    text[text[n - 1] == '\n' ? n - 1 : n] = '\0';
    return text;
}

pid_t bench_spawn(const char *const *arguments, const char *log)
{
    posix_spawn_file_actions_t files;
    pid_t pid = 0;
    (void)signal(SIGABRT, on_abort); /* cannot fail for a signal there is */
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    int rc = posix_spawn(&pid, arguments[0], &files, NULL, (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    if (rc)
        bench_die("cannot start %s: %s", arguments[0], strerror(rc));
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (!children[i]) {
            children[i] = pid;
            break;
        }
    return pid;
}

static void forget(pid_t pid)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (children[i] == pid)
            children[i] = 0;
}

int bench_wait(pid_t pid)
{
    int status = -1;
    (void)TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)); /* status says it */
    forget(pid);
    return status;
}

void bench_end(pid_t pid)
{
    int status = 0;
    int64_t end = bench_now_us() + END_MS * 1000;
    kill(pid, SIGTERM);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (bench_now_us() > end)
            kill(pid, SIGKILL);
        bench_wait_ms(5);
    }
    forget(pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        bench_remark("a process did not end well (status %d)", status);
}

int64_t bench_cpu_us(pid_t pid)
{
    char path[64], text[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        (void)fclose(f); /* only read */
    text[n] = '\0';
    const char *at = strrchr(text, ')');
    if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        return 0;
    return (int64_t)(user + system) * 1000000 / sysconf(_SC_CLK_TCK);
}

const char *bench_option(int argc, char **argv, const char *name, const char *usual)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
            return argv[i + 1];
    if (!usual)
        bench_die("--%s is missing", name);
    return usual;
}
