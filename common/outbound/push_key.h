/* Keys of P-256 as OpenSSL holds them; for sealing and signing. */
#ifndef BATON_OUTBOUND_PUSH_KEY_H
#define BATON_OUTBOUND_PUSH_KEY_H

#include <openssl/ec.h>
#include <sodium.h>

#include "outbound/push.h"

enum { PUSH_BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

struct push_sender {
    EC_GROUP *curve; /* making one takes longer than a key does */
    EVP_PKEY *key;
    char public[sodium_base64_ENCODED_LEN(OUTBOUND_PUSH_PUBLIC_SIZE, PUSH_BASE64)];
};

/* The point `number` times from the curve's own one, in 65 bytes. */
bool push_point(const EC_GROUP *curve, const BIGNUM *number, uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE]);

#endif
