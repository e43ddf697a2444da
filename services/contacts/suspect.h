/* Accounts and contacts that may be the same: what decisions about them see. */
#ifndef BATON_CONTACTS_SUSPECT_H
#define BATON_CONTACTS_SUSPECT_H

#include "baton/v1/duplicates.pb-c.h"
#include "schema/decide.h"
#include "services/contacts/match.h"

enum {
    CONTACTS_PAIRS_MAX = 60, /* of one record that are looked at */
    CONTACTS_FOUND_MAX = NEAR_FOUND_MAX + CONTACTS_PAIRS_MAX,
};

/* What a new or changed record is compared with. */
struct contacts_known {
    const char *type; /* "contact" */
    const struct match_model *model;
    const struct match_counts *counts;
    ProtobufCMessage
        *found[CONTACTS_FOUND_MAX]; /* of its type, neither merged nor itself; also of all pairs */
    size_t n;
    const Baton__DuplicatePair *pairs[CONTACTS_PAIRS_MAX]; /* in which it already is */
    size_t n_pairs;
};

struct contacts_candidate {
    ProtobufCMessage *row;
    double sure;
    struct match_pattern pattern;
};
/* How alike those found are, the surest first, of whom one can be so sure that it is to be told. Returns how
   many. */
size_t contacts_compare(const struct contacts_known *known, const ProtobufCMessage *row, struct arena *a,
                        struct contacts_candidate out[CONTACTS_FOUND_MAX]);
Baton__MatchReason **contacts_reasons(const struct match_pattern *p, size_t *n, struct arena *a);
uint32_t contacts_score(double sure); /* in millionths */
/* The pair's id, whichever of the two is named first. */
char *contacts_pair_id(const char *a, const char *b, struct arena *arena);

/* Events for pairs that came and went with this change; `after` NULL: the record is deleted; `before` itself:
   it was only looked at, and nothing goes. A new one is given its id. Nothing where nobody was looked for.
   Returns how many came. */
size_t contacts_suspect(const struct contacts_known *known, const ProtobufCMessage *before,
                        ProtobufCMessage *after, struct stamp *s, struct outcome *out);

struct contacts_dismiss_facts {
    const char *type; /* NULL: it is neither contact nor account */
    struct contacts_row first, second;
    const Baton__DuplicatePair *pair; /* NULL: nobody suspected it */
};

enum { CONTACTS_LOOK_MAX = 100 /* records of one step */ };
struct contacts_look_facts {
    const char *type; /* NULL: it is neither contact nor account */
    struct {
        ProtobufCMessage *row;
        struct contacts_known *known;
    } of[CONTACTS_LOOK_MAX];
    size_t n;
    bool more;
    uint32_t in_all; /* about */
};
decide_fn contacts_decide_dismiss, contacts_decide_look;

#endif
