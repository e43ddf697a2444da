/* Decisions about orders of printed material until they are to be picked; the numbers of the rules are those
   of tests/unit/test_documents_orders.c. */
#include <string.h>

#include "base/money.h"
#include "services/documents/collateral.h"

#define STATUS(NAME) BATON__COLLATERAL_ORDER_STATUS__COLLATERAL_ORDER_STATUS_##NAME
#define NEWS(NAME)   BATON__COLLATERAL_NEWS_KIND__COLLATERAL_NEWS_KIND_##NAME

/* --- what follows from the lines --- */

static Baton__CollateralOrderStatus status_of(const Baton__CollateralOrder *o)
{
    uint64_t approved = 0, picked = 0, shipped = 0, received = 0, back_ordered = 0;
    for (size_t i = 0; i < o->n_lines; i++) {
        approved += o->lines[i]->approved;
        picked += o->lines[i]->picked;
        shipped += o->lines[i]->shipped;
        received += o->lines[i]->received;
        back_ordered += o->lines[i]->back_ordered;
    }
    /* 1: what was not to be sent any more is not waited for */
    if (approved == 0)
        return STATUS(CANCELLED);
    if (shipped == approved)
        return received == approved ? STATUS(RECEIVED) : STATUS(SHIPPED);
    if (shipped)
        return STATUS(PART_SHIPPED);
    return picked && picked + back_ordered == approved ? STATUS(PICKED) : STATUS(APPROVED);
}

static bool is_at_place(const Baton__CollateralOrder *o)
{
    return o->status == STATUS(APPROVED) || o->status == STATUS(PICKED) || o->status == STATUS(PART_SHIPPED);
}

void collateral_order_refresh(Baton__CollateralOrder *o, struct arena *a)
{
    int64_t cost = 0;
    bool is_decided = o->status != STATUS(WAITING) && o->status != STATUS(REJECTED);
    o->has_status = true;
    if (is_decided)
        o->status = status_of(o);
    for (size_t i = 0; i < o->n_lines; i++)
        cost += o->lines[i]->unit_cost *
                (int64_t)(is_decided ? o->lines[i]->approved : o->lines[i]->ordered); /* it fits: 6 */
    if (o->cost) {
        o->cost->has_minor_units = true;
        o->cost->minor_units = cost;
    }
    o->desk = o->status == STATUS(WAITING) ? arena_strdup(a, "approval")
              : is_at_place(o)             ? o->place_id
                                           : NULL;
}

bool collateral_order_stays(const ProtobufCMessage *order)
{
    const Baton__CollateralOrder *o = (const Baton__CollateralOrder *)order;
    return !o->desk && o->status != STATUS(SHIPPED);
}

bool collateral_order_changed(const struct collateral_order_facts *f, Baton__CollateralOrder *after,
                              const ProtobufCMessageDescriptor *answer, struct stamp *s, struct outcome *out)
{
    collateral_order_refresh(after, s->arena);
    record_updated(&f->order->base, f->order_seq, &after->base, s, out);
    collateral_answer(after, answer, out);
    return true;
}

void collateral_order_news(const Baton__CollateralOrder *o, const struct collateral_stock *first,
                           Baton__CollateralNewsKind kind, char **user_ids, size_t n, struct outcome *out)
{
    if (n == 0)
        return;
    Baton__CollateralNews *e = ARENA_NEW(out->arena, Baton__CollateralNews);
    baton__collateral_news__init(e);
    e->has_kind = true;
    e->kind = kind;
    e->order_id = o->id;
    e->title = first->item ? first->item->name : NULL;
    e->reason = o->reason;
    e->contact_id = o->contact_id;
    e->user_ids = user_ids;
    e->n_user_ids = n;
    outcome_event(out, e);
}

bool collateral_wishes(const Baton__CollateralOrder *o, Baton__CollateralWish *const *wishes, size_t n,
                       const uint32_t open[], const char *what, uint32_t wanted[], struct refusal *no)
{
    for (size_t i = 0; i < o->n_lines; i++)
        wanted[i] = n ? 0 : open[i];
    for (size_t k = 0; k < n; k++) {
        size_t i = 0;
        while (i < o->n_lines && strcmp(o->lines[i]->item_id, wishes[k]->item_id) != 0)
            i++;
        /* 2: what is named is in the order, once, and not more than is open */
        if (i == o->n_lines)
            return refuse(no, REFUSAL_NOT_FOUND, "lines.item_id", "the order has no such item");
        if (wanted[i])
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "lines.item_id", "an item is named once");
        if (wishes[k]->quantity > open[i])
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "lines.quantity", "%u of it are %s", open[i],
                          what);
        wanted[i] = wishes[k]->quantity;
    }
    return true;
}

/* --- an order is made --- */

