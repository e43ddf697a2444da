/* Quotes as they are read: by who works here, and by the customer who has the link. */
#include "services/opportunities/rows.h"

enum { VERSIONS_MAX = 100, LOOK_MAX = 1000 };

static Baton__QuoteVersion *version_of(const Baton__Quote *q, struct arena *a)
{
    Baton__QuoteVersion *v = ARENA_NEW(a, Baton__QuoteVersion);
    baton__quote_version__init(v);
    v->id = q->id;
    v->has_version = v->has_status = v->has_total = true;
    v->version = q->version;
    v->status = q->status;
    v->total = q->total;
    return v;
}

static void versions_load(struct load *l, const Baton__Quote *of, Baton__GetQuoteResponse *out)
{
    struct table_scan scan;
    const Baton__Quote *q;
    out->versions = ARENA_ARRAY(l->arena, Baton__QuoteVersion *, VERSIONS_MAX);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTE, "opportunity_id", of->opportunity_id, NULL,
                         true))
        return;
    for (int i = 0; i < LOOK_MAX && out->n_versions < VERSIONS_MAX && (q = table_scan_next(&scan, l->arena));
         i++)
        if (q->number == of->number)
            out->versions[out->n_versions++] = version_of(q, l->arena);
    table_scan_close(&scan);
}

bool opportunities_query_quote(struct load *l, const struct command *c, ProtobufCMessage **reply,
                               struct refusal *no)
{
    const Baton__GetQuoteRequest *r = (const Baton__GetQuoteRequest *)c->request;
    Baton__Quote *q = table_get_id(l->txn, OPPORTUNITIES_QUOTE, r->quote_id, l->arena);
    if (!q || !records_may_read(l, OPPORTUNITIES_QUOTE, &q->base, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "quote_id", "there is no such quote");
    Baton__GetQuoteResponse *out = ARENA_NEW(l->arena, Baton__GetQuoteResponse);
    baton__get_quote_response__init(out);
    out->quote = q;
    versions_load(l, q, out);
    *reply = &out->base;
    return true;
}

bool opportunities_query_quote_link(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                    struct refusal *no)
{
    const Baton__GetQuoteByLinkRequest *r = (const Baton__GetQuoteByLinkRequest *)c->request;
    const Baton__Quote *q = opportunities_quote_by_link(l, r->token);
    if (!q)
        return refuse(no, REFUSAL_NOT_FOUND, "token", "there is no such quote");
    Baton__GetQuoteByLinkResponse *out = ARENA_NEW(l->arena, Baton__GetQuoteByLinkResponse);
    baton__get_quote_by_link_response__init(out);
    out->quote = quote_for_customer(q, l->arena);
    *reply = &out->base;
    return true;
}
