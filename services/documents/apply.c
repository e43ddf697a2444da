/* What the events of documents do to the rows. */
#include <string.h>

#include "services/documents/rows.h"

/* --- what counts --- */

struct usage_change {
    int64_t files, bytes, uploads, upload_bytes;
};

static void usage_add(struct apply *ap, const char *user_id, const struct usage_change *by)
{
    struct key key = key_of(user_id);
    Baton__FileUsage *u = table_get(ap->txn, DOCUMENTS_FILE_USAGE, &key, ap->arena);
    if (!u) {
        u = ARENA_NEW(ap->arena, Baton__FileUsage);
        baton__file_usage__init(u);
        u->user_id = arena_strdup(ap->arena, user_id);
    }
    u->has_files = u->has_bytes = u->has_uploads = u->has_upload_bytes = true;
    u->files += (uint64_t)by->files;
    u->bytes += (uint64_t)by->bytes;
    u->uploads += (uint64_t)by->uploads;
    u->upload_bytes += (uint64_t)by->upload_bytes;
    table_put(ap->txn, DOCUMENTS_FILE_USAGE, u, ap->seq, ap->arena);
}

static void count(struct apply *ap, const char *user_id, const struct usage_change *by)
{
    usage_add(ap, "", by);
    if (user_id && *user_id)
        usage_add(ap, user_id, by);
}

static void count_upload(struct apply *ap, const Baton__Upload *u, int sign)
{
    count(ap, u->owner_id, &(struct usage_change){.uploads = sign, .upload_bytes = sign * (int64_t)u->size});
}

/* --- days --- */

void documents_apply_calendar(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__DocumentCalendarMoved *e = (const Baton__DocumentCalendarMoved *)payload;
    if (e->calendar)
        table_put(ap->txn, DOCUMENTS_CALENDAR, e->calendar, ap->seq, ap->arena);
}

/* --- what is found --- */

void documents_apply_document(struct apply *ap, const ProtobufCMessage *payload)
{
    finder_apply(documents_finder(ap->state), ap, payload);
    documents_texts_note(documents_texts(ap->state), ((const Baton__Document *)payload)->id);
    documents_apply_readers(ap, (const Baton__Document *)payload);
}

/* --- uploads --- */

static Baton__Upload *upload_of(struct apply *ap, const char *id)
{
    return table_get_id(ap->txn, DOCUMENTS_UPLOAD, id, ap->arena);
}

static void put_upload(struct apply *ap, const Baton__Upload *u)
{
    table_put(ap->txn, DOCUMENTS_UPLOAD, u, ap->seq, ap->arena);
}

void documents_apply_begun(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__UploadBegun *e = (const Baton__UploadBegun *)payload;
    if (!e->upload)
        return;
    put_upload(ap, e->upload);
    count_upload(ap, e->upload, 1);
}

void documents_apply_advanced(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__UploadAdvanced *e = (const Baton__UploadAdvanced *)payload;
    Baton__Upload *u = upload_of(ap, e->id);
    if (!u)
        return;
    u->has_safe_bytes = u->has_due_us = true;
    u->safe_bytes = e->safe_bytes;
    u->due_us = e->due_us;
    put_upload(ap, u);
}

void documents_apply_ended(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__UploadEnded *e = (const Baton__UploadEnded *)payload;
    const Baton__Upload *u = upload_of(ap, e->id);
    if (!u)
        return;
    if (!u->hash) {
        count_upload(ap, u, -1);
        documents_ended(ap->state, u->id, false);
    }
    struct key key = key_of(u->id);
    (void)table_delete(ap->txn, DOCUMENTS_UPLOAD, &key, ap->arena); /* it is there */
}

/* --- files --- */

static void put_holder(struct apply *ap, const Baton__Upload *u, const char *hash)
{
    Baton__FileHolder h = BATON__FILE_HOLDER__INIT;
    h.hash = (char *)(uintptr_t)hash;
    h.user_id = u->owner_id;
    h.name = u->name;
    table_put(ap->txn, DOCUMENTS_FILE_HOLDER, &h, ap->seq, ap->arena);
}

static void put_file(struct apply *ap, const Baton__StoredFile *file)
{
    struct key key = key_of(file->hash);
    if (table_seq(ap->txn, DOCUMENTS_FILE, &key))
        return; /* the same bytes came before */
    table_put(ap->txn, DOCUMENTS_FILE, file, ap->seq, ap->arena);
    count(ap, file->owner_id, &(struct usage_change){.files = 1, .bytes = (int64_t)file->size});
}

void documents_apply_stored(struct apply *ap, const ProtobufCMessage *payload)
{
    const Baton__FileStored *e = (const Baton__FileStored *)payload;
    Baton__Upload *u = upload_of(ap, e->upload_id);
    if (!e->file || !e->file->hash)
        return;
    put_file(ap, e->file);
    if (!u || u->hash)
        return;
    count_upload(ap, u, -1);
    put_holder(ap, u, e->file->hash);
    u->hash = e->file->hash;
    u->has_safe_bytes = u->has_due_us = true;
    u->safe_bytes = u->size;
    u->due_us = e->due_us;
    put_upload(ap, u);
    documents_ended(ap->state, u->id, true);
}
