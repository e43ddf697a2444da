/* import-leads: a list in which every tenth lead is of a customer who stands further up, brought in over the
   bus; whole and durable, which the counts of custody have to say. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "baton/v1/leads.pb-c.h"
#include "bench.h"
#include "bus/zloop.h"

enum { LEAD_ARENA_MAX = 1 << 20, OUTSTANDING = 256, SERVICES = 3, ONE_OF = 10, BACK = 5 };

static const char *const services[SERVICES] = {"directory", "leads", "notifications"};

struct import {
    struct bus bus;
    struct company company;
    Baton__Actor actor;
    pid_t pids[SERVICES];
    struct arena *arena;
    struct ident_source ids;
    uint64_t leads, sent, answered;
};

static void send_one(struct import *im);

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct import *im = arg;
    if (no)
        drive_die("a lead was refused: %s", no->message);
    im->answered++;
    if (im->sent < im->leads)
        send_one(im);
    else if (im->answered == im->sent)
        zloop_stop(im->bus.world);
}

static void send_one(struct import *im)
{
    struct refusal no = {0};
    uint64_t n = im->sent++;
    arena_reset(im->arena);
    const struct call call = {.service = "leads",
                              .method = "LeadService/CaptureLead",
                              .actor = &im->actor,
                              .body =
                                  company_lead(im->arena, &im->ids, n % ONE_OF == ONE_OF - 1 ? n - BACK : n)};
    if (!client_call(im->bus.client, &call, on_reply, im, &no))
        drive_die("a lead could not be sent: %s", no.message);
}

static void start(struct import *im, const char *programs, const char *data)
{
    char program[4096], log[4096];
    uint8_t random[10];
    (void)mkdir(data, 0700); /* if it is there, the services say whether it will do */
    for (size_t i = 0; i < SERVICES; i++) {
        snprintf(program, sizeof program, "%s/baton-%s", programs, services[i]);
        snprintf(log, sizeof log, "%s/%s.log", data, services[i]);
        im->pids[i] = drive_spawn((const char *[]){program, "--data", data, NULL}, log);
    }
    im->bus = bus_open(data);
    company_build(&im->bus, &im->company);
    im->actor = company_actor(BATON__ROLE__ROLE_SERVICE, im->company.source);
    im->bus.world->ops->random(im->bus.world, random, sizeof random);
    ident_source_advance(&im->ids, im->bus.world->ops->wall_us(im->bus.world), random);
}

static void check(struct import *im)
{
    Baton__GetCustodyRequest request = BATON__GET_CUSTODY_REQUEST__INIT;
    Baton__Actor admin = company_actor(BATON__ROLE__ROLE_ADMIN, im->company.source);
    const Baton__GetCustodyResponse *r = bus_call(&im->bus, "leads", "LeadService/GetCustody", &admin,
                                                  &request.base, &baton__get_custody_response__descriptor);
    const Baton__Custody *c = r->custody;
    if (c->received != im->leads || c->merged != im->leads / ONE_OF || c->held + c->merged != c->received)
        drive_die("of %" PRIu64 " leads %" PRIu64 " were received, %" PRIu64 " held and %" PRIu64 " merged",
                  im->leads, c->received, c->held, c->merged);
}

int main(int argc, char **argv)
{
    struct import im = {.arena = arena_new(LEAD_ARENA_MAX)};
    im.leads = strtoull(drive_option(argc, argv, "leads", "100000"), NULL, 10);
    double peer = strtod(drive_option(argc, argv, "peer", "1"), NULL);
    start(&im, drive_option(argc, argv, "programs", NULL), drive_option(argc, argv, "data", NULL));
    int64_t begin_us = drive_now_us(), cpu_us = drive_cpu_us(im.pids[1]);
    for (unsigned i = 0; i < OUTSTANDING; i++)
        send_one(&im);
    while (im.answered < im.leads)
        zloop_run(im.bus.world);
    bus_settle(&im.bus, "notifications", "leads");
    double seconds = (double)(drive_now_us() - begin_us) / 1e6;
    check(&im);
    bench_remark("import-leads: %" PRIu64 " leads in %.2f s, %" PRIu64
                 " of them merged; %.1f us of the leads service's "
                 "processor each",
                 im.leads, seconds, im.leads / ONE_OF,
                 (double)(drive_cpu_us(im.pids[1]) - cpu_us) / (double)im.leads);
    bench_row(drive_option(argc, argv, "row", "import-leads"), (double)im.leads / seconds, "leads/s", peer);
    bus_close(&im.bus);
    for (size_t i = SERVICES; i-- > 0;)
        drive_end(im.pids[i]);
    arena_free(im.arena);
    return 0;
}
