/* Copies of another service's records while it is rejoined: read from its log beside the rows, then compared
   with them, and made the same by events. */
#include <assert.h>
#include <string.h>

#include "service/internal.h"

enum { READ_HEAD = 5, READ_KEY_MAX = READ_HEAD + KEY_MAX };

/* A copy that is not what it is there. */
struct difference {
    unsigned table;
    struct bytes key;
    bool is_there; /* a copy is here; else only there */
    struct difference *next;
};

static struct bytes read_key(unsigned table, struct bytes key, uint8_t room[READ_KEY_MAX])
{
    memcpy(room, "copy", READ_HEAD - 1);
    room[READ_HEAD - 1] = (uint8_t)table;
    if (key.size)
        memcpy(room + READ_HEAD, key.data, key.size);
    return bytes_of(room, READ_HEAD + key.size);
}

static void add_difference(struct difference **list, unsigned table, struct bytes key, bool is_there,
                           struct arena *a)
{
    struct difference *d = ARENA_NEW(a, struct difference);
    *d = (struct difference){.table = table, .is_there = is_there, .next = *list};
    d->key =
        bytes_of(arena_copy(a, key.data, key.size), key.size); /* of all there are: no larger than it is */
    *list = d;
}

/* Rows here that are other there, or not at all. */
static void differing_here(struct service *s, unsigned table, struct difference **list)
{
    struct scan scan;
    struct bytes k, v, there;
    uint8_t room[READ_KEY_MAX];
    struct arena *a = arena_new(LOG_RECORD_MAX * 4);
    scan_open(&scan, s->txn, table_bucket(s->store, table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &k, &v)) {
        struct key key;
        arena_reset(a);
        key_init(&key);
        key_raw(&key, k);
        const ProtobufCMessage *row = table_get(s->txn, table, &key, a);
        if (!row || !txn_get(s->txn, s->rejoin.bucket, read_key(table, k, room), &there) ||
            !bytes_equal(schema_pack(row, a), there))
            add_difference(list, table, k, true, s->arena);
    }
    scan_close(&scan);
    arena_free(a);
}

/* Records there that have no row here. */
static void missing_here(struct service *s, unsigned table, struct difference **list)
{
    struct scan scan;
    struct bytes k, v;
    uint8_t room[READ_KEY_MAX];
    struct bytes prefix = read_key(table, bytes_of(NULL, 0), room);
    scan_open(&scan, s->txn, s->rejoin.bucket, prefix, bytes_of(NULL, 0), false);
    while (scan_next(&scan, &k, &v)) {
        struct key key;
        key_init(&key);
        key_raw(&key, bytes_of(k.data + READ_HEAD, k.size - READ_HEAD));
        if (!table_seq(s->txn, table, &key))
            add_difference(list, table, key_bytes(&key), false, s->arena);
    }
    scan_close(&scan);
}

static void mend_copy(struct service *s, ProtobufCMessage *record, Baton__ChangeKind kind,
                      const struct origin *from)
{
    Baton__Actor actor = followed_actor(s);
    Baton__RecordChanged e = BATON__RECORD_CHANGED__INIT;
    const struct command c = {.request = &e.base, .actor = &actor, .change = &e};
    assert(record || txn_failed(s->txn));
    if (!record)
        return; /* the commit says so */
    e.record = record_wrap(record, s->arena);
    e.has_kind = true;
    e.kind = kind;
    followed_decide(s, NULL, followed_decide_copy, &c, from);
}

static void mend_gone(struct service *s, const struct difference *d, const struct origin *from)
{
    struct key key;
    key_init(&key);
    key_raw(&key, d->key);
    if (d->is_there)
        mend_copy(s, table_get(s->txn, d->table, &key, s->arena), BATON__CHANGE_KIND__CHANGE_KIND_DELETED,
                  from);
}

