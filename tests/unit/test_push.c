/* Web Push against the example of RFC 8291, section 5, and OpenSSL's own verifier. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "outbound/push_key.h"

static const char TEXT[] = "When I grow up, I want to be a watermelon";
static const char OWN[] = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
static const char OWN_PUBLIC[] =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
static const char SUBSCRIBER[] =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
static const char AUTH[] = "BTBZMqHH6r4Tts7J_aSIgg", SALT[] = "DGv6ra1nlYgDCS1FRnbzlw";
static const char BODY[] =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
    "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

static size_t decode(void *out, size_t room, const char *text)
{
    size_t n;
    assert_int_equal(sodium_base642bin(out, room, text, strlen(text), NULL, &n, NULL, PUSH_BASE64), 0);
    return n;
}

static struct outbound_push example(void)
{
    struct outbound_push to = {.subject = "mailto:a@b.example"};
    assert_int_equal(decode(to.subscriber, sizeof to.subscriber, SUBSCRIBER), sizeof to.subscriber);
    assert_int_equal(decode(to.auth, sizeof to.auth, AUTH), sizeof to.auth);
    return to;
}

/* Whose key it is does not matter for sealing. */
static const struct push_sender *sender(void)
{
    static struct push_sender *s;
    if (!s)
        s = push_sender_new((const uint8_t[OUTBOUND_PUSH_KEY_SIZE]){1});
    assert_non_null(s);
    return s;
}

static void test_example(void **state)
{
    struct outbound_push to = example();
    struct push_seed seed;
    uint8_t body[PUSH_BODY_MAX];
    char text[sodium_base64_ENCODED_LEN(PUSH_BODY_MAX, PUSH_BASE64)];
    decode(seed.own, sizeof seed.own, OWN);
    decode(seed.salt, sizeof seed.salt, SALT);
    size_t n = push_seal(sender(), &to, bytes_text(TEXT), sizeof TEXT - 1, &seed, body);
    assert_string_equal(sodium_bin2base64(text, sizeof text, body, n, PUSH_BASE64), BODY);
}

static void test_public(void **state)
{
    uint8_t own[OUTBOUND_PUSH_KEY_SIZE], public[OUTBOUND_PUSH_PUBLIC_SIZE], wanted[sizeof public];
    decode(own, sizeof own, OWN);
    decode(wanted, sizeof wanted, OWN_PUBLIC);
    assert_true(push_public(own, public));
    assert_memory_equal(public, wanted, sizeof public);
    memset(own, 0, sizeof own);
    assert_false(push_public(own, public));
    assert_null(push_sender_new(own));
    memset(own, 0xff, sizeof own); /* beyond the order of the curve */
    assert_false(push_public(own, public));
}

/* Each is drawn anew, and as long as it is made to look. */
static void test_fresh(void **state)
{
    struct outbound_push to = example();
    static const struct {
        size_t size, padded, body;
    } rows[] = {
        {0, 0, 103},   {0, 256, 359},      {41, 41, 144},   {41, 256, 359},
        {300, 200, 0}, {3993, 3993, 4096}, {3993, 3994, 0}, {3994, 3994, 0},
    };
    static uint8_t text[PUSH_BODY_MAX], one[PUSH_BODY_MAX], other[PUSH_BODY_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes message = bytes_of(text, rows[i].size);
        assert_int_equal(push_seal(sender(), &to, message, rows[i].padded, NULL, one), rows[i].body);
        assert_int_equal(push_seal(sender(), &to, message, rows[i].padded, NULL, other), rows[i].body);
        if (!rows[i].body)
            continue;
        assert_memory_not_equal(one, other, PUSH_SALT_SIZE);
        assert_memory_not_equal(one + PUSH_SALT_SIZE + 5, other + PUSH_SALT_SIZE + 5,
                                OUTBOUND_PUSH_PUBLIC_SIZE);
    }
}

