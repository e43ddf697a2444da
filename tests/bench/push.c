/* push: 10,000 pushes sealed and signed, each for another subscription than the one before it; beside
   OpenSSL doing nothing but what it takes on the curve: a new key, where two keys lead, a signature. */
#include <assert.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "outbound/push_key.h"

enum { PUSHES = 10000, SUBSCRIPTIONS = 64, ROUNDS = 3, TEXT_SIZE = 400, PADDED = 512 };

struct bench {
    struct outbound_push to[SUBSCRIPTIONS];
    EVP_PKEY *subscribers[SUBSCRIPTIONS];
    struct push_sender *sender;
    uint8_t body[PUSH_BODY_MAX];
    char token[PUSH_TOKEN_SIZE];
};

static double processor_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* there is always one */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void bench_init(struct bench *b)
{
    static const uint8_t own[OUTBOUND_PUSH_KEY_SIZE] = {1, 2, 3};
    b->sender = push_sender_new(own);
    assert(b->sender);
    for (size_t i = 0; i < SUBSCRIPTIONS; i++) {
        size_t n = 0;
        b->subscribers[i] = EVP_EC_gen("P-256");
        bool good = EVP_PKEY_get_octet_string_param(b->subscribers[i], "pub", b->to[i].subscriber,
                                                    sizeof b->to[i].subscriber, &n) == 1;
        assert(good && n == sizeof b->to[i].subscriber);
        memset(b->to[i].auth, (int)i, sizeof b->to[i].auth);
    }
}

static void bench_release(struct bench *b)
{
    for (size_t i = 0; i < SUBSCRIPTIONS; i++)
        EVP_PKEY_free(b->subscribers[i]);
    push_sender_free(b->sender);
}

static void push(struct bench *b, size_t i)
{
    static const uint8_t text[TEXT_SIZE];
    size_t n =
        push_seal(b->sender, &b->to[i % SUBSCRIPTIONS], bytes_of(text, sizeof text), PADDED, NULL, b->body);
    bool good = n && push_sign(b->sender, "https://push.example", "mailto:a@b.example", 1780000000, b->token);
    assert(good);
}

static void curve(struct bench *b, size_t i)
{
    uint8_t secret[OUTBOUND_PUSH_KEY_SIZE], signature[128];
    size_t n = sizeof secret, m = sizeof signature;
    EVP_PKEY *fresh = EVP_EC_gen("P-256");
    EVP_PKEY_CTX *agree = EVP_PKEY_CTX_new_from_pkey(NULL, fresh, NULL);
    EVP_PKEY_CTX *sign = EVP_PKEY_CTX_new_from_pkey(NULL, b->sender->key, NULL);
    bool good = agree && sign && EVP_PKEY_derive_init(agree) == 1 &&
                EVP_PKEY_derive_set_peer_ex(agree, b->subscribers[i % SUBSCRIPTIONS], 0) == 1 &&
                EVP_PKEY_derive(agree, secret, &n) == 1 && EVP_PKEY_sign_init(sign) == 1 &&
                EVP_PKEY_sign(sign, signature, &m, secret, n) == 1;
    assert(good);
    EVP_PKEY_CTX_free(agree);
    EVP_PKEY_CTX_free(sign);
    EVP_PKEY_free(fresh);
}

/* A second of a processor. */
static double rate(struct bench *b, void (*one)(struct bench *b, size_t i))
{
    double from = processor_s();
    for (size_t i = 0; i < PUSHES; i++)
        one(b, i);
    return PUSHES / (processor_s() - from);
}

int main(int argc, char **argv)
{
    struct bench *b = calloc(1, sizeof *b);
    double ours = 0, bare = 0, peer = strtod(drive_option(argc, argv, "peer", "0"), NULL);
    assert(b);
    bench_init(b);
    for (int round = 0; round < ROUNDS; round++) { /* in turns, the best of each */
        double o = rate(b, push), c = rate(b, curve);
        ours = o > ours ? o : ours;
        bare = c > bare ? c : bare;
    }
    if (peer > 0)
        bench_row("push", ours, "pushes/s", peer);
    bench_row("push-curve", ours, "pushes/s", bare);
    bench_release(b);
    free(b);
    return 0;
}
