/* Connect's unary calls: HTTP and JSON on the outside, envelopes on the bus on the inside. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "base/log.h"
#include "base/text.h"
#include "board.h"
#include "events.h"
#include "head.h"
#include "http.h"
#include "limit.h"
#include "stream.h"

enum { ANSWER_MAX = 2 * WORLD_FRAME_MAX };

static const char SESSION_TOKEN[] = "session_token";

/* --- the head --- */

static bool unsupported_type(struct request *r)
{
    struct refusal no;
    (void)refuse(&no, REFUSAL_UNIMPLEMENTED, NULL,
                 "the content type must be application/json or application/proto");
    answer_refusal_as(r, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, &no);
    return false;
}

/* What a POST says in headers, a GET says in its query. */
static bool read_format(struct request *r, bool is_get)
{
    enum head_codec codec = is_get ? head_codec_named(request_query(r, "encoding"))
                                   : head_content_type(request_header(r, "Content-Type"));
    enum head_coding coding =
        head_coding(is_get ? request_query(r, "compression") : request_header(r, "Content-Encoding"));
    struct refusal no;
    if (codec == HEAD_NO_CODEC)
        return unsupported_type(r);
    r->json = codec == HEAD_JSON;
    r->packed = coding == HEAD_GZIP;
    if (coding != HEAD_OTHER_CODING)
        return true;
    (void)refuse(&no, REFUSAL_UNIMPLEMENTED, NULL, "unknown compression; there are: gzip, identity");
    answer_refusal(r, &no);
    return false;
}

static bool check_version(const struct request *r, bool is_get, struct refusal *no)
{
    const char *version =
        is_get ? request_query(r, "connect") : request_header(r, "Connect-Protocol-Version");
    if (!version || strcmp(version, is_get ? "v1" : "1") == 0)
        return true;
    return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "this server speaks version 1 of the Connect protocol");
}

static bool read_timeout(struct request *r, struct refusal *no)
{
    const char *header = request_header(r, "Connect-Timeout-Ms");
    uint64_t ms = CLIENT_TIMEOUT_MS;
    if (header && !head_timeout(header, &ms))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "Connect-Timeout-Ms must be 1 to 10 digits");
    if (ms == 0)
        return refuse(no, REFUSAL_DEADLINE_EXCEEDED, NULL, "no time was given");
    r->timeout_ms = ms < CLIENT_TIMEOUT_MS ? (uint32_t)ms : CLIENT_TIMEOUT_MS;
    return true;
}

/* --- the message --- */

/* From a GET's query into the body. */
static bool read_query_message(struct request *r, struct refusal *no)
{
    const char *message = NULL, *base64 = request_query(r, "base64");
    size_t size = 0;
    (void)MHD_lookup_connection_value_n(r->connection, MHD_GET_ARGUMENT_KIND, "message", strlen("message"),
                                        &message, &size); /* absent: an empty one */
    if (base64 && strcmp(base64, "1") == 0)
        return (size == (message ? strlen(message) : 0) &&
                head_base64url(message ? message : "", &r->body)) ||
               refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the message is not base64url");
    if (!r->json || r->packed)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL,
                      "a binary or compressed message must come with base64=1");
    return buffer_add(&r->body, message, size) ||
           refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "the message is too large");
}

/* As resource_exhausted, but 413: it will not pass later either. */
static bool refuse_size(struct request *r, size_t longest, struct refusal *no)
{
    r->body_status = MHD_HTTP_CONTENT_TOO_LARGE;
    return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "this message may have at most %zu bytes", longest);
}

static bool unpack(struct request *r, struct refusal *no)
{
    struct buffer plain;
    if (!r->packed || r->body.size == 0)
        return true;
    buffer_init(&plain, SCHEMA_MESSAGE_MAX);
    enum zip_result result = zip_unpack(r->gateway->zip, buffer_bytes(&r->body), &plain);
    if (result == ZIP_OK) {
        request_drop_body(r);
        r->body = plain;
        return true;
    }
    buffer_release(&plain);
    if (result == ZIP_TOO_LARGE)
        return refuse_size(r, SCHEMA_MESSAGE_MAX, no);
    return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the body is not gzip");
}

/* What a record must have depends on what is there already: only its own service can say. */
static bool check_rules(const struct request *r, const ProtobufCMessage *message, struct refusal *no)
{
    return strcmp(r->method->service, "RecordService") == 0 || schema_check(message, NULL, no);
}

