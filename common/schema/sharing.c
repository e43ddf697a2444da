/* Who reaches whose records, and who may say so. */
#include "schema/sharing.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_actor(const Baton__Actor *actor, const char *user_id)
{
    return same(actor->user_id, user_id);
}

static bool is_program(const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_SYSTEM) || actor_is(actor, BATON__ROLE__ROLE_SERVICE);
}

/* Only the role makes somebody who is named manager of a team one. */
static bool manages(const struct sharing_facts *f, const Baton__Actor *actor)
{
    for (size_t i = 0; actor_is(actor, BATON__ROLE__ROLE_MANAGER) && i < f->owners.n; i++)
        if (is_actor(actor, f->owners.rows[i]->manager_id))
            return true;
    return false;
}

static bool is_in_teams(const struct sharing_teams *teams, const char *team_id)
{
    for (size_t i = 0; i < teams->n; i++)
        if (same(teams->rows[i]->id, team_id))
            return true;
    return false;
}

static bool works_in(const Baton__User *user, const char *territory_id)
{
    for (size_t i = 0; user && i < user->n_territory_ids; i++)
        if (same(user->territory_ids[i], territory_id))
            return true;
    return false;
}

static enum record_reach shared(const struct sharing_facts *f, const Baton__Actor *actor)
{
    enum record_reach most = RECORD_HIDDEN;
    for (size_t i = 0; i < f->shares.n; i++) {
        const ProtobufCMessage *s = f->shares.rows[i];
        if (!is_actor(actor, schema_get_text(s, "user_id")) &&
            !is_in_teams(&f->actors, schema_get_text(s, "team_id")) &&
            !works_in(f->actor, schema_get_text(s, "territory_id")))
            continue;
        enum record_reach reach =
            schema_get_int(s, "level") == BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE ? RECORD_WRITE : RECORD_READ;
        most = reach > most ? reach : most;
    }
    return most;
}

static bool works_on(const struct sharing_facts *f, const Baton__Actor *actor)
{
    for (size_t i = 0; i < f->n_members; i++)
        if (is_actor(actor, f->members[i]))
            return true;
    return false;
}

static bool is_of_team(const struct sharing_facts *f)
{
    return f->owners.n && f->actors.n && same(f->owners.rows[0]->id, f->actors.rows[0]->id);
}

/* What the organisation's setting gives to whoever works there. */
static enum record_reach of_house(const struct sharing_facts *f)
{
    switch (f->access) {
    case BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_READ:
        return is_of_team(f) ? RECORD_WRITE : RECORD_READ;
    case BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE:
        return is_of_team(f) ? RECORD_WRITE : RECORD_HIDDEN;
    default:
        return RECORD_OWN;
    }
}

bool sharing_is_in_charge(const struct sharing_facts *f, const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_SYSTEM) ||
           is_actor(actor, f->owner_id) || manages(f, actor);
}

enum record_reach sharing_reach(const struct sharing_facts *f, const Baton__Actor *actor)
{
    /* 1: programs reach everything, whatever their role then lets them do */
    if (is_program(actor))
        return RECORD_OWN;
    /* 2: so do administrators; owners and the managers above them reach what is theirs */
    if (sharing_is_in_charge(f, actor))
        return RECORD_OWN;
    /* 3: a share reaches as far as it says, and who works on the record writes it */
    enum record_reach by_share = works_on(f, actor) ? RECORD_WRITE : shared(f, actor);
    /* 4: a partner reads what they brought, and nothing because of the house */
    if (actor_is(actor, BATON__ROLE__ROLE_PARTNER)) {
        bool brought = is_actor(actor, f->brought_by_id);
        return brought && by_share == RECORD_HIDDEN ? RECORD_READ : by_share;
    }
    /* 5: the house reaches what the organisation lets it */
    enum record_reach by_house = of_house(f);
    return by_share > by_house ? by_share : by_house;
}

void sharing_give_owner(Baton__CustomerAccess access, const Google__Protobuf__Timestamp *created_at,
                        char **owner_id, const struct stamp *s)
{
    bool is_open = access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_UNSPECIFIED ||
                   access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
    if (!*owner_id && !created_at && !is_open && s->actor->user_id)
        *owner_id = arena_strdup(s->arena, s->actor->user_id);
}

void sharing_end(const struct sharing_shares *shares, struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < shares->n; i++)
        record_deleted(shares->rows[i], shares->seqs[i], s, out);
}

/* What a share is of and for is what makes it this share. */
static bool is_moved(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    static const char *const fields[] = {"type", "record_id", "user_id", "team_id", "territory_id"};
    const struct schema_message *m = schema_message(a->descriptor);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct schema_field *f = schema_field(m, fields[i]);
        if (f && !schema_field_equal(a, b, f))
            return true;
    }
    return false;
}

static bool check_new(const struct sharing_share_facts *f, const ProtobufCMessage *share, struct refusal *no)
{
    const char *user_id = schema_get_text(share, "user_id");
    /* 9: it is for one: a user, a team or a territory */
    if (!user_id + !schema_get_text(share, "team_id") + !schema_get_text(share, "territory_id") != 2)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "user_id",
                      "a record is shared with a user, a team or a territory");
    if (!f->has_target)
        return refuse(no, REFUSAL_NOT_FOUND, user_id ? "user_id" : "team_id", "there is no such %s",
                      user_id ? "user" : "team");
    /* 10: nobody has two shares of a record, and there are not too many */
    if (f->same)
        return refuse(no, REFUSAL_ALREADY_EXISTS, NULL, "the record is shared with them already");
    if (f->n_shares >= SHARING_SHARES_MAX)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "a record has at most %d shares",
                      SHARING_SHARES_MAX);
    return true;
}

bool sharing_check(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                   struct stamp *s, struct outcome *out)
{
    const struct sharing_share_facts *f = extra;
    /* 7: it is of a record that the actor sees */
    if (!f->is_shareable)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "type",
                      "records of this type are not shared like that");
    if (f->reach < RECORD_READ)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "record_id", "there is no such record");
    /* 8: and is in charge of */
    if (!f->is_in_charge)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "only the owner, their managers and administrators say who else reaches a record");
    if (!after)
        return true;
    if (!before) {
        schema_set_text(after, "shared_by_id", arena_strdup(s->arena, s->actor->user_id));
        return check_new(f, after, &out->no);
    }
    /* 11: only its level changes */
    if (is_moved(before, after))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "of a share only the level changes; end it and make another");
    return true;
}
