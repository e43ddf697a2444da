/* Reading what may be the same: of a record before it is stored, and of all that are. */
#include <string.h>

#include "services/contacts/rows.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, LOOK_MAX = 2000, PAGE_BYTES_MAX = 512 << 10 };

bool contacts_query_check(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const Baton__CheckDuplicatesRequest *q = (const Baton__CheckDuplicatesRequest *)c->request;
    const struct schema_field *member;
    const ProtobufCMessage *row = schema_oneof(&q->record->base, &member);
    if (!row || contacts_type_table(member->pb->name) < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "record", "duplicates are of contacts or accounts");
    const unsigned table = (unsigned)contacts_type_table(member->pb->name);
    struct contacts_candidate found[CONTACTS_FOUND_MAX];
    size_t n = contacts_compare(contacts_known(l, row), row, l->arena, found);
    Baton__CheckDuplicatesResponse *out = ARENA_NEW(l->arena, Baton__CheckDuplicatesResponse);
    baton__check_duplicates_response__init(out);
    out->candidates = ARENA_ARRAY(l->arena, Baton__DuplicateCandidate *, n);
    for (size_t i = 0; i < n; i++) {
        if (!records_may_read(l, table, found[i].row, c->actor))
            continue;
        Baton__DuplicateCandidate *d = out->candidates[out->n_candidates++] =
            ARENA_NEW(l->arena, Baton__DuplicateCandidate);
        baton__duplicate_candidate__init(d);
        d->record = record_wrap(records_view(l, table, c->actor, found[i].row), l->arena);
        d->has_score = true;
        d->score = contacts_score(found[i].sure);
        d->reasons = contacts_reasons(&found[i].pattern, &d->n_reasons, l->arena);
    }
    *reply = &out->base;
    return true;
}

/* NULL: it is gone, merged, or not the caller's to see. */
static ProtobufCMessage *seen(struct load *l, const struct command *c, unsigned table, const char *id)
{
    ProtobufCMessage *row = table_get_id(l->txn, table, id, l->arena);
    bool may = row && !schema_get_text(row, "merged_into_id") && records_may_read(l, table, row, c->actor);
    return may ? row : NULL;
}

static bool owns(const ProtobufCMessage *row, const char *user_id)
{
    const char *owner = schema_get_text(row, "owner_id");
    return owner && strcmp(owner, user_id) == 0;
}

/* NULL: it is not to be listed. */
static Baton__Duplicate *listed(struct load *l, const struct command *c, const Baton__DuplicateRank *rank,
                                unsigned table)
{
    const char *owner_id = ((const Baton__ListDuplicatesRequest *)c->request)->owner_id;
    Baton__DuplicatePair *p = table_get_id(l->txn, CONTACTS_PAIR, rank->pair_id, l->arena);
    ProtobufCMessage *first = p ? seen(l, c, table, p->first_id) : NULL,
                     *second = p ? seen(l, c, table, p->second_id) : NULL;
    if (!first || !second || (owner_id && !owns(first, owner_id) && !owns(second, owner_id)))
        return NULL;
    Baton__Duplicate *d = ARENA_NEW(l->arena, Baton__Duplicate);
    baton__duplicate__init(d);
    d->pair = p;
    d->first = record_wrap(records_view(l, table, c->actor, first), l->arena);
    d->second = record_wrap(records_view(l, table, c->actor, second), l->arena);
    return d;
}

bool contacts_query_duplicates(struct load *l, const struct command *c, ProtobufCMessage **reply,
                               struct refusal *no)
{
    const Baton__ListDuplicatesRequest *q = (const Baton__ListDuplicatesRequest *)c->request;
    int table = contacts_type_table(q->type);
    struct key prefix = key_of(q->type);
    struct table_scan scan;
    const Baton__DuplicateRank *rank = NULL;
    if (table < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "type", "duplicates are of contacts or accounts");
    if (!table_scan_under(&scan, l->txn, CONTACTS_RANK, &prefix, NULL, q->page_token, false))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "page_token", "this is no page token of this list");
    Baton__ListDuplicatesResponse *out = ARENA_NEW(l->arena, Baton__ListDuplicatesResponse);
    baton__list_duplicates_response__init(out);
    size_t most = q->page_size && q->page_size < PAGE_MAX ? q->page_size
                  : q->page_size                          ? PAGE_MAX
                                                          : PAGE_DEFAULT;
    out->duplicates = ARENA_ARRAY(l->arena, Baton__Duplicate *, most);
    for (size_t looked = 0, bytes = 0; out->n_duplicates < most && looked < LOOK_MAX &&
                                       bytes < PAGE_BYTES_MAX && (rank = table_scan_next(&scan, l->arena));
         looked++) {
        Baton__Duplicate *d = listed(l, c, rank, (unsigned)table);
        if (!d)
            continue;
        out->duplicates[out->n_duplicates++] = d;
        bytes += baton__duplicate__get_packed_size(d);
    }
    if (rank)
        out->next_page_token = table_scan_token(&scan, l->arena);
    table_scan_close(&scan);
    *reply = &out->base;
    return true;
}
