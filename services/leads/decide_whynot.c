/* Why somebody does not get a lead: the decision made again, without what stands in the way. */
#include "services/leads/whynot.h"

#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "services/leads/trial.h"

enum { WAYS_MAX = 32 }; /* rules looked at closely */

struct inquiry {
    const struct leads_routing *r;
    uint32_t person;
    struct leads_asked asked; /* what has been taken away stands in granted */
    struct leads_match match;
    struct arena *a;
};

static size_t member_of(const struct leads_pool *pool, uint32_t person)
{
    size_t i = 0;
    while (i < pool->n_members && pool->members[i].person != person)
        i++;
    return i;
}

static const struct leads_pool *pool_of(const struct inquiry *q, size_t rule)
{
    uint32_t pool = q->r->policy->rules[rule].pool;
    return pool == LEADS_NO_POOL ? NULL : &q->r->pools[pool];
}

static bool has_person(const struct inquiry *q, size_t rule)
{
    const struct leads_pool *pool = pool_of(q, rule);
    return pool && member_of(pool, q->person) < pool->n_members;
}

/* The pool as it would be with one member more, who starts with nothing owed. */
static struct leads_pool *joined(const struct leads_pool *pool, uint32_t person, struct arena *a)
{
    struct leads_pool *with = arena_copy(a, pool, sizeof *pool);
    with->members = ARENA_ARRAY(a, struct leads_member, pool->n_members + 1);
    if (pool->n_members)
        memcpy(with->members, pool->members, pool->n_members * sizeof *pool->members);
    with->members[with->n_members++] = (struct leads_member){.person = person, .weight = 1, .parked = true};
    return with;
}

/* 1: what speaks against them first is taken away and the pool asked again, until it is their turn */
static void remove_obstacles(struct inquiry *q, size_t rule, const struct leads_pool *pool,
                             struct leads_whynot *out)
{
    size_t member = member_of(pool, q->person);
    q->asked.granted = 0;
    for (;;) {
        const struct leads_trial *t = leads_try(&q->asked, &q->r->policy->rules[rule], pool, q->a);
        if (t->chosen && t->turn.chosen == member)
            break;
        unsigned why = t->left_out[member] ? t->left_out[member] : BATON__REASON__REASON_OUTRANKED;
        assert(out->n_obstacles < LEADS_OBSTACLES_MAX && !(q->asked.granted >> why & 1));
        out->obstacles[out->n_obstacles++] = (Baton__Reason)why;
        q->asked.granted |= UINT64_C(1) << why;
    }
    q->asked.granted = 0;
}

/* Goes that way if it is the first, if it is the first through a pool they are in already, or if it takes
   less. */
static void consider(struct inquiry *q, size_t rule, enum leads_whynot_way way, struct leads_whynot *best)
{
    struct leads_whynot w = {.way = way, .rule = rule};
    const struct leads_pool *pool = pool_of(q, rule);
    remove_obstacles(q, rule, way == LEADS_WAY_JOIN ? joined(pool, q->person, q->a) : pool, &w);
    if (best->way == LEADS_WAY_NONE || (best->way == LEADS_WAY_JOIN && way == LEADS_WAY_MEMBER) ||
        (best->way == way && w.n_obstacles < best->n_obstacles))
        *best = w;
}

/* 2: of the rules that match, up to the one that decides, one that has them in its pool; 3: else the pool of
   one of them that they could join */
static void ask_matching(struct inquiry *q, struct leads_whynot *best)
{
    const struct leads_policy *p = q->r->policy;
    unsigned looked_at = 0;
    for (size_t i = 0; looked_at < WAYS_MAX && (i = leads_match_next(&q->match, i)) < p->n_rules; i++) {
        if (leads_rule_failed(&q->match, q->r, i))
            continue;
        looked_at++;
        /* 6: a queue gives to nobody; what was found before it came to that takes no more */
        if (pool_of(q, i)->pull) {
            if (best->way == LEADS_WAY_NONE || best->way == LEADS_WAY_JOIN)
                *best = (struct leads_whynot){.way = LEADS_WAY_TAKE, .rule = i};
            break;
        }
        if (has_person(q, i))
            consider(q, i, LEADS_WAY_MEMBER, best);
        else if (best->way != LEADS_WAY_MEMBER)
            consider(q, i, LEADS_WAY_JOIN, best);
        if (leads_try(&q->asked, &p->rules[i], pool_of(q, i), q->a)->chosen)
            break;
    }
}

