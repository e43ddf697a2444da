/* `baton collateral`: printed material, what there is of it where, and orders. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "baton/v1/collateral.pb-c.h"
#include "baton/v1/record.pb-c.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/records.h"
#include "tool/session.h"

enum { MEMORY = 64 << 20, PAGE = 100, LINES_MAX = 50 };

/* False: it is none. */
static bool number_of(const char *text, uint32_t *n, struct refusal *no)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    *n = (uint32_t)value;
    return (*text >= '0' && *text <= '9' && *end == '\0' && value <= UINT32_MAX) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "\"%.40s\" is no number of pieces", text);
}

/* --- item, place --- */

struct making {
    const char *unit, *cost, *document, *address;
    long low;
    struct option_list keepers;
    char **words;
};

static void print_record(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__Record *r = ((const Baton__CreateRecordResponse *)answer)->record;
    if (r->record_case == BATON__RECORD__RECORD_COLLATERAL_ITEM)
        fprintf(t->out, "%s %s\n", r->collateral_item->id, output_text(a, r->collateral_item->name));
    else
        fprintf(t->out, "%s %s\n", r->stock_place->id, output_text(a, r->stock_place->name));
}

static bool create(struct session *s, Baton__Record *record)
{
    Baton__CreateRecordRequest q = BATON__CREATE_RECORD_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.record = record;
    return session_ask(s, "RecordService/CreateRecord", &q, print_record);
}

/* "1.50EUR" */
static bool cost_of(const char *text, Baton__Money *cost, struct arena *a, struct refusal *no)
{
    size_t size = strlen(text);
    const char *currency = size > 3 ? text + size - 3 : "";
    int digits = money_digits(currency);
    cost->currency_code = (char *)(uintptr_t)currency;
    cost->has_minor_units = true;
    return (digits >= 0 && decimal_parse(arena_strndup(a, text, size - 3), digits, &cost->minor_units)) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "costs are written like 1.50EUR");
}

static bool item(struct session *s)
{
    const struct making *m = s->arg;
    Baton__CollateralItem i = BATON__COLLATERAL_ITEM__INIT;
    Baton__Money cost = BATON__MONEY__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    i.sku = m->words[0];
    i.name = m->words[1];
    i.unit = (char *)(uintptr_t)m->unit;
    i.document_id = (char *)(uintptr_t)m->document;
    i.has_low_level = m->low > 0;
    i.low_level = (uint32_t)m->low;
    if (m->cost != NULL && !cost_of(m->cost, &cost, s->arena, &s->no))
        return false;
    i.unit_cost = m->cost != NULL ? &cost : NULL;
    record.record_case = BATON__RECORD__RECORD_COLLATERAL_ITEM;
    record.collateral_item = &i;
    return create(s, &record);
}

int tool_collateral_item(struct tool *t, int argc, char **argv)
{
    struct making m = {0};
    int first;
    const struct option_row rows[] = {{"unit", OPTION_TEXT, &m.unit},
                                      {"cost", OPTION_TEXT, &m.cost},
                                      {"document", OPTION_TEXT, &m.document},
                                      {"low", OPTION_NUMBER, &m.low}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 2, 2, &first))
        return TOOL_USAGE;
    m.words = argv + first;
    return session_run(t, MEMORY, item, &m);
}

static bool place(struct session *s)
{
    const struct making *m = s->arg;
    Baton__StockPlace p = BATON__STOCK_PLACE__INIT;
    Baton__Record record = BATON__RECORD__INIT;
    p.name = m->words[0];
    p.address = (char *)(uintptr_t)m->address;
    p.keeper_ids = (char **)(uintptr_t)m->keepers.values;
    p.n_keeper_ids = m->keepers.n;
    record.record_case = BATON__RECORD__RECORD_STOCK_PLACE;
    record.stock_place = &p;
    return create(s, &record);
}

int tool_collateral_place(struct tool *t, int argc, char **argv)
{
    struct making m = {0};
    int first;
    const struct option_row rows[] = {{"address", OPTION_TEXT, &m.address},
                                      {"keeper", OPTION_LIST, &m.keepers}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 1, 1, &first))
        return TOOL_USAGE;
    m.words = argv + first;
    return session_run(t, MEMORY, place, &m);
}

/* --- stock --- */

struct listing {
    const char *place, *status;
    bool low, mine, open;
};

static void add_stock(struct grid *g, const Baton__CollateralStock *s, struct arena *a)
{
    const Baton__StockBalance *b = s->total;
    grid_add(g, (const char *[]){s->item->sku, s->item->name, output_number(a, b != NULL ? b->on_hand : 0),
                                 output_number(a, b != NULL ? b->picked : 0),
                                 output_number(a, b != NULL ? b->back_ordered : 0),
                                 b != NULL && b->low ? "low" : "", s->item->id});
    for (size_t i = 0; i < s->n_places; i++) {
        b = s->places[i];
        grid_add(g, (const char *[]){"", "", output_number(a, b->on_hand), output_number(a, b->picked),
                                     output_number(a, b->back_ordered), "at", b->place_id});
    }
}

