/* Whether two contacts, or two accounts, are the same: what of them is compared, under what those that may be
   alike are found, and how sure one can be.

   The model is that of Fellegi and Sunter (A Theory for Record Linkage, 1969): each field agrees on one of a
   few levels; a level's weight is the logarithm of how often it is seen between two records of the same over
   how often between any two. What agrees on a rare value says more than on a common one (Winkler, 1989). What
   one of the two does not say is neutral. Weights are estimated from the records themselves, nobody labels
   any (Winkler, Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model, 1988). */
#ifndef BATON_CONTACTS_MATCH_H
#define BATON_CONTACTS_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/near.h"
#include "base/party.h"
#include "base/phone.h"
#include "baton/v1/contacts.pb-c.h"

enum match_field {
    MATCH_FIRST_NAME,
    MATCH_LAST_NAME,
    MATCH_COMPANY,
    MATCH_BIRTHDAY,
    MATCH_EMAIL,
    MATCH_DOMAIN,
    MATCH_PHONE,
    MATCH_STREET,
    MATCH_NUMBER, /* of the house */
    MATCH_LINE,   /* of the address: what follows the street */
    MATCH_CITY,
    MATCH_POSTAL_CODE,
    MATCH_STATE,
    MATCH_IDENTIFIER,
    MATCH_FIELDS
};
/* "last_name". */
const char *match_field_name(enum match_field f);

enum match_level { MATCH_MISSING, MATCH_DIFFERENT, MATCH_SIMILAR, MATCH_ALIKE, MATCH_EQUAL, MATCH_LEVELS };
/* "equal"; NULL for MATCH_MISSING. */
const char *match_level_name(enum match_level l);

/* --- decide_match_keys.c --- */

/* What is known of somebody, as it was written; any of it may be NULL. */
struct match_said {
    const char *first_name, *last_name, *company, *birthday /* yyyy-mm-dd or yyyymmdd */, *email, *website;
    const char *phones[2], *identifier;
    const Baton__Address *address; /* its street may have several lines, or parts behind commas */
};

enum { MATCH_PHONES = 2 };

/* Everything folded; NULL: not given. */
struct match_keys {
    const char *of[MATCH_FIELDS]; /* of the telephones the first */
    struct phone phones[MATCH_PHONES];
};

void match_keys_of(const struct match_said *said, struct match_keys *k, struct arena *a);
void match_keys_of_contact(const Baton__Contact *c, struct match_keys *k, struct arena *a);
void match_keys_of_account(const Baton__Account *account, struct match_keys *k, struct arena *a);

/* Under what those that may be alike are found. */
void match_near(const struct match_keys *k, struct near_keys *out);

/* --- decide_match.c --- */

/* On which level each field agrees. */
struct match_pattern {
    uint8_t of[MATCH_FIELDS]; /* enum match_level */
};
void match_compare(const struct match_keys *a, const struct match_keys *b, struct match_pattern *out);

/* How often values occur, in a fixed 1 MiB (the count-min sketch of Cormode and Muthukrishnan, 2005): never
   too few, seldom too many. All zero is empty. */
enum { MATCH_SKETCH_ROWS = 2, MATCH_SKETCH_WIDTH = 1 << 17 };
struct match_counts {
    uint32_t of[MATCH_SKETCH_ROWS][MATCH_SKETCH_WIDTH];
    uint32_t records; /* how many were counted */
};
void match_count(struct match_counts *c, const struct match_keys *k);

struct match_model {
    double same[MATCH_FIELDS][MATCH_LEVELS]; /* how often two of the same agree so */
    double any[MATCH_FIELDS][MATCH_LEVELS];  /* how often any two do */
    double rate;                             /* how many others of the same one record has */
};
/* What holds before anything was estimated. */
extern const struct match_model match_model_default;

/* 0 to 1. `a` is one of the two of which `p` came. */
double match_probability(const struct match_model *m, const struct match_counts *c,
                         const struct match_keys *a, const struct match_pattern *p);

/* --- decide_match_learn.c --- */

/* Patterns of pairs and how often each was seen. */
struct match_tally;
struct match_tally *
match_tally_new(void); /* of at most MATCH_PATTERNS_MAX different ones; what is more is left out */
void match_tally_free(struct match_tally *t);
void match_tally_add(struct match_tally *t, const struct match_pattern *p);
enum { MATCH_PATTERNS_MAX = 1 << 16 };

/* Estimates all of `out` from pairs drawn at random and from pairs that were found under common keys, each
   once; the latter out of `pairs` in all among `records` records. */
void match_learn(const struct match_tally *random, const struct match_tally *found, double pairs,
                 double records, struct match_model *out);

#endif
