/* Bodies that are taken, and answers that are given, as they come: the connection rests while there is
 * nothing to do. */
#include "flow.h"

#include <string.h>
#include <sys/socket.h>

#include "http.h"
#include "seat.h"

bool flow_takes(const struct request *r)
{
    return r->route->flow && (strcmp(r->verb, "PUT") == 0 || strcmp(r->verb, "PATCH") == 0);
}

void flow_begin(struct request *r, bool has_length)
{
    struct refusal no;
    r->state = REQUEST_FLOWING;
    if (!route_allows(r->route, r->verb))
        return answer_wrong_verb(r, r->route->verbs);
    if (has_length)
        return r->route->flow->start(r);
    (void)refuse(&no, REFUSAL_INVALID_ARGUMENT, NULL, "say how many bytes there are: Content-Length");
    answer_refusal_as(r, MHD_HTTP_LENGTH_REQUIRED, &no);
}

static enum MHD_Result suspend(struct request *r)
{
    if (r->state != REQUEST_FLOWING)
        return http_go_on(r);
    r->state = REQUEST_SUSPENDED;
    seat_rest(http_seat(r));
    MHD_suspend_connection(r->connection);
    return MHD_YES;
}

/* What comes of a body that is answered already. */
static enum MHD_Result discard(struct request *r, size_t *size)
{
    r->discarded += *size;
    *size = 0;
    return r->discarded > HTTP_DISCARD_MAX ? MHD_NO : MHD_YES;
}

/* The client has sent all it will. libmicrohttpd waits for an edge that came together with the last bytes. */
static bool is_closed(const struct request *r)
{
    char byte;
    return recv(http_seat(r)->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

enum MHD_Result flow_body(struct request *r, const char *data, size_t *size)
{
    const struct flow_ops *flow = r->route->flow;
    if (r->state != REQUEST_FLOWING)
        return *size > 0 ? discard(r, size) : http_go_on(r);
    if (!r->body_begun) {
        r->body_begun = true;
        return suspend(r);
    }
    if (*size > 0) {
        size_t n = flow->take(r, data, *size);
        r->body_seen += n;
        *size -= n;
        if (n > 0) {
            seat_wait(http_seat(r), gateway_now_us());
            http_flows(r->gateway->http, n);
        }
        if (*size > 0 && r->state == REQUEST_FLOWING)
            return suspend(r);
        return r->body_seen < r->body_size && is_closed(r) ? MHD_NO : MHD_YES;
    }
    if (r->body_seen < r->body_size)
        return MHD_YES; /* now it may come */
    if (!r->body_ended) {
        r->body_ended = true;
        flow->end(r);
    }
    return suspend(r);
}

void request_go_on(struct request *r)
{
    if (r->state != REQUEST_SUSPENDED)
        return;
    r->state = REQUEST_FLOWING;
    seat_wait(http_seat(r), gateway_now_us());
    MHD_resume_connection(r->connection);
    http_poke(r->gateway->http);
}

void request_wait(struct request *r)
{
    seat_rest(http_seat(r));
    MHD_suspend_connection(r->connection);
}

void request_resume(struct request *r)
{
    request_moves(r);
    MHD_resume_connection(r->connection);
    http_poke(r->gateway->http);
}

void request_moves(struct request *r)
{
    seat_wait(http_seat(r), gateway_now_us());
}
