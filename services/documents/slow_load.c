/* What files are, in the service itself: the library that knows is loaded when it is first asked. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "services/documents/kind.h"

bool documents_kind(const void *head, size_t size, char *media_type, size_t room)
{
    bool (*kind)(const void *, size_t, char *, size_t);
    void *library = beside_load("baton-kind.so");
    void *symbol = library ? dlsym(library, "documents_kind") : NULL;
    if (!symbol) {
        log_failure("kind", "baton-kind.so cannot be loaded: %s", dlerror());
        return false;
    }
    memcpy(&kind, &symbol, sizeof kind); /* C has no cast from one to the other */
    return kind(head, size, media_type, room);
}
