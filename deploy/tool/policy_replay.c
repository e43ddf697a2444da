/* `baton policy replay`: every routing decision of the log once more, by the policies of then or by another.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rfc3339.h"
#include "services/leads/rows.h"
#include "store/log.h"
#include "store/scratch.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/policy_file.h"
#include "tool/policy_report.h"

enum {
    COMMIT_EVERY = 20000,
    RECORD_MEMORY = 512 << 20,
    REPORT_MEMORY = 1 << 30,
    LISTED = 20,
    LISTED_MAX = 1000000,
    PICTURE_MAX = 64 << 20
};

struct wanted {
    const char *policy, *from, *to, *csv, *svg;
    long version, list, skip;
    int64_t from_us, to_us;
};

/* One way the leads went, or might have gone. */
struct way {
    char dir[SCRATCH_PATH_SIZE];
    struct store *store;
    struct txn *txn;
    struct leads_replay *replay;
    uint64_t records;
};

struct run {
    const struct wanted *wanted;
    struct store *store; /* the live one */
    struct txn *txn;
    const Baton__Policy *candidate; /* NULL: none */
    struct way went, would;
    bool tried;
    struct report report;
    struct arena *arena, *record;
};

static bool way_open(struct way *w, const struct leads_replay_watch *watch, bool tries)
{
    struct table_def tables[LEADS_TABLES];
    leads_replay_tables(tables, tries);
    if (!scratch_make(NULL, w->dir)) {
        fprintf(stderr, "error: cannot make %s: %s\n", w->dir, strerror(errno));
        return false;
    }
    w->store = store_open(
        &(struct store_options){.dir = w->dir, .scratch = true, .tables = tables, .n_tables = LEADS_TABLES});
    scratch_remove(w->dir);
    w->txn = w->store != NULL ? store_begin(w->store, true) : NULL;
    if (w->txn != NULL)
        w->replay = leads_replay_new(w->txn, watch);
    return w->txn != NULL;
}

static void way_close(struct way *w)
{
    leads_replay_free(w->replay);
    if (w->txn != NULL)
        store_abort(w->txn);
    store_close(w->store);
}

/* False: there is no room for its rows; said. */
static bool way_record(struct way *w, const Baton__LogRecord *record, struct arena *a)
{
    leads_replay_record(w->replay, record, a);
    if (++w->records % COMMIT_EVERY != 0)
        return true;
    bool good = store_commit(w->txn);
    w->txn = good ? store_begin(w->store, true) : NULL;
    leads_replay_go_on(w->replay, w->txn);
    return w->txn != NULL;
}

/* --- the walk --- */

static bool take(struct run *run, const Baton__LogRecord *record)
{
    if (!way_record(&run->went, record, run->record))
        return false;
    if (run->candidate == NULL)
        return true;
    if (!run->tried && (int64_t)record->time_us >= run->wanted->from_us) {
        leads_replay_try(run->would.replay, run->candidate, run->record);
        run->tried = true;
    }
    return way_record(&run->would, record, run->record);
}

static bool walk(struct run *run, struct progress *progress)
{
    struct log_walk walk;
    struct bytes stored;
    uint64_t seq;
    bool good = true;
    log_walk_open(&walk, run->txn);
    while (good && log_walk_next(&walk, &seq, &stored)) {
        arena_reset(run->record);
        const Baton__LogRecord *record = seal_read(run->txn, stored, run->record);
        if (record == NULL) {
            fprintf(stderr, "error: record %" PRIu64 " cannot be read; `baton verify` says more\n", seq);
            good = false;
        } else if ((int64_t)record->time_us > run->wanted->to_us)
            break;
        else
            good = take(run, record);
        progress_show(progress, ++run->report.records);
    }
    log_walk_close(&walk);
    return good;
}

/* --- from the command line to the ways --- */

static bool day(const char *text, const char *option, int64_t *out_us)
{
    int64_t seconds;
    int32_t nanos;
    if (text == NULL)
        return true;
    if (!option_time(option, text, &seconds, &nanos))
        return false;
    *out_us = seconds * 1000000 + nanos / 1000;
    return true;
}

