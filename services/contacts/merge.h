/* Two records of one type become one, and two again: what decisions about it see. */
#ifndef BATON_CONTACTS_MERGE_H
#define BATON_CONTACTS_MERGE_H

#include "baton/v1/duplicates.pb-c.h"
#include "schema/decide.h"

enum {
    CONTACTS_MOVED_MAX = 900, /* records that name the one merged, beside the others of the command */
    CONTACTS_MOVED_BYTES_MAX = 3 << 20, /* of them, before and after in one log record */
    CONTACTS_JOINED_MAX = 950,          /* the same of a merging that others have joined since */
    CONTACTS_APART_BYTES_MAX = 6 << 20, /* of all that is written when it is taken apart */
    CONTACTS_MERGE_HEIGHT_MAX = 32,     /* mergings one upon the other */
    CONTACTS_MERGED_MAX = 200,          /* records merged into one */
};

struct contacts_row {
    ProtobufCMessage *row;   /* NULL: there is none */
    uint64_t seq;            /* log position of its last change */
    enum record_reach reach; /* whoever asks; nobody asks for what a merging moves */
};

/* A record that is written with a merging, or when it is taken apart, as it will be. */
struct contacts_changing {
    const struct contacts_row *at;
    ProtobufCMessage *after;
};
/* The one of `all` that is of the same record, or another one behind them: it may have more than one field
   that names the other. */
ProtobufCMessage *contacts_changing_of(struct contacts_changing *all, size_t *n,
                                       const struct contacts_row *at, struct arena *a);

/* A record whose field names another; inside of a list (named.h) more than one value may. */
struct contacts_reference {
    struct contacts_row at;
    const char *type, *field;
};

struct contacts_merge_facts {
    const char *type; /* "contact" */
    record_check_fn *check;
    const void *extra; /* for check, of what the one kept becomes */
    struct contacts_row keep, lose;
    bool keep_is_below, lose_is_below; /* the other; of the one merged, what would still count */
    bool keep_has_plan;
    struct contacts_reference *references; /* of the one merged, but its own */
    size_t n_references, reference_bytes;
    size_t n_from;                     /* relationships from either */
    size_t n_in_force;                 /* words of consent of either */
    size_t n_noted;                    /* other services' records that name the one merged */
    size_t n_merged;                   /* into the one kept so far */
    uint32_t keep_height, lose_height; /* of mergings */
    const Baton__DuplicatePair *pair;  /* suspected of the two; NULL: none is */
};

/* Another merging, and a value of a record's field that it moves or keeps. */
struct contacts_join {
    const Baton__RecordMerge *merge;
    const char *field;
    uint32_t place;
};

/* What named the one merged, and where it says so now: in the record, or, where it has the field from another
   since, in what that merging keeps of it from before. */
struct contacts_named {
    struct contacts_reference is;    /* row NULL: it is gone */
    const Baton__RecordMerge *under; /* NULL: it says so itself */
    uint32_t *places;                /* of values that name what the one kept has become, still */
    size_t n_places;
};

struct contacts_unmerge_facts {
    const char *type;
    record_check_fn *check;
    const void *extra;
    const Baton__RecordMerge *merge; /* NULL: the record is not merged */
    struct contacts_row keep, lose;
    const char *keep_now_id;       /* what the one kept has been merged into since; itself: nothing */
    const ProtobufCMessage *taken; /* what was taken; of what has been merged since, into what */
    /* of each field taken that names a record: mergings of what it named since, and of what it names again */
    const struct contacts_join *drops, *joins;
    size_t n_drops, n_joins;
    const Baton__RecordMerge *next;   /* that merging; NULL: none */
    const Baton__RecordMerge **later; /* of others into the one kept, since */
    size_t n_later;
    struct contacts_named *named; /* in the order of merge->moved */
    bool is_circle;               /* the one taken out would be above itself */
};

decide_fn contacts_decide_merge, contacts_decide_unmerge;

/* What the one kept becomes: a copy with these fields of the other. False: `no` says which cannot be taken.
 */
bool contacts_taken(const ProtobufCMessage *keep, const ProtobufCMessage *lose, char **fields, size_t n,
                    struct arena *a, ProtobufCMessage **out, struct refusal *no);
/* A copy of the one kept with what it had in these fields before. */
ProtobufCMessage *contacts_given_back(const ProtobufCMessage *keep, const Baton__RecordMerge *merge,
                                      struct arena *a);

#endif
