/* Facts about suspected pairs, and for looking through what is there. */
#include <string.h>

#include "services/contacts/rows.h"

void *contacts_load_dismiss(struct load *l, const struct command *c)
{
    const Baton__DismissDuplicateRequest *q = (const Baton__DismissDuplicateRequest *)c->request;
    struct contacts_dismiss_facts *f = ARENA_NEW(l->arena, struct contacts_dismiss_facts);
    int table = contacts_type_table(q->type);
    if (table < 0)
        return f;
    f->type = q->type;
    f->first = contacts_row_of(l, (unsigned)table, q->first_id, c->actor);
    f->second = contacts_row_of(l, (unsigned)table, q->second_id, c->actor);
    f->pair =
        table_get_id(l->txn, CONTACTS_PAIR, contacts_pair_id(q->first_id, q->second_id, l->arena), l->arena);
    return f;
}

void *contacts_load_look(struct load *l, const struct command *c)
{
    const Baton__SweepDuplicatesRequest *q = (const Baton__SweepDuplicatesRequest *)c->request;
    struct contacts_look_facts *f = ARENA_NEW(l->arena, struct contacts_look_facts);
    int table = contacts_type_table(q->type);
    size_t most = q->page_size ? q->page_size : CONTACTS_LOOK_MAX;
    struct key nothing, from = key_of(q->after_id);
    struct table_scan scan;
    ProtobufCMessage *row = NULL;
    if (table < 0)
        return f;
    f->type = q->type;
    f->in_all = contacts_in_all(l, (unsigned)table);
    key_init(&nothing);
    if (!table_scan_under(&scan, l->txn, (unsigned)table, &nothing, q->after_id ? &from : NULL, NULL, false))
        return f;
    while (f->n < most && f->n < CONTACTS_LOOK_MAX && (row = table_scan_next(&scan, l->arena)))
        if (!q->after_id || strcmp(schema_get_text(row, "id"), q->after_id) != 0)
            f->of[f->n++].row = row;
    f->more = row != NULL;
    table_scan_close(&scan);
    for (size_t i = 0; i < f->n; i++)
        f->of[i].known = contacts_known(l, f->of[i].row);
    return f;
}
