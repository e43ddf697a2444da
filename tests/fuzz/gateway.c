/* The gateway in this process. */
#include "fuzz/gateway.h"

#include <assert.h>
#include <errno.h>
#include <ev.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "baton/v1/directory.pb-c.h"
#include "bus/envelope.h"
#include "calm/world.h"
#include "gateway/gateway.h"
#include "gateway/http.h"

enum {
    MEMORY = 64 << 20,
    ANSWER_MAX = 64 << 20,
    ROUNDS_MAX = 4000,  /* of one connection */
    ROUNDS_AT_ONCE = 4, /* without a byte; from then on a round is a millisecond */
    STEPS = 8,          /* of the world in one round */
};

static const char *const names[] = {"directory",     "contacts",  "leads",
                                    "opportunities", "documents", "notifications"};
enum { SERVICES = sizeof names / sizeof *names };

static struct {
    struct world *world;
    struct ev_loop *loop;
    struct gateway *gateway;
    struct port *ports[SERVICES];
    struct arena *arena;
    struct buffer answer;
    gate_fn *called;
    struct sockaddr_in at;
    uint32_t addresses_used; /* whose ports all rest; see connect_now */
} gate;

/* Everybody is an administrator; everything else is done, and nothing to be said about it. */
static struct bytes reply_to(const struct schema_method *method, const ProtobufCMessage *request)
{
    Baton__AuthenticateResponse r = BATON__AUTHENTICATE_RESPONSE__INIT;
    Baton__Actor actor = BATON__ACTOR__INIT;
    if (strcmp(method->name, "LeadService/GetForm") == 0)
        return gate_form_shown(gate.arena);
    if (strcmp(method->name, "LeadService/SubmitForm") == 0)
        return gate_form_taken(request, gate.arena);
    if (strcmp(method->name, "DirectoryService/Authenticate") != 0)
        return bytes_of(NULL, 0);
    actor.has_role = true;
    actor.role = BATON__ROLE__ROLE_ADMIN;
    actor.user_id = (char *)"0191a3b4-0000-7000-8000-000000000001";
    r.actor = &actor;
    return schema_pack(&r.base, gate.arena);
}

static void on_receive(void *arg, const struct peer *from, struct bytes envelope, struct bytes body)
{
    struct port **port = arg;
    struct refusal no = {0};
    ProtobufCMessage *request = NULL;
    arena_reset(gate.arena);
    Baton__Envelope *e = envelope_decode(envelope, body, gate.arena, &no);
    assert(e != NULL);
    if (e->kind != BATON__ENVELOPE_KIND__ENVELOPE_KIND_REQUEST)
        return;
    const struct schema_method *method = schema_method(e->method);
    assert(method != NULL);
    bool is_right = schema_decode(method->input, body, gate.arena, &request, &no);
    assert(is_right);
    is_right = strcmp(method->service, "RecordService") == 0 || schema_check(request, NULL, &no);
    assert(is_right);
    if (gate.called != NULL)
        gate.called(e, method, request);
    struct bytes reply = reply_to(method, request);
    struct bytes answer =
        envelope_pack(BATON__ENVELOPE_KIND__ENVELOPE_KIND_REPLY, e->call, NULL, reply, gate.arena);
    (void)gate.world->ops->send(*port, from, answer, reply); /* it may have gone */
}

