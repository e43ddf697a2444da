/* What is found is what the rows are. */
#include <string.h>

#include "services/contacts/rows.h"

static const int64_t SEARCH_WAIT_US = 1000000; /* so that many changes are one sweep */

static void note(struct apply *ap, size_t which, const ProtobufCMessage *record)
{
    struct contacts_state *s = ap->state;
    finder_apply(s ? &s->finders[which] : NULL, ap, record);
}

void contacts_apply_account(struct apply *ap, const ProtobufCMessage *payload)
{
    note(ap, CONTACTS_FOUND_ACCOUNT, payload);
}

void contacts_apply_contact(struct apply *ap, const ProtobufCMessage *payload)
{
    note(ap, CONTACTS_FOUND_CONTACT, payload);
}

/* --- fields that a deployment added --- */

static Baton__SearchedFields *kept(struct apply *ap, const char *type)
{
    struct key key = key_of(type);
    return table_get(ap->txn, CONTACTS_SEARCHED, &key, ap->arena);
}

static bool is_same(const Baton__SearchedFields *row, char *const *names, size_t n)
{
    bool same = row && row->n_names == n;
    for (size_t i = 0; same && i < n; i++)
        same = strcmp(row->names[i], names[i]) == 0;
    return same;
}

static void set_searched(struct apply *ap, size_t which)
{
    struct contacts_state *s = ap->state;
    const char *type = contacts_found_types[which];
    char *names[CUSTOM_FIELDS_MAX];
    const size_t n = contacts_searched(ap->txn, type, names, ap->arena);
    if (is_same(kept(ap, type), names, n))
        return;
    Baton__SearchedFields row = BATON__SEARCHED_FIELDS__INIT;
    row.type = (char *)(uintptr_t)type;
    row.names = names;
    row.n_names = n;
    row.has_due_us = true;
    row.due_us = ap->time_us + SEARCH_WAIT_US;
    table_put(ap->txn, CONTACTS_SEARCHED, &row, ap->seq, ap->arena);
    if (s)
        finder_custom(&s->finders[which], names, n);
}

/* Before its first value a field may go from one type to the other, so both are looked at. */
void contacts_apply_custom_field(struct apply *ap, const ProtobufCMessage *payload)
{
    for (size_t i = 0; i < CONTACTS_FOUND; i++)
        set_searched(ap, i);
}

void contacts_apply_searched(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__SearchSweepAdvanced *e = (const Baton__SearchSweepAdvanced *)payload;
    Baton__SearchedFields *row = kept(ap, e->type);
    struct contacts_state *s = ap->state;
    if (!row)
        return; /* it cannot be read: nothing of the batch will be committed */
    for (size_t i = 0; s && i < CONTACTS_FOUND; i++)
        if (strcmp(contacts_found_types[i], e->type) == 0)
            (void)finder_note_some(&s->finders[i], ap->txn, s->finders[i].def->table, row->token,
                                   CONTACTS_SEARCH_STEP, ap->arena); /* the event says where it ended */
    row->token = e->token;
    row->has_due_us = true;
    row->due_us = e->token ? ap->time_us + 1 : 0;
    table_put(ap->txn, CONTACTS_SEARCHED, row, ap->seq, ap->arena);
}
