/* Leads that keep arriving: each is asked for until it is answered, always with the same request id. */
#include "faults.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "baton/v1/leads.pb-c.h"
#include "bus/zloop.h"
#include "schema/schema.h"

enum { ARENA_MAX = 4 << 20, OUT_MAX = 64, TIMEOUT_MS = 5000, AGAIN_US = 1000, PATIENCE_US = 60000000 };

/* A call on its way. */
struct ticket {
    struct intake *intake;
    size_t call;
};

/* What the running intake_run waits for. */
struct waiting {
    struct intake *intake;
    int64_t until_us;
    intake_done_fn *done;
    bool over, is_done;
};

static void *grown(void *old, size_t *room, size_t need, size_t each)
{
    if (need <= *room)
        return old;
    *room = need * 2 + 64;
    void *p = realloc(old, *room * each);
    assert(p);
    return p;
}

static void enqueue(struct intake *l, size_t call)
{
    if (l->queue_first == l->queue_end)
        l->queue_first = l->queue_end = 0;
    l->queue = grown(l->queue, &l->queue_room, l->queue_end + 1, sizeof *l->queue);
    l->queue[l->queue_end++] = call;
}

void intake_add(struct intake *l, size_t n)
{
    char skipped[IDENT_TEXT_SIZE];
    for (size_t i = 0; i < n; i++) {
        l->calls = grown(l->calls, &l->room, l->n + 1, sizeof *l->calls);
        l->calls[l->n] = (struct intake_call){.ids = l->ids};
        ident_next_text(&l->ids, skipped); /* the one that company_lead will take */
        enqueue(l, l->n++);
    }
}

void intake_repeat(struct intake *l, size_t call)
{
    struct intake_call *c = &l->calls[call];
    if (c->state != INTAKE_ACKNOWLEDGED || c->again)
        return;
    c->again = true;
    enqueue(l, call);
}

static void take_reply(struct intake *l, size_t call, struct bytes body)
{
    struct intake_call *c = &l->calls[call];
    uint8_t hash[HASH_SIZE];
    hash2(hash, body, bytes_of(NULL, 0));
    if (c->state == INTAKE_ACKNOWLEDGED) {
        if (memcmp(hash, c->reply, sizeof c->reply) != 0)
            drive_die("lead %zu: the same request got another reply", call);
        c->again = false;
        l->repeated++;
        return;
    }
    arena_reset(l->arena);
    const Baton__CaptureLeadResponse *r = (const Baton__CaptureLeadResponse *)schema_unpack(
        schema_message(&baton__capture_lead_response__descriptor), body, l->arena);
    if (!r || !r->lead || !r->lead->id || !ident_parse(c->lead, r->lead->id))
        drive_die("lead %zu: the reply cannot be read", call);
    memcpy(c->reply, hash, sizeof c->reply);
    c->state = INTAKE_ACKNOWLEDGED;
    l->acknowledged++;
    if (l->on_acknowledged)
        l->on_acknowledged(l->arg, c);
}

/* Whether it happened is not known, or it may happen in a moment. */
static bool is_passing(enum refusal_code code)
{
    return code == REFUSAL_UNAVAILABLE || code == REFUSAL_DEADLINE_EXCEEDED ||
           code == REFUSAL_RESOURCE_EXHAUSTED;
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    const struct ticket t = *(struct ticket *)arg;
    struct intake *l = t.intake;
    free(arg);
    l->out--;
    if (!no) {
        take_reply(l, t.call, body);
        return;
    }
    if (no->code == REFUSAL_CANCELED)
        return;
    if (!is_passing(no->code))
        drive_die("lead %zu was refused: %s", t.call, no->message);
    l->unanswered++;
    if (strstr(no->message, "try again later")) {
        l->refused++;
        snprintf(l->refusal, sizeof l->refusal, "%s", no->message);
        l->held_until_us = drive_now_us() + AGAIN_US;
    }
    if (l->calls[t.call].state == INTAKE_OUT)
        l->calls[t.call].state = INTAKE_WAITING;
    enqueue(l, t.call);
}

