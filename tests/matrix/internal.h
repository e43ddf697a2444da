/* What the files of the company share. */
#ifndef BATON_TESTS_MATRIX_INTERNAL_H
#define BATON_TESTS_MATRIX_INTERNAL_H

#include "base/hash.h"
#include "baton/v1/record.pb-c.h"
#include "bus/client.h"
#include "calm/world.h"
#include "matrix/company.h"

enum { KINDS_MAX = 96, PAIRS_KEPT = 256 };

/* Two leads of one person. */
struct pair {
    char id[COMPANY_ID_SIZE], twin[COMPANY_ID_SIZE];
};

/* The people that are known to the callers of a column, and what each of them has. */
struct circle {
    bool is_made;
    struct person people[WHOSE];
    char records[KINDS_MAX][WHOSE][COMPANY_ID_SIZE]; /* "": none yet */
};

struct company {
    struct world *world;
    struct service *services[COMPANY_SERVICES];
    struct files *files; /* of documents */
    struct client *client;
    struct arena *arena;
    char dir[64];
    unsigned number;
    struct person boss, deputy;
    char file[HASH_TEXT_SIZE];                                                             /* "": none yet */
    char contact[COMPANY_ID_SIZE], account[COMPANY_ID_SIZE], key_account[COMPANY_ID_SIZE]; /* "": none yet */
    char book[COMPANY_ID_SIZE], asked_product[COMPANY_ID_SIZE];
    char letter[COMPANY_ID_SIZE], addressed[COMPANY_ID_SIZE];
    char printed[COMPANY_ID_SIZE], shelf[COMPANY_ID_SIZE], stall[COMPANY_ID_SIZE];
    struct circle circles[COLUMNS];
    struct pair pairs[PAIRS_KEPT]; /* made last */
    size_t n_pairs;
    uint64_t looked_at[COMPANY_SERVICES], asked_for[COMPANY_SERVICES]; /* log records, for the digest */
};

typedef void make_fn(struct company *c, const struct kind *k, const struct person *owner,
                     char id[COMPANY_ID_SIZE]);
/* priced.c */
make_fn company_quote, company_quote_asked, company_quote_sent, company_catalogue_link;
/* deals.c */
make_fn company_deal_share, company_plan, company_customer_plan;
/* collateral.c */
make_fn company_order, company_order_waiting, company_order_picked, company_order_shipped;
/* letters.c */
make_fn company_letters;
/* twins.c */
make_fn company_contact_pair, company_contact_merged, company_account_pair, company_account_merged;

/* documents.c */
make_fn company_settings, company_upload, company_revision, company_revised, company_policy,
    company_document_link;

/* A request that is not refused; asserts otherwise. */
void *company_must(struct company *c, const Baton__Actor *actor, const char *method, void *request);
/* A new plain record; its id. */
void company_create(struct company *c, void *record, char id[COMPANY_ID_SIZE]);
void company_keep_id(char id[COMPANY_ID_SIZE], const char *from);

#endif
