/* Web forms, as browsers send them without any script: fields to LeadService/SubmitForm, the original beside
   them, and a page or a redirect back. */
#include "form.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

#include "base/text.h"
#include "baton/v1/leads.pb-c.h"
#include "head.h"
#include "http.h"

enum { PROCESSOR_SIZE = 4096, PAGE_MAX = 8192, NAME_MAX_BYTES = 200, REPLACEMENT = 0xfffd };

static const char PAGE_HEAD[] = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                "<meta name=\"viewport\" content=\"width=device-width\"><title>";
static const char POLICY[] =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/* --- pages --- */

static void write_escaped(struct buffer *out, const char *text)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (; *text; text++) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            if (*text == entities[i].c)
                entity = entities[i].entity;
        (void)(entity ? buffer_text(out, entity) : buffer_char(out, *text)); /* fits: see PAGE_MAX */
    }
}

static void send_page(struct request *r, unsigned status, const char *title, const char *text,
                      const char *location)
{
    struct buffer out;
    buffer_init(&out, PAGE_MAX);
    (void)buffer_text(&out, PAGE_HEAD); /* fits: see PAGE_MAX */
    write_escaped(&out, title);
    (void)buffer_text(&out, "</title></head><body><h1>");
    write_escaped(&out, title);
    (void)buffer_text(&out, "</h1><p>");
    write_escaped(&out, text);
    (void)buffer_text(&out, "</p></body></html>\n");
    assert(!out.overflow);
    struct MHD_Response *response = answer_new(r, "text/html; charset=utf-8", &out);
    MHD_add_response_header(response, "Content-Security-Policy", POLICY);
    if (location)
        MHD_add_response_header(response, "Location", location);
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_TOO_MANY_REQUESTS)
        MHD_add_response_header(response, "Retry-After", "1");
    answer_headers(r, response);
    request_send(r, status, response);
}

void form_refusal(struct request *r, unsigned status, const struct refusal *no)
{
    bool may_pass_later = status == MHD_HTTP_SERVICE_UNAVAILABLE || status == MHD_HTTP_TOO_MANY_REQUESTS;
    send_page(r, status, may_pass_later ? "Please try again in a moment" : "This could not be sent",
              no->message, NULL);
}

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct arena *a = r->gateway->arena;
    if (no)
        return answer_refusal(r, no);
    arena_reset(a);
    const Baton__SubmitFormResponse *answer = (const Baton__SubmitFormResponse *)schema_unpack(
        schema_message(&baton__submit_form_response__descriptor), body, a);
    const char *url = answer ? answer->redirect_url : NULL;
    if (url && *url && head_is_redirect(url))
        send_page(r, MHD_HTTP_SEE_OTHER, "Thank you", "We have received it.", url);
    else
        send_page(r, MHD_HTTP_OK, "Thank you", "We have received it and will be in touch.", NULL);
}

/* --- fields --- */

struct fields {
    struct arena *arena;
    struct buffer values[FORM_FIELDS_MAX];
    char *names[FORM_FIELDS_MAX];
    size_t n;
    struct refusal no;
};

/* The original keeps every byte; in the field, what is no UTF-8 becomes U+FFFD. */
static char *readable(struct arena *a, struct bytes raw)
{
    /* A damaged byte becomes three. */
    char *out = arena_alloc(a, raw.size * U8_LENGTH(REPLACEMENT) + 1);
    int32_t at = 0, to = 0;
    while ((size_t)at < raw.size) {
        UChar32 c;
        U8_NEXT(raw.data, at, (int32_t)raw.size, c);
        if (c <= 0)
            c = REPLACEMENT;
        U8_APPEND_UNSAFE((uint8_t *)out, to, c);
    }
    out[to] = '\0';
    return out;
}

static bool field_begin(struct fields *f, const char *name)
{
    if (f->n == FORM_FIELDS_MAX)
        return refuse(&f->no, REFUSAL_INVALID_ARGUMENT, NULL, "the form has more than %d fields",
                      FORM_FIELDS_MAX);
    char *text = readable(f->arena, bytes_text(name));
    if (strlen(text) > NAME_MAX_BYTES)
        return refuse(&f->no, REFUSAL_INVALID_ARGUMENT, NULL, "a field's name is longer than %d bytes",
                      NAME_MAX_BYTES);
    f->names[f->n] = text;
    buffer_init(&f->values[f->n++], FORM_VALUE_MAX);
    return true;
}

