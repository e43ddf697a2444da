/* Token buckets. A table of fixed size: an address that finds no free place takes that of the one seen
   longest ago, whose bucket is the fullest. */
#include "limit.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "head.h"

enum { WAYS = 4, ADDRESS_SIZE = 16, V6_NETWORK = 8, TOKEN = 1000000 };

struct bucket {
    uint8_t address[ADDRESS_SIZE];
    int64_t tokens_micro; /* millionths */
    int64_t seen_us;      /* 0: free */
};

struct limit {
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct bucket buckets[LIMIT_ADDRESSES_MAX];
};

struct limit *limit_new(void)
{
    struct limit *l = calloc(1, sizeof *l);
    assert(l);
    randombytes_buf(l->key, sizeof l->key);
    return l;
}

void limit_free(struct limit *l)
{
    free(l);
}

static bool is_loopback(const struct sockaddr *from)
{
    if (from->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)from)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return from->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)from)->sin6_addr);
}

/* Of IPv6 the network: one person has as many addresses in it as they like. */
static bool address_of_text(const char *text, uint8_t out[ADDRESS_SIZE])
{
    memset(out, 0, ADDRESS_SIZE);
    if (inet_pton(AF_INET6, text, out) == 1) {
        memset(out + V6_NETWORK, 0, ADDRESS_SIZE - V6_NETWORK);
        return true;
    }
    memset(out, 0, ADDRESS_SIZE);
    return inet_pton(AF_INET, text, out + ADDRESS_SIZE - sizeof(struct in_addr)) == 1;
}

static void address_of(const struct sockaddr *from, uint8_t out[ADDRESS_SIZE])
{
    memset(out, 0, ADDRESS_SIZE);
    if (from->sa_family == AF_INET)
        memcpy(out + ADDRESS_SIZE - sizeof(struct in_addr), &((const struct sockaddr_in *)from)->sin_addr,
               sizeof(struct in_addr));
    else if (from->sa_family == AF_INET6)
        memcpy(out, &((const struct sockaddr_in6 *)from)->sin6_addr, V6_NETWORK);
}

static void address_of_request(const struct request *r, uint8_t out[ADDRESS_SIZE])
{
    const struct sockaddr *from =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    const char *forwarded = head_last_forwarded(request_header(r, "X-Forwarded-For"));
    if (r->gateway->public_url && forwarded && is_loopback(from) && address_of_text(forwarded, out))
        return;
    address_of(from, out);
}

static struct bucket *bucket_of(struct limit *l, const uint8_t address[ADDRESS_SIZE])
{
    uint8_t hash[crypto_shorthash_BYTES];
    (void)crypto_shorthash(hash, address, ADDRESS_SIZE, l->key); /* always 0 */
    struct bucket *set = &l->buckets[get_be64(hash) % (LIMIT_ADDRESSES_MAX / WAYS) * WAYS], *oldest = set;
    for (struct bucket *b = set; b < set + WAYS; b++) {
        if (b->seen_us && memcmp(b->address, address, ADDRESS_SIZE) == 0)
            return b;
        if (b->seen_us < oldest->seen_us)
            oldest = b;
    }
    *oldest = (struct bucket){.tokens_micro = (int64_t)LIMIT_BURST * TOKEN, .seen_us = gateway_now_us()};
    memcpy(oldest->address, address, ADDRESS_SIZE);
    return oldest;
}

bool limit_request(struct request *r)
{
    uint8_t address[ADDRESS_SIZE];
    address_of_request(r, address);
    struct bucket *b = bucket_of(r->gateway->limit, address);
    int64_t now = gateway_now_us(), full = (int64_t)LIMIT_BURST * TOKEN;
    int64_t longest_us = full / LIMIT_PER_SECOND, passed_us = now - b->seen_us;
    b->tokens_micro += (passed_us < longest_us ? passed_us : longest_us) * LIMIT_PER_SECOND;
    if (b->tokens_micro > full)
        b->tokens_micro = full;
    b->seen_us = now;
    if (b->tokens_micro >= TOKEN) {
        b->tokens_micro -= TOKEN;
        return true;
    }
    struct refusal no;
    (void)refuse(&no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "too many requests from your address; wait a second");
    answer_refusal(r, &no);
    return false;
}
