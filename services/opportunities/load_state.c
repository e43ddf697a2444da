/* What is kept in memory beside the rows. */
#include "services/opportunities/state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, TREE_BYTES_MAX = 256 << 20 };

void *opportunities_state_new(void)
{
    struct opportunities_state *s = calloc(1, sizeof *s);
    assert(s);
    s->tree_memory = arena_new(TREE_BYTES_MAX);
    return s;
}

void opportunities_state_free(void *state)
{
    struct opportunities_state *s = state;
    for (size_t i = 0; i < s->n_months; i++) {
        for (size_t k = 0; k < s->months[i].n; k++)
            free(s->months[i].owners[k].lines);
        free(s->months[i].owners);
    }
    for (size_t i = 0; i < s->texts.n; i++)
        free(s->texts.texts[i]);
    free(s->texts.texts);
    free(s->texts.slots);
    free(s->months);
    free(s->quotas);
    free(s->who);
    free(s->roles);
    arena_free(s->tree_memory);
    free(s);
}

/* Room for one more at `at`, zeroed; what stands there moves on. */
static void *insert(void *items, size_t *n, size_t *room, size_t size, size_t at)
{
    if (*n == *room) {
        *room = *room ? 2 * *room : FIRST_ROOM;
        items = reallocarray(items, *room, size);
        assert(items);
    }
    uint8_t *place = (uint8_t *)items + at * size;
    memmove(place + size, place, (*n - at) * size);
    memset(place, 0, size);
    ++*n;
    return items;
}

/* --- texts --- */

static uint32_t *slot_of(const struct held_texts *t, const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *p = text; *p; p++)
        h = (h ^ (uint8_t)*p) * UINT64_C(1099511628211);
    size_t i = h % (2 * t->room);
    while (t->slots[i] && strcmp(t->texts[t->slots[i] - 1], text) != 0)
        i = (i + 1) % (2 * t->room);
    return &t->slots[i];
}

uint32_t held_find(const struct held_texts *t, const char *text)
{
    return t->n ? *slot_of(t, text ? text : "") - 1 : HELD_NONE;
}

uint32_t held_number(struct held_texts *t, const char *text)
{
    uint32_t found = held_find(t, text);
    if (found != HELD_NONE)
        return found;
    const size_t room = t->room;
    t->texts = insert(t->texts, &t->n, &t->room, sizeof *t->texts, t->n);
    t->texts[t->n - 1] = strdup(text ? text : "");
    assert(t->texts[t->n - 1]);
    if (t->room != room) {
        free(t->slots);
        t->slots = calloc(2 * t->room, sizeof *t->slots);
        assert(t->slots);
        for (size_t i = 0; i + 1 < t->n; i++)
            *slot_of(t, t->texts[i]) = (uint32_t)i + 1;
    }
    *slot_of(t, t->texts[t->n - 1]) = (uint32_t)t->n;
    return (uint32_t)t->n - 1;
}

/* --- months --- */

/* The first that is not before. */
static size_t month_place(const struct opportunities_state *s, uint64_t month)
{
    size_t low = 0, high = s->n_months;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->months[middle].month < month)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct held_month *held_month_of(const struct opportunities_state *s, uint64_t month)
{
    const size_t at = month_place(s, month);
    return at < s->n_months && s->months[at].month == month ? &s->months[at] : NULL;
}

static struct held_owner *owner_of(struct held_month *m, uint32_t owner)
{
    size_t low = 0, high = m->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (m->owners[middle].owner < owner)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == m->n || m->owners[low].owner != owner) {
        m->owners = insert(m->owners, &m->n, &m->room, sizeof *m->owners, low);
        m->owners[low].owner = owner;
    }
    return &m->owners[low];
}

