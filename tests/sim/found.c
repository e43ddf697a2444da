/* What is found by what is typed is what the rows say: the index of a service that has lived through all of
   it answers as one made of its rows now; and an account is found by the values of the fields that are
   searched, once all have been looked at since that became so. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "contacts/rows.h"
#include "documents/rows.h"
#include "leads/rows.h"
#include "service/internal.h"
#include "sim/sim.h"

enum { SCRATCH = 16 << 20, ROWS_ASKED = 40, HITS = 1000 };

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct search_hit *)a)->id, ((const struct search_hit *)b)->id, IDENT_SIZE);
}

static size_t found(struct search *x, const char *typed, struct search_hit hits[HITS])
{
    bool cut;
    const struct search_query q = {.text = typed, .order = SEARCH_NEWEST, .most = HITS};
    size_t n = search_find(x, &q, hits, &cut);
    qsort(hits, n, sizeof *hits, by_id);
    return n;
}

static void same(struct ledger *l, struct search *is, struct search *made, const char *typed)
{
    static struct search_hit a[HITS], b[HITS];
    size_t n = found(is, typed, a), m = found(made, typed, b);
    bool all = n == m;
    for (size_t i = 0; all && i < n; i++)
        all = memcmp(a[i].id, b[i].id, IDENT_SIZE) == 0 && a[i].created_us == b[i].created_us;
    if (!all)
        sim_wrong(l->process->sim, "found: \"%s\" finds %zu in %s, its rows say %zu", typed, n,
                  l->process->def->name, m);
}

/* Fields are many, values few: all that was ever filled in is typed, of fields that are searched or not. */
static void values_are_found(struct ledger *l, const struct finder *is, struct finder *made,
                             const Baton__Account *row, struct arena *a)
{
    static struct search_hit hits[HITS];
    for (size_t i = 0; i < row->n_custom; i++) {
        const Baton__CustomValue *v = row->custom[i];
        same(l, is->index, made->index, v->text);
        bool is_searched = false, is_found = false;
        struct table_scan scan;
        const Baton__CustomField *d;
        if (!table_scan_open(&scan, l->made, CONTACTS_CUSTOM_FIELD, NULL, NULL, NULL, false))
            continue;
        while ((d = table_scan_next(&scan, a)))
            is_searched |=
                strcmp(d->record_type, "account") == 0 && strcmp(d->name, v->name) == 0 && d->searchable;
        table_scan_close(&scan);
        const size_t n = is_searched && !row->merged_into_id ? found(is->index, v->text, hits) : 0;
        for (size_t k = 0; k < n; k++) {
            char id[IDENT_TEXT_SIZE];
            ident_format(id, hits[k].id);
            is_found |= strcmp(id, row->id) == 0;
        }
        if (is_searched && !row->merged_into_id && n < HITS && !is_found)
            sim_wrong(l->process->sim, "found: account %s is not found by its %s, \"%s\"", row->id, v->name,
                      v->text);
    }
}

/* Which fields are searched has changed, and some records are still found as before. */
static bool is_on_its_way(struct ledger *l, const struct finder *f, struct arena *a)
{
    if (l->process->number != CONTACTS)
        return false;
    const bool is_account = f->def->table == CONTACTS_ACCOUNT;
    const struct key key =
        key_of(contacts_found_types[is_account ? CONTACTS_FOUND_ACCOUNT : CONTACTS_FOUND_CONTACT]);
    const Baton__SearchedFields *row = table_get(l->made, CONTACTS_SEARCHED, &key, a);
    return row && row->due_us;
}

/* As the rows say, not as the service does. */
static void searched_load(struct ledger *l, struct finder *made, struct arena *a)
{
    struct table_scan scan;
    const Baton__CustomField *d;
    char *names[CUSTOM_FIELDS_MAX];
    size_t n = 0;
    if (l->process->number != CONTACTS || made->def->table != CONTACTS_ACCOUNT ||
        !table_scan_open(&scan, l->made, CONTACTS_CUSTOM_FIELD, NULL, NULL, NULL, false))
        return;
    while (n < CUSTOM_FIELDS_MAX && (d = table_scan_next(&scan, a)))
        if (d->searchable && strcmp(d->record_type, "account") == 0)
            names[n++] = d->name;
    table_scan_close(&scan);
    finder_custom(made, names, n);
}

static void rows_are_found(struct ledger *l, const struct finder *is)
{
    struct finder made;
    struct table_scan scan;
    struct arena *a = arena_new(SCRATCH);
    const ProtobufCMessage *row;
    struct load load = {.txn = l->made, .arena = a};
    if (is_on_its_way(l, is, a)) {
        arena_free(a);
        return;
    }
    finder_init(&made, is->def);
    searched_load(l, &made, a);
    finder_load(&made, &load);
    if (search_count(is->index) != search_count(made.index))
        sim_wrong(l->process->sim, "found: %zu records of %s can be found in %s, there are %zu",
                  search_count(is->index), table_name(l->shadow, is->def->table), l->process->def->name,
                  search_count(made.index));
    bool opened = table_scan_open(&scan, l->made, is->def->table, NULL, NULL, NULL, true);
    for (unsigned i = 0; opened && i < ROWS_ASKED && (row = table_scan_next(&scan, a)); i++) {
        if (row->descriptor == &baton__account__descriptor)
            values_are_found(l, is, &made, (const Baton__Account *)row, a);
        for (const char *const *name = is->def->names; *name; name++)
            if (schema_get_text(row, *name))
                same(l, is->index, made.index, schema_get_text(row, *name));
    }
    if (opened)
        table_scan_close(&scan);
    finder_release(&made);
    arena_free(a);
}

void found_look(struct ledger *l)
{
    struct sim *sim = l->process->sim;
    if (!l->process->service ||
        (l->process->number != CONTACTS && l->process->number != LEADS && l->process->number != DOCUMENTS))
        return;
    void *state = l->process->service->state;
    const bool was_looking = sim->looking;
    sim->looking = true;
    for (size_t i = 0; l->process->number == CONTACTS && i < CONTACTS_FOUND; i++)
        rows_are_found(l, &((struct contacts_state *)state)->finders[i]);
    if (l->process->number == LEADS)
        rows_are_found(l, leads_state_finder(state));
    if (l->process->number == DOCUMENTS)
        rows_are_found(l, documents_finder(state));
    sim->looking = was_looking;
}
