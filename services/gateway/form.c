/* Web forms that need no script: their pages, what comes in by them to LeadService/SubmitForm, the original
   beside the fields, and a page or a redirect back. */
#include "form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "form_page.h"
#include "form_read.h"
#include "form_stamp.h"
#include "form_words.h"
#include "head.h"
#include "http.h"
#include "page.h"

enum { TYPE_MAX = 200, ADDRESS_MAX = 300, CARRIED_MAX = 200 };

static const char EMBED[] = "/embed.js";

/* Whatever the request is about is a form's name; it is refused otherwise. */
static bool check_name(const struct request *r, struct refusal *no)
{
    size_t longest =
        schema_field(schema_message(&baton__get_form_request__descriptor), "form")->rules->max_length;
    size_t n = strlen(r->rest);
    return (n > 0 && n <= longest && text_valid(r->rest, n)) ||
           refuse(no, REFUSAL_NOT_FOUND, NULL, "there is no such form");
}

/* With its language, so that it is known whatever becomes of what is sent there. */
static void address_of(const Baton__LeadForm *form, char out[ADDRESS_MAX])
{
    bool speaks = form_words_have(form->language);
    (void)snprintf(out, ADDRESS_MAX, "/forms/%s%s%s", form->name ? form->name : "",
                   speaks ? "?" FORM_LANGUAGE_NAME "=" : "",
                   speaks ? form->language : ""); /* fits: see leads_check_form */
}

/* --- the page --- */

/* Where somebody came from who comes from another site, without what its address says of them. */
static char *referrer_of(const struct request *r, struct arena *a)
{
    const char *referrer = request_header(r, "Referer"), *host = request_header(r, "Host");
    const char *authority = referrer ? strstr(referrer, "://") : NULL;
    size_t n = authority ? strcspn(authority + 3, "/") : 0;
    if (!authority || (host && strlen(host) == n && strncasecmp(authority + 3, host, n) == 0))
        return NULL;
    return form_readable(a, bytes_of(referrer, strcspn(referrer, "?#")), CARRIED_MAX);
}

static size_t read_carried(const struct request *r, Baton__FormField *out[FORM_CAMPAIGN_NAMES],
                           struct arena *a)
{
    size_t n = 0;
    for (size_t i = 0; i < FORM_CAMPAIGN_NAMES; i++) {
        const char *name = form_campaign_names[i], *said = request_query(r, name);
        char *value = said ? form_readable(a, bytes_text(said), CARRIED_MAX) : NULL;
        if (!value && strcmp(name, "referrer") == 0)
            value = referrer_of(r, a);
        if (!value)
            continue;
        Baton__FormField *field = out[n++] = ARENA_NEW(a, Baton__FormField);
        baton__form_field__init(field);
        field->name = (char *)(uintptr_t)name;
        field->value = value;
    }
    return n;
}

static void on_form(void *arg, const struct refusal *no, struct bytes body)
{
    struct request *r = arg;
    struct arena *a = r->gateway->arena;
    struct refusal gone;
    Baton__FormField *carried[FORM_CAMPAIGN_NAMES];
    char address[ADDRESS_MAX], stamp[FORM_STAMP_SIZE];
    if (no)
        return answer_refusal(r, no);
    arena_reset(a);
    const Baton__GetFormResponse *answer = (const Baton__GetFormResponse *)schema_unpack(
        schema_message(&baton__get_form_response__descriptor), body, a);
    if (!answer || !answer->form) {
        (void)refuse(&gone, REFUSAL_NOT_FOUND, NULL, "there is no such form");
        return answer_refusal(r, &gone);
    }
    address_of(answer->form, address);
    form_stamp_write(r->gateway, stamp);
    const struct form_view v = {.form = answer->form,
                                .stamp = stamp,
                                .action = address,
                                .values = carried,
                                .n_values = read_carried(r, carried, a)};
    form_page(r, MHD_HTTP_OK, &v);
}

