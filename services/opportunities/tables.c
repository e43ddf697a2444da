/* The tables of opportunities. */
#include "services/opportunities/rows.h"

const struct table_def opportunities_tables[OPPORTUNITIES_TABLES] = {
    [OPPORTUNITIES_OPPORTUNITY] = {"opportunity", &baton__opportunity__descriptor},
    [OPPORTUNITIES_PRODUCT] = {"product", &baton__product__descriptor},
};
