/* Sealing: a key for this message alone, agreed on with the subscriber's, and AES-128-GCM under what is
   derived from it. */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "outbound/push_key.h"

enum {
    SECRET_SIZE = 32,
    CEK_SIZE = 16,
    NONCE_SIZE = 12,
    TAG_SIZE = 16,
    HEAD_SIZE = PUSH_SALT_SIZE + 4 + 1 + OUTBOUND_PUSH_PUBLIC_SIZE
};
_Static_assert(HEAD_SIZE + PUSH_TEXT_MAX + 1 + TAG_SIZE == PUSH_BODY_MAX, "RFC 8291, section 4");

/* HMAC-SHA-256 over both: one step of HKDF, no longer than its hash. */
static void hmac(uint8_t out[SECRET_SIZE], struct bytes key, struct bytes a, struct bytes b)
{
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, key.data, key.size); /* none of these can fail */
    (void)crypto_auth_hmacsha256_update(&state, a.data, a.size);
    (void)crypto_auth_hmacsha256_update(&state, b.data, b.size);
    (void)crypto_auth_hmacsha256_final(&state, out);
}

/* The label with the NUL that ends it, and the one byte that counts HKDF's blocks. */
static void derive(uint8_t out[SECRET_SIZE], const uint8_t key[SECRET_SIZE], const char *label)
{
    hmac(out, bytes_of(key, SECRET_SIZE), bytes_of(label, strlen(label) + 1), bytes_text("\x01"));
}

/* Where both keys lead: x of the point. Only what is a point of the curve is read as one, and P-256 has no
   small subgroups to be led into. */
static bool agree(const EC_GROUP *curve, const BIGNUM *own, const uint8_t *other, uint8_t secret[SECRET_SIZE])
{
    EC_POINT *point = EC_POINT_new(curve);
    BIGNUM *x = BN_new();
    bool good = point && x && other[0] == POINT_CONVERSION_UNCOMPRESSED &&
                EC_POINT_oct2point(curve, point, other, OUTBOUND_PUSH_PUBLIC_SIZE, NULL) == 1 &&
                EC_POINT_mul(curve, point, NULL, point, own, NULL) == 1 &&
                EC_POINT_get_affine_coordinates(curve, point, x, NULL, NULL) == 1 &&
                BN_bn2binpad(x, secret, SECRET_SIZE) == SECRET_SIZE;
    EC_POINT_clear_free(point);
    BN_clear_free(x);
    return good;
}

/* RFC 8291, 3.4: what is derived depends on both public keys and on the subscriber's own secret. */
static void keys_of(const struct outbound_push *to, const uint8_t *own, uint8_t secret[SECRET_SIZE],
                    const uint8_t *salt, uint8_t cek[SECRET_SIZE], uint8_t nonce[SECRET_SIZE])
{
    static const char info[] = "WebPush: info";
    uint8_t both[sizeof info + 2 * OUTBOUND_PUSH_PUBLIC_SIZE];
    memcpy(both, info, sizeof info);
    memcpy(both + sizeof info, to->subscriber, OUTBOUND_PUSH_PUBLIC_SIZE);
    memcpy(both + sizeof info + OUTBOUND_PUSH_PUBLIC_SIZE, own, OUTBOUND_PUSH_PUBLIC_SIZE);
    hmac(secret, bytes_of(to->auth, sizeof to->auth), bytes_of(secret, SECRET_SIZE), bytes_of(NULL, 0));
    hmac(secret, bytes_of(secret, SECRET_SIZE), bytes_of(both, sizeof both), bytes_text("\x01"));
    hmac(secret, bytes_of(salt, PUSH_SALT_SIZE), bytes_of(secret, SECRET_SIZE), bytes_of(NULL, 0));
    derive(cek, secret, "Content-Encoding: aes128gcm");
    derive(nonce, secret, "Content-Encoding: nonce");
}

/* One record, the last: the message, the byte that ends it, and nothing as far as `padded`. */
static bool encrypt(const uint8_t *cek, const uint8_t *nonce, struct bytes text, size_t padded, uint8_t *out)
{
    int n = 0, rest = 0;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    memcpy(out, text.data, text.size);
    out[text.size] = 2;
    memset(out + text.size + 1, 0, padded - text.size);
    bool good = c && EVP_EncryptInit_ex2(c, EVP_aes_128_gcm(), cek, nonce, NULL) == 1 &&
                EVP_EncryptUpdate(c, out, &n, out, (int)padded + 1) == 1 &&
                EVP_EncryptFinal_ex(c, out + n, &rest) == 1 && (size_t)(n + rest) == padded + 1 &&
                EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, out + padded + 1) == 1;
    EVP_CIPHER_CTX_free(c);
    return good;
}

static void write_head(uint8_t *body, const uint8_t *own)
{
    put_be32(body + PUSH_SALT_SIZE, PUSH_BODY_MAX);
    body[PUSH_SALT_SIZE + 4] = OUTBOUND_PUSH_PUBLIC_SIZE;
    memcpy(body + HEAD_SIZE - OUTBOUND_PUSH_PUBLIC_SIZE, own, OUTBOUND_PUSH_PUBLIC_SIZE);
}

static bool seal(const EC_GROUP *curve, const struct outbound_push *to, const BIGNUM *own, struct bytes text,
                 size_t padded, uint8_t *body)
{
    uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE], secret[SECRET_SIZE], cek[SECRET_SIZE], nonce[SECRET_SIZE];
    if (!agree(curve, own, to->subscriber, secret) || !push_point(curve, own, public))
        return false;
    write_head(body, public);
    keys_of(to, public, secret, body, cek, nonce);
    bool good = encrypt(cek, nonce, text, padded, body + HEAD_SIZE);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(cek, sizeof cek);
    return good;
}

/* NULL: OpenSSL has no randomness. */
static BIGNUM *fresh(const EC_GROUP *curve, uint8_t *salt)
{
    BIGNUM *own = BN_secure_new();
    if (own && BN_priv_rand_range(own, EC_GROUP_get0_order(curve)) == 1 && !BN_is_zero(own) &&
        RAND_bytes(salt, PUSH_SALT_SIZE) == 1)
        return own;
    BN_clear_free(own);
    return NULL;
}

static BIGNUM *given(const struct push_seed *seed, uint8_t *salt)
{
    memcpy(salt, seed->salt, PUSH_SALT_SIZE);
    return BN_bin2bn(seed->own, sizeof seed->own, NULL);
}

size_t push_seal(const struct push_sender *s, const struct outbound_push *to, struct bytes text,
                 size_t padded, const struct push_seed *seed, uint8_t body[PUSH_BODY_MAX])
{
    if (text.size > padded || padded > PUSH_TEXT_MAX)
        return 0;
    BIGNUM *own = seed ? given(seed, body) : fresh(s->curve, body);
    bool good = own && seal(s->curve, to, own, text, padded, body);
    BN_clear_free(own);
    return good ? HEAD_SIZE + padded + 1 + TAG_SIZE : 0;
}
