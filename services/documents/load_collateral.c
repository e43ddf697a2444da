/* Facts about printed material: what there is of it where, and who may do what to it. */
#include <string.h>

#include "service/handover.h"
#include "service/sharing.h"
#include "services/documents/rows.h"

static const struct sharing_tables tables = {DOCUMENTS_USER, DOCUMENTS_TEAM, DOCUMENTS_ORGANISATION,
                                             DOCUMENTS_GONE};

static const Baton__StockPlace *place_of(struct load *l, const char *id)
{
    return table_get_id(l->txn, DOCUMENTS_STOCK_PLACE, id, l->arena);
}

const Baton__StockBalance *documents_balance(struct load *l, const char *item_id, const char *place_id)
{
    struct key key = key_of(item_id);
    key_text(&key, place_id);
    return table_get(l->txn, DOCUMENTS_STOCK_BALANCE, &key, l->arena);
}

static struct collateral_stock stock_of(struct load *l, const char *item_id, const char *place_id)
{
    return (struct collateral_stock){
        .item = table_get_id(l->txn, DOCUMENTS_COLLATERAL_ITEM, item_id, l->arena),
        .balance = documents_balance(l, item_id, place_id),
        .total = documents_balance(l, item_id, ""),
    };
}

static bool keeps(const Baton__StockPlace *place, const Baton__Actor *actor)
{
    bool is = actor_is(actor, BATON__ROLE__ROLE_ADMIN);
    for (size_t i = 0; place && actor->user_id && !is && i < place->n_keeper_ids; i++)
        is = strcmp(place->keeper_ids[i], actor->user_id) == 0;
    return is;
}

/* --- who sees orders --- */

enum record_reach documents_row_order_reach(struct load *l, const ProtobufCMessage *record,
                                            const Baton__Actor *actor)
{
    const Baton__CollateralOrder *o = (const Baton__CollateralOrder *)record;
    struct sharing_facts f = {0};
    if (actor_is(actor, BATON__ROLE__ROLE_SYSTEM) || actor_is(actor, BATON__ROLE__ROLE_SERVICE))
        return RECORD_OWN;
    sharing_load(l, &tables, record, actor, true, &f);
    if (sharing_is_in_charge(&f, actor))
        return RECORD_OWN;
    return keeps(place_of(l, o->place_id), actor) ? RECORD_WRITE : RECORD_HIDDEN;
}

/* --- items and places --- */

static bool has_any(struct load *l, unsigned table, const char *field, const char *id)
{
    struct table_scan scan;
    if (!id || !table_scan_open(&scan, l->txn, table, field, id, NULL, false))
        return false;
    bool has = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return has;
}

static const char *id_of(const struct command *c)
{
    const ProtobufCMessage *wanted = record_wanted(c);
    return wanted ? schema_get_text(wanted, "id") : schema_get_text(c->request, "id");
}

void *documents_load_item(struct load *l, const struct command *c)
{
    struct collateral_record_facts *f = ARENA_NEW(l->arena, struct collateral_record_facts);
    const Baton__CollateralItem *wanted = (const Baton__CollateralItem *)record_wanted(c);
    const char *id = id_of(c), *document_id = wanted ? wanted->document_id : NULL;
    const Baton__Document *d =
        document_id ? table_get_id(l->txn, DOCUMENTS_DOCUMENT, document_id, l->arena) : NULL;
    /* what comes back was looked at when it came */
    f->has_document = !wanted || (d && records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, c->actor));
    f->total = id ? documents_balance(l, id, "") : NULL;
    f->has_stock = f->total || has_any(l, DOCUMENTS_COLLATERAL_ORDER, "item_ids", id);
    return f;
}

void *documents_load_place(struct load *l, const struct command *c)
{
    struct collateral_record_facts *f = ARENA_NEW(l->arena, struct collateral_record_facts);
    const Baton__StockPlace *wanted = (const Baton__StockPlace *)record_wanted(c);
    const char *id = id_of(c);
    f->has_stock = has_any(l, DOCUMENTS_STOCK_BALANCE, "place_id", id);
    f->has_orders = has_any(l, DOCUMENTS_COLLATERAL_ORDER, "place_id", id);
    for (size_t i = 0; wanted && i < wanted->n_keeper_ids; i++)
        if (!table_get_id(l->txn, DOCUMENTS_USER, wanted->keeper_ids[i], l->arena))
            f->stranger_id = wanted->keeper_ids[i];
    return f;
}

/* --- stock --- */

