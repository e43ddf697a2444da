/* Facts about fields that a deployment adds to opportunities; they are contacts' and copied here. */
#include <string.h>

#include "services/opportunities/rows.h"

/* Accounts and contacts are not known here: their references lead where whoever writes them says, as an
   opportunity's own do. */
static bool leads_somewhere(struct load *l, const char *type, const char *id, const Baton__Actor *actor)
{
    return strcmp(type, "user") != 0 || table_get_id(l->txn, OPPORTUNITIES_USER, id, l->arena) != NULL;
}

const struct custom_source opportunities_custom = {OPPORTUNITIES_CUSTOM_FIELD, true, leads_somewhere};

void *opportunities_load_fields(struct load *l, const struct command *c)
{
    struct opportunities_fields_facts *f = ARENA_NEW(l->arena, struct opportunities_fields_facts);
    struct table_scan scan;
    const Baton__Pipeline *p;
    custom_fields_load(l, &opportunities_custom, "opportunity", &f->custom);
    if (!table_scan_open(&scan, l->txn, OPPORTUNITIES_PIPELINE, NULL, NULL, NULL, false))
        return f;
    while (f->n < PIPELINES_MAX && (p = table_scan_next(&scan, l->arena))) {
        struct key key = key_of(p->id);
        f->pipelines[f->n] = p;
        f->seqs[f->n++] = table_seq(l->txn, OPPORTUNITIES_PIPELINE, &key);
    }
    table_scan_close(&scan);
    return f;
}
