/* libmicrohttpd, its epoll descriptor inside the loop, and the life of a request. */
#include "http.h"

#include <assert.h>
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "flow.h"
#include "limit.h"
#include "listen.h"
#include "seat.h"

enum {
    URL_SIZE = 128,
    ROUNDS_MAX = 4,          /* of libmicrohttpd in one turn */
    FLOWING_ROUNDS_MAX = 64, /* of them while bodies come, 8 KiB a round */
    FLOWING_MAX = 512 << 10, /* bytes of bodies that are taken as they come, in one turn */
    OUTLETS_PART = 3,
    OUTLETS_OF = 4, /* three in four connections may be outlets */
};

struct http {
    struct gateway *gateway;
    struct MHD_Daemon *daemon;
    ev_io io;
    bool poked;
    size_t flowed; /* in this turn */
    unsigned connections, requests, outlets_max;
    size_t bodies_bytes;
    struct seats seats;
    struct http_counts counts;
    char url[URL_SIZE];
};

/* --- connections --- */

static struct seat *seat_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *h = arg;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context =
            seat_new(&h->seats, gateway_now_us(),
                     MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
        h->connections++;
    } else {
        seat_free(*context);
        h->connections--;
    }
}

/* --- one request --- */

/* Called when the request line is there. */
static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct http *h = arg;
    struct request *r = calloc(1, sizeof *r);
    assert(r);
    r->gateway = h->gateway;
    r->connection = connection;
    r->started_us = gateway_now_us();
    r->bad_uri = strstr(uri, "%00") != NULL;
    buffer_init(&r->body, SCHEMA_MESSAGE_MAX);
    return r;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct http *h = arg;
    struct request *r = *context;
    if (!r)
        return;
    http_count(&h->counts, r);
    if (r->leave)
        r->leave(r);
    if (r->state != REQUEST_HEAD)
        h->requests--;
    if (r->response)
        MHD_destroy_response(r->response);
    request_drop_body(r);
    free(r);
    *context = NULL;
    seat_wait(seat_of(connection), gateway_now_us());
}

static enum MHD_Result count_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    static const char *const once[] = {"Content-Length", "Transfer-Encoding", "Host"};
    unsigned *seen = arg;
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (strcasecmp(name, once[i]) == 0)
            seen[i]++;
    return MHD_YES;
}

/* Two readings of one request must not be possible: what stands in front of us may take the other one. */
static bool is_ambiguous(const struct request *r)
{
    unsigned seen[3] = {0};
    const char *coding = request_header(r, "Transfer-Encoding");
    (void)MHD_get_connection_values(r->connection, MHD_HEADER_KIND, count_header,
                                    seen); /* gives their number */
    return r->bad_uri || seen[0] > 1 || seen[1] > 1 || seen[2] > 1 || (seen[0] && seen[1]) ||
           (coding && strcasecmp(coding, "chunked") != 0);
}

static void refuse_body(struct request *r, unsigned status)
{
    struct refusal no;
    bool is_large = status == MHD_HTTP_CONTENT_TOO_LARGE;
    (void)refuse(&no, REFUSAL_RESOURCE_EXHAUSTED, NULL,
                 is_large ? "the request is larger than 1 MiB" : "too much is arriving at once; try again");
    answer_refusal_as(r, status, &no);
}

/* The head is read. What cannot be read to its end is answered at once, and the connection closed. */
static void begin(struct http *h, struct request *r, const char *path, const char *verb)
{
    const char *length = request_header(r, "Content-Length");
    uint64_t size = length ? strtoull(length, NULL, 10) : 0; /* libmicrohttpd has read it already */
    struct refusal no;
    r->verb = verb;
    r->route = route_find(path, &r->rest);
    r->state = REQUEST_BODY;
    seat_wait(seat_of(r->connection), gateway_now_us());
    h->requests++;
    r->body_size = size;
    if (is_ambiguous(r)) {
        (void)refuse(&no, REFUSAL_INVALID_ARGUMENT, NULL, "the request can be read in two ways");
        answer_refusal(r, &no);
    } else if (flow_takes(r)) {
        flow_begin(r, length != NULL);
    } else if (size > HTTP_DISCARD_MAX || (size > SCHEMA_MESSAGE_MAX && request_header(r, "Expect"))) {
        refuse_body(r, MHD_HTTP_CONTENT_TOO_LARGE);
    }
}

static enum MHD_Result take_body(struct http *h, struct request *r, const char *data, size_t size)
{
    size_t before = r->body_held;
    r->body_seen += size;
    if (r->body_seen > HTTP_DISCARD_MAX)
        return MHD_NO;
    if (r->body_seen > SCHEMA_MESSAGE_MAX)
        r->body_status = MHD_HTTP_CONTENT_TOO_LARGE;
    else if (!r->body_status &&
             (h->bodies_bytes + size > GATEWAY_BODIES_MAX || !buffer_add(&r->body, data, size)))
        r->body_status = MHD_HTTP_TOO_MANY_REQUESTS;
    r->body_held = r->body.capacity;
    h->bodies_bytes += r->body_held - before;
    if (r->body_status)
        request_drop_body(r);
    return MHD_YES;
}

static void start(struct request *r)
{
    r->state = REQUEST_STARTED;
    seat_rest(seat_of(r->connection));
    if (r->body_status)
        refuse_body(r, r->body_status);
    else if (!route_allows(r->route, r->verb))
        answer_wrong_verb(r, r->route->verbs);
    else if (!r->route->is_limited || limit_request(r))
        r->route->start(r);
}

