/* Letters on paper in the service itself: the library that draws is loaded with the first. */
#include <dlfcn.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "services/contacts/letter.h"

static const char NAME[] = "baton-letter.so";

/* Its function of this name; `fn` is a pointer to one. False: logged. */
static bool find(const char *name, void *fn, size_t size)
{
    void *library = beside_load(NAME);
    void *symbol = library ? dlsym(library, name) : NULL;
    if (!symbol) {
        log_failure("letter", "%s cannot be loaded: %s", NAME, dlerror());
        return false;
    }
    memcpy(fn, &symbol, size); /* C has no cast from one to the other */
    return true;
}

bool letters_draw(const struct letter_job *job, struct letters_drawn *drawn, struct buffer *out)
{
    bool (*fn)(const struct letter_job *, struct letters_drawn *, struct buffer *);
    return find("letters_draw", &fn, sizeof fn) && fn(job, drawn, out);
}

bool letter_fits(const struct letter_job *job, const struct letter *l)
{
    bool (*fn)(const struct letter_job *, const struct letter *);
    return !find("letter_fits", &fn, sizeof fn) || fn(job, l); /* drawing says that it cannot */
}
