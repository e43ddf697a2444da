/* What reads the rows of opportunities: the functions behind the tables in service.c. */
#ifndef BATON_OPPORTUNITIES_ROWS_H
#define BATON_OPPORTUNITIES_ROWS_H

#include "service/custom.h"
#include "service/service.h"
#include "service/sharing.h"
#include "services/opportunities/adoption.h"
#include "services/opportunities/analysis.h"
#include "services/opportunities/catalogue.h"
#include "services/opportunities/dashboard.h"
#include "services/opportunities/demand.h"
#include "services/opportunities/opportunities.h"
#include "services/opportunities/plan.h"
#include "services/opportunities/quote.h"
#include "services/opportunities/rollup.h"

extern const struct table_def opportunities_tables[OPPORTUNITIES_TABLES];

load_fn opportunities_load_converted;

/* load_catalogue.c */
load_fn opportunities_load_product, opportunities_load_price_book, opportunities_load_entry,
    opportunities_load_offer, opportunities_load_rate, opportunities_load_limit, opportunities_load_tax;
/* The record that the command is about, as it will be; NULL: it is deleted, restored, or nothing comes of it.
 */
ProtobufCMessage *opportunities_wished(struct load *l, const struct command *c, unsigned table);
/* Adds the rows of a slot; `slot` NULL: none. */
void opportunities_slot_load(struct load *l, unsigned table, const char *slot, struct catalogue_facts *f);

/* load_price.c */
/* So many days after now, UTC. */
void opportunities_day(int64_t now_us, int later, char out[CATALOGUE_DAY_SIZE]);
/* The newest until that day, within CATALOGUE_RATE_DAYS; NULL: none. */
const Baton__CurrencyRate *opportunities_rate(struct load *l, const char *from, const char *to,
                                              const char *until);
/* The one with the wish's id, else the one that fits. NULL: `no` says why. */
const Baton__PriceBook *opportunities_book(struct load *l, const struct price_book_wish *wish,
                                           struct refusal *no);
/* `book` may be NULL: then there is none. */
/* The newest version of a book, the first one; NULL: there is no such book. */
const Baton__PriceBook *opportunities_book_newest(struct load *l, const char *id);
const Baton__PriceBook *opportunities_book_first(struct load *l, const char *id);
struct price_facts *opportunities_price_facts(struct load *l, const Baton__PriceBook *book,
                                              const struct price_book_wish *wish);
struct price_product *opportunities_price_product(struct load *l, const Baton__PriceBook *book,
                                                  const char *id, const char *account_id);
/* Of its components; `bundle` may be NULL. */
const struct price_product *const *opportunities_price_parts(struct load *l, const Baton__PriceBook *book,
                                                             const Baton__Product *bundle,
                                                             const char *account_id);
/* load_quote.c */
/* As access_row.reach: of quotes, and of plans that are about an opportunity. */
enum record_reach opportunities_row_about_reach(struct load *l, const ProtobufCMessage *row,
                                                const Baton__Actor *actor);
load_fn opportunities_load_quote, opportunities_load_quote_create, opportunities_load_quote_lines,
    opportunities_load_quote_revise, opportunities_load_quote_send, opportunities_load_quote_due;
load_fn opportunities_load_quote_link;
/* NULL: it leads nowhere, or not any more. */
const Baton__Quote *opportunities_quote_by_link(struct load *l, const char *token);
/* load_plan.c, query_plan.c */
load_fn opportunities_load_plan_start, opportunities_load_plan, opportunities_load_plan_look,
    opportunities_load_plan_activity, opportunities_load_plan_late, opportunities_load_plan_template;
/* apply_plan.c */
apply_fn opportunities_apply_plan_deal, opportunities_apply_plan_quote, opportunities_apply_plan_document,
    opportunities_apply_plan_account, opportunities_apply_plan_looked;
