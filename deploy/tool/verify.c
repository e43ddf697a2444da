/* `baton verify`: proves of every service that its rows are what its log says, and that no lead is lost. */
#include "tool/verify.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/contacts/contacts.h"
#include "services/directory/directory.h"
#include "services/documents/documents.h"
#include "services/leads/leads.h"
#include "services/notifications/notifications.h"
#include "services/opportunities/opportunities.h"
#include "store/scratch.h"
#include "tool/options.h"
#include "tool/output.h"

enum { ARENA_LIMIT = 512 << 20, SHOW_EVERY_MS = 100, SMALL = 16 << 20 };

/* The largest first: what takes longest should not begin last. */
static const struct service_def *const all[VERIFY_SERVICES] = {
    &leads_service,         &notifications_service, &contacts_service,
    &opportunities_service, &directory_service,     &documents_service,
};

int verify_service(const char *name)
{
    for (int i = 0; i < VERIFY_SERVICES; i++)
        if (strcmp(all[i]->name, name) == 0)
            return i;
    return -1;
}

const struct service_def *verify_def(unsigned service)
{
    return all[service];
}

void verify_found(struct verify_result *r, const char *format, ...)
{
    va_list args;
    uint64_t n = __atomic_fetch_add(&r->n_findings, 1, __ATOMIC_RELAXED);
    if (n >= VERIFY_FINDINGS_MAX)
        return;
    va_start(args, format);
    vsnprintf(r->findings[n], VERIFY_FINDING_SIZE, format, args);
    va_end(args);
}

/* --- in the process that looks at one part --- */

struct store *verify_open(const struct verify *v, const struct service_def *def,
                          const struct store_check *check)
{
    char path[VERIFY_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", v->data_dir, def->name);
    return store_open(&(struct store_options){.dir = path,
                                              .read_only = true,
                                              .tolerant = true,
                                              .check = check,
                                              .tables = def->tables,
                                              .n_tables = def->n_tables});
}

static void on_damage(void *arg, const char *what)
{
    verify_found(arg, "%s", what);
}

static void look_at_pages(struct verify *v)
{
    const struct store_check check = {.arg = v->result, .wrong = on_damage};
    struct store *store = verify_open(v, v->def, &check);
    v->result->sound = store != NULL;
    if (store == NULL && v->result->n_findings == 0)
        verify_found(v->result, "the store cannot be opened");
    store_close(store);
}

static void look_at_log(struct verify *v)
{
    v->scratch = store_open(&(struct store_options){
        .dir = v->scratch_dir, .scratch = true, .tables = v->def->tables, .n_tables = v->def->n_tables});
    scratch_remove(v->scratch_dir);
    if (v->scratch == NULL) {
        verify_found(v->result, "the scratch store cannot be written");
        return;
    }
    v->result->to_do = log_head(v->store).seq;
    verify_log(v);
    verify_rows(v);
    if (v->def == &leads_service)
        verify_taken_in(v);
    verify_cursors(v);
    store_close(v->scratch);
}

static void look_at_tables(struct verify *v)
{
    verify_tables(v);
    if (v->def == &leads_service)
        verify_custody(v);
    verify_inbox(v);
}

enum part_kind { PART_PAGES, PART_LOG, PART_TABLES, PART_FILES, N_PARTS };
static const struct {
    void (*look)(struct verify *v);
    bool opened; /* needs the store, and pages that are sound */
} parts[N_PARTS] = {
    [PART_PAGES] = {look_at_pages, false},
    [PART_LOG] = {look_at_log, true},
    [PART_TABLES] = {look_at_tables, true},
    [PART_FILES] = {verify_files, true},
};

static void look_at(struct verify *v, enum part_kind kind)
{
    v->arena = arena_new(ARENA_LIMIT);
    if (!parts[kind].opened) {
        parts[kind].look(v);
    } else {
        v->store = verify_open(v, v->def, NULL);
        v->txn = v->store != NULL ? store_begin(v->store, false) : NULL;
        if (v->txn != NULL)
            parts[kind].look(v);
        else
            verify_found(v->result, "the store cannot be opened");
        if (v->txn != NULL)
            store_abort(v->txn);
        store_close(v->store);
    }
    arena_free(v->arena);
}

/* All parts, where each would be through before a process of its own was started. */
static void look_at_all(struct verify *v)
{
    for (unsigned kind = 0; kind < N_PARTS && (kind == PART_PAGES || v->result->sound); kind++)
        look_at(v, kind);
}

/* --- in the process that sums up --- */

struct part {
    enum { WAITS, RUNS, ENDED } state;
    pid_t pid;
    char scratch[SCRATCH_PATH_SIZE]; /* "": none */
};

struct run {
    const char *data_dir;
    struct verify_result *results; /* shared */
    bool small[VERIFY_SERVICES];   /* one process looks at all of it */
    struct part parts[N_PARTS][VERIFY_SERVICES];
    unsigned running, most;
    bool failed; /* the operating system would not; said */
};

/* Has it ever run, and is there much of it? */
static void look_for(struct run *run, unsigned service)
{
    char path[VERIFY_PATH_SIZE];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s/data.mdb", run->data_dir, all[service]->name);
    run->results[service].service = all[service]->name;
    run->results[service].absent = stat(path, &st) != 0;
    run->small[service] = !run->results[service].absent && st.st_size < SMALL;
}

static void start_part(struct run *run, enum part_kind kind, unsigned service)
{
    struct part *p = &run->parts[kind][service];
    struct verify v = {.data_dir = run->data_dir,
                       .scratch_dir = p->scratch,
                       .def = all[service],
                       .result = &run->results[service]};
    p->state = ENDED;
    if ((kind == PART_LOG || run->small[service]) && !scratch_make(NULL, p->scratch)) {
        fprintf(stderr, "error: cannot make %s: %s\n", p->scratch, strerror(errno));
        run->failed = true;
        return;
    }
    p->pid = fork();
    if (p->pid == 0) {
        run->small[service] ? look_at_all(&v) : look_at(&v, kind);
        _exit(0);
    }
    if (p->pid < 0) {
        fprintf(stderr, "error: cannot start a process: %s\n", strerror(errno));
        run->failed = true;
        return;
    }
    p->state = RUNS;
    run->running++;
}

static bool may_start(const struct run *run, enum part_kind kind, unsigned service)
{
    if (run->parts[kind][service].state != WAITS || (run->small[service] && kind != PART_PAGES))
        return false;
    if (kind == PART_FILES && !all[service]->keeps_files)
        return false;
    return kind == PART_PAGES ||
           (run->parts[PART_PAGES][service].state == ENDED && run->results[service].sound);
}

static void start_what_may(struct run *run)
{
    for (unsigned kind = 0; kind < N_PARTS; kind++)
        for (unsigned i = 0; i < VERIFY_SERVICES && run->running < run->most && !run->failed; i++)
            if (!run->results[i].absent && may_start(run, kind, i))
                start_part(run, kind, i);
}

static void end_part(struct run *run, enum part_kind kind, unsigned service, int status)
{
    struct part *p = &run->parts[kind][service];
    p->state = ENDED;
    run->running--;
    if (p->scratch[0])
        scratch_remove(p->scratch);
    if (status == 0)
        return;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS && p->scratch[0])
        verify_found(&run->results[service],
                     "it ended before it was through: the store cannot be read, or there is no "
                     "room for the rows its log makes (TMPDIR says where)");
    else
        verify_found(&run->results[service],
                     "the store cannot be read to its end; what it says above is why");
}