static bool stock(struct session *s)
{
    const struct listing *l = s->arg;
    Baton__ListCollateralRequest q = BATON__LIST_COLLATERAL_REQUEST__INIT;
    struct grid g;
    q.place_id = (char *)(uintptr_t)l->place;
    q.has_low = q.low = l->low;
    q.has_page_size = true;
    q.page_size = PAGE;
    grid_init(&g, s->arena, "sku|name|>there|>picked|>owed||id");
    do {
        const Baton__ListCollateralResponse *r = session_call(s, "CollateralService/ListCollateral", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_stock; i++)
            if (s->tool->json)
                tool_print_json(s->tool, r->stock[i]);
            else
                add_stock(&g, r->stock[i], s->arena);
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_collateral_stock(struct tool *t, int argc, char **argv)
{
    struct listing l = {0};
    int first;
    const struct option_row rows[] = {{"place", OPTION_TEXT, &l.place}, {"low", OPTION_FLAG, &l.low}};
    if (!options_read(rows, sizeof rows / sizeof *rows, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, MEMORY, stock, &l);
}

/* All answers to changes of stock begin alike. */
static void print_balance(struct tool *t, const void *answer, struct arena *a)
{
    const Baton__StockBalance *b = ((const Baton__ReceiveStockResponse *)answer)->balance;
    fprintf(t->out, "%s are there, %s of them picked\n", output_number(a, b != NULL ? b->on_hand : 0),
            output_number(a, b != NULL ? b->picked : 0));
}

static bool receive(struct session *s)
{
    Baton__ReceiveStockRequest q = BATON__RECEIVE_STOCK_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.item_id = s->words[0];
    q.place_id = s->words[1];
    q.has_quantity = true;
    return number_of(s->words[2], &q.quantity, &s->no) &&
           session_ask(s, "CollateralService/ReceiveStock", &q, print_balance);
}

static bool count(struct session *s)
{
    Baton__CountStockRequest q = BATON__COUNT_STOCK_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.item_id = s->words[0];
    q.place_id = s->words[1];
    q.has_counted = true;
    return number_of(s->words[2], &q.counted, &s->no) &&
           session_ask(s, "CollateralService/CountStock", &q, print_balance);
}

static bool scrap(struct session *s)
{
    Baton__ScrapStockRequest q = BATON__SCRAP_STOCK_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.item_id = s->words[0];
    q.place_id = s->words[1];
    q.has_quantity = true;
    return number_of(s->words[2], &q.quantity, &s->no) &&
           session_ask(s, "CollateralService/ScrapStock", &q, print_balance);
}

static bool move(struct session *s)
{
    Baton__MoveStockRequest q = BATON__MOVE_STOCK_REQUEST__INIT;
    q.request_id = request_id_new(s->arena);
    q.item_id = s->words[0];
    q.place_id = s->words[1];
    q.to_place_id = s->words[2];
    q.has_quantity = true;
    return number_of(s->words[3], &q.quantity, &s->no) &&
           session_ask(s, "CollateralService/MoveStock", &q, print_balance);
}

int tool_collateral_receive(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 3, 3, MEMORY, receive);
}

int tool_collateral_count(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 3, 3, MEMORY, count);
}

int tool_collateral_scrap(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 3, 3, MEMORY, scrap);
}

int tool_collateral_move(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 4, 4, MEMORY, move);
}

static bool ledger(struct session *s)
{
    Baton__GetStockLedgerRequest q = BATON__GET_STOCK_LEDGER_REQUEST__INIT;
    struct grid g;
    q.item_id = s->words[0];
    q.place_id = s->words[1];
    q.has_page_size = true;
    q.page_size = PAGE;
    grid_init(&g, s->arena, "at|>quantity|why|by|note");
    do {
        const Baton__GetStockLedgerResponse *r = session_call(s, "CollateralService/GetStockLedger", &q);
        if (r == NULL)
            return false;
        for (size_t i = 0; i < r->n_moves; i++) {
            const Baton__StockMove *m = r->moves[i];
            if (s->tool->json)
                tool_print_json(s->tool, m);
            else
                grid_add(&g, (const char *[]){output_time(s->arena, m->at),
                                              arena_printf(s->arena, "%+" PRId64, m->quantity),
                                              output_word(s->arena, &baton__stock_reason__descriptor,
                                                          (int)m->why, "STOCK_REASON_"),
                                              m->by_id, m->note});
        }
        q.page_token = r->next_page_token;
    } while (q.page_token != NULL && *q.page_token != '\0');
    if (!s->tool->json)
        grid_print(&g, s->tool);
    return true;
}

int tool_collateral_ledger(struct tool *t, int argc, char **argv)
{
    return session_words(t, argc, argv, 2, 2, MEMORY, ledger);
}