static bool read_options(struct wanted *w, int argc, char **argv)
{
    int first;
    const struct option_row rows[] = {
        {"policy", OPTION_TEXT, &w->policy}, {"version", OPTION_NUMBER, &w->version},
        {"from", OPTION_TEXT, &w->from},     {"to", OPTION_TEXT, &w->to},
        {"csv", OPTION_TEXT, &w->csv},       {"svg", OPTION_TEXT, &w->svg},
        {"list", OPTION_NUMBER, &w->list},   {"skip", OPTION_NUMBER, &w->skip},
    };
    *w = (struct wanted){.list = LISTED, .from_us = INT64_MIN, .to_us = INT64_MAX};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first) ||
        !day(w->from, "from", &w->from_us) || !day(w->to, "to", &w->to_us))
        return false;
    if (w->list < 0 || w->list > LISTED_MAX || w->skip < 0 || w->version < 0) {
        fprintf(stderr, "error: --list wants at most %d, and no number may be below zero\n", LISTED_MAX);
        return false;
    }
    if (w->policy != NULL && w->version > 0) {
        fprintf(stderr, "error: either --policy or --version\n");
        return false;
    }
    return true;
}

static bool find_candidate(struct run *run)
{
    struct key key;
    const struct wanted *w = run->wanted;
    if (w->policy != NULL)
        run->candidate = policy_file_read(w->policy, run->arena);
    else if (w->version > 0) {
        key_init(&key);
        key_u64(&key, (uint64_t)w->version);
        run->candidate = table_get(run->txn, LEADS_POLICY, &key, run->arena);
        if (run->candidate == NULL)
            fprintf(stderr, "error: there is no version %ld of the policy\n", w->version);
    } else
        return true;
    return run->candidate != NULL && policy_file_check(run->candidate, run->txn, run->arena);
}

static bool open_ways(struct run *run)
{
    const struct leads_replay_watch went = {&run->report, report_differs, report_as_it_went};
    const struct leads_replay_watch would = {&run->report, report_differs, report_as_it_would_go};
    return way_open(&run->went, &went, false) &&
           (run->candidate == NULL || way_open(&run->would, &would, true));
}

static bool write_file(const char *path, const struct report *r, void (*write)(const struct report *, FILE *))
{
    FILE *f = fopen(path, "we");
    if (f != NULL)
        write(r, f);
    if (f != NULL && ferror(f) == 0 && fclose(f) == 0)
        return true;
    fprintf(stderr, "error: cannot write %s: %s\n", path, strerror(errno));
    return false;
}

static void write_picture(const struct report *r, FILE *f)
{
    struct buffer b;
    buffer_init(&b, PICTURE_MAX);
    report_picture(r, &b);
    fwrite(b.data, 1, b.size, f); /* what goes wrong is seen by ferror */
    buffer_release(&b);
}

static int show(struct run *run, struct tool *t)
{
    struct report *r = &run->report;
    const struct wanted *w = run->wanted;
    r->decisions = leads_replay_decisions(run->went.replay);
    report_names(r, run->txn);
    if (r->compares)
        report_moves(r, run->went.txn, run->would.txn);
    report_print(r, t);
    if (w->csv != NULL && !write_file(w->csv, r, report_csv))
        return TOOL_FAILED;
    if (w->svg != NULL && !write_file(w->svg, r, write_picture))
        return TOOL_FAILED;
    return r->differences == 0 ? TOOL_OK : TOOL_FAILED;
}

static int replay(struct run *run, struct tool *t)
{
    struct progress progress;
    if (!find_candidate(run))
        return TOOL_REFUSED;
    report_init(&run->report, run->arena, run->candidate != NULL, run->wanted->from_us);
    run->report.skip = (uint64_t)run->wanted->skip;
    run->report.most = (uint64_t)run->wanted->list;
    if (!open_ways(run))
        return TOOL_FAILED;
    progress_start(&progress, "records", log_head(run->store).seq, t->json || isatty(STDERR_FILENO) != 1);
    bool good = walk(run, &progress);
    progress_end(&progress);
    return good ? show(run, t) : TOOL_FAILED;
}

int tool_policy_replay(struct tool *t, int argc, char **argv)
{
    struct wanted wanted;
    if (!read_options(&wanted, argc, argv))
        return TOOL_USAGE;
    struct run run = {.wanted = &wanted, .store = policy_store_open(t)};
    if (run.store == NULL)
        return TOOL_FAILED;
    run.arena = arena_new(REPORT_MEMORY);
    run.record = arena_new(RECORD_MEMORY);
    run.txn = store_begin(run.store, false);
    int status = run.txn != NULL ? replay(&run, t) : TOOL_FAILED;
    way_close(&run.would);
    way_close(&run.went);
    report_release(&run.report);
    if (run.txn != NULL)
        store_abort(run.txn);
    store_close(run.store);
    arena_free(run.record);
    arena_free(run.arena);
    return status;
}
