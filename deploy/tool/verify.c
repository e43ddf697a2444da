/* `baton verify`: proves of every service that its rows are what its log says, and that no lead is lost. */
#include "tool/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
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
#include "tool/options.h"
#include "tool/output.h"

enum { ARENA_LIMIT = 512 << 20, PATH_SIZE = 4096 };

static const struct service_def *const all[VERIFY_SERVICES] = {
    &directory_service,     &contacts_service,  &leads_service,
    &opportunities_service, &documents_service, &notifications_service,
};

const struct service_def *verify_service(const char *name)
{
    for (unsigned i = 0; i < VERIFY_SERVICES; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

/* Gone at once, while it is open: nothing is left over, however this ends. */
static void remove_scratch(const char *dir)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "owner.lock"};
    char path[PATH_SIZE + 16];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        (void)unlink(path); /* the second time there is none */
    }
    if (rmdir(dir) != 0 && errno != ENOENT)
        fprintf(stderr, "warning: %s is left over: %s\n", dir, strerror(errno));
}

/* --- in the process that looks at one service --- */

static struct store *open_store(const struct service_def *def, const char *dir, bool scratch)
{
    return store_open(&(struct store_options){.dir = dir,
                                              .read_only = !scratch,
                                              .no_sync = scratch,
                                              .tables = def->tables,
                                              .n_tables = def->n_tables});
}

static void check_all(struct verify *v)
{
    verify_log(v);
    verify_rows(v);
    if (v->def == &leads_service)
        verify_custody(v);
    verify_cursors(v);
    v->result->finished = true;
}

static void look_at(struct verify *v, const char *scratch_dir)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", v->data_dir, v->def->name);
    v->store = open_store(v->def, path, false);
    v->scratch = open_store(v->def, scratch_dir, true);
    remove_scratch(scratch_dir);
    v->txn = v->store != NULL ? store_begin(v->store, false) : NULL;
    v->arena = arena_new(ARENA_LIMIT);
    if (v->txn != NULL && v->scratch != NULL) {
        v->log_bucket = store_bucket(v->store, "log");
        check_all(v);
    }
    if (v->txn != NULL)
        store_abort(v->txn);
    store_close(v->store);
    store_close(v->scratch);
    arena_free(v->arena);
}

/* --- in the process that sums up --- */

static bool has_run(const struct verify *v)
{
    char path[PATH_SIZE];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s/data.mdb", v->data_dir, v->def->name);
    return stat(path, &st) == 0;
}

/* False: the operating system would not; said on standard error. */
static bool check_service(struct verify *v)
{
    char scratch[PATH_SIZE];
    const char *temporary = getenv("TMPDIR");
    int status;
    if (!has_run(v)) {
        v->result->absent = v->result->finished = true;
        return true;
    }
    snprintf(scratch, sizeof scratch, "%s/baton-verify.XXXXXX",
             temporary != NULL && *temporary ? temporary : "/tmp");
    if (mkdtemp(scratch) == NULL) {
        fprintf(stderr, "error: cannot make %s: %s\n", scratch, strerror(errno));
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        look_at(v, scratch);
        _exit(0);
    }
    bool good = pid > 0 && waitpid(pid, &status, 0) == pid;
    if (!good)
        fprintf(stderr, "error: cannot start a process: %s\n", strerror(errno));
    remove_scratch(scratch);
    if (good && !v->result->finished)
        verify_found(v, "the store cannot be read to its end; what it says above is why");
    return good;
}

static void print_json(struct tool *t, const struct verify_result *results)
{
    struct buffer b;
    buffer_init(&b, 1 << 20);
    buffer_char(&b, '[');
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        const struct verify_result *r = &results[i];
        uint64_t shown = r->n_findings < VERIFY_FINDINGS_MAX ? r->n_findings : VERIFY_FINDINGS_MAX;
        buffer_printf(
            &b, "%s\n{\"service\":\"%s\",\"records\":%" PRIu64 ",\"rows\":%" PRIu64 ",\"cursors\":%" PRIu64,
            i > 0 ? "," : "", all[i]->name, r->records, r->rows, r->cursors);
        if (all[i] == &leads_service)
            buffer_printf(&b,
                          ",\"received\":%" PRIu64 ",\"held\":%" PRIu64 ",\"merged\":%" PRIu64
                          ",\"rejected\":%" PRIu64,
                          r->received, r->held, r->merged, r->rejected);
        buffer_printf(&b, ",\"wrong\":%" PRIu64 ",\"findings\":[", r->n_findings);
        for (uint64_t f = 0; f < shown; f++) {
            buffer_text(&b, f > 0 ? "," : "");
            (void)schema_json_string(&b, r->findings[f]); /* far below the limit */
        }
        buffer_text(&b, "]}");
    }
    fprintf(t->out, "%s\n]\n", buffer_cstr(&b));
    buffer_release(&b);
}

static void print_findings(struct tool *t, const char *service, const struct verify_result *r,
                           struct arena *a)
{
    uint64_t shown = r->n_findings < VERIFY_FINDINGS_MAX ? r->n_findings : VERIFY_FINDINGS_MAX;
    for (uint64_t i = 0; i < shown; i++)
        fprintf(t->out, "%s: %s\n", service, output_text(a, r->findings[i]));
    if (shown < r->n_findings)
        fprintf(t->out, "%s: and %" PRIu64 " more\n", service, r->n_findings - shown);
}

static void print_results(struct tool *t, const struct verify_result *results, bool good)
{
    struct arena *a = arena_new(ARENA_LIMIT);
    struct grid g;
    grid_init(&g, a, "service|>records|>rows|>followed|result");
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        const struct verify_result *r = &results[i];
        const char *text = r->absent ? "has never run" : r->n_findings == 0 ? "good" : "WRONG";
        grid_add(&g, (const char *[]){all[i]->name, output_number(a, r->records), output_number(a, r->rows),
                                      output_number(a, r->cursors), text});
    }
    grid_print(&g, t);
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        const struct verify_result *r = &results[i];
        print_findings(t, all[i]->name, r, a);
        if (all[i] == &leads_service && !r->absent)
            fprintf(t->out, "leads: %s received = %s held + %s merged + %s rejected\n",
                    output_number(a, r->received), output_number(a, r->held), output_number(a, r->merged),
                    output_number(a, r->rejected));
    }
    fprintf(t->out, "%s\n", good ? "Everything is as the logs say." : "Something is wrong; see above.");
    arena_free(a);
}

int tool_verify(struct tool *t, int argc, char **argv)
{
    int first;
    bool good = true, any = false;
    size_t size = VERIFY_SERVICES * sizeof(struct verify_result);
    if (!options_read(NULL, 0, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    struct verify_result *results =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (results == MAP_FAILED) {
        fprintf(stderr, "error: no memory: %s\n", strerror(errno));
        return TOOL_FAILED;
    }
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        struct verify v = {.data_dir = t->data_dir,
                           .def = all[i],
                           .result = &results[i],
                           .quiet = t->json || isatty(STDERR_FILENO) != 1};
        good = check_service(&v) && good;
        good = good && (results[i].n_findings == 0);
        any = any || !results[i].absent;
    }
    if (any && t->json)
        print_json(t, results);
    else if (any)
        print_results(t, results, good);
    else
        fprintf(stderr, "error: there is nothing of Baton's in %s\n", t->data_dir);
    (void)munmap(results, size); /* the process ends anyway */
    return good && any ? TOOL_OK : TOOL_FAILED;
}
