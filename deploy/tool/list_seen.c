/* Which rows of a list are the same as an earlier one: hashes of what rows are known by. */
#include "tool/list_seen.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "services/contacts/keys.h"

enum { KEYS_OF_ROW = 4, ROW_MEMORY = 1 << 20, LEAST_SLOTS = 64 };

/* Open addressing, at most half full; 0 is an empty slot. */
struct list_seen {
    uint64_t *slots;
    size_t n_slots; /* a power of two */
};

/* What a row is known by: the kind of key, and its text. */
struct known {
    const char *by, *text;
};

struct list_seen *list_seen_new(size_t rows, struct arena *a)
{
    struct list_seen *s = ARENA_NEW(a, struct list_seen);
    s->n_slots = LEAST_SLOTS;
    while (s->n_slots < 2 * KEYS_OF_ROW * rows)
        s->n_slots *= 2;
    s->slots = ARENA_ARRAY(a, uint64_t, s->n_slots);
    return s;
}

static uint64_t hash_of(const struct known *k)
{
    uint8_t hash[HASH_SIZE];
    hash2(hash, bytes_text(k->by), bytes_text(k->text));
    return get_be64(hash) | 1;
}

static uint64_t *slot_of(struct list_seen *s, uint64_t hash)
{
    size_t at = (size_t)(hash >> 1) & (s->n_slots - 1);
    while (s->slots[at] != 0 && s->slots[at] != hash)
        at = (at + 1) & (s->n_slots - 1);
    return &s->slots[at];
}

static const char *folded(const char *text, struct arena *a)
{
    const char *f = text != NULL ? text_fold(a, text) : NULL;
    return f != NULL ? f : "";
}

static size_t keys_of(const Baton__ImportRow *row, const char *country, struct known out[KEYS_OF_ROW],
                      struct arena *a)
{
    Baton__ContactKey k;
    size_t n = 0;
    const char *who = "";
    if (row->contact != NULL) {
        contacts_keys_of_contact(row->contact, country, &k, a);
        who = arena_printf(a, "|%s|%s", folded(row->contact->first_name, a),
                           folded(row->contact->last_name, a));
    } else
        contacts_keys_of_account(row->account, country, &k, a);
    bool by_name = row->account != NULL && k.external_id == NULL && k.phone == NULL;
    const struct known all[] = {
        {"external_id", k.external_id},
        {"email", k.email},
        {"phone", k.phone != NULL ? arena_printf(a, "%s%s", k.phone, who) : NULL},
        {"phone", k.mobile_phone != NULL ? arena_printf(a, "%s%s", k.mobile_phone, who) : NULL},
        {"name", by_name ? k.name : NULL},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all && n < KEYS_OF_ROW; i++)
        if (all[i].text != NULL)
            out[n++] = all[i];
    return n;
}

const char *list_seen_add(struct list_seen *s, const Baton__ImportRow *row, const char *country)
{
    struct known keys[KEYS_OF_ROW];
    struct arena *a = arena_new(ROW_MEMORY);
    size_t n = keys_of(row, country, keys, a);
    const char *by = NULL;
    for (size_t i = 0; i < n && by == NULL; i++)
        if (*slot_of(s, hash_of(&keys[i])) != 0)
            by = keys[i].by;
    for (size_t i = 0; i < n && by == NULL; i++) {
        uint64_t hash = hash_of(&keys[i]);
        *slot_of(s, hash) = hash;
    }
    arena_free(a);
    return by;
}
