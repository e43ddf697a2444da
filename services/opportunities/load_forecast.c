/* Whose forecast is whose: people, teams and territories as they were, and the organisation's calendar. */
#include <string.h>

#include "base/civil.h"
#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/rows.h"
#include "services/opportunities/state.h"

enum { FIRST_ROOM = 64 };
static const int64_t DAY_S = 86400;

static const Baton__Organisation *organisation(struct load *l)
{
    struct table_scan scan;
    const Baton__Organisation *o = NULL;
    if (table_scan_open(&scan, l->txn, OPPORTUNITIES_ORGANISATION, NULL, NULL, NULL, false)) {
        o = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return o;
}

uint32_t opportunities_fiscal_month(struct load *l)
{
    const Baton__Organisation *o = organisation(l);
    return o && o->fiscal_year_month ? o->fiscal_year_month : 1;
}

struct civil_zone *opportunities_zone(struct load *l)
{
    const Baton__Organisation *o = organisation(l);
    return o && o->time_zone ? civil_zone_new(o->time_zone) : NULL;
}

struct civil_zone *opportunities_user_zone(struct load *l, const char *user_id)
{
    const Baton__User *u = table_get_id(l->txn, OPPORTUNITIES_USER, user_id, l->arena);
    return u && u->time_zone && *u->time_zone ? civil_zone_new(u->time_zone) : opportunities_zone(l);
}

int32_t opportunities_local_day(struct load *l)
{
    struct civil_zone *zone = opportunities_zone(l);
    struct civil c = zone ? civil_from_us(zone, l->now_us) : civil_of_seconds(l->now_us / 1000000);
    civil_zone_free(zone);
    return (int32_t)(civil_seconds(&c) / DAY_S);
}

/* --- as it was --- */

/* The places of one type as of a moment: of each the newest until then, else its first. */
struct places {
    const Baton__ForecastPlace **rows;
    size_t n, room;
};

static void keep(struct places *p, const Baton__ForecastPlace *row, struct arena *a)
{
    if (p->n == p->room) {
        const size_t room = p->room ? 2 * p->room : FIRST_ROOM;
        const Baton__ForecastPlace **rows = ARENA_ARRAY(a, const Baton__ForecastPlace *, room);
        for (size_t i = 0; i < p->n; i++)
            rows[i] = p->rows[i];
        p->rows = rows;
        p->room = room;
    }
    p->rows[p->n++] = row;
}

static struct places places_of(struct load *l, const char *type, int64_t at_us)
{
    struct places p = {0};
    struct table_scan scan;
    struct key prefix = key_of(type);
    const Baton__ForecastPlace *row;
    if (!table_scan_under(&scan, l->txn, OPPORTUNITIES_PLACE, &prefix, NULL, NULL, false))
        return p;
    while ((row = table_scan_next(&scan, l->arena))) {
        bool same = p.n && strcmp(p.rows[p.n - 1]->id, row->id) == 0;
        if (!same)
            keep(&p, row, l->arena);
        else if ((int64_t)row->at_us <= at_us)
            p.rows[p.n - 1] = row;
    }
    table_scan_close(&scan);
    return p;
}

static const struct forecast_tree *tree_then(struct load *l, int64_t at_us)
{
    struct forecast_tree *t = ARENA_NEW(l->arena, struct forecast_tree);
    struct places users = places_of(l, "user", at_us), teams = places_of(l, "team", at_us);
    t->people = ARENA_ARRAY(l->arena, struct forecast_person, users.n);
    t->teams = ARENA_ARRAY(l->arena, struct forecast_team, teams.n);
    for (size_t i = 0; i < users.n; i++)
        t->people[t->n_people++] =
            (struct forecast_person){.id = users.rows[i]->id, .team_id = users.rows[i]->team_id};
    for (size_t i = 0; i < teams.n; i++)
        if (!teams.rows[i]->gone)
            t->teams[t->n_teams++] = (struct forecast_team){teams.rows[i]->id, teams.rows[i]->manager_id,
                                                            teams.rows[i]->parent_id};
    forecast_tree_build(t);
    return t;
}

const struct forecast_tree *opportunities_tree(struct load *l, int64_t at_us)
{
    struct opportunities_state *s = l->state;
    if (!s || at_us < l->now_us)
        return tree_then(l, at_us);
    if (!s->tree)
        held_put_tree(s, tree_then(l, at_us));
    return s->tree;
}

struct forecast_areas {
    struct places users, territories;
    const char *top;
};

struct forecast_areas *opportunities_areas(struct load *l, int64_t at_us, const char *territory_id)
{
    struct forecast_areas *f = ARENA_NEW(l->arena, struct forecast_areas);
    f->users = places_of(l, "user", at_us);
    f->territories = places_of(l, "territory", at_us);
    f->top = territory_id;
    return f;
}

/* Ids come in the order of keys, which is theirs where they are UUIDs. */
static const Baton__ForecastPlace *find(const struct places *p, const char *id)
{
    size_t low = 0, high = p->n;
    while (id && low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(p->rows[middle]->id, id);
        if (order == 0)
            return p->rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_below(const struct forecast_areas *f, const char *territory_id)
{
    for (int depth = 0; territory_id && depth < FORECAST_TREE_DEPTH; depth++) {
        const Baton__ForecastPlace *p = find(&f->territories, territory_id);
        if (strcmp(territory_id, f->top) == 0)
            return true;
        territory_id = p ? p->parent_id : NULL;
    }
    return false;
}

bool opportunities_in_area(const struct forecast_areas *f, const char *user_id)
{
    const Baton__ForecastPlace *p = find(&f->users, user_id);
    for (size_t i = 0; p && i < p->n_territory_ids; i++)
        if (is_below(f, p->territory_ids[i]))
            return true;
    return false;
}

/* --- facts --- */

static bool works_here(struct load *l, const char *user_id)
{
    const Baton__User *u = table_get_id(l->txn, OPPORTUNITIES_USER, user_id, l->arena);
    return u && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE;
}

/* Of one who comes back it is not asked whether they work here: they had it. */
void *opportunities_load_quota(struct load *l, const struct command *c)
{
    enum { OTHERS_MAX = 5000 };
    struct quota_facts *f = ARENA_NEW(l->arena, struct quota_facts);
    const Baton__Quota *q = (const Baton__Quota *)opportunities_wished(l, c, OPPORTUNITIES_QUOTA);
    const char *whom =
        q ? quota_whom(q->owner_id, q->team_id, q->territory_id, q->product_id, l->arena) : NULL;
    struct table_scan scan;
    f->begins = opportunities_fiscal_month(l);
    f->owner_is_here = !q || works_here(l, q->owner_id);
    f->others = ARENA_ARRAY(l->arena, Baton__Quota *, OTHERS_MAX);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_QUOTA, q ? "whom" : NULL, whom, NULL, false))
        return f;
    while (f->n_others < OTHERS_MAX && (f->others[f->n_others] = table_scan_next(&scan, l->arena)))
        f->n_others++;
    table_scan_close(&scan);
    return f;
}

void *opportunities_load_adjust(struct load *l, const struct command *c)
{
    struct forecast_adjust_facts *f = ARENA_NEW(l->arena, struct forecast_adjust_facts);
    const Baton__SetForecastAdjustmentRequest *r = (const Baton__SetForecastAdjustmentRequest *)c->request;
    const char *user_id = r->user_id ? r->user_id : c->actor->user_id;
    const struct forecast_tree *t = opportunities_tree(l, l->now_us);
    int32_t me = forecast_tree_find(t, c->actor->user_id), who = forecast_tree_find(t, user_id);
    f->begins = opportunities_fiscal_month(l);
    f->is_here = works_here(l, user_id);
    f->is_above =
        me != FORECAST_NOBODY && who != FORECAST_NOBODY && who != me && forecast_tree_part(t, who, me) >= 0;
    return f;
}
