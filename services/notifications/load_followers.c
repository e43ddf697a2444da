/* Who follows a lead, and whom an announcement is for. */
#include <string.h>

#include "baton/v1/leads.pb-c.h"
#include "services/notifications/followers.h"
#include "services/notifications/rows.h"

enum { ABOVE_MAX = 64 /* teams or territories above one another: as many as the directory allows */ };

static void holder_load(struct load *l, const struct command *c, struct followers *f)
{
    if (c->request->descriptor == &baton__lead_converted__descriptor) {
        const Baton__LeadConverted *e = (const Baton__LeadConverted *)c->request;
        f->owner_id = e->lead ? e->lead->owner_id : NULL;
        f->manager_id = e->n_manager_ids ? e->manager_ids[0] : NULL;
    } else {
        f->owner_id = schema_get_text(c->request, "owner_id");
    }
    const Baton__User *u =
        f->owner_id ? table_get_id(l->txn, NOTIFICATIONS_USER, f->owner_id, l->arena) : NULL;
    f->owner_name = u ? u->name : NULL;
}

void *notifications_load_followers(struct load *l, const struct command *c)
{
    struct table_scan scan;
    struct followers *f = ARENA_NEW(l->arena, struct followers);
    struct key under = key_of(schema_get_text(c->request, "lead_id"));
    const Baton__LeadFollower *row;
    /* Nobody follows what has only just come. */
    if (c->request->descriptor == &baton__lead_assigned__descriptor &&
        !((const Baton__LeadAssigned *)c->request)->previous_owner_id)
        return f;
    if (!table_scan_under(&scan, l->txn, NOTIFICATIONS_FOLLOWER, &under, NULL, NULL, false))
        return f;
    while (f->n < FOLLOWERS_MAX && (row = table_scan_next(&scan, l->arena))) {
        if (!f->all) {
            f->all = ARENA_ARRAY(l->arena, struct follower, FOLLOWERS_MAX);
            holder_load(l, c, f);
        }
        f->all[f->n].row = row;
        notifications_recipient(l, row->user_id, &f->all[f->n++].recipient);
    }
    table_scan_close(&scan);
    return f;
}

/* --- announcements --- */

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* Whether one of the teams from this one up is, or is led by, who is asked for. */
static bool goes_up_to(struct load *l, const char *team_id, const char *wanted_id, const char *manager_id)
{
    for (int depth = 0; team_id && depth < ABOVE_MAX; depth++) {
        const Baton__Team *team = table_get_id(l->txn, NOTIFICATIONS_TEAM, team_id, l->arena);
        if (same(team_id, wanted_id) || (team && same(team->manager_id, manager_id)))
            return true;
        team_id = team ? team->parent_id : NULL;
    }
    return false;
}

/* Whether this territory is the wanted one or lies below it. */
static bool lies_in(struct load *l, const char *territory_id, const char *wanted_id)
{
    for (int depth = 0; territory_id && depth < ABOVE_MAX; depth++) {
        if (same(territory_id, wanted_id))
            return true;
        const Baton__Territory *t = table_get_id(l->txn, NOTIFICATIONS_TERRITORY, territory_id, l->arena);
        territory_id = t ? t->parent_id : NULL;
    }
    return false;
}

void *notifications_load_announce(struct load *l, const struct command *c)
{
    const Baton__AnnounceRequest *r = (const Baton__AnnounceRequest *)c->request;
    struct announce_facts *f = ARENA_NEW(l->arena, struct announce_facts);
    f->is_team = r->team_id && table_get_id(l->txn, NOTIFICATIONS_TEAM, r->team_id, l->arena);
    f->is_territory =
        r->territory_id && table_get_id(l->txn, NOTIFICATIONS_TERRITORY, r->territory_id, l->arena);
    f->is_managed = f->is_team && goes_up_to(l, r->team_id, NULL, c->actor->user_id);
    return f;
}

static bool is_for(struct load *l, const Baton__Announcement *a, const Baton__User *u)
{
    if (u->status == BATON__USER_STATUS__USER_STATUS_INACTIVE)
        return false;
    if (a->team_id)
        return goes_up_to(l, u->team_id, a->team_id, NULL);
    for (size_t i = 0; a->territory_id && i < u->n_territory_ids; i++)
        if (lies_in(l, u->territory_ids[i], a->territory_id))
            return true;
    return !a->territory_id;
}

/* Users behind the last one that was looked at, in the order of their ids. */
static bool users_open(struct table_scan *scan, struct load *l, const char *after_user_id)
{
    struct key all, from;
    key_init(&all);
    from = key_of(after_user_id ? after_user_id : "");
    return table_scan_under(scan, l->txn, NOTIFICATIONS_USER, &all, after_user_id ? &from : NULL, NULL,
                            false);
}

void *notifications_load_announcement(struct load *l, const struct command *c)
{
    const Baton__Announcement *a = (const Baton__Announcement *)c->request;
    struct announcement_facts *f = ARENA_NEW(l->arena, struct announcement_facts);
    struct table_scan scan;
    Baton__User *u = NULL;
    f->users = ARENA_ARRAY(l->arena, Baton__User *, ANNOUNCED_STEP);
    f->all = ARENA_ARRAY(l->arena, struct recipient, ANNOUNCED_STEP);
    if (!users_open(&scan, l, a->after_user_id))
        return f;
    for (size_t looked_at = 0;
         f->n < ANNOUNCED_STEP && looked_at < LOOKED_AT_STEP && (u = table_scan_next(&scan, l->arena));
         looked_at++) {
        f->after_user_id = u->id;
        if (same(u->id, a->after_user_id) || !is_for(l, a, u))
            continue;
        notifications_recipient(l, u->id, &f->all[f->n]);
        f->users[f->n++] = u;
    }
    if (!u)
        f->after_user_id = NULL;
    table_scan_close(&scan);
    return f;
}
