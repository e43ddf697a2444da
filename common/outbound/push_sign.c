/* Who sends a push: a JWT by ES256, good for one push service and half a day. */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "outbound/push_key.h"

enum { NUMBER_SIZE = 32, DER_MAX = 80, CLAIMS_MAX = 1024 };

/* OpenSSL's two numbers in DER as JWT has them: one behind the other, each of full length. */
static bool raw_of(const uint8_t *der, size_t size, uint8_t raw[2 * NUMBER_SIZE])
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
    bool good = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, NUMBER_SIZE) == NUMBER_SIZE &&
                BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + NUMBER_SIZE, NUMBER_SIZE) == NUMBER_SIZE;
    ECDSA_SIG_free(pair);
    return good;
}

static bool es256(EVP_PKEY *key, const char *text, uint8_t raw[2 * NUMBER_SIZE])
{
    uint8_t der[DER_MAX];
    size_t size = sizeof der;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool good = c && EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(c, der, &size, (const uint8_t *)text, strlen(text)) == 1 &&
                raw_of(der, size, raw);
    EVP_MD_CTX_free(c);
    return good;
}

/* Nothing that would end a text of JSON, or mean something in it. */
static bool is_plain(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == '"' || *p == '\\' || *p == 0x7f)
            return false;
    return true;
}

/* Adds the bytes; false: there is no room. */
static bool add_base64(char token[PUSH_TOKEN_SIZE], const void *data, size_t size)
{
    size_t at = strlen(token);
    if (at + sodium_base64_ENCODED_LEN(size, PUSH_BASE64) > PUSH_TOKEN_SIZE)
        return false;
    return sodium_bin2base64(token + at, PUSH_TOKEN_SIZE - at, data, size, PUSH_BASE64) != NULL;
}

static bool add_text(char token[PUSH_TOKEN_SIZE], const char *text)
{
    size_t at = strlen(token);
    return (size_t)snprintf(token + at, PUSH_TOKEN_SIZE - at, "%s", text) < PUSH_TOKEN_SIZE - at;
}

bool push_sign(const struct push_sender *s, const char *origin, const char *subject, int64_t until_s,
               char token[PUSH_TOKEN_SIZE])
{
    static const char scheme[] = "vapid t=", header[] = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";
    char claims[CLAIMS_MAX];
    uint8_t signature[2 * NUMBER_SIZE];
    int n = snprintf(claims, sizeof claims, "{\"aud\":\"%s\",\"exp\":%lld,\"sub\":\"%s\"}", origin,
                     (long long)until_s, subject);
    if (!is_plain(origin) || !is_plain(subject) || n < 0 || (size_t)n >= sizeof claims)
        return false;
    memcpy(token, scheme, sizeof scheme);
    return add_base64(token, header, sizeof header - 1) && add_text(token, ".") &&
           add_base64(token, claims, (size_t)n) && es256(s->key, token + sizeof scheme - 1, signature) &&
           add_text(token, ".") && add_base64(token, signature, sizeof signature) &&
           add_text(token, ", k=") && add_text(token, s->public);
}
