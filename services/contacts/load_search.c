/* Accounts and contacts as they are found by what is typed. */
#include <assert.h>
#include <stdlib.h>

#include "baton/v1/directory.pb-c.h"
#include "services/contacts/rows.h"

static const char *const account_tags[] = {"owner_id", "parent_id", "type", NULL};
static const char *const account_names[] = {"name", NULL};
static const char *const contact_tags[] = {"owner_id", "account_id", NULL};
static const char *const contact_names[] = {"last_name", "first_name", "email", NULL};

static const struct finder_def defs[CONTACTS_FOUND] = {
    {CONTACTS_ACCOUNT, "created_at", "updated_at", account_tags, account_names, "merged_into_id"},
    {CONTACTS_CONTACT, "created_at", "updated_at", contact_tags, contact_names, "merged_into_id"},
};

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
    for (size_t i = 0; i < CONTACTS_FOUND; i++)
        finder_load(&s->finders[i], l);
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
