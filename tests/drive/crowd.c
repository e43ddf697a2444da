/* Many people with event streams, the services those stand on, and something that rings for all of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "baton/v1/leads.pb-c.h"
#include "drive.h"
#include "schema/schema.h"

enum { PATIENCE_US = 20000000, AGAIN_MS = 2, HELLO_SIZE = 512 };

/* Who is started for a crowd, in this order; the last one is the gateway. */
static const char *const programs_of[CROWD_SERVICES] = {"baton-directory", "tests/crier",
                                                        "baton-notifications", "baton-gateway"};

static void start(struct crowd *c, const char *programs, const char *data)
{
    struct arena *a = c->arena;
    (void)mkdir(data, 0700); /* if it is there, the services say whether it will do */
    if (setenv("CRIER_PEOPLE", arena_printf(a, "%s/people", data), 1) != 0)
        drive_die("no environment");
    for (size_t i = 0; i < CROWD_SERVICES; i++) {
        const char *program = arena_printf(a, "%s/%s", programs, programs_of[i]);
        bool is_gateway = i == CROWD_GATEWAY;
        c->pids[i] =
            drive_spawn((const char *[]){program, "--data", data, is_gateway ? "--port" : NULL, "0", NULL},
                        arena_printf(a, "%s/%zu.log", data, i));
    }
    char *url = NULL;
    for (int64_t end = drive_now_us() + PATIENCE_US; !(url = drive_read(a, data, "gateway.url"));
         drive_wait_ms(AGAIN_MS))
        if (drive_now_us() > end)
            drive_die("the gateway does not start");
    c->port = (unsigned short)strtoul(strrchr(url, ':') + 1, NULL, 10);
}

static void enter(struct crowd *c, const char *data)
{
    FILE *f = fopen(arena_printf(c->arena, "%s/people", data), "we");
    for (size_t i = 0; i < c->n; i++) {
        struct person *p = &c->people[i];
        company_user(&c->bus, BATON__ROLE__ROLE_REP, arena_printf(c->bus.arena, "rep%zu", i + 1), p->id);
        company_device(&c->bus, p->id);
        snprintf(p->token, sizeof p->token, "%s", company_token(&c->bus, p->id));
        if (!f || fprintf(f, "%s\n", p->id) < 0)
            drive_die("cannot write %s/people", data);
        arena_reset(c->bus.arena);
    }
    if (!f || fclose(f) != 0)
        drive_die("cannot write %s/people", data);
    bus_settle(&c->bus, "notifications", "directory");
}

void crowd_open(struct crowd *c, const char *programs, const char *data, size_t n)
{
    *c = (struct crowd){.n = n, .arena = arena_new(1 << 20), .people = calloc(n, sizeof *c->people)};
    if (!c->people)
        drive_die("out of memory");
    start(c, programs, data);
    c->bus = bus_open(data);
    enter(c, data);
}

void crowd_close(struct crowd *c)
{
    bus_close(&c->bus);
    for (size_t i = CROWD_SERVICES; i-- > 0;)
        drive_end(c->pids[i]);
    free(c->people);
    arena_free(c->arena);
}

size_t crowd_stream(const struct crowd *c, struct ears *e, size_t person, int receive_bytes)
{
    char hello[HELLO_SIZE];
    int n = snprintf(hello, sizeof hello,
                     "GET /v1/stream HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer %s\r\n"
                     "Accept: text/event-stream\r\n\r\n",
                     c->people[person].token);
    return ears_add(e, bytes_of(hello, (size_t)n), receive_bytes);
}

void crowd_cry(struct crowd *c, const char *mark)
{
    Baton__Actor actor = company_actor(BATON__ROLE__ROLE_ADMIN, c->people[0].id);
    Baton__Lead lead = BATON__LEAD__INIT;
    Baton__CaptureLeadRequest request = BATON__CAPTURE_LEAD_REQUEST__INIT;
    lead.company = lead.last_name = (char *)(uintptr_t)mark;
    request.lead = &lead;
    arena_reset(c->bus.arena);
    (void)bus_call(&c->bus, "leads", "LeadService/CaptureLead", &actor, &request.base,
                   &baton__capture_lead_response__descriptor);
}
