/* Where every open lead lies, found once more in the plainest way: all territories that count, one after the
   other. */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "leads/leads.h"
#include "sim/sim.h"

enum { MEMORY = 256 << 20, TERRITORIES_MAX = 4096, KINDS = 5 };

struct placement {
    struct sim *sim;
    const Baton__Territory *all[TERRITORIES_MAX]; /* by the directory's rows */
    size_t n;
    const char *model_id; /* the active one; NULL: none is */
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcasecmp(a, b) == 0 : a == b;
}

static void models_look(struct placement *p, struct txn *t, struct arena *a)
{
    struct table_scan scan;
    const Baton__TerritoryModel *m;
    assert(table_scan_open(&scan, t, DIRECTORY_TERRITORY_MODEL, NULL, NULL, NULL, false));
    while ((m = table_scan_next(&scan, a))) {
        if (m->status != BATON__TERRITORY_MODEL_STATUS__TERRITORY_MODEL_STATUS_ACTIVE)
            continue;
        if (p->model_id)
            sim_wrong(p->sim, "placement: two territory models are active");
        p->model_id = m->id;
    }
    table_scan_close(&scan);
}

static void territories_look(struct placement *p, struct txn *t, struct arena *a)
{
    struct table_scan scan;
    const Baton__Territory *row;
    assert(table_scan_open(&scan, t, DIRECTORY_TERRITORY, NULL, NULL, NULL, false));
    while ((row = table_scan_next(&scan, a)) && p->n < TERRITORIES_MAX)
        if (same(row->model_id, p->model_id))
            p->all[p->n++] = row;
    table_scan_close(&scan);
    assert(!row);
}

static const Baton__Territory *above(const struct placement *p, const Baton__Territory *t)
{
    for (size_t i = 0; t->parent_id && i < p->n; i++)
        if (strcmp(p->all[i]->id, t->parent_id) == 0)
            return p->all[i];
    return NULL;
}

static int depth(const struct placement *p, const Baton__Territory *t)
{
    int n = 0;
    while ((t = above(p, t)))
        n++;
    return n;
}

/* The simulator's rules name companies and nothing else. */
static bool takes(const Baton__Territory *t, const Baton__Lead *l)
{
    for (size_t r = 0; l->company && r < t->n_rules; r++)
        for (size_t i = 0; i < t->rules[r]->n_companies; i++)
            if (same(t->rules[r]->companies[i], l->company))
                return true;
    return false;
}

static const char *age(const Baton__Territory *t)
{
    return t->origin_id ? t->origin_id : t->id;
}

static bool goes_before(const struct placement *p, const Baton__Territory *a, const Baton__Territory *b)
{
    int deeper = depth(p, a) - depth(p, b);
    if (deeper != 0)
        return deeper > 0;
    return a->priority != b->priority ? a->priority > b->priority : strcmp(age(a), age(b)) < 0;
}

static const Baton__Territory *best(const struct placement *p, int kind, const Baton__Lead *l)
{
    const Baton__Territory *found = NULL;
    for (size_t i = 0; i < p->n; i++)
        if ((int)p->all[i]->kind == kind && takes(p->all[i], l) &&
            (!found || goes_before(p, p->all[i], found)))
            found = p->all[i];
    return found;
}

static void lead_look(const struct placement *p, const Baton__Lead *l)
{
    size_t n = 0;
    for (int kind = 1; kind < KINDS; kind++) {
        const Baton__Territory *t = best(p, kind, l);
        if (!t)
            continue;
        if (n >= l->n_territory_ids || strcmp(l->territory_ids[n], t->id) != 0)
            sim_wrong(p->sim, "placement: lead %s of %s does not lie in %s", l->id, l->company, t->id);
        n++;
    }
    if (n != l->n_territory_ids)
        sim_wrong(p->sim, "placement: lead %s lies in %s, which does not take it", l->id,
                  l->territory_ids[n]);
}

void placement_settled(struct sim *sim)
{
    struct arena *rows = arena_new(MEMORY), *a = arena_new(MEMORY);
    struct placement *p = ARENA_NEW(rows, struct placement);
    struct table_scan scan;
    const Baton__Lead *l;
    p->sim = sim;
    models_look(p, sim->ledgers[DIRECTORY].made, rows);
    territories_look(p, sim->ledgers[DIRECTORY].made, rows);
    assert(table_scan_open(&scan, sim->ledgers[LEADS].made, LEADS_LEAD, NULL, NULL, NULL, false));
    for (; (l = table_scan_next(&scan, a)); arena_reset(a))
        if (l->open)
            lead_look(p, l);
    table_scan_close(&scan);
    arena_free(a);
    arena_free(rows);
}
