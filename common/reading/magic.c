/* libmagic, on the first bytes of a file: one cookie, one at a time. In the sandbox, and in a library of its
   own (baton-kind.so) for who keeps files. */
#include <magic.h>
#include <pthread.h>
#include <stdio.h>

#include "base/kind.h"
#include "base/log.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static magic_t cookie;

static magic_t opened(void)
{
    if (cookie)
        return cookie;
    magic_t m = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
    if (m && magic_load(m, NULL) == 0)
        return cookie = m;
    log_failure("kind", "libmagic cannot be used: %s", m ? magic_error(m) : "no memory");
    if (m)
        magic_close(m);
    return NULL;
}

bool kind_media(const void *head, size_t size, char media[KIND_MEDIA_SIZE])
{
    (void)pthread_mutex_lock(&lock); /* cannot fail: it is ours alone */
    magic_t m = opened();
    const char *found = m ? magic_buffer(m, head, size) : NULL;
    if (m && !found)
        found = "application/octet-stream";
    if (found)
        (void)snprintf(media, KIND_MEDIA_SIZE, "%s", found); /* a longer one is none that is known */
    (void)pthread_mutex_unlock(&lock);
    return found != NULL;
}
