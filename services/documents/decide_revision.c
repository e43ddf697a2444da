/* Decisions about revisions: who adds one, which is the current one, who works on a document, who says that
 * it is good.
 */
#include <string.h>

#include "base/text.h"
#include "services/documents/documents.h"

enum { REVISIONS_MAX = 1000 };

static bool is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool is_listed(char *const *ids, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (is_same(ids[i], id))
            return true;
    return false;
}

/* 1: what is not seen is not there; what is only read is not changed */
static bool check_reach(const struct documents_document_facts *f, struct refusal *no)
{
    if (!f->document)
        return refuse(no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    return f->may_write || refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "you may read this document only");
}

/* 2: who has it checked out is alone with it */
static bool check_hands(const struct documents_document_facts *f, const struct stamp *s, struct refusal *no)
{
    const char *by = f->document->checked_out_by_id;
    return !by || is_same(by, s->actor->user_id) ||
           refuse(no, REFUSAL_FAILED_PRECONDITION, NULL, "somebody else has it checked out");
}

static bool check_revision(const struct documents_document_facts *f, struct refusal *no)
{
    return f->revision || refuse(no, REFUSAL_NOT_FOUND, "number", "the document has no such revision");
}

/* --- changes --- */

static Baton__Document *change_document(const struct documents_document_facts *f, struct stamp *s)
{
    return arena_copy(s->arena, f->document, sizeof(Baton__Document));
}

static void put_document(const struct documents_document_facts *f, Baton__Document *after, struct stamp *s,
                         struct outcome *out)
{
    documents_refresh(after, s);
    record_updated(&f->document->base, f->document_seq, &after->base, s, out);
}

static Baton__DocumentRevision *change_revision(const Baton__DocumentRevision *before,
                                                Baton__RevisionStatus status, struct stamp *s)
{
    Baton__DocumentRevision *after = arena_copy(s->arena, before, sizeof *after);
    after->has_status = true;
    after->status = status;
    return after;
}

/* 3: the one before is not the current one any more */
static void replace_current(const struct documents_document_facts *f, Baton__Document *after, uint32_t number,
                            struct stamp *s, struct outcome *out)
{
    after->has_current_number = true;
    after->current_number = number;
    if (!f->current)
        return;
    Baton__DocumentRevision *old =
        change_revision(f->current, BATON__REVISION_STATUS__REVISION_STATUS_SUPERSEDED, s);
    record_updated(&f->current->base, f->current_seq, &old->base, s, out);
}

/* --- adding --- */

static bool check_file(const struct documents_document_facts *f, const char *name, struct refusal *no)
{
    /* 4: of what one may read oneself */
    if (!f->file)
        return refuse(no, REFUSAL_NOT_FOUND, "file_hash", "there is no such file");
    if (!documents_name_allowed(name, no))
        return false;
    /* 5: another name does not make something else of it */
    return documents_kind_fits(name, f->file->media_type) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "name", "what is in the file (%s) is not what its name says",
                  f->file->media_type);
}

static Baton__DocumentRevision *new_revision(const struct documents_document_facts *f,
                                             const Baton__AddRevisionRequest *r, char *name, struct stamp *s)
{
    Baton__DocumentRevision *v = ARENA_NEW(s->arena, Baton__DocumentRevision);
    baton__document_revision__init(v);
    v->document_id = f->document->id;
    v->has_number = v->has_status = v->has_size = true;
    v->number = f->document->last_number + 1;
    v->status = r->make_current ? BATON__REVISION_STATUS__REVISION_STATUS_CURRENT
                                : BATON__REVISION_STATUS__REVISION_STATUS_DRAFT;
    v->file_hash = f->file->hash;
    v->name = name;
    v->size = f->file->size;
    v->media_type = f->file->media_type;
    v->note = r->note;
    v->author_id = s->actor->user_id;
    return v;
}