void held_put_level(struct opportunities_state *s, const Baton__ForecastLevel *level)
{
    if (!s)
        return;
    if (!held_month_of(s, level->month)) {
        const size_t at = month_place(s, level->month);
        s->months = insert(s->months, &s->n_months, &s->months_room, sizeof *s->months, at);
        s->months[at].month = level->month;
    }
    struct held_owner *o =
        owner_of(&s->months[month_place(s, level->month)], held_number(&s->texts, level->owner_id));
    if (level->n_lines > o->n) {
        o->lines = reallocarray(o->lines, level->n_lines, sizeof *o->lines);
        assert(o->lines);
    }
    o->n = (uint32_t)level->n_lines;
    for (uint32_t i = 0; i < o->n; i++) {
        const Baton__ForecastLine *line = level->lines[i];
        o->lines[i] = (struct held_line){.currency = held_number(&s->texts, line->currency_code),
                                         .product = held_number(&s->texts, line->product_id),
                                         .pipeline = held_number(&s->texts, line->pipeline_id),
                                         .category = line->category,
                                         .deals = line->deals,
                                         .amount = line->amount,
                                         .weighted = line->weighted};
    }
}

/* --- quotas --- */

static uint32_t owner_in(struct held_texts *t, const char *whom, const char *bar)
{
    char *owner = strndup(whom, (size_t)(bar - whom));
    assert(owner);
    const uint32_t number = held_number(t, owner);
    free(owner);
    return number;
}

void held_put_quota(struct opportunities_state *s, const Baton__QuotaVersion *now)
{
    const char *bar = now->whom ? strchr(now->whom, '|') : NULL;
    size_t at = 0;
    if (!s)
        return;
    if (held_find(&s->texts, now->quota_id) == HELD_NONE)
        at = s->n_quotas;
    const uint32_t id = held_number(&s->texts, now->quota_id);
    while (at < s->n_quotas && s->quotas[at].id != id)
        at++;
    if (now->gone || !bar || !now->currency_code) {
        if (at < s->n_quotas)
            s->quotas[at] = s->quotas[--s->n_quotas];
        return;
    }
    if (at == s->n_quotas)
        s->quotas = insert(s->quotas, &s->n_quotas, &s->quotas_room, sizeof *s->quotas, at);
    s->quotas[at] = (struct held_quota){.id = id,
                                        .owner = owner_in(&s->texts, now->whom, bar),
                                        .whom = held_number(&s->texts, bar + 1),
                                        .currency = held_number(&s->texts, now->currency_code),
                                        .first_month = now->first_month,
                                        .months = now->months,
                                        .units = now->minor_units};
}

/* --- people --- */

void held_put_role(struct opportunities_state *s, const char *user_id, Baton__Role role)
{
    if (!s)
        return;
    const uint32_t number = held_number(&s->texts, user_id);
    while (s->n_roles <= number)
        s->roles = insert(s->roles, &s->n_roles, &s->roles_room, sizeof *s->roles, s->n_roles);
    s->roles[number] = (uint8_t)role;
}

void held_drop_tree(struct opportunities_state *s)
{
    if (s)
        s->tree = NULL;
}

void held_put_tree(struct opportunities_state *s, const struct forecast_tree *tree)
{
    struct arena *a = s->tree_memory;
    arena_reset(a);
    struct forecast_tree *t = ARENA_NEW(a, struct forecast_tree);
    *t = *tree;
    t->people = ARENA_ARRAY(a, struct forecast_person, t->n_people);
    t->teams = ARENA_ARRAY(a, struct forecast_team, t->n_teams);
    for (size_t i = 0; i < t->n_people; i++) {
        t->people[i] = tree->people[i];
        t->people[i].id = arena_strdup(a, tree->people[i].id);
        t->people[i].team_id = arena_strdup(a, tree->people[i].team_id);
        (void)held_number(&s->texts, t->people[i].id); /* so that it has one */
    }
    for (size_t i = 0; i < t->n_teams; i++)
        t->teams[i] = (struct forecast_team){arena_strdup(a, tree->teams[i].id),
                                             arena_strdup(a, tree->teams[i].manager_id),
                                             arena_strdup(a, tree->teams[i].parent_id)};
    s->n_who = s->texts.n;
    s->who = reallocarray(s->who, s->n_who + 1, sizeof *s->who);
    assert(s->who);
    for (size_t i = 0; i < s->n_who; i++)
        s->who[i] = FORECAST_NOBODY;
    for (size_t i = 0; i < t->n_people; i++)
        s->who[held_find(&s->texts, t->people[i].id)] = (int32_t)i;
    s->tree = t;
}