query_fn opportunities_query_plan, opportunities_query_plans;
/* load_quote_erase.c, apply_quote_erase.c */
/* Whether it is to one of these contacts; NULL is not. */
bool opportunities_quote_is_to(const Baton__Quote *q, char *const *contact_ids, size_t n);
/* Whether an erasure that is under way comes to it, or has; NULL: no. What is left of it then, which is what
   decisions see; NULL stays NULL. */
bool opportunities_quote_is_erased(struct load *l, const Baton__Quote *q);
const Baton__Quote *opportunities_quote_left(struct load *l, const Baton__Quote *q);
query_fn opportunities_query_person;
load_fn opportunities_load_quote_erasure;
apply_fn opportunities_apply_erased, opportunities_apply_quotes_erased;
/* slow_quote.c */
extern const struct slow_part opportunities_slow_quote, opportunities_slow_link;
/* load_quote.c: the copy of the organisation; NULL: nothing is known of it yet. */
const Baton__Organisation *opportunities_organisation(struct load *l);
/* query_quote.c */
query_fn opportunities_query_quote, opportunities_query_quote_link;
/* apply.c */
apply_fn opportunities_apply_quote_sent, opportunities_apply_catalogue_link;
/* query_price.c, query_catalogue.c */
query_fn opportunities_query_price, opportunities_query_catalogue, opportunities_query_catalogue_link,
    opportunities_query_catalogue_links;
/* load_catalogue_link.c */
load_fn opportunities_load_catalogue_link, opportunities_load_catalogue_revoke;
/* NULL: it leads nowhere, or not any more. */
const Baton__CatalogueLink *opportunities_catalogue_by_link(struct load *l, const char *token);
/* Those to the book whose first version this is; at most CATALOGUE_LINKS_MAX. */
size_t opportunities_catalogue_links(struct load *l, const char *first_id, Baton__CatalogueLink **out);
/* load_pipeline.c */
load_fn opportunities_load_boot, opportunities_load_opportunity, opportunities_load_pipeline,
    opportunities_load_move, opportunities_load_retire, opportunities_load_retiring;
/* load_custom.c */
extern const struct custom_source opportunities_custom;
load_fn opportunities_load_fields;
/* NULL: there is none before the first start. */
const Baton__Pipeline *opportunities_default_pipeline(struct load *l);

/* load_sharing.c */
extern const struct sharing_tables opportunities_sharing;
/* As access_row.reach. */
enum record_reach opportunities_row_reach(struct load *l, const ProtobufCMessage *record,
                                          const Baton__Actor *actor);
enum record_reach opportunities_row_share_reach(struct load *l, const ProtobufCMessage *row,
                                                const Baton__Actor *actor);
/* The same of an account, by the copies of what contacts says of it; and of a plan, as what it is about. */
enum record_reach opportunities_row_account_reach(struct load *l, const ProtobufCMessage *account,
                                                  const Baton__Actor *actor);
enum record_reach opportunities_row_plan_reach(struct load *l, const ProtobufCMessage *plan,
                                               const Baton__Actor *actor);
load_fn opportunities_load_share;

/* apply_estimate.c, apply_pipeline.c */
apply_fn opportunities_apply_estimate, opportunities_apply_retirement;
/* What one alone comes to, whoever owns it. */
Baton__BoardSum opportunities_sum_of(const Baton__Opportunity *o);

/* query_board.c */
query_fn opportunities_query_board;
/* The team is that one or below it. */
bool opportunities_is_below(struct load *l, const char *team_id, const char *wanted_id);

/* query_estimate.c */
query_fn opportunities_query_estimates, opportunities_query_stalled;

/* load_clock.c, apply_clock.c */
load_fn opportunities_load_due, opportunities_load_noted, opportunities_load_clock_sweep,
    opportunities_load_follow;
