/* What reads the rows of opportunities: the functions behind the tables in service.c. */
#ifndef BATON_OPPORTUNITIES_ROWS_H
#define BATON_OPPORTUNITIES_ROWS_H

#include "service/service.h"
#include "services/opportunities/opportunities.h"

extern const struct table_def opportunities_tables[OPPORTUNITIES_TABLES];

load_fn opportunities_load_converted;

#endif
