/* Fields that name accounts and contacts: one list for all who move them. */
#ifndef BATON_CONTACTS_NAMED_H
#define BATON_CONTACTS_NAMED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "baton/v1/contacts.pb-c.h"

/* A field of a table's rows. With a dot it is inside of a list, "attendees.contact_id": such are found by
   rows of their own (NamedInside), all others are indexed. */
struct contacts_naming {
    const char *type; /* whose id it is: "contact"; NULL: of any type */
    unsigned table;   /* enum contacts_table */
    const char *field;
};
extern const struct contacts_naming contacts_naming[];
extern const size_t contacts_naming_n;

bool contacts_is_inside(const char *field);
/* Whether `field` is `whole` or inside of it. */
bool contacts_is_of(const char *field, const char *whole);

enum { CONTACTS_VALUES_MAX = 128 /* of a field of one row; a request that has more is refused */ };
/* Where the row keeps the field's values, empty ones too, in their order; the first ones. Returns how many.
 */
size_t contacts_values(ProtobufCMessage *row, const char *field, char **values[CONTACTS_VALUES_MAX]);
/* Whether the row is one of its table. */
bool contacts_naming_of(const ProtobufCMessage *row, const struct contacts_naming *n);
/* Every value `from` becomes `to`. */
void contacts_rename(ProtobufCMessage *row, const char *field, const char *from, char *to);

/* What of that which a row is to name has been merged, and into what. */
struct contacts_redirects {
    unsigned table;
    struct contacts_redirect {
        const char *from;
        char *to;
    } * of;
    size_t n;
};
/* The row names what they have become. */
void contacts_redirect(const struct contacts_redirects *now, ProtobufCMessage *row);

#endif
