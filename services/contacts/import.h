/* Importing lists and undoing it, and exports: what decisions see. */
#ifndef BATON_CONTACTS_IMPORT_H
#define BATON_CONTACTS_IMPORT_H

#include "baton/v1/contact_lists.pb-c.h"
#include "services/contacts/contacts.h"

enum {
    IMPORT_ROWS_MAX = 200,
    IMPORT_CANDIDATES_MAX = 12,   /* records that a row may be, looked at */
    IMPORT_BYTES_MAX = 1 << 20,   /* of records in one event of the log; the rows behind wait */
    IMPORT_MEMORY_MAX = 32 << 20, /* for the candidates of one request; the rows behind wait */
    UNDO_MEMORY_MAX = 32 << 20,   /* for the past of one page */
    UNDO_ROWS_MAX = 100,          /* of one page */
    UNDO_BYTES_MAX = 1 << 20,     /* the same, of records */
    /* at most: it is deleted with its shares, or changed and judged */
    UNDO_EVENTS_A_ROW = SHARING_SHARES_MAX + 2,
    EXPORT_ROWS_DEFAULT = 200,    /* of one page */
    EXPORT_BYTES_MAX = 512 << 10, /* the same */
};

/* By what a record is known, the surest first. */
enum known_by { KNOWN_BY_NOTHING, KNOWN_BY_EXTERNAL_ID, KNOWN_BY_EMAIL, KNOWN_BY_PHONE, KNOWN_BY_NAME };

/* A record that is there and shares a key with a row. */
struct import_candidate {
    enum known_by by;
    ProtobufCMessage *record;
    uint64_t seq;               /* log position of its last change */
    const Baton__Quality *kept; /* of it; NULL: never judged */
    enum record_reach reach;
};

struct import_row_facts {
    bool is_deferred; /* nobody looked who it is: the rows before it took all the memory */
    Baton__ContactKey keys;
    struct import_candidate candidates[IMPORT_CANDIDATES_MAX]; /* the surest first, of those the oldest */
    size_t n;
    struct contacts_contact_facts references; /* of a contact */
    struct contacts_account_facts account;    /* of an account */
    const char *account_id;     /* of the account that account_name names; NULL: there is none */
    const char *account_folded; /* account_name as names are compared; NULL: none given */
};

struct import_facts {
    const Baton__ContactImport *import; /* NULL: this begins it */
    struct import_row_facts *rows;
    struct contacts_normal_facts normal; /* of all rows and candidates; each row's facts have the same */
    const struct contacts_rules *rules;
};

struct undo_row {
    const Baton__ContactImportChange *change;
    ProtobufCMessage *now, *before; /* NULL: deleted; made by the import, or unreadable */
    uint64_t now_seq;
    enum record_reach reach;             /* of `now` */
    struct sharing_shares ending;        /* of one that is deleted */
    const char *in_use;                  /* why it cannot be deleted, NULL: nothing belongs to it */
    bool before_names_a_gone_one;        /* `before` belongs to a record that is not there any more */
    struct contacts_redirects names;     /* of what `before` names */
    struct contacts_normal_facts normal; /* of `before` */
    struct contacts_written_facts written;
};

struct undo_facts {
    const Baton__ContactImport *import; /* NULL: there is none */
    bool bad_token;
    struct undo_row rows[UNDO_ROWS_MAX];
    size_t n;
    char *next_page_token;
};

struct export_facts {
    const struct schema_message *type; /* NULL: not one that is exported */
    bool bad_where;
    ProtobufCMessage **records;
    const enum record_reach *reaches; /* of each */
    size_t n;
    char *next_page_token;
};

/* A page of everything about a person. */
struct person_facts {
    bool is_known; /* here or in the log */
    bool is_erased, is_merged;
    bool too_many; /* were merged into them */
    bool bad_token;
    char **ids; /* theirs first */
    size_t n_ids;
    Baton__Record **records;
    Baton__Change **changes;
    size_t n_records, n_changes;
    char *next_page_token;
};

decide_fn contacts_decide_person;
decide_fn contacts_decide_import, contacts_decide_undo, contacts_decide_export;

#endif