enum MHD_Result http_go_on(struct request *r)
{
    if (r->state == REQUEST_STARTED) {
        r->state = REQUEST_SUSPENDED;
        MHD_suspend_connection(r->connection);
        return MHD_YES;
    }
    if (r->state == REQUEST_LEFT)
        return MHD_NO; /* closes its descriptor, without shutdown (MHD_USE_TURBO) */
    if (r->state != REQUEST_ANSWERED)
        return MHD_YES;
    seat_wait(seat_of(r->connection), gateway_now_us());
    r->state = REQUEST_QUEUED;
    return MHD_queue_response(r->connection, r->status, r->response);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path,
                                  const char *verb, const char *version, const char *data, size_t *size,
                                  void **context)
{
    struct http *h = arg;
    struct request *r = *context;
    if (!r)
        return MHD_NO;
    if (r->state == REQUEST_HEAD) {
        begin(h, r, path, verb);
        return flow_takes(r) ? flow_body(r, NULL, size) : http_go_on(r);
    }
    if (flow_takes(r))
        return flow_body(r, data, size);
    if (*size > 0) {
        enum MHD_Result taken = take_body(h, r, data, *size);
        *size = 0;
        return taken;
    }
    if (r->state == REQUEST_BODY)
        start(r);
    return http_go_on(r);
}

/* --- what the other files see of a request --- */

struct seat *http_seat(const struct request *r)
{
    return seat_of(r->connection);
}

const char *request_header(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

const char *request_query(const struct request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

void request_drop_body(struct request *r)
{
    r->gateway->http->bodies_bytes -= r->body_held;
    r->body_held = 0;
    buffer_release(&r->body);
}

/* What it waited for is there. */
static void resume(struct request *r, unsigned status, enum request_state state)
{
    const enum request_state before = r->state;
    r->status = status;
    r->state = state;
    if (before != REQUEST_SUSPENDED)
        return;
    MHD_resume_connection(r->connection);
    http_poke(r->gateway->http);
}

void request_send(struct request *r, unsigned status, struct MHD_Response *response)
{
    assert(r->response == NULL && response != NULL);
    r->response = response;
    resume(r, status, REQUEST_ANSWERED);
}

int request_leave(struct request *r, unsigned status)
{
    int fd = fcntl(seat_of(r->connection)->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        log_failure("http", "a connection cannot be kept: %s", strerror(errno));
    resume(r, fd < 0 ? MHD_HTTP_SERVICE_UNAVAILABLE : status, REQUEST_LEFT);
    return fd;
}

/* --- the daemon --- */

static void run(struct http *h)
{
    unsigned rounds = 0;
    size_t before;
    bool is_flowing;
    h->flowed = 0;
    do {
        before = h->flowed;
        h->poked = false;
        if (MHD_run(h->daemon) != MHD_YES)
            log_failure("http", "libmicrohttpd cannot go on");
        is_flowing = h->flowed > before && h->flowed < FLOWING_MAX;
    } while (h->poked && ++rounds < (is_flowing ? FLOWING_ROUNDS_MAX : ROUNDS_MAX));
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    run(io->data);
}

static struct MHD_Daemon *daemon_new(struct http *h, int fd)
{
    unsigned most = listen_connections_max();
    h->outlets_max = most / OUTLETS_OF * OUTLETS_PART;
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, 0, NULL, NULL, on_request, h,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, most - h->outlets_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)GATEWAY_HEAD_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
}

struct http *http_new(struct gateway *g, const struct gateway_options *options)
{
    struct http *h = calloc(1, sizeof *h);
    assert(h);
    h->gateway = g;
    seats_init(&h->seats, GATEWAY_REQUEST_US);
    int fd = listen_open(options->address, options->port, h->url, sizeof h->url);
    h->daemon = fd >= 0 ? daemon_new(h, fd) : NULL;
    if (!h->daemon) {
        if (fd >= 0) {
            log_failure("http", "libmicrohttpd does not start");
            (void)close(fd); /* nothing is in it */
        }
        free(h);
        return NULL;
    }
    ev_io_init(&h->io, on_io, MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, EV_READ);
    h->io.data = h;
    ev_io_start(g->loop, &h->io);
    return h;
}

void http_stop_listening(struct http *h)
{
    int fd = MHD_quiesce_daemon(h->daemon);
    if (fd >= 0)
        (void)close(fd); /* nothing is in it */
}

void http_free(struct http *h)
{
    if (!h)
        return;
    run(h); /* what was resumed last */
    ev_io_stop(h->gateway->loop, &h->io);
    MHD_stop_daemon(h->daemon);
    assert(h->connections == 0);
    free(h);
}

const char *http_url(const struct http *h)
{
    return h->url;
}

void http_poke(struct http *h)
{
    h->poked = true;
}

/* It reads a few KiB at a time: a turn of the loop for each would cost more than what is read. */
void http_flows(struct http *h, size_t size)
{
    h->flowed += size;
    h->poked = true;
}

int64_t http_turn(struct http *h)
{
    MHD_UNSIGNED_LONG_LONG ms;
    int64_t wait_us = seats_cut_late(&h->seats, gateway_now_us());
    if (h->poked)
        run(h);
    if (h->poked)
        return 0;
    if (MHD_get_timeout(h->daemon, &ms) == MHD_YES) {
        h->poked = ms == 0;
        if (wait_us < 0 || (int64_t)ms * 1000 < wait_us)
            wait_us = (int64_t)ms * 1000;
    }
    return wait_us;
}

unsigned http_connections(const struct http *h)
{
    return h->connections;
}

unsigned http_outlets_max(const struct http *h)
{
    return h->outlets_max;
}

unsigned http_requests(const struct http *h)
{
    return h->requests;
}

const struct http_counts *http_counts(const struct http *h)
{
    return &h->counts;
}