/* The first rule that has them in its pool; SIZE_MAX: none. */
static size_t own_rule(const struct inquiry *q)
{
    for (size_t i = 0; i < q->r->policy->n_rules; i++)
        if (has_person(q, i))
            return i;
    return SIZE_MAX;
}

/* 4: where no rule matches, their own would have to */
static void find_way(struct inquiry *q, struct leads_whynot *out)
{
    size_t own = own_rule(q);
    unsigned failed = own == SIZE_MAX ? 0 : leads_rule_failed(&q->match, q->r, own);
    ask_matching(q, out);
    if (out->way == LEADS_WAY_NONE && own != SIZE_MAX) {
        consider(q, own, failed >= LEADS_RULE_SKIPPED ? LEADS_WAY_RESTORE : LEADS_WAY_MATCH, out);
        out->failed = failed;
    }
    out->own_rule = own;
    out->own_failed = failed;
}

/* Whether the lead goes to the last resort. */
static bool is_for_nobody(const struct inquiry *q)
{
    const struct leads_policy *p = q->r->policy;
    struct leads_match m;
    leads_match_init(&m, p, q->r->territories, q->asked.lead, q->a);
    for (size_t i = 0; (i = leads_match_next(&m, i)) < p->n_rules; i++)
        if (!leads_rule_failed(&m, q->r, i) &&
            (pool_of(q, i)->pull || leads_try(&q->asked, &p->rules[i], pool_of(q, i), q->a)->chosen))
            return false;
    return true;
}

void leads_why_not(const struct leads_routing *r, const Baton__Lead *lead, uint32_t person, struct arena *a,
                   struct leads_whynot *out)
{
    struct inquiry q = {.r = r, .person = person, .a = a};
    *out = (struct leads_whynot){.way = LEADS_WAY_NONE, .own_rule = SIZE_MAX};
    bool is_asked = r->policy && lead->n_previous_owner_ids < LEADS_HOLDERS_MAX;
    leads_asked_init(&q.asked, r, lead, a);
    q.asked.granted_to = person;
    /* 5: who is the last resort gets what nobody else does */
    if (person == r->last_resort && (!is_asked || is_for_nobody(&q))) {
        out->way = LEADS_WAY_RESORT;
        return;
    }
    if (!is_asked)
        return;
    leads_match_init(&q.match, r->policy, r->territories, lead, a);
    find_way(&q, out);
}

/* --- in words --- */

static const char *const remedies[] = {
    [BATON__REASON__REASON_NOT_ACTIVE] = "be an active user",
    [BATON__REASON__REASON_HAD_IT_BEFORE] = "not have had it before",
    [BATON__REASON__REASON_ABSENT] = "be there instead of absent",
    [BATON__REASON__REASON_AT_CAPACITY] = "hold fewer open leads, or be allowed to hold more",
    [BATON__REASON__REASON_OUTSIDE_HOURS] = "be within working hours",
    [BATON__REASON__REASON_OUTRANKED] = "be further behind their share of the pool's leads",
    [BATON__REASON__REASON_NOT_OWN_STAFF] = "be one of our own staff",
    [BATON__REASON__REASON_NOT_PARTNER] = "be a partner",
    [BATON__REASON__REASON_LACKS_SKILL] = "have the skills the rule asks for",
    [BATON__REASON__REASON_OTHER_LANGUAGE] = "speak the lead's language",
    [BATON__REASON__REASON_OTHER_TERRITORY] = "work in one of the lead's territories, or in one above",
    [BATON__REASON__REASON_OTHER_PRODUCT] = "sell what the lead is interested in",
    [BATON__REASON__REASON_AT_DAILY_LIMIT] = "have received fewer leads this day",
    [BATON__REASON__REASON_AT_WEEKLY_LIMIT] = "have received fewer leads this week",
    [BATON__REASON__REASON_AT_MONTHLY_LIMIT] = "have received fewer leads this month",
    [BATON__REASON__REASON_FITS_LESS] = "fit the lead as well as those who fit it best",
    [BATON__REASON__REASON_NOT_FOR_HIGH_SCORE] = "be among those who get leads with such a score",
    [BATON__REASON__REASON_MORE_LOADED] = "hold no more open leads than whoever holds fewest",
    [BATON__REASON__REASON_NOT_SAME_CUSTOMER] =
        "own the customer's account or hold an earlier lead of theirs",
    [BATON__REASON__REASON_FARTHER] = "be as near to the lead as whoever is nearest",
    [BATON__REASON__REASON_NOT_PREFERRED] = "be preferred by the rule",
};

