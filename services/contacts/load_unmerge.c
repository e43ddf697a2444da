/* Facts for taking apart what was merged. */
#include <string.h>

#include "services/contacts/rows.h"

static void later_load(struct load *l, struct contacts_unmerge_facts *f)
{
    struct table_scan scan;
    const Baton__RecordMerge *m;
    f->later = ARENA_ARRAY(l->arena, const Baton__RecordMerge *, CONTACTS_MERGED_MAX);
    if (!table_scan_open(&scan, l->txn, CONTACTS_MERGE, "keep_id", f->merge->keep_id, NULL, false))
        return;
    while (f->n_later < CONTACTS_MERGED_MAX && (m = table_scan_next(&scan, l->arena)))
        if (m->seq > f->merge->seq)
            f->later[f->n_later++] = m;
    table_scan_close(&scan);
}

/* The mergings of what this value names, one behind the other; the one that is taken apart is none of them.
 */
static size_t chain(struct load *l, const struct contacts_unmerge_facts *f, const char *id, const char *field,
                    uint32_t place, struct contacts_join *out)
{
    const Baton__RecordMerge *m;
    size_t n = 0;
    for (int i = 0;
         id && i < CONTACTS_MERGE_HEIGHT_MAX && (m = table_get_id(l->txn, CONTACTS_MERGE, id, l->arena));
         i++, id = m->keep_id)
        if (strcmp(m->id, f->merge->id) != 0)
            out[n++] = (struct contacts_join){m, field, place};
    return n;
}

/* Mergings of what stands in this field: before, it stops at what is one of its own again. */
static size_t chains(struct load *l, const struct contacts_unmerge_facts *f, ProtobufCMessage *row,
                     const char *field, bool is_before, struct contacts_join **out)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t n = contacts_values(row, field, values), count = 0, most = n * CONTACTS_MERGE_HEIGHT_MAX;
    *out = ARENA_ARRAY(l->arena, struct contacts_join, most);
    for (size_t i = 0; i < n; i++)
        if (*values[i] && !(is_before && strcmp(*values[i], f->merge->id) == 0))
            count += chain(l, f, *values[i], field, (uint32_t)i, *out + count);
    return count;
}

static void join(struct load *l, const struct contacts_join *more, size_t n, const struct contacts_join **all,
                 size_t *n_all)
{
    struct contacts_join *joined = ARENA_ARRAY(l->arena, struct contacts_join, *n_all + n);
    if (*n_all)
        memcpy(joined, *all, *n_all * sizeof *joined);
    if (n)
        memcpy(joined + *n_all, more, n * sizeof *joined);
    *all = joined;
    *n_all += n;
}

/* Every value as what it has become. */
static void bring_up_to_date(struct load *l, ProtobufCMessage *row, const char *field)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t n = contacts_values(row, field, values);
    for (size_t i = 0; i < n; i++)
        if (*values[i])
            *values[i] = arena_strdup(l->arena, contacts_now(l, *values[i]));
}

static bool takes(const Baton__RecordMerge *m, const char *field)
{
    for (size_t i = 0; i < m->n_fields; i++)
        if (contacts_is_of(field, m->fields[i]))
            return true;
    return false;
}

static void taken_load(struct load *l, unsigned table, struct contacts_unmerge_facts *f)
{
    const struct schema_field *member;
    ProtobufCMessage *taken = schema_oneof(&f->merge->taken->base, &member);
    ProtobufCMessage *before = schema_oneof(&f->merge->before->base, &member);
    for (size_t i = 0; i < contacts_naming_n; i++) {
        const struct contacts_naming *n = &contacts_naming[i];
        struct contacts_join *more;
        if (n->table != table || !takes(f->merge, n->field))
            continue;
        size_t count = chains(l, f, taken, n->field, false, &more);
        join(l, more, count, &f->drops, &f->n_drops);
        count = chains(l, f, before, n->field, true, &more);
        join(l, more, count, &f->joins, &f->n_joins);
        bring_up_to_date(l, taken, n->field);
    }
    f->taken = taken;
}

/* The first merging into the record, after this one, by which it has the field from another; NULL: none. */
static const Baton__RecordMerge *under(struct load *l, const Baton__RecordMerge *merge, const char *id,
                                       const char *field)
{
    struct table_scan scan;
    const Baton__RecordMerge *m, *first = NULL;
    if (!table_scan_open(&scan, l->txn, CONTACTS_MERGE, "keep_id", id, NULL, false))
        return NULL;
    while ((m = table_scan_next(&scan, l->arena)))
        if (m->seq > merge->seq && takes(m, field) && (!first || m->seq < first->seq))
            first = m;
    table_scan_close(&scan);
    return first;
}

