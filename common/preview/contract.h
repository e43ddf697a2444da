/* What a contract seems to say about who, when and how long: suggestions, each with its place in the text,
   for a person to look at. Contracts in English and Chinese; dates also as German writes them. Nothing is
   learned; the same text gives the same. */
#ifndef BATON_PREVIEW_CONTRACT_H
#define BATON_PREVIEW_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/civil.h"

enum {
    CONTRACT_HINTS_MAX = 40,
    CONTRACT_EACH_MAX = 6,       /* of one sort */
    CONTRACT_READ_MAX = 1 << 20, /* bytes from the beginning that are looked at */
    CONTRACT_VALUE_SIZE = 120,
};

enum contract_sort {
    CONTRACT_PARTY,
    CONTRACT_AGREED,    /* when it was made */
    CONTRACT_EFFECTIVE, /* from when on it holds */
    CONTRACT_ENDS,      /* until when */
    CONTRACT_TERM,      /* how long */
    CONTRACT_RENEWAL,   /* how long it is prolonged by itself */
    CONTRACT_NOTICE,    /* how long before its end one has to say that it is over */
    CONTRACT_SORTS
};

struct contract_hint {
    enum contract_sort sort;
    size_t at, size;                 /* where it stands, in bytes of the text */
    char value[CONTRACT_VALUE_SIZE]; /* "2026-03-02", "30 days", "Example Ltd." */
    unsigned sure;                   /* of a hundred */
};

/* `text` is UTF-8. Returns how many; by sort, the surest first. */
size_t contract_read(const char *text, struct contract_hint hints[CONTRACT_HINTS_MAX]);

/* The surest of a sort; NULL: there is none. */
const struct contract_hint *contract_surest(const struct contract_hint *hints, size_t n,
                                            enum contract_sort sort);

/* The days that a document would have if the surest of the hints are right: "2026-03-02", "" where nothing is
   said of it. */
struct contract_days {
    char effective[CIVIL_SIZE], ends[CIVIL_SIZE];
    char renewal[CIVIL_SIZE]; /* it goes on by itself from this day on, unless... */
    char notice[CIVIL_SIZE];  /* somebody says until this day that it is over */
};
void contract_days_of(const struct contract_hint *hints, size_t n, struct contract_days *days);

/* `day`, later by a span like "30 days", or earlier with `sign` -1. A month without that day: its last one.
   False: `day` or the span is none, or nobody lives to see it; `out` is empty. */
bool contract_move(const char *day, const char *span, int sign, char out[CIVIL_SIZE]);

#endif
