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

static bool may_take(const struct person_facts *f, struct outcome *out)
{
    /* 4: there is somebody, and something is known of them */
    if (!f->is_known)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "contact_id", "there is no such contact");
    if (f->is_erased)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id", "they have been erased");
    /* 5: all of them, not a part */
    if (f->is_merged)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id",
                      "it has been merged into another; export that one");
    if (f->too_many)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "contact_id",
                      "too many contacts have been merged into this one; take some apart first");
    return !f->bad_token ||
           refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
}

bool contacts_decide_person(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct person_facts *f = facts;
    const Baton__ExportPersonRequest *q = (const Baton__ExportPersonRequest *)c->request;
    if (!may_take(f, out))
        return false;
    Baton__ExportPersonResponse *reply = ARENA_NEW(s->arena, Baton__ExportPersonResponse);
    baton__export_person_response__init(reply);
    reply->contact_ids = f->ids;
    reply->n_contact_ids = f->n_ids;
    reply->records = f->records;
    reply->n_records = f->n_records;
    reply->changes = f->changes;
    reply->n_changes = f->n_changes;
    reply->next_page_token = f->next_page_token;
    /* 6: as 3 */
    if (f->n_records || f->n_changes || !q->page_token) {
        Baton__RecordsExported *e = ARENA_NEW(s->arena, Baton__RecordsExported);
        baton__records_exported__init(e);
        e->type = arena_strdup(s->arena, "person");
        e->where_field = arena_strdup(s->arena, "contact_id");
        e->where_value = q->contact_id;
        e->has_count = true;
        e->count = (uint32_t)(f->n_records + f->n_changes);
        outcome_event(out, e);
    }
    out->reply = &reply->base;
    return true;
}
