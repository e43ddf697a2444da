/* Files over HTTP. Uploads are resumable as tus 1.0 has it (core, creation, termination, expiration), or one
   plain PUT:

   POST   /v1/files          Upload-Length, Upload-Metadata: filename ...   201, Location
   HEAD   /v1/files/UPLOAD                                                  Upload-Offset
   PATCH  /v1/files/UPLOAD   Upload-Offset, then bytes                      204, Upload-Offset; Baton-File
   when complete DELETE /v1/files/UPLOAD                                                  204 PUT
   /v1/files?name=... all of it                                      201, the file as JSON GET /v1/files/HASH
   Range, If-Range, If-None-Match                 200, 206, 304, 416

   No file is held whole: of an upload and of a download one or two pieces. */
#ifndef BATON_GATEWAY_FILE_H
#define BATON_GATEWAY_FILE_H

#include "baton/v1/documents.pb-c.h"
#include "request.h"

/* What every answer about uploads says. */
void file_headers(struct request *r, struct MHD_Response *response);
/* A refusal, with the status that upload clients expect of it. */
void file_refuse(struct request *r, const struct refusal *no);
/* A call of the documents service in the name of whoever asks, of nobody where anybody may ask; its answer is
 * of r->method's output. */
bool file_call(struct request *r, const char *method, const ProtobufCMessage *message, reply_fn *reply,
               void *arg, struct refusal *no);
/* The answer, in the gateway's arena; NULL: answered as an internal error. */
ProtobufCMessage *file_answer(struct request *r, struct bytes body);
/* The id of an upload behind the path; false: the path has none. */
bool file_upload_id(const struct request *r, char id[IDENT_TEXT_SIZE]);

/* download.c */
request_fn download_start;
/* By a link's ticket. */
void download_shared(struct request *r, const char *ticket);

/* share.c: a refusal for people outside. */
void share_refuse(struct request *r, const struct refusal *no);

#endif
