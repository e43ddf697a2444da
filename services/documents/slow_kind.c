/* libmagic: one cookie, one at a time. It is a library of its own, loaded with the first upload. */
#include <magic.h>
#include <pthread.h>
#include <stdio.h>

#include "base/log.h"
#include "services/documents/kind.h"

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

bool documents_kind(const void *head, size_t size, char *media_type, size_t room)
{
    (void)pthread_mutex_lock(&lock); /* cannot fail: it is ours alone */
    magic_t m = opened();
    const char *found = m ? magic_buffer(m, head, size) : NULL;
    if (m && !found)
        found = "application/octet-stream";
    if (found)
        (void)snprintf(media_type, room, "%s", found); /* a longer one is none that we know */
    (void)pthread_mutex_unlock(&lock);
    return found != NULL;
}