static bool decode(struct request *r, ProtobufCMessage **message, struct refusal *no)
{
    struct arena *a = r->gateway->arena;
    struct bytes body = buffer_bytes(&r->body);
    arena_reset(a);
    return (r->json ? schema_from_json(r->method->input, body, a, message, no)
                    : schema_decode(r->method->input, body, a, message, no)) &&
           check_rules(r, *message, no);
}

/* Where the request has a place for its original and leaves it empty, the JSON is what came in. */
static bool keep_original(struct request *r, const ProtobufCMessage *message, Baton__Original *original,
                          struct refusal *no)
{
    const struct schema_field *f = schema_field(r->method->input, "original");
    if (!f || !r->json || schema_present(message, f))
        return true;
    const char *type = request_header(r, "Content-Type");
    size_t longest = schema_field(f->message, "body")->rules->max_length;
    if (r->body.size > longest)
        return refuse_size(r, longest, no);
    original->content_type = strlen(type) <= schema_field(f->message, "content_type")->rules->max_length
                                 ? (char *)(uintptr_t)type
                                 : (char *)(uintptr_t) "application/json";
    original->has_body = true;
    original->body = (ProtobufCBinaryData){r->body.size, r->body.data};
    return true;
}

/* Where the request has a place for what sends it and leaves it empty, the head says. */
static bool name_sender(struct request *r, ProtobufCMessage *message)
{
    const struct schema_field *f = schema_field(r->method->input, "user_agent");
    const char *agent = request_header(r, "User-Agent");
    if (!f || !agent || schema_present(message, f))
        return false;
    char *text = arena_strdup(r->gateway->arena, agent);
    text[text_clip(text, f->rules->max_length)] = '\0';
    if (!text_valid(text, strlen(text)))
        return false;
    schema_set_text(message, f->pb->name, text);
    return true;
}

/* --- the answer --- */

/* Somebody asked for the session as a cookie: then no script gets to see it. */
static bool wants_cookie(const struct request *r)
{
    const char *wish = request_header(r, "Baton-Session");
    return wish && strcmp(wish, "cookie") == 0 && schema_field(r->method->output, SESSION_TOKEN);
}

/* A GET's answer has a tag; where the client has just that answer, it is not sent again. */
static struct MHD_Response *tagged(struct request *r, const char *type, struct buffer *body, unsigned *status)
{
    uint8_t hash[HASH_SIZE];
    char digits[HASH_TEXT_SIZE], tag[HASH_TEXT_SIZE + 4];
    hash2(hash, buffer_bytes(body), bytes_text(type));
    hex_encode(digits, hash, HASH_SIZE / 2);
    (void)snprintf(tag, sizeof tag, "W/\"%s\"", digits); /* fits */
    const char *has = request_header(r, "If-None-Match");
    if (has && strstr(has, tag)) {
        *status = MHD_HTTP_NOT_MODIFIED;
        buffer_clear(body);
    }
    struct MHD_Response *response = answer_new(r, type, body);
    MHD_add_response_header(response, "ETag", tag);
    MHD_add_response_header(response, "Cache-Control", "private, no-cache");
    MHD_add_response_header(response, "Vary", "Authorization, Cookie");
    return response;
}

/* The session is over here, too: at once, not when what we remember of it is too old. */
static void sign_out(struct request *r, struct MHD_Response *response)
{
    auth_forget(r->gateway->auth, r->token_hash);
    streams_end_token(r->gateway->streams, r->who.user_id, r->token_hash);
    events_end_token(r->gateway->events, r->token_hash);
    if (r->by_cookie)
        auth_set_cookie(r->gateway, response, NULL);
}

static void send_message(struct request *r, struct buffer *body, const char *session_token)
{
    const char *type = r->json ? "application/json" : "application/proto";
    unsigned status = MHD_HTTP_OK;
    struct MHD_Response *response =
        strcmp(r->verb, "GET") == 0 ? tagged(r, type, body, &status) : answer_new(r, type, body);
    if (session_token)
        auth_set_cookie(r->gateway, response, session_token);
    if (strcmp(r->method->name, "DirectoryService/SignOut") == 0)
        sign_out(r, response);
    answer_headers(r, response);
    request_send(r, status, response);
}

static void answer_internal(struct request *r, const char *why)
{
    struct refusal no;
    log_failure("connect", "%s: %s", r->method->name, why);
    (void)refuse(&no, REFUSAL_INTERNAL, NULL, "%s", why);
    answer_refusal(r, &no);
}

