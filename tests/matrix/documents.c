/* What documents keeps, made as people make it. */
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
