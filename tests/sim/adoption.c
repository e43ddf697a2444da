/* Weeks of users, where they were, say what the log says they did: every record of theirs, and what was noted
   of other services. */
#include <string.h>

#include "base/civil.h"
#include "baton/v1/analysis.pb-c.h"
#include "baton/v1/directory.pb-c.h"
#include "opportunities/opportunities.h"
#include "sim/sim.h"

enum { ACTIONS_MAX = 32768, USERS_MAX = 1024, DAY_S = 86400 };

/* Where they are, as far as the log is read. */
static struct {
    const char *user_id, *zone;
} users[USERS_MAX];
static size_t n_users;
static const char *house;
static bool are_zoned; /* weeks; before, they are of UTC */

struct action {
    const char *user_id, *type;
    uint64_t week;
    bool created;
};
static struct action actions[ACTIONS_MAX];
static size_t n_actions;

static size_t user_at(const char *id)
{
    size_t i = 0;
    while (i < n_users && strcmp(users[i].user_id, id) != 0)
        i++;
    return i;
}

static void see_place(const Baton__RecordChanged *e)
{
    const bool gone = e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED;
    if (e->record->record_case == BATON__RECORD__RECORD_ORGANISATION)
        house = gone ? NULL : e->record->organisation->time_zone;
    if (e->record->record_case != BATON__RECORD__RECORD_USER)
        return;
    const Baton__User *u = e->record->user;
    const size_t at = user_at(u->id);
    if (at == n_users && n_users < USERS_MAX)
        users[n_users++].user_id = u->id;
    if (at < n_users)
        users[at].zone = gone ? NULL : u->time_zone;
}

/* 1970 began on a Thursday. */
static uint64_t week_of(const char *user_id, uint64_t us)
{
    const size_t at = user_at(user_id);
    const char *name = at < n_users && users[at].zone && *users[at].zone ? users[at].zone : house;
    struct civil_zone *zone = name && are_zoned ? civil_zone_new(name) : NULL;
    const struct civil c =
        zone ? civil_from_us(zone, (int64_t)us) : civil_of_seconds((int64_t)(us / 1000000));
    civil_zone_free(zone);
    return (uint64_t)(civil_seconds(&c) / DAY_S + 3) / 7;
}

static void put(struct action a)
{
    if (n_actions < ACTIONS_MAX)
        actions[n_actions++] = a;
}

static void see_own(const Baton__LogRecord *r, const Baton__RecordChanged *e)
{
    const bool deal = e->record->record_case == BATON__RECORD__RECORD_OPPORTUNITY;
    const bool quote = e->record->record_case == BATON__RECORD__RECORD_QUOTE;
    if ((!deal && !quote) || e->kind == BATON__CHANGE_KIND__CHANGE_KIND_DELETED || !r->actor ||
        !r->actor->user_id || !*r->actor->user_id || r->actor->role == BATON__ROLE__ROLE_SYSTEM)
        return;
    const uint64_t revision = deal ? e->record->opportunity->revision : e->record->quote->revision;
    put((struct action){.user_id = r->actor->user_id,
                        .type = deal ? "opportunity" : "quote",
                        .week = week_of(r->actor->user_id, r->time_us),
                        .created = revision == 1});
}

static void see(const Baton__LogRecord *r, const Baton__Event *e)
{
    if (e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED && e->record_changed->copy)
        see_place(e->record_changed);
    else if (e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED)
        see_own(r, e->record_changed);
    else if (e->event_case == BATON__EVENT__EVENT_ADOPTION_ZONED)
        are_zoned = true;
    else if (e->event_case == BATON__EVENT__EVENT_ACTION_NOTED)
        put((struct action){.user_id = e->action_noted->user_id,
                            .type = e->action_noted->type,
                            .week = week_of(e->action_noted->user_id, (uint64_t)e->action_noted->at_us),
                            .created = e->action_noted->created});
}

static size_t compare(struct sim *sim, const Baton__AdoptionWeek *w)
{
    size_t said = 0;
    for (size_t i = 0; i < w->n_counts; i++) {
        uint64_t created = 0, changed = 0;
        for (size_t k = 0; k < n_actions; k++)
            if (actions[k].week == w->week && strcmp(actions[k].user_id, w->user_id) == 0 &&
                strcmp(actions[k].type, w->counts[i]->type) == 0) {
                created += actions[k].created;
                changed += !actions[k].created;
            }
        if (created != w->counts[i]->created || changed != w->counts[i]->changed)
            sim_wrong(sim,
                      "adoption: %s made %zu and changed %zu of %s in week %zu, and the log has %zu and %zu",
                      w->user_id, (size_t)w->counts[i]->created, (size_t)w->counts[i]->changed,
                      w->counts[i]->type, (size_t)w->week, (size_t)created, (size_t)changed);
        said += w->counts[i]->created + w->counts[i]->changed;
    }
    return said;
}

void adoption_settled(struct sim *sim)
{
    const struct ledger *l = &sim->ledgers[OPPORTUNITIES];
    struct arena *a = arena_new(64 << 20);
    struct table_scan scan;
    const Baton__AdoptionWeek *w;
    size_t said = 0;
    n_actions = n_users = 0;
    house = NULL;
    are_zoned = false;
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->records[i]->n_events; k++)
            see(l->records[i], l->records[i]->events[k]);
    if (l->n && table_scan_open(&scan, l->made, OPPORTUNITIES_WEEK, NULL, NULL, NULL, false)) {
        while ((w = table_scan_next(&scan, a)))
            said += compare(sim, w);
        table_scan_close(&scan);
        if (said != n_actions && n_actions < ACTIONS_MAX)
            sim_wrong(sim, "adoption: %zu actions count, and the log has %zu", said, n_actions);
    }
    arena_free(a);
}
