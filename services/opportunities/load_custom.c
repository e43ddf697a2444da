/* Facts about fields that a deployment adds to opportunities; they are contacts' and copied here. */
#include <string.h>

#include "services/opportunities/rows.h"

static const struct {
    const char *type;
    unsigned table;
} tables[] = {
    {"account", OPPORTUNITIES_ACCOUNT},
    {"contact", OPPORTUNITIES_CONTACT},
    {"user", OPPORTUNITIES_USER},
};

/* Whether there is such a record, as far as it has been heard of here. Whether the actor reaches it only
   contacts know; whoever names it knows its id. */
static bool leads_somewhere(struct load *l, const char *type, const char *id, const Baton__Actor *actor)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i].type, type) != 0)
            continue;
        const ProtobufCMessage *row = table_get_id(l->txn, tables[i].table, id, l->arena);
        const bool is_contact = tables[i].table == OPPORTUNITIES_CONTACT;
        return row && !(is_contact && ((const Baton__Contact *)row)->erased_at);
    }
    return false;
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
