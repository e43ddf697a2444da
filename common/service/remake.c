/* Rows made once more. A store remembers in which form a program made its rows of its log; where this program
   has another one, the log is replayed beside them before anybody is served, and they become what it makes.

   "meta" "form" -> BLAKE2b-256 of what form_now says. It is written last, so a start that is cut off is one
   that has not begun; what was copied by then is as it will be. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "service/internal.h"
#include "store/scratch.h"

enum {
    COMMIT_EVERY = 1000, /* records, in the scratch store */
    STEP_ROWS = 4096,    /* looked at in a transaction, */
    STEP_CHANGES = 4096, /* or changed */
    PASSES_MAX = 4,
    SAY_EVERY_US = 2000000
};
static const char FORM_KEY[] = "form";

struct other {
    struct key key;
    bool goes;  /* else it comes, or becomes another */
    bool lacks; /* it is the same, without its entries */
};

struct remaking {
    struct service *s;
    struct store *made;
    struct txn *txn; /* reads `made` */
    struct arena *arena;
    const char *wrong; /* why what was begun stays so; NULL: nothing */
    unsigned due;      /* the timers of all tables: the last walk, of the number behind theirs */
    uint64_t records, changes;
    int64_t said_us;
    bool has_said;
    struct other others[STEP_CHANGES]; /* of the step at hand */
    size_t n_others;
};

/* --- the form --- */

/* The number, and each table with the fields that its keys, indexes and timers are made of, and which. */
static void form_now(const struct service_def *def, uint8_t out[HASH_SIZE])
{
    uint8_t number[8];
    struct hash_stream *h = hash_new();
    put_be64(number, def->form);
    hash_add(h, bytes_of(number, sizeof number));
    for (size_t i = 0; i < def->n_tables; i++) {
        const struct table_def *table = &def->tables[i];
        const struct schema_message *m = schema_message(table->pb);
        hash_add(h, bytes_text("\n"));
        hash_add(h, bytes_text(table->name));
        for (unsigned k = 0; k < table->pb->n_fields; k++) {
            const Baton__FieldRules *r = m->fields[k].rules;
            if (!r->key && !r->indexed && !r->unique && !r->due)
                continue;
            hash_add(h, bytes_text(","));
            hash_add(h, bytes_text(m->fields[k].pb->name));
            const uint8_t rules = (uint8_t)(r->key | r->indexed << 1 | r->unique << 2 | r->due << 3);
            hash_add(h, bytes_of(&rules, 1));
        }
    }
    hash_end(h, out);
}

static bool form_is(const struct service *s, struct txn *t, const uint8_t form[HASH_SIZE])
{
    struct bytes v;
    return txn_get(t, s->rejoin.bucket, bytes_text(FORM_KEY), &v) &&
           bytes_equal(v, bytes_of(form, HASH_SIZE));
}

static bool form_put(struct service *s, const uint8_t form[HASH_SIZE])
{
    struct txn *t = store_begin(s->store, true);
    if (!t)
        return false;
    txn_put(t, s->rejoin.bucket, bytes_text(FORM_KEY), bytes_of(form, HASH_SIZE));
    return store_commit(t);
}

/* --- the rows of the log --- */

/* Nobody need wonder why nothing answers yet. */
static void say(struct remaking *m, const char *what, uint64_t done, uint64_t of)
{
    const int64_t now_us = service_now(m->s);
    if (!m->said_us)
        m->said_us = now_us;
    if (now_us - m->said_us < SAY_EVERY_US)
        return;
    m->said_us = now_us;
    m->has_said = true;
    log_info("start", "rows of another version become those of this one: %s, %" PRIu64 " of %" PRIu64, what,
             done, of);
}

/* NULL: good; otherwise what is wrong. */
static const char *replay_record(struct remaking *m, struct txn *live, struct txn *to, uint64_t seq,
                                 struct bytes stored, uint8_t hash[HASH_SIZE])
{
    const char *wrong = seq == m->records + 1 ? log_check(stored, hash) : "the record before it is missing";
    if (wrong)
        return wrong;
    arena_reset(m->arena);
    const Baton__LogRecord *r = seal_read(live, stored, m->arena);
    if (!r || r->seq != seq)
        return "it cannot be read";
    service_apply(m->s->def, to, r, m->arena);
    m->records = seq;
    return NULL;
}

