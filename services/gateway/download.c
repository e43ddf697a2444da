/* Files to clients: one piece is being taken while the next one is fetched. Nothing is shown in place:
   whatever it is, it is saved. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth.h"
#include "baton/v1/shares.pb-c.h"
#include "file.h"
#include "head.h"
#include "head_file.h"
#include "http.h"
#include "transfer.h"

static const char READ[] = "DocumentService/ReadFile", READ_SHARED[] = "ShareService/ReadSharedFile";
enum { TAG_SIZE = HASH_TEXT_SIZE + 2, HEADER_MAX = 4096 };

struct download {
    struct transfer transfer; /* first */
    struct gateway *gateway;
    struct request *request; /* NULL: the client has gone, or has everything */
    struct who who;
    bool is_shared;            /* by a link, by whoever it may be */
    char hash[HASH_TEXT_SIZE]; /* or the link's ticket */
    uint64_t at, left;         /* what is to be fetched next; how much of it */
    struct buffer piece, next;
    size_t taken; /* of `piece` */
    bool waits;   /* the client, for a piece */
    bool is_broken;
};

static void release(struct download *d)
{
    buffer_release(&d->piece);
    buffer_release(&d->next);
    free(d);
}

/* --- fetching --- */

static void wake(struct download *d)
{
    if (!d->waits || !d->request)
        return;
    d->waits = false;
    request_resume(d->request);
}

static const struct schema_method *method_of(const struct download *d)
{
    return schema_method(d->is_shared ? READ_SHARED : READ);
}

/* Both answers have one field. */
static const ProtobufCBinaryData *data_of(const struct schema_method *method, const ProtobufCMessage *m)
{
    return (const ProtobufCBinaryData *)((const uint8_t *)m + method->output->pb->fields[0].offset);
}

static void on_read(void *arg, const struct refusal *no, struct bytes body)
{
    struct download *d = arg;
    const struct schema_method *method = method_of(d);
    transfer_done(&d->gateway->transfers, &d->transfer);
    if (!d->request)
        return release(d);
    arena_reset(d->gateway->arena);
    const ProtobufCMessage *p = no ? NULL : schema_unpack(method->output, body, d->gateway->arena);
    const ProtobufCBinaryData *data = p ? data_of(method, p) : NULL;
    uint64_t want = d->left < TRANSFER_PIECE ? d->left : TRANSFER_PIECE;
    d->is_broken = !data || data->len != want || !buffer_add(&d->next, data->data, data->len);
    d->at += want;
    d->left -= want;
    wake(d);
}

static struct bytes question(struct download *d)
{
    Baton__ReadFileRequest own = BATON__READ_FILE_REQUEST__INIT;
    Baton__ReadSharedFileRequest shared = BATON__READ_SHARED_FILE_REQUEST__INIT;
    own.hash = shared.ticket = d->hash;
    own.has_offset = own.has_size = shared.has_offset = shared.has_size = true;
    own.offset = shared.offset = d->at;
    own.size = shared.size = d->left < TRANSFER_PIECE ? (uint32_t)d->left : TRANSFER_PIECE;
    arena_reset(d->gateway->arena);
    return schema_pack(d->is_shared ? &shared.base : &own.base, d->gateway->arena);
}

static void fly(struct transfer *t)
{
    struct download *d = (struct download *)t;
    struct refusal no;
    Baton__Actor actor = gateway_actor(&d->who);
    const struct call c = {.service = "documents",
                           .method = method_of(d)->name,
                           .actor = d->is_shared ? NULL : &actor,
                           .body = question(d),
                           .timeout_ms = TRANSFER_TIMEOUT_MS};
    if (client_call(d->gateway->client, &c, on_read, d, &no))
        return;
    d->is_broken = true;
    transfer_done(&d->gateway->transfers, t);
    wake(d);
}

static void fetch(struct download *d)
{
    if (d->left > 0 && d->next.size == 0 && !d->is_broken)
        transfer_ask(&d->gateway->transfers, &d->transfer);
}

/* --- giving --- */

static void turn_over(struct download *d)
{
    struct buffer empty = d->piece;
    d->piece = d->next;
    d->next = empty;
    buffer_clear(&d->next);
    d->taken = 0;
    fetch(d);
}

/* libmicrohttpd asks for more of the answer. */
static ssize_t give(void *arg, uint64_t position, char *out, size_t room)
{
    struct download *d = arg;
    if (d->taken == d->piece.size && d->next.size > 0)
        turn_over(d);
    size_t n = d->piece.size - d->taken;
    if (n == 0 && d->is_broken)
        return MHD_CONTENT_READER_END_WITH_ERROR; /* the client sees that something is missing */
    if (n == 0) {
        d->waits = true;
        request_wait(d->request);
        fetch(d);
        return 0;
    }
    n = n < room ? n : room;
    memcpy(out, d->piece.data + d->taken, n);
    d->taken += n;
    request_moves(d->request);
    return (ssize_t)n;
}

/* libmicrohttpd wants nothing more of it. */
static void ended(void *arg)
{
    struct download *d = arg;
    d->request = NULL;
    transfer_leave(&d->gateway->transfers, &d->transfer);
    if (d->transfer.state == TRANSFER_RESTS)
        release(d);
}

