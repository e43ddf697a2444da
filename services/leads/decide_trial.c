/* One pool tried by one rule: who can have the lead, who comes first, whose turn it is, and the record of it.
 */
#include "services/leads/trial.h"

/* 1 to 5: the first reason that speaks against each member (decide_filter.c). How many nothing speaks
   against; `waiting`: how many are kept from it by the hours alone. */
static size_t filter_members(const struct leads_asked *q, struct leads_trial *t, size_t *waiting)
{
    size_t left = 0;
    for (size_t i = 0; i < t->pool->n_members; i++) {
        Baton__Reason why = leads_filter_first(q, t->rule, t->pool->members[i].person);
        t->excluded[i] = (uint8_t)why;
        left += why == BATON__REASON__REASON_UNSPECIFIED;
        *waiting += why == BATON__REASON__REASON_OUTSIDE_HOURS;
    }
    return left;
}

static void waive_hours(struct leads_trial *t, struct arena *a)
{
    t->hours_waived = true;
    t->left_out = arena_copy(a, t->excluded, t->pool->n_members);
    for (size_t i = 0; i < t->pool->n_members; i++)
        if (t->left_out[i] == BATON__REASON__REASON_OUTSIDE_HOURS)
            t->left_out[i] = 0;
}

/* Who is granted the rank is no further down than the others: as good as the best of them. But a customer is
   known to one person: then the others are further down. */
static int64_t value_of(const struct leads_asked *q, const struct leads_trial *t, size_t n, size_t i)
{
    uint32_t person = t->pool->members[i].person;
    Baton__Reason reason = leads_rank_reason(t->rule, n);
    if (!leads_asked_grants(q, person, reason))
        return leads_rank_value(q, t->rule, n, person);
    return reason == BATON__REASON__REASON_NOT_SAME_CUSTOMER ? INT64_MIN : INT64_MAX;
}

/* Leaves those who come first by the rule's n-th rank. How many are left. */
static size_t rank_members(const struct leads_asked *q, struct leads_trial *t, size_t n, int64_t *values)
{
    int64_t best = INT64_MAX;
    size_t left = 0;
    for (size_t i = 0; i < t->pool->n_members; i++) {
        if (t->left_out[i])
            continue;
        values[i] = value_of(q, t, n, i);
        best = values[i] < best ? values[i] : best;
    }
    for (size_t i = 0; i < t->pool->n_members; i++) {
        if (t->left_out[i])
            continue;
        if (values[i] > best && values[i] < INT64_MAX)
            t->left_out[i] = t->excluded[i] = (uint8_t)leads_rank_reason(t->rule, n);
        else
            left++;
    }
    return left;
}

/* The turn itself can be granted as well. */
static void turn_granted(const struct leads_asked *q, struct leads_trial *t)
{
    for (size_t i = 0; i < t->pool->n_members; i++)
        if (!t->left_out[i] &&
            leads_asked_grants(q, t->pool->members[i].person, BATON__REASON__REASON_OUTRANKED))
            t->turn.chosen = i;
}

struct leads_trial *leads_try(const struct leads_asked *q, const struct leads_rule *rule,
                              const struct leads_pool *pool, struct arena *a)
{
    struct leads_trial *t = ARENA_NEW(a, struct leads_trial);
    size_t waiting = 0;
    *t = (struct leads_trial){.rule = rule, .pool = pool};
    t->left_out = t->excluded = ARENA_ARRAY(a, uint8_t, pool->n_members);
    size_t left = filter_members(q, t, &waiting);
    /* 6: where nobody is left but some for the hours alone, hours are waived, so that nights are shared as
     * well */
    if (!left && waiting) {
        waive_hours(t, a);
        left = waiting;
    }
    /* 7: ranks in the rule's order, each among those the one before it has left (decide_rank.c) */
    int64_t *values = NULL;
    for (size_t n = 0; left > 1 && n < rule->n_ranks; n++) {
        if (!leads_rank_speaks(q, rule, n))
            continue;
        if (!values)
            values = ARENA_ARRAY(a, int64_t, pool->n_members);
        left = rank_members(q, t, n, values);
    }
    /* 8: fair share among those who are left */
    t->chosen = leads_share_choose(pool->members, pool->n_members, t->left_out, pool->virtual_time, &t->turn);
    if (q->granted)
        turn_granted(q, t);
    return t;
}

/* 9: a rule that cannot be asked is passed over, and the lead goes on to the next; but one that does not
   match anyway is no more than that */
unsigned leads_rule_failed(struct leads_match *m, const struct leads_routing *r, size_t i)
{
    unsigned failed = leads_match_rule(m, i);
    uint32_t pool = r->policy->rules[i].pool;
    if (!failed && (pool == LEADS_NO_POOL || !r->pools[pool].revision))
        return LEADS_RULE_SKIPPED + BATON__RULE_SKIP__RULE_SKIP_POOL_DELETED;
    return failed;
}

static void add_bitmap(Baton__PoolTrial *out, const struct leads_trial *t, Baton__Reason reason, size_t last,
                       struct arena *a)
{
    Baton__ReasonBitmap *b = ARENA_NEW(a, Baton__ReasonBitmap);
    baton__reason_bitmap__init(b);
    b->has_reason = b->has_members = true;
    b->reason = reason;
    b->members.len = last / 8 + 1;
    b->members.data = ARENA_ARRAY(a, uint8_t, b->members.len);
    for (size_t i = 0; i <= last; i++)
        if (t->excluded[i] == reason)
            b->members.data[i / 8] |= (uint8_t)(1 << i % 8);
    out->reasons[out->n_reasons++] = b;
}

/* Whoever is in no bitmap and did not get it was outranked; those left out for the hours only count as
   excluded where the hours were not waived. */
Baton__PoolTrial *leads_trial_record(const struct leads_trial *t, uint32_t rule, struct arena *a)
{
    Baton__PoolTrial *out = ARENA_NEW(a, Baton__PoolTrial);
    baton__pool_trial__init(out);
    out->has_rule_index = out->has_pool_revision = true;
    out->rule_index = rule;
    out->pool_id = arena_strdup(a, t->pool->id);
    out->pool_revision = t->pool->revision;
    out->has_hours_waived = out->hours_waived = t->hours_waived;
    size_t last[LEADS_REASONS], count[LEADS_REASONS] = {0}, reasons = 0;
    for (size_t i = 0; i < t->pool->n_members; i++) {
        last[t->excluded[i]] = i;
        reasons += count[t->excluded[i]]++ == 0;
    }
    out->reasons = ARENA_ARRAY(a, Baton__ReasonBitmap *, reasons);
    for (unsigned k = BATON__REASON__REASON_NOT_ACTIVE; k < LEADS_REASONS; k++)
        if (count[k])
            add_bitmap(out, t, (Baton__Reason)k, last[k], a);
    return out;
}
