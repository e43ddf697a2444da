/* Other records that a catalogue's rows name: by code, key or name. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tool/catalogue.h"
#include "tool/records.h"

enum { NAMES_MAX = 3 };

/* By which fields each is known, the surest first. "@" in front: what stands before the @ of it. */
static const struct other_row {
    const char *type, *what;
    const char *fields[NAMES_MAX];
} others[OTHERS] = {
    [OTHER_PRODUCT] = {"product", "product", {"code", "external_id", "name"}},
    [OTHER_BOOK] = {"price_book", "price book", {"code"}},
    [OTHER_ACCOUNT] = {"account", "account", {"external_id", "name"}},
    [OTHER_USER] = {"user", "user", {"email", "name", "@email"}},
    [OTHER_TEAM] = {"team", "team", {"name"}},
    [OTHER_TERRITORY] = {"territory", "territory", {"name"}},
};

struct called {
    const char *name;
    size_t rank; /* by which of the fields */
    ProtobufCMessage *record;
};

struct others {
    struct record_list list; /* by id */
    struct called *called;   /* by name, and of equal ones by rank */
    size_t n;
    bool loaded;
};
struct catalogue_names {
    struct others of[OTHERS];
};

static int compare(const void *a, const void *b)
{
    const struct called *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

static const char *name_of(const ProtobufCMessage *record, const char *field, struct arena *a)
{
    const char *text = schema_get_text(record, *field == '@' ? field + 1 : field);
    if (text != NULL && *field == '@')
        text = arena_strndup(a, text, strcspn(text, "@"));
    return text_fold(a, text);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(schema_get_text(*(ProtobufCMessage *const *)a, "id"),
                  schema_get_text(*(ProtobufCMessage *const *)b, "id"));
}

static void sort_names(struct others *o, enum catalogue_other other, struct arena *a)
{
    o->called = ARENA_ARRAY(a, struct called, NAMES_MAX * o->list.n + 1);
    o->n = 0;
    for (size_t i = 0; i < o->list.n; i++)
        for (size_t k = 0; k < NAMES_MAX && others[other].fields[k] != NULL; k++) {
            const char *name = name_of(o->list.rows[i], others[other].fields[k], a);
            if (name != NULL)
                o->called[o->n++] = (struct called){name, k, o->list.rows[i]};
        }
    qsort(o->called, o->n, sizeof *o->called, compare);
    if (o->list.n > 0)
        qsort(o->list.rows, o->list.n, sizeof *o->list.rows, by_id);
}

struct catalogue_names *catalogue_names_load(struct session *s, const struct catalogue_kind *kind,
                                             const struct catalogue_map *m)
{
    struct catalogue_names *n = ARENA_NEW(s->arena, struct catalogue_names);
    for (size_t i = 0; i < kind->n_fields; i++) {
        enum catalogue_other other = kind->fields[i].other;
        struct others *o = &n->of[other];
        bool is_used = m == NULL || m->targets[i].column >= 0 || m->targets[i].fixed != NULL;
        if (other == OTHER_NONE || o->loaded || !is_used)
            continue;
        if (!records_load(s->api, others[other].type, s->arena, &o->list, &s->no))
            return NULL;
        o->loaded = true;
        sort_names(o, other, s->arena);
    }
    return n;
}

void catalogue_names_add(struct catalogue_names *n, enum catalogue_other other, ProtobufCMessage *record,
                         struct arena *a)
{
    records_add(&n->of[other].list, record, a);
    sort_names(&n->of[other], other, a);
}

/* The first with this name; o->n where there is none. */
static size_t first_called(const struct others *o, const char *name)
{
    size_t low = 0, high = o->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(o->called[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < o->n && strcmp(o->called[low].name, name) == 0 ? low : o->n;
}

ProtobufCMessage *catalogue_names_find(struct catalogue_names *n, enum catalogue_other other,
                                       const char *name, struct arena *a, struct refusal *no)
{
    const struct others *o = &n->of[other];
    const char *folded = text_fold(a, name);
    size_t at = folded != NULL ? first_called(o, folded) : o->n;
    if (at == o->n) {
        (void)refuse(no, REFUSAL_NOT_FOUND, NULL, "there is no %s \"%.100s\"", others[other].what, name);
        return NULL;
    }
    const struct called *c = &o->called[at];
    if (at + 1 < o->n && c[1].rank == c[0].rank && strcmp(c[1].name, c[0].name) == 0) {
        (void)refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "there are several called \"%.100s\"", name);
        return NULL;
    }
    return c->record;
}

ProtobufCMessage *catalogue_names_by_id(const struct catalogue_names *n, enum catalogue_other other,
                                        const char *id)
{
    const struct others *o = &n->of[other];
    size_t low = 0, high = o->list.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(schema_get_text(o->list.rows[middle], "id"), id);
        if (order == 0)
            return o->list.rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *catalogue_names_of(const struct catalogue_names *n, enum catalogue_other other, const char *id)
{
    const ProtobufCMessage *record = catalogue_names_by_id(n, other, id);
    for (size_t k = 0; record != NULL && k < NAMES_MAX && others[other].fields[k] != NULL; k++) {
        const char *name = schema_get_text(record, others[other].fields[k]);
        if (name != NULL && *name != '\0')
            return name;
    }
    return id;
}
