/* Which imports there were. */
#include "services/contacts/rows.h"

enum { PAGE_DEFAULT = 50 };

bool contacts_query_import(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__GetImportRequest *q = (const Baton__GetImportRequest *)c->request;
    Baton__ContactImport *import = table_get_id(l->txn, CONTACTS_IMPORT, q->id, l->arena);
    if (!import)
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such import");
    Baton__GetImportResponse *out = ARENA_NEW(l->arena, Baton__GetImportResponse);
    baton__get_import_response__init(out);
    out->import = import;
    *reply = &out->base;
    return true;
}

bool contacts_query_imports(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__ListImportsRequest *q = (const Baton__ListImportsRequest *)c->request;
    struct table_scan scan;
    size_t most = q->page_size ? q->page_size : PAGE_DEFAULT;
    Baton__ContactImport *row = NULL;
    if (!table_scan_open(&scan, l->txn, CONTACTS_IMPORT, NULL, NULL, q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListImportsResponse *out = ARENA_NEW(l->arena, Baton__ListImportsResponse);
    baton__list_imports_response__init(out);
    out->imports = ARENA_ARRAY(l->arena, Baton__ContactImport *, most);
    while (out->n_imports < most && (row = table_scan_next(&scan, l->arena)))
        out->imports[out->n_imports++] = row;
    if (row)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}
