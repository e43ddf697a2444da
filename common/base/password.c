/* Argon2id by libsodium. */
#include "base/password.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

/* OWASP's floor is 46 MiB and one pass; ours is above it, and bounded by the slow pool's two threads. */
enum { PASSES = 3, MEMORY = 64 << 20 };

static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash as text fits");

bool password_hash(char out[PASSWORD_HASH_SIZE], const char *password)
{
    if (crypto_pwhash_str(out, password, strlen(password), PASSES, MEMORY) == 0)
        return true;
    out[0] = '\0';
    return false;
}

bool password_is(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
