/* latency: from sending a lead's request to its event on the owner's stream, at a steady pace. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { LINES = 64, ARENA_MAX = 16 << 20, CAPTURED = 200, SYNCS = 400, LATE_US = 3000000 };

struct latency {
    struct http *http;
    const char *token;
    struct line *idle[LINES];
    unsigned n_idle;
    int64_t *sent_us; /* 0: its event has come */
    uint64_t n, rung;
    struct samples samples, answers;
};

/* One stream, and what of it may be the beginning of a mark. */
struct ear {
    struct latency *latency;
    struct buffer rest;
};

static void ring(struct latency *m, uint64_t lead)
{
    if (lead >= m->n || !m->sent_us[lead])
        return;
    samples_add(&m->samples, drive_now_us() - m->sent_us[lead]);
    m->sent_us[lead] = 0;
    m->rung++;
}

static void on_data(void *arg, struct bytes data)
{
    enum { MARK = sizeof COMPANY_MARK - 1, WHOLE = MARK + COMPANY_MARK_DIGITS };
    struct ear *e = arg;
    buffer_add(&e->rest, data.data, data.size);
    const char *text = buffer_cstr(&e->rest), *end = text + e->rest.size, *at = text;
    for (const char *found;
         (found = memmem(at, (size_t)(end - at), COMPANY_MARK, MARK)) && found + WHOLE <= end;
         at = found + WHOLE)
        ring(e->latency, strtoull(found + MARK, NULL, 10));
    size_t kept = (size_t)(end - at) < WHOLE ? (size_t)(end - at) : WHOLE;
    memmove(e->rest.data, end - kept, kept);
    e->rest.size = kept;
}

static void on_reply(void *arg, struct line *l, unsigned status, struct bytes body)
{
    struct latency *m = arg;
    if (status != CAPTURED)
        drive_die("a lead was answered with %u: %.*s", status, (int)body.size, (const char *)body.data);
    samples_add(&m->answers, drive_now_us() - http_posted_us(l));
    m->idle[m->n_idle++] = l;
}

/* What a commit of a service takes on average, in milliseconds, since it started. */
static double commit_ms(struct bus *b, const char *service)
{
    const Baton__ServiceStatus *s = bus_status(b, service);
    return s->commits ? (double)s->commit_us / (double)s->commits / 1000. : 0;
}

/* Each lead at its own moment, whether those before it have been answered or not. */
static void send_all(struct latency *m, struct ident_source *ids, double a_second)
{
    struct arena *a = arena_new(1 << 20);
    int64_t begin = drive_now_us();
    for (uint64_t i = 0; i < m->n; i++) {
        int64_t due = begin + (int64_t)((double)i * 1e6 / a_second);
        for (int64_t now; (now = drive_now_us()) < due || m->n_idle == 0;)
            http_wait(m->http, due - now > 1000 ? (int)((due - now) / 1000) : 0);
        arena_reset(a);
        char *json = company_lead_json(a, ids, i);
        m->sent_us[i] = drive_now_us();
        http_post(m->idle[--m->n_idle], "/baton.v1.LeadService/CaptureLead", m->token, json, on_reply, m);
    }
    for (int64_t end = drive_now_us() + LATE_US; m->rung < m->n && drive_now_us() < end;)
        http_wait(m->http, 10);
    arena_free(a);
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    double seconds = strtod(drive_option(argc, argv, "seconds", "15"), NULL);
    double a_second = strtod(drive_option(argc, argv, "rate", "200"), NULL);
    struct deployment baton = deployment_up(drive_option(argc, argv, "programs", NULL), data);
    struct bus bus = bus_open(data);
    struct latency m = {
        .http = http_new(baton.url), .token = baton.token, .n = (uint64_t)(seconds * a_second)};
    struct company company;
    struct ident_source ids = {0};
    struct samples syncs = {0};
    static struct ear ears[COMPANY_REPS];
    uint8_t random[10];
    m.sent_us = calloc(m.n, sizeof *m.sent_us);
    company_build(&bus, &company);
    bus.world->ops->random(bus.world, random, sizeof random);
    ident_source_advance(&ids, bus.world->ops->wall_us(bus.world), random);
    for (size_t i = 0; i < COMPANY_REPS; i++) {
        ears[i].latency = &m;
        buffer_init(&ears[i].rest, ARENA_MAX);
        http_stream(http_line(m.http), "/v1/stream", company_token(&bus, company.reps[i]), on_data, &ears[i]);
    }
    while (m.n_idle < LINES)
        m.idle[m.n_idle++] = http_line(m.http);
    for (int64_t end = drive_now_us() + 500000; drive_now_us() < end;)
        http_wait(m.http, 50);

    samples_two_syncs(&syncs, data, SYNCS);
    send_all(&m, &ids, a_second);
    samples_two_syncs(&syncs, data, SYNCS);
    if (m.rung < m.n)
        drive_die("%" PRIu64 " of %" PRIu64 " leads have not rung", m.n - m.rung, m.n);
    bench_remark("latency: %" PRIu64
                 " leads; p90 %.2f, p99.9 %.2f, longest %.2f ms; the answer alone: p50 %.2f, p99 %.2f",
                 m.n, samples_ms(&m.samples, 0.9), samples_ms(&m.samples, 0.999), samples_ms(&m.samples, 1),
                 samples_ms(&m.answers, 0.5), samples_ms(&m.answers, 0.99));
    bench_remark(
        "latency: a commit took %.2f ms in leads and %.2f ms in notifications on average; two fdatasync in a "
        "row: p90 %.2f, longest %.2f ms",
        commit_ms(&bus, "leads"), commit_ms(&bus, "notifications"), samples_ms(&syncs, 0.9),
        samples_ms(&syncs, 1));
    bench_row("latency-p50", samples_ms(&m.samples, 0.5), "ms", samples_ms(&syncs, 0.5));
    bench_row("latency-p99", samples_ms(&m.samples, 0.99), "ms", samples_ms(&syncs, 0.99));
    http_free(m.http);
    bus_close(&bus);
    drive_end(baton.pid);
    return 0;
}
