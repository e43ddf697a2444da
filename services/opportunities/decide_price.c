/* What a product costs, and why: pure arithmetic over a book, its entries, offers and a rate. */
#include <stdlib.h>
#include <string.h>

#include "services/opportunities/catalogue.h"

enum { WHY_MAX = 16 };

static bool is_same(const char *a, const char *b)
{
    return a && b && *a && strcmp(a, b) == 0;
}

char *price_say(const char *currency, int64_t minor_units, struct arena *a)
{
    char text[DECIMAL_SIZE];
    int digits = money_digits(currency);
    decimal_format(text, minor_units, digits < 0 ? 0 : digits);
    return arena_printf(a, "%s %s", currency, text);
}

static Baton__Money *money_of(const char *currency, int64_t minor_units, struct arena *a)
{
    Baton__Money *m = ARENA_NEW(a, Baton__Money);
    baton__money__init(m);
    m->currency_code = arena_strdup(a, currency);
    m->has_minor_units = true;
    m->minor_units = minor_units;
    return m;
}

static void say(Baton__Price *p, char *step)
{
    if (p->n_why < WHY_MAX)
        p->why[p->n_why++] = step;
}

static char *percents(int64_t percent_e4, struct arena *a)
{
    char text[DECIMAL_SIZE];
    decimal_format_short(text, percent_e4, PERCENT_DIGITS);
    return arena_printf(a, "%s %%", text);
}

static char *quantity(int64_t quantity_e4, struct arena *a)
{
    char text[DECIMAL_SIZE];
    decimal_format_short(text, quantity_e4, QUANTITY_DIGITS);
    return arena_strdup(a, text);
}

/* --- the book --- */

static const char *market_of(const Baton__PriceBook *b)
{
    return b->market && *b->market ? b->market : NULL;
}

/* How well a book fits what was asked for; less is better, negative is not at all. */
static int fit(const Baton__PriceBook *b, const struct price_book_wish *w)
{
    if (b->superseded_by_id || !catalogue_is_valid(b->valid_from, b->valid_to, w->day))
        return -1;
    if (market_of(b) && !is_same(b->market, w->market))
        return -1;
    const bool other_currency = w->currency && !is_same(b->currency_code, w->currency);
    return (market_of(b) ? 0 : 2) + other_currency;
}

const Baton__PriceBook *price_book_pick(const Baton__PriceBook *const *books, size_t n,
                                        const struct price_book_wish *wish, struct refusal *no)
{
    const Baton__PriceBook *best = NULL, *other = NULL;
    for (size_t i = 0; i < n; i++) {
        const int now = fit(books[i], wish), least = best ? fit(best, wish) : now;
        if (now < 0 || now > least)
            continue;
        other = best && now == least ? best : NULL;
        best = books[i];
    }
    /* 1: the book of the market comes first, then one in the currency; of two that fit as well none is
     * guessed */
    if (best && !other)
        return best;
    if (best)
        (void)refuse(no, REFUSAL_FAILED_PRECONDITION, "price_book_id",
                     "on %s both %s and %s are price books for this: say which", wish->day, other->code,
                     best->code);
    else
        (void)refuse(no, REFUSAL_FAILED_PRECONDITION, "price_book_id", "there is no price book for %s on %s",
                     wish->market ? wish->market : "any market", wish->day);
    return NULL;
}

static bool check_book(const struct price_facts *f, struct refusal *no)
{
    const Baton__PriceBook *b = f->book;
    /* 2: a book that is superseded, or not valid on the day, has no prices */
    if (!b)
        return refuse(no, REFUSAL_NOT_FOUND, "price_book_id", "there is no such price book");
    if (b->superseded_by_id)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "price_book_id",
                      "price book %s (version %llu) is superseded by a newer version", b->code,
                      (unsigned long long)b->version);
    return catalogue_is_valid(b->valid_from, b->valid_to, f->day) ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "price_book_id", "price book %s is not valid on %s",
                  b->code, f->day);
}

/* --- the entry --- */

static const Baton__PriceBookEntry *valid_entry(const Baton__PriceBookEntry *const *entries, size_t n,
                                                const char *day)
{
    for (size_t i = 0; i < n; i++)
        if (catalogue_is_valid(entries[i]->valid_from, entries[i]->valid_to, day))
            return entries[i];
    return NULL;
}

/* A gap says where it ends. */
static bool refuse_gap(const struct price_facts *f, const struct price_product *p, struct refusal *no)
{
    const char *before = NULL, *after = NULL;
    for (size_t i = 0; i < p->n_entries; i++) {
        const char *from = p->entries[i]->valid_from, *to = p->entries[i]->valid_to;
        if (to && strcmp(to, f->day) < 0 && (!before || strcmp(to, before) > 0))
            before = to;
        if (from && strcmp(from, f->day) > 0 && (!after || strcmp(from, after) < 0))
            after = from;
    }
    return refuse(no, REFUSAL_FAILED_PRECONDITION, "product_id",
                  "price book %s has no price of %s on %s%s%s%s%s", f->book->code, p->product->code, f->day,
                  before ? ", the last one ended on " : "", before ? before : "",
                  after ? ", the next begins on " : "", after ? after : "");
}

