/* Advice: figures from the sums that are kept, and of open deals what is known of each. */
#include <stdlib.h>
#include <string.h>

#include "baton/v1/directory.pb-c.h"
#include "services/opportunities/advice.h"
#include "services/opportunities/measured.h"

enum { DEALS_USUAL = 20, LOOK_MAX = 2000, ADVICE_MAX = 200, YEAR = 12, PEOPLE_MAX = 1000 };
static const int64_t DAY_US = INT64_C(86400000000);

struct asking {
    struct load *l;
    const Baton__Actor *actor;
    struct forecast_ask whom;
    struct advice_facts facts;
    struct advice_list list, deals;
    unsigned *signs; /* of deals */
    size_t looked;
    bool cut;
};

static bool is_asked(const struct asking *w, size_t person)
{
    return w->whom.top == FORECAST_NOBODY ||
           forecast_tree_part(w->whom.tree, (int32_t)person, w->whom.top) >= 0;
}

/* --- people --- */

/* Those who may be asked about are compared with one another. */
static bool people_load(struct asking *w, struct refusal *no)
{
    const struct forecast_tree *t = w->whom.tree;
    const uint32_t month = analysis_month(NULL, opportunities_local_day(w->l) * DAY_US);
    struct measured_ask ask = {.asked = {MEASURE_WON, MEASURE_LOST, MEASURE_ACCEPTED},
                               .n_asked = 3,
                               .by = {BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_OWNER},
                               .n_by = 1,
                               .months = {month - YEAR + 1, YEAR}};
    struct measured m;
    ask.owners = ARENA_ARRAY(w->l->arena, const char *, t->n_people);
    for (size_t i = 0; i < t->n_people && ask.n_owners < PEOPLE_MAX; i++)
        if (is_asked(w, i))
            ask.owners[ask.n_owners++] = t->people[i].id;
    if (!opportunities_measure(w->l, &ask, &m, no))
        return false;
    w->facts.people = ARENA_ARRAY(w->l->arena, struct advice_person, m.n);
    for (size_t i = 0; i < m.n; i++) {
        const struct measured_group *g = &m.groups[i];
        const Baton__User *u = table_get_id(w->l->txn, OPPORTUNITIES_USER, g->keys[0], w->l->arena);
        struct advice_person *p = &w->facts.people[w->facts.n_people++];
        *p = (struct advice_person){.user_id = g->keys[0], .name = u ? u->name : NULL};
        p->won = g->sums[MEASURE_WON] ? g->sums[MEASURE_WON]->count : 0;
        p->lost = g->sums[MEASURE_LOST] ? g->sums[MEASURE_LOST]->count : 0;
        if (g->sums[MEASURE_ACCEPTED])
            memcpy(p->accepted, g->sums[MEASURE_ACCEPTED]->bins, sizeof p->accepted);
    }
    return true;
}

static bool works_here(struct asking *w, const char *user_id)
{
    const Baton__User *u = table_get_id(w->l->txn, OPPORTUNITIES_USER, user_id, w->l->arena);
    return u && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE;
}

static void people(struct asking *w)
{
    Baton__Advice *rows[ADVICE_MAX];
    struct advice_list all = {rows, 0, ADVICE_MAX};
    advice_people(&w->facts, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (works_here(w, rows[i]->user_id) && w->list.n < w->list.room)
            w->list.rows[w->list.n++] = rows[i];
    }
}

/* --- territories: of the whole house --- */

static bool territories(struct asking *w, struct refusal *no)
{
    const char *all[] = {ANALYSIS_ALL};
    const struct measured_ask ask = {.asked = {MEASURE_OPEN},
                                     .n_asked = 1,
                                     .by = {BATON__MEASURE_DIMENSION__MEASURE_DIMENSION_TERRITORY},
                                     .n_by = 1,
                                     .owners = all,
                                     .n_owners = 1};
    struct measured m;
    if (w->whom.top != FORECAST_NOBODY)
        return true;
    if (!opportunities_measure(w->l, &ask, &m, no))
        return false;
    w->facts.territories = ARENA_ARRAY(w->l->arena, struct advice_territory, m.n);
    for (size_t i = 0; i < m.n; i++)
        if (*m.groups[i].keys[0])
            w->facts.territories[w->facts.n_territories++] =
                (struct advice_territory){m.groups[i].keys[0], 0, m.groups[i].sums[MEASURE_OPEN]->count};
    for (size_t i = 0; i < w->whom.tree->n_people; i++) {
        const Baton__User *u =
            table_get_id(w->l->txn, OPPORTUNITIES_USER, w->whom.tree->people[i].id, w->l->arena);
        const char *first = u && u->n_territory_ids ? u->territory_ids[0] : "";
        for (size_t k = 0;
             u && u->status != BATON__USER_STATUS__USER_STATUS_INACTIVE && k < w->facts.n_territories; k++)
            w->facts.territories[k].people += strcmp(w->facts.territories[k].territory_id, first) == 0;
    }
    advice_territories(&w->facts, &w->list);
    return true;
}

