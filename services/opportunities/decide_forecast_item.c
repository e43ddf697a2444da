/* What of an opportunity counts, where, and how it went. */
#include <string.h>

#include "base/money.h"
#include "services/opportunities/rollup.h"

static const char *text(const char *s)
{
    return s ? s : "";
}

static bool same(const char *x, const char *y)
{
    return strcmp(text(x), text(y)) == 0;
}

/* 1: what is lost counts nowhere; what is won as closed; all else where it is said to */
static uint32_t category_of(const Baton__Opportunity *o)
{
    if (o->stage_kind == BATON__STAGE_KIND__STAGE_KIND_WON)
        return BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_CLOSED;
    return o->forecast_category ? o->forecast_category : BATON__FORECAST_CATEGORY__FORECAST_CATEGORY_PIPELINE;
}

static Baton__ForecastLine *line_of(const Baton__Opportunity *o, struct arena *a)
{
    Baton__ForecastLine *l = ARENA_NEW(a, Baton__ForecastLine);
    baton__forecast_line__init(l);
    int64_t amount = o->amount ? o->amount->minor_units : 0;
    amount = amount < 0 ? 0 : amount > MONEY_MAX ? MONEY_MAX : amount;
    l->currency_code = (char *)(uintptr_t)text(o->amount ? o->amount->currency_code : NULL);
    l->product_id = (char *)(uintptr_t)text(o->product_id);
    l->pipeline_id = (char *)(uintptr_t)text(o->pipeline_id);
    l->has_category = l->has_deals = l->has_amount = l->has_weighted = true;
    l->category = category_of(o);
    l->deals = 1;
    l->amount = (uint64_t)amount;
    l->weighted = (uint64_t)(amount / 100 * o->probability + amount % 100 * o->probability / 100);
    return l;
}

static bool is_open(const Baton__ForecastItem *i)
{
    return i->kind == BATON__STAGE_KIND__STAGE_KIND_OPEN;
}

/* 2: it is in its stage since it came there; an opportunity that comes back goes on where it was */
static void set_place(Baton__ForecastItem *i, const Baton__ForecastItem *before, int32_t step)
{
    bool was_open = before && is_open(before);
    i->has_entered = i->has_first = true;
    i->entered = step;
    i->first = !before;
    if (was_open && same(before->stage, i->stage)) {
        i->entered = before->entered;
        i->first = before->first;
    } else if (before && !was_open && before->open_stage && is_open(i) &&
               same(before->open_stage, i->stage)) {
        i->entered = before->open_entered;
        i->first = before->open_first;
    }
}

/* 3: what closes remembers where it was open; what is closed when it comes teaches nothing */
static void set_closed(Baton__ForecastItem *i, const Baton__ForecastItem *before, int32_t step)
{
    if (is_open(i) || !before)
        return;
    i->has_open_entered = i->has_open_first = i->has_closed = true;
    i->open_stage = is_open(before) ? before->stage : before->open_stage;
    i->open_entered = is_open(before) ? before->entered : before->open_entered;
    i->open_first = is_open(before) ? before->first : before->open_first;
    i->closed = is_open(before) ? step : before->closed;
}

Baton__ForecastItem *forecast_item(const Baton__Opportunity *o, const Baton__ForecastItem *before,
                                   const char *team_id, int32_t step, struct arena *a)
{
    if (!o || !o->pipeline_id)
        return NULL;
    Baton__ForecastItem *i = ARENA_NEW(a, Baton__ForecastItem);
    baton__forecast_item__init(i);
    i->opportunity_id = o->id;
    i->owner_id = (char *)(uintptr_t)text(o->owner_id);
    i->has_month = i->has_kind = true;
    i->month = forecast_month_of(o->close_date);
    i->kind = o->stage_kind;
    i->line = line_of(o, a);
    i->stage = arena_printf(a, "%s/%s", o->pipeline_id, text(o->stage_key));
    i->team_id = (char *)(uintptr_t)text(team_id);
    set_place(i, before, step);
    set_closed(i, before, step);
    return i;
}

