/* A service as a process of the seeded world: it dies at any call, restarts from what it had committed, and
   its disk fails or fills. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contacts/contacts.h"
#include "documents/documents.h"
#include "leads/leads.h"
#include "notifications/notifications.h"
#include "opportunities/opportunities.h"
#include "sim/sim.h"
#include "store/copy.h"

enum { ANOTHER_EVERY = 3 };
static const uint64_t DISK_ROOM = 1ull << 40;

static const struct service_def *const defs[SERVICES] = {
    [DIRECTORY] = &directory_service, [CONTACTS] = &contacts_service,
    [LEADS] = &leads_service,         [OPPORTUNITIES] = &opportunities_service,
    [DOCUMENTS] = &documents_service, [NOTIFICATIONS] = &notifications_service,
};

static void touch(struct process *p, unsigned bucket, struct bytes key)
{
    if (p->n_touched == TOUCHED_MAX)
        return; /* ledger_look compares everything then */
    struct touched *t = &p->touched[p->n_touched++];
    assert(key.size <= sizeof t->key);
    t->bucket = bucket;
    t->size = (uint16_t)key.size;
    if (key.size)
        memcpy(t->key, key.data, key.size);
}

static bool due(int64_t *calls)
{
    return *calls > 0 && --*calls == 0;
}

/* Every call of the store passes here, before it is made. */
static int on_store_call(void *arg, struct store *s, enum store_call call, unsigned bucket, struct bytes key)
{
    struct process *p = arg;
    if (p->sim->looking)
        return 0;
    if (!p->store)
        p->store = s;
    const bool is_own = s == p->store; /* and none beside it, to be thrown away */
    if (call == STORE_BEGIN_WRITE && is_own)
        p->writing = true;
    if (call == STORE_ENDED) {
        p->writing = p->writing && !is_own;
        return 0;
    }
    if ((call == STORE_PUT || call == STORE_DELETE) && is_own)
        touch(p, bucket, key);
    if (due(&p->die_in))
        host_die(p->host);
    if (call == STORE_COMMITTED && p->fail_after_commit) {
        p->fail_after_commit = false;
        return EIO;
    }
    if (call == STORE_GET && p->fail_query && !p->writing && p->service && bucket >= table_bucket(s, 0)) {
        p->fail_query = false;
        return EIO;
    }
    bool counts = p->fail_call < 0 || p->fail_call == (int)call;
    return counts && due(&p->fail_in) ? p->fail_with : 0;
}

/* Every change of its files passes here, before it is made. */
static int on_files_call(void *arg, enum files_call call)
{
    struct process *p = arg;
    if (due(&p->die_in))
        host_die(p->host);
    if (p->disk_full && call != FILES_UNLINK)
        return ENOSPC;
    return p->fail_call < 0 && due(&p->fail_in) ? p->fail_with : 0;
}

static uint64_t disk_free(void *arg)
{
    const struct process *p = arg;
    return p->disk_full ? 0 : DISK_ROOM;
}

void process_init(struct process *p, struct sim *sim, enum service_number number)
{
    p->sim = sim;
    p->number = number;
    p->def = defs[number];
    p->host = host_new(sim->world, p->def->name);
    p->probe = (struct store_probe){.call = on_store_call, .disk_free = disk_free, .arg = p};
    snprintf(p->dir, sizeof p->dir, "%s/%s", sim->options.dir, p->def->name);
}

static void begin(void *arg)
{
    struct process *p = arg;
    const struct files_probe probe = {on_files_call, p};
    p->files = p->def->keeps_files ? service_files_open(p->dir, &probe) : NULL;
    struct service_options o = {.world = host_world(p->host),
                                .dir = p->dir,
                                .no_sync = true,
                                .probe = &p->probe,
                                .boot = &p->sim->boot,
                                .files = p->files};
    /* Now and then a program of another version, which makes its rows once more. */
    p->other = *p->def;
    p->other.form += ++p->starts % ANOTHER_EVERY == 0;
    p->service = service_new(&p->other, &o);
}

static void start_again(void *arg)
{
    struct process *p = arg;
    p->down = false;
    process_start(p);
}

static void restart_in(struct process *p, int64_t down_us)
{
    p->down = true;
    world_at(p->sim->world, world_now(p->sim->world) + down_us, start_again, p);
}

void process_start(struct process *p)
{
    if (p->service || p->down)
        return;
    p->store = NULL;
    p->harmed = p->die_in || p->fail_in || p->fail_after_commit || p->fail_query;
    p->n_touched = 0;
    bool alive = host_run(p->host, begin, p);
    if (alive && !p->service)
        p->store = NULL; /* which it has closed itself */
    if (!alive || !p->service) {
        process_died(p);
        return;
    }
    p->harmed = p->die_in || p->fail_in || p->fail_after_commit || p->fail_query;
    sim_trace(p->sim, "%s starts", p->def->name);
    ledger_reopen(&p->sim->ledgers[p->number]);
}

