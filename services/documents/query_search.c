/* Documents by what they say. */
#include <string.h>

#include "services/documents/rows.h"

/* Documents looked at for one answer, and what one of them takes. */
enum { LOOKED_MAX = 20000, ROW_MEMORY = 1 << 20 };

struct searching {
    struct load rows; /* its arena is that of one row */
    const Baton__Search *search;
    const Baton__Actor *actor;
};

bool documents_search_aside(struct load *l, const struct command *c)
{
    return true;
}

/* 1: nobody finds what they do not read, or what it said before */
static bool takes(void *arg, const char *id, uint32_t number)
{
    struct searching *k = arg;
    const Baton__Document *d = table_get_id(k->rows.txn, DOCUMENTS_DOCUMENT, id, k->rows.arena);
    bool fits = d && d->current_number == number && finder_fits(&documents_finder_def, &d->base, k->search) &&
                record_reached(schema_message(d->base.descriptor), &d->base,
                               documents_row_reach(&k->rows, &d->base, k->actor), k->actor, false);
    arena_reset(k->rows.arena);
    return fits;
}

static Baton__DocumentSnippet *snippet_of(const struct texts_snippet *from, struct arena *a)
{
    Baton__DocumentSnippet *s = ARENA_NEW(a, Baton__DocumentSnippet);
    baton__document_snippet__init(s);
    s->text = from->text;
    s->has_page = from->page > 0;
    s->page = from->page;
    s->marks = ARENA_ARRAY(a, Baton__DocumentMark *, from->n_marks);
    for (size_t i = 0; i < from->n_marks; i++) {
        Baton__DocumentMark *m = s->marks[s->n_marks++] = ARENA_NEW(a, Baton__DocumentMark);
        baton__document_mark__init(m);
        m->has_at = m->has_size = true;
        m->at = from->marks[i].at;
        m->size = from->marks[i].size;
    }
    return s;
}

static Baton__DocumentFound *found_of(struct load *l, const struct texts_hit *hit)
{
    Baton__DocumentFound *f = ARENA_NEW(l->arena, Baton__DocumentFound);
    baton__document_found__init(f);
    f->document = table_get_id(l->txn, DOCUMENTS_DOCUMENT, hit->id, l->arena);
    f->snippets = ARENA_ARRAY(l->arena, Baton__DocumentSnippet *, hit->n_snippets);
    for (size_t i = 0; i < hit->n_snippets; i++)
        f->snippets[f->n_snippets++] = snippet_of(&hit->snippets[i], l->arena);
    return f;
}

/* 2: whether anything may be missing is said; 3: by the filters of ListDocuments */
static bool search(struct load *l, const struct command *c, Baton__SearchDocumentsResponse *out,
                   struct refusal *no)
{
    const Baton__SearchDocumentsRequest *q = (const Baton__SearchDocumentsRequest *)c->request;
    Baton__Search filters = BATON__SEARCH__INIT;
    struct searching k = {.rows = *l, .search = &filters, .actor = c->actor};
    struct texts_asked asked = {.query = q->query,
                                .token = q->page_token,
                                .most = q->page_size ? q->page_size : FINDER_PAGE_DEFAULT,
                                .looked_most = LOOKED_MAX,
                                .takes = takes,
                                .arg = &k};
    struct texts_page page;
    filters.filters = q->filters;
    filters.n_filters = q->n_filters;
    if (!finder_check(&documents_finder_def, &filters, no))
        return false;
    out->complete = l->view && texts_is_complete(l->view); /* before it is looked into */
    out->known = l->view ? texts_count(l->view) : 0;
    if (!l->view)
        return true;
    k.rows.arena = arena_new(ROW_MEMORY);
    bool is_found = texts_find(l->view, &asked, l->arena, &page, no);
    arena_free(k.rows.arena);
    if (!is_found)
        return false;
    out->found = ARENA_ARRAY(l->arena, Baton__DocumentFound *, page.n);
    for (size_t i = 0; i < page.n; i++)
        out->found[out->n_found++] = found_of(l, &page.hits[i]);
    out->next_page_token = *page.token ? arena_strdup(l->arena, page.token) : NULL;
    return true;
}

bool documents_query_search(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    Baton__SearchDocumentsResponse *out = ARENA_NEW(l->arena, Baton__SearchDocumentsResponse);
    baton__search_documents_response__init(out);
    out->has_complete = out->has_known = true;
    *reply = &out->base;
    return search(l, c, out, no);
}
