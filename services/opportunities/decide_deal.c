/* Who works on an opportunity, whom they talk to, who else sells; and what of it partners see. */
#include <string.h>

#include "base/rfc3339.h"
#include "base/text.h"
#include "services/opportunities/opportunities.h"

/* 1: each of the team once, and what they get comes to the whole */
static bool check_team(const Baton__Opportunity *o, struct refusal *no)
{
    uint32_t sum = 0;
    bool has_split = false;
    for (size_t i = 0; i < o->n_team; i++) {
        for (size_t k = 0; k < i; k++)
            if (strcmp(o->team[k]->user_id, o->team[i]->user_id) == 0)
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "team", "somebody is in the team twice");
        has_split |= o->team[i]->has_split_percent;
        sum += o->team[i]->split_percent;
    }
    return !has_split || sum == 100 ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "team", "the splits come to %u per cent, not to 100", sum);
}

/* 2: a contact has a role once */
static bool check_roles(Baton__Opportunity *o, struct arena *a, struct refusal *no)
{
    for (size_t i = 0; i < o->n_contact_roles; i++) {
        Baton__ContactRole *r = o->contact_roles[i];
        r->role = text_trim(a, r->role);
        for (size_t k = 0; r->role && k < i; k++)
            if (strcmp(o->contact_roles[k]->contact_id, r->contact_id) == 0 &&
                strcmp(o->contact_roles[k]->role, r->role) == 0)
                return refuse(no, REFUSAL_INVALID_ARGUMENT, "contact_roles",
                              "a contact has the role \"%s\" twice", r->role);
        if (!r->role)
            return refuse(no, REFUSAL_INVALID_ARGUMENT, "contact_roles", "a contact's role is empty");
    }
    return true;
}

/* 3: competitors once each, without white space around; none is empty */
static void tidy_competitors(Baton__Opportunity *o, struct arena *a)
{
    char **kept = ARENA_ARRAY(a, char *, o->n_competitors);
    size_t n = 0;
    for (size_t i = 0; i < o->n_competitors; i++) {
        char *name = text_trim(a, o->competitors[i]);
        for (size_t k = 0; name && k < n; k++)
            if (strcmp(kept[k], name) == 0)
                name = NULL;
        if (name)
            kept[n++] = name;
    }
    o->competitors = kept;
    o->n_competitors = n;
}

bool opportunities_check_deal(Baton__Opportunity *o, struct stamp *s, struct refusal *no)
{
    tidy_competitors(o, s->arena);
    /* 4: the day of the next step is a day */
    if (o->next_step_due_date && *o->next_step_due_date && !rfc3339_is_date(o->next_step_due_date))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "next_step_due_date",
                      "\"%s\" is not a date (they are written like 2026-12-31)", o->next_step_due_date);
    return check_team(o, no) && check_roles(o, s->arena, no);
}

bool opportunities_shows(const Baton__Actor *actor, const struct schema_field *f)
{
    /* 5: what it is, where it stands and with whom of us; not what we think of it, nor who else sells */
    static const char *const shown[] = {
        "id",         "revision",   "created_at",  "updated_at", "name",      "account_id",
        "contact_id", "stage",      "amount",      "close_date", "next_step", "owner_id",
        "lead_id",    "stage_key",  "pipeline_id", "stage_kind", "closed_at", "next_step_due_date",
        "type",       "stage_name",
    };
    if (!actor_is(actor, BATON__ROLE__ROLE_PARTNER))
        return true;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (strcmp(shown[i], f->pb->name) == 0)
            return true;
    return false;
}
