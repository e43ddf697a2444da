/* The opportunities service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "service/handover.h"
#include "services/opportunities/rows.h"

static const struct method_row methods[] = {
    {.name = "CatalogueService/PriceProduct", .query = opportunities_query_price},
};

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, opportunities_load_converted,
     opportunities_decide_converted},
    {"directory", &baton__user_left__descriptor, NULL, handover_decide_begin},
};

static const struct timer_row timers[] = {
    {OPPORTUNITIES_HANDOVER, handover_load, handover_decide_step},
};

static const struct apply_row applies[] = {
    {&baton__handover_advanced__descriptor, handover_apply},
};

static const struct record_row records[] = {
    {OPPORTUNITIES_OPPORTUNITY, opportunities_check_opportunity, NULL},
    {OPPORTUNITIES_PRODUCT, catalogue_check_product, opportunities_load_product},
    {OPPORTUNITIES_PRICE_BOOK, catalogue_check_book, opportunities_load_price_book},
    {OPPORTUNITIES_ENTRY, catalogue_check_entry, opportunities_load_entry},
    {OPPORTUNITIES_OFFER, catalogue_check_offer, opportunities_load_offer},
    {OPPORTUNITIES_RATE, catalogue_check_rate, opportunities_load_rate},
    {OPPORTUNITIES_LIMIT, catalogue_check_limit, opportunities_load_limit},
    {OPPORTUNITIES_TAX, catalogue_check_tax, opportunities_load_tax},
};

const struct service_def opportunities_service = {
    .name = "opportunities",
    .tables = opportunities_tables,
    .n_tables = OPPORTUNITIES_TABLES,
    .methods = methods,
    .n_methods = sizeof methods / sizeof *methods,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .timers = timers,
    .n_timers = sizeof timers / sizeof *timers,
    .applies = applies,
    .n_applies = sizeof applies / sizeof *applies,
    .records = records,
    .n_records = sizeof records / sizeof *records,
};
