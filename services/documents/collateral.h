/* Decisions about printed material: what there is of it where, and orders of it. */
#ifndef BATON_DOCUMENTS_COLLATERAL_H
#define BATON_DOCUMENTS_COLLATERAL_H

#include "baton/v1/collateral.pb-c.h"
#include "services/documents/documents.h"

enum {
    COLLATERAL_LINES_MAX = 50,   /* of an order */
    COLLATERAL_WAITING_MAX = 50, /* orders that are served in one step */
    COLLATERAL_UNITS_MAX = 500   /* of an order that needs no approval, unless the settings say otherwise */
};

/* --- items and places (decide_collateral.c) --- */

/* What a change of an item or a place is decided on. */
struct collateral_record_facts {
    bool has_document;                /* it names one, and the actor reads it */
    bool has_stock, has_orders;       /* there ever were any */
    const Baton__StockBalance *total; /* of the item; NULL: there never was any */
    const char *stranger_id;          /* a keeper who is nobody here; NULL: there is none */
};
/* `extra`: the above. */
record_check_fn collateral_check_item, collateral_check_place;
/* The record functions change no orders. */
record_check_fn collateral_check_order;

/* --- stock (decide_collateral_stock.c) --- */

/* An item at a place. */
struct collateral_stock {
    const Baton__CollateralItem *item;          /* NULL: there is none */
    const Baton__StockBalance *balance, *total; /* NULL: there never was any; of all places together */
};

/* One command's changes of stock, as they become an event. */
struct collateral_book {
    Baton__StockChanged *event;
    struct stamp *s;
    struct outcome *out;
};
struct collateral_book collateral_book(struct stamp *s, struct outcome *out);
/* It is said, if there is anything to say. */
void collateral_book_close(struct collateral_book *b);

/* What a command does to an item at a place. */
struct collateral_change {
    int64_t moved; /* a line of the ledger, unless it is 0 */
    Baton__StockReason why;
    const Baton__CollateralOrder *order; /* NULL: it is of none */
    int64_t unit_cost;
    const char *other_place_id, *note;
    int64_t picked, back_ordered; /* so much more, or less */
};
/* The balance as it is then, which nothing is below zero of: whoever asks has made sure. */
Baton__StockBalance *collateral_book_change(struct collateral_book *b, const struct collateral_stock *stock,
                                            const Baton__StockPlace *place,
                                            const struct collateral_change *c);
/* So many of the line are what the place owes the order; 0: none any more. */
void collateral_back_order(struct collateral_book *b, const Baton__CollateralOrder *o,
                           const Baton__CollateralLine *line, uint32_t quantity);
/* How much can be set aside for an order that does not wait yet; and taken away. */
uint64_t collateral_free(const Baton__StockBalance *b);
uint64_t collateral_loose(const Baton__StockBalance *b);
/* Whether less is left than the item says. */
bool collateral_is_low(const Baton__CollateralItem *item, const Baton__StockBalance *total);

struct collateral_stock_facts {
    struct collateral_stock stock, to;         /* of where it goes to: the balance alone */
    const Baton__StockPlace *place, *to_place; /* NULL: there is none */
    bool is_keeper;
};
decide_fn collateral_decide_receive, collateral_decide_count, collateral_decide_scrap, collateral_decide_move;

/* Of a balance's timer: who waits for it, the oldest first. */
struct collateral_due_facts {
    struct collateral_stock stock;
    const Baton__StockPlace *place;
    struct {
        const Baton__BackOrder *row;
        const Baton__CollateralOrder *order;
        uint64_t seq;
    } waiting[COLLATERAL_WAITING_MAX];
    size_t n;
};
decide_fn collateral_decide_due;

/* --- orders (decide_collateral_order.c, decide_collateral_ship.c) --- */

struct collateral_order_facts {
    const Baton__DocumentSettings *settings;
    const Baton__StockPlace *place;
    const Baton__CollateralOrder *order; /* NULL: none that the actor sees */
    uint64_t order_seq;
    bool is_in_charge, is_keeper, is_own;
    const char *team_id, *approver_id;                   /* of whoever orders: NULL: none */
    struct collateral_stock lines[COLLATERAL_LINES_MAX]; /* of the order, or of what is to be one */
};
decide_fn collateral_decide_order, collateral_decide_approve, collateral_decide_reject,
    collateral_decide_cancel;
decide_fn collateral_decide_pick, collateral_decide_ship, collateral_decide_come;

/* Status, cost and desk, as they follow from the lines. */
void collateral_order_refresh(Baton__CollateralOrder *o, struct arena *a);
/* Who leaves hands on what is not over. */
bool collateral_order_stays(const ProtobufCMessage *order);
/* The order changes, and is the answer. */
bool collateral_order_changed(const struct collateral_order_facts *f, Baton__CollateralOrder *after,
                              const ProtobufCMessageDescriptor *answer, struct stamp *s, struct outcome *out);
/* What is asked of each line of the order; for each the wish, or what `open` says where there are no wishes.
   False: refused, for a wish is of no line, or for more than is open. */
bool collateral_wishes(const Baton__CollateralOrder *o, Baton__CollateralWish *const *wishes, size_t n,
                       const uint32_t open[], const char *what, uint32_t wanted[], struct refusal *no);
/* News of an order for these people; nothing where there are none. */
void collateral_order_news(const Baton__CollateralOrder *o, const struct collateral_stock *first,
                           Baton__CollateralNewsKind kind, char **user_ids, size_t n, struct outcome *out);
/* `record` as the first field of a reply of this type. */
void collateral_answer(void *record, const ProtobufCMessageDescriptor *answer, struct outcome *out);

/* Whoever was erased. */
decide_fn collateral_decide_erased;

#endif