void *documents_load_stock(struct load *l, const struct command *c)
{
    struct collateral_stock_facts *f = ARENA_NEW(l->arena, struct collateral_stock_facts);
    const char *item_id = schema_get_text(c->request, "item_id");
    bool moves = c->request->descriptor == &baton__move_stock_request__descriptor;
    const char *to_id = moves ? ((const Baton__MoveStockRequest *)c->request)->to_place_id : NULL;
    f->place = place_of(l, schema_get_text(c->request, "place_id"));
    if (!f->place)
        return f;
    f->is_keeper = keeps(f->place, c->actor);
    f->stock = stock_of(l, item_id, f->place->id);
    f->to_place = to_id ? place_of(l, to_id) : NULL;
    if (f->to_place)
        f->to = stock_of(l, item_id, f->to_place->id);
    return f;
}

static const Baton__CollateralOrder *order_of(struct load *l, const char *id, uint64_t *seq)
{
    struct key key = key_of(id);
    *seq = table_seq(l->txn, DOCUMENTS_COLLATERAL_ORDER, &key);
    return table_get_id(l->txn, DOCUMENTS_COLLATERAL_ORDER, id, l->arena);
}

void *documents_load_stock_due(struct load *l, const struct command *c)
{
    const Baton__StockBalance *row = (const Baton__StockBalance *)c->request;
    struct collateral_due_facts *f = ARENA_NEW(l->arena, struct collateral_due_facts);
    struct table_scan scan;
    struct key under = key_of(row->item_id);
    const Baton__BackOrder *waits;
    key_text(&under, row->place_id);
    f->stock = stock_of(l, row->item_id, row->place_id);
    f->place = place_of(l, row->place_id);
    if (!table_scan_under(&scan, l->txn, DOCUMENTS_BACK_ORDER, &under, NULL, NULL, false))
        return f;
    for (; f->n < COLLATERAL_WAITING_MAX && (waits = table_scan_next(&scan, l->arena)); f->n++) {
        f->waiting[f->n].row = waits;
        f->waiting[f->n].order = order_of(l, waits->order_id, &f->waiting[f->n].seq);
    }
    table_scan_close(&scan);
    return f;
}

/* --- orders --- */

/* The nearest manager above who is here and somebody else. */
static const char *approver_of(struct load *l, const Baton__User *orderer)
{
    const char *id = orderer ? orderer->team_id : NULL;
    for (int n = 0; id && n < SHARING_TEAMS_MAX; n++) {
        const Baton__Team *team = table_get_id(l->txn, DOCUMENTS_TEAM, id, l->arena);
        const Baton__User *u = team ? table_get_id(l->txn, DOCUMENTS_USER, team->manager_id, l->arena) : NULL;
        if (u && strcmp(u->id, orderer->id) != 0 && u->role == BATON__ROLE__ROLE_MANAGER &&
            u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE)
            return u->id;
        id = team ? team->parent_id : NULL;
    }
    return NULL;
}

void *documents_load_new_order(struct load *l, const struct command *c)
{
    const Baton__OrderCollateralRequest *r = (const Baton__OrderCollateralRequest *)c->request;
    struct collateral_order_facts *f = ARENA_NEW(l->arena, struct collateral_order_facts);
    const Baton__User *orderer = table_get_id(l->txn, DOCUMENTS_USER, c->actor->user_id, l->arena);
    f->settings = documents_settings(l);
    f->place = place_of(l, r->place_id);
    f->team_id = orderer ? orderer->team_id : NULL;
    f->approver_id = approver_of(l, orderer);
    for (size_t i = 0; i < r->n_lines; i++)
        f->lines[i].item = table_get_id(l->txn, DOCUMENTS_COLLATERAL_ITEM, r->lines[i]->item_id, l->arena);
    return f;
}

void *documents_load_order(struct load *l, const struct command *c)
{
    struct collateral_order_facts *f = ARENA_NEW(l->arena, struct collateral_order_facts);
    const Baton__CollateralOrder *o = order_of(l, schema_get_text(c->request, "order_id"), &f->order_seq);
    if (!o || !records_may_read(l, DOCUMENTS_COLLATERAL_ORDER, &o->base, c->actor))
        return f;
    f->order = o;
    f->place = place_of(l, o->place_id);
    f->is_in_charge = documents_row_order_reach(l, &o->base, c->actor) == RECORD_OWN;
    f->is_keeper = keeps(f->place, c->actor);
    f->is_own = c->actor->user_id && o->owner_id && strcmp(c->actor->user_id, o->owner_id) == 0;
    for (size_t i = 0; i < o->n_lines; i++)
        f->lines[i] = stock_of(l, o->lines[i]->item_id, o->place_id);
    return f;
}
