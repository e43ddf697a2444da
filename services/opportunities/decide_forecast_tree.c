/* Who is below whom. */
#include <stdlib.h>
#include <string.h>

#include "services/opportunities/rollup.h"

enum { NOT_BELOW = -2, UNSEEN = 0, ON_THE_WAY = 1, SEEN = 2 };

static int by_id(const void *x, const void *y)
{
    const struct forecast_person *a = x, *b = y;
    return strcmp(a->id, b->id);
}

static int by_team_id(const void *x, const void *y)
{
    const struct forecast_team *a = x, *b = y;
    return strcmp(a->id, b->id);
}

int32_t forecast_tree_find(const struct forecast_tree *t, const char *user_id)
{
    struct forecast_person key = {.id = user_id};
    if (!user_id || !*user_id || !t->n_people)
        return FORECAST_NOBODY;
    const struct forecast_person *p = bsearch(&key, t->people, t->n_people, sizeof key, by_id);
    return p ? (int32_t)(p - t->people) : FORECAST_NOBODY;
}

static const struct forecast_team *team_of(const struct forecast_tree *t, const char *id)
{
    struct forecast_team key = {.id = id};
    return id && *id && t->n_teams ? bsearch(&key, t->teams, t->n_teams, sizeof key, by_team_id) : NULL;
}

/* 2: who is in no team stands in the one that they manage */
static const struct forecast_team *stands_in(const struct forecast_tree *t, const struct forecast_person *p)
{
    const struct forecast_team *own = team_of(t, p->team_id);
    for (size_t i = 0; !own && i < t->n_teams; i++)
        if (t->teams[i].manager_id && strcmp(t->teams[i].manager_id, p->id) == 0)
            own = &t->teams[i];
    return own;
}

/* 1: the manager of the team, or of the next above whose manager is somebody else */
static int32_t manager_of(const struct forecast_tree *t, const struct forecast_person *p)
{
    const struct forecast_team *team = stands_in(t, p);
    for (int depth = 0; team && depth < FORECAST_TREE_DEPTH; depth++) {
        int32_t manager = forecast_tree_find(t, team->manager_id);
        if (manager != FORECAST_NOBODY && &t->people[manager] != p)
            return manager;
        team = team_of(t, team->parent_id);
    }
    return FORECAST_NOBODY;
}

/* 3: a ring is cut where somebody is reached a second time */
static void cut_rings(struct forecast_tree *t)
{
    uint8_t *seen = calloc(t->n_people ? t->n_people : 1, 1);
    for (size_t i = 0; seen && i < t->n_people; i++) {
        int32_t at = (int32_t)i;
        while (at != FORECAST_NOBODY && seen[at] == UNSEEN) {
            seen[at] = ON_THE_WAY;
            int32_t above = t->people[at].above;
            if (above != FORECAST_NOBODY && seen[above] == ON_THE_WAY) {
                t->people[at].above = above = FORECAST_NOBODY;
                t->ring = true;
            }
            at = above;
        }
        for (at = (int32_t)i; at != FORECAST_NOBODY && seen[at] == ON_THE_WAY; at = t->people[at].above)
            seen[at] = SEEN;
    }
    free(seen);
}

static void list_below(struct forecast_tree *t)
{
    t->first = FORECAST_NOBODY;
    for (size_t i = 0; i < t->n_people; i++)
        t->people[i].below = FORECAST_NOBODY;
    for (size_t i = t->n_people; i-- > 0;) {
        int32_t above = t->people[i].above;
        int32_t *first = above == FORECAST_NOBODY ? &t->first : &t->people[above].below;
        t->people[i].beside = *first;
        *first = (int32_t)i;
    }
}

void forecast_tree_build(struct forecast_tree *t)
{
    t->ring = false;
    if (t->n_people)
        qsort(t->people, t->n_people, sizeof *t->people, by_id);
    if (t->n_teams)
        qsort(t->teams, t->n_teams, sizeof *t->teams, by_team_id);
    for (size_t i = 0; i < t->n_people; i++)
        t->people[i].above = manager_of(t, &t->people[i]);
    cut_rings(t);
    list_below(t);
}

int32_t forecast_tree_part(const struct forecast_tree *t, int32_t who, int32_t top)
{
    while (who != FORECAST_NOBODY) {
        if (who == top || t->people[who].above == top)
            return who;
        who = t->people[who].above;
    }
    return NOT_BELOW;
}

bool forecast_team_below(const struct forecast_tree *t, const char *team_id, const char *top)
{
    const struct forecast_team *team = team_of(t, team_id);
    for (int depth = 0; team && depth < FORECAST_TREE_DEPTH; depth++) {
        if (strcmp(team->id, top) == 0)
            return true;
        team = team_of(t, team->parent_id);
    }
    return false;
}
