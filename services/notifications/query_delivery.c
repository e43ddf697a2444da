/* What operators are shown of deliveries. */
#include "services/notifications/rows.h"

enum { PAGE = 50, PAGE_MAX = 200 };

static size_t page(const Baton__ListDeliveriesRequest *q)
{
    return !q->page_size ? PAGE : q->page_size < PAGE_MAX ? q->page_size : PAGE_MAX;
}

static void named(struct load *l, const Baton__ListDeliveriesRequest *q, Baton__ListDeliveriesResponse *r)
{
    r->deliveries = ARENA_ARRAY(l->arena, Baton__ChannelDelivery *, q->n_ids);
    for (size_t i = 0; i < q->n_ids; i++) {
        Baton__ChannelDelivery *d = table_get_id(l->txn, NOTIFICATIONS_DELIVERY, q->ids[i], l->arena);
        if (d)
            r->deliveries[r->n_deliveries++] = d;
    }
}

/* False: the page token is not one. */
static bool newest(struct load *l, const Baton__ListDeliveriesRequest *q, Baton__ListDeliveriesResponse *r)
{
    const char *shelf = q->dead ? "dead" : q->open ? "open" : NULL;
    struct table_scan scan;
    Baton__ChannelDelivery *d = NULL;
    size_t most = page(q);
    if (!table_scan_open(&scan, l->txn, NOTIFICATIONS_DELIVERY, shelf ? "shelf" : NULL, shelf, q->page_token,
                         true))
        return false;
    r->deliveries = ARENA_ARRAY(l->arena, Baton__ChannelDelivery *, most);
    while (r->n_deliveries < most && (d = table_scan_next(&scan, l->arena)))
        r->deliveries[r->n_deliveries++] = d;
    if (d)
        r->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    return true;
}

bool notifications_query_deliveries(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                    struct refusal *no)
{
    const Baton__ListDeliveriesRequest *q = (const Baton__ListDeliveriesRequest *)c->request;
    Baton__ListDeliveriesResponse *r = ARENA_NEW(l->arena, Baton__ListDeliveriesResponse);
    baton__list_deliveries_response__init(r);
    *reply = &r->base;
    if (q->n_ids)
        named(l, q, r);
    else if (!newest(l, q, r))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is not a page token of this list");
    r->has_open = r->has_dead = true;
    r->dead = notifications_deliveries_count(l, &r->open);
    return true;
}