/* The entry's price for so much. */
static int64_t tier_price(const Baton__PriceBookEntry *e, int64_t quantity_e4, struct arena *a,
                          Baton__Price *out)
{
    const Baton__PriceTier *tier = NULL;
    /* 5: of tiers the last one that is reached says the price of all */
    for (size_t i = 0; i < e->n_tiers; i++)
        if (e->tiers[i]->from_quantity_e4 <= quantity_e4)
            tier = e->tiers[i];
    if (tier)
        say(out, arena_printf(a, "tier: from %s on", quantity(tier->from_quantity_e4, a)));
    return tier ? tier->unit_price : e->unit_price;
}

static const char *until(const Baton__PriceBookEntry *e, struct arena *a)
{
    return e->valid_to && *e->valid_to ? arena_printf(a, " until %s", e->valid_to) : "";
}

static void take_entry(const struct price_facts *f, const Baton__PriceBookEntry *e, bool is_contract,
                       struct arena *a, Baton__Price *out)
{
    out->entry_id = e->id;
    out->has_entry_revision = true;
    out->entry_revision = e->revision;
    if (is_contract) {
        out->contract = e->contract ? e->contract : (char *)"contract";
        say(out, arena_printf(a, "contract \"%s\" of the account, in price book %s%s", out->contract,
                              f->book->code, until(e, a)));
    } else {
        say(out, arena_printf(a, "price book %s (%s, version %llu)%s", f->book->code, f->book->name,
                              (unsigned long long)f->book->version, until(e, a)));
    }
}

static bool unit_of(const struct price_facts *f, const struct price_product *p, int64_t quantity_e4,
                    struct arena *a, int64_t *unit, Baton__Price *out)
{
    /* 3: what the account's contract says goes before what everybody pays */
    const Baton__PriceBookEntry *e = valid_entry(p->contracts, p->n_contracts, f->day);
    const bool is_contract = e != NULL;
    if (!e)
        e = valid_entry(p->entries, p->n_entries, f->day);
    if (!e)
        return false;
    take_entry(f, e, is_contract, a, out);
    *unit = tier_price(e, quantity_e4, a, out);
    return true;
}

static bool refuse_large(struct refusal *no)
{
    return refuse(no, REFUSAL_OUT_OF_RANGE, "quantity_e4",
                  "the amount is larger than any that can be quoted");
}

static bool bundle_of(const struct price_facts *f, const struct price_product *p,
                      const struct price_product *const *parts, int64_t quantity_e4, struct arena *a,
                      int64_t *unit, Baton__Price *out, struct refusal *no)
{
    *unit = 0;
    say(out, arena_printf(a, "a bundle without a price of its own costs what its parts cost"));
    for (size_t i = 0; i < p->product->n_components; i++) {
        const int64_t each = p->product->components[i]->quantity_e4;
        Baton__Price part = BATON__PRICE__INIT;
        int64_t price, sum, in_all;
        part.why = out->why;
        if (!parts[i]->product)
            return refuse(no, REFUSAL_NOT_FOUND, "product_id", "a part of bundle %s is not there",
                          p->product->code);
        /* a part has the tier of all that is bought of it */
        if (!money_times(each, quantity_e4, &in_all))
            return refuse_large(no);
        part.n_why = WHY_MAX; /* of parts only the sum is told */
        if (!unit_of(f, parts[i], in_all, a, &price, &part))
            return refuse_gap(f, parts[i], no);
        if (!money_times(price, each, &sum) || !money_add(*unit, sum, unit))
            return refuse_large(no);
        say(out, arena_printf(a, "%s of %s: %s", quantity(each, a), parts[i]->product->code,
                              price_say(f->book->currency_code, sum, a)));
    }
    return true;
}

/* --- currency and offers --- */

static bool convert(const struct price_facts *f, struct arena *a, int64_t *unit, Baton__Price *out,
                    struct refusal *no)
{
    const char *from = f->book->currency_code;
    if (!f->currency || is_same(f->currency, from))
        return true;
    /* 7: another currency than the book's needs a rate of the day, or of the week before it */
    if (money_digits(f->currency) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "currency_code", "\"%.20s\" is no currency", f->currency);
    if (!f->rate)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "currency_code",
                      "there is no rate from %s to %s of %s or the %d days before", from, f->currency, f->day,
                      CATALOGUE_RATE_DAYS);
    char rate[DECIMAL_SIZE];
    decimal_format_short(rate, f->rate->rate_e9, RATE_DIGITS);
    say(out,
        arena_printf(a, "%s at %s %s of %s", price_say(from, *unit, a), rate, f->currency, f->rate->day));
    if (!money_convert(*unit, f->rate->rate_e9, money_digits(from), money_digits(f->currency), unit))
        return refuse_large(no);
    out->has_rate_e9 = true;
    out->rate_e9 = f->rate->rate_e9;
    out->rate_day = f->rate->day;
    return true;
}

