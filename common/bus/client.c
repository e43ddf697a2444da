/* Calls, numbered so that a late reply never finds another call's slot. */
#include "bus/client.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "baton/v1/record.pb-c.h"
#include "bus/envelope.h"

const char *const client_services[CLIENT_SERVICES] = {"directory",     "contacts",  "leads",
                                                      "opportunities", "documents", "notifications"};

enum { SERVICES_MAX = 16, SLOT_BITS = 14 };
_Static_assert(CLIENT_CALLS_MAX == 1 << SLOT_BITS, "slots and call numbers must agree");

struct slot {
    uint64_t number; /* 0: free */
    int64_t deadline_us;
    const struct link *link;
    reply_fn *reply;
    void *arg;
    unsigned next_free;
};

struct link {
    struct client *client;
    char service[32];
    struct port *port;
};

struct client {
    struct world *world;
    struct link links[SERVICES_MAX];
    size_t n_links;
    struct slot *slots;
    unsigned free; /* of those that were taken before; CLIENT_CALLS_MAX: none */
    unsigned used; /* slots beyond were never taken, and their memory is not touched */
    uint64_t round;
    int64_t next_deadline_us; /* no call ends before it; 0: no call */
    struct arena *arena;
};

static void slot_free(struct client *c, struct slot *s)
{
    s->number = 0;
    s->next_free = c->free;
    c->free = (unsigned)(s - c->slots);
}

static void answer(struct client *c, struct slot *s, const struct refusal *no, struct bytes body)
{
    reply_fn *reply = s->reply;
    void *arg = s->arg;
    slot_free(c, s);
    reply(arg, no, body);
}

static void on_receive(void *arg, const struct peer *from, struct bytes envelope, struct bytes body)
{
    struct client *c = ((struct link *)arg)->client;
    struct refusal no = {0};
    arena_reset(c->arena);
    Baton__Envelope *e = envelope_decode(envelope, body, c->arena, &no);
    if (!e || e->kind != BATON__ENVELOPE_KIND__ENVELOPE_KIND_REPLY) {
        log_warning("bus", "a reply could not be read: %s", no.message);
        return;
    }
    struct slot *s = &c->slots[e->call % CLIENT_CALLS_MAX];
    if (s->number == 0 || s->number != e->call)
        return; /* the caller has stopped waiting */
    if (e->refusal) {
        refusal_from_wire(&no, e->refusal);
        answer(c, s, &no, bytes_of(NULL, 0));
    } else {
        answer(c, s, NULL, body);
    }
}

/* Waiting on would be in vain. Whether the requests had effect is not known; asking again with the same
   request id is safe. */
static void on_lost(void *arg)
{
    struct link *l = arg;
    struct refusal no = {0};
    refuse(&no, REFUSAL_UNAVAILABLE, NULL, "the %s service went away; try again", l->service);
    for (unsigned i = 0; i < l->client->used; i++) {
        struct slot *s = &l->client->slots[i];
        if (s->number && s->link == l)
            answer(l->client, s, &no, bytes_of(NULL, 0));
    }
}

static void deadline_note(struct client *c, int64_t deadline_us)
{
    if (!c->next_deadline_us || deadline_us < c->next_deadline_us)
        c->next_deadline_us = deadline_us;
}

static int64_t client_turn(void *arg)
{
    struct client *c = arg;
    int64_t now = c->world->ops->wall_us(c->world);
    if (!c->next_deadline_us || now < c->next_deadline_us)
        return c->next_deadline_us;
    struct refusal late = {0};
    refuse(&late, REFUSAL_DEADLINE_EXCEEDED, NULL, "no answer in time");
    /* A reply may start another call; its deadline counts as well. */
    c->next_deadline_us = 0;
    for (unsigned i = 0; i < c->used; i++) {
        struct slot *s = &c->slots[i];
        if (s->number && s->deadline_us <= now)
            answer(c, s, &late, bytes_of(NULL, 0));
        else if (s->number)
            deadline_note(c, s->deadline_us);
    }
    return c->next_deadline_us;
}

struct client *client_new(struct world *w)
{
    struct client *c = calloc(1, sizeof *c);
    assert(c);
    c->world = w;
    c->slots = calloc(CLIENT_CALLS_MAX, sizeof *c->slots);
    c->arena = arena_new(4 << 20);
    assert(c->slots);
    c->free = CLIENT_CALLS_MAX;
    w->ops->add_turn(w, client_turn, c);
    return c;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    struct refusal no = {0};
    refuse(&no, REFUSAL_CANCELED, NULL, "Baton is stopping");
    for (unsigned i = 0; i < c->used; i++)
        if (c->slots[i].number)
            answer(c, &c->slots[i], &no, bytes_of(NULL, 0));
    c->world->ops->remove_turn(c->world, c);
    for (size_t i = 0; i < c->n_links; i++)
        c->world->ops->close(c->links[i].port);
    arena_free(c->arena);
    free(c->slots);
    free(c);
}

static struct link *link_to(struct client *c, const char *service)
{
    for (size_t i = 0; i < c->n_links; i++)
        if (strcmp(c->links[i].service, service) == 0)
            return &c->links[i];
    assert(c->n_links < SERVICES_MAX && strlen(service) < sizeof c->links[0].service);
    struct link *l = &c->links[c->n_links];
    l->client = c;
    l->port = c->world->ops->connect(c->world, service, on_receive, on_lost, l);
    if (!l->port)
        return NULL;
    strncpy(l->service, service, sizeof l->service - 1);
    c->n_links++;
    return l;
}

