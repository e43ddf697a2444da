/* Territories of a file put under one another by their names, and made from the top down. */
#include "tool/territory.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { DEPTH_MAX = 64 };
#define BEHIND '>' /* between the names of a way down */

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL ? strcasecmp(a, b) == 0 : a == b;
}

static struct territory_node *node_of_id(struct territory_tree *t, const char *id)
{
    for (size_t i = 0; id != NULL && i < t->n_there; i++)
        if (strcmp(t->nodes[i].is->id, id) == 0)
            return &t->nodes[i];
    return NULL;
}

bool territory_tree_load(struct territory_tree *t, size_t most, struct refusal *no)
{
    struct record_list rows;
    if (!records_load(t->api, "territory", t->arena, &rows, no))
        return false;
    t->nodes = ARENA_ARRAY(t->arena, struct territory_node, rows.n + most);
    for (size_t i = 0; i < rows.n; i++) {
        Baton__Territory *row = (Baton__Territory *)rows.rows[i];
        if (territory_is_of(row, t->model_id))
            t->nodes[t->n++] = (struct territory_node){.name = row->name, .is = row, .done = true};
    }
    t->n_there = t->n;
    for (size_t i = 0; i < t->n_there; i++)
        t->nodes[i].above = node_of_id(t, t->nodes[i].is->parent_id);
    return true;
}

struct territory_node *territory_tree_node(struct territory_tree *t, const char *name,
                                           Baton__TerritoryKind kind, const char *above_text)
{
    for (size_t i = t->n; i-- > t->n_there;) {
        struct territory_node *n = &t->nodes[i];
        if (n->wanted.kind == kind && same_text(n->name, name) && same_text(n->above_text, above_text))
            return n;
    }
    struct territory_node *n = &t->nodes[t->n++];
    *n = (struct territory_node){.name = name, .above_text = above_text, .in_file = true};
    baton__territory__init(&n->wanted);
    n->wanted.name = (char *)name;
    n->wanted.has_kind = true;
    n->wanted.kind = kind;
    n->wanted.model_id = (char *)t->model_id;
    return n;
}

/* --- who stands above --- */

/* The last name of a way down, and what comes before it; NULL: nothing. */
static const char *last_name(const char *way, const char **before, struct arena *a)
{
    const char *cut = strrchr(way, BEHIND);
    *before = cut != NULL ? text_trim(a, arena_strndup(a, way, (size_t)(cut - way))) : NULL;
    return text_trim(a, cut != NULL ? cut + 1 : way);
}

/* Whether the node stands at the end of that way; the way may begin anywhere above. */
static bool ends_there(const struct territory_node *n, const char *way, struct arena *a)
{
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        const char *before, *name = last_name(way, &before, a);
        if (!same_text(n->name, name))
            return false;
        if (before == NULL)
            return true;
        if (n->above == NULL)
            return n->above_text != NULL && same_text(n->above_text, before);
        n = n->above;
        way = before;
    }
    return false;
}

static struct territory_node *only_one(struct territory_tree *t, const struct territory_node *child,
                                       size_t from, size_t to, size_t *found)
{
    struct territory_node *above = NULL;
    *found = 0;
    for (size_t i = from; i < to; i++) {
        struct territory_node *n = &t->nodes[i];
        Baton__TerritoryKind kind = n->in_file ? n->wanted.kind : n->is->kind;
        if (kind != child->wanted.kind || !ends_there(n, child->above_text, t->arena))
            continue;
        above = n;
        ++*found;
    }
    return above;
}

/* In the file first, then among those that are there. */
static bool find_above(struct territory_tree *t, struct territory_node *n)
{
    size_t found;
    if (n->above_text == NULL)
        return true;
    n->above = only_one(t, n, t->n_there, t->n, &found);
    if (found == 0)
        n->above = only_one(t, n, 0, t->n_there, &found);
    if (found == 1)
        return true;
    n->above = NULL;
    n->reason = found == 0
                    ? arena_printf(t->arena, "there is no territory \"%s\" of its kind to stand above it",
                                   n->above_text)
                    : arena_printf(t->arena,
                                   "there are %zu territories \"%s\"; say which, with what stands above it: "
                                   "\"Asia > Taiwan\"",
                                   found, n->above_text);
    return false;
}