static void set_up(void)
{
    struct gateway_options options = {
        .address = "127.0.0.1", .port = "0", .public_url = "https://baton.example"};
    unsigned port;
    gate.world = calm_new(INT64_C(1772431200000000));
    gate.loop = ev_loop_new(EVFLAG_AUTO);
    gate.arena = arena_new(MEMORY);
    buffer_init(&gate.answer, ANSWER_MAX);
    for (size_t i = 0; i < SERVICES; i++)
        gate.ports[i] = gate.world->ops->bind(gate.world, names[i], on_receive, &gate.ports[i]);
    gate.gateway = gateway_new(gate.world, gate.loop, &options);
    assert(gate.gateway != NULL);
    bool is_known = sscanf(gateway_url(gate.gateway), "http://127.0.0.1:%u", &port) == 1;
    assert(is_known);
    gate.at = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void run_round(void)
{
    ev_run(gate.loop, EVRUN_NOWAIT);
    for (int i = 0; i < STEPS && calm_step(gate.world, calm_now(gate.world)); i++)
        ;
}

static int connect_from(uint32_t address)
{
    struct linger now = {1, 0}; /* no connection waits for its last packet */
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    assert(fd >= 0);
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
                     sizeof on); /* ports run out sooner without */
    if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(fd, (struct sockaddr *)&gate.at, sizeof gate.at) != 0) {
        close(fd);
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now); /* slower without */
    return fd;
}

/* Where the gateway closes first, a pair of ports rests for a minute: on a fast machine all of an address do.
 */
static int connect_now(void)
{
    int fd;
    while ((fd = connect_from(INADDR_LOOPBACK + gate.addresses_used)) < 0) {
        if (errno == EADDRNOTAVAIL && gate.addresses_used++ < 200)
            continue;
        if (errno == EINTR) /* the fuzzer's own clock */
            continue;
        perror("cannot connect to the gateway");
        abort();
    }
    return fd;
}

/* True: something was said. */
static bool hear(int fd, bool *is_over)
{
    enum { STEP = 1 << 16 };
    uint8_t *room = buffer_room(&gate.answer, STEP);
    assert(room != NULL);
    ssize_t n = recv(fd, room, STEP, MSG_DONTWAIT);
    *is_over = n == 0 || (n < 0 && errno != EAGAIN);
    if (n > 0)
        gate.answer.size += (size_t)n;
    return n > 0;
}

static void say(int fd, struct bytes *left)
{
    ssize_t n = left->size ? send(fd, left->data, left->size, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
    if (n > 0)
        *left = bytes_of(left->data + n, left->size - (size_t)n);
    else if (n < 0 && errno != EAGAIN)
        left->size = 0; /* the gateway does not want the rest */
}

struct bytes gate_talk(struct bytes request, int patience_ms, gate_fn *called)
{
    bool is_over = false;
    if (gate.gateway == NULL)
        set_up();
    gate.called = called;
    buffer_clear(&gate.answer);
    int fd = connect_now();
    for (int round = 0, quiet = 0; round < ROUNDS_MAX && quiet < ROUNDS_AT_ONCE + patience_ms && !is_over;
         round++) {
        size_t before = request.size;
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        say(fd, &request);
        run_round();
        (void)poll(&wait, 1, quiet > ROUNDS_AT_ONCE); /* either is right */
        quiet = hear(fd, &is_over) || request.size < before ? 0 : quiet + 1;
    }
    (void)close(fd); /* nothing is in it */
    run_round();
    gate.called = NULL;
    return buffer_bytes(&gate.answer);
}

unsigned gate_status(struct bytes answer)
{
    static const char start[] = "HTTP/1.1 ";
    const size_t n = sizeof start - 1;
    unsigned status = 0;
    if (answer.size == 0)
        return 0;
    assert(answer.size > n + 3 &&
           (memcmp(answer.data, start, n) == 0 || memcmp(answer.data, "HTTP/1.0 ", n) == 0));
    for (size_t i = n; i < n + 3; i++)
        status = status * 10 + (answer.data[i] - '0');
    assert(status >= 100 && status < 600 && status != 500);
    return status;
}

struct bytes gate_request(const char *head, struct bytes body, struct buffer *out)
{
    static uint32_t senders;
    uint32_t n = ++senders;
    buffer_init(out, ANSWER_MAX);
    (void)buffer_printf(out,
                        "%sHost: baton.example\r\nConnection: close\r\nContent-Length: "
                        "%zu\r\nX-Forwarded-For: 2001:%x:%x::1\r\n\r\n",
                        head, body.size, n >> 16, n & 0xffff);
    (void)buffer_add(out, body.data, body.size);
    assert(!out->overflow);
    return buffer_bytes(out);
}
