/* Every log as it was committed. Held against it after each commit: chain and numbers, the same rows made
   once more from the log alone, requests that were answered, what follows in other services. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leads/replay.h"
#include "service/apply.h"
#include "sim/sim.h"

/* A service looks once a second; its clock may have stood still. */
enum { FULL_NOTICED_US = 4 * 1000000 };
enum { WHOLE_EVERY = 128, FOUND_EVERY = 16, SCRATCH = 64 << 20 };

/* Promise 9: a decision needs nothing that the log does not have. */
static void on_differs(void *arg, uint64_t seq, const Baton__LeadAssigned *logged,
                       const Baton__LeadAssigned *now)
{
    const struct ledger *l = arg;
    sim_wrong(l->process->sim, "decision: record %zu gave lead %s to %s (%s); made again, it goes to %s (%s)",
              (size_t)seq, logged->lead_id, logged->owner_id, logged->reason, now ? now->owner_id : "nobody",
              now ? now->reason : "");
}

/* Rows from the log, and in leads every decision once more on the way. */
static void replay_begin(struct ledger *l)
{
    const struct leads_replay_watch watch = {.arg = l, .differs = on_differs};
    l->made = store_begin(l->shadow, true); /* never committed: it is only ever compared with */
    if (l->process->number == LEADS)
        l->decisions = leads_replay_new(l->made, &watch);
}

static void replay_record(struct ledger *l, const Baton__LogRecord *r, struct arena *a)
{
    if (l->decisions)
        leads_replay_record(l->decisions, r, a);
    else
        service_apply(l->process->def, l->made, r, a);
}

static void replay_end(struct ledger *l)
{
    leads_replay_free(l->decisions);
    l->decisions = NULL;
    store_abort(l->made);
}

void ledger_init(struct ledger *l, struct process *p)
{
    char dir[340];
    l->process = p;
    l->kept = SIZE_MAX;
    l->memory = arena_new(SIZE_MAX / 2);
    snprintf(dir, sizeof dir, "%s.shadow", p->dir);
    struct store_options o = {
        .dir = dir, .no_sync = true, .tables = p->def->tables, .n_tables = p->def->n_tables};
    l->shadow = store_open(&o);
    assert(l->shadow);
    replay_begin(l);
}

static struct sim *sim_of(const struct ledger *l)
{
    return l->process->sim;
}

static const char *name_of(const struct ledger *l)
{
    return l->process->def->name;
}

/* --- the chain --- */

static void hash_before(const struct ledger *l, uint8_t out[HASH_SIZE])
{
    if (l->n)
        memcpy(out, l->hashes[l->n - 1], HASH_SIZE);
    else
        log_first_hash(l->log_id, out);
}

static void make_room(struct ledger *l)
{
    if (l->n < l->room)
        return;
    l->room = l->room ? l->room * 2 : 256;
    l->records = realloc(l->records, l->room * sizeof *l->records);
    l->hashes = realloc(l->hashes, l->room * sizeof *l->hashes);
    assert(l->records && l->hashes);
}

/* Promise: the chain is whole and the numbers have no gap. */
static void take_record(struct ledger *l, struct txn *t)
{
    struct bytes stored;
    make_room(l);
    uint8_t *hash = l->hashes[l->n];
    if (!log_read(t, l->n + 1, l->memory, &stored))
        sim_wrong(sim_of(l), "chain: record %zu of %s is missing", l->n + 1, name_of(l));
    hash_before(l, hash);
    const char *wrong = log_check(stored, hash);
    if (wrong)
        sim_wrong(sim_of(l), "chain: record %zu of %s: %s", l->n + 1, name_of(l), wrong);
    Baton__LogRecord *r = seal_read(t, stored, l->memory);
    if (!r || r->seq != l->n + 1)
        sim_wrong(sim_of(l), "chain: record %zu of %s is numbered otherwise", l->n + 1, name_of(l));
    if (l->n && r->time_us < l->records[l->n - 1]->time_us)
        sim_wrong(sim_of(l), "clock: time runs backwards in %s at record %zu", name_of(l), l->n + 1);
    l->erased_at_once |= r->n_sealed > 0;
    l->records[l->n++] = r;
    sim_of(l)->options.stats->records++;
}

