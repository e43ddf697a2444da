/* What tests of imports share: a list of a few rows with what is known about each. */
#ifndef BATON_TESTS_IMPORT_BENCH_H
#define BATON_TESTS_IMPORT_BENCH_H

#include "services/contacts/import.h"
#include "services/contacts/keys.h"
#include "tests/unit/decide_bench.h"

enum { ROWS = 3 };
#define IMPORT_ID ID(9)

/* Rows of a request, each a contact, with what is known about it. */
struct list {
    Baton__ImportContactsRequest request;
    Baton__ImportRow rows[ROWS], *of[ROWS];
    Baton__Contact contacts[ROWS];
    Baton__Account accounts[ROWS];
    struct import_facts facts;
    struct import_row_facts row_facts[ROWS];
};

static inline void list_init(struct list *l, Baton__DuplicatePolicy policy, size_t n)
{
    memset(l, 0, sizeof *l);
    baton__import_contacts_request__init(&l->request);
    l->request.import_id = IMPORT_ID;
    l->request.has_duplicates = true;
    l->request.duplicates = policy;
    l->request.rows = l->of;
    l->request.n_rows = n;
    l->facts.rows = l->row_facts;
    for (size_t i = 0; i < n; i++) {
        baton__import_row__init(&l->rows[i]);
        baton__contact__init(&l->contacts[i]);
        baton__account__init(&l->accounts[i]);
        l->rows[i].contact = &l->contacts[i];
        l->of[i] = &l->rows[i];
    }
}

static inline const Baton__ImportContactsResponse *run_list(struct bench *b, struct list *l)
{
    b->actor.has_role = true;
    b->actor.role = BATON__ROLE__ROLE_ADMIN;
    for (size_t i = 0; i < l->request.n_rows; i++)
        if (l->rows[i].contact)
            contacts_keys_of_contact(l->rows[i].contact, NULL, &l->row_facts[i].keys, b->arena);
        else if (l->rows[i].account)
            contacts_keys_of_account(l->rows[i].account, NULL, &l->row_facts[i].keys, b->arena);
    assert_true(run(b, contacts_decide_import, &l->facts, &l->request.base));
    return (const Baton__ImportContactsResponse *)b->out.reply;
}

/* Rows of one contact that is there. */
static inline void know(struct list *l, size_t row, enum known_by by, Baton__Contact *there)
{
    l->row_facts[row].candidates[l->row_facts[row].n++] =
        (struct import_candidate){by, &there->base, 7, NULL, RECORD_BY_ROLE};
}

static inline Baton__Contact there(char *first, char *last, char *email, char *phone)
{
    Baton__Contact c = BATON__CONTACT__INIT;
    c.id = ID(1);
    c.has_revision = true;
    c.revision = 4;
    c.first_name = first;
    c.last_name = last;
    c.email = email;
    c.phone = phone;
    return c;
}

#define NEW      BATON__IMPORT_RESULT__IMPORT_RESULT_CREATED
#define CHANGED  BATON__IMPORT_RESULT__IMPORT_RESULT_UPDATED
#define SAME     BATON__IMPORT_RESULT__IMPORT_RESULT_UNCHANGED
#define SKIPPED  BATON__IMPORT_RESULT__IMPORT_RESULT_SKIPPED
#define ASKED    BATON__IMPORT_RESULT__IMPORT_RESULT_ASKED
#define REJECTED BATON__IMPORT_RESULT__IMPORT_RESULT_REJECTED
#define SKIP     BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_SKIP
#define UPDATE   BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_UPDATE
#define CREATE   BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_CREATE
#define ASK      BATON__DUPLICATE_POLICY__DUPLICATE_POLICY_ASK

#endif
