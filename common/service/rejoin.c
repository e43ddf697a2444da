/* Rejoining: the log that is followed was restored from an older backup or set up anew, and the operator says
   that the follower shall go on from where it is now. What came from beyond stays.

   Without copies of the other service's records it is one event, which is the cursor. With copies the other
   log is first read from its beginning, beside the rows; then one transaction makes the copies what they are
   there, by events, so that nothing here ever sees half of them. That reading is not kept over a restart: the
   follow stands still again, and the operator asks again. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "service/internal.h"

enum { LOOK_BACK_MAX = 100000 };

struct rejoin_facts {
    const char *name;
    struct follow *follow;          /* NULL: it does not follow that service */
    const struct follow_lost *lost; /* NULL: nothing is wrong */
    bool is_busy, has_copies;
    struct cursor was, to;
};

static struct follow *follow_of(const struct service *s, const char *followed)
{
    for (size_t i = 0; i < s->n_follows; i++)
        if (strcmp(follow_service(s->follows[i]), followed) == 0)
            return s->follows[i];
    return NULL;
}

/* Whether anything of `followed` had an effect here since then; also where that would take too long to tell.
 */
static bool took_since(const struct load *l, const char *followed, int64_t since_us)
{
    uint64_t head = log_head(txn_store(l->txn)).seq;
    struct arena *a = arena_new(LOG_RECORD_MAX * 4);
    bool took = false, over = false;
    for (uint64_t seq = head; seq > 0 && !took && !over; seq--) {
        arena_reset(a);
        const Baton__LogRecord *r = log_get(l->txn, seq, a);
        over = !r || (int64_t)r->time_us < since_us;
        took = !over && ((r->source && r->source->service && strcmp(r->source->service, followed) == 0) ||
                         head - seq >= LOOK_BACK_MAX);
    }
    arena_free(a);
    return took;
}

static struct cursor beginning(const struct cursor *of)
{
    struct cursor c = *of;
    c.at.seq = 0;
    log_first_hash(c.log_id, c.at.hash);
    return c;
}

/* Behind the position at which it was restored everything is new to us, unless we have read on since: then an
   old copy was put there by hand, and what is new to us cannot be told. Of a log that was begun anew
   everything is; but where we keep copies, those come first. */
static struct cursor target(const struct load *l, const struct rejoin_facts *f)
{
    const struct follow_lost *lost = f->lost;
    struct cursor to = {.at = lost->head};
    memcpy(to.log_id, lost->log_id, LOG_ID_SIZE);
    if (lost->is_restored && !took_since(l, follow_service(f->follow), lost->restored_us))
        to.at = lost->restored;
    else if (!lost->is_restored && !f->has_copies && memcmp(to.log_id, f->was.log_id, LOG_ID_SIZE) != 0)
        return beginning(&to);
    return to;
}

void *rejoin_load(struct load *l, const struct command *c)
{
    const Baton__RejoinFollowRequest *q = (const Baton__RejoinFollowRequest *)c->request;
    const struct service *s = l->service;
    struct rejoin_facts *f = ARENA_NEW(l->arena, struct rejoin_facts);
    f->name = s->def->name;
    f->follow = follow_of(s, q->followed);
    f->lost = f->follow ? follow_lost(f->follow) : NULL;
    f->is_busy = s->rejoin.follow && !follow_lost(s->rejoin.follow);
    f->has_copies = copies_are_kept(s, q->followed);
    (void)cursor_get(l->txn, q->followed, &f->was); /* none: all zero */
    if (f->lost)
        f->to = target(l, f);
    return f;
}

static bool refuse_good(const struct rejoin_facts *f, struct outcome *out)
{
    const char *followed = follow_service(f->follow);
    if (!follow_head(f->follow) && !follow_caught_up(f->follow))
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "%s has not heard of %s yet", f->name, followed);
    if (follow_stopped(f->follow))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "this does not mend why %s stands still: %s", f->name, follow_stopped(f->follow));
    return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                  "there is nothing to mend: %s follows %s and has read %" PRIu64 " of %" PRIu64 " records",
                  f->name, followed, follow_position(f->follow), follow_head(f->follow));
}

static Baton__FollowRejoined *rejoined(const char *followed, const struct cursor *was,
                                       const struct cursor *to, struct arena *a)
{
    Baton__FollowRejoined *e = ARENA_NEW(a, Baton__FollowRejoined);
    baton__follow_rejoined__init(e);
    e->service = arena_strdup(a, followed);
    e->has_old_log_id = e->has_old_seq = e->has_log_id = e->has_new_seq = e->has_new_hash = true;
    e->old_log_id = (ProtobufCBinaryData){LOG_ID_SIZE, arena_copy(a, was->log_id, LOG_ID_SIZE)};
    e->old_seq = was->at.seq;
    e->log_id = (ProtobufCBinaryData){LOG_ID_SIZE, arena_copy(a, to->log_id, LOG_ID_SIZE)};
    e->new_seq = to->at.seq;
    e->new_hash = (ProtobufCBinaryData){HASH_SIZE, arena_copy(a, to->at.hash, HASH_SIZE)};
    return e;
}

