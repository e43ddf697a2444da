/* Territories as the tool sees them: a model by its name, trees by names, an import. */
#ifndef BATON_TOOL_TERRITORY_H
#define BATON_TOOL_TERRITORY_H

#include "tool/csv.h"
#include "tool/csv_rejects.h"
#include "tool/records.h"

/* The model of that name or id among these; NULL: `no` says that there is none. */
Baton__TerritoryModel *territory_model_named(const struct record_list *models, const char *name,
                                             struct refusal *no);
/* The same, asked for. */
Baton__TerritoryModel *territory_model_find(struct api *api, const char *name, struct arena *a,
                                            struct refusal *no);
bool territory_is_of(const Baton__Territory *t, const char *model_id);
/* "department" and so on; "" for none. */
const char *territory_kind_text(Baton__TerritoryKind kind, struct arena *a);
/* By that text; UNSPECIFIED: there is no such kind. */
Baton__TerritoryKind territory_kind_named(const char *text);
/* "country Germany, postal code 80000-89999", in the arena. */
const char *territory_rule_text(const Baton__TerritoryRule *r, struct arena *a);

/* --- territory_tree.c: territories by the names above them, made in the order in which they can be --- */

struct territory_node {
    const char *name, *above_text; /* above_text: "Asia > Taiwan", NULL: it stands at the top */
    struct territory_node *above;
    Baton__Territory *is;    /* there already, or made; NULL: not yet */
    Baton__Territory wanted; /* of the file */
    bool in_file, visiting, done;
    const char *reason; /* why it was not taken */
};

struct territory_tree {
    struct api *api;
    struct arena *arena;
    const char *model_id; /* NULL: territories without a model */
    struct territory_node *nodes;
    size_t n, n_there; /* those that were there come first */
    size_t made, changed, same, refused;
};

/* Room for `most` of the file beside those that are there. False: `no`. */
bool territory_tree_load(struct territory_tree *t, size_t most, struct refusal *no);
/* The node of the file with this name, kind and text above; new if there is none. */
struct territory_node *territory_tree_node(struct territory_tree *t, const char *name,
                                           Baton__TerritoryKind kind, const char *above_text);
/* Every node of the file is made, or changed where it is there and says something else; what stands above
   comes first. `progress` is told of each. */
void territory_tree_save(struct territory_tree *t, void (*progress)(void *arg, size_t done), void *arg);

/* --- territory_rows.c: rows of the file --- */

enum territory_column {
    TERRITORY_NAME,
    TERRITORY_KIND,
    TERRITORY_ABOVE,
    TERRITORY_COUNTRY,
    TERRITORY_STATE,
    TERRITORY_POSTCODE,
    TERRITORY_POSTCODE_FROM,
    TERRITORY_POSTCODE_TO,
    TERRITORY_INDUSTRY,
    TERRITORY_COMPANY,
    TERRITORY_EMPLOYEES_LEAST,
    TERRITORY_EMPLOYEES_MOST,
    TERRITORY_REVENUE_LEAST,
    TERRITORY_REVENUE_MOST,
    TERRITORY_PRIORITY,
    TERRITORY_ZONE,
    TERRITORY_COLUMNS
};

struct territory_rows {
    const struct csv_file *file;
    int columns[TERRITORY_COLUMNS]; /* -1: the file has none */
    Baton__TerritoryKind kind;      /* of rows that say none */
};

/* Which column is what, by its name. False: no column names territories. */
bool territory_rows_init(struct territory_rows *rows, const struct csv_file *file, struct refusal *no);
/* A row becomes a node, or one more rule of it. NULL: *reason says why it cannot. */
struct territory_node *territory_rows_take(const struct territory_rows *rows, struct territory_tree *tree,
                                           const struct csv_row *row, const char **reason);

#endif
