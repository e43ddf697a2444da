/* The lines of a quote: priced, discounted, taxed and summed. */
#include <string.h>

#include "services/opportunities/quote.h"

static bool is_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

Baton__QuoteLineWish **quote_wishes(const Baton__Quote *q, struct arena *a)
{
    Baton__QuoteLineWish **wishes = ARENA_ARRAY(a, Baton__QuoteLineWish *, q->n_lines);
    for (size_t i = 0; i < q->n_lines; i++) {
        Baton__QuoteLineWish *w = wishes[i] = ARENA_NEW(a, Baton__QuoteLineWish);
        baton__quote_line_wish__init(w);
        w->product_id = q->lines[i]->product_id;
        w->has_quantity_e4 = true;
        w->quantity_e4 = q->lines[i]->quantity_e4;
        w->discounts_e4 = q->lines[i]->discounts_e4;
        w->n_discounts_e4 = q->lines[i]->n_discounts_e4;
        w->note = q->lines[i]->note;
    }
    return wishes;
}

static bool refuse_large(struct refusal *no)
{
    return refuse(no, REFUSAL_OUT_OF_RANGE, "lines", "the amount is larger than any that can be quoted");
}

/* --- a line --- */

static void take_product(Baton__QuoteLine *line, const Baton__Product *p, const Baton__QuoteLineWish *wish)
{
    line->product_id = p->id;
    line->product_code = p->code;
    line->name = p->name;
    line->family = p->family;
    line->unit = p->unit;
    line->note = wish->note;
    line->has_quantity_e4 = true;
    line->quantity_e4 = wish->has_quantity_e4 ? wish->quantity_e4 : QUANTITY_ONE;
}

static void take_price(Baton__QuoteLine *line, const Baton__Price *p)
{
    line->entry_id = p->entry_id;
    line->has_entry_revision = p->has_entry_revision;
    line->entry_revision = p->entry_revision;
    line->contract = p->contract;
    line->offer_id = p->offer_id;
    line->offer_code = p->offer_code;
    line->has_rate_e9 = p->has_rate_e9;
    line->rate_e9 = p->rate_e9;
    line->rate_day = p->rate_day;
    line->has_unit_price = line->has_gross = line->has_offer = true;
    line->unit_price = p->unit_price->minor_units;
    line->gross = p->gross->minor_units;
    line->offer = p->gross->minor_units - p->amount->minor_units;
    line->why = p->why;
    line->n_why = p->n_why;
}

static bool take_discounts(Baton__QuoteLine *line, const Baton__QuoteLineWish *wish, struct refusal *no)
{
    int64_t sum = 0, left = line->gross - line->offer;
    const int64_t before = left;
    for (size_t i = 0; i < wish->n_discounts_e4; i++) {
        const int64_t percent = wish->discounts_e4[i];
        /* 3: no discount is negative, and a chain takes at most all */
        if (percent < 0 || percent > PERCENT_ALL || (sum += percent) > PERCENT_ALL)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "discounts_e4",
                          "discounts are 0 %% or more, and 100 %% together at most");
        /* 4: each is of what the one before left; what is left is rounded, so the discount is the difference
         */
        if (!money_less(left, percent, &left))
            return refuse_large(no);
    }
    line->discounts_e4 = wish->discounts_e4;
    line->n_discounts_e4 = wish->n_discounts_e4;
    line->has_discount = true;
    line->discount = before - left;
    return true;
}

static bool take_tax(const struct quote_facts *f, const Baton__Quote *q, const struct quote_line_facts *facts,
                     Baton__QuoteLine *line, struct refusal *no)
{
    /* 5: where taxes are written down, each line has one */
    if (!f->has_taxes)
        return true;
    if (!q->head || !q->head->country || !*q->head->country)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "head.country",
                      "the customer's country is needed, for taxes");
    if (!facts->tax)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "lines",
                      "there is no tax rate for %s (class \"%s\") in %s on %s", line->product_code,
                      facts->product->product->tax_class ? facts->product->product->tax_class : "",
                      q->head->country, q->priced_on);
    line->tax_name = facts->tax->name;
    line->has_tax_percent_e4 = true;
    line->tax_percent_e4 = facts->tax->percent_e4;
    return true;
}

static Baton__QuoteLine *line_of(const struct quote_facts *f, const Baton__Quote *q, size_t i,
                                 struct arena *a, struct refusal *no)
{
    const Baton__QuoteLineWish *wish = f->wishes[i];
    const struct quote_line_facts *facts = &f->lines[i];
    Baton__QuoteLine *line = ARENA_NEW(a, Baton__QuoteLine);
    baton__quote_line__init(line);
    /* 2: a line has a price, by the rules of prices */
    const Baton__Price *price = price_of(f->prices, facts->product, facts->parts,
                                         wish->has_quantity_e4 ? wish->quantity_e4 : QUANTITY_ONE, a, no);
    if (!price)
        return NULL;
    take_product(line, facts->product->product, wish);
    take_price(line, price);
    return take_discounts(line, wish, no) && take_tax(f, q, facts, line, no) ? line : NULL;
}

/* --- sums --- */