bool forecast_item_closed(const Baton__ForecastItem *i)
{
    return i && !is_open(i) && i->open_stage && *i->open_stage;
}

static void add(struct forecast_deltas *out, struct forecast_delta d)
{
    out->spells[out->n++] = d;
}

static struct forecast_delta open_spell(const Baton__ForecastItem *i, int64_t n)
{
    return (struct forecast_delta){FORECAST_OPEN, i->stage, "", (int32_t)i->entered, 0, i->first, n};
}

static struct forecast_delta closed_spell(const Baton__ForecastItem *i, int64_t n)
{
    bool won = i->kind == BATON__STAGE_KIND__STAGE_KIND_WON;
    return (struct forecast_delta){won ? FORECAST_WON : FORECAST_LOST,
                                   i->open_stage,
                                   "",
                                   (int32_t)i->open_entered,
                                   (int32_t)i->closed,
                                   i->open_first,
                                   n};
}

/* It went from one stage to another. */
static void add_move(struct forecast_deltas *out, const Baton__ForecastItem *before,
                     const Baton__ForecastItem *after, int32_t step)
{
    bool open = is_open(before);
    const char *from = open ? before->stage : before->open_stage;
    if (!same(from, after->stage))
        add(out, (struct forecast_delta){FORECAST_MOVED, from, after->stage,
                                         (int32_t)(open ? before->entered : before->open_entered), step,
                                         open ? before->first : before->open_first, 1});
}

void forecast_item_moved(const Baton__ForecastItem *before, const Baton__ForecastItem *after, int32_t step,
                         struct forecast_deltas *out)
{
    out->n = 0;
    if (before && after && is_open(before) && is_open(after) && same(before->stage, after->stage))
        return; /* it stays where it is */
    if (before && is_open(before))
        add(out, open_spell(before, -1));
    else if (forecast_item_closed(before))
        add(out, closed_spell(before, -1));
    if (after && is_open(after)) {
        if (before && (is_open(before) || forecast_item_closed(before)))
            add_move(out, before, after, step);
        add(out, open_spell(after, 1));
    } else if (forecast_item_closed(after)) {
        add(out, closed_spell(after, 1));
    }
}

static Baton__ForecastLine *line_in(Baton__ForecastLevel *level, const Baton__ForecastLine *like,
                                    struct arena *a)
{
    for (size_t i = 0; i < level->n_lines; i++) {
        Baton__ForecastLine *l = level->lines[i];
        if (l->category == like->category && same(l->currency_code, like->currency_code) &&
            same(l->product_id, like->product_id) && same(l->pipeline_id, like->pipeline_id))
            return l;
    }
    Baton__ForecastLine **lines = ARENA_ARRAY(a, Baton__ForecastLine *, level->n_lines + 1);
    for (size_t i = 0; i < level->n_lines; i++)
        lines[i] = level->lines[i];
    level->lines = lines;
    Baton__ForecastLine *l = lines[level->n_lines++] = ARENA_NEW(a, Baton__ForecastLine);
    *l = *like;
    l->deals = l->amount = l->weighted = 0;
    return l;
}

/* Sums wrap around and back, so that what was put in is taken out whole. */
void forecast_line_count(Baton__ForecastLevel *level, const Baton__ForecastLine *line, int way,
                         struct arena *a)
{
    Baton__ForecastLine *l = line_in(level, line, a);
    l->deals += way > 0 ? line->deals : -line->deals;
    l->amount += way > 0 ? line->amount : -line->amount;
    l->weighted += way > 0 ? line->weighted : -line->weighted;
    size_t kept = 0;
    for (size_t i = 0; i < level->n_lines; i++)
        if (level->lines[i]->deals)
            level->lines[kept++] = level->lines[i];
    level->n_lines = kept;
}
