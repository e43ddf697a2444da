/* The tables of opportunities. */
#include "baton/v1/directory.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "services/opportunities/rows.h"

const struct table_def opportunities_tables[OPPORTUNITIES_TABLES] = {
    [OPPORTUNITIES_OPPORTUNITY] = {"opportunity", &baton__opportunity__descriptor},
    [OPPORTUNITIES_PRODUCT] = {"product", &baton__product__descriptor},
    [OPPORTUNITIES_HANDOVER] = {"handover", &baton__handover__descriptor},
    [OPPORTUNITIES_GONE] = {"gone", &baton__gone_record__descriptor},
};