static bool check_lines(const struct collateral_order_facts *f, const Baton__OrderCollateralRequest *r,
                        struct refusal *no)
{
    for (size_t i = 0; i < r->n_lines; i++) {
        const Baton__CollateralItem *item = f->lines[i].item;
        /* 4: of what there is, each once */
        if (!item)
            return refuse(no, REFUSAL_NOT_FOUND, "lines.item_id", "there is no such item");
        if (item->retired)
            return refuse(no, REFUSAL_FAILED_PRECONDITION, "lines.item_id", "%.100s is not ordered any more",
                          item->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(f->lines[k].item->id, item->id) == 0)
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "lines.item_id", "%.100s is named twice",
                              item->name);
    }
    return true;
}

static bool add_cost(Baton__CollateralOrder *o, const Baton__CollateralItem *item, uint32_t quantity,
                     struct arena *a, struct refusal *no)
{
    int64_t cost;
    if (!item->unit_cost)
        return true;
    if (!o->cost) {
        o->cost = ARENA_NEW(a, Baton__Money);
        baton__money__init(o->cost);
        o->cost->currency_code = item->unit_cost->currency_code;
        o->cost->has_minor_units = true;
    }
    /* 5: one currency, so that there is one sum */
    if (strcmp(o->cost->currency_code, item->unit_cost->currency_code) != 0)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "lines.item_id",
                      "%.100s costs %s, what stands before it %s: order it by itself", item->name,
                      item->unit_cost->currency_code, o->cost->currency_code);
    /* 6: a sum that can be told */
    return (money_times(item->unit_cost->minor_units, quantity * QUANTITY_ONE, &cost) &&
            money_add(o->cost->minor_units, cost, &o->cost->minor_units)) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "lines.quantity", "it would cost more than can be counted");
}

static bool add_lines(const struct collateral_order_facts *f, const Baton__OrderCollateralRequest *r,
                      Baton__CollateralOrder *o, struct arena *a, struct refusal *no)
{
    o->lines = ARENA_ARRAY(a, Baton__CollateralLine *, r->n_lines);
    o->item_ids = ARENA_ARRAY(a, char *, r->n_lines);
    for (size_t i = 0; i < r->n_lines; i++) {
        const Baton__CollateralItem *item = f->lines[i].item;
        Baton__CollateralLine *line = o->lines[o->n_lines++] = ARENA_NEW(a, Baton__CollateralLine);
        baton__collateral_line__init(line);
        line->item_id = o->item_ids[o->n_item_ids++] = item->id;
        line->has_ordered = line->has_approved = line->has_picked = line->has_shipped = line->has_received =
            line->has_back_ordered = line->has_unit_cost = true;
        line->ordered = r->lines[i]->quantity;
        line->unit_cost = item->unit_cost ? item->unit_cost->minor_units : 0;
        if (!add_cost(o, item, line->ordered, a, no))
            return false;
    }
    return true;
}

/* 7: what is more than somebody orders by themselves; administrators have nobody above them */
static bool needs_approval(const struct collateral_order_facts *f, const Baton__CollateralOrder *o,
                           const Baton__Actor *actor)
{
    const Baton__DocumentSettings *s = f->settings;
    uint64_t units = 0, most = s && s->has_order_units_max ? s->order_units_max : COLLATERAL_UNITS_MAX;
    for (size_t i = 0; i < o->n_lines; i++)
        units += o->lines[i]->ordered;
    if (actor_is(actor, BATON__ROLE__ROLE_ADMIN))
        return false;
    if (units > most)
        return true;
    for (size_t i = 0; s && o->cost && i < s->n_order_costs_max; i++) {
        const Baton__Money *max = s->order_costs_max[i];
        if (max->currency_code && strcmp(max->currency_code, o->cost->currency_code) == 0)
            return o->cost->minor_units > max->minor_units;
    }
    return s && o->cost && s->n_order_costs_max && o->cost->minor_units;
}

static void approve_all(Baton__CollateralOrder *o)
{
    for (size_t i = 0; i < o->n_lines; i++)
        o->lines[i]->approved = o->lines[i]->ordered;
    o->status = STATUS(APPROVED);
}

static void fill_in(Baton__CollateralOrder *o, const struct collateral_order_facts *f,
                    const Baton__OrderCollateralRequest *r, struct stamp *s)
{
    o->owner_id = arena_strdup(s->arena, s->actor->user_id);
    o->team_id = (char *)(uintptr_t)f->team_id;
    o->place_id = f->place->id;
    o->account_id = r->account_id;
    o->contact_id = r->contact_id;
    o->ship_to = r->ship_to;
    o->campaign = r->campaign && *r->campaign ? r->campaign : NULL;
    o->note = r->note;
}