/* False: the service is not there. */
static bool send_one(struct intake *l, size_t call)
{
    struct refusal no = {0};
    struct intake_call *c = &l->calls[call];
    struct ident_source ids = c->ids;
    struct ticket *t = malloc(sizeof *t);
    assert(t);
    *t = (struct ticket){l, call};
    arena_reset(l->arena);
    const struct call request = {.service = fleet_name(FLEET_LEADS),
                                 .method = "LeadService/CaptureLead",
                                 .actor = &l->actor,
                                 .timeout_ms = l->timeout_ms,
                                 .body = company_lead(l->arena, &ids, call)};
    if (!client_call(l->bus.client, &request, on_reply, t, &no)) {
        free(t);
        return false;
    }
    l->out++;
    if (c->state == INTAKE_WAITING)
        c->state = INTAKE_OUT;
    return true;
}

static void send_waiting(struct intake *l, int64_t now)
{
    if (now < l->held_until_us)
        return;
    while (l->queue_first < l->queue_end && l->out < OUT_MAX) {
        if (!send_one(l, l->queue[l->queue_first])) {
            l->held_until_us = now + AGAIN_US;
            return;
        }
        l->queue_first++;
    }
}

/* Wall time, as turns want it, of a moment of drive_now_us. */
static int64_t wall_of(const struct intake *l, int64_t at_us)
{
    return l->bus.world->ops->wall_us(l->bus.world) + at_us - drive_now_us();
}

static int64_t on_turn(void *arg)
{
    struct waiting *w = arg;
    int64_t now = drive_now_us(), next = w->until_us;
    if (!w->over)
        send_waiting(w->intake, now);
    w->is_done = w->done && w->done(w->intake);
    if (!w->over && (w->is_done || now >= w->until_us)) {
        w->over = true;
        zloop_stop(w->intake->bus.world);
    }
    if (w->intake->queue_first < w->intake->queue_end && w->intake->out < OUT_MAX && next > now + AGAIN_US)
        next = now + AGAIN_US;
    return wall_of(w->intake, next);
}

bool intake_run(struct intake *l, int64_t for_us, intake_done_fn *done)
{
    struct waiting w = {.intake = l, .until_us = drive_now_us() + for_us, .done = done};
    struct world *world = l->bus.world;
    world->ops->add_turn(world, on_turn, &w);
    while (!w.over)
        zloop_run(world);
    world->ops->remove_turn(world, &w);
    return w.is_done;
}

bool intake_all_answered(struct intake *l)
{
    return l->out == 0 && l->queue_first == l->queue_end;
}

void intake_finish(struct intake *l)
{
    if (!intake_run(l, PATIENCE_US, intake_all_answered))
        drive_die("%zu of %zu leads have no answer after a minute", l->n - (size_t)l->acknowledged, l->n);
}

void intake_open(struct intake *l, const struct fleet *f)
{
    uint8_t random[10];
    *l = (struct intake){.bus = bus_open(f->data), .arena = arena_new(ARENA_MAX), .timeout_ms = TIMEOUT_MS};
    (void)signal(SIGTERM, SIG_DFL); /* the loop would only stop a turn */
    (void)signal(SIGINT, SIG_DFL);  /* as above */
    company_build(&l->bus, &l->company);
    l->actor = company_actor(BATON__ROLE__ROLE_SERVICE, l->company.source);
    l->bus.world->ops->random(l->bus.world, random, sizeof random);
    ident_source_advance(&l->ids, l->bus.world->ops->wall_us(l->bus.world), random);
}

void intake_close(struct intake *l)
{
    bus_close(&l->bus);
    arena_free(l->arena);
    free(l->calls);
    free(l->queue);
}
