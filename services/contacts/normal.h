/* What was typed, as it is compared and shown: names, addresses, telephone numbers and e-mail addresses of
   accounts and contacts. What was typed is never changed; what seems wrong with it is said. */
#ifndef BATON_CONTACTS_NORMAL_H
#define BATON_CONTACTS_NORMAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "baton/v1/contacts.pb-c.h"

enum {
    CONTACTS_PLACE_SETS = 6000,    /* postal codes looked up for one decision: of an import, at most */
    CONTACTS_PLACES_PER_CODE = 16, /* of one postal code that are looked at */
    CONTACTS_HINTS_MAX = 16,
};

/* The places of a postal code. */
struct contacts_place_set {
    const char *country, *code; /* as contacts_country_key and text_fold_postcode write them */
    const Baton__PlaceAt *places[CONTACTS_PLACES_PER_CODE];
    size_t n;
    bool is_district;      /* of the beginning of the code alone */
    bool country_is_known; /* there are places of this country */
};

struct contacts_normal_facts {
    const char *country;             /* the organisation's, ISO 3166-1 alpha-2; NULL: not known */
    struct contacts_place_set *sets; /* each postal code once */
    size_t n_sets;
};

/* The country's code; what is called by no country's name, folded. NULL: nothing. In the arena, or lasting.
 */
const char *contacts_country_key(const char *country, struct arena *a);
/* How many characters of a postal code say which district it is of (5 of the United States' 9); 0: it is
 * whole. */
size_t contacts_district_size(const char *country_code);
/* As the country writes it ("01067", "SW1A 1AA"), in the arena; NULL: no postal code of that country looks
   so. What is known of no country is written in capitals without needless white space. `text` NULL: NULL. */
char *contacts_postcode(const char *country_code, const char *text, struct arena *a);
/* The first of its forms, 9 for a digit and A for a letter ("9999 AA"); NULL: how the country writes them is
 * not known. */
const char *contacts_postcode_example(const char *country_code);

/* With the domain in lower case and ASCII; NULL: it is none. `*typo`: the domain that was probably meant,
 * NULL: none. */
char *contacts_email(const char *text, const char **typo, struct arena *a);

/* Sets normalized, whereabouts and hints anew. */
void contacts_normalize_account(const struct contacts_normal_facts *f, Baton__Account *account,
                                struct arena *a);
void contacts_normalize_contact(const struct contacts_normal_facts *f, Baton__Contact *contact,
                                struct arena *a);

#endif