static bool lists(char *const *texts, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (is_same(texts[i], text))
            return true;
    return n == 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, *(char *const *)b);
}

static bool is_for(const Baton__Offer *o, const Baton__Product *p)
{
    return !o->n_product_ids ||
           bsearch(p->id, o->product_ids, o->n_product_ids, sizeof *o->product_ids, by_text) != NULL;
}

static bool applies(const struct price_facts *f, const Baton__Offer *o, const Baton__Product *p,
                    int64_t quantity_e4)
{
    const char *currency = f->currency ? f->currency : f->book->currency_code;
    return catalogue_is_valid(o->valid_from, o->valid_to, f->day) && o->min_quantity_e4 <= quantity_e4 &&
           (!o->has_max_quantity_e4 || quantity_e4 <= o->max_quantity_e4) && is_for(o, p) &&
           (!o->family || !*o->family || is_same(o->family, p->family)) &&
           (!o->n_markets || (f->market && lists(o->markets, o->n_markets, f->market))) &&
           (!o->amount || is_same(o->amount->currency_code, currency));
}

/* What is left of `gross` under the offer; never less than nothing. False: it cannot be counted. */
static bool under(const Baton__Offer *o, int64_t gross, int64_t quantity_e4, int64_t *out)
{
    int64_t off;
    if (o->has_percent_e4)
        return money_less(gross, o->percent_e4, out);
    if (!money_times(o->amount->minor_units, quantity_e4, &off))
        return false;
    *out = off < gross ? gross - off : 0;
    return true;
}

static void take_best_offer(const struct price_facts *f, const Baton__Product *p, int64_t quantity_e4,
                            int64_t gross, int64_t *amount, struct arena *a, Baton__Price *out)
{
    const Baton__Offer *best = NULL;
    int64_t now;
    *amount = gross;
    /* 8: of the offers that are for this the one that takes most; of equal ones the first in the alphabet */
    for (size_t i = 0; i < f->n_offers; i++)
        if (applies(f, f->offers[i], p, quantity_e4) && under(f->offers[i], gross, quantity_e4, &now) &&
            (now < *amount || (best && now == *amount && strcmp(f->offers[i]->code, best->code) < 0))) {
            best = f->offers[i];
            *amount = now;
        }
    if (!best)
        return;
    out->offer_id = best->id;
    out->offer_code = best->code;
    say(out, arena_printf(a, "offer %s (%s) takes %s", best->code, best->name,
                          best->has_percent_e4
                              ? percents(best->percent_e4, a)
                              : price_say(best->amount->currency_code, best->amount->minor_units, a)));
}

static bool check_product(const struct price_product *p, struct refusal *no)
{
    /* 4: what is sold is there, and not retired */
    if (!p->product)
        return refuse(no, REFUSAL_NOT_FOUND, "product_id", "there is no such product");
    return !p->product->retired ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, "product_id", "%s is not sold any more", p->product->code);
}

static bool fill(const struct price_facts *f, const struct price_product *p,
                 const struct price_product *const *parts, int64_t quantity_e4, struct arena *a,
                 Baton__Price *out, struct refusal *no)
{
    int64_t unit, gross, amount;
    if (!check_product(p, no) || !check_book(f, no))
        return false;
    out->price_book_id = f->book->id;
    if (!unit_of(f, p, quantity_e4, a, &unit, out)) {
        /* 6: a bundle without a price costs the sum of its parts; for anything else a gap is a no */
        if (!p->product->n_components)
            return refuse_gap(f, p, no);
        if (!bundle_of(f, p, parts, quantity_e4, a, &unit, out, no))
            return false;
    }
    const char *currency = f->currency ? f->currency : f->book->currency_code;
    if (!convert(f, a, &unit, out, no))
        return false;
    /* 9: what cannot be counted is refused */
    if (!money_times(unit, quantity_e4, &gross))
        return refuse_large(no);
    say(out, arena_printf(a, "%s of %s are %s", quantity(quantity_e4, a), price_say(currency, unit, a),
                          price_say(currency, gross, a)));
    amount = gross;
    if (!out->contract)
        take_best_offer(f, p->product, quantity_e4, gross, &amount, a, out);
    out->unit_price = money_of(currency, unit, a);
    out->gross = money_of(currency, gross, a);
    out->amount = money_of(currency, amount, a);
    return true;
}

Baton__Price *price_of(const struct price_facts *f, const struct price_product *product,
                       const struct price_product *const *parts, int64_t quantity_e4, struct arena *a,
                       struct refusal *no)
{
    Baton__Price *out = ARENA_NEW(a, Baton__Price);
    baton__price__init(out);
    out->why = ARENA_ARRAY(a, char *, WHY_MAX);
    return fill(f, product, parts, quantity_e4, a, out, no) ? out : NULL;
}
