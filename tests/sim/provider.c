/* Everybody outside: says yes, no, later, nothing, or is not there; and remembers what was said to whom. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notifications/delivery.h"
#include "sim/sim.h"

enum { SAID_MAX = 8192, LATE_US = 30 * 1000000, PROMPT_US = 200000, MOMENT_US = 8 * 1000000 };
enum { OPEN_LAST_US = 13 * 3600 }; /* seconds: no wait is longer */

/* About one delivery. */
struct said {
    char id[IDENT_TEXT_SIZE];
    unsigned calls, attempts, ends;
    bool is_push;
    bool refused;          /* for good, and the service knows it */
    int64_t not_before_us; /* as it was asked to wait */
    struct outbound_result last;
};

struct provider {
    struct said all[SAID_MAX];
    size_t n;
    uint64_t random;
};

static struct provider *of(struct sim *sim)
{
    if (!sim->provider) {
        sim->provider = calloc(1, sizeof *sim->provider);
        assert(sim->provider);
        sim->provider->random = sim_mix(sim->options.seed, 4711);
    }
    return sim->provider;
}

static struct said *said_of(struct sim *sim, const char *id)
{
    struct provider *p = of(sim);
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->all[i].id, id) == 0)
            return &p->all[i];
    assert(p->n < SAID_MAX);
    struct said *s = &p->all[p->n++];
    snprintf(s->id, sizeof s->id, "%s", id);
    return s;
}

/* --- what becomes of a call --- */

static const unsigned mail_says[] = {421, 450, 451, 535, 550, 554};
struct http_says {
    unsigned status;
    uint32_t retry_after_s;
};
static const struct http_says http_says[] = {{301, 0}, {400, 0},  {404, 0}, {410, 0}, {413, 0}, {422, 0},
                                             {429, 9}, {429, 60}, {500, 0}, {503, 0}, {503, 45}};
static const struct http_says push_says[] = {{400, 0}, {401, 0}, {403, 0},  {404, 0}, {410, 0}, {413, 0},
                                             {413, 0}, {429, 9}, {429, 60}, {500, 0}, {503, 45}};
static const unsigned mqtt_says[] = {134, 135, 136, 144, 149, 151};

static void say_no(uint64_t *random, const struct outbound_request *r, struct outbound_result *result)
{
    if (r->kind == OUTBOUND_MAIL) {
        result->status = mail_says[sim_below(random, sizeof mail_says / sizeof *mail_says)];
        return;
    }
    if (r->kind == OUTBOUND_MQTT) {
        result->status = mqtt_says[sim_below(random, sizeof mqtt_says / sizeof *mqtt_says)];
        return;
    }
    const struct http_says *says = r->push ? push_says : http_says;
    size_t n = r->push ? sizeof push_says / sizeof *push_says : sizeof http_says / sizeof *http_says;
    says += sim_below(random, n);
    result->status = says->status;
    result->retry_after_s = says->retry_after_s;
}

static void draw(struct sim *sim, const struct outbound_request *r, struct outbound_result *result,
                 int64_t *after_us)
{
    uint64_t *random = &of(sim)->random;
    unsigned fate = (unsigned)sim_below(random, 10);
    *after_us = (int64_t)sim_below(random, PROMPT_US);
    result->status = r->kind == OUTBOUND_MQTT ? 0 : 250;
    if (sim->calm || fate < 5)
        return;
    if (fate < 8)
        say_no(random, r, result);
    else if (fate == 8)
        *result = (struct outbound_result){.end = OUTBOUND_UNREACHABLE, .reason = "nobody is there"};
    else {
        *result = (struct outbound_result){.end = OUTBOUND_LATE, .reason = "no answer in time"};
        *after_us = LATE_US;
    }
}

/* What stands behind `mark` in the body. */
static bool id_within(const struct outbound_request *r, const char *mark, char id[IDENT_TEXT_SIZE])
{
    const char *at = r->body.size ? memmem(r->body.data, r->body.size, mark, strlen(mark)) : NULL;
    if (at)
        snprintf(id, IDENT_TEXT_SIZE, "%.*s", IDENT_TEXT_SIZE - 1, at + strlen(mark));
    return at != NULL;
}

/* What stands behind `mark`. */
static bool id_behind(const char *text, const char *mark, char id[IDENT_TEXT_SIZE])
{
    if (strncmp(text, mark, strlen(mark)) != 0)
        return false;
    snprintf(id, IDENT_TEXT_SIZE, "%s", text + strlen(mark));
    return true;
}

/* The delivery's id goes along: in a header, in the name of who publishes, in the Message-ID, or in what is
   sealed. */
static bool id_in(const struct outbound_request *r, char id[IDENT_TEXT_SIZE])
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (id_behind(r->headers[i], "webhook-id: ", id) || id_behind(r->headers[i], "Idempotency-Key: ", id))
            return true;
    if (r->kind == OUTBOUND_MQTT)
        return id_behind(r->from, "baton-", id);
    return id_within(r, r->push ? "\"delivery_id\":\"" : "Message-ID: <", id);
}

