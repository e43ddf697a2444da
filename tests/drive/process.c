/* Processes and time. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drive.h"

enum { EXIT_CANNOT_GO_ON = 4, EXIT_NO_PROGRAM = 127, CHILDREN_MAX = 16, END_MS = 20000 };

static pid_t children[CHILDREN_MAX];

static void end_all(void)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (children[i] > 0)
            (void)kill(children[i], SIGTERM); /* gone already is as good */
}

/* A bug in the driver must not leave a Baton behind. */
static void on_abort(int signal_number)
{
    end_all();
}

void drive_die(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    end_all();
    exit(EXIT_CANNOT_GO_ON);
}

int64_t drive_now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void drive_wait_ms(int ms)
{
    (void)poll(NULL, 0, ms); /* woken early is fine */
}

char *drive_read(struct arena *a, const char *dir, const char *name)
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

/* In the child: nothing here may allocate or lock. */
static void become(const char *const *arguments, int log, pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail for a signal there is */
    if (getppid() == parent && dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0)
        (void)execv(arguments[0], (char *const *)(uintptr_t)arguments); /* comes back only if it failed */
    _exit(EXIT_NO_PROGRAM);
}

pid_t drive_spawn(const char *const *arguments, const char *log)
{
    (void)signal(SIGABRT, on_abort); /* cannot fail for a signal there is */
    pid_t parent = getpid();
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid = fd < 0 ? -1 : fork();
    if (pid == 0)
        become(arguments, fd, parent);
    if (pid < 0)
        drive_die("cannot start %s: %s", arguments[0], strerror(errno));
    close(fd);
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

int drive_wait(pid_t pid)
{
    int status = -1;
    (void)TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)); /* status says it */
    forget(pid);
    return status;
}

bool drive_ended(pid_t pid, int *status)
{
    if (waitpid(pid, status, WNOHANG) == 0)
        return false;
    forget(pid);
    return true;
}

void drive_kill(pid_t pid)
{
    int status;
    (void)kill(pid, SIGKILL); /* gone already is as good */
    (void)waitpid(pid, &status, 0);
    forget(pid);
}

void drive_end(pid_t pid)
{
    int status = 0;
    int64_t end = drive_now_us() + END_MS * 1000;
    (void)kill(pid, SIGTERM); /* gone already: its status says so */
    while (!drive_ended(pid, &status)) {
        if (drive_now_us() > end)
            (void)kill(pid, SIGKILL); /* as above */
        drive_wait_ms(5);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fprintf(stderr, "a process did not end well (status %d)\n", status);
}

int64_t drive_cpu_us(pid_t pid)
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

double drive_memory_kib(pid_t pid, const char *file, const char *name)
{
    char path[64], line[256];
    double kib = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtod(line + strlen(name), NULL);
    if (f)
        (void)fclose(f); /* only read */
    return kib;
}

unsigned short drive_free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) != 0 || getsockname(fd, (struct sockaddr *)&a, &n) != 0)
        drive_die("there is no free port");
    close(fd);
    return ntohs(a.sin_port);
}

const char *drive_option(int argc, char **argv, const char *name, const char *usual)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
            return argv[i + 1];
    if (!usual)
        drive_die("--%s is missing", name);
    return usual;
}
