/* Pairs, their place in the list, and mergings, as the events say. */
#include <string.h>

#include "services/contacts/rows.h"

static const Baton__DuplicatePair *pair_get(struct apply *ap, const char *id)
{
    return table_get_id(ap->txn, CONTACTS_PAIR, id, ap->arena);
}

static void rank_delete(struct apply *ap, const Baton__DuplicatePair *p)
{
    struct key key;
    key_init(&key);
    key_text(&key, p->type);
    key_u64(&key, 1000000 - p->score);
    key_text(&key, p->id);
    (void)table_delete(ap->txn, CONTACTS_RANK, &key, ap->arena); /* a dismissed pair has none */
}

static void pair_put(struct apply *ap, Baton__DuplicatePair *p)
{
    Baton__DuplicateRank rank = BATON__DUPLICATE_RANK__INIT;
    const Baton__DuplicatePair *before = pair_get(ap, p->id);
    if (before)
        rank_delete(ap, before);
    table_put(ap->txn, CONTACTS_PAIR, p, ap->seq, ap->arena);
    if (p->state != BATON__DUPLICATE_STATE__DUPLICATE_STATE_SUSPECTED)
        return;
    rank.type = p->type;
    rank.has_missing = true;
    rank.missing = 1000000 - p->score;
    rank.pair_id = p->id;
    table_put(ap->txn, CONTACTS_RANK, &rank, ap->seq, ap->arena);
}

void contacts_apply_suspected(struct apply *ap, const ProtobufCMessage *payload)
{
    pair_put(ap, ((const Baton__DuplicateSuspected *)payload)->pair);
}

void contacts_apply_dismissed(struct apply *ap, const ProtobufCMessage *payload)
{
    pair_put(ap, ((const Baton__DuplicateDismissed *)payload)->pair);
}

void contacts_apply_cleared(struct apply *ap, const ProtobufCMessage *payload)
{
    const char *id = ((const Baton__DuplicateCleared *)payload)->pair_id;
    const Baton__DuplicatePair *before = pair_get(ap, id);
    struct key key = key_of(id);
    if (!before)
        return;
    rank_delete(ap, before);
    (void)table_delete(ap->txn, CONTACTS_PAIR, &key, ap->arena); /* it was there */
}

/* What they agreed to is that of the one they are now. */
static void consents_move(struct apply *ap, Baton__MovedReference *const *moved, size_t n, const char *one_id,
                          const char *other_id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(moved[i]->type, "consent") == 0) {
            contacts_in_force_anew(ap, one_id);
            contacts_in_force_anew(ap, other_id);
            return;
        }
}

void contacts_apply_merged(struct apply *ap, const ProtobufCMessage *payload)
{
    Baton__RecordMerge merge = *((const Baton__RecordsMerged *)payload)->merge;
    merge.has_seq = true;
    merge.seq = ap->seq;
    table_put(ap->txn, CONTACTS_MERGE, &merge, ap->seq, ap->arena);
    consents_move(ap, merge.moved, merge.n_moved, merge.id, merge.keep_id);
    contacts_timeline_anew(ap, merge.id);
}

void contacts_apply_unmerged(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__RecordsUnmerged *e = (const Baton__RecordsUnmerged *)payload;
    struct key key = key_of(e->id);
    for (size_t i = 0; i < e->n_joined; i++)
        table_put(ap->txn, CONTACTS_MERGE, e->joined[i], ap->seq, ap->arena);
    (void)table_delete(ap->txn, CONTACTS_MERGE, &key, ap->arena); /* gone is what is wanted */
    const char *keep_id = e->keep_now_id ? e->keep_now_id : e->keep_id;
    consents_move(ap, e->moved, e->n_moved, e->id, keep_id);
    contacts_timeline_anew(ap, keep_id);
}