static void reap(struct run *run)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (unsigned kind = 0; kind < N_PARTS; kind++)
            for (unsigned i = 0; i < VERIFY_SERVICES; i++)
                if (run->parts[kind][i].state == RUNS && run->parts[kind][i].pid == pid)
                    end_part(run, kind, i, status);
}

static void show(const struct run *run, struct progress *progress)
{
    uint64_t done = 0;
    progress->total = 0;
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        done += __atomic_load_n(&run->results[i].records, __ATOMIC_RELAXED);
        progress->total += __atomic_load_n(&run->results[i].to_do, __ATOMIC_RELAXED);
    }
    if (progress->total > 0)
        progress_show(progress, done);
}

/* As many processes as there are processors, until every part has been looked at. */
static void run_all(struct run *run, bool quiet)
{
    const struct timespec pause = {.tv_nsec = SHOW_EVERY_MS * 1000000l};
    struct progress progress;
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &child, NULL); /* cannot fail with these arguments */
    progress_start(&progress, "records", 0, quiet);
    start_what_may(run);
    while (run->running > 0) {
        (void)sigtimedwait(&child, NULL, &pause); /* whichever way it ends, there is something to do */
        reap(run);
        start_what_may(run);
        show(run, &progress);
    }
    progress_end(&progress);
}

static bool sum_up(struct run *run, struct tool *t)
{
    bool good = !run->failed, any = false;
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        good = good && run->results[i].n_findings == 0;
        any = any || !run->results[i].absent;
    }
    if (any)
        verify_print(t, run->results, good);
    else
        fprintf(stderr, "error: there is nothing of Baton's in %s\n", run->data_dir);
    return good && any;
}

int tool_verify(struct tool *t, int argc, char **argv)
{
    int first;
    size_t size = VERIFY_SERVICES * sizeof(struct verify_result);
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct run run = {.data_dir = t->data_dir, .most = processors > 1 ? (unsigned)processors : 1};
    run.results = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (run.results == MAP_FAILED) {
        fprintf(stderr, "error: no memory: %s\n", strerror(errno));
        return TOOL_FAILED;
    }
    for (unsigned i = 0; i < VERIFY_SERVICES; i++)
        look_for(&run, i);
    run_all(&run, t->json || isatty(STDERR_FILENO) != 1);
    bool good = sum_up(&run, t);
    (void)munmap(run.results, size); /* the process ends anyway */
    return good ? TOOL_OK : TOOL_FAILED;
}
