/* Nothing names what has been merged; what was taken apart is as it was before; what somebody said is not the
   same is not told again. By the events, and by the rows that they made. */
#include <assert.h>
#include <string.h>

#include "sim/sim.h"

enum { SCRATCH = 32 << 20 };

static unsigned table_of(const struct ledger *l, const char *name)
{
    int n = table_number(l->shadow, name);
    assert(n >= 0);
    return (unsigned)n;
}

/* --- merged --- */

/* Whether the text stands anywhere in it. */
static bool has_text(const ProtobufCMessage *m, const char *text)
{
    const struct schema_message *type = schema_message(m->descriptor);
    for (unsigned i = 0; i < type->pb->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = type->fields[i].pb;
        const bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;
        if ((f->type != PROTOBUF_C_TYPE_STRING && f->type != PROTOBUF_C_TYPE_MESSAGE) ||
            !schema_present(m, &type->fields[i]) || strcmp(f->name, "merged_into_id") == 0)
            continue; /* one merging may lie upon the other */
        const char *at = (const char *)m + f->offset;
        void *const *values = is_list ? *(void *const *const *)at : (void *const *)at;
        size_t n = is_list ? *(const size_t *)((const char *)m + f->quantifier_offset) : 1;
        for (size_t k = 0; k < n; k++)
            if (f->type == PROTOBUF_C_TYPE_STRING ? strcmp(values[k], text) == 0 : has_text(values[k], text))
                return true;
    }
    return false;
}

bool merges_renamed(const struct ledger *l, const ProtobufCMessage *row, const struct schema_field *f)
{
    struct arena *a = arena_new(SCRATCH);
    struct table_scan scan;
    const Baton__RecordMerge *m;
    ProtobufCMessage *alone = arena_alloc(a, row->descriptor->sizeof_message);
    bool named = false,
         opened = table_scan_open(&scan, l->made, table_of(l, "record_merge"), NULL, NULL, NULL, false);
    assert(opened);
    protobuf_c_message_init(row->descriptor, alone);
    schema_field_share(alone, row, f);
    while (!named && (m = table_scan_next(&scan, a)))
        named = has_text(alone, m->id);
    table_scan_close(&scan);
    arena_free(a);
    return named;
}

/* Rows that speak of what is merged: itself, that it is, what happened to it, who looked at it, with whom
   it is shared (they do not therefore see what it has become), and as whom they were written to. */
static bool may_name(const char *table)
{
    static const char *const tables[] = {"record_merge", "duplicate_pair",        "duplicate_rank",
                                         "placing",      "contact_import_change", "quality",
                                         "access",       "record_share",          "letter_run"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i], table) == 0)
            return true;
    return false;
}

/* Its own row, and what stands there because it names others. */
static bool is_own(const ProtobufCMessage *row, const char *table, const char *type, const char *id)
{
    const char *field = strcmp(table, type) == 0             ? "id"
                        : strcmp(table, "named_inside") == 0 ? "record_id"
                                                             : NULL;
    return field && strcmp(schema_get_text(row, field), id) == 0;
}

/* Of a timeline its own changes are its own, and what has gone on says where it came from. */
static bool is_in_timeline(const ProtobufCMessage *row, const char *id)
{
    const Baton__TimelineEntry *e = (const Baton__TimelineEntry *)row;
    return e->kind != BATON__TIMELINE_KIND__TIMELINE_KIND_CHANGE && strcmp(e->about_id, id) == 0;
}

/* Whatever names it; that is not to depend on anybody's list of fields. */
static void named_by_none(struct ledger *l, const char *type, const char *id, struct arena *a)
{
    for (unsigned table = 0; table < l->process->def->n_tables; table++) {
        struct table_scan scan;
        const ProtobufCMessage *row;
        const char *name = table_name(l->shadow, table);
        if (may_name(name) || !table_scan_open(&scan, l->made, table, NULL, NULL, NULL, false))
            continue;
        for (; (row = table_scan_next(&scan, a)); arena_reset(a))
            if (row->descriptor == &baton__timeline_entry__descriptor
                    ? is_in_timeline(row, id)
                    : !is_own(row, name, type, id) && has_text(row, id))
                sim_wrong(l->process->sim, "merges: a row of %s names %s %s, which is merged", name, type,
                          id);
        table_scan_close(&scan);
    }
}

/* --- taken apart --- */

static const ProtobufCMessage *changed_in(const Baton__LogRecord *r, const char *id)
{
    for (size_t i = 0; i < r->n_events; i++) {
        const struct schema_field *member;
        const Baton__Event *e = r->events[i];
        const ProtobufCMessage *row = e->event_case == BATON__EVENT__EVENT_RECORD_CHANGED
                                          ? schema_oneof(&e->record_changed->record->base, &member)
                                          : NULL;
        if (row && strcmp(schema_get_text(row, "id"), id) == 0)
            return row;
    }
    return NULL;
}

static const Baton__RecordMerge *merge_in(const Baton__LogRecord *r, const char *id)
{
    for (size_t i = 0; i < r->n_events; i++)
        if (r->events[i]->event_case == BATON__EVENT__EVENT_RECORDS_MERGED &&
            strcmp(r->events[i]->records_merged->merge->id, id) == 0)
            return r->events[i]->records_merged->merge;
    return NULL;
}

