/* Mails, raw, from whatever receives them: to LeadService/SubmitMail, and its answer back. */
#include <string.h>

#include "auth.h"
#include "baton/v1/leads.pb-c.h"
#include "http.h"

static const char METHOD[] = "LeadService/SubmitMail";

static void on_reply(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct refusal unreadable;
    if (no)
        return answer_refusal(r, no);
    arena_reset(r->gateway->arena);
    ProtobufCMessage *message = schema_unpack(r->method->output, body, r->gateway->arena);
    if (message)
        return connect_answer(r, message);
    (void)refuse(&unreadable, REFUSAL_INTERNAL, NULL, "the service's answer cannot be read");
    answer_refusal(r, &unreadable);
}

static bool check(struct request *r, struct refusal *no)
{
    size_t longest = schema_field(schema_message(&baton__original__descriptor), "body")->rules->max_length;
    if (!(r->method->roles >> r->who.role & 1))
        return refuse(no, REFUSAL_PERMISSION_DENIED, NULL, "your role may not send mails in");
    if (r->body.size > 0 && r->body.size <= longest)
        return true;
    if (r->body.size == 0)
        return refuse(no, REFUSAL_INVALID_ARGUMENT, NULL, "the mail is empty");
    r->body_status = MHD_HTTP_CONTENT_TOO_LARGE;
    return refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "a mail may have at most %zu bytes", longest);
}

static bool submit(struct request *r, struct refusal *no)
{
    Baton__SubmitMailRequest request = BATON__SUBMIT_MAIL_REQUEST__INIT;
    Baton__Original original = BATON__ORIGINAL__INIT;
    Baton__Actor actor = gateway_actor(&r->who);
    arena_reset(r->gateway->arena);
    original.content_type = (char *)"message/rfc822";
    original.has_body = true;
    original.body = (ProtobufCBinaryData){r->body.size, r->body.data};
    const struct call call = {.service = "leads",
                              .method = METHOD,
                              .actor = &actor,
                              .original = &original,
                              .body = schema_pack(&request.base, r->gateway->arena)};
    return client_call(r->gateway->client, &call, on_reply, r, no);
}

static void serve(struct request *r)
{
    struct refusal no = {0};
    bool is_under_way = check(r, &no) && submit(r, &no);
    request_drop_body(r);
    if (!is_under_way)
        answer_refusal_as(r, r->body_status ? r->body_status : (unsigned)refusal_http_status(no.code), &no);
}

void mail_start(struct request *r)
{
    r->method = schema_method(METHOD);
    r->json = true;
    auth_request(r, serve);
}
