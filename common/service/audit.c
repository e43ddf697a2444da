/* Who did what, from the log itself: back from the newest record or from where a page ended, a page at a time
   and away from the loop. What is looked for by an id is searched in the stored bytes, so that only records
   that name it are unpacked. */
#include "schema/audit.h"

#include <string.h>

#include "base/log.h"
#include "service/internal.h"

/* A page ends where one of these is reached; looking at so many takes some tenths of a second. */
enum {
    PAGE = 50,
    PAGE_MAX = 200,
    LOOKED_AT_RECORDS = 20000,
    LOOKED_AT_BYTES = 16 << 20,
    UNPACKED_RECORDS = 4000,
    RECORD_ARENA_MAX = 4 * LOG_RECORD_MAX,
};

struct page {
    struct load *load;
    const Baton__AuditFilter *filter; /* may be NULL */
    Baton__ReadAuditResponse *out;
    struct arena *record; /* of the one looked at */
    size_t size, room, bytes, unpacked;
};

static Baton__LogRecord *unpack(struct page *p, uint64_t seq, struct bytes stored)
{
    Baton__LogRecord *record = (Baton__LogRecord *)schema_unpack(
        schema_message(&baton__log_record__descriptor), log_body(stored), p->record);
    if (!record)
        log_fatal("service", "record %llu of the log cannot be read", (unsigned long long)seq);
    p->unpacked++;
    return record;
}

/* Lives until the next one. */
static struct bytes read_stored(struct page *p, uint64_t seq)
{
    struct bytes stored;
    arena_reset(p->record);
    if (!log_read(p->load->txn, seq, p->record, &stored))
        log_fatal("service", "record %llu of the log cannot be read", (unsigned long long)seq);
    return stored;
}

static bool names(struct bytes stored, const char *id)
{
    return !id || memmem(stored.data, stored.size, id, strlen(id));
}

static void add(struct page *p, Baton__AuditEntry *e)
{
    Baton__ReadAuditResponse *out = p->out;
    if (out->n_entries == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        Baton__AuditEntry **more = ARENA_ARRAY(p->load->arena, Baton__AuditEntry *, room);
        if (p->room)
            memcpy(more, out->entries, p->room * sizeof *more);
        out->entries = more;
        p->room = room;
    }
    out->entries[out->n_entries++] = (Baton__AuditEntry *)schema_copy(&e->base, p->load->arena);
}

static void look_at(struct page *p, uint64_t seq)
{
    const Baton__AuditFilter *f = p->filter;
    struct bytes stored = read_stored(p, seq);
    p->bytes += stored.size;
    if (f && (!names(stored, f->user_id) || !names(stored, f->record_id)))
        return;
    size_t n;
    Baton__AuditEntry **entries = audit_entries(unpack(p, seq, stored), f, p->record, &n);
    while (n > 0)
        add(p, entries[--n]);
}

static int64_t time_at(struct page *p, uint64_t seq)
{
    return (int64_t)unpack(p, seq, read_stored(p, seq))->time_us;
}

/* The newest record from before `us`, at or before `newest`; time never runs backwards in a log. 0: none. */
static uint64_t newest_before(struct page *p, int64_t us, uint64_t newest)
{
    uint64_t before = 0, behind = newest + 1; /* one that is, one that is not */
    while (behind - before > 1) {
        uint64_t middle = before + (behind - before) / 2;
        if (time_at(p, middle) < us)
            before = middle;
        else
            behind = middle;
    }
    return before;
}

static uint64_t first_seq(struct page *p, const Baton__ReadAuditRequest *q)
{
    const uint64_t newest = log_newest(p->load->txn);
    uint64_t seq = q->has_from_seq && q->from_seq < newest ? q->from_seq : newest;
    return p->filter && p->filter->to ? newest_before(p, timestamp_us(p->filter->to), seq) : seq;
}

static void collect(struct page *p, const Baton__ReadAuditRequest *q)
{
    uint64_t seq = first_seq(p, q), n = 0, last = seq;
    /* Records that do not name what is looked for are not unpacked, so they do not say when they are of. */
    const uint64_t end =
        p->filter && p->filter->from ? newest_before(p, timestamp_us(p->filter->from), seq) : 0;
    p->unpacked = 0;
    for (; seq > end && n < LOOKED_AT_RECORDS && p->bytes < LOOKED_AT_BYTES &&
           p->unpacked < UNPACKED_RECORDS && p->out->n_entries < p->size;
         n++, last = seq--)
        look_at(p, seq);
    if (seq <= end)
        return;
    p->out->has_next_seq = p->out->has_looked_at_since_us = true;
    p->out->next_seq = seq;
    p->out->looked_at_since_us = (uint64_t)time_at(p, last);
}

bool audit_query(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__ReadAuditRequest *q = (const Baton__ReadAuditRequest *)c->request;
    struct page p = {.load = l, .filter = q->filter, .record = arena_new(RECORD_ARENA_MAX)};
    p.size = q->page_size && q->page_size < PAGE_MAX ? q->page_size : q->page_size ? PAGE_MAX : PAGE;
    p.out = ARENA_NEW(l->arena, Baton__ReadAuditResponse);
    baton__read_audit_response__init(p.out);
    collect(&p, q);
    arena_free(p.record);
    *reply = &p.out->base;
    return true;
}

bool audit_aside(struct load *l, const struct command *c)
{
    return true;
}