/* One transaction's worth. */
static const char *replay_some(struct remaking *m, struct txn *live, struct log_walk *walk,
                               uint8_t hash[HASH_SIZE], bool *more)
{
    uint64_t seq;
    struct bytes stored;
    const char *wrong = NULL;
    struct txn *to = store_begin(m->made, true);
    if (!to)
        return "the store beside it cannot be written";
    for (int i = 0; !wrong && *more && i < COMMIT_EVERY; i++) {
        *more = log_walk_next(walk, &seq, &stored);
        if (*more)
            wrong = replay_record(m, live, to, seq, stored, hash);
    }
    if (!store_commit(to) && !wrong)
        wrong = "the store beside it cannot be written";
    return wrong ? wrong : store_pressure(m->s->store, service_now(m->s));
}

static const char *replay(struct remaking *m)
{
    struct log_walk walk;
    uint8_t hash[HASH_SIZE];
    bool more = true;
    const char *wrong = NULL;
    const uint64_t all = log_head(m->s->store).seq;
    struct txn *live = service_read_begin(m->s);
    log_first_hash(log_id(m->s->store), hash);
    log_walk_open(&walk, live);
    while (more && !wrong) {
        wrong = replay_some(m, live, &walk, hash, &more);
        say(m, "records", m->records, all);
    }
    log_walk_close(&walk);
    service_read_end(live);
    return wrong || m->records == all ? wrong : "its end is missing";
}

/* --- the rows that stand --- */

static bool lacks_entries(struct remaking *m, struct txn *t, unsigned table, struct bytes k, struct bytes v)
{
    struct key key;
    arena_reset(m->arena);
    key_init(&key);
    key_raw(&key, k);
    const void *row = table_row(txn_store(t), table, v, m->arena);
    return row && !table_has_entries(t, table, &key, row);
}

static void note(struct remaking *m, struct bytes key, bool goes, bool lacks)
{
    struct other *o = &m->others[m->n_others++];
    key_init(&o->key);
    key_raw(&o->key, key);
    o->goes = goes;
    o->lacks = lacks;
}

/* A key that comes right behind this one. */
static void behind(struct key *from, struct bytes key)
{
    key_init(from);
    key_raw(from, key);
    if (from->size < KEY_MAX)
        from->data[from->size++] = 0;
}

/* Two walks side by side, of a step's length: what is other is noted, and `from` moves on. False: both are
   through. */
static bool look(struct remaking *m, struct txn *live, unsigned table, struct key *from)
{
    struct scan is, made;
    struct bytes ik, iv, mk, mv;
    scan_open(&is, live, table_bucket(m->s->store, table), bytes_of(NULL, 0), key_bytes(from), false);
    scan_open(&made, m->txn, table_bucket(m->made, table), bytes_of(NULL, 0), key_bytes(from), false);
    bool a = scan_next(&is, &ik, &iv), b = scan_next(&made, &mk, &mv);
    for (int n = 0; (a || b) && n < STEP_ROWS && m->n_others < STEP_CHANGES; n++) {
        const int order = !a ? 1 : !b ? -1 : bytes_compare(ik, mk);
        const bool same = order == 0 && bytes_equal(iv, mv);
        /* Of rows that share a unique value one has its entry, in both. */
        const bool lacks =
            same && lacks_entries(m, live, table, ik, iv) && !lacks_entries(m, m->txn, table, mk, mv);
        if (!same || lacks)
            note(m, order < 0 ? ik : mk, order < 0, lacks);
        behind(from, order < 0 ? ik : mk);
        if (order <= 0)
            a = scan_next(&is, &ik, &iv);
        if (order >= 0)
            b = scan_next(&made, &mk, &mv);
    }
    scan_close(&is);
    scan_close(&made);
    return a || b;
}

/* Of timers: those that no row has go. Those that rows lack have come with them. */
static bool look_at_due(struct remaking *m, struct txn *live, struct key *from)
{
    struct scan s;
    struct bytes k, v;
    scan_open(&s, live, m->due, bytes_of(NULL, 0), key_bytes(from), false);
    bool more = scan_next(&s, &k, &v);
    for (int n = 0; more && n < STEP_ROWS && m->n_others < STEP_CHANGES; n++) {
        arena_reset(m->arena);
        if (due_is_stray(live, k, v, m->arena))
            note(m, k, true, false);
        behind(from, k);
        more = scan_next(&s, &k, &v);
    }
    scan_close(&s);
    return more;
}

static void change(struct remaking *m, struct txn *live, unsigned table, const struct other *o)
{
    struct bytes stored;
    arena_reset(m->arena);
    if (table == m->s->def->n_tables) {
        (void)txn_delete(live, m->due, key_bytes(&o->key)); /* it is there */
        return;
    }
    if (o->goes) {
        (void)table_delete(live, table, &o->key, m->arena); /* it is there */
        return;
    }
    bool is_made = txn_get(m->txn, table_bucket(m->made, table), key_bytes(&o->key), &stored);
    const void *row = is_made ? table_row(m->made, table, stored, m->arena) : NULL;
    if (txn_failed(m->txn))
        return;
    assert(row);
    const void *before = o->lacks ? NULL : table_get(live, table, &o->key, m->arena);
    table_replace(live, table, before, row, get_be64(stored.data), m->arena);
}