static void test_bad_keys(void **state)
{
    uint8_t body[PUSH_BODY_MAX];
    struct outbound_push to = example();
    to.subscriber[OUTBOUND_PUSH_PUBLIC_SIZE - 1] ^= 1; /* beside the curve */
    assert_int_equal(push_seal(sender(), &to, bytes_text(TEXT), 256, NULL, body), 0);
    to = example();
    to.subscriber[0] = 2; /* compressed, by its word */
    assert_int_equal(push_seal(sender(), &to, bytes_text(TEXT), 256, NULL, body), 0);
    to = example();
    memset(to.subscriber + 1, 0xff, OUTBOUND_PUSH_PUBLIC_SIZE - 1); /* beyond the field */
    assert_int_equal(push_seal(sender(), &to, bytes_text(TEXT), 256, NULL, body), 0);
    memset(to.subscriber, 0, sizeof to.subscriber); /* the point at infinity */
    assert_int_equal(push_seal(sender(), &to, bytes_text(TEXT), 256, NULL, body), 0);
}

/* The signature back as OpenSSL wants it. */
static size_t der_of(const uint8_t raw[64], uint8_t **der)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    assert_int_equal(ECDSA_SIG_set0(pair, BN_bin2bn(raw, 32, NULL), BN_bin2bn(raw + 32, 32, NULL)), 1);
    *der = NULL;
    int n = i2d_ECDSA_SIG(pair, der);
    ECDSA_SIG_free(pair);
    return (size_t)n;
}

static int verifies(EVP_PKEY *key, const char *text, size_t size, const char *signature)
{
    uint8_t raw[64], *der;
    assert_int_equal(decode(raw, sizeof raw, signature), sizeof raw);
    size_t n = der_of(raw, &der);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key), 1);
    int good = EVP_DigestVerify(c, der, n, (const uint8_t *)text, size);
    EVP_MD_CTX_free(c);
    OPENSSL_free(der);
    return good;
}

/* Cuts "vapid t=HEADER.CLAIMS.SIGNATURE, k=KEY" into its parts. */
static void test_token(void **state)
{
    uint8_t own[OUTBOUND_PUSH_KEY_SIZE];
    char token[PUSH_TOKEN_SIZE], said[PUSH_TOKEN_SIZE] = "";
    decode(own, sizeof own, OWN);
    struct push_sender *s = push_sender_new(own);
    assert_true(push_sign(s, "https://push.example", "mailto:a@b.example", 1780043200, token));
    assert_int_equal(strncmp(token, "vapid t=", 8), 0);
    char *text = token + 8, *claims = strchr(text, '.') + 1, *signature = strchr(claims, '.') + 1;
    char *key = strstr(signature, ", k=");
    assert_string_equal(key + 4, OWN_PUBLIC);
    *key = signature[-1] = '\0';
    assert_int_equal(verifies(s->key, text, strlen(text), signature), 1);
    text[0] ^= 1;
    assert_int_equal(verifies(s->key, text, strlen(text), signature), 0);
    decode(said, sizeof said, claims);
    assert_string_equal(
        said, "{\"aud\":\"https://push.example\",\"exp\":1780043200,\"sub\":\"mailto:a@b.example\"}");
    push_sender_free(s);
}

/* Nothing gets out of its quotes, nothing is cut. */
static void test_unspeakable(void **state)
{
    uint8_t own[OUTBOUND_PUSH_KEY_SIZE];
    char token[PUSH_TOKEN_SIZE], *endless = calloc(1, 4096);
    decode(own, sizeof own, OWN);
    memset(endless, 'a', 4095);
    struct push_sender *s = push_sender_new(own);
    assert_false(push_sign(s, "https://push.example\",\"a\":\"", "mailto:a@b.example", 1, token));
    assert_false(push_sign(s, "https://push.example", "mailto:a@b.example\\", 1, token));
    assert_false(push_sign(s, "https://push.example", "mailto:a@b.example\n", 1, token));
    assert_false(push_sign(s, "https://push.example", endless, 1, token));
    push_sender_free(s);
    free(endless);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example),  cmocka_unit_test(test_public), cmocka_unit_test(test_fresh),
        cmocka_unit_test(test_bad_keys), cmocka_unit_test(test_token),  cmocka_unit_test(test_unspeakable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
