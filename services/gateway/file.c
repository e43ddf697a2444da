/* Files over HTTP: beginning, asking and canceling, and what the other two files share. */
#include "file.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "head.h"
#include "head_file.h"
#include "http.h"
#include "transfer.h"

enum { NAME_MAX_BYTES = 8192, LOCATION_SIZE = 512 };

void file_headers(struct request *r, struct MHD_Response *response)
{
    MHD_add_response_header(response, "Tus-Resumable", "1.0.0");
    answer_headers(r, response);
}

static void answer_empty(struct request *r, unsigned status, struct MHD_Response *response)
{
    file_headers(r, response);
    request_send(r, status, response);
}

static struct MHD_Response *empty(void)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    assert(response);
    return response;
}

void file_refuse(struct request *r, const struct refusal *no)
{
    bool is_large = no->code == REFUSAL_RESOURCE_EXHAUSTED && strcmp(no->field, "size") == 0;
    if (is_large)
        answer_refusal_as(r, MHD_HTTP_CONTENT_TOO_LARGE, no);
    else
        answer_refusal(r, no);
}

bool file_call(struct request *r, const char *method, const ProtobufCMessage *message, reply_fn *reply,
               void *arg, struct refusal *no)
{
    Baton__Actor actor = gateway_actor(&r->who);
    r->method = schema_method(method);
    r->json = true;
    if (!r->method->open && !(r->method->roles >> r->who.role & 1))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "your role may not do this");
    arena_reset(r->gateway->arena);
    const struct call c = {.service = "documents",
                           .method = method,
                           .actor = r->method->open ? NULL : &actor,
                           .body = schema_pack(message, r->gateway->arena),
                           .timeout_ms = TRANSFER_TIMEOUT_MS};
    return client_call(r->gateway->client, &c, reply, arg, no);
}

ProtobufCMessage *file_answer(struct request *r, struct bytes body)
{
    struct refusal no;
    arena_reset(r->gateway->arena);
    ProtobufCMessage *m = schema_unpack(r->method->output, body, r->gateway->arena);
    if (!m) {
        (void)refuse(&no, REFUSAL_INTERNAL, NULL, "the service's answer cannot be read");
        answer_refusal(r, &no);
    }
    return m;
}

bool file_upload_id(const struct request *r, char id[IDENT_TEXT_SIZE])
{
    uint8_t bytes[IDENT_SIZE];
    if (strlen(r->rest) != IDENT_TEXT_SIZE - 1)
        return false;
    memcpy(id, r->rest, IDENT_TEXT_SIZE);
    return ident_parse(bytes, id);
}

static void not_found(struct request *r)
{
    struct refusal no;
    (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such file or upload");
    answer_refusal(r, &no);
}

/* --- beginning --- */

static void on_begun(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    char location[LOCATION_SIZE];
    if (no)
        return file_refuse(r, no);
    const Baton__BeginUploadResponse *p = (const Baton__BeginUploadResponse *)file_answer(r, body);
    if (!p)
        return;
    (void)snprintf(location, sizeof location, "/v1/files/%s", p->upload->id); /* fits */
    struct MHD_Response *response = empty();
    MHD_add_response_header(response, "Location", location);
    answer_empty(r, MHD_HTTP_CREATED, response);
}

static bool begin(struct request *r, struct refusal *no)
{
    Baton__BeginUploadRequest q = BATON__BEGIN_UPLOAD_REQUEST__INIT;
    struct buffer name;
    buffer_init(&name, NAME_MAX_BYTES);
    q.has_size = head_number(request_header(r, "Upload-Length"), &q.size);
    bool is_named = head_metadata(request_header(r, "Upload-Metadata"), "filename", &name);
    bool is_called = false;
    q.name = (char *)(uintptr_t)buffer_cstr(&name);
    if (!q.has_size)
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "say how many bytes there will be: Upload-Length");
    else if (!is_named || strlen(q.name) != name.size)
        (void)refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                     "say what the file is called: Upload-Metadata: filename, and the name in base64");
    else
        is_called = file_call(r, "DocumentService/BeginUpload", &q.base, on_begun, r, no);
    buffer_release(&name);
    return is_called;
}