/* --- deals --- */

static void look_at(struct asking *w, const char *id)
{
    const Baton__Opportunity *o = table_get_id(w->l->txn, OPPORTUNITIES_OPPORTUNITY, id, w->l->arena);
    const Baton__DealClock *clock = table_get_id(w->l->txn, OPPORTUNITIES_CLOCK, id, w->l->arena);
    const struct key key = key_of(id);
    const Baton__AnalysisItem *item = table_get(w->l->txn, OPPORTUNITIES_MEASURED, &key, w->l->arena);
    unsigned signs;
    if (!o || !records_may_read(w->l, OPPORTUNITIES_OPPORTUNITY, &o->base, w->actor))
        return;
    const struct advice_deal d = {o, clock ? clock->last_us : 0, item ? item->pushed : 0,
                                  item ? item->pushed_days : 0};
    Baton__Advice *v = advice_deal(&w->facts, &d, &signs);
    if (!v)
        return;
    w->signs[w->deals.n] = signs;
    w->deals.rows[w->deals.n++] = v;
}

static void look_under(struct asking *w, const char *pipeline_id, const char *stage_key, const char *owner_id)
{
    struct table_scan scan;
    const Baton__BoardCard *card;
    struct key under = key_of(pipeline_id);
    key_text(&under, stage_key);
    key_text(&under, owner_id);
    if (w->cut || !table_scan_under(&scan, w->l->txn, OPPORTUNITIES_CARD, &under, NULL, NULL, true))
        return;
    while (!w->cut && (card = table_scan_next(&scan, w->l->arena))) {
        w->cut = w->looked == LOOK_MAX;
        if (w->cut)
            break;
        w->looked++;
        look_at(w, card->opportunity_id);
    }
    table_scan_close(&scan);
}

static void look_in(struct asking *w, const Baton__Pipeline *p)
{
    for (size_t i = 0; i < p->n_stages; i++) {
        if (opportunities_kind(p->stages[i]) != BATON__STAGE_KIND__STAGE_KIND_OPEN)
            continue;
        if (w->whom.top == FORECAST_NOBODY)
            look_under(w, p->id, p->stages[i]->key, "");
        for (size_t k = 0; w->whom.top != FORECAST_NOBODY && k < w->whom.tree->n_people; k++)
            if (is_asked(w, k))
                look_under(w, p->id, p->stages[i]->key, w->whom.tree->people[k].id);
    }
}

/* Those for which most speaks first, up to `most`. */
static void deals(struct asking *w, size_t most)
{
    struct table_scan scan;
    const Baton__Pipeline *pipelines[64];
    size_t n = 0;
    w->deals.rows = ARENA_ARRAY(w->l->arena, Baton__Advice *, LOOK_MAX);
    w->signs = ARENA_ARRAY(w->l->arena, unsigned, LOOK_MAX);
    if (!table_scan_open(&scan, w->l->txn, OPPORTUNITIES_PIPELINE, NULL, NULL, NULL, false))
        return;
    while (n < sizeof pipelines / sizeof *pipelines && (pipelines[n] = table_scan_next(&scan, w->l->arena)))
        n++;
    table_scan_close(&scan);
    for (size_t i = 0; i < n; i++)
        look_in(w, pipelines[i]);
    for (unsigned signs = 5; signs >= ADVICE_SIGNS; signs--)
        for (size_t i = 0; i < w->deals.n && most && w->list.n < w->list.room; i++)
            if (w->signs[i] == signs) {
                w->list.rows[w->list.n++] = w->deals.rows[i];
                most--;
            }
}

bool opportunities_query_advice(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                struct refusal *no)
{
    const Baton__GetAdviceRequest *q = (const Baton__GetAdviceRequest *)c->request;
    const struct forecast_words words = {NULL, q->user_id, NULL, NULL, NULL};
    struct asking w = {
        .l = l,
        .actor = c->actor,
        .facts = {.now_us = l->now_us, .today = opportunities_local_day(l), .arena = l->arena}};
    Baton__GetAdviceResponse *out = ARENA_NEW(l->arena, Baton__GetAdviceResponse);
    baton__get_advice_response__init(out);
    w.list = (struct advice_list){ARENA_ARRAY(l->arena, Baton__Advice *, ADVICE_MAX), 0, ADVICE_MAX};
    if (!opportunities_ask(l, c->actor, &words, &w.whom, no) || !territories(&w, no) || !people_load(&w, no))
        return false;
    people(&w);
    deals(&w, q->deals ? q->deals : DEALS_USUAL);
    if (w.whom.top != FORECAST_NOBODY)
        out->user_id = (char *)(uintptr_t)w.whom.tree->people[w.whom.top].id;
    out->advice = w.list.rows;
    out->n_advice = w.list.n;
    out->has_deals_looked_at = out->has_cut = true;
    out->deals_looked_at = (uint32_t)w.looked;
    out->cut = w.cut;
    *reply = &out->base;
    return true;
}
