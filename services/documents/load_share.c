/* Links, what they lead to, and how they were opened. */
#include <string.h>

#include "services/documents/rows.h"

enum { WALKED_MAX = 500, NEWEST_VIEWS = 10 };
static const int64_t TICKET_US = INT64_C(12) * 3600 * 1000000;

/* The one row that has this text's hash. */
static void *row_of_secret(struct load *l, unsigned table, const char *field, const char *secret)
{
    struct table_scan scan;
    char hash[HASH_TEXT_SIZE];
    hash_text(hash, secret);
    if (!table_scan_open(&scan, l->txn, table, field, hash, NULL, false))
        return NULL;
    void *row = table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
    return row;
}

/* What whoever made it reaches of what it leads to. */
static void reach(struct load *l, const Baton__DocumentShare *share, uint32_t number,
                  struct documents_share_facts *f)
{
    const Baton__Document *d = table_get_id(l->txn, DOCUMENTS_DOCUMENT, share->document_id, l->arena);
    const Baton__User *u =
        share->created_by_id ? table_get_id(l->txn, DOCUMENTS_USER, share->created_by_id, l->arena) : NULL;
    uint64_t seq;
    f->share = share;
    if (!d || !u || !documents_user_reads(l, d, u))
        return;
    f->document = d;
    f->revision = documents_revision(l, d, number ? number : d->current_number, &seq);
}

void *documents_load_link(struct load *l, const struct command *c)
{
    struct documents_share_facts *f = ARENA_NEW(l->arena, struct documents_share_facts);
    const Baton__DocumentShare *share =
        row_of_secret(l, DOCUMENTS_SHARE, "token_hash", schema_get_text(c->request, "token"));
    if (!share)
        return f;
    const struct key key = key_of(share->id);
    f->password = table_get(l->txn, DOCUMENTS_SHARE_PASSWORD, &key, l->arena);
    reach(l, share, share->number, f);
    return f;
}

/* The document as the actor reaches it. */
static void document_of(struct load *l, const char *id, const Baton__Actor *actor,
                        struct documents_share_facts *f)
{
    const Baton__Document *d = table_get_id(l->txn, DOCUMENTS_DOCUMENT, id, l->arena);
    if (!d || !records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, actor))
        return;
    enum record_reach reached = documents_row_reach(l, &d->base, actor);
    f->document = d;
    f->may_write = record_reached(schema_message(d->base.descriptor), &d->base, reached, actor, true);
}

bool documents_is_pdf(struct load *l, const char *hash)
{
    const Baton__StoredFile *file = documents_file(l->txn, hash, l->arena);
    return file && file->media_type && strcmp(file->media_type, "application/pdf") == 0;
}

void *documents_load_share(struct load *l, const struct command *c)
{
    const Baton__CreateShareRequest *r = (const Baton__CreateShareRequest *)c->request;
    struct documents_share_facts *f = ARENA_NEW(l->arena, struct documents_share_facts);
    uint64_t seq;
    document_of(l, r->document_id, c->actor, f);
    if (f->document)
        f->revision =
            documents_revision(l, f->document, r->number ? r->number : f->document->current_number, &seq);
    f->is_pdf = f->revision && documents_is_pdf(l, f->revision->file_hash);
    return f;
}

static bool is_of(const Baton__DocumentShare *share, const Baton__Actor *actor)
{
    return share->created_by_id && actor->user_id && strcmp(share->created_by_id, actor->user_id) == 0;
}

void *documents_load_revoke(struct load *l, const struct command *c)
{
    const Baton__RevokeShareRequest *r = (const Baton__RevokeShareRequest *)c->request;
    struct documents_share_facts *f = ARENA_NEW(l->arena, struct documents_share_facts);
    f->share = table_get_id(l->txn, DOCUMENTS_SHARE, r->id, l->arena);
    if (!f->share)
        return f;
    f->is_own = is_of(f->share, c->actor);
    document_of(l, f->share->document_id, c->actor, f);
    return f;
}

const Baton__DocumentShareView *documents_newest_view(struct load *l, const char *share_id)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_SHARE_VIEW, "share_id", share_id, NULL, true))
        return NULL;
    const Baton__DocumentShareView *view = table_scan_next(&scan, l->arena);
    table_scan_close(&scan);
    return view;
}

