/* Whether two leads are of the same customer: what of them is compared, how alike they are, and where leads
   that may be alike are found. */
#ifndef BATON_LEADS_MATCH_H
#define BATON_LEADS_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/near.h"
#include "base/party.h"
#include "base/phone.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"

enum {
    LEADS_PHONES = 2,
    LEADS_POSSIBLE_MAX = 5, /* possible duplicates listed on a lead */
};

/* Everything folded; NULL: not given. */
struct leads_keys {
    const char *email;  /* without a +tag */
    bool is_role;       /* the address is an office's, not a person's: info@, sales@ */
    const char *domain; /* of the address or the website, unless everybody can have an address there */
    struct phone phones[LEADS_PHONES];
    const char *company; /* without legal form */
    const char *first_name, *last_name, *street, *city, *postal_code;
};

/* Nothing of the lead is kept. */
void leads_keys_of(const Baton__Lead *lead, struct leads_keys *k, struct arena *a);
void leads_keys_of_account(const Baton__Account *account, struct leads_keys *k, struct arena *a);
void leads_keys_of_contact(const Baton__Contact *contact, struct leads_keys *k, struct arena *a);

/* Under what to look for leads that may be alike: first address and numbers, then what many can share. */
void leads_hashes_of(const struct leads_keys *k, struct near_keys *out);
/* The same for accounts and contacts: address, numbers, domain, company. */
void leads_party_hashes_of(const struct leads_keys *k, struct near_keys *out);
/* Whether a change of this field of Lead changes them. */
bool leads_is_key(const char *field);

enum leads_likeness {
    LEADS_OTHER,
    LEADS_POSSIBLE,
    LEADS_CERTAIN_IF_OWN, /* if the number or the office's address is not one that several share */
    LEADS_CERTAIN,
};
bool leads_share_phone(const struct leads_keys *a, const struct leads_keys *b);
/* Points for what agrees, less those for what does not. */
int leads_match_points(const struct leads_keys *a, const struct leads_keys *b);
/* Certain is the same address or number, and names that do not contradict each other. */
enum leads_likeness leads_likeness(const struct leads_keys *a, const struct leads_keys *b);

/* An earlier lead, not rejected, and what has become of it. */
struct leads_earlier {
    const Baton__Lead *lead, *now; /* now: what it was merged into, or the lead itself */
};

/* What a new lead is compared with. */
struct leads_known {
    struct leads_keys keys; /* of the new one */
    struct leads_earlier *earlier;
    size_t n;
    bool merge;                      /* certain ones are merged at once */
    const Baton__Account **accounts; /* what it may be of; the contacts' accounts are among them */
    const Baton__Contact **contacts;
    size_t n_accounts, n_contacts;
};
struct leads_routing;
/* Enters account, contact and owner in the lead, as they are known. */
void leads_match_party(const struct leads_known *known, const struct leads_routing *r, Baton__Lead *lead,
                       struct arena *a);
/* The same, and possible duplicates and which active person the customer is known to. Returns the open
   lead it is certainly the same as, NULL: none. */
const Baton__Lead *leads_match(const struct leads_known *known, const struct leads_routing *r,
                               Baton__Lead *lead, struct arena *a);

#endif