bool provider_call(void *arg, struct host *h, const struct outbound_request *r,
                   struct outbound_result *result, int64_t *after_us)
{
    struct sim *sim = arg;
    struct process *p = sim_process_of(sim, h);
    char id[IDENT_TEXT_SIZE];
    if (!p || p->writing)
        sim_wrong(sim, "early: %s speaks to the outside before it has committed", host_name(h));
    if (!*r->url) {
        *result = (struct outbound_result){.end = OUTBOUND_FORBIDDEN, .reason = "the address cannot be used"};
        return true;
    }
    if (!id_in(r, id))
        sim_wrong(sim, "outside: a letter without the id of its delivery");
    struct said *s = said_of(sim, id);
    if (!sim->calm && sim_below(&of(sim)->random, 12) == 0)
        return false;
    s->calls++;
    s->is_push = r->push != NULL;
    draw(sim, r, result, after_us);
    s->last = *result;
    return true;
}

/* --- against the log --- */

static void attempted(struct sim *sim, const Baton__DeliveryAttempted *e, int64_t time_us)
{
    struct said *s = said_of(sim, e->delivery_id);
    s->attempts++;
    if (time_us < s->not_before_us)
        sim_wrong(sim, "outside: delivery %s is tried again sooner than was asked for", e->delivery_id);
    s->not_before_us = 0;
    if (s->refused)
        sim_wrong(sim, "outside: delivery %s is tried again after %u", e->delivery_id, s->last.status);
}

/* A push that is too long is sent once more, shorter. */
static bool is_final(unsigned status, bool is_push)
{
    static const unsigned final[] = {144, 149, 400, 410, 413, 422, 550, 554},
                          of_push[] = {400, 401, 403, 404, 410};
    const unsigned *list = is_push ? of_push : final;
    size_t n = is_push ? sizeof of_push / sizeof *of_push : sizeof final / sizeof *final;
    for (size_t i = 0; i < n; i++)
        if (list[i] == status)
            return true;
    return false;
}

/* An end is one of an attempt, and what the other side has said. */
static void ended(struct sim *sim, const char *id, bool has_status, unsigned status, int64_t time_us)
{
    struct said *s = said_of(sim, id);
    if (++s->ends > s->attempts)
        sim_wrong(sim, "outside: an attempt of delivery %s has ended twice", id);
    if (has_status && (s->last.end != OUTBOUND_ANSWERED || s->last.status != status))
        sim_wrong(sim, "outside: delivery %s was answered with %u, and not with %u", id, s->last.status,
                  status);
    s->refused = has_status && is_final(status, s->is_push);
    s->not_before_us = has_status ? time_us + s->last.retry_after_s * INT64_C(1000000) : 0;
}

static void replayed(struct sim *sim, const char *id)
{
    struct said *s = said_of(sim, id);
    s->refused = false;
    s->not_before_us = 0;
}

static void take(struct sim *sim, const Baton__Event *e, int64_t time_us)
{
    if (e->event_case == BATON__EVENT__EVENT_DELIVERY_REPLAYED)
        replayed(sim, e->delivery_replayed->delivery_id);
    if (e->event_case == BATON__EVENT__EVENT_DELIVERY_ATTEMPTED)
        attempted(sim, e->delivery_attempted, time_us);
    if (e->event_case == BATON__EVENT__EVENT_DELIVERY_SUCCEEDED)
        ended(sim, e->delivery_succeeded->delivery_id, true, e->delivery_succeeded->status, time_us);
    if (e->event_case == BATON__EVENT__EVENT_DELIVERY_FAILED)
        ended(sim, e->delivery_failed->delivery_id, e->delivery_failed->has_status,
              e->delivery_failed->status, time_us);
}

void provider_record(struct sim *sim, const Baton__LogRecord *r)
{
    for (size_t i = 0; i < r->n_events; i++)
        take(sim, r->events[i], (int64_t)r->time_us);
}

/* Promise 16: nobody is spoken to but by an attempt that is committed. */
void provider_look(struct sim *sim)
{
    struct provider *p = of(sim);
    for (size_t i = 0; i < p->n; i++)
        if (p->all[i].calls > p->all[i].attempts)
            sim_wrong(sim, "outside: delivery %s was sent %u times with %u attempts", p->all[i].id,
                      p->all[i].calls, p->all[i].attempts);
}

