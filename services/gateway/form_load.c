/* Countries for the gateway: ICU's collation takes a MiB that a deployment whose forms ask for no country
   does not spend. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "form_country.h"

static const char NAME[] = "baton-countries.so";

size_t form_countries(const char *language, struct form_country out[FORM_COUNTRIES_MAX])
{
    void *library = beside_load(NAME);
    void *found = library ? dlsym(library, "form_countries") : NULL;
    size_t (*countries)(const char *, struct form_country *);
    if (!found) {
        log_failure("form", "%s cannot be loaded: %s", NAME, dlerror());
        return 0;
    }
    memcpy(&countries, &found, sizeof countries); /* C has no cast from one to the other */
    return countries(language, out);
}
