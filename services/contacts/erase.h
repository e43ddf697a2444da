/* Erasing a person: what decisions about it see. */
#ifndef BATON_CONTACTS_ERASE_H
#define BATON_CONTACTS_ERASE_H

#include "baton/v1/contacts.pb-c.h"
#include "schema/decide.h"
#include "services/contacts/contacts.h"

enum {
    CONTACTS_ERASED_AT_ONCE = 300, /* records of one command that say something of the person */
    CONTACTS_MERGED_ERASED = 300,  /* contacts merged into one, at any depth */
    CONTACTS_ERASED_EVENTS = 700,  /* beside those for pairs and shares */
    CONTACTS_ERASED_PAIRS = 100,
    CONTACTS_ERASED_LEADS = 5000,
    CONTACTS_ERASED_ACCOUNTS = 16,
    CONTACTS_ERASED_NAMES = 256, /* looked at of what a record was called */
};

/* A record that says something of the person, and what is left of it without that. */
struct contacts_said {
    struct contacts_row at;
    const char *type;
    ProtobufCMessage *blank; /* its own copy */
};

struct contacts_erase_facts {
    struct contacts_row contact;    /* row NULL: there is none */
    bool was_deleted;               /* the log still has it */
    const char *name;               /* as it is shown; NULL: nothing is known of them */
    const char *held, *held_reason; /* what a legal hold stands on: "contact"; NULL: nothing */
    /* those merged into it, the ones merged into those behind them */
    struct contacts_row *merged;
    size_t n_merged;
    bool too_many; /* than can be erased with it */
    struct contacts_said *said;
    size_t n_said;
    bool more_said; /* than are changed at once */
    const Baton__DuplicatePair *pairs[CONTACTS_ERASED_PAIRS];
    size_t n_pairs;
    struct sharing_shares shares;
    /* accounts that are called like them, or were */
    struct contacts_named_account {
        struct contacts_row at;
        bool is_called; /* it still is */
    } accounts[CONTACTS_ERASED_ACCOUNTS];
    size_t n_accounts;
    char **lead_ids;
    size_t n_lead_ids;
};

decide_fn contacts_decide_erase;

/* A lead that came or became something only now is of somebody who has been erased: so is it. True. */
bool contacts_lead_erased(const char *lead_id, struct outcome *out);
struct contacts_lead_facts {
    bool is_erased; /* whom it is about */
};

#endif
