/* Reading what was thought of an opportunity, and what has stalled. */
#include "services/opportunities/rows.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, LOOK_MAX = 2000 };

static size_t page_size(uint32_t size)
{
    return !size ? PAGE_DEFAULT : size < PAGE_MAX ? size : PAGE_MAX;
}

bool opportunities_query_estimates(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                   struct refusal *no)
{
    const Baton__ListEstimatesRequest *q = (const Baton__ListEstimatesRequest *)c->request;
    const ProtobufCMessage *o = table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, q->opportunity_id, l->arena);
    struct table_scan scan;
    if (!records_may_read(l, OPPORTUNITIES_OPPORTUNITY, o, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "opportunity_id", "there is no such record");
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_ESTIMATE, "opportunity_id", q->opportunity_id,
                         q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token");
    Baton__ListEstimatesResponse *out = ARENA_NEW(l->arena, Baton__ListEstimatesResponse);
    baton__list_estimates_response__init(out);
    const size_t most = page_size(q->page_size);
    Baton__Estimate *e = NULL;
    out->estimates = ARENA_ARRAY(l->arena, Baton__Estimate *, most);
    while (out->n_estimates < most && (e = table_scan_next(&scan, l->arena)))
        out->estimates[out->n_estimates++] = e;
    if (e)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}

/* NULL: it is not the caller's to see. */
static Baton__StalledOpportunity *stalled(struct load *l, const char *id, const Baton__Actor *actor)
{
    Baton__StalledOpportunity *x = ARENA_NEW(l->arena, Baton__StalledOpportunity);
    ProtobufCMessage *o = table_get_id(l->txn, OPPORTUNITIES_OPPORTUNITY, id, l->arena);
    const Baton__DealClock *clock = table_get_id(l->txn, OPPORTUNITIES_CLOCK, id, l->arena);
    if (!records_may_read(l, OPPORTUNITIES_OPPORTUNITY, o, actor))
        return NULL;
    baton__stalled_opportunity__init(x);
    x->opportunity = (Baton__Opportunity *)records_view(l, OPPORTUNITIES_OPPORTUNITY, actor, o);
    x->last_activity_at = clock ? timestamp_of(l->arena, clock->last_us) : NULL;
    return x;
}

bool opportunities_query_stalled(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                 struct refusal *no)
{
    const Baton__ListStalledRequest *q = (const Baton__ListStalledRequest *)c->request;
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_STALLED, q->owner_id ? "owner_id" : NULL, q->owner_id,
                         q->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token");
    Baton__ListStalledResponse *out = ARENA_NEW(l->arena, Baton__ListStalledResponse);
    baton__list_stalled_response__init(out);
    const size_t most = page_size(q->page_size);
    const Baton__StalledDeal *row = NULL;
    out->stalled = ARENA_ARRAY(l->arena, Baton__StalledOpportunity *, most);
    for (int looked = 0;
         out->n_stalled < most && looked < LOOK_MAX && (row = table_scan_next(&scan, l->arena)); looked++) {
        Baton__StalledOpportunity *x = stalled(l, row->opportunity_id, c->actor);
        if (x)
            out->stalled[out->n_stalled++] = x;
    }
    if (row)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}
