/* Calls to services that wait for their answer. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bus/zloop.h"
#include "drive.h"
#include "schema/schema.h"

enum { ARENA_MAX = 64 << 20, PATIENCE_US = 20000000, AGAIN_MS = 2 };

struct waiting {
    struct bus *bus;
    const ProtobufCMessageDescriptor *response;
    void *message;
    struct refusal no;
    bool done;
};

struct bus bus_open(const char *data_dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/run", data_dir);
    schema_load();
    struct bus b = {.world = zloop_new(path), .arena = arena_new(ARENA_MAX)};
    if (!b.world)
        drive_die("no bus in %s", path);
    b.client = client_new(b.world);
    return b;
}

void bus_close(struct bus *b)
{
    client_free(b->client);
    zloop_free(b->world);
    arena_free(b->arena);
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct waiting *w = arg;
    w->done = true;
    if (no)
        w->no = *no;
    else
        w->message = schema_unpack(schema_message(w->response), body, w->bus->arena);
    zloop_stop(w->bus->world);
}

static bool is_passing(const struct refusal *no)
{
    return no->code == REFUSAL_UNAVAILABLE;
}

void *bus_call(struct bus *b, const char *service, const char *method, const Baton__Actor *actor,
               const ProtobufCMessage *request, const ProtobufCMessageDescriptor *response)
{
    struct bytes body = schema_pack(request, b->arena);
    const struct call call = {.service = service, .method = method, .actor = actor, .body = body};
    for (int64_t end = drive_now_us() + PATIENCE_US;; drive_wait_ms(AGAIN_MS)) {
        struct waiting w = {.bus = b, .response = response};
        if (client_call(b->client, &call, on_reply, &w, &w.no)) {
            while (!w.done)
                zloop_run(b->world);
            if (w.message)
                return w.message;
        }
        if (!is_passing(&w.no) || drive_now_us() > end)
            drive_die("%s: %s %s", method, w.no.message, w.no.field);
    }
}

Baton__ServiceStatus *bus_status(struct bus *b, const char *service)
{
    const Baton__Actor self = company_actor(BATON__ROLE__ROLE_SYSTEM, NULL);
    const Baton__GetStatusRequest request = BATON__GET_STATUS_REQUEST__INIT;
    Baton__GetStatusResponse *r = bus_call(b, service, "SystemService/GetStatus", &self, &request.base,
                                           &baton__get_status_response__descriptor);
    assert(r->status);
    return r->status;
}

static const Baton__FollowStatus *follow_of(const Baton__ServiceStatus *s, const char *service)
{
    for (size_t i = 0; i < s->n_follows; i++)
        if (s->follows[i]->service && strcmp(s->follows[i]->service, service) == 0)
            return s->follows[i];
    drive_die("%s does not follow %s", s->name, service);
}

void bus_settle(struct bus *b, const char *follower, const char *service)
{
    uint64_t head = bus_status(b, service)->head_seq;
    for (;; drive_wait_ms(AGAIN_MS)) {
        const Baton__FollowStatus *f = follow_of(bus_status(b, follower), service);
        if (f->stopped && *f->stopped)
            drive_die("%s does not follow %s any more: %s", follower, service, f->stopped);
        if (f->cursor_seq >= head)
            return;
        arena_reset(b->arena);
    }
}