static void serve_begin(struct request *r)
{
    struct refusal no;
    if (!begin(r, &no))
        file_refuse(r, &no);
}

/* --- asking --- */

static void answer_where(struct request *r, uint64_t offset, uint64_t size, const char *hash)
{
    struct MHD_Response *response = empty();
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRIu64, offset); /* fits */
    MHD_add_response_header(response, "Upload-Offset", number);
    (void)snprintf(number, sizeof number, "%" PRIu64, size); /* fits */
    MHD_add_response_header(response, "Upload-Length", number);
    if (hash)
        MHD_add_response_header(response, "Baton-File", hash);
    answer_empty(r, MHD_HTTP_OK, response);
}

static void on_ended(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct refusal wrong;
    if (no)
        return answer_refusal(r, no);
    const Baton__PutPieceResponse *p = (const Baton__PutPieceResponse *)file_answer(r, body);
    if (!p)
        return;
    if (p->file)
        return answer_where(r, p->file->size, p->file->size, p->file->hash);
    (void)refuse(&wrong, REFUSAL_INVALID_ARGUMENT, NULL, "%s", p->rejected);
    answer_refusal(r, &wrong);
}

/* All of it is there and it is not a file yet. A client that is told so takes it for one and never asks again
 * (tus 1.0, "HEAD"), so that it becomes one first. */
static void end_upload(struct request *r, const Baton__Upload *u)
{
    struct refusal no;
    char id[IDENT_TEXT_SIZE];
    Baton__PutPieceRequest q = BATON__PUT_PIECE_REQUEST__INIT;
    memcpy(id, u->id, sizeof id); /* the answer goes with the call */
    q.id = id;
    q.has_offset = q.has_data = true;
    q.offset = u->size;
    if (!file_call(r, "DocumentService/PutPiece", &q.base, on_ended, r, &no))
        answer_refusal(r, &no);
}

static void on_upload(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    if (no)
        return answer_refusal(r, no);
    const Baton__GetUploadResponse *p = (const Baton__GetUploadResponse *)file_answer(r, body);
    if (p && p->offset == p->upload->size && !p->upload->hash)
        end_upload(r, p->upload);
    else if (p)
        answer_where(r, p->offset, p->upload->size, p->upload->hash);
}

static void on_canceled(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    if (no)
        answer_refusal(r, no);
    else
        answer_empty(r, MHD_HTTP_NO_CONTENT, empty());
}

static void serve_upload(struct request *r)
{
    struct refusal no;
    char id[IDENT_TEXT_SIZE];
    bool is_called;
    if (!file_upload_id(r, id))
        return not_found(r);
    if (strcmp(r->verb, "DELETE") == 0) {
        Baton__CancelUploadRequest q = BATON__CANCEL_UPLOAD_REQUEST__INIT;
        q.id = id;
        is_called = file_call(r, "DocumentService/CancelUpload", &q.base, on_canceled, r, &no);
    } else {
        Baton__GetUploadRequest q = BATON__GET_UPLOAD_REQUEST__INIT;
        q.id = id;
        is_called = file_call(r, "DocumentService/GetUpload", &q.base, on_upload, r, &no);
    }
    if (!is_called)
        answer_refusal(r, &no);
}

static void answer_options(struct request *r)
{
    struct MHD_Response *response = empty();
    MHD_add_response_header(response, "Tus-Version", "1.0.0");
    MHD_add_response_header(response, "Tus-Extension", "creation,termination,expiration");
    answer_empty(r, MHD_HTTP_NO_CONTENT, response);
}

/* What is no upload is a file. */
void file_start(struct request *r)
{
    char id[IDENT_TEXT_SIZE];
    bool is_read = strcmp(r->verb, "GET") == 0 || strcmp(r->verb, "HEAD") == 0;
    request_drop_body(r);
    if (strcmp(r->verb, "OPTIONS") == 0)
        answer_options(r);
    else if (strcmp(r->verb, "POST") == 0)
        auth_request(r, serve_begin);
    else if (is_read && !file_upload_id(r, id))
        download_start(r);
    else
        auth_request(r, serve_upload);
}
