/* Accounts and contacts that may be the same as another: indexes in memory, made from the rows at the start,
   and the weights, estimated then from some of them. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "services/contacts/rows.h"

enum {
    SCRATCH = 16 << 20,
    LEARN_FROM = 1000,   /* fewer records say too little about how people write */
    LEARN_SAMPLE = 4096, /* records whose pairs are looked at */
};

/* Of one type. */
struct near {
    const char *type;
    unsigned table;
    struct near_index *index;
    struct match_counts *counts;
    struct match_model model;
};
enum { TYPES = 2 };
struct contacts_near {
    struct near of[TYPES];
};

static struct near near_new(const char *type, unsigned table)
{
    struct near x = {type, table, near_index_new(), calloc(1, sizeof *x.counts), match_model_default};
    assert(x.counts);
    return x;
}

struct contacts_near *contacts_near_new(void)
{
    struct contacts_near *s = calloc(1, sizeof *s);
    assert(s);
    s->of[0] = near_new("contact", CONTACTS_CONTACT);
    s->of[1] = near_new("account", CONTACTS_ACCOUNT);
    return s;
}

void contacts_near_free(struct contacts_near *s)
{
    for (size_t i = 0; i < TYPES; i++) {
        near_index_free(s->of[i].index);
        free(s->of[i].counts);
    }
    free(s);
}

static void keys_of(const ProtobufCMessage *row, struct match_keys *k, struct arena *a)
{
    if (row->descriptor == &baton__contact__descriptor)
        match_keys_of_contact((const Baton__Contact *)row, k, a);
    else
        match_keys_of_account((const Baton__Account *)row, k, a);
}

/* A change is counted once more: frequencies need no better. What was deleted is still found, and is not
 * there. */
static void enter(struct near *x, const ProtobufCMessage *row, struct arena *a)
{
    struct match_keys keys;
    struct near_keys near;
    keys_of(row, &keys, a);
    match_near(&keys, &near);
    match_count(x->counts, &keys);
    near_index_add(x->index, schema_get_text(row, "id"), &near);
}

/* --- the weights --- */

/* Rows as they lie there, each `step`th: their ids are kept for drawing pairs. */
struct sample {
    char (*ids)[IDENT_TEXT_SIZE];
    size_t n;
};

static const ProtobufCMessage *drawn(struct load *l, const struct near *x, const struct sample *s,
                                     uint64_t *state, struct arena *a)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return table_get_id(l->txn, x->table, s->ids[(*state >> 33) % s->n], a);
}

static void tally_random(struct load *l, const struct near *x, const struct sample *s, struct match_tally *t)
{
    struct arena *a = arena_new(SCRATCH);
    uint64_t state = 1;
    for (size_t i = 0; i < 4 * s->n; i++, arena_reset(a)) {
        const ProtobufCMessage *one = drawn(l, x, s, &state, a), *two = drawn(l, x, s, &state, a);
        struct match_keys k, m;
        struct match_pattern p;
        if (!one || !two || strcmp(schema_get_text(one, "id"), schema_get_text(two, "id")) == 0)
            continue;
        keys_of(one, &k, a);
        keys_of(two, &m, a);
        match_compare(&k, &m, &p);
        match_tally_add(t, &p);
    }
    arena_free(a);
}

static void tally_found(struct load *l, const struct near *x, const char *id, struct arena *a,
                        struct match_tally *t)
{
    const ProtobufCMessage *row = table_get_id(l->txn, x->table, id, a);
    char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
    struct match_keys k, m;
    struct near_keys near;
    struct match_pattern p;
    if (!row)
        return;
    keys_of(row, &k, a);
    match_near(&k, &near);
    size_t n = near_index_find(x->index, &near, ids);
    for (size_t i = 0; i < n; i++) {
        const ProtobufCMessage *other = strcmp(ids[i], id) ? table_get_id(l->txn, x->table, ids[i], a) : NULL;
        if (!other)
            continue;
        keys_of(other, &m, a);
        match_compare(&k, &m, &p);
        match_tally_add(t, &p);
    }
}

/* Pairs of the records drawn with all others: as many as there are such. */
static void learn(struct load *l, struct near *x, const struct sample *s)
{
    struct match_tally *random = match_tally_new(), *found = match_tally_new();
    struct arena *a = arena_new(SCRATCH);
    double all = x->counts->records;
    tally_random(l, x, s, random);
    for (size_t i = 0; i < s->n; i++, arena_reset(a))
        tally_found(l, x, s->ids[i], a, found);
    match_learn(random, found, (double)s->n * all, 2 * (double)s->n, &x->model);
    arena_free(a);
    match_tally_free(random);
    match_tally_free(found);
}

