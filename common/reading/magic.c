/* libmagic, on the first bytes of a file. */
#include <magic.h>
#include <stdio.h>

#include "preview/kind.h"

bool kind_media(const void *head, size_t size, char media[KIND_MEDIA_SIZE])
{
    magic_t m = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
    const char *found = m && magic_load(m, NULL) == 0 ? magic_buffer(m, head, size) : NULL;
    if (found)
        (void)snprintf(media, KIND_MEDIA_SIZE, "%s", found); /* a longer one is none that is known */
    if (m)
        magic_close(m);
    return found != NULL;
}
