/* Documents by what is typed, by what they are about, and by their days, by who reads them. */
#include <string.h>

#include "base/rfc3339.h"
#include "services/documents/rows.h"

enum { WALKED_MAX = 2000 }; /* rows looked at for one answer */

/* 1: a day is one, of a date that documents have */
static bool check_days(const Baton__ListDocumentsRequest *q, struct refusal *no)
{
    bool is_known = !q->day_field;
    for (size_t i = 0; !is_known && i < DOCUMENTS_DAYS; i++)
        is_known = strcmp(documents_days[i].field, q->day_field) == 0;
    if (!is_known)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "day_field", "\"%s\" is no date of a document",
                      q->day_field);
    if (!q->day_field && (q->day_from || q->day_before))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "day_field", "which of their dates is meant?");
    if (q->day_from && !rfc3339_is_date(q->day_from))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "day_from", "\"%s\" is not a date", q->day_from);
    if (q->day_before && !rfc3339_is_date(q->day_before))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "day_before", "\"%s\" is not a date", q->day_before);
    return true;
}

/* Days compare as texts. */
static bool has_day(const Baton__Document *d, const Baton__ListDocumentsRequest *q)
{
    const char *day = q->day_field ? schema_get_text(&d->base, q->day_field) : "";
    return day && (!q->day_from || strcmp(day, q->day_from) >= 0) &&
           (!q->day_before || strcmp(day, q->day_before) < 0);
}

static bool sees(struct load *rows, const char *id, void *arg)
{
    const struct command *c = arg;
    const Baton__Document *d = table_get_id(rows->txn, DOCUMENTS_DOCUMENT, id, rows->arena);
    return d && has_day(d, (const Baton__ListDocumentsRequest *)c->request) &&
           records_may_read(rows, DOCUMENTS_DOCUMENT, &d->base, c->actor);
}

/* 2: nobody finds what they do not read */
static bool find(struct load *l, const struct command *c, Baton__ListDocumentsResponse *out,
                 struct refusal *no)
{
    const Baton__ListDocumentsRequest *q = (const Baton__ListDocumentsRequest *)c->request;
    struct finder *finder = documents_finder(l->state);
    struct finder_page page;
    bool sees_all = actor_is(c->actor, BATON__ROLE__ROLE_ADMIN) && !q->day_field;
    const struct finder_asked asked = {.search = q->search,
                                       .page_size = q->page_size,
                                       .page_token = q->page_token,
                                       .sees = sees_all ? NULL : sees,
                                       .arg = (void *)(uintptr_t)c};
    if (!finder_find(&finder, 1, l, &asked, &page, no))
        return false;
    out->documents = ARENA_ARRAY(l->arena, Baton__Document *, page.n);
    for (size_t i = 0; i < page.n; i++) {
        char id[IDENT_TEXT_SIZE];
        ident_format(id, page.found[i].hit.id);
        out->documents[out->n_documents++] = table_get_id(l->txn, DOCUMENTS_DOCUMENT, id, l->arena);
    }
    out->next_page_token = page.next_page_token;
    out->has_cut = true;
    out->cut = page.cut;
    return true;
}

/* 3: where nothing is typed, in the order of their days */
static bool walk(struct load *l, const struct command *c, Baton__ListDocumentsResponse *out,
                 struct refusal *no)
{
    const Baton__ListDocumentsRequest *q = (const Baton__ListDocumentsRequest *)c->request;
    size_t size = q->page_size ? q->page_size : FINDER_PAGE_DEFAULT, walked = 0;
    struct table_scan scan;
    Baton__Document *d = NULL;
    if (!finder_check(&documents_finder_def, q->search, no))
        return false;
    if (!table_scan_values(&scan, l->txn, DOCUMENTS_DOCUMENT, q->day_field, q->day_from, q->page_token))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    out->documents = ARENA_ARRAY(l->arena, Baton__Document *, size);
    for (; out->n_documents < size && walked < WALKED_MAX; walked++) {
        d = table_scan_next(&scan, l->arena);
        if (d && q->day_before && strcmp(schema_get_text(&d->base, q->day_field), q->day_before) >= 0)
            d = NULL;
        if (!d)
            break;
        if (finder_fits(&documents_finder_def, &d->base, q->search) &&
            records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, c->actor))
            out->documents[out->n_documents++] = d;
    }
    out->next_page_token = d ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    return true;
}

bool documents_query_list(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const Baton__ListDocumentsRequest *q = (const Baton__ListDocumentsRequest *)c->request;
    bool is_typed = q->search && q->search->query && *q->search->query;
    if (!check_days(q, no))
        return false;
    Baton__ListDocumentsResponse *out = ARENA_NEW(l->arena, Baton__ListDocumentsResponse);
    baton__list_documents_response__init(out);
    *reply = &out->base;
    return q->day_field && !is_typed ? walk(l, c, out, no) : find(l, c, out, no);
}