static void show(struct request *r)
{
    Baton__GetFormRequest request = BATON__GET_FORM_REQUEST__INIT;
    struct refusal no = {0};
    arena_reset(r->gateway->arena);
    request.form = (char *)(uintptr_t)r->rest;
    const struct call call = {.service = "leads",
                              .method = "LeadService/GetForm",
                              .body = schema_pack(&request.base, r->gateway->arena)};
    if (!check_name(r, &no) || !client_call(r->gateway->client, &call, on_form, r, &no))
        answer_refusal(r, &no);
}

/* --- what comes in --- */

/* Out of the fields: it is the page's, not the visitor's. NULL: there is none. */
static const char *take_stamp(struct form_fields *f)
{
    const char *stamp = NULL;
    size_t n = 0;
    for (size_t i = 0; i < f->n_values; i++)
        if (strcmp(f->values[i]->name, FORM_STAMP_FIELD) == 0)
            stamp = f->values[i]->value;
        else
            f->values[n++] = f->values[i];
    f->n_values = n;
    return stamp;
}

/* The form again, with all that was filled in and what is wrong with it. */
static void show_again(struct request *r, const Baton__SubmitFormResponse *answer)
{
    struct form_fields f;
    struct refusal no;
    char address[ADDRESS_MAX];
    if (!form_read(r, r->gateway->arena, &f, &no))
        return answer_refusal(r, &no);
    const char *stamp = take_stamp(&f);
    address_of(answer->form, address);
    const struct form_view v = {.form = answer->form,
                                .stamp = stamp,
                                .action = address,
                                .values = f.values,
                                .n_values = f.n_values,
                                .files = f.files,
                                .n_files = f.n_files,
                                .violations = answer->violations,
                                .n_violations = answer->n_violations};
    form_page(r, MHD_HTTP_UNPROCESSABLE_CONTENT, &v);
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
    if (answer && answer->n_violations && answer->form)
        show_again(r, answer);
    else
        form_page_thanks(r, answer ? answer->form : NULL, url && *url && head_is_redirect(url) ? url : NULL);
    request_drop_body(r);
}

static bool check_size(struct request *r, struct refusal *no)
{
    size_t longest = schema_field(schema_message(&baton__original__descriptor), "body")->rules->max_length;
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

static bool submit(struct request *r, struct form_fields *f, struct refusal *no)
{
    Baton__SubmitFormRequest request = BATON__SUBMIT_FORM_REQUEST__INIT;
    Baton__Original original = BATON__ORIGINAL__INIT;
    char type[TYPE_MAX + 1];
    (void)snprintf(type, sizeof type, "%s", request_header(r, "Content-Type")); /* cut off is good enough */
    original.content_type = type;
    original.has_body = true;
    original.body = (ProtobufCBinaryData){r->body.size, r->body.data};
    request.form = (char *)(uintptr_t)r->rest;
    const char *stamp = take_stamp(f);
    request.has_shown_ms = stamp && form_stamp_read(r->gateway, stamp, &request.shown_ms);
    request.fields = f->values;
    request.n_fields = f->n_values;
    request.attachments = f->files;
    request.n_attachments = f->n_files;
    if (!schema_check(&request.base, NULL, no))
        return false;
    const struct call call = {.service = "leads",
                              .method = "LeadService/SubmitForm",
                              .original = &original,
                              .body = schema_pack(&request.base, r->gateway->arena)};
    return client_call(r->gateway->client, &call, on_reply, r, no);
}

static void take(struct request *r)
{
    struct form_fields f;
    struct refusal no = {0};
    arena_reset(r->gateway->arena);
    /* the body stays until the answer is there: the page that says what is wrong shows all of it again */
    if (check_name(r, &no) && check_type(r, &no) && check_size(r, &no) &&
        form_read(r, r->gateway->arena, &f, &no) && submit(r, &f, &no))
        return;
    request_drop_body(r);
    answer_refusal_as(r, r->body_status ? r->body_status : (unsigned)refusal_http_status(no.code), &no);
}

void form_start(struct request *r)
{
    size_t n = strlen(r->rest), tail = sizeof EMBED - 1;
    if (strcmp(r->verb, "POST") == 0)
        take(r);
    else if (n > tail && strcmp(r->rest + n - tail, EMBED) == 0)
        page_answer_shared(r, "form-embed.js");
    else
        show(r);
}
