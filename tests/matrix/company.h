/* A company with all services in one process, for the permission matrix: callers of every role with a team,
   and records of every kind that are theirs, their team's or foreign. What is wanted is made when it is first
   asked for. */
#ifndef BATON_TESTS_MATRIX_COMPANY_H
#define BATON_TESTS_MATRIX_COMPANY_H

#include "baton/v1/directory.pb-c.h"
#include "matrix/table.h"
#include "schema/decide.h"

#define COMPANY_MAIL     "boss@hq.example"
#define COMPANY_PASSWORD "four words in a row"
#define COMPANY_TOKEN    "administrator"
#define COMPANY_FORM     "welcome"
/* An id that no record has. */
#define COMPANY_NO_ID "0190a8e2-1111-7000-8000-000000000001"

enum { COMPANY_ID_SIZE = 72, COMPANY_SERVICES = 6 };

struct company;

struct company *company_new(void);
void company_free(struct company *c);

/* What lives as long as one cell is tried. */
struct arena *company_arena(struct company *c);
/* A number that was not given out before. */
unsigned company_number(struct company *c);
/* The administrator who set everything up, holds what nobody else can take, and is none of the callers. */
const char *company_boss(struct company *c);
/* A representative in no team, who holds nothing unless it is handed to them by a caller. */
const char *company_deputy(struct company *c);
/* A contact and an account, of nobody. */
const char *company_contact(struct company *c);
const char *company_account(struct company *c);
/* A price book, always the same; a new product; a new product with a price there. */
const char *company_book(struct company *c);
const char *company_product(struct company *c);
const char *company_priced(struct company *c);
/* The token of a quote that was sent. */
const char *company_link(struct company *c);
/* The token of a link to a document, and a ticket that opening one gave; a new one each time. */
const char *company_sealed(struct company *c);
const char *company_ticket(struct company *c);
/* Something printed, always the same; where a lot of it is, kept by nobody; another such place, where none
 * is. */
const char *company_printed(struct company *c);
const char *company_shelf(struct company *c);
const char *company_stall(struct company *c);
/* A letter's template, and a contact of nobody with an address; always the same. */
const char *company_letter(struct company *c);
const char *company_addressed(struct company *c);
/* A mail like no other, in base64. */
const char *company_mail(struct company *c);
/* The token of a link to the catalogue of company_book; a new one each time. */
const char *company_listed(struct company *c);
/* The hash of a file that whoever reads all documents may read. */
const char *company_file(struct company *c);
/* A key account without a plan: a new one each time. */
const char *company_key_account(struct company *c);

/* One of the three people that are known to the callers of a column; of a column without people the foreign
   one only. */
struct person {
    char id[COMPANY_ID_SIZE];
    Baton__Actor actor;
};
const struct person *company_person(struct company *c, size_t column, enum whose whose);
/* Who calls. NULL: nobody signed in. */
const Baton__Actor *company_caller(struct company *c, size_t column);

/* What the organisation says of customers' records from now on; known to all services. */
void company_say_access(struct company *c, Baton__CustomerAccess access);

/* A kind of record; NULL: there is no such kind. */
struct kind;
const struct kind *company_kind(const char *name);
/* A new account of theirs. */
const char *company_account_of(struct company *c, const char *owner_id);
/* The same, of an opportunity. */
const char *company_opportunity_of(struct company *c, const char *owner_id);
bool kind_has_owner(const struct kind *k);
/* Its owner is who holds it, and stands in it. */
bool kind_is_held(const struct kind *k);
/* The field of a request that takes its id, where that is neither `id` nor the kind's name and `_id`. */
const char *kind_field(const struct kind *k);
/* The type of record that it is. */
const char *kind_type(const struct kind *k);
const char *company_record(struct company *c, const struct kind *k, size_t column, enum whose whose);
/* The second of a pair, by its first. */
const char *company_twin(struct company *c, const char *id);
/* It may have changed: the next one is a new one. */
void company_forget(struct company *c, const struct kind *k, size_t column, enum whose whose);

/* A request, answered, with all its consequences in other services. */
struct answer {
    struct refusal no;
    ProtobufCMessage *reply; /* NULL: refused */
};
struct answer company_ask(struct company *c, const Baton__Actor *actor, const struct schema_method *method,
                          ProtobufCMessage *request);
/* The same sent to the service of this number, whether it is the right one or not. */
struct answer company_ask_at(struct company *c, size_t service, const Baton__Actor *actor,
                             const struct schema_method *method, ProtobufCMessage *request);
/* The service that keeps these records. */
bool company_keeps(size_t service, const struct schema_message *record);

/* Everything there is: how many log records of each service and all rows, but for who looked at them. */
struct digest {
    uint64_t seq[COMPANY_SERVICES];
    uint32_t rows;
};
struct digest company_digest(struct company *c);

#endif