/* Those of the values that were moved and still name what the one kept has become. */
static void places_load(struct load *l, const struct contacts_unmerge_facts *f,
                        const Baton__MovedReference *m, ProtobufCMessage *row, struct contacts_named *n)
{
    static uint32_t only[] = {0}; /* of a field that is no list */
    char **values[CONTACTS_VALUES_MAX];
    size_t count = contacts_values(row, m->field_name, values);
    bool is_inside = contacts_is_inside(m->field_name);
    const uint32_t *places = is_inside ? m->places : only;
    size_t n_places = is_inside ? m->n_places : 1;
    n->places = ARENA_ARRAY(l->arena, uint32_t, n_places);
    for (size_t i = 0; i < n_places; i++) {
        const char *now = places[i] < count ? contacts_now(l, *values[places[i]]) : NULL;
        if (now && strcmp(now, f->keep_now_id) == 0)
            n->places[n->n_places++] = places[i];
    }
}

static void named_load(struct load *l, struct contacts_unmerge_facts *f)
{
    const struct schema_field *member;
    f->named = ARENA_ARRAY(l->arena, struct contacts_named, f->merge->n_moved);
    for (size_t i = 0; i < f->merge->n_moved; i++) {
        const Baton__MovedReference *m = f->merge->moved[i];
        struct contacts_named *n = &f->named[i];
        int of = table_number(txn_store(l->txn), m->type);
        n->is = (struct contacts_reference){contacts_row_of(l, (unsigned)of, m->id, NULL), m->type,
                                            m->field_name};
        if (!n->is.at.row)
            continue;
        n->under = under(l, f->merge, m->id, m->field_name);
        places_load(l, f, m, n->under ? schema_oneof(&n->under->before->base, &member) : n->is.at.row, n);
    }
}

/* --- what is above what, once all is moved back --- */

static bool is_moved_back(const struct contacts_unmerge_facts *f, const char *id, const char *field)
{
    for (size_t i = 0; i < f->merge->n_moved; i++)
        if (f->named[i].n_places && !f->named[i].under && strcmp(f->named[i].is.field, field) == 0 &&
            strcmp(f->merge->moved[i]->id, id) == 0)
            return true;
    return false;
}

/* By its own word, `field`. `keep`: the one kept as it will be. */
static const char *above_then(struct load *l, const struct contacts_unmerge_facts *f,
                              const ProtobufCMessage *keep, const char *id, const char *field)
{
    if (strcmp(id, f->merge->keep_id) == 0) {
        const char *above = schema_get_text(keep, field);
        return above && strcmp(above, f->merge->id) != 0 ? contacts_now(l, above) : above;
    }
    if (is_moved_back(f, id, field))
        return f->merge->id;
    const ProtobufCMessage *row = table_get_id(l->txn, (unsigned)contacts_type_table(f->type), id, l->arena);
    return row ? schema_get_text(row, field) : NULL;
}

static size_t accounts_above(struct load *l, const struct contacts_unmerge_facts *f,
                             const ProtobufCMessage *keep, const char *id,
                             const char *above[CONTACTS_DEPTH_MAX + 1])
{
    size_t n = 0;
    while (n <= CONTACTS_DEPTH_MAX && (id = above_then(l, f, keep, id, "parent_id")))
        above[n++] = id;
    return n;
}

/* Whom relationships put above this contact. What has been moved to the one kept is with what that has
 * become. */
static void related_above(struct load *l, const struct contacts_unmerge_facts *f, const char *id,
                          struct contacts_chain *c)
{
    bool is_lose = strcmp(id, f->merge->id) == 0;
    struct table_scan scan;
    const Baton__Relationship *r;
    if (!table_scan_open(&scan, l->txn, CONTACTS_RELATIONSHIP, "from_contact_id",
                         is_lose ? f->keep_now_id : id, NULL, false))
        return;
    while ((r = table_scan_next(&scan, l->arena)))
        if (r->kind == BATON__RELATIONSHIP_KIND__RELATIONSHIP_KIND_REPORTS_TO &&
            is_moved_back(f, r->id, "from_contact_id") == is_lose)
            contacts_chain_add(c, is_moved_back(f, r->id, "to_contact_id") ? f->merge->id : r->to_contact_id);
    table_scan_close(&scan);
}