void connect_answer(struct request *r, ProtobufCMessage *message)
{
    struct buffer body;
    char *token = NULL;
    if (wants_cookie(r)) {
        token = (char *)(uintptr_t)schema_get_text(message, SESSION_TOKEN);
        schema_clear(message, schema_field(r->method->output, SESSION_TOKEN));
    }
    buffer_init(&body, ANSWER_MAX);
    if (r->json) {
        (void)schema_to_json(message, SCHEMA_JSON_SECRETS, &body); /* body.overflow says so */
    } else {
        struct bytes wire = schema_pack(message, r->gateway->arena);
        (void)buffer_add(&body, wire.data, wire.size); /* body.overflow says so */
    }
    if (!body.overflow)
        return send_message(r, &body, token);
    buffer_release(&body);
    answer_internal(r, "the answer is too large");
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    if (no)
        return answer_refusal(r, no);
    if (!r->json && !wants_cookie(r)) {
        struct buffer copy;
        buffer_init(&copy, WORLD_FRAME_MAX);
        (void)buffer_add(&copy, body.data, body.size); /* fits: it came in one frame */
        return send_message(r, &copy, NULL);
    }
    arena_reset(r->gateway->arena);
    ProtobufCMessage *message = schema_unpack(r->method->output, body, r->gateway->arena);
    if (message)
        connect_answer(r, message);
    else
        answer_internal(r, "the service's answer cannot be read");
}

/* --- the call --- */

static bool call(struct request *r, struct refusal *no)
{
    ProtobufCMessage *message;
    Baton__Original original = BATON__ORIGINAL__INIT;
    Baton__Actor actor = gateway_actor(&r->who);
    char trace[HEAD_TRACE_SIZE];
    if (!decode(r, &message, no) || !keep_original(r, message, &original, no))
        return false;
    const char *service = client_route(r->method, message, no);
    if (!service)
        return false;
    bool is_changed = name_sender(r, message);
    const struct call c = {
        .service = service,
        .method = r->method->name,
        .actor = r->method->open ? NULL : &actor,
        .original = original.has_body ? &original : NULL,
        .trace_id = head_trace(request_header(r, "traceparent"), trace) ? trace : NULL,
        .body = r->json || is_changed ? schema_pack(message, r->gateway->arena) : buffer_bytes(&r->body),
        .timeout_ms = r->timeout_ms,
    };
    return client_call(r->gateway->client, &c, on_reply, r, no);
}

static void list_audit(struct request *r)
{
    ProtobufCMessage *message;
    struct refusal no = {0};
    if (decode(r, &message, &no))
        audit_list(r, message);
    else
        answer_refusal(r, &no);
}

/* Who asks is known, where it matters. */
static void serve(struct request *r)
{
    struct refusal no = {0};
    bool is_get = strcmp(r->verb, "GET") == 0;
    if (!r->method->open && !(r->method->roles >> r->who.role & 1)) {
        (void)refuse(&no, REFUSAL_PERMISSION_DENIED, NULL, "your role may not call %s", r->method->name);
        return answer_refusal(r, &no);
    }
    bool is_read = (!is_get || read_query_message(r, &no)) && unpack(r, &no);
    if (is_read && strcmp(r->method->name, "SystemService/ListServices") == 0)
        return health_list_services(r);
    if (is_read && strcmp(r->method->name, "SystemService/ListAudit") == 0)
        return list_audit(r);
    bool is_under_way = is_read && call(r, &no);
    request_drop_body(r);
    if (is_under_way)
        return;
    if (r->body_status)
        answer_refusal_as(r, r->body_status, &no);
    else
        answer_refusal(r, &no);
}

static bool find_method(struct request *r)
{
    struct refusal no;
    r->method = schema_method(r->rest);
    if (r->method && !r->method->internal)
        return true;
    (void)refuse(&no, REFUSAL_UNIMPLEMENTED, NULL, "there is no method %s", r->rest);
    answer_refusal_as(r, MHD_HTTP_NOT_FOUND, &no);
    return false;
}

void connect_start(struct request *r)
{
    struct refusal no = {0};
    bool is_get = strcmp(r->verb, "GET") == 0;
    if (!find_method(r))
        return;
    if (is_get && !r->method->no_side_effects)
        return answer_wrong_verb(r, "POST");
    if ((r->method->open && !limit_request(r)) || !read_format(r, is_get))
        return;
    if (!check_version(r, is_get, &no) || !read_timeout(r, &no))
        return answer_refusal(r, &no);
    if (r->method->open)
        serve(r);
    else
        auth_request(r, serve);
}
