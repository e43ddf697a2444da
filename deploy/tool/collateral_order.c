/* `baton collateral`: orders of printed material, and what they cost. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baton/v1/collateral.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 64 << 20, PAGE = 100, LINES_MAX = 50, YEAR = 12 };

static const char *status_of(const Baton__CollateralOrder *o, struct arena *a)
{
    return output_word(a, &baton__collateral_order_status__descriptor, (int)o->status,
                       "COLLATERAL_ORDER_STATUS_");
}

/* All answers about an order begin alike. */
static void print_order(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__CollateralOrder *o = ((const Baton__PickOrderResponse *)answer)->order;
    fprintf(t->out, "order %s: %s\n", o->id, status_of(o, a));
    for (size_t i = 0; i < o->n_lines; i++) {
        const Baton__CollateralLine *line = o->lines[i];
        fprintf(t->out, "%s: %u ordered, %u approved, %u picked, %u sent, %u received, %u owed\n",
                line->item_id, line->ordered, line->approved, line->picked, line->shipped, line->received,
                line->back_ordered);
    }
}

/* --- order --- */

struct ordering {
    const char *campaign, *to, *account, *contact, *note;
    char **words;
    size_t n_words;
};

/* "ID:NUMBER" */
static bool wish_of(char *text, Baton__CollateralWish *w, struct arena *a, struct refusal *no)
{
    char *colon = strchr(text, ':'), *end = NULL;
    unsigned long n = colon != NULL ? strtoul(colon + 1, &end, 10) : 0;
    baton__collateral_wish__init(w);
    if (end == NULL || *end != '\0' || n == 0 || n > UINT32_MAX)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "what is ordered is written like ID:25");
    w->item_id = arena_strndup(a, text, (size_t)(colon - text));
    w->has_quantity = true;
    w->quantity = (uint32_t)n;
    return true;
}

static bool order(struct session *s)
{
    const struct ordering *o = s->arg;
    Baton__OrderCollateralRequest q = BATON__ORDER_COLLATERAL_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.place_id = o->words[0];
    q.lines = ARENA_ARRAY(s->arena, Baton__CollateralWish *, o->n_words);
    for (size_t i = 1; i < o->n_words; i++) {
        q.lines[q.n_lines] = ARENA_NEW(s->arena, Baton__CollateralWish);
        if (!wish_of(o->words[i], q.lines[q.n_lines++], s->arena, &s->no))
            return false;
    }
    q.campaign = (char *)(uintptr_t)o->campaign;
    q.ship_to = (char *)(uintptr_t)o->to;
    q.account_id = (char *)(uintptr_t)o->account;
    q.contact_id = (char *)(uintptr_t)o->contact;
    q.note = (char *)(uintptr_t)o->note;
    return session_ask(s, "CollateralService/OrderCollateral", &q, print_order);
}

int tool_collateral_order(struct tool *t, int argc, char **argv)
{
    struct ordering o = {0};
    int first;
    const struct option_row rows[] = {
        {"campaign", OPTION_TEXT, &o.campaign}, {"to", OPTION_TEXT, &o.to},
        {"account", OPTION_TEXT, &o.account},   {"contact", OPTION_TEXT, &o.contact},
        {"note", OPTION_TEXT, &o.note},
    };
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 2, 1 + LINES_MAX, &first))
        return TOOL_USAGE;
    o.words = argv + first;
    o.n_words = (size_t)(argc - first);
    return session_run(t, MEMORY, order, &o);
}

/* --- orders --- */

struct listing {
    const char *place, *status;
    bool mine, open;
};

static void add_order(struct grid *g, const Baton__CollateralOrder *o, struct arena *a)
{
    uint64_t units = 0;
    for (size_t i = 0; i < o->n_lines; i++)
        units += o->lines[i]->ordered;
    grid_add(g, (const char *[]){
                    output_time(a, o->created_at), status_of(o, a), output_number(a, units),
                    o->cost != NULL ? output_amount(a, o->cost->minor_units, o->cost->currency_code) : "",
                    o->cost != NULL ? o->cost->currency_code : "", o->campaign, o->id});
}

