/* Who is to read documents, who has, and what was sent of them. */
#include <string.h>

#include "services/documents/rows.h"

enum { WALKED_MAX = 500 };

const Baton__DocumentReading *documents_reading(struct load *l, const char *document_id, const char *user_id)
{
    struct key key = key_of(document_id);
    key_text(&key, user_id);
    return table_get(l->txn, DOCUMENTS_READING, &key, l->arena);
}

bool documents_is_sent(struct load *l, const char *document_id)
{
    struct table_scan scan;
    if (!document_id ||
        !table_scan_open(&scan, l->txn, DOCUMENTS_PIN, "document_id", document_id, NULL, false))
        return false;
    bool is_sent = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return is_sent;
}

bool documents_user_reads(struct load *l, const Baton__Document *d, const Baton__User *u)
{
    Baton__Actor actor = BATON__ACTOR__INIT;
    actor.user_id = u->id;
    actor.has_role = true;
    actor.role = u->role;
    return u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE &&
           records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, &actor);
}

/* Those who are to read it, from `token` on: at most `most` of them, or as many as some users are. */
struct readers {
    Baton__DocumentReading **all;
    size_t n;
    char *token; /* NULL: there are no more */
};

static bool readers_of(struct load *l, const Baton__Document *d, bool pending, size_t most, const char *token,
                       struct readers *r)
{
    struct table_scan scan;
    const Baton__User *u = NULL;
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_USER, NULL, NULL, token, false))
        return false;
    r->all = ARENA_ARRAY(l->arena, Baton__DocumentReading *, most);
    for (size_t walked = 0; r->n < most && walked < WALKED_MAX; walked++) {
        u = table_scan_next(&scan, l->arena);
        if (!u)
            break;
        if (!documents_is_reader(d->must_read, u) || !documents_user_reads(l, d, u))
            continue;
        Baton__DocumentReading *row = (Baton__DocumentReading *)(uintptr_t)documents_reading(l, d->id, u->id);
        if (row && pending && row->number == d->current_number)
            continue;
        if (!row) {
            row = ARENA_NEW(l->arena, Baton__DocumentReading);
            baton__document_reading__init(row);
            row->document_id = d->id;
            row->user_id = u->id;
        }
        r->all[r->n++] = row;
    }
    r->token = u ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    return true;
}

void *documents_load_asking(struct load *l, const struct command *c)
{
    const Baton__DocumentAsking *row = (const Baton__DocumentAsking *)c->request;
    struct documents_asking_facts *f = ARENA_NEW(l->arena, struct documents_asking_facts);
    struct readers r = {0};
    f->settings = documents_settings(l);
    f->document = table_get_id(l->txn, DOCUMENTS_DOCUMENT, row->document_id, l->arena);
    if (!f->document || !documents_asks(f->document) ||
        !readers_of(l, f->document, true, DOCUMENTS_ASKED_MAX, row->token, &r))
        return f;
    for (; f->n < r.n; f->n++)
        f->user_ids[f->n] = r.all[f->n]->user_id;
    f->token = r.token;
    return f;
}

void *documents_load_quote(struct load *l, const struct command *c)
{
    const Baton__QuoteSent *e = (const Baton__QuoteSent *)c->request;
    struct documents_quote_facts *f = ARENA_NEW(l->arena, struct documents_quote_facts);
    struct table_scan scan;
    const Baton__Document *d;
    uint64_t seq;
    if (!e->quote_id ||
        !table_scan_open(&scan, l->txn, DOCUMENTS_DOCUMENT, "quote_ids", e->quote_id, NULL, false))
        return f;
    while (f->n < DOCUMENTS_OF_QUOTE_MAX && (d = table_scan_next(&scan, l->arena))) {
        const Baton__DocumentRevision *v = documents_revision(l, d, d->current_number, &seq);
        if (v)
            f->revisions[f->n++] = v;
    }
    table_scan_close(&scan);
    return f;
}

