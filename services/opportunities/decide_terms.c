/* What may stand in the catalogue beside prices: offers, rates, limits of discounts and taxes. Their rules go
   on counting where decide_catalogue.c ends. */
#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"
#include "services/opportunities/catalogue_rules.h"

static bool check_offer_takes(const Baton__Offer *o, struct refusal *no)
{
    /* 12: an offer takes so many per cent or so much, of enough */
    if (o->has_percent_e4 == (o->amount != NULL))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "percent_e4", "an offer takes per cents or an amount");
    if (o->amount && !catalogue_currency(o->amount->currency_code, "amount", no))
        return false;
    if (o->amount && (o->amount->minor_units < 0 || o->amount->minor_units > MONEY_MAX))
        return refuse(no, REFUSAL_OUT_OF_RANGE, "amount", "an offer takes an amount of 0 or more");
    if (o->has_max_quantity_e4 && o->max_quantity_e4 < o->min_quantity_e4)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "max_quantity_e4", "the most is less than the least");
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void catalogue_sort_ids(char **ids, size_t *n)
{
    bool ascend = true;
    size_t kept = 0;
    for (size_t i = 1; i < *n && ascend; i++)
        ascend = strcmp(ids[i - 1], ids[i]) < 0;
    if (ascend)
        return;
    qsort(ids, *n, sizeof *ids, by_text);
    for (size_t i = 0; i < *n; i++)
        if (kept == 0 || strcmp(ids[kept - 1], ids[i]) != 0)
            ids[kept++] = ids[i];
    *n = kept;
}

bool catalogue_check_offer(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                           struct stamp *s, struct outcome *out)
{
    const struct catalogue_facts *f = extra;
    Baton__Offer *o = (Baton__Offer *)after;
    if (!o)
        return true;
    /* 16: its products ascend, each once */
    char **ids = ARENA_ARRAY(s->arena, char *, o->n_product_ids + 1);
    for (size_t i = 0; i < o->n_product_ids; i++)
        ids[i] = o->product_ids[i]; /* those of before stay as they are */
    o->product_ids = ids;
    catalogue_sort_ids(ids, &o->n_product_ids);
    /* 11: offers are few enough to be looked at for every line */
    if (!before && f->n_all >= CATALOGUE_OFFERS_MAX)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there are %d offers; delete what has ended", CATALOGUE_OFFERS_MAX);
    return catalogue_validity(after, &out->no) && catalogue_there(f, &out->no) &&
           check_offer_takes(o, &out->no);
}

bool catalogue_check_rate(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                          struct stamp *s, struct outcome *out)
{
    const Baton__CurrencyRate *r = (const Baton__CurrencyRate *)after;
    if (!r)
        return true;
    if (!catalogue_currency(r->from_currency, "from_currency", &out->no) ||
        !catalogue_currency(r->to_currency, "to_currency", &out->no))
        return false;
    /* 13: a rate is between two currencies, of a day */
    if (strcmp(r->from_currency, r->to_currency) == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "to_currency",
                      "a currency is always one of itself");
    if (!rfc3339_is_date(r->day))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "day",
                      "\"%s\" is not a date (they are written like 2026-12-31)", r->day);
    return catalogue_take_slot(extra, after, NULL, s, &out->no);
}

bool catalogue_check_limit(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                           struct stamp *s, struct outcome *out)
{
    const Baton__DiscountLimit *l = (const Baton__DiscountLimit *)after;
    if (!l)
        return true;
    /* 14: who approves is another role than who asks, and is asked once */
    for (size_t i = 0; i < l->n_approvers; i++)
        for (size_t k = 0; k <= i; k++)
            if (l->approvers[i] == (k == i ? l->role : l->approvers[k]))
                return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "approvers",
                              "each role is asked once, and none for itself");
    return catalogue_take_slot(extra, after, NULL, s, &out->no);
}

bool catalogue_check_tax(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                         struct stamp *s, struct outcome *out)
{
    const Baton__TaxRate *t = (const Baton__TaxRate *)after;
    if (!t)
        return true;
    /* 15: a country is two capitals */
    if (strlen(t->country) != 2 || strspn(t->country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "country", "a country is written like DE");
    return catalogue_validity(after, &out->no) && catalogue_take_slot(extra, after, NULL, s, &out->no);
}
