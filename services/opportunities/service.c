/* The opportunities service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "services/opportunities/rows.h"

static const struct follow_row follows[] = {
    {"leads", &baton__lead_converted__descriptor, opportunities_load_converted,
     opportunities_decide_converted},
};

static const struct record_row records[] = {
    {OPPORTUNITIES_OPPORTUNITY, opportunities_check_opportunity, NULL},
    {OPPORTUNITIES_PRODUCT, opportunities_check_product, NULL},
};

const struct service_def opportunities_service = {
    .name = "opportunities",
    .tables = opportunities_tables,
    .n_tables = OPPORTUNITIES_TABLES,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .records = records,
    .n_records = sizeof records / sizeof *records,
};
