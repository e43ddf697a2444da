/* Facts for documents. */
#include <string.h>

#include "services/documents/rows.h"

const Baton__DocumentSettings *documents_settings(struct load *l)
{
    struct table_scan scan;
    const Baton__DocumentSettings *found = NULL;
    if (table_scan_open(&scan, l->txn, DOCUMENTS_SETTINGS, NULL, NULL, NULL, false)) {
        found = table_scan_next(&scan, l->arena);
        table_scan_close(&scan);
    }
    return found;
}

const Baton__FileUsage *documents_usage(struct load *l, const char *user_id)
{
    struct key key = key_of(user_id);
    return table_get(l->txn, DOCUMENTS_FILE_USAGE, &key, l->arena);
}

Baton__StoredFile *documents_file(struct txn *t, const char *hash, struct arena *a)
{
    struct key key = key_of(hash);
    return table_get(t, DOCUMENTS_FILE, &key, a);
}

const Baton__FileHolder *documents_holder(struct load *l, const char *hash, const char *user_id)
{
    struct key key = key_of(hash);
    key_text(&key, user_id);
    return table_get(l->txn, DOCUMENTS_FILE_HOLDER, &key, l->arena);
}

Baton__Upload *documents_upload(struct load *l, const char *id, const Baton__Actor *actor)
{
    Baton__Upload *u = table_get_id(l->txn, DOCUMENTS_UPLOAD, id, l->arena);
    bool is_theirs = u && u->owner_id && actor->user_id && strcmp(u->owner_id, actor->user_id) == 0;
    return is_theirs ? u : NULL;
}

bool documents_may_read_file(struct load *l, const char *hash, const Baton__Actor *actor)
{
    return actor_is(actor, BATON__ROLE__ROLE_ADMIN) ||
           (actor->user_id && documents_holder(l, hash, actor->user_id) != NULL) ||
           documents_use(l, hash, actor) != NULL;
}

const char *documents_file_name(struct load *l, const Baton__StoredFile *file, const Baton__Actor *actor)
{
    const Baton__FileHolder *holder = documents_holder(l, file->hash, actor->user_id ? actor->user_id : "");
    const Baton__DocumentRevision *use = holder ? NULL : documents_use(l, file->hash, actor);
    if (use)
        return use->name;
    if (!holder)
        holder = documents_holder(l, file->hash, file->owner_id);
    return holder ? holder->name : NULL;
}

void *documents_load_boot(struct load *l, const struct command *c)
{
    struct documents_boot_facts *f = ARENA_NEW(l->arena, struct documents_boot_facts);
    f->settings = documents_settings(l);
    f->calendar = documents_calendar(l);
    if (f->settings) {
        struct key key = key_of(f->settings->id);
        f->settings_seq = table_seq(l->txn, DOCUMENTS_SETTINGS, &key);
    }
    return f;
}

void *documents_load_begin(struct load *l, const struct command *c)
{
    struct documents_begin_facts *f = ARENA_NEW(l->arena, struct documents_begin_facts);
    f->settings = documents_settings(l);
    f->user = documents_usage(l, c->actor->user_id);
    f->total = documents_usage(l, "");
    f->room = files_room(l->files);
    return f;
}

void *documents_load_upload(struct load *l, const struct command *c)
{
    const struct documents_piece *p = c->prepared;
    struct documents_upload_facts *f = ARENA_NEW(l->arena, struct documents_upload_facts);
    f->upload = documents_upload(l, schema_get_text(c->request, "id"), c->actor);
    if (!f->upload)
        return f;
    const char *hash = f->upload->hash ? f->upload->hash : p && *p->hash ? p->hash : NULL;
    f->file = hash ? documents_file(l->txn, hash, l->arena) : NULL;
    return f;
}