static void mend_come(struct service *s, const struct difference *d, const struct origin *from)
{
    struct bytes there;
    uint8_t room[READ_KEY_MAX];
    if (txn_get(s->txn, s->rejoin.bucket, read_key(d->table, d->key, room), &there))
        mend_copy(s, schema_unpack(table_message(s->store, d->table), there, s->arena),
                  BATON__CHANGE_KIND__CHANGE_KIND_CREATED, from);
}

/* First all that is other goes, then what is there comes: a unique value may have moved from one to another.
   There may be more of them than a batch has memory for, and nothing of one is needed for the next. */
static void mend_copies(struct service *s, const struct difference *list, const struct origin *from)
{
    static void (*const mends[])(struct service *, const struct difference *,
                                 const struct origin *) = {mend_gone, mend_come};
    struct arena *batch = s->arena;
    s->arena = arena_new(arena_limit(batch));
    for (size_t i = 0; i < sizeof mends / sizeof *mends; i++)
        for (const struct difference *d = list; d; d = d->next) {
            mends[i](s, d, from);
            arena_reset(s->arena);
        }
    arena_free(s->arena);
    s->arena = batch;
}

static bool has(const struct difference *list, unsigned table)
{
    for (; list; list = list->next)
        if (list->table == table)
            return true;
    return false;
}

static void mended(struct service *s, const struct difference *list, const struct origin *from)
{
    Baton__Actor actor = followed_actor(s);
    const struct command c = {.actor = &actor};
    for (size_t i = 0; i < s->def->n_mends; i++)
        if (has(list, s->def->mends[i].table))
            followed_decide(s, s->def->mends[i].load, s->def->mends[i].decide, &c, from);
}

void rejoin_copies_forget(struct service *s)
{
    struct scan scan;
    struct bytes k, v;
    struct difference *list = NULL;
    scan_open(&scan, s->txn, s->rejoin.bucket, bytes_text("copy"), bytes_of(NULL, 0), false);
    while (scan_next(&scan, &k, &v))
        add_difference(&list, k.data[READ_HEAD - 1], bytes_of(k.data + READ_HEAD, k.size - READ_HEAD), false,
                       s->arena);
    scan_close(&scan);
    for (; list; list = list->next) {
        uint8_t room[READ_KEY_MAX];
        (void)txn_delete(s->txn, s->rejoin.bucket, read_key(list->table, list->key, room));
    }
}

void rejoin_copies_take(struct service *s, const Baton__Event *event)
{
    const struct schema_field *member;
    uint8_t room[READ_KEY_MAX];
    const Baton__RecordChanged *change = event->record_changed;
    if (event->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || change->copy)
        return;
    ProtobufCMessage *record = schema_oneof(&change->record->base, &member);
    const struct copy_row *row =
        record ? followed_copy(s, follow_service(s->rejoin.follow), member) : NULL; /* NULL: it is newer */
    if (!row)
        return;
    struct key id = key_of(schema_get_text(record, "id"));
    struct bytes key = read_key(row->table, key_bytes(&id), room);
    if (change->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED || !followed_is_copied(row, record))
        (void)txn_delete(s->txn, s->rejoin.bucket, key); /* gone is what is wanted */
    else
        txn_put(s->txn, s->rejoin.bucket, key, schema_pack(followed_kept(row, record, s->arena), s->arena));
}

uint64_t rejoin_copies_mend(struct service *s)
{
    const char *followed = follow_service(s->rejoin.follow);
    const struct origin from = {.source = followed, .source_seq = s->rejoin.to.at.seq};
    struct difference *list = NULL;
    uint64_t n = 0;
    for (size_t i = 0; i < s->def->n_copies; i++) {
        const struct copy_row *row = &s->def->copies[i];
        if (strcmp(row->service, followed) != 0)
            continue;
        differing_here(s, row->table, &list);
        missing_here(s, row->table, &list);
    }
    mend_copies(s, list, &from);
    mended(s, list, &from);
    for (const struct difference *d = list; d; d = d->next)
        n++;
    rejoin_copies_forget(s);
    return n;
}