/* --- rows against the log --- */

static bool same_entry(const struct ledger *l, struct txn *live, unsigned bucket, struct bytes key)
{
    struct bytes a, b;
    bool has = txn_get(live, bucket, key, &a), should = txn_get(l->made, bucket, key, &b);
    return has == should && (!has || bytes_equal(a, b));
}

/* What was said and erased within one commit is in rows until they have been looked through, but was never to
   be read in the log; erased_settled holds what is left of both against each other. */
static void take_over(struct ledger *l, struct txn *live, unsigned bucket, struct bytes key)
{
    struct bytes value;
    if (txn_get(live, bucket, key, &value))
        txn_put(l->made, bucket, key, value);
    else
        (void)txn_delete(l->made, bucket, key); /* it may not be there */
}

/* Promise 9: the log alone makes the same rows. Here of what was written just now, tables and indexes alike;
   buckets have the same numbers in both stores, as they were opened in the same order. */
static void compare_touched(struct ledger *l, struct txn *live)
{
    struct process *p = l->process;
    if (!p->def->n_tables) {
        p->n_touched = 0;
        return;
    }
    unsigned first = table_bucket(p->store, 0);
    assert(first == table_bucket(l->shadow, 0));
    for (size_t i = 0; i < p->n_touched; i++) {
        const struct touched *t = &p->touched[i];
        if (t->bucket < first || same_entry(l, live, t->bucket, bytes_of(t->key, t->size)))
            continue;
        if (!l->erased_at_once)
            sim_wrong(sim_of(l), "replay: a row or an index of %s is not what its log says, at record %zu",
                      name_of(l), l->n);
        take_over(l, live, t->bucket, bytes_of(t->key, t->size));
    }
    l->erased_at_once = false;
    if (p->n_touched == TOUCHED_MAX)
        ledger_whole(l);
    p->n_touched = 0;
}

