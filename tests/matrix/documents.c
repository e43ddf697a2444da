/* What documents keeps, made as people make it. */
#include <stdio.h>

#include "baton/v1/shares.pb-c.h"
#include "matrix/internal.h"

void company_settings(struct company *c, const struct kind *k, const struct person *owner,
                      char id[COMPANY_ID_SIZE])
{
    Baton__GetRecordRequest q = BATON__GET_RECORD_REQUEST__INIT;
    q.type = "document_settings";
    Baton__GetRecordResponse *p = company_must(c, &c->boss.actor, "RecordService/GetRecord", &q);
    company_keep_id(id, p->record->document_settings->id);
}

void company_upload(struct company *c, const struct kind *k, const struct person *owner,
                    char id[COMPANY_ID_SIZE])
{
    Baton__BeginUploadRequest q = BATON__BEGIN_UPLOAD_REQUEST__INIT;
    Baton__Actor actor = owner->actor;
    q.name = "letter.txt";
    q.has_size = true;
    q.size = 1000;
    actor.role = BATON__ROLE__ROLE_REP; /* whatever else they are */
    Baton__BeginUploadResponse *p = company_must(c, &actor, "DocumentService/BeginUpload", &q);
    company_keep_id(id, p->upload->id);
}

/* Of the boss. */
static void store_file(struct company *c, char hash[HASH_TEXT_SIZE])
{
    static char text[] = "what was agreed on\n";
    Baton__BeginUploadRequest begin = BATON__BEGIN_UPLOAD_REQUEST__INIT;
    Baton__PutPieceRequest put = BATON__PUT_PIECE_REQUEST__INIT;
    begin.name = "agreed.txt";
    begin.has_size = put.has_offset = put.has_data = true;
    begin.size = put.data.len = sizeof text - 1;
    put.data.data = (uint8_t *)text;
    Baton__BeginUploadResponse *begun =
        company_must(c, &c->boss.actor, "DocumentService/BeginUpload", &begin);
    put.id = begun->upload->id;
    Baton__PutPieceResponse *p = company_must(c, &c->boss.actor, "DocumentService/PutPiece", &put);
    (void)snprintf(hash, HASH_TEXT_SIZE, "%s", p->file->hash); /* fits: it is one */
}

static Baton__AddRevisionResponse *revise(struct company *c, const char *owner_id, const char *hash)
{
    Baton__Document d = BATON__DOCUMENT__INIT;
    Baton__AddRevisionRequest q = BATON__ADD_REVISION_REQUEST__INIT;
    char id[COMPANY_ID_SIZE];
    d.title = "Agreement";
    d.owner_id = (char *)(uintptr_t)owner_id;
    company_create(c, &d.base, id);
    q.document_id = id;
    q.file_hash = (char *)(uintptr_t)hash;
    return company_must(c, &c->boss.actor, "DocumentService/AddRevision", &q);
}

const char *company_file(struct company *c)
{
    if (!*c->file) {
        store_file(c, c->file);
        (void)revise(c, c->boss.id, c->file); /* it was not refused */
    }
    return c->file;
}

void company_revision(struct company *c, const struct kind *k, const struct person *owner,
                      char id[COMPANY_ID_SIZE])
{
    company_keep_id(id, revise(c, owner->id, company_file(c))->revision->id);
}

static Baton__CreateShareResponse *share(struct company *c, char *document_id)
{
    Baton__CreateShareRequest q = BATON__CREATE_SHARE_REQUEST__INIT;
    q.document_id = document_id;
    return company_must(c, &c->boss.actor, "ShareService/CreateShare", &q);
}

void company_policy(struct company *c, const struct kind *k, const struct person *owner,
                    char id[COMPANY_ID_SIZE])
{
    Baton__DocumentReaders everybody = BATON__DOCUMENT_READERS__INIT;
    Baton__Document d = BATON__DOCUMENT__INIT;
    Baton__AddRevisionRequest q = BATON__ADD_REVISION_REQUEST__INIT;
    d.title = "Policy";
    d.owner_id = (char *)(uintptr_t)owner->id;
    everybody.has_all = everybody.all = true;
    d.must_read = &everybody;
    company_create(c, &d.base, id);
    q.document_id = id;
    q.file_hash = (char *)(uintptr_t)company_file(c);
    q.has_make_current = q.make_current = true;
    (void)company_must(c, &c->boss.actor, "DocumentService/AddRevision", &q); /* it was not refused */
    Baton__PinSentRequest sent = BATON__PIN_SENT_REQUEST__INIT;
    sent.document_id = id;
    sent.about_id = COMPANY_NO_ID;
    (void)company_must(c, &c->boss.actor, "DocumentService/PinSent", &sent); /* it was not refused */
    (void)share(c, id);                                                      /* it was not refused */
}

/* Made by the boss. */
void company_document_link(struct company *c, const struct kind *k, const struct person *owner,
                           char id[COMPANY_ID_SIZE])
{
    char document_id[COMPANY_ID_SIZE];
    company_policy(c, k, owner, document_id);
    company_keep_id(id, share(c, document_id)->share->id);
}

const char *company_sealed(struct company *c)
{
    char document_id[COMPANY_ID_SIZE];
    company_policy(c, NULL, &c->boss, document_id);
    return share(c, document_id)->token;
}

const char *company_ticket(struct company *c)
{
    Baton__OpenShareRequest q = BATON__OPEN_SHARE_REQUEST__INIT;
    q.token = (char *)(uintptr_t)company_sealed(c);
    Baton__OpenShareResponse *p = company_must(c, &c->boss.actor, "ShareService/OpenShare", &q);
    return p->ticket;
}

void company_revised(struct company *c, const struct kind *k, const struct person *owner,
                     char id[COMPANY_ID_SIZE])
{
    company_keep_id(id, revise(c, owner->id, company_file(c))->document->id);
}