/* Whether they work here and may read it; false for NULL. */
bool opportunities_user_sees(struct load *l, const Baton__Opportunity *o, const Baton__User *u);
/* load_approval.c */
load_fn opportunities_load_approval;
/* Who hears of it of what that user does. */
void opportunities_people_load(struct load *l, const Baton__Opportunity *o, const char *by_id,
                               struct opportunities_people *p);
apply_fn opportunities_apply_clock, opportunities_apply_touched, opportunities_apply_clock_set,
    opportunities_apply_pipeline, opportunities_apply_clock_sweep, opportunities_apply_followed;

/* --- forecasts --- */

/* apply_forecast.c, apply_forecast_place.c */
apply_fn opportunities_apply_forecast, opportunities_apply_adjusted, opportunities_apply_quota,
    opportunities_apply_user, opportunities_apply_team, opportunities_apply_territory;

/* load_forecast.c */
load_fn opportunities_load_quota, opportunities_load_adjust;
/* The month with which the fiscal year begins, and the organisation's zone (NULL: none, so UTC). */
uint32_t opportunities_fiscal_month(struct load *l);
struct civil_zone;
struct civil_zone *opportunities_zone(struct load *l);
/* The user's; that of the organisation where they have none. */
struct civil_zone *opportunities_user_zone(struct load *l, const char *user_id);
/* The day it is there now, since 1970. */
int32_t opportunities_local_day(struct load *l);
/* Everybody, and who is below whom, as it was then. What is older than what is known counts as known first.
 */
const struct forecast_tree *opportunities_tree(struct load *l, int64_t at_us);
/* Whether the user worked in the territory, or one below, then. */
struct forecast_areas;
struct forecast_areas *opportunities_areas(struct load *l, int64_t at_us, const char *territory_id);
bool opportunities_in_area(const struct forecast_areas *areas, const char *user_id);

/* load_forecast_ask.c */
/* What is asked, by whom it may be. */
struct forecast_ask {
    struct forecast_months months;
    uint32_t begins;
    int64_t at_us;   /* the moment */
    uint64_t before; /* quarters of an hour that count are below */
    const struct forecast_tree *tree;
    int64_t tree_us; /* as people were then */
    int32_t top;     /* of the tree; FORECAST_NOBODY: everybody */
    const char *product_id, *pipeline_id;
};
struct forecast_words {
    const char *period, *user_id, *product_id, *pipeline_id, *as_of;
};
bool opportunities_ask(struct load *l, const Baton__Actor *actor, const struct forecast_words *w,
                       struct forecast_ask *out, struct refusal *no);
/* The same of another moment, the end of that day or now; people stay as they were. */
struct forecast_ask opportunities_ask_then(struct load *l, const struct forecast_ask *ask, const char *day);
/* The end of a day (yyyy-mm-dd) where the organisation is; now for NULL or one that is not over. False: no
   day. */
bool opportunities_day_end(struct load *l, const char *day, int64_t *at_us);
/* What an owner's month came to; NULL: nothing. */
const Baton__ForecastLevel *opportunities_level(struct load *l, const char *owner_id, uint32_t month,
                                                uint64_t before);
bool opportunities_line_asked(const struct forecast_ask *ask, const char *product_id,
                              const char *pipeline_id);
enum { FORECAST_CURRENCIES_MAX = 32 };

/* load_forecast_sums.c */
/* What some deals of one owner come to, of what is asked for. */
struct forecast_part {
    size_t row;
    const char *currency;
    uint32_t category;
    uint64_t deals, amount, weighted;
};
typedef void forecast_part_fn(void *arg, const struct forecast_part *part);
/* `rows`, by person of the tree + 1 (0: nobody's): what is given back with their parts; 0: nothing of theirs.
   Now it is told from memory, where the service has that; else from the rows. */
void opportunities_parts(struct load *l, const struct forecast_ask *ask, const size_t *rows,
                         forecast_part_fn *fn, void *arg);
/* What is in memory, from the rows. */
void opportunities_state_load(struct load *l);

