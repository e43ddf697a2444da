/* What quality is worked out of. */
#include <assert.h>
#include <string.h>

#include "services/contacts/rows.h"

int contacts_type_table(const char *type)
{
    return strcmp(type, "account") == 0   ? CONTACTS_ACCOUNT
           : strcmp(type, "contact") == 0 ? CONTACTS_CONTACT
                                          : -1;
}

void *contacts_load_rules(struct load *l, const struct command *c)
{
    struct contacts_rules *f = ARENA_NEW(l->arena, struct contacts_rules);
    struct table_scan scan;
    bool opened = table_scan_open(&scan, l->txn, CONTACTS_QUALITY_RULE, NULL, NULL, NULL, false);
    assert(opened);
    while (f->n < CONTACTS_RULES_MAX && (f->rules[f->n] = table_scan_next(&scan, l->arena)))
        f->n++;
    table_scan_close(&scan);
    return f;
}

void contacts_written_load(struct load *l, const ProtobufCMessage *record, struct contacts_written_facts *f)
{
    if (!record)
        return;
    f->rules = contacts_load_rules(l, NULL);
    f->kept = table_get_id(l->txn, CONTACTS_QUALITY, schema_get_text(record, "id"), l->arena);
}

struct contacts_judge_facts contacts_judge_load(struct load *l, const char *type,
                                                const ProtobufCMessage *record,
                                                const struct contacts_rules *rules)
{
    struct contacts_judge_facts f = {.type = type, .record = record, .rules = rules};
    struct key key = key_of(schema_get_text(record, "id"));
    f.seq = table_seq(l->txn, (unsigned)contacts_type_table(type), &key);
    f.kept = table_get(l->txn, CONTACTS_QUALITY, &key, l->arena);
    contacts_normal_load(l, record, &f.normal);
    return f;
}

void *contacts_load_judge(struct load *l, const struct command *c)
{
    const Baton__Quality *q = (const Baton__Quality *)c->request;
    struct contacts_judge_facts *f = ARENA_NEW(l->arena, struct contacts_judge_facts);
    const ProtobufCMessage *record =
        table_get_id(l->txn, (unsigned)contacts_type_table(q->type), q->record_id, l->arena);
    if (record)
        *f = contacts_judge_load(l, q->type, record, contacts_load_rules(l, c));
    return f;
}

/* Of what is merged, or erased, nothing is judged. */
static bool rests(const ProtobufCMessage *row)
{
    return schema_get_text(row, "merged_into_id") ||
           (row->descriptor == &baton__contact__descriptor && ((const Baton__Contact *)row)->erased_at);
}

void *contacts_load_sweep(struct load *l, const struct command *c)
{
    const Baton__QualitySweep *s = (const Baton__QualitySweep *)c->request;
    struct contacts_sweep_facts *f = ARENA_NEW(l->arena, struct contacts_sweep_facts);
    const ProtobufCMessage *rows[CONTACTS_SWEEP_STEP];
    const struct contacts_rules *rules = contacts_load_rules(l, c);
    struct table_scan scan;
    bool opened =
        table_scan_open(&scan, l->txn, (unsigned)contacts_type_table(s->type), NULL, NULL, s->token, false);
    assert(opened); /* the token is our own */
    size_t looked = 0;
    for (; looked < CONTACTS_SWEEP_STEP && (rows[f->n] = table_scan_next(&scan, l->arena)); looked++)
        f->n += !rests(rows[f->n]);
    bool ended = looked < CONTACTS_SWEEP_STEP, is_last = strcmp(s->type, "contact") == 0;
    f->type = ended && !is_last ? "contact" : s->type;
    f->token = ended ? NULL : table_scan_token(&scan, l->arena);
    f->finished = ended && is_last;
    table_scan_close(&scan);
    f->records = ARENA_ARRAY(l->arena, struct contacts_judge_facts, f->n);
    for (size_t i = 0; i < f->n; i++)
        f->records[i] = contacts_judge_load(l, s->type, rows[i], rules);
    return f;
}

static bool has_rows(struct load *l, unsigned table)
{
    struct table_scan scan;
    if (!table_scan_open(&scan, l->txn, table, NULL, NULL, NULL, false))
        return false;
    bool found = table_scan_next(&scan, l->arena) != NULL;
    table_scan_close(&scan);
    return found;
}

void *contacts_load_boot(struct load *l, const struct command *c)
{
    struct contacts_boot_facts *f = ARENA_NEW(l->arena, struct contacts_boot_facts);
    struct key key = key_of(CONTACTS_SWEEP_ID);
    const Baton__QualitySweep *s = table_get(l->txn, CONTACTS_QUALITY_SWEEP, &key, l->arena);
    bool is_due = s && s->has_next_due_us && s->next_due_us;
    f->wanted = !is_due && (!s || s->version != CONTACTS_QUALITY_VERSION) &&
                (has_rows(l, CONTACTS_ACCOUNT) || has_rows(l, CONTACTS_CONTACT));
    return f;
}

void *contacts_load_confirm(struct load *l, const struct command *c)
{
    const Baton__ConfirmFieldsRequest *q = (const Baton__ConfirmFieldsRequest *)c->request;
    struct contacts_confirm_facts *f = ARENA_NEW(l->arena, struct contacts_confirm_facts);
    int table = contacts_type_table(q->type);
    f->record = table < 0 ? NULL : table_get_id(l->txn, (unsigned)table, q->id, l->arena);
    if (f->record)
        f->reach = records_reach(l, (unsigned)table, f->record, c->actor);
    return f;
}
