/* Raw keys to OpenSSL's and back; who sends. */
#include "outbound/push_key.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <stdlib.h>

bool push_point(const EC_GROUP *curve, const BIGNUM *number, uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE])
{
    EC_POINT *point = EC_POINT_new(curve);
    bool good = point && EC_POINT_mul(curve, point, number, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(curve, point, POINT_CONVERSION_UNCOMPRESSED, public,
                                   OUTBOUND_PUSH_PUBLIC_SIZE, NULL) == OUTBOUND_PUSH_PUBLIC_SIZE;
    EC_POINT_free(point);
    return good;
}

static EVP_PKEY *key_from(const OSSL_PARAM *params)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    bool good = params && c && EVP_PKEY_fromdata_init(c) == 1 &&
                EVP_PKEY_fromdata(c, &key, EVP_PKEY_KEYPAIR, (OSSL_PARAM *)(uintptr_t)params) == 1;
    EVP_PKEY_CTX_free(c);
    return good ? key : NULL;
}

static EVP_PKEY *key_of(const BIGNUM *number, const uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE])
{
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    bool good =
        b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, public, OUTBOUND_PUSH_PUBLIC_SIZE) ==
            1 &&
        OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1;
    OSSL_PARAM *params = good ? OSSL_PARAM_BLD_to_param(b) : NULL;
    EVP_PKEY *key = key_from(params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    return key;
}

/* A number below the order of the curve, and not 0. */
static bool is_key(const EC_GROUP *curve, const BIGNUM *number)
{
    return !BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(curve)) < 0;
}

bool push_public(const uint8_t own[OUTBOUND_PUSH_KEY_SIZE], uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE])
{
    EC_GROUP *curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM *number = BN_bin2bn(own, OUTBOUND_PUSH_KEY_SIZE, NULL);
    bool good = curve && number && is_key(curve, number) && push_point(curve, number, public);
    BN_clear_free(number);
    EC_GROUP_free(curve);
    return good;
}

struct push_sender *push_sender_new(const uint8_t own[OUTBOUND_PUSH_KEY_SIZE])
{
    uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE];
    if (!push_public(own, public))
        return NULL;
    struct push_sender *s = calloc(1, sizeof *s);
    BIGNUM *number = BN_bin2bn(own, OUTBOUND_PUSH_KEY_SIZE, NULL);
    assert(s && number);
    s->curve = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    s->key = key_of(number, public);
    assert(s->curve && s->key); /* it is one: only memory can be missing */
    sodium_bin2base64(s->public, sizeof s->public, public, sizeof public, PUSH_BASE64);
    BN_clear_free(number);
    return s;
}

void push_sender_free(struct push_sender *s)
{
    if (!s)
        return;
    EC_GROUP_free(s->curve);
    EVP_PKEY_free(s->key);
    free(s);
}