/* False: the store failed; logged. */
static bool step(struct remaking *m, unsigned table, struct key *from, bool *more)
{
    struct txn *live = store_begin(m->s->store, true);
    if (!live)
        return false;
    m->n_others = 0;
    *more = table < m->s->def->n_tables ? look(m, live, table, from) : look_at_due(m, live, from);
    for (size_t i = 0; i < m->n_others && !txn_failed(m->txn); i++)
        change(m, live, table, &m->others[i]);
    if (txn_failed(m->txn)) { /* what it did not say is not what is not there */
        log_failure("start", "the store beside it cannot be read");
        store_abort(live);
        return false;
    }
    m->changes += m->n_others;
    if (m->n_others || txn_failed(live))
        return store_commit(live);
    store_abort(live);
    return true;
}

/* An entry of a unique value that moved from one row to another may go with the row it left: so until a walk
   finds nothing. False: the store failed; logged. */
static bool make_table(struct remaking *m, unsigned table, bool *is_made)
{
    *is_made = false;
    for (int pass = 0; pass < PASSES_MAX && !*is_made; pass++) {
        struct key from;
        const uint64_t before = m->changes;
        bool more = true;
        key_init(&from);
        while (more) {
            if ((m->wrong = store_pressure(m->s->store, service_now(m->s))))
                return true;
            if (!step(m, table, &from, &more))
                return false;
        }
        *is_made = m->changes == before;
        say(m, "tables", table + 1, m->s->def->n_tables + 1);
    }
    return true;
}

static bool make_tables(struct remaking *m, bool *are_made)
{
    m->txn = store_begin(m->made, false);
    bool ok = *are_made = m->txn != NULL;
    for (unsigned i = 0; ok && *are_made && i <= m->s->def->n_tables; i++)
        ok = make_table(m, i, are_made);
    if (m->txn)
        store_abort(m->txn);
    return ok;
}

/* --- both --- */

/* For the rows once more, and for as much again where they are written over. */
static bool has_room(const struct service *s)
{
    return store_disk_free(s->store) / 2 > store_bytes(s->store);
}

/* On the same disk as the rows, for there is room for them. */
static struct store *scratch_open(const struct service *s, const struct service_options *o)
{
    char dir[SCRATCH_PATH_SIZE];
    scratch_clear(o->dir);
    if (!scratch_make(o->dir, dir))
        return NULL;
    struct store *made = store_open(&(struct store_options){.dir = dir,
                                                            .no_sync = true,
                                                            .tables = s->def->tables,
                                                            .n_tables = s->def->n_tables,
                                                            .probe = o->probe});
    scratch_remove(dir);
    return made;
}

/* What cannot be done now is done at another start: rows as another version made them are better than nobody
   being served. False: the store failed; logged. */
static bool remake(struct remaking *m, const struct service_options *o, const uint8_t form[HASH_SIZE])
{
    bool are_made = false;
    const bool room = has_room(m->s);
    m->made = room ? scratch_open(m->s, o) : NULL;
    const char *wrong = m->made ? replay(m)
                        : room  ? "there is no store beside it"
                                : "the disk has no room for its rows once more";
    bool ok = wrong || make_tables(m, &are_made);
    if (!wrong && !are_made)
        wrong = m->wrong ? m->wrong : "they will not become what it makes";
    if (wrong)
        log_failure(
            "start",
            "rows of another version stay as they are; `baton verify` says which. The log was replayed "
            "up to record %" PRIu64 ": %s",
            m->records, wrong);
    else if (ok && (m->changes || m->has_said))
        log_info("start", "rows of another version are those of this one: %" PRIu64 " changes", m->changes);
    store_close(m->made);
    return ok && (wrong || form_put(m->s, form));
}

bool remake_rows(struct service *s, const struct service_options *o)
{
    uint8_t form[HASH_SIZE];
    form_now(s->def, form);
    struct txn *t = service_read_begin(s);
    const bool is_made = form_is(s, t, form);
    service_read_end(t);
    if (is_made)
        return true;
    if (!log_head(s->store).seq)
        return form_put(s, form);
    struct remaking *m = calloc(1, sizeof *m);
    assert(m);
    m->s = s;
    m->due = store_bucket(s->store, "due");
    m->arena = s->arena;
    bool ok = remake(m, o, form);
    arena_reset(s->arena);
    free(m);
    return ok;
}
