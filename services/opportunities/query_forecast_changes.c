/* What changed of a period between two moments, deal by deal: what each was at the first, and is at the
   second. What it was in between is nothing. */
#include <stdlib.h>
#include <string.h>

#include "services/opportunities/rows.h"

enum { LOOK_MAX = 20000, CURRENCIES_MAX = 32, SHOWN_MAX = 50, KINDS = 9 };

struct deal {
    const char *id;
    const Baton__Estimate *before, *after; /* before NULL: there was none */
};

struct flows {
    Baton__ForecastFlows out;
    Baton__ForecastFlow flow[KINDS];
    Baton__ForecastChange *changes;
    size_t n, room;
};

struct comparing {
    struct load *l;
    struct forecast_ask from, to;
    struct deal *deals; /* open addressing by id */
    size_t size;
    struct flows flows[CURRENCIES_MAX];
    size_t n;
};

static struct deal *place(struct comparing *c, const char *id)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *p = id; *p; p++)
        h = (h ^ (uint8_t)*p) * UINT64_C(1099511628211);
    size_t i = h & (c->size - 1);
    while (c->deals[i].id && strcmp(c->deals[i].id, id) != 0)
        i = (i + 1) & (c->size - 1);
    return &c->deals[i];
}

/* What was thought of it last until then. */
static const Baton__Estimate *estimate_then(struct load *l, const char *id, int64_t at_us)
{
    struct table_scan scan;
    const Baton__Estimate *e;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_ESTIMATE, "opportunity_id", id, NULL, true))
        return NULL;
    while ((e = table_scan_next(&scan, l->arena)) && (int64_t)e->at_us >= at_us)
        ;
    table_scan_close(&scan);
    return e;
}

/* Deals of which something was said from the first moment on and before the second. */
static bool gather(struct comparing *c, struct refusal *no)
{
    struct table_scan scan;
    struct key none, from;
    const Baton__Estimate *e;
    size_t n = 0;
    key_init(&none);
    key_init(&from);
    key_u64(&from, (uint64_t)c->from.at_us);
    for (c->size = 1; c->size < 2 * LOOK_MAX;)
        c->size *= 2;
    c->deals = ARENA_ARRAY(c->l->arena, struct deal, c->size);
    if (!table_scan_under(&scan, c->l->txn, OPPORTUNITIES_ESTIMATE, &none, &from, NULL, false))
        return true;
    const bool until_now = c->to.at_us >= c->l->now_us;
    while (n <= LOOK_MAX && (e = table_scan_next(&scan, c->l->arena)) &&
           (until_now || (int64_t)e->at_us < c->to.at_us)) {
        struct deal *d = place(c, e->opportunity_id);
        n++;
        d->id = e->opportunity_id;
        d->after = e;
    }
    table_scan_close(&scan);
    for (size_t i = 0; i < c->size; i++)
        if (c->deals[i].id)
            c->deals[i].before = estimate_then(c->l, c->deals[i].id, c->from.at_us);
    return n <= LOOK_MAX ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "from",
                  "more than %d estimates changed in between; ask for a shorter time", LOOK_MAX);
}

/* --- what a change is --- */

/* Both moments are looked at with people as they stood at the second: who changes places moves no deals. */
static bool counts(const struct comparing *c, const Baton__Estimate *e)
{
    const struct forecast_tree *t = c->to.tree;
    if (!e || e->deleted || e->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST)
        return false;
    uint32_t month = forecast_month_of(e->close_date);
    if (month < c->to.months.first || month >= c->to.months.first + c->to.months.n ||
        !opportunities_line_asked(&c->to, e->product_id, e->pipeline_id))
        return false;
    if (c->to.top == FORECAST_NOBODY)
        return true;
    int32_t who = forecast_tree_find(t, e->owner_id);
    return who != FORECAST_NOBODY && forecast_tree_part(t, who, c->to.top) >= 0;
}

static const char *currency_of(const Baton__Estimate *e)
{
    return e->amount && e->amount->currency_code ? e->amount->currency_code : "";
}

static int64_t amount_of(const Baton__Estimate *e)
{
    return e->amount && e->amount->minor_units > 0 ? e->amount->minor_units : 0;
}

static struct flows *flows_of(struct comparing *c, const char *currency)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->flows[i].out.currency_code, currency) == 0)
            return &c->flows[i];
    if (c->n == CURRENCIES_MAX)
        return &c->flows[CURRENCIES_MAX - 1];
    struct flows *f = &c->flows[c->n++];
    baton__forecast_flows__init(&f->out);
    f->out.currency_code = (char *)(uintptr_t)currency;
    f->out.has_begin = f->out.has_end = true;
    return f;
}

static void add(struct comparing *c, const Baton__Estimate *of, Baton__ForecastChangeKind kind,
                int64_t amount)
{
    struct flows *f = flows_of(c, currency_of(of));
    if (f->n == f->room) {
        const size_t room = f->room ? 2 * f->room : SHOWN_MAX;
        Baton__ForecastChange *more = ARENA_ARRAY(c->l->arena, Baton__ForecastChange, room);
        for (size_t i = 0; i < f->n; i++)
            more[i] = f->changes[i];
        f->changes = more;
        f->room = room;
    }
    Baton__ForecastChange *x = &f->changes[f->n++];
    baton__forecast_change__init(x);
    x->has_kind = x->has_amount = true;
    x->kind = kind;
    x->opportunity_id = of->opportunity_id;
    x->amount = amount;
    f->flow[kind].deals++;
    f->flow[kind].amount += amount;
}

static bool is_won(const Baton__Estimate *e)
{
    return e && e->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON;
}

