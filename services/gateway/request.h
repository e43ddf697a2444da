/* One HTTP request on its way through the gateway: read whole, handed to its route, answered once. While a
   call is under way its connection is suspended. */
#ifndef BATON_GATEWAY_REQUEST_H
#define BATON_GATEWAY_REQUEST_H

#include <microhttpd.h>

#include "base/hash.h"
#include "gateway.h"
#include "schema/schema.h"

enum request_state {
    REQUEST_HEAD,      /* nothing known but that it begins */
    REQUEST_BODY,      /* body is being read */
    REQUEST_STARTED,   /* its route has it */
    REQUEST_SUSPENDED, /* and waits for something */
    REQUEST_FLOWING,   /* its body is taken as it comes */
    REQUEST_ANSWERED,  /* `response` is there */
    REQUEST_QUEUED,    /* libmicrohttpd has it */
    REQUEST_LEFT,      /* somebody else has the connection */
};

struct request {
    struct gateway *gateway;
    struct MHD_Connection *connection;
    const struct route *route;
    const char *verb, *rest; /* `rest`: what the route's * stands for */
    enum request_state state;
    int64_t started_us;
    bool bad_uri;
    size_t body_seen, body_held; /* bytes that came; bytes of memory counted for them */
    unsigned body_status;        /* why there is no body; 0: it is in `body` */
    struct buffer body;
    struct MHD_Response *response;
    unsigned status;

    /* of a body that is taken, or an answer that is given, as it comes */
    uint64_t body_size; /* as the head says */
    bool body_begun, body_ended;
    size_t discarded;
    void *flow;
    void (*leave)(struct request *r); /* it is over; NULL: nobody minds */

    /* once it is known who asks */
    struct who who;
    char token_hash[HASH_TEXT_SIZE];
    bool by_cookie;
    void (*next)(struct request *r);

    /* of a Connect call */
    const struct schema_method *method;
    bool json, packed;
    uint32_t timeout_ms;
};

typedef void request_fn(struct request *r);

/* Of the request; NULL if it is not there. */
const char *request_header(const struct request *r, const char *name);
const char *request_query(const struct request *r, const char *name);
/* Gives the body's memory back. */
void request_drop_body(struct request *r);

/* Hands the answer to the client; takes `response`. To be called exactly once for each request. */
void request_send(struct request *r, unsigned status, struct MHD_Response *response);
/* Of an upload or download that waits: it goes on. Does nothing if it does not wait. */
void request_go_on(struct request *r);
/* An answer that is given as it comes has nothing just now, and has something again; it moves. */
void request_wait(struct request *r);
void request_resume(struct request *r);
void request_moves(struct request *r);
/* Instead: takes the connection away from libmicrohttpd, for whoever answers with `status` and closes it. -1:
   logged, and it is closed. */
int request_leave(struct request *r, unsigned status);

/* --- answers (answer.c) --- */

/* A response with these contents, packed if the client likes and it is worth it. Takes the buffer's memory.
 */
struct MHD_Response *answer_new(struct request *r, const char *content_type, struct buffer *body);
/* What every answer says of caching, sniffing and the like. */
void answer_headers(struct request *r, struct MHD_Response *response);
/* The head of an answer that ends with its connection. */
void answer_lasting_head(const struct request *r, const char *content_type, struct buffer *out);
/* As Connect's error, or as a page where the route is for people; with the refusal's own status, or another.
 */
void answer_refusal(struct request *r, const struct refusal *no);
void answer_refusal_as(struct request *r, unsigned status, const struct refusal *no);
/* 405, with what would be allowed. */
void answer_wrong_verb(struct request *r, const char *allowed);

/* --- routes (routes.c) --- */

/* A body that is taken as it comes: PUT and PATCH. */
struct flow_ops {
    request_fn *start; /* the head is there; request_go_on when the body may come, or an answer */
    /* How many of these bytes; 0: none before request_go_on. */
    size_t (*take)(struct request *r, const char *data, size_t size);
    request_fn *end; /* nothing more comes */
};
extern const struct flow_ops upload_flow;

struct route {
    const char *verbs;   /* "GET HEAD"; NULL: the start function looks itself */
    const char *pattern; /* a path; a * at its end stands for anything */
    request_fn *start;
    bool is_page;    /* for people: refusals are HTML */
    bool is_limited; /* open to anybody: counted against the sender's address */
    const struct flow_ops *flow;
};

/* Never NULL: the last route takes everything. `rest` becomes what the * stands for. */
const struct route *route_find(const char *path, const char **rest);
bool route_allows(const struct route *route, const char *verb);

/* --- where routes begin --- */
request_fn quote_start, quote_link_start, share_start, catalogue_start, catalogue_link_start;
request_fn connect_start, stream_start, events_start, search_start, form_start, mail_start, card_start,
    calendar_start, page_start, file_start;
request_fn health_live, health_ready, health_metrics, health_schema;

/* Answers a Connect call of this request with this message of its method's output. */
void connect_answer(struct request *r, ProtobufCMessage *message);
/* SystemService/ListServices. */
request_fn health_list_services;
/* SystemService/ListAudit with this message, which lives in the gateway's arena. */
void audit_list(struct request *r, const ProtobufCMessage *message);

#endif
