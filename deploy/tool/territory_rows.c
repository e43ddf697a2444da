/* Rows of a file of territories: what each column is, by its name, and what a row says. */
#include "tool/territory.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "tool/lead_fields.h"

enum { VALUES_MAX = 2000 };

/* Normalised header -> column. */
static const struct csv_synonym synonyms[] = {
    {"territory", TERRITORY_NAME},
    {"name", TERRITORY_NAME},
    {"territoryname", TERRITORY_NAME},
    {"gebiet", TERRITORY_NAME},
    {"區域", TERRITORY_NAME},
    {"kind", TERRITORY_KIND},
    {"type", TERRITORY_KIND},
    {"tree", TERRITORY_KIND},
    {"parent", TERRITORY_ABOVE},
    {"above", TERRITORY_ABOVE},
    {"partof", TERRITORY_ABOVE},
    {"parentterritory", TERRITORY_ABOVE},
    {"country", TERRITORY_COUNTRY},
    {"countries", TERRITORY_COUNTRY},
    {"land", TERRITORY_COUNTRY},
    {"國家", TERRITORY_COUNTRY},
    {"state", TERRITORY_STATE},
    {"states", TERRITORY_STATE},
    {"province", TERRITORY_STATE},
    {"county", TERRITORY_STATE},
    {"bundesland", TERRITORY_STATE},
    {"縣市", TERRITORY_STATE},
    {"postalcode", TERRITORY_POSTCODE},
    {"postalcodes", TERRITORY_POSTCODE},
    {"postcode", TERRITORY_POSTCODE},
    {"zip", TERRITORY_POSTCODE},
    {"zipcode", TERRITORY_POSTCODE},
    {"plz", TERRITORY_POSTCODE},
    {"郵遞區號", TERRITORY_POSTCODE},
    {"postalcodefrom", TERRITORY_POSTCODE_FROM},
    {"postalfrom", TERRITORY_POSTCODE_FROM},
    {"zipfrom", TERRITORY_POSTCODE_FROM},
    {"plzvon", TERRITORY_POSTCODE_FROM},
    {"postalcodeto", TERRITORY_POSTCODE_TO},
    {"postalto", TERRITORY_POSTCODE_TO},
    {"zipto", TERRITORY_POSTCODE_TO},
    {"plzbis", TERRITORY_POSTCODE_TO},
    {"industry", TERRITORY_INDUSTRY},
    {"industries", TERRITORY_INDUSTRY},
    {"sector", TERRITORY_INDUSTRY},
    {"branche", TERRITORY_INDUSTRY},
    {"產業", TERRITORY_INDUSTRY},
    {"company", TERRITORY_COMPANY},
    {"companies", TERRITORY_COMPANY},
    {"account", TERRITORY_COMPANY},
    {"namedaccount", TERRITORY_COMPANY},
    {"employeesatleast", TERRITORY_EMPLOYEES_LEAST},
    {"minemployees", TERRITORY_EMPLOYEES_LEAST},
    {"employeesatmost", TERRITORY_EMPLOYEES_MOST},
    {"maxemployees", TERRITORY_EMPLOYEES_MOST},
    {"revenueatleast", TERRITORY_REVENUE_LEAST},
    {"minrevenue", TERRITORY_REVENUE_LEAST},
    {"revenueatmost", TERRITORY_REVENUE_MOST},
    {"maxrevenue", TERRITORY_REVENUE_MOST},
    {"priority", TERRITORY_PRIORITY},
    {"timezone", TERRITORY_ZONE},
    {"zeitzone", TERRITORY_ZONE},
};

bool territory_rows_init(struct territory_rows *rows, const struct csv_file *file, struct refusal *no)
{
    rows->file = file;
    csv_file_columns(file, synonyms, sizeof synonyms / sizeof *synonyms, rows->columns, TERRITORY_COLUMNS);
    if (rows->columns[TERRITORY_NAME] < 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "no column names the territories; call one \"territory\" or \"name\"");
    return true;
}

/* A row under way. */
struct taking {
    const struct territory_rows *rows;
    const struct csv_row *row;
    struct arena *arena;
    const char *reason; /* NULL: nothing is wrong so far */
};

/* NULL where there is no such column or the cell is empty. */
static const char *cell(const struct taking *k, enum territory_column column)
{
    int at = k->rows->columns[column];
    return at < 0 ? NULL : text_trim(k->arena, k->row->cells[at]);
}

/* The values of a cell: between semicolons or bars. */
static char **values(struct taking *k, enum territory_column column, size_t *n)
{
    const char *text = cell(k, column);
    *n = 0;
    if (text == NULL)
        return NULL;
    char **all = ARENA_ARRAY(k->arena, char *, VALUES_MAX);
    char *rest = arena_strdup(k->arena, text);
    for (char *part; (part = strsep(&rest, ";|")) != NULL;) {
        char *value = text_trim(k->arena, part);
        if (value != NULL && *n == VALUES_MAX)
            k->reason = "more than 2000 values stand in one cell";
        else if (value != NULL)
            all[(*n)++] = value;
    }
    return all;
}

static void number(struct taking *k, enum territory_column column, bool *has, int64_t *out)
{
    const char *text = cell(k, column);
    double value;
    *has = text != NULL;
    if (text == NULL)
        return;
    if (lead_number(text, &value) && value > -1e15 && value < 1e15)
        *out = (int64_t)value;
    else
        k->reason = arena_printf(k->arena, "\"%s\" in column \"%s\" is no number", text,
                                 k->rows->file->columns[k->rows->columns[column]]);
}

static void add_range(struct taking *k, Baton__TerritoryRule *r, char *country, char *from, char *to)
{
    Baton__PostalRange *p = ARENA_NEW(k->arena, Baton__PostalRange);
    baton__postal_range__init(p);
    p->country = country;
    p->from = from;
    p->to = to;
    r->postal_codes[r->n_postal_codes++] = p;
}