static void compare_table(struct ledger *l, struct txn *live, unsigned table)
{
    struct scan left, right;
    struct bytes k1, v1, k2, v2;
    struct process *p = l->process;
    scan_open(&left, live, table_bucket(p->store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    scan_open(&right, l->made, table_bucket(l->shadow, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    for (;;) {
        bool a = scan_next(&left, &k1, &v1), b = scan_next(&right, &k2, &v2);
        if (a != b || (a && !(bytes_equal(k1, k2) && bytes_equal(v1, v2))))
            sim_wrong(sim_of(l), "replay: table %s of %s is not what its log says",
                      p->def->tables[table].name, name_of(l));
        if (!a)
            break;
    }
    scan_close(&left);
    scan_close(&right);
}

static void on_table_wrong(void *arg, const char *what)
{
    const struct ledger *l = arg;
    sim_wrong(sim_of(l), "index: %s: %s", name_of(l), what);
}

void ledger_whole(struct ledger *l)
{
    struct process *p = l->process;
    if (!p->service)
        return;
    bool before = sim_of(l)->looking;
    sim_of(l)->looking = true;
    struct arena *a = arena_new(SCRATCH);
    struct txn *live = store_begin(p->store, false);
    assert(live);
    for (unsigned t = 0; t < p->def->n_tables; t++) {
        compare_table(l, live, t);
        (void)table_check(live, t, a, on_table_wrong, l);
    }
    store_abort(live);
    arena_free(a);
    if (p->number == LEADS)
        policies_whole(l);
    if (l->process->number == CONTACTS)
        imports_whole(l);
    sim_of(l)->looking = before;
}

/* --- a look --- */

static void notifications_record(struct ledger *l, const Baton__LogRecord *r)
{
    provider_record(sim_of(l), r);
    quiet_record(l, r);
}

static void take_in(struct ledger *l)
{
    struct sim *sim = sim_of(l);
    const Baton__LogRecord *r = l->records[l->n - 1];
    struct arena *a = arena_new(SCRATCH);
    sim_trace(sim, "%s: record %zu, %zu events, from %s %zu, asked as %s", name_of(l), (size_t)r->seq,
              r->n_events, r->source ? r->source->service : "-", (size_t)(r->source ? r->source->seq : 0),
              r->request_id ? r->request_id : "-");
    asks_record(sim, l->process->number, r);
    known_record(sim, r);
    replay_record(l, r, a);
    rows_record(l, r);
    if (l->process->number == CONTACTS)
        merges_record(l, r);
    if (l->process->number == LEADS) {
        custody_record(sim, r);
        responses_record(l, r);
        choice_record(l, r);
        customer_record(l, r);
    }
    if (l->process->number == CONTACTS)
        mentions_record(l, r);
    if (l->process->number == CONTACTS)
        letters_record(l, r);
    shares_record(l, r);
    if (l->process->number == DOCUMENTS)
        collateral_record(l, r);
    quotes_record(l, r);
    plans_record(l, r);
    if (l->process->number == NOTIFICATIONS)
        notifications_record(l, r);
    if (l->process->number == CONTACTS)
        reach_record(l, r);
    arena_free(a);
}

void ledger_look(struct ledger *l)
{
    struct sim *sim = sim_of(l);
    struct process *p = l->process;
    uint64_t head = log_head(p->store).seq;
    if (l->n == 0)
        memcpy(l->log_id, log_id(p->store), LOG_ID_SIZE);
    if (head == l->n && !p->n_touched)
        return;
    if (head < l->n)
        sim_wrong(sim, "lost: %s has %zu records where there were %zu", name_of(l), (size_t)head, l->n);
    if (head > l->n && p->disk_full && world_now(sim->world) - p->full_since_us > FULL_NOTICED_US)
        sim_wrong(sim, "full: %s goes on writing to a disk that is full", name_of(l));
    size_t from = l->n;
    sim->looking = true;
    struct txn *live = store_begin(p->store, false);
    assert(live);
    while (l->n < head) {
        take_record(l, live);
        take_in(l);
    }
    compare_touched(l, live);
    effects_look(sim, p->number, from);
    store_abort(live);
    if (p->number == LEADS)
        custody_look(sim);
    if (p->number == NOTIFICATIONS)
        provider_look(sim);
    sim->options.stats->commits += head > from;
    if (++l->looks % WHOLE_EVERY == 0)
        ledger_whole(l);
    if (l->looks % FOUND_EVERY == 0)
        found_look(l);
    sim->looking = false;
}

void ledger_reopen(struct ledger *l)
{
    struct sim *sim = sim_of(l);
    struct process *p = l->process;
    uint8_t hash[HASH_SIZE];
    if (l->n && memcmp(l->log_id, log_id(p->store), LOG_ID_SIZE) != 0)
        sim_wrong(sim, "lost: %s has another log than before", name_of(l));
    sim->looking = true;
    struct txn *live = store_begin(p->store, false);
    assert(live);
    if (log_head(p->store).seq < l->n)
        sim_wrong(sim, "lost: %s starts with %zu records where %zu were committed", name_of(l),
                  (size_t)log_head(p->store).seq, l->n);
    if (l->n && (!log_hash(live, l->n, l->memory, hash) || memcmp(hash, l->hashes[l->n - 1], HASH_SIZE) != 0))
        sim_wrong(sim, "lost: record %zu of %s is not the one that was committed", l->n, name_of(l));
    store_abort(live);
    sim->looking = false;
    ledger_look(l);
    ledger_whole(l);
}

void ledger_cut(struct ledger *l, size_t seq)
{
    struct sim *sim = sim_of(l);
    struct arena *a = arena_new(SCRATCH);
    assert(seq <= l->n);
    l->n = seq;
    l->kept = seq < l->kept ? seq : l->kept;
    replay_end(l);
    replay_begin(l);
    for (size_t i = 0; i < l->n; i++) {
        arena_reset(a);
        replay_record(l, l->records[i], a);
    }
    arena_free(a);
    asks_forget(sim, l->process->number, seq);
    reads_forget(sim, l->process->number, seq);
    known_rebuild(sim);
    if (l->process->number == LEADS)
        custody_rebuild(sim);
    if (l->process->number == NOTIFICATIONS)
        provider_rebuild(sim);
    effects_restored(sim, l->process->number);
}
