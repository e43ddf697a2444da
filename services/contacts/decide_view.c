/* Decisions about saved views. */
#include <string.h>

#include "base/text.h"
#include "services/contacts/contacts.h"

static bool is_type(const char *type)
{
    static const char *const types[] = {"account", "contact", "lead", "document"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

static bool are_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool contacts_sees_view(const Baton__SavedView *view, const Baton__Actor *actor, const char *team_id)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_SYSTEM) ||
           view->shared_with_all || are_same(view->owner_id, actor->user_id) ||
           are_same(view->team_id, team_id);
}

bool contacts_check_view(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                         struct stamp *s, struct outcome *out)
{
    const Baton__SavedView *was = (const Baton__SavedView *)before;
    Baton__SavedView *view = (Baton__SavedView *)after;
    /* 1: only whom it belongs to changes or deletes it, and an administrator */
    bool is_own = !was || are_same(was->owner_id, s->actor->user_id);
    if (!is_own && !actor_is(s->actor, BATON__ROLE__ROLE_ADMIN) &&
        !actor_is(s->actor, BATON__ROLE__ROLE_SYSTEM))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL, "this view belongs to somebody else");
    if (!view)
        return true;
    contacts_redirect(extra, after);
    /* 2: it has a name, without white space around */
    view->name = text_trim(s->arena, view->name);
    if (!view->name)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "a view has a name");
    /* 3: it is of something that is searched for */
    if (!is_type(view->type))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "type",
                      "a view is of account, contact, lead or document");
    /* 4: whoever makes it owns it; an administrator may make it for others */
    if (!view->owner_id || (!was && !actor_is(s->actor, BATON__ROLE__ROLE_ADMIN)))
        view->owner_id = s->actor->user_id;
    return true;
}
