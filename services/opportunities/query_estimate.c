/* Reading what was thought of an opportunity. */
#include "services/opportunities/rows.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };

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
    size_t most = q->page_size ? q->page_size < PAGE_MAX ? q->page_size : PAGE_MAX : PAGE_DEFAULT;
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
