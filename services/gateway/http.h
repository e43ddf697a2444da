/* libmicrohttpd on the loop: connections, their deadlines, counts. */
#ifndef BATON_GATEWAY_HTTP_H
#define BATON_GATEWAY_HTTP_H

#include "request.h"

/* NULL: logged. */
struct http *http_new(struct gateway *g, const struct gateway_options *options);
/* So much of a body that is refused is still read, so that the client sees why. */
enum { HTTP_DISCARD_MAX = 16 << 20 };

/* Every connection must have been resumed. */
void http_free(struct http *h);
void http_stop_listening(struct http *h);

const char *http_url(const struct http *h);

/* Of flow.c: the connection's place in the queue of deadlines, and what libmicrohttpd is told of a request
   whose body is through. */
struct seat;
struct seat *http_seat(const struct request *r);
enum MHD_Result http_go_on(struct request *r);

/* Something was resumed: let libmicrohttpd go on before the loop sleeps. */
void http_poke(struct http *h);
/* So many bytes of a body were taken as they came, and more may be there. */
void http_flows(struct http *h, size_t size);
/* From the loop's turn; returns in how many microseconds it wants to be called again, -1: not by time. */
int64_t http_turn(struct http *h);
/* Connections but those of outlets, and requests that are being answered. */
unsigned http_connections(const struct http *h);
unsigned http_requests(const struct http *h);

/* How many outlets (outlet.h) may be open: the rest of what the process may have open is for requests. */
unsigned http_outlets_max(const struct http *h);

/* Requests by status class and time taken, for /metrics. */
enum { HTTP_CLASSES = 6, HTTP_BOUNDS = 12 };
struct http_counts {
    uint64_t classes[HTTP_CLASSES]; /* [2]: 2xx; [0]: ended without an answer */
    uint64_t within[HTTP_BOUNDS];   /* answered within http_bounds_us[i] and not within a smaller one */
    uint64_t beyond, total_us;
};
extern const int64_t http_bounds_us[HTTP_BOUNDS];
const struct http_counts *http_counts(const struct http *h);
/* health.c: it has ended. */
void http_count(struct http_counts *all, const struct request *r);

#endif
