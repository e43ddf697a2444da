/* Decisions about uploads: whether one may begin, what a piece makes of it, and how it ends. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "services/documents/documents.h"

static const uint64_t GIB = 1ull << 30;
/* What the disk keeps free for everything else. */
static const uint64_t ROOM_LEFT = 256ull << 20;
/* An upload to which nothing is added for so long is given up; a complete one is remembered for as long. */
static const int64_t REMEMBERED_US = INT64_C(24) * 3600 * 1000000;

#define EVENT(Type, init)                                                                                    \
    ARENA_NEW(out->arena, Type);                                                                             \
    init(e);                                                                                                 \
    outcome_event(out, &e->base)

static void set_reminders(Baton__DocumentSettings *d, struct arena *a)
{
    static const uint32_t days[] = {30, 7, 0};
    d->n_reminder_days = sizeof days / sizeof *days;
    d->reminder_days = arena_copy(a, days, sizeof days);
}

static void make_settings(struct stamp *s, struct outcome *out)
{
    Baton__DocumentSettings *d = ARENA_NEW(s->arena, Baton__DocumentSettings);
    baton__document_settings__init(d);
    d->has_file_max_bytes = d->has_user_max_bytes = d->has_total_max_bytes = true;
    d->file_max_bytes = 5 * GIB;
    d->user_max_bytes = 100 * GIB;
    d->total_max_bytes = 10240 * GIB;
    set_reminders(d, s->arena);
    (void)record_created(&d->base, s, out); /* nothing more is to be said of it */
}

/* The settings are of a program that knew of no reminders. */
static void remind(const struct documents_boot_facts *f, struct stamp *s, struct outcome *out)
{
    Baton__DocumentSettings *d = arena_copy(s->arena, f->settings, sizeof *d);
    set_reminders(d, s->arena);
    record_updated(&f->settings->base, f->settings_seq, &d->base, s, out);
}

bool documents_decide_boot(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_boot_facts *f = facts;
    /* 1: the first start makes the settings */
    if (!f->settings)
        make_settings(s, out);
    /* 6: reminders ring from the next day on; where there are documents already, from today on */
    if (f->calendar)
        return true;
    if (f->settings)
        remind(f, s, out);
    documents_begin_calendar(f->settings ? 0 : 1, s, out);
    return true;
}

/* --- beginning --- */

/* What is stored and what is under way. */
static bool is_within(const Baton__FileUsage *used, uint64_t size, bool has_max, uint64_t max)
{
    uint64_t sum = used ? used->bytes + used->upload_bytes : 0;
    return !has_max || (sum <= max && size <= max - sum);
}

static bool check_quota(const struct documents_begin_facts *f, uint64_t size, struct refusal *no)
{
    const Baton__DocumentSettings *d = f->settings;
    /* 2: a file is as large as the settings let it be */
    if (d && d->has_file_max_bytes && size > d->file_max_bytes)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, "size", "a file has at most %" PRIu64 " bytes here",
                      d->file_max_bytes);
    /* 3: what somebody brought, what everybody brought, and what is under way stay within their quotas */
    if (d && !is_within(f->user, size, d->has_user_max_bytes, d->user_max_bytes))
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, "size", "this would be more than you may store");
    if (d && !is_within(f->total, size, d->has_total_max_bytes, d->total_max_bytes))
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, "size", "this would be more than may be stored here");
    /* 4: and the disk has room for them */
    uint64_t coming = f->total ? f->total->upload_bytes : 0;
    if (size > f->room || coming > f->room - size || ROOM_LEFT > f->room - size - coming)
        return refuse(no, REFUSAL_UNAVAILABLE, NULL, "the disk has no room for this");
    /* 5: nobody begins without end */
    if (f->user && f->user->uploads >= DOCUMENTS_UPLOADS_MAX)
        return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "at most %d uploads at the same time",
                      DOCUMENTS_UPLOADS_MAX);
    return true;
}

static Baton__Upload *new_upload(const struct command *c, char *name, uint64_t size, struct stamp *s)
{
    Baton__Upload *u = ARENA_NEW(s->arena, Baton__Upload);
    baton__upload__init(u);
    u->id = stamp_id(s);
    u->owner_id = c->actor->user_id;
    u->name = name;
    u->has_size = u->has_safe_bytes = u->has_due_us = true;
    u->size = size;
    u->begun_at = timestamp_of(s->arena, s->now_us);
    u->due_us = s->now_us + REMEMBERED_US;
    return u;
}

bool documents_decide_begin(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const Baton__BeginUploadRequest *r = (const Baton__BeginUploadRequest *)c->request;
    char *name = text_trim(s->arena, r->name);
    if (!name || !documents_name_allowed(name, &out->no))
        return name != NULL ? false : refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "name", "a file has a name");
    /* 1: nothing is no file */
    if (r->size == 0)
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "size", "the file is empty");
    if (!check_quota(facts, r->size, &out->no))
        return false;
    Baton__UploadBegun *e = EVENT(Baton__UploadBegun, baton__upload_begun__init);
    e->upload = new_upload(c, name, r->size, s);
    Baton__BeginUploadResponse *reply = ARENA_NEW(out->arena, Baton__BeginUploadResponse);
    baton__begin_upload_response__init(reply);
    reply->upload = e->upload;
    out->reply = &reply->base;
    return true;
}