/* Without its service. */
static void store_by_itself(struct process *p)
{
    struct store_options o = {
        .dir = p->dir, .no_sync = true, .tables = p->def->tables, .n_tables = p->def->n_tables};
    p->store = store_open(&o);
    assert(p->store);
}

/* It may have committed, and told others, right before it died. */
static void autopsy(struct process *p)
{
    store_by_itself(p);
    ledger_look(&p->sim->ledgers[p->number]);
    store_close(p->store);
    p->store = NULL;
}

static void close_files(struct process *p)
{
    files_close(p->files);
    p->files = NULL;
}

/* What is left is what it had committed. The service's own memory is left where it is: the simulator is a
   process for one seed. */
static void bury(struct process *p)
{
    p->sim->looking = true;
    if (p->store)
        store_abandon(p->store);
    p->sim->looking = false;
    p->service = NULL; /* what it had in memory may be ahead of what it had committed */
    close_files(p);
    autopsy(p);
    p->writing = false;
    p->die_in = p->fail_in = 0;
    p->fail_after_commit = p->fail_query = false;
    host_clear(p->host);
    p->sim->options.stats->deaths++;
}

void process_died(struct process *p)
{
    if (!p->harmed)
        sim_wrong(p->sim, "alive: %s ended by itself: %s", p->def->name, p->last_line);
    sim_trace(p->sim, "%s died: %s", p->def->name, p->last_line);
    bury(p);
    restart_in(p, SIM_SECOND / 2);
}

void process_kill(struct process *p, int64_t down_us)
{
    if (!p->service)
        return;
    sim_trace(p->sim, "%s is killed", p->def->name);
    bury(p);
    restart_in(p, down_us);
}

static void end(void *arg)
{
    struct process *p = arg;
    service_free(p->service);
}

void process_stop(struct process *p, int64_t down_us)
{
    if (!p->service)
        return;
    sim_trace(p->sim, "%s is stopped", p->def->name);
    if (!host_run(p->host, end, p)) {
        process_died(p);
        return;
    }
    p->service = NULL;
    p->store = NULL;
    close_files(p);
    host_clear(p->host);
    restart_in(p, down_us);
}

/* --- backups --- */

static bool copy_file(const char *from, const char *to)
{
    char block[65536];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n = in < 0 || out < 0 ? -1 : 0;
    if (n == 0)
        while ((n = read(in, block, sizeof block)) > 0 && write(out, block, (size_t)n) == n)
            ;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return n == 0;
}

void process_copy(const struct process *p, const char *to)
{
    char from[400];
    snprintf(from, sizeof from, "%s/data.mdb", p->dir);
    bool copied = copy_file(from, to);
    assert(copied);
}

static void backup_path(const struct process *p, char out[400])
{
    snprintf(out, 400, "%s.backup", p->dir);
}

void process_backup(const struct process *p)
{
    char to[400];
    backup_path(p, to);
    process_copy(p, to);
}

void process_backup_forget(const struct process *p)
{
    char path[400];
    backup_path(p, path);
    (void)unlink(path); /* there may be none */
}

/* The store knows that it was restored, and from where it goes on. */
static size_t mark_restored(const struct process *p)
{
    struct world *w = host_world(p->host);
    struct restored mark = {.at = log_head(p->store), .time_us = w->ops->wall_us(w)};
    struct txn *t = store_begin(p->store, true);
    assert(t);
    restored_put(t, &mark);
    bool kept = store_commit(t);
    assert(kept);
    return mark.at.seq;
}

void process_put_back(struct process *p, const char *from)
{
    char to[400];
    snprintf(to, sizeof to, "%s/data.mdb", p->dir);
    host_silence(p->host); /* restoring takes longer than any message */
    bool copied = copy_file(from, to);
    assert(copied);
    store_by_itself(p);
    size_t head = mark_restored(p);
    p->sim->files_older |= p->def->keeps_files;
    sim_trace(p->sim, "%s is restored: %zu records of %zu", p->def->name, head, p->sim->ledgers[p->number].n);
    ledger_cut(&p->sim->ledgers[p->number], head);
    store_close(p->store);
    p->store = NULL;
}

bool process_restore(struct process *p, int64_t down_us)
{
    char from[400];
    backup_path(p, from);
    if (!p->service || access(from, R_OK) != 0)
        return false;
    process_kill(p, down_us);
    process_put_back(p, from);
    return true;
}
