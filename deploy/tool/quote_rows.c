/* What was quoted or ordered elsewhere: rows of a file as quotes. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "tool/quote_import.h"

enum { LINES_MAX = 200 };

enum quote_field { NUMBER, DAY, ACCOUNT, PRODUCT, QUANTITY, DISCOUNT, UNIT_PRICE, FIELDS };
const struct catalogue_kind quote_import_kind = {
    "quotes",
    NULL,
    NULL,
    {
        [NUMBER] = {"number", CELL_TEXT, NULL,
                    "number|ordernumber|orderid|orderno|quotenumber|quoteid|invoiceno|invoiceid|salesorderid|"
                    "documentnumber|"
                    "auftragsnummer|訂單編號|單號",
                    OTHER_NONE, false, true},
        [DAY] = {"day", CELL_DAY, NULL, "day|orderdate|quotedate|invoicedate|date|datum|日期", OTHER_NONE,
                 false, true},
        [ACCOUNT] = {"account", CELL_ONE, NULL,
                     "account|customer|customerid|customername|accountname|company|kunde|客戶", OTHER_ACCOUNT,
                     false, false},
        [PRODUCT] = {"product", CELL_ONE, NULL,
                     "productcode|sku|productnumber|stockcode|itemcode|articlenumber|artikelnummer|productid|"
                     "product|code|"
                     "料號|產品",
                     OTHER_PRODUCT, false, true},
        [QUANTITY] = {"quantity", CELL_QUANTITY, NULL, "quantity|qty|orderqty|menge|anzahl|數量", OTHER_NONE,
                      false, false},
        [DISCOUNT] = {"discount", CELL_PERCENT, NULL,
                      "discount|discountpercent|discountpct|unitpricediscount|rabatt|折扣", OTHER_NONE, false,
                      false},
        [UNIT_PRICE] = {"unit_price", CELL_PRICE, NULL, "unitprice|price|preis|單價", OTHER_NONE, false,
                        false},
    },
    FIELDS,
};

/* --- rows --- */

static const char *cell(const struct quote_run *r, const struct csv_row *row, enum quote_field f)
{
    return catalogue_map_cell(&r->map, row, f, r->session->arena);
}

static bool read_number(const struct quote_run *r, const char *text, int digits, const char *field,
                        int64_t *out, struct refusal *no)
{
    bool rounded = false;
    return (catalogue_decimal(text, r->map.mark, digits, out, &rounded) && !rounded) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, field,
                  "\"%.60s\" is no number with at most %d digits behind the point", text, digits);
}

static bool read_amounts(struct quote_run *r, const struct csv_row *row, struct quote_line *l,
                         struct refusal *no)
{
    const char *quantity = cell(r, row, QUANTITY), *discount = cell(r, row, DISCOUNT);
    int digits = r->map.targets[DISCOUNT].are_fractions ? PERCENT_DIGITS + 2 : PERCENT_DIGITS;
    char *sign = discount != NULL ? strchr(discount, '%') : NULL;
    l->wish.has_quantity_e4 = true;
    l->wish.quantity_e4 = QUANTITY_ONE;
    l->unit_price = cell(r, row, UNIT_PRICE);
    if (quantity != NULL && !read_number(r, quantity, QUANTITY_DIGITS, "quantity", &l->wish.quantity_e4, no))
        return false;
    if (discount == NULL)
        return true;
    l->wish.discounts_e4 = ARENA_ARRAY(r->session->arena, int64_t, 1);
    if (sign != NULL)
        discount = arena_strndup(r->session->arena, discount, (size_t)(sign - discount));
    if (!read_number(r, discount, digits, "discount", &l->wish.discounts_e4[0], no))
        return false;
    l->wish.n_discounts_e4 = l->wish.discounts_e4[0] != 0;
    return true;
}

static bool read_line(struct quote_run *r, const struct csv_row *row, struct quote_line *l,
                      struct refusal *no)
{
    struct arena *a = r->session->arena;
    const char *product = cell(r, row, PRODUCT);
    baton__quote_line_wish__init(&l->wish);
    l->row = row;
    if (row->problem != NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "%s", row->problem);
    l->number = cell(r, row, NUMBER);
    if (l->number == NULL || product == NULL)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "it has no %s",
                      l->number == NULL ? "number" : "product");
    const ProtobufCMessage *p = catalogue_names_find(r->names, OTHER_PRODUCT, product, a, no);
    if (p == NULL)
        return false;
    l->wish.product_id = (char *)(uintptr_t)schema_get_text(p, "id");
    return read_amounts(r, row, l, no);
}

