/* What the files of this folder know of an exchange under way. */
#ifndef BATON_BUS_OUTBOUND_EXCHANGE_H
#define BATON_BUS_OUTBOUND_EXCHANGE_H

#include <arpa/inet.h>
#include <curl/curl.h>
#include <ev.h>
#include <openssl/types.h>
#include <stdatomic.h>

#include "bus/slow.h"
#include "outbound/guard.h"
#include "outbound/outbound.h"
#include "outbound/push.h"

enum { EXCHANGE_ADDRESSES_MAX = 4 };

struct mqtt;
struct wait;

/* Where to connect to; it has passed the guard. */
struct address {
    char host[INET6_ADDRSTRLEN];
    uint16_t port;
};

/* A message as it goes to a push service. */
struct sealed {
    uint8_t body[PUSH_BODY_MAX];
    size_t size;
    char authorization[PUSH_TOKEN_SIZE + 32];
};

struct exchange {
    struct slow_job job; /* first; of mail */
    struct outbound *o;
    struct outbound_request *r;
    CURL *easy;
    struct curl_slist *headers, *to;
    char host[OUTBOUND_HOST_SIZE];
    struct sealed *sealed; /* of a push; NULL: what it needs is not right */
    size_t sent, got;
    bool is_forbidden;
    struct outbound_result result; /* of mail */
    /* Of MQTT: what the broker's name stands for, and the connection to it. */
    struct address addresses[EXCHANGE_ADDRESSES_MAX];
    size_t n_addresses;
    ev_tstamp begun;
    struct mqtt *mqtt;
    struct exchange *next;
};

struct outbound {
    struct ev_loop *loop;
    CURLM *multi;
    ev_timer timer;
    struct slow_pool *mail;   /* begins with the first letter */
    struct push_desk *pushes; /* begins with the first push */
    X509_STORE *trusted;      /* read for the first broker with TLS */
    atomic_bool stops;
    bool private_allowed;
    struct exchange *exchanges;
    struct wait *waits;
};

/* Frees it and tells whoever asked. */
void exchange_end(struct exchange *x, struct outbound_result result);
/* Of those libcurl has done its part for. */
void exchanges_look_for_ends(struct outbound *o);

/* loop.c: libcurl waits on libev from now on. */
void outbound_loop_open(struct outbound *o);
void outbound_loop_close(struct outbound *o);

/* mqtt.c: goes on with the addresses that have been found; ends the exchange by itself, perhaps at once. */
void mqtt_begin(struct exchange *x);
void mqtt_free(struct mqtt *q);

/* ends.c */
bool exchange_is_unsealed(const struct exchange *x);
/* How it has ended for libcurl. */
struct outbound_result exchange_result(const struct exchange *x, CURLcode code);

/* push_desk.c: malloced; NULL: a key is none, or the address has no origin. Tokens are kept until half of
   their time is over. */
struct sealed *push_desk_seal(struct push_desk **desk, const struct outbound_request *r, int64_t now_s);
void push_desk_free(struct push_desk *desk);

#endif
