/* `baton territory list`, and what the commands about territories share. */
#include "tool/territory.h"

#include <string.h>
#include <strings.h>

#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"

enum { ARENA_LIMIT = 1 << 30, RULES_SHOWN = 2, VALUES_SHOWN = 3, DEPTH_MAX = 64 };
#define KIND_PREFIX "TERRITORY_KIND_"

Baton__TerritoryModel *territory_model_named(const struct record_list *models, const char *name,
                                             struct refusal *no)
{
    ProtobufCMessage *found = records_find(models, "name", name);
    if (found == NULL)
        found = records_find(models, "id", name);
    if (found == NULL)
        (void)refuse(no, REFUSAL_NOT_FOUND, NULL, "there is no territory model \"%s\"", name);
    return (Baton__TerritoryModel *)found;
}

Baton__TerritoryModel *territory_model_find(struct api *api, const char *name, struct arena *a,
                                            struct refusal *no)
{
    struct record_list models;
    return records_load(api, "territory_model", a, &models, no) ? territory_model_named(&models, name, no)
                                                                : NULL;
}

bool territory_is_of(const Baton__Territory *t, const char *model_id)
{
    return t->model_id != NULL && model_id != NULL ? strcmp(t->model_id, model_id) == 0
                                                   : t->model_id == model_id;
}

const char *territory_kind_text(Baton__TerritoryKind kind, struct arena *a)
{
    return kind ? output_word(a, &baton__territory_kind__descriptor, (int)kind, KIND_PREFIX) : "";
}

Baton__TerritoryKind territory_kind_named(const char *text)
{
    return (Baton__TerritoryKind)option_word(&baton__territory_kind__descriptor, KIND_PREFIX, text);
}

/* --- rules in words --- */

static const char *add(const char *text, const char *part, struct arena *a)
{
    return text != NULL ? arena_printf(a, "%s, %s", text, part) : part;
}

static const char *add_texts(const char *text, const char *what, char *const *values, size_t n,
                             struct arena *a)
{
    const char *all = NULL;
    for (size_t i = 0; i < n && i < VALUES_SHOWN; i++)
        all = all != NULL ? arena_printf(a, "%s or %s", all, values[i]) : values[i];
    if (n == 0)
        return text;
    if (n > VALUES_SHOWN)
        all = arena_printf(a, "%s or %zu more", all, n - VALUES_SHOWN);
    return add(text, arena_printf(a, "%s %s", what, all), a);
}

static const char *add_ranges(const char *text, const Baton__TerritoryRule *r, struct arena *a)
{
    char *values[VALUES_SHOWN];
    for (size_t i = 0; i < r->n_postal_codes && i < VALUES_SHOWN; i++) {
        const Baton__PostalRange *p = r->postal_codes[i];
        values[i] = p->to != NULL ? arena_printf(a, "%s %s-%s", p->country, p->from, p->to)
                                  : arena_printf(a, "%s %s", p->country, p->from);
    }
    return add_texts(text, "postal code", values, r->n_postal_codes, a);
}

static const char *add_number(const char *text, const char *what, bool is_there, int64_t n, struct arena *a)
{
    return is_there ? add(text, arena_printf(a, "%s %lld", what, (long long)n), a) : text;
}

const char *territory_rule_text(const Baton__TerritoryRule *r, struct arena *a)
{
    const char *text = add_texts(NULL, "country", r->countries, r->n_countries, a);
    text = add_texts(text, "state", r->states, r->n_states, a);
    text = add_ranges(text, r, a);
    text = add_texts(text, "industry", r->industries, r->n_industries, a);
    text = add_texts(text, "company", r->companies, r->n_companies, a);
    text = add_number(text, "employees at least", r->has_employees_at_least, r->employees_at_least, a);
    text = add_number(text, "employees at most", r->has_employees_at_most, r->employees_at_most, a);
    text = add_number(text, "revenue at least", r->has_revenue_at_least, r->revenue_at_least, a);
    text = add_number(text, "revenue at most", r->has_revenue_at_most, r->revenue_at_most, a);
    return text != NULL ? text : "";
}

static const char *rules_text(const Baton__Territory *t, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < t->n_rules && i < RULES_SHOWN; i++)
        text = arena_printf(a, "%s%s%s", text, i > 0 ? "; " : "", territory_rule_text(t->rules[i], a));
    return t->n_rules > RULES_SHOWN ? arena_printf(a, "%s; and %zu more", text, t->n_rules - RULES_SHOWN)
                                    : text;
}

/* --- the list, as trees --- */

struct listing {
    const struct record_list *territories, *users;
    const char *model_id;
    struct grid grid;
    struct arena *arena;
};

static size_t people_in(const struct listing *l, const Baton__Territory *t)
{
    size_t n = 0;
    for (size_t i = 0; i < l->users->n; i++) {
        const Baton__User *u = (const Baton__User *)l->users->rows[i];
        for (size_t k = 0; k < u->n_territory_ids; k++)
            n += strcmp(u->territory_ids[k], t->id) == 0 ||
                 (t->origin_id != NULL && strcmp(u->territory_ids[k], t->origin_id) == 0);
    }
    return n;
}

static void list_below(struct listing *l, const char *parent_id, int depth)
{
    for (size_t i = 0; depth <= DEPTH_MAX && i < l->territories->n; i++) {
        const Baton__Territory *t = (const Baton__Territory *)l->territories->rows[i];
        bool below = parent_id != NULL && t->parent_id != NULL ? strcmp(t->parent_id, parent_id) == 0
                                                               : parent_id == t->parent_id;
        if (!below || !territory_is_of(t, l->model_id))
            continue;
        grid_add(&l->grid, (const char *[]){arena_printf(l->arena, "%*s%s", 2 * depth, "", t->name),
                                            territory_kind_text(t->kind, l->arena), rules_text(t, l->arena),
                                            t->priority ? output_number(l->arena, t->priority) : "",
                                            t->time_zone, output_number(l->arena, people_in(l, t)), t->id});
        list_below(l, t->id, depth + 1);
    }
}

static void list_json(struct tool *t, const struct record_list *all, const char *model_id, struct arena *a)
{
    struct record_list of = {0};
    for (size_t i = 0; i < all->n; i++)
        if (territory_is_of((const Baton__Territory *)all->rows[i], model_id))
            records_add(&of, all->rows[i], a);
    records_print_json(t, &of);
}

static bool list_all(struct session *s)
{
    struct record_list territories, users;
    const char *name = s->arg;
    const Baton__TerritoryModel *model =
        name != NULL ? territory_model_find(s->api, name, s->arena, &s->no) : NULL;
    if ((name != NULL && model == NULL) ||
        !records_load(s->api, "territory", s->arena, &territories, &s->no) ||
        !records_load(s->api, "user", s->arena, &users, &s->no))
        return false;
    struct listing l = {.territories = &territories,
                        .users = &users,
                        .model_id = model != NULL ? model->id : NULL,
                        .arena = s->arena};
    if (s->tool->json) {
        list_json(s->tool, &territories, l.model_id, s->arena);
        return true;
    }
    grid_init(&l.grid, s->arena, "territory|kind|rules|>priority|time zone|>people|id");
    list_below(&l, NULL, 0);
    grid_print(&l.grid, s->tool);
    return true;
}

int tool_territory_list(struct tool *t, int argc, char **argv)
{
    char *model = NULL;
    int first;
    const struct option_row rows[] = {{"model", OPTION_TEXT, &model}};
    if (!options_read(rows, 1, argc, argv, 0, 0, &first))
        return TOOL_USAGE;
    return session_run(t, ARENA_LIMIT, list_all, model);
}
