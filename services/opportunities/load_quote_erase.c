/* Quotes to a person: some at a time of whoever was erased, with the links to them; a page, to be taken
 * along. */
#include <string.h>

#include "schema/personal.h"
#include "services/opportunities/rows.h"

enum { SCRATCH = 4 << 20 };

bool opportunities_quote_is_to(const Baton__Quote *q, char *const *contact_ids, size_t n)
{
    for (size_t i = 0; q && q->contact_id && i < n; i++)
        if (strcmp(contact_ids[i], q->contact_id) == 0)
            return true;
    return false;
}

bool opportunities_quote_is_erased(struct load *l, const Baton__Quote *q)
{
    struct table_scan scan;
    const Baton__QuoteErasure *e;
    bool is = false;
    if (!q || !q->contact_id ||
        !table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTE_ERASURE, NULL, NULL, NULL, false))
        return false;
    struct arena *scratch = arena_new(SCRATCH); /* many may be erased at once */
    for (; !is && (e = table_scan_next(&scan, scratch)); arena_reset(scratch))
        is = opportunities_quote_is_to(q, e->contact_ids, e->n_contact_ids);
    table_scan_close(&scan);
    arena_free(scratch);
    return is;
}

const Baton__Quote *opportunities_quote_left(struct load *l, const Baton__Quote *q)
{
    return opportunities_quote_is_erased(l, q)
               ? (const Baton__Quote *)personal_without(&q->base, q->contact_id, l->arena)
               : q;
}

/* The row of either table is of such a quote. */
static bool is_theirs(struct load *l, const Baton__QuoteErasure *e, const ProtobufCMessage *row,
                      struct arena *scratch)
{
    const Baton__Quote *q = e->quotes_done ? table_get_id(l->txn, OPPORTUNITIES_QUOTE,
                                                          ((const Baton__QuoteLink *)row)->quote_id, scratch)
                                           : (const Baton__Quote *)row;
    return opportunities_quote_is_to(q, e->contact_ids, e->n_contact_ids);
}

static void look(struct load *l, const Baton__QuoteErasure *e, struct table_scan *scan,
                 struct quote_erase_facts *f)
{
    struct arena *scratch = arena_new(SCRATCH); /* quotes have many lines */
    const ProtobufCMessage *row = NULL;
    for (size_t looked = 0; looked < QUOTES_ERASED_STEP && (row = table_scan_next(scan, scratch));
         arena_reset(scratch)) {
        const char *key = schema_get_text(row, e->quotes_done ? "hash" : "id");
        if (f->after && strcmp(key, f->after) == 0)
            continue;
        looked++;
        f->after = arena_strdup(l->arena, key);
        if (is_theirs(l, e, row, scratch))
            f->found[f->n++] = arena_strdup(l->arena, f->after);
    }
    f->is_last = !row;
    arena_free(scratch);
}

void *opportunities_load_quote_erasure(struct load *l, const struct command *c)
{
    const Baton__QuoteErasure *e = (const Baton__QuoteErasure *)c->request;
    const unsigned table = e->quotes_done ? OPPORTUNITIES_QUOTE_LINK : OPPORTUNITIES_QUOTE;
    struct quote_erase_facts *f = ARENA_NEW(l->arena, struct quote_erase_facts);
    struct key all, from = key_of(e->after ? e->after : "");
    struct table_scan scan;
    f->found = ARENA_ARRAY(l->arena, char *, QUOTES_ERASED_STEP);
    f->after = e->after;
    f->is_last = true;
    key_init(&all);
    if (!table_scan_under(&scan, l->txn, table, &all, e->after ? &from : NULL, NULL, false))
        return f;
    look(l, e, &scan, f);
    table_scan_close(&scan);
    return f;
}

/* --- taken along --- */

bool opportunities_query_person(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                struct refusal *no)
{
    enum { LOOK_MAX = 500, PAGE_BYTES_MAX = 512 << 10 };
    const Baton__ListPersonQuotesRequest *q = (const Baton__ListPersonQuotesRequest *)c->request;
    Baton__ListPersonQuotesResponse *r = ARENA_NEW(l->arena, Baton__ListPersonQuotesResponse);
    struct table_scan scan;
    const Baton__Quote *row = NULL;
    baton__list_person_quotes_response__init(r);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTE, NULL, NULL, q->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is not a page token of this list");
    struct arena *scratch = arena_new(SCRATCH);
    r->quotes = ARENA_ARRAY(l->arena, Baton__Quote *, LOOK_MAX);
    for (size_t looked = 0, bytes = 0;
         looked < LOOK_MAX && bytes < PAGE_BYTES_MAX && (row = table_scan_next(&scan, scratch));
         looked++, arena_reset(scratch)) {
        if (!opportunities_quote_is_to(row, q->contact_ids, q->n_contact_ids))
            continue;
        bytes += protobuf_c_message_get_packed_size(&row->base);
        r->quotes[r->n_quotes++] = table_get_id(l->txn, OPPORTUNITIES_QUOTE, row->id, l->arena);
    }
    r->next_page_token = row ? table_scan_token(&scan, l->arena) : NULL;
    table_scan_close(&scan);
    arena_free(scratch);
    *reply = &r->base;
    return true;
}
