/* bubblewrap: its arguments, starting it, reading what comes out, ending it. */
#include "preview/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 96, NUMBER_SIZE = 24 };

static const char BWRAP[] = "/usr/bin/bwrap", INSIDE[] = "/baton-preview";

/* 1: no namespace is shared, nothing can be written to but /scratch, and nothing of this machine is seen but
   its programs, libraries and fonts. 2: it ends when we do. */
static const char *const walls[][3] = {
    {"--unshare-all"},
    {"--die-with-parent"},
    {"--new-session"},
    {"--clearenv"},
    {"--cap-drop", "ALL"},
    {"--setenv", "PATH", "/usr/bin"},
    {"--setenv", "HOME", "/scratch"},
    {"--setenv", "TMPDIR", "/scratch"},
    {"--setenv", "LANG", "C.UTF-8"},
    {"--ro-bind", "/usr", "/usr"},
    {"--symlink", "usr/bin", "/bin"},
    {"--symlink", "usr/lib", "/lib"},
    {"--symlink", "usr/lib64", "/lib64"},
    {"--symlink", "scratch", "/tmp"},
    {"--ro-bind-try", "/etc/fonts", "/etc/fonts"},
    {"--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"},
    {"--ro-bind-try", "/etc/alternatives", "/etc/alternatives"},
    {"--ro-bind-try", "/etc/libreoffice", "/etc/libreoffice"},
    {"--proc", "/proc"},
    {"--dev", "/dev"},
    {"--remount-ro", "/dev"},
};

struct arguments {
    const char *words[ARGUMENTS_MAX];
    size_t n;
    char folder[NUMBER_SIZE], memory[NUMBER_SIZE], cpu[NUMBER_SIZE], program[PATH_MAX];
};

static void add(struct arguments *a, const char *const *words, size_t n)
{
    assert(a->n + n < ARGUMENTS_MAX);
    memcpy(&a->words[a->n], words, n * sizeof *words);
    a->n += n;
}
#define ADD(a, ...)                                                                                          \
    add(a, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool beside(char path[PATH_MAX], const char *name)
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
    char *slash = n > 0 && n < PATH_MAX ? memrchr(path, '/', (size_t)n) : NULL;
    if (!slash || (size_t)(slash - path) + strlen(name) + 2 > PATH_MAX)
        return false;
    memcpy(slash + 1, name, strlen(name) + 1);
    return true;
}

static bool make_arguments(struct arguments *a, const struct sandbox *s, const struct sandbox_run *run)
{
    size_t n = 0;
    while (run->words[n])
        n++;
    assert(n <= SANDBOX_WORDS_MAX);
    if (s->program)
        (void)snprintf(a->program, sizeof a->program, "%s", s->program); /* a longer one is not there */
    else if (!beside(a->program, s->name ? s->name : &INSIDE[1]))
        return false;
    (void)snprintf(a->folder, sizeof a->folder, "%zu", run->limits.folder); /* these three fit */
    (void)snprintf(a->memory, sizeof a->memory, "%zu", run->limits.memory);
    (void)snprintf(a->cpu, sizeof a->cpu, "%u", run->limits.cpu_s);
    ADD(a, "bwrap");
    for (size_t i = 0; i < sizeof walls / sizeof *walls; i++)
        add(a, walls[i], walls[i][1] ? walls[i][2] ? 3 : 2 : 1);
    ADD(a, "--size", a->folder, "--tmpfs", "/scratch", "--ro-bind", a->program, INSIDE, "--remount-ro", "/",
        "--chdir", "/scratch", "--", INSIDE, a->memory, a->cpu, a->folder);
    add(a, run->words, n);
    a->words[a->n] = NULL;
    return true;
}

/* Threads that may block have signals blocked, and services ignore some; neither is for whoever runs inside.
 */
static int spawn(pid_t *pid, const char *bwrap, const struct arguments *a, int file, int out, int err)
{
    static char *const environment[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawn_file_actions_init(&files) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&how) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return ENOMEM;
    }
    int error = posix_spawn_file_actions_adddup2(&files, file, 0);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&files, out, 1);
    if (error == 0)
        error = posix_spawn_file_actions_adddup2(&files, err, 2);
    if (error == 0)
        error = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (error == 0)
        error = posix_spawn(pid, bwrap, &files, &how, (char *const *)a->words, environment);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One of the two pipes: what is read of it, and how much of that is kept. */
struct flow {
    int fd;
    struct buffer *to;
};

