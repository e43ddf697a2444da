/* What the directory has to say about territories: a tree of one kind, rules that can match, a calendar. */
#include <string.h>

#include "base/text.h"
#include "services/directory/directory.h"

static bool check_range(const Baton__PostalRange *r, struct stamp *s, struct refusal *no)
{
    const char *from = text_fold_postcode(s->arena, r->from);
    const char *to = r->to ? text_fold_postcode(s->arena, r->to) : from;
    if (!from || !to)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "rules",
                      "a range of postal codes has nothing at one end");
    if (strlen(from) != strlen(to))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "rules",
                      "the postal codes %s and %s must have the same length, leading zeros included", r->from,
                      r->to);
    if (strcmp(from, to) > 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "rules",
                      "the range of postal codes %s to %s is upside down: the smaller comes first", r->from,
                      r->to);
    return true;
}

static bool check_numbers(bool has_least, int64_t least, bool has_most, int64_t most, const char *what,
                          struct refusal *no)
{
    if (has_least && has_most && least > most)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "rules", "no lead has at least %lld and at most %lld %s",
                      (long long)least, (long long)most, what);
    return true;
}

static bool is_empty(const Baton__TerritoryRule *r)
{
    return !r->n_countries && !r->n_states && !r->n_postal_codes && !r->n_industries && !r->n_companies &&
           !r->has_employees_at_least && !r->has_employees_at_most && !r->has_revenue_at_least &&
           !r->has_revenue_at_most;
}

static bool check_rule(const Baton__TerritoryRule *r, struct stamp *s, struct refusal *no)
{
    /* 5: a rule says something */
    if (is_empty(r))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "rules",
                      "a rule must name a country, state, postal code, industry, size or company");
    /* 6: ranges are the right way up */
    for (size_t i = 0; i < r->n_postal_codes; i++)
        if (!check_range(r->postal_codes[i], s, no))
            return false;
    return check_numbers(r->has_employees_at_least, r->employees_at_least, r->has_employees_at_most,
                         r->employees_at_most, "employees", no) &&
           check_numbers(r->has_revenue_at_least, r->revenue_at_least, r->has_revenue_at_most,
                         r->revenue_at_most, "of revenue", no);
}

static bool check_calendar(const Baton__Territory *t, struct refusal *no)
{
    return directory_check_zone(t->time_zone, no) &&
           directory_check_hours(t->working_hours, t->n_working_hours, no) &&
           directory_check_holidays(t->holidays, t->n_holidays, no);
}

static bool check_deletion(const struct directory_territory_facts *f, struct refusal *no)
{
    if (f->has_users)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "users still work in this territory; give them another first");
    if (f->has_children)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, NULL,
                      "there are territories below this one; move them first");
    return true;
}

static bool same_id(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool check_model(const struct directory_territory_facts *f, const Baton__Territory *before,
                        const Baton__Territory *after, struct refusal *no)
{
    /* 8: a territory belongs to a model that is there, and stays in it */
    if (before && !same_id(before->model_id, after->model_id))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "model_id",
                      "a territory stays in its model; copy the model instead");
    if (f->model_wanted && !f->model)
        return refuse(no, REFUSAL_NOT_FOUND, "model_id", "there is no such territory model");
    if (f->model && f->model->copying)
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "model_id",
                      "the model's territories are still being copied; try again in a moment");
    /* 9: with all that is above it */
    if (f->parent && !same_id(f->parent->model_id, after->model_id))
        return refuse(no, REFUSAL_FAILED_PRECONDITION, "parent_id", "%s, above it, is of another model",
                      f->parent->name);
    return true;
}

bool directory_check_territory(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                               struct stamp *s, struct outcome *out)
{
    const struct directory_territory_facts *f = extra;
    const Baton__Territory *old = (const Baton__Territory *)before, *t = (const Baton__Territory *)after;
    /* 1: a territory is deleted only when nobody and nothing is in it */
    if (!t)
        return check_deletion(f, &out->no);
    /* 2: it is of a kind, and stays so, for what is below it is of the same */
    if (t->kind == BATON__TERRITORY_KIND__TERRITORY_KIND_UNSPECIFIED)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "kind",
                      "a territory is a department, a region, a geography or an industry");
    if (old && old->kind != t->kind && f->has_children)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "kind",
                      "there are territories below this one, and they are of its kind; move them first");
    /* 3: the territory above exists and is not below */
    if (!directory_check_parents(&f->parents, old ? old->id : NULL, "territory", &out->no))
        return false;
    /* 4: a tree is of one kind */
    if (f->parent && f->parent->kind != t->kind)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "parent_id",
                      "%s, above it, is of another kind; each kind has trees of its own", f->parent->name);
    for (size_t i = 0; i < t->n_rules; i++)
        if (!check_rule(t->rules[i], s, &out->no))
            return false;
    /* 7: its calendar is one */
    return check_model(f, old, t, &out->no) && check_calendar(t, &out->no);
}