const char *leads_remedy_text(Baton__Reason reason)
{
    const char *text = (unsigned)reason < sizeof remedies / sizeof *remedies ? remedies[reason] : NULL;
    return text ? text : "meet what the rule asks for";
}

static const Baton__Rule *source_of(const struct leads_routing *r, size_t rule)
{
    return r->policy->rules[rule].source;
}

/* What the way itself asks for; "": nothing. */
static char *way_text(const struct leads_whynot *w, const struct leads_routing *r, const Baton__Lead *lead,
                      struct arena *a)
{
    const Baton__Rule *rule = source_of(r, w->rule);
    if (w->way == LEADS_WAY_JOIN)
        return arena_printf(a, "be in pool '%s' of rule '%s'", r->pools[r->policy->rules[w->rule].pool].name,
                            rule->name);
    if (w->way == LEADS_WAY_RESTORE)
        return arena_printf(a, "be in the pool of a rule that can be asked; rule '%s' %s", rule->name,
                            leads_skip_text((Baton__RuleSkip)(w->failed - LEADS_RULE_SKIPPED)));
    if (w->way == LEADS_WAY_MATCH && w->failed <= rule->n_conditions)
        return arena_printf(
            a, "see their rule '%s' match, which no rule does: %s", rule->name,
            leads_failed_text(leads_condition_named(r->territories, rule->conditions[w->failed - 1], a), lead,
                              a));
    return arena_strdup(a, "");
}

static const char *own_text(const struct leads_whynot *w, const struct leads_routing *r,
                            const Baton__Lead *lead, struct arena *a)
{
    if (w->way != LEADS_WAY_JOIN)
        return "";
    if (w->own_rule == SIZE_MAX)
        return "; no rule has them in its pool";
    const Baton__Rule *own = source_of(r, w->own_rule);
    if (!w->own_failed)
        return arena_printf(a, "; their own rule '%s' comes later", own->name);
    return arena_printf(
        a, "; their own rule '%s' does not match: %s", own->name,
        w->own_failed <= own->n_conditions
            ? leads_failed_text(leads_condition_named(r->territories, own->conditions[w->own_failed - 1], a),
                                lead, a)
            : "it cannot be asked");
}

char *leads_whynot_text(const struct leads_whynot *w, const struct leads_routing *r, const Baton__Lead *lead,
                        uint32_t person, struct arena *a)
{
    const char *name = r->persons[person].name;
    if (w->way == LEADS_WAY_NONE)
        return arena_printf(a, "No rule gives such a lead to anybody, nor has one %s in its pool.", name);
    if (w->way == LEADS_WAY_RESORT)
        return arena_printf(a, "%s would get it as the last resort.", name);
    if (w->way == LEADS_WAY_TAKE)
        return arena_printf(a, "By rule '%s' it waits in queue '%s'; a member has to take it.",
                            source_of(r, w->rule)->name, r->pools[r->policy->rules[w->rule].pool].name);
    char *text = way_text(w, r, lead, a);
    if (!*text && !w->n_obstacles)
        return arena_printf(a, "%s would get it by rule '%s'.", name, source_of(r, w->rule)->name);
    for (size_t i = 0; i < w->n_obstacles; i++)
        text = arena_printf(a, "%s%s%s", text, !*text ? "" : "; and ", leads_remedy_text(w->obstacles[i]));
    return arena_printf(a, "To get it by rule '%s', %s would have to %s%s.", source_of(r, w->rule)->name,
                        name, text, own_text(w, r, lead, a));
}
