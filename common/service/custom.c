/* Facts for fields that a deployment adds to records. */
#include "service/custom.h"

void custom_fields_load(struct load *l, const struct custom_source *from, const char *record_type,
                        struct custom_facts *f)
{
    struct table_scan scan;
    Baton__CustomField *row;
    if (!table_scan_open(&scan, l->txn, from->table, "record_type", record_type, NULL, false))
        return;
    while (f->n < CUSTOM_FIELDS_MAX && (row = table_scan_next(&scan, l->arena))) {
        if (!f->fields)
            f->fields = ARENA_ARRAY(l->arena, Baton__CustomField *, CUSTOM_FIELDS_MAX);
        if (!f->seqs && !from->is_copy)
            f->seqs = ARENA_ARRAY(l->arena, uint64_t, CUSTOM_FIELDS_MAX);
        struct key key = key_of(row->id);
        if (f->seqs)
            f->seqs[f->n] = table_seq(l->txn, from->table, &key);
        f->fields[f->n++] = row;
    }
    table_scan_close(&scan);
}

void custom_load(struct load *l, const struct custom_source *from, const char *record_type,
                 Baton__CustomValue *const *wanted, size_t n, const Baton__Actor *actor,
                 struct custom_facts *f)
{
    custom_fields_load(l, from, record_type, f);
    for (size_t i = 0; i < n && f->n_known < CUSTOM_VALUES_MAX; i++) {
        const char *id = wanted[i]->reference_id;
        const Baton__CustomField *d = id && wanted[i]->name ? custom_field(f, wanted[i]->name) : NULL;
        if (d && d->reference_type && from->leads_somewhere(l, d->reference_type, id, actor))
            f->known[f->n_known++] = id;
    }
}
