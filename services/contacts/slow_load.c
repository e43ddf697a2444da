/* Following rules and writing calendars in the service itself: the library that can is loaded with the first.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "base/beside.h"
#include "base/log.h"
#include "services/contacts/ical.h"
#include "services/contacts/repeat.h"

static const char NAME[] = "baton-repeat.so";

static void *found(const char *name)
{
    void *library = beside_load(NAME);
    void *symbol = library ? dlsym(library, name) : NULL;
    if (!symbol)
        log_failure("repeat", "%s cannot be loaded: %s", NAME, dlerror());
    return symbol;
}

bool contacts_repeat_check(const struct repeat *r, char why[REPEAT_WHY])
{
    bool (*check)(const struct repeat *, char *);
    void *symbol = found("contacts_repeat_check");
    if (!symbol) {
        (void)snprintf(why, REPEAT_WHY, "this installation cannot follow rules"); /* it fits */
        return false;
    }
    memcpy(&check, &symbol, sizeof check); /* C has no cast from one to the other */
    return check(r, why);
}

size_t contacts_repeat_list(const struct repeat *r, const struct civil *from, const struct civil *until,
                            struct civil *out, size_t room, bool *cut)
{
    size_t (*list)(const struct repeat *, const struct civil *, const struct civil *, struct civil *, size_t,
                   bool *);
    void *symbol = found("contacts_repeat_list");
    if (!symbol) {
        *cut = true;
        return 0;
    }
    memcpy(&list, &symbol, sizeof list);
    return list(r, from, until, out, room, cut);
}

char *contacts_ical_event(const struct ical_event *e)
{
    char *(*event)(const struct ical_event *);
    void *symbol = found("contacts_ical_event");
    if (!symbol)
        return NULL;
    memcpy(&event, &symbol, sizeof event);
    return event(e);
}

char *contacts_ical_zone(const char *name)
{
    char *(*zone)(const char *);
    void *symbol = found("contacts_ical_zone");
    if (!symbol)
        return NULL;
    memcpy(&zone, &symbol, sizeof zone);
    return zone(name);
}
