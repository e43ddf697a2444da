/* Facts about documents: who reaches them, and their revisions. */
#include <string.h>

#include "service/sharing.h"
#include "services/documents/rows.h"

enum { USES_MAX = 64 };

/* A document has editors, and no other shares. */
static const struct sharing_tables tables = {DOCUMENTS_USER, DOCUMENTS_TEAM, DOCUMENTS_ORGANISATION,
                                             DOCUMENTS_GONE};

static Baton__CustomerAccess access_of(const Baton__Document *d, Baton__CustomerAccess of_house)
{
    switch (d->visibility) {
    case BATON__DOCUMENT_VISIBILITY__DOCUMENT_VISIBILITY_HOUSE:
        return BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_READ;
    case BATON__DOCUMENT_VISIBILITY__DOCUMENT_VISIBILITY_TEAM:
        return BATON__CUSTOMER_ACCESS__CUSTOMER_ACCESS_PRIVATE;
    default:
        return of_house;
    }
}

enum record_reach documents_row_reach(struct load *l, const ProtobufCMessage *record,
                                      const Baton__Actor *actor)
{
    const Baton__Document *d = (const Baton__Document *)record;
    struct sharing_facts f = {.members = (const char *const *)d->editor_ids, .n_members = d->n_editor_ids};
    bool is_own = d->visibility != BATON__DOCUMENT_VISIBILITY__DOCUMENT_VISIBILITY_UNSPECIFIED;
    sharing_load(l, &tables, record, actor, is_own, &f);
    f.access = access_of(d, f.access);
    return sharing_reach(&f, actor);
}

static const Baton__Document *document(struct load *l, const char *id)
{
    return table_get_id(l->txn, DOCUMENTS_DOCUMENT, id, l->arena);
}

enum record_reach documents_row_revision_reach(struct load *l, const ProtobufCMessage *record,
                                               const Baton__Actor *actor)
{
    const Baton__Document *d = document(l, ((const Baton__DocumentRevision *)record)->document_id);
    return d ? documents_row_reach(l, &d->base, actor) : RECORD_HIDDEN;
}

const Baton__DocumentRevision *documents_use(struct load *l, const char *hash, const Baton__Actor *actor)
{
    struct table_scan scan;
    const Baton__DocumentRevision *row, *found = NULL;
    if (!table_scan_open(&scan, l->txn, DOCUMENTS_REVISION, "file_hash", hash, NULL, true))
        return NULL;
    for (int n = 0; !found && n < USES_MAX && (row = table_scan_next(&scan, l->arena)); n++) {
        const Baton__Document *d = document(l, row->document_id);
        found = d && records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, actor) ? row : NULL;
    }
    table_scan_close(&scan);
    return found;
}

const Baton__DocumentRevision *documents_revision(struct load *l, const Baton__Document *d, uint32_t number,
                                                  uint64_t *seq)
{
    struct table_scan scan;
    const Baton__DocumentRevision *row, *found = NULL;
    if (!number || !table_scan_open(&scan, l->txn, DOCUMENTS_REVISION, "document_id", d->id, NULL, true))
        return NULL;
    while (!found && (row = table_scan_next(&scan, l->arena)))
        found = row->number == number ? row : NULL;
    table_scan_close(&scan);
    if (found) {
        struct key key = key_of(found->id);
        *seq = table_seq(l->txn, DOCUMENTS_REVISION, &key);
    }
    return found;
}

static void document_load(struct load *l, const Baton__Document *d, struct documents_document_facts *f)
{
    struct key key = key_of(d->id);
    f->document = d;
    f->document_seq = table_seq(l->txn, DOCUMENTS_DOCUMENT, &key);
    f->current = documents_revision(l, d, d->current_number, &f->current_seq);
}

static void file_load(struct load *l, const Baton__AddRevisionRequest *r, const Baton__Actor *actor,
                      struct documents_document_facts *f)
{
    if (!files_is_hash(r->file_hash) || !documents_may_read_file(l, r->file_hash, actor))
        return;
    f->file = documents_file(l->txn, r->file_hash, l->arena);
    f->file_name = f->file ? documents_file_name(l, f->file, actor) : NULL;
}

void *documents_load_document(struct load *l, const struct command *c)
{
    struct documents_document_facts *f = ARENA_NEW(l->arena, struct documents_document_facts);
    const struct schema_message *m = schema_message(c->request->descriptor);
    const Baton__Document *d = document(l, schema_get_text(c->request, "document_id"));
    if (!d || !records_may_read(l, DOCUMENTS_DOCUMENT, &d->base, c->actor))
        return f;
    enum record_reach reach = documents_row_reach(l, &d->base, c->actor);
    document_load(l, d, f);
    f->may_write = record_reached(schema_message(d->base.descriptor), &d->base, reach, c->actor, true);
    f->is_in_charge = reach == RECORD_OWN;
    if (schema_field(m, "number"))
        f->revision =
            documents_revision(l, d, (uint32_t)schema_get_int(c->request, "number"), &f->revision_seq);
    if (c->request->descriptor == &baton__acknowledge_document_request__descriptor)
        f->reading = documents_reading(l, d->id, c->actor->user_id);
    if (c->request->descriptor == &baton__add_revision_request__descriptor)
        file_load(l, (const Baton__AddRevisionRequest *)c->request, c->actor, f);
    return f;
}

void *documents_load_document_due(struct load *l, const struct command *c)
{
    struct documents_document_facts *f = ARENA_NEW(l->arena, struct documents_document_facts);
    document_load(l, (const Baton__Document *)c->request, f);
    return f;
}
