/* Where a lead is, by its country and postal code. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/ident.h"
#include "base/text.h"
#include "services/leads/leads.h"

enum { SLOTS_LEAST = 64, KEY_MEMORY = 1 << 16 };

struct entry {
    char *key; /* NULL: free */
    char id[IDENT_TEXT_SIZE];
    int32_t latitude_e6, longitude_e6;
};

/* Open addressing, at most half full. */
struct leads_places {
    struct entry *entries;
    size_t size, n;
};

/* "de|80331"; NULL where one of the two is missing. */
static char *key_of(const char *country, const char *postal_code, struct arena *a)
{
    const char *place = country_fold(a, country), *code = text_fold_postcode(a, postal_code);
    return place && code ? arena_printf(a, "%s|%s", place, code) : NULL;
}

/* FNV-1a. */
static uint64_t hash_of(const char *s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
    return h;
}

/* Where the key stands, or would. */
static struct entry *slot_of(const struct leads_places *p, const char *key)
{
    size_t at = hash_of(key) & (p->size - 1);
    while (p->entries[at].key && strcmp(p->entries[at].key, key) != 0)
        at = (at + 1) & (p->size - 1);
    return &p->entries[at];
}

static void resize(struct leads_places *p, size_t size)
{
    struct leads_places old = *p;
    p->size = size;
    p->entries = calloc(size, sizeof *p->entries);
    assert(p->entries);
    for (size_t i = 0; i < old.size; i++)
        if (old.entries[i].key)
            *slot_of(p, old.entries[i].key) = old.entries[i];
    free(old.entries);
}

struct leads_places *leads_places_new(void)
{
    struct leads_places *p = calloc(1, sizeof *p);
    assert(p);
    resize(p, SLOTS_LEAST);
    return p;
}

void leads_places_clear(struct leads_places *p)
{
    for (size_t i = 0; i < p->size; i++)
        free(p->entries[i].key);
    free(p->entries);
    *p = (struct leads_places){0};
    resize(p, SLOTS_LEAST);
}

void leads_places_free(struct leads_places *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->size; i++)
        free(p->entries[i].key);
    free(p->entries);
    free(p);
}

static void put(struct leads_places *p, const char *key, const Baton__Place *row)
{
    if (2 * (p->n + 1) > p->size)
        resize(p, p->size * 2);
    struct entry *e = slot_of(p, key);
    if (e->key && strcmp(e->id, row->id) < 0)
        return;
    if (!e->key) {
        e->key = strdup(key);
        assert(e->key);
        p->n++;
    }
    memcpy(e->id, row->id, strlen(row->id) + 1);
    e->latitude_e6 = row->latitude_e6;
    e->longitude_e6 = row->longitude_e6;
}

void leads_places_put(struct leads_places *p, const Baton__Place *row)
{
    struct arena *a = arena_new(KEY_MEMORY);
    const char *key = key_of(row->country, row->postal_code, a);
    if (key && strlen(row->id) < IDENT_TEXT_SIZE)
        put(p, key, row);
    arena_free(a);
}

void leads_locate(const struct leads_places *p, Baton__Lead *lead, struct arena *a)
{
    const Baton__Address *at = lead->address;
    if (!p)
        return;
    const char *key = at && p->n ? key_of(at->country, at->postal_code, a) : NULL;
    const struct entry *e = key ? slot_of(p, key) : NULL;
    lead->has_latitude_e6 = lead->has_longitude_e6 = e && e->key;
    lead->latitude_e6 = e && e->key ? e->latitude_e6 : 0;
    lead->longitude_e6 = e && e->key ? e->longitude_e6 : 0;
}

bool leads_check_place(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                       struct stamp *s, struct outcome *out)
{
    const Baton__Place *p = (const Baton__Place *)after;
    /* 1: there is something left of its country and code once they are compared */
    return !p || key_of(p->country, p->postal_code, s->arena) ||
           refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "postal_code",
                  "a place needs a country and a postal code with letters or digits");
}
