/* The order of a language, loaded when something is first sorted by it. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "search/collate.h"

static const char NAME[] = "baton-collate.so";

bool search_collate(const char *language, const char *const *texts, size_t n, uint32_t *order)
{
    void *library = beside_load(NAME);
    void *found = library ? dlsym(library, "search_collate") : NULL;
    bool (*collate)(const char *, const char *const *, size_t, uint32_t *);
    if (!found) {
        log_failure("search", "%s cannot be loaded: %s", NAME, dlerror());
        return false;
    }
    memcpy(&collate, &found, sizeof collate); /* C has no cast from one to the other */
    return collate(language, texts, n, order);
}
