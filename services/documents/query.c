/* What is asked of uploads and files. */
#include <string.h>

#include "services/documents/rows.h"

static bool no_file(struct refusal *no)
{
    return refuse(no, REFUSAL_NOT_FOUND, "hash", "there is no such file");
}

bool documents_query_upload(struct load *l, const struct command *c, ProtobufCMessage **reply,
                            struct refusal *no)
{
    const Baton__GetUploadRequest *r = (const Baton__GetUploadRequest *)c->request;
    Baton__Upload *u = documents_upload(l, r->id, c->actor);
    if (!u)
        return refuse(no, REFUSAL_NOT_FOUND, "id", "there is no such upload");
    Baton__GetUploadResponse *p = ARENA_NEW(l->arena, Baton__GetUploadResponse);
    baton__get_upload_response__init(p);
    p->upload = u;
    p->has_offset = true;
    p->offset = u->hash ? u->size : files_offset(l->files, u->id, u->safe_bytes);
    *reply = &p->base;
    return true;
}

bool documents_query_file(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const Baton__GetFileRequest *r = (const Baton__GetFileRequest *)c->request;
    Baton__StoredFile *file = files_is_hash(r->hash) && documents_may_read_file(l, r->hash, c->actor)
                                  ? documents_file(l->txn, r->hash, l->arena)
                                  : NULL;
    if (!file)
        return no_file(no);
    Baton__GetFileResponse *p = ARENA_NEW(l->arena, Baton__GetFileResponse);
    baton__get_file_response__init(p);
    p->file = file;
    p->name = (char *)(uintptr_t)documents_file_name(l, file, c->actor);
    *reply = &p->base;
    return true;
}

static ProtobufCBinaryData data_of(const struct documents_read *read)
{
    return (ProtobufCBinaryData){.data = (uint8_t *)(uintptr_t)read->data, .len = (size_t)read->n};
}

bool documents_query_read(struct load *l, const struct command *c, ProtobufCMessage **reply,
                          struct refusal *no)
{
    const struct documents_read *read = c->prepared;
    if (!read)
        return no_file(no);
    if (read->n < 0)
        return refuse(no, REFUSAL_DATA_LOSS, NULL, "the file cannot be read");
    Baton__ReadFileResponse *p = ARENA_NEW(l->arena, Baton__ReadFileResponse);
    baton__read_file_response__init(p);
    p->has_data = true;
    p->data = data_of(read);
    *reply = &p->base;
    return true;
}

bool documents_query_read_shared(struct load *l, const struct command *c, ProtobufCMessage **reply,
                                 struct refusal *no)
{
    const struct documents_read *read = c->prepared;
    if (!read)
        return documents_no_share(no);
    if (read->n < 0)
        return refuse(no, REFUSAL_DATA_LOSS, NULL, "the file cannot be read");
    Baton__ReadSharedFileResponse *p = ARENA_NEW(l->arena, Baton__ReadSharedFileResponse);
    baton__read_shared_file_response__init(p);
    p->has_data = true;
    p->data = data_of(read);
    *reply = &p->base;
    return true;
}

bool documents_query_usage(struct load *l, const struct command *c, ProtobufCMessage **reply,
                           struct refusal *no)
{
    const Baton__GetUsageRequest *r = (const Baton__GetUsageRequest *)c->request;
    const char *self = c->actor->user_id, *of = r->user_id ? r->user_id : self;
    bool is_admin = actor_is(c->actor, BATON__ROLE__ROLE_ADMIN);
    if (!is_admin && (!self || strcmp(self, of) != 0))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "only administrators may ask of others");
    Baton__GetUsageResponse *p = ARENA_NEW(l->arena, Baton__GetUsageResponse);
    baton__get_usage_response__init(p);
    p->usage = (Baton__FileUsage *)(uintptr_t)documents_usage(l, of ? of : "");
    p->total = is_admin ? (Baton__FileUsage *)(uintptr_t)documents_usage(l, "") : NULL;
    p->settings = (Baton__DocumentSettings *)(uintptr_t)documents_settings(l);
    *reply = &p->base;
    return true;
}
