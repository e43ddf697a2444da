/* Facts for merging two records. */
#include <string.h>

#include "services/contacts/rows.h"

struct contacts_row contacts_row_of(struct load *l, unsigned table, const char *id, const Baton__Actor *actor)
{
    struct key key = key_of(id);
    ProtobufCMessage *row = table_get(l->txn, table, &key, l->arena);
    return (struct contacts_row){row, table_seq(l->txn, table, &key),
                                 actor && row ? records_reach(l, table, row, actor) : RECORD_HIDDEN};
}

/* --- what names the one merged --- */

/* One more than may be moved says that it cannot be. */
static bool is_full(const struct contacts_merge_facts *f)
{
    return f->n_references > CONTACTS_MOVED_MAX || f->reference_bytes > CONTACTS_MOVED_BYTES_MAX;
}

static void add(struct load *l, const struct contacts_naming *n, ProtobufCMessage *row,
                struct contacts_merge_facts *f)
{
    struct key key = key_of(schema_get_text(row, "id"));
    f->references[f->n_references++] =
        (struct contacts_reference){{row, table_seq(l->txn, n->table, &key), RECORD_HIDDEN},
                                    table_name(txn_store(l->txn), n->table),
                                    n->field};
    f->reference_bytes += protobuf_c_message_get_packed_size(row);
}

static void collect(struct load *l, const struct contacts_naming *n, const char *id,
                    struct contacts_merge_facts *f)
{
    struct table_scan scan;
    ProtobufCMessage *row;
    if (!table_scan_open(&scan, l->txn, n->table, n->field, id, NULL, false))
        return;
    while (!is_full(f) && (row = table_scan_next(&scan, l->arena)))
        add(l, n, row, f);
    table_scan_close(&scan);
}

static bool names(ProtobufCMessage *row, const char *field, const char *id)
{
    char **values[CONTACTS_VALUES_MAX];
    size_t n = contacts_values(row, field, values);
    for (size_t i = 0; i < n; i++)
        if (*values[i] && strcmp(*values[i], id) == 0)
            return true;
    return false;
}

/* What the one merged says of itself it goes on saying. */
static void collect_inside(struct load *l, const char *id, struct contacts_merge_facts *f)
{
    struct table_scan scan;
    const Baton__NamedInside *in;
    struct key under = key_of(id);
    if (!table_scan_under(&scan, l->txn, CONTACTS_NAMED_INSIDE, &under, NULL, NULL, false))
        return;
    while (!is_full(f) && (in = table_scan_next(&scan, l->arena))) {
        unsigned table = (unsigned)table_number(txn_store(l->txn), in->type);
        ProtobufCMessage *row =
            strcmp(in->record_id, id) ? table_get_id(l->txn, table, in->record_id, l->arena) : NULL;
        for (size_t i = 0; row && !is_full(f) && i < contacts_naming_n; i++)
            if (contacts_naming[i].table == table && contacts_is_inside(contacts_naming[i].field) &&
                names(row, contacts_naming[i].field, id))
                add(l, &contacts_naming[i], row, f);
    }
    table_scan_close(&scan);
}

static void references_load(struct load *l, const char *id, struct contacts_merge_facts *f)
{
    f->references = ARENA_ARRAY(l->arena, struct contacts_reference, CONTACTS_MOVED_MAX + 1);
    for (size_t i = 0; i < contacts_naming_n; i++) {
        const struct contacts_naming *n = &contacts_naming[i];
        if (n->type && strcmp(n->type, f->type) == 0 && !contacts_is_inside(n->field))
            collect(l, n, id, f);
    }
    collect_inside(l, id, f);
}

/* --- what stands against it --- */

/* How many were merged into it, and how many mergings lie one upon the other there. */
static size_t merged(struct load *l, const char *id, uint32_t *height)
{
    struct table_scan scan;
    const Baton__RecordMerge *m;
    size_t n = 0;
    *height = 0;
    if (!table_scan_open(&scan, l->txn, CONTACTS_MERGE, "keep_id", id, NULL, false))
        return 0;
    for (; (m = table_scan_next(&scan, l->arena)); n++)
        *height = m->height > *height ? m->height : *height;
    table_scan_close(&scan);
    return n;
}

bool contacts_has_merged(struct load *l, const char *id)
{
    uint32_t height;
    return merged(l, id, &height) > 0;
}

static bool is_account_below(struct load *l, const ProtobufCMessage *row, const char *id)
{
    const Baton__Account *account = (const Baton__Account *)row;
    for (int i = 0; account && account->parent_id && i <= CONTACTS_DEPTH_MAX; i++) {
        if (strcmp(account->parent_id, id) == 0)
            return true;
        account = table_get_id(l->txn, CONTACTS_ACCOUNT, account->parent_id, l->arena);
    }
    return false;
}

static bool has(const struct contacts_chain *c, const char *id)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->ids[i], id) == 0)
            return true;
    return c->is_cut; /* who knows */
}

/* By its own word the one merged may be below the other: that word does not count any more. */
static void below_load(struct load *l, const char *keep_id, const char *lose_id,
                       struct contacts_merge_facts *f)
{
    if (f->keep.row->descriptor == &baton__account__descriptor) {
        f->keep_is_below = is_account_below(l, f->keep.row, lose_id);
        return;
    }
    struct contacts_chain *keep = ARENA_NEW(l->arena, struct contacts_chain),
                          *lose = ARENA_NEW(l->arena, struct contacts_chain);
    contacts_chain_load(l, keep_id, keep);
    contacts_related_above_load(l, lose_id, lose);
    f->keep_is_below = strcmp(keep_id, lose_id) != 0 && has(keep, lose_id);
    f->lose_is_below = has(lose, keep_id);
}