static bool orders(struct session *s)
{
    const struct listing *l = s->arg;
    Baton__ListOrdersRequest q = BATON__LIST_ORDERS_REQUEST__INIT;
    struct grid g;
    q.place_id = (char *)(uintptr_t)l->place;
    q.has_status = l->status != NULL;
    q.status = q.has_status ? option_word(&baton__collateral_order_status__descriptor,
                                          "COLLATERAL_ORDER_STATUS_", l->status)
                            : 0;
    q.has_mine = q.mine = l->mine;
    q.has_open = q.open = l->open;
    q.has_page_size = true;
    q.page_size = PAGE;
    if (q.has_status && q.status == 0)
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "there is no status \"%.40s\" of orders",
                      l->status);
    grid_init(&g, s->arena, "ordered|status|>units|>cost||campaign|id");
    do {
        const Baton__ListOrdersResponse *r = session_call(s, "CollateralService/ListOrders", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_orders; i++)
            if (s->tool->json)
                tool_print_json(s->tool, r->orders[i]);
            else
                add_order(&g, r->orders[i], s->arena);
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_collateral_orders(struct tool *t, int argc, char **argv)
{
    struct listing l = {0};
    int first;
    const struct option_row rows[] = {{"place", OPTION_TEXT, &l.place},
                                      {"status", OPTION_TEXT, &l.status},
                                      {"mine", OPTION_FLAG, &l.mine},
                                      {"open", OPTION_FLAG, &l.open}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, MEMORY, orders, &l);
}

/* --- what becomes of one --- */

static bool approve(struct session *s)
{
    Baton__ApproveOrderRequest q = BATON__APPROVE_ORDER_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.order_id = s->words[0];
    return session_ask(s, "CollateralService/ApproveOrder", &q, print_order);
}

static bool reject(struct session *s)
{
    Baton__RejectOrderRequest q = BATON__REJECT_ORDER_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.order_id = s->words[0];
    q.reason = s->words[1];
    return session_ask(s, "CollateralService/RejectOrder", &q, print_order);
}

static bool pick(struct session *s)
{
    Baton__PickOrderRequest q = BATON__PICK_ORDER_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.order_id = s->words[0];
    return session_ask(s, "CollateralService/PickOrder", &q, print_order);
}

static bool ship(struct session *s)
{
    Baton__ShipOrderRequest q = BATON__SHIP_ORDER_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.order_id = s->words[0];
    q.tracking = s->n_words > 1 ? s->words[1] : NULL;
    return session_ask(s, "CollateralService/ShipOrder", &q, print_order);
}

static bool come(struct session *s)
{
    Baton__ReceiveOrderRequest q = BATON__RECEIVE_ORDER_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.order_id = s->words[0];
    return session_ask(s, "CollateralService/ReceiveOrder", &q, print_order);
}

static bool cancel(struct session *s)
{
    Baton__CancelOrderRequest q = BATON__CANCEL_ORDER_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.order_id = s->words[0];
    return session_ask(s, "CollateralService/CancelOrder", &q, print_order);
}

int tool_collateral_approve(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, approve);
}

int tool_collateral_reject(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, 2, MEMORY, reject);
}

int tool_collateral_pick(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, pick);
}

int tool_collateral_ship(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 2, MEMORY, ship);
}

int tool_collateral_received(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, come);
}

int tool_collateral_cancel(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, cancel);
}

/* --- cost --- */

static bool cost(struct session *s)
{
    Baton__GetCollateralCostRequest q = BATON__GET_COLLATERAL_COST_REQUEST__INIT;
    struct grid g;
    q.has_by = q.has_page_size = true;
    q.by = option_word(&baton__collateral_cost_by__descriptor, "COLLATERAL_COST_BY_", s->words[0]);
    q.page_size = PAGE;
    if (q.by == 0)
        return refuse(&s->no, REFUSAL_INVALID_ARGUMENT, NULL, "cost is told by campaign, by team, or of all");
    grid_init(&g, s->arena, "of|month|>units|>cost|");
    do {
        const Baton__GetCollateralCostResponse *r =
            session_call(s, "CollateralService/GetCollateralCost", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_costs; i++) {
            const Baton__CollateralCost *c = r->costs[i];
            if (s->tool->json)
                tool_print_json(s->tool, c);
            else
                grid_add(&g, (const char *[]){c->of,
                                              arena_printf(s->arena, "%04u-%02u", (unsigned)(c->month / YEAR),
                                                           (unsigned)(c->month % YEAR + 1)),
                                              output_number(s->arena, c->units),
                                              output_amount(s->arena, c->minor_units, c->currency_code),
                                              c->currency_code});
        }
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_collateral_cost(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 1, 1, MEMORY, cost);
}
