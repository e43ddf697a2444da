/* `baton up`: starts every service and keeps it running until it is told to stop. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/client.h"
#include "services/mailbox/files.h"
#include "tool/children.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/port.h"

enum {
    ASK_EVERY_MS = 20,
    SHOW_AFTER_US = 1000000,
    GATEWAY_GRACE_US = 4000000, /* of the ten seconds: what is under way may still need the services */
    STOP_US = 10000000,
    GATEWAY_DEATHS_MAX = 3,
    READY_TEXT_MAX = 4096,
    SECRET_MAX = 256,
};

enum { GATEWAY = CLIENT_SERVICES };

struct up {
    struct tool *tool;
    const char *address, *port, *public_url;
    bool demo, private_network;
    char self[PATH_MAX];
    char programs[CLIENT_SERVICES + 1][PATH_MAX + 64];
    struct children children;
    int signals;
    bool ready, stopping, shown_waiting;
    struct child *mailbox; /* NULL: there was nothing to watch so far */
    char mailbox_program[PATH_MAX + 64];
    int64_t started_us;
    char url[512];
    struct timespec old_url;
    struct buffer ready_text;
    CURL *curl;
};

/* --- before anything is started --- */

static bool path_of(const struct up *u, const char *name, char out[PATH_MAX])
{
    int n = snprintf(out, PATH_MAX, "%s/%s", u->tool->data_dir, name);
    if (n > 0 && n < PATH_MAX)
        return true;
    fprintf(stderr, "error: the path of %s is too long\n", u->tool->data_dir);
    return false;
}

/* Held until this process ends; says who else holds it. */
static bool lock_folder(const struct up *u)
{
    char path[PATH_MAX], text[32] = "";
    if (mkdir(u->tool->data_dir, 0700) != 0 && errno != EEXIST) {
        fprintf(stderr, "error: cannot make %s: %s\n", u->tool->data_dir, strerror(errno));
        return false;
    }
    if (!path_of(u, "up.lock", path))
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        fprintf(stderr, "error: cannot open %s: %s\n", path, strerror(errno));
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = read(fd, text, sizeof text - 1);
        fprintf(stderr, "error: Baton is already running on %s (pid %.*s)\n", u->tool->data_dir,
                n > 0 ? (int)n : 1, n > 0 ? text : "?");
        return false;
    }
    int n = snprintf(text, sizeof text, "%d", (int)getpid());
    if (ftruncate(fd, 0) == 0 && write(fd, text, (size_t)n) == n)
        return true;
    fprintf(stderr, "error: cannot write %s: %s\n", path, strerror(errno));
    return false;
}

static bool find_programs(struct up *u)
{
    ssize_t n = readlink("/proc/self/exe", u->self, sizeof u->self - 1);
    char *slash = n > 0 ? strrchr(u->self, '/') : NULL;
    if (slash == NULL) {
        fprintf(stderr, "error: cannot tell where this program is: %s\n", strerror(errno));
        return false;
    }
    for (unsigned i = 0; i <= CLIENT_SERVICES; i++) {
        snprintf(u->programs[i], sizeof u->programs[i], "%.*s/baton-%s", (int)(slash - u->self), u->self,
                 i == GATEWAY ? "gateway" : client_services[i]);
        if (access(u->programs[i], X_OK) != 0) {
            fprintf(stderr, "error: %s: %s; build Baton first\n", u->programs[i], strerror(errno));
            return false;
        }
    }
    snprintf(u->mailbox_program, sizeof u->mailbox_program, "%.*s/baton-mailbox", (int)(slash - u->self),
             u->self);
    return true;
}

static void add_child(struct up *u, const char *name, const char *program, const char *const *more)
{
    struct child *c = &u->children.all[u->children.n++];
    unsigned n = 0;
    *c = (struct child){.name = name, .start_at_us = 1};
    c->arguments[n++] = program;
    for (; *more != NULL; more++)
        c->arguments[n++] = *more;
}

static void plan_children(struct up *u)
{
    const char *data = u->tool->data_dir;
    for (unsigned i = 0; i < CLIENT_SERVICES; i++)
        add_child(u, client_services[i], u->programs[i],
                  (const char *[]){"--data", data, u->private_network ? "--private-network" : NULL, NULL});
    add_child(u, "gateway", u->programs[GATEWAY],
              (const char *[]){"--data", data, "--address", u->address, "--port", u->port,
                               u->public_url != NULL ? "--public-url" : NULL, u->public_url, NULL});
}

static bool watch_signals(struct up *u)
{
    sigset_t set;
    sigemptyset(&set);
    const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1};
    for (unsigned i = 0; i < sizeof watched / sizeof *watched; i++)
        sigaddset(&set, watched[i]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
        u->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (u->signals < 0)
        fprintf(stderr, "error: cannot watch signals: %s\n", strerror(errno));
    return u->signals >= 0;
}