bool collateral_decide_order(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    const Baton__OrderCollateralRequest *r = (const Baton__OrderCollateralRequest *)c->request;
    Baton__CollateralOrder *o = ARENA_NEW(s->arena, Baton__CollateralOrder);
    char **approver = ARENA_ARRAY(s->arena, char *, 1);
    /* 3: from where something is sent */
    if (!f->place)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "place_id", "there is no such place");
    if (f->place->closed)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "place_id", "nothing is ordered from %.100s now",
                      f->place->name);
    baton__collateral_order__init(o);
    if (!check_lines(f, r, &out->no) || !add_lines(f, r, o, s->arena, &out->no))
        return false;
    fill_in(o, f, r, s);
    bool waits = needs_approval(f, o, s->actor);
    if (waits)
        o->status = STATUS(WAITING);
    else
        approve_all(o);
    collateral_order_refresh(o, s->arena);
    collateral_answer(record_created(&o->base, s, out), &baton__order_collateral_response__descriptor, out);
    /* 8: whoever is to do something about it hears of it */
    *approver = (char *)(uintptr_t)f->approver_id;
    if (waits)
        collateral_order_news(o, f->lines, NEWS(TO_APPROVE), approver, f->approver_id != NULL, out);
    else
        collateral_order_news(o, f->lines, NEWS(TO_PICK), f->place->keeper_ids, f->place->n_keeper_ids, out);
    return true;
}

/* --- it is approved, rejected, cancelled --- */

/* A copy to be changed; NULL: refused. */
static Baton__CollateralOrder *to_decide(const struct collateral_order_facts *f, struct stamp *s,
                                         struct refusal *no)
{
    if (!f->order)
        return refuse(no, REFUSAL_NOT_FOUND, "order_id", "there is no such order"), NULL;
    /* 9: by somebody above whoever ordered, once */
    if (!f->is_in_charge || f->is_own)
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL,
                      "a manager above whoever ordered decides, or an administrator"),
               NULL;
    if (f->order->status != STATUS(WAITING))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "order_id", "it does not wait for approval"), NULL;
    Baton__CollateralOrder *o = (Baton__CollateralOrder *)schema_copy(&f->order->base, s->arena);
    o->decided_by_id = arena_strdup(s->arena, s->actor->user_id);
    o->decided_at = timestamp_of(s->arena, s->now_us);
    return o;
}

bool collateral_decide_approve(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    const Baton__ApproveOrderRequest *r = (const Baton__ApproveOrderRequest *)c->request;
    Baton__CollateralOrder *o = to_decide(f, s, &out->no);
    uint32_t ordered[COLLATERAL_LINES_MAX], less[COLLATERAL_LINES_MAX];
    if (!o)
        return false;
    for (size_t i = 0; i < o->n_lines; i++)
        ordered[i] = o->lines[i]->ordered;
    if (!collateral_wishes(o, r->lines, r->n_lines, ordered, "ordered", less, &out->no))
        return false;
    approve_all(o);
    /* 10: of what is named so many, of the rest all */
    for (size_t i = 0; i < o->n_lines; i++)
        o->lines[i]->approved = less[i] ? less[i] : ordered[i];
    (void)collateral_order_changed(f, o, &baton__approve_order_response__descriptor, s, out); /* it may */
    if (f->place)
        collateral_order_news(o, f->lines, NEWS(TO_PICK), f->place->keeper_ids, f->place->n_keeper_ids, out);
    return true;
}

bool collateral_decide_reject(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    Baton__CollateralOrder *o = to_decide(f, s, &out->no);
    if (!o)
        return false;
    /* 11: whoever ordered hears why not */
    o->status = STATUS(REJECTED);
    o->reason = ((const Baton__RejectOrderRequest *)c->request)->reason;
    (void)collateral_order_changed(f, o, &baton__reject_order_response__descriptor, s, out); /* it may */
    collateral_order_news(o, f->lines, NEWS(REJECTED), &o->owner_id, o->owner_id != NULL, out);
    return true;
}

static void put_back(const struct collateral_order_facts *f, Baton__CollateralOrder *o,
                     struct collateral_book *book, struct arena *a)
{
    for (size_t i = 0; i < o->n_lines; i++) {
        Baton__CollateralLine *line = o->lines[i];
        const struct collateral_change back = {.picked = (int64_t)line->shipped - (int64_t)line->picked,
                                               .back_ordered = -(int64_t)line->back_ordered};
        if (back.picked || back.back_ordered)
            (void)collateral_book_change(book, &f->lines[i], f->place, &back); /* not asked for */
        if (line->back_ordered)
            collateral_back_order(book, o, line, 0);
        line->picked = line->approved = line->shipped;
        line->back_ordered = 0;
    }
}

bool collateral_decide_cancel(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const struct collateral_order_facts *f = facts;
    /* 12: until all is shipped, by whoever ordered or is above them; what is not shipped is put back */
    if (!f->order)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "order_id", "there is no such order");
    if (!f->is_in_charge)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "whoever ordered cancels, or who is above them");
    if (!f->order->desk)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "order_id", "nothing of it is to come any more");
    Baton__CollateralOrder *o = (Baton__CollateralOrder *)schema_copy(&f->order->base, s->arena);
    struct collateral_book book = collateral_book(s, out);
    put_back(f, o, &book, s->arena);
    collateral_book_close(&book);
    o->status = STATUS(CANCELLED);
    o->reason = ((const Baton__CancelOrderRequest *)c->request)->reason;
    return collateral_order_changed(f, o, &baton__cancel_order_response__descriptor, s, out);
}
