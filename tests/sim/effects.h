/* What one record of a log has to bring about in another, and what was found. */
#ifndef BATON_SIM_EFFECTS_H
#define BATON_SIM_EFFECTS_H

#include <assert.h>
#include <string.h>

#include "sim/sim.h"

enum { EXPECTED_MAX = 4096 };

/* Something that is expected, or was found: what, and about whom. */
struct effect {
    const char *what, *id;
};
struct effect_list {
    struct effect items[EXPECTED_MAX];
    size_t n;
};

static inline void add(struct effect_list *l, const char *what, const char *id)
{
    assert(l->n < EXPECTED_MAX);
    if (id)
        l->items[l->n++] = (struct effect){what, id};
}

/* NULL: it is about no record. */
static inline const char *changed_id(const Baton__RecordChanged *e, const char **type)
{
    const struct schema_field *member;
    ProtobufCMessage *row = schema_oneof(&e->record->base, &member);
    *type = row ? member->pb->name : NULL;
    return row ? schema_get_text(row, "id") : NULL;
}

/* `types`: ends with NULL. */
static inline void copies_of(const Baton__Event *e, const char *const *types, struct effect_list *l)
{
    const char *type, *id;
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || e->record_changed->copy)
        return;
    id = changed_id(e->record_changed, &type);
    for (; type && *types; types++)
        if (strcmp(type, *types) == 0)
            add(l, type, id);
}

static inline void copies_found(const Baton__Event *e, struct effect_list *l)
{
    const char *type, *id;
    if (e->event_case != BATON__EVENT__EVENT_RECORD_CHANGED || !e->record_changed->copy)
        return;
    id = changed_id(e->record_changed, &type);
    add(l, type, id);
}

/* effects_contacts.c: directory -> contacts, opportunities: somebody leaves; contacts -> notifications */
void left_expected(const Baton__Event *e, struct effect_list *l);
void left_found(const Baton__Event *e, struct effect_list *l);
void contacts_copies(const Baton__Event *e, struct effect_list *l);
void contacts_copies_found(const Baton__Event *e, struct effect_list *l);
void reminded_expected(const Baton__Event *e, struct effect_list *l);
void reminded_found(const Baton__Event *e, struct effect_list *l);

#endif