const Baton__DocumentShareView *documents_ticket(struct load *l, const char *ticket,
                                                 struct documents_share_facts *f)
{
    *f = (struct documents_share_facts){0};
    const Baton__DocumentShareView *view = row_of_secret(l, DOCUMENTS_SHARE_VIEW, "ticket_hash", ticket);
    const Baton__DocumentShare *share =
        view ? table_get_id(l->txn, DOCUMENTS_SHARE, view->share_id, l->arena) : NULL;
    if (!share || timestamp_us(view->opened_at) + TICKET_US <= l->now_us)
        return NULL;
    reach(l, share, view->number, f);
    return documents_share_lives(f, l->now_us) ? view : NULL;
}

/* --- asking --- */

bool documents_query_link(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const struct documents_share_facts *f = documents_load_link(l, c);
    if (!documents_share_opens(f, l->now_us))
        return documents_no_share(no);
    Baton__GetShareByLinkResponse *p = ARENA_NEW(l->arena, Baton__GetShareByLinkResponse);
    baton__get_share_by_link_response__init(p);
    p->has_needs_password = true;
    p->needs_password = f->share->has_password;
    if (!p->needs_password) {
        p->title = f->document->title;
        p->name = f->revision->name;
        p->has_size = !f->share->watermark; /* what is drawn has another */
        p->size = f->revision->size;
    }
    *reply = &p->base;
    return true;
}

static Baton__StoredFile *drawn_file(const Baton__DocumentShareView *view, struct arena *a)
{
    Baton__StoredFile *file = ARENA_NEW(a, Baton__StoredFile);
    baton__stored_file__init(file);
    file->hash = view->file_hash;
    file->has_size = true;
    file->size = view->size;
    file->media_type = "application/pdf";
    return file;
}

bool documents_query_shared(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__GetSharedFileRequest *r = (const Baton__GetSharedFileRequest *)c->request;
    struct documents_share_facts f;
    const Baton__DocumentShareView *view = documents_ticket(l, r->ticket, &f);
    Baton__StoredFile *file = NULL;
    if (view)
        file =
            view->watermark ? drawn_file(view, l->arena) : documents_file(l->txn, view->file_hash, l->arena);
    if (!file)
        return documents_no_share(no);
    Baton__GetSharedFileResponse *p = ARENA_NEW(l->arena, Baton__GetSharedFileResponse);
    baton__get_shared_file_response__init(p);
    p->file = file;
    p->name = view->name;
    *reply = &p->base;
    return true;
}

static void add_views(struct load *l, const char *share_id, Baton__ListSharesResponse *p)
{
    struct table_scan scan;
    Baton__DocumentShareView *row;
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_SHARE_VIEW, "share_id", share_id, NULL, true))
        return;
    for (int n = 0; n < NEWEST_VIEWS && (row = table_scan_next(&scan, l->arena)); n++) {
        row->ticket_hash = NULL;
        p->views[p->n_views++] = row;
    }
    table_scan_close(&scan);
}

static void add_share(struct load *l, Baton__DocumentShare *row, Baton__ListSharesResponse *p)
{
    row->token_hash = NULL;
    p->shares[p->n_shares++] = row;
    add_views(l, row->id, p);
}

bool documents_query_shares(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__ListSharesRequest *q = (const Baton__ListSharesRequest *)c->request;
    const size_t size = q->page_size ? q->page_size : FINDER_PAGE_DEFAULT;
    const size_t views_max = size * NEWEST_VIEWS;
    struct documents_share_facts f = {0};
    struct table_scan scan;
    Baton__DocumentShare *row = NULL;
    document_of(l, q->document_id, c->actor, &f);
    if (!f.document)
        return refuse(no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_SHARE, "document_id", f.document->id, q->page_token, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListSharesResponse *p = ARENA_NEW(l->arena, Baton__ListSharesResponse);
    baton__list_shares_response__init(p);
    p->shares = ARENA_ARRAY(l->arena, Baton__DocumentShare *, size);
    p->views = ARENA_ARRAY(l->arena, Baton__DocumentShareView *, views_max);
    for (size_t walked = 0; p->n_shares < size && walked < WALKED_MAX; walked++) {
        row = table_scan_next(&scan, l->arena);
        if (!row)
            break;
        if (f.may_write || is_of(row, c->actor))
            add_share(l, row, p);
    }
    p->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    *reply = &p->base;
    return true;
}