/* "100-116" is a range where there is as much before the dash as behind it; "12345-6789" is one code. */
static void add_code(struct taking *k, Baton__TerritoryRule *r, char *country, char *text)
{
    char *dash = strchr(text, '-');
    const char *from =
        dash != NULL ? text_trim(k->arena, arena_strndup(k->arena, text, (size_t)(dash - text))) : NULL;
    const char *to = dash != NULL ? text_trim(k->arena, dash + 1) : NULL;
    if (from != NULL && to != NULL && strlen(from) == strlen(to))
        add_range(k, r, country, (char *)from, (char *)to);
    else
        add_range(k, r, country, text, NULL);
}

/* With postal codes the country goes with each of them. */
static void take_codes(struct taking *k, Baton__TerritoryRule *r)
{
    size_t n;
    char **codes = values(k, TERRITORY_POSTCODE, &n);
    char *from = (char *)cell(k, TERRITORY_POSTCODE_FROM), *to = (char *)cell(k, TERRITORY_POSTCODE_TO);
    if (n == 0 && from == NULL && to == NULL)
        return;
    if (r->n_countries != 1)
        k->reason = "postal codes need one country in the same row";
    if (from == NULL && to != NULL)
        k->reason = "the range of postal codes has no beginning";
    if (k->reason != NULL)
        return;
    r->postal_codes = ARENA_ARRAY(k->arena, Baton__PostalRange *, n + 1);
    for (size_t i = 0; i < n; i++)
        add_code(k, r, r->countries[0], codes[i]);
    if (from != NULL)
        add_range(k, r, r->countries[0], from, to);
    r->n_countries = 0;
}

static bool says_nothing(const Baton__TerritoryRule *r)
{
    return !r->n_countries && !r->n_states && !r->n_postal_codes && !r->n_industries && !r->n_companies &&
           !r->has_employees_at_least && !r->has_employees_at_most && !r->has_revenue_at_least &&
           !r->has_revenue_at_most;
}

/* NULL: the row has no rule. */
static Baton__TerritoryRule *take_rule(struct taking *k)
{
    Baton__TerritoryRule *r = ARENA_NEW(k->arena, Baton__TerritoryRule);
    baton__territory_rule__init(r);
    r->countries = values(k, TERRITORY_COUNTRY, &r->n_countries);
    r->states = values(k, TERRITORY_STATE, &r->n_states);
    r->industries = values(k, TERRITORY_INDUSTRY, &r->n_industries);
    r->companies = values(k, TERRITORY_COMPANY, &r->n_companies);
    take_codes(k, r);
    bool has[4];
    number(k, TERRITORY_EMPLOYEES_LEAST, &has[0], &r->employees_at_least);
    number(k, TERRITORY_EMPLOYEES_MOST, &has[1], &r->employees_at_most);
    number(k, TERRITORY_REVENUE_LEAST, &has[2], &r->revenue_at_least);
    number(k, TERRITORY_REVENUE_MOST, &has[3], &r->revenue_at_most);
    r->has_employees_at_least = has[0];
    r->has_employees_at_most = has[1];
    r->has_revenue_at_least = has[2];
    r->has_revenue_at_most = has[3];
    return says_nothing(r) ? NULL : r;
}

static void add_rule(struct territory_node *n, Baton__TerritoryRule *r, struct arena *a)
{
    Baton__TerritoryRule **all = ARENA_ARRAY(a, Baton__TerritoryRule *, n->wanted.n_rules + 1);
    for (size_t i = 0; i < n->wanted.n_rules; i++)
        all[i] = n->wanted.rules[i];
    all[n->wanted.n_rules++] = r;
    n->wanted.rules = all;
}

static Baton__TerritoryKind kind_of(struct taking *k)
{
    const char *text = cell(k, TERRITORY_KIND);
    if (text == NULL)
        return k->rows->kind;
    Baton__TerritoryKind kind = territory_kind_named(text);
    if (!kind)
        k->reason = arena_printf(
            k->arena, "\"%s\" is no kind; kinds are department, region, geography, industry", text);
    return kind;
}

struct territory_node *territory_rows_take(const struct territory_rows *rows, struct territory_tree *tree,
                                           const struct csv_row *row, const char **reason)
{
    struct taking k = {.rows = rows, .row = row, .arena = tree->arena, .reason = row->problem};
    bool has_priority = false;
    int64_t priority = 0;
    const char *name = row->problem == NULL ? cell(&k, TERRITORY_NAME) : NULL;
    if (k.reason == NULL && name == NULL)
        k.reason = "it names no territory";
    Baton__TerritoryRule *rule = k.reason == NULL ? take_rule(&k) : NULL;
    Baton__TerritoryKind kind = k.reason == NULL ? kind_of(&k) : rows->kind;
    if (k.reason == NULL)
        number(&k, TERRITORY_PRIORITY, &has_priority, &priority);
    if (k.reason == NULL && (priority < 0 || priority > UINT32_MAX))
        k.reason = "its priority is below zero or beyond all bounds";
    *reason = k.reason;
    if (k.reason != NULL)
        return NULL;
    struct territory_node *n = territory_tree_node(tree, name, kind, cell(&k, TERRITORY_ABOVE));
    if (rule != NULL)
        add_rule(n, rule, tree->arena);
    if (has_priority) {
        n->wanted.has_priority = true;
        n->wanted.priority = (uint32_t)priority;
    }
    if (cell(&k, TERRITORY_ZONE) != NULL)
        n->wanted.time_zone = (char *)cell(&k, TERRITORY_ZONE);
    return n;
}
