/* A batch of an import while it is decided on: what decide_import.c and decide_import_match.c share. */
#ifndef BATON_CONTACTS_IMPORTING_H
#define BATON_CONTACTS_IMPORTING_H

#include "services/contacts/import.h"

/* A record that this batch has made or changed. */
struct touched {
    Baton__ContactKey keys;
    const ProtobufCMessage *before; /* NULL: it is new */
    uint64_t seq;                   /* of `before` */
    enum record_reach reach;        /* the same */
    const Baton__Quality *kept;     /* the same; NULL: never judged */
    ProtobufCMessage *after;
};

struct importing {
    const struct import_facts *facts;
    const Baton__ImportContactsRequest *request;
    const Baton__Actor *actor;
    struct stamp *stamp;
    struct outcome *out;
    struct touched touched[2 * IMPORT_ROWS_MAX]; /* a row makes a contact and its account at most */
    size_t n_touched, bytes;
    Baton__RecordChanged *used[2 * CUSTOM_FIELDS_MAX]; /* custom fields that have their first values */
    size_t n_used;
};

/* Who a row is: a record that stands in the rows, or one that this batch has touched. */
struct match {
    enum known_by by;
    struct touched *touched;
    const struct import_candidate *candidate;
};

bool import_is_contact(const ProtobufCMessage *record);
/* Who `row`, a contact or an account with these facts, is, as the batch has left everybody; `by` is
   KNOWN_BY_NOTHING where it is nobody who is known. */
struct match import_match(struct importing *im, const struct import_row_facts *f,
                          const ProtobufCMessage *row);

#endif