bool rejoin_decide(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct rejoin_facts *f = facts;
    const Baton__RejoinFollowRequest *q = (const Baton__RejoinFollowRequest *)c->request;
    /* 1: only where it follows, 2: one after the other, 3: and only what is broken */
    if (!f->follow)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "followed", "%s does not follow %s", f->name,
                      q->followed);
    if (f->is_busy)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "%s is just rejoining; see baton status", f->name);
    if (!f->lost)
        return refuse_good(f, out);
    /* 4: copies are read first */
    if (!f->has_copies)
        outcome_event(out, rejoined(q->followed, &f->was, &f->to, s->arena));
    Baton__RejoinFollowResponse *reply = ARENA_NEW(s->arena, Baton__RejoinFollowResponse);
    baton__rejoin_follow_response__init(reply);
    reply->has_old_seq = reply->has_new_seq = reply->has_reading = true;
    reply->old_seq = f->was.at.seq;
    reply->new_seq = f->to.at.seq;
    reply->reading = f->has_copies;
    out->reply = &reply->base;
    return true;
}

/* --- afterwards --- */

static bool decide_rejoined(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    outcome_event(out, (void *)(uintptr_t)facts);
    return true;
}

static void *load_rejoined(struct load *l, const struct command *c)
{
    const struct service *s = l->service;
    struct cursor was = {0};
    const char *followed = follow_service(s->rejoin.follow);
    (void)cursor_get(l->txn, followed, &was); /* none: all zero */
    return rejoined(followed, &was, &s->rejoin.to, l->arena);
}

/* The event comes before the copies' own: what stems from beyond ends there. */
static void finish(struct service *s)
{
    const struct rejoin *r = &s->rejoin;
    Baton__Actor actor = followed_actor(s);
    const struct command c = {.actor = &actor};
    followed_decide(s, load_rejoined, decide_rejoined, &c, &(struct origin){0});
    uint64_t n = rejoin_copies_mend(s);
    copies_made(s, follow_service(r->follow));
    log_info("service", "rejoined %s at %" PRIu64 "; %" PRIu64 " copies were mended",
             follow_service(r->follow), r->to.at.seq, n);
}

void rejoin_begin(struct service *s, const struct command *c)
{
    struct load l = batch_load(s);
    const struct rejoin_facts *f = rejoin_load(&l, c);
    struct rejoin *r = &s->rejoin;
    r->follow = f->follow;
    r->reads = f->has_copies;
    r->to = r->reads ? f->to : f->was; /* without copies the event has set the cursor already */
    r->waits = true;
    r->from = r->reads ? beginning(&r->to) : r->to;
    log_info("service", "rejoins %s: had read up to %" PRIu64 ", goes on from %" PRIu64,
             follow_service(r->follow), follow_position(r->follow), r->to.at.seq);
    if (!r->reads || r->to.at.seq > 0)
        return;
    rejoin_copies_forget(s); /* nothing is there, nothing will come */
    finish(s);
    r->reads = false;
}

void rejoin_reads(struct service *s, struct follow *f)
{
    struct rejoin *r = &s->rejoin;
    if (!service_cursor(s, follow_service(f), &r->to))
        return;
    r->follow = f;
    r->reads = true;
    r->from = beginning(&r->to);
    follow_rewind(f, &r->from);
}

void rejoin_committed(struct service *s)
{
    struct rejoin *r = &s->rejoin;
    if (!r->waits)
        return;
    r->waits = false;
    follow_rewind(r->follow, &r->from);
    if (!r->reads)
        r->follow = NULL;
}

/* The log was changed once more while it was read: everything stays as it was before the operator asked. */
static void give_up(struct service *s)
{
    struct rejoin *r = &s->rejoin;
    log_warning("service", "%s was changed again; nothing is rejoined", follow_service(r->follow));
    if (!cursor_get(s->txn, follow_service(r->follow), &r->from))
        r->from = beginning(&r->to);
    r->waits = true;
}

bool rejoin_takes(struct service *s, const struct item *i, const Baton__LogRecord *record)
{
    struct rejoin *r = &s->rejoin;
    if (i->follow != r->follow)
        return false;
    if (r->waits)
        return true; /* of the log as it was */
    if (record->seq == 1)
        rejoin_copies_forget(s);
    for (size_t k = 0; k < record->n_events; k++)
        rejoin_copies_take(s, record->events[k]);
    if (record->seq < r->to.at.seq)
        return true;
    r->reads = false;
    if (memcmp(&i->at, &r->to, sizeof r->to) != 0) {
        give_up(s);
        return true;
    }
    finish(s);
    r->follow = NULL;
    return true;
}

bool rejoin_restart(struct service *s, const struct follow *f)
{
    struct rejoin *r = &s->rejoin;
    if (f != r->follow || !r->reads)
        return false;
    r->from = beginning(&r->to);
    follow_rewind(r->follow, &r->from);
    return true;
}

uint64_t rejoin_target(const struct service *s, const struct follow *f)
{
    return s->rejoin.follow == f && s->rejoin.reads && !follow_lost(f) ? s->rejoin.to.at.seq : 0;
}
