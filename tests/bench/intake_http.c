/* intake-http: durable leads a second as JSON through the gateway. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { LEAD_ARENA_MAX = 1 << 20, CAPTURED = 200 };

struct intake {
    struct deployment baton;
    struct http *http;
    struct arena *arena;
    struct ident_source ids;
    int64_t end_us;
    uint64_t sent, answered;
};

static void send_one(struct intake *in, struct line *l);

static void on_reply(void *arg, struct line *l, unsigned status, struct bytes body)
{
    struct intake *in = arg;
    in->answered++;
    if (status != CAPTURED)
        drive_die("a lead was answered with %u: %.*s", status, (int)body.size, (const char *)body.data);
    if (drive_now_us() < in->end_us)
        send_one(in, l);
}

static void send_one(struct intake *in, struct line *l)
{
    arena_reset(in->arena);
    http_post(l, "/baton.v1.LeadService/CaptureLead", in->baton.token,
              company_lead_json(in->arena, &in->ids, in->sent++), on_reply, in);
}

static void send_for(struct intake *in, struct line **lines, unsigned n, double seconds)
{
    in->sent = in->answered = 0;
    in->end_us = drive_now_us() + (int64_t)(seconds * 1e6);
    for (unsigned i = 0; i < n; i++)
        send_one(in, lines[i]);
    while (in->answered < in->sent)
        http_wait(in->http, 1000);
}

int main(int argc, char **argv)
{
    const char *data = drive_option(argc, argv, "data", NULL);
    double seconds = strtod(drive_option(argc, argv, "seconds", "10"), NULL);
    unsigned n = (unsigned)strtoul(drive_option(argc, argv, "connections", "128"), NULL, 10);
    struct intake in = {.arena = arena_new(LEAD_ARENA_MAX),
                        .baton = deployment_up(drive_option(argc, argv, "programs", NULL), data)};
    struct bus bus = bus_open(data);
    struct company company;
    struct line **lines = calloc(n, sizeof *lines);
    uint8_t random[10];
    company_build(&bus, &company);
    bus.world->ops->random(bus.world, random, sizeof random);
    ident_source_advance(&in.ids, bus.world->ops->wall_us(bus.world), random);
    in.http = http_new(in.baton.url);
    for (unsigned i = 0; i < n; i++)
        lines[i] = http_line(in.http);
    send_for(&in, lines, n, 1);
    bus_settle(&bus, "notifications", "leads");

    int64_t begin = drive_now_us();
    send_for(&in, lines, n, seconds);
    bus_settle(&bus, "notifications", "leads");
    double s = (double)(drive_now_us() - begin) / 1e6;
    bench_remark("intake-http: %" PRIu64 " leads in %.2f s over %u connections", in.answered, s, n);
    bench_row("intake-http", (double)in.answered / s, "leads/s", 0);
    http_free(in.http);
    bus_close(&bus);
    drive_end(in.baton.pid);
    free(lines);
    arena_free(in.arena);
    return 0;
}