/* --- at the start --- */

static void load_type(struct load *l, struct near *x)
{
    struct scan scan;
    struct bytes key, stored;
    struct store *s = txn_store(l->txn);
    struct arena *a = arena_new(SCRATCH);
    struct sample sample = {calloc(LEARN_SAMPLE, sizeof *sample.ids), 0};
    size_t n = 0, step = 1;
    assert(sample.ids);
    scan_open(&scan, l->txn, table_bucket(s, x->table), bytes_of(NULL, 0), bytes_of(NULL, 0), false);
    for (; scan_next(&scan, &key, &stored); arena_reset(a), n++) {
        const ProtobufCMessage *row = table_row(s, x->table, stored, a);
        if (!row)
            continue;
        enter(x, row, a);
        if (n % step)
            continue;
        /* full, every other one goes and of those to come half as many are taken */
        if (sample.n == LEARN_SAMPLE) {
            for (sample.n = 0; sample.n < LEARN_SAMPLE / 2; sample.n++)
                memmove(sample.ids[sample.n], sample.ids[2 * sample.n], IDENT_TEXT_SIZE);
            step *= 2;
        }
        memcpy(sample.ids[sample.n++], schema_get_text(row, "id"), IDENT_TEXT_SIZE);
    }
    scan_close(&scan);
    if (n >= LEARN_FROM)
        learn(l, x, &sample);
    free(sample.ids);
    arena_free(a);
}

void contacts_near_load(struct load *l, struct contacts_near *s)
{
    for (size_t i = 0; i < TYPES; i++)
        load_type(l, &s->of[i]);
}

void contacts_apply_contact_near(struct apply *ap, const ProtobufCMessage *payload)
{
    struct contacts_state *s = ap->state;
    if (s)
        enter(&s->near->of[0], payload, ap->arena);
}

void contacts_apply_account_near(struct apply *ap, const ProtobufCMessage *payload)
{
    struct contacts_state *s = ap->state;
    if (s)
        enter(&s->near->of[1], payload, ap->arena);
}

uint32_t contacts_in_all(const struct load *l, unsigned table)
{
    const struct contacts_state *s = l->state;
    return s->near->of[table == CONTACTS_CONTACT ? 0 : 1].counts->records;
}

/* --- who may be the same --- */

static void pairs_load(struct load *l, const char *field, const char *id, struct contacts_known *k)
{
    struct table_scan scan;
    const Baton__DuplicatePair *p;
    if (!table_scan_open(&scan, l->txn, CONTACTS_PAIR, field, id, NULL, false))
        return;
    while (k->n_pairs < CONTACTS_PAIRS_MAX && (p = table_scan_next(&scan, l->arena)))
        k->pairs[k->n_pairs++] = p;
    table_scan_close(&scan);
}

/* Those that are there, are not merged, and are not among them yet. */
static void found_add(struct load *l, const struct near *x, const char *self, const char *id,
                      struct contacts_known *k)
{
    if (self && strcmp(self, id) == 0)
        return;
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(schema_get_text(k->found[i], "id"), id) == 0)
            return;
    ProtobufCMessage *other = table_get_id(l->txn, x->table, id, l->arena);
    if (other && !schema_get_text(other, "merged_into_id"))
        k->found[k->n++] = other;
}

struct contacts_known *contacts_known(struct load *l, const ProtobufCMessage *row)
{
    const struct contacts_state *s = l->state;
    if (!s)
        return NULL;
    const struct near *x = &s->near->of[row->descriptor == &baton__contact__descriptor ? 0 : 1];
    struct contacts_known *k = ARENA_NEW(l->arena, struct contacts_known);
    char ids[NEAR_FOUND_MAX][IDENT_TEXT_SIZE];
    struct match_keys keys;
    struct near_keys near;
    const char *id = schema_get_text(row, "id");
    k->type = x->type;
    k->model = &x->model;
    k->counts = x->counts;
    keys_of(row, &keys, l->arena);
    match_near(&keys, &near);
    size_t n = near_index_find(x->index, &near, ids);
    for (size_t i = 0; i < n; i++)
        found_add(l, x, id, ids[i], k);
    if (!id)
        return k;
    pairs_load(l, "first_id", id, k);
    pairs_load(l, "second_id", id, k);
    for (size_t i = 0; i < k->n_pairs; i++)
        found_add(l, x, id,
                  strcmp(k->pairs[i]->first_id, id) ? k->pairs[i]->first_id : k->pairs[i]->second_id, k);
    return k;
}
