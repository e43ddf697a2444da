/* What is other in a demand plan than in another, row by row, and why: product by product, for a deal that
   moves stays with its product. */
#include <stdlib.h>
#include <string.h>

#include "services/opportunities/rows.h"

enum {
    PAGE_ROWS = 200, /* after which no further product begins */
    PRODUCT_ROWS_MAX = DEMAND_MONTHS * 2 * (DEMAND_WAREHOUSES_MAX + 1),
    REASONS = BATON__DEMAND_REASON__DEMAND_REASON_DROPPED + 1,
};

/* The rows of one product in one plan, and the deals in them, sorted. */
struct side {
    const Baton__DemandRow **rows;
    size_t n;
    const char **deals;
    size_t n_deals;
};

struct comparing {
    struct load *l;
    const char *plans[2]; /* before, after; NULL: there is none */
    struct side sides[2];
    Baton__CompareDemandPlansResponse *out;
};

/* --- reading --- */

/* The first product of a plan behind `after`; NULL: none is left. */
static const char *next_product(struct load *l, const char *plan_id, const char *after)
{
    struct table_scan scan;
    const Baton__DemandRow *row = NULL;
    if (!plan_id)
        return NULL;
    const struct key prefix = key_of(plan_id);
    struct key from = prefix;
    if (after) {
        key_text(&from, after);
        key_u64(&from, UINT64_MAX); /* no month is as late */
    }
    if (table_scan_under(&scan, l->txn, OPPORTUNITIES_DEMAND_ROW, &prefix, after ? &from : NULL, NULL,
                         false)) {
        row = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return row ? row->product_id : NULL;
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void read_side(struct comparing *x, int which, const char *product_id)
{
    struct side *s = &x->sides[which];
    struct table_scan scan;
    const Baton__DemandRow *row;
    *s = (struct side){.rows = ARENA_ARRAY(x->l->arena, const Baton__DemandRow *, PRODUCT_ROWS_MAX),
                       .deals = ARENA_ARRAY(x->l->arena, const char *, DEMAND_LINES_MAX)};
    if (!x->plans[which])
        return;
    struct key prefix = key_of(x->plans[which]);
    key_text(&prefix, product_id);
    if (!table_scan_under(&scan, x->l->txn, OPPORTUNITIES_DEMAND_ROW, &prefix, NULL, NULL, false))
        return;
    while (s->n < PRODUCT_ROWS_MAX && (row = table_scan_next(&scan, x->l->arena))) {
        s->rows[s->n++] = row;
        for (size_t i = 0; i < row->n_deals && s->n_deals < DEMAND_LINES_MAX; i++)
            s->deals[s->n_deals++] = row->deals[i]->opportunity_id;
    }
    table_scan_close(&scan);
    if (s->n_deals)
        qsort(s->deals, s->n_deals, sizeof *s->deals, by_text);
}

static bool is_in(const struct side *s, const char *opportunity_id)
{
    return s->n_deals && bsearch(&opportunity_id, s->deals, s->n_deals, sizeof *s->deals, by_text);
}

/* --- why --- */

static void add(Baton__DemandDifference *why, Baton__DemandReason reason, int64_t units)
{
    why[reason].deals++;
    why[reason].units_e4 += units;
}

static int64_t expected(const Baton__DemandDeal *d)
{
    return demand_expected(d->quantity_e4, d->chance_e4);
}

/* 1: it has come: from another row, or it was in none */
static void came(const struct comparing *x, const Baton__DemandDeal *d, Baton__DemandDifference *why)
{
    add(why,
        is_in(&x->sides[0], d->opportunity_id) ? BATON__DEMAND_REASON__DEMAND_REASON_MOVED_IN
                                               : BATON__DEMAND_REASON__DEMAND_REASON_NEW,
        expected(d));
}

/* 2: it has gone: to another row, or for what has become of it */
static void went(const struct comparing *x, const Baton__DemandDeal *d, Baton__DemandDifference *why)
{
    const Baton__Opportunity *o =
        table_get_id(x->l->txn, OPPORTUNITIES_OPPORTUNITY, d->opportunity_id, x->l->arena);
    Baton__DemandReason reason =
        !o                                                    ? BATON__DEMAND_REASON__DEMAND_REASON_DELETED
        : o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON  ? BATON__DEMAND_REASON__DEMAND_REASON_WON
        : o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST ? BATON__DEMAND_REASON__DEMAND_REASON_LOST
                                                              : BATON__DEMAND_REASON__DEMAND_REASON_DROPPED;
    if (is_in(&x->sides[1], d->opportunity_id))
        reason = BATON__DEMAND_REASON__DEMAND_REASON_MOVED_OUT;
    add(why, reason, -expected(d));
}

/* 3: it stayed: another quantity at the chance of before, then another chance */
static void stayed(const Baton__DemandDeal *was, const Baton__DemandDeal *is, Baton__DemandDifference *why)
{
    const int64_t between = demand_expected(is->quantity_e4, was->chance_e4);
    if (is->quantity_e4 != was->quantity_e4)
        add(why, BATON__DEMAND_REASON__DEMAND_REASON_QUANTITY, between - expected(was));
    if (expected(is) != between)
        add(why, BATON__DEMAND_REASON__DEMAND_REASON_CHANCE, expected(is) - between);
}

/* Deals of a row are in the order of their ids; either row may be NULL. */
static void explain(const struct comparing *x, const Baton__DemandRow *was, const Baton__DemandRow *is,
                    Baton__DemandDifference *why)
{
    size_t i = 0, k = 0, n = was ? was->n_deals : 0, m = is ? is->n_deals : 0;
    while (i < n || k < m) {
        const int order = i == n   ? 1
                          : k == m ? -1
                                   : strcmp(was->deals[i]->opportunity_id, is->deals[k]->opportunity_id);
        if (order < 0)
            went(x, was->deals[i++], why);
        else if (order > 0)
            came(x, is->deals[k++], why);
        else
            stayed(was->deals[i++], is->deals[k++], why);
    }
}

/* --- the answer --- */

static void say(struct comparing *x, const Baton__DemandRow *was, const Baton__DemandRow *is)
{
    struct arena *a = x->l->arena;
    Baton__DemandDifference *why = ARENA_ARRAY(a, Baton__DemandDifference, REASONS);
    Baton__DemandChange *c = ARENA_NEW(a, Baton__DemandChange);
    const Baton__DemandRow *row = is ? is : was;
    baton__demand_change__init(c);
    explain(x, was, is, why);
    c->why = ARENA_ARRAY(a, Baton__DemandDifference *, REASONS);
    for (size_t i = 0; i < REASONS; i++) {
        const Baton__DemandDifference d = why[i];
        if (!d.deals)
            continue;
        baton__demand_difference__init(&why[i]);
        why[i].has_reason = why[i].has_deals = why[i].has_units_e4 = true;
        why[i].reason = (Baton__DemandReason)i;
        why[i].deals = d.deals;
        why[i].units_e4 = d.units_e4;
        c->why[c->n_why++] = &why[i];
    }
    if (!c->n_why)
        return;
    c->product_id = row->product_id;
    c->product_code = opportunities_code(x->l, OPPORTUNITIES_PRODUCT, row->product_id);
    c->month = opportunities_month_text(row->month, a);
    c->warehouse_id = *row->warehouse_id ? row->warehouse_id : NULL;
    c->warehouse_code = opportunities_code(x->l, OPPORTUNITIES_WAREHOUSE, row->warehouse_id);
    c->has_before_e4 = c->has_after_e4 = true;
    c->before_e4 = was ? was->expected_e4 : 0;
    c->after_e4 = is ? is->expected_e4 : 0;
    x->out->changes[x->out->n_changes++] = c;
}

static int by_place(const Baton__DemandRow *a, const Baton__DemandRow *b)
{
    return a->month != b->month ? (a->month < b->month ? -1 : 1) : strcmp(a->warehouse_id, b->warehouse_id);
}

static void compare_product(struct comparing *x, const char *product_id)
{
    const struct side *was = &x->sides[0], *is = &x->sides[1];
    size_t i = 0, k = 0;
    read_side(x, 0, product_id);
    read_side(x, 1, product_id);
    while (i < was->n || k < is->n) {
        const int order = i == was->n ? 1 : k == is->n ? -1 : by_place(was->rows[i], is->rows[k]);
        const Baton__DemandRow *before = order <= 0 ? was->rows[i++] : NULL;
        const Baton__DemandRow *after = order >= 0 ? is->rows[k++] : NULL;
        say(x, before, after);
    }
}

/* The first of both plans; ids are in the order of their keys. */
static const char *next_of_both(const struct comparing *x, const char *after)
{
    const char *a = next_product(x->l, x->plans[0], after), *b = next_product(x->l, x->plans[1], after);
    return !a ? b : !b ? a : strcmp(a, b) < 0 ? a : b;
}

bool opportunities_query_demand_changes(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                        struct refusal *no)
{
    const Baton__CompareDemandPlansRequest *q = (const Baton__CompareDemandPlansRequest *)c->request;
    Baton__CompareDemandPlansResponse *out = ARENA_NEW(l->arena, Baton__CompareDemandPlansResponse);
    struct comparing x = {.l = l, .out = out};
    const char *product_id = q->page_token && *q->page_token ? q->page_token : NULL;
    baton__compare_demand_plans_response__init(out);
    *reply = &out->base;
    if (!opportunities_demand_plan(l, q->plan_id, "plan_id", &out->plan, no))
        return false;
    if (!out->plan)
        return true;
    const char *with = q->with_plan_id ? q->with_plan_id : out->plan->previous_id;
    out->with_plan = with ? table_get_id(l->txn, OPPORTUNITIES_DEMAND_PLAN, with, l->arena) : NULL;
    if (q->with_plan_id && !out->with_plan)
        return refuse(no, REFUSAL_NOT_FOUND, "with_plan_id", "there is no plan with that id");
    x.plans[0] = out->with_plan ? out->with_plan->id : NULL;
    x.plans[1] = out->plan->id;
    out->changes = ARENA_ARRAY(l->arena, Baton__DemandChange *, PAGE_ROWS + 2 * PRODUCT_ROWS_MAX);
    while (out->n_changes < PAGE_ROWS && (product_id = next_of_both(&x, product_id)))
        compare_product(&x, product_id);
    if (product_id && next_of_both(&x, product_id))
        out->next_page_token = (char *)(uintptr_t)product_id;
    return true;
}