/* What was said beyond the log as it is now is forgotten on both sides. */
void provider_rebuild(struct sim *sim)
{
    struct provider *p = of(sim);
    const struct ledger *l = &sim->ledgers[NOTIFICATIONS];
    for (size_t i = 0; i < p->n; i++) {
        p->all[i].attempts = p->all[i].ends = 0;
        p->all[i].refused = false;
        p->all[i].not_before_us = 0;
    }
    for (size_t n = 0; n < l->n; n++)
        for (size_t i = 0; i < l->records[n]->n_events; i++)
            if (l->records[n]->events[i]->event_case == BATON__EVENT__EVENT_DELIVERY_ATTEMPTED)
                attempted(sim, l->records[n]->events[i]->delivery_attempted, INT64_MAX);
    for (size_t i = 0; i < p->n; i++) {
        p->all[i].calls = p->all[i].attempts < p->all[i].calls ? p->all[i].attempts : p->all[i].calls;
        p->all[i].ends = 0;
    }
}

/* --- once all is quiet --- */

struct sums {
    uint64_t open, dead;
    uint32_t under_way;
};

static int64_t now_of(struct sim *sim)
{
    struct world *w = host_world(sim->processes[NOTIFICATIONS].host);
    return w->ops->wall_us(w);
}

/* What has not ended has a moment at which something happens, and that moment is not past. */
static void on_its_way(struct sim *sim, const Baton__ChannelDelivery *d, struct sums *sums)
{
    int64_t now = now_of(sim), due = d->has_next_due_us ? d->next_due_us : 0;
    bool is_open = d->shelf && strcmp(d->shelf, "open") == 0;
    sums->open += is_open;
    sums->dead += d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_DEAD;
    sums->under_way += d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_UNDER_WAY;
    if (is_open ? due < now - MOMENT_US : due != 0)
        sim_wrong(sim, "outside: delivery %s in state %d has a timer at %lld, %lld s from now", d->id,
                  d->state, (long long)due, (long long)((due - now) / 1000000));
    if (d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_WAITING &&
        due > now + OPEN_LAST_US * INT64_C(1000000))
        sim_wrong(sim, "outside: delivery %s waits without bound", d->id);
    if (!is_open && (!d->ended_at || (d->state != BATON__DELIVERY_STATE__DELIVERY_STATE_DELIVERED &&
                                      !(d->reason && *d->reason))))
        sim_wrong(sim, "outside: delivery %s has ended without a reason", d->id);
}

/* A broker is told of all there was. */
static void not_left_out(struct sim *sim, const Baton__ChannelDelivery *d)
{
    if (d->channel == BATON__CHANNEL__CHANNEL_MQTT &&
        d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_DROPPED && strstr(d->reason, "was seen"))
        sim_wrong(sim, "outside: delivery %s was kept from its broker", d->id);
}

/* Everybody outside has been in a good mood for long: nothing that could go stands in a lane. */
static void lanes_right(struct sim *sim, struct txn *t, struct arena *a, const struct sums *sums)
{
    struct table_scan scan;
    struct sums said = {0};
    const Baton__DeliveryLane *lane;
    bool opened = table_scan_open(&scan, t, NOTIFICATIONS_LANE, NULL, NULL, NULL, false);
    assert(opened);
    while ((lane = table_scan_next(&scan, a))) {
        said.open += lane->open;
        said.dead += lane->dead;
        said.under_way += lane->under_way;
        if (lane->closed_until_us && lane->closed_until_us < now_of(sim) - MOMENT_US)
            sim_wrong(sim, "outside: lane %s should have opened", lane->id);
    }
    table_scan_close(&scan);
    if (said.open != sums->open || said.dead != sums->dead || said.under_way != sums->under_way)
        sim_wrong(sim, "outside: lanes count %llu open, %llu dead, %u under way; there are %llu, %llu, %u",
                  (unsigned long long)said.open, (unsigned long long)said.dead, said.under_way,
                  (unsigned long long)sums->open, (unsigned long long)sums->dead, sums->under_way);
}

/* A delivery that could go and does not: its lane is open and has a place. */
static void nobody_stuck(struct sim *sim, struct txn *t, struct arena *a, const Baton__ChannelDelivery *d)
{
    const Baton__DeliveryLane *lane = table_get_id(t, NOTIFICATIONS_LANE, d->lane_id, a);
    if (d->state == BATON__DELIVERY_STATE__DELIVERY_STATE_READY && !lane->closed_until_us && !lane->under_way)
        sim_wrong(sim, "outside: delivery %s is ready and nothing takes it up", d->id);
}

void provider_settled(struct sim *sim)
{
    struct table_scan scan;
    struct sums sums = {0};
    struct arena *a = arena_new(64 << 20);
    struct txn *t = sim->ledgers[NOTIFICATIONS].made;
    const Baton__ChannelDelivery *d;
    bool opened = table_scan_open(&scan, t, NOTIFICATIONS_DELIVERY, NULL, NULL, NULL, false);
    assert(opened);
    while ((d = table_scan_next(&scan, a))) {
        on_its_way(sim, d, &sums);
        nobody_stuck(sim, t, a, d);
        not_left_out(sim, d);
    }
    table_scan_close(&scan);
    lanes_right(sim, t, a, &sums);
    arena_free(a);
}
