/* Bodies that become files: taken from the client a piece at a time, each carried on while the next one
   comes. A client that breaks off loses nothing of what has arrived. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "file.h"
#include "head.h"
#include "http.h"
#include "transfer.h"

static const char PIECE[] = "DocumentService/PutPiece";

struct upload {
    struct transfer transfer; /* first */
    struct gateway *gateway;
    struct request *request; /* NULL: the client has gone */
    struct who who;
    char id[IDENT_TEXT_SIZE];
    uint64_t offset; /* of what is in flight, or else in `piece` */
    size_t in_flight;
    bool is_ready, is_ended, is_over;
    bool is_to_end; /* nothing is missing: a piece without bytes ends it, or tells what it became */
    struct buffer piece;
};

static void release(struct upload *u)
{
    buffer_release(&u->piece);
    free(u);
}

static void over(struct upload *u)
{
    u->is_over = true;
    buffer_release(&u->piece);
    if (!u->request)
        release(u);
}

static void refuse_now(struct upload *u, const struct refusal *no)
{
    struct request *r = u->request;
    over(u);
    if (r)
        file_refuse(r, no);
}

/* --- answers --- */

static struct MHD_Response *created(struct request *r, const Baton__StoredFile *file)
{
    struct buffer json;
    buffer_init(&json, 4096);
    (void)schema_to_json(&file->base, 0, &json); /* fits: its fields are bounded */
    struct MHD_Response *response = answer_new(r, "application/json", &json);
    return response;
}

/* As its client asked: what is there now, or the file. */
static void answer(struct upload *u, const Baton__StoredFile *file)
{
    struct request *r = u->request;
    char number[24];
    bool is_put = strcmp(r->verb, "PUT") == 0;
    struct MHD_Response *response =
        is_put && file ? created(r, file) : MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    assert(response);
    (void)snprintf(number, sizeof number, "%" PRIu64, u->offset); /* fits */
    MHD_add_response_header(response, "Upload-Offset", number);
    if (file)
        MHD_add_response_header(response, "Baton-File", file->hash);
    file_headers(r, response);
    over(u);
    request_send(r, is_put ? MHD_HTTP_CREATED : MHD_HTTP_NO_CONTENT, response);
}

static void reject(struct upload *u, const char *why)
{
    struct refusal no;
    struct request *r = u->request;
    (void)refuse(&no, REFUSAL_INVALID_ARGUMENT, NULL, "%s", why);
    over(u);
    if (r)
        answer_refusal_as(r, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, &no);
}

/* --- pieces --- */

/* What has not come yet may come; what is there goes on when the piece is full, or nothing more comes. */
static void go_on(struct upload *u)
{
    bool is_last = u->is_ended || !u->request;
    if (u->is_over || !u->is_ready)
        return;
    if (u->piece.size == TRANSFER_PIECE || (is_last && (u->piece.size > 0 || u->is_to_end)))
        transfer_ask(&u->gateway->transfers, &u->transfer); /* `u` is gone if it could not be sent */
    else if (!is_last)
        request_go_on(u->request);
    else if (u->transfer.state == TRANSFER_RESTS && u->request)
        answer(u, NULL);
    else if (u->transfer.state == TRANSFER_RESTS)
        over(u);
}

static void on_piece(void *arg, const struct refusal *no, struct bytes body)
{
    struct upload *u = arg;
    const struct schema_method *method = schema_method(PIECE);
    struct refusal broken;
    transfer_done(&u->gateway->transfers, &u->transfer);
    arena_reset(u->gateway->arena);
    const Baton__PutPieceResponse *p =
        no ? NULL : (const Baton__PutPieceResponse *)schema_unpack(method->output, body, u->gateway->arena);
    if (!no && (!p || (!p->rejected && p->offset != u->offset + u->in_flight))) {
        (void)refuse(&broken, REFUSAL_INTERNAL, NULL, "the service's answer cannot be read");
        no = &broken;
    }
    if (no)
        return refuse_now(u, no);
    if (p->rejected)
        return reject(u, p->rejected);
    u->offset += u->in_flight;
    u->in_flight = 0;
    if (p->file && u->request)
        answer(u, p->file);
    else
        go_on(u);
}

/* The bytes are with the bus once this returns: the next ones may come. */
static void fly(struct transfer *t)
{
    struct upload *u = (struct upload *)t;
    struct refusal no;
    Baton__PutPieceRequest q = BATON__PUT_PIECE_REQUEST__INIT;
    Baton__Actor actor = gateway_actor(&u->who);
    q.id = u->id;
    q.has_offset = q.has_data = true;
    q.offset = u->offset; /* nothing is in flight */
    q.data.data = u->piece.data;
    q.data.len = u->piece.size;
    arena_reset(u->gateway->arena);
    const struct call c = {.service = "documents",
                           .method = PIECE,
                           .actor = &actor,
                           .body = schema_pack(&q.base, u->gateway->arena),
                           .timeout_ms = TRANSFER_TIMEOUT_MS};
    u->in_flight = u->piece.size;
    if (!client_call(u->gateway->client, &c, on_piece, u, &no)) {
        transfer_done(&u->gateway->transfers, t);
        return refuse_now(u, &no);
    }
    buffer_clear(&u->piece);
    u->is_to_end = false;
    if (u->request && !u->is_ended)
        request_go_on(u->request);
}

