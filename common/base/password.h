/* Passwords as they are kept: Argon2id. Both take a fifth of a second and 64 MiB, so never on the loop. */
#ifndef BATON_BASE_PASSWORD_H
#define BATON_BASE_PASSWORD_H

#include <stdbool.h>

enum { PASSWORD_HASH_SIZE = 128 };

/* False: there is no memory for it; `out` is "". */
bool password_hash(char out[PASSWORD_HASH_SIZE], const char *password);
/* Whether `hash` was made of this password. */
bool password_is(const char *hash, const char *password);

#endif