/* Owners change with who leaves, references with other mergings, and the rest is counted. */
static bool is_its_own(const struct schema_field *f)
{
    static const char *const others[] = {"revision",   "updated_at", "merged_into_id", "owner_id",
                                         "account_id", "parent_id",  "reports_to_id",  "custom"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(f->pb->name, others[i]) == 0)
            return false;
    return true;
}

static void as_before(struct ledger *l, const ProtobufCMessage *was, const ProtobufCMessage *is)
{
    const struct schema_message *m = schema_message(was->descriptor);
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (is_its_own(&m->fields[i]) && !schema_field_equal(was, is, &m->fields[i]))
            sim_wrong(l->process->sim, "merges: %s of %s is not what it was before it was merged",
                      m->fields[i].pb->name, schema_get_text(was, "id"));
}

/* The one kept has again what it had in the fields that it took. */
static void given_back(struct ledger *l, const Baton__RecordMerge *merge, const ProtobufCMessage *keep)
{
    const struct schema_field *member;
    const ProtobufCMessage *before = schema_oneof(&merge->before->base, &member);
    const struct schema_message *m = schema_message(keep->descriptor);
    for (size_t i = 0; i < merge->n_fields; i++) {
        const struct schema_field *f = schema_field(m, merge->fields[i]);
        if (is_its_own(f) && !schema_field_equal(before, keep, f))
            sim_wrong(l->process->sim, "merges: %s of %s is still that of %s, which was taken out",
                      f->pb->name, merge->keep_id, merge->id);
    }
}

static void apart(struct ledger *l, const Baton__RecordsUnmerged *e, struct arena *a)
{
    size_t n = l->n - 1;
    unsigned table = table_of(l, e->type);
    const ProtobufCMessage *is = table_get_id(l->made, table, e->id, a),
                           *keep = table_get_id(l->made, table, e->keep_id, a);
    while (n > 0 && !merge_in(l->records[n - 1], e->id))
        n--;
    if (!n || !is || !keep || schema_get_text(is, "merged_into_id"))
        sim_wrong(l->process->sim, "merges: %s was taken out and is not there", e->id);
    as_before(l, changed_in(l->records[n - 1], e->id), is);
    given_back(l, merge_in(l->records[n - 1], e->id), keep);
    for (size_t i = 0; i < e->n_moved; i++) {
        const ProtobufCMessage *row =
            table_get_id(l->made, table_of(l, e->moved[i]->type), e->moved[i]->id, a);
        if (!row || !has_text(row, e->id))
            sim_wrong(l->process->sim, "merges: %s %s does not name %s again", e->moved[i]->type,
                      e->moved[i]->id, e->id);
    }
}

/* --- told apart --- */

static void told(struct ledger *l, const char *pair_id)
{
    for (size_t n = l->n - 1; n-- > 0;)
        for (size_t i = l->records[n]->n_events; i-- > 0;) {
            const Baton__Event *e = l->records[n]->events[i];
            bool dismissed = e->event_case == BATON__EVENT__EVENT_DUPLICATE_DISMISSED;
            bool cleared = e->event_case == BATON__EVENT__EVENT_DUPLICATE_CLEARED;
            if (cleared && strcmp(e->duplicate_cleared->pair_id, pair_id) == 0)
                return;
            if (dismissed && strcmp(e->duplicate_dismissed->pair->id, pair_id) == 0)
                sim_wrong(l->process->sim, "merges: %s was dismissed and is told again", pair_id);
        }
}

void merges_record(struct ledger *l, const Baton__LogRecord *r)
{
    struct arena *a = arena_new(SCRATCH);
    for (size_t i = 0; i < r->n_events; i++) {
        const Baton__Event *e = r->events[i];
        if (e->event_case == BATON__EVENT__EVENT_RECORDS_MERGED)
            named_by_none(l, e->records_merged->merge->type, e->records_merged->merge->id, a);
        else if (e->event_case == BATON__EVENT__EVENT_RECORDS_UNMERGED)
            apart(l, e->records_unmerged, a);
        else if (e->event_case == BATON__EVENT__EVENT_DUPLICATE_SUSPECTED)
            told(l, e->duplicate_suspected->pair->id);
    }
    arena_free(a);
}

void merges_settled(struct sim *sim)
{
    struct ledger *l = &sim->ledgers[CONTACTS];
    static const char *const types[] = {"account", "contact"};
    struct arena *a = arena_new(SCRATCH), *b = arena_new(SCRATCH);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct table_scan scan;
        const ProtobufCMessage *row;
        if (!table_scan_open(&scan, l->made, table_of(l, types[i]), NULL, NULL, NULL, false))
            continue;
        for (; (row = table_scan_next(&scan, a)); arena_reset(a), arena_reset(b))
            if (schema_get_text(row, "merged_into_id"))
                named_by_none(l, types[i], schema_get_text(row, "id"), b);
        table_scan_close(&scan);
    }
    arena_free(a);
    arena_free(b);
}