bool documents_decide_add(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    const Baton__AddRevisionRequest *r = (const Baton__AddRevisionRequest *)c->request;
    char *name = text_trim(s->arena, r->name ? r->name : f->file_name);
    if (!check_reach(f, &out->no) || !check_hands(f, s, &out->no) ||
        !check_file(f, name ? name : "", &out->no))
        return false;
    if (f->document->last_number >= REVISIONS_MAX)
        return refuse(&out->no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "a document has at most %d revisions",
                      REVISIONS_MAX);
    /* 6: what is to be reviewed is not current before it was */
    if (r->make_current && f->document->review_required)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "make_current",
                      "revisions of this document are reviewed first");
    Baton__Document *after = change_document(f, s);
    Baton__DocumentRevision *v = new_revision(f, r, name, s);
    Baton__AddRevisionResponse *reply = ARENA_NEW(out->arena, Baton__AddRevisionResponse);
    baton__add_revision_response__init(reply);
    reply->revision = (Baton__DocumentRevision *)record_created(&v->base, s, out);
    after->has_last_number = true;
    after->last_number = v->number;
    if (r->make_current)
        replace_current(f, after, v->number, s, out);
    put_document(f, after, s, out);
    reply->document = after;
    out->reply = &reply->base;
    return true;
}

bool documents_decide_current(const void *facts, const struct command *c, struct stamp *s,
                              struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    if (!check_reach(f, &out->no) || !check_hands(f, s, &out->no) || !check_revision(f, &out->no))
        return false;
    Baton__RevisionStatus status = f->revision->status;
    Baton__MakeCurrentResponse *reply = ARENA_NEW(out->arena, Baton__MakeCurrentResponse);
    baton__make_current_response__init(reply);
    out->reply = &reply->base;
    reply->document = (Baton__Document *)(uintptr_t)f->document;
    if (status == BATON__REVISION_STATUS__REVISION_STATUS_CURRENT)
        return true;
    /* 7: what was found bad is not made current, nor what waits for review; what was current once may be
     * again */
    bool is_good = status == BATON__REVISION_STATUS__REVISION_STATUS_APPROVED ||
                   status == BATON__REVISION_STATUS__REVISION_STATUS_SUPERSEDED ||
                   (status == BATON__REVISION_STATUS__REVISION_STATUS_DRAFT && !f->document->review_required);
    if (!is_good)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "number", "the revision is not approved");
    Baton__Document *after = change_document(f, s);
    replace_current(f, after, f->revision->number, s, out);
    Baton__DocumentRevision *v =
        change_revision(f->revision, BATON__REVISION_STATUS__REVISION_STATUS_CURRENT, s);
    record_updated(&f->revision->base, f->revision_seq, &v->base, s, out);
    put_document(f, after, s, out);
    reply->document = after;
    return true;
}

/* --- hands --- */

bool documents_decide_check_out(const void *facts, const struct command *c, struct stamp *s,
                                struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    if (!check_reach(f, &out->no) || !check_hands(f, s, &out->no))
        return false;
    Baton__CheckOutResponse *reply = ARENA_NEW(out->arena, Baton__CheckOutResponse);
    baton__check_out_response__init(reply);
    out->reply = &reply->base;
    reply->document = (Baton__Document *)(uintptr_t)f->document;
    if (f->document->checked_out_by_id)
        return true;
    Baton__Document *after = reply->document = change_document(f, s);
    after->checked_out_by_id = s->actor->user_id;
    after->checked_out_at = timestamp_of(s->arena, s->now_us);
    put_document(f, after, s, out);
    return true;
}

bool documents_decide_check_in(const void *facts, const struct command *c, struct stamp *s,
                               struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    if (!check_reach(f, &out->no))
        return false;
    /* 8: who is in charge gets it back from somebody who forgot */
    if (!f->is_in_charge && !check_hands(f, s, &out->no))
        return false;
    Baton__CheckInResponse *reply = ARENA_NEW(out->arena, Baton__CheckInResponse);
    baton__check_in_response__init(reply);
    out->reply = &reply->base;
    reply->document = (Baton__Document *)(uintptr_t)f->document;
    if (!f->document->checked_out_by_id)
        return true;
    Baton__Document *after = reply->document = change_document(f, s);
    after->checked_out_by_id = NULL;
    after->checked_out_at = NULL;
    put_document(f, after, s, out);
    return true;
}

/* --- reviews --- */

