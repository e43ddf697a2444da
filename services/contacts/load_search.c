/* Accounts and contacts as they are found by what is typed. */
#include <assert.h>
#include <stdlib.h>

#include "baton/v1/directory.pb-c.h"
#include "services/contacts/rows.h"

static const char *const account_tags[] = {"owner_id", "parent_id", "type", NULL};
static const char *const account_names[] = {"name", NULL};
static const char *const contact_tags[] = {"owner_id", "account_id", NULL};
static const char *const contact_names[] = {"last_name", "first_name", "email", NULL};

/* Partners find nothing by what they are not shown. */
static bool is_open(const struct schema_field *f)
{
    static const Baton__Actor partner = {
        .base = {.descriptor = &baton__actor__descriptor},
        .has_role = true,
        .role = BATON__ROLE__ROLE_PARTNER,
    };
    return contacts_shows(&partner, f);
}

static const struct finder_def defs[CONTACTS_FOUND] = {
    {CONTACTS_ACCOUNT, "created_at", "updated_at", account_tags, account_names, "merged_into_id", is_open},
    {CONTACTS_CONTACT, "created_at", "updated_at", contact_tags, contact_names, "merged_into_id", is_open},
};

const char *const contacts_found_types[CONTACTS_FOUND] = {"account", "contact"};

size_t contacts_searched(struct txn *t, const char *type, char *names[CUSTOM_FIELDS_MAX], struct arena *a)
{
    struct table_scan scan;
    const Baton__CustomField *d;
    size_t n = 0;
    if (!table_scan_open(&scan, t, CONTACTS_CUSTOM_FIELD, "record_type", type, NULL, false))
        return 0;
    while (n < CUSTOM_FIELDS_MAX && (d = table_scan_next(&scan, a)))
        if (contacts_custom_is_searched(d))
            names[n++] = d->name;
    table_scan_close(&scan);
    return n;
}

void *contacts_load_searched(struct load *l, const struct command *c)
{
    const Baton__SearchedFields *row = (const Baton__SearchedFields *)c->request;
    struct contacts_searched_facts *f = ARENA_NEW(l->arena, struct contacts_searched_facts);
    f->token = finder_note_some(NULL, l->txn, (unsigned)contacts_type_table(row->type), row->token,
                                CONTACTS_SEARCH_STEP, l->arena);
    return f;
}

void *contacts_state_new(void)
{
    struct contacts_state *s = calloc(1, sizeof *s);
    assert(s);
    for (size_t i = 0; i < CONTACTS_FOUND; i++)
        finder_init(&s->finders[i], &defs[i]);
    s->zones = contacts_zones_new();
    s->looks = contacts_looks_new();
    s->near = contacts_near_new();
    return s;
}

void contacts_state_load(struct load *l)
{
    struct contacts_state *s = l->state;
    char *names[CUSTOM_FIELDS_MAX];
    for (size_t i = 0; i < CONTACTS_FOUND; i++) {
        size_t n = contacts_searched(l->txn, contacts_found_types[i], names, l->arena);
        finder_custom(&s->finders[i], names, n);
        finder_load(&s->finders[i], l);
    }
    contacts_near_load(l, s->near);
}

void contacts_state_free(void *state)
{
    struct contacts_state *s = state;
    for (size_t i = 0; i < CONTACTS_FOUND; i++)
        finder_release(&s->finders[i]);
    contacts_zones_free(s->zones);
    contacts_looks_free(s->looks);
    contacts_near_free(s->near);
    free(s);
}

enum record_reach contacts_row_view_reach(struct load *l, const ProtobufCMessage *row,
                                          const Baton__Actor *actor)
{
    const Baton__User *user = table_get_id(l->txn, CONTACTS_USER, actor->user_id, l->arena);
    return contacts_sees_view((const Baton__SavedView *)row, actor, user ? user->team_id : NULL)
               ? RECORD_BY_ROLE
               : RECORD_HIDDEN;
}
