/* Whether two leads are of the same customer: what of them is compared, how alike they are, and where leads
   that may be alike are found. */
#ifndef BATON_LEADS_MATCH_H
#define BATON_LEADS_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ident.h"
#include "base/phone.h"
#include "baton/v1/contacts.pb-c.h"
#include "baton/v1/leads.pb-c.h"

enum {
    LEADS_PHONES = 2,
    LEADS_HASHES_MAX = 9,      /* under which a lead is found */
    LEADS_CANDIDATES_MAX = 20, /* leads that one is compared with */
    LEADS_POSSIBLE_MAX = 5,    /* possible duplicates listed on a lead */
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
/* A company's name without case, width, punctuation and legal form. */
char *leads_company_of(const char *name, struct arena *a);

/* Under what to look for leads that may be alike: first address and numbers, then what many can share. */
struct leads_hashes {
    uint32_t of[LEADS_HASHES_MAX];
    size_t n, n_own; /* n_own: addresses and numbers */
};
void leads_hashes_of(const struct leads_keys *k, struct leads_hashes *out);
/* The same for accounts and contacts: address, numbers, domain, company. */
void leads_party_hashes_of(const struct leads_keys *k, struct leads_hashes *out);
/* Whether a change of this field of Lead changes them. */
bool leads_is_key(const char *field);

/* 0 to 1 (Winkler 1990): 1 is equal. NULL is like nothing. */
double leads_similarity(const char *a, const char *b);

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

/* --- load_match_index.c: in memory, made from the rows at the start, then kept in step --- */

struct leads_match_index;
/* Takes memory as it fills, some 100 bytes a lead. Of more than 4 million leads the oldest are forgotten. */
struct leads_match_index *leads_match_index_new(void);
void leads_match_index_free(struct leads_match_index *x); /* NULL is fine */
/* `id` is copied. Of each key the newest LEADS_PER_KEY leads are kept. */
enum { LEADS_PER_KEY = 8 };
void leads_match_index_add(struct leads_match_index *x, const char *id, const struct leads_hashes *h);
/* Ids found under the hashes, each once; of one key the newest first. What so many share that it says nothing
   (LEADS_PER_KEY, beyond n_own) is passed over. Returns how many. */
size_t leads_match_index_find(const struct leads_match_index *x, const struct leads_hashes *h,
                              char ids[LEADS_CANDIDATES_MAX][IDENT_TEXT_SIZE]);

#endif