static Baton__ForecastChangeKind how_it_went(const Baton__Estimate *after)
{
    return after->deleted ? BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_DELETED
           : after->stage_kind == BATON__STAGE_KIND__STAGE_KIND_LOST
               ? BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_LOST
               : BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_MOVED_OUT;
}

static void compare(struct comparing *c, const struct deal *d)
{
    const Baton__Estimate *b = d->before, *a = d->after;
    const bool was = counts(c, b), is = counts(c, a);
    const bool other_money = was && is && strcmp(currency_of(b), currency_of(a)) != 0;
    if (was && (!is || other_money))
        add(c, b, is ? BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_MOVED_OUT : how_it_went(a),
            -amount_of(b));
    if (is && (!was || other_money))
        add(c, a,
            b && !b->deleted ? BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_MOVED_IN
                             : BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_NEW,
            amount_of(a));
    const int64_t more = was && is && !other_money ? amount_of(a) - amount_of(b) : 0;
    if (more)
        add(c, a,
            more > 0 ? BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_UP
                     : BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_DOWN,
            more);
    if (is && is_won(a) && !is_won(b))
        add(c, a, BATON__FORECAST_CHANGE_KIND__FORECAST_CHANGE_KIND_WON, amount_of(a));
}

/* --- the answer --- */

static void add_levels(struct comparing *c, const char *owner_id, uint64_t before, bool end)
{
    for (uint32_t i = 0; i < c->to.months.n; i++) {
        const Baton__ForecastLevel *level =
            opportunities_level(c->l, owner_id, c->to.months.first + i, before);
        for (size_t k = 0; level && k < level->n_lines; k++) {
            const Baton__ForecastLine *line = level->lines[k];
            if (!opportunities_line_asked(&c->to, line->product_id, line->pipeline_id))
                continue;
            struct flows *f = flows_of(c, line->currency_code ? line->currency_code : "");
            *(end ? &f->out.end : &f->out.begin) += (int64_t)line->amount;
        }
    }
}

static void add_ends(struct comparing *c)
{
    const struct forecast_tree *t = c->to.tree;
    for (size_t i = 0; i < t->n_people; i++)
        if (c->to.top == FORECAST_NOBODY || forecast_tree_part(t, (int32_t)i, c->to.top) >= 0) {
            add_levels(c, t->people[i].id, c->from.before, false);
            add_levels(c, t->people[i].id, c->to.before, true);
        }
    if (c->to.top == FORECAST_NOBODY) {
        add_levels(c, "", c->from.before, false);
        add_levels(c, "", c->to.before, true);
    }
}

static int by_size(const void *x, const void *y)
{
    const Baton__ForecastChange *a = x, *b = y;
    int64_t p = a->amount < 0 ? -a->amount : a->amount, q = b->amount < 0 ? -b->amount : b->amount;
    return p != q ? (p < q ? 1 : -1) : strcmp(a->opportunity_id, b->opportunity_id);
}

static Baton__ForecastFlows *say(struct comparing *c, struct flows *f)
{
    f->out.flows = ARENA_ARRAY(c->l->arena, Baton__ForecastFlow *, KINDS);
    for (int k = 1; k < KINDS; k++) {
        Baton__ForecastFlow *x = ARENA_NEW(c->l->arena, Baton__ForecastFlow);
        if (!f->flow[k].deals)
            continue;
        baton__forecast_flow__init(x);
        x->has_kind = x->has_deals = x->has_amount = true;
        x->kind = (Baton__ForecastChangeKind)k;
        x->deals = f->flow[k].deals;
        x->amount = f->flow[k].amount;
        f->out.flows[f->out.n_flows++] = x;
    }
    if (f->n)
        qsort(f->changes, f->n, sizeof *f->changes, by_size);
    f->out.changes = ARENA_ARRAY(c->l->arena, Baton__ForecastChange *, SHOWN_MAX);
    for (size_t i = 0; i < f->n && i < SHOWN_MAX; i++)
        f->out.changes[f->out.n_changes++] = &f->changes[i];
    return &f->out;
}

bool opportunities_query_forecast_changes(struct load *l, const struct command *cmd, ProtobufCMessage **reply,
                                          struct refusal *no)
{
    const Baton__GetForecastChangesRequest *q = (const Baton__GetForecastChangesRequest *)cmd->request;
    Baton__GetForecastChangesResponse *out = ARENA_NEW(l->arena, Baton__GetForecastChangesResponse);
    struct comparing *c = ARENA_NEW(l->arena, struct comparing);
    struct forecast_words words = {q->period, q->user_id, q->product_id, q->pipeline_id, q->to};
    baton__get_forecast_changes_response__init(out);
    c->l = l;
    if (!opportunities_ask(l, cmd->actor, &words, &c->to, no))
        return false;
    words.as_of = q->from;
    if (!opportunities_ask(l, cmd->actor, &words, &c->from, no))
        return false;
    if (c->from.at_us >= c->to.at_us)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "from", "the first day is over before the second");
    if (!gather(c, no))
        return false;
    for (size_t i = 0; i < c->size; i++)
        if (c->deals[i].id)
            compare(c, &c->deals[i]);
    add_ends(c);
    out->period = forecast_months_name(c->to.months, c->to.begins, l->arena);
    out->user_id = c->to.top == FORECAST_NOBODY ? NULL : (char *)(uintptr_t)c->to.tree->people[c->to.top].id;
    out->from = timestamp_of(l->arena, c->from.at_us);
    out->to = timestamp_of(l->arena, c->to.at_us);
    out->flows = ARENA_ARRAY(l->arena, Baton__ForecastFlows *, c->n);
    for (size_t i = 0; i < c->n; i++)
        out->flows[out->n_flows++] = say(c, &c->flows[i]);
    *reply = &out->base;
    return true;
}
