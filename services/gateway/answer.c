/* Answers: their headers, packing them, and refusals as Connect's Error JSON. */
#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "form.h"
#include "head.h"
#include "request.h"

enum { PACK_MIN = 1024, ERROR_MAX = 8192, DETAIL_JSON_MAX = 1 << 20, DATE_SIZE = 40 };

static const char TRANSPORT_SECURITY[] = "Strict-Transport-Security";

static const struct {
    const char *name, *value;
} usual_headers[] = {
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static const char *transport_security(const struct gateway *g)
{
    return g->public_url && strncmp(g->public_url, "https://", 8) == 0 ? "max-age=31536000" : NULL;
}

void answer_headers(struct request *r, struct MHD_Response *response)
{
    for (size_t i = 0; i < sizeof usual_headers / sizeof *usual_headers; i++)
        if (!MHD_get_response_header(response, usual_headers[i].name))
            MHD_add_response_header(response, usual_headers[i].name, usual_headers[i].value);
    if (transport_security(r->gateway))
        MHD_add_response_header(response, TRANSPORT_SECURITY, transport_security(r->gateway));
}

void answer_lasting_head(const struct request *r, const char *content_type, struct buffer *out)
{
    char date[DATE_SIZE];
    struct tm now;
    time_t seconds = (time_t)(r->gateway->world->ops->wall_us(r->gateway->world) / 1000000);
    if (!gmtime_r(&seconds, &now) || strftime(date, sizeof date, "%a, %d %b %Y %T GMT", &now) == 0)
        date[0] = '\0';
    (void)buffer_printf(out,
                        "HTTP/1.1 200 OK\r\nDate: %s\r\nConnection: close\r\nContent-Type: %s\r\n"
                        "X-Accel-Buffering: no\r\n",
                        date, content_type);
    for (size_t i = 0; i < sizeof usual_headers / sizeof *usual_headers; i++)
        (void)buffer_printf(out, "%s: %s\r\n", usual_headers[i].name, usual_headers[i].value);
    if (transport_security(r->gateway))
        (void)buffer_printf(out, "%s: %s\r\n", TRANSPORT_SECURITY, transport_security(r->gateway));
    (void)buffer_text(out, "\r\n"); /* whether all of it fitted, out->overflow says */
}

/* The packed form in place of the plain one, if it came out smaller. */
static bool pack(struct request *r, struct buffer *body)
{
    struct buffer packed;
    if (body->size < PACK_MIN || !head_accepts_gzip(request_header(r, "Accept-Encoding")))
        return false;
    buffer_init(&packed, body->size);
    if (!zip_pack(r->gateway->zip, buffer_bytes(body), &packed)) {
        buffer_release(&packed);
        return false;
    }
    buffer_release(body);
    *body = packed;
    return true;
}

struct MHD_Response *answer_new(struct request *r, const char *content_type, struct buffer *body)
{
    bool is_packed = pack(r, body);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_FREE);
    assert(response);
    *body = (struct buffer){0};
    MHD_add_response_header(response, "Content-Type", content_type);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (is_packed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

/* A message as a detail: packed, and readable beside it unless that is too long. */
static void add_detail(struct request *r, const ProtobufCMessage *message, struct bytes wire,
                       struct buffer *out)
{
    struct buffer json;
    const size_t size = sodium_base64_encoded_len(wire.size, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    char *text = sodium_bin2base64(arena_alloc(r->gateway->arena, size), size, wire.data, wire.size,
                                   sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    (void)buffer_printf(out, "{\"type\":\"%s\",\"value\":\"%s\"", message->descriptor->name, text);
    buffer_init(&json, DETAIL_JSON_MAX);
    if (schema_to_json(message, 0, &json))
        (void)buffer_printf(out, ",\"debug\":%s", buffer_cstr(&json));
    buffer_release(&json);
    (void)buffer_char(out, '}');
}

/* The field, as baton.v1.FieldViolation, and what else the refusal carries. */
static void add_details(struct request *r, const struct refusal *no, struct buffer *out)
{
    Baton__FieldViolation violation = BATON__FIELD_VIOLATION__INIT;
    const struct schema_message *m = no->detail_type ? schema_message_named(no->detail_type) : NULL;
    arena_reset(r->gateway->arena);
    ProtobufCMessage *more = m ? schema_unpack(m, no->detail, r->gateway->arena) : NULL;
    if (!no->field[0] && !more)
        return;
    violation.field = (char *)(uintptr_t)no->field;
    violation.description = (char *)(uintptr_t)no->message;
    (void)buffer_text(out, ",\"details\":[");
    if (no->field[0])
        add_detail(r, &violation.base, schema_pack(&violation.base, r->gateway->arena), out);
    if (no->field[0] && more)
        (void)buffer_char(out, ',');
    if (more)
        add_detail(r, more, no->detail, out);
    (void)buffer_char(out, ']');
}

static void answer_error(struct request *r, unsigned status, const struct refusal *no)
{
    struct buffer out;
    buffer_init(&out, ERROR_MAX + 2 * no->detail.size + (no->detail.size ? DETAIL_JSON_MAX : 0));
    (void)buffer_printf(&out, "{\"code\":\"%s\",\"message\":", refusal_code_name(no->code));
    (void)schema_json_string(&out, no->message);
    add_details(r, no, &out);
    (void)buffer_char(&out, '}');
    assert(!out.overflow);
    struct MHD_Response *response = answer_new(r, "application/json", &out);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_TOO_MANY_REQUESTS)
        MHD_add_response_header(response, "Retry-After", "1");
    if (status == MHD_HTTP_UNAUTHORIZED)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"baton\"");
    if (status == MHD_HTTP_UNSUPPORTED_MEDIA_TYPE)
        MHD_add_response_header(response, "Accept-Post", "application/json, application/proto");
    answer_headers(r, response);
    request_send(r, status, response);
}

void answer_refusal_as(struct request *r, unsigned status, const struct refusal *no)
{
    if (r->route->is_page)
        form_refusal(r, status, no);
    else
        answer_error(r, status, no);
}

void answer_refusal(struct request *r, const struct refusal *no)
{
    answer_refusal_as(r, (unsigned)refusal_http_status(no->code), no);
}

void answer_wrong_verb(struct request *r, const char *allowed)
{
    struct refusal no;
    (void)refuse(&no, REFUSAL_UNIMPLEMENTED, NULL, "%s is not for this address; it takes: %s", r->verb,
                 allowed);
    answer_refusal_as(r, MHD_HTTP_METHOD_NOT_ALLOWED, &no);
    MHD_add_response_header(r->response, "Allow", allowed);
}
