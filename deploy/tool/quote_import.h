/* Bringing quotes in: what quote_rows.c reads and quote_import.c makes. */
#ifndef BATON_TOOL_QUOTE_IMPORT_H
#define BATON_TOOL_QUOTE_IMPORT_H

#include "tool/catalogue.h"
#include "tool/csv_rejects.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/quote.h"

extern const struct catalogue_kind quote_import_kind;

struct quote_import_options {
    const char *path, *book, *market, *currency, *name, *country, *region, *charset, *delimiter, *days,
        *rejects;
    struct option_list map, with;
    bool decimal_comma;
};

struct quote_line {
    const struct csv_row *row;
    const char *number;
    Baton__QuoteLineWish wish;
    const char *unit_price;  /* as the file has it; NULL: it does not say */
    struct quote_line *next; /* of the same quote */
};

struct quote_run;
struct quote_one {
    struct quote_run *run;
    struct quote_line *lines;
    size_t n;
    const char *day, *account_id, *customer, *opportunity_id, *quote_id;
    bool is_over; /* refused, or there already */
};

struct quote_run {
    struct session *session;
    const struct quote_import_options *options;
    struct catalogue_map map;
    struct catalogue_names *names;
    const char *book_id;
    struct quote_line *lines;
    struct quote_one *all;
    size_t n;
    struct csv_rejects rejects;
    struct progress progress;
    struct arena *call;
    size_t made, there, rejected, failed, differ, done;
};

/* Reads every row and gathers those of one number. */
void quote_rows_gather(struct quote_run *r);
/* The rows of a quote are not taken, for this reason. */
void quote_put_aside(struct quote_one *q, size_t *count, const char *reason);
/* Where the quote that was made is not what the file says, how; NULL: it is, or the file does not say. */
const char *quote_difference(const struct quote_one *q, const Baton__Quote *made);

#endif
