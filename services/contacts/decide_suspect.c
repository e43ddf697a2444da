/* Who may be the same as a record that is new or was changed: told, and nothing else done. */
#include <stdlib.h>
#include <string.h>

#include "services/contacts/contacts.h"

/* 21: from here on a pair is worth a person's look */
static const double WORTH_A_LOOK = 0.5;

static void keys_of(const ProtobufCMessage *row, struct match_keys *k, struct arena *a)
{
    if (row->descriptor == &baton__contact__descriptor)
        match_keys_of_contact((const Baton__Contact *)row, k, a);
    else
        match_keys_of_account((const Baton__Account *)row, k, a);
}

static int surest_first(const void *a, const void *b)
{
    const struct contacts_candidate *x = a, *y = b;
    if (x->sure != y->sure)
        return x->sure < y->sure ? 1 : -1;
    return strcmp(schema_get_text(x->row, "id"), schema_get_text(y->row, "id"));
}

size_t contacts_compare(const struct contacts_known *known, const ProtobufCMessage *row, struct arena *a,
                        struct contacts_candidate out[CONTACTS_FOUND_MAX])
{
    struct match_keys ours, theirs;
    size_t n = 0;
    keys_of(row, &ours, a);
    for (size_t i = 0; i < known->n; i++) {
        struct contacts_candidate *c = &out[n];
        c->row = known->found[i];
        keys_of(c->row, &theirs, a);
        match_compare(&ours, &theirs, &c->pattern);
        c->sure = match_probability(known->model, known->counts, &ours, &c->pattern);
        n += c->sure >= WORTH_A_LOOK;
    }
    if (n)
        qsort(out, n, sizeof *out, surest_first);
    return n;
}

Baton__MatchReason **contacts_reasons(const struct match_pattern *p, size_t *n, struct arena *a)
{
    Baton__MatchReason **reasons = ARENA_ARRAY(a, Baton__MatchReason *, MATCH_FIELDS);
    *n = 0;
    for (unsigned f = 0; f < MATCH_FIELDS; f++) {
        if (p->of[f] == MATCH_MISSING)
            continue;
        Baton__MatchReason *r = reasons[(*n)++] = ARENA_NEW(a, Baton__MatchReason);
        baton__match_reason__init(r);
        r->field_name = arena_strdup(a, match_field_name(f));
        r->has_level = true;
        r->level = (Baton__MatchLevel)p->of[f];
    }
    return reasons;
}
_Static_assert((int)MATCH_EQUAL == (int)BATON__MATCH_LEVEL__MATCH_LEVEL_EQUAL,
               "levels are those of the schema");

uint32_t contacts_score(double sure)
{
    return (uint32_t)(sure * 1e6 + 0.5);
}

char *contacts_pair_id(const char *a, const char *b, struct arena *arena)
{
    bool crossed = strcmp(a, b) > 0;
    return arena_printf(arena, "%s:%s", crossed ? b : a, crossed ? a : b);
}

static const Baton__DuplicatePair *pair_of(const struct contacts_known *known, const char *pair_id)
{
    for (size_t i = 0; i < known->n_pairs; i++)
        if (strcmp(known->pairs[i]->id, pair_id) == 0)
            return known->pairs[i];
    return NULL;
}

static bool same_reasons(const Baton__DuplicatePair *p, const struct contacts_candidate *c)
{
    size_t n = 0;
    for (unsigned f = 0; f < MATCH_FIELDS; f++) {
        if (c->pattern.of[f] == MATCH_MISSING)
            continue;
        if (n == p->n_reasons || strcmp(p->reasons[n]->field_name, match_field_name(f)) != 0 ||
            p->reasons[n]->level != (Baton__MatchLevel)c->pattern.of[f])
            return false;
        n++;
    }
    return n == p->n_reasons;
}

static void suspected(const struct contacts_known *known, const char *id, const struct contacts_candidate *c,
                      struct stamp *s, struct outcome *out)
{
    const char *other = schema_get_text(c->row, "id");
    bool crossed = strcmp(id, other) > 0;
    Baton__DuplicatePair *p = ARENA_NEW(s->arena, Baton__DuplicatePair);
    Baton__DuplicateSuspected *e = ARENA_NEW(s->arena, Baton__DuplicateSuspected);
    baton__duplicate_suspected__init(e);
    baton__duplicate_pair__init(p);
    p->id = contacts_pair_id(id, other, s->arena);
    p->type = arena_strdup(s->arena, known->type);
    p->first_id = arena_strdup(s->arena, crossed ? other : id);
    p->second_id = arena_strdup(s->arena, crossed ? id : other);
    p->has_score = p->has_state = true;
    p->score = contacts_score(c->sure);
    p->state = BATON__DUPLICATE_STATE__DUPLICATE_STATE_SUSPECTED;
    p->reasons = contacts_reasons(&c->pattern, &p->n_reasons, s->arena);
    p->found_at = timestamp_of(s->arena, s->now_us);
    e->pair = p;
    outcome_event(out, e);
}

/* The other of a pair was compared, and it is not alike. */
static bool is_over(const struct contacts_known *known, const struct contacts_candidate *c, size_t n,
                    const Baton__DuplicatePair *p, const char *id)
{
    const char *other = strcmp(p->first_id, id) == 0 ? p->second_id : p->first_id;
    bool compared = false;
    for (size_t i = 0; i < known->n; i++)
        compared |= strcmp(schema_get_text(known->found[i], "id"), other) == 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(schema_get_text(c[i].row, "id"), other) == 0)
            return false;
    return compared;
}

/* 24: with a change, pairs that are alike no more, or of which one is gone, go; but what somebody said of two
   that are there is remembered */
static void clear_others(const struct contacts_known *known, const struct contacts_candidate *c, size_t n,
                         const char *id, bool deleted, struct outcome *out)
{
    for (size_t i = 0; i < known->n_pairs; i++) {
        const Baton__DuplicatePair *p = known->pairs[i];
        bool dismissed = p->state == BATON__DUPLICATE_STATE__DUPLICATE_STATE_DISMISSED;
        if (!deleted && (dismissed || !is_over(known, c, n, p, id)))
            continue;
        Baton__DuplicateCleared *e = ARENA_NEW(out->arena, Baton__DuplicateCleared);
        baton__duplicate_cleared__init(e);
        e->pair_id = p->id;
        outcome_event(out, e);
    }
}

size_t contacts_suspect(const struct contacts_known *known, const ProtobufCMessage *before,
                        ProtobufCMessage *after, struct stamp *s, struct outcome *out)
{
    struct contacts_candidate found[CONTACTS_FOUND_MAX];
    size_t came = 0, n = known && after ? contacts_compare(known, after, s->arena, found) : 0;
    if (!known)
        return 0;
    if (after && !schema_get_text(after, "id"))
        schema_set_text(after, "id", stamp_id(s));
    const char *id = schema_get_text(after ? after : before, "id");
    for (size_t i = 0; i < n; i++) {
        const Baton__DuplicatePair *p =
            pair_of(known, contacts_pair_id(id, schema_get_text(found[i].row, "id"), s->arena));
        /* 22: what somebody said is not the same is not told again; 23: nor what is told for the same reasons
         */
        bool told = p && (p->state == BATON__DUPLICATE_STATE__DUPLICATE_STATE_DISMISSED ||
                          same_reasons(p, &found[i]));
        if (!told)
            suspected(known, id, &found[i], s, out);
        came += !told;
    }
    if (after != before)
        clear_others(known, found, n, id, !after, out);
    return came;
}
