/* Who reaches whose records, and who may say so. */
#include <string.h>

#include "services/contacts/contacts.h"

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
static bool manages(const struct contacts_reach_facts *f, const Baton__Actor *actor)
{
    for (size_t i = 0; actor_is(actor, BATON__ROLE__ROLE_MANAGER) && i < f->owners.n; i++)
        if (is_actor(actor, f->owners.rows[i]->manager_id))
            return true;
    return false;
}

static bool is_in_teams(const struct contacts_teams *teams, const char *team_id)
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

static enum record_reach shared(const struct contacts_reach_facts *f, const Baton__Actor *actor)
{
    enum record_reach most = RECORD_HIDDEN;
    for (size_t i = 0; i < f->shares.n; i++) {
        const Baton__RecordShare *s = f->shares.rows[i];
        if (!is_actor(actor, s->user_id) && !is_in_teams(&f->actors, s->team_id) &&
            !works_in(f->actor, s->territory_id))
            continue;
        enum record_reach reach =
            s->level == BATON__SHARE_LEVEL__SHARE_LEVEL_WRITE ? RECORD_WRITE : RECORD_READ;
        most = reach > most ? reach : most;
    }
    return most;
}

static bool is_of_team(const struct contacts_reach_facts *f)
{
    return f->owners.n && f->actors.n && same(f->owners.rows[0]->id, f->actors.rows[0]->id);
}

/* What the organisation's setting gives to whoever works there. */
static enum record_reach of_house(const struct contacts_reach_facts *f)
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

bool contacts_is_in_charge(const struct contacts_reach_facts *f, const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) || actor_is(actor, BATON__ROLE__ROLE_SYSTEM) ||
           is_actor(actor, f->owner_id) || manages(f, actor);
}

enum record_reach contacts_reach(const struct contacts_reach_facts *f, const Baton__Actor *actor)
{
    /* 1: programs reach everything, whatever their role then lets them do */
    if (is_program(actor))
        return RECORD_OWN;
    /* 2: so do administrators; owners and the managers above them reach what is theirs */
    if (contacts_is_in_charge(f, actor))
        return RECORD_OWN;
    /* 3: a share reaches as far as it says */
    enum record_reach by_share = shared(f, actor);
    /* 4: a partner reads what they brought, and nothing because of the house */
    if (actor_is(actor, BATON__ROLE__ROLE_PARTNER)) {
        bool brought = is_actor(actor, f->brought_by_id);
        return brought && by_share == RECORD_HIDDEN ? RECORD_READ : by_share;
    }
    /* 5: the house reaches what the organisation lets it */
    enum record_reach by_house = of_house(f);
    return by_share > by_house ? by_share : by_house;
}

enum record_reach contacts_about_reach(enum record_reach record, const char *owner_id,
                                       const Baton__Actor *actor)
{
    /* 6: what is about a record is seen by whoever sees it, and changed by whoever writes it or made this */
    if (record == RECORD_HIDDEN)
        return RECORD_HIDDEN;
    return record >= RECORD_WRITE || is_actor(actor, owner_id) ? RECORD_OWN : RECORD_READ;
}

void contacts_give_owner(Baton__CustomerAccess access, const Google__Protobuf__Timestamp *created_at,
                         char **owner_id, const struct stamp *s)
{
    bool is_open = access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_UNSPECIFIED ||
                   access == BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_OPEN;
    if (!*owner_id && !created_at && !is_open && s->actor->user_id)
        *owner_id = arena_strdup(s->arena, s->actor->user_id);
}

void contacts_end_shares(const struct contacts_shares *shares, struct stamp *s, struct outcome *out)
{
    for (size_t i = 0; i < shares->n; i++)
        record_deleted(&shares->rows[i]->base, shares->seqs[i], s, out);
}

/* What a share is of and for is what makes it this share. */
static bool is_moved(const Baton__RecordShare *a, const Baton__RecordShare *b)
{
    static const char *const fields[] = {"type", "record_id", "user_id", "team_id", "territory_id"};
    const struct schema_message *m = schema_message(a->base.descriptor);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!schema_field_equal(&a->base, &b->base, schema_field(m, fields[i])))
            return true;
    return false;
}

static bool check_new(const struct contacts_share_facts *f, const Baton__RecordShare *share,
                      struct refusal *no)
{
    /* 9: it is for one: a user, a team or a territory */
    if (!share->user_id + !share->team_id + !share->territory_id != 2)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "user_id",
                      "a record is shared with a user, a team or a territory");
    if (!f->has_target)
        return refuse(no, REFUSAL_NOT_FOUND, share->user_id ? "user_id" : "team_id", "there is no such %s",
                      share->user_id ? "user" : "team");
    /* 10: nobody has two shares of a record, and there are not too many */
    if (f->same)
        return refuse(no, REFUSAL_ALREADY_EXISTS, NULL, "the record is shared with them already");
    if (f->n_shares >= CONTACTS_SHARES_MAX)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "a record has at most %d shares",
                      CONTACTS_SHARES_MAX);
    return true;
}

bool contacts_check_share(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                          struct stamp *s, struct outcome *out)
{
    const struct contacts_share_facts *f = extra;
    Baton__RecordShare *share = (Baton__RecordShare *)after;
    /* 7: it is of a record that the actor sees */
    if (!f->is_shareable)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "type", "accounts and contacts are shared");
    if (f->reach < RECORD_READ)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "record_id", "there is no such record");
    /* 8: and is in charge of */
    if (!f->is_in_charge)
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL,
                      "only the owner, their managers and administrators say who else reaches a record");
    if (!share)
        return true;
    if (!before) {
        share->shared_by_id = arena_strdup(s->arena, s->actor->user_id);
        return check_new(f, share, &out->no);
    }
    /* 11: only its level changes */
    if (is_moved((const Baton__RecordShare *)before, share))
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "of a share only the level changes; end it and make another");
    return true;
}

bool contacts_activity_stays(const ProtobufCMessage *activity)
{
    /* 12: of activities, those that are planned are handed on */
    const Baton__Activity *a = (const Baton__Activity *)activity;
    return a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_DONE ||
           a->status == BATON__ACTIVITY_STATUS__ACTIVITY_STATUS_CANCELED;
}

bool contacts_note_stays(const ProtobufCMessage *note)
{
    /* 13: who wrote it wrote it */
    return true;
}