/* load_quota.c */
struct forecast_quota {
    int32_t who; /* FORECAST_NOBODY: the house, or the team or territory that is asked for */
    const char *currency;
    int64_t units;
};
/* Those that lie within the period, of its product (or of none), as they were at the moment: of people of the
   tree, and of the team or territory (both NULL: the house). Of a pipeline alone there are none. */
size_t opportunities_quotas(struct load *l, const struct forecast_ask *ask, const char *team_id,
                            const char *territory_id, const struct forecast_quota **out);

/* query_forecast.c */
query_fn opportunities_query_forecast;
/* What is asked, by whoever may. */
bool opportunities_forecast_ask(struct load *l, const Baton__Actor *actor, const Baton__GetForecastRequest *q,
                                struct forecast_ask *ask, struct refusal *no);
Baton__GetForecastResponse *opportunities_forecast_told(struct load *l, const Baton__GetForecastRequest *q,
                                                        const struct forecast_ask *ask);
/* query_forecast_accuracy.c */
query_fn opportunities_query_accuracy;
/* What is in memory is told on the loop: how it is now, but not who works in a territory. */
aside_fn opportunities_aside_forecast, opportunities_aside_always;
/* query_forecast_changes.c */
query_fn opportunities_query_forecast_changes;
/* load_chances.c */
enum { JUDGING_DEALS_MAX = 10000 }; /* of one question; each is judged */
struct open_deal {
    struct forecast_deal deal;
    struct forecast_chance chance;
    const Baton__Opportunity *o;
};

struct judging {
    struct load *l;
    struct forecast_ask ask;
    const char *currency; /* of the deals; NULL: of any */
    const char *stages[FORECAST_STAGES_MAX];
    struct forecast_counts counts;
    struct open_deal *deals;
    size_t n;
};
/* Whether the person's deals are asked for. */
bool opportunities_judging_asks(const struct judging *j, int32_t who);
/* The counts. Before the deals. */
void opportunities_judging_counts(struct judging *j);
/* The open deals. False: there are too many. */
bool opportunities_judging_deals(struct judging *j);

/* query_forecast_chances.c */
query_fn opportunities_query_chances;

/* --- analysis --- */

/* apply_analysis.c */
apply_fn opportunities_apply_analysis, opportunities_apply_activity, opportunities_apply_lead;
/* apply_adoption.c */
apply_fn opportunities_apply_action, opportunities_apply_noted, opportunities_apply_zoned;
/* Whether weeks are those of where the user is by now; else of UTC. */
bool opportunities_weeks_are_zoned(struct load *l);
/* query_adoption.c */
query_fn opportunities_query_adoption;
/* query_advice.c */
query_fn opportunities_query_advice;
/* load_dashboard.c: as access_row.reach. */
enum record_reach opportunities_row_dashboard_reach(struct load *l, const ProtobufCMessage *row,
                                                    const Baton__Actor *actor);
/* query_measure.c, query_measure_list.c */
query_fn opportunities_query_measures, opportunities_query_measure_list;
/* --- demand --- */

/* load_demand.c */
load_fn opportunities_load_demand, opportunities_load_warehouse;
/* slow_demand.c */
extern const struct slow_part opportunities_slow_demand;
/* apply_demand.c */
apply_fn opportunities_apply_demand;
/* query_demand.c, query_demand_changes.c */
query_fn opportunities_query_demand_plans, opportunities_query_demand_plan,
    opportunities_query_demand_changes;
/* The plan with this id; for NULL the newest, and NULL where there is none yet. False: there is none with
   that id. */
bool opportunities_demand_plan(struct load *l, const char *id, const char *field, Baton__DemandPlan **out,
                               struct refusal *no);
/* Code of a product or warehouse; NULL: there is none. */
char *opportunities_code(struct load *l, unsigned table, const char *id);
/* "2026-10". */
char *opportunities_month_text(uint64_t month, struct arena *a);

#endif
