/* The opportunities service as a table. */
#include "baton/v1/leads.pb-c.h"
#include "service/handover.h"
#include "services/opportunities/rows.h"

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
    {OPPORTUNITIES_PRODUCT, opportunities_check_product, NULL},
};

const struct service_def opportunities_service = {
    .name = "opportunities",
    .tables = opportunities_tables,
    .n_tables = OPPORTUNITIES_TABLES,
    .follows = follows,
    .n_follows = sizeof follows / sizeof *follows,
    .timers = timers,
    .n_timers = sizeof timers / sizeof *timers,
    .applies = applies,
    .n_applies = sizeof applies / sizeof *applies,
    .records = records,
    .n_records = sizeof records / sizeof *records,
};