static void leave(struct request *r)
{
    ((struct download *)r->flow)->request = NULL;
}

/* --- answers --- */

/* What is given: GetFile and GetSharedFile say it. */
struct found {
    const Baton__StoredFile *file;
    const char *name;   /* NULL: nothing is known */
    const char *ticket; /* of a link; NULL: of none */
};

static void add_headers(struct request *r, struct MHD_Response *response, const struct found *p,
                        const char *tag)
{
    struct buffer disposition;
    buffer_init(&disposition, HEADER_MAX);
    head_disposition(p->name ? p->name : p->file->hash, &disposition);
    MHD_add_response_header(response, "Content-Type", p->file->media_type);
    MHD_add_response_header(response, "Content-Disposition", buffer_cstr(&disposition));
    MHD_add_response_header(response, "Content-Security-Policy", "sandbox; default-src 'none'");
    MHD_add_response_header(response, "Cache-Control", "private, no-cache");
    MHD_add_response_header(response, "Accept-Ranges", "bytes");
    MHD_add_response_header(response, "ETag", tag);
    buffer_release(&disposition);
    answer_headers(r, response);
}

static struct MHD_Response *empty(void)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    assert(response);
    return response;
}

static void answer_no_part(struct request *r, uint64_t size)
{
    char range[64];
    struct MHD_Response *response = empty();
    (void)snprintf(range, sizeof range, "bytes */%" PRIu64, size); /* fits */
    MHD_add_response_header(response, "Content-Range", range);
    answer_headers(r, response);
    request_send(r, MHD_HTTP_RANGE_NOT_SATISFIABLE, response);
}

static struct MHD_Response *stream(struct request *r, const struct found *p, uint64_t from, uint64_t length)
{
    struct download *d = calloc(1, sizeof *d);
    assert(d);
    *d = (struct download){.transfer = {.go = fly},
                           .gateway = r->gateway,
                           .request = r,
                           .who = r->who,
                           .is_shared = p->ticket != NULL,
                           .at = from,
                           .left = length};
    (void)snprintf(d->hash, sizeof d->hash, "%s", p->ticket ? p->ticket : p->file->hash); /* fits */
    buffer_init(&d->piece, TRANSFER_PIECE);
    buffer_init(&d->next, TRANSFER_PIECE);
    r->flow = d;
    r->leave = leave;
    struct MHD_Response *response =
        MHD_create_response_from_callback(length, TRANSFER_PIECE / 4, give, d, ended);
    assert(response);
    return response;
}

static void answer(struct request *r, const struct found *p)
{
    uint64_t size = p->file->size, from = 0, length = size;
    char tag[TAG_SIZE], range[96];
    (void)snprintf(tag, sizeof tag, "\"%s\"", p->file->hash); /* fits */
    if (head_tag_listed(request_header(r, "If-None-Match"), tag)) {
        struct MHD_Response *response = empty();
        add_headers(r, response, p, tag);
        return request_send(r, MHD_HTTP_NOT_MODIFIED, response);
    }
    const char *same = request_header(r, "If-Range");
    bool is_same = !same || head_tag_is(same, tag);
    enum head_range part = head_range(is_same ? request_header(r, "Range") : NULL, size, &from, &length);
    if (part == HEAD_NO_PART)
        return answer_no_part(r, size);
    struct MHD_Response *response = stream(r, p, from, length);
    if (part == HEAD_PART) {
        (void)snprintf(range, sizeof range, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, from, from + length - 1,
                       size); /* fits */
        MHD_add_response_header(response, "Content-Range", range);
    }
    add_headers(r, response, p, tag);
    request_send(r, part == HEAD_PART ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK, response);
}

static void on_file(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    if (no)
        return answer_refusal(r, no);
    const Baton__GetFileResponse *p = (const Baton__GetFileResponse *)file_answer(r, body);
    if (p)
        answer(r, &(struct found){p->file, p->name, NULL});
}

static void serve(struct request *r)
{
    struct refusal no;
    Baton__GetFileRequest q = BATON__GET_FILE_REQUEST__INIT;
    q.hash = (char *)(uintptr_t)r->rest;
    if (strlen(r->rest) != HASH_TEXT_SIZE - 1)
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such file or upload");
    else if (file_call(r, "DocumentService/GetFile", &q.base, on_file, r, &no))
        return;
    answer_refusal(r, &no);
}

void download_start(struct request *r)
{
    auth_request(r, serve);
}

/* --- by a link --- */

static void on_shared(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    if (no)
        return share_refuse(r, no);
    const Baton__GetSharedFileResponse *p = (const Baton__GetSharedFileResponse *)file_answer(r, body);
    if (p)
        answer(r, &(struct found){p->file, p->name, r->rest + strlen(r->rest) - (HASH_TEXT_SIZE - 1)});
}

void download_shared(struct request *r, const char *ticket)
{
    struct refusal no;
    Baton__GetSharedFileRequest q = BATON__GET_SHARED_FILE_REQUEST__INIT;
    q.ticket = (char *)(uintptr_t)ticket;
    if (!file_call(r, "ShareService/GetSharedFile", &q.base, on_shared, r, &no))
        share_refuse(r, &no);
}