/* What its first row says of the whole. */
static bool read_whole(struct quote_run *r, struct quote_one *q, struct refusal *no)
{
    const struct csv_row *row = q->lines->row;
    const char *account = cell(r, row, ACCOUNT), *said = cell(r, row, DAY);
    char day[11];
    if (said == NULL || !catalogue_day(said, r->map.targets[DAY].order, day))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "day", "\"%.60s\" is no day", said != NULL ? said : "");
    q->day = arena_strdup(r->session->arena, day);
    if (q->n > LINES_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "a quote has at most %d lines", LINES_MAX);
    if (account == NULL)
        return true;
    const ProtobufCMessage *found =
        catalogue_names_find(r->names, OTHER_ACCOUNT, account, r->session->arena, no);
    if (found == NULL)
        return false;
    q->account_id = schema_get_text(found, "id");
    q->customer = schema_get_text(found, "name");
    return true;
}

/* --- quotes --- */

void quote_put_aside(struct quote_one *q, size_t *count, const char *reason)
{
    struct quote_run *r = q->run;
    for (const struct quote_line *l = q->lines; l != NULL; l = l->next) {
        csv_rejects_add(&r->rejects, l->row, reason);
        (*count)++;
    }
    q->is_over = true;
}

static int by_number(const void *a, const void *b)
{
    const struct quote_line *x = *(struct quote_line *const *)a, *y = *(struct quote_line *const *)b;
    int order = strcmp(x->number, y->number);
    return order != 0 ? order : (x > y) - (x < y);
}

/* 1: a row that cannot be read takes the whole quote with it: half of one is none */
void quote_rows_gather(struct quote_run *r)
{
    const struct csv_file *f = r->map.file;
    struct arena *a = r->session->arena;
    struct quote_line **sorted = ARENA_ARRAY(a, struct quote_line *, f->n_rows + 1);
    const char **problems = ARENA_ARRAY(a, const char *, f->n_rows + 1);
    size_t n = 0;
    r->lines = ARENA_ARRAY(a, struct quote_line, f->n_rows + 1);
    r->all = ARENA_ARRAY(a, struct quote_one, f->n_rows + 1);
    for (size_t i = 0; i < f->n_rows; i++) {
        struct refusal no = {0};
        r->lines[i] = (struct quote_line){0};
        problems[i] = read_line(r, &f->rows[i], &r->lines[i], &no) ? NULL : arena_strdup(a, no.message);
        if (r->lines[i].number != NULL)
            sorted[n++] = &r->lines[i];
        else {
            csv_rejects_add(&r->rejects, &f->rows[i], problems[i]);
            r->rejected++;
        }
    }
    qsort(sorted, n, sizeof *sorted, by_number);
    for (size_t i = 0; i < n;) {
        struct quote_one *q = &r->all[r->n++];
        const char *problem = NULL;
        struct refusal no = {0};
        *q = (struct quote_one){.run = r, .lines = sorted[i]};
        do {
            problem = problem != NULL ? problem : problems[sorted[i] - r->lines];
            if (q->n++ > 0)
                sorted[i - 1]->next = sorted[i];
            i++;
        } while (i < n && strcmp(sorted[i]->number, q->lines->number) == 0);
        if (problem == NULL && !read_whole(r, q, &no))
            problem = arena_strdup(a, no.message);
        if (problem != NULL)
            quote_put_aside(q, &r->rejected, problem);
    }
}

/* --- what they come to --- */

/* 3: what the file says that a line cost, rounded once, to the nearest minor unit, half away from zero */
static bool cost_of(const struct quote_line *l, int64_t unit, int64_t *out)
{
    __int128 all = (__int128)unit * l->wish.quantity_e4;
    const int64_t off = l->wish.n_discounts_e4 > 0 ? l->wish.discounts_e4[0] : 0;
    const __int128 whole = (__int128)QUANTITY_ONE * PERCENT_ALL;
    if (unit > MONEY_MAX || unit < -MONEY_MAX || l->wish.quantity_e4 > QUANTITY_MAX ||
        l->wish.quantity_e4 < 0)
        return false;
    all *= PERCENT_ALL - off;
    *out = (int64_t)((all >= 0 ? all + whole / 2 : all - whole / 2) / whole);
    return true;
}

const char *quote_difference(const struct quote_one *q, const Baton__Quote *made)
{
    struct quote_run *r = q->run;
    struct arena *a = r->session->arena;
    int64_t sum = 0;
    size_t i = 0;
    for (const struct quote_line *l = q->lines; l != NULL && i < made->n_lines; l = l->next, i++) {
        int64_t unit, cost;
        bool rounded;
        if (l->unit_price == NULL)
            return NULL;
        if (!catalogue_decimal(l->unit_price, r->map.mark, money_digits(made->currency_code), &unit,
                               &rounded) ||
            !cost_of(l, unit, &cost) || !money_add(sum, cost, &sum))
            return arena_printf(a, "\"%.40s\" is no price", l->unit_price);
        if (unit != made->lines[i]->unit_price)
            return arena_printf(
                a, "%s costs %s here on %s, and %.40s in the file", made->lines[i]->product_code,
                output_amount(a, made->lines[i]->unit_price, made->currency_code), q->day, l->unit_price);
    }
    return sum == made->net ? NULL
                            : arena_printf(a, "it comes to %s here, and to %s in the file",
                                           output_amount(a, made->net, made->currency_code),
                                           output_amount(a, sum, made->currency_code));
}
