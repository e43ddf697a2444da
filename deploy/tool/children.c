/* Child processes that are kept running. */
#include "tool/children.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/output.h"

enum {
    BACKOFF_FIRST_US = 100000,
    BACKOFF_LONGEST_US = 10000000,
    LONG_LIFE_US = 30000000,
    CANNOT_EXECUTE = 127
};

/* In the new process: its own group, so that Ctrl-C reaches only the supervisor; dead with its parent. */
static void become(const struct child *child, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    (void)setpgid(0, 0); /* a fresh process can */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(CANNOT_EXECUTE);
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(CANNOT_EXECUTE);
    if (null > STDERR_FILENO)
        (void)close(null); /* only read */
    execv(child->arguments[0], (char *const *)child->arguments);
    fprintf(stderr, "baton: cannot run %s: %s\n", child->arguments[0], strerror(errno));
    _exit(CANNOT_EXECUTE);
}

static void start(struct child *child)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(child, parent);
    child->started_us = output_clock_us();
    child->start_at_us = pid > 0 ? 0 : child->started_us + BACKOFF_LONGEST_US;
    child->pid = pid > 0 ? pid : 0;
    if (pid < 0)
        fprintf(stderr, "baton: cannot start %s: %s\n", child->name, strerror(errno));
}

int64_t children_start_due(struct children *c)
{
    int64_t next = -1;
    for (unsigned i = 0; i < c->n; i++) {
        struct child *child = &c->all[i];
        int64_t now = output_clock_us();
        if (child->start_at_us != 0 && child->start_at_us <= now)
            start(child);
        if (child->start_at_us != 0 && (next < 0 || child->start_at_us - now < next))
            next = child->start_at_us - now;
    }
    return next;
}

void child_status_text(int status, char *out, unsigned size)
{
    if (WIFSIGNALED(status))
        snprintf(out, size, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(out, size, "exit status %d", WEXITSTATUS(status));
}

static void died(struct child *child, int status, bool stopping)
{
    char text[64];
    int64_t now = output_clock_us();
    child->pid = 0;
    child->status = status;
    if (stopping)
        return;
    if (now - child->started_us >= LONG_LIFE_US)
        child->backoff_us = child->deaths = 0;
    child->deaths++;
    child->backoff_us = child->backoff_us == 0 ? BACKOFF_FIRST_US : child->backoff_us * 2;
    if (child->backoff_us > BACKOFF_LONGEST_US)
        child->backoff_us = BACKOFF_LONGEST_US;
    child->start_at_us = now + child->backoff_us;
    child_status_text(status, text, sizeof text);
    fprintf(stderr, "baton: %s died (%s); it is started again in %.1f s\n", child->name, text,
            (double)child->backoff_us / 1e6);
}

void children_reap(struct children *c, bool stopping)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (unsigned i = 0; i < c->n; i++)
            if (c->all[i].pid == pid)
                died(&c->all[i], status, stopping);
}

bool child_signal(const struct child *child, int signal)
{
    return child->pid > 0 && kill(child->pid, signal) == 0;
}

unsigned children_running(const struct children *c)
{
    unsigned n = 0;
    for (unsigned i = 0; i < c->n; i++)
        n += c->all[i].pid > 0;
    return n;
}