static size_t rows_with(struct load *l, unsigned table, const char *field, const char *value)
{
    struct table_scan scan;
    size_t n = 0;
    if (!table_scan_open(&scan, l->txn, table, field, value, NULL, false))
        return 0;
    while (table_scan_next(&scan, l->arena))
        n++;
    table_scan_close(&scan);
    return n;
}

/* Leads, opportunities and letters in its timeline; one more than may be is enough. */
static size_t records_noted(struct load *l, const char *id)
{
    enum { SCRATCH = 1 << 20 };
    const struct key prefix = key_of(id);
    struct table_scan scan;
    const Baton__TimelineEntry *e;
    size_t n = 0;
    if (!table_scan_under(&scan, l->txn, CONTACTS_TIMELINE, &prefix, NULL, NULL, false))
        return 0;
    struct arena *scratch = arena_new(SCRATCH);
    for (; n <= CONTACTS_MOVED_MAX && (e = table_scan_next(&scan, scratch)); arena_reset(scratch))
        n += e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LEAD ||
             e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_OPPORTUNITY ||
             e->kind == BATON__TIMELINE_KIND__TIMELINE_KIND_LETTER;
    table_scan_close(&scan);
    arena_free(scratch);
    return n;
}

/* Of both, each channel and purpose once. */
static size_t words_in_force(struct load *l, const char *keep_id, const char *lose_id)
{
    const char *const ids[] = {keep_id, lose_id};
    size_t n = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct key under = key_of(ids[i]);
        struct table_scan scan;
        const Baton__ConsentInForce *row;
        if (!table_scan_under(&scan, l->txn, CONTACTS_CONSENT_IN_FORCE, &under, NULL, NULL, false))
            continue;
        while ((row = table_scan_next(&scan, l->arena))) {
            struct key other = key_of(keep_id);
            key_u64(&other, (uint64_t)row->channel);
            key_text(&other, row->purpose_key);
            n += i == 0 || !table_seq(l->txn, CONTACTS_CONSENT_IN_FORCE, &other);
        }
        table_scan_close(&scan);
    }
    return n;
}

record_check_fn *contacts_rules_of(const char *type)
{
    return strcmp(type, "contact") == 0 ? contacts_rules_contact : contacts_rules_account;
}

/* Its rules are told of all that names it then. */
static const void *extra_of(struct load *l, const ProtobufCMessage *after, bool gets_plan)
{
    if (after->descriptor == &baton__contact__descriptor)
        return contacts_contact_facts(l, (const Baton__Contact *)after, NULL);
    struct contacts_account_facts *f = contacts_account_facts(l, (const Baton__Account *)after, NULL);
    f->has_plan |= gets_plan;
    return f;
}

static bool has_plan(struct load *l, const char *account_id)
{
    return table_find(l->txn, CONTACTS_PLAN, "account_id", account_id, l->arena) != NULL;
}

static struct contacts_merge_facts *merge_facts(struct load *l, const char *type, const char *keep_id,
                                                const char *lose_id, char **take, size_t n_take,
                                                const Baton__Actor *actor)
{
    unsigned table = (unsigned)contacts_type_table(type);
    struct contacts_merge_facts *f = ARENA_NEW(l->arena, struct contacts_merge_facts);
    struct refusal no;
    ProtobufCMessage *after;
    f->type = type;
    f->check = contacts_rules_of(type);
    f->keep = contacts_row_of(l, table, keep_id, actor);
    f->lose = contacts_row_of(l, table, lose_id, actor);
    if (!f->keep.row || !f->lose.row)
        return f;
    below_load(l, keep_id, lose_id, f);
    f->keep_has_plan = has_plan(l, keep_id);
    f->n_from = rows_with(l, CONTACTS_RELATIONSHIP, "from_contact_id", keep_id) +
                rows_with(l, CONTACTS_RELATIONSHIP, "from_contact_id", lose_id);
    f->n_in_force = words_in_force(l, keep_id, lose_id);
    f->n_noted = records_noted(l, lose_id);
    f->n_merged = merged(l, keep_id, &f->keep_height);
    (void)merged(l, lose_id, &f->lose_height); /* only how high */
    f->pair = table_get_id(l->txn, CONTACTS_PAIR, contacts_pair_id(keep_id, lose_id, l->arena), l->arena);
    if (contacts_taken(f->keep.row, f->lose.row, take, n_take, l->arena, &after, &no))
        f->extra = extra_of(l, after, has_plan(l, lose_id));
    references_load(l, lose_id, f);
    return f;
}

void *contacts_load_merge_contacts(struct load *l, const struct command *c)
{
    const Baton__MergeContactsRequest *q = (const Baton__MergeContactsRequest *)c->request;
    return merge_facts(l, "contact", q->keep_id, q->lose_id, q->take, q->n_take, c->actor);
}

void *contacts_load_merge_accounts(struct load *l, const struct command *c)
{
    const Baton__MergeAccountsRequest *q = (const Baton__MergeAccountsRequest *)c->request;
    return merge_facts(l, "account", q->keep_id, q->lose_id, q->take, q->n_take, c->actor);
}
