/* Exports: whoever may read a record may take it along, and that is written down. */
#include "services/contacts/import.h"

bool contacts_decide_export(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct export_facts *f = facts;
    const Baton__ExportRecordsRequest *q = (const Baton__ExportRecordsRequest *)c->request;
    /* 1: contacts and accounts */
    if (!f->type)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "type", "contacts and accounts can be exported");
    if (f->bad_where)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, q->page_token ? "page_token" : "where_field",
                      "records cannot be listed by this");
    Baton__ExportRecordsResponse *reply = ARENA_NEW(s->arena, Baton__ExportRecordsResponse);
    baton__export_records_response__init(reply);
    reply->records = ARENA_ARRAY(s->arena, Baton__Record *, f->n);
    reply->next_page_token = f->next_page_token;
    /* 2: only what the caller may read */
    for (size_t i = 0; i < f->n; i++)
        if (record_reached(f->type, f->records[i], f->reaches[i], c->actor, false))
            reply->records[reply->n_records++] = record_wrap(f->records[i], s->arena);
    /* 3: every page says who took how many of what; one that is empty does, if it is the first */
    if (reply->n_records || !q->page_token) {
        Baton__RecordsExported *e = ARENA_NEW(s->arena, Baton__RecordsExported);
        baton__records_exported__init(e);
        e->type = q->type;
        e->has_format = q->has_format;
        e->format = q->format;
        e->where_field = q->where_field;
        e->where_value = q->where_value;
        e->has_count = true;
        e->count = (uint32_t)reply->n_records;
        outcome_event(out, e);
    }
    out->reply = &reply->base;
    return true;
}
