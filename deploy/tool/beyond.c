/* Walks a follower's log back from where it rejoined. */
#include "tool/beyond.h"

#include <string.h>

enum { RECORD_MEMORY_MAX = 64 << 20 };

static const Baton__FollowRejoined *rejoined_in(const Baton__LogRecord *r, const char *service)
{
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_FOLLOW_REJOINED &&
            strcmp(r->events[i]->follow_rejoined->service, service) == 0)
            return r->events[i]->follow_rejoined;
    return NULL;
}

static bool same_log(const Baton__FollowRejoined *e)
{
    return e->old_log_id.len == e->log_id.len &&
           memcmp(e->old_log_id.data, e->log_id.data, e->log_id.len) == 0;
}

/* What it read comes in order, so that the first from within the log ends the walk; an earlier time that it
   rejoined ends it, too. */
uint64_t beyond_count(struct txn *t, uint64_t seq, const Baton__FollowRejoined *e)
{
    struct arena *a = arena_new(RECORD_MEMORY_MAX);
    uint64_t n = 0;
    for (seq--; seq > 0; seq--) {
        arena_reset(a);
        const Baton__LogRecord *r = log_get(t, seq, a);
        if (r == NULL || rejoined_in(r, e->service) != NULL)
            break;
        if (r->source == NULL || r->source->service == NULL || strcmp(r->source->service, e->service) != 0)
            continue;
        if (same_log(e) && r->source->seq <= e->new_seq)
            break;
        n++;
    }
    arena_free(a);
    return n;
}

const Baton__FollowRejoined *beyond_last(struct txn *t, uint64_t head, const char *service, struct arena *a,
                                         uint64_t *seq)
{
    for (*seq = head; *seq > 0; (*seq)--) {
        arena_reset(a);
        const Baton__LogRecord *r = log_get(t, *seq, a);
        const Baton__FollowRejoined *e = r != NULL ? rejoined_in(r, service) : NULL;
        if (e != NULL)
            return e;
    }
    return NULL;
}
