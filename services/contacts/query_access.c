/* Who looked at a record, or what somebody looked at: the newest hours first. */
#include "services/contacts/rows.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };

bool contacts_query_access(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__ListAccessRequest *r = (const Baton__ListAccessRequest *)c->request;
    struct table_scan scan;
    const Baton__AccessCount *row = NULL;
    if (!r->record_id == !r->user_id)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "record_id", "either a record or a user is named");
    if (!table_scan_open(&scan, l->txn, CONTACTS_ACCESS, r->record_id ? "record_id" : "user_id",
                         r->record_id ? r->record_id : r->user_id, r->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    size_t most = r->has_page_size && r->page_size ? r->page_size : PAGE_DEFAULT;
    most = most < PAGE_MAX ? most : PAGE_MAX;
    Baton__ListAccessResponse *out = ARENA_NEW(l->arena, Baton__ListAccessResponse);
    baton__list_access_response__init(out);
    out->accesses = ARENA_ARRAY(l->arena, Baton__AccessCount *, most);
    while (out->n_accesses < most && (row = table_scan_next(&scan, l->arena)))
        out->accesses[out->n_accesses++] = (Baton__AccessCount *)(uintptr_t)row;
    if (row)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}