bool documents_decide_request_review(const void *facts, const struct command *c, struct stamp *s,
                                     struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    const Baton__RequestReviewRequest *r = (const Baton__RequestReviewRequest *)c->request;
    if (!check_reach(f, &out->no) || !check_revision(f, &out->no))
        return false;
    /* 9: what is current, or was, is not reviewed any more */
    if (f->revision->status == BATON__REVISION_STATUS__REVISION_STATUS_CURRENT ||
        f->revision->status == BATON__REVISION_STATUS__REVISION_STATUS_SUPERSEDED)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, "number",
                      "the revision was made current already");
    /* 10: nobody approves what they wrote */
    if (is_listed(r->reviewer_ids, r->n_reviewer_ids, f->revision->author_id))
        return refuse(&out->no, REFUSAL_INVALID_ARGUMENT, "reviewer_ids",
                      "nobody reviews what they wrote themselves");
    Baton__DocumentRevision *v =
        change_revision(f->revision, BATON__REVISION_STATUS__REVISION_STATUS_IN_REVIEW, s);
    v->reviewer_ids = r->reviewer_ids;
    v->n_reviewer_ids = r->n_reviewer_ids;
    v->n_approved_by_ids = 0;
    v->rejected_by_id = NULL;
    v->review_note = NULL;
    record_updated(&f->revision->base, f->revision_seq, &v->base, s, out);
    Baton__RequestReviewResponse *reply = ARENA_NEW(out->arena, Baton__RequestReviewResponse);
    baton__request_review_response__init(reply);
    reply->revision = v;
    out->reply = &reply->base;
    return true;
}

static bool has_all(const Baton__DocumentRevision *v)
{
    for (size_t i = 0; i < v->n_reviewer_ids; i++)
        if (!is_listed(v->approved_by_ids, v->n_approved_by_ids, v->reviewer_ids[i]))
            return false;
    return true;
}

static void approve(Baton__DocumentRevision *v, struct stamp *s)
{
    char **ids = ARENA_ARRAY(s->arena, char *, v->n_approved_by_ids + 1);
    for (size_t i = 0; i < v->n_approved_by_ids; i++)
        ids[i] = v->approved_by_ids[i];
    if (!is_listed(ids, v->n_approved_by_ids, s->actor->user_id))
        ids[v->n_approved_by_ids++] = s->actor->user_id;
    v->approved_by_ids = ids;
    if (has_all(v))
        v->status = BATON__REVISION_STATUS__REVISION_STATUS_APPROVED;
}

bool documents_decide_review(const void *facts, const struct command *c, struct stamp *s, struct outcome *out)
{
    const struct documents_document_facts *f = facts;
    const Baton__ReviewRevisionRequest *r = (const Baton__ReviewRevisionRequest *)c->request;
    if (!f->document || !check_revision(f, &out->no))
        return f->document ? false
                           : refuse(&out->no, REFUSAL_NOT_FOUND, "document_id", "there is no such document");
    if (f->revision->status != BATON__REVISION_STATUS__REVISION_STATUS_IN_REVIEW)
        return refuse(&out->no, REFUSAL_FAILED_PRECONDITION, NULL, "it is not in review");
    /* 11: who was asked says it, whether they may change the document or not */
    if (!is_listed(f->revision->reviewer_ids, f->revision->n_reviewer_ids, s->actor->user_id))
        return refuse(&out->no, REFUSAL_PERMISSION_DENIED, NULL, "you were not asked to review this");
    Baton__DocumentRevision *v = change_revision(f->revision, f->revision->status, s);
    /* 12: all who were asked approve it; one who rejects it is enough */
    if (r->approve) {
        approve(v, s);
    } else {
        v->status = BATON__REVISION_STATUS__REVISION_STATUS_REJECTED;
        v->rejected_by_id = s->actor->user_id;
    }
    v->review_note = r->note ? r->note : v->review_note;
    record_updated(&f->revision->base, f->revision_seq, &v->base, s, out);
    Baton__ReviewRevisionResponse *reply = ARENA_NEW(out->arena, Baton__ReviewRevisionResponse);
    baton__review_revision_response__init(reply);
    reply->revision = v;
    out->reply = &reply->base;
    return true;
}