/* --- made, or changed --- */

static struct territory_node *there_already(struct territory_tree *t, const struct territory_node *n)
{
    for (size_t i = 0; i < t->n_there; i++) {
        const Baton__Territory *is = t->nodes[i].is;
        if (is->kind == n->wanted.kind && same_text(is->name, n->name) &&
            same_text(is->parent_id, n->wanted.parent_id))
            return &t->nodes[i];
    }
    return NULL;
}

static bool says_the_same(const Baton__Territory *is, const Baton__Territory *wanted, struct arena *a)
{
    if (is->n_rules != wanted->n_rules || is->priority != wanted->priority ||
        (wanted->time_zone != NULL && !same_text(is->time_zone, wanted->time_zone)))
        return false;
    for (size_t i = 0; i < is->n_rules; i++)
        if (!bytes_equal(schema_pack(&is->rules[i]->base, a), schema_pack(&wanted->rules[i]->base, a)))
            return false;
    return true;
}

static bool change(struct territory_tree *t, struct territory_node *n, struct refusal *no)
{
    Baton__Territory to = n->wanted;
    to.id = n->is->id;
    to.name = to.parent_id = to.model_id = NULL;
    to.has_kind = false;
    to.has_priority = true;
    if (says_the_same(n->is, &n->wanted, t->arena)) {
        t->same++;
        return true;
    }
    if (!records_update(t->api, &to.base, t->arena, no))
        return false;
    t->changed++;
    return true;
}

static bool save(struct territory_tree *t, struct territory_node *n, struct refusal *no)
{
    ProtobufCMessage *made;
    n->wanted.parent_id = n->above != NULL ? n->above->is->id : NULL;
    const struct territory_node *there = there_already(t, n);
    n->is = there != NULL ? there->is : NULL;
    if (n->is != NULL)
        return change(t, n, no);
    if (!records_create(t->api, &n->wanted.base, t->arena, &made, no))
        return false;
    n->is = (Baton__Territory *)made;
    t->made++;
    return true;
}

/* What stands above it is made first; of a circle nobody is. */
static bool can_be_made(struct territory_tree *t, struct territory_node *n)
{
    const struct territory_node *up = n->above;
    int depth = 0;
    for (; up != NULL && up != n && depth < DEPTH_MAX; depth++)
        up = up->above;
    if (up == n)
        n->reason = arena_printf(t->arena, "it stands above itself");
    else if (up != NULL)
        n->reason = arena_printf(t->arena, "more than %d territories stand above one another", DEPTH_MAX);
    return up == NULL;
}

static void make(struct territory_tree *t, struct territory_node *n)
{
    struct refusal no;
    if (n->done)
        return;
    n->done = true;
    if (n->reason == NULL && n->above != NULL && n->above->reason != NULL)
        n->reason =
            arena_printf(t->arena, "\"%s\" above it was not taken: %s", n->above->name, n->above->reason);
    if (n->reason == NULL && !save(t, n, &no))
        n->reason = arena_strdup(t->arena, no.message);
    t->refused += n->reason != NULL;
}

/* From the top of its way down to it. */
static void make_way(struct territory_tree *t, struct territory_node *n)
{
    struct territory_node *way[DEPTH_MAX + 1];
    size_t length = 0;
    for (struct territory_node *up = n; up != NULL && length <= DEPTH_MAX; up = up->above)
        way[length++] = up;
    while (length > 0)
        make(t, way[--length]);
}

void territory_tree_save(struct territory_tree *t, void (*progress)(void *arg, size_t done), void *arg)
{
    for (size_t i = t->n_there; i < t->n; i++)
        (void)find_above(t, &t->nodes[i]); /* the reason stays with it */
    for (size_t i = t->n_there; i < t->n; i++) {
        if (can_be_made(t, &t->nodes[i]))
            make_way(t, &t->nodes[i]);
        else
            make(t, &t->nodes[i]);
        progress(arg, i + 1 - t->n_there);
    }
}