/* --- until it is ready --- */

static size_t receive(char *data, size_t size, size_t n, void *arg)
{
    (void)buffer_add(arg, data, size * n); /* only to be shown: what does not fit is not */
    return size * n;
}

static bool read_secret(const struct up *u, const char *name, char *out, size_t size)
{
    char path[PATH_MAX];
    if (!path_of(u, name, path))
        return false;
    FILE *f = fopen(path, "re");
    bool found = f != NULL && fgets(out, (int)size, f) != NULL;
    if (f != NULL)
        (void)fclose(f); /* only read */
    if (found)
        out[strcspn(out, "\r\n")] = '\0';
    return found && *out != '\0';
}

/* Which file it is: the gateway replaces the one an earlier run may have left. */
static struct timespec url_written(const struct up *u)
{
    char path[PATH_MAX];
    struct stat st;
    if (!path_of(u, "gateway.url", path) || stat(path, &st) != 0)
        return (struct timespec){0};
    return st.st_mtim;
}

/* Our gateway writes its address once it listens, so nobody else on this port is mistaken for it. */
static bool is_ready(struct up *u)
{
    char address[sizeof u->url + 16];
    long status = 0;
    struct timespec written = url_written(u);
    if ((written.tv_sec == u->old_url.tv_sec && written.tv_nsec == u->old_url.tv_nsec) ||
        !read_secret(u, "gateway.url", u->url, sizeof u->url))
        return false;
    snprintf(address, sizeof address, "%s/readyz", u->url);
    buffer_clear(&u->ready_text);
    curl_easy_setopt(u->curl, CURLOPT_URL, address);
    curl_easy_setopt(u->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(u->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(u->curl, CURLOPT_TIMEOUT_MS, 2000L);
    curl_easy_setopt(u->curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(u->curl, CURLOPT_WRITEDATA, &u->ready_text);
    if (curl_easy_perform(u->curl) != CURLE_OK)
        return false;
    curl_easy_getinfo(u->curl, CURLINFO_RESPONSE_CODE, &status);
    return status == 200;
}

static void show_waiting(struct up *u)
{
    int64_t waited = output_clock_us() - u->started_us;
    struct arena *a = arena_new(1 << 16);
    if (isatty(STDERR_FILENO) == 1)
        fprintf(stderr, "\rwaiting for the services, %.0f s: %.150s\033[K", (double)waited / 1e6,
                output_text(a, buffer_cstr(&u->ready_text)));
    else if (!u->shown_waiting && waited > SHOW_AFTER_US)
        fprintf(stderr, "waiting for the services\n");
    u->shown_waiting = waited > SHOW_AFTER_US;
    arena_free(a);
}

static void announce(struct up *u)
{
    char secret[SECRET_MAX];
    const char *url = u->public_url != NULL ? u->public_url : u->url;
    FILE *out = u->tool->out;
    if (isatty(STDERR_FILENO) == 1)
        fputs("\r\033[K", stderr);
    fprintf(out, "Baton is ready: %s\n", url);
    if (read_secret(u, "setup.token", secret, sizeof secret))
        fprintf(out, "Set up the administrator (works once): %s/setup#token=%s\n", url, secret);
    fprintf(out, "Data: %s   Stop: Ctrl-C\n", u->tool->data_dir);
    (void)fflush(out); /* nobody may be reading, and Baton runs all the same */
}

/* A port chosen by the system stays the same when the gateway is started again. */
static void keep_port(struct up *u, struct child *gateway)
{
    const char *colon = strrchr(u->url, ':');
    for (unsigned i = 0; colon && gateway->arguments[i]; i++)
        if (gateway->arguments[i] == u->port)
            gateway->arguments[i] = colon + 1;
}

/* `baton mailbox` has changed the list: who watches ends, and begins with the new one. */
static void watch_mailboxes(struct up *u)
{
    char path[PATH_MAX];
    if (u->mailbox != NULL) {
        (void)child_signal(u->mailbox, SIGTERM); /* whoever is gone begins anew */
        return;
    }
    if (!path_of(u, MAILBOXES_FILE, path) || access(path, F_OK) != 0)
        return;
    u->mailbox = &u->children.all[u->children.n];
    add_child(u, "mailbox", u->mailbox_program, (const char *[]){"--data", u->tool->data_dir, NULL});
}

static void become_ready(struct up *u)
{
    u->ready = true;
    keep_port(u, &u->children.all[GATEWAY]);
    announce(u);
    watch_mailboxes(u);
    if (u->demo)
        add_child(u, "demo", u->self, (const char *[]){"demo", "--live", "--data", u->tool->data_dir, NULL});
}

static bool gateway_is_hopeless(const struct up *u)
{
    const struct child *gateway = &u->children.all[GATEWAY];
    char text[64];
    if (u->ready || gateway->deaths < GATEWAY_DEATHS_MAX)
        return false;
    child_status_text(gateway->status, text, sizeof text);
    fprintf(stderr, "error: the gateway cannot start (%s); what it says above is why\n", text);
    return true;
}

/* --- running and stopping --- */

static bool was_told_to_stop(struct up *u)
{
    struct signalfd_siginfo info;
    bool stop = false;
    while (read(u->signals, &info, sizeof info) == sizeof info)
        if (info.ssi_signo == SIGUSR1 && u->ready)
            watch_mailboxes(u);
        else if (info.ssi_signo != SIGUSR1)
            stop = stop || info.ssi_signo != SIGCHLD;
    return stop;
}

/* Until it is told to stop (true) or cannot go on (false). */
static bool keep_running(struct up *u)
{
    for (;;) {
        int64_t next_us = children_start_due(&u->children);
        int timeout = next_us < 0 ? -1 : (int)(next_us / 1000) + 1;
        if (!u->ready && (timeout < 0 || timeout > ASK_EVERY_MS))
            timeout = ASK_EVERY_MS;
        struct pollfd wait = {.fd = u->signals, .events = POLLIN};
        (void)poll(&wait, 1, timeout); /* whatever woke it up, all is looked at */
        if (was_told_to_stop(u))
            return true;
        children_reap(&u->children, false);
        if (gateway_is_hopeless(u))
            return false;
        if (!u->ready && is_ready(u))
            become_ready(u);
        else if (!u->ready)
            show_waiting(u);
    }
}

/* Waits until `child` (NULL: all of them) is gone, at most until `deadline`, or until told to hurry. */
static bool wait_gone(struct up *u, const struct child *child, int64_t deadline)
{
    for (;;) {
        children_reap(&u->children, true);
        if (child != NULL ? child->pid == 0 : children_running(&u->children) == 0)
            return true;
        int64_t left = deadline - output_clock_us();
        if (left <= 0)
            return false;
        struct pollfd wait = {.fd = u->signals, .events = POLLIN};
        (void)poll(&wait, 1, (int)(left / 1000) + 1); /* as above */
        if (was_told_to_stop(u))
            return false;
    }
}

static void signal_all(const struct up *u, int signal)
{
    for (unsigned i = 0; i < u->children.n; i++)
        (void)child_signal(&u->children.all[i], signal); /* whoever is gone needs none */
}

static void stop_all(struct up *u)
{
    int64_t now = output_clock_us();
    fprintf(stderr, "baton: stopping\n");
    for (unsigned i = GATEWAY; i < u->children.n; i++)
        (void)child_signal(&u->children.all[i],
                           SIGTERM); /* the demo too: it has nothing to talk to any more */
    bool patient = wait_gone(u, &u->children.all[GATEWAY], now + GATEWAY_GRACE_US);
    signal_all(u, SIGTERM);
    if (wait_gone(u, NULL, patient ? now + STOP_US : now + STOP_US / 2))
        return;
    fprintf(stderr, "baton: %u processes did not stop in time and are killed\n",
            children_running(&u->children));
    signal_all(u, SIGKILL);
    (void)wait_gone(u, NULL, output_clock_us() + STOP_US); /* the kernel does the rest */
}

static int run(struct up *u)
{
    if (!find_programs(u) || !watch_signals(u) || !lock_folder(u) || !port_is_free(u->address, u->port))
        return TOOL_FAILED;
    u->old_url = url_written(u);
    u->started_us = output_clock_us();
    u->curl = curl_easy_init();
    buffer_init(&u->ready_text, READY_TEXT_MAX);
    plan_children(u);
    bool told = keep_running(u);
    stop_all(u);
    buffer_release(&u->ready_text);
    curl_easy_cleanup(u->curl);
    (void)close(u->signals); /* only read */
    return told ? TOOL_OK : TOOL_FAILED;
}

int tool_up(struct tool *t, int argc, char **argv)
{
    struct up *u = calloc(1, sizeof *u);
    int first, status = TOOL_USAGE;
    if (u == NULL)
        return TOOL_FAILED;
    *u = (struct up){.tool = t, .address = "127.0.0.1", .port = "8080", .signals = -1};
    const struct option_row rows[] = {
        {"port", OPTION_TEXT, &u->port},
        {"address", OPTION_TEXT, &u->address},
        {"public-url", OPTION_TEXT, &u->public_url},
        {"private-network", OPTION_FLAG, &u->private_network},
        {"demo", OPTION_FLAG, &u->demo},
    };
    if (options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        status = run(u);
    free(u);
    return status;
}