static bool share_out(Baton__Quote *q, struct refusal *no)
{
    int64_t weights[QUOTE_LINES_MAX], shares[QUOTE_LINES_MAX], sum = 0;
    for (size_t i = 0; i < q->n_lines; i++) {
        weights[i] = q->lines[i]->gross - q->lines[i]->offer - q->lines[i]->discount;
        if (!money_add(sum, weights[i], &sum))
            return refuse_large(no);
    }
    /* 6: what is off the whole is at most the whole, and is shared out by the largest remainder */
    if (q->discount < 0 || q->discount > sum)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "discount",
                      "the discount on the whole is more than the whole");
    money_split(q->discount, weights, q->n_lines, shares);
    for (size_t i = 0; i < q->n_lines; i++) {
        q->lines[i]->has_share = q->lines[i]->has_net = true;
        q->lines[i]->share = shares[i];
        q->lines[i]->net = weights[i] - shares[i];
    }
    return true;
}

static Baton__QuoteTax *tax_row(Baton__Quote *q, const Baton__QuoteLine *line, struct arena *a)
{
    for (size_t i = 0; i < q->n_taxes; i++)
        if (q->taxes[i]->percent_e4 == line->tax_percent_e4 && is_same(q->taxes[i]->name, line->tax_name))
            return q->taxes[i];
    Baton__QuoteTax *t = q->taxes[q->n_taxes++] = ARENA_NEW(a, Baton__QuoteTax);
    baton__quote_tax__init(t);
    t->name = line->tax_name;
    t->has_percent_e4 = t->has_net = t->has_tax = true;
    t->percent_e4 = line->tax_percent_e4;
    return t;
}

static bool add_line(Baton__Quote *q, Baton__QuoteLine *line, struct arena *a)
{
    line->has_tax = true;
    /* 7: tax is rounded in the line, so that sums of taxes are sums of lines */
    if (!money_part(line->net, line->tax_percent_e4, &line->tax))
        return false;
    if (!money_add(q->gross, line->gross, &q->gross) || !money_add(q->net, line->net, &q->net) ||
        !money_add(q->tax, line->tax, &q->tax))
        return false;
    if (!line->tax_name)
        return true;
    Baton__QuoteTax *t = tax_row(q, line, a);
    return money_add(t->net, line->net, &t->net) && money_add(t->tax, line->tax, &t->tax);
}

bool quote_total(Baton__Quote *q, struct arena *a, struct refusal *no)
{
    q->has_discount = q->has_gross = q->has_reduction = q->has_net = q->has_tax = q->has_total = true;
    q->gross = q->net = q->tax = 0;
    q->taxes = ARENA_ARRAY(a, Baton__QuoteTax *, q->n_lines);
    q->n_taxes = 0;
    if (!share_out(q, no))
        return false;
    for (size_t i = 0; i < q->n_lines; i++)
        if (!add_line(q, q->lines[i], a))
            return refuse_large(no);
    q->reduction = q->gross - q->net;
    return money_add(q->net, q->tax, &q->total) || refuse_large(no);
}

bool quote_price(const struct quote_facts *f, Baton__Quote *q, int64_t discount, struct arena *a,
                 struct refusal *no)
{
    /* 1: nothing in it is too much to be counted at once */
    if (f->has_too_many_parts)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "lines", "its bundles have more than %d parts together",
                      QUOTE_PARTS_MAX);
    q->lines = ARENA_ARRAY(a, Baton__QuoteLine *, f->n_lines);
    for (q->n_lines = 0; q->n_lines < f->n_lines; q->n_lines++) {
        struct refusal why = {0};
        q->lines[q->n_lines] = line_of(f, q, q->n_lines, a, &why);
        if (!q->lines[q->n_lines])
            return refuse(no, why.code, why.field[0] ? arena_printf(a, "lines.%s", why.field) : "lines",
                          "line %zu: %s", q->n_lines + 1, why.message);
    }
    q->discount = discount;
    return quote_total(q, a, no);
}

/* --- what has changed since --- */

static bool line_is_stale(const Baton__QuoteLine *line, const Baton__Price *now, struct refusal *why)
{
    /* 9: the same entry as it was then, the same contract, the same offer; where no rate comes in, the same
     * price */
    if (!is_same(line->entry_id, now->entry_id) || line->entry_revision != now->entry_revision ||
        !is_same(line->contract, now->contract))
        return refuse(why, REFUSAL_FAILED_PRECONDITION, NULL, "the price of %s%s%s is superseded",
                      line->product_code, line->contract ? " by contract " : "",
                      line->contract ? line->contract : "");
    if (!is_same(line->offer_id, now->offer_id))
        return refuse(why, REFUSAL_FAILED_PRECONDITION, NULL, "the offer on %s is %s now instead of %s",
                      line->product_code, now->offer_code ? now->offer_code : "none",
                      line->offer_code ? line->offer_code : "none");
    return line->has_rate_e9 || line->unit_price == now->unit_price->minor_units ||
           refuse(why, REFUSAL_FAILED_PRECONDITION, NULL, "the price of %s is superseded",
                  line->product_code);
}

bool quote_is_stale(const struct quote_facts *f, const Baton__Quote *q, uint32_t *line, struct arena *a,
                    struct refusal *why)
{
    *line = 0;
    /* 8: what cannot be priced today is not sent */
    if (!f->prices || !f->prices->book || f->prices->book->superseded_by_id)
        return !refuse(why, REFUSAL_FAILED_PRECONDITION, NULL, "its price book is superseded");
    for (size_t i = 0; i < q->n_lines; i++) {
        *line = (uint32_t)i + 1;
        const Baton__Price *now =
            price_of(f->prices, f->lines[i].product, f->lines[i].parts, q->lines[i]->quantity_e4, a, why);
        if (!now || !line_is_stale(q->lines[i], now, why))
            return true;
    }
    return false;
}