/* Called with pieces of values; `offset` 0 begins a field. Files are left to the original. */
static enum MHD_Result on_field(void *arg, enum MHD_ValueKind kind, const char *name, const char *filename,
                                const char *type, const char *coding, const char *data, uint64_t offset,
                                size_t size)
{
    struct fields *f = arg;
    if (filename)
        return MHD_YES;
    if (offset == 0 && !field_begin(f, name ? name : ""))
        return MHD_NO;
    if (f->n && buffer_add(&f->values[f->n - 1], data, size))
        return MHD_YES;
    (void)refuse(&f->no, REFUSAL_INVALID_ARGUMENT, f->names[f->n - 1],
                 "the field \"%.100s\" is longer than %d bytes", f->names[f->n - 1], FORM_VALUE_MAX);
    return MHD_NO;
}

static bool read_fields(struct request *r, struct fields *f)
{
    struct MHD_PostProcessor *p = MHD_create_post_processor(r->connection, PROCESSOR_SIZE, on_field, f);
    if (!p)
        return refuse(&f->no, REFUSAL_INVALID_ARGUMENT, NULL, "this is not a form");
    bool is_read = MHD_post_process(p, (const char *)r->body.data, r->body.size) == MHD_YES;
    is_read = MHD_destroy_post_processor(p) == MHD_YES && is_read;
    if (f->no.code)
        return false;
    return is_read || refuse(&f->no, REFUSAL_INVALID_ARGUMENT, NULL, "the form is damaged");
}

static bool check_size(struct request *r, struct refusal *no)
{
    size_t longest = schema_field(schema_message(&baton__original__descriptor), "body")->rules.max_length;
    if (r->body.size <= longest)
        return true;
    r->body_status = MHD_HTTP_CONTENT_TOO_LARGE;
    return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "a form may have at most %zu bytes", longest);
}

static bool check_type(struct request *r, struct refusal *no)
{
    static const char *const known[] = {MHD_HTTP_POST_ENCODING_FORM_URLENCODED,
                                        MHD_HTTP_POST_ENCODING_MULTIPART_FORMDATA};
    const char *type = request_header(r, "Content-Type");
    for (size_t i = 0; type && i < sizeof known / sizeof *known; i++)
        if (strncasecmp(type, known[i], strlen(known[i])) == 0)
            return true;
    r->body_status = MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
    return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "this is not a form");
}

static Baton__FormField *field_message(const struct fields *f, size_t i)
{
    Baton__FormField *field = ARENA_NEW(f->arena, Baton__FormField);
    baton__form_field__init(field);
    field->name = f->names[i];
    field->value = readable(f->arena, buffer_bytes(&f->values[i]));
    return field;
}

static bool submit(struct request *r, const struct fields *f, struct refusal *no)
{
    Baton__SubmitFormRequest request = BATON__SUBMIT_FORM_REQUEST__INIT;
    Baton__Original original = BATON__ORIGINAL__INIT;
    char type[NAME_MAX_BYTES + 1];
    (void)snprintf(type, sizeof type, "%s", request_header(r, "Content-Type")); /* cut off is good enough */
    original.content_type = type;
    original.has_body = true;
    original.body = (ProtobufCBinaryData){r->body.size, r->body.data};
    request.form = (char *)(uintptr_t)r->rest;
    request.fields = ARENA_ARRAY(f->arena, Baton__FormField *, f->n);
    for (size_t i = 0; i < f->n; i++)
        request.fields[request.n_fields++] = field_message(f, i);
    if (!schema_check(&request.base, NULL, no))
        return false;
    const struct call call = {.service = "leads",
                              .method = "LeadService/SubmitForm",
                              .original = &original,
                              .body = schema_pack(&request.base, f->arena)};
    return client_call(r->gateway->client, &call, on_reply, r, no);
}

void form_start(struct request *r)
{
    struct fields f = {.arena = r->gateway->arena};
    arena_reset(f.arena);
    bool is_under_way = text_valid(r->rest, strlen(r->rest)) ||
                        refuse(&f.no, REFUSAL_NOT_FOUND, NULL, "there is no such form");
    is_under_way = is_under_way && check_type(r, &f.no) && check_size(r, &f.no) && read_fields(r, &f) &&
                   submit(r, &f, &f.no);
    for (size_t i = 0; i < f.n; i++)
        buffer_release(&f.values[i]);
    request_drop_body(r);
    if (!is_under_way)
        answer_refusal_as(r, r->body_status ? r->body_status : (unsigned)refusal_http_status(f.no.code),
                          &f.no);
}