/* --- a piece --- */

static const struct {
    enum documents_end end;
    enum refusal_code code;
    const char *why;
} refusals[] = {
    {DOCUMENTS_BUSY, REFUSAL_UNAVAILABLE, "another piece of this upload is being written; try again"},
    {DOCUMENTS_CROWDED, REFUSAL_RESOURCE_EXHAUSTED, "too many uploads are under way; try again"},
    {DOCUMENTS_ELSEWHERE, REFUSAL_ABORTED, "the upload does not go on there"},
    {DOCUMENTS_FULL, REFUSAL_UNAVAILABLE, "the disk is full; try again later"},
    {DOCUMENTS_FAILED, REFUSAL_UNAVAILABLE, "the file cannot be written; try again later"},
};

static bool refuse_end(enum documents_end end, struct refusal *no)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].end == end)
            return refuse(no, refusals[i].code, end == DOCUMENTS_ELSEWHERE ? "offset" : NULL, "%s",
                          refusals[i].why);
    return true;
}

static Baton__PutPieceResponse *reply_at(uint64_t offset, struct outcome *out)
{
    Baton__PutPieceResponse *reply = ARENA_NEW(out->arena, Baton__PutPieceResponse);
    baton__put_piece_response__init(reply);
    reply->has_offset = true;
    reply->offset = offset;
    out->reply = &reply->base;
    return reply;
}

static void end_upload(const Baton__Upload *u, const char *reason, struct outcome *out)
{
    Baton__UploadEnded *e = EVENT(Baton__UploadEnded, baton__upload_ended__init);
    e->id = u->id;
    e->reason = arena_strdup(out->arena, reason);
}

static void advance(const Baton__Upload *u, uint64_t safe, struct stamp *s, struct outcome *out)
{
    Baton__UploadAdvanced *e = EVENT(Baton__UploadAdvanced, baton__upload_advanced__init);
    e->id = u->id;
    e->has_safe_bytes = e->has_due_us = true;
    e->safe_bytes = safe;
    e->due_us = s->now_us + REMEMBERED_US;
}

static Baton__StoredFile *store(const struct documents_upload_facts *f, const struct documents_piece *p,
                                struct stamp *s, struct outcome *out)
{
    Baton__FileStored *e = EVENT(Baton__FileStored, baton__file_stored__init);
    e->upload_id = f->upload->id;
    e->has_due_us = true;
    e->due_us = s->now_us + REMEMBERED_US;
    e->file = (Baton__StoredFile *)(uintptr_t)f->file;
    if (e->file)
        return e->file;
    e->file = ARENA_NEW(s->arena, Baton__StoredFile);
    baton__stored_file__init(e->file);
    e->file->hash = arena_strdup(s->arena, p->hash);
    e->file->has_size = true;
    e->file->size = f->upload->size;
    e->file->media_type = arena_strdup(s->arena, p->media_type);
    e->file->stored_at = timestamp_of(s->arena, s->now_us);
    e->file->owner_id = f->upload->owner_id;
    return e->file;
}

bool documents_decide_piece(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_upload_facts *f = facts;
    const struct documents_piece *p = c->prepared;
    /* 1: only one's own */
    if (!f->upload)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such upload");
    /* 2: what is complete stays what it became */
    if (f->upload->hash) {
        reply_at(f->upload->size, out)->file = (Baton__StoredFile *)(uintptr_t)f->file;
        return true;
    }
    if (!p)
        return refuse(&out->no, REFUSAL_UNAVAILABLE, NULL, "the upload has just begun; try again");
    /* 3: what could not be written is said, and how to go on */
    if (!refuse_end(p->end, &out->no))
        return false;
    Baton__PutPieceResponse *reply = reply_at(p->offset, out);
    /* 4: complete, but not what it says it is: it is thrown away */
    if (p->end == DOCUMENTS_REJECTED) {
        reply->rejected = arena_strdup(out->arena, p->rejected);
        end_upload(f->upload, p->rejected, out);
    }
    /* 5: complete and kept: the same bytes are stored once */
    else if (p->end == DOCUMENTS_KEPT)
        reply->file = store(f, p, s, out);
    /* 6: so much survives a crash */
    else if (p->safe > f->upload->safe_bytes)
        advance(f->upload, p->safe, s, out);
    return true;
}

/* --- ending --- */

bool documents_decide_cancel(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_upload_facts *f = facts;
    if (!f->upload)
        return refuse(&out->no, REFUSAL_NOT_FOUND, "id", "there is no such upload");
    /* 1: what is stored stays */
    if (f->upload->hash)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "the upload is complete");
    end_upload(f->upload, "canceled", out);
    return true;
}

bool documents_decide_upload_due(const void *facts, const struct command *c, struct stamp *s,
                                 struct outcome *out)
{
    const Baton__Upload *u = (const Baton__Upload *)c->request;
    end_upload(u, u->hash ? NULL : "nothing came for a day", out);
    return true;
}