static void contacts_above(struct load *l, const struct contacts_unmerge_facts *f,
                           const ProtobufCMessage *keep, struct contacts_chain *c)
{
    for (size_t i = 0; i < c->n; i++) {
        contacts_chain_add(c, above_then(l, f, keep, c->ids[i], "reports_to_id"));
        related_above(l, f, c->ids[i], c);
    }
}

static bool has(const char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

/* What it names of itself it names again: that is no merging of it. */
static void keep_own(struct contacts_redirects *now, const char *id)
{
    size_t n = 0;
    for (size_t i = 0; i < now->n; i++)
        if (strcmp(now->of[i].from, id) != 0)
            now->of[n++] = now->of[i];
    now->n = n;
}

static void account_load(struct load *l, const Baton__Account *keep, struct contacts_unmerge_facts *f)
{
    const char *above[CONTACTS_DEPTH_MAX + 1];
    struct contacts_account_facts *extra = contacts_account_facts(l, keep, NULL);
    const Baton__AccountPlan *plan =
        table_find(l->txn, CONTACTS_PLAN, "account_id", f->merge->keep_id, l->arena);
    f->is_circle = has(above, accounts_above(l, f, &keep->base, f->merge->id, above), f->merge->id);
    if (extra->n_above) /* it is there */
        extra->n_above = accounts_above(l, f, &keep->base, keep->id, extra->above);
    extra->has_plan = plan && !is_moved_back(f, plan->id, "account_id");
    keep_own(&extra->now, f->merge->id);
    f->extra = extra;
}

static void contact_load(struct load *l, const Baton__Contact *keep, struct contacts_unmerge_facts *f)
{
    struct contacts_contact_facts *extra = contacts_contact_facts(l, keep, NULL);
    struct contacts_chain *above = ARENA_NEW(l->arena, struct contacts_chain);
    contacts_chain_add(above, above_then(l, f, &keep->base, f->merge->id, "reports_to_id"));
    related_above(l, f, f->merge->id, above);
    contacts_above(l, f, &keep->base, above);
    f->is_circle = has(above->ids, above->n, f->merge->id);
    if (extra->above.n) {
        extra->above = (struct contacts_chain){.n = 0};
        contacts_chain_add(&extra->above, above_then(l, f, &keep->base, keep->id, "reports_to_id"));
        contacts_above(l, f, &keep->base, &extra->above);
    }
    keep_own(&extra->now, f->merge->id);
    f->extra = extra;
}

static struct contacts_unmerge_facts *unmerge_facts(struct load *l, const char *type, const char *id,
                                                    const Baton__Actor *actor)
{
    unsigned table = (unsigned)contacts_type_table(type);
    struct contacts_unmerge_facts *f = ARENA_NEW(l->arena, struct contacts_unmerge_facts);
    f->type = type;
    f->check = contacts_rules_of(type);
    f->lose = contacts_row_of(l, table, id, actor);
    f->merge = f->lose.row ? table_get_id(l->txn, CONTACTS_MERGE, id, l->arena) : NULL;
    if (!f->merge)
        return f;
    f->keep = contacts_row_of(l, table, f->merge->keep_id, actor);
    f->keep_now_id = contacts_now(l, f->merge->keep_id);
    if (!f->keep.row)
        return f;
    f->next = table_get_id(l->txn, CONTACTS_MERGE, f->merge->keep_id, l->arena);
    ProtobufCMessage *keep = contacts_given_back(f->keep.row, f->merge, l->arena);
    taken_load(l, table, f);
    later_load(l, f);
    named_load(l, f);
    if (table == CONTACTS_ACCOUNT)
        account_load(l, (const Baton__Account *)keep, f);
    else
        contact_load(l, (const Baton__Contact *)keep, f);
    return f;
}

void *contacts_load_unmerge_contacts(struct load *l, const struct command *c)
{
    return unmerge_facts(l, "contact", ((const Baton__UnmergeContactsRequest *)c->request)->id, c->actor);
}

void *contacts_load_unmerge_accounts(struct load *l, const struct command *c)
{
    return unmerge_facts(l, "account", ((const Baton__UnmergeAccountsRequest *)c->request)->id, c->actor);
}
