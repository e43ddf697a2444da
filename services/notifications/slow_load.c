/* The public half of a key in the service itself: the library that can is loaded when it is first asked for.
   What it stands on takes memory that a deployment without pushes does not spend. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "outbound/push.h"

bool push_public(const uint8_t own[OUTBOUND_PUSH_KEY_SIZE], uint8_t public[OUTBOUND_PUSH_PUBLIC_SIZE])
{
    void *library = beside_load("baton-outbound.so");
    void *found = library ? dlsym(library, "push_public") : NULL;
    bool (*make)(const uint8_t *own, uint8_t *public);
    if (!found) {
        log_failure("push", "there is no key for pushes: %s", dlerror());
        return false;
    }
    memcpy(&make, &found, sizeof make); /* C has no cast from one to the other */
    return make(own, public);
}
