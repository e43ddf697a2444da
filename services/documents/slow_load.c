/* What files are, in the service itself: the library that knows is loaded when it is first asked. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/kind.h"
#include "base/log.h"

bool kind_media(const void *head, size_t size, char media[KIND_MEDIA_SIZE])
{
    bool (*of)(const void *, size_t, char *);
    void *library = beside_load("baton-kind.so");
    void *symbol = library ? dlsym(library, "kind_media") : NULL;
    if (!symbol) {
        log_failure("kind", "baton-kind.so cannot be loaded: %s", dlerror());
        return false;
    }
    memcpy(&of, &symbol, sizeof of); /* C has no cast from one to the other */
    return of(head, size, media);
}
