/* How alike two leads are, and what a new one has to do with those that are there. */
#include "services/leads/leads.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/similar.h"

/* --- points --- */

enum { POSSIBLE_POINTS = 45, NAME_MAX_BYTES = 420 };
static const double ALIKE = 0.92, SIMILAR = 0.82, CONTRADICTS = 0.7;

/* What a field adds where both say something: alike, similar, different. */
struct weight {
    size_t offset;
    int alike, similar, different;
};
static const struct weight weights[] = {
    {offsetof(struct leads_keys, email), 55, 20, -5},      {offsetof(struct leads_keys, company), 15, 8, -8},
    {offsetof(struct leads_keys, street), 20, 8, -8},      {offsetof(struct leads_keys, city), 8, 4, -4},
    {offsetof(struct leads_keys, postal_code), 14, 4, -6},
};

static const char *field(const struct leads_keys *k, size_t offset)
{
    return *(const char *const *)((const char *)k + offset);
}

static int weigh(const struct weight *w, const char *a, const char *b)
{
    if (!a || !b)
        return 0;
    double like = similarity(a, b);
    return like >= ALIKE ? w->alike : like >= SIMILAR ? w->similar : w->different;
}

/* 11: first and last name may have changed places */
static int name_points(const struct leads_keys *a, const struct leads_keys *b)
{
    static const struct weight first = {0, 15, 8, -10}, last = {0, 22, 12, -15};
    int straight = weigh(&first, a->first_name, b->first_name) + weigh(&last, a->last_name, b->last_name);
    int crossed = weigh(&first, a->first_name, b->last_name) + weigh(&last, a->last_name, b->first_name);
    return straight > crossed ? straight : crossed;
}

/* 12 is phone_surely_same */
bool leads_share_phone(const struct leads_keys *a, const struct leads_keys *b)
{
    for (size_t i = 0; i < LEADS_PHONES; i++)
        for (size_t k = 0; k < LEADS_PHONES; k++)
            if (phone_surely_same(&a->phones[i], &b->phones[k]))
                return true;
    return false;
}

static bool equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

int leads_match_points(const struct leads_keys *a, const struct leads_keys *b)
{
    enum { PHONE_POINTS = 45, DOMAIN_POINTS = 10 };
    int points = name_points(a, b);
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        points += weigh(&weights[i], field(a, weights[i].offset), field(b, weights[i].offset));
    if (leads_share_phone(a, b))
        points += PHONE_POINTS;
    if (equal(a->domain, b->domain))
        points += DOMAIN_POINTS;
    return points;
}

/* --- certain or not --- */

/* Last and first name in one, as some scripts write them. */
static void whole_name(const struct leads_keys *k, bool last_first, char out[NAME_MAX_BYTES])
{
    const char *first = k->first_name ? k->first_name : "", *last = k->last_name ? k->last_name : "";
    (void)snprintf(out, NAME_MAX_BYTES, "%s%s", last_first ? last : first, last_first ? first : last);
}

static bool has_name(const struct leads_keys *k)
{
    return k->first_name || k->last_name;
}

/* How alike the whole names are, whichever part is written first; where one says only a part, that part. */
static double names_alike(const struct leads_keys *a, const struct leads_keys *b)
{
    char x[NAME_MAX_BYTES], y[NAME_MAX_BYTES], z[NAME_MAX_BYTES];
    whole_name(a, true, x);
    whole_name(b, true, y);
    whole_name(b, false, z);
    double straight = similarity(x, y), crossed = similarity(x, z);
    return straight > crossed ? straight : crossed;
}

static bool contradict(const char *a, const char *b)
{
    return a && b && similarity(a, b) < CONTRADICTS;
}

static bool parts_contradict(const struct leads_keys *a, const struct leads_keys *b)
{
    bool straight = contradict(a->first_name, b->first_name) || contradict(a->last_name, b->last_name);
    bool whole = a->first_name && a->last_name && b->first_name && b->last_name;
    bool crossed = contradict(a->first_name, b->last_name) || contradict(a->last_name, b->first_name);
    return straight && (!whole || crossed);
}

/* 13: two people, or two companies, may share an address or a telephone: then a person decides */
static bool names_contradict(const struct leads_keys *a, const struct leads_keys *b)
{
    bool people = has_name(a) && has_name(b) && parts_contradict(a, b) && names_alike(a, b) < ALIKE;
    return people || contradict(a->company, b->company);
}

