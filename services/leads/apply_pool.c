/* A pool changes: its version is kept for explanations, and who leaves it or weighs differently keeps their lag. */
#include <stdlib.h>
#include <string.h>

#include "services/leads/rows.h"

static int by_user(const void *a, const void *b)
{
    const Baton__PoolMember *x = *(Baton__PoolMember *const *)a, *y = *(Baton__PoolMember *const *)b;
    return strcmp(x->user_id ? x->user_id : "", y->user_id ? y->user_id : "");
}

static uint32_t weight_of(const Baton__PoolMember *m)
{
    return m->has_weight && m->weight ? m->weight : 1;
}

static struct key version_key(const char *pool_id, uint64_t revision)
{
    struct key key;
    key_init(&key);
    key_text(&key, pool_id);
    key_u64(&key, revision);
    return key;
}

static void park(struct apply *ap, const Baton__Pool *pool, const Baton__PoolMember *m, int64_t virtual_time)
{
    struct key key;
    key_init(&key);
    key_text(&key, pool->id);
    key_text(&key, m->user_id);
    Baton__Share *share = table_get(ap->txn, LEADS_SHARE, &key, ap->arena);
    if (!share || share->parked)
        return;
    share->position = leads_share_lag(share->position, weight_of(m), virtual_time);
    share->has_parked = share->parked = true;
    table_put(ap->txn, LEADS_SHARE, share, ap->seq, ap->arena);
}

/* Parked lags are in leads, whatever the weight: the next decision places them at the new one. */
static void park_changed(struct apply *ap, const Baton__Pool *pool, const Baton__PoolVersion *before)
{
    struct key key = key_of(pool->id);
    const Baton__PoolClock *clock = table_get(ap->txn, LEADS_POOL_CLOCK, &key, ap->arena);
    Baton__PoolMember **now = ARENA_ARRAY(ap->arena, Baton__PoolMember *, pool->n_members);
    for (size_t i = 0; i < pool->n_members; i++)
        now[i] = pool->members[i];
    qsort(now, pool->n_members, sizeof *now, by_user);
    for (size_t i = 0; clock && i < before->n_members; i++) {
        Baton__PoolMember *const *still =
            bsearch(&before->members[i], now, pool->n_members, sizeof *now, by_user);
        if (!still || weight_of(*still) != weight_of(before->members[i]))
            park(ap, pool, before->members[i], clock->virtual_time);
    }
}

void leads_apply_pool(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__Pool *pool = (const Baton__Pool *)payload;
    struct key live = key_of(pool->id);
    leads_state_note_pool(ap->state, pool->id);
    if (!table_seq(ap->txn, LEADS_POOL, &live))
        return; /* deleted: its versions stay for the decisions they explain */
    struct key key = version_key(pool->id, pool->revision - 1);
    const Baton__PoolVersion *before = table_get(ap->txn, LEADS_POOL_VERSION, &key, ap->arena);
    if (before)
        park_changed(ap, pool, before);
    Baton__PoolVersion v = BATON__POOL_VERSION__INIT;
    v.pool_id = pool->id;
    v.has_revision = true;
    v.revision = pool->revision;
    v.name = pool->name;
    v.n_members = pool->n_members;
    v.members = pool->members;
    table_put(ap->txn, LEADS_POOL_VERSION, &v, ap->seq, ap->arena);
}
