/* Followers whose position is not in this log: what has happened to it, told to the follower, which tells its
   operator. */
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "service/internal.h"

enum { SAY_EVERY_US = 600000000 };

static char *mending(struct service *s, const char *follower, struct arena *a)
{
    const char *name = s->def->name;
    if (!follower)
        return arena_strdup(a, "");
    return arena_printf(
        a,
        ". To mend it, either stop Baton and restore a newer backup of %s (baton restore BACKUP "
        "--only %s --replace), or let %s go on from where %s is now (baton rejoin %s %s)",
        name, name, follower, name, follower, name);
}

const char *lost_what(struct service *s, struct txn *t, const struct remembered *p, struct arena *a)
{
    uint8_t hash[HASH_SIZE];
    const char *name = s->def->name;
    uint64_t head = log_head(s->store).seq;
    if (p->log_id && memcmp(p->log_id, log_id(s->store), LOG_ID_SIZE) != 0)
        return arena_printf(a,
                            "has read another log of %s up to %" PRIu64 ", and this one stands at %" PRIu64
                            ": %s was set up anew",
                            name, p->seq, head, name);
    if (p->seq > head)
        return arena_printf(a,
                            "has read %s up to %" PRIu64 ", but its log ends at %" PRIu64
                            ": %s was restored from an older backup",
                            name, p->seq, head, name);
    if (log_hash(t, p->seq, a, hash) && memcmp(hash, p->hash.data, p->hash.size) == 0)
        return NULL;
    return arena_printf(a,
                        "has read %s up to %" PRIu64
                        ", but that record is another one in its log, which stands "
                        "at %" PRIu64 ": %s was restored from an older backup and has gone on since",
                        name, p->seq, head, name);
}

/* NULL: the position is in this log. */
static const char *what_happened(struct service *s, const Baton__Follow *asked, struct arena *a)
{
    const struct remembered p = {.log_id = asked->log_id.data,
                                 .seq = asked->from_seq - 1,
                                 .hash = bytes_of(asked->previous_hash.data, HASH_SIZE)};
    struct txn *t = service_read_begin(s);
    const char *what = lost_what(s, t, &p, a);
    service_read_end(t);
    return what;
}

static void fill_position(struct service *s, struct arena *a, Baton__FollowRefused *m)
{
    struct log_position head = log_head(s->store);
    m->has_log_id = m->has_head_hash = true;
    m->log_id = (ProtobufCBinaryData){LOG_ID_SIZE, arena_copy(a, log_id(s->store), LOG_ID_SIZE)};
    m->head_hash = (ProtobufCBinaryData){HASH_SIZE, arena_copy(a, head.hash, HASH_SIZE)};
    if (!s->is_restored)
        return;
    m->has_restored_seq = m->has_restored_hash = m->has_restored_at_us = true;
    m->restored_seq = s->restored.at.seq;
    m->restored_hash = (ProtobufCBinaryData){HASH_SIZE, s->restored.at.hash};
    m->restored_at_us = s->restored.time_us;
}

bool lost_look(struct service *s, const Baton__Follow *asked, struct arena *a, Baton__FollowRefused *m)
{
    if (!asked->has_log_id)
        return false;
    if (asked->log_id.len != LOG_ID_SIZE || asked->from_seq == 0 || asked->previous_hash.len != HASH_SIZE) {
        m->reason = "the position makes no sense";
        return true;
    }
    const char *what = what_happened(s, asked, a);
    if (!what)
        return false;
    m->reason = arena_printf(a, "%s %s%s", asked->follower ? asked->follower : "the follower", what,
                             mending(s, asked->follower, a));
    fill_position(s, a, m);
    int64_t now = service_now(s);
    if (!s->lost_said_us || now - s->lost_said_us > SAY_EVERY_US) {
        s->lost_said_us = now;
        log_warning("service", "%s", m->reason);
    }
    return true;
}