/* False: `to` is full. At its end fd becomes -1, which poll passes over. */
static bool take(struct flow *f)
{
    uint8_t bytes[64 << 10];
    ssize_t n = read(f->fd, bytes, sizeof bytes);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (n <= 0) {
        close(f->fd);
        f->fd = -1;
        return true;
    }
    size_t room = f->to->limit - f->to->size;
    bool fits = (size_t)n <= room;
    return buffer_add(f->to, bytes, fits ? (size_t)n : room) && fits;
}

/* Until both have ended, one is full, or it is time. What is written to standard error beyond `said` is no
   reason to end anything. */
static enum sandbox_end drain(struct flow *out, struct flow *err, int64_t until_ms)
{
    while (out->fd >= 0 || err->fd >= 0) {
        struct pollfd p[] = {{.fd = out->fd, .events = POLLIN}, {.fd = err->fd, .events = POLLIN}};
        int64_t left = until_ms - now_ms();
        if (left <= 0)
            return SANDBOX_TIME;
        if (poll(p, 2, (int)left) < 0 && errno != EINTR)
            return SANDBOX_KILLED;
        if (p[0].revents && !take(out))
            return SANDBOX_FULL;
        if (p[1].revents)
            (void)take(err);
    }
    return SANDBOX_DONE;
}

/* bubblewrap answers for the one inside: 128 and its signal where it was killed. */
static void judge(struct sandbox_result *r, int status)
{
    r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    if (r->status >= 128)
        r->end = SANDBOX_KILLED;
    /* 3: what bubblewrap says of itself; then nothing was run. */
    if (strncmp(r->said, "bwrap: ", 7) == 0)
        r->end = SANDBOX_OFF;
}

static void watch(pid_t pid, int out, int err, const struct sandbox_run *run, struct buffer *to,
                  struct sandbox_result *r)
{
    struct buffer said;
    buffer_init(&said, sizeof r->said - 1);
    struct flow flows[] = {{out, to}, {err, &said}};
    int status = 0;
    r->end = drain(&flows[0], &flows[1], now_ms() + run->limits.time_ms);
    /* 2: with bubblewrap goes the first process inside, and with that all others. */
    if (r->end != SANDBOX_DONE)
        (void)kill(pid, SIGKILL); /* it may have ended just now */
    for (size_t i = 0; i < 2; i++)
        if (flows[i].fd >= 0)
            close(flows[i].fd);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    (void)snprintf(r->said, sizeof r->said, "%.*s", (int)said.size, (const char *)said.data); /* it fits */
    buffer_release(&said);
    if (r->end == SANDBOX_DONE)
        judge(r, status);
}

void sandbox_run(const struct sandbox *s, const struct sandbox_run *run, struct buffer *out,
                 struct sandbox_result *result)
{
    struct arguments a = {.n = 0};
    int o[2] = {-1, -1}, e[2] = {-1, -1};
    pid_t pid;
    *result = (struct sandbox_result){.end = SANDBOX_OFF};
    int error = make_arguments(&a, s, run) ? 0 : ENOENT;
    if (error == 0 && (pipe2(o, O_CLOEXEC) != 0 || pipe2(e, O_CLOEXEC) != 0))
        error = errno;
    if (error == 0)
        error = spawn(&pid, s->bwrap ? s->bwrap : BWRAP, &a, run->file, o[1], e[1]);
    if (o[1] >= 0)
        close(o[1]);
    if (e[1] >= 0)
        close(e[1]);
    if (error == 0) {
        watch(pid, o[0], e[0], run, out, result);
        return;
    }
    (void)snprintf(result->said, sizeof result->said, "%s: %s", s->bwrap ? s->bwrap : BWRAP, strerror(error));
    if (o[0] >= 0)
        close(o[0]);
    if (e[0] >= 0)
        close(e[0]);
}

bool sandbox_works(const struct sandbox *s, char *why, size_t room)
{
    static const char *const words[] = {"works", NULL};
    struct sandbox_run run = {.words = words, .limits = {10000, 5, (size_t)1 << 30, 1 << 20}};
    struct sandbox_result r;
    struct buffer out;
    buffer_init(&out, 64);
    run.file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (run.file < 0)
        return (void)snprintf(why, room, "/dev/null: %s", strerror(errno)), false;
    sandbox_run(s, &run, &out, &r);
    close(run.file);
    bool works = r.end == SANDBOX_DONE && r.status == 0 && strcmp(buffer_cstr(&out), "works\n") == 0;
    if (!works)
        (void)snprintf(why, room, "%.*s", (int)strcspn(r.said, "\n"),
                       *r.said ? r.said : "it does not answer");
    buffer_release(&out);
    return works;
}