static bool names_agree(const struct leads_keys *a, const struct leads_keys *b)
{
    return has_name(a) && has_name(b) && names_alike(a, b) >= ALIKE;
}

enum leads_likeness leads_likeness(const struct leads_keys *a, const struct leads_keys *b)
{
    bool address = equal(a->email, b->email), phone = leads_share_phone(a, b);
    if ((address || phone) && !names_contradict(a, b)) {
        bool own = (address && !a->is_role) || names_agree(a, b);
        return own ? LEADS_CERTAIN : LEADS_CERTAIN_IF_OWN;
    }
    return address || phone || leads_match_points(a, b) >= POSSIBLE_POINTS ? LEADS_POSSIBLE : LEADS_OTHER;
}

/* --- a new lead --- */

struct candidate {
    const struct leads_earlier *is;
    struct leads_keys keys;
    enum leads_likeness like;
    bool contradicts;
};

/* 15: a number or an office's address under which different people are known is nobody's own */
static bool is_shared(const struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (c[i].like != LEADS_OTHER && c[k].like != LEADS_OTHER &&
                names_contradict(&c[i].keys, &c[k].keys))
                return true;
    return false;
}

static void compare(const struct leads_known *known, struct candidate *c, struct arena *a)
{
    bool asks = false;
    for (size_t i = 0; i < known->n; i++) {
        c[i].is = &known->earlier[i];
        leads_keys_of(c[i].is->lead, &c[i].keys, a);
        c[i].like = leads_likeness(&known->keys, &c[i].keys);
        c[i].contradicts = names_contradict(&known->keys, &c[i].keys);
        asks = asks || c[i].like == LEADS_CERTAIN_IF_OWN;
    }
    bool shared = asks && is_shared(c, known->n);
    for (size_t i = 0; i < known->n; i++)
        if (c[i].like == LEADS_CERTAIN_IF_OWN)
            c[i].like = shared ? LEADS_POSSIBLE : LEADS_CERTAIN;
}

/* 16: nothing that has been merged into it contradicts either */
static bool takes_another(const Baton__Lead *l, const struct candidate *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c[i].is->now == l && c[i].contradicts)
            return false;
    return leads_is_open(l) && l->n_merged_lead_ids < LEADS_MERGED_MAX;
}

/* 14: of several that are the same the earliest open one stays: what came in later went there, too */
static const Baton__Lead *earliest(const struct candidate *c, size_t n)
{
    const Baton__Lead *same = NULL;
    for (size_t i = 0; i < n; i++) {
        const Baton__Lead *now = c[i].is->now;
        if (c[i].like == LEADS_CERTAIN && takes_another(now, c, n) &&
            (!same || strcmp(now->id, same->id) < 0)) /* ids are in order of time */
            same = now;
    }
    return same;
}

static bool is_listed(const Baton__Lead *lead, const char *id)
{
    for (size_t i = 0; i < lead->n_possible_duplicate_ids; i++)
        if (strcmp(lead->possible_duplicate_ids[i], id) == 0)
            return true;
    return false;
}

/* 17: of those who know the customer and still work here, who got to know them last */
static char *owner_of(const struct candidate *c, size_t n, const struct leads_routing *r)
{
    const Baton__Lead *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const Baton__Lead *now = c[i].is->now;
        if (c[i].like == LEADS_CERTAIN && (!last || strcmp(now->id, last->id) > 0) &&
            leads_holder_is_active(r, now))
            last = now;
    }
    return last ? last->owner_id : NULL;
}

const Baton__Lead *leads_match(const struct leads_known *known, const struct leads_routing *r,
                               Baton__Lead *lead, struct arena *a)
{
    if (known->n_accounts + known->n_contacts == 0 && !known->n)
        return NULL;
    struct candidate *c = ARENA_ARRAY(a, struct candidate, known->n);
    compare(known, c, a);
    const Baton__Lead *same = known->merge ? earliest(c, known->n) : NULL;
    lead->customer_owner_id = owner_of(c, known->n, r);
    leads_match_party(known, r, lead, a);
    lead->possible_duplicate_ids = ARENA_ARRAY(a, char *, LEADS_POSSIBLE_MAX);
    for (size_t i = 0; i < known->n && lead->n_possible_duplicate_ids < LEADS_POSSIBLE_MAX; i++) {
        const Baton__Lead *now = c[i].is->now;
        if (now != same && c[i].like != LEADS_OTHER && !is_listed(lead, now->id))
            lead->possible_duplicate_ids[lead->n_possible_duplicate_ids++] = now->id;
    }
    return same;
}
