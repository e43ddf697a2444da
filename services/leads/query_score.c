/* What a lead's score is made of, in words. */
#include <stdlib.h>

#include "services/leads/rows.h"

static int by_size(const void *a, const void *b)
{
    const Baton__ScoreContribution *x = *(Baton__ScoreContribution *const *)a,
                                   *y = *(Baton__ScoreContribution *const *)b;
    return abs(y->points) - abs(x->points);
}

/* Thousandths as points of a hundred: "6", "0.4". */
static char *points_text(struct arena *a, int thousandths)
{
    int size = abs(thousandths);
    return size % 10 ? arena_printf(a, "%d.%d", size / 10, size % 10) : arena_printf(a, "%d", size / 10);
}

static char *contribution_text(const Baton__ScoreContribution *c, struct arena *a)
{
    const char *value = c->value ? arena_printf(a, "'%s'", c->value) : "not given";
    if (!c->outcomes)
        return arena_printf(a, "%s %s: no outcomes are known of", c->field, value);
    const char *moves = c->points ? arena_printf(a, "%s it by %s points", c->points > 0 ? "raises" : "lowers",
                                                 points_text(a, c->points))
                                  : "changes nothing";
    return arena_printf(a, "%s %s: %u of %u converted, %s", c->field, value, c->converted, c->outcomes,
                        moves);
}

static Baton__ScoreContribution *contribution(const struct score_model *m, const struct score_result *r,
                                              const struct score_value *v, struct arena *a)
{
    Baton__ScoreContribution *c = ARENA_NEW(a, Baton__ScoreContribution);
    const struct score_cell *cell = score_cell_find(m, v->key);
    baton__score_contribution__init(c);
    c->field = arena_strdup(a, v->field);
    c->value = arena_strdup(a, v->text);
    c->has_outcomes = c->has_converted = c->has_points = true;
    c->outcomes = cell ? cell->outcomes : 0;
    c->converted = cell ? cell->converted : 0;
    c->points = score_points(m, r, v);
    c->text = contribution_text(c, a);
    return c;
}

static void fill(Baton__ExplainScoreResponse *out, const struct score_model *m, const struct score_result *r,
                 struct arena *a)
{
    out->has_score = out->has_score_low = out->has_score_high = out->has_base_rate = true;
    out->score = r->permille;
    out->score_low = r->low;
    out->score_high = r->high;
    out->base_rate = r->base_permille;
    out->summary = arena_printf(
        a,
        "%u of %u leads whose end is known converted; the newer ones speak for a rate of %s %%. What this "
        "lead "
        "says about itself makes that %s %%; of 10 such leads, 8 have a rate between %s %% and %s %%.",
        m->base.converted, m->base.outcomes, points_text(a, (int)r->base_permille),
        points_text(a, (int)r->permille), points_text(a, (int)r->low), points_text(a, (int)r->high));
}

bool leads_query_score(struct load *l, const struct command *c, ProtobufCMessage **reply, struct refusal *no)
{
    const Baton__ExplainScoreRequest *q = (const Baton__ExplainScoreRequest *)c->request;
    const struct score_model *m = leads_state_routing(l)->score;
    struct score_value values[SCORE_VALUES_MAX];
    struct score_result r;
    Baton__Lead *lead = leads_query_lead(l, c, q->id, no);
    if (!lead)
        return false;
    Baton__ExplainScoreResponse *out = ARENA_NEW(l->arena, Baton__ExplainScoreResponse);
    baton__explain_score_response__init(out);
    size_t n = score_values(lead, values, l->arena);
    score_predict(m, values, n, &r);
    out->lead = lead;
    out->has_outcomes = out->has_converted = true;
    out->outcomes = m->base.outcomes;
    out->converted = m->base.converted;
    out->contributions = ARENA_ARRAY(l->arena, Baton__ScoreContribution *, n);
    for (size_t i = 0; r.known && i < n; i++)
        out->contributions[out->n_contributions++] = contribution(m, &r, &values[i], l->arena);
    qsort(out->contributions, out->n_contributions, sizeof *out->contributions, by_size);
    if (r.known)
        fill(out, m, &r, l->arena);
    else
        out->summary = arena_strdup(l->arena, "There are no outcomes to learn from yet.");
    *reply = &out->base;
    return true;
}
