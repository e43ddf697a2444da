/* Web Push: a message sealed for one subscription (RFC 8291 on RFC 8188), and a token that says who sends it
   (RFC 8292). Everything is on the curve P-256; keys are raw: 32 bytes private, 65 public (0x04, x, y). */
#ifndef BATON_OUTBOUND_PUSH_H
#define BATON_OUTBOUND_PUSH_H

#include "bus/world.h"

enum {
    PUSH_SALT_SIZE = 16,
    PUSH_BODY_MAX = 4096,    /* what every push service takes */
    PUSH_TEXT_MAX = 3993,    /* what is left of it for the message */
    PUSH_TOKEN_SIZE = 2048,  /* with its NUL */
    PUSH_TOKEN_S = 12 * 3600 /* how long one is good; a day is the most there may be */
};

/* The public key of a private one. False: it is none. */
bool push_public(const uint8_t own[OUTBOUND_PUSH_KEY_SIZE], uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE]);

/* Whoever sends with one private key. NULL: it is none. */
struct push_sender;
struct push_sender *push_sender_new(const uint8_t own[OUTBOUND_PUSH_KEY_SIZE]);
void push_sender_free(struct push_sender *s);

/* What is drawn anew for each message; given only to have the same bytes again. */
struct push_seed {
    uint8_t own[OUTBOUND_PUSH_KEY_SIZE], salt[PUSH_SALT_SIZE];
};
/* Writes the body and returns its size; `padded` is the length the message is made to look like, at least its
   own. 0: the subscriber's key is no point of the curve, or the message is too long. `seed` may be NULL. */
size_t push_seal(const struct push_sender *s, const struct outbound_push *to, struct bytes text,
                 size_t padded, const struct push_seed *seed, uint8_t body[PUSH_BODY_MAX]);

/* "vapid t=..., k=...", the value of Authorization, for one push service, "https://push.example", and until
   then. `subject` is who can be asked about the sender, mailto:... or https://... False: one of the two
   cannot be said in JSON, or is too long. */
bool push_sign(const struct push_sender *s, const char *origin, const char *subject, int64_t until_s,
               char token[PUSH_TOKEN_SIZE]);

#endif
