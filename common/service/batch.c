/* One turn: what has arrived becomes one transaction; nothing leaves before it is committed. */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "bus/envelope.h"
#include "service/internal.h"

struct load batch_load(struct service *s)
{
    return (struct load){.txn = s->txn,
                         .arena = s->arena,
                         .state = s->state,
                         .now_us = s->last_us,
                         .service = s,
                         .files = s->files,
                         .view = s->view};
}

void batch_answer(struct service *s, const struct item *i, uint64_t call, const struct refusal *no,
                  struct bytes body)
{
    struct answer *a = ARENA_NEW(s->arena, struct answer);
    a->peer = i->peer;
    a->body = no ? bytes_of(NULL, 0) : body;
    a->envelope = envelope_pack(BATON__ENVELOPE_KIND__ENVELOPE_KIND_REPLY, call, no, a->body, s->arena);
    *s->answers_end = a;
    s->answers_end = &a->next;
    if (no)
        s->status.refusals++;
}

static bool writes(const struct service *s)
{
    if (s->timers_wait)
        return true;
    for (const struct item *i = s->first; i; i = i->next)
        if (i->kind == ITEM_RECORD || i->kind == ITEM_EFFECT || request_is_command(s, i))
            return true;
    return false;
}

/* From the first on; returns the first that has to wait for the next transaction, NULL if none has. */
static struct item *run_items(struct service *s)
{
    struct item *i = s->first;
    for (; i && arena_used(s->arena) < BATCH_ARENA_FULL; i = i->next) {
        if (i->kind == ITEM_RECORD)
            followed_run(s, i);
        else if (i->kind == ITEM_EFFECT)
            effect_run(s, i);
        else
            request_run(s, i);
    }
    return i;
}

static void send_answers(struct service *s)
{
    for (const struct answer *a = s->answers; a; a = a->next)
        if (!s->world->ops->send(s->port, &a->peer, a->envelope, a->body))
            log_warning("service", "an answer could not be sent: whoever asked is gone or too slow");
    s->answers = NULL;
    s->answers_end = &s->answers;
}

/* Credit goes back only now: what it paid for is committed. */
static void give_credit(const struct item *from, const struct item *to)
{
    for (const struct item *i = from; i != to; i = i->next)
        if (i->kind == ITEM_RECORD)
            follow_done(i->follow, i->body.size + i->keys.size);
}

static void count_commit(struct service *s, int64_t begin_us)
{
    s->status.commits++;
    s->status.commit_us += (uint64_t)(s->world->ops->wall_us(s->world) - begin_us);
}

/* One transaction. */
static void batch_part(struct service *s)
{
    bool write = writes(s);
    struct item *from = s->first;
    s->txn = store_begin(s->store, write);
    if (!s->txn)
        log_fatal("service", "the store cannot be used any more");
    uint64_t head = log_head(s->store).seq;
    s->first = run_items(s);
    if (s->timers_wait && !s->pressure) {
        (void)timers_run(s); /* what is still due runs in the next turn */
        gathered_run(s);
    }
    s->timers_wait = false;
    s->due_is_stale |= write;
    int64_t begin_us = s->world->ops->wall_us(s->world);
    bool wrote = log_head(s->store).seq != head;
    if (!write && txn_failed(s->txn))
        log_fatal("service", "the store could not be read, so nobody gets an answer");
    if (!write)
        store_abort(s->txn);
    else if (!store_commit(s->txn))
        log_fatal("service", "a commit failed; whether it is on disk is not known, so nobody gets an answer");
    s->txn = NULL;
    if (wrote && s->def->committed)
        s->def->committed(s->state, s->files);
    rejoin_committed(s);
    if (wrote)
        count_commit(s, begin_us);
    send_answers(s);
    give_credit(from, s->first);
    arena_reset(s->arena);
}

/* What has arrived, in as many transactions as its memory wants: nearly always one. */
static void batch_run(struct service *s)
{
    do
        batch_part(s);
    while (s->first);
    s->last = &s->first;
    s->n_items = s->item_bytes = 0;
    arena_reset(s->staged);
}

/* Records that came while there was no room were left; once there is room they are asked for again. */
static void pressure_look(struct service *s)
{
    const char *before = s->pressure;
    /* By the clock as it is: the service's own time may stand still for long. */
    s->pressure = store_pressure(s->store, s->world->ops->wall_us(s->world));
    if (s->pressure && !before)
        log_warning("service", "%s: commands are refused until there is room", s->pressure);
    if (s->pressure || !before)
        return;
    log_info("service", "there is room again");
    effects_room(s);
    for (size_t i = 0; i < s->n_follows; i++) {
        struct cursor c;
        if (rejoin_restart(s, s->follows[i]))
            continue;
        bool known = service_cursor(s, follow_service(s->follows[i]), &c);
        follow_rewind(s->follows[i], known ? &c : NULL);
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}

/* Only a batch moves timers. */
static int64_t first_due(struct service *s)
{
    if (s->due_is_stale)
        s->due_us = timers_next(s);
    s->due_is_stale = false;
    return s->due_us;
}

int64_t service_turn(void *arg)
{
    struct service *s = arg;
    int64_t now = service_now(s);
    pressure_look(s);
    copies_turn(s);
    int64_t due = earlier(first_due(s), gathered_due(s));
    s->timers_wait = due && due <= now;
    if (s->first || (s->timers_wait && !s->pressure))
        batch_run(s);
    erased_turn(s);
    effects_begin(s);
    publish_send(s);
    upkeep_turn(s);
    int64_t wake = s->first || erased_waits(s) ? now : earlier(first_due(s), gathered_due(s));
    /* Under pressure timers wait for room, which is looked for once a second. */
    if (s->pressure)
        wake = now + 1000000;
    for (size_t i = 0; i < s->n_follows; i++)
        wake = earlier(wake, follow_turn(s->follows[i]));
    return wake;
}
