/* Who a row of a list is. The rules are numbered as those of decide_import.c, which goes on from here. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/importing.h"
#include "services/contacts/keys.h"

bool import_is_contact(const ProtobufCMessage *record)
{
    return record->descriptor == &baton__contact__descriptor;
}

static bool contradict(const char *a, const char *b, struct arena *arena)
{
    const char *x = a ? text_fold(arena, a) : NULL, *y = b ? text_fold(arena, b) : NULL;
    return x && y && strcmp(x, y) != 0;
}

/* 6: people share a telephone: by it somebody is known only if no name says otherwise */
static bool phone_will_do(const ProtobufCMessage *a, const ProtobufCMessage *b, struct arena *arena)
{
    if (!import_is_contact(a))
        return true;
    const Baton__Contact *x = (const Baton__Contact *)a, *y = (const Baton__Contact *)b;
    return !contradict(x->first_name, y->first_name, arena) && !contradict(x->last_name, y->last_name, arena);
}

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool shares_phone(const Baton__ContactKey *a, const Baton__ContactKey *b)
{
    return same(a->phone, b->phone) || same(a->phone, b->mobile_phone) || same(a->mobile_phone, b->phone) ||
           same(a->mobile_phone, b->mobile_phone);
}

static bool shares_key(enum known_by by, const Baton__ContactKey *row, const Baton__ContactKey *other)
{
    const char *own = contacts_own_uid(row->external_id);
    switch (by) {
    case KNOWN_BY_EXTERNAL_ID:
        return same(row->external_id, other->external_id) || same(own, other->id);
    case KNOWN_BY_EMAIL:
        return same(row->email, other->email);
    case KNOWN_BY_PHONE:
        return shares_phone(row, other);
    case KNOWN_BY_NAME: /* 7: an account that says nothing surer is known by its name */
        return !row->external_id && !row->phone && same(row->name, other->name);
    case KNOWN_BY_NOTHING:
        break;
    }
    return false;
}

static struct touched *touched_of(struct importing *im, const char *id)
{
    for (size_t i = 0; i < im->n_touched; i++)
        if (strcmp(schema_get_text(im->touched[i].after, "id"), id) == 0)
            return &im->touched[i];
    return NULL;
}

static bool fits(enum known_by by, const ProtobufCMessage *row, const ProtobufCMessage *other,
                 struct arena *a)
{
    return by != KNOWN_BY_PHONE || phone_will_do(row, other, a);
}

/* 5: whoever shares the surest key, and of those the oldest; as this batch has left them */
struct match import_match(struct importing *im, const struct import_row_facts *f, const ProtobufCMessage *row)
{
    struct arena *a = im->stamp->arena;
    for (enum known_by by = KNOWN_BY_EXTERNAL_ID; by <= KNOWN_BY_NAME; by++) {
        for (size_t i = 0; i < f->n; i++) {
            const struct import_candidate *c = &f->candidates[i];
            if (c->by == by && !touched_of(im, schema_get_text(c->record, "id")) &&
                fits(by, row, c->record, a))
                return (struct match){.by = by, .candidate = c};
        }
        for (size_t i = 0; i < im->n_touched; i++) {
            struct touched *t = &im->touched[i];
            if (t->after->descriptor == row->descriptor && shares_key(by, &f->keys, &t->keys) &&
                fits(by, row, t->after, a))
                return (struct match){.by = by, .touched = t};
        }
    }
    return (struct match){0};
}
