/* By what a contact or an account is known again, exactly: address, telephone numbers, its key elsewhere. */
#ifndef BATON_CONTACTS_KEYS_H
#define BATON_CONTACTS_KEYS_H

#include "base/arena.h"
#include "baton/v1/contact_lists.pb-c.h"

/* The UID of a card that we wrote ourselves: this and the record's id (RFC 6350, 6.7.6; RFC 9562). */
#define CONTACTS_UID_PREFIX "urn:uuid:"

/* A key row of the record; its id is set, too. `country` is where numbers are that do not say it, NULL: not
   known; the address of the record says more. Nothing of the record is kept.
   E-mail: folded. Telephone: E.164 without the plus; a number whose country is not known is no key. External
   id: as it is. Name, of accounts: folded. */
void contacts_keys_of_contact(const Baton__Contact *c, const char *country, Baton__ContactKey *k,
                              struct arena *a);
void contacts_keys_of_account(const Baton__Account *c, const char *country, Baton__ContactKey *k,
                              struct arena *a);
/* The number with the code of `country`, "+49301234567", where nothing else says where it is; else, and where
   that is not known, the number as it is. */
char *contacts_number_in(char *number, const Baton__Address *address, const char *country, struct arena *a);
/* The id of the record of ours that this external id names; NULL: it names none. */
const char *contacts_own_uid(const char *external_id);

#endif
