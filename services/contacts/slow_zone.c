/* Time zones as libical writes them: what stands before all that uses them in a calendar. */
#include <libical/ical.h>

#include "services/contacts/ical.h"

char *contacts_ical_zone(const char *name)
{
    icalerror_set_errors_are_fatal(0);
    icaltimezone *z = icaltimezone_get_builtin_timezone(name);
    icalcomponent *there = z ? icaltimezone_get_component(z) : NULL;
    icalcomponent *c = there ? icalcomponent_new_clone(there) : NULL;
    if (!c)
        return NULL;
    icalproperty *p;
    /* libical calls it by a longer name */
    while ((p = icalcomponent_get_first_property(c, ICAL_TZID_PROPERTY))) {
        icalcomponent_remove_property(c, p);
        icalproperty_free(p);
    }
    icalcomponent_add_property(c, icalproperty_new_tzid(name));
    char *text = icalcomponent_as_ical_string_r(c);
    icalcomponent_free(c);
    return text;
}
