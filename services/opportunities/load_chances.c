/* What chances are learned from, and the deals that are open. */
#include <string.h>

#include "services/opportunities/rows.h"

enum { ROWS_MAX = 200000 }; /* of counts of one kind */

/* --- counts --- */

/* One stage too many counts with the last. */
static uint32_t stage_number(struct judging *j, const char *stage)
{
    uint32_t i = 0;
    while (i < j->counts.n_stages && strcmp(j->stages[i], stage) != 0)
        i++;
    if (i == FORECAST_STAGES_MAX)
        return FORECAST_STAGES_MAX - 1;
    if (i == j->counts.n_stages)
        j->stages[j->counts.n_stages++] = stage;
    return i;
}

/* All rows of a table; how many is set. */
static const void **rows_of(struct load *l, unsigned table, size_t *n)
{
    struct table_scan scan;
    size_t room = 256;
    const void **rows = ARENA_ARRAY(l->arena, const void *, room), *row;
    *n = 0;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return rows;
    while (*n < ROWS_MAX && (row = table_scan_next(&scan, l->arena))) {
        if (*n == room) {
            const size_t wider = 2 * room;
            const void **more = ARENA_ARRAY(l->arena, const void *, wider);
            memcpy(more, rows, room * sizeof *rows);
            rows = more;
            room = wider;
        }
        rows[(*n)++] = row;
    }
    table_scan_close(&scan);
    return rows;
}

static void load_spells(struct judging *j)
{
    size_t n;
    const void **rows = rows_of(j->l, OPPORTUNITIES_SPELL, &n);
    struct forecast_spell *out = ARENA_ARRAY(j->l->arena, struct forecast_spell, n);
    for (size_t i = 0; i < n; i++) {
        const Baton__ForecastSpell *s = rows[i];
        out[i] = (struct forecast_spell){.stage = stage_number(j, s->stage),
                                         .to = *s->to ? stage_number(j, s->to) : 0,
                                         .exit = (enum forecast_exit)s->exit,
                                         .first = s->first != 0,
                                         .entered = (int32_t)s->entered,
                                         .left = (int32_t)s->left,
                                         .n = s->deals};
    }
    j->counts.spells = out;
    j->counts.n_spells = n;
}

static void load_outcomes(struct judging *j)
{
    size_t n;
    const void **rows = rows_of(j->l, OPPORTUNITIES_OUTCOME, &n);
    struct forecast_outcome *out = ARENA_ARRAY(j->l->arena, struct forecast_outcome, n);
    for (size_t i = 0; i < n; i++) {
        const Baton__ForecastOutcome *o = rows[i];
        out[i] =
            (struct forecast_outcome){(enum forecast_kind)o->kind, o->id, (int32_t)o->step, o->won, o->lost};
    }
    j->counts.outcomes = out;
    j->counts.n_outcomes = n;
}

/* Of the currency alone. */
static void load_amounts(struct judging *j)
{
    size_t n;
    const void **rows = rows_of(j->l, OPPORTUNITIES_AMOUNT, &n);
    struct forecast_amount *out = ARENA_ARRAY(j->l->arena, struct forecast_amount, n);
    for (size_t i = 0; i < n; i++) {
        const Baton__ForecastAmount *a = rows[i];
        if (strcmp(a->currency_code, j->currency) == 0)
            out[j->counts.n_amounts++] =
                (struct forecast_amount){a->product_id, (uint32_t)a->bin, (int32_t)a->step, a->deals};
    }
    j->counts.amounts = out;
}

void opportunities_judging_counts(struct judging *j)
{
    load_spells(j);
    load_outcomes(j);
    if (j->currency)
        load_amounts(j);
}

/* --- deals --- */

static bool take(struct judging *j, const char *id)
{
    const Baton__Opportunity *o = table_get_id(j->l->txn, OPPORTUNITIES_OPPORTUNITY, id, j->l->arena);
    const struct key key = key_of(id);
    const char *currency = o && o->amount && o->amount->currency_code ? o->amount->currency_code : NULL;
    const Baton__ForecastItem *item;
    if (!o || o->stage_kind != BATON__STAGE_KIND__STAGE_KIND_OPEN ||
        (currency && j->currency && strcmp(currency, j->currency) != 0) ||
        !(item = table_get(j->l->txn, OPPORTUNITIES_ITEM, &key, j->l->arena)))
        return true;
    if (j->n == JUDGING_DEALS_MAX)
        return false;
    const int32_t who = forecast_tree_find(j->ask.tree, o->owner_id);
    j->deals[j->n++] = (struct open_deal){
        .o = o,
        .deal = {.stage = stage_number(j, item->stage),
                 .entered = (int32_t)item->entered,
                 .owner = item->owner_id,
                 .team = who == FORECAST_NOBODY ? NULL : j->ask.tree->people[who].team_id,
                 .product = item->line->product_id,
                 .amount = currency && o->amount->minor_units > 0 ? o->amount->minor_units : 0}};
    return true;
}

bool opportunities_judging_asks(const struct judging *j, int32_t who)
{
    return j->ask.top == FORECAST_NOBODY ||
           (who != FORECAST_NOBODY && forecast_tree_part(j->ask.tree, who, j->ask.top) >= 0);
}

/* Those of an owner in a stage; of all for "". */
static bool take_cards(struct judging *j, const char *pipeline_id, const char *stage_key,
                       const char *owner_id)
{
    struct table_scan scan;
    struct key under = key_of(pipeline_id);
    const Baton__BoardCard *card;
    bool fits = true;
    key_text(&under, stage_key);
    key_text(&under, owner_id);
    if (!table_scan_under(&scan, j->l->txn, OPPORTUNITIES_CARD, &under, NULL, NULL, false))
        return true;
    while (fits && (card = table_scan_next(&scan, j->l->arena)))
        fits = take(j, card->opportunity_id);
    table_scan_close(&scan);
    return fits;
}

static bool take_stage(struct judging *j, const char *pipeline_id, const char *stage_key)
{
    if (j->ask.top == FORECAST_NOBODY)
        return take_cards(j, pipeline_id, stage_key, "");
    for (size_t i = 0; i < j->ask.tree->n_people; i++)
        if (opportunities_judging_asks(j, (int32_t)i) &&
            !take_cards(j, pipeline_id, stage_key, j->ask.tree->people[i].id))
            return false;
    return true;
}

bool opportunities_judging_deals(struct judging *j)
{
    size_t n;
    const void **pipelines = rows_of(j->l, OPPORTUNITIES_PIPELINE, &n);
    j->deals = ARENA_ARRAY(j->l->arena, struct open_deal, JUDGING_DEALS_MAX);
    for (size_t i = 0; i < n; i++) {
        const Baton__Pipeline *p = pipelines[i];
        for (size_t k = 0; k < p->n_stages; k++) {
            const Baton__StageKind kind = p->stages[k]->kind;
            if (kind != BATON__STAGE_KIND__STAGE_KIND_WON && kind != BATON__STAGE_KIND__STAGE_KIND_LOST &&
                !take_stage(j, p->id, p->stages[k]->key))
                return false;
        }
    }
    return true;
}
