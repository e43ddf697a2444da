/* The catalogue as tables: what a file's columns are to products, bundles, prices, offers, rates, quotas and
   taxes, its rows as records and records as rows. Which columns there are is one table (catalogue_kinds.c)
   that import, export and help go by. */
#ifndef BATON_TOOL_CATALOGUE_H
#define BATON_TOOL_CATALOGUE_H

#include "baton/v1/record.pb-c.h"
#include "tool/csv.h"
#include "tool/session.h"

/* --- cells (catalogue_cell.c) --- */

enum day_order { DAY_ORDER_UNKNOWN, DAY_ORDER_DMY, DAY_ORDER_MDY };

/* "1,234.50", "$12.5", "EUR 12", with `mark` behind the whole: a whole number of the last of `digits` digits,
   to the nearest, half away from zero; *rounded says whether digits were lost. False: it is no such number.
 */
bool catalogue_decimal(const char *text, char mark, int digits, int64_t *out, bool *rounded);
/* "2026-01-31", with a time behind it, "2026/1/31", "20260131", "31.1.2026", "1/31/2026" by its order. */
bool catalogue_day(const char *text, enum day_order order, char out[11]);
/* In which order a column with slashes is written: as soon as one number is over 12. */
enum day_order catalogue_day_order(const char *text);
/* What stands between ";", without white space; NULL behind the last. `*rest` begins as the text. */
char *catalogue_list_next(const char **rest, struct arena *a);

/* --- kinds of records (catalogue_kinds.c) --- */

enum catalogue_how {
    CELL_TEXT,
    CELL_YES,      /* yes or no, or the day from when on it is so */
    CELL_DAY,      /* yyyy-mm-dd */
    CELL_MONEY,    /* in the currency of the row */
    CELL_PRICE,    /* minor units of the price book's currency */
    CELL_QUANTITY, /* whole numbers of 1/10000, as per cents are; rates of 1/1000000000 */
    CELL_PERCENT,
    CELL_RATE,
    CELL_CURRENCY, /* for the row's money; no field of the record */
    CELL_MARKET,   /* of a price book that is made; no field of the record */
    CELL_TIER,     /* from which quantity the price is; no field of the record */
    CELL_PERIOD,   /* as a quota has it, or a day in it */
    CELL_TEXTS,    /* several, with ";" between them */
    CELL_ONE,      /* another record */
    CELL_SEVERAL,  /* other records, with ";" between them */
    CELL_PART,     /* what is in a bundle, and how much of it (1); no field of the record */
    CELL_PARTS,
};

enum catalogue_other {
    OTHER_NONE,
    OTHER_PRODUCT,
    OTHER_BOOK,
    OTHER_ACCOUNT,
    OTHER_USER,
    OTHER_TEAM,
    OTHER_TERRITORY,
    OTHERS
};

struct catalogue_field {
    const char *name; /* what it is called in files that we write, and by --map */
    enum catalogue_how how;
    const char *field; /* of the record; NULL: none of its own */
    const char *names; /* what columns may be called, normalised, "|" between them, the best first */
    enum catalogue_other other;
    bool is_key; /* two records that have the same in these are the same */
    bool is_wanted;
};

enum { CATALOGUE_FIELDS_MAX = 16 };
struct catalogue_kind {
    const char *name; /* "prices" */
    const char *type; /* "price_book_entry" */
    const ProtobufCMessageDescriptor *record;
    struct catalogue_field fields[CATALOGUE_FIELDS_MAX];
    size_t n_fields;
};
/* NULL: there is none of that name. */
const struct catalogue_kind *catalogue_kind_named(const char *name);

/* --- what a file's columns are (catalogue_map.c) --- */

