/* Where records came from: requests, whose replies are in the inbox, and other services' logs. */
#include "tool/verify.h"

#include <inttypes.h>
#include <string.h>

#include "schema/schema.h"
#include "store/inbox.h"
#include "tool/beyond.h"

static bool answers_with_a_secret(const struct service_def *def, const struct schema_method *m)
{
    bool ours = def->n_records > 0 && strcmp(m->service, "RecordService") == 0;
    for (size_t i = 0; i < def->n_methods; i++)
        ours |= strcmp(def->methods[i].name, m->name) == 0;
    return ours && m->output->has_secret;
}

void verify_origin_start(struct verify *v)
{
    size_t n;
    const struct schema_method *all = schema_methods(&n);
    v->inbox_since_us = inbox_since(v->txn);
    v->every_reply_is_kept = true;
    for (size_t i = 0; i < n; i++)
        v->every_reply_is_kept &= !answers_with_a_secret(v->def, &all[i]);
}

/* What a request did and what it was told stand or fall together. Of older records the reply is gone by now.
 */
static void check_reply(struct verify *v, const Baton__LogRecord *record)
{
    uint8_t id[16];
    struct inbox_entry entry;
    if (record->request_id == NULL || (int64_t)record->time_us < v->inbox_since_us)
        return;
    inbox_id(id, record->request_id);
    bool there = inbox_get(v->txn, id, &entry);
    if (!there && v->every_reply_is_kept)
        verify_found(v->result, "inbox: the reply to the request of record %" PRIu64 " is missing",
                     record->seq);
    else if (there && entry.refused)
        verify_found(v->result, "inbox: the request of record %" PRIu64 " is said to be refused",
                     record->seq);
}

/* Effects of another log come in its order. */
static void check_source(struct verify *v, const Baton__LogRecord *record)
{
    const Baton__Source *source = record->source;
    int service = source != NULL && source->service != NULL ? verify_service(source->service) : -1;
    if (source == NULL)
        return;
    if (service < 0) {
        verify_found(v->result, "log: record %" PRIu64 " comes from a service that is not known",
                     record->seq);
        return;
    }
    if (source->seq < v->followed[service])
        verify_found(v->result,
                     "log: record %" PRIu64 " comes from record %" PRIu64 " of %s, but %" PRIu64
                     " came before",
                     record->seq, source->seq, source->service, v->followed[service]);
    v->followed[service] = source->seq;
}

/* Where it rejoined, what it had read before counts no more; everything before has been checked already. */
static void check_rejoined(struct verify *v, const Baton__LogRecord *record)
{
    for (size_t i = 0; i < record->n_events; i++) {
        const Baton__FollowRejoined *e = record->events[i]->event_case == BATON__EVENT__EVENT_FOLLOW_REJOINED
                                             ? record->events[i]->follow_rejoined
                                             : NULL;
        int service = e != NULL && e->service != NULL ? verify_service(e->service) : -1;
        if (service < 0)
            continue;
        v->followed[service] = e->new_seq;
        v->result->beyond += beyond_count(v->txn, record->seq, e);
    }
}

void verify_origin(struct verify *v, const Baton__LogRecord *record)
{
    check_reply(v, record);
    check_rejoined(v, record);
    check_source(v, record);
}

void verify_inbox(struct verify *v)
{
    static const char *const generations[] = {"inbox.0", "inbox.1"};
    const struct schema_message *refusal = schema_message(&baton__refusal__descriptor);
    for (unsigned i = 0; i < 2; i++) {
        struct scan s;
        struct bytes key, value;
        struct inbox_entry e;
        scan_open(&s, v->txn, store_bucket(v->store, generations[i]), bytes_of(NULL, 0), bytes_of(NULL, 0),
                  false);
        while (scan_next(&s, &key, &value)) {
            arena_reset(v->arena);
            v->result->inbox++;
            if (key.size != 16 || !inbox_decode(value, &e) ||
                (e.refused && schema_unpack(refusal, e.reply, v->arena) == NULL))
                verify_found(v->result, "%s: an entry cannot be read", generations[i]);
        }
        scan_close(&s);
    }
}

/* --- positions in other logs --- */

/* NULL: it is a position in that log. */
static const char *position_wrong(struct verify *v, struct store *store, struct txn *t,
                                  const struct cursor *c)
{
    uint8_t hash[HASH_SIZE];
    if (memcmp(c->log_id, log_id(store), LOG_ID_SIZE) != 0)
        return "which is another log than the one that is there: it was set up anew";
    if (!log_hash(t, c->at.seq, v->arena, hash))
        return "which is not in that log: it was restored from an older backup";
    if (c->at.seq > 0 && memcmp(hash, c->at.hash, HASH_SIZE) != 0)
        return "and that record is another one there: it was restored from an older backup";
    return NULL;
}

/* The other log is opened after our view was taken, so it reaches at least as far as our position in it. */
static void check_position(struct verify *v, unsigned service, const struct cursor *c)
{
    const struct service_def *def = verify_def(service);
    struct store *store = verify_open(v, def, NULL);
    struct txn *t = store != NULL ? store_begin(store, false) : NULL;
    const char *wrong = t != NULL ? position_wrong(v, store, t, c) : NULL;
    if (t == NULL)
        verify_found(v->result, "the log of %s, which it follows, cannot be opened", def->name);
    else if (wrong != NULL)
        verify_found(
            v->result,
            "it has read %s up to %" PRIu64 ", %s. That log ends at %" PRIu64
            ". Restore a newer one (baton restore BACKUP --only %s --replace) or start Baton and run: "
            "baton rejoin %s %s",
            def->name, c->at.seq, wrong, log_head(store).seq, def->name, v->def->name, def->name);
    if (t != NULL)
        store_abort(t);
    store_close(store);
}

void verify_cursors(struct verify *v)
{
    for (unsigned i = 0; i < VERIFY_SERVICES; i++) {
        struct cursor cursor = {0};
        const char *name = verify_def(i)->name;
        arena_reset(v->arena);
        bool known = cursor_get(v->txn, name, &cursor);
        if (known)
            check_position(v, i, &cursor);
        if (v->followed[i] > cursor.at.seq)
            verify_found(v->result,
                         "it has effects of record %" PRIu64 " of %s, but has read it up to %" PRIu64,
                         v->followed[i], name, cursor.at.seq);
        v->result->cursors += known;
    }
}