static size_t page_of(uint32_t asked)
{
    return asked ? asked : FINDER_PAGE_DEFAULT;
}

/* The user is to read it, and has not. */
static bool is_to_read(struct load *l, const Baton__Document *d, const Baton__User *u)
{
    if (!documents_asks(d) || !documents_is_reader(d->must_read, u) || !documents_user_reads(l, d, u))
        return false;
    const Baton__DocumentReading *read = documents_reading(l, d->id, u->id);
    return !read || read->number != d->current_number;
}

bool documents_query_reading(struct load *l, const struct command *c, ProtobufCMessage **reply,
                             struct refusal *no)
{
    const Baton__ListReadingRequest *q = (const Baton__ListReadingRequest *)c->request;
    const size_t size = page_of(q->page_size);
    const Baton__User *u =
        c->actor->user_id ? table_get_id(l->txn, DOCUMENTS_USER, c->actor->user_id, l->arena) : NULL;
    struct table_scan scan;
    const Baton__DocumentAsking *row = NULL;
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_ASKING, NULL, NULL, q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListReadingResponse *p = ARENA_NEW(l->arena, Baton__ListReadingResponse);
    baton__list_reading_response__init(p);
    p->documents = ARENA_ARRAY(l->arena, Baton__Document *, size);
    for (size_t walked = 0; u && p->n_documents < size && walked < WALKED_MAX; walked++) {
        row = table_scan_next(&scan, l->arena);
        if (!row)
            break;
        Baton__Document *d = table_get_id(l->txn, DOCUMENTS_DOCUMENT, row->document_id, l->arena);
        if (d && is_to_read(l, d, u))
            p->documents[p->n_documents++] = d;
    }
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}

bool documents_query_readers(struct load *l, const struct command *c, ProtobufCMessage **reply,
                             struct refusal *no)
{
    const Baton__GetReadersRequest *q = (const Baton__GetReadersRequest *)c->request;
    const Baton__Document *d = table_get_id(l->txn, DOCUMENTS_DOCUMENT, q->document_id, l->arena);
    struct readers r = {0};
    if (!d || !records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, c->actor))
        return refuse(no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    enum record_reach reach = documents_row_reach(l, &d->base, c->actor);
    if (!record_reached(schema_message(d->base.descriptor), &d->base, reach, c->actor, true))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "you may read this document only");
    if (d->must_read && !readers_of(l, d, q->pending, page_of(q->page_size), q->page_token, &r))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__GetReadersResponse *p = ARENA_NEW(l->arena, Baton__GetReadersResponse);
    baton__get_readers_response__init(p);
    p->readers = r.all;
    p->n_readers = r.n;
    p->next_page_token = r.token;
    *reply = &p->base;
    return true;
}

bool documents_query_sent(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const Baton__GetSentRequest *q = (const Baton__GetSentRequest *)c->request;
    const char *field = q->document_id ? "document_id" : "about_id";
    const char *value = q->document_id ? q->document_id : q->about_id;
    const size_t size = page_of(q->page_size);
    struct table_scan scan;
    Baton__DocumentPin *row = NULL;
    if (!value || (q->document_id && q->about_id))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "about_id", "one of the two is asked for");
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_PIN, field, value, q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__GetSentResponse *p = ARENA_NEW(l->arena, Baton__GetSentResponse);
    baton__get_sent_response__init(p);
    p->sent = ARENA_ARRAY(l->arena, Baton__DocumentPin *, size);
    for (size_t walked = 0; p->n_sent < size && walked < WALKED_MAX; walked++) {
        row = table_scan_next(&scan, l->arena);
        if (!row)
            break;
        const Baton__Document *d = table_get_id(l->txn, DOCUMENTS_DOCUMENT, row->document_id, l->arena);
        if (d && records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, c->actor))
            p->sent[p->n_sent++] = row;
    }
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}
