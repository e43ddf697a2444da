/* What a product costs, and why. */
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "baton/v1/record.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 64 << 20 };

struct asking {
    Baton__PriceProductRequest request;
    const char *book; /* its code; NULL: none is said */
};

static const char *money_text(const Baton__Money *m, struct arena *a)
{
    return m ? arena_printf(a, "%s %s", m->currency_code, output_amount(a, m->minor_units, m->currency_code))
             : "";
}

static void print_price(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__PriceProductResponse *r = answer;
    char quantity[DECIMAL_SIZE];
    if (!r->price)
        return;
    decimal_format_short(quantity, r->quantity_e4, QUANTITY_DIGITS);
    fprintf(t->out, "%s for %s on %s\n", money_text(r->price->amount, a), quantity, output_text(a, r->day));
    for (size_t i = 0; i < r->price->n_why; i++)
        fprintf(t->out, "  %s\n", output_text(a, r->price->why[i]));
}

static bool ask(struct session *s)
{
    struct asking *q = s->arg;
    struct record_list books;
    if (q->book) {
        if (!records_load(s->api, "price_book", s->arena, &books, &s->no))
            return false;
        const Baton__PriceBook *b = (const Baton__PriceBook *)records_find(&books, "code", q->book);
        if (!b)
            return refuse(&s->no, REFUSAL_NOT_FOUND, NULL, "there is no price book \"%s\"", q->book);
        q->request.price_book_id = b->id;
    }
    return session_ask(s, "CatalogueService/PriceProduct", &q->request, print_price);
}

int tool_price(struct tool *t, int argc, char **argv)
{
    struct asking q = {.request = BATON__PRICE_PRODUCT_REQUEST__INIT};
    const char *quantity = NULL;
    const struct option_row rows[] = {
        {"quantity", OPTION_TEXT, &quantity},
        {"account", OPTION_TEXT, &q.request.account_id},
        {"book", OPTION_TEXT, &q.book},
        {"market", OPTION_TEXT, &q.request.market},
        {"currency", OPTION_TEXT, &q.request.currency_code},
        {"at", OPTION_TEXT, &q.request.day},
    };
    int first;
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    q.request.product_code = argv[first];
    q.request.has_quantity_e4 = quantity != NULL;
    if (quantity && !decimal_parse(quantity, QUANTITY_DIGITS, &q.request.quantity_e4)) {
        fprintf(stderr, "baton: \"%s\" is no quantity (at most %d digits behind the point)\n", quantity,
                QUANTITY_DIGITS);
        return TOOL_USAGE;
    }
    return session_run(t, ARENA_LIMIT, ask, &q);
}
