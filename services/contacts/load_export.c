/* Facts for exports: a page of records. */
#include <string.h>

#include "services/contacts/rows.h"

static const struct {
    const char *type;
    unsigned table;
} exported[] = {{"account", CONTACTS_ACCOUNT}, {"contact", CONTACTS_CONTACT}};

static int table_of(const char *type)
{
    for (size_t i = 0; i < sizeof exported / sizeof *exported; i++)
        if (strcmp(exported[i].type, type) == 0)
            return (int)exported[i].table;
    return -1;
}

void *contacts_load_export(struct load *l, const struct command *c)
{
    const Baton__ExportRecordsRequest *q = (const Baton__ExportRecordsRequest *)c->request;
    struct export_facts *f = ARENA_NEW(l->arena, struct export_facts);
    struct table_scan scan;
    int table = table_of(q->type);
    if (table < 0)
        return f;
    f->type = table_message(txn_store(l->txn), (unsigned)table);
    f->bad_where = !table_scan_open(&scan, l->txn, (unsigned)table, q->where_field, q->where_value,
                                    q->page_token, false);
    if (f->bad_where)
        return f;
    size_t most = q->page_size ? q->page_size : EXPORT_ROWS_DEFAULT, bytes = 0;
    ProtobufCMessage *found = NULL;
    enum record_reach *reaches = ARENA_ARRAY(l->arena, enum record_reach, most);
    f->records = ARENA_ARRAY(l->arena, ProtobufCMessage *, most);
    f->reaches = reaches;
    while (f->n < most && bytes < EXPORT_BYTES_MAX && (found = table_scan_next(&scan, l->arena))) {
        if (schema_get_text(found, "merged_into_id") ||
            ((unsigned)table == CONTACTS_CONTACT && ((const Baton__Contact *)found)->erased_at))
            continue; /* whoever brings it in again would have it twice, or somebody who is no more */
        bytes += protobuf_c_message_get_packed_size(found);
        reaches[f->n] = records_reach(l, (unsigned)table, found, c->actor);
        f->records[f->n++] = found;
    }
    if (found)
        f->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    return f;
}