struct catalogue_target {
    int column;         /* -1: none */
    const char *fixed;  /* what all rows have where there is no column; NULL: nothing */
    const char *why;    /* for a person */
    bool are_fractions; /* per cents: .05 is 5 */
    enum day_order order;
};
struct catalogue_map {
    const struct catalogue_kind *kind;
    const struct csv_file *file;
    struct catalogue_target targets[CATALOGUE_FIELDS_MAX];
    char mark;               /* of decimals */
    enum day_order order;    /* of all columns; unknown: guessed */
    const char *period_word; /* month, quarter or year: of quotas that say a day */
};
void catalogue_map_guess(struct catalogue_map *m, const struct catalogue_kind *kind,
                         const struct csv_file *f);
/* "FIELD=COLUMN", or "FIELD=" for none. False: there is no such field or column. */
bool catalogue_map_set(struct catalogue_map *m, const char *assignment, struct refusal *no);
/* All rows have this value where no column is the field. Nothing happens where the kind has no such field. */
void catalogue_map_fix(struct catalogue_map *m, const char *field, const char *value);
/* Looks at the columns' values, once it is known which they are. False: something that is needed is missing,
   or it cannot be told how days are written. */
bool catalogue_map_finish(struct catalogue_map *m, struct refusal *no);
/* How it is understood, as a table. */
void catalogue_map_show(struct tool *t, const struct catalogue_map *m, const char *path);
/* The row's value of a field: trimmed, without what guards formulas; NULL: empty or "NULL". */
const char *catalogue_map_cell(const struct catalogue_map *m, const struct csv_row *row, size_t field,
                               struct arena *a);

/* --- other records, by what they are called (catalogue_names.c) --- */

struct catalogue_names;
/* Those that the kind names: all of its fields', or only where `m` has a column or a value. NULL: refused. */
struct catalogue_names *catalogue_names_load(struct session *s, const struct catalogue_kind *kind,
                                             const struct catalogue_map *m);
/* NULL: `no` says that there is none, or several. */
ProtobufCMessage *catalogue_names_find(struct catalogue_names *n, enum catalogue_other other,
                                       const char *name, struct arena *a, struct refusal *no);
/* NULL: there is none. */
ProtobufCMessage *catalogue_names_by_id(const struct catalogue_names *n, enum catalogue_other other,
                                        const char *id);
/* What a record is called that has this id; the id where there is none. */
const char *catalogue_names_of(const struct catalogue_names *n, enum catalogue_other other, const char *id);
/* A record that came after they were loaded. */
void catalogue_names_add(struct catalogue_names *n, enum catalogue_other other, ProtobufCMessage *record,
                         struct arena *a);

/* --- rows as records (catalogue_read.c, catalogue_rows.c) --- */

/* What a row says, and whether it is the record or only adds to it. */
struct catalogue_item {
    ProtobufCMessage *record; /* with a problem: its keys alone, or NULL where not even they are known */
    const char *key, *problem;
    const struct csv_row *row;
    struct catalogue_item *next; /* of the same record */
    bool rounded;
};
struct catalogue_rows {
    const struct catalogue_map *map;
    struct catalogue_names *names;
    struct session *session;
    bool dry_run;
    uint32_t year_begins; /* the month of the fiscal year */
    char today[11];
    size_t n_books;                /* that were made */
    struct catalogue_item *items;  /* one for each row, in their order */
    struct catalogue_item **heads; /* one for each record, in the order of their first rows */
    size_t n_heads;
};
/* False: the row cannot be taken, and `no` says why; item->record has its keys if they can be read. Makes a
   price book that is not there. */
bool catalogue_row_read(struct catalogue_rows *r, const struct csv_row *row, struct catalogue_item *item,
                        struct refusal *no);
/* Reads every row, and makes one record of rows that say the same one. Where such rows are parts of it (of a
   bundle, prices from a quantity on, products of an offer) and one cannot be taken, none can. */
void catalogue_rows_read(struct catalogue_rows *r);
/* What makes two records of the kind the same. */
const char *catalogue_key_of(const struct catalogue_kind *kind, const ProtobufCMessage *record,
                             struct arena *a);

#endif
