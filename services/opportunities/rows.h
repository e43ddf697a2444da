/* What reads the rows of opportunities: the functions behind the tables in service.c. */
#ifndef BATON_OPPORTUNITIES_ROWS_H
#define BATON_OPPORTUNITIES_ROWS_H

#include "service/service.h"
#include "service/sharing.h"
#include "services/opportunities/catalogue.h"
#include "services/opportunities/opportunities.h"
#include "services/opportunities/quote.h"

extern const struct table_def opportunities_tables[OPPORTUNITIES_TABLES];

load_fn opportunities_load_converted;

/* load_catalogue.c */
load_fn opportunities_load_product, opportunities_load_price_book, opportunities_load_entry,
    opportunities_load_offer, opportunities_load_rate, opportunities_load_limit, opportunities_load_tax;
/* Adds the rows of a slot; `slot` NULL: none. */
void opportunities_slot_load(struct load *l, unsigned table, const char *slot, struct catalogue_facts *f);

/* load_price.c */
/* So many days after now, UTC. */
void opportunities_day(int64_t now_us, int later, char out[CATALOGUE_DAY_SIZE]);
/* The one with the wish's id, else the one that fits. NULL: `no` says why. */
const Baton__PriceBook *opportunities_book(struct load *l, const struct price_book_wish *wish,
                                           struct refusal *no);
/* `book` may be NULL: then there is none. */
struct price_facts *opportunities_price_facts(struct load *l, const Baton__PriceBook *book,
                                              const struct price_book_wish *wish);
struct price_product *opportunities_price_product(struct load *l, const Baton__PriceBook *book,
                                                  const char *id, const char *account_id);
/* Of its components; `bundle` may be NULL. */
const struct price_product *const *opportunities_price_parts(struct load *l, const Baton__PriceBook *book,
                                                             const Baton__Product *bundle,
                                                             const char *account_id);
/* load_quote.c */
/* As access_row.reach: of quotes. */
enum record_reach opportunities_row_quote_reach(struct load *l, const ProtobufCMessage *row,
                                                const Baton__Actor *actor);
load_fn opportunities_load_quote, opportunities_load_quote_create, opportunities_load_quote_lines,
    opportunities_load_quote_revise, opportunities_load_quote_send, opportunities_load_quote_due;
load_fn opportunities_load_quote_link;
/* NULL: it leads nowhere, or not any more. */
const Baton__Quote *opportunities_quote_by_link(struct load *l, const char *token);
/* slow_quote.c */
extern const struct slow_part opportunities_slow_quote, opportunities_slow_link;
/* load_quote.c: the copy of the organisation; NULL: nothing is known of it yet. */
const Baton__Organisation *opportunities_organisation(struct load *l);
/* query_quote.c */
query_fn opportunities_query_quote, opportunities_query_quote_link;
/* apply.c */
apply_fn opportunities_apply_quote_sent;
/* query_price.c */
query_fn opportunities_query_price;
/* load_pipeline.c */
load_fn opportunities_load_boot, opportunities_load_opportunity, opportunities_load_pipeline,
    opportunities_load_move, opportunities_load_retire, opportunities_load_retiring;
/* NULL: there is none before the first start. */
const Baton__Pipeline *opportunities_default_pipeline(struct load *l);

/* load_sharing.c */
extern const struct sharing_tables opportunities_sharing;
/* As access_row.reach. */
enum record_reach opportunities_row_reach(struct load *l, const ProtobufCMessage *record,
                                          const Baton__Actor *actor);
enum record_reach opportunities_row_share_reach(struct load *l, const ProtobufCMessage *row,
                                                const Baton__Actor *actor);
load_fn opportunities_load_share;

/* apply_estimate.c, apply_pipeline.c */
apply_fn opportunities_apply_estimate, opportunities_apply_retirement;
/* What one alone comes to, whoever owns it. */
Baton__BoardSum opportunities_sum_of(const Baton__Opportunity *o);

/* query_board.c */
query_fn opportunities_query_board;

/* query_estimate.c */
query_fn opportunities_query_estimates, opportunities_query_stalled;

/* load_clock.c, apply_clock.c */
load_fn opportunities_load_due, opportunities_load_noted, opportunities_load_clock_sweep,
    opportunities_load_follow;
/* Who hears of it of what that user does. */
void opportunities_people_load(struct load *l, const Baton__Opportunity *o, const char *by_id,
                               struct opportunities_people *p);
apply_fn opportunities_apply_clock, opportunities_apply_touched, opportunities_apply_clock_set,
    opportunities_apply_pipeline, opportunities_apply_clock_sweep, opportunities_apply_followed;

#endif