static bool send_call(struct client *c, const struct call *call, const struct link *l, uint64_t number,
                      uint32_t timeout_ms, struct refusal *no)
{
    Baton__Envelope e = BATON__ENVELOPE__INIT;
    e.has_kind = e.has_call = e.has_timeout_ms = true;
    e.kind = BATON__ENVELOPE_KIND__ENVELOPE_KIND_REQUEST;
    e.call = number;
    e.timeout_ms = timeout_ms;
    e.method = (char *)(uintptr_t)call->method;
    e.actor = (Baton__Actor *)(uintptr_t)call->actor;
    e.original = (Baton__Original *)(uintptr_t)call->original;
    e.trace_id = (char *)(uintptr_t)call->trace_id;
    arena_reset(c->arena);
    if (l && c->world->ops->send(l->port, NULL, envelope_seal(&e, call->body, c->arena), call->body))
        return true;
    return refuse(no, REFUSAL_UNAVAILABLE, NULL, "the %s service does not answer; try again", call->service);
}

bool client_call(struct client *c, const struct call *call, reply_fn *reply, void *arg, struct refusal *no)
{
    unsigned n = c->free < CLIENT_CALLS_MAX ? c->free : c->used;
    if (n == CLIENT_CALLS_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "too many requests are waiting; try again");
    struct slot *s = &c->slots[n];
    uint32_t timeout_ms = call->timeout_ms ? call->timeout_ms : CLIENT_TIMEOUT_MS;
    uint64_t number = ++c->round << SLOT_BITS | n;
    const struct link *l = link_to(c, call->service);
    if (!send_call(c, call, l, number, timeout_ms, no))
        return false;
    if (n == c->used)
        c->used++;
    else
        c->free = s->next_free;
    s->number = number;
    s->link = l;
    s->reply = reply;
    s->arg = arg;
    s->deadline_us = c->world->ops->wall_us(c->world) + (int64_t)timeout_ms * 1000;
    deadline_note(c, s->deadline_us);
    return true;
}

static const struct {
    const char *service, *bus;
} service_homes[] = {
    /* clang-format off */
    {"AnalysisService", "opportunities"},
    {"CatalogueService", "opportunities"},
    {"CollateralService", "documents"},
    {"ForecastService", "opportunities"},
    {"ContactListService", "contacts"},
    {"LetterService", "contacts"},
    {"ContactService", "contacts"},
    {"DemandService", "opportunities"},
    {"DirectoryService", "directory"},
    {"DocumentService", "documents"},
    {"DuplicateService", "contacts"},
    {"LeadService", "leads"},
    {"NotificationService", "notifications"},
    {"OpportunityService", "opportunities"},
    {"PlanService", "opportunities"},
    {"PreviewService", "documents"},
    {"QuoteService", "opportunities"},
    {"ShareService", "documents"},
    /* clang-format on */
};

/* Requests that one service answers about itself name it. */
static const char *system_home(const ProtobufCMessage *request, struct refusal *no)
{
    const char *name = schema_field(schema_message(request->descriptor), "service")
                           ? schema_get_text(request, "service")
                           : NULL;
    for (size_t i = 0; name && i < CLIENT_SERVICES; i++)
        if (strcmp(client_services[i], name) == 0)
            return client_services[i];
    refuse(no, REFUSAL_INVALID_ARGUMENT, "service", "there is no service \"%s\"", name ? name : "");
    return NULL;
}

static const char *record_home(const ProtobufCMessage *request, struct refusal *no)
{
    const struct schema_message *record = schema_message(&baton__record__descriptor);
    const struct schema_message *m = schema_message(request->descriptor);
    const struct schema_field *member = NULL;
    if (schema_field(m, "type")) {
        const char *type = schema_get_text(request, "type");
        member = type ? schema_field(record, type) : NULL;
        if (!member) {
            refuse(no, REFUSAL_INVALID_ARGUMENT, "type", "there is no record type \"%s\"", type ? type : "");
            return NULL;
        }
    } else {
        const struct schema_field *field = schema_field(m, "record");
        const ProtobufCMessage *wrapped =
            *(ProtobufCMessage *const *)((const uint8_t *)request + field->pb->offset);
        if (!wrapped || !schema_oneof(wrapped, &member)) {
            refuse(no, REFUSAL_INVALID_ARGUMENT, "record", "no record is given");
            return NULL;
        }
    }
    return member->message->record->service;
}

const char *client_route(const struct schema_method *m, const ProtobufCMessage *request, struct refusal *no)
{
    if (strcmp(m->service, "RecordService") == 0)
        return record_home(request, no);
    if (strcmp(m->service, "SystemService") == 0)
        return system_home(request, no);
    for (size_t i = 0; i < sizeof service_homes / sizeof *service_homes; i++)
        if (strcmp(service_homes[i].service, m->service) == 0)
            return service_homes[i].bus;
    refuse(no, REFUSAL_UNIMPLEMENTED, NULL, "no service answers %s", m->name);
    return NULL;
}