/* --- what http.c asks of a body that is taken as it comes --- */

static size_t take(struct request *r, const char *data, size_t size)
{
    struct upload *u = r->flow;
    if (!u || u->is_over)
        return size; /* it is answered already */
    size_t room = TRANSFER_PIECE - u->piece.size, n = size < room ? size : room;
    if (!buffer_add(&u->piece, data, n))
        assert(!"it fits");
    if (u->piece.size == TRANSFER_PIECE)
        transfer_ask(&u->gateway->transfers, &u->transfer);
    return n;
}

static void end(struct request *r)
{
    struct upload *u = r->flow;
    if (!u || u->is_over)
        return;
    u->is_ended = true;
    go_on(u);
}

/* What has arrived is carried on. */
static void leave(struct request *r)
{
    struct upload *u = r->flow;
    if (!u)
        return;
    u->request = NULL;
    if (u->is_over)
        release(u);
    else if (u->is_ready)
        go_on(u);
    else
        over(u);
}

/* --- beginning --- */

static void ready(struct upload *u)
{
    u->is_ready = true;
    request_go_on(u->request);
}

static bool check_offset(const struct upload *u, const Baton__GetUploadResponse *p, struct refusal *no)
{
    if (p->offset != u->offset)
        return refuse(no, REFUSAL_ABORTED, NULL, "the upload goes on at %" PRIu64, p->offset);
    if (u->request->body_size > p->upload->size - p->offset)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "this is more than the upload has");
    return true;
}

static void on_upload(void *arg, const struct refusal *no, struct bytes body)
{
    struct upload *u = arg;
    struct refusal wrong;
    if (no)
        return refuse_now(u, no);
    const Baton__GetUploadResponse *p = (const Baton__GetUploadResponse *)file_answer(u->request, body);
    if (!p)
        return over(u);
    if (!check_offset(u, p, &wrong))
        return refuse_now(u, &wrong);
    u->is_to_end = p->offset == p->upload->size;
    ready(u);
}

static void on_begun(void *arg, const struct refusal *no, struct bytes body)
{
    struct upload *u = arg;
    if (no)
        return refuse_now(u, no);
    const Baton__BeginUploadResponse *p = (const Baton__BeginUploadResponse *)file_answer(u->request, body);
    if (!p)
        return over(u);
    memcpy(u->id, p->upload->id, strlen(p->upload->id) + 1);
    ready(u);
}

static bool begin_put(struct upload *u, struct refusal *no)
{
    struct request *r = u->request;
    Baton__BeginUploadRequest q = BATON__BEGIN_UPLOAD_REQUEST__INIT;
    const char *name = request_query(r, "name");
    if (*r->rest || !name || !*name)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "say what the file is called: PUT /v1/files?name=...");
    q.name = (char *)(uintptr_t)name;
    q.has_size = true;
    q.size = r->body_size;
    return file_call(r, "DocumentService/BeginUpload", &q.base, on_begun, u, no);
}

static bool begin_patch(struct upload *u, struct refusal *no)
{
    struct request *r = u->request;
    Baton__GetUploadRequest q = BATON__GET_UPLOAD_REQUEST__INIT;
    const char *type = request_header(r, "Content-Type");
    if (!file_upload_id(r, u->id))
        return refuse(no, REFUSAL_NOT_FOUND, NULL, "there is no such upload");
    if (!type || strcmp(type, "application/offset+octet-stream") != 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "Content-Type is application/offset+octet-stream");
    if (!head_number(request_header(r, "Upload-Offset"), &u->offset))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "say where it goes on: Upload-Offset");
    q.id = u->id;
    return file_call(r, "DocumentService/GetUpload", &q.base, on_upload, u, no);
}

static void serve(struct request *r)
{
    struct refusal no;
    struct upload *u = calloc(1, sizeof *u);
    assert(u);
    *u = (struct upload){.transfer = {.go = fly}, .gateway = r->gateway, .request = r, .who = r->who};
    buffer_init(&u->piece, TRANSFER_PIECE);
    r->flow = u;
    r->leave = leave;
    if (!(strcmp(r->verb, "PUT") == 0 ? begin_put(u, &no) : begin_patch(u, &no)))
        refuse_now(u, &no);
}

static void start(struct request *r)
{
    auth_request(r, serve);
}

const struct flow_ops upload_flow = {start, take, end};
