/* Quotes over plain addresses: GET /v1/quotes/ID.pdf for who works here; /quotes/TOKEN, its .pdf, and what is
   posted there for the customer who has the link. */
#include "quote.h"

#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "base/ident.h"
#include "form_read.h"
#include "http.h"

enum { TOKEN_SIZE = 65, NAME_MAX_BYTES = 200, REASON_MAX_BYTES = 1000 };

static const char PDF[] = ".pdf";

static bool ask(struct request *r, const char *method, const Baton__Actor *actor, const void *request,
                void (*done)(void *, const struct refusal *, struct bytes), struct refusal *no)
{
    r->method = schema_method(method);
    const struct call c = {.service = "opportunities",
                           .method = method,
                           .actor = actor,
                           .body = schema_pack(request, r->gateway->arena)};
    return client_call(r->gateway->client, &c, done, r, no);
}

static void answer_no(struct request *r, const struct refusal *no)
{
    request_drop_body(r);
    answer_refusal(r, no);
}

/* --- on paper --- */

static void answer_pdf(struct request *r, const ProtobufCBinaryData *pdf)
{
    struct buffer out;
    buffer_init(&out, pdf->len ? pdf->len : 1);
    (void)buffer_add(&out, pdf->data, pdf->len); /* it fits */
    struct MHD_Response *response = answer_new(r, "application/pdf", &out);
    MHD_add_response_header(response, "Content-Disposition", "inline; filename=\"quote.pdf\"");
    answer_headers(r, response);
    request_send(r, MHD_HTTP_OK, response);
}

/* Both methods answer with one field, the PDF. */
static void on_pdf(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct refusal unreadable;
    if (no)
        return answer_no(r, no);
    arena_reset(r->gateway->arena);
    const ProtobufCMessage *m = schema_unpack(r->method->output, body, r->gateway->arena);
    const size_t offset = r->method->output->pb->fields[0].offset;
    if (m)
        return answer_pdf(r, (const ProtobufCBinaryData *)((const uint8_t *)m + offset));
    (void)refuse(&unreadable, REFUSAL_INTERNAL, NULL, "the service's answer cannot be read");
    answer_no(r, &unreadable);
}

/* "0190a8e2-1111-7000-8000-000000000001.pdf" */
static bool id_of(const struct request *r, char id[IDENT_TEXT_SIZE])
{
    uint8_t bytes[IDENT_SIZE];
    const size_t n = strlen(r->rest);
    if (n != IDENT_TEXT_SIZE - 1 + strlen(PDF) || strcmp(r->rest + IDENT_TEXT_SIZE - 1, PDF) != 0)
        return false;
    memcpy(id, r->rest, IDENT_TEXT_SIZE - 1);
    id[IDENT_TEXT_SIZE - 1] = '\0';
    return ident_parse(bytes, id);
}

static void serve(struct request *r)
{
    struct refusal no = {0};
    char id[IDENT_TEXT_SIZE];
    Baton__GetQuotePdfRequest q = BATON__GET_QUOTE_PDF_REQUEST__INIT;
    const Baton__Actor actor = gateway_actor(&r->who);
    arena_reset(r->gateway->arena);
    q.quote_id = id;
    if (!id_of(r, id))
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such quote");
    else if (ask(r, "QuoteService/GetQuotePdf", &actor, &q, on_pdf, &no))
        return;
    answer_no(r, &no);
}

void quote_start(struct request *r)
{
    r->method = schema_method("QuoteService/GetQuotePdf");
    r->json = true;
    auth_request(r, serve);
}

/* --- the customer --- */

/* All of the three that lead here answer with one field, the quote. */
static void on_quote(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct refusal gone;
    char token[TOKEN_SIZE];
    if (no)
        return answer_no(r, no);
    arena_reset(r->gateway->arena);
    const ProtobufCMessage *m = schema_unpack(r->method->output, body, r->gateway->arena);
    const Baton__Quote *q = NULL;
    if (m)
        memcpy(&q, (const uint8_t *)m + r->method->output->pb->fields[0].offset, sizeof q);
    request_drop_body(r);
    (void)snprintf(token, sizeof token, "%s", r->rest); /* it fits: it was one */
    if (q)
        return quote_page(r, q, token);
    (void)refuse(&gone, REFUSAL_NOT_FOUND, NULL, "there is no such quote");
    answer_refusal(r, &gone);
}

static bool answer(struct request *r, char *token, struct refusal *no)
{
    struct arena *a = r->gateway->arena;
    struct form_fields *f = ARENA_NEW(a, struct form_fields);
    Baton__AcceptQuoteRequest yes = BATON__ACCEPT_QUOTE_REQUEST__INIT;
    Baton__DeclineQuoteRequest decline = BATON__DECLINE_QUOTE_REQUEST__INIT;
    if (!form_read(r, a, f, no))
        return false;
    const char *said = form_value(f, "answer", NAME_MAX_BYTES, a);
    yes.token = decline.token = token;
    yes.name = decline.name = form_value(f, "name", NAME_MAX_BYTES, a);
    decline.reason = form_value(f, "reason", REASON_MAX_BYTES, a);
    if (said && strcmp(said, "accept") == 0)
        return ask(r, "QuoteService/AcceptQuote", NULL, &yes, on_quote, no);
    if (said && strcmp(said, "decline") == 0)
        return ask(r, "QuoteService/DeclineQuote", NULL, &decline, on_quote, no);
    return refuse(no, REFUSAL_INVALID_ARGUMENT, "answer", "the answer is to accept or to decline");
}

static bool show(struct request *r, char *token, bool is_pdf, struct refusal *no)
{
    Baton__GetQuoteByLinkRequest page = BATON__GET_QUOTE_BY_LINK_REQUEST__INIT;
    Baton__GetQuotePdfByLinkRequest pdf = BATON__GET_QUOTE_PDF_BY_LINK_REQUEST__INIT;
    page.token = pdf.token = token;
    return is_pdf ? ask(r, "QuoteService/GetQuotePdfByLink", NULL, &pdf, on_pdf, no)
                  : ask(r, "QuoteService/GetQuoteByLink", NULL, &page, on_quote, no);
}

/* 64 hexadecimal digits, and maybe .pdf. */
static bool token_of(const struct request *r, char token[TOKEN_SIZE], bool *is_pdf)
{
    const size_t n = strspn(r->rest, "0123456789abcdef");
    *is_pdf = strcmp(r->rest + n, PDF) == 0;
    if (n != TOKEN_SIZE - 1 || (r->rest[n] && !*is_pdf))
        return false;
    memcpy(token, r->rest, n);
    token[n] = '\0';
    return true;
}

void quote_link_start(struct request *r)
{
    struct refusal no = {0};
    char token[TOKEN_SIZE];
    bool is_pdf, is_post = strcmp(r->verb, "POST") == 0;
    arena_reset(r->gateway->arena);
    if (!token_of(r, token, &is_pdf) || (is_post && is_pdf))
        (void)refuse(&no, REFUSAL_NOT_FOUND, NULL, "there is no such quote");
    else if (is_post ? answer(r, token, &no) : show(r, token, is_pdf, &no))
        return;
    answer_no(r, &no);
}
